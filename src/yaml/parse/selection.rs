//! Which parts of a document are wanted, when not all of it is.
//!
//! Of a job file that is about to be generated again a handful of fields a job matters. What is not selected is still
//! read, so that every syntax error is found, but makes no nodes: that is most of the cost of a tree.

use crate::yaml::convert::equal_fold;

/// What is wanted of a value.
#[derive(Debug)]
pub enum Selection {
    /// All of it.
    All,
    /// Of a mapping, the values of these keys, in any capitals.
    Keys(&'static [(&'static str, Selection)]),
    /// Of each value of a mapping, or item of a sequence, this.
    Each(&'static Selection),
}

impl Selection {
    /// What is wanted of the value under a key; nothing when it is not wanted.
    pub(super) fn under(&'static self, key: &str) -> Option<&'static Self> {
        match self {
            Self::All => Some(self),
            // A merge brings keys of its own, or is a mistake.
            Self::Keys(_) if key == "<<" => Some(&Self::All),
            Self::Keys(keys) => {
                keys.iter().find(|(name, _)| *name == key || equal_fold(name, key)).map(|(_, selection)| selection)
            }
            Self::Each(selection) => Some(selection),
        }
    }

    /// What is wanted of an item of a sequence. A sequence where a mapping is expected is for the decoder to refuse.
    pub(super) fn item(&'static self) -> &'static Self {
        match self {
            Self::Each(selection) => selection,
            _ => &Self::All,
        }
    }
}
