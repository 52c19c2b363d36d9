//! Where each file goes: the ConfigMaps, by cluster and namespace, the key, and how it is stored.
//!
//! A [`Placement`] is made of `config_updater` once and asked for thousands of files: [`Placement::of`] says which entries
//! of `maps` take a file, a [`Mapping`] is one such entry with its groups resolved and its defaults filled in. When several
//! entries take a file Prow goes by any one of them, so whoever asks has to decide what to make of that.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::glob::{Environment, Glob};
use super::glob_set::{GlobSet, Matches};
use crate::model::plugins::updater::{ConfigMapSpec, ConfigUpdater};

/// What becomes of an entry that names groups of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// As with the reference, such an entry loses its repositories and `use_full_path_as_key`.
    AsReference,
    /// It keeps what it says.
    Whole,
}

/// One ConfigMap somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigMapId {
    /// The cluster's name in Prow.
    pub cluster: String,
    /// The namespace; nothing for that of Prow itself.
    pub namespace: String,
    /// The ConfigMap's name.
    pub name: String,
}

/// One entry of `maps`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// What the entry says, groups resolved into `clusters`.
    pub spec: ConfigMapSpec,
    /// Whether its content is packed, by itself or by what goes for all.
    pub is_packed: bool,
    /// Where its ConfigMaps are: cluster and namespace, each once.
    pub targets: BTreeSet<(String, String)>,
}

impl Mapping {
    fn new(spec: &ConfigMapSpec, updater: &ConfigUpdater, groups: Groups) -> Self {
        let mut spec = spec.clone();
        if spec.clusters.is_empty() {
            for group in spec.cluster_groups.iter().filter_map(|name| updater.cluster_groups.get(name)) {
                for cluster in &group.clusters {
                    spec.clusters.entry(cluster.clone()).or_default().extend(group.namespaces.iter().cloned());
                }
            }
            if groups == Groups::AsReference {
                spec.use_full_path_as_key = false;
                spec.allowed_repos.clear();
                spec.denied_repos.clear();
            }
        }
        let each = |(cluster, namespaces): (&String, &_)| -> Vec<(String, String)> {
            let namespaces: &Vec<String> = namespaces;
            namespaces.iter().map(|namespace| (cluster.clone(), namespace.clone())).collect()
        };
        let targets = spec.clusters.iter().flat_map(|(cluster, namespaces)| each((cluster, &**namespaces))).collect();
        Self { is_packed: spec.gzip.unwrap_or(updater.gzip), targets, spec }
    }

    /// The key of a file.
    pub fn key<'p>(&'p self, path: &'p str) -> Cow<'p, str> {
        if !self.spec.key.is_empty() {
            Cow::Borrowed(&self.spec.key)
        } else if self.spec.use_full_path_as_key {
            Cow::Owned(path.replace('/', "-"))
        } else {
            Cow::Borrowed(path.rsplit('/').next().unwrap_or(path))
        }
    }

    /// The name of the ConfigMap that a key goes to.
    pub fn name(&self, key: &str) -> &str {
        let names = &self.spec.partitioned_names;
        names.get(partition(key, names.len())).unwrap_or(&self.spec.name)
    }

    /// The ConfigMaps that a key goes to.
    pub fn config_maps(&self, key: &str) -> impl Iterator<Item = ConfigMapId> {
        let name = self.name(key);
        self.targets.iter().map(|(cluster, namespace)| ConfigMapId {
            cluster: cluster.clone(),
            namespace: namespace.clone(),
            name: name.to_owned(),
        })
    }

    /// The names of all its ConfigMaps.
    pub fn names(&self) -> &[String] {
        match self.spec.partitioned_names.as_slice() {
            [] => std::slice::from_ref(&self.spec.name),
            names => names,
        }
    }

    /// Whether a repository, `org/repo`, may change its ConfigMaps.
    pub fn admits(&self, repository: &str) -> bool {
        let org = repository.split('/').next().unwrap_or(repository);
        let names = |list: &[String]| list.iter().any(|name| name == repository || name == org);
        let ConfigMapSpec { allowed_repos, denied_repos, .. } = &self.spec;
        !names(denied_repos) && (allowed_repos.is_empty() || names(allowed_repos))
    }
}

/// Which of so many ConfigMaps a key goes to; 0 when there is none.
pub fn partition(key: &str, count: usize) -> usize {
    match Sha256::digest(key.as_bytes()).first() {
        Some(first) if count > 1 => usize::from(*first) % count,
        _ => 0,
    }
}

/// All entries of `maps`.
#[derive(Debug)]
pub struct Placement {
    globs: GlobSet,
    mappings: Vec<Mapping>,
}

impl Placement {
    /// Takes `config_updater`, its defaults filled in, apart.
    pub fn new(updater: &ConfigUpdater, groups: Groups, environment: &Environment<'_>) -> Self {
        let globs = updater.maps.keys().map(|pattern| Glob::new(pattern, environment)).collect();
        let mappings = updater.maps.values().map(|spec| Mapping::new(spec, updater, groups)).collect();
        Self { globs: GlobSet::new(globs), mappings }
    }

    /// Whether there are no entries: defaults stand in for them, so that it is not known what they are.
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// The entries that take a file, by position.
    pub fn of(&self, path: &str) -> Matches {
        self.globs.matches(path)
    }

    /// A file with the entries that take it, for those who look at it more than once.
    pub fn taken<'p>(&self, path: &'p str) -> Taken<'p> {
        Taken { path, by: self.of(path) }
    }

    /// The entry at a position, with its pattern.
    pub fn get(&self, at: u32) -> Option<(&Glob, &Mapping)> {
        Some((self.globs.get(at)?, self.mappings.get(at as usize)?))
    }

    /// All entries, in the order of their patterns.
    pub fn iter(&self) -> impl Iterator<Item = (&Glob, &Mapping)> {
        self.globs.iter().zip(&self.mappings)
    }

    /// For each ConfigMap the keys that files would have in it, and for each key the files, with the entry that says so. A
    /// file that several entries take is under each of them.
    pub fn contents<'p>(&self, files: &[Taken<'p>]) -> BTreeMap<ConfigMapId, Contents<'p>> {
        let mut all: BTreeMap<ConfigMapId, Contents<'p>> = BTreeMap::new();
        for Taken { path, by } in files {
            for at in by.iter().copied() {
                let Some((_, mapping)) = self.get(at) else { continue };
                let key = mapping.key(path);
                for id in mapping.config_maps(&key) {
                    all.entry(id).or_default().entry(key.clone().into_owned()).or_default().push((path, at));
                }
            }
        }
        all
    }
}

/// A file with the positions of the entries that take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken<'p> {
    /// The file.
    pub path: &'p str,
    /// The entries.
    pub by: Matches,
}

/// What is in a ConfigMap: by key the files, with the positions of the entries that put them there.
pub type Contents<'p> = BTreeMap<String, Vec<(&'p str, u32)>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::codec::{Strictness, read};
    use crate::yaml::parse::parse;

    fn placement(text: &str, groups: Groups) -> Placement {
        let updater: ConfigUpdater = read(&parse(text).unwrap(), Strictness::Lenient).unwrap();
        Placement::new(&updater, groups, &|_| None)
    }

    fn places(placement: &Placement, path: &str) -> Vec<String> {
        let contents = placement.contents(&[placement.taken(path)]);
        let line = |(id, keys): (&ConfigMapId, &Contents<'_>)| {
            keys.keys().map(|key| format!("{}/{}/{} {key}", id.cluster, id.namespace, id.name)).collect::<Vec<_>>()
        };
        contents.iter().flat_map(line).collect()
    }

    #[test]
    fn groups_are_the_product_of_their_lists_and_each_target_comes_once() {
        let text = "cluster_groups: {x: {clusters: [a, b], namespaces: [p]}, y: {clusters: [b], namespaces: [p, m]}}\n\
            maps: {'d/*': {name: c, cluster_groups: [x, y], use_full_path_as_key: true, denied_repos: [o]}}";
        let whole = placement(text, Groups::Whole);
        assert_eq!(places(&whole, "d/f"), ["a/p/c d-f", "b/m/c d-f", "b/p/c d-f"]);
        assert!(!whole.get(0).unwrap().1.admits("o/r"));
        let reference = placement(text, Groups::AsReference);
        assert_eq!(places(&reference, "d/f"), ["a/p/c f", "b/m/c f", "b/p/c f"]);
        assert!(reference.get(0).unwrap().1.admits("o/r"));
    }

    #[test]
    fn keys_are_fixed_names_or_paths() {
        let text = "maps: {'a/*': {name: c, key: k, clusters: {x: [p]}}, 'b/**/*': {name: c, clusters: {x: [p]}}}";
        let placement = placement(text, Groups::Whole);
        assert_eq!(places(&placement, "a/f"), ["x/p/c k"]);
        assert_eq!(places(&placement, "b/c/d"), ["x/p/c d"]);
        assert!(places(&placement, "c").is_empty());
    }

    #[test]
    fn own_packing_goes_before_that_of_all() {
        let text = "gzip: true\nmaps: {a: {name: c, gzip: false}, b: {name: c}}";
        let packed: Vec<bool> = placement(text, Groups::Whole).iter().map(|(_, mapping)| mapping.is_packed).collect();
        assert_eq!(packed, [false, true]);
    }

    #[test]
    fn lists_of_repositories_deny_before_they_allow() {
        let text = "maps: {a: {name: c, allowed_repos: [o, p/q], denied_repos: [o/bad]}}";
        let placement = placement(text, Groups::Whole);
        let mapping = placement.get(0).unwrap().1;
        let admitted = ["o/good", "o/bad", "p/q", "p/r", ""].map(|name| mapping.admits(name));
        assert_eq!(admitted, [true, false, true, false, false]);
    }

    #[test]
    fn partitions_are_the_references() {
        // Answers of the reference's expression.
        for (key, of_two, of_five, of_all) in PARTITIONS {
            assert_eq!((partition(key, 2), partition(key, 5), partition(key, 256)), (of_two, of_five, of_all), "{key}");
        }
        assert_eq!((partition("a", 0), partition("a", 1)), (0, 0));
    }

    const PARTITIONS: [(&str, usize, usize, usize); 4] =
        [("a", 0, 2, 202), ("config.yaml", 0, 1, 216), ("acme-shop-main.yaml", 0, 4, 244), ("é", 0, 4, 74)];
}
