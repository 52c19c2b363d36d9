//! What was found, sorted out by the settings and by what is known already.

use std::path::Path;

use super::Arguments;
use crate::catalogue;
use crate::cli::Error;
use crate::cli::progress::Progress;
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::run::options::{Outcome, ReviewOptions};
use crate::run::{self, Known};
use crate::settings::{self, Baseline, KnownRule, Settings};

/// What is left of what was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What a person has to look at.
    pub findings: Vec<Diagnostic>,
    /// How many the settings put up with.
    pub ignored: usize,
    /// How many the baseline has.
    pub known: usize,
    /// How many of the baseline were not found any more.
    pub gone: usize,
    /// How many were fixed, or would be.
    pub fixed: usize,
    /// Those that the revision of `--base` has as well.
    pub at_base: Vec<Diagnostic>,
}

/// Looks at everything, and sorts out what is found.
pub fn look(
    arguments: &Arguments,
    options: &ReviewOptions,
    (settings, broken): (&Settings, &[Diagnostic]),
    known: &Known,
) -> Result<(Outcome, Verdict), Error> {
    let progress = Progress::new(arguments.quiet == 0 && arguments.shows_text());
    let mut outcome = run::review(options, known, &progress)?;
    progress.finish();
    outcome.findings.extend_from_slice(broken);
    outcome.sort();
    let found = std::mem::take(&mut outcome.findings);
    let written = run::Written::of(&found);
    let mut verdict = judge(arguments, settings, found, options.reported.is_none())?;
    written.keep_whole(&mut verdict.findings);
    Ok((outcome, verdict))
}

/// The repository's settings; with findings about them where they cannot be understood.
pub fn settings(release_repo: &Path) -> Result<(Settings, Vec<Diagnostic>), Error> {
    let path = release_repo.join(settings::FILE);
    if !files::is_there(&path) {
        return Ok(Default::default());
    }
    let known = |id: &str| match catalogue::find(id) {
        Some(_) => KnownRule::Yes,
        None => KnownRule::No(catalogue::similar(id).first().map(|rule| (*rule).to_owned())),
    };
    let text = match files::read_given_as_it_stands(&path) {
        Ok(text) => text,
        Err(error) => return Ok((Settings::default(), vec![settings::unreadable(&error.finding(settings::FILE))])),
    };
    Ok(match settings::read(&text, settings::FILE, &known) {
        Ok(settings) => (settings, Vec::new()),
        Err(findings) => (Settings::default(), findings),
    })
}

/// Sorts out what was found by the settings and by the baseline, which is written anew where that is wanted.
pub fn judge(
    arguments: &Arguments,
    settings: &Settings,
    found: Vec<Diagnostic>,
    is_whole: bool,
) -> Result<Verdict, Error> {
    let settings::Applied { mut findings, ignored } = settings.apply(found, is_whole);
    findings.sort_by(|left, right| left.order().cmp(&right.order()));
    let Some(path) = &arguments.baseline else {
        return Ok(Verdict { findings, ignored, ..Verdict::default() });
    };
    let baseline = if arguments.update_baseline && findings.iter().any(Baseline::is_beyond) {
        // With other settings there would be other findings to put into it.
        files::read_given(path).ok().and_then(|text| Baseline::read(&text).ok()).unwrap_or_default()
    } else if arguments.update_baseline {
        let baseline = Baseline::of(&findings);
        files::write_given(path, baseline.text().as_bytes()).map_err(run::options::Error::from)?;
        baseline
    } else {
        let text = files::read_given(path).map_err(run::options::Error::from)?;
        Baseline::read(&text).map_err(|why| Error::Usage(format!("{} is no baseline: {why}", path.display())))?
    };
    let settings::Remaining { findings, known, gone } = baseline.apply(findings);
    let gone = if is_whole { gone } else { 0 };
    Ok(Verdict { findings, ignored, known: known.len(), gone, ..Verdict::default() })
}
