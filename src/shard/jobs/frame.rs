//! What the rest of the configuration says of every job.

use std::collections::BTreeSet;

use crate::model::decoration::DecorationConfig;
use crate::model::job::{JobBase, JobConfig, Periodic, Preset};
use crate::model::prow::ProwConfig;
use crate::model::prow::plank::DefaultDecorationConfigEntry;
use crate::shard::prow::{DEFAULT_CLUSTER, matches};

use super::{decoration, pod};

/// The agent of jobs that name none.
pub const POD: &str = "kubernetes";

/// The namespace of pods, unless the configuration names another.
const DEFAULT_NAMESPACE: &str = "default";

/// What the rest of the configuration says of every job.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub(super) namespace: String,
    pub(super) decorate: bool,
    decorations: Vec<DefaultDecorationConfigEntry>,
    pub(super) queues: BTreeSet<String>,
    /// Settings that go into the pods of jobs with certain labels.
    pub presets: Vec<Preset>,
}

impl Frame {
    /// The frame that a configuration, filled in, makes; of its jobs only what goes for those of other files counts.
    pub fn of(prow: &ProwConfig, jobs: &JobConfig) -> Self {
        Self {
            namespace: prow.pod_namespace.clone(),
            decorate: jobs.decorate_all_jobs,
            decorations: decorations(prow),
            queues: prow.plank.job_queue_capacities.keys().cloned().collect(),
            presets: jobs.presets.clone(),
        }
    }

    /// Fills in what a configuration that could not be put together lacks.
    pub fn fill_in(&mut self) {
        if self.namespace.is_empty() {
            DEFAULT_NAMESPACE.clone_into(&mut self.namespace);
        }
    }

    /// Whether a job is decorated.
    pub fn decorates(&self, job: &JobBase) -> bool {
        job.utility_config.decorate.unwrap_or(self.decorate)
    }

    /// The decoration of a job of a repository over the defaults.
    pub(super) fn decoration(
        &self,
        of_job: Option<DecorationConfig>,
        repo: &str,
        cluster: &str,
    ) -> Option<DecorationConfig> {
        let defaults = self.decorations.iter().filter(|it| matches([&it.repo, &it.cluster], repo, cluster));
        let merged = defaults.fold(None, |merged, entry| decoration::apply(entry.config.clone(), merged));
        decoration::apply(of_job, merged)
    }
}

/// What carries a job out.
pub fn agent(job: &JobBase) -> &str {
    if job.agent.is_empty() { POD } else { &job.agent }
}

/// The build cluster of a job.
pub fn cluster(job: &JobBase) -> &str {
    if job.cluster.is_empty() { DEFAULT_CLUSTER } else { &job.cluster }
}

/// The repository that settings of a periodic are looked up by.
pub fn repo_of_periodic(job: &Periodic) -> String {
    let first = job.job_base.utility_config.extra_refs.first();
    first.map(|refs| format!("{}/{}", refs.org, refs.repo)).unwrap_or_default()
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

/// What a job's decoration comes to.
#[derive(Clone, Debug)]
pub struct Decorated {
    /// Why it cannot be.
    pub problem: Option<String>,
    /// Volumes that it brings for its secrets.
    pub secrets: Vec<String>,
    /// Whether the source is cloned with a token.
    pub token: bool,
}

impl Decorated {
    fn of(config: &DecorationConfig) -> Self {
        let mut secrets = config.ssh_key_secrets.clone();
        secrets.extend(config.oauth_token_secret.iter().map(|secret| secret.name.clone()));
        Self { problem: pod::config_problem(config), secrets, token: config.oauth_token_secret.is_some() }
    }
}

/// So many decorations of one file are remembered; mostly its jobs have one and the same.
const MOST_REMEMBERED: usize = 8;

/// A decoration by what it depends on: repository, cluster, whether defaults go into it, and what the job says.
type Remembered<'j> = (String, &'j str, bool, Option<&'j DecorationConfig>, Option<Decorated>);

/// Decorations of the jobs of one file. Each is put together once.
#[derive(Debug, Default)]
pub struct Decorations<'j> {
    known: Vec<Remembered<'j>>,
}

impl<'j> Decorations<'j> {
    /// The decoration of a job.
    pub fn of(&mut self, frame: &Frame, job: &'j JobBase, repo: &str) -> Option<&Decorated> {
        let (given, cluster) = (job.utility_config.decoration_config.as_ref(), cluster(job));
        let with_defaults = frame.decorates(job);
        if !with_defaults && given.is_none() {
            return None;
        }
        let is_same = |it: &Remembered<'_>| it.1 == cluster && it.2 == with_defaults && it.0 == repo && it.3 == given;
        let at = match self.known.iter().position(is_same) {
            Some(at) => at,
            None => {
                if self.known.len() >= MOST_REMEMBERED {
                    self.known.clear();
                }
                let merged = match with_defaults {
                    true => Some(frame.decoration(given.cloned(), repo, cluster).unwrap_or_default()),
                    false => given.cloned(),
                };
                let decorated = merged.as_ref().map(Decorated::of);
                self.known.push((repo.to_owned(), cluster, with_defaults, given, decorated));
                self.known.len() - 1
            }
        };
        self.known.get(at).and_then(|it| it.4.as_ref())
    }
}
