//! What the scanner hands to the composer.

use std::borrow::Cow;

use crate::yaml::tree::Style;

/// A token and where it begins.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// See [`TokenKind`].
    pub kind: TokenKind<'t>,
    /// Byte offset of its first character.
    pub start: usize,
}

/// The kinds of token. Block collections begin and end by indentation, which only the scanner sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind<'t> {
    /// The text is over.
    StreamEnd,
    /// `%YAML 1.1`.
    Version(u8, u8),
    /// `%TAG handle prefix`.
    TagDirective(&'t str, String),
    /// `---`.
    DocumentStart,
    /// `...`.
    DocumentEnd,
    /// The indentation of a block sequence begins.
    BlockSequenceStart,
    /// The indentation of a block mapping begins.
    BlockMappingStart,
    /// One level of indentation ends.
    BlockEnd,
    /// `[`.
    FlowSequenceStart,
    /// `]`.
    FlowSequenceEnd,
    /// `{`.
    FlowMappingStart,
    /// `}`.
    FlowMappingEnd,
    /// `-`.
    BlockEntry,
    /// `,`.
    FlowEntry,
    /// `?`, or the start of what turned out to be a key.
    Key,
    /// `:`.
    Value,
    /// `*name`.
    Alias(&'t str),
    /// `&name`.
    Anchor(&'t str),
    /// A tag's handle and suffix; a verbatim tag has no handle.
    Tag(&'t str, String),
    /// A scalar's content and style.
    Scalar(Cow<'t, str>, Style),
}
