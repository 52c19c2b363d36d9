//! Names as numbers: parameters, dependencies and steps are compared far more often than they are read.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use smallvec::SmallVec;

/// A name's number.
pub(super) type Symbol = u32;

/// FNV-1a: the names are short and come from a repository that reviews them, so speed matters more than resistance.
#[derive(Clone)]
pub(super) struct ShortHasher(u64);

impl Default for ShortHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for ShortHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        // The low bits of FNV are weak for short keys, and the table takes its tag from the high ones.
        self.0 ^ (self.0 >> 29)
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
