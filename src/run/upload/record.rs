//! What was done: the record of a run, without any content.

use std::collections::BTreeMap;
use std::time::Duration;

use super::status::Status;
use crate::cluster::Failure;
use crate::updater::ConfigMapId;
use crate::upload::Obstacle;
use crate::upload::map_plan::Basis;

/// What became of a run.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What became of each ConfigMap that was to be written, or could not be read.
    pub entries: BTreeMap<ConfigMapId, Entry>,
    /// How the run ended.
    pub status: Status,
}

/// What became of a ConfigMap.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Its state before the first write.
    pub before: Option<Basis>,
    /// Its state after the last write.
    pub after: Option<Basis>,
    /// How many writes took place.
    pub writes: u32,
    /// How many requests to write were sent.
    pub attempts: u32,
    /// How often it was planned anew, since it had changed in between.
    pub planned_again: u32,
    /// Whether the answer to a write was lost, and reading showed that it had taken place.
    pub was_confirmed_by_read: bool,
    /// How long it took, waits included.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a ConfigMap ended.
#[derive(Clone, Debug, Default)]
pub enum Outcome {
    /// As the files say.
    Done,
    /// Everything that comes is there, and what goes is still there: a later write did not take place.
    Kept(Box<Outcome>),
    /// What it loses moves to a ConfigMap that was not written.
    Held,
    /// Not begun.
    #[default]
    Pending,
    /// The server, or the way there.
    Failed(Failure),
    /// Somebody else's keys, or a later commit.
    Blocked(Vec<Obstacle>),
    /// Others changed it again and again.
    Contended,
}

impl Outcome {
    /// What it means for the run.
    ///
    /// A loop where a function that calls itself would be shorter: rustc 1.95 makes of that one, inlined at opt-level 3, one
    /// that answers `Partial` for what is done.
    pub fn status(&self) -> Status {
        let (mut outcome, mut least) = (self, Status::Done);
        while let Self::Kept(why) = outcome {
            (outcome, least) = (why, Status::Partial);
        }
        let own = match outcome {
            Self::Done | Self::Kept(_) => Status::Done,
            Self::Held | Self::Pending => Status::Partial,
            Self::Failed(failure) => Status::of(failure),
            Self::Blocked(_) | Self::Contended => Status::Conflict,
        };
        if own < least { least } else { own }
    }
}
