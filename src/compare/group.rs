//! Equal changes put together, for people.
//!
//! [`Grouped::of`] makes a line of each change and the jobs that have it, repository by repository. A change that many
//! repositories have in common is told once for all of them ([`Grouped::everywhere`]).

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, ChangedJob, Comparison, Rehearsal};

/// A change in this many repositories is told once.
const MANY: usize = 4;

/// A change, and the jobs that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'c> {
    /// What is otherwise.
    pub change: &'c Change,
    /// The jobs, in order.
    pub jobs: Vec<&'c ChangedJob>,
}

/// What is otherwise in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'c> {
    /// The repository (`org/repo`), or nothing for jobs that are of none.
    pub repository: &'c str,
    /// The branches of its jobs that are told of.
    pub branches: BTreeSet<&'c str>,
    /// The changes, in their order.
    pub lines: Vec<Line<'c>>,
    /// The jobs that can be rehearsed, with those that are told of elsewhere.
    pub rehearsable: Vec<&'c ChangedJob>,
}

/// A comparison in lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped<'c> {
    /// Changes that many repositories have.
    pub everywhere: Vec<Line<'c>>,
    /// The others, by repository.
    pub groups: Vec<Group<'c>>,
}

impl Line<'_> {
    /// How many repositories have it.
    pub fn repositories(&self) -> usize {
        self.jobs.iter().map(|job| &job.job.repository).collect::<BTreeSet<_>>().len()
    }
}

impl<'c> Grouped<'c> {
    /// Puts together.
    pub fn of(comparison: &'c Comparison) -> Self {
        let mut by_change: BTreeMap<&Change, Vec<&ChangedJob>> = BTreeMap::new();
        for job in &comparison.jobs {
            for change in &job.changes {
                by_change.entry(change).or_default().push(job);
            }
        }
        let mut grouped = Self::default();
        let mut groups: BTreeMap<&str, Group<'c>> = BTreeMap::new();
        for (change, jobs) in by_change {
            let line = Line { change, jobs };
            if !matches!(change, Change::Added(_) | Change::Removed(_)) && line.repositories() >= MANY {
                grouped.everywhere.push(line);
                continue;
            }
            for job in line.jobs {
                let repository = &*job.job.repository;
                let group = groups.entry(repository).or_insert_with(|| Group::new(repository));
                group.branches.insert(&job.job.branch);
                match group.lines.last_mut().filter(|line| line.change == change) {
                    Some(line) => line.jobs.push(job),
                    None => group.lines.push(Line { change, jobs: vec![job] }),
                }
            }
        }
        for job in comparison.jobs.iter().filter(|job| job.rehearsal == Rehearsal::Possible) {
            if let Some(group) = groups.get_mut(&*job.job.repository) {
                group.rehearsable.push(job);
            }
        }
        grouped.groups = groups.into_values().collect();
        grouped
    }
}

impl<'c> Group<'c> {
    fn new(repository: &'c str) -> Self {
        Self { repository, branches: BTreeSet::new(), lines: Vec::new(), rehearsable: Vec::new() }
    }
}
