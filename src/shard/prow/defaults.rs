//! What Prow fills in when it loads its configuration, as far as it is written again.
//!
//! Some of it makes a file that cannot be loaded a second time: `report_template`, `gcs_browser_prefix`, `target_url` and
//! a few more are copied into the fields that replace them and stay beside them. So it is with the reference.

use crate::model::prow::deck::{Deck, DefaultRerunAuthConfigEntry, LensConfig, LensFileConfig, Spyglass};
use crate::model::prow::plank::{Controller, ProwJobDefaultEntry};
use crate::model::prow::services::PubSubTrigger;
use crate::model::prow::tide::Tide;
use crate::model::prow::{Config, ProwConfig};
use crate::model::scalar::{Duration, TextDuration};
use crate::yaml::given::Given;

/// The Slack message of a reporter that has none of its own.
pub const SLACK_TEMPLATE: &str =
    "Job {{.Spec.Job}} of type {{.Spec.Type}} ended with state {{.Status.State}}. <{{.Status.URL}}|View logs>";
/// The build cluster of jobs that name none.
pub const DEFAULT_CLUSTER: &str = "default";
/// The tenant of jobs that name none.
pub const DEFAULT_TENANT: &str = "GlobalDefaultID";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Fills in everything.
pub fn fill_in(config: &mut Config) {
    let prow = &mut config.prow;
    components(prow);
    deck(&mut prow.deck);
    tide(&mut prow.tide);
    let queries = std::mem::take(&mut prow.tide.github.queries);
    prow.tide.github.queries = super::queries::unite(prow, queries);
    in_repo_config(prow);
    pubsub(prow);
    for reporter in prow.slack_reporter_configs.values_mut() {
        text(&mut reporter.slack.report_template, SLACK_TEMPLATE);
    }
}

fn span(seconds: i64) -> TextDuration {
    TextDuration(Duration::from_seconds(seconds))
}

fn text(field: &mut String, default: &str) {
    if field.is_empty() {
        default.clone_into(field);
    }
}

fn number(field: &mut i64, default: i64) {
    if *field == 0 {
        *field = default;
    }
}

fn components(prow: &mut ProwConfig) {
    controller(&mut prow.plank.controller);
    prow.plank.pod_pending_timeout.get_or_insert(span(10 * MINUTE));
    prow.plank.pod_running_timeout.get_or_insert(span(48 * HOUR));
    prow.plank.pod_unscheduled_timeout.get_or_insert(span(5 * MINUTE));
    prow.plank.max_revivals.get_or_insert(3);
    prow.gerrit.tick_interval.get_or_insert(span(MINUTE));
    number(&mut prow.gerrit.ratelimit, 5);
    if prow.github_reporter.job_types_to_report.is_empty() {
        prow.github_reporter.job_types_to_report = vec!["presubmit".into(), "postsubmit".into()];
    }
    prow.jenkins_operators.iter_mut().for_each(|operator| controller(&mut operator.controller));
    prow.push_gateway.interval.get_or_insert(span(MINUTE));
    prow.sinker.resync_period.get_or_insert(span(HOUR));
    prow.sinker.max_prowjob_age.get_or_insert(span(7 * 24 * HOUR));
    let max_pod_age = *prow.sinker.max_pod_age.get_or_insert(span(24 * HOUR));
    prow.sinker.terminated_pod_ttl.get_or_insert(max_pod_age);
    text(&mut prow.prowjob_namespace, "default");
    text(&mut prow.pod_namespace, "default");
    text(&mut prow.github.link_url, "https://github.com");
    text(&mut prow.status_error_link, "https://github.com/kubernetes/test-infra/issues");
    text(&mut prow.log_level, "info");
    prow.default_job_timeout.get_or_insert(span(24 * HOUR));
    prow.moonraker.client_timeout.get_or_insert(span(10 * MINUTE));
}

fn controller(controller: &mut Controller) {
    if !controller.report_template.is_empty() {
        controller.report_templates = [("*".to_owned(), controller.report_template.clone())].into();
    }
    number(&mut controller.max_goroutines, 20);
}

fn deck(deck: &mut Deck) {
    deck.tide_update_period.get_or_insert(span(10));
    number(&mut deck.spyglass.size_limit, 100_000_000);
    viewers(&mut deck.spyglass);
    let spyglass = &mut deck.spyglass;
    for prefixes in [&mut spyglass.gcs_browser_prefixes, &mut spyglass.gcs_browser_prefixes_by_bucket] {
        prefixes.entry("*".into()).or_insert_with(|| spyglass.gcs_browser_prefix.clone());
    }
    rerun_rights(deck);
}

/// The old form of lenses becomes the new one, and stays.
fn viewers(spyglass: &mut Spyglass) {
    let mut lenses = Vec::new();
    for (pattern, names) in &spyglass.viewers {
        for name in names {
            let lens = LensConfig { name: name.clone(), ..LensConfig::default() };
            let required_files = Given::from(vec![pattern.clone()]);
            lenses.push(LensFileConfig { required_files, lens, ..LensFileConfig::default() });
        }
    }
    // Lenses of one name come in any order in the reference; here in that of their patterns.
    lenses.sort_by(|left, right| left.lens.name.cmp(&right.lens.name));
    spyglass.lenses.extend(lenses);
    for name in spyglass.viewers.values_mut().flatten() {
        let new = match name.as_str() {
            "build-log-viewer" => "buildlog",
            "metadata-viewer" => "metadata",
            "junit-viewer" => "junit",
            _ => continue,
        };
        new.clone_into(name);
    }
}

/// The map of rights becomes a list, the more general first; repositories stay in the map as well. The reference leaves
/// the order among organisations, and among repositories, to chance; here it is that of their names.
fn rerun_rights(deck: &mut Deck) {
    if deck.rerun_auth_configs.is_empty() {
        return;
    }
    let rank = |name: &str| match name {
        "" => 0,
        "*" => 1,
        name if !name.contains('/') => 2,
        _ => 3,
    };
    let mut names: Vec<&String> = deck.rerun_auth_configs.keys().collect();
    names.sort_by_key(|name| rank(name));
    let entry = |name: &String| DefaultRerunAuthConfigEntry {
        repo: name.clone(),
        cluster: String::new(),
        rerun_auth_configs: deck.rerun_auth_configs.get(name).cloned(),
    };
    deck.default_rerun_auth_configs = names.into_iter().map(|name| Some(entry(name))).collect();
    deck.rerun_auth_configs.retain(|name, _| rank(name) == 3);
}

fn tide(tide: &mut Tide) {
    if let Some(gerrit) = &mut tide.gerrit {
        number(&mut gerrit.ratelimit, 5);
    }
    let sync_period = *tide.sync_period.get_or_insert(span(MINUTE));
    tide.github.status_update_period.get_or_insert(sync_period);
    number(&mut tide.max_goroutines, 20);
    if !tide.github.target_url.is_empty() {
        tide.github.target_urls.insert("*".into(), tide.github.target_url.clone());
    }
    if !tide.github.pr_status_base_url.is_empty() {
        tide.github.pr_status_base_urls.insert("*".into(), tide.github.pr_status_base_url.clone());
    }
}

fn in_repo_config(prow: &mut ProwConfig) {
    let clusters = prow.in_repo_config.allowed_clusters.entry("*".into()).or_default();
    // An empty list is there to forbid all of them.
    if !clusters.is_given() {
        *clusters = vec![DEFAULT_CLUSTER.to_owned()].into();
    }
}

fn pubsub(prow: &mut ProwConfig) {
    let from_subscriptions: Vec<_> = prow
        .pubsub_subscriptions
        .iter()
        .map(|(project, topics)| PubSubTrigger {
            project: project.clone(),
            topics: topics.clone(),
            allowed_clusters: vec!["*".to_owned()].into(),
            max_outstanding_messages: 0,
        })
        .collect();
    if !from_subscriptions.is_empty() {
        prow.pubsub_triggers.extend(from_subscriptions);
    }
    if !prow.pubsub_triggers.is_empty() {
        prow.pubsub_triggers.iter_mut().for_each(|trigger| number(&mut trigger.max_outstanding_messages, 10));
    }
}

/// Whether an entry is for a repository and a cluster.
pub fn matches(entry: [&str; 2], repo: &str, cluster: &str) -> bool {
    let [entry_repo, entry_cluster] = entry;
    if !matches!(entry_cluster, "" | "*") && entry_cluster != cluster {
        return false;
    }
    if matches!(entry_repo, "" | "*") || entry_repo == repo {
        return true;
    }
    let repo = without_review(repo);
    let repo = repo.strip_prefix("https://").unwrap_or(&repo);
    let repo = repo.strip_prefix("http://").unwrap_or(repo);
    entry_repo == repo || repo.split('/').next() == Some(entry_repo)
}

/// The address of code on a Gerrit server, whose review pages have another host.
fn without_review(repo: &str) -> String {
    match repo.split_once('.').and_then(|(host, rest)| Some((host.strip_suffix("-review")?, rest))) {
        Some((host, rest)) => format!("{host}.{rest}"),
        None => repo.to_owned(),
    }
}

/// The tenant of the jobs of an organisation or repository, on any cluster.
pub fn tenant_of(prow: &ProwConfig, name: &str) -> String {
    let of = |entry: &ProwJobDefaultEntry| {
        let config = entry.config.as_ref().filter(|config| !config.tenant_id.is_empty())?;
        matches([&entry.repo, &entry.cluster], name, "*").then(|| config.tenant_id.clone())
    };
    let last = prow.prowjob_default_entries.iter().flatten().filter_map(of).next_back();
    last.unwrap_or_else(|| DEFAULT_TENANT.to_owned())
}
