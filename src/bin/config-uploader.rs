//! In place of Prow's config-bootstrapper: files to ConfigMaps on clusters.

use std::process::ExitCode;

use cutwater::cli::{Program, run};

fn main() -> ExitCode {
    run(Program::Uploader)
}
