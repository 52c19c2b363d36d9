//! Every touch of the file system: the one layer that opens paths.
//!
//! Nothing here knows YAML or jobs. Start with [`Tree`], a directory that a run may not leave; [`walk()`] lists what is in
//! it, [`read()`] gives a file's text, [`replace`] replaces or removes one as a whole, [`Lock`] keeps two runs apart. All
//! answer with [`Error`], which names the path and turns into a finding when the trouble is the user's file.

#![expect(clippy::disallowed_methods, reason = "this is the layer that opens paths")]

mod bulk;
mod error;
mod listing;
mod lock;
pub mod path;
mod read;
mod scratch;
#[cfg_attr(not(target_os = "linux"), path = "no_spare.rs")]
mod spare;
mod tree;
mod walk;
mod write;

pub use bulk::{Replacement, replace_all};
pub use error::Error;
pub(crate) use error::RULES;
pub use listing::Listings;
pub use lock::Lock;
pub use read::{
    MAX_BYTES, Unpacked, read, read_as_it_stands, read_given, read_given_as_it_stands, read_plain, read_text,
    read_text_as_it_stands, size, text_of,
};
pub use scratch::Scratch;
pub use tree::{Instead, Tree, directories, is_directory, is_there, make_directory, resolved};
pub use walk::{Entry, Kind, Obstacle, Walked, walk};
pub use write::{Written, make_executable, remove, replace, sweep, write_given};
