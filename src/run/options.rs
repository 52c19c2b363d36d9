//! What a run is asked to do, and what it answers: plain values between the command line and the pipelines.
//!
//! The command line builds a [`JobsOptions`], [`ProwgenOptions`] or [`SanitizeOptions`]; a pipeline answers with an
//! [`Outcome`] or an [`Error`]. Findings about the user's files are part of the outcome, never an error. Nothing here
//! knows flags, terminals or clap.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::catalogue;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files;
pub use crate::prowcheck::Options as ProwWarnings;

/// `cutwater jobs`: generate, merge and sanitize the job files of a release repository in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobsOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Which repositories to work on.
    pub scope: Scope,
    /// Whether files may be written.
    pub mode: Mode,
    /// Keep the old and new text of changed files in the outcome, to show differences.
    pub diff: bool,
    /// Write the repositories that are whole when others have findings.
    pub keep_going: bool,
    /// What becomes of files that would lose something.
    pub on_loss: OnLoss,
    /// Whether OWNERS files are mirrored.
    pub owners: Owners,
    /// What is read instead of the bytes of files.
    pub instead: files::Instead,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// Which repositories a run works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    Everything,
    /// Those that the given paths touch.
    Touched {
        /// Repositories named by paths of config or job files.
        repositories: BTreeSet<Repository>,
        /// Registry files and directories, relative to the release repository: every repository that uses them is meant.
        registry: Vec<String>,
        /// Whether Prow's configuration is meant, which is one whole.
        prow_config: bool,
    },
}

impl Scope {
    /// No repository at all.
    pub fn nothing() -> Self {
        Self::Touched { repositories: BTreeSet::new(), registry: Vec::new(), prow_config: false }
    }
}

/// A repository by organisation and name; the name is empty when the whole organisation is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    /// The organisation.
    pub org: String,
    /// The repository in it, or nothing for all of them.
    pub repo: String,
}

/// Whether files may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write what changed.
    Write,
    /// Only say what would change.
    Check,
}

/// What becomes of files that canonical form does not keep all of, such as comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnLoss {
    /// They are written, and what goes is told.
    Write,
    /// With any of them nothing is written.
    Refuse,
}

/// Whether OWNERS files of job directories mirror those of config directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owners {
    /// Mirror them.
    Mirror,
    /// Leave them alone.
    Leave,
}

/// `ci-operator-prowgen`: generate jobs and merge them into the files that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProwgenOptions {
    /// The tree of configs, `ORG/REPO/ORG-REPO-BRANCH.yaml` below it.
    pub from_dir: PathBuf,
    /// The tree of job files.
    pub to_dir: PathBuf,
    /// The step registry; tests are not resolved without it.
    pub registry: Option<PathBuf>,
    /// Base names of job files that are left alone.
    pub known_infra_files: BTreeSet<String>,
    /// Which repositories to work on.
    pub filter: RepositoryFilter,
    /// When set, only files with exactly these paths, spelled as the walk spells them, are worked on.
    pub modified: Option<BTreeSet<String>>,
    /// Sub-directories of both trees, done one after another; the empty name is the whole tree.
    pub sub_dirs: Vec<String>,
    /// Whether OWNERS files are mirrored.
    pub owners: Owners,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// The `--org` and `--repo` flags; an empty one does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryFilter {
    /// Only this organisation.
    pub org: String,
    /// Only repositories of this name.
    pub repo: String,
}

impl RepositoryFilter {
    /// Whether a repository passes.
    pub fn matches(&self, org: &str, repo: &str) -> bool {
        (self.org.is_empty() || self.org == org) && (self.repo.is_empty() || self.repo == repo)
    }
}

/// `sanitize-prow-jobs`: canonical job files with their build clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanitizeOptions {
    /// The tree of job files.
    pub jobs_dir: PathBuf,
    /// The dispatcher's configuration, `core-services/sanitize-prow-jobs/_config.yaml`.
    pub config: PathBuf,
    /// The clusters, `core-services/sanitize-prow-jobs/_clusters.yaml`.
    pub clusters: PathBuf,
    /// Sub-directories of the tree, done one after another; the empty name is the whole tree.
    pub sub_dirs: Vec<String>,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `determinize-prow-config`: Prow's configuration and that of its plugins, canonical and split by organisation and
/// repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProwConfigOptions {
    /// The directory of `_config.yaml` and `_plugins.yaml`, and of supplemental plugin configuration.
    pub config_dir: PathBuf,
    /// Where supplemental Prow configuration is and goes; neither read nor split when not set.
    pub prow_shards: Option<PathBuf>,
    /// Where supplemental plugin configuration goes; not split when not set.
    pub plugin_shards: Option<PathBuf>,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `determinize-ci-operator`: canonical configs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeterminizeOptions {
    /// The tree of configs, `ORG/REPO/ORG-REPO-BRANCH.yaml` below it.
    pub config_dir: PathBuf,
    /// Which repositories to work on.
    pub filter: RepositoryFilter,
    /// When set, only files with exactly these paths, spelled as the walk spells them, are worked on.
    pub modified: Option<BTreeSet<String>>,
    /// Whether files may be written.
    pub mode: Mode,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `ci-operator-checkconfig`: what is wrong with configs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckconfigOptions {
    /// The tree of configs, `ORG/REPO/ORG-REPO-BRANCH.yaml` below it.
    pub config_dir: PathBuf,
    /// The sub-directory of the tree to look at; empty for all of it.
    pub sub_dir: String,
    /// The step registry; tests are not resolved without it.
    pub registry: Option<PathBuf>,
    /// The cluster profiles and who owns them.
    pub cluster_profiles: PathBuf,
    /// Who owns the pools that clusters are claimed from.
    pub claim_owners: PathBuf,
    /// How much is told.
    pub extent: Extent,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `config-shard-validator`: whether every config and job file goes into the right ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardValidatorOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Which repositories' configs to look at; job files are all looked at.
    pub filter: RepositoryFilter,
    /// When set, only configs with exactly these paths, spelled as the walk spells them, are looked at.
    pub modified: Option<BTreeSet<String>>,
    /// The environment, which patterns may name.
    pub environment: BTreeMap<String, String>,
    /// Whether configs are looked into, so that those that may not be used are found.
    pub loads_configs: bool,
    /// Whether job files are looked at.
    pub looks_at_jobs: bool,
    /// How much is told.
    pub extent: Extent,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `cutwater check`: everything that can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Files and directories, relative to the release repository, that findings are about; all when not set.
    pub reported: Option<BTreeSet<String>>,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// The environment, which patterns of `config_updater` may name.
    pub environment: BTreeMap<String, String>,
    /// Which of Prow's warnings are wanted.
    pub prow_warnings: ProwWarnings,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// `cutwater check --fix`: the answers to findings, carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Whether files may be written. Where they may not, the outcome keeps texts, to show differences.
    pub mode: Mode,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// How much is told of what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What the reference says: of each config the first stage of checks that finds something, as far as there are stages.
    AsTheReference,
    /// All of it, and what the reference does not see.
    Everything,
}

/// `cutwater fmt`: everything that has a canonical form, in that form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FmtOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Files and directories, relative to the release repository, that the work is limited to; none for no limit.
    pub paths: BTreeSet<String>,
    /// Whether files may be written.
    pub mode: Mode,
    /// Keep the old and new text of changed files in the outcome, to show differences.
    pub diff: bool,
    /// Write the files that are whole when others have findings.
    pub keep_going: bool,
    /// What becomes of files that would lose something.
    pub on_loss: OnLoss,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

impl FmtOptions {
    /// The files and directories below `place` that the work is limited to, none within another: the empty name for all
    /// of them, nothing when none of them is wanted.
    pub fn below(&self, place: &str) -> BTreeSet<String> {
        if self.paths.is_empty() || self.paths.iter().any(|path| path == "." || files::path::is_within(place, path)) {
            return BTreeSet::from([String::new()]);
        }
        let within = |path: &String| path.strip_prefix(place)?.strip_prefix('/').map(str::to_owned);
        let below: BTreeSet<String> = self.paths.iter().filter_map(within).collect();
        let is_outermost =
            |path: &&String| !below.iter().any(|other| other != *path && files::path::is_within(path, other));
        below.iter().filter(is_outermost).cloned().collect()
    }
}

/// What a run did or would do.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How much there was.
    pub counts: Counts,
    /// Files that changed or would change, by path.
    pub changes: Vec<Change>,
    /// Whether what every repository needs is broken, the step registry or the dispatcher's configuration, so that
    /// nothing was written though the run was to keep going.
    pub is_blocked: bool,
    /// Findings, in [`Diagnostic::order`]. With errors among them nothing was written, unless the run was to keep going.
    pub findings: Vec<Diagnostic>,
    /// Files that would lose something, where that is refused: with any of them nothing was written.
    pub held: Vec<String>,
}

impl Outcome {
    /// Has findings say what their rules say where they say nothing themselves, and puts findings and changes into order.
    pub fn sort(&mut self) {
        catalogue::explain(&mut self.findings);
        self.findings.sort_by(|left, right| left.order().cmp(&right.order()));
        self.findings.dedup();
        self.changes.sort_by(|left, right| left.path.cmp(&right.path));
    }

    /// Whether a finding stands against the result.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many findings stand against the result.
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// How much a run read and left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Configs that were worked on.
    pub configs: usize,
    /// Jobs in the resulting files.
    pub jobs: usize,
    /// Files that have the right bytes already.
    pub unchanged: usize,
}

/// One file that changed or would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, relative to the release repository (or as the walk spells it, for the drop-in programs).
    pub path: String,
    /// What happens to it.
    pub kind: ChangeKind,
    /// The text before and after, when the options ask for differences; empty for a file that is not there.
    pub texts: Option<(String, String)>,
}

/// What happens to a changed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there.
    Created,
    /// Its bytes differ.
    Rewritten,
    /// Nothing is left in it.
    Removed,
}

/// Why a run could not be finished.
#[derive(Debug)]
pub enum Error {
    /// A file could not be walked, read or written.
    Files(files::Error),
    /// The worker threads could not be started.
    Threads(String),
    /// The state to compare with could not be read.
    Base(String),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A file's error says everything there is to say about this step.
            Self::Files(error) => error.fmt(out),
            Self::Threads(reason) => write!(out, "cannot start worker threads: {reason}"),
            Self::Base(reason) => out.write_str(reason),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Files(error) => error.source(),
            Self::Threads(_) | Self::Base(_) => None,
        }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        Self::Files(error)
    }
}

/// Told how far a run is; called from worker threads.
pub trait Watch: Sync {
    /// A stage begins, with this many steps.
    fn begin(&self, stage: Stage, steps: usize);
    /// This many more steps of the stage are done.
    fn advance(&self, steps: usize);
    /// What was found, before anything is written.
    fn found(&self, _: &[Diagnostic]) {}
    /// Another run works on the same job files, and this one waits for it.
    fn waiting(&self) {}
}

/// The stages of a run that take long enough to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading and checking configs.
    Checking,
    /// Generating and sanitizing job files.
    Generating,
    /// Writing what changed.
    Writing,
}

/// Watches nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _: Stage, _: usize) {}
    fn advance(&self, _: usize) {}
}
