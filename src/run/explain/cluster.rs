//! A job's build cluster, as the dispatcher decides it, kept for showing.

use super::page::{Answer, Decision, Placement};
use crate::dispatch::{Choice, Detour, Dispatcher, FileDispatcher, Instead, JobFacts, Passed, Trail};
use crate::model::job::{JobBase, JobConfig};
use crate::sanitize::most_used_cluster;

/// Where the jobs of one file run.
pub struct Clusters<'d> {
    file: FileDispatcher<'d>,
    most_used: String,
}

impl<'d> Clusters<'d> {
    /// For the jobs of the file at a path below the release repository.
    pub fn new(dispatcher: &'d Dispatcher, path: &'d str, jobs: &JobConfig) -> Self {
        Self { file: dispatcher.file(path), most_used: most_used_cluster(jobs).to_owned() }
    }

    /// Where a job runs that has this cluster so far.
    pub fn of(&self, job: &JobBase) -> Placement {
        let facts = JobFacts::of(job);
        let decision = decision(self.file.trail(&facts, &self.most_used));
        let anew = self.file.keeps(&job.cluster).then(|| {
            let facts = JobFacts { cluster: "", ..facts };
            self::decision(self.file.trail(&facts, &self.most_used))
        });
        let is_other = decision.cluster.as_deref().unwrap_or_default() != job.cluster && !job.cluster.is_empty();
        Placement { stated: is_other.then(|| job.cluster.clone()), decision, anew }
    }
}

fn decision(Trail { passed, end }: Trail<'_>) -> Decision {
    let chosen = end.as_ref().map(|choice| choice.cluster).unwrap_or_default();
    // That a cluster is chosen anew is nothing to speak of when it is the same one.
    let is_notable = |it: &Passed<'_>| it.is_notable() && *it != Passed::UnknownCluster(chosen);
    let passed = passed.iter().map(|it| Answer { text: it.to_string(), is_notable: is_notable(it) }).collect();
    match end {
        Ok(choice) => {
            let cluster = (!choice.cluster.is_empty()).then(|| choice.cluster.to_owned());
            Decision { cluster, reason: choice.reason.id(), why: why(&choice), passed }
        }
        Err(refusal) => {
            let reason = refusal.rule().id;
            Decision { cluster: None, reason, why: refusal.to_string(), passed }
        }
    }
}

/// The sentence that says why, without the cluster's name.
fn why(Choice { reason, detour, .. }: &Choice<'_>) -> String {
    let mut said = reason.to_string();
    if reason.among().is_some_and(|among| among > 1) {
        said.push_str("; the length of the file's name picks it");
    }
    let Some(Detour { blocked, instead }) = detour else { return said };
    let instead = match instead {
        Instead::MostUsed => "the cluster that most jobs of the file have",
        Instead::Default => "the default cluster",
    };
    format!("{instead}, in place of {blocked}, which is blocked ({said})")
}
