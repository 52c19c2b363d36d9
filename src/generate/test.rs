//! From one test to its jobs: a presubmit, a postsubmit or a periodic (and a presubmit with it), once per shard.
//!
//! What the fields of a test do is here: shards, schedules, timeouts, secrets, and the labels for clouds, clusters and KVM.

use std::borrow::Cow;

use super::ProfileLookup;
use super::config::{Draft, FinishedDraft, Maker, reporter};
use super::job::{ChangeMatch, ClockTrigger, GeneratedJob, JobSource, PullTrigger, Trigger};
use super::labels::RELEASE_CONTROLLER_LABEL;
use super::schedule::daily_cron;
use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::model::config::{Secret, TestStepConfiguration};
use crate::model::identity::JobKind;
use crate::model::labels::{CLOUD_LABEL, CLUSTER_LABEL, CLUSTER_PROFILE_LABEL, KVM_LABEL};
use crate::model::scalar::Duration;

rules! {
    TOO_MANY_SHARDS = "too-many-shards",
        "a test is split into more shards than anyone means",
        "Each shard is a job of its own: one line would ask for all memory there is.",
        "lower shard_count";
    UNRESOLVED_CLUSTER_PROFILE = "unresolved-cluster-profile",
        "jobs are to be generated of a test whose cluster profile is not known",
        "The job's labels and secrets come from the profile.",
        "correct cluster_profile, or generate with the step registry that defines it";
}

/// More shards than anyone means; without a bound one line could ask for all memory there is.
const MOST_SHARDS: i64 = 10_000;

impl<'c> Maker<'c> {
    /// Adds the jobs of the config's test number `index`.
    pub fn add_test(&mut self, index: usize, test: &'c TestStepConfiguration, profiles: &ProfileLookup<'_, 'c>) {
        let path = || JobSource::Test(index).path();
        let shards = test.shard_count.unwrap_or(1);
        if shards > MOST_SHARDS {
            let message = format!("{shards} shards are more than the {MOST_SHARDS} that are possible");
            return self.violations.push(Violation {
                rule: TOO_MANY_SHARDS.id,
                path: path().key("shard_count"),
                message,
            });
        }
        for shard in 1..=shards {
            let mut draft = match self.test_draft(index, test, profiles) {
                Ok(draft) => draft,
                Err(message) => {
                    let path = path().key("steps").key("cluster_profile");
                    return self.violations.push(Violation { rule: UNRESOLVED_CLUSTER_PROFILE.id, path, message });
                }
            };
            let mut name = Cow::Borrowed(test.name.as_str());
            if shards > 1 {
                name = Cow::Owned(format!("{name}-{shard}of{shards}"));
                draft.pod.shard(shard, shards);
            }
            let broken = self.violations.len();
            let draft = self.finish(draft, JobSource::Test(index));
            if self.violations.len() > broken {
                for violation in self.violations.iter_mut().skip(broken) {
                    violation.path = secret_in(&violation.message, test, path());
                }
                return;
            }
            self.add_test_jobs(test, &name, &draft);
        }
    }

    fn test_draft(
        &self,
        index: usize,
        test: &'c TestStepConfiguration,
        profiles: &ProfileLookup<'_, 'c>,
    ) -> Result<Draft<'c>, String> {
        let mut draft = self.draft();
        if !test.cluster.is_empty() {
            draft.label(CLUSTER_LABEL, test.cluster.as_str());
        }
        add_secrets(&mut draft, test);
        draft.pod.target(&test.name);
        if test.cluster_claim.is_some() {
            draft.pod.cluster_claim();
        }
        draft.pod.serves_http = true;
        if test.literal_steps.is_some() || test.steps.is_some() {
            self.add_multi_stage(&mut draft, index, test, profiles)?;
        }
        self.add_test_labels(&mut draft, test);
        Ok(draft)
    }

    fn add_multi_stage(
        &self,
        draft: &mut Draft<'c>,
        index: usize,
        test: &'c TestStepConfiguration,
        profiles: &ProfileLookup<'_, 'c>,
    ) -> Result<(), String> {
        draft.pod.leases();
        if let Some(profile) = profiles(index, test)? {
            draft.label(CLUSTER_PROFILE_LABEL, profile.name);
            draft.label(CLOUD_LABEL, profile.cluster_type);
        }
        if self.has_releases() {
            draft.pod.pull_secret();
        }
        if self.config.prowgen.as_ref().is_some_and(|prowgen| prowgen.enable_secrets_store_csi_driver) {
            draft.pod.secret_manager();
        }
        Ok(())
    }

    /// Whether the config speaks of releases at all; an empty map does, as in the reference.
    fn has_releases(&self) -> bool {
        self.config.input_configuration.releases.as_option().is_some()
    }

    /// The labels that say which of the test's jobs may run where. The reference makes a periodic and its presubmit
    /// share one map of labels, so each has what the other asked for.
    fn add_test_labels(&self, draft: &mut Draft<'c>, test: &'c TestStepConfiguration) {
        if !test.node_architecture.is_empty() {
            draft.capability(&test.node_architecture);
        }
        for capability in &test.capabilities {
            draft.capability(capability);
        }
        let kind = main_kind(test);
        let unrehearsed = self.config.prowgen.as_ref().is_some_and(|prowgen| prowgen.disable_rehearsals);
        if kind != JobKind::Postsubmit && !unrehearsed && !test.disable_rehearsal {
            draft.rehearsable();
        }
        if kind == JobKind::Periodic && test.release_controller {
            draft.label(RELEASE_CONTROLLER_LABEL, "true");
        }
        let has_presubmit = kind == JobKind::Presubmit || (kind == JobKind::Periodic && test.presubmit);
        if has_presubmit && let Some(devices) = self.requested_devices(&test.name) {
            draft.label(KVM_LABEL, devices);
        }
    }

    /// How many KVM devices the test asks for.
    fn requested_devices(&self, test: &str) -> Option<&'c str> {
        let resources = &self.config.resources;
        let requests = |key: &str| resources.get(key).and_then(|resources| resources.requests.get(KVM_LABEL));
        requests(test).or_else(|| requests("*")).map(String::as_str)
    }

    fn add_test_jobs(&mut self, test: &'c TestStepConfiguration, name: &str, draft: &FinishedDraft<'c>) {
        match main_kind(test) {
            JobKind::Presubmit => {
                let job = self.presubmit(test, name, draft);
                self.jobs.presubmits.push(job);
            }
            JobKind::Postsubmit => {
                let job = self.postsubmit(test, name, draft);
                self.jobs.postsubmits.push(job);
            }
            JobKind::Periodic => {
                let job = self.periodic(test, name, draft);
                self.jobs.periodics.push(job);
                if test.presubmit {
                    let job = self.presubmit(test, name, draft);
                    self.jobs.presubmits.push(job);
                }
            }
        }
    }

    fn test_job(
        &self,
        test: &'c TestStepConfiguration,
        name: &str,
        draft: &FinishedDraft<'c>,
        trigger: Trigger<'c>,
    ) -> GeneratedJob<'c> {
        GeneratedJob {
            cluster: Cow::Borrowed(&test.cluster),
            max_concurrency: test.max_concurrency,
            reporter: reporter(test.reporter_config.as_ref()),
            timeout: test.timeout.as_ref().filter(|timeout| is_possible_timeout(timeout)),
            ..self.job(name, draft, trigger)
        }
    }

    fn presubmit(&self, test: &'c TestStepConfiguration, name: &str, draft: &FinishedDraft<'c>) -> GeneratedJob<'c> {
        let with_periodic = main_kind(test) == JobKind::Periodic;
        let changes = changes(test);
        let pipeline = ChangeMatch {
            run_if_changed: &test.pipeline_run_if_changed,
            skip_if_only_changed: &test.pipeline_skip_if_only_changed,
        };
        let on_demand = test.always_run == Some(false);
        let pull = PullTrigger {
            short_name: Cow::Owned(self.common.identity.test_name(name).into_owned()),
            always_run: changes.is_empty() && pipeline.is_empty() && !on_demand,
            optional: test.optional,
            among_remaining_required: on_demand && changes.is_empty() && pipeline.is_empty() && !test.optional,
            skip_report: false,
            // The reference takes the alias away while it makes the periodic and does not put it back.
            has_path_alias: !with_periodic,
            skip_branches: &test.skip_branches,
            changes,
            pipeline,
        };
        let mut job = self.test_job(test, name, draft, Trigger::Pull(pull));
        if with_periodic && !test.reporter_config.as_ref().is_some_and(|reporter| reporter.report_presubmit) {
            job.reporter = None;
        }
        job
    }

    fn postsubmit(&self, test: &'c TestStepConfiguration, name: &str, draft: &FinishedDraft<'c>) -> GeneratedJob<'c> {
        let mut job = self.test_job(test, name, draft, Trigger::Merge(changes(test)));
        if job.max_concurrency == 0 {
            job.max_concurrency = 1;
        }
        job
    }

    fn periodic(&self, test: &'c TestStepConfiguration, name: &str, draft: &FinishedDraft<'c>) -> GeneratedJob<'c> {
        let text = |value: &'c Option<String>| value.as_deref().unwrap_or_default();
        let clock = ClockTrigger {
            cron: Cow::Borrowed(if test.release_controller { "@yearly" } else { text(&test.cron) }),
            interval: if test.release_controller { "" } else { text(&test.interval) },
            minimum_interval: text(&test.minimum_interval),
            retry: test.retry.as_ref(),
            has_path_alias: true,
        };
        let mut job = self.test_job(test, name, draft, Trigger::Clock(clock));
        job.spread_over_the_day();
        job
    }
}

impl GeneratedJob<'_> {
    /// Gives a periodic that runs daily a time of its own, so that not all run at once.
    pub(super) fn spread_over_the_day(&mut self) {
        if let Trigger::Clock(clock) = &mut self.trigger
            && clock.cron == "@daily"
        {
            clock.cron = Cow::Owned(daily_cron(&self.name));
        }
    }
}

/// Timeouts of more than three days are left out, as in the reference.
fn is_possible_timeout(timeout: &Duration) -> bool {
    const LONGEST: i64 = 72 * 60 * 60 * 1_000_000_000;
    timeout.nanoseconds() <= LONGEST
}

/// The kind of job that a test becomes.
fn main_kind(test: &TestStepConfiguration) -> JobKind {
    let timed = test.interval.is_some() || test.minimum_interval.is_some() || test.cron.is_some();
    match () {
        () if timed || test.release_controller => JobKind::Periodic,
        () if test.postsubmit => JobKind::Postsubmit,
        () => JobKind::Presubmit,
    }
}

fn changes(test: &TestStepConfiguration) -> ChangeMatch<'_> {
    ChangeMatch { run_if_changed: &test.run_if_changed, skip_if_only_changed: &test.skip_if_only_changed }
}

/// The secret of the test at `path` that a message about its pod names, else the test.
fn secret_in(message: &str, test: &TestStepConfiguration, path: KeyPath) -> KeyPath {
    let is_named = |secret: &Secret| message.contains(&format!("{:?}", secret.name));
    if test.secret.as_ref().is_some_and(is_named) {
        return path.key("secret").key("name");
    }
    match test.secrets.iter().flatten().position(is_named) {
        Some(number) => path.key("secrets").item(number).key("name"),
        None => path,
    }
}

/// Hands the test its secrets; those that live in the secret manager come through it.
fn add_secrets<'c>(draft: &mut Draft<'c>, test: &'c TestStepConfiguration) {
    let secrets = || test.secret.iter().chain(test.secrets.iter().flatten());
    for secret in secrets().filter(|secret| !is_in_secret_manager(secret)) {
        draft.pod.secret(&secret.name);
    }
    if secrets().any(is_in_secret_manager) {
        draft.pod.secret_manager();
    }
}

fn is_in_secret_manager(secret: &Secret) -> bool {
    !secret.bundle.is_empty() || (!secret.collection.is_empty() && !secret.group.is_empty())
}
