//! One config for each branch and variant: a branch is looked up among all configs of its repository, where it has to be
//! found once.
//!
//! A config is for its branch and for the feature branches made from it, whose names go on after a dash; a branch that is
//! no plain name is a pattern. What counts is the metadata in the configs, not their paths.

use std::collections::BTreeMap;

use regex::RegexSet;

use super::finding::{Finding, MOST_PLACES, Stage, Subject};
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::Metadata;
use crate::model::identity::is_simple_branch;
use crate::pattern;

rules! {
    INVALID_BRANCH_PATTERN = "invalid-branch-pattern",
        "the branch of a config is no plain name and no regular expression either",
        "No config of the repository can be looked up as long as one branch cannot be read.",
        "write a branch name, or a pattern that Go's regexp package takes";
    UNMATCHED_BRANCH = "unmatched-branch",
        "no config is for the branch that the metadata name",
        "A branch that is a pattern must match itself, or nobody finds the config by it.",
        "name one branch; keep a pattern only where it matches its own text";
    OVERLAPPING_BRANCHES = "overlapping-branches",
        "two configs are for the same branch and variant",
        "A branch `main` is taken for `main-x` as well, so nobody can tell which config to use for that.",
        "give one of them a variant, or name the branches so that none begins with another and a dash";
}

/// Checks the branches of configs, all that there are: findings by the number of the config.
pub fn check_branches(all: &[&Metadata]) -> Vec<(usize, Finding)> {
    let mut repositories: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (number, metadata) in all.iter().enumerate() {
        repositories.entry((&metadata.org, &metadata.repo)).or_default().push(number);
    }
    let mut found = Vec::new();
    for numbers in repositories.into_values() {
        check_repository(all, &numbers, &mut found);
    }
    found
}

fn path() -> KeyPath {
    KeyPath::root().key("zz_generated_metadata").key("branch")
}

/// The branches that a config is for.
enum Branches<'c> {
    /// A branch and its feature branches.
    Plain(&'c str),
    Pattern(RegexSet),
}

impl<'c> Branches<'c> {
    fn of(branch: &'c str) -> Result<Self, String> {
        if is_simple_branch(branch) {
            return Ok(Self::Plain(branch));
        }
        let translated = pattern::translate(branch)?;
        pattern::set(&[translated]).map(Self::Pattern)
    }

    fn include(&self, branch: &str) -> bool {
        match self {
            Self::Plain(name) => branch.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            Self::Pattern(pattern) => pattern.is_match(branch),
        }
    }
}

fn check_repository(all: &[&Metadata], numbers: &[usize], found: &mut Vec<(usize, Finding)>) {
    let members: Vec<(usize, &Metadata)> =
        numbers.iter().filter_map(|number| all.get(*number).map(|metadata| (*number, *metadata))).collect();
    let mut readable = Vec::with_capacity(members.len());
    let mut broken = None;
    for (number, metadata) in &members {
        match Branches::of(&metadata.branch) {
            Ok(branches) => readable.push((*number, *metadata, branches)),
            Err(reason) => broken = broken.or(Some((*number, *metadata, reason))),
        }
    }
    if let Some((at, metadata, reason)) = broken {
        let words = pattern::in_words_of_go(&metadata.branch, &reason);
        let message = format!("could not compile regex for {}@{}: {words}", metadata.org_repo(), metadata.branch);
        for (number, _) in members {
            let finding = Finding::of_rule(Stage::Match, &INVALID_BRANCH_PATTERN, path(), &*message);
            let finding =
                if number == at { finding } else { finding.and(Subject::Config(at), path(), "this is the pattern") };
            found.push((number, finding));
        }
        return;
    }
    for (number, metadata) in members {
        let is_for = |other: &&(usize, &Metadata, Branches<'_>)| {
            other.1.variant == metadata.variant && other.2.include(&metadata.branch)
        };
        let matching: Vec<usize> = readable.iter().filter(is_for).map(|(other, ..)| *other).collect();
        let said = |what: &str| format!("{what} for branch {} on repo {}", metadata.branch, metadata.org_repo());
        let finding = match matching.len() {
            1 => continue,
            0 => Finding::of_rule(Stage::Match, &UNMATCHED_BRANCH, path(), said("could not find any config")),
            _ => {
                let message = said("found more than one matching config");
                let finding = Finding::of_rule(Stage::Match, &OVERLAPPING_BRANCHES, path(), message);
                matching.iter().filter(|other| **other != number).take(MOST_PLACES).fold(finding, |finding, other| {
                    finding.and(Subject::Config(*other), path(), "this config is for the branch as well")
                })
            }
        };
        found.push((number, finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(branches: &[(&str, &str)]) -> Vec<(usize, String)> {
        let all: Vec<Metadata> = branches
            .iter()
            .map(|(branch, variant)| Metadata {
                org: "o".into(),
                repo: "r".into(),
                branch: (*branch).into(),
                variant: (*variant).into(),
            })
            .collect();
        let found = check_branches(&all.iter().collect::<Vec<_>>());
        found.into_iter().map(|(number, finding)| (number, finding.violation.message)).collect()
    }

    #[test]
    fn a_feature_branch_belongs_to_two() {
        let said = "found more than one matching config for branch main-x on repo o/r".to_owned();
        assert_eq!(messages(&[("main", ""), ("main-x", ""), ("main-x", "v"), ("mainly", "")]), [(1, said)]);
    }

    #[test]
    fn a_pattern_must_match_itself() {
        let said = |branch| format!("could not find any config for branch {branch} on repo o/r");
        assert_eq!(messages(&[("^main$", ""), ("release-.*", "")]), [(0, said("^main$"))]);
        assert_eq!(messages(&[("", ""), ("x", "v")]), []);
    }

    #[test]
    fn one_broken_pattern_is_told_of_every_config() {
        let said = "could not compile regex for o/r@main(: error parsing regexp: missing closing ): `main(`".to_owned();
        assert_eq!(messages(&[("main", ""), ("main(", "")]), [(0, said.clone()), (1, said)]);
    }
}
