//! Rules for Prow's own configuration: the main file, and the files of organisations and repositories beside it.
//!
//! What the reference checks with more than one file, or once defaults are filled in, is in `src/shard/prow`.

use super::forms::{DIGITS, EXPRESSION, ORG, REPO};
use super::rules::Constraint::{AtLeast, Choice, Forbid, Form, Require, Unique};
use super::rules::Rules;
use crate::model::prow::ProwConfig;
use crate::model::prow::tide::{Tide, TideGitHubConfig};
use crate::yaml::describe::Describe;

const PREFIXES: &str = "gcs_browser_prefix is `*` of the others: set one of them.";
const ONLY_MAIN: &str = "Only _config.yaml may set this; the files beside it have branch-protection, tide.merge_method, \
                         tide.queries and slack_reporter_configs.";

/// Adds the rules that hold in all files.
pub fn add(rules: &mut Rules) {
    rules.of("prow.ProwConfig").or_blank().field("log_level", LOG_LEVELS).at_most_one(
        &["pubsub_subscriptions", "pubsub_triggers"],
        "Write pubsub_triggers without pubsub_subscriptions.",
    );
    rules.of("prow.Config").or_blank();
    tide(rules);
    protection(rules);
    deck(rules);
    jobs(rules);
    services(rules);
}

const LOG_LEVELS: super::rules::Constraint = Choice(&[
    ("trace", ""),
    ("debug", ""),
    ("info", ""),
    ("warn", ""),
    ("warning", "the same as warn"),
    ("error", ""),
    ("fatal", ""),
    ("panic", ""),
]);

fn tide(rules: &mut Rules) {
    rules.of("prow.Tide").field("max_goroutines", AtLeast(0)).values(
        "github_merge_blocks_policy",
        Choice(&[
            ("ignore", "do not ask GitHub"),
            ("permit", "merge nevertheless, with a warning"),
            ("block", "do not merge"),
        ]),
    );
    rules
        .of("prow.TideGitHubConfig")
        .at_most_one(&["target_url", "target_urls"], "target_url is `*` of target_urls: set one of them.")
        .at_most_one(
            &["pr_status_base_url", "pr_status_base_urls"],
            "pr_status_base_url is `*` of pr_status_base_urls: set one of them.",
        )
        .field("pr_status_base_urls", Require(&["*"]));
    let query = rules.of("prow.TideQuery");
    query
        .any_of(&["orgs", "repos"], "A query names organisations or repositories.")
        .at_most_one(&["includedBranches", "excludedBranches"], "A query has branches or all branches but some.")
        .needs("excludedRepos", &["orgs"], "Only repositories of the query's organisations can be left out.")
        .items("orgs", Form(&ORG))
        .items("repos", Form(&REPO))
        .items("excludedRepos", Form(&REPO));
    query.each(
        &["orgs", "repos", "excludedRepos", "labels", "missingLabels", "includedBranches", "excludedBranches"],
        Unique,
    );
    rules.of("prow.TideContextPolicy").items("optional-regex-contexts", Form(&EXPRESSION));
}

fn protection(rules: &mut Rules) {
    rules
        .of("prow.Policy")
        .at_most_one(&["include", "exclude"], "A policy is for some branches or for all but some: include or exclude.")
        .items("include", Form(&EXPRESSION))
        .items("exclude", Form(&EXPRESSION));
    rules.of("prow.ReviewPolicy").field("required_approving_review_count", AtLeast(0));
}

fn deck(rules: &mut Rules) {
    rules.of("prow.Deck").at_most_one(
        &["rerun_auth_configs", "default_rerun_auth_configs"],
        "Write default_rerun_auth_configs without rerun_auth_configs.",
    );
    rules
        .of("prow.Spyglass")
        .field("size_limit", AtLeast(0))
        .keys("viewers", Form(&EXPRESSION))
        .within("gcs_browser_prefix", "gcs_browser_prefixes", Forbid(&["*"], PREFIXES))
        .within("gcs_browser_prefix", "gcs_browser_prefixes_by_bucket", Forbid(&["*"], PREFIXES));
    rules
        .of("prow.LensFileConfig")
        .require(&["lens"])
        .items("required_files", Form(&EXPRESSION))
        .items("optional_files", Form(&EXPRESSION));
    rules.of("prow.LensConfig").require(&["name"]);
}

fn jobs(rules: &mut Rules) {
    rules
        .of("prow.Controller")
        .each(&["max_concurrency", "max_goroutines"], AtLeast(0))
        .at_most_one(&["report_template", "report_templates"], "report_template is `*` of report_templates: set one.");
    rules.of("prow.Plank").at_most_one(
        &["default_decoration_configs", "default_decoration_config_entries"],
        "Set default_decoration_configs or default_decoration_config_entries.",
    );
    rules.of("prow.GitHubReporter").items("job_types_to_report", Choice(&[("presubmit", ""), ("postsubmit", "")]));
    rules.of("prow.SlackReporter").require(&["channel"]).items(
        "job_types_to_report",
        Choice(&[("presubmit", ""), ("postsubmit", ""), ("periodic", ""), ("batch", "several pull requests together")]),
    );
}

fn services(rules: &mut Rules) {
    rules.of("prow.Gerrit").field("allowed_presubmit_trigger_re", Form(&EXPRESSION));
    rules.of("prow.OwnersDirDenylist").items("default", Form(&EXPRESSION));
    rules.of("prow.PubSubTrigger").require(&["project"]);
    rules.of("prow.ManagedWebhookInfo").require(&["token_created_after"]);
    rules.of("prow.AllowedApiClient").require(&["gcp", "allowed_jobs_filters"]);
    rules
        .of("prow.ApiClientGcp")
        .require(&["endpoint_api_consumer_type", "endpoint_api_consumer_number"])
        .field("endpoint_api_consumer_type", Choice(&[("PROJECT", "a cloud project, by its number")]))
        .field("endpoint_api_consumer_number", Form(&DIGITS));
    rules.of("prow.AllowedJobsFilter").require(&["tenant_id"]);
}

/// Adds the rules for the main file.
pub fn add_for_main(rules: &mut Rules) {
    rules.of("decoration.RerunAuthConfig").excludes(
        "allow_anyone",
        &["github_orgs", "github_team_ids", "github_team_slugs", "github_users"],
        "When anyone may, nobody need be named.",
    );
}

/// Adds the rules for the files beside the main one.
pub fn add_for_shards(rules: &mut Rules) {
    rules.of("prow.ProwConfig").forbid_others(
        ProwConfig::describe(),
        &["branch-protection", "tide", "slack_reporter_configs"],
        ONLY_MAIN,
    );
    rules.of("prow.Tide").forbid_others(Tide::describe(), &[], ONLY_MAIN);
    rules.of("prow.TideGitHubConfig").forbid_others(
        TideGitHubConfig::describe(),
        &["merge_method", "queries"],
        ONLY_MAIN,
    );
}
