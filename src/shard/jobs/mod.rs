//! Jobs in Prow's main configuration file: what is filled in, and what makes one wrong.
//!
//! A release repository keeps its jobs in files of their own, which this does not touch. [`complete`] fills in the jobs
//! that stand in `_config.yaml` (`defaults.rs`, `decoration.rs`, `presets.rs`) and then looks at them (`check.rs`,
//! `pod.rs`).

mod check;
mod decoration;
mod defaults;
mod pod;
mod presets;

use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::prow::Config;

rules! {
    PROW_JOB = "prow-job",
        "a job in Prow's main configuration file is one that Prow refuses",
        "Prow's components do not load such a configuration, and go on with the last one that was right.",
        "write what the message asks for; docs.prow.k8s.io describes the fields of jobs";
}

/// What is wrong, by place and words.
pub type Problems = Vec<(KeyPath, String)>;

/// Fills in all jobs and checks them.
pub fn complete(config: &mut Config) -> Problems {
    if config.jobs.jobs() == 0 {
        return Problems::new();
    }
    let mut problems = Problems::new();
    defaults::fill_in(config, &mut problems);
    check::all(config, &mut problems);
    problems
}
