//! Findings as GitHub Actions' workflow commands, which become annotations beside the lines of a change.
//!
//! GitHub takes ten errors and ten warnings of a step and drops the rest without a word
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>), so those that come first are
//! chosen: of files of the change before others, and what is left out is counted in a notice.

use super::Level;
use crate::diagnostic::{Diagnostic, Severity};

/// Annotations of one kind that GitHub takes from a step.
const MOST: usize = 10;

/// The findings that the level shows, those of files `is_changed` accepts first.
pub fn annotations(findings: &[Diagnostic], level: Level, is_changed: &dyn Fn(&str) -> bool) -> String {
    let mut shown: Vec<&Diagnostic> = findings.iter().filter(|finding| level.shows(finding)).collect();
    shown.sort_by_key(|finding| !is_changed(&finding.file));
    let (errors, warnings): (Vec<_>, Vec<_>) = shown.into_iter().partition(|finding| finding.is_error());
    let mut out = String::new();
    for (kind, findings) in [("error", &errors), ("warning", &warnings)] {
        for finding in findings.iter().take(MOST) {
            annotation(finding, &mut out);
        }
        let rest = findings.len().saturating_sub(MOST);
        if rest > 0 {
            out.push_str(&format!(
                "::notice title=cutwater::{rest} more {kind}{} in the log; GitHub shows {MOST} of a step\n",
                if rest == 1 { "" } else { "s" }
            ));
        }
    }
    out
}

fn annotation(finding: &Diagnostic, out: &mut String) {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    out.push_str(&format!("::{kind} file={}", property(&finding.file)));
    if finding.line > 0 {
        out.push_str(&format!(",line={},col={}", finding.line, finding.column));
    }
    let more = [&finding.why, &finding.fix].into_iter().flatten().map(|said| format!("\n{said}"));
    let elsewhere = finding.related.iter().map(|place| {
        let line = if place.line > 0 { format!(":{}", place.line) } else { String::new() };
        format!("\n{}{line}: {}", place.file, place.message)
    });
    let text: String = std::iter::once(finding.message.clone()).chain(more).chain(elsewhere).collect();
    out.push_str(&format!(",title={}::{}\n", property(finding.rule), message(&text)));
}

/// What follows the colons: a line end would end the command.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value between the commas.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(number: usize) -> Vec<Diagnostic> {
        (0..number).map(|at| Diagnostic::of_file(format!("f{at}.yaml"), "no-tests", "no tests")).collect()
    }

    #[test]
    fn line_ends_and_separators_are_escaped() {
        let finding =
            Diagnostic::of_file("a,b:c.yaml", "odd", "50% of\nthem").at("x: 1\n", 3).because("why").fix("fix");
        assert_eq!(
            annotations(&[finding.warning()], Level::Warning, &|_| false),
            "::warning file=a%2Cb%3Ac.yaml,line=1,col=4,title=odd::50%25 of%0Athem%0Awhy%0Afix\n"
        );
    }

    #[test]
    fn files_of_the_change_come_first_and_the_rest_is_counted() {
        let shown = annotations(&findings(13), Level::Warning, &|file| file == "f12.yaml");
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].contains("f12.yaml") && lines[1].contains("f0.yaml"), "{shown}");
        assert_eq!((lines.len(), lines[10].contains("::3 more errors")), (11, true), "{shown}");
        assert_eq!(annotations(&findings(10), Level::Warning, &|_| false).lines().count(), 10);
    }
}
