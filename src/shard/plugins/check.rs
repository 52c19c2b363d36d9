//! What makes the configuration of plugins wrong, once it is merged and filled in.

use std::collections::BTreeSet;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::plugins::Configuration;
use crate::model::plugins::labels::RequireMatchingLabel;
use crate::model::plugins::projects::{ManagedColumn, ProjectManager};
use crate::model::scalar::Duration;
use crate::pattern;
use crate::shard::Source;
use crate::shard::part::{MOST_LOOKUPS, first_that, keys};
use crate::shard::prow::pattern_problem;

use super::updater;

rules! {
    PLUGIN_CONFIG = "plugin-config",
        "the configuration of Prow's plugins has a value that Prow refuses",
        "Prow does not load such a configuration, and goes on with the last one that was right.",
        "write what the message asks for; the page of the plugin on docs.prow.k8s.io describes its fields";
}

/// What is wrong in one file, by place and words.
pub type Problems = Vec<(KeyPath, String)>;

/// Findings about all files; the first of them is the main one.
pub fn all(sources: &[Source<'_>], config: &Configuration) -> Vec<Diagnostic> {
    let Some(main) = sources.first() else { return Vec::new() };
    let mut problems = Problems::new();
    expressions(config, &mut problems);
    let count = config.blunderbuss.request_count.unwrap_or_default();
    if count < 1 {
        let message = format!("invalid request_count: {count} (needs to be positive)");
        problems.push((keys(["blunderbuss", "request_count"]), message));
    }
    let size = &config.size;
    if ![size.s, size.m, size.l, size.xl, size.xxl].is_sorted() {
        let message = "invalid size plugin configuration - one of the smaller sizes is bigger than a larger one";
        problems.push((keys(["size"]), message.into()));
    }
    for (index, entry) in config.require_matching_label.iter().enumerate() {
        if let Some((key, why)) = matching_label(entry) {
            let message = format!("error validating require_matching_label config #{index}: {why}");
            problems.push((keys(["require_matching_label"]).item(index).key(key), message));
        }
    }
    projects(&config.project_manager, &mut problems);
    commit_messages(config, &mut problems);
    let mut findings: Vec<_> = problems
        .into_iter()
        .map(|(path, message)| main.finding(&PLUGIN_CONFIG, path, &*message).as_reference(message))
        .collect();
    findings.extend(updater::check(*main, &config.config_updater));
    findings.extend(plugins_twice(sources, config));
    findings.extend(repeated(sources, config));
    findings
}

fn expressions(config: &Configuration, problems: &mut Problems) {
    let mut expression = |path: KeyPath, pattern: &str, words: &str| {
        if let Some(why) = pattern_problem(pattern) {
            problems.push((path, format!("{words}error parsing regexp: {why}: {pattern:?}")));
        }
    };
    expression(keys(["sigmention", "regexp"]), &config.sigmention.regexp, "");
    let unapproved = &config.cherry_pick_unapproved.branchregexp;
    expression(keys(["cherry_pick_unapproved", "branchregexp"]), unapproved, "");
    for (index, entry) in config.cherry_pick_approved.iter().enumerate() {
        let path = keys(["cherry_pick_approved"]).item(index).key("branchregexp");
        expression(path, &entry.branchregexp, "");
    }
    for (index, entry) in config.blockades.iter().enumerate() {
        let path = keys(["blockades"]).item(index).key("branchregexp");
        let pattern = entry.branchregexp.as_deref().unwrap_or_default();
        expression(path, pattern, "failed to compile blockade branchregexp: ");
    }
    expression(keys(["heart", "commentregexp"]), &config.heart.commentregexp, "");
    for (index, entry) in config.require_matching_label.iter().enumerate() {
        let path = keys(["require_matching_label"]).item(index).key("regexp");
        expression(path, &entry.regexp, "failed to compile label regexp: ");
    }
    if let Some(status) = &config.blunderbuss.wait_for_status {
        let path = keys(["blunderbuss", "wait_for_status", "description"]);
        expression(path, &status.description, "failed to compile blunderbuss wait for context description: ");
    }
    for (index, entry) in config.require_matching_label.iter().enumerate() {
        if let Err(why) = Duration::parse(&entry.grace_period) {
            let path = keys(["require_matching_label"]).item(index).key("grace_period");
            problems.push((
                path,
                format!("failed to compile grace period duration: {:?}, error: {why}", entry.grace_period),
            ));
        }
    }
}

/// The key that is wrong, and why.
fn matching_label(entry: &RequireMatchingLabel) -> Option<(&'static str, &'static str)> {
    let own = || {
        let translated = pattern::translate(&entry.regexp).ok()?;
        Some(regex::Regex::new(&translated).ok()?.is_match(&entry.missing_label))
    };
    let wrong = if entry.org.is_empty() {
        ("org", "must specify 'org'")
    } else if entry.repo.contains('/') {
        ("repo", "'repo' may not contain '/'; specify the organization with 'org'")
    } else if entry.regexp.is_empty() {
        ("regexp", "must specify 'regexp'")
    } else if entry.missing_label.is_empty() {
        ("missing_label", "must specify 'missing_label'")
    } else if !entry.prs && !entry.issues {
        ("prs", "must specify 'prs: true' and/or 'issues: true'")
    } else if !entry.prs && !entry.branch.is_empty() {
        ("branch", "branch cannot be specified without `prs: true'")
    } else if own() == Some(true) {
        ("regexp", "'regexp' must not match 'missing_label'")
    } else {
        return None;
    };
    Some(wrong)
}

fn projects(manager: &ProjectManager, problems: &mut Problems) {
    for (name, managed) in &manager.orgs_repos {
        let path = keys(["project_manager", "orgsRepos", name]);
        if managed.projects.is_empty() {
            problems.push((path.clone(), format!("Org/repo: {name}, has no projects configured")));
        }
        for (project, board) in &managed.projects {
            let path = path.key("projects").key(project);
            let words = format!("Org/repo: {name}, project {project}");
            if board.columns.is_empty() {
                problems.push((path.clone(), format!("{words}, has no columns configured")));
            }
            let mut seen = BTreeSet::new();
            for (index, column) in board.columns.iter().enumerate() {
                if let Some(why) = column_problem(column, &mut seen) {
                    problems.push((path.key("columns").item(index), format!("{words}, column {}{why}", column.name)));
                }
            }
        }
    }
}

fn column_problem<'c>(column: &'c ManagedColumn, seen: &mut BTreeSet<BTreeSet<&'c str>>) -> Option<&'static str> {
    let labels: BTreeSet<&str> = column.labels.iter().map(String::as_str).collect();
    if column.id.is_none() && column.name.is_empty() {
        Some(", has no name/id configured")
    } else if column.labels.is_empty() {
        Some(", has no labels configured")
    } else if column.org.is_empty() {
        Some(", has no org configured")
    } else if !seen.insert(labels) {
        Some(" has same labels configured as another column")
    } else {
        None
    }
}

fn commit_messages(config: &Configuration, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (index, entry) in config.invalid_commit_msg.iter().enumerate() {
        let path = keys(["invalid_commit_msg"]).item(index);
        let wrong = format!("error validating invalid_commit_msg config #{index}");
        for (at, repo) in entry.repos.iter().enumerate() {
            let path = path.key("repos").item(at);
            if repo.trim().is_empty() {
                problems.push((path.clone(), format!("{wrong}: repo {repo:?} must be of form org or org/repo")));
            }
            if !seen.insert(repo) {
                problems.push((path, twice(repo)));
            }
        }
        for (at, check) in entry.checks.iter().enumerate() {
            let path = path.key("checks").item(at).key("name");
            let wrong = format!("{wrong} check #{at}");
            if check.name.trim().is_empty() {
                problems.push((path, format!("{wrong}: check name cannot be empty")));
            } else if !matches!(check.name.as_str(), "fixupPrefix" | "issueClosingKeywords") {
                let known = "(valid: [fixupPrefix issueClosingKeywords])";
                problems.push((path, format!("{wrong}: unknown check name {:?} {known}", check.name)));
            }
        }
    }
}

/// The reference's words, whichever plugin it is about.
fn twice(name: &str) -> String {
    let kind = if name.contains('/') { "repo" } else { "org" };
    format!("The {kind} {name:?} is duplicated in the 'welcome' plugin configuration.")
}

/// Plugins that a repository has from its organisation already.
fn plugins_twice(sources: &[Source<'_>], config: &Configuration) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut add = |path: KeyPath, message: String, has: &dyn Fn(&Configuration) -> bool| {
        let searched = if findings.len() < MOST_LOOKUPS { sources } else { &[] };
        let source = first_that(searched, has).or_else(|| sources.first().copied());
        let fix = "name the plugin in one place, or except the repository from the organisation";
        findings.extend(source.map(|source| source.finding(&PLUGIN_CONFIG, path, message).fix(fix)));
    };
    for (name, plugins) in config.plugins.iter() {
        let mut parts = name.split('/');
        let (Some(org), Some(repo)) = (parts.next(), parts.next()) else { continue };
        let Some(of_org) = config.plugins.get(org) else { continue };
        if of_org.excluded_repos.iter().any(|excluded| excluded == repo) {
            continue;
        }
        let both: Vec<&str> = common(plugins.plugins.iter(), of_org.plugins.iter());
        if !both.is_empty() {
            let message = format!("plugins [{}] are duplicated for {repo} and {org}", both.join(" "));
            add(keys(["plugins", name]), message, &|config| config.plugins.contains_key(name));
        }
    }
    for (name, plugins) in &config.external_plugins {
        let Some((org, _)) = name.split_once('/') else { continue };
        let Some(of_org) = config.external_plugins.get(org) else { continue };
        let both = common(plugins.iter().map(|it| &it.name), of_org.iter().map(|it| &it.name));
        if !both.is_empty() {
            let words = "invalid plugin configuration: external plugins";
            let message = format!("{words} [{}] are duplicated for {name} and {org}", both.join(" "));
            add(keys(["external_plugins", name]), message, &|config| config.external_plugins.contains_key(name));
        }
    }
    findings
}

fn common<'n>(left: impl Iterator<Item = &'n String>, right: impl Iterator<Item = &'n String>) -> Vec<&'n str> {
    let right: BTreeSet<&str> = right.map(String::as_str).collect();
    left.map(String::as_str).filter(|name| right.contains(name)).collect()
}

/// Repositories that `approve` or `welcome` have twice, in one file or several.
fn repeated(sources: &[Source<'_>], config: &Configuration) -> Vec<Diagnostic> {
    type Lists = fn(&Configuration) -> Vec<&Vec<String>>;
    let sections: [(&str, Lists); 2] = [
        ("approve", |config| config.approve.iter().map(|entry| &entry.repos).collect()),
        ("welcome", |config| config.welcome.iter().map(|entry| &entry.repos).collect()),
    ];
    let mut findings = Vec::new();
    for (key, lists) in sections {
        let mut seen = BTreeSet::new();
        for name in lists(config).into_iter().flatten() {
            if seen.insert(name) {
                continue;
            }
            if findings.len() >= MOST_LOOKUPS {
                findings
                    .extend(sources.first().map(|main| Diagnostic::of_file(main.file, PLUGIN_CONFIG.id, twice(name))));
                continue;
            }
            // The last of the files is where the repetition is.
            let has = |config: &Configuration| lists(config).into_iter().flatten().any(|other| other == name);
            let holders: Vec<Source<'_>> =
                sources.iter().copied().filter(|it| first_that(&[*it], has).is_some()).collect();
            let Some(last) = holders.last() else { continue };
            let finding = last.finding(&PLUGIN_CONFIG, keys([key]), format!("{key}: {}", twice(name)));
            findings.push(match holders.first().filter(|first| first.file != last.file) {
                Some(first) => finding.because(format!("{} has it as well", first.file)).fix("keep one of the two"),
                None => finding.fix("keep one of the two"),
            });
        }
    }
    findings
}
