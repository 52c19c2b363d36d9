//! Kubernetes pods as jobs contain them, one noun per file.
//!
//! Read `spec` first: it holds [`PodSpec`]. Only the types and their keys are ours to know; what the values mean is
//! Kubernetes' business, hence one line per type.

#![expect(missing_docs, reason = "the fields are Kubernetes' own")]

mod affinity;
mod claim;
mod container;
mod env;
mod probe;
mod security;
mod spec;
mod storage;
mod volume;

pub use affinity::*;
pub use claim::*;
pub use container::*;
pub use env::*;
pub use probe::*;
pub use security::*;
pub use spec::*;
pub use storage::*;
pub use volume::*;
