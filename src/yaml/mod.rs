//! YAML as Go's libraries read and write it.
//!
//! | question | module |
//! |---|---|
//! | how does a type read and write itself? | [`record`] (the macro), [`codec`] (the entry points) |
//! | what is text made into? | [`parse`]: text to [`tree`] |
//! | what is a scalar: number, boolean, text? | [`scalar`], [`number`], `timestamp.rs`, `binary.rs` |
//! | what is dropped or changed without a word? | [`notes`]; what may have been meant: [`nearest`](nearest::nearest) |
//! | which of equal keys counts, what is an unknown field? | [`reader`]; keys that cannot be one are in [`convert`] |
//! | what does a merge (`<<`) or an alias stand for? | [`convert`] |
//! | how are lists, maps and plain values read and written? | [`container`], [`basic`], [`value`] |
//! | how is text written? | [`emit`]; in which order keys come: [`order`] |
//! | where in the file is it? | [`locate`] |
//!
//! How large and deep a document may be is in [`limits`], all bounds together.

pub mod basic;
mod binary;
pub mod codec;
pub mod container;
pub mod convert;
pub mod describe;
pub mod emit;
pub mod given;
pub mod limits;
pub mod locate;
pub mod nearest;
pub mod notes;
pub mod number;
pub mod order;
pub mod parse;
pub mod reader;
pub mod record;
pub mod scalar;
mod timestamp;
pub mod tree;
pub mod value;
mod words;
