//! Untyped values.
use super::tree::{Node, Tree};
use super::convert::Complaint;
pub use super::convert::{equal_fold, key_text};
/// Entries after merges, where there is a merge.
pub fn merged_entries<'a, 't>(_node: Node<'a, 't>) -> Result<Option<Vec<(Node<'a, 't>, Node<'a, 't>)>>, Complaint<'a, 't>> { Ok(None) }
/// Complaints about a subtree nobody reads.
pub fn check<'a, 't>(_node: Node<'a, 't>) -> Vec<Complaint<'a, 't>> { Vec::new() }
/// Alias bombs.
pub fn excessive_aliasing(_tree: &Tree<'_>) -> Option<String> { None }
