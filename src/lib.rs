//! Cutwater.
pub mod diagnostic;
pub mod yaml;
pub mod model;
pub mod generate;
