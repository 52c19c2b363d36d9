//! A file whose tree is made when it is first asked for: mostly there is nothing to find in it.

use std::cell::OnceCell;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::shard::Source;
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

/// A file that can be parsed, and perhaps was.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Its name and text.
    pub source: Source<'a>,
    tree: OnceCell<Tree<'a>>,
}

impl<'a> Sheet<'a> {
    /// A file that was not parsed yet.
    pub fn new(source: Source<'a>) -> Self {
        Self { source, tree: OnceCell::new() }
    }

    /// A file that was parsed.
    pub fn parsed(source: Source<'a>, tree: Tree<'a>) -> Self {
        Self { source, tree: OnceCell::from(tree) }
    }

    /// Its tree; an empty one where it is no YAML.
    pub fn tree(&self) -> &Tree<'a> {
        self.tree.get_or_init(|| parse(self.source.text).unwrap_or_default())
    }

    /// Puts a finding at a value.
    pub fn put(&self, finding: Diagnostic, path: &KeyPath) -> Diagnostic {
        finding.at(self.source.text, locate(self.tree(), path))
    }
}
