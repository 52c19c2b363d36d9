//! A ConfigMap as a server holds it: its values, and who wrote which of them.

use std::collections::{BTreeMap, BTreeSet};

use super::value::Value;

/// A ConfigMap as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Which object this is: one that is deleted and made anew is another.
    pub uid: String,
    /// Which state of it, `metadata.resourceVersion`.
    pub version: String,
    /// Whether it says `immutable: true`.
    pub is_immutable: bool,
    /// What it holds, from both `data` and `binaryData`.
    pub values: BTreeMap<String, Value>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Who wrote what, in the server's order.
    pub managers: Vec<Manager>,
    /// `metadata` as the server gave it but for `managedFields`, JSON: what has to be sent back to replace the object.
    pub metadata: String,
}

/// An entry of `metadata.managedFields`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// The manager's name.
    pub name: String,
    /// How it wrote.
    pub operation: Operation,
    /// The keys that it owns, of `data` and `binaryData`.
    pub keys: BTreeSet<String>,
    /// The entry as the server gave it, JSON, to hand it over.
    pub raw: String,
}

/// How a manager wrote. An owner by update keeps its keys until somebody else changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Server-side apply.
    Apply,
    /// Anything else: create, update, patch.
    Update,
}

impl Live {
    /// Whether a manager owns a key by server-side apply.
    pub fn is_applied_by(&self, manager: &str, key: &str) -> bool {
        self.managers
            .iter()
            .any(|entry| entry.name == manager && entry.operation == Operation::Apply && entry.keys.contains(key))
    }

    /// The names of all who own a key but for server-side apply by `manager`.
    pub fn other_owners<'l>(&'l self, manager: &str, key: &str) -> Vec<&'l str> {
        let is_other = |entry: &&Manager| {
            !(entry.name == manager && entry.operation == Operation::Apply) && entry.keys.contains(key)
        };
        let mut names: Vec<&str> = self.managers.iter().filter(is_other).map(|entry| &*entry.name).collect();
        names.dedup();
        names
    }

    /// The keys that a manager owns by server-side apply.
    pub fn applied_by<'l>(&'l self, manager: &str) -> BTreeSet<&'l str> {
        let is_it = |entry: &&Manager| entry.name == manager && entry.operation == Operation::Apply;
        self.managers.iter().filter(is_it).flat_map(|entry| entry.keys.iter().map(String::as_str)).collect()
    }
}
