//! Cutwater.
pub mod diagnostic;
pub mod files;
pub mod yaml;
pub mod model;
pub mod validate;
pub mod run;
