//! Two changes of one job file put together, job by job: the pure part of git's merge driver.
//!
//! [`read()`] takes the three texts, [`merge()`] puts them together. Jobs are told apart by kind, repository and name, so that
//! it does not matter which lines stand beside each other. What only one side changed is taken from it; what both changed
//! is merged field by field. What is left is a [`Conflict`]; [`Sides`] says what stands for it in the result, so that a
//! caller who wants to know what hangs on a conflict merges once for each side. [`fields`] has the rules for values,
//! [`lists`] those for lists, `order.rs` puts lists of two orders into one. Nothing here generates jobs or knows git.

pub mod fields;
mod jobs;
pub mod lists;
mod order;
mod side;
#[cfg(test)]
mod tests;

pub use jobs::{Merged, merge};
pub use side::{Jobs, Unreadable, read};

/// The line of `.gitattributes` that has git ask the driver about job files.
pub const ATTRIBUTES: &str = "ci-operator/jobs/**/*.yaml merge=cutwater";
/// The name of the driver in [`ATTRIBUTES`] and in git's configuration: `merge.cutwater.driver`.
pub const DRIVER_NAME: &str = "cutwater";
/// The value of `merge.cutwater.driver` in git's configuration. A git that does not know the last three hands them over as
/// they are.
pub const DRIVER: &str = "cutwater merge-driver %O %A %B %P %L %S %X %Y";
/// The value of `merge.cutwater.recursive`: where git first merges several common ancestors, it takes one of them. Their
/// merge is of no commit that has configs.
pub const RECURSIVE: &str = "binary";

/// One of the three texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What both began with.
    Base,
    /// What is checked out.
    Ours,
    /// What comes in.
    Theirs,
}

/// Which side stands for what cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// In jobs that were generated from configs.
    pub generated: Side,
    /// In all others, and outside of jobs.
    pub by_hand: Side,
}

impl Sides {
    /// The same side everywhere.
    pub fn all(side: Side) -> Self {
        Self { generated: side, by_hand: side }
    }
}

/// Something that both sides changed, each in its way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The job's name; empty for what is in no job.
    pub job: String,
    /// The field in it, as `spec.containers[test].args`; empty when it is the job as a whole.
    pub field: String,
    /// Whether the job was generated from a config.
    pub is_generated: bool,
}
