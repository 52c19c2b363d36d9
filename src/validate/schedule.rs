//! Rules for when a test runs: on pull requests, after merges, by the clock, or for some changed files only.

use super::changes;
use super::cron::check_cron;
use super::duration::check_duration;
use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::TestStepConfiguration;

rules! {
    PRESUBMIT_WITHOUT_PERIODIC = "presubmit-without-periodic",
        "presubmit is set on a test that runs by no clock",
        "It makes a presubmit beside a periodic; this test is a presubmit anyway.",
        "remove presubmit, or add cron, interval or minimum_interval";
    PERIODIC_POSTSUBMIT = "periodic-postsubmit",
        "a postsubmit runs by the clock too",
        "A test makes a postsubmit or a periodic; the other would be missing without a word.",
        "keep postsubmit or the schedule, and make a second test of the other";
    OPTIONAL_POSTSUBMIT = "optional-postsubmit",
        "a postsubmit is optional",
        "A postsubmit runs after the merge and holds nothing up, so the field has no effect.",
        "remove optional";
    SEVERAL_SCHEDULES = "several-schedules",
        "more than one of cron, interval and minimum_interval is set",
        "A job has one schedule; the others would be ignored.",
        "keep one of cron, interval and minimum_interval";
    SCHEDULED_RELEASE_CONTROLLER_JOB = "scheduled-release-controller-job",
        "a job of the release controller has a schedule",
        "The release controller starts the job; it would run a second time by the clock.",
        "remove the schedule, or release_controller";
    FILTERED_PERIODIC = "filtered-periodic",
        "a periodic test has what only presubmits can have",
        "By the clock there is no change to look at, so the field would have no effect on the periodic.",
        "set presubmit: true to have both jobs, or remove the field";
    INVALID_INTERVAL = "invalid-interval",
        "an interval is not a length of time",
        "Prow would refuse the job, and with it all jobs of the file.",
        "write a number with a unit: 90m, 24h";
    INVALID_CRON = "invalid-cron",
        "cron is not a schedule",
        "Prow would refuse the job, and with it all jobs of the file.",
        "write five fields (minute, hour, day, month, weekday) or @daily, @weekly";
    EXCESSIVE_TIMEOUT = "excessive-timeout",
        "a job may run longer than three days",
        "Whatever runs for so long is stopped from outside, and its artifacts are lost.",
        "set a timeout of 72h or less";
}

const LONGEST_TIMEOUT_HOURS: i64 = 72;

/// Checks when a test runs.
pub fn check_schedule(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    check_kinds(test, place, out);
    check_clocks(test, place, out);
    let filters = [
        test.run_if_changed.as_str(),
        &test.skip_if_only_changed,
        &test.pipeline_run_if_changed,
        &test.pipeline_skip_if_only_changed,
    ];
    changes::check_filters(&changes::ALL, &filters, place, out);
    check_texts(test, place, out);
}

fn clocks(test: &TestStepConfiguration) -> [(&'static str, bool); 3] {
    [
        ("cron", test.cron.is_some()),
        ("interval", test.interval.is_some()),
        ("minimum_interval", test.minimum_interval.is_some()),
    ]
}

fn has_clock(test: &TestStepConfiguration) -> bool {
    test.cron.is_some() || test.interval.is_some() || test.minimum_interval.is_some()
}

fn check_kinds(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    if test.presubmit && !has_clock(test) && !test.release_controller {
        out.at(
            &PRESUBMIT_WITHOUT_PERIODIC,
            &place.silent("presubmit"),
            format_args!("`presubmit` can be used only for periodics"),
        );
    }
    if !test.postsubmit {
        return;
    }
    for (clock, is_set) in clocks(test) {
        if is_set {
            let message = format_args!("`{clock}` and `postsubmit` are mututally exclusive");
            out.at(&PERIODIC_POSTSUBMIT, &place.silent(clock), message);
        }
    }
    if test.optional {
        out.at(
            &OPTIONAL_POSTSUBMIT,
            &place.silent("optional"),
            format_args!("`optional` and `postsubmit` are mututally exclusive"),
        );
    }
}

fn check_clocks(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    if !has_clock(test) {
        return;
    }
    let [(_, cron), (_, interval), (_, minimum)] = clocks(test);
    for (first, second, both) in [
        ("interval", "cron", cron && interval),
        ("cron", "minimum_interval", cron && minimum),
        ("interval", "minimum_interval", interval && minimum),
    ] {
        if both {
            out.at(
                &SEVERAL_SCHEDULES,
                &place.silent(second),
                format_args!("`{first}` and `{second}` cannot both be set"),
            );
        }
    }
    if test.release_controller {
        for (clock, _) in clocks(test).into_iter().filter(|(_, is_set)| *is_set) {
            let message = format_args!("`{clock}` cannot be set for release controller jobs");
            out.at(&SCHEDULED_RELEASE_CONTROLLER_JOB, &place.silent(clock), message);
        }
    }
    let filters = [
        ("run_if_changed", !test.run_if_changed.is_empty()),
        ("skip_if_only_changed", !test.skip_if_only_changed.is_empty()),
        ("optional", test.optional),
    ];
    let mut set = filters.into_iter().filter(|(_, is_set)| *is_set).map(|(field, _)| field);
    if let Some(first) = set.next().filter(|_| !test.presubmit) {
        let message = format_args!(
            "`cron`/`interval`/`minimum_interval` are mutually exclusive with \
             `run_if_changed`/`skip_if_only_changed`/`optional`"
        );
        // Taking one of several filters away would be of no use.
        let clock = clocks(test).into_iter().find(|(_, is_set)| *is_set).map_or(first, |(clock, _)| clock);
        let place = place.silent(if set.next().is_some() { clock } else { first });
        out.at(&FILTERED_PERIODIC, &place, message);
    }
}

fn check_texts(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    for (key, text) in [("interval", &test.interval), ("minimum_interval", &test.minimum_interval)] {
        if let Some(text) = text
            && let Err(problem) = check_duration(text)
        {
            out.says(&INVALID_INTERVAL, &place.key(key), format_args!("{place}: cannot parse {key}: {problem}"));
        }
    }
    if let Some(text) = &test.cron
        && let Err(problem) = check_cron(text)
    {
        out.says(&INVALID_CRON, &place.key("cron"), format_args!("{place}: cannot parse cron: {problem}"));
    }
}

/// Checks how long a test may run.
pub fn check_timeout(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    const NANOSECONDS: i64 = LONGEST_TIMEOUT_HOURS * 3_600_000_000_000;
    if test.timeout.as_ref().is_some_and(|timeout| timeout.nanoseconds() > NANOSECONDS) {
        let message = format_args!("{place}: job timeout is limited to {LONGEST_TIMEOUT_HOURS}h0m0s");
        out.says(&EXCESSIVE_TIMEOUT, &place.key("timeout"), message);
    }
}
