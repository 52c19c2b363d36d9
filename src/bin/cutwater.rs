//! The umbrella program, and each of the others where it is started under that one's name.

use std::process::ExitCode;

use cutwater::cli::run_by_name;

fn main() -> ExitCode {
    run_by_name()
}
