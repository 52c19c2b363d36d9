//! `--base`: what a change did, told apart from what was there before.
//!
//! The revision is written into a directory of its own and checked with the same settings. What is found there as well is
//! known again as by a baseline: by rule, file and message. Nothing is looked at where there is nothing to tell apart.

use std::collections::BTreeSet;
use std::path::Path;

use super::Arguments;
use super::verdict::Verdict;
use crate::catalogue::tree::UNFORMED_FILE;
use crate::cli::progress::Progress;
use crate::cli::{Error, host, terminal};
use crate::diagnostic::Diagnostic;
use crate::files::Scratch;
use crate::run::options::ReviewOptions;
use crate::run::{self, Known};
use crate::settings::{Baseline, Settings};

/// Moves what the revision has as well to `at_base`.
pub fn tell_apart(
    arguments: &Arguments,
    revision: &str,
    options: &ReviewOptions,
    settings: &Settings,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    let tip = host::commit(&options.release_repo, revision)?;
    if verdict.findings.is_empty() {
        return Ok(());
    }
    let base = base(arguments, &options.release_repo, revision, tip)?;
    let directory = Scratch::new().map_err(run::options::Error::from)?;
    host::checkout(&options.release_repo, &base, directory.path())?;
    let progress = Progress::new(arguments.quiet == 0 && arguments.shows_text());
    let there = ReviewOptions { release_repo: directory.path().to_owned(), ..options.clone() };
    let mut outcome = run::review(&there, &Known::default(), &progress)?;
    progress.finish();
    outcome.sort();
    let found = settings.apply(outcome.findings, options.reported.is_none()).findings;
    let changed = host::differing_from(&options.release_repo, &base)?;
    let known: BTreeSet<_> = found.iter().map(said).collect();
    // The same may be said of other values: of a job that was edited once more, or whose config was changed as well.
    let is_of_change = |finding: &Diagnostic| match finding.digest {
        Some(_) => !known.contains(&said(finding)),
        // These do not say what differs. Whoever changes a file leaves it in form, so that in a file of the change it is the
        // change's.
        None => finding.rule == UNFORMED_FILE.id && changed.contains(&finding.file),
    };
    let (of_change, others) = std::mem::take(&mut verdict.findings).into_iter().partition(is_of_change);
    let remaining = Baseline::of(&found).apply(others);
    (verdict.findings, verdict.at_base) = (of_change, remaining.known);
    verdict.findings.extend(remaining.findings);
    verdict.findings.sort_by(|left, right| left.order().cmp(&right.order()));
    Ok(())
}

/// The commit where the branch left a revision; where the history that is here does not tell, the revision itself. What
/// checks a change in CI often has no more than the change and what it goes into, and that is enough to tell them apart.
fn base(arguments: &Arguments, release_repo: &Path, revision: &str, tip: String) -> Result<String, Error> {
    if let Some(base) = host::merge_base(release_repo, &tip)? {
        return Ok(base);
    }
    if arguments.quiet > 0 {
        return Ok(tip);
    }
    let why = host::without_merge_base(release_repo, revision);
    terminal::complain_text(&format!(
        "note: compared with {revision} as it is now, not with where this branch left it, so that what was mended there \
         since counts as done here: {why}\n"
    ))?;
    Ok(tip)
}

/// What is said of which values in a file.
fn said(finding: &Diagnostic) -> (&str, &str, Option<u64>) {
    (&finding.file, &finding.message, finding.digest)
}
