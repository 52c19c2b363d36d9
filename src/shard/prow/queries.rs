//! Tide queries: what makes one wrong, and putting together those that ask for the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::KeyPath;
use crate::model::prow::ProwConfig;
use crate::model::prow::tide::TideQuery;
use crate::yaml::given::Given;

/// What is wrong with a query, as the key below it and the reference's words; the first thing only.
pub fn problem(query: &TideQuery) -> Option<(KeyPath, String)> {
    let at = |key: &str| KeyPath::root().key(key);
    let mut orgs = BTreeSet::new();
    for (index, org) in query.orgs.iter().enumerate() {
        if org.contains('/') {
            let message = format!("orgs[{index}]: {org:?} contains a '/' which is not valid");
            return Some((at("orgs").item(index), message));
        }
        if org.is_empty() {
            return Some((at("orgs").item(index), format!("orgs[{index}]: is an empty string")));
        }
        orgs.insert(org.as_str());
    }
    let list = |key: &str, list: &[String]| duplicates(key, list).map(|message| (at(key), message));
    list("orgs", &query.orgs)
        .or_else(|| repositories(query, &orgs))
        .or_else(|| list("repos", &query.repos))
        .or_else(|| {
            let empty = query.orgs.is_empty() && query.repos.is_empty();
            empty.then(|| (KeyPath::root(), "'orgs' and 'repos' cannot both be empty".into()))
        })
        .or_else(|| excluded(query, &orgs))
        .or_else(|| list("excludedRepos", &query.excluded_repos))
        .or_else(|| {
            let required: BTreeSet<_> = query.labels.iter().collect();
            let both: BTreeSet<_> = query.missing_labels.iter().filter(|label| required.contains(label)).collect();
            let words: Vec<_> = both.iter().map(|label| format!("{label:?}")).collect();
            let message = format!("the labels: [{}] are both required and forbidden", words.join(" "));
            (!both.is_empty()).then(|| (at("missingLabels"), message))
        })
        .or_else(|| list("labels", &query.labels))
        .or_else(|| list("missingLabels", &query.missing_labels))
        .or_else(|| {
            let both = !query.excluded_branches.is_empty() && !query.included_branches.is_empty();
            let message =
                "both 'includedBranches' and 'excludedBranches' are specified ('excludedBranches' have no effect)";
            both.then(|| (at("excludedBranches"), message.into()))
        })
        .or_else(|| list("includedBranches", &query.included_branches))
        .or_else(|| list("excludedBranches", &query.excluded_branches))
}

/// The organisation of `org/repo`.
fn org_of(repo: &str) -> Option<&str> {
    let (org, name) = repo.split_once('/')?;
    (!org.is_empty() && !name.is_empty() && !name.contains('/')).then_some(org)
}

fn repositories(query: &TideQuery, orgs: &BTreeSet<&str>) -> Option<(KeyPath, String)> {
    let wrong = |(index, repo): (usize, &String)| {
        let message = match org_of(repo) {
            None => format!("repos[{index}]: {repo:?} is not of the form \"org/repo\""),
            Some(org) if orgs.contains(org) => {
                format!("repos[{index}]: {repo:?} is already included via org: {org:?}")
            }
            Some(_) => return None,
        };
        Some((KeyPath::root().key("repos").item(index), message))
    };
    query.repos.iter().enumerate().find_map(wrong)
}

fn excluded(query: &TideQuery, orgs: &BTreeSet<&str>) -> Option<(KeyPath, String)> {
    let wrong = |(index, repo): (usize, &String)| {
        let message = match org_of(repo) {
            None => format!("excludedRepos[{index}]: {repo:?} is not of the form \"org/repo\""),
            Some(org) if !orgs.contains(org) => {
                format!("excludedRepos[{index}]: {repo:?} has no effect because org {org:?} is not included")
            }
            Some(_) => return None,
        };
        Some((KeyPath::root().key("excludedRepos").item(index), message))
    };
    query.excluded_repos.iter().enumerate().find_map(wrong)
}

fn duplicates(key: &str, list: &[String]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut count = 0;
    let mut twice = BTreeSet::new();
    for item in list {
        if !seen.insert(item) {
            count += 1;
            twice.insert(item.as_str());
        }
    }
    let names: Vec<_> = twice.into_iter().collect();
    (count > 0).then(|| format!("{key:?} contains {count} duplicate entries: {}", names.join(", ")))
}

/// What two queries must have in common to become one. A list that was not given differs from an empty one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Demands {
    author: String,
    milestone: String,
    review_approved_required: bool,
    lists: [Option<Vec<String>>; 4],
    tenants: BTreeSet<String>,
}

/// Puts together queries that ask for the same, and sorts them as the reference does: by their JSON text.
pub fn unite(config: &ProwConfig, queries: Vec<TideQuery>) -> Vec<TideQuery> {
    let mut united: BTreeMap<Demands, TideQuery> = BTreeMap::new();
    for query in queries {
        let sorted = |list: &Given<Vec<String>>| {
            let mut items = list.to_vec();
            items.sort();
            list.is_given().then_some(items)
        };
        let demands = Demands {
            author: query.author.clone(),
            milestone: query.milestone.clone(),
            review_approved_required: query.review_approved_required,
            lists: [&query.labels, &query.missing_labels, &query.excluded_branches, &query.included_branches]
                .map(sorted),
            tenants: tenants(config, &query),
        };
        let targets = united.entry(demands).or_default();
        targets.orgs.extend(query.orgs);
        targets.repos.extend(query.repos);
        targets.excluded_repos.extend(query.excluded_repos);
    }
    let whole = |(demands, targets): (Demands, TideQuery)| {
        let [labels, missing_labels, excluded_branches, included_branches] =
            demands.lists.map(|list| list.map(Given::from).unwrap_or_default());
        TideQuery {
            author: demands.author,
            labels,
            missing_labels,
            excluded_branches,
            included_branches,
            milestone: demands.milestone,
            review_approved_required: demands.review_approved_required,
            ..targets
        }
    };
    let mut queries: Vec<(String, TideQuery)> =
        united.into_iter().map(whole).map(|query| (json(&query), query)).collect();
    queries.sort_by(|left, right| left.0.cmp(&right.0));
    queries.into_iter().map(|(_, query)| query).collect()
}

/// The tenants of the repositories of a query. Queries of different tenants stay apart.
fn tenants(config: &ProwConfig, query: &TideQuery) -> BTreeSet<String> {
    if config.prowjob_default_entries.is_empty() {
        // The same for all of them.
        return BTreeSet::new();
    }
    query.orgs.iter().chain(&query.repos).map(|name| super::defaults::tenant_of(config, name)).collect()
}

/// The JSON text of a query as Go writes it, by which queries are sorted.
fn json(query: &TideQuery) -> String {
    let mut out = String::from("{");
    let mut field = |key: &str, value: String| {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&format!("\"{key}\":{value}"));
    };
    let list = |items: &[String]| format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(","));
    if !query.author.is_empty() {
        field("author", quoted(&query.author));
    }
    for (key, items) in [
        ("labels", &query.labels),
        ("missingLabels", &query.missing_labels),
        ("excludedBranches", &query.excluded_branches),
        ("includedBranches", &query.included_branches),
    ] {
        if !items.is_empty() {
            field(key, list(items));
        }
    }
    if !query.milestone.is_empty() {
        field("milestone", quoted(&query.milestone));
    }
    if query.review_approved_required {
        field("reviewApprovedRequired", "true".into());
    }
    for (key, items) in [("orgs", &query.orgs), ("repos", &query.repos), ("excludedRepos", &query.excluded_repos)] {
        if !items.is_empty() {
            field(key, list(items));
        }
    }
    out.push('}');
    out
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
