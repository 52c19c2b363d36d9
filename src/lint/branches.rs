//! The branches that jobs are for: expressions that do not compile or match no branch, and jobs that skip every branch
//! that they are for.

use super::Linter;
use super::findings::Findings;
use super::patterns::is_plain;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{Metadata, ReleaseBuildConfiguration, TestStepConfiguration};
use crate::model::identity::is_simple_branch;
use crate::model::job::Brancher;
use crate::validate::quoted;

rules! {
    BROKEN_BRANCH_PATTERN = warning "broken-branch-pattern",
        "a branch that a job is for, or skips, is no regular expression",
        "Prow refuses all job files because of it, and goes on with the jobs that it had before.",
        "correct the expression; the syntax is Go's, which has neither look-around nor back references";
    UNMATCHABLE_BRANCH_PATTERN = warning "unmatchable-branch-pattern",
        "a branch that a job is for, or skips, can match no name",
        "The entry does nothing, and whoever wrote it believes that it does.",
        "put ^ before and $ after all of the name";
    ALL_BRANCHES_SKIPPED = warning "all-branches-skipped",
        "a job skips every branch that it is for",
        "It never runs, because branches that are skipped win over those that it is for.",
        "remove the branch from skip_branches, or remove the job";
    OWN_BRANCH_SKIPPED = warning "own-branch-skipped",
        "a test skips the branch that its config is for",
        "The test is there and never runs on a pull request for this branch.",
        "remove the branch from skip_branches, or remove the test";
}

/// Branches that an expression matches, where that is plain.
enum Branches {
    Exactly(String),
    BeginningWith(String),
}

impl Branches {
    /// Reads `^NAME$` and `^NAME`, dots quoted.
    fn of(pattern: &str) -> Option<Self> {
        let inner = pattern.strip_prefix('^')?;
        let (inner, is_whole) = inner.strip_suffix('$').map_or((inner, false), |inner| (inner, true));
        let name = inner.replace("\\.", ".");
        let has_plain_dots = inner.matches('.').count() > inner.matches("\\.").count();
        if has_plain_dots
            || !name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | '/'))
        {
            return None;
        }
        Some(if is_whole { Self::Exactly(name) } else { Self::BeginningWith(name) })
    }
}

impl Linter {
    /// Checks the branches of a job.
    pub(super) fn check_brancher(&self, brancher: &Brancher, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
        for (key, list) in [("branches", &brancher.branches), ("skip_branches", &brancher.skip_branches)] {
            self.check_list(list, &|index| place().key(key).item(index), out);
        }
        if brancher.skip_branches.is_empty() {
            return;
        }
        let skips_all = |skip: &String| self.patterns.facts(skip).matches_everything;
        let is_for_none = if brancher.branches.is_empty() {
            brancher.skip_branches.iter().any(skips_all)
        } else {
            brancher.branches.iter().all(|branch| brancher.skip_branches.iter().any(|skip| self.covers(skip, branch)))
        };
        if is_for_none {
            let message = match brancher.branches.as_slice() {
                [] => "the job skips every branch".to_owned(),
                [branch] => format!("the job is for {} and skips it", quoted(branch)),
                branches => format!("the job is for {} branches and skips all of them", branches.len()),
            };
            let path = place().key("skip_branches");
            let path = if brancher.skip_branches.len() == 1 { path.item(0) } else { path };
            out.add(&ALL_BRANCHES_SKIPPED, path, message);
        }
    }

    fn check_list(&self, list: &[String], place: &dyn Fn(usize) -> KeyPath, out: &mut Findings) {
        for (index, text) in list.iter().enumerate().filter(|(_, text)| !is_plain(text)) {
            let facts = self.patterns.facts(text);
            let shown = quoted(text);
            if let Some(problem) = &facts.problem {
                let message = format!("{shown} is no regular expression: {problem}");
                out.add(&BROKEN_BRANCH_PATTERN, place(index), message);
            } else if facts.matches_nothing || facts.is_rooted {
                out.add(&UNMATCHABLE_BRANCH_PATTERN, place(index), format!("{shown} matches no branch"));
            }
        }
    }

    /// Whether an expression certainly matches all branches that another matches.
    fn covers(&self, skip: &str, branch: &str) -> bool {
        if skip == branch {
            return true;
        }
        let skips = self.patterns.facts(skip);
        skips.matches_everything
            || match Branches::of(branch) {
                Some(Branches::Exactly(name)) => skips.is_match(&name),
                Some(Branches::BeginningWith(beginning)) => skips.is_open && skips.is_match(&beginning),
                None => false,
            }
    }

    /// Checks the branches that the tests of a config skip.
    pub(super) fn check_skipped_branches(
        &self,
        config: &ReleaseBuildConfiguration,
        identity: &Metadata,
        out: &mut Findings,
    ) {
        for (number, test) in config.tests.iter().enumerate().filter(|(_, test)| !test.skip_branches.is_empty()) {
            let place = |index| KeyPath::root().key("tests").item(number).key("skip_branches").item(index);
            self.check_list(&test.skip_branches, &place, out);
            if !is_simple_branch(&identity.branch) || !runs_on_pull_requests(test) {
                continue;
            }
            let own = test.skip_branches.iter().position(|skip| self.patterns.facts(skip).is_match(&identity.branch));
            if let Some(index) = own {
                let message = format!("the test skips {}, which this config is for", quoted(&identity.branch));
                out.add(&OWN_BRANCH_SKIPPED, place(index), message);
            }
        }
    }
}

/// Whether a presubmit is made of a test; no other job looks at branches to skip.
fn runs_on_pull_requests(test: &TestStepConfiguration) -> bool {
    let by_the_clock =
        test.cron.is_some() || test.interval.is_some() || test.minimum_interval.is_some() || test.release_controller;
    !test.postsubmit && (!by_the_clock || test.presubmit)
}
