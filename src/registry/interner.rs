//! Names as numbers: parameters, dependencies and steps are compared far more often than they are read.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use smallvec::SmallVec;

/// A name's number.
pub(super) type Symbol = u32;

/// Eight bytes at a time by multiplication: the names come from a repository that reviews them, so speed matters more
/// than resistance.
#[derive(Clone, Default)]
pub(super) struct ShortHasher(u64);

impl ShortHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for ShortHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
        self.add(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, _: u8) {
        // The end mark of a text, which the length stands for.
    }

    fn finish(&self) -> u64 {
        // Multiplication mixes upwards; the table looks at the low bits first.
        self.0 ^ (self.0 >> 32)
    }
}

/// Lookups only: nothing may iterate over it, as its order means nothing.
pub(super) type Lookup<V> = HashMap<Box<str>, V, BuildHasherDefault<ShortHasher>>;

/// All names a registry uses.
#[derive(Debug, Default)]
pub(super) struct Names(Lookup<Symbol>);

impl Names {
    /// The number of `name`, a new one if need be.
    pub(super) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.0.get(name) {
            return *symbol;
        }
        let symbol = self.0.len() as Symbol;
        self.0.insert(name.into(), symbol);
        symbol
    }
}

/// The registry's names with those of one test, which the shared table does not have.
pub(super) struct LocalNames<'r> {
    shared: &'r Names,
    own: SmallVec<[&'r str; 8]>,
}

impl<'r> LocalNames<'r> {
    pub(super) fn new(shared: &'r Names) -> Self {
        Self { shared, own: SmallVec::new() }
    }

    /// The number of `name`.
    pub(super) fn symbol(&mut self, name: &'r str) -> Symbol {
        if let Some(symbol) = self.shared.0.get(name) {
            return *symbol;
        }
        let at = self.own.iter().position(|own| *own == name).unwrap_or_else(|| {
            self.own.push(name);
            self.own.len() - 1
        });
        (self.shared.0.len() + at) as Symbol
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_test_do_not_collide_with_shared_ones() {
        let mut names = Names::default();
        let shared = names.intern("A");
        assert_eq!(names.intern("A"), shared);
        let mut local = LocalNames::new(&names);
        let own = local.symbol("B");
        assert_ne!(own, shared);
        assert_eq!(local.symbol("A"), shared);
        assert_eq!(local.symbol("B"), own);
        assert_ne!(local.symbol("C"), own);
    }
}
