//! The command line: what was typed becomes options, a pipeline runs, and what it answers is shown.
//!
//! [`run`] is the one way in, for every program. Each command has a file in [`command`] that declares its flags and turns
//! them into plain options; [`go_flags`] gives the drop-in programs the flag syntax of Go. [`render`] makes text of
//! findings, differences and counts, [`terminal`] writes it. Only [`host`] asks the environment, the clock or git;
//! [`history`] reads what git keeps of earlier states, [`sparse`] what it leaves out of a checkout.
//!
//! Exit status of `cutwater`: 0 clean, 1 findings or files that would change, 2 bad usage or a run that failed. The
//! drop-in programs keep the reference's: 0 done, 1 anything wrong, 2 flags that do not parse.

pub mod command;
mod error;
mod go_flags;
mod history;
mod host;
mod progress;
mod render;
mod scope;
mod sparse;
mod terminal;

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

pub use error::Error;

/// The reference that this version agrees with, byte for byte.
pub const COMPATIBLE_WITH: &str = "openshift/ci-tools 52352cd";

/// The programs of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `cutwater`, the umbrella.
    Cutwater,
    /// `ci-operator-prowgen`.
    Prowgen,
    /// `sanitize-prow-jobs`, also installed as `determinize-prow-jobs`.
    Sanitize,
    /// `determinize-prow-config`.
    ProwConfig,
    /// `determinize-ci-operator`.
    Determinize,
    /// `ci-operator-checkconfig`.
    Checkconfig,
    /// `config-shard-validator`.
    ShardValidator,
    /// `config-uploader`.
    #[cfg(feature = "upload")]
    Uploader,
}

impl Program {
    /// The program that goes by this name, in whatever directory.
    fn of_name(name: &OsStr) -> Option<Self> {
        Some(match Path::new(name).file_name()?.to_str()? {
            "cutwater" => Self::Cutwater,
            "ci-operator-prowgen" => Self::Prowgen,
            "sanitize-prow-jobs" | "determinize-prow-jobs" => Self::Sanitize,
            "determinize-prow-config" => Self::ProwConfig,
            "determinize-ci-operator" => Self::Determinize,
            "ci-operator-checkconfig" => Self::Checkconfig,
            "config-shard-validator" => Self::ShardValidator,
            #[cfg(feature = "upload")]
            "config-uploader" => Self::Uploader,
            _ => return None,
        })
    }
}

/// How a program ended well; the number is the exit status of `cutwater`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing to complain about.
    Clean,
    /// There are findings, or files would change.
    Findings,
    /// With a status of its own.
    With(u8),
}

/// Runs the program whose name the process was started under; under a name that is none, the umbrella.
///
/// So the wheel and the image hold one program of 20 MB and names for it, and not nine programs.
pub fn run_by_name() -> ExitCode {
    run(host::arguments().first().and_then(|name| Program::of_name(name)).unwrap_or(Program::Cutwater))
}

/// Runs a program with the arguments of the process.
pub fn run(program: Program) -> ExitCode {
    let arguments = host::arguments();
    let result = match program {
        Program::Cutwater => command::cutwater(arguments),
        Program::Prowgen => command::prowgen::run(arguments),
        Program::Sanitize => command::sanitize::run(arguments),
        Program::ProwConfig => command::prow_config::run(arguments),
        Program::Determinize => command::determinize::run(arguments),
        Program::Checkconfig => command::checkconfig::run(arguments),
        Program::ShardValidator => command::shard_validator::run(arguments),
        #[cfg(feature = "upload")]
        Program::Uploader => command::config_uploader::run(arguments),
    };
    match result {
        Ok(Ended::Clean) => ExitCode::SUCCESS,
        Ok(Ended::Findings) => ExitCode::from(1),
        Ok(Ended::With(status)) => ExitCode::from(status),
        // Whoever read our output has seen enough.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // With standard error gone there is nobody left to tell.
            let _ = terminal::complain(&error);
            ExitCode::from(error.status(program))
        }
    }
}
