//! YAML as Go's libraries read and write it.
pub mod emit;
pub mod parse;
pub mod scalar;
pub mod tree;
