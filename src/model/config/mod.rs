//! The ci-operator configuration and the step registry, one noun per file.
//!
//! Read `release_build` first: it holds the root of a configuration file. Everything is re-exported here, so callers
//! write `model::config::Bundle` wherever a type lives.

mod cluster_profile;
pub mod defaults;
mod image;
mod metadata;
mod operator;
mod promotion;
mod raw_step;
mod registry;
mod release;
mod release_build;
mod step;
mod test;

pub use cluster_profile::*;
pub use image::*;
pub use metadata::*;
pub use operator::*;
pub use promotion::*;
pub use raw_step::*;
pub use registry::*;
pub use release::*;
pub use release_build::*;
pub use step::*;
pub use test::*;
