//! The jobs of one file: cluster, image and branches of each.
//!
//! Everything is decided from the file itself, its path and the dispatcher. The cluster that most jobs have is counted
//! before any job is changed.

use std::cmp::Reverse;

use smallvec::SmallVec;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::dispatch::{Dispatcher, FileDispatcher, JobFacts, Refusal};
use crate::model::job::{JobBase, JobConfig};

use super::branches::{postsubmit_branches, presubmit_branches};

rules! {
    NO_CONTAINER = "no-container",
        "a job for the ARM cluster has no container",
        "sanitize-prow-jobs crashes when it goes to put the ARM image of ci-operator into the first container.",
        "give the job a pod spec with a container, or another cluster";
}

/// The cluster whose nodes are ARM machines.
const ARM_CLUSTER: &str = "arm01";
/// The image of ci-operator for it.
const ARM_IMAGE: &str = "ci-operator-arm64:latest";
/// The last part of the name of ci-operator's image in any registry.
const CI_OPERATOR_IMAGE: &str = "ci-operator:latest";
/// Its full name in the registry of CI images.
const CI_OPERATOR_QUAY_IMAGE: &str = "quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest";

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sanitized {
    /// Every job is as it should be.
    Whole,
    /// A job could not be placed; it and those after it are as they were. The reference writes such a file all the same.
    Partial(Vec<Violation>),
    /// A job cannot be put right; the reference crashes. The file is not to be written.
    Broken(Vec<Violation>),
}

/// Brings the jobs of the file at `path` into canonical form: chooses clusters, spells branches as patterns. Patterns of
/// the dispatcher see the path as it is given. All jobs that have no cluster to go to are reported.
pub fn sanitize(jobs: &mut JobConfig, path: &str, dispatcher: &Dispatcher) -> Sanitized {
    let most_used = most_used_cluster(jobs).to_owned();
    let mut file = File { dispatcher: dispatcher.file(path), most_used, placing: Vec::new(), broken: Vec::new() };
    for (repo, jobs) in &mut jobs.presubmits {
        for (at, job) in jobs.iter_mut().enumerate() {
            let place = || KeyPath::root().key("presubmits").key(repo).item(at);
            if file.place(&mut job.job_base, place) && file.set_arm_image(&mut job.job_base, place) {
                presubmit_branches(&mut job.brancher.branches);
            }
        }
    }
    for (repo, jobs) in &mut jobs.postsubmits {
        for (at, job) in jobs.iter_mut().enumerate() {
            let place = || KeyPath::root().key("postsubmits").key(repo).item(at);
            if file.place(&mut job.job_base, place) && file.set_arm_image(&mut job.job_base, place) {
                postsubmit_branches(&mut job.brancher.branches);
            }
        }
    }
    for (at, job) in jobs.periodics.iter_mut().enumerate() {
        file.place(&mut job.job_base, || KeyPath::root().key("periodics").item(at));
    }
    file.outcome()
}

/// The cluster that most jobs of a file have, the least name of those that are even; nothing when no job has one.
pub fn most_used_cluster(jobs: &JobConfig) -> &str {
    let presubmits = jobs.presubmits.values().flatten().map(|job| &job.job_base);
    let postsubmits = jobs.postsubmits.values().flatten().map(|job| &job.job_base);
    let periodics = jobs.periodics.iter().map(|job| &job.job_base);
    // A file has few clusters, so a list is searched faster than a map.
    let mut counts: SmallVec<[(&str, usize); 8]> = SmallVec::new();
    for job in presubmits.chain(postsubmits).chain(periodics).filter(|job| !job.cluster.is_empty()) {
        match counts.iter_mut().find(|(cluster, _)| *cluster == job.cluster) {
            Some((_, count)) => *count += 1,
            None => counts.push((&job.cluster, 1)),
        }
    }
    counts.into_iter().max_by_key(|(cluster, count)| (*count, Reverse(*cluster))).map_or("", |(cluster, _)| cluster)
}

/// A file being worked on.
struct File<'a> {
    dispatcher: FileDispatcher<'a>,
    most_used: String,
    placing: Vec<Violation>,
    broken: Vec<Violation>,
}

impl File<'_> {
    /// Gives a job its cluster; says whether the job may be changed further.
    fn place(&mut self, job: &mut JobBase, place: impl Fn() -> KeyPath) -> bool {
        // Most jobs stay where they are, and that is known without a look at their labels.
        if self.dispatcher.keeps(&job.cluster) {
            return self.placing.is_empty();
        }
        let choice = self.dispatcher.cluster_for(&JobFacts::of(job), &self.most_used);
        match choice.map(|choice| (choice.cluster != job.cluster).then(|| choice.cluster.to_owned())) {
            // After the first job that has no place the rest is only looked at.
            Ok(_) if !self.placing.is_empty() => false,
            Ok(cluster) => {
                if let Some(cluster) = cluster {
                    job.cluster = cluster;
                }
                true
            }
            Err(refusal) => {
                let rule = refusal.rule().id;
                // What is wrong with the path is said once, not for every job.
                let said = matches!(refusal, Refusal::SeveralClaims { .. })
                    && self.placing.iter().any(|said| said.rule == rule);
                if !said {
                    self.placing.push(Violation { rule, path: place(), message: refusal.to_string() });
                }
                false
            }
        }
    }

    /// Gives jobs on ARM machines the ci-operator that runs there; says whether the job is whole.
    fn set_arm_image(&mut self, job: &mut JobBase, place: impl Fn() -> KeyPath) -> bool {
        if job.cluster != ARM_CLUSTER {
            return true;
        }
        let containers = job.spec.as_mut().and_then(|spec| spec.containers.as_mut());
        let Some(container) = containers.and_then(|containers| containers.first_mut()) else {
            let message = format!("job {} runs on {ARM_CLUSTER} and has no container", job.name);
            self.broken.push(Violation { rule: NO_CONTAINER.id, path: place(), message });
            return false;
        };
        if is_ci_operator(&container.image) {
            container.image = ARM_IMAGE.to_owned();
        }
        true
    }

    fn outcome(self) -> Sanitized {
        let Self { placing, mut broken, .. } = self;
        match (placing.is_empty(), broken.is_empty()) {
            (true, true) => Sanitized::Whole,
            (false, true) => Sanitized::Partial(placing),
            (_, false) => {
                broken.extend(placing);
                Sanitized::Broken(broken)
            }
        }
    }
}

fn is_ci_operator(image: &str) -> bool {
    image.rsplit('/').next() == Some(CI_OPERATOR_IMAGE) || image == CI_OPERATOR_QUAY_IMAGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::job::Periodic;

    fn jobs(clusters: &[&str]) -> JobConfig {
        let job = |cluster: &&str| Periodic {
            job_base: JobBase { cluster: (*cluster).to_owned(), ..JobBase::default() },
            ..Periodic::default()
        };
        JobConfig { periodics: clusters.iter().map(job).collect(), ..JobConfig::default() }
    }

    #[test]
    fn the_least_of_the_most_used_clusters_counts() {
        for (clusters, want) in [
            (&["b", "a", "b"][..], "b"),
            (&["b", "a", "a", "b"], "a"),
            (&["", "", "b"], "b"),
            (&["", ""], ""),
            (&[], ""),
        ] {
            assert_eq!(most_used_cluster(&jobs(clusters)), want, "{clusters:?}");
        }
    }

    #[test]
    fn ci_operator_goes_by_two_names() {
        assert!(is_ci_operator("ci-operator:latest"));
        assert!(is_ci_operator("registry.example.com/ci/ci-operator:latest"));
        assert!(is_ci_operator("quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest"));
        assert!(!is_ci_operator("my-ci-operator:latest"));
        assert!(!is_ci_operator("quay.io/openshift/ci:ci_ci-operator_latest"));
    }
}
