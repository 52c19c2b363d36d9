//! What comes of a write that succeeds.

use std::time::Duration;

/// What a write has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The object's uid.
    pub uid: String,
    /// Its resourceVersion now.
    pub version: String,
    /// How often it was tried.
    pub attempts: u32,
    /// How long it took in all: requests, waits between them, and for its turn.
    pub waited: Duration,
}
