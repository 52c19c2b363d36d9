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
use crate::yaml::codec::{Strictness, read};
use crate::yaml::locate::{syntax_finding, type_finding};
use crate::yaml::parse::parse;

/// What is checked, with paths below the root, as findings name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProwcheckOptions {
    /// The release repository.
    pub root: PathBuf,
    /// The directory of job files.
    pub jobs: String,
    /// Prow's configuration.
    pub prow: String,
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
    /// The places of a release repository.
    pub fn of_release_repo(root: impl Into<PathBuf>, check: Options, now: i64) -> Self {
        Self {
            root: root.into(),
            jobs: JOBS.to_owned(),
            prow: path::join(PROW_CONFIG, "_config.yaml"),
            plugins: Some(path::join(PROW_CONFIG, "_plugins.yaml")),
            supplements: Some(PROW_CONFIG.to_owned()),
            check,
            now,
            threads: None,
        }
    }
}

/// Checks a tree.
pub fn prowcheck(options: &ProwcheckOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &ProwcheckOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let tree = Tree::within(options.root.join(&options.jobs), &options.root)?;
    let (around, walked) = rayon::join(|| Around::load(options), || files::walk(&tree, "", &wanted));
    let (mut around, mut walked) = (around?, walked?);
    leave_ignored(&tree, &mut walked);
    let mut outcome = Outcome::default();
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&options.jobs)));
    watch.begin(Stage::Checking, walked.files.len());
    let mut collected = all(&around, &tree, &options.jobs, &walked.files, watch, &mut outcome);
    if around.add_presets(&collected) {
        // A preset in one file is for the jobs of all.
        outcome.findings.clear();
        collected = all(&around, &tree, &options.jobs, &walked.files, watch, &mut outcome);
    }
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
enum Gathered {
    Jobs(Box<Collected>),
    Refused(Vec<Diagnostic>),
}

impl From<Vec<Diagnostic>> for Gathered {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Refused(findings)
    }
}

fn all(
    around: &Around,
    tree: &Tree,
    shown: &str,
    entries: &[Entry],
    watch: &dyn Watch,
    outcome: &mut Outcome,
) -> Vec<Collected> {
    let one = |entry: &Entry| {
        let file = path::join(shown, &entry.relative);
        let gathered = guarded(|| file.clone(), || one(around, tree, entry, &file));
        watch.advance(1);
        gathered
    };
    let gathered: Vec<Gathered> = entries.par_iter().map(one).collect();
    let mut collected = Vec::with_capacity(gathered.len());
    for gathered in gathered {
        match gathered {
            Gathered::Jobs(jobs) => collected.push(*jobs),
            Gathered::Refused(findings) => outcome.findings.extend(findings),
        }
    }
    collected
}

fn one(around: &Around, tree: &Tree, entry: &Entry, file: &str) -> Gathered {
    let text = match files::read_text(tree, entry) {
        Ok(text) => text,
        Err(error) => return vec![error.finding(file.to_owned())].into(),
    };
    let parsed = match parse(&text) {
        Ok(parsed) => parsed,
        Err(error) => return vec![syntax_finding(error, file, &text)].into(),
    };
    match read::<JobConfig>(&parsed, Strictness::Lenient) {
        Ok(jobs) => match around.gather(Source { file, text: &text }, &parsed, &jobs) {
            Some(collected) => Gathered::Jobs(Box::new(collected)),
            None => Gathered::Refused(Vec::new()),
        },
        Err(problems) => {
            problems.into_iter().map(|problem| type_finding(problem, file, &text)).collect::<Vec<_>>().into()
        }
    }
}
