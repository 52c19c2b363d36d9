//! The programs as whoever types their names sees them: flags, output, exit statuses, files, and the pages that show them.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod base;
mod check;
mod compat;
mod diff;
mod docs;
mod explain;
mod files;
mod fix;
mod flags;
mod fmt;
mod format;
mod help;
mod hook_places;
mod init;
mod jobs;
mod merge;
mod odd_trees;
mod partial;
mod pre_commit;
mod readme;
mod site;
mod sparse;
mod verdicts;
mod watch;
