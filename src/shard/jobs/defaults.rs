//! What Prow fills into jobs.

use crate::model::decoration::ProwJobDefault;
use crate::model::job::JobBase;
use crate::model::prow::Config;
use crate::model::prow::plank::ProwJobDefaultEntry;
use crate::shard::prow::{DEFAULT_CLUSTER, DEFAULT_TENANT, matches};

use super::frame::{Frame, POD, repo_of_periodic};
use super::patterns::{default_command, default_trigger};
use super::presets;
use super::problem::{Place, Problem, Problems};

/// What the rest of the configuration says about jobs.
struct Context<'f> {
    frame: &'f Frame,
    entries: Vec<ProwJobDefaultEntry>,
}

/// Fills in all jobs.
pub fn fill_in(config: &mut Config, frame: &Frame, problems: &mut Problems) {
    let entries = config.prow.prowjob_default_entries.iter().flatten().cloned().collect();
    let context = Context { frame, entries };
    for (repo, jobs) in &mut config.jobs.presubmits {
        for (index, job) in jobs.iter_mut().enumerate() {
            let name = job.job_base.name.clone();
            text(&mut job.reporter.context, &name);
            if job.trigger.is_empty() && job.rerun_command.is_empty() {
                job.trigger = default_trigger(&name);
                job.rerun_command = default_command(&name);
            }
            let place = Place { list: "presubmits", repo: Some(repo), index };
            context.base(&mut job.job_base, repo, place, problems);
        }
    }
    for (repo, jobs) in &mut config.jobs.postsubmits {
        for (index, job) in jobs.iter_mut().enumerate() {
            text(&mut job.reporter.context, &job.job_base.name);
            let place = Place { list: "postsubmits", repo: Some(repo), index };
            context.base(&mut job.job_base, repo, place, problems);
        }
    }
    for (index, job) in config.jobs.periodics.iter_mut().enumerate() {
        let repo = repo_of_periodic(job);
        let place = Place { list: "periodics", repo: None, index };
        context.base(&mut job.job_base, &repo, place, problems);
    }
}

fn text(field: &mut String, default: &str) {
    if field.is_empty() {
        default.clone_into(field);
    }
}

impl Context<'_> {
    fn base(&self, job: &mut JobBase, repo: &str, place: Place<'_>, problems: &mut Problems) {
        text(&mut job.agent, POD);
        text(job.namespace.get_or_insert_default(), &self.frame.namespace);
        text(&mut job.cluster, DEFAULT_CLUSTER);
        if *job.utility_config.decorate.get_or_insert(self.frame.decorate) {
            let of_job = job.utility_config.decoration_config.take();
            let merged = self.frame.decoration(of_job, repo, &job.cluster).unwrap_or_default();
            job.utility_config.decoration_config = Some(merged);
        }
        let defaults = self.entries.iter().filter(|it| matches([&it.repo, &it.cluster], repo, &job.cluster));
        let merged = defaults.fold(None, |merged, entry| apply(entry.config.clone(), merged));
        let mut merged = apply(job.prowjob_defaults.take(), merged).unwrap_or_default();
        text(&mut merged.tenant_id, DEFAULT_TENANT);
        job.prowjob_defaults = Some(merged);
        if let Some(spec) = &mut job.spec
            && let Err(clash) = presets::apply(&self.frame.presets, &job.labels, spec)
        {
            problems.push(Problem::from_clash(clash, &job.name, place));
        }
    }
}

/// What is not set, from the default.
fn apply(config: Option<ProwJobDefault>, default: Option<ProwJobDefault>) -> Option<ProwJobDefault> {
    let (mut config, default) = match (config, default) {
        (Some(config), Some(default)) => (config, default),
        (config, default) => return config.or(default),
    };
    config.resultstore_config = config.resultstore_config.or(default.resultstore_config);
    text(&mut config.tenant_id, &default.tenant_id);
    Some(config)
}
