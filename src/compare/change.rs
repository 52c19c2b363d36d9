//! What may be said of a change, as values: the words of [`Comparison`].
//!
//! A [`Change`] says of one job what is otherwise than before. Changes that are equal are equal for people as well, so that
//! many jobs with the same change are told in one line. Texts and names are owned: what was compared is gone by then.

use crate::model::identity::JobKind;

/// A job, by what people know it by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobRef {
    /// The repository that it is about (`org/repo`); empty where nothing says so.
    pub repository: String,
    /// When it runs.
    pub kind: JobKind,
    /// The branch, or else the first pattern of branches; empty for none.
    pub branch: String,
    /// Its name.
    pub name: String,
    /// The job file that it is in; of a removed job the one that it was in.
    pub file: String,
}

/// What a value was, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn<T> {
    /// Before.
    pub from: T,
    /// Now.
    pub to: T,
}

/// What happened to things that have names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Names {
    /// Those that were not there.
    pub added: Vec<String>,
    /// Those that are not there any more.
    pub removed: Vec<String>,
    /// Those that are another than before.
    pub changed: Vec<String>,
}

impl Names {
    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What sets a job on pull requests and merges off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// Every change.
    Always,
    /// Changes to files of this pattern.
    RunIfChanged(String),
    /// Changes that are not to files of this pattern only.
    SkipIfOnlyChanged(String),
    /// The merge, if not something before it.
    BeforeMerge,
    /// Somebody who asks for it.
    OnRequest,
}

/// What sets a periodic off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schedule {
    /// The clock.
    Cron(String),
    /// The time since the start of the last run.
    Interval(String),
    /// The time since the end of the last run.
    MinimumInterval(String),
    /// Nothing that Prow knows of.
    None,
}

/// What sets a job off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// A pull request or a merge.
    Trigger(Trigger),
    /// The clock.
    Schedule(Schedule),
}

/// How a job runs that is on one side only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Running {
    /// What sets it off.
    pub start: Start,
    /// Whether a failure does not hold up a merge; nothing where none waits for the job.
    pub is_optional: Option<bool>,
    /// The build cluster; empty where the job names none.
    pub cluster: String,
}

/// What is otherwise about a job. The order is that in which it is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The job is new, and runs so.
    Added(Running),
    /// The job is gone; it ran so.
    Removed(Running),
    /// The job had another name; this is it.
    Renamed(Turn<String>),
    /// Whether a failure does not hold up a merge.
    Optional(Turn<bool>),
    /// What sets it off, of a presubmit or postsubmit.
    Trigger(Turn<Trigger>),
    /// What sets it off, of a periodic.
    Schedule(Turn<Schedule>),
    /// The build cluster.
    Cluster(Turn<String>),
    /// The branches that it is for, and those that it is not for, with a `!`.
    Branches(Turn<Vec<String>>),
    /// How many runs may go on at once; zero is no limit.
    MaxConcurrency(Turn<i64>),
    /// The program that is run.
    Command(Turn<Vec<String>>),
    /// What ci-operator is to do.
    Target(Turn<String>),
    /// Other arguments of the program.
    Arguments(Names),
    /// The image that the program is in.
    Image(Turn<String>),
    /// What is asked of the node, such as `requests.cpu`.
    Resources(Names),
    /// Secrets that the job is given.
    Secrets(Names),
    /// Environment variables.
    Environment(Names),
    /// Labels.
    Labels(Names),
    /// Whether it may be rehearsed.
    Rehearsable(Turn<bool>),
    /// Commands of the test that the job runs, in the config.
    Commands(Turn<String>),
    /// Fields of the test that the job runs, in the config.
    Test(Vec<String>),
    /// Fields of the config that are not of one test.
    Config(Vec<String>),
    /// Parts of the step registry that the test uses.
    Steps(Vec<String>),
    /// Whatever else, by the names of fields.
    Other(Vec<String>),
}

/// Whether pj-rehearse can run a job for the change before it is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rehearsal {
    /// It can.
    Possible,
    /// Nothing changed that it looks at.
    Unneeded,
    /// It does not take this job.
    Refused(Refusal),
}

/// Why pj-rehearse does not take a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// There is no such job any more.
    Gone,
    /// It runs after merges.
    Postsubmit,
    /// It is hidden.
    Hidden,
    /// It has not the label that allows it.
    Unlabelled,
    /// It is for all branches, so that none can be chosen.
    WithoutBranches,
    /// It runs ci-operator, and nothing says with which config.
    WithoutConfig,
    /// Its test changed and may use the network, which needs a word of approval on the pull request first.
    Network,
}

/// A job that is otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedJob {
    /// Which.
    pub job: JobRef,
    /// What is otherwise, in the order of [`Change`]; never empty.
    pub changes: Vec<Change>,
    /// Whether it can be rehearsed.
    pub rehearsal: Rehearsal,
}

impl ChangedJob {
    /// Whether it is new.
    pub fn is_added(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Added(_)))
    }

    /// Whether it is gone.
    pub fn is_removed(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Removed(_)))
    }

    /// The name that it had, where it was another.
    pub fn old_name(&self) -> Option<&str> {
        self.changes.iter().find_map(|change| match change {
            Change::Renamed(turn) => Some(&*turn.from),
            _ => None,
        })
    }
}

/// What keeps more from being known about a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file.
    pub file: String,
    /// What is wrong with it, and what follows.
    pub message: String,
}

/// Everything that is otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The jobs that are, by repository, kind, branch and name.
    pub jobs: Vec<ChangedJob>,
    /// What could not be compared.
    pub notes: Vec<Note>,
}

/// How many jobs there are of a sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New ones.
    pub added: usize,
    /// Those that are gone.
    pub removed: usize,
    /// Those under another name.
    pub renamed: usize,
    /// Others.
    pub changed: usize,
    /// Those of all of them that can be rehearsed.
    pub rehearsable: usize,
}

impl Comparison {
    /// Counts the jobs.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for job in &self.jobs {
            let sort = match job {
                job if job.is_added() => &mut counts.added,
                job if job.is_removed() => &mut counts.removed,
                job if job.old_name().is_some() => &mut counts.renamed,
                _ => &mut counts.changed,
            };
            *sort += 1;
            counts.rehearsable += usize::from(job.rehearsal == Rehearsal::Possible);
        }
        counts
    }
}
