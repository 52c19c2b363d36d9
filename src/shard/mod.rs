//! Prow's configuration and that of its plugins: put together from many files, checked, filled in, and split again by
//! organisation and repository.
//!
//! [`prow`] and [`plugins`] work alike. `read_main` and `read_supplement` make a [`Part`] of each file, `combine` merges the
//! parts, checks them and fills in defaults, `split` moves what belongs to one organisation or repository into a
//! [`Shard`] each. What is left is the main file. All of it is a function of texts: which files there are, and what to
//! write where, is for `run` to find out.

pub(crate) mod address;
pub mod jobs;
mod part;
mod place;
pub mod plugins;
pub mod prow;
mod selector;
mod template;

pub use part::{Part, Source};
pub use place::{Shard, Shards};

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};

const TABLES: &[&[Rule]] = &[part::RULES, place::RULES, prow::RULES, plugins::RULES];

/// The rules of this folder.
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);
