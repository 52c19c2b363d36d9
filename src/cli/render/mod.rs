//! Findings, differences and counts as text, one file per form. Nothing here writes or decides.

pub mod compared;
pub mod diff;
pub mod explained;
pub mod explained_json;
pub mod github;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod summary;
pub mod text;
#[cfg(feature = "upload")]
pub mod upload;

use crate::diagnostic::{Diagnostic, Severity};

/// The least severe findings that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not even errors.
    Silent,
    /// Errors only.
    Error,
    /// Errors and warnings.
    Warning,
    /// Whatever there is to say.
    Info,
}

impl Level {
    /// The level that the reference's `--log-level` names, in any case.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            // The reference calls what ends it fatal, and that is what errors do here.
            "panic" => Some(Self::Silent),
            "fatal" | "error" => Some(Self::Error),
            "warn" | "warning" => Some(Self::Warning),
            "info" | "debug" | "trace" => Some(Self::Info),
            _ => None,
        }
    }

    /// Whether a finding is shown.
    pub fn shows(self, finding: &Diagnostic) -> bool {
        match finding.severity {
            Severity::Error => self >= Self::Error,
            Severity::Warning => self >= Self::Warning,
        }
    }
}
