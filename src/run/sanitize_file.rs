//! Job files that are only brought to canonical form: all of them for `sanitize-prow-jobs` and `cutwater fmt`, for
//! `cutwater jobs` those that belong to no repository.

use rayon::prelude::*;

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

/// Brings job files of one tree into canonical form.
#[derive(Clone, Copy)]
pub struct Sanitizer<'s> {
    /// The tree of job files.
    pub tree: &'s Tree,
    /// What it is called in findings and changes.
    pub shown: &'s str,
    /// What chooses build clusters.
    pub dispatcher: &'s Dispatcher,
    /// Whether old texts are kept for showing differences.
    pub keep_old: bool,
    /// Whether what the author wrote and canonical form does not keep is told.
    pub losses: bool,
    /// Whether a file is changed though a job in it has no cluster to go to. The reference does so, and leaves the jobs
    /// before it in their final form.
    pub broken_too: bool,
}

/// What came of job files.
#[derive(Debug, Default)]
pub struct SanitizedFiles {
    /// The changes.
    pub plan: Vec<Planned>,
    /// Files that stay.
    pub unchanged: usize,
    /// Jobs in the files.
    pub jobs: usize,
    /// What is wrong with them.
    pub findings: Vec<Diagnostic>,
}

/// What came of one file.
#[derive(Debug, Default)]
struct SanitizedFile {
    planned: Option<Planned>,
    jobs: usize,
    findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for SanitizedFile {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl Sanitizer<'_> {
    /// Works on files in parallel; `done` is called after each.
    pub fn all(&self, entries: &[Entry], done: &(dyn Fn() + Sync)) -> SanitizedFiles {
        let one = |entry: &Entry| {
            let shown = path::join(self.shown, &entry.relative);
            let file = guarded(|| shown.clone(), || self.one(entry, shown.clone()));
            done();
            file
        };
        let files: Vec<_> = entries.par_iter().map(one).collect();
        let mut all = SanitizedFiles::default();
        for SanitizedFile { planned, jobs, findings } in files {
            all.jobs += jobs;
            let may_change = self.broken_too || !findings.iter().any(Diagnostic::is_error);
            all.findings.extend(findings);
            match planned.filter(|_| may_change) {
                Some(change) => all.plan.push(change),
                None => all.unchanged += 1,
            }
        }
        all
    }

    fn one(&self, entry: &Entry, shown: String) -> SanitizedFile {
        match files::read_text(self.tree, entry) {
            Ok(text) => {
                let old = JobText { relative: entry.relative.clone(), shown, text };
                self.rewrite(entry, old).unwrap_or_else(SanitizedFile::from)
            }
            Err(error) => vec![error.finding(shown)].into(),
        }
    }

    fn rewrite(&self, entry: &Entry, old: JobText) -> Result<SanitizedFile, Vec<Diagnostic>> {
        let tree = old.parse().map_err(|finding| vec![finding])?;
        let mut config: JobConfig = read(&tree, Strictness::Lenient).map_err(|problems| old.findings(problems))?;
        let locate = |violation| place(violation, &old.shown, &old.text, &tree);
        let jobs = config.jobs();
        let mut findings: Vec<_> = match sanitize(&mut config, &old.shown, self.dispatcher) {
            Sanitized::Whole => Vec::new(),
            Sanitized::Partial(violations) => violations.into_iter().map(locate).collect(),
            Sanitized::Broken(violations) => return Err(violations.into_iter().map(locate).collect()),
        };
        drop(tree);
        let text = write(&config, old.text.len() + 1024)
            .map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, &*old.shown, error.to_string())])?;
        if self.losses && text != old.text {
            findings.extend(lost(&old.shown, &old.text, &text));
        }
        let planned = (text != old.text).then(|| Planned {
            path: entry.path.clone(),
            shown: old.shown,
            kind: ChangeKind::Rewritten,
            bytes: text.into_bytes(),
            old: self.keep_old.then(|| old.text.into_bytes()),
        });
        Ok(SanitizedFile { planned, jobs, findings })
    }
}

/// Chooses clusters and sanitizes, the last step before generated jobs are written.
pub fn finish(config: &mut JobConfig, path: &str, dispatcher: &Dispatcher) -> Result<(), Vec<Violation>> {
    match sanitize(config, path, dispatcher) {
        Sanitized::Whole => Ok(()),
        Sanitized::Partial(violations) | Sanitized::Broken(violations) => Err(violations),
    }
}
