//! The merge driver on real conflicts: repositories of the sample, two branches, git, and the real program.
//!
//! Each case first conflicts without the driver, with its configs merging cleanly. With the driver the merge is settled, and
//! every job file is what `cutwater update` makes of the merged configs.
//!
//! [`branches`] makes a repository with two branches, [`edits`] are what somebody does on one, [`cases`] the real conflicts.

mod branches;
mod by_hand;
mod cases;
mod edits;
mod odd;
mod page;
mod settled;
