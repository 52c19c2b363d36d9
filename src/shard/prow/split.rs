//! The way back: what belongs to one organisation or repository moves into a file of its own.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;
use crate::model::prow::ProwConfig;
use crate::model::prow::merge_method::MergeMethod;
use crate::model::prow::protection::{BranchProtection, Org};
use crate::model::prow::reports::SlackReporter;
use crate::model::prow::tide::TideQuery;
use crate::record;
use crate::shard::place::{misplaced, path_of, shards};
use crate::shard::{Shards, Source};
use crate::yaml::record::Fields;

rules! {
    LOST_MERGE_METHOD = warning "lost-merge-method",
        "a merge method has no place in the files of organisations and repositories",
        "Those files hold one method each, none for branches or '*', so this one is dropped when the configuration is split.",
        "give the repository one merge method";
}

/// The name of a supplemental file.
pub const FILE: &str = "_prowconfig.yaml";

record! {
    /// The part of Prow's configuration that is for one organisation or repository.
    pub struct ProwShard {
        /// Its branch protection.
        pub branch_protection: Option<BranchProtection> => "branch-protection" omit,
        /// When and how its pull requests are merged.
        pub tide: Option<TideShard> => "tide" omit,
        /// How its results are reported on Slack.
        pub slack_reporter_configs: BTreeMap<String, SlackReporter> => "slack_reporter_configs" omit,
    }

    /// When and how pull requests of one organisation or repository are merged.
    pub struct TideShard {
        /// The method, by `org` or `org/repo`.
        pub merge_method: BTreeMap<String, String> => "merge_method" omit,
        /// What they need.
        pub queries: Vec<TideQuery> => "queries" omit,
    }
}

/// Organisation and repository; the latter is empty for a whole organisation.
type Name = (String, String);
type ByName = BTreeMap<Name, ProwShard>;

/// Moves what belongs to one organisation or repository out of the configuration.
pub fn split(main: Source<'_>, config: &mut ProwConfig) -> Result<Shards<ProwShard>, Vec<Diagnostic>> {
    let mut found = ByName::new();
    split_protection(&mut config.branch_protection, &mut found);
    let warnings = split_merge_methods(main, config, &mut found);
    split_queries(config, &mut found);
    split_reporters(config, &mut found);
    let mut placed = Vec::with_capacity(found.len());
    let mut findings = Vec::new();
    for ((org, repo), shard) in found {
        match path_of(&[&org, &repo], FILE) {
            Some(path) => {
                let name = match repo.as_str() {
                    "" => format!("the organisation {org:?}"),
                    repo => format!("the repository {repo:?} of {org:?}"),
                };
                placed.push((name, path, shard));
            }
            None => findings.push(misplaced(main, &format!("{org}/{repo}"))),
        }
    }
    match shards(main, placed) {
        Ok(shards) if findings.is_empty() => Ok(Shards { shards, warnings }),
        Ok(_) => Err(findings),
        Err(more) => Err(findings.into_iter().chain(more).collect()),
    }
}

fn split_protection(protection: &mut BranchProtection, found: &mut ByName) {
    let one = |name: &str, org: Org| BranchProtection { orgs: [(name.to_owned(), org)].into(), ..Default::default() };
    for (name, Org { policy, repos }) in std::mem::take(&mut protection.orgs) {
        for (repo, value) in repos {
            let org = Org { repos: [(repo.clone(), value)].into(), ..Org::default() };
            found.entry((name.clone(), repo)).or_default().branch_protection = Some(one(&name, org));
        }
        if !policy.is_zero() {
            let org = Org { policy, ..Org::default() };
            found.entry((name.clone(), String::new())).or_default().branch_protection = Some(one(&name, org));
        }
    }
}

/// A key of merge methods as organisation, repository and whether it is for one branch.
fn parts_of(name: &str) -> (&str, &str, bool) {
    let mut parts = name.split('/');
    let org = parts.next().unwrap_or_default();
    let mut rest = parts.next().unwrap_or_default().split('@');
    let repo = rest.next().unwrap_or_default();
    (org, repo, rest.next().is_some_and(|branch| !branch.is_empty()))
}

/// Of an organisation's map only plain methods of repositories go into shards. Where `org/repo` has an entry of its own as
/// well, that one counts, as it does for Tide.
fn split_merge_methods(main: Source<'_>, config: &mut ProwConfig, found: &mut ByName) -> Vec<Diagnostic> {
    let methods = std::mem::take(&mut config.tide.github.merge_method);
    let mut lost = Vec::new();
    let mut set = |org: &str, repo: &str, method: &str| {
        let name = if repo.is_empty() { org.to_owned() } else { format!("{org}/{repo}") };
        let merge_method = [(name, method.to_owned())].into();
        let shard = found.entry((org.to_owned(), repo.to_owned())).or_default();
        shard.tide = Some(TideShard { merge_method, queries: Vec::new() });
    };
    let (of_repos, of_orgs): (Vec<_>, Vec<_>) = methods.iter().partition(|(name, _)| !parts_of(name).1.is_empty());
    for (name, method) in of_orgs {
        match parts_of(name) {
            // An empty organisation has no file.
            ("", ..) | (_, _, true) => lost.push(name.clone()),
            (org, ..) if !method.all().is_empty() => set(org, "", method.all()),
            (org, ..) => {
                for (repo, below) in method.each() {
                    match below {
                        MergeMethod::All(method) if repo != "*" && !method.is_empty() => set(org, repo, method),
                        MergeMethod::All(method) if method.is_empty() => {}
                        _ => lost.push(format!("{name}.{repo}")),
                    }
                }
            }
        }
    }
    for (name, method) in of_repos {
        match parts_of(name) {
            (org, repo, false) if !org.is_empty() => {
                set(org, repo, method.all());
                lost.extend(method.each().map(|(below, _)| format!("{name}.{below}")));
            }
            _ => lost.push(name.clone()),
        }
    }
    let warning = |name: String| {
        Diagnostic::of_rule(&LOST_MERGE_METHOD, main.file, format!("the merge method of {name} is dropped"))
            .because("files of organisations and repositories hold one method each, none for branches or '*'")
    };
    lost.into_iter().map(warning).collect()
}

fn split_queries(config: &mut ProwConfig, found: &mut ByName) {
    for query in std::mem::take(&mut config.tide.github.queries) {
        let mut add = |org: &str, repo: &str, query: TideQuery| {
            let shard = found.entry((org.to_owned(), repo.to_owned())).or_default();
            shard.tide.get_or_insert_default().queries.push(query);
        };
        let general = TideQuery { orgs: Vec::new(), repos: Vec::new(), ..query.clone() };
        for org in query.orgs {
            add(&org, "", TideQuery { orgs: vec![org.clone()], ..general.clone() });
        }
        for repo in query.repos {
            // That it has two parts was checked.
            let (org, name) = repo.split_once('/').unwrap_or((&repo, ""));
            add(org, name, TideQuery { repos: vec![repo.clone()], ..general.clone() });
        }
    }
}

fn split_reporters(config: &mut ProwConfig, found: &mut ByName) {
    let (general, of_names): (BTreeMap<_, _>, BTreeMap<_, _>) =
        std::mem::take(&mut config.slack_reporter_configs).into_iter().partition(|(name, _)| name == "*");
    config.slack_reporter_configs = general;
    for (name, reporter) in of_names {
        let shard = found.entry(org_and_repo(&name)).or_default();
        shard.slack_reporter_configs = [(name, reporter)].into();
    }
}

/// Organisation and repository of a name; the organisation of a Gerrit repository is its server's address.
fn org_and_repo(name: &str) -> Name {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| name.starts_with(scheme));
    let rest = scheme.map_or(name, |scheme| name[scheme.len()..].trim_end_matches('/'));
    match (scheme, rest.split_once('/')) {
        (_, None) => (name.to_owned(), String::new()),
        (None, Some((org, repo))) => (org.to_owned(), repo.to_owned()),
        (Some(scheme), Some((host, repo))) => (format!("{scheme}{host}"), repo.trim_end_matches('/').to_owned()),
    }
}
