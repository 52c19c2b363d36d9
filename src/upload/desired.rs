//! What should be in every ConfigMap, from a repository's files and the entries of `config_updater`.

use std::collections::{BTreeMap, BTreeSet};

use super::content::Content;
use super::value::Value;
use crate::updater::{ConfigMapId, Mapping, Placement};

/// A file of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the repository.
    pub path: String,
    /// Its bytes.
    pub content: Content,
}

/// What should stand under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The file that it comes from.
    pub path: String,
    /// The file's bytes.
    pub content: Content,
    /// Whether they are packed.
    pub is_packed: bool,
    /// The position of the entry that takes the file.
    pub at: u32,
}

impl Item {
    /// The value as it is stored.
    pub fn value(&self) -> Value {
        if self.is_packed { self.content.packed().clone() } else { self.content.plain() }
    }

    /// Whether it is stored as text.
    pub fn is_text(&self) -> bool {
        !self.is_packed && std::str::from_utf8(&self.content).is_ok()
    }

    /// Whether a value already says the same.
    pub fn is_in(&self, value: &Value) -> bool {
        value.holds(&self.content, self.is_packed)
    }
}

/// Whose files these are, and what part of the work is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The repository, `org/repo`, for entries that allow or deny some; entries that allow any never fit the empty name.
    pub repository: String,
    /// Prow's own namespace, for entries that name none.
    pub namespace: String,
    /// The names of the ConfigMaps that are worked on; all when empty.
    pub only: BTreeSet<String>,
}

/// What should be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    /// Every ConfigMap that an entry names, with what files give it: nothing for one that should be empty.
    pub maps: BTreeMap<ConfigMapId, BTreeMap<String, Item>>,
    /// What files give to ConfigMaps that are not worked on: what moves there has to stay where it is.
    pub beyond: BTreeMap<ConfigMapId, BTreeMap<String, Item>>,
    /// Every ConfigMap that an entry names, those that are not worked on included.
    pub all: BTreeSet<ConfigMapId>,
    /// The ConfigMaps of entries that spread their keys.
    pub partitions: BTreeSet<ConfigMapId>,
    /// The patterns of entries that are not for this repository.
    pub denied: BTreeSet<String>,
}

impl Desired {
    /// Puts files where the entries place them. When several entries for this repository take one file the first in the order of
    /// patterns has it, and of several files with one key the last: whoever does not want that has looked for it before.
    pub fn of(placement: &Placement, files: &[File], scope: &Scope) -> Self {
        let mut desired = Self::default();
        for (glob, mapping) in placement.iter() {
            match mapping.admits(&scope.repository) {
                true => desired.name_all(mapping, scope),
                false => drop(desired.denied.insert(glob.pattern().to_owned())),
            }
        }
        for file in files {
            let taken = placement.of(&file.path);
            let mut entries = taken.iter().filter_map(|at| Some((*at, placement.get(*at)?.1)));
            let Some((at, mapping)) = entries.find(|(_, mapping)| mapping.admits(&scope.repository)) else {
                continue;
            };
            let key = mapping.key(&file.path);
            for id in mapping.config_maps(&key).map(|id| whole(id, scope)) {
                let keys = match desired.maps.get_mut(&id) {
                    Some(keys) => keys,
                    None => desired.beyond.entry(id).or_default(),
                };
                let content = file.content.clone();
                let item = Item { path: file.path.clone(), content, is_packed: mapping.is_packed, at };
                keys.insert(key.clone().into_owned(), item);
            }
        }
        desired
    }

    /// Gives up ConfigMaps: they are not worked on.
    pub fn give_up(&mut self, is_given_up: impl Fn(&ConfigMapId) -> bool) {
        let given_up: Vec<ConfigMapId> = self.maps.keys().filter(|id| is_given_up(id)).cloned().collect();
        for id in given_up {
            let keys = self.maps.remove(&id).unwrap_or_default();
            self.beyond.insert(id, keys);
        }
    }

    /// The ConfigMaps that an entry names.
    fn name_all(&mut self, mapping: &Mapping, scope: &Scope) {
        let is_wanted = |name: &str| scope.only.is_empty() || scope.only.contains(name);
        for (cluster, namespace) in &mapping.targets {
            for name in mapping.names() {
                let (cluster, namespace, name) = (cluster.clone(), namespace.clone(), name.clone());
                let id = whole(ConfigMapId { cluster, namespace, name }, scope);
                self.all.insert(id.clone());
                if !is_wanted(&id.name) {
                    continue;
                }
                if !mapping.spec.partitioned_names.is_empty() {
                    self.partitions.insert(id.clone());
                }
                self.maps.entry(id).or_default();
            }
        }
    }
}

/// A ConfigMap with its namespace filled in.
fn whole(id: ConfigMapId, scope: &Scope) -> ConfigMapId {
    if id.namespace.is_empty() { ConfigMapId { namespace: scope.namespace.clone(), ..id } } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plugins::updater::ConfigUpdater;
    use crate::updater::Groups;
    use crate::yaml::codec::{Strictness, read};
    use crate::yaml::parse::parse;

    fn desired(text: &str, files: &[&str], scope: &Scope) -> Vec<String> {
        let updater: ConfigUpdater = read(&parse(text).unwrap(), Strictness::Lenient).unwrap();
        let placement = Placement::new(&updater, Groups::Whole, &|_| None);
        let file = |path: &&str| File { path: (*path).to_owned(), content: path.as_bytes().into() };
        let desired = Desired::of(&placement, &files.iter().map(file).collect::<Vec<_>>(), scope);
        let line = |(id, keys): (&ConfigMapId, &BTreeMap<String, Item>)| {
            let keys: Vec<String> = keys.iter().map(|(key, item)| format!("{key}={}", item.path)).collect();
            format!("{}/{}/{}: {}", id.cluster, id.namespace, id.name, keys.join(" "))
        };
        desired.maps.iter().map(line).collect()
    }

    fn scope(repository: &str) -> Scope {
        Scope { repository: repository.into(), namespace: "ci".into(), only: BTreeSet::new() }
    }

    #[test]
    fn every_named_config_map_is_there_with_what_files_give_it() {
        let text = "maps: {'a/*': {name: a, clusters: {x: ['', p]}}, 'b/*': {partitioned_names: [b0, b1], clusters: {x: [p]}}}";
        let all = desired(text, &["a/one", "b/config.yaml", "c/d"], &scope("o/r"));
        assert_eq!(all, ["x/ci/a: one=a/one", "x/p/a: one=a/one", "x/p/b0: config.yaml=b/config.yaml", "x/p/b1: "]);
    }

    #[test]
    fn entries_for_other_repositories_are_left_alone() {
        let text =
            "maps: {'a/*': {name: a, clusters: {x: [p]}, denied_repos: [o]}, 'b/*': {name: b, clusters: {x: [p]}}}";
        assert_eq!(desired(text, &["a/f", "b/f"], &scope("o/r")), ["x/p/b: f=b/f"]);
        assert_eq!(desired(text, &["a/f"], &scope("p/r")), ["x/p/a: f=a/f", "x/p/b: "]);
    }

    #[test]
    fn only_some_may_be_wanted() {
        let text = "maps: {'a/*': {name: a, clusters: {x: [p]}}, 'b/*': {name: b, clusters: {x: [p]}}}";
        let only = Scope { only: ["b".to_owned()].into(), ..scope("o/r") };
        assert_eq!(desired(text, &["a/f", "b/f"], &only), ["x/p/b: f=b/f"]);
    }
}
