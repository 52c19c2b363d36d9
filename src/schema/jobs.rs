//! Rules for Prow's job files.

use super::forms::{CRON, JOB_NAME, ORG_REPO, SPAN};
use super::rules::Constraint::{AtLeast, Choice, Form, OrScalarUnder};
use super::rules::Rules;
use super::steps::JOB_STATES;

const ALWAYS: &str = "A job that always runs does not look at the changed files.";
const TRIGGERS: &str =
    "trigger and rerun_command are given together: what starts the job, and what people are told to write.";

/// Adds the rules.
pub fn add(rules: &mut Rules) {
    // Kept by people in files that hold nothing but comments.
    rules.of("job.JobConfig").or_blank();
    rules.of("job.Preset").items("env", OrScalarUnder("value"));
    rules.of("job.JobConfig").keys("presubmits", Form(&ORG_REPO)).keys("postsubmits", Form(&ORG_REPO));
    rules.of("job.JobBase").field("name", Form(&JOB_NAME)).field("max_concurrency", AtLeast(0)).field(
        "agent",
        Choice(&[
            ("kubernetes", "a pod, the default"),
            ("tekton-pipeline", "a pipeline run of Tekton"),
            ("jenkins", "a job of Jenkins"),
        ]),
    );
    for job in ["job.Presubmit", "job.Postsubmit", "job.Periodic"] {
        rules.of(job).require(&["name"]);
    }
    rules.of("job.Presubmit").excludes("always_run", &["run_if_changed", "skip_if_only_changed"], ALWAYS);
    rules.of("job.Presubmit").needs("trigger", &["rerun_command"], TRIGGERS).needs(
        "rerun_command",
        &["trigger"],
        TRIGGERS,
    );
    rules.of("job.Postsubmit").excludes("always_run", &["run_if_changed", "skip_if_only_changed"], ALWAYS);
    rules
        .of("job.RegexpChangeMatcher")
        .at_most_one(&["run_if_changed", "skip_if_only_changed"], super::config::ONE_FILTER);
    rules.of("job.Periodic").field("cron", Form(&CRON)).each(&["interval", "minimum_interval"], Form(&SPAN)).one_of(
        &["cron", "interval", "minimum_interval"],
        "A periodic has one of cron, interval and minimum_interval.",
    );
    rules.of("decoration.SlackReporterConfig").items("job_states_to_report", JOB_STATES);
    rules.of("decoration.GCSConfiguration").field(
        "path_strategy",
        Choice(&[
            ("explicit", "org and repo always show"),
            ("legacy", "default_org and default_repo are left out"),
            ("single", "org and repo are left out where both are the default"),
        ]),
    );
    rules.of("decoration.Refs").require(&["org", "repo"]).field("clone_depth", AtLeast(0));
}
