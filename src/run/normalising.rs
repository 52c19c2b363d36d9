//! Job files that are only brought to canonical form: all of them for `sanitize-prow-jobs`, for `cutwater jobs` those
//! that belong to no repository.

use super::job_file::JobText;
use super::options::ChangeKind;
use super::plan::Planned;
use crate::diagnostic::Diagnostic;
use crate::dispatch::Dispatcher;
use crate::files::{self, Entry, Tree, path};
use crate::model::job::JobConfig;
use crate::normalise::sanitize;
use crate::yaml::codec::{Strictness, read, write};

/// The plan for one file, if it changes, and how many jobs are in it.
pub fn normalise(
    tree: &Tree,
    entry: &Entry,
    shown: &str,
    dispatcher: &Dispatcher,
    keep_old: bool,
) -> Result<(Option<Planned>, usize), Vec<Diagnostic>> {
    let shown = path::join(shown, &entry.relative);
    let text = files::read_text(tree, entry).map_err(|error| vec![error.finding(&*shown)])?;
    let old = JobText { relative: entry.relative.clone(), shown, text };
    let mut config: JobConfig =
        read(&old.parse().map_err(|finding| vec![finding])?, Strictness::Lenient).map_err(|problems| old.findings(problems))?;
    let refuse = |message: String| vec![Diagnostic::of_file(&*old.shown, "unwritable-job", message)];
    let jobs = config.jobs();
    finish(&mut config, &old.shown, dispatcher).map_err(refuse)?;
    let text = write(&config, old.text.len() + 1024).map_err(|error| refuse(error.to_string()))?;
    if text == old.text {
        return Ok((None, jobs));
    }
    let kept = keep_old.then(|| old.text.into_bytes());
    let planned =
        Planned { path: entry.path.clone(), shown: old.shown, kind: ChangeKind::Rewritten, bytes: text.into_bytes(), old: kept };
    Ok((Some(planned), jobs))
}

/// Chooses clusters and normalises, the last step before a job file is written.
pub fn finish(config: &mut JobConfig, path: &str, dispatcher: &Dispatcher) -> Result<(), String> {
    sanitize(config, path, dispatcher)
}
