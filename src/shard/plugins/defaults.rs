//! What the plugins fill in when their configuration is loaded, as far as it is written again.

use crate::model::plugins::Configuration;
use crate::model::plugins::review::ContextMatch;
use crate::model::plugins::updater::{ConfigMapSpec, ConfigUpdater};
use crate::yaml::given::Given;

const CHERRY_PICK_BRANCHES: &str = "^release-.*$";
const UNAPPROVED_COMMENT: &str = "This PR is not for the master branch but does not have the `cherry-pick-approved`  label. \
    Adding the `do-not-merge/cherry-pick-not-approved`  label.";
const MENTIONS: &str =
    r"(?m)@kubernetes/sig-([\w-]*)-(misc|test-failures|bugs|feature-requests|proposals|pr-reviews|api-reviews)";
const NOT_MERGEABLE: &str = r"Not mergeable. (PullRequest is missing sufficient approving GitHub review\(s\)|Needs (lgtm|approved|approved, lgtm) labels?)\.?";

/// Fills in everything.
pub fn fill_in(config: &mut Configuration) {
    text(&mut config.help.help_guidelines_url, "https://git.k8s.io/community/contributors/guide/help-wanted.md");
    updater(&mut config.config_updater);
    for plugin in config.external_plugins.values_mut().flatten() {
        if plugin.endpoint.is_empty() {
            plugin.endpoint = format!("http://{}", plugin.name);
        }
    }
    config.blunderbuss.request_count.get_or_insert(2);
    if let Some(ContextMatch { context, description, state }) = &mut config.blunderbuss.wait_for_status {
        text(context, "tide");
        text(state, "pending");
        text(description, NOT_MERGEABLE);
    }
    for trigger in &mut config.triggers {
        if !trigger.trusted_org.is_empty() && trigger.join_org_url.is_empty() {
            trigger.join_org_url = format!("https://github.com/orgs/{}/people", trigger.trusted_org);
        }
    }
    text(&mut config.sigmention.regexp, MENTIONS);
    if !config.owners.labels_denylist.is_given() {
        config.owners.labels_denylist = Given::from(vec!["approved".to_owned(), "lgtm".to_owned()]);
    }
    text(&mut config.cherry_pick_unapproved.branchregexp, CHERRY_PICK_BRANCHES);
    text(&mut config.cherry_pick_unapproved.comment, UNAPPROVED_COMMENT);
    config.cherry_pick_approved.iter_mut().for_each(|entry| text(&mut entry.branchregexp, CHERRY_PICK_BRANCHES));
    config.require_matching_label.iter_mut().for_each(|entry| text(&mut entry.grace_period, "5s"));
    text(&mut config.release_note.guidelines_url, "https://git.k8s.io/community/contributors/guide/release-notes.md");
}

fn text(field: &mut String, default: &str) {
    if field.is_empty() {
        default.clone_into(field);
    }
}

fn updater(updater: &mut ConfigUpdater) {
    if updater.maps.is_empty() {
        let map = |name: &str| ConfigMapSpec { name: name.to_owned(), ..ConfigMapSpec::default() };
        updater.maps.insert("config/prow/config.yaml".into(), map("config"));
        updater.maps.insert("config/prow/plugins.yaml".into(), map("plugins"));
    }
    for map in updater.maps.values_mut() {
        if map.clusters.is_empty() && map.cluster_groups.is_empty() {
            // The namespace without a name is that of Prow itself.
            map.clusters = [("default".to_owned(), Given::from(vec![String::new()]))].into();
        }
    }
}
