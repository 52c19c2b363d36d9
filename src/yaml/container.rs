//! What holds other values: options, boxes, vectors and maps.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use smallvec::SmallVec;

use super::codec::{Decode, Encode, Reader, Shape, Strictness};
use super::emit::Emitter;
use super::order::sort_by_key;
use super::scalar::{self, Scalar};
use super::tree::{Kind, Node};

/// Whether a node is a null scalar.
fn is_null<'a>(node: Node<'a, '_>) -> bool {
    node.kind() == Kind::Scalar && matches!(scalar::resolve(node.text(), node.style(), node.tag()), Ok(Scalar::Null))
}

impl<T: Decode> Decode for Option<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if is_null(node) {
            *self = None;
        } else {
            self.get_or_insert_with(T::default).decode(node, reader);
        }
    }

    fn pass(&mut self, node: Node<'_, '_>, depth: u8) {
        self.get_or_insert_with(T::default).pass(node, depth);
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Some(value) => value.encode(out),
            None => out.null(),
        }
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        (**self).decode(node, reader);
    }

    fn pass(&mut self, node: Node<'_, '_>, depth: u8) {
        (**self).pass(node, depth);
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut Emitter) {
        (**self).encode(out);
    }

    fn is_empty(&self) -> bool {
        (**self).is_empty()
    }
}

/// A value below which nothing is coerced, because the reference reads it by a rule of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uncoerced<T>(pub T);

impl<T> Deref for Uncoerced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Uncoerced<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Decode> Decode for Uncoerced<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.0 = T::default();
        // Such a rule knows nothing of strictness either.
        reader.apart(Strictness::Lenient, Shape::Opaque, |reader| self.0.decode(node, reader));
    }
}

impl<T: Encode> Encode for Uncoerced<T> {
    fn encode(&self, out: &mut Emitter) {
        self.0.encode(out);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Sequence {
            self.clear();
            if !is_null(node) {
                reader.mismatch(node, "a list");
            }
            return;
        }
        let count = node.items().count();
        if count == 0 {
            reader.note_empty();
        }
        self.truncate(count);
        self.reserve_exact(count - self.len());
        for (index, item) in node.items().enumerate() {
            // Items that another spelling of the same key left are decoded over, as in the reference.
            if index == self.len() {
                self.push(T::default());
            }
            if let Some(slot) = self.get_mut(index) {
                reader.under_item(index, |reader| slot.decode(item, reader));
            }
        }
    }

    fn shape() -> Shape {
        Shape::Sequence(T::shape)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Emitter) {
        out.begin_seq();
        for item in self {
            item.encode(out);
        }
        out.end_seq();
    }

    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Mapping {
            self.clear();
            if !is_null(node) {
                reader.mismatch(node, "a map");
            }
            return;
        }
        let entries = reader.sorted_entries(node);
        if entries.is_empty() {
            reader.note_empty();
        }
        for (text, key, value) in entries {
            let mut item = T::default();
            reader.under_key(key, |reader| item.decode(value, reader));
            reader.note_key(key, &text);
            self.insert(text.into_owned(), item);
        }
    }

    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, out: &mut Emitter) {
        let mut entries: SmallVec<[(&str, &T); 16]> = self.iter().map(|(key, value)| (key.as_str(), value)).collect();
        sort_by_key(&mut entries, |entry| entry.0);
        out.begin_map();
        for (key, value) in entries {
            out.key(key);
            value.encode(out);
        }
        out.end_map();
    }

    fn is_empty(&self) -> bool {
        BTreeMap::is_empty(self)
    }
}
