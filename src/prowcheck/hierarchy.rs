//! Supplemental files: each belongs into the directory of the organisation or repository that it is for.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;
use crate::model::plugins::Configuration;
use crate::model::prow::ProwConfig;
use crate::model::prow::protection::Policy;

use super::Settings;

rules! {
    TOO_DEEP = warning "supplement-too-deep", "a supplemental file lies deeper than that of a repository",
        "Who owns a file is told by its directory, and ORG/REPO is as deep as that goes.",
        "move it into the directory of its organisation or repository";
    MISPLACED = warning "supplement-misplaced", "a supplemental file says something of others than its directory is for",
        "The owners of one repository would decide about another, and nobody would look for it there.",
        "move what is for others into the files of their directories";
}

/// Whom a supplemental file is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// It says something for everybody.
    pub is_global: bool,
    /// Organisations.
    pub orgs: BTreeSet<String>,
    /// Repositories.
    pub repos: BTreeSet<String>,
}

impl Scope {
    fn add(&mut self, name: &str) {
        let list = if name.contains('/') { &mut self.repos } else { &mut self.orgs };
        list.insert(name.to_owned());
    }
}

/// Whom a file of Prow's configuration is for.
pub fn prow_scope(config: &ProwConfig) -> Scope {
    let protection = &config.branch_protection;
    let mut scope = Scope {
        is_global: protection.protect_tested_repos.is_some()
            || protection.allow_disabled_policies.is_some()
            || protection.allow_disabled_job_policies.is_some()
            || protection.protect_repos_with_optional_jobs.is_some()
            || protection.policy != Policy::default()
            || config.slack_reporter_configs.contains_key("*"),
        ..Scope::default()
    };
    for (name, org) in &protection.orgs {
        if org.policy != Policy::default() {
            scope.orgs.insert(name.clone());
        }
        scope.repos.extend(org.repos.keys().map(|repo| format!("{name}/{repo}")));
    }
    config.tide.github.merge_method.keys().for_each(|name| scope.add(name));
    for query in &config.tide.github.queries {
        scope.orgs.extend(query.orgs.iter().cloned());
        scope.repos.extend(query.repos.iter().cloned());
    }
    config.slack_reporter_configs.keys().filter(|name| *name != "*").for_each(|name| scope.add(name));
    scope
}

/// Whom a file of the plugins' configuration is for.
pub fn plugin_scope(config: &Configuration) -> Scope {
    let mut scope = Scope {
        is_global: config.bugzilla.default.is_given() || !config.label.additional_labels.is_empty(),
        ..Scope::default()
    };
    config.plugins.keys().for_each(|name| scope.add(name));
    for (name, org) in &config.bugzilla.orgs {
        if org.default.is_given() {
            scope.orgs.insert(name.clone());
        }
        scope.repos.extend(org.repos.keys().map(|repo| format!("{name}/{repo}")));
    }
    let lists = config.approve.iter().map(|it| &it.repos).chain(config.lgtm.iter().map(|it| &it.repos));
    let lists =
        lists.chain(config.triggers.iter().map(|it| &it.repos)).chain(config.welcome.iter().map(|it| &it.repos));
    lists.flatten().for_each(|name| scope.add(name));
    for name in config.label.restricted_labels.keys() {
        match name.as_str() {
            "*" => scope.is_global = true,
            name => scope.add(name),
        }
    }
    config.external_plugins.keys().for_each(|name| scope.add(name));
    scope
}

/// Holds a supplemental file, by its path and that of the directory of all, against whom it is for.
pub fn check(settings: &Settings, file: &str, root: &str, scope: &Scope) -> Option<Diagnostic> {
    if !settings.options.wants("validate-supplemental-prow-config-hierarchy") {
        return None;
    }
    let below = file.strip_prefix(root).unwrap_or(file).trim_start_matches('/');
    let parts: Vec<&str> = below.split('/').collect();
    let (orgs, repos, words) = match parts.as_slice() {
        [] | [_] => return None,
        [org, _] => ((*org).to_owned(), String::new(), format!("Must contain only config for org {org}")),
        [org, repo, _] => {
            let name = format!("{org}/{repo}");
            let words = format!("Must only contain config for repo {name}");
            (String::new(), name, words)
        }
        _ => {
            let reference = format!(
                "config {file} is at an invalid location. All configs must be below {root}. If they are org-specific, they \
                 must be in a folder named like the org. If they are repo-specific, they must be in a folder named like the \
                 repo below a folder named like the org."
            );
            return Some(settings.finding(&TOO_DEEP, file, reference));
        }
    };
    let own = |list: &BTreeSet<String>, name: &String| match name.is_empty() {
        true => list.is_empty(),
        false => list.len() == 1 && list.contains(name),
    };
    if !scope.is_global && own(&scope.orgs, &orgs) && own(&scope.repos, &repos) {
        return None;
    }
    let mut others: Vec<String> = Vec::new();
    if scope.is_global {
        others.push(" contains global config".into());
    }
    others.extend(scope.orgs.iter().filter(|it| **it != orgs).map(|org| format!(" contains config for org {org}")));
    others.extend(scope.repos.iter().filter(|it| **it != repos).map(|it| format!(" contains config for repo {it}")));
    let reference = format!("config {file} is invalid: {words}, but{}", others.join(" and"));
    Some(settings.finding(&MISPLACED, file, reference))
}
