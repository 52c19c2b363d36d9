//! Prow's own checks over job files and configuration: what `checkconfig` is run for in a release repository.
//!
//! [`Prowcheck`] loads what is around job files, is shown those that somebody else has read, and looks at the others and at
//! all of them together. [`prowcheck()`] does all of it over a tree.

mod around;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

pub use around::Around;

use super::layout::{JOBS, PROW_CONFIG};
use super::options::{Error, Outcome, Stage, Watch};
use super::{guarded, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Listings, Tree, path};
use crate::model::job::JobConfig;
use crate::prowcheck::ignore::{self, Ignored};
use crate::prowcheck::{Collected, Options, Sheet};
use crate::shard::Source;
use crate::yaml::codec::{Note, Strictness, read_noting};
use crate::yaml::locate::{parsed, type_findings};

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
pub type Besides<'b> = dyn Fn(&Sheet<'_>, &JobConfig, &[Note]) -> Vec<Diagnostic> + Sync + 'b;

/// Checks a tree.
pub fn prowcheck(options: &ProwcheckOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || {
        Prowcheck::load(options, &Listings::default(), &|_, _, _| Vec::new())?.conclude(watch)
    })?
}

/// Prow's checks over a tree, in two steps: files that somebody else has read may be looked at first.
pub struct Prowcheck<'p> {
    options: &'p ProwcheckOptions,
    listings: &'p Listings,
    around: Around,
    besides: &'p Besides<'p>,
    seen: Mutex<BTreeMap<String, Looked>>,
}

impl<'p> Prowcheck<'p> {
    /// Loads what is around job files. What is wrong with it is told in the end.
    pub fn load(
        options: &'p ProwcheckOptions,
        listings: &'p Listings,
        besides: &'p Besides<'p>,
    ) -> Result<Self, Error> {
        Ok(Self { options, listings, around: Around::load(options, listings)?, besides, seen: Mutex::default() })
    }

    /// Looks at a job file of which nothing is to be noted, and whose jobs are what its text says; from any thread.
    pub fn look(&self, source: Source<'_>, jobs: &JobConfig) {
        let looked = guarded(|| source.file.to_owned(), || self.at(&Sheet::new(source), jobs, &[]));
        // What panics in between holds nothing half-done.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(source.file.to_owned(), looked);
    }

    /// Looks at the job files that were not looked at yet, and at all of them together.
    pub fn conclude(mut self, watch: &dyn Watch) -> Result<Outcome, Error> {
        let Self { options, .. } = self;
        let path = options.root.join(&options.jobs);
        let (tree, mut walked) = match files::is_there(&path) {
            true => {
                let tree = Tree::within(path, &options.root)?.sharing(self.listings);
                let walked = files::walk(&tree, "", &wanted)?;
                (tree, walked)
            }
            // Prow's configuration is looked at all the same.
            false => (Tree::unmade(path, &options.root)?, files::Walked::default()),
        };
        leave_ignored(&tree, &mut walked);
        let mut outcome = Outcome::default();
        outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&options.jobs)));
        watch.begin(Stage::Checking, walked.files.len());
        let seen = std::mem::take(&mut self.seen).into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut looked = self.at_all(&tree, &walked.files, seen, watch);
        if self.around.add_presets(&looked.0) {
            // A preset in one file is for the jobs of all.
            looked = self.at_all(&tree, &walked.files, BTreeMap::new(), watch);
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
        outcome.findings.extend(self.around.conclude(collected, &text));
        outcome.sort();
        Ok(outcome)
    }

    /// What is kept of each file, and findings about those that cannot be read.
    fn at_all(
        &self,
        tree: &Tree,
        entries: &[Entry],
        mut seen: BTreeMap<String, Looked>,
        watch: &dyn Watch,
    ) -> (Vec<Collected>, Vec<Diagnostic>) {
        let files: Vec<_> = entries
            .iter()
            .map(|entry| {
                let file = path::join(&self.options.jobs, &entry.relative);
                let known = seen.remove(&file);
                (entry, file, known)
            })
            .collect();
        let look = |(entry, file, known): (&Entry, String, Option<Looked>)| {
            let read = || self.read(tree, entry, &file).unwrap_or_else(Looked::Refused);
            let looked = known.unwrap_or_else(|| guarded(|| file.clone(), read));
            watch.advance(1);
            looked
        };
        let looked: Vec<Looked> = files.into_par_iter().map(look).collect();
        let (mut collected, mut refused) = (Vec::with_capacity(looked.len()), Vec::new());
        for looked in looked {
            match looked {
                Looked::Jobs(jobs) => collected.push(*jobs),
                Looked::Refused(findings) => refused.extend(findings),
            }
        }
        (collected, refused)
    }

    fn read(&self, tree: &Tree, entry: &Entry, file: &str) -> Result<Looked, Vec<Diagnostic>> {
        let text = files::read_text(tree, entry).map_err(|error| vec![error.finding(file)])?;
        let tree = parsed(file, &text)?;
        let (jobs, notes) = read_noting::<JobConfig>(&tree, Strictness::Lenient)
            .map_err(|problems| type_findings(problems, file, &text))?;
        Ok(self.at(&Sheet::parsed(Source { file, text: &text }, tree), &jobs, &notes))
    }

    fn at(&self, sheet: &Sheet<'_>, jobs: &JobConfig, notes: &[Note]) -> Looked {
        let more = (self.besides)(sheet, jobs, notes);
        match self.around.gather(sheet, jobs) {
            Some(mut collected) => {
                collected.findings.extend(more);
                Looked::Jobs(Box::new(collected))
            }
            None => Looked::Refused(more),
        }
    }
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
