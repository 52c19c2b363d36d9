//! Text to tree: our own reader of YAML 1.1, which accepts and refuses what the reference's does.
//!
//! Read [`parse`]. Canonical text, which nearly all text in a release repository is, is read line by line
//! (`canonical.rs`). Everything else goes through the scanner (`scanner.rs`: characters to tokens, with `plain.rs`,
//! `quoted.rs`, `block.rs` and `property.rs` for what tokens are made of) and the composer (`compose.rs`: tokens to
//! nodes). The two agree wherever both have an answer; a test holds them to it. Only the first document is read.
//! Why not a crate: `docs/decisions/0001-own-yaml-reader-and-writer.md`.

mod asides;
mod block;
mod canonical;
mod chars;
mod compose;
mod plain;
mod property;
mod quoted;
mod scanner;
mod selection;
mod token;

use super::limits;
use super::tree::Tree;
pub use asides::{Asides, asides};
use scanner::BYTE_ORDER_MARK;
pub use selection::Selection;

/// Why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in words a person can act on.
    pub message: String,
    /// Byte offset in the text where it shows.
    pub offset: usize,
}

impl SyntaxError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), offset }
    }
}

/// Parses the first document of `text`.
pub fn parse(text: &str) -> Result<Tree<'_>, SyntaxError> {
    parse_selected(text, &Selection::All)
}

/// Parses the first document of `text`; what is not selected need not be in the tree, and is not where that saves
/// anything.
pub fn parse_selected<'t>(text: &'t str, selection: &'static Selection) -> Result<Tree<'t>, SyntaxError> {
    if text.len() >= limits::TEXT {
        return Err(SyntaxError::new(0, "the text is larger than 2 GiB"));
    }
    match canonical::parse(text, selection) {
        Some(tree) => Ok(tree),
        None => parse_any(text),
    }
}

/// Parses without the short cut for canonical text: the same tree, more slowly.
pub fn parse_any(text: &str) -> Result<Tree<'_>, SyntaxError> {
    if let Some(offset) = chars::first_forbidden(text) {
        return Err(SyntaxError::new(offset, "control characters are not allowed"));
    }
    if let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK)
        && rest.starts_with(BYTE_ORDER_MARK)
    {
        // The reference would take the first character of every line for a mark.
        return Err(SyntaxError::new(text.len() - rest.len(), "the text begins with two byte order marks"));
    }
    compose::compose(text)
}

#[cfg(test)]
mod tests;
