//! What is shown of a verdict, and where.

use std::path::Path;
use std::time::Duration;

use super::Arguments;
use super::form::Form;
use super::verdict::Verdict;
use crate::catalogue;
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Paint};
use crate::cli::{Error, host};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::run;
use crate::run::options::Outcome;

/// Shows findings in every form that is wanted; a directory for artifacts gets JUnit, which Prow's pages show.
pub fn show(arguments: &Arguments, verdict: &Verdict, is_changed: &dyn Fn(&str) -> bool) -> Result<(), Error> {
    let level = if arguments.quiet > 1 { Level::Error } else { Level::Warning };
    let write = |path: &Path, text: String| {
        files::write_given(path, text.as_bytes()).map_err(|error| Error::from(run::options::Error::from(error)))
    };
    let plain = Paint::Plain;
    for (form, path) in &arguments.output_file {
        write(path, rendered(*form, &verdict.findings, level, plain, is_changed)?)?;
    }
    if let Some(artifacts) = host::environment().get("ARTIFACTS").filter(|path| !path.is_empty()) {
        let path = Path::new(artifacts).join("junit_cutwater.xml");
        write(&path, rendered(Form::Junit, &verdict.findings, level, plain, is_changed)?)?;
    }
    let paint = terminal::stdout_style(arguments.means.color);
    let mut text = rendered(arguments.format, &verdict.findings, level, paint, is_changed)?;
    if arguments.shows_text() {
        text.push_str(&already(arguments, verdict, level, is_changed));
    }
    match terminal::print(&text).map_err(Error::from) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(()),
        shown => shown,
    }
}

fn rendered(
    form: Form,
    findings: &[Diagnostic],
    level: Level,
    paint: Paint,
    is_changed: &dyn Fn(&str) -> bool,
) -> Result<String, Error> {
    Ok(match form {
        Form::Text => render::text::findings(findings, level, paint),
        Form::Json => render::json::findings(findings, level),
        Form::Github => render::github::annotations(findings, level, is_changed),
        Form::Sarif => render::sarif::log(findings, level, &catalogue::find),
        Form::Junit => render::junit::report("cutwater check", findings, level)
            .map_err(|error| Error::Host(format!("cannot write JUnit: {error}"), None))?,
    })
}

/// So many of the findings that were there before are named.
const MOST_ALREADY: usize = 10;

/// What was there before, in short: files of the change first, one line each.
fn already(arguments: &Arguments, verdict: &Verdict, level: Level, is_changed: &dyn Fn(&str) -> bool) -> String {
    let Some(revision) = &arguments.base else { return String::new() };
    let mut known: Vec<&Diagnostic> = verdict.at_base.iter().filter(|finding| level.shows(finding)).collect();
    if known.is_empty() {
        return String::new();
    }
    known.sort_by_key(|finding| (!is_changed(&finding.file), !finding.is_error()));
    let mut text = format!("Already so at {revision}, not of this change:\n");
    for finding in known.iter().take(MOST_ALREADY) {
        let place = match finding.line {
            0 => finding.file.clone(),
            line => format!("{}:{line}", finding.file),
        };
        text.push_str(&format!("  {place}: {} [{}]\n", render::text::visible(&finding.message), finding.rule));
    }
    if let Some(more @ 1..) = known.len().checked_sub(MOST_ALREADY) {
        text.push_str(&format!("  and {more} more, which `cutwater check` tells of\n"));
    }
    text
}

/// The run in one line.
pub fn summary(arguments: &Arguments, outcome: &Outcome, verdict: &Verdict, took: Duration) -> String {
    let errors = verdict.findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = verdict.findings.len() - errors;
    let mut line = format!(
        "{} checked: {}, {}",
        render::summary::count(outcome.counts.configs, "config"),
        render::summary::count(errors, "error"),
        render::summary::count(warnings, "warning"),
    );
    for (number, what) in [
        (verdict.ignored, "ignored by cutwater.toml"),
        (verdict.known, "known to the baseline"),
        (verdict.at_base.len(), "there before"),
    ] {
        if number > 0 {
            line.push_str(&format!(", {number} {what}"));
        }
    }
    if verdict.gone > 0 {
        line.push_str(&format!(", {} of the baseline gone (--update-baseline drops them)", verdict.gone));
    }
    let fixable = verdict.findings.iter().filter(|finding| finding.answer.is_some()).count();
    line.push_str(&match (arguments.fix, arguments.diff) {
        (false, _) if fixable == 0 => String::new(),
        (false, _) => format!(", {fixable} of them can be fixed with --fix"),
        (true, false) => format!(", {} fixed", verdict.fixed),
        (true, true) => format!(", {} more would be fixed", verdict.fixed),
    });
    format!("{line}, in {}\n", render::summary::seconds(took))
}
