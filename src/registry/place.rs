//! From a key path to a place in a text, made only when there is something to say about it.

use crate::diagnostic::{Diagnostic, KeyPath, Segment, Violation};
use crate::yaml::parse::parse;
use crate::yaml::tree::{Node, Tree};

/// Byte offset of the node at `path`, or of the nearest that exists above it. For a mapping's entry that is the key.
pub(super) fn offset_of(tree: &Tree<'_>, path: &KeyPath) -> usize {
    let Some(mut node) = tree.root() else { return 0 };
    let mut offset = node.offset();
    for segment in &path.0 {
        let Some((next, place)) = child(node.resolved(), segment) else { break };
        node = next;
        offset = place;
    }
    offset
}

fn child<'a, 't>(node: Node<'a, 't>, segment: &Segment) -> Option<(Node<'a, 't>, usize)> {
    match segment {
        Segment::Key(wanted) => {
            let mut entries = node.entries();
            entries.find(|(key, _)| key.text() == wanted).map(|(key, value)| (value, key.offset()))
        }
        Segment::Item(index) => node.items().nth(*index).map(|item| (item, item.offset())),
    }
}

/// Puts a violation into its file.
pub(super) fn diagnose(file: &str, text: &str, tree: &Tree<'_>, violation: Violation) -> Diagnostic {
    Diagnostic::of_file(file, violation.rule, violation.message).at(text, offset_of(tree, &violation.path))
}

/// As [`diagnose`] for a text whose tree is gone.
pub(super) fn diagnose_text(file: &str, text: &str, violation: Violation) -> Diagnostic {
    match parse(text) {
        Ok(tree) => diagnose(file, text, &tree, violation),
        Err(_) => Diagnostic::of_file(file, violation.rule, violation.message),
    }
}
