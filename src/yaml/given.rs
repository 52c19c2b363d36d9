//! A collection that knows whether it was written at all, empty or not.
//!
//! A `Vec` or map will do nearly everywhere, because a missing one and an empty one mean the same. A few rules ask
//! whether the author wrote the field, and in a few places the reference writes the two differently: a map's null list
//! stays null, and an empty list keeps its otherwise empty parent from being left out. Those fields are `Given`.

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

impl<C: Encode> Given<C> {
    /// The collection, where it was given or has been filled since.
    pub fn as_option(&self) -> Option<&C> {
        (self.given || !self.collection.is_empty()).then_some(&self.collection)
    }
}

impl<C: Encode> Given<C> {
    /// Whether it was given or has been filled since.
    pub fn is_given(&self) -> bool {
        self.as_option().is_some()
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
        &mut self.collection
    }
}

impl<C> From<C> for Given<C> {
    fn from(collection: C) -> Self {
        Self { collection, given: true }
    }
}

impl<C: FromIterator<T>, T> FromIterator<T> for Given<C> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        C::from_iter(items).into()
    }
}

impl<C: IntoIterator> IntoIterator for Given<C> {
    type Item = C::Item;
    type IntoIter = C::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.collection.into_iter()
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

impl<'g, C> IntoIterator for &'g mut Given<C>
where
    &'g mut C: IntoIterator,
{
    type Item = <&'g mut C as IntoIterator>::Item;
    type IntoIter = <&'g mut C as IntoIterator>::IntoIter;

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
        match self.as_option() {
            Some(collection) => collection.encode(out),
            None => out.null(),
        }
    }

    fn is_empty(&self) -> bool {
        self.collection.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Given;
    use crate::yaml::codec::write;

    #[test]
    fn empty_is_not_missing() {
        let mut list: Given<Vec<String>> = Given::default();
        assert!(list.as_option().is_none() && list.is_empty());
        assert_eq!(write(&list, 0).as_deref(), Ok("null\n"));
        list.push("a".into());
        assert_eq!(list.as_option(), Some(&vec!["a".to_owned()]));
        let empty = Given::from(Vec::<String>::new());
        assert!(empty.as_option().is_some());
        assert_eq!(write(&empty, 0).as_deref(), Ok("[]\n"));
    }
}
