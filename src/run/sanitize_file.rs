//! One job file that is only brought to canonical form: each of them for `sanitize-prow-jobs`, for `cutwater jobs` those
//! that belong to no repository. The program over all of them is in `sanitize.rs`.

use super::config_form::lost;
use super::guarded;
use super::job_file::JobText;
use super::options::ChangeKind;
use super::plan::Planned;
use crate::diagnostic::{Diagnostic, Violation};
use crate::dispatch::Dispatcher;
use crate::files::{self, Entry, Tree, path};
use crate::model::job::JobConfig;
use crate::sanitize::{Sanitized, sanitize};
use crate::yaml::codec::{Strictness, read, write};
use crate::yaml::locate::{UNWRITABLE_TEXT, place};

/// What came of one file.
#[derive(Debug, Default)]
pub struct SanitizedFile {
    /// The change, if there is one.
    pub planned: Option<Planned>,
    /// Jobs in the file.
    pub jobs: usize,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for SanitizedFile {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

/// Sanitizes one file. A job without a cluster to go to is a finding, and as with the reference the file is written
/// all the same, with the jobs before it in their final form.
pub fn sanitize_file(
    tree: &Tree,
    entry: &Entry,
    shown: &str,
    dispatcher: &Dispatcher,
    keep_old: bool,
    losses: bool,
) -> SanitizedFile {
    let shown = path::join(shown, &entry.relative);
    guarded(|| shown.clone(), || sanitize_one(tree, entry, shown.clone(), dispatcher, keep_old, losses))
}

fn sanitize_one(
    tree: &Tree,
    entry: &Entry,
    shown: String,
    dispatcher: &Dispatcher,
    keep_old: bool,
    losses: bool,
) -> SanitizedFile {
    match files::read_text(tree, entry) {
        Ok(text) => {
            let old = JobText { relative: entry.relative.clone(), shown, text };
            rewrite(entry, old, dispatcher, keep_old, losses).unwrap_or_else(SanitizedFile::from)
        }
        Err(error) => vec![error.finding(shown)].into(),
    }
}

fn rewrite(
    entry: &Entry,
    old: JobText,
    dispatcher: &Dispatcher,
    keep_old: bool,
    losses: bool,
) -> Result<SanitizedFile, Vec<Diagnostic>> {
    let tree = old.parse().map_err(|finding| vec![finding])?;
    let mut config: JobConfig = read(&tree, Strictness::Lenient).map_err(|problems| old.findings(problems))?;
    let locate = |violation| place(violation, &old.shown, &old.text, &tree);
    let jobs = config.jobs();
    let mut findings: Vec<_> = match sanitize(&mut config, &old.shown, dispatcher) {
        Sanitized::Whole => Vec::new(),
        Sanitized::Partial(violations) => violations.into_iter().map(locate).collect(),
        Sanitized::Broken(violations) => return Err(violations.into_iter().map(locate).collect()),
    };
    drop(tree);
    let text = write(&config, old.text.len() + 1024)
        .map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, &*old.shown, error.to_string())])?;
    if losses && text != old.text {
        findings.extend(lost(&old.shown, &old.text, &text));
    }
    let planned = (text != old.text).then(|| Planned {
        path: entry.path.clone(),
        shown: old.shown,
        kind: ChangeKind::Rewritten,
        bytes: text.into_bytes(),
        old: keep_old.then(|| old.text.into_bytes()),
    });
    Ok(SanitizedFile { planned, jobs, findings })
}

/// Chooses clusters and sanitizes, the last step before generated jobs are written.
pub fn finish(config: &mut JobConfig, path: &str, dispatcher: &Dispatcher) -> Result<(), Vec<Violation>> {
    match sanitize(config, path, dispatcher) {
        Sanitized::Whole => Ok(()),
        Sanitized::Partial(violations) | Sanitized::Broken(violations) => Err(violations),
    }
}
