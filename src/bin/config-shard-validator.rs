//! Drop-in for the reference's program of this name.

use std::process::ExitCode;

use cutwater::cli::{Program, run};

fn main() -> ExitCode {
    run(Program::ShardValidator)
}
