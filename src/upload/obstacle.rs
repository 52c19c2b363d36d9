//! What stands in the way of writing a ConfigMap.

use super::writer::Commit;

/// Whether a commit is in our history, when that is known.
pub type Ancestry<'a> = dyn Fn(&str) -> Option<bool> + Send + Sync + 'a;

/// Why a ConfigMap cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Somebody else wrote another value under a key.
    Foreign {
        /// The key.
        key: String,
        /// Who owns it.
        owners: Vec<String>,
    },
    /// Somebody else owns a key too that changes between text and bytes: it would stand in both bags.
    OtherBag {
        /// The key.
        key: String,
        /// Who owns it.
        owners: Vec<String>,
    },
    /// What is there is of a later commit, or of one that is not in our history.
    Newer(Commit),
    /// The files are of no known commit, and what is there is.
    Unknown(Commit),
    /// It says `immutable: true`.
    Immutable,
}

/// Whether what is there keeps us from writing.
pub(super) fn fence(last: Commit, ours: Option<&Commit>, ancestry: &Ancestry<'_>) -> Option<Obstacle> {
    match ours {
        None => Some(Obstacle::Unknown(last)),
        Some(ours) if ours.id == last.id => None,
        Some(ours) => match ancestry(&last.id) {
            Some(true) => None,
            Some(false) => Some(Obstacle::Newer(last)),
            None if last.ordinal < ours.ordinal => None,
            None => Some(Obstacle::Newer(last)),
        },
    }
}
