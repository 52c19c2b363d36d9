//! From tree to typed values and back, with the meaning Go's JSON decoding gives to YAML.
//!
//! [`read`] fills a value that implements [`Decode`] from a tree and collects every [`Problem`] on the way; [`write()`]
//! turns a value that implements [`Encode`] into canonical text. The `record!` macro (see `record.rs`) writes both
//! for structs; `basic.rs` has them for text and numbers, `container.rs` for what holds others. Rules worth knowing:
//! null leaves a plain value as it is and clears an optional one; a number where text is wanted is an error unless
//! the reference coerces at that very place ([`Shape`] says where); the last of duplicate keys wins.

use super::emit::{EmitError, Emitter};
pub use super::notes::{Hint, Note, NoteKind};
pub use super::reader::{Problem, Reader, Shape, SortedEntries, Strictness};
use super::tree::{Node, Tree};

/// A type that can be filled from a tree.
pub trait Decode: Default {
    /// Puts what `node` says into `self`, which holds what an earlier key of the same field left.
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>);

    /// Makes what the reference has made before it decodes: while it looks for texts to convert, it puts a value behind
    /// every pointer that it passes. Mostly the same key is decoded into that value afterwards; but below an embedded
    /// struct it takes the keys of a field for fields of that struct, and the value stays. Maps and lists it only passes
    /// on paper. See the test `passing_by_leaves_values_behind`.
    ///
    /// `depth` is how far below the root this is: types within themselves are passed to a bounded depth.
    fn pass(&mut self, _: Node<'_, '_>, _depth: u8) {}

    /// How the type looks to coercion.
    fn shape() -> Shape {
        Shape::Opaque
    }
}

/// A type that has canonical text.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: &mut Emitter);

    /// Whether Go's `omitempty` leaves the value out: false, zero, empty text, nothing, no items.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Reads a value of type `T` from a tree. A text without a document gives the default value.
pub fn read<T: Decode>(tree: &Tree<'_>, strictness: Strictness) -> Result<T, Vec<Problem>> {
    let Some(root) = tree.root() else { return Ok(T::default()) };
    if let Some(message) = super::convert::excessive_aliasing(tree) {
        return Err(vec![Problem { offset: root.offset(), path: String::new(), message, other: None }]);
    }
    let mut value = T::default();
    value.pass(root, 0);
    decode(value, root, Reader::new(strictness, T::shape()).having_passed())
}

/// Reads a value of type `T` from one node of a tree that was read before.
pub fn read_node<'a, 't, T: Decode>(node: Node<'a, 't>, strictness: Strictness) -> Result<T, Vec<Problem>> {
    decode(T::default(), node, Reader::new(strictness, T::shape()))
}

fn decode<'a, 't, T: Decode>(mut value: T, node: Node<'a, 't>, mut reader: Reader<'a, 't>) -> Result<T, Vec<Problem>> {
    value.decode(node, &mut reader);
    let problems = reader.into_problems();
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}

/// As [`read`], with notes of what is dropped or changed on the way.
pub fn read_noting<T: Decode>(tree: &Tree<'_>, strictness: Strictness) -> Result<(T, Vec<Note>), Vec<Problem>> {
    let Some(root) = tree.root() else { return Ok((T::default(), Vec::new())) };
    if let Some(message) = super::convert::excessive_aliasing(tree) {
        return Err(vec![Problem { offset: root.offset(), path: String::new(), message, other: None }]);
    }
    let mut value = T::default();
    value.pass(root, 0);
    let mut reader = Reader::new(strictness, T::shape()).having_passed();
    reader.keep_notes(tree);
    value.decode(root, &mut reader);
    let notes = reader.take_notes();
    let problems = reader.into_problems();
    if problems.is_empty() { Ok((value, notes)) } else { Err(problems) }
}

/// The keys on the way to each list or map that was given and is empty.
pub type Empties = Vec<Vec<String>>;

/// As [`read`], with where lists and maps are empty.
pub fn read_with_empties<T: Decode>(tree: &Tree<'_>, strictness: Strictness) -> Result<(T, Empties), Vec<Problem>> {
    let Some(root) = tree.root() else { return Ok((T::default(), Empties::new())) };
    if let Some(message) = super::convert::excessive_aliasing(tree) {
        return Err(vec![Problem { offset: root.offset(), path: String::new(), message, other: None }]);
    }
    let mut value = T::default();
    value.pass(root, 0);
    let mut reader = Reader::new(strictness, T::shape());
    reader.keep_empties();
    value.decode(root, &mut reader);
    let empties = reader.take_empties();
    let problems = reader.into_problems();
    if problems.is_empty() { Ok((value, empties)) } else { Err(problems) }
}

/// As [`read`], for a text that must say something: null and no document at all are problems.
pub fn read_given<T: Decode>(tree: &Tree<'_>, strictness: Strictness) -> Result<T, Vec<Problem>> {
    read::<Option<T>>(tree, strictness)?.ok_or_else(|| {
        vec![Problem { offset: 0, path: String::new(), message: "there is nothing in this file".into(), other: None }]
    })
}

/// The canonical text of a value.
pub fn write<T: Encode + ?Sized>(value: &T, capacity: usize) -> Result<String, EmitError> {
    let mut out = Emitter::with_capacity(capacity);
    value.encode(&mut out);
    out.finish()
}
