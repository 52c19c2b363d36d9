//! What makes Prow's configuration wrong.
//!
//! [`part`] looks at what may stand in any file, [`main`] at what stands in the main one. Words are near the reference's,
//! which stops at the first; here all are told.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::prow::deck::Deck;
use crate::model::prow::plank::Controller;
use crate::model::prow::reports::SlackReporter;
use crate::model::prow::services::Gangway;
use crate::model::prow::tide::Tide;
use crate::model::prow::{Config, ProwConfig};
use crate::shard::part::keys;
use crate::shard::{Source, address, selector, template};

use super::Surroundings;
use super::queries;

rules! {
    PROW_CONFIG = "prow-config",
        "Prow's configuration has a value that Prow refuses",
        "Prow's components do not load such a configuration, and go on with the last one that was right.",
        "write what the message asks for; docs.prow.k8s.io describes every field";
}

/// Findings in one file.
struct Findings<'a> {
    source: Source<'a>,
    found: Vec<Diagnostic>,
}

impl Findings<'_> {
    fn add(&mut self, path: KeyPath, message: impl Into<String>) {
        self.found.push(self.source.finding(&PROW_CONFIG, path, message));
    }

    fn add_if(&mut self, wrong: bool, path: KeyPath, message: impl Into<String>) {
        if wrong {
            self.add(path, message);
        }
    }

    fn with_fix(&mut self, path: KeyPath, message: impl Into<String>, fix: &str) {
        self.found.push(self.source.finding(&PROW_CONFIG, path, message).fix(fix));
    }
}

/// Findings about what may stand in any file: queries, merge methods, Slack reports, the general branch protection.
pub fn part(source: Source<'_>, config: &ProwConfig) -> Vec<Diagnostic> {
    let mut findings = Findings { source, found: Vec::new() };
    for (index, query) in config.tide.github.queries.iter().enumerate() {
        if let Some((below, message)) = queries::problem(query) {
            let mut path = keys(["tide", "queries"]).item(index);
            path.0.extend(below.0);
            findings.add(path, format!("tide query (index {index}) is invalid: {message}"));
        }
    }
    merge_methods(&config.tide, &mut findings);
    for (name, reporter) in &config.slack_reporter_configs {
        slack(name, reporter, &mut findings);
    }
    let policy = &config.branch_protection.policy;
    if !policy.include.is_empty() && !policy.exclude.is_empty() {
        let message = "Forbidden to set both Policy.Include and Policy.Exclude, Please use either Include or Exclude!";
        findings.add(keys(["branch-protection", "exclude"]), message);
    }
    findings.found
}

fn merge_methods(tide: &Tide, findings: &mut Findings<'_>) {
    for (org, method) in &tide.github.merge_method {
        let path = keys(["tide", "merge_method", org]);
        if !is_method(method.all()) && !method.all().is_empty() {
            no_method(path.clone(), org, method.all(), findings);
        }
        for (repo, method) in method.each() {
            let (path, name) = (path.key(repo), format!("{org}/{repo}"));
            if !is_method(method.all()) && !method.all().is_empty() {
                no_method(path.clone(), &name, method.all(), findings);
            }
            for (branch, word) in method.each() {
                if let Some(why) = pattern_problem(branch) {
                    let message = format!("tide merge type: regex {branch:?} is not valid: {why}");
                    findings.add(path.key(branch), message);
                }
                if !is_method(&word.0) {
                    no_method(path.key(branch), &format!("{name}@{branch}"), &word.0, findings);
                }
            }
        }
    }
}

fn is_method(word: &str) -> bool {
    matches!(word, "merge" | "rebase" | "squash")
}

fn no_method(path: KeyPath, name: &str, method: &str, findings: &mut Findings<'_>) {
    let message = format!("tide merge type: merge type {method:?} for {name} is not a valid type");
    findings.with_fix(path, message, "the methods are merge, rebase and squash");
}

fn slack(name: &str, reporter: &SlackReporter, findings: &mut Findings<'_>) {
    let path = keys(["slack_reporter_configs", name]);
    let wrong = "failed to validate slackreporter config";
    findings.add_if(reporter.slack.channel.is_empty(), path.clone(), format!("{wrong}: channel must be set"));
    let text = &reporter.slack.report_template;
    if !text.is_empty()
        && let Some(why) = template::problem_with_empty_job(text)
    {
        let fix =
            "it is tried on a job with nothing set: ask with {{if .Spec.Refs}} before going into what may be missing";
        findings.with_fix(path.key("report_template"), format!("{wrong}: {why}"), fix);
    }
}

/// Why Go refuses a regular expression.
pub fn pattern_problem(pattern: &str) -> Option<String> {
    crate::pattern::check(pattern).err()
}

/// Findings about what stands in the main file.
pub fn main(source: Source<'_>, config: &Config, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    let prow = &config.prow;
    let mut findings = Findings { source, found: Vec::new() };
    controller(&keys(["plank"]), "plank", &prow.plank.controller, &[], &mut findings);
    jenkins(prow, &mut findings);
    deck(&prow.deck, &mut findings);
    tide(&prow.tide, &mut findings);
    addresses(prow, &mut findings);
    gangway(&prow.gangway, &mut findings);
    components(prow, surroundings, &mut findings);
    nothing_in_lists(config, &mut findings);
    findings.found
}

fn controller(path: &KeyPath, name: &str, controller: &Controller, functions: &[&str], findings: &mut Findings<'_>) {
    let wrong = format!("validating {name} config");
    if let Some(why) = template::problem(&controller.job_url_template, functions) {
        findings.add(path.key("job_url_template"), format!("{wrong}: parsing template: {why}"));
    }
    let single = ("*", path.key("report_template"), &controller.report_template);
    let named = controller
        .report_templates
        .iter()
        .map(|(name, text)| (name.as_str(), path.key("report_templates").key(name), text));
    for (name, path, text) in std::iter::once(single).chain(named) {
        if let Some(why) = template::problem(text, &[]) {
            findings.add(path, format!("{wrong}: error while parsing template for {name}: {why}"));
        }
    }
    let both = !controller.report_template.is_empty() && !controller.report_templates.is_empty();
    let message = format!("{wrong}: both report_template and report_templates are specified");
    if both {
        findings.with_fix(
            path.key("report_template"),
            message,
            "remove report_template: it is '*' of report_templates",
        );
    }
    let message = |key: &str, count: i64, what: &str| {
        format!("{wrong}: controller has invalid {key} ({count}), it needs to be a {what} number")
    };
    let count = controller.max_concurrency;
    findings.add_if(count < 0, path.key("max_concurrency"), message("max_concurrency", count, "non-negative"));
    let count = controller.max_goroutines;
    findings.add_if(count < 0, path.key("max_goroutines"), message("max_goroutines", count, "positive"));
}

fn jenkins(prow: &ProwConfig, findings: &mut Findings<'_>) {
    for (index, operator) in prow.jenkins_operators.iter().enumerate() {
        let path = keys(["jenkins_operators"]).item(index);
        controller(&path, "jenkins_operators", &operator.controller, &["replace"], findings);
        let path = path.key("label_selector");
        if let Some(why) = selector::problem(&operator.label_selector) {
            findings.add(path.clone(), format!("invalid jenkins_operators.label_selector option: {why}"));
        }
        let empty = operator.label_selector.is_empty();
        if prow.jenkins_operators.len() > 1 && empty {
            let message = "selector overlap: cannot use an empty label_selector with multiple selectors";
            findings.add(path, message);
        } else if prow.jenkins_operators.len() == 1 && !empty {
            findings.add(path, "label_selector is invalid when used for a single jenkins-operator");
        }
    }
}

fn deck(deck: &Deck, findings: &mut Findings<'_>) {
    let path = keys(["deck"]);
    let spyglass = &deck.spyglass;
    let at = |key: &str| path.key("spyglass").key(key);
    let negative = spyglass.size_limit < 0;
    findings.add_if(negative, at("size_limit"), "invalid value for deck.spyglass.size_limit, must be >=0");
    for (index, lens) in spyglass.lenses.iter().enumerate() {
        let path = at("lenses").item(index);
        let lists = [("optional_files", &*lens.optional_files), ("required_files", &**lens.required_files)];
        for (key, patterns) in lists {
            for (index, pattern) in patterns.iter().enumerate() {
                expression(path.key(key).item(index), pattern, findings);
            }
        }
    }
    for (pattern, _) in spyglass.viewers.iter().filter(|(_, names)| !names.is_empty()) {
        expression(at("viewers").key(pattern), pattern, findings);
    }
    let prefixes = [
        ("gcs_browser_prefixes", &spyglass.gcs_browser_prefixes),
        ("gcs_browser_prefixes_by_bucket", &spyglass.gcs_browser_prefixes_by_bucket),
    ];
    for (key, prefixes) in prefixes {
        if prefixes.contains_key("*") && !spyglass.gcs_browser_prefix.is_empty() {
            let message = format!("both gcs_browser_prefix and {key}['*'] are specified.");
            findings.with_fix(at("gcs_browser_prefix"), message, "remove gcs_browser_prefix: it is '*' of the other");
        }
    }
    rerun_rights(deck, findings);
    for (index, log) in deck.external_agent_logs.iter().enumerate() {
        let path = path.key("external_agent_logs").item(index);
        if let Some(why) = template::problem(&log.url_template, &[]) {
            findings.add(path.key("url_template"), format!("parsing template for agent {:?}: {why}", log.agent));
        }
        if let Some(why) = selector::problem(&log.selector) {
            findings.add(path.key("selector"), format!("error parsing selector {:?}: {why}", log.selector));
        }
    }
    if !deck.additional_allowed_buckets.is_empty() && deck.skip_storage_path_validation != Some(false) {
        let buckets = deck.additional_allowed_buckets.join(" ");
        let message = format!(
            "deck.skip_storage_path_validation is enabled despite deck.additional_allowed_buckets being configured: [{buckets}]"
        );
        findings.with_fix(path.key("additional_allowed_buckets"), message, "add skip_storage_path_validation: false");
    }
}

fn expression(path: KeyPath, pattern: &str, findings: &mut Findings<'_>) {
    if let Some(why) = pattern_problem(pattern) {
        findings.add(path, format!("cannot compile regexp {pattern:?}, err: error parsing regexp: {why}"));
    }
}

fn rerun_rights(deck: &Deck, findings: &mut Findings<'_>) {
    let path = keys(["deck"]);
    if !deck.rerun_auth_configs.is_empty() && !deck.default_rerun_auth_configs.is_empty() {
        let message = "deck.rerun_auth_configs and deck.default_rerun_auth_configs are mutually exclusive, please use one or the other";
        findings.with_fix(path.key("rerun_auth_configs"), message, "move its entries into default_rerun_auth_configs");
    }
    let entries = deck.default_rerun_auth_configs.iter().enumerate().map(|(index, entry)| {
        let path = path.key("default_rerun_auth_configs").item(index);
        (
            path,
            format!("default_rerun_auth_configs[{index}]"),
            entry.as_ref().map(|entry| entry.rerun_auth_configs.as_ref()),
        )
    });
    let named = deck.rerun_auth_configs.iter().map(|(name, rights)| {
        (path.key("rerun_auth_configs").key(name), format!("rerun_auth_configs[{name}]"), Some(Some(rights)))
    });
    for (path, name, rights) in entries.chain(named) {
        match rights {
            // The reference crashes.
            None => findings.add(path, format!("{name}: there is nothing in this entry")),
            Some(rights) => {
                let limited = rights.is_some_and(|it| {
                    let people = [it.github_users.len(), it.github_team_ids.len(), it.github_orgs.len()];
                    it.allow_anyone && (people.iter().any(|count| *count > 0) || !it.github_team_slugs.is_empty())
                });
                let message = "allow anyone is set to true and permitted users or groups are specified";
                findings.add_if(limited, path, format!("{name}: {message}"));
            }
        }
    }
}

fn tide(tide: &Tide, findings: &mut Findings<'_>) {
    let path = keys(["tide"]);
    let count = tide.max_goroutines;
    let message = format!("tide has invalid max_goroutines ({count}), it needs to be a positive number");
    findings.add_if(count < 0, path.key("max_goroutines"), message);
    let github = &tide.github;
    for (name, merge) in &github.merge_commit_template {
        for (key, text) in [("title", &merge.title), ("body", &merge.body)] {
            if let Some(why) = template::problem(text, &[]) {
                let path = path.key("merge_commit_template").key(name).key(key);
                findings.add(path, format!("parsing template for commit {key}: {why}"));
            }
        }
    }
    if !github.target_urls.is_empty() && !github.target_url.is_empty() {
        let message = "tide.target_url and tide.target_urls are mutually exclusive";
        findings.with_fix(path.key("target_url"), message, "remove target_url: it is '*' of target_urls");
    }
    if !github.pr_status_base_url.is_empty() && !github.pr_status_base_urls.is_empty() {
        let message = "both pr_status_base_url and pr_status_base_urls are defined";
        findings.with_fix(path.key("pr_status_base_url"), message, "remove it: it is '*' of pr_status_base_urls");
    }
    let urls = &github.pr_status_base_urls;
    let message = "pr_status_base_urls is defined but the default value ('*') is missing";
    findings.add_if(!urls.is_empty() && !urls.contains_key("*"), path.key("pr_status_base_urls"), message);
    for (name, policy) in &tide.github_merge_blocks_policy {
        if !matches!(policy.as_str(), "ignore" | "permit" | "block") {
            let message = format!(
                "tide.github_merge_blocks_policy[{name:?}] has invalid value {policy:?}, must be one of: ignore, permit, block"
            );
            findings.add(path.key("github_merge_blocks_policy").key(name), message);
        }
    }
}

fn addresses(prow: &ProwConfig, findings: &mut Findings<'_>) {
    for (name, prefix) in &prow.plank.job_url_prefix_config {
        if let Some(why) = address::problem(prefix) {
            let message = format!("invalid value for Planks job_url_prefix_config[{name:?}]: {why}");
            findings.add(keys(["plank", "job_url_prefix_config", name]), message);
        }
    }
    if let Some(why) = address::problem(&prow.gerrit.deck_url) {
        findings.add(keys(["gerrit", "deck_url"]), format!("invalid value for gerrit.deck_url: {why}"));
    }
    if let Some(why) = address::problem(&prow.github.link_url) {
        let message = format!("unable to parse github.link_url, might not be a valid url: {why}");
        findings.add(keys(["github", "link_url"]), message);
    }
}

fn gangway(gangway: &Gangway, findings: &mut Findings<'_>) {
    let mut declared = std::collections::BTreeSet::new();
    for (index, client) in gangway.allowed_api_clients.iter().enumerate() {
        let path = keys(["gangway", "allowed_api_clients"]).item(index);
        let Some(gcp) = &client.gcp else {
            findings.add(path, "allowedApiClient did not have a cloud vendor set");
            continue;
        };
        let (kind, number) = (&gcp.endpoint_api_consumer_type, &gcp.endpoint_api_consumer_number);
        let message = format!("unsupported GCP API consumer type: {kind:?}");
        findings.add_if(kind != "PROJECT", path.key("gcp").key("endpoint_api_consumer_type"), message);
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let message = format!("invalid EndpointApiConsumerNumber: {number:?}");
        findings.add_if(!digits, path.key("gcp").key("endpoint_api_consumer_number"), message);
        let id = format!("gcp-{kind}-{number}");
        let message = format!("AllowedApiClient {id:?} declared multiple times");
        findings.add_if(!declared.insert(id), path.clone(), message);
        let filters = path.key("allowed_jobs_filters");
        let none = client.allowed_jobs_filters.is_empty();
        findings.add_if(none, filters.clone(), "allowed_jobs_filters field cannot be empty");
        for (index, filter) in client.allowed_jobs_filters.iter().enumerate() {
            let message = "AllowedJobsFilters entry has an empty tenant_id";
            findings.add_if(filter.tenant_id.is_empty(), filters.item(index), message);
        }
    }
}

fn components(prow: &ProwConfig, surroundings: Surroundings<'_>, findings: &mut Findings<'_>) {
    if let Some(why) = pattern_problem(&prow.gerrit.allowed_presubmit_trigger_re) {
        let message = format!(
            "validating gerrit config: failed to compile regex for allowed presubmit triggers: error parsing regexp: {why}"
        );
        findings.add(keys(["gerrit", "allowed_presubmit_trigger_re"]), message);
    }
    for (index, kind) in prow.github_reporter.job_types_to_report.iter().enumerate() {
        let known = matches!(kind.as_str(), "presubmit" | "postsubmit");
        let path = keys(["github_reporter", "job_types_to_report"]).item(index);
        findings.add_if(!known, path, format!("invalid job_types_to_report: {kind}"));
    }
    let levels = ["panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"];
    let level = prow.log_level.to_lowercase();
    let known = level.is_empty() || levels.contains(&level.as_str());
    findings.add_if(!known, keys(["log_level"]), format!("not a valid logrus Level: {:?}", prow.log_level));
    for (name, info) in &prow.managed_webhooks.org_repo_config {
        let created = &info.token_created_after;
        let message =
            format!("token_created_after {} can be no later than current time for repo/org {name}", created.text());
        let path = keys(["managed_webhooks", "org_repo_config", name, "token_created_after"]);
        findings.add_if(created.unix_seconds() > surroundings.now, path, message);
    }
    let plank = &prow.plank;
    if !plank.default_decoration_configs.is_empty() && !plank.default_decoration_config_entries.is_empty() {
        let message = "plank.default_decoration_configs and plank.default_decoration_config_entries are mutually exclusive, please use one or the other";
        findings.add(keys(["plank", "default_decoration_configs"]), message);
    }
    if prow.pubsub_subscriptions.as_option().is_some() && prow.pubsub_triggers.as_option().is_some() {
        let message = "pubsub_subscriptions and pubsub_triggers are mutually exclusive";
        findings.with_fix(keys(["pubsub_subscriptions"]), message, "remove pubsub_subscriptions");
    }
}

/// Entries without anything crash the reference, in one place or another.
fn nothing_in_lists(config: &Config, findings: &mut Findings<'_>) {
    let prow = &config.prow;
    // Those are only looked at for a job or a query.
    let used = config.jobs.jobs() > 0 || !prow.tide.github.queries.is_empty();
    let entries = if used { &*prow.prowjob_default_entries } else { &[] };
    for (index, _) in entries.iter().enumerate().filter(|(_, entry)| entry.is_none()) {
        findings.add(keys(["prowjob_default_entries"]).item(index), "there is nothing in this entry");
    }
    let entries = &prow.plank.default_decoration_config_entries;
    for (index, _) in entries.iter().enumerate().filter(|(_, entry)| entry.is_none()) {
        let path = keys(["plank", "default_decoration_config_entries"]).item(index);
        findings.add(path, "there is nothing in this entry");
    }
}
