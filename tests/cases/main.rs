//! Data cases below `testdata`, each found by walking: what the reference makes of it, and what we say.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod check;
mod determinize;
mod generate;
mod lint;
mod messages;
mod prow_config;
mod prowcheck;
mod registry;
mod rules;
mod sanitize;
mod shard_validator;
mod validate;
