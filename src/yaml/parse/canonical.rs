//! The short cut for canonical text.
use super::super::tree::Tree;
/// The tree, or nothing where the text is not canonical.
pub fn parse(_: &str) -> Option<Tree<'_>> { None }
