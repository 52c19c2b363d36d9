//! Configs in canonical form, and what canonical form does not keep.
//!
//! [`determinize`] completes a ci-operator config; writing the result with `yaml::codec::write` gives the canonical text.
//! [`sort_owners`] does the same for cluster profiles.
//! [`lost`] tells what of a text its canonical form does not keep, whatever kind of file it is. Job files have `sanitize`.

mod configs;
mod loss;
mod profiles;

pub use configs::determinize;
pub(crate) use loss::RULES;
pub use loss::{findings, losses, lost, notes};
pub use profiles::sort_owners;
