//! What Tide merges, held against the plugins that run and against branch protection.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::plugins::Configuration;
use crate::model::prow::ProwConfig;
use crate::model::prow::tide::TideQuery;

use super::places::{Places, under};
use super::scopes::Scopes;
use super::{Settings, protection};

rules! {
    QUERY_WITHOUT_PLUGIN = warning "tide-query-without-plugin", "Tide goes by a label that no plugin sets there",
        "A required label that nothing sets means that nothing merges; a forbidden one that nothing sets holds back nothing.",
        "enable the plugin for the organisation or repository, or take the label out of the query";
    PLUGIN_WITHOUT_QUERY = warning "plugin-without-tide-query", "a plugin sets a label that Tide does not go by",
        "People see pull requests held back or approved by a label, and Tide merges without looking at it.",
        "name the label in the queries for the organisation or repository";
    NEEDS_OK_TO_TEST = warning "needs-ok-to-test-forbidden", "a Tide query wants lgtm and forbids needs-ok-to-test",
        "A pull request that was reviewed can be merged whoever opened it; the label would only hold it up.",
        "take needs-ok-to-test out of missingLabels";
    STRICT_BRANCH = warning "strict-branch-with-tide", "GitHub wants branches up to date that Tide merges into",
        "Tide tests pull requests with the branch they go to itself; GitHub's rule makes every merge wait for a rebase.",
        "remove required_status_checks.strict, or let Tide leave the branch alone";
}

const EXPLANATION: &str = "See #5: https://docs.prow.k8s.io/docs/components/core/tide/maintainers/#best-practices Also note that this validation is imperfect, see the check-config code for details";

/// Whether a query takes a label into account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Requires,
    Forbids,
}

/// A plugin with the label it sets and how queries use that; whether it is an external one.
type Labelled = (&'static str, &'static str, Use, bool);

const PLUGINS: &[Labelled] = &[
    ("lgtm", "lgtm", Use::Requires, false),
    ("approve", "approved", Use::Requires, false),
    ("hold", "do-not-merge/hold", Use::Forbids, false),
    ("wip", "do-not-merge/work-in-progress", Use::Forbids, false),
    ("bugzilla", "bugzilla/invalid-bug", Use::Forbids, false),
    ("verify-owners", "do-not-merge/invalid-owners-file", Use::Forbids, false),
    ("release-note", "do-not-merge/release-note-label-needed", Use::Forbids, false),
    ("cherry-pick-unapproved", "do-not-merge/cherry-pick-not-approved", Use::Forbids, false),
    ("blockade", "do-not-merge/blocked-paths", Use::Forbids, false),
    ("needs-rebase", "needs-rebase", Use::Forbids, true),
];

/// Holds queries against plugins.
pub fn mismatches(
    settings: &Settings,
    prow: (&ProwConfig, &Places<'_>),
    plugins: (&Configuration, &Places<'_>),
) -> Vec<Diagnostic> {
    let all = settings.options.wants("mismatched-tide");
    if !all && !settings.options.wants("mismatched-tide-lenient") {
        return Vec::new();
    }
    let queries = &prow.0.tide.github.queries;
    let everywhere = Scopes::of_queries(queries.iter());
    let mut found = Vec::new();
    for (plugin, label, how, is_external) in PLUGINS.iter().filter(|it| all || it.2 == Use::Requires) {
        let uses = |query: &&TideQuery| match how {
            Use::Requires => query.labels.iter().any(|it| it == label),
            Use::Forbids => query.missing_labels.iter().any(|it| it == label),
        };
        let verb = if *how == Use::Requires { "require" } else { "forbid" };
        let in_queries = Scopes::of_queries(queries.iter().filter(uses));
        let (enabled, section) = match is_external {
            true => (Scopes::of_external_plugin(plugins.0, plugin), "external_plugins"),
            false => (Scopes::of_plugin(plugins.0, plugin), "plugins"),
        };
        for (name, words) in in_queries.difference(&enabled).items() {
            let reference = format!(
                "the following orgs or repos {verb} the {label} label for merging but do not enable the {plugin} plugin: [{words}]"
            );
            let finding = settings.finding(&QUERY_WITHOUT_PLUGIN, prow.1.main(), reference);
            found.push(prow.1.put_at_query(finding, &name));
        }
        for (name, words) in enabled.intersection(&everywhere).difference(&in_queries).items() {
            let reference = format!(
                "the following orgs or repos enable the {plugin} plugin but do not {verb} the {label} label for merging: [{words}]"
            );
            let finding = settings.finding(&PLUGIN_WITHOUT_QUERY, plugins.1.main(), reference);
            let org = name.split('/').next().unwrap_or_default();
            let place = if enabled.repos.contains(&name) { &name } else { org };
            found.push(plugins.1.put_at_plugin(finding, section, place, plugin));
        }
    }
    found
}

/// Queries that forbid the label of untrusted pull requests.
pub fn needs_ok_to_test(settings: &Settings, prow: &ProwConfig, places: &Places<'_>) -> Vec<Diagnostic> {
    const LABEL: &str = "needs-ok-to-test";
    if !settings.options.wants("needs-ok-to-test") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, query) in prow.tide.github.queries.iter().enumerate() {
        let both = query.labels.iter().any(|it| it == "lgtm") && query.missing_labels.iter().any(|it| it == LABEL);
        if !both {
            continue;
        }
        let reference = format!(
            "the tide query at position {index}forbids the \"{LABEL}\" label and requires the \"lgtm\" label, which is not \
             recommended; see https://docs.prow.k8s.io/docs/components/core/tide/maintainers/#best-practices for more \
             information"
        );
        let finding = settings.finding(&NEEDS_OK_TO_TEST, places.main(), reference);
        let names: Vec<&String> = query.orgs.iter().chain(&query.repos).collect();
        found.push(places.put_at_node(finding, |root| {
            let queries = under(under(root, "tide")?, "queries")?;
            queries.items().find_map(|query| {
                let list = |key| under(query.resolved(), key).into_iter().flat_map(|list| list.items());
                let has = |key, text: &str| list(key).find(|item| item.resolved().text() == text);
                let is_it = names.iter().any(|name| has("orgs", name).or(has("repos", name)).is_some());
                has("labels", "lgtm").filter(|_| is_it)?;
                Some(has("missingLabels", LABEL)?.offset())
            })
        }));
    }
    found
}

/// Branches that GitHub wants up to date, where Tide merges.
pub fn strict_branches(settings: &Settings, prow: &ProwConfig, places: &Places<'_>) -> Vec<Diagnostic> {
    let queries = &prow.tide.github.queries;
    if !settings.options.wants("tide-strict-branch") || queries.is_empty() {
        return Vec::new();
    }
    let top = KeyPath::root().key("branch-protection");
    if protection::is_strict(&prow.branch_protection.policy) {
        let words =
            "strict branchprotection context requirements cannot be globally enabled when Tide is configured for use";
        let finding = settings.finding(&STRICT_BRANCH, places.main(), format!("{words}. {EXPLANATION}"));
        return vec![places.put(finding, &[top.key("required_status_checks").key("strict"), top])];
    }
    let strict = match protection::strict_scopes(&prow.branch_protection) {
        Ok(strict) => strict,
        Err((org, repo, branch, reference)) => {
            let finding = settings.finding(&STRICT_BRANCH, places.main(), reference);
            let path = top.key("orgs").key(org).key("repos").key(repo).key("branches").key(branch);
            return vec![places.put(finding, &[path])];
        }
    };
    let conflicts = Scopes::of_queries(queries.iter()).intersection(&strict).items();
    let finding = |(name, words): (String, String)| {
        let reference = format!(
            "the following enable strict branchprotection context requirements even though Tide handles merges: [{words}]. \
             {EXPLANATION}"
        );
        let (org, repo) = name.split_once('/').unwrap_or((&name, ""));
        let of_org = top.key("orgs").key(org);
        let of_repo = of_org.key("repos").key(repo);
        let strict = |path: &KeyPath| path.key("required_status_checks").key("strict");
        let paths = [strict(&of_repo), of_repo.clone(), strict(&of_org), of_org];
        places.put(settings.finding(&STRICT_BRANCH, places.main(), reference), &paths)
    };
    conflicts.into_iter().map(finding).collect()
}
