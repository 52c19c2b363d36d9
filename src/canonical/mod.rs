//! Configs in canonical form, and what canonical form does not keep.
//!
//! [`determinize`] completes a ci-operator config; writing the result with `yaml::codec::write` gives the canonical text.
//! [`sort_owners`] does the same for cluster profiles.
//! [`losses`] compares a text with its canonical form, of whatever kind of file. Job files have `sanitize`.

mod configs;
mod loss;
mod profiles;

pub use configs::determinize;
pub(crate) use loss::RULES;
pub use loss::{losses, part_losses};
pub use profiles::sort_owners;
