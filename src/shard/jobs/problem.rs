//! What is wrong with a job: by rule, place and the words that Prow has for it.

use crate::diagnostic::{KeyPath, Rule, Segment};

/// Where a job stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// `presubmits`, `postsubmits` or `periodics`.
    pub list: &'static str,
    /// The repository, where the list has one.
    pub repo: Option<&'a str>,
    /// The position among its kind.
    pub index: usize,
}

impl Place<'_> {
    /// The way to the job.
    pub fn path(self) -> KeyPath {
        let list = KeyPath::root().key(self.list);
        self.repo.map_or_else(|| list.clone(), |repo| list.key(repo)).item(self.index)
    }

    /// The way to a field of the job.
    pub fn field(self, key: &str) -> KeyPath {
        self.path().key(key)
    }
}

/// Something wrong with a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The rule it breaks.
    pub rule: Rule,
    /// The value that breaks it.
    pub path: KeyPath,
    /// What Prow says of it.
    pub message: String,
}

/// What is wrong with several jobs.
pub type Problems = Vec<Problem>;

/// A step of a path from a name or a position, for [`below`].
pub enum Step<'a> {
    /// By key.
    Key(&'a str),
    /// By position.
    Item(usize),
}

/// A longer path.
pub fn below<const N: usize>(mut path: KeyPath, steps: [Step<'_>; N]) -> KeyPath {
    path.0.extend(steps.into_iter().map(|step| match step {
        Step::Key(key) => Segment::Key(key.to_owned()),
        Step::Item(index) => Segment::Item(index),
    }));
    path
}
