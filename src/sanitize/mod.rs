//! Job files in canonical form.
//!
//! [`sanitize`] gives every job of one file its build cluster and spells branches as patterns; writing the result with
//! `yaml::codec::write` gives the canonical text. A file is worked on alone: nothing here depends on another file.

mod branches;
mod jobs;

pub(crate) use jobs::RULES;
pub use jobs::{Sanitized, most_used_cluster, sanitize};
