//! The plugins that Prow has.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;
use crate::model::plugins::Configuration;
use crate::shard::Source;
use crate::shard::part::{MOST_LOOKUPS, first_that, keys};

rules! {
    UNKNOWN_PLUGIN = "unknown-plugin",
        "a plugin is enabled that Prow does not have",
        "Prow refuses the whole configuration of plugins.",
        "spell it as Prow does, or remove it";
}

/// Every plugin of the Prow that the reference is built with, sorted.
const KNOWN: [&str; 52] = [
    "approve",
    "assign",
    "blockade",
    "blunderbuss",
    "branchcleaner",
    "bugzilla",
    "buildifier",
    "cat",
    "cherry-pick-approved",
    "cherry-pick-unapproved",
    "cla",
    "config-updater",
    "dco",
    "dog",
    "golint",
    "goose",
    "heart",
    "help",
    "hold",
    "invalidcommitmsg",
    "issue-management",
    "jira",
    "label",
    "lgtm",
    "lifecycle",
    "merge-method-comment",
    "mergecommitblocker",
    "milestone",
    "milestoneapplier",
    "milestonestatus",
    "override",
    "owners-label",
    "pony",
    "project",
    "project-manager",
    "release-note",
    "require-matching-label",
    "retitle",
    "shrug",
    "sigmention",
    "size",
    "skip",
    "slackevents",
    "stage",
    "testfreeze",
    "transfer-issue",
    "trick-or-treat",
    "trigger",
    "verify-owners",
    "welcome",
    "wip",
    "yuks",
];

/// Plugins that do not exist and are to run somewhere all the same. Hook refuses to start with one, and so does whoever
/// asks for the configuration as it is used; determinize-prow-config does not ask. The first of the files is the main one.
pub fn unknown(sources: &[Source<'_>], config: &Configuration) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (name, plugins) in config.plugins.iter() {
        let unknown =
            plugins.plugins.iter().enumerate().filter(|(_, plugin)| KNOWN.binary_search(&&***plugin).is_err());
        for (at, plugin) in unknown {
            let searched = if findings.len() < MOST_LOOKUPS { sources } else { &[] };
            let has = |config: &Configuration| config.plugins.contains_key(name);
            let Some(source) = first_that(searched, has).or_else(|| sources.first().copied()) else { continue };
            let message = format!("unknown plugin: {plugin}");
            let path = keys(["plugins", name, "plugins"]).item(at);
            let finding = source.finding(&UNKNOWN_PLUGIN, path, &*message).as_reference(message);
            let finding = finding.because("Prow does not start with a plugin that it does not have");
            findings.push(match nearest(plugin) {
                Some(known) => finding.fix(format!("did you mean {known}?")),
                None => finding.fix("remove it, or name it under external_plugins if it is one"),
            });
        }
    }
    findings
}

/// The plugin that somebody who misses a letter or has one too many means.
fn nearest(name: &str) -> Option<&'static str> {
    let letters = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let wanted = letters(name);
    let is_near = |known: &&&str| {
        let known = letters(known);
        let (short, long) = if known.len() < wanted.len() { (&known, &wanted) } else { (&wanted, &known) };
        let without = |at: usize| {
            long.chars().enumerate().filter(|(index, _)| *index != at).map(|(_, it)| it).collect::<String>()
        };
        short == long || long.len() == short.len() + 1 && (0..long.len()).any(|at| without(at) == **short)
    };
    KNOWN.iter().find(is_near).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_found_in_order() {
        assert!(KNOWN.is_sorted());
        assert_eq!(nearest("approv"), Some("approve"));
        assert_eq!(nearest("config_updater"), Some("config-updater"));
        assert_eq!(nearest("nonsense"), None);
    }
}
