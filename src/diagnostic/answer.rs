//! What a program can do about a finding by itself.
//!
//! Only where one answer is right and safe: the text keeps its meaning, or says what its author plainly wrote. `cutwater
//! check --fix` carries answers out; a finding without one needs a person.

/// The one safe answer to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Edits of the finding's file that belong together.
    Edits(Vec<Edit>),
    /// The file is written anew as programs write it: generated, or in canonical form.
    Rewrite,
}

/// A part of a text, and what stands in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Byte offset of the part's beginning.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
    /// What replaces it; nothing where it goes.
    pub text: String,
    /// Line and column of the beginning, for those who do not count bytes; columns count characters, both from 1.
    pub from: (usize, usize),
    /// Line and column of the end.
    pub to: (usize, usize),
}

impl Edit {
    /// Whether two edits cannot both be made: their parts overlap, or both put something into the same place.
    pub fn overlaps(&self, other: &Self) -> bool {
        let is_shared = self.start < other.end && other.start < self.end;
        is_shared || (self.start == other.start && (self.start == self.end || other.start == other.end))
    }
}
