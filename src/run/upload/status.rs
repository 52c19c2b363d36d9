//! How an upload ended: the exit status of `cutwater upload`.

use crate::cluster::{Class, Failure};

/// How an upload ended. The numbers are the exit status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything is as the files say.
    #[default]
    Done = 0,
    /// A defect of this program.
    Defect = 1,
    /// Arguments or configuration make no sense; nothing was written.
    Usage = 2,
    /// What is there is not what the files say.
    Drift = 3,
    /// A check before writing failed, or the server refuses what is written.
    Refused = 4,
    /// Something was written and something was not.
    Partial = 5,
    /// Somebody else's keys, a later commit, or a state that does not stand still.
    Conflict = 6,
    /// The server does not know who is asking, or does not let them.
    Denied = 7,
    /// A server is not there, or did not answer in time.
    Unreachable = 8,
}

impl Status {
    /// The exit status.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What a failure of a single request makes of the run.
    pub fn of(failure: &Failure) -> Self {
        match failure.class() {
            Class::Defect => Self::Defect,
            Class::Usage => Self::Usage,
            Class::Refused => Self::Refused,
            Class::Stopped => Self::Partial,
            Class::Conflict => Self::Conflict,
            Class::Auth => Self::Denied,
            Class::Unavailable => Self::Unreachable,
        }
    }

    /// The status of a run with several: the highest, unless something was written.
    pub fn together(all: impl IntoIterator<Item = Self>, was_written: bool) -> Self {
        match all.into_iter().max().unwrap_or_default() {
            Self::Done => Self::Done,
            _ if was_written => Self::Partial,
            worst => worst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Status::*;
    use super::*;

    #[test]
    fn the_worst_counts_unless_something_was_written() {
        assert_eq!(Status::together([Done, Conflict, Refused], false), Conflict);
        assert_eq!(Status::together([Done, Conflict], true), Partial);
        assert_eq!(Status::together([Done], true), Done);
        assert_eq!(Status::together([], false), Done);
        assert_eq!(
            [Done, Defect, Usage, Drift, Refused, Partial, Conflict, Denied, Unreachable].map(Status::code),
            [0, 1, 2, 3, 4, 5, 6, 7, 8]
        );
    }
}
