//! The file that `config_updater` stands in, to put findings at the lines of its entries.
//!
//! Thousands of findings may name one entry, and mostly there are none at all: the text is parsed when the first line is
//! asked for, and where an entry stands is looked up once.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::diagnostic::{Diagnostic, KeyPath, Rule};
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

/// The text of `_plugins.yaml` under the name that findings give it.
#[derive(Debug)]
pub struct Page<'a> {
    file: &'a str,
    text: &'a str,
    tree: OnceLock<Tree<'a>>,
    entries: Mutex<BTreeMap<String, Diagnostic>>,
}

impl<'a> Page<'a> {
    /// A file's text.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, tree: OnceLock::new(), entries: Mutex::default() }
    }

    /// What a rule finds at a place of the file.
    pub fn finding(&self, rule: &Rule, path: &KeyPath, message: impl Into<String>) -> Diagnostic {
        let tree = self.tree.get_or_init(|| parse(self.text).unwrap_or_default());
        Diagnostic::of_rule(rule, self.file, message).at(self.text, locate(tree, path))
    }

    /// The place of an entry of `maps`, as a second place of a finding.
    pub fn entry(&self, rule: &Rule, pattern: &str, message: impl Into<String>) -> Diagnostic {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match entries.get(pattern) {
            Some(place) => place.clone(),
            None => {
                let place = self.finding(rule, &entry(pattern), String::new());
                entries.insert(pattern.to_owned(), place.clone());
                place
            }
        };
        Diagnostic { message: message.into(), ..place }
    }
}

/// Where an entry of `maps` stands.
pub fn entry(pattern: &str) -> KeyPath {
    KeyPath::root().key("config_updater").key("maps").key(pattern)
}

/// An entry, or a field of it, as the reference names it in messages.
pub(super) fn field(pattern: &str, rest: &str) -> String {
    match pattern {
        "" => format!("config_updater.maps[]{rest}"),
        pattern => format!("config_updater.maps.{pattern}{rest}"),
    }
}
