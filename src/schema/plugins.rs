//! Rules for the configuration of Prow's plugins: the main file, and the files of organisations and repositories.
//!
//! What the reference checks with more than one file, or once defaults are filled in, is in `src/shard/plugins`.

use super::forms::{EXPRESSION, NO_SLASH, ORG_REPO, SPAN};
use super::rules::Constraint::{AtLeast, Choice, EachValue, Examples, Form, OrScalar, Unique};
use super::rules::Rules;
use crate::model::plugins::Configuration;
use crate::model::plugins::labels::Label;
use crate::yaml::describe::Describe;

const ONLY_MAIN: &str = "Only _plugins.yaml may set this; the files beside it have plugins, external_plugins, approve, \
                         lgtm, triggers, welcome, bugzilla and label.restricted_labels.";

/// Adds the rules that hold in all files.
pub fn add(rules: &mut Rules) {
    // Milestones are mostly versions, and people do leave the quotes out.
    rules
        .of("plugins.Configuration")
        .or_blank()
        .values("milestone_applier", EachValue(&OrScalar("Write the milestone in quotes: 1.30 without them is 1.3.")));
    rules.of("plugins.ExternalPlugin").require(&["name"]).items(
        "events",
        Examples(&["issue_comment", "issues", "pull_request", "pull_request_review", "push", "status"]),
    );
    for section in [
        "plugins.Approve",
        "plugins.Lgtm",
        "plugins.Trigger",
        "plugins.Welcome",
        "plugins.Blockade",
        "plugins.InvalidCommitMsg",
        "plugins.MergeWarning",
    ] {
        rules.of(section).items("repos", Form(&ORG_REPO));
    }
    for section in ["plugins.Approve", "plugins.Welcome", "plugins.InvalidCommitMsg"] {
        rules.of(section).field("repos", Unique);
    }
    review(rules);
    labels(rules);
    projects(rules);
    rules.of("plugins.SigMention").field("regexp", Form(&EXPRESSION));
    rules.of("plugins.Heart").field("commentregexp", Form(&EXPRESSION));
    rules.of("plugins.InvalidCommitMsgCheck").require(&["name"]).field(
        "name",
        Choice(&[
            ("fixupPrefix", "messages that begin with fixup!, squash! or amend!"),
            ("issueClosingKeywords", "words by which GitHub closes an issue"),
        ]),
    );
    rules
        .of("plugins.ConfigMapSpec")
        .at_most_one(
            &["name", "partitioned_names"],
            "Files go to one ConfigMap or to several: name or partitioned_names.",
        )
        .at_most_one(&["clusters", "cluster_groups"], "Write clusters or cluster_groups.");
}

fn review(rules: &mut Rules) {
    rules
        .of("plugins.Blockade")
        .field("branchregexp", Form(&EXPRESSION))
        .items("blockregexps", Form(&EXPRESSION))
        .items("exceptionregexps", Form(&EXPRESSION));
    rules.of("plugins.Blunderbuss").field("request_count", AtLeast(1)).field("max_request_count", AtLeast(0));
    rules
        .of("plugins.ContextMatch")
        .field("description", Form(&EXPRESSION))
        .field("state", Choice(&[("pending", ""), ("success", ""), ("failure", ""), ("error", "")]));
    for section in ["plugins.CherryPickApproved", "plugins.CherryPickUnapproved"] {
        rules.of(section).field("branchregexp", Form(&EXPRESSION));
    }
}

fn labels(rules: &mut Rules) {
    rules.of("plugins.RestrictedLabel").require(&["label"]);
    rules.of("plugins.AssignOnLabel").require(&["label"]);
    rules
        .of("plugins.RequireMatchingLabel")
        .require(&["org", "regexp", "missing_label"])
        .field("repo", Form(&NO_SLASH))
        .field("regexp", Form(&EXPRESSION))
        .field("grace_period", Form(&SPAN))
        .any_of(&["prs", "issues"], "Write `prs: true`, `issues: true` or both.")
        .needs("branch", &["prs"], "Only pull requests have a branch: write `prs: true`.");
}

fn projects(rules: &mut Rules) {
    rules.of("plugins.ManagedOrgRepo").require(&["projects"]);
    rules.of("plugins.ManagedProject").require(&["columns"]);
    rules
        .of("plugins.ManagedColumn")
        .require(&["labels", "org"])
        .any_of(&["id", "name"], "A column is named by id or name.")
        .field("state", Choice(&[("open", ""), ("closed", ""), ("all", "")]));
}

/// Adds the rules for the files beside the main one.
pub fn add_for_shards(rules: &mut Rules) {
    let allowed = ["plugins", "external_plugins", "approve", "lgtm", "triggers", "welcome", "bugzilla", "label"];
    rules.of("plugins.Configuration").forbid_others(Configuration::describe(), &allowed, ONLY_MAIN);
    rules.of("plugins.Label").forbid_others(Label::describe(), &["restricted_labels"], ONLY_MAIN);
}
