//! A generated job, in the few facts that set it apart from every other one.
//!
//! [`GeneratedJob`] borrows from the config it is made of and shares with its siblings what is the same for all jobs of
//! the config ([`Common`]). [`GeneratedJob::to_presubmit`] and its two neighbours give the complete job as the model
//! has it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::labels::{PRIVATE_CLONER_KEY, PRIVATE_CLONER_SECRET};
use super::pod::PodPlan;
use crate::diagnostic::KeyPath;
use crate::model::config::{Metadata, SlackReporterConfig};
use crate::model::decoration::{self, DecorationConfig, OauthTokenSecret, Refs, ReporterConfig};
use crate::model::identity::{JobKind, exactly_branch, feature_branch};
use crate::model::job::{
    Brancher, JobBase, Periodic, Postsubmit, Presubmit, RegexpChangeMatcher, Reporter, Retry, UtilityConfig,
};
use crate::model::scalar::Duration;

/// What all jobs of one config share.
#[derive(Clone, Debug)]
pub struct Common<'c> {
    /// Whose config it is, from the path of its file.
    pub identity: &'c Metadata,
    /// The import path that the repository is cloned under.
    pub path_alias: &'c str,
    /// Whether the jobs are kept from the public.
    pub hidden: bool,
    /// Whether Prow clones nothing for the jobs.
    pub skip_cloning: bool,
    /// What Prow clones, where that is not everything.
    pub sparse_checkout_files: Vec<String>,
    /// Whether Prow clones with the private cloner's token.
    pub clones_privately: bool,
    /// The pattern of the branch itself.
    pub exact_branch: String,
    /// The pattern of the branch's feature branches.
    pub feature_branch: String,
}

impl<'c> Common<'c> {
    /// The parts that follow from the identity alone.
    pub fn of(identity: &'c Metadata) -> Self {
        Self {
            identity,
            path_alias: "",
            hidden: false,
            skip_cloning: false,
            sparse_checkout_files: Vec::new(),
            clones_privately: false,
            exact_branch: exactly_branch(&identity.branch),
            feature_branch: feature_branch(&identity.branch),
        }
    }
}

/// A job's labels.
pub type Labels<'c> = BTreeMap<Cow<'c, str>, Cow<'c, str>>;

/// What of a config a job is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobSource {
    /// The test at this position.
    Test(usize),
    /// The images that it builds.
    Images,
    /// What it promotes.
    Promotion,
    /// The named operator bundle at this position.
    Bundle(usize),
    /// All operator bundles without a name.
    UnnamedBundles,
}

impl JobSource {
    /// Its place in the config.
    pub fn path(self) -> KeyPath {
        let root = KeyPath::root();
        match self {
            Self::Test(index) => root.key("tests").item(index),
            Self::Images => root.key("images"),
            Self::Promotion => root.key("promotion"),
            Self::Bundle(index) => root.key("operator").key("bundles").item(index),
            Self::UnnamedBundles => root.key("operator").key("bundles"),
        }
    }

    /// The place of what the job is named after.
    pub fn name_path(self) -> KeyPath {
        match self {
            Self::Test(_) | Self::Bundle(_) => self.path().key("as"),
            Self::Images => KeyPath::root().name("images"),
            Self::Promotion => KeyPath::root().name("promotion"),
            Self::UnnamedBundles => KeyPath::root().key("operator").name("bundles"),
        }
    }
}

/// One job made from a config.
#[derive(Clone, Debug)]
pub struct GeneratedJob<'c> {
    /// What it is made of.
    pub source: JobSource,
    /// The job's name.
    pub name: String,
    /// Its labels.
    pub labels: Labels<'c>,
    /// The build cluster it is bound to, if any.
    pub cluster: Cow<'c, str>,
    /// How many may run at a time; zero for any number.
    pub max_concurrency: i64,
    /// Where its results are told.
    pub reporter: Option<JobReporter<'c>>,
    /// How long it may take, where the test says so.
    pub timeout: Option<&'c Duration>,
    /// Its pod.
    pub pod: Arc<PodPlan<'c>>,
    /// What it shares with the config's other jobs.
    pub common: Arc<Common<'c>>,
    /// When it runs.
    pub trigger: Trigger<'c>,
}

/// Who says where a job's results are told.
#[derive(Clone, Debug)]
pub enum JobReporter<'c> {
    /// The config.
    Config(&'c SlackReporterConfig),
    /// The job file that was there before.
    Kept(Box<ReporterConfig>),
}

/// When a job runs: the part that depends on its kind.
#[derive(Clone, Debug)]
pub enum Trigger<'c> {
    /// On pull requests.
    Pull(PullTrigger<'c>),
    /// On merges.
    Merge(ChangeMatch<'c>),
    /// By the clock.
    Clock(ClockTrigger<'c>),
}

/// Which changes matter to a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeMatch<'c> {
    /// It runs when a path matches.
    pub run_if_changed: &'c str,
    /// It does not run when all paths match.
    pub skip_if_only_changed: &'c str,
}

impl ChangeMatch<'_> {
    /// Whether the changed paths do not matter.
    pub fn is_empty(&self) -> bool {
        self.run_if_changed.is_empty() && self.skip_if_only_changed.is_empty()
    }

    fn to_model(self) -> RegexpChangeMatcher {
        RegexpChangeMatcher {
            run_if_changed: self.run_if_changed.to_owned(),
            skip_if_only_changed: self.skip_if_only_changed.to_owned(),
        }
    }
}

/// When a presubmit runs.
#[derive(Clone, Debug)]
pub struct PullTrigger<'c> {
    /// The test's name as people write it in comments.
    pub short_name: Cow<'c, str>,
    /// Whether it runs on every change.
    pub always_run: bool,
    /// Whether it may fail.
    pub optional: bool,
    /// Whether the comment that starts all remaining required tests starts it.
    pub among_remaining_required: bool,
    /// Whether it stays silent on pull requests; kept from the file that was there before.
    pub skip_report: bool,
    /// Whether the config's path alias applies.
    pub has_path_alias: bool,
    /// Branches it does not run for.
    pub skip_branches: &'c [String],
    /// Which changes matter at once.
    pub changes: ChangeMatch<'c>,
    /// Which changes matter in the second stage of the pipeline.
    pub pipeline: ChangeMatch<'c>,
}

/// When a periodic runs.
#[derive(Clone, Debug)]
pub struct ClockTrigger<'c> {
    /// The cron line.
    pub cron: Cow<'c, str>,
    /// Time between starts.
    pub interval: &'c str,
    /// Time between the end of one run and the start of the next.
    pub minimum_interval: &'c str,
    /// What happens when it fails.
    pub retry: Option<&'c Retry>,
    /// Whether the config's path alias applies to the repository's reference.
    pub has_path_alias: bool,
}

impl Trigger<'_> {
    /// The kind of job.
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Pull(_) => JobKind::Presubmit,
            Self::Merge(_) => JobKind::Postsubmit,
            Self::Clock(_) => JobKind::Periodic,
        }
    }
}

impl<'c> GeneratedJob<'c> {
    /// The job as a presubmit; for other jobs one that runs on no change.
    pub fn to_presubmit(&self) -> Presubmit {
        let base = self.base();
        let Trigger::Pull(pull) = &self.trigger else { return Presubmit { job_base: base, ..Presubmit::default() } };
        Presubmit {
            job_base: base,
            always_run: pull.always_run,
            optional: pull.optional,
            trigger: pull.comment_pattern(),
            rerun_command: format!("/test {}", pull.short_name),
            brancher: Brancher { skip_branches: pull.skip_branches.to_vec(), branches: self.common.pull_branches() },
            regexp_change_matcher: pull.changes.to_model(),
            reporter: Reporter { context: format!("ci/prow/{}", pull.short_name), skip_report: pull.skip_report },
            ..Presubmit::default()
        }
    }

    /// The job as a postsubmit; for other jobs one that runs on every change.
    pub fn to_postsubmit(&self) -> Postsubmit {
        let changes = if let Trigger::Merge(changes) = &self.trigger { *changes } else { ChangeMatch::default() };
        Postsubmit {
            job_base: self.base(),
            always_run: Some(changes.is_empty()),
            regexp_change_matcher: changes.to_model(),
            brancher: Brancher { branches: vec![self.common.exact_branch.clone()], ..Brancher::default() },
            ..Postsubmit::default()
        }
    }

    /// The job as a periodic; for other jobs one that never runs.
    pub fn to_periodic(&self) -> Periodic {
        let mut base = self.base();
        let Trigger::Clock(clock) = &self.trigger else { return Periodic { job_base: base, ..Periodic::default() } };
        base.utility_config.extra_refs = vec![self.repository(clock)];
        Periodic {
            job_base: base,
            interval: clock.interval.to_owned(),
            minimum_interval: clock.minimum_interval.to_owned(),
            cron: clock.cron.clone().into_owned(),
            retry: clock.retry.cloned(),
            ..Periodic::default()
        }
    }

    /// A periodic belongs to no repository, so its own is an extra one.
    fn repository(&self, clock: &ClockTrigger<'_>) -> Refs {
        let Common { identity, path_alias, sparse_checkout_files, .. } = &*self.common;
        Refs {
            org: identity.org.clone(),
            repo: identity.repo.clone(),
            base_ref: identity.branch.clone(),
            path_alias: if clock.has_path_alias { (*path_alias).to_owned() } else { String::new() },
            sparse_checkout_files: sparse_checkout_files.clone(),
            ..Refs::default()
        }
    }

    fn base(&self) -> JobBase {
        let owned =
            |(key, value): (&Cow<'_, str>, &Cow<'_, str>)| (key.clone().into_owned(), value.clone().into_owned());
        JobBase {
            name: self.name.clone(),
            labels: self.labels.iter().map(owned).collect(),
            max_concurrency: self.max_concurrency,
            agent: "kubernetes".to_owned(),
            cluster: self.cluster.clone().into_owned(),
            spec: Some(self.pod.to_spec()),
            annotations: self.annotations(),
            reporter_config: self.reporter.as_ref().map(JobReporter::to_model),
            hidden: self.common.hidden,
            utility_config: UtilityConfig {
                decorate: Some(true),
                path_alias: self.path_alias().to_owned(),
                decoration_config: Some(self.decoration()),
                ..UtilityConfig::default()
            },
            ..JobBase::default()
        }
    }

    fn path_alias(&self) -> &'c str {
        match &self.trigger {
            Trigger::Clock(_) => "",
            Trigger::Pull(pull) if !pull.has_path_alias => "",
            _ => self.common.path_alias,
        }
    }

    fn annotations(&self) -> BTreeMap<String, String> {
        let Trigger::Pull(pull) = &self.trigger else { return BTreeMap::new() };
        pull.annotations().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn decoration(&self) -> DecorationConfig {
        let common = &*self.common;
        let secret = || OauthTokenSecret { name: PRIVATE_CLONER_SECRET.to_owned(), key: PRIVATE_CLONER_KEY.to_owned() };
        DecorationConfig {
            timeout: self.timeout.cloned(),
            skip_cloning: common.skip_cloning.then_some(true),
            sparse_checkout_files: common.sparse_checkout_files.clone(),
            oauth_token_secret: common.clones_privately.then(secret),
            ..DecorationConfig::default()
        }
    }
}

impl Common<'_> {
    /// The patterns of the branches that presubmits run for; a branch that is a pattern already stands alone.
    pub fn pull_branches(&self) -> Vec<String> {
        let mut branches = vec![self.exact_branch.clone()];
        if self.feature_branch != self.exact_branch {
            branches.push(self.feature_branch.clone());
        }
        branches
    }
}

impl PullTrigger<'_> {
    /// The pattern of the comments that start the job.
    pub fn comment_pattern(&self) -> String {
        let name = &self.short_name;
        if self.among_remaining_required {
            return format!(r"(?m)^/test( | .* )({name}|remaining-required),?($|\s.*)");
        }
        format!(r"(?m)^/test( | .* ){name},?($|\s.*)")
    }

    /// What the pipeline controller reads from the job.
    pub fn annotations(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let ChangeMatch { run_if_changed, skip_if_only_changed } = self.pipeline;
        [("pipeline_run_if_changed", run_if_changed), ("pipeline_skip_if_only_changed", skip_if_only_changed)]
            .into_iter()
            .filter(|(_, pattern)| !pattern.is_empty())
    }
}

impl JobReporter<'_> {
    /// The reporter as jobs have it.
    pub fn to_model(&self) -> ReporterConfig {
        let config = match self {
            Self::Config(config) => config,
            Self::Kept(reporter) => return (**reporter).clone(),
        };
        let states = match config.job_states_to_report.as_slice() {
            [] => ["success", "failure", "error"].map(str::to_owned).to_vec(),
            states => states.to_vec(),
        };
        ReporterConfig {
            slack: Some(decoration::SlackReporterConfig {
                channel: config.channel.clone(),
                job_states_to_report: states,
                report_template: config.report_template.clone(),
                ..decoration::SlackReporterConfig::default()
            }),
        }
    }
}
