//! The step registry: steps, chains, workflows, observers and cluster profiles, and what tests become with them.
//!
//! Loading is two pure steps, so that the first can run on many threads: [`parse_file`] reads one file by itself,
//! [`assemble()`] puts the parts together, checks names, cycles and expansions, and gives the [`Registry`] with every
//! finding. Then [`Registry::check`] says whether a configuration's tests resolve and which cluster profile each
//! uses (all that job generation wants), and [`Registry::resolve`] gives the resolved configuration; both are the
//! same walk (`walk.rs`), once collecting nothing and once everything.
//! Read `definition.rs` for what each file is, `graph.rs` for how they refer to each other, then `resolve.rs`.
//! Only the layout of a release repository is read, where a file's name and place repeat what it defines; the flat
//! layout of mounted ConfigMaps is not. What else may be kept is said by [`Wanted`].

mod assemble;
mod definition;
mod graph;
mod interner;
mod metadata;
mod mistyped;
mod profiles;
mod resolve;
mod resolved;
mod scope;
mod touched;
mod used;
mod walk;
mod words;

use std::collections::BTreeMap;

use crate::diagnostic::rule::{count, joined};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::config::{ClusterProfile, ClusterProfiles, LiteralTestStep, Observer, RegistryInfo};

pub use assemble::{DefinitionRules, assemble};
pub use definition::{FileKind, Parsed, SourceFile, Wanted, file_kind, parse_file, stem};
pub use metadata::metadata_text;
pub use mistyped::List;
pub use profiles::{check_groups_and_patterns, load_profiles};
pub use resolve::TestFacts;
pub use resolved::{ResolvedObserver, ResolvedStep, ResolvedTest};
pub use touched::Touched;
pub use used::Uses;
pub use walk::{At, Home};

use graph::Graph;
use interner::Lookup;

const TABLES: &[&[Rule]] = &[definition::RULES, assemble::RULES, walk::RULES, resolve::RULES, profiles::RULES];

/// The rules of this folder.
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// A loaded step registry.
#[derive(Debug, Default)]
pub struct Registry {
    graph: Graph,
    profiles: ClusterProfiles,
    /// The position of the first profile of each name.
    profile_ids: Lookup<usize>,
    documentation: BTreeMap<String, String>,
    metadata: BTreeMap<String, RegistryInfo>,
    /// Paths of files, by what they define.
    files: BTreeMap<(FileKind, String), String>,
}

impl Registry {
    /// The cluster profile or cluster profile set of this name.
    pub fn cluster_profile(&self, name: &str) -> Option<&ClusterProfile> {
        self.profile_ids.get(name).and_then(|id| self.profiles.cluster_profiles.get(*id))
    }

    fn set_profiles(&mut self, profiles: ClusterProfiles) {
        for (id, profile) in profiles.cluster_profiles.iter().enumerate() {
            self.profile_ids.entry(profile.name.as_str().into()).or_insert(id);
        }
        self.profiles = profiles;
    }

    /// All cluster profiles, with what the file says about sets and Konflux cluster groups.
    pub fn cluster_profiles(&self) -> &ClusterProfiles {
        &self.profiles
    }

    /// The step of this name; its `commands` are the script's text.
    pub fn step(&self, name: &str) -> Option<&LiteralTestStep> {
        self.graph.step(name)
    }

    /// The observer of this name; its `commands` are the script's text.
    pub fn observer(&self, name: &str) -> Option<&Observer> {
        self.graph.observer(name)
    }

    /// The documentation of a step, chain, workflow or observer, where it was kept.
    pub fn documentation(&self, name: &str) -> Option<&str> {
        self.documentation.get(name).map(String::as_str)
    }

    /// The path, below the registry's root, of the file that defines a step, chain, workflow or observer of this name, or
    /// the cluster profiles, which have none.
    pub fn file_of(&self, kind: FileKind, name: &str) -> Option<&str> {
        self.files.get(&(kind, name.to_owned())).map(String::as_str)
    }

    /// Who owns a registry file, by file name, where metadata were kept.
    pub fn metadata(&self, file_name: &str) -> Option<&RegistryInfo> {
        self.metadata.get(file_name)
    }
}

/// Parses and assembles files one after the other.
pub fn load(files: &[SourceFile<'_>], wanted: Wanted, rules: &DefinitionRules) -> (Registry, Vec<Diagnostic>) {
    assemble(files.iter().map(|file| parse_file(file.path, file.text, wanted)).collect(), rules)
}
