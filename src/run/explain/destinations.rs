//! Where a file goes: its ConfigMaps, by `config_updater`; and who approves changes of it.

use std::collections::BTreeMap;
use std::path::Path;

use super::page::{Approvers, Destination};
use super::places::Places;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::files::{self, path};
use crate::lint::OwnersFile;
use crate::run::layout::PLUGINS;
use crate::shard::{Source, plugins};
use crate::updater::glob::Glob;
use crate::updater::{Groups, Mapping, Placement};
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;

/// The ConfigMaps that a file goes into; a finding where nobody knows.
pub fn config_maps(
    root: &Path,
    file: &str,
    environment: &BTreeMap<String, String>,
) -> Result<Vec<Destination>, Diagnostic> {
    let text = files::read_given(&root.join(PLUGINS)).map_err(|error| error.finding(PLUGINS))?;
    let updater = plugins::config_updater(Source { file: PLUGINS, text: &text }).unwrap_or_default();
    let placement = Placement::new(&updater, Groups::AsReference, &|name| environment.get(name).cloned());
    let places = Places::new(PLUGINS, &text);
    let taken = placement.of(file);
    let entries = taken.iter().filter_map(|at| placement.get(*at));
    Ok(entries.map(|(glob, mapping)| destination(file, glob, mapping, &places)).collect())
}

fn destination(file: &str, glob: &Glob, mapping: &Mapping, places: &Places<'_>) -> Destination {
    let key = mapping.key(file).into_owned();
    let target = |(cluster, namespace): &(String, String)| match namespace.as_str() {
        "" => cluster.clone(),
        namespace => format!("{cluster}/{namespace}"),
    };
    Destination {
        name: mapping.name(&key).to_owned(),
        is_packed: mapping.is_packed,
        targets: mapping.targets.iter().map(target).collect(),
        pattern: glob.pattern().to_owned(),
        place: places.of(&KeyPath::root().key("config_updater").key("maps").name(glob.pattern())),
        key,
    }
}

/// Who approves changes of a file: the nearest OWNERS on the way up that name somebody.
pub fn owners(root: &Path, file: &str) -> Option<Approvers> {
    let mut directory = path::directory(file);
    loop {
        let owners = path::join(directory, "OWNERS");
        let there = root.join(&owners);
        if files::is_there(&there)
            && let Some(names) = files::read_given(&there).ok().and_then(|text| approvers(&text))
        {
            return Some(Approvers { file: owners, names });
        }
        if directory.is_empty() {
            return None;
        }
        directory = path::directory(directory);
    }
}

/// Everybody whom OWNERS name as approvers, of whichever files; nothing when that is nobody.
fn approvers(text: &str) -> Option<Vec<String>> {
    let file: OwnersFile = read(&parse(text).ok()?, Strictness::Lenient).ok()?;
    let mut names: Vec<String> = Vec::new();
    let filtered = file.filters.values().flat_map(|owners| &owners.approvers);
    for name in file.owners.approvers.iter().chain(filtered) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    (!names.is_empty()).then_some(names)
}
