//! Branches of jobs as patterns.
//!
//! A branch that is a plain name becomes a pattern: of itself and of its feature branches for presubmits, of itself only
//! for postsubmits. Generated jobs have patterns already, so mostly nothing is to be done.

use std::collections::BTreeSet;

use crate::model::identity::{exactly_branch, feature_branch, is_simple_branch};

/// Makes a presubmit's branches patterns, sorted and each once.
pub(super) fn presubmit_branches(branches: &mut Vec<String>) {
    let settled =
        branches.is_sorted_by(|left, right| left < right) && !branches.iter().any(|branch| is_simple_branch(branch));
    if !settled {
        let patterns: BTreeSet<String> =
            branches.iter().flat_map(|branch| [exactly_branch(branch), feature_branch(branch)]).collect();
        *branches = patterns.into_iter().collect();
    }
}

/// Makes a postsubmit's branches patterns, in their order.
pub(super) fn postsubmit_branches(branches: &mut [String]) {
    for branch in branches.iter_mut().filter(|branch| is_simple_branch(branch)) {
        *branch = exactly_branch(branch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presubmit(branches: &[&str]) -> Vec<String> {
        let mut branches: Vec<String> = branches.iter().map(ToString::to_string).collect();
        presubmit_branches(&mut branches);
        branches
    }

    #[test]
    fn presubmits_run_on_feature_branches_too() {
        assert_eq!(presubmit(&["release-4.1", "main"]), ["^main$", "^main-", r"^release-4\.1$", r"^release-4\.1-"]);
        assert_eq!(presubmit(&["main", "^main-", "x.*"]), ["^main$", "^main-", "x.*"]);
        assert_eq!(presubmit(&["^b$", "^a$", "^b$"]), ["^a$", "^b$"]);
        assert_eq!(presubmit(&["^a$", "^b$"]), ["^a$", "^b$"]);
        assert_eq!(presubmit(&[""]), [""]);
        assert_eq!(presubmit(&[]), Vec::<String>::new());
    }

    #[test]
    fn postsubmits_run_on_the_branch_only_and_keep_their_order() {
        let mut branches: Vec<String> = ["main", "a.b", "^main$", "x y", "main"].map(String::from).into();
        postsubmit_branches(&mut branches);
        assert_eq!(branches, ["^main$", r"^a\.b$", "^main$", "x y", "^main$"]);
    }
}
