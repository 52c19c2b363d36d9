//! From ci-operator configs to job files: what every test, image and bundle becomes, and how that goes together with
//! the job files that are there.
//!
//! Read [`generate_jobs`] first: one config, its jobs. Then [`merge()`]: the jobs of all configs of a repository and its
//! existing job files, and what becomes of each file. [`owners`] says what becomes of a jobs directory's OWNERS. What a
//! field of a test does to its jobs (timeout, shards, schedule, KVM and cloud labels) is in `test.rs`; the pod they run in,
//! in [`pod`].
//! Everything works on values; which files exist and what is in them is for `run` to know.

pub mod config;
mod images;
pub mod job;
pub mod labels;
pub mod merge;
mod operator;
pub mod owners;
pub mod pod;
pub mod pod_order;
mod schedule;
mod test;

pub use config::generate_jobs;
pub use job::{GeneratedJob, JobSource};
pub use merge::merge;

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};
use crate::model::config::{Metadata, TestStepConfiguration};
use crate::model::job::JobConfig;
use crate::model::scalar::Quantity;

const TABLES: &[&[Rule]] = &[config::RULES, test::RULES];

/// The rules of this folder.
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// All jobs of one config.
#[derive(Clone, Debug)]
pub struct GeneratedJobs<'c> {
    /// Whose they are.
    pub identity: &'c Metadata,
    /// Jobs on pull requests.
    pub presubmits: Vec<GeneratedJob<'c>>,
    /// Jobs on merges.
    pub postsubmits: Vec<GeneratedJob<'c>>,
    /// Jobs by the clock.
    pub periodics: Vec<GeneratedJob<'c>>,
}

impl<'c> GeneratedJobs<'c> {
    /// No jobs yet.
    pub fn of(identity: &'c Metadata) -> Self {
        Self { identity, presubmits: Vec::new(), postsubmits: Vec::new(), periodics: Vec::new() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.presubmits.is_empty() && self.postsubmits.is_empty() && self.periodics.is_empty()
    }

    /// The complete jobs, as a job file has them.
    pub fn to_job_config(&self) -> JobConfig {
        let mut config = JobConfig::default();
        let key = self.identity.org_repo();
        if !self.presubmits.is_empty() {
            config.presubmits.insert(key.clone(), self.presubmits.iter().map(GeneratedJob::to_presubmit).collect());
        }
        if !self.postsubmits.is_empty() {
            config.postsubmits.insert(key, self.postsubmits.iter().map(GeneratedJob::to_postsubmit).collect());
        }
        config.periodics = self.periodics.iter().map(GeneratedJob::to_periodic).collect();
        config
    }
}

/// The cluster profile that a multi-stage test runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloudProfile<'c> {
    /// The profile's name.
    pub name: &'c str,
    /// Which cloud it is for.
    pub cluster_type: &'c str,
}

/// Gives the profile of a multi-stage test, by the test's position in the config; the error says why it is unknown.
pub type ProfileLookup<'f, 'c> =
    dyn Fn(usize, &'c TestStepConfiguration) -> Result<Option<CloudProfile<'c>>, String> + 'f;

/// The [`ProfileLookup`] for configs whose tests are resolved into literal steps. Without a registry tests stay
/// unresolved, and then a profile cannot be known.
pub fn literal_profile<'c>(_index: usize, test: &'c TestStepConfiguration) -> Result<Option<CloudProfile<'c>>, String> {
    if let Some(steps) = &test.literal_steps {
        let profile = steps.cluster_profile_literal.as_ref();
        return Ok(profile.map(|profile| CloudProfile { name: &profile.name, cluster_type: &profile.cluster_type }));
    }
    match test.steps.as_ref().map(|steps| steps.cluster_profile.as_str()) {
        None | Some("") => Ok(None),
        Some(profile) => Err(format!("cluster profile {profile:?} cannot be looked up without a step registry")),
    }
}

fn cpu_request() -> Quantity {
    Quantity::parse("10m").unwrap_or_default()
}
