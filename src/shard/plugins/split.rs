//! The way back: what belongs to one organisation or repository moves into a file of its own.

use std::collections::BTreeMap;
use std::mem::take;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;
use crate::model::plugins::Configuration;
use crate::model::plugins::bugzilla::{Bugzilla, BugzillaOrgOptions};
use crate::model::plugins::comment::{Trigger, Welcome};
use crate::model::plugins::enabled::{ExternalPlugin, OrgPlugins};
use crate::model::plugins::labels::{Label, RestrictedLabel};
use crate::model::plugins::review::{Approve, Lgtm};
use crate::record;
use crate::shard::place::{SHARD_TWICE, misplaced, path_of};
use crate::shard::{Shard, Shards, Source};
use crate::yaml::given::Given;

rules! {
    LOST_ENTRY = warning "lost-entry",
        "an entry of the plugins' configuration has no place in the files of organisations and repositories",
        "The entry is dropped when the configuration is split.",
        "name the entry's repositories, each in one entry only";
}

/// The name of a supplemental file.
pub const FILE: &str = "_pluginconfig.yaml";

record! {
    /// The part of the plugins' configuration that is for one organisation or repository.
    pub struct PluginShard {
        /// The plugins that run.
        pub plugins: BTreeMap<String, OrgPlugins> => "plugins" omit,
        /// What a bug must look like.
        pub bugzilla: Option<Bugzilla> => "bugzilla" omit,
        /// Approval by owners.
        pub approve: Vec<Approve> => "approve" omit,
        /// Approval by reviewers.
        pub lgtm: Vec<Lgtm> => "lgtm" omit,
        /// Who starts jobs.
        pub triggers: Vec<Trigger> => "triggers" omit,
        /// Words for newcomers.
        pub welcome: Vec<Welcome> => "welcome" omit,
        /// Programs that get events.
        pub external_plugins: BTreeMap<String, Given<Vec<ExternalPlugin>>> => "external_plugins" omit,
        /// Labels that only some people may set.
        pub label: Option<Label> => "label" omit,
    }
}

/// Shards while they grow, and who put what there.
struct Growing<'a> {
    main: Source<'a>,
    by_path: BTreeMap<String, PluginShard>,
    /// The name that put a section into a file.
    owners: BTreeMap<(String, &'static str), String>,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Growing<'_> {
    /// The shard of an organisation or repository, to put a section there.
    fn of(&mut self, parts: &[&str], section: &'static str) -> Option<&mut PluginShard> {
        let name = parts.join("/");
        let Some(path) = path_of(parts, FILE) else {
            self.errors.push(misplaced(self.main, &name));
            return None;
        };
        if let Some(other) = self.owners.insert((path.clone(), section), name.clone()) {
            self.clash(&other, &name, section, &path);
        }
        Some(self.by_path.entry(path).or_default())
    }

    /// Two entries for one place: of one name the last stays, as with the reference; of two, which stays is chance there.
    fn clash(&mut self, other: &str, name: &str, section: &str, path: &str) {
        let file = self.main.file;
        if other == name {
            let message = format!("{section} has several entries for {name}, and only the last is kept");
            let warning = Diagnostic::of_rule(&LOST_ENTRY, file, message).fix("keep one of them");
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        } else {
            let message = format!("{section}: {other:?} and {name:?} would both be written into {path}");
            self.errors.push(Diagnostic::of_rule(&SHARD_TWICE, file, message));
        }
    }
}

/// Moves what belongs to one organisation or repository out of the configuration.
pub fn split(main: Source<'_>, config: &mut Configuration) -> Result<Shards<PluginShard>, Vec<Diagnostic>> {
    let mut shards =
        Growing { main, by_path: BTreeMap::new(), owners: BTreeMap::new(), errors: Vec::new(), warnings: Vec::new() };
    for (name, plugins) in take(&mut config.plugins.0) {
        if let Some(shard) = shards.of(&[&name], "plugins") {
            shard.plugins = [(name, plugins)].into();
        }
    }
    split_labels(&mut config.label, &mut shards);
    split_bugzilla(&mut config.bugzilla, &mut shards);
    split_lists(config, &mut shards);
    for (name, plugins) in take(&mut config.external_plugins) {
        if let Some(shard) = shards.of(&[&name], "external_plugins") {
            shard.external_plugins = [(name, plugins)].into();
        }
    }
    if !shards.errors.is_empty() {
        return Err(shards.errors);
    }
    let whole = shards.by_path.into_iter().map(|(path, value)| Shard { path, value }).collect();
    Ok(Shards { shards: whole, warnings: shards.warnings })
}

fn split_labels(label: &mut Label, shards: &mut Growing<'_>) {
    let (general, of_names): (BTreeMap<_, _>, BTreeMap<String, Given<Vec<RestrictedLabel>>>) =
        take(&mut label.restricted_labels).into_iter().partition(|(name, _)| name == "*");
    label.restricted_labels = general;
    for (name, labels) in of_names {
        let Some(path) = path_of(&[&name], FILE) else {
            shards.errors.push(misplaced(shards.main, &name));
            continue;
        };
        // Several spellings of one name do stand beside each other here.
        let shard = shards.by_path.entry(path).or_default();
        shard.label.get_or_insert_default().restricted_labels.insert(name, labels);
    }
}

fn split_bugzilla(bugzilla: &mut Bugzilla, shards: &mut Growing<'_>) {
    let one =
        |name: &str, org: BugzillaOrgOptions| Bugzilla { orgs: [(name.to_owned(), org)].into(), ..Default::default() };
    for (name, BugzillaOrgOptions { default, repos }) in take(&mut bugzilla.orgs) {
        if default.as_option().is_some()
            && let Some(shard) = shards.of(&[&name], "bugzilla")
        {
            shard.bugzilla = Some(one(&name, BugzillaOrgOptions { default, ..Default::default() }));
        }
        for (repo, options) in repos {
            if let Some(shard) = shards.of(&[&name, &repo], "bugzilla") {
                let repos = [(repo, options)].into();
                shard.bugzilla = Some(one(&name, BugzillaOrgOptions { repos, ..Default::default() }));
            }
        }
    }
}

/// One entry for each repository of an entry; an entry without repositories is dropped.
fn split_lists(config: &mut Configuration, shards: &mut Growing<'_>) {
    let lost = |section: &str, shards: &mut Growing<'_>| {
        let message = format!("an entry of {section} names no repositories and is dropped");
        shards.warnings.push(Diagnostic::of_rule(&LOST_ENTRY, shards.main.file, message));
    };
    macro_rules! split {
        ($section:ident) => {
            for mut entry in take(&mut config.$section) {
                let names = take(&mut entry.repos);
                if names.is_empty() {
                    lost(stringify!($section), shards);
                }
                for name in names {
                    if let Some(shard) = shards.of(&[&name], stringify!($section)) {
                        let mut own = entry.clone();
                        own.repos = vec![name];
                        shard.$section = vec![own];
                    }
                }
            }
        };
    }
    split!(approve);
    split!(lgtm);
    split!(triggers);
    split!(welcome);
}
