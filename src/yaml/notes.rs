//! What reading a typed value leaves out or changes without a word, told while it is read.
//!
//! Go's rules take a lot: unknown fields, keys given twice, numbers where text is wanted. None of it is a problem, and the
//! author would like to know all the same. A [`Reader`] that was told to [`Reader::keep_notes`] keeps a [`Note`] of each; one
//! that was not pays for it with a look at a null pointer in places that are seldom reached. Types that decode themselves
//! call `note_text` and its like where they convert, and nothing where they convert on purpose.

use super::codec::Reader;
use super::convert::{equal_fold, is_merge};
use super::describe::{RecordType, Type};
use super::nearest::nearest;
use super::reader::{SortedEntry, Step};
use super::record::Order;
use super::scalar::is_octal;
use super::tree::{Kind, Node, Style, Tree};

/// More than anybody reads: such a file is of another kind.
const MOST_NOTES: usize = 1000;
/// For so many unknown fields of a file it is looked up what they may have been meant to be.
const MOST_HINTS: usize = 100;
/// Records are embedded in each other less deeply.
const MOST_EMBEDDED: u8 = 8;

/// One thing that is not kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Byte offset of the key or value.
    pub offset: usize,
    /// What becomes of it.
    pub kind: NoteKind,
}

/// What becomes of a key or value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// The record has no field of this name: the value is dropped.
    Unknown {
        /// As it was written.
        name: String,
        /// What may have been meant.
        hint: Option<Hint>,
    },
    /// The same key, or another spelling of it, comes again, and that one counts.
    Repeated {
        /// The key as it was written.
        name: String,
        /// The key that counts, as it was written.
        again: String,
        /// Byte offset of that.
        at: usize,
    },
    /// What is no text becomes one that differs from what was written.
    Text {
        /// As it was written.
        raw: String,
        /// What is kept.
        text: String,
    },
    /// A list or map becomes a text: its JSON.
    Json {
        /// What is kept.
        text: String,
    },
    /// Digits count by eights.
    Octal {
        /// As they were written.
        raw: String,
        /// Their value.
        number: String,
    },
    /// A span of time has no unit and is over at once.
    Nanoseconds {
        /// As it was written.
        raw: String,
        /// The canonical text of the span.
        text: String,
    },
}

/// What an unknown field may have been meant to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// This field of the same record.
    Similar(&'static str),
    /// A field of that name below this field.
    Below(&'static str),
    /// A field of that name one level up, beside this key.
    Beside(String),
}

/// A record that is being read.
struct Level<'a, 't> {
    order: &'static Order,
    node: Node<'a, 't>,
    /// How many steps lead to it.
    depth: usize,
}

/// Notes taken so far, and what is needed to take them.
pub(super) struct Notes<'a, 't> {
    found: Vec<Note>,
    hints: usize,
    levels: Vec<Level<'a, 't>>,
    /// The nodes that aliases stand for, in order.
    anchored: Vec<u32>,
}

/// The nodes that the aliases of a tree stand for, in order.
fn anchored(tree: &Tree<'_>) -> Vec<u32> {
    if !tree.has_aliases() {
        return Vec::new();
    }
    let nodes = (0..tree.len()).filter_map(|index| tree.node(u32::try_from(index).ok()?));
    let aliases = nodes.filter(|node| node.kind() == Kind::Alias);
    let mut anchored: Vec<u32> = aliases.map(|alias| alias.resolved().index()).collect();
    anchored.sort_unstable();
    anchored.dedup();
    anchored
}

impl<'a, 't> Notes<'a, 't> {
    /// Whether an alias stands for a value or part of it, so that it is kept elsewhere.
    fn is_used_elsewhere(&self, value: Node<'a, 't>) -> bool {
        let within = value.indices();
        let next = self.anchored.partition_point(|index| *index < within.start);
        self.anchored.get(next).is_some_and(|index| within.contains(index))
    }

    /// What an unknown field of the innermost record may have been meant to be.
    fn hint(&mut self, name: &str, path: &[Step<'a, 't>]) -> Option<Hint> {
        self.hints += 1;
        let (level, above) = self.levels.split_last().filter(|_| self.hints <= MOST_HINTS)?;
        if let Some(outer) = above.last().filter(|outer| outer.order.fields.iter().any(|field| field.0 == name))
            && let Some(Step::Key(key)) = path.get(outer.depth)
        {
            return Some(Hint::Beside(key.resolved().text().to_string()));
        }
        if let Some(below) = only_field_with(level.order, name) {
            return Some(Hint::Below(below));
        }
        nearest(name, level.order.fields.iter().map(|field| field.0)).map(Hint::Similar)
    }
}

/// The field of a record, where there is only one, that holds records with a field of this name.
fn only_field_with(order: &Order, name: &str) -> Option<&'static str> {
    let mut found = None;
    let Type::Record(record) = (order.described)() else { return None };
    let mut is_unique = true;
    each_field(record, 0, &mut |key, held| {
        let mut holds = false;
        if let Type::Record(held) = held {
            each_field(held, 0, &mut |inner, _| holds |= inner == name);
        }
        if holds {
            is_unique &= found.replace(key).is_none();
        }
    });
    found.filter(|_| is_unique)
}

/// Calls `each` with the key of every field, those of embedded records included, and what it holds, or a list of it.
fn each_field(record: &'static RecordType, depth: u8, each: &mut dyn FnMut(&'static str, Type)) {
    if depth > MOST_EMBEDDED {
        return;
    }
    for field in record.fields {
        let held = (field.holds)().required();
        match (field.key, held) {
            (Some(key), Type::List(item)) => each(key, item().required()),
            (Some(key), held) => each(key, held),
            (None, Type::Record(embedded)) => each_field(embedded, depth + 1, each),
            (None, _) => {}
        }
    }
}

/// Where an entry of a mapping is to be shown: at its key, or where that was merged in, at the merge key.
fn place_of<'a, 't>(mapping: Node<'a, 't>, key: Node<'a, 't>) -> usize {
    if is_own(mapping, key) {
        return key.offset();
    }
    mapping.entries().map(|(key, _)| key).find(|key| is_merge(*key)).unwrap_or(key).offset()
}

fn is_own<'a, 't>(mapping: Node<'a, 't>, key: Node<'a, 't>) -> bool {
    mapping.entries().any(|(own, _)| own.index() == key.index())
}

fn is_plain(node: Node<'_, '_>) -> bool {
    node.kind() == Kind::Scalar && node.style() == Style::Plain && node.tag().is_none()
}

/// Whether one value decoded over another loses nothing of it: mappings without a key in common are joined.
fn are_joined<'a, 't>(first: Node<'a, 't>, second: Node<'a, 't>) -> bool {
    let (first, second) = (first.resolved(), second.resolved());
    let is_shared = |name: &str| second.entries().any(|(key, _)| equal_fold(key.resolved().text(), name));
    first.kind() == Kind::Mapping
        && second.kind() == Kind::Mapping
        && !first.entries().any(|(key, _)| is_merge(key) || is_shared(key.resolved().text()))
}

impl<'a, 't> Reader<'a, 't> {
    /// From now on keeps notes.
    pub fn keep_notes(&mut self, tree: &'a Tree<'t>) {
        let anchored = anchored(tree);
        self.notes = Some(Box::new(Notes { found: Vec::new(), hints: 0, levels: Vec::new(), anchored }));
    }

    /// The notes in the order of their places, once they are kept.
    pub fn take_notes(&mut self) -> Vec<Note> {
        let mut found = self.notes.take().map(|notes| notes.found).unwrap_or_default();
        // What several aliases stand for has been read several times.
        found.sort();
        found.dedup();
        found
    }

    /// Whether somebody wants notes.
    #[inline]
    pub fn takes_notes(&self) -> bool {
        self.notes.is_some()
    }

    /// How many notes there are so far.
    pub fn note_count(&self) -> usize {
        self.notes.as_ref().map_or(0, |notes| notes.found.len())
    }

    /// Forgets notes after the first `count`: something else is to be said of what was read.
    pub fn forget_notes_after(&mut self, count: usize) {
        if let Some(notes) = &mut self.notes {
            notes.found.truncate(count);
        }
    }

    /// The notes, where some are wanted and there are not too many.
    fn open_notes(&mut self) -> Option<&mut Notes<'a, 't>> {
        self.notes.as_deref_mut().filter(|notes| notes.found.len() < MOST_NOTES)
    }

    fn note(&mut self, offset: usize, kind: impl FnOnce() -> NoteKind) {
        if let Some(notes) = self.open_notes() {
            notes.found.push(Note { offset, kind: kind() });
        }
    }

    /// Begins a record.
    #[inline]
    pub(super) fn enter_record(&mut self, order: &'static Order, node: Node<'a, 't>) {
        if let Some(notes) = &mut self.notes {
            notes.levels.push(Level { order, node, depth: self.path.len() });
        }
    }

    /// Ends a record.
    #[inline]
    pub(super) fn leave_record(&mut self) {
        if let Some(notes) = &mut self.notes {
            notes.levels.pop();
        }
    }

    /// Notes that the innermost record has no such field.
    pub(super) fn note_unknown(&mut self, key: Node<'a, 't>, value: Node<'a, 't>) {
        let Some(notes) = self.notes.as_deref_mut().filter(|notes| notes.found.len() < MOST_NOTES) else { return };
        if notes.is_used_elsewhere(value) {
            return;
        }
        let offset = match notes.levels.last() {
            // Without aliases what is merged stands where it is merged.
            Some(level) if !notes.anchored.is_empty() => place_of(level.node, key),
            _ => key.offset(),
        };
        let name = key.resolved().text().to_string();
        let hint = notes.hint(&name, &self.path);
        notes.found.push(Note { offset, kind: NoteKind::Unknown { name, hint } });
    }

    /// Notes that an entry of a mapping does not count since another comes after it. Where it was merged in, that is what
    /// merging is for.
    pub(super) fn note_repeated(&mut self, node: Node<'a, 't>, lost: &SortedEntry<'a, 't>, kept: &SortedEntry<'a, 't>) {
        if self.open_notes().is_none() || !is_own(node, lost.1) {
            return;
        }
        let written = |key: Node<'a, 't>| key.resolved().text().to_string();
        let (name, again, at) = (written(lost.1), written(kept.1), place_of(node, kept.1));
        self.note(lost.1.offset(), || NoteKind::Repeated { name, again, at });
    }

    /// As [`Reader::note_repeated`], for two spellings of one field: the second is decoded over the first.
    pub(super) fn note_respelt(&mut self, node: Node<'a, 't>, lost: &SortedEntry<'a, 't>, kept: &SortedEntry<'a, 't>) {
        if self.open_notes().is_some() && !are_joined(lost.2, kept.2) {
            self.note_repeated(node, lost, kept);
        }
    }

    /// Notes that `text` is made of a scalar, where something else was written.
    #[inline]
    pub fn note_text(&mut self, node: Node<'a, 't>, text: &str) {
        if self.takes_notes() && is_plain(node) && **node.text() != *text {
            self.note(node.offset(), || NoteKind::Text { raw: node.text().to_string(), text: text.to_owned() });
        }
    }

    /// Notes that the word for null becomes an empty text. In a field it is as if the field were not there.
    pub(super) fn note_null_text(&mut self, node: Node<'a, 't>) {
        let Some(notes) = &self.notes else { return };
        let is_field = notes.levels.last().is_some_and(|level| level.depth + 1 == self.path.len());
        if !is_field && !node.text().is_empty() {
            self.note_text(node, "");
        }
    }

    /// Notes that the text of a key differs from what was written.
    #[inline]
    pub(super) fn note_key(&mut self, key: Node<'a, 't>, text: &str) {
        if self.takes_notes() {
            self.note_text(key.resolved(), text);
        }
    }

    /// Notes that the JSON of a list or map becomes a text.
    pub fn note_json(&mut self, node: Node<'a, 't>, text: &str) {
        self.note(node.offset(), || NoteKind::Json { text: text.to_owned() });
    }

    /// Whether the value is a file's mode by its key. Those are meant to be octal.
    fn is_mode(&self) -> bool {
        let Some(Step::Key(key)) = self.path.last() else { return false };
        key.resolved().text().to_ascii_lowercase().ends_with("mode")
    }

    /// Notes that a number is octal, where that makes a difference.
    #[inline]
    pub fn note_octal(&mut self, node: Node<'a, 't>, number: i128) {
        if self.takes_notes() && is_plain(node) && is_octal(node.text(), number) && !self.is_mode() {
            let number = number.to_string();
            self.note(node.offset(), || NoteKind::Octal { raw: node.text().to_string(), number });
        }
    }

    /// Notes that a number became a span of time of so many nanoseconds, unless it is as long as if that had been meant.
    pub fn note_nanoseconds(&mut self, node: Node<'a, 't>, number: i64, text: impl FnOnce() -> String) {
        const SECOND: u64 = 1_000_000_000;
        if self.takes_notes() && number != 0 && number.unsigned_abs() < SECOND {
            self.note(node.offset(), || NoteKind::Nanoseconds { raw: node.text().to_string(), text: text() });
        }
    }
}
