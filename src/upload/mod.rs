//! Files to ConfigMaps: what should be in them, what is, and the steps from one to the other. All of it values.
//!
//! [`Desired`] is made of a repository's files and where [`crate::updater`] places them, [`Live`] is what a server answered.
//! Nothing here opens a file or talks to a server.

pub mod live;
pub mod value;

pub use live::{Live, Manager, Operation};
pub use value::Value;
