//! Why a program ended without an answer, and the exit status that goes with it.

use std::fmt;
use std::io;

use super::Program;
use crate::run::options;

/// Why a program ended without an answer.
#[derive(Debug)]
pub enum Error {
    /// The arguments do not parse; the text is complete, with the usage.
    Syntax(String),
    /// The arguments parse and make no sense together, or name what is not there.
    Usage(String),
    /// Something outside of the files to work on failed: the current directory, git.
    Host(String, Option<io::Error>),
    /// The pipeline failed.
    Run(options::Error),
    /// Kubeconfigs cannot be used.
    #[cfg(feature = "upload")]
    Clusters(crate::cluster::Error),
    /// Output could not be written.
    Output(io::Error),
}

impl Error {
    /// Whether the reader of our output went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit status. The reference exits with 2 only when flags do not parse.
    pub fn status(&self, program: Program) -> u8 {
        match (program, self) {
            (Program::Cutwater, _) | (_, Self::Syntax(_)) => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) | Self::Usage(text) | Self::Host(text, _) => out.write_str(text),
            Self::Run(error) => error.fmt(out),
            #[cfg(feature = "upload")]
            Self::Clusters(error) => error.fmt(out),
            Self::Output(_) => out.write_str("cannot write the output"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Syntax(_) | Self::Usage(_) => None,
            Self::Host(_, cause) => cause.as_ref().map(|cause| cause as _),
            Self::Run(error) => error.source(),
            #[cfg(feature = "upload")]
            Self::Clusters(error) => error.source(),
            Self::Output(cause) => Some(cause),
        }
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::Output(cause)
    }
}

impl From<options::Error> for Error {
    fn from(error: options::Error) -> Self {
        Self::Run(error)
    }
}
