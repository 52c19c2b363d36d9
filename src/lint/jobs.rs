//! Job files: the triggers of each job, wherever it came from.

use super::Linter;
use super::findings::Findings;
use super::schedule::check_dates;
use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::model::job::{JobConfig, Postsubmit, Presubmit, RegexpChangeMatcher};
use crate::validate::quoted;

rules! {
    BROKEN_TRIGGER = warning "broken-trigger",
        "the comment that starts a job is no regular expression",
        "Prow refuses all job files because of it, and goes on with the jobs that it had before.",
        "correct the expression, or remove both trigger and rerun_command: Prow then makes them of the name";
    RERUN_COMMAND_MISMATCH = warning "rerun-command-mismatch",
        "the command that people are told to write does not start the job",
        "Prow refuses all job files because of it, and goes on with the jobs that it had before.",
        "change trigger or rerun_command so that they fit, or remove both: Prow then makes them of the name";
    POSTSUBMIT_NEVER_RUN = warning "postsubmit-never-run",
        "a postsubmit is neither run always nor for some changes",
        "Nobody can start a postsubmit with a comment, so it never runs.",
        "remove always_run, add run_if_changed, or remove the job";
}

impl Linter {
    /// Everything about a job file that the reference does not see.
    pub fn lint_jobs(&self, jobs: &JobConfig) -> Vec<Violation> {
        let mut out = Findings::default();
        for (repository, jobs) in &jobs.presubmits {
            for (index, job) in jobs.iter().enumerate() {
                let place = || KeyPath::root().key("presubmits").key(repository).item(index);
                self.check_presubmit(job, &place, &mut out);
            }
        }
        for (repository, jobs) in &jobs.postsubmits {
            for (index, job) in jobs.iter().enumerate() {
                let place = || KeyPath::root().key("postsubmits").key(repository).item(index);
                self.check_postsubmit(job, &place, &mut out);
            }
        }
        for (index, job) in jobs.periodics.iter().enumerate() {
            let place = || KeyPath::root().key("periodics").item(index).key("cron");
            check_dates(&job.cron, &place, &mut out);
        }
        out.into_violations()
    }

    fn check_presubmit(&self, job: &Presubmit, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        self.check_brancher(&job.brancher, place, out);
        self.check_changes(&job.regexp_change_matcher, place, out);
        self.check_trigger(job, place, out);
    }

    fn check_postsubmit(&self, job: &Postsubmit, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        self.check_brancher(&job.brancher, place, out);
        self.check_changes(&job.regexp_change_matcher, place, out);
        let RegexpChangeMatcher { run_if_changed, skip_if_only_changed } = &job.regexp_change_matcher;
        if job.always_run == Some(false) && run_if_changed.is_empty() && skip_if_only_changed.is_empty() {
            let message = format!("{} is run neither always nor for some changes", quoted(&job.job_base.name));
            out.add(&POSTSUBMIT_NEVER_RUN, place().key("always_run"), message);
        }
    }

    fn check_changes(&self, changes: &RegexpChangeMatcher, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        let RegexpChangeMatcher { run_if_changed, skip_if_only_changed } = changes;
        self.check_pair("run_if_changed", run_if_changed, "skip_if_only_changed", skip_if_only_changed, place, out);
    }

    fn check_trigger(&self, job: &Presubmit, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        let Presubmit { trigger, rerun_command, .. } = job;
        if is_made_of_one_name(trigger, rerun_command) {
            return;
        }
        if trigger.is_empty() || rerun_command.is_empty() {
            let (given, missing) =
                if trigger.is_empty() { ("rerun_command", "trigger") } else { ("trigger", "rerun_command") };
            if trigger != rerun_command {
                out.add(&RERUN_COMMAND_MISMATCH, place().key(given), format!("there is a {given} and no {missing}"));
            }
            return;
        }
        let facts = self.patterns.facts(trigger);
        if let Some(problem) = &facts.problem {
            let message = format!("{} is no regular expression: {problem}", quoted(trigger));
            out.add(&BROKEN_TRIGGER, place().key("trigger"), message);
        } else if !facts.is_match(rerun_command) {
            let message = format!("{} does not match {}", quoted(rerun_command), quoted(trigger));
            out.add(&RERUN_COMMAND_MISMATCH, place().key("rerun_command"), message);
        }
    }
}

/// Whether trigger and command are those that generated jobs have: they fit, and there are as many as jobs.
fn is_made_of_one_name(trigger: &str, rerun_command: &str) -> bool {
    let rest = trigger.strip_prefix("(?m)^/test").and_then(|rest| rest.strip_suffix(r",?($|\s.*)"));
    let name = rest.and_then(|rest| rest.strip_prefix("( | .* )"));
    let name = name.map(|name| {
        let with_others = name.strip_prefix('(').and_then(|name| name.strip_suffix("|remaining-required)"));
        with_others.unwrap_or(name)
    });
    let is_plain =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    name.is_some_and(|name| is_plain(name) && rerun_command.strip_prefix("/test ") == Some(name))
}
