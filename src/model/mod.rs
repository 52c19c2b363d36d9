//! The types of a release repository's files.
pub mod config;
pub mod decoration;
pub mod identity;
pub mod job;
pub mod meta;
pub mod pod;
pub mod scalar;
pub mod tekton;
