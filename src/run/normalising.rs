//! Job files that are only brought to canonical form: all of them for `sanitize-prow-jobs`, for `cutwater jobs` those
//! that belong to no repository.

use std::path::Path;

use super::guarded;
use super::job_file::JobText;
use super::options::{ChangeKind, Error};
use super::plan::Planned;
use crate::diagnostic::{Diagnostic, Violation};
use crate::dispatch::{Dispatcher, Source};
use crate::files::{self, Entry, Tree, path};
use crate::model::job::JobConfig;
use crate::normalise::{Sanitized, sanitize};
use crate::yaml::codec::{Strictness, read, write};
use crate::yaml::locate::place;

/// What came of one file.
#[derive(Debug, Default)]
pub struct Normalised {
    /// The change, if there is one.
    pub planned: Option<Planned>,
    /// Jobs in the file.
    pub jobs: usize,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for Normalised {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

/// Normalises one file. A job without a cluster to go to is a finding, and as with the reference the file is written
/// all the same, with the jobs before it in their final form.
pub fn normalise(tree: &Tree, entry: &Entry, shown: &str, dispatcher: &Dispatcher, keep_old: bool) -> Normalised {
    let shown = path::join(shown, &entry.relative);
    guarded(|| shown.clone(), || normalise_one(tree, entry, shown.clone(), dispatcher, keep_old))
}

fn normalise_one(tree: &Tree, entry: &Entry, shown: String, dispatcher: &Dispatcher, keep_old: bool) -> Normalised {
    match files::read_text(tree, entry) {
        Ok(text) => {
            let old = JobText { relative: entry.relative.clone(), shown, text };
            rewrite(entry, old, dispatcher, keep_old).unwrap_or_else(Normalised::from)
        }
        Err(error) => vec![error.finding(shown)].into(),
    }
}

fn rewrite(
    entry: &Entry,
    old: JobText,
    dispatcher: &Dispatcher,
    keep_old: bool,
) -> Result<Normalised, Vec<Diagnostic>> {
    let tree = old.parse().map_err(|finding| vec![finding])?;
    let mut config: JobConfig = read(&tree, Strictness::Lenient).map_err(|problems| old.findings(problems))?;
    let locate = |violation| place(violation, &old.shown, &old.text, &tree);
    let jobs = config.jobs();
    let findings: Vec<_> = match sanitize(&mut config, &old.shown, dispatcher) {
        Sanitized::Whole => Vec::new(),
        Sanitized::Partial(violations) => violations.into_iter().map(locate).collect(),
        Sanitized::Broken(violations) => return Err(violations.into_iter().map(locate).collect()),
    };
    drop(tree);
    let text = write(&config, old.text.len() + 1024)
        .map_err(|error| vec![Diagnostic::of_file(&*old.shown, "unwritable-text", error.to_string())])?;
    let planned = (text != old.text).then(|| Planned {
        path: entry.path.clone(),
        shown: old.shown,
        kind: ChangeKind::Rewritten,
        bytes: text.into_bytes(),
        old: keep_old.then(|| old.text.into_bytes()),
    });
    Ok(Normalised { planned, jobs, findings })
}

/// Chooses clusters and normalises, the last step before generated jobs are written.
pub fn finish(config: &mut JobConfig, path: &str, dispatcher: &Dispatcher) -> Result<(), Vec<Violation>> {
    match sanitize(config, path, dispatcher) {
        Sanitized::Whole => Ok(()),
        Sanitized::Partial(violations) | Sanitized::Broken(violations) => Err(violations),
    }
}

/// The dispatcher from its two files, with what it warns of; findings instead when it cannot be made.
pub fn load_dispatcher(config: &Path, clusters: &Path) -> Result<Result<Dispatcher, Vec<Diagnostic>>, Error> {
    let names = [config, clusters].map(|path| path.to_string_lossy().into_owned());
    let texts = (files::read_given(config)?, files::read_given_as_it_stands(clusters)?);
    let source = |file, text| Source { file, text };
    Ok(Dispatcher::new(source(&names[0], &texts.0), source(&names[1], &texts.1)))
}

/// The same for files below a release repository, under the names they have there.
pub fn load_dispatcher_below(
    root: &Path,
    config: &str,
    clusters: &str,
) -> Result<Result<Dispatcher, Vec<Diagnostic>>, Error> {
    let texts = (files::read_given(&root.join(config))?, files::read_given_as_it_stands(&root.join(clusters))?);
    Ok(Dispatcher::new(Source { file: config, text: &texts.0 }, Source { file: clusters, text: &texts.1 }))
}
