//! A collection of which it matters whether it was written at all, empty or not.
//!
//! A `Vec` or map will do nearly everywhere, because a missing one and an empty one mean the same. A few rules ask
//! whether the author wrote the field: those fields are `Given`. It is left out of written text like any empty
//! collection.

use std::ops::{Deref, DerefMut};

use super::codec::{Decode, Encode, Reader, Shape};
use super::emit::Emitter;
use super::tree::Node;

/// A collection that was given, perhaps empty, or not given at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given<C> {
    collection: C,
    given: bool,
}

impl<C> Given<C> {
    /// The collection, where it was given.
    pub fn as_option(&self) -> Option<&C> {
        self.given.then_some(&self.collection)
    }
}

impl<C> Deref for Given<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.collection
    }
}

impl<C> DerefMut for Given<C> {
    fn deref_mut(&mut self) -> &mut C {
        self.given = true;
        &mut self.collection
    }
}

impl<C> From<C> for Given<C> {
    fn from(collection: C) -> Self {
        Self { collection, given: true }
    }
}

impl<'g, C> IntoIterator for &'g Given<C>
where
    &'g C: IntoIterator,
{
    type Item = <&'g C as IntoIterator>::Item;
    type IntoIter = <&'g C as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.collection.into_iter()
    }
}

impl<C: Decode> Decode for Given<C> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let mut read = self.given.then(|| std::mem::take(&mut self.collection));
        read.decode(node, reader);
        self.given = read.is_some();
        self.collection = read.unwrap_or_default();
    }

    fn shape() -> Shape {
        C::shape()
    }
}

impl<C: Encode> Encode for Given<C> {
    fn encode(&self, out: &mut Emitter) {
        self.collection.encode(out);
    }

    fn is_empty(&self) -> bool {
        self.collection.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[test]
    fn empty_is_not_missing() {
        let mut list: Given<Vec<u32>> = Given::default();
        assert!(list.as_option().is_none() && list.is_empty());
        list.push(1);
        assert_eq!(list.as_option(), Some(&vec![1]));
        assert!(Given::from(Vec::<u32>::new()).as_option().is_some());
    }
}
