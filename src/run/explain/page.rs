//! What there is to tell about a file or a job, as plain values: what [`super::explain`] answers and `cli` shows.

use crate::diagnostic::Diagnostic;
use crate::model::config::Metadata;
use crate::model::identity::JobKind;

/// What was found out about a subject.
#[derive(Clone, Debug)]
pub enum Explained {
    /// A file.
    File(Box<FilePage>),
    /// The jobs of a name; mostly one.
    Jobs(Vec<Job>),
    /// There is no job of this name; names that may have been meant.
    UnknownJob(Vec<String>),
}

/// A file, what it is, and where it goes.
#[derive(Clone, Debug)]
pub struct FilePage {
    /// Its path below the release repository.
    pub file: String,
    /// Whether it is there.
    pub is_there: bool,
    /// What it is.
    pub what: What,
    /// The ConfigMaps that it goes into.
    pub config_maps: Vec<Destination>,
    /// Who approves changes of it, where somebody is named.
    pub owners: Option<Approvers>,
    /// What keeps more from being known.
    pub findings: Vec<Diagnostic>,
}

/// What a file is.
#[derive(Clone, Debug)]
pub enum What {
    /// A ci-operator config.
    Config {
        /// Whose it is.
        identity: Metadata,
        /// What in it jobs are made of, in the order of the file.
        sources: Vec<Source>,
    },
    /// A file of Prow jobs.
    Jobs(Vec<Job>),
    /// A file of the step registry.
    Registry(RegistryFile),
    /// Another file; in a few words what it is for, where that is known.
    Other(Option<&'static str>),
}

/// Something in a config that jobs are made of.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is, such as `test unit`.
    pub what: String,
    /// Where it is named.
    pub place: Place,
    /// The jobs.
    pub jobs: Vec<Job>,
}

/// A place in a file; the line is zero for the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path below the release repository.
    pub file: String,
    /// The line, from one.
    pub line: usize,
    /// The column, from one.
    pub column: usize,
}

/// One job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub kind: JobKind,
    /// The job file that it stands in, or will stand in.
    pub file: String,
    /// Where it stands; nothing while it is not there.
    pub place: Option<Place>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it runs; nothing where that cannot be known.
    pub placement: Option<Placement>,
}

/// Where a job comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A config.
    Config {
        /// What in it, such as `test unit`.
        what: String,
        /// Where that is named.
        place: Place,
    },
    /// A person wrote it, or another program.
    ByHand,
    /// It was generated, and no config gives it any more.
    Stale,
}

/// The build cluster of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// What decides now.
    pub decision: Decision,
    /// The cluster that the job file says so far, where it is another one.
    pub stated: Option<String>,
    /// What would decide if the job had no cluster yet; where it keeps the one it has.
    pub anew: Option<Decision>,
}

/// How a cluster is come by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// The cluster; nothing when the job can have none or another agent runs it.
    pub cluster: Option<String>,
    /// A word for what decides.
    pub reason: &'static str,
    /// What decides, as a sentence.
    pub why: String,
    /// What was asked before, in order, with the answers.
    pub passed: Vec<Answer>,
}

/// The answer to a question that did not place a job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// As a sentence.
    pub text: String,
    /// Whether it is another answer than that of most jobs.
    pub is_notable: bool,
}

/// A ConfigMap that a file goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its name.
    pub name: String,
    /// The key of the file.
    pub key: String,
    /// Whether the content is packed.
    pub is_packed: bool,
    /// Clusters and namespaces that it is in, as `CLUSTER/NAMESPACE`.
    pub targets: Vec<String>,
    /// The pattern that takes the file.
    pub pattern: String,
    /// Where the pattern stands.
    pub place: Place,
}

/// Who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approvers {
    /// The nearest OWNERS that name somebody.
    pub file: String,
    /// The people and aliases.
    pub names: Vec<String>,
}

/// A file of the step registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryFile {
    /// What it is, such as `step` or `script`.
    pub kind: &'static str,
    /// The name that it defines, or belongs to.
    pub name: String,
    /// Whether all tests have to be thought of as using it.
    pub by_all: bool,
    /// Definitions that it is part of: kind and name.
    pub definitions: Vec<(&'static str, String)>,
    /// Configs with tests that use it: the file and the tests.
    pub configs: Vec<(String, Vec<String>)>,
    /// How many repositories these are of.
    pub repositories: usize,
}
