//! Kubernetes pods as jobs contain them, one noun per file.
//!
//! Read `spec` first: it holds [`PodSpec`]. What the values mean is Kubernetes' business; the words about
//! fields are for people who write jobs, and show in editors by way of the schemas.

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
