//! Filters on changed files, wherever a file has them: expressions that do not compile, that no path can match, or that
//! every path matches.

use super::Linter;
use super::findings::Findings;
use super::patterns::is_plain;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{Bundle, ImageConfiguration, ReleaseBuildConfiguration, TestStepConfiguration};
use crate::validate::quoted;

rules! {
    BROKEN_CHANGE_PATTERN = warning "broken-change-pattern",
        "a filter on changed files is no regular expression",
        "Prow refuses all job files because of the job that is made of it, and goes on with those that it had before.",
        "correct the pattern; the syntax is Go's, which has neither look-around nor back references";
    UNMATCHABLE_CHANGE_PATTERN = warning "unmatchable-change-pattern",
        "a filter on changed files can match no path",
        "The job never starts by itself, or is never skipped, whatever a change touches.",
        "put ^ before and $ after all of the path; paths begin with neither / nor ./";
    SKIP_OF_EVERYTHING = warning "skip-of-everything",
        "a filter skips the job whatever changed",
        "The job never starts by itself, and the filter was meant to leave something over.",
        "leave out what matches everything: an empty alternative, .* alone, an optional group";
}

/// What a filter does with a change that it matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Runs,
    Skips,
}

impl Linter {
    /// Checks the filters of a config.
    pub(super) fn check_filters(&self, config: &ReleaseBuildConfiguration, out: &mut Findings) {
        let root = KeyPath::root;
        self.check_image_filters(&config.images, out);
        for (index, test) in config.tests.iter().enumerate() {
            self.check_test_filters(test, &|| root().key("tests").item(index), out);
        }
        for (index, test) in raw_tests(config) {
            self.check_test_filters(test, &|| root().key("raw_steps").item(index).key("test_step"), out);
        }
        let bundles = config.operator.iter().flat_map(|operator| operator.bundles.iter().enumerate());
        for (index, Bundle { run_if_changed, skip_if_only_changed, .. }) in bundles {
            let place = || root().key("operator").key("bundles").item(index);
            self.check_pair(
                "run_if_changed",
                run_if_changed,
                "skip_if_only_changed",
                skip_if_only_changed,
                &place,
                out,
            );
        }
    }

    fn check_image_filters(&self, images: &ImageConfiguration, out: &mut Findings) {
        let place = || KeyPath::root().key("images");
        let (run, skip) = (&images.run_if_changed, &images.skip_if_only_changed);
        self.check_pair("run_if_changed", run, "skip_if_only_changed", skip, &place, out);
        let (run, skip) = (&images.pipeline_run_if_changed, &images.pipeline_skip_if_only_changed);
        self.check_pair("pipeline_run_if_changed", run, "pipeline_skip_if_only_changed", skip, &place, out);
    }

    fn check_test_filters(&self, test: &TestStepConfiguration, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        let (run, skip) = (&test.run_if_changed, &test.skip_if_only_changed);
        self.check_pair("run_if_changed", run, "skip_if_only_changed", skip, place, out);
        let (run, skip) = (&test.pipeline_run_if_changed, &test.pipeline_skip_if_only_changed);
        self.check_pair("pipeline_run_if_changed", run, "pipeline_skip_if_only_changed", skip, place, out);
    }

    /// Checks two filters at a place, of which one runs a job and the other skips it.
    pub(super) fn check_pair(
        &self,
        run_key: &str,
        run: &str,
        skip_key: &str,
        skip: &str,
        place: &dyn Fn() -> KeyPath,
        out: &mut Findings,
    ) {
        for (key, text, effect) in [(run_key, run, Effect::Runs), (skip_key, skip, Effect::Skips)] {
            if !text.is_empty() && !is_plain(text) {
                self.check_filter(text, effect, &|| place().key(key), out);
            }
        }
    }

    fn check_filter(&self, text: &str, effect: Effect, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        let facts = self.patterns.facts(text);
        let outcome = match effect {
            Effect::Runs => "no change starts the job",
            Effect::Skips => "no change lets the job be skipped",
        };
        let shown = quoted(text);
        if let Some(problem) = &facts.problem {
            out.add(&BROKEN_CHANGE_PATTERN, place(), format!("{shown} is no regular expression: {problem}"));
        } else if facts.matches_nothing {
            let message = format!("{shown} matches no path, because text is asked for before ^ or after $: {outcome}");
            out.add(&UNMATCHABLE_CHANGE_PATTERN, place(), message);
        } else if facts.is_rooted {
            let message = format!("{shown} matches no path, because paths begin with neither / nor ./: {outcome}");
            out.add(&UNMATCHABLE_CHANGE_PATTERN, place(), message);
        } else if facts.matches_everything && effect == Effect::Skips {
            out.add(&SKIP_OF_EVERYTHING, place(), format!("{shown} matches every path: the job is always skipped"));
        }
    }
}

/// The tests among the steps that are spelt out, by position.
pub(super) fn raw_tests(config: &ReleaseBuildConfiguration) -> impl Iterator<Item = (usize, &TestStepConfiguration)> {
    config.raw_steps.iter().enumerate().filter_map(|(index, step)| Some((index, step.test_step.as_ref()?)))
}
