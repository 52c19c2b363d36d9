//! YAML as Go's libraries read and write it.
pub mod basic;
mod binary;
pub mod codec;
pub mod container;
pub mod convert;
pub mod emit;
pub mod given;
pub mod limits;
pub mod locate;
pub mod number;
pub mod order;
pub mod parse;
pub mod reader;
pub mod record;
pub mod scalar;
mod timestamp;
pub mod tree;
pub mod value;
