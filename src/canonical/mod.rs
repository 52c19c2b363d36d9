//! Configs in canonical form, and what canonical form does not keep.
//!
//! [`determinize`] completes a ci-operator config; writing the result with `yaml::codec::write` gives the canonical text.
//! [`losses`] compares a text with its canonical form, of whatever kind of file. Job files have `sanitize`.

mod configs;
mod loss;

pub use configs::determinize;
pub(crate) use loss::RULES;
pub use loss::losses;
