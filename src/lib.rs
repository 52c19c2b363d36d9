//! Cutwater.
pub mod yaml;
