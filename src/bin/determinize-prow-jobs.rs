//! `sanitize-prow-jobs` under its other name.

use std::process::ExitCode;

use cutwater::cli::{Program, run};

fn main() -> ExitCode {
    run(Program::Sanitize)
}
