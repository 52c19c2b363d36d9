//! Supplemental files merged into the main one: what they may not hold, and what two of them may not both say.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::mem::take;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::plugins::Configuration;
use crate::model::plugins::bugzilla::{Bugzilla, BugzillaOrgOptions};
use crate::model::plugins::enabled::ExternalPlugin;
use crate::model::plugins::labels::RestrictedLabel;
use crate::shard::Source;
use crate::shard::part::{Conflicts, NOT_MERGEABLE, keys, left_over};
use crate::yaml::convert::equal_fold;
use crate::yaml::given::Given;

/// Takes what can be merged out of a supplemental file's configuration. What then is left, be it an empty list, is a
/// finding, as with the reference.
pub fn mergeable(
    source: Source<'_>,
    config: &mut Configuration,
    empties: &[Vec<String>],
) -> Result<Configuration, Vec<Diagnostic>> {
    let mut mergeable = Configuration {
        approve: take(&mut config.approve),
        bugzilla: take(&mut config.bugzilla),
        external_plugins: take(&mut config.external_plugins),
        lgtm: take(&mut config.lgtm),
        plugins: take(&mut config.plugins),
        triggers: take(&mut config.triggers),
        welcome: take(&mut config.welcome),
        ..Configuration::default()
    };
    mergeable.label.restricted_labels = take(&mut config.label.restricted_labels);
    let is = |way: &[String], index: usize, name: &str| way.get(index).is_some_and(|key| equal_fold(key, name));
    let whole = ["approve", "bugzilla", "external_plugins", "lgtm", "plugins", "triggers", "welcome"];
    let allowed = |way: &[String]| {
        whole.iter().any(|name| is(way, 0, name)) || is(way, 0, "label") && is(way, 1, "restricted_labels")
    };
    let found = left_over(config, empties, allowed);
    let finding = |path: KeyPath| {
        let message = format!("supplemental plugin configuration has config that doesn't support merging: {path}");
        source.finding(&NOT_MERGEABLE, path, &*message).as_reference(message).fix("move it into _plugins.yaml")
    };
    if found.is_empty() { Ok(mergeable) } else { Err(found.into_iter().map(finding).collect()) }
}

/// Merges one file into the others. Notes what both say and may not.
pub fn merge(config: &mut Configuration, from: Configuration, conflicts: &mut Conflicts<'_, '_, Configuration>) {
    for (name, plugins) in from.plugins.0 {
        match config.plugins.entry(name) {
            Entry::Vacant(place) => drop(place.insert(plugins)),
            Entry::Occupied(there) => {
                let name = there.key();
                let wrong = "failed to merge .plugins from supplemental config";
                let message = format!("{wrong}: found duplicate config for plugins.{name}");
                conflicts.note(keys(["plugins", name]), message, |config| config.plugins.contains_key(name));
            }
        }
    }
    merge_bugzilla(&mut config.bugzilla, from.bugzilla, conflicts);
    config.approve.extend(from.approve);
    config.lgtm.extend(from.lgtm);
    config.triggers.extend(from.triggers);
    config.welcome.extend(from.welcome);
    merge_external(&mut config.external_plugins, from.external_plugins, conflicts);
    merge_labels(&mut config.label.restricted_labels, from.label.restricted_labels, conflicts);
}

fn merge_external(
    into: &mut BTreeMap<String, Given<Vec<ExternalPlugin>>>,
    from: BTreeMap<String, Given<Vec<ExternalPlugin>>>,
    conflicts: &mut Conflicts<'_, '_, Configuration>,
) {
    for (name, plugins) in from {
        match into.entry(name) {
            Entry::Vacant(place) => drop(place.insert(plugins)),
            Entry::Occupied(there) => {
                let name = there.key();
                let wrong = "failed to merge .external-plugins from supplemental config";
                let message = format!("{wrong}: found duplicate config for external-plugins.{name}");
                let path = keys(["external_plugins", name]);
                conflicts.note(path, message, |config| config.external_plugins.contains_key(name));
            }
        }
    }
}

fn merge_labels(
    into: &mut BTreeMap<String, Given<Vec<RestrictedLabel>>>,
    from: BTreeMap<String, Given<Vec<RestrictedLabel>>>,
    conflicts: &mut Conflicts<'_, '_, Configuration>,
) {
    for (name, labels) in from {
        let there = into.entry(name.clone()).or_default();
        for (index, label) in labels.iter().enumerate() {
            if there.iter().any(|other| other.label == label.label) {
                let message = format!(
                    "failed to merge .label from supplemental config: there are multiple label.restricted_labels configs \
                     for label {}",
                    label.label
                );
                let path = keys(["label", "restricted_labels", &name]).item(index).key("label");
                conflicts.note(path, message, |config| {
                    let of_name = config.label.restricted_labels.get(&name);
                    of_name.is_some_and(|labels| labels.iter().any(|other| other.label == label.label))
                });
            }
        }
        // Nothing given to nothing there stays nothing.
        match there.is_given() {
            true => there.extend(labels),
            false => *there = labels,
        }
    }
}

fn merge_bugzilla(into: &mut Bugzilla, from: Bugzilla, conflicts: &mut Conflicts<'_, '_, Configuration>) {
    let wrong = "failed to merge .bugzilla from supplemental config";
    if from.default.as_option().is_some() {
        if into.default.as_option().is_some() {
            let message = format!("{wrong}: configuration of global default defined in multiple places");
            let path = keys(["bugzilla", "default"]);
            conflicts.note(path, message, |config| config.bugzilla.default.as_option().is_some());
        } else {
            into.default = from.default;
        }
    }
    for (name, BugzillaOrgOptions { default, repos }) in from.orgs {
        let org = into.orgs.entry(name.clone()).or_default();
        let path = keys(["bugzilla", "orgs", &name]);
        if default.as_option().is_some() {
            if org.default.as_option().is_some() {
                let message = format!("{wrong}: found duplicate organization config for bugzilla.{name}");
                conflicts.note(path.key("default"), message, |config| {
                    config.bugzilla.orgs.get(&name).is_some_and(|org| org.default.as_option().is_some())
                });
                continue;
            }
            org.default = default;
        }
        for (repo, options) in repos {
            match org.repos.entry(repo) {
                Entry::Vacant(place) => drop(place.insert(options)),
                Entry::Occupied(there) => {
                    let repo = there.key();
                    let message = format!("{wrong}: found duplicate repository config for bugzilla.{name}/{repo}");
                    conflicts.note(path.key("repos").key(repo), message, |config| {
                        config.bugzilla.orgs.get(&name).is_some_and(|org| org.repos.contains_key(repo))
                    });
                }
            }
        }
    }
}
