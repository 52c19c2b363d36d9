//! Supplemental files merged into the main one: what they may not hold, and what two of them may not both say.

use std::collections::btree_map::Entry;
use std::mem::take;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::prow::ProwConfig;
use crate::model::prow::protection::{Branch, BranchProtection, Org, Policy, Repo};
use crate::shard::Source;
use crate::shard::part::{Conflicts, NOT_MERGEABLE, keys, left_over};
use crate::yaml::convert::equal_fold;
use crate::yaml::record::Fields;

/// Takes what can be merged out of a supplemental file's configuration. What then is left, be it an empty list, is a
/// finding, as with the reference.
pub fn mergeable(
    source: Source<'_>,
    config: &mut ProwConfig,
    empties: &[Vec<String>],
) -> Result<ProwConfig, Vec<Diagnostic>> {
    let mut mergeable = ProwConfig {
        branch_protection: take(&mut config.branch_protection),
        slack_reporter_configs: take(&mut config.slack_reporter_configs),
        ..ProwConfig::default()
    };
    let (github, from) = (&mut mergeable.tide.github, &mut config.tide.github);
    github.queries = take(&mut from.queries);
    github.merge_method = take(&mut from.merge_method);
    let is = |way: &[String], index: usize, name: &str| way.get(index).is_some_and(|key| equal_fold(key, name));
    let allowed = |way: &[String]| {
        is(way, 0, "branch-protection")
            || is(way, 0, "slack_reporter_configs")
            || is(way, 0, "tide") && (is(way, 1, "merge_method") || is(way, 1, "queries"))
    };
    let found = left_over(config, empties, allowed);
    let finding = |path: KeyPath| {
        let message = format!(
            "only 'branch-protection', 'slack_reporter_configs', 'tide.merge_method' and 'tide.queries' may be set via \
             additional config, and not {path}"
        );
        source.finding(&NOT_MERGEABLE, path, message).fix("move it into _config.yaml")
    };
    if found.is_empty() { Ok(mergeable) } else { Err(found.into_iter().map(finding).collect()) }
}

/// Merges one file into the others. Notes what both say and may not.
pub fn merge(config: &mut ProwConfig, additional: ProwConfig, conflicts: &mut Conflicts<'_, '_, ProwConfig>) {
    merge_protection(&mut config.branch_protection, additional.branch_protection, conflicts);
    config.tide.github.queries.extend(additional.tide.github.queries);
    for (name, method) in additional.tide.github.merge_method {
        match config.tide.github.merge_method.entry(name) {
            Entry::Vacant(place) => drop(place.insert(method)),
            Entry::Occupied(there) => {
                let name = there.key();
                let message = format!("failed to merge tide config: {}", passed_twice(name));
                let path = keys(["tide", "merge_method", name]);
                conflicts.note(path, message, |config| config.tide.github.merge_method.contains_key(name));
            }
        }
    }
    for (name, reporter) in additional.slack_reporter_configs {
        match config.slack_reporter_configs.entry(name) {
            Entry::Vacant(place) => drop(place.insert(reporter)),
            Entry::Occupied(there) => {
                let name = there.key();
                let message = format!("failed to merge slack-reporter config: {}", passed_twice(name));
                let path = keys(["slack_reporter_configs", name]);
                conflicts.note(path, message, |config| config.slack_reporter_configs.contains_key(name));
            }
        }
    }
}

fn passed_twice(name: &str) -> String {
    format!("config for org or repo {name} passed more than once")
}

fn is_set(policy: &Policy) -> bool {
    !policy.is_zero()
}

fn merge_protection(
    into: &mut BranchProtection,
    from: BranchProtection,
    conflicts: &mut Conflicts<'_, '_, ProwConfig>,
) {
    let top = || keys(["branch-protection"]);
    if is_set(&into.policy) && is_set(&from.policy) {
        conflicts.note(top(), "both branchprotection configs set a top-level policy".into(), |config| {
            is_set(&config.branch_protection.policy)
        });
    } else if is_set(&from.policy) {
        into.policy = from.policy;
    }
    let mut flag =
        |name: &str, into: &mut Option<bool>, from: Option<bool>, of: fn(&BranchProtection) -> Option<bool>| {
            if into.is_some() && from.is_some() {
                let message = format!("both branchprotection configs set {name}");
                conflicts.note(top().key(name), message, |config| of(&config.branch_protection).is_some());
            } else if from.is_some() {
                *into = from;
            }
        };
    flag("protect-tested-repos", &mut into.protect_tested_repos, from.protect_tested_repos, |it| {
        it.protect_tested_repos
    });
    flag("allow_disabled_policies", &mut into.allow_disabled_policies, from.allow_disabled_policies, |it| {
        it.allow_disabled_policies
    });
    let jobs = from.allow_disabled_job_policies;
    flag("allow_disabled_job_policies", &mut into.allow_disabled_job_policies, jobs, |it| {
        it.allow_disabled_job_policies
    });
    let optional = from.protect_repos_with_optional_jobs;
    flag("protect_repos_with_optional_jobs", &mut into.protect_repos_with_optional_jobs, optional, |it| {
        it.protect_repos_with_optional_jobs
    });
    for (name, org) in from.orgs {
        merge_org(&name, into.orgs.entry(name.clone()).or_default(), org, conflicts);
    }
}

fn merge_org(name: &str, into: &mut Org, from: Org, conflicts: &mut Conflicts<'_, '_, ProwConfig>) {
    let path = keys(["branch-protection", "orgs", name]);
    if is_set(&into.policy) && is_set(&from.policy) {
        let message = format!("both branchprotection configs define a policy for org {name}");
        conflicts.note(path.clone(), message, |config| of_org(config, name).is_some_and(|org| is_set(&org.policy)));
    } else if !is_set(&into.policy) {
        into.policy = from.policy;
    }
    for (repo, value) in from.repos {
        merge_repo([name, &repo], into.repos.entry(repo.clone()).or_default(), value, conflicts);
    }
}

fn merge_repo(at @ [org, name]: [&str; 2], into: &mut Repo, from: Repo, conflicts: &mut Conflicts<'_, '_, ProwConfig>) {
    let path = keys(["branch-protection", "orgs", org, "repos", name]);
    if is_set(&into.policy) && is_set(&from.policy) {
        let message = format!("both branchprotection configs define a policy for repo {org}/{name}");
        conflicts.note(path.clone(), message, |config| of_repo(config, at).is_some_and(|repo| is_set(&repo.policy)));
    } else if !is_set(&into.policy) {
        into.policy = from.policy;
    }
    for (branch, Branch { policy }) in from.branches {
        let branches = into.branches.entry(branch.clone()).or_default();
        if is_set(&branches.policy) && is_set(&policy) {
            let message =
                format!("both branchprotection configs define a policy for branch {branch} in repo {org}/{name}");
            conflicts.note(path.key("branches").key(&branch), message, |config| {
                let there = of_repo(config, at).and_then(|repo| repo.branches.get(&branch));
                there.is_some_and(|branch| is_set(&branch.policy))
            });
        } else if !is_set(&branches.policy) {
            branches.policy = policy;
        }
    }
}

fn of_org<'c>(config: &'c ProwConfig, org: &str) -> Option<&'c Org> {
    config.branch_protection.orgs.get(org)
}

fn of_repo<'c>(config: &'c ProwConfig, [org, repo]: [&str; 2]) -> Option<&'c Repo> {
    of_org(config, org)?.repos.get(repo)
}
