//! What the reference does to every document between parsing and typed decoding: keys become text, merges are
//! applied, and whatever has no JSON form is refused.
//!
//! [`merged_entries`] gives a mapping's entries in the order in which they count; [`check`] looks through what nobody
//! reads, since the reference converts the whole document before it drops anything.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::limits;
use super::number;
use super::scalar::{self, Scalar};
use super::tree::{Kind, Node, Style, Tree};

/// A node and what is wrong with it.
pub type Complaint<'a, 't> = (Node<'a, 't>, String);

/// The entries of a mapping: each key and value.
pub type Entries<'a, 't> = Vec<(Node<'a, 't>, Node<'a, 't>)>;

/// How much of what the reference does to a value is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only that it is read: for a value that another with the same key replaces before it is converted.
    Reading,
}

/// The text of a mapping key: numbers and booleans are spelt out, null and containers are refused.
pub fn key_text<'a>(key: Node<'a, '_>) -> Result<Cow<'a, str>, String> {
    match key_scalar(key)? {
        Scalar::Str(text) => Ok(text),
        Scalar::Null => Err("null cannot be a key".into()),
        other => number::key_text(&other).map(Cow::Owned).ok_or_else(|| "this number is too large for a key".into()),
    }
}

fn key_scalar<'a>(key: Node<'a, '_>) -> Result<Scalar<'a>, String> {
    match key.kind() {
        Kind::Scalar => scalar::resolve(key.text(), key.style(), key.tag()),
        _ => Err("a list or map cannot be a key".into()),
    }
}

/// Whether two keys are the same to Go's case-insensitive matching of JSON fields.
pub fn equal_fold(left: &str, right: &str) -> bool {
    // Go folds by simple Unicode case; the two non-ASCII letters that fold into ASCII are the long s and the kelvin sign.
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    left.chars().map(fold).eq(right.chars().map(fold))
}

/// Whether a key asks for the entries of another mapping to be merged in.
pub fn is_merge(key: Node<'_, '_>) -> bool {
    key.kind() == Kind::Scalar
        && key.text() == "<<"
        && match key.tag() {
            None => key.style() == Style::Plain,
            // The tag without a name makes even a quoted key count as plain.
            Some(tag) => matches!(tag, "!" | scalar::MERGE_TAG),
        }
}

/// The entries of a mapping with those of merged mappings in place of the merge keys, where it has any. Of equal keys
/// the last counts, so an entry before a merge key gives way to the merged one.
pub fn merged_entries<'a, 't>(node: Node<'a, 't>) -> Result<Option<Entries<'a, 't>>, Complaint<'a, 't>> {
    if !node.entries().any(|(key, _)| is_merge(key)) {
        return Ok(None);
    }
    let mut entries = Entries::new();
    collect_merged(node, &mut entries, 0)?;
    Ok(Some(entries))
}

fn collect_merged<'a, 't>(
    node: Node<'a, 't>,
    entries: &mut Entries<'a, 't>,
    depth: usize,
) -> Result<(), Complaint<'a, 't>> {
    if depth > limits::MERGES {
        return Err((node, "mappings are merged into each other too deeply".into()));
    }
    for (key, value) in node.entries() {
        if !is_merge(key) {
            entries.push((key, value));
            continue;
        }
        for mapping in merge_sources(value)? {
            collect_merged(mapping, entries, depth + 1)?;
        }
    }
    Ok(())
}

/// The mappings that a merge key's value names, the least important first.
fn merge_sources<'a, 't>(value: Node<'a, 't>) -> Result<Vec<Node<'a, 't>>, Complaint<'a, 't>> {
    let sources: Vec<_> = match value.kind() {
        // A list must stand here itself; an alias may only stand for a mapping.
        Kind::Sequence => value.items().map(Node::resolved).collect(),
        _ => vec![value.resolved()],
    };
    match sources.iter().find(|source| source.kind() != Kind::Mapping) {
        Some(_) => Err((value, "a merge needs a mapping or a list of mappings".into())),
        None => Ok(sources.into_iter().rev().collect()),
    }
}

/// What the reference would complain of in a subtree that nobody reads; with `is_strict` also keys that come twice.
pub fn check<'a, 't>(node: Node<'a, 't>, extent: Extent, is_strict: bool) -> Vec<Complaint<'a, 't>> {
    let mut check = Check { is_strict, complaints: Vec::new(), open: vec![(node, extent)] };
    let mut followed = BTreeSet::new();
    while let Some((node, extent)) = check.open.pop() {
        match node.kind() {
            Kind::Scalar => check.scalar(node, extent),
            Kind::Sequence => check.open.extend(node.items().map(|item| (item, extent))),
            Kind::Mapping => check.mapping(node, extent),
            // What an alias stands for may be read with a type where it stands; here it is not.
            Kind::Alias if followed.insert((node.resolved().index(), extent)) => {
                check.open.push((node.resolved(), extent));
            }
            Kind::Alias => {}
        }
    }
    check.complaints
}

struct Check<'a, 't> {
    is_strict: bool,
    complaints: Vec<Complaint<'a, 't>>,
    open: Vec<(Node<'a, 't>, Extent)>,
}

impl<'a, 't> Check<'a, 't> {
    fn scalar(&mut self, node: Node<'a, 't>, extent: Extent) {
        match scalar::resolve(node.text(), node.style(), node.tag()) {
            Ok(Scalar::Float(number)) if !number.is_finite() && extent == Extent::Whole => {
                self.complaints.push((node, "infinity and not-a-number have no JSON form".into()));
            }
            Ok(_) => {}
            Err(message) => self.complaints.push((node, message)),
        }
    }

    fn mapping(&mut self, node: Node<'a, 't>, extent: Extent) {
        let merged = merged_entries(node).unwrap_or_else(|complaint| {
            self.complaints.push(complaint);
            None
        });
        let entries = merged.unwrap_or_else(|| node.entries().collect());
        let mut last = BTreeMap::new();
        for (key, value) in entries {
            let verdict = match extent {
                Extent::Whole => key_text(key.resolved()).map(drop),
                Extent::Reading => Ok(()),
            };
            match verdict.and_then(|()| identity(key.resolved())) {
                // Of equal keys only the last one's value is converted.
                Ok(identity) => {
                    if let Some(replaced) = last.insert(identity, value) {
                        self.open.push((replaced, Extent::Reading));
                        if self.is_strict {
                            self.complaints.push((key, "this key is given more than once".into()));
                        }
                    }
                }
                Err(message) => {
                    self.complaints.push((key, message));
                    self.open.push((value, extent));
                }
            }
        }
        self.open.extend(last.into_values().map(|value| (value, extent)));
    }
}

/// What tells keys apart before they become text: keys of different kinds are never the same.
fn identity<'a>(key: Node<'a, '_>) -> Result<(u8, Cow<'a, str>), String> {
    Ok(match key_scalar(key)? {
        Scalar::Null => (0, Cow::Borrowed("")),
        Scalar::Bool(value) => (1, value.to_string().into()),
        Scalar::Int(number) => (2, number.to_string().into()),
        Scalar::Uint(number) => (3, number.to_string().into()),
        Scalar::Float(number) => (4, number.to_string().into()),
        Scalar::Str(text) => (5, text),
    })
}

/// The reference counts what it reads, and gives up when too much of it comes from aliases. A small text may otherwise
/// stand for a value larger than any memory.
pub fn excessive_aliasing(tree: &Tree<'_>) -> Option<String> {
    let root = tree.root()?;
    if !tree.has_aliases() {
        return None;
    }
    // The document itself counts as one. Each open node comes with whether it is below an alias.
    let (mut all, mut aliased) = (1_u64, 0_u64);
    let mut open = vec![(root, false)];
    while let Some((node, below)) = open.pop() {
        all += 1;
        aliased += u64::from(below);
        if aliased > 100 && all > 1000 && aliased as f64 / all as f64 > allowed_share(all) {
            return Some("the document consists of too many aliases".into());
        }
        match node.kind() {
            Kind::Alias => open.push((node.resolved(), true)),
            Kind::Scalar => {}
            Kind::Sequence => push_reversed(node.items(), below, &mut open),
            Kind::Mapping => {
                let start = open.len();
                for (key, value) in node.entries() {
                    match is_merge(key) {
                        // A merge reads the mappings of its list, the last first, and not the list itself.
                        true if value.kind() == Kind::Sequence => push_reversed(value.items(), below, &mut open),
                        true => open.push((value, below)),
                        false => open.extend([(key, below), (value, below)]),
                    }
                }
                open[start..].reverse();
            }
        }
    }
    None
}

fn push_reversed<'a, 't>(nodes: impl Iterator<Item = Node<'a, 't>>, below: bool, open: &mut Vec<(Node<'a, 't>, bool)>) {
    let start = open.len();
    open.extend(nodes.map(|node| (node, below)));
    open[start..].reverse();
}

/// How large a share of what is read may come from aliases: nearly all of a small document, a tenth of a huge one.
fn allowed_share(all: u64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let above = ((all as f64 - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
    0.99 - 0.89 * above
}
