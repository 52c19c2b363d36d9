//! What holds for whole repositories and for thousands of recorded vectors, against the reference's answers and the schemas.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod corpora;
mod culprit;
mod editor;
mod incremental;
mod losses;
mod places;
mod schemas;
mod vectors;
