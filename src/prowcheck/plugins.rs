//! The configuration of plugins, looked at by itself.

use std::collections::BTreeMap;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::plugins::Configuration;
use crate::shard::plugins;

use super::Settings;
use super::places::Places;
use super::scopes::Scopes;

rules! {
    NOT_VERIFIED = warning "owners-not-verified", "OWNERS files are used and changes to them are not verified",
        "A mistake in an OWNERS file is merged, and then nobody can approve or is asked for review.",
        "enable the plugin verify-owners for the organisation or repository";
    RESTRICTED_AND_FREE = warning "label-restricted-and-free", "a label is for some people only, and for everybody",
        "Whoever may not set it by the one list may by the other.",
        "take it out of label.additional_labels or out of restricted_labels";
    EMPTY_LABEL = warning "restricted-label-empty", "a restricted label has no name",
        "The entry restricts nothing, though it reads as if it did.",
        "name the label, or remove the entry";
    UPDATER_REPO = warning "updater-repository-broken", "allowed_repos or denied_repos of config_updater names no repository",
        "Names are compared as they stand, so one of another form allows or denies nothing.",
        "write it as org or org/repo";
}

/// Looks at the configuration of plugins.
pub fn check(settings: &Settings, config: &Configuration, places: &Places<'_>) -> Vec<Diagnostic> {
    let unknown = plugins::unknown(places.sources(), config);
    let mut found: Vec<_> = unknown.into_iter().map(|finding| settings.severe(finding)).collect();
    if settings.options.wants("validate-owners") {
        owners(settings, config, places, &mut found);
    }
    if settings.options.wants("validate-label") {
        labels(settings, config, places, &mut found);
    }
    if settings.options.wants("validate-config-updater-acls") {
        updater(settings, config, places, &mut found);
    }
    found
}

fn owners(settings: &Settings, config: &Configuration, places: &Places<'_>, found: &mut Vec<Diagnostic>) {
    let users = ["approve", "blunderbuss", "owners-label"];
    let of = |plugin| Scopes::of_plugin(config, plugin);
    let using = users.into_iter().map(of).reduce(|all, more| all.union(&more)).unwrap_or_default();
    for (name, words) in using.difference(&of("verify-owners")).items() {
        let names = users.join(", ");
        let reference = format!(
            "the following orgs or repos enable at least one plugin that uses OWNERS files ({names}) but do not enable the \
             verify-owners plugin to ensure validity of OWNERS files: [{words}]"
        );
        let org = name.split('/').next().unwrap_or_default();
        let place = if config.plugins.contains_key(&name) { &name } else { org };
        let here = config.plugins.get(place).map(|it| it.plugins.as_slice()).unwrap_or_default();
        let plugin = users.into_iter().find(|user| here.iter().any(|plugin| plugin == user)).unwrap_or_default();
        let finding = settings.finding(&NOT_VERIFIED, places.main(), reference);
        found.push(places.put_at_plugin(finding, "plugins", place, plugin));
    }
}

fn labels(settings: &Settings, config: &Configuration, places: &Places<'_>, found: &mut Vec<Diagnostic>) {
    let top = KeyPath::root().key("label").key("restricted_labels");
    let mut clashes: BTreeMap<(&str, &str), KeyPath> = BTreeMap::new();
    for (name, list) in &config.label.restricted_labels {
        for (index, label) in list.iter().enumerate() {
            let path = top.key(name).item(index).key("label");
            if config.label.additional_labels.contains(&label.label) {
                clashes.entry((&label.label, name)).or_insert_with(|| path.clone());
            }
            if label.label.is_empty() {
                let words = "using the empty string as label name in restricted labels";
                let reference =
                    format!("the following orgs or repos have configuration of label plugin {words}: {name}");
                found.push(places.put(settings.finding(&EMPTY_LABEL, places.main(), reference), &[path]));
            }
        }
    }
    for ((label, name), path) in clashes {
        let words = "which is also configured as an additional label";
        let reference = format!(
            "the following orgs or repos have configuration of label plugin using the restricted label {label} {words}: {name}"
        );
        found.push(places.put(settings.finding(&RESTRICTED_AND_FREE, places.main(), reference), &[path]));
    }
}

fn updater(settings: &Settings, config: &Configuration, places: &Places<'_>, found: &mut Vec<Diagnostic>) {
    for (pattern, map) in &config.config_updater.maps {
        let lists = [("allowed_repos", &map.allowed_repos), ("denied_repos", &map.denied_repos)];
        for (key, index, repo) in
            lists.into_iter().flat_map(|(key, list)| list.iter().enumerate().map(move |(at, it)| (key, at, it)))
        {
            let why = match repo.as_str() {
                "" => "org/repo cannot be empty",
                repo if repo.matches('/').count() > 1 => "org/repo contains too many slashes '/'",
                repo if repo.starts_with('/') => "you cannot set a repo without an org",
                _ => continue,
            };
            let reference = format!("config_updater.maps[{pattern:?}].{key}: {why}");
            let path = KeyPath::root().key("config_updater").key("maps").key(pattern).key(key).item(index);
            found.push(places.put(settings.finding(&UPDATER_REPO, places.main(), reference), &[path]));
        }
    }
}
