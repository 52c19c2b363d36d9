//! What is to be done about one key.

use super::value::{Value, digest};
use crate::updater::ConfigMapId;

/// What is done about a key, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub kind: Kind,
    /// The file that says so; none where a key goes.
    pub path: Option<String>,
    /// What is there.
    pub before: Option<Stored>,
    /// What will be there.
    pub after: Option<Stored>,
    /// Where what goes is put, or where what comes was.
    pub elsewhere: Option<ConfigMapId>,
    /// Who else owns the key.
    pub owners: Vec<String>,
}

/// What is done about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It comes.
    Add,
    /// It gets another value.
    Change,
    /// It has the right value already, from somebody else, and becomes ours as well, along with what else is written.
    Claim,
    /// It goes.
    Remove,
    /// It is no longer ours and stays, since others own it too.
    Release,
}

impl Kind {
    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Claim => "claim",
            Self::Remove => "remove",
            Self::Release => "release",
        }
    }

    /// Whether the key has a value of ours afterwards that it has not now.
    pub const fn brings(self) -> bool {
        matches!(self, Self::Add | Self::Change)
    }
}

/// A value without its content, which is nobody's business but the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its size as it is stored, in bytes.
    pub bytes: u64,
    /// The SHA-256 of what is stored.
    pub digest: String,
}

impl Stored {
    /// What is known of a value.
    pub fn of(value: &Value) -> Self {
        Self { bytes: value.bytes().len() as u64, digest: digest(value.bytes()) }
    }
}
