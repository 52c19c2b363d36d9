//! A list that knows whether it was written.
//!
//! Mostly a missing list and an empty one are the same and a `Vec` will do. In a few places the reference writes them
//! differently: a map's null list stays null, and an empty list keeps its otherwise empty parent from being left out.

use std::ops::{Deref, DerefMut};

use super::codec::{Decode, Encode, Reader, Shape};
use super::emit::Emitter;
use super::tree::{Kind, Node};

/// A `Vec` that was given, perhaps empty, or not given at all.
#[derive(Clone, Debug, PartialEq)]
pub struct List<T> {
    items: Vec<T>,
    given: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), given: false }
    }
}

impl<T> List<T> {
    /// Takes the items out.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T> Deref for List<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, given: true }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.items.extend(items);
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'l, T> IntoIterator for &'l mut List<T> {
    type Item = &'l mut T;
    type IntoIter = std::slice::IterMut<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<T: Decode> Decode for List<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.items.decode(node, reader);
        self.given = node.resolved().kind() == Kind::Sequence;
    }

    fn shape() -> Shape {
        Vec::<T>::shape()
    }
}

impl<T: Encode> Encode for List<T> {
    fn encode(&self, out: &mut Emitter) {
        if self.given || !self.items.is_empty() {
            self.items.encode(out);
        } else {
            out.null();
        }
    }

    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
