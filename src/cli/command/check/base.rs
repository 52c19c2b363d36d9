//! `--base`: what a change did, told apart from what was there before.
//!
//! The revision is written into a directory of its own and checked with the same settings. What is found there as well is
//! known again as by a baseline: by rule, file and message. Nothing is looked at where there is nothing to tell apart.

use super::Arguments;
use super::verdict::Verdict;
use crate::cli::progress::Progress;
use crate::cli::{Error, host};
use crate::diagnostic::Diagnostic;
use crate::files::Scratch;
use crate::run::options::ReviewOptions;
use crate::run::{self, Known};
use crate::settings::{Baseline, Settings};

/// Rules whose messages do not say what was found, so that another finding is not told from the old one: in a file of the
/// change it is the change's.
const VALUELESS: [&str; 2] = ["edited-job", "unformed-file"];

/// Moves what the revision has as well to `at_base`.
pub fn tell_apart(
    arguments: &Arguments,
    revision: &str,
    options: &ReviewOptions,
    settings: &Settings,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    host::revision(&options.release_repo, revision)?;
    if verdict.findings.is_empty() {
        return Ok(());
    }
    let directory = Scratch::new().map_err(run::options::Error::from)?;
    host::checkout(&options.release_repo, revision, directory.path())?;
    let progress = Progress::new(arguments.quiet == 0 && arguments.shows_text());
    let there = ReviewOptions { release_repo: directory.path().to_owned(), ..options.clone() };
    let mut outcome = run::review(&there, &Known::default(), &progress)?;
    progress.finish();
    outcome.sort();
    let found = settings.apply(outcome.findings, options.reported.is_none()).findings;
    let changed = host::changed_since(&options.release_repo, revision)?;
    let is_of_change = |finding: &Diagnostic| VALUELESS.contains(&finding.rule) && changed.contains(&finding.file);
    let (of_change, others) = std::mem::take(&mut verdict.findings).into_iter().partition(is_of_change);
    let remaining = Baseline::of(&found).apply(others);
    (verdict.findings, verdict.at_base) = (of_change, remaining.known);
    verdict.findings.extend(remaining.findings);
    verdict.findings.sort_by(|left, right| left.order().cmp(&right.order()));
    Ok(())
}
