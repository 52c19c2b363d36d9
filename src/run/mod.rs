//! The pipelines: from a release repository on disk to job files written.
//!
//! Read [`options`] first: it says what a run is asked to do and what it answers. The pipelines themselves load, resolve,
//! generate and normalise in memory and then write what changed, through [`crate::files`] only.

pub mod options;
