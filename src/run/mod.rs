//! The pipelines: from a release repository on disk to job files written.
//!
//! Read [`options`] first: it says what a run is asked to do and what it answers. The pipelines themselves load, resolve,
//! generate and normalise in memory and then write what changed, through [`crate::files`] only.

pub mod options;

use options::{Error, JobsOptions, Outcome, ProwgenOptions, SanitizeOptions, Watch};

/// `cutwater jobs`.
pub fn jobs(_: &JobsOptions, _: &dyn Watch) -> Result<Outcome, Error> {
    Ok(Outcome::default())
}

/// `ci-operator-prowgen`.
pub fn prowgen(_: &ProwgenOptions, _: &dyn Watch) -> Result<Outcome, Error> {
    Ok(Outcome::default())
}

/// `sanitize-prow-jobs`.
pub fn sanitize(_: &SanitizeOptions, _: &dyn Watch) -> Result<Outcome, Error> {
    Ok(Outcome::default())
}
