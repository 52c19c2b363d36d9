//! What Prow's configuration says in vain: policies of branches that it leaves alone, webhooks twice, links that are none.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::prow::ProwConfig;
use crate::model::prow::protection::{BranchProtection, Org, Policy, Repo};
use crate::shard::address;

use super::Settings;
use super::places::Places;

rules! {
    UNMANAGED = warning "unmanaged-with-settings", "branches that Prow leaves alone have a policy all the same",
        "Prow does not look at the policy, though it reads as if the branches were protected like that.",
        "remove the policy, or unmanaged: true; a part that is to be managed all the same needs unmanaged: false";
    WEBHOOKS = warning "webhook-of-org-and-repo", "an organisation has a webhook and one of its repositories another",
        "Events of the repository arrive twice, and everything that answers them happens twice.",
        "keep the webhook of the organisation or those of its repositories";
    LINK = warning "status-link-broken", "status_error_link is no address",
        "It is where people are sent from a Jenkins job that cannot be found.",
        "write an address such as https://example.com/help";
}

/// Looks for webhooks of organisations and their repositories.
pub fn webhooks(settings: &Settings, prow: &ProwConfig, places: &Places<'_>) -> Vec<Diagnostic> {
    if !settings.options.wants("managed-webhooks") {
        return Vec::new();
    }
    let hooks = &prow.managed_webhooks.org_repo_config;
    let of_both = |name: &&String| name.split_once('/').is_some_and(|(org, _)| hooks.contains_key(org));
    let finding = |name: &String| {
        let reference = format!(
            "org-level and repo-level webhooks are configured together for {name:?}, which is not allowed as there will be \
             duplicated webhook events"
        );
        let path = KeyPath::root().key("managed_webhooks").key("org_repo_config").name(name);
        places.put(settings.finding(&WEBHOOKS, places.main(), reference), &[path])
    };
    hooks.keys().filter(of_both).map(finding).collect()
}

/// Looks at the page for errors.
pub fn links(settings: &Settings, prow: &ProwConfig, places: &Places<'_>) -> Vec<Diagnostic> {
    let link = &prow.status_error_link;
    if !settings.options.wants("validate-urls") || address::problem(link).is_none() {
        return Vec::new();
    }
    let reference = format!("status_error_link is not a valid url: {link}");
    let finding = settings.finding(&LINK, places.main(), reference);
    vec![places.put(finding, &[KeyPath::root().key("status_error_link")])]
}

fn has_settings(policy: &Policy) -> bool {
    Policy { unmanaged: None, ..policy.clone() } != Policy::default()
}

fn is_managed(policy: &Policy) -> bool {
    policy.unmanaged == Some(false)
}

fn has_managed_branches(repo: &Repo) -> bool {
    repo.branches.values().any(|branch| is_managed(&branch.policy))
}

fn has_managed_repos(org: &Org) -> bool {
    org.repos.values().any(|repo| is_managed(&repo.policy))
}

/// Looks for policies of branches that are left alone.
pub fn unmanaged(settings: &Settings, protection: &BranchProtection, places: &Places<'_>) -> Vec<Diagnostic> {
    if !settings.options.wants("validate-unmanaged-branchconfig-has-no-subconfig") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut add = |path: KeyPath, reference: String| {
        found.push(places.put(settings.finding(&UNMANAGED, places.main(), reference), &[path]));
    };
    let top = KeyPath::root().key("branch-protection");
    if protection.policy.unmanaged == Some(true) {
        everywhere(protection, &top, &mut add);
    }
    for (name, org) in &protection.orgs {
        let path = top.key("orgs").key(name);
        if org.policy.unmanaged == Some(true) {
            let managed = has_managed_repos(org) || org.repos.values().any(has_managed_branches);
            if has_settings(&org.policy) && !managed {
                let words =
                    format!("branch protection config for org {name} is set to unmanaged, but it defines settings");
                add(path.key("unmanaged"), words);
            }
            for (repo, _) in org.repos.iter().filter(|(_, repo)| !has_managed_branches(repo)) {
                let reference = format!(
                    "branch protection config for repo {name}/{repo} is defined, but branch protection is unmanaged for org \
                     {name} without setting the repo to unmanaged: false"
                );
                add(path.key("repos").name(repo), reference);
            }
        }
        for (repo_name, repo) in &org.repos {
            of_repo(name, repo_name, repo, &path.key("repos").key(repo_name), &mut add);
        }
    }
    found
}

fn everywhere(protection: &BranchProtection, top: &KeyPath, add: &mut dyn FnMut(KeyPath, String)) {
    let mut orgs = protection.orgs.values();
    let managed = orgs
        .any(|org| is_managed(&org.policy) || has_managed_repos(org) || org.repos.values().any(has_managed_branches));
    if has_settings(&protection.policy) && !managed {
        add(top.key("unmanaged"), "branch protection is globally set to unmanaged, but has configuration".into());
    }
    for (name, _) in protection.orgs.iter().filter(|(_, org)| !has_managed_repos(org)) {
        let reference = format!(
            "branch protection config is globally set to unmanaged but has configuration for org {name} without setting the \
             org to unmanaged: false"
        );
        add(top.key("orgs").name(name), reference);
    }
}

fn of_repo(org: &str, name: &str, repo: &Repo, path: &KeyPath, add: &mut dyn FnMut(KeyPath, String)) {
    if repo.policy.unmanaged == Some(true) {
        if has_settings(&repo.policy) && !has_managed_branches(repo) {
            let words = "is set to unmanaged, but it defines settings";
            add(path.key("unmanaged"), format!("branch protection config for repo {org}/{name} {words}"));
        }
        for (branch, _) in repo.branches.iter().filter(|(_, branch)| !is_managed(&branch.policy)) {
            let reference = format!(
                "branch protection for repo {org}/{name} is set to unmanaged, but it defines settings for branch {branch} \
                 without setting the branch to unmanaged: false"
            );
            add(path.key("branches").name(branch), reference);
        }
    }
    for (branch, policy) in repo.branches.iter().map(|(name, branch)| (name, &branch.policy)) {
        if policy.unmanaged == Some(true) && has_settings(policy) {
            let words = "is set to unmanaged but defines settings";
            let reference = format!("branch protection config for branch {branch} in repo {org}/{name} {words}");
            add(path.key("branches").key(branch).key("unmanaged"), reference);
        }
    }
}
