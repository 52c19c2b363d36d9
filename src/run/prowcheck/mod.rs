//! Prow's own checks over job files and configuration: what `checkconfig` is run for in a release repository.
//!
//! [`Around`] is loaded first; [`Around::gather`] then looks at one job file, which whoever calls may have parsed already,
//! and [`Around::conclude`] at all of them together. [`prowcheck()`] does all of it over a tree.

mod around;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::prelude::*;

pub use around::Around;

use super::layout::{JOBS, PROW_CONFIG};
use super::options::{Error, Outcome, Stage, Watch};
use super::{guarded, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Tree, path};
use crate::model::job::JobConfig;
use crate::prowcheck::ignore::{self, Ignored};
use crate::prowcheck::{Collected, Options};
use crate::shard::Source;
use crate::yaml::codec::{Note, Strictness, read_noting};
use crate::yaml::locate::{syntax_finding, type_finding};
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree as Yaml;

/// What is checked, with paths below the root, as findings name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProwcheckOptions {
    /// The release repository.
    pub root: PathBuf,
    /// The directory of job files.
    pub jobs: String,
    /// Prow's configuration; without one, nothing is said of jobs but that they cannot be read.
    pub prow: Option<String>,
    /// The configuration of plugins.
    pub plugins: Option<String>,
    /// Where supplemental files of both are.
    pub supplements: Option<String>,
    /// Which warnings are wanted.
    pub check: Options,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

impl ProwcheckOptions {
    /// The places of a release repository, as far as they are there.
    pub fn of_release_repo(root: impl Into<PathBuf>, check: Options, now: i64) -> Self {
        let root = root.into();
        let there = |place: String| Some(place).filter(|place| files::is_there(&root.join(place)));
        Self {
            jobs: JOBS.to_owned(),
            prow: there(path::join(PROW_CONFIG, "_config.yaml")),
            plugins: there(path::join(PROW_CONFIG, "_plugins.yaml")),
            supplements: there(PROW_CONFIG.to_owned()),
            root,
            check,
            now,
            threads: None,
        }
    }
}

/// What else is to be said of a job file, given with what reading it noted.
pub type Besides<'b> = dyn Fn(Source<'_>, &Yaml<'_>, &JobConfig, &[Note]) -> Vec<Diagnostic> + Sync + 'b;

/// Checks a tree.
pub fn prowcheck(options: &ProwcheckOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, &|_, _, _, _| Vec::new(), watch))?
}

/// As [`prowcheck()`], on the threads that there are, and with what else is to be said of each job file.
pub fn run(options: &ProwcheckOptions, besides: &Besides<'_>, watch: &dyn Watch) -> Result<Outcome, Error> {
    let tree = Tree::within(options.root.join(&options.jobs), &options.root)?;
    let (around, walked) = rayon::join(|| Around::load(options), || files::walk(&tree, "", &wanted));
    let (mut around, mut walked) = (around?, walked?);
    leave_ignored(&tree, &mut walked);
    let mut outcome = Outcome::default();
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&options.jobs)));
    watch.begin(Stage::Checking, walked.files.len());
    let look = Look { around: &around, tree: &tree, shown: &options.jobs, besides, watch };
    let mut looked = look.at_all(&walked.files);
    if around.add_presets(&looked.0) {
        // A preset in one file is for the jobs of all.
        looked = Look { around: &around, tree: &tree, shown: &options.jobs, besides, watch }.at_all(&walked.files);
    }
    let (collected, refused) = looked;
    outcome.findings.extend(refused);
    outcome.counts.jobs = collected.iter().map(Collected::jobs).sum();
    let text = |file: &str| {
        let below = file.strip_prefix(&options.jobs).unwrap_or(file).trim_start_matches('/');
        let at = walked.files.binary_search_by(|entry| compare(&entry.relative, below)).ok();
        let entry =
            at.and_then(|at| walked.files.get(at)).or_else(|| walked.files.iter().find(|it| it.relative == below));
        files::read_text(&tree, entry?).ok()
    };
    outcome.findings.extend(around.conclude(collected, &text));
    outcome.sort();
    Ok(outcome)
}

/// Leaves out what `.prowignore` names.
fn leave_ignored(tree: &Tree, walked: &mut files::Walked) {
    let mut ignored = Ignored::default();
    for entry in walked.files.iter().filter(|entry| entry.name() == ignore::FILE_NAME) {
        let directory = entry.relative.rsplit_once('/').map_or("", |(directory, _)| directory);
        ignored.add(directory, &files::read_text(tree, entry).unwrap_or_default());
    }
    walked.files.retain(|entry| entry.name() != ignore::FILE_NAME && !ignored.has(&entry.relative));
}

/// The order of a walk: by name within each directory.
fn compare(left: &str, right: &str) -> std::cmp::Ordering {
    left.split('/').cmp(right.split('/'))
}

/// What begins with two dots is how Kubernetes mounts ConfigMaps.
fn wanted(name: &str, kind: Kind) -> bool {
    !name.starts_with("..")
        && (kind == Kind::Directory || name.ends_with(".yaml") || name.ends_with(".yml") || name == ignore::FILE_NAME)
}

/// What came of one file.
enum Looked {
    Jobs(Box<Collected>),
    Refused(Vec<Diagnostic>),
}

impl From<Vec<Diagnostic>> for Looked {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Refused(findings)
    }
}

/// Looks at job files one by one.
struct Look<'l> {
    around: &'l Around,
    tree: &'l Tree,
    shown: &'l str,
    besides: &'l Besides<'l>,
    watch: &'l dyn Watch,
}

impl Look<'_> {
    /// What is kept of each file, and findings about those that cannot be read.
    fn at_all(&self, entries: &[Entry]) -> (Vec<Collected>, Vec<Diagnostic>) {
        let at = |entry: &Entry| {
            let file = path::join(self.shown, &entry.relative);
            let looked = guarded(|| file.clone(), || self.at(entry, &file).unwrap_or_else(Looked::Refused));
            self.watch.advance(1);
            looked
        };
        let looked: Vec<Looked> = entries.par_iter().map(at).collect();
        let (mut collected, mut refused) = (Vec::with_capacity(looked.len()), Vec::new());
        for looked in looked {
            match looked {
                Looked::Jobs(jobs) => collected.push(*jobs),
                Looked::Refused(findings) => refused.extend(findings),
            }
        }
        (collected, refused)
    }

    fn at(&self, entry: &Entry, file: &str) -> Result<Looked, Vec<Diagnostic>> {
        let text = files::read_text(self.tree, entry).map_err(|error| vec![error.finding(file)])?;
        let tree = parse(&text).map_err(|error| vec![syntax_finding(error, file, &text)])?;
        let (jobs, notes) = read_noting::<JobConfig>(&tree, Strictness::Lenient).map_err(|problems| {
            problems.into_iter().map(|problem| type_finding(problem, file, &text)).collect::<Vec<_>>()
        })?;
        let source = Source { file, text: &text };
        let more = (self.besides)(source, &tree, &jobs, &notes);
        Ok(match self.around.gather(source, &tree, &jobs) {
            Some(mut collected) => {
                collected.findings.extend(more);
                Looked::Jobs(Box::new(collected))
            }
            None => Looked::Refused(more),
        })
    }
}
