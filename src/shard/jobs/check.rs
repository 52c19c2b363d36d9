//! What makes a single job wrong.
//!
//! [`Checker`] looks at the jobs of one file as they stand there: what Prow would fill in is taken into account without
//! being filled in. What stands in all kinds of jobs is in `base.rs`, what several jobs may not have in common in
//! `together.rs`.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Rule};
use crate::model::job::{JobBase, Periodic, Postsubmit, Presubmit, RegexpChangeMatcher, Reporter};
use crate::validate::{check_cron, check_duration};

use super::base;
use super::frame::{Decorations, Frame, repo_of_periodic};
use super::patterns::Patterns;
use super::problem::{Place, Problem, Problems};

rules! {
    CHANGES = "job-change-patterns-clash", "a job says in two ways for which changes it runs",
        "always_run, run_if_changed and skip_if_only_changed exclude each other, and Prow refuses to load the job.",
        "keep one of always_run, run_if_changed and skip_if_only_changed";
    HALF_TRIGGER = "trigger-without-command", "a job has a trigger or a rerun command, and not both",
        "The trigger is what starts the job and the command what people are told to write; Prow fills in both or none.",
        "give both trigger and rerun_command, or neither";
    REPORT_LABEL = "report-label-of-silent-job", "a job that does not report has a label to report to Gerrit with",
        "The label is for the job's vote on a change, and skip_report says that there is none.",
        "remove skip_report or the label";
    NO_CONTEXT = "job-without-context", "a job reports, and its status would have no name",
        "The status shows under its context, which is the job's name unless given.",
        "give the job a name";
    NO_TIME = "periodic-without-time", "a periodic does not say when it runs",
        "It would never run, so Prow refuses to load it.",
        "add one of cron, interval and minimum_interval";
    TIMES = "periodic-times-clash", "a periodic says in several ways when it runs",
        "Prow wants one schedule for a job and refuses several.",
        "keep one of cron, interval and minimum_interval";
    BAD_TIME = "periodic-time-broken", "the time of a periodic cannot be read",
        "Prow refuses all job files for one schedule: it goes on with the jobs that it had, and does not restart.",
        "write a cron line of five fields such as 0 6 * * 1-5, or a duration such as 24h";
}

/// The kinds of jobs, of which Prow sets different variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// On pull requests.
    Presubmit,
    /// After merges.
    Postsubmit,
    /// By the clock.
    Periodic,
}

impl Kind {
    /// The kind's name in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmit",
            Self::Postsubmit => "postsubmit",
            Self::Periodic => "periodic",
        }
    }

    /// The key of the jobs of this kind.
    pub fn list(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmits",
            Self::Postsubmit => "postsubmits",
            Self::Periodic => "periodics",
        }
    }
}

/// Looks at the jobs of one file.
#[derive(Debug)]
pub struct Checker<'j> {
    frame: &'j Frame,
    decorations: Decorations<'j>,
    patterns: Patterns,
    /// What was found.
    pub problems: Problems,
}

impl<'j> Checker<'j> {
    /// A checker of the jobs of one file.
    pub fn new(frame: &'j Frame) -> Self {
        let (decorations, patterns) = (Decorations::default(), Patterns::default());
        Self { frame, decorations, patterns, problems: Problems::new() }
    }

    fn add(&mut self, rule: Rule, path: KeyPath, message: String) {
        self.problems.push(Problem { rule, path, message });
    }

    /// A job on pull requests.
    pub fn presubmit(&mut self, repo: &str, job: &'j Presubmit, index: usize) {
        let place = Place { list: "presubmits", repo: Some(repo), index };
        let count = self.problems.len();
        self.patterns.presubmit(job, place, &mut self.problems);
        let is_half_told = self.problems.iter().skip(count).any(|problem| problem.rule == HALF_TRIGGER);
        self.base(repo, &job.job_base, Kind::Presubmit, place);
        let name = &job.job_base.name;
        if let Some((key, why)) = changes(name, job.always_run, &job.regexp_change_matcher) {
            self.add(CHANGES, place.field(key), why);
        } else if job.trigger.is_empty() != job.rerun_command.is_empty() && !is_half_told {
            let message = "either both of job.Trigger and job.RerunCommand must be set, wasnt the case for job";
            let key = if job.trigger.is_empty() { "rerun_command" } else { "trigger" };
            self.add(HALF_TRIGGER, place.field(key), format!("{message} {name:?}"));
        }
        self.reporting(Kind::Presubmit, &job.job_base, &job.reporter, place);
    }

    /// A job on merges.
    pub fn postsubmit(&mut self, repo: &str, job: &'j Postsubmit, index: usize) {
        let place = Place { list: "postsubmits", repo: Some(repo), index };
        self.patterns.postsubmit(job, place, &mut self.problems);
        self.base(repo, &job.job_base, Kind::Postsubmit, place);
        let always = job.always_run == Some(true);
        if let Some((key, why)) = changes(&job.job_base.name, always, &job.regexp_change_matcher) {
            self.add(CHANGES, place.field(key), why);
        }
        self.reporting(Kind::Postsubmit, &job.job_base, &job.reporter, place);
    }

    /// A job by the clock.
    pub fn periodic(&mut self, job: &'j Periodic, index: usize) {
        let place = Place { list: "periodics", repo: None, index };
        self.base(&repo_of_periodic(job), &job.job_base, Kind::Periodic, place);
        self.times(job, place);
    }

    fn base(&mut self, repo: &str, job: &'j JobBase, kind: Kind, place: Place<'_>) {
        let decoration = self.decorations.of(self.frame, job, repo);
        base::check(self.frame, job, kind, decoration, place, &mut self.problems);
    }

    fn reporting(&mut self, kind: Kind, job: &JobBase, reporter: &Reporter, place: Place<'_>) {
        let wrong = |why: String| format!("invalid {} job {}: {why}", kind.word(), job.name);
        let label = "prow.k8s.io/gerrit-report-label";
        if !reporter.skip_report && reporter.context.is_empty() && job.name.is_empty() {
            self.add(
                NO_CONTEXT,
                place.field("name"),
                wrong("job is set to report but has no context configured".into()),
            );
        } else if reporter.skip_report && job.labels.get(label).is_some_and(|value| !value.is_empty()) {
            let why = "set to non-empty string but job is configured to skip reporting.";
            let message = wrong(format!("gerrit report label {label} {why}"));
            self.add(REPORT_LABEL, place.field("labels").key(label), message);
        }
    }

    /// When a periodic runs.
    fn times(&mut self, job: &Periodic, place: Place<'_>) {
        let name = &job.job_base.name;
        let given = [("cron", &job.cron), ("interval", &job.interval), ("minimum_interval", &job.minimum_interval)];
        let mut given = given.into_iter().filter(|(_, text)| !text.is_empty());
        let Some((key, text)) = given.next() else {
            let message = format!("at least one of cron, interval, or minimum_interval must be set in periodic {name}");
            return self.add(NO_TIME, place.path(), message);
        };
        if let Some((second, _)) = given.next() {
            let message = format!("cron, interval, and minimum_interval are mutually exclusive in periodic {name}");
            return self.add(TIMES, place.field(second), message);
        }
        let mut span = |path: KeyPath, text: &str, words: &str| {
            if let Err(why) = check_duration(text) {
                let message = format!("cannot parse {words} for {name}: {why}");
                self.problems.push(Problem { rule: BAD_TIME, path, message });
            }
        };
        if key != "cron" {
            span(place.field(key), text, "duration");
        }
        if let Some(retry) = &job.retry {
            span(place.field("retry").key("interval"), &retry.interval, "Retry duration");
        }
        if key == "cron"
            && let Some(why) = cron_problem(text)
        {
            self.add(BAD_TIME, place.field("cron"), format!("invalid cron string {text} in periodic {name}: {why}"));
        }
    }
}

/// Why a schedule is none to Prow, whose scheduler is a later version of the one that checks tests: it says the same in
/// other words, and knows one more spelling of zones.
fn cron_problem(text: &str) -> Option<String> {
    let spec = text.strip_prefix("CRON_").filter(|rest| rest.starts_with("TZ=")).unwrap_or(text);
    let why = check_cron(spec).err()?;
    if why.starts_with("Expected") {
        let fields: Vec<&str> = spec.split_whitespace().filter(|field| !field.starts_with("TZ=")).collect();
        return Some(format!("expected 5 to 6 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    let mut letters = why.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect())
}

/// The key that is too much, and why.
fn changes(name: &str, always_run: bool, matcher: &RegexpChangeMatcher) -> Option<(&'static str, String)> {
    let exclusive = "which are mutually exclusive";
    let both = |key: &'static str| {
        Some((key, format!("job {name} is set to always run but also declares {key} targets, {exclusive}")))
    };
    match (matcher.run_if_changed.is_empty(), matcher.skip_if_only_changed.is_empty()) {
        (false, _) if always_run => both("run_if_changed"),
        (_, false) if always_run => both("skip_if_only_changed"),
        (false, false) => {
            let message = format!("job {name} declares run_if_changed and skip_if_only_changed, {exclusive}");
            Some(("skip_if_only_changed", message))
        }
        _ => None,
    }
}
