//! What a value being read can ask: where it is, what a scalar means there, and that something is wrong.
//!
//! A [`Reader`] goes down the tree with the values. It knows the way from the root, which two things need: a problem's
//! key path, and the reference's coercion of numbers into text, which depends on the types all along the way
//! ([`Shape`]). It also decides what equal keys and unknown fields are: dropped, or problems ([`Strictness`]).

use std::borrow::Cow;

use smallvec::SmallVec;

use super::convert::{self, Extent};
use super::limits;
use super::notes::Notes;
use super::scalar::{self, Scalar};
use super::tree::{Kind, Node};

/// So many entries of one key text are looked at for one with the very same key: there are only so many ways to be
/// different and look alike.
const MOST_KEYS_OF_A_TEXT: usize = 8;

/// How unknown fields and duplicate keys are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Unknown fields are dropped, the last of duplicate keys wins.
    Lenient,
    /// Both are problems.
    Strict,
    /// Unknown fields are problems, the last of duplicate keys wins.
    KnownFields,
    /// As lenient, and what nobody asked for is not looked at: for a first look at a file whose interesting parts are
    /// read again in full.
    Outline,
}

/// Something in a text that its type does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte offset of the offending node.
    pub offset: usize,
    /// Where it is, as a key path such as `tests[3].as`; empty for the whole document.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// Byte offset of another node that has to do with it.
    pub other: Option<usize>,
}

/// What a type looks like to the coercion of scalars: the reference turns a number or boolean into text only where
/// it can see, walking down from the root by key, that a string is wanted. It looks through embedded structs
/// wrongly (it takes the embedding struct's first field index), and so do we: see `ghodss/yaml` and the test
/// `coercion_stops_at_embedded_structs`.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A string: scalars are converted.
    Text,
    /// A struct: the shape the reference sees under a key, if any.
    Struct(fn(&str) -> Option<Shape>),
    /// A map: the shape of its values.
    Map(fn() -> Shape),
    /// A sequence: the shape of its items.
    Sequence(fn() -> Shape),
    /// Everything else, custom decoders included: nothing below is converted.
    Opaque,
}

/// One step of the way to a value.
#[derive(Clone, Copy)]
pub(super) enum Step<'a, 't> {
    Key(Node<'a, 't>),
    Item(usize),
}

/// See [`Reader::sorted_entries`]: see [`SortedEntry`].
pub type SortedEntries<'a, 't> = SmallVec<[SortedEntry<'a, 't>; 8]>;

/// The text of a key, the key and its value.
pub type SortedEntry<'a, 't> = (Cow<'a, str>, Node<'a, 't>, Node<'a, 't>);

/// Carries the state of one reading.
pub struct Reader<'a, 't> {
    strictness: Strictness,
    root: Shape,
    pub(super) path: Vec<Step<'a, 't>>,
    problems: Vec<Problem>,
    /// Key paths of empty lists and maps, where somebody wants to know.
    empties: Option<Vec<Vec<String>>>,
    has_passed: bool,
    /// Notes, where somebody wants them.
    pub(super) notes: Option<Box<Notes<'a, 't>>>,
}

/// How much has been found so far: see [`Reader::mark`].
#[derive(Clone, Copy)]
pub struct Mark {
    problems: usize,
    notes: usize,
}

impl<'a, 't> Reader<'a, 't> {
    /// A reader at a value that coercion sees as `root`.
    pub fn new(strictness: Strictness, root: Shape) -> Self {
        Self { strictness, root, path: Vec::new(), problems: Vec::new(), empties: None, has_passed: false, notes: None }
    }

    /// A reader of a value that was passed before: see [`super::codec::Decode::pass`].
    pub fn having_passed(self) -> Self {
        Self { has_passed: true, ..self }
    }

    /// Whether this is the value that reading began with, and it was passed before.
    pub fn has_passed(&self) -> bool {
        self.has_passed && self.path.is_empty()
    }

    /// What was found wrong.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a problem at `node`.
    pub fn problem(&mut self, node: Node<'a, 't>, message: impl Into<String>) {
        let path = self.path_text();
        self.problems.push(Problem { offset: node.offset(), path, message: message.into(), other: None });
    }

    /// How many problems there are so far.
    pub fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// How much has been found so far.
    pub fn mark(&self) -> Mark {
        Mark { problems: self.problems.len(), notes: self.note_count() }
    }

    /// Forgets problems and notes since `mark`: what was read is to be read again.
    pub fn forget_since(&mut self, mark: Mark) {
        self.problems.truncate(mark.problems);
        self.forget_notes_after(mark.notes);
    }

    /// Notes that `node` is not what the type wants.
    pub fn mismatch(&mut self, node: Node<'a, 't>, wanted: &str) {
        let found = self.describe(node);
        self.problem(node, format!("cannot unmarshal {found} into {wanted}"));
    }

    /// The value of a scalar node; a problem and null where it has none.
    pub fn scalar(&mut self, node: Node<'a, 't>) -> Scalar<'a> {
        match scalar::resolve(node.text(), node.style(), node.tag()) {
            Ok(value) => value,
            Err(message) => {
                self.problem(node, message);
                Scalar::Null
            }
        }
    }

    /// Whether duplicate keys are problems.
    pub fn is_strict(&self) -> bool {
        self.strictness == Strictness::Strict
    }

    /// Whether unknown fields are problems.
    pub fn wants_known_fields(&self) -> bool {
        matches!(self.strictness, Strictness::Strict | Strictness::KnownFields)
    }

    /// From now on keeps where empty lists and maps are.
    pub fn keep_empties(&mut self) {
        self.empties = Some(Vec::new());
    }

    /// The keys on the way to each list or map that was given and is empty, once they are kept.
    pub fn take_empties(&mut self) -> Vec<Vec<String>> {
        self.empties.take().unwrap_or_default()
    }

    /// Notes that the list or map at the current place is empty.
    pub fn note_empty(&mut self) {
        if let Some(empties) = &mut self.empties {
            empties.push(keys_of(&self.path).collect());
        }
    }

    /// Runs `inner` as if a value of another shape began here, and by other rules: for types that the reference reads by
    /// a rule of their own.
    pub fn apart(&mut self, strictness: Strictness, shape: Shape, inner: impl FnOnce(&mut Self)) {
        let (way, problems) = (self.path_text(), self.problems.len());
        let outer = (self.strictness, self.root, std::mem::take(&mut self.path));
        let empties = self.empties.as_ref().map_or(0, Vec::len);
        (self.strictness, self.root) = (strictness, shape);
        inner(self);
        (self.strictness, self.root, self.path) = outer;
        if let Some(found) = self.empties.as_mut().filter(|found| found.len() > empties) {
            let keys: Vec<String> = keys_of(&self.path).collect();
            found.iter_mut().skip(empties).for_each(|below| drop(below.splice(..0, keys.iter().cloned())));
        }
        for problem in self.problems.iter_mut().skip(problems) {
            let joint = if problem.path.is_empty() || problem.path.starts_with('[') { "" } else { "." };
            problem.path = format!("{way}{joint}{}", problem.path);
        }
    }

    /// The text of a mapping key, converted as the reference converts keys; a problem where it cannot be one.
    pub fn key_text(&mut self, key: Node<'a, 't>) -> Option<Cow<'a, str>> {
        let key = key.resolved();
        match convert::key_text(key) {
            Ok(text) => Some(text),
            Err(message) => {
                self.problem(key, message);
                None
            }
        }
    }

    /// Walks a mapping's entries after merges, giving each key's text.
    pub fn entries(
        &mut self,
        node: Node<'a, 't>,
        mut each: impl FnMut(&mut Self, Cow<'a, str>, Node<'a, 't>, Node<'a, 't>),
    ) {
        match convert::merged_entries(node) {
            Ok(None) => {
                for (key, value) in node.entries() {
                    if let Some(text) = self.key_text(key) {
                        each(self, text, key, value);
                    }
                }
            }
            Ok(Some(entries)) => {
                for (key, value) in entries {
                    if let Some(text) = self.key_text(key) {
                        each(self, text, key, value);
                    }
                }
            }
            Err((place, message)) => self.problem(place, message),
        }
    }

    /// The entries of a mapping after merges, in byte order of their keys' texts. Of equal keys the last counts; the
    /// others must still have a JSON form, and are a problem in strict reading.
    pub fn sorted_entries(&mut self, node: Node<'a, 't>) -> SortedEntries<'a, 't> {
        let mut entries = SortedEntries::new();
        self.entries(node, |_, text, key, value| entries.push((text, key, value)));
        if entries.is_sorted_by(|left, right| left.0 < right.0) {
            return entries;
        }
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        for at in 1..entries.len() {
            self.replace(node, &entries[at - 1], &entries[at..]);
        }
        let mut last = SortedEntries::with_capacity(entries.len());
        for entry in entries {
            match last.last_mut().filter(|earlier| earlier.0 == entry.0) {
                Some(earlier) => *earlier = entry,
                None => last.push(entry),
            }
        }
        last
    }

    /// Runs `inner` with `key` on the path.
    pub fn under_key(&mut self, key: Node<'a, 't>, inner: impl FnOnce(&mut Self)) {
        self.under(Step::Key(key), inner);
    }

    /// Runs `inner` with item number `index` on the path.
    pub fn under_item(&mut self, index: usize, inner: impl FnOnce(&mut Self)) {
        self.under(Step::Item(index), inner);
    }

    fn under(&mut self, step: Step<'a, 't>, inner: impl FnOnce(&mut Self)) {
        if self.path.len() >= limits::TYPED_NESTING {
            // The way here is of no use as a key path.
            let message = format!("values are nested more than {} levels deep", limits::TYPED_NESTING);
            let problem = Problem { offset: 0, path: String::new(), message, other: None };
            if self.problems.last() != Some(&problem) {
                self.problems.push(problem);
            }
            return;
        }
        self.path.push(step);
        inner(self);
        self.path.pop();
    }

    /// Looks through a value nobody wants: the reference converts the whole document before it drops unknown
    /// fields, so a key or scalar without a JSON form is an error there too.
    pub fn ignore(&mut self, node: Node<'a, 't>) {
        self.note_complaints(node, Extent::Whole);
    }

    /// Looks through an entry, where one of the `later` ones has the same key text and replaces it.
    fn replace(&mut self, node: Node<'a, 't>, entry: &SortedEntry<'a, 't>, later: &[SortedEntry<'a, 't>]) {
        let (text, key, value) = entry;
        let mut later = later.iter().take_while(|later| later.0 == *text).take(MOST_KEYS_OF_A_TEXT).peekable();
        let Some(next) = later.peek().map(|next| next.1) else { return };
        let scalar = self.scalar(key.resolved());
        match later.find(|later| self.scalar(later.1.resolved()) == scalar) {
            Some(again) => {
                if self.is_strict() {
                    self.problem(again.1, format!("key {text:?} is given more than once"));
                }
                self.note_repeated(node, entry, again);
                self.note_complaints(*value, Extent::Reading);
            }
            // A number and a text that looks like it are two keys until they are converted, value and all; it is then
            // a matter of chance which the reference keeps.
            None => {
                self.note_complaints(*value, Extent::Whole);
                let message = format!(
                    "key {text:?} is given as two values, a number and its text for instance, which become one key"
                );
                self.problem(next, message);
                if let Some(problem) = self.problems.last_mut() {
                    problem.other = Some(key.offset());
                }
            }
        }
    }

    fn note_complaints(&mut self, node: Node<'a, 't>, extent: Extent) {
        if self.strictness == Strictness::Outline {
            return;
        }
        for (place, message) in convert::check(node, extent, self.is_strict()) {
            self.problem(place, message);
        }
    }

    /// The text the reference makes of a number or boolean at the current place, where it does.
    pub fn coerced(&self, value: &Scalar<'_>) -> Option<String> {
        let mut shape = self.root;
        for step in &self.path {
            shape = match (shape, step) {
                (Shape::Struct(field), Step::Key(key)) => field(&convert::key_text(key.resolved()).ok()?)?,
                (Shape::Map(inner), Step::Key(_)) => inner(),
                (Shape::Sequence(inner), Step::Item(_)) => inner(),
                _ => return None,
            };
        }
        match shape {
            Shape::Text => super::number::coerced_text(value),
            _ => None,
        }
    }

    fn describe(&mut self, node: Node<'a, 't>) -> &'static str {
        match node.kind() {
            Kind::Mapping => "object",
            Kind::Sequence => "array",
            Kind::Alias => "alias",
            Kind::Scalar => match self.scalar(node) {
                Scalar::Null => "null",
                Scalar::Bool(_) => "bool",
                Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_) => "number",
                Scalar::Str(_) => "string",
            },
        }
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key.resolved().text());
                }
                Step::Item(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// The keys on a way.
fn keys_of(path: &[Step<'_, '_>]) -> impl Iterator<Item = String> {
    path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.resolved().text().to_string()),
        Step::Item(_) => None,
    })
}
