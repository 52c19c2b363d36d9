//! The umbrella program.

use std::process::ExitCode;

use cutwater::cli::{Program, run};

fn main() -> ExitCode {
    run(Program::Cutwater)
}
