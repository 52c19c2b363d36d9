//! What Prow fills into jobs.

use crate::diagnostic::KeyPath;
use crate::model::decoration::{ProwJobDefault, Refs};
use crate::model::job::{JobBase, Preset};
use crate::model::prow::plank::{DefaultDecorationConfigEntry, ProwJobDefaultEntry};
use crate::model::prow::{Config, ProwConfig};
use crate::shard::part::keys;
use crate::shard::prow::{DEFAULT_CLUSTER, DEFAULT_TENANT, matches};

use super::{Problems, decoration, presets};

/// What the rest of the configuration says about jobs.
struct Context {
    namespace: String,
    decorate: bool,
    decorations: Vec<DefaultDecorationConfigEntry>,
    entries: Vec<ProwJobDefaultEntry>,
    presets: Vec<Preset>,
}

/// Fills in all jobs.
pub fn fill_in(config: &mut Config, problems: &mut Problems) {
    let context = Context {
        namespace: config.prow.pod_namespace.clone(),
        decorate: config.jobs.decorate_all_jobs,
        decorations: decorations(&config.prow),
        entries: config.prow.prowjob_default_entries.iter().flatten().cloned().collect(),
        presets: config.jobs.presets.clone(),
    };
    for (repo, jobs) in &mut config.jobs.presubmits {
        for (index, job) in jobs.iter_mut().enumerate() {
            let name = job.job_base.name.clone();
            text(&mut job.reporter.context, &name);
            if job.trigger.is_empty() && job.rerun_command.is_empty() {
                job.trigger = format!(r"(?m)^/test( | .* ){name},?($|\s.*)");
                job.rerun_command = format!("/test {name}");
            }
            context.base(&mut job.job_base, repo, keys(["presubmits", repo]).item(index), problems);
        }
    }
    for (repo, jobs) in &mut config.jobs.postsubmits {
        for (index, job) in jobs.iter_mut().enumerate() {
            text(&mut job.reporter.context, &job.job_base.name);
            context.base(&mut job.job_base, repo, keys(["postsubmits", repo]).item(index), problems);
        }
    }
    for (index, job) in config.jobs.periodics.iter_mut().enumerate() {
        let first = job.job_base.utility_config.extra_refs.first();
        let repo = first.map(|Refs { org, repo, .. }| format!("{org}/{repo}")).unwrap_or_default();
        context.base(&mut job.job_base, &repo, keys(["periodics"]).item(index), problems);
    }
}

fn text(field: &mut String, default: &str) {
    if field.is_empty() {
        default.clone_into(field);
    }
}

/// Default decorations as a list, the more general first.
fn decorations(prow: &ProwConfig) -> Vec<DefaultDecorationConfigEntry> {
    let plank = &prow.plank;
    if plank.default_decoration_configs.is_empty() {
        return plank.default_decoration_config_entries.iter().flatten().cloned().collect();
    }
    let mut named: Vec<_> = plank.default_decoration_configs.iter().collect();
    named.sort_by_key(|(name, _)| (name.as_str() != "*", name.contains('/')));
    let entry = |(repo, config): (&String, &Option<_>)| DefaultDecorationConfigEntry {
        repo: repo.clone(),
        cluster: String::new(),
        config: config.clone(),
    };
    named.into_iter().map(entry).collect()
}

impl Context {
    fn base(&self, job: &mut JobBase, repo: &str, path: KeyPath, problems: &mut Problems) {
        text(&mut job.agent, "kubernetes");
        text(job.namespace.get_or_insert_default(), &self.namespace);
        text(&mut job.cluster, DEFAULT_CLUSTER);
        if *job.utility_config.decorate.get_or_insert(self.decorate) {
            let of_job = job.utility_config.decoration_config.take();
            let defaults = self.decorations.iter().filter(|it| matches([&it.repo, &it.cluster], repo, &job.cluster));
            let merged = defaults.fold(None, |merged, entry| decoration::apply(entry.config.clone(), merged));
            job.utility_config.decoration_config = Some(decoration::apply(of_job, merged).unwrap_or_default());
        }
        let defaults = self.entries.iter().filter(|it| matches([&it.repo, &it.cluster], repo, &job.cluster));
        let merged = defaults.fold(None, |merged, entry| apply(entry.config.clone(), merged));
        let mut merged = apply(job.prowjob_defaults.take(), merged).unwrap_or_default();
        text(&mut merged.tenant_id, DEFAULT_TENANT);
        job.prowjob_defaults = Some(merged);
        if let Some(spec) = &mut job.spec
            && let Err(why) = presets::apply(&self.presets, &job.labels, spec)
        {
            problems.push((path, format!("job {} failed to merge presets for podspec: {why}", job.name)));
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
