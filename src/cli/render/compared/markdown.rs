//! What a change means in jobs, for a comment on a pull request.
//!
//! GitHub refuses comments above a length, so that whatever does not fit is left out, line by line, and counted. Bots read
//! comments, too, those of other bots and code among them: no line may begin with a `/`, or posting it would be a command.

use std::fmt::Write;

use super::{Report, words};
use crate::cli::render::summary::count;
use crate::compare::change::{Change, Rehearsal};
use crate::compare::group::{Group, Grouped, Line};

/// GitHub takes 65,536 characters; the rest is for the note at the end.
const MOST: usize = 65_000;
/// So many jobs of a change are named.
const NAMED: usize = 20;

/// A piece that is shown whole or not at all, with the changes that it tells.
struct Piece {
    text: String,
    changes: usize,
}

/// The whole comment.
pub fn page(report: &Report<'_>) -> String {
    let grouped = Grouped::of(&report.diffed.comparison);
    let mut pieces = vec![head(report)];
    if !grouped.everywhere.is_empty() {
        pieces.push(Piece { text: "\n#### In many repositories\n\n".to_owned(), changes: 0 });
        pieces.extend(grouped.everywhere.iter().map(item));
    }
    for group in &grouped.groups {
        pieces.push(Piece { text: title(group, report), changes: 0 });
        pieces.extend(group.lines.iter().map(item));
    }
    pieces.extend(rehearsals(report));
    fitted(pieces)
}

/// As many pieces as fit, and how many changes are left out.
fn fitted(pieces: Vec<Piece>) -> String {
    let mut out = String::new();
    let (mut left_out, mut is_full) = (0, false);
    for piece in pieces {
        // Once something is left out all that follows is, so that no change stands under another repository's name.
        is_full |= out.len() + piece.text.len() > MOST;
        if is_full {
            left_out += piece.changes;
        } else {
            out.push_str(&piece.text);
        }
    }
    if left_out > 0 {
        let _ =
            write!(out, "\n_{} left out for want of room; `cutwater diff` tells all._\n", count(left_out, "more line"));
    }
    out
}

fn head(report: &Report<'_>) -> Piece {
    let mut text = format!("### {}\n\n", capitalised(&report.counted()));
    let _ = writeln!(text, "Compared with {}.", report.compared_with(&code));
    if let Some(staleness) = report.staleness() {
        let _ = write!(text, "\n> **Note:** {staleness}.\n");
    }
    for note in report.diffed.comparison.notes.iter().take(NAMED) {
        let _ = write!(text, "\n> **Not compared:** {}: {}\n", code(&note.file), code(&words::cut(&note.message)));
    }
    if let more @ 1.. = report.diffed.comparison.notes.len().saturating_sub(NAMED) {
        let _ = write!(text, "\n> **Not compared:** {}\n", count(more, "more file"));
    }
    Piece { text, changes: 0 }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn title(group: &Group<'_>, report: &Report<'_>) -> String {
    let name = if group.repository.is_empty() { "No repository".to_owned() } else { code(group.repository) };
    let mut out = format!("\n#### {name}\n\n");
    let branches: Vec<String> = group.branches.iter().filter(|it| !it.is_empty()).map(|it| code(it)).collect();
    let affected = report.diffed.affected.iter().find(|it| it.repository == group.repository);
    let mut told = Vec::new();
    if !branches.is_empty() {
        told.push(format!("branches {}", branches.join(", ")));
    }
    if let Some(approvers) = affected.and_then(|affected| affected.approvers.as_ref()) {
        // As code, so that nobody is called by it.
        let names: Vec<String> = approvers.names.iter().map(|name| code(name)).collect();
        told.push(format!("approvers {}", names.join(", ")));
    }
    if !told.is_empty() {
        let _ = write!(out, "{}\n\n", told.join("; "));
    }
    out
}

fn item(line: &Line<'_>) -> Piece {
    let said = words::said(line.change, "→", &code);
    let title = words::title(line.change);
    let text = match line.jobs.as_slice() {
        [_] if matches!(line.change, Change::Renamed(_)) => format!("- **{title}** {said}\n"),
        [job] => format!("- **{title}** {}{}\n", code(&job.job.name), after_colon(&said)),
        jobs => {
            let place = match line.repositories() {
                1 => String::new(),
                number => format!(" in {number} repositories"),
            };
            let names: Vec<String> = jobs.iter().take(NAMED).map(|job| code(&job.job.name)).collect();
            let mut names = names.join("<br>");
            if jobs.len() > NAMED {
                let _ = write!(names, "<br>and {} more", jobs.len() - NAMED);
            }
            let jobs = count(jobs.len(), "job");
            format!(
                "- **{title}** {jobs}{place}{}\n  <details><summary>{jobs}</summary>\n\n  {names}\n\n  </details>\n",
                after_colon(&said)
            )
        }
    };
    Piece { text, changes: 1 }
}

fn after_colon(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// How to rehearse what can be.
fn rehearsals(report: &Report<'_>) -> Option<Piece> {
    let jobs = report.diffed.comparison.jobs.iter().filter(|job| job.rehearsal == Rehearsal::Possible);
    let names: Vec<&str> = jobs.map(|job| &*job.job.name).collect();
    if names.is_empty() {
        return None;
    }
    let mut text = format!("\n<details><summary>{} can be rehearsed</summary>\n\n", count(names.len(), "job"));
    let named: Vec<&str> = names.iter().copied().take(NAMED).collect();
    text.push_str(&code(&format!("/pj-rehearse {}", named.join(" "))));
    if names.len() > NAMED {
        let _ = write!(text, "\nand {} more", names.len() - NAMED);
    }
    text.push_str("\n\n</details>\n");
    Some(Piece { text, changes: 1 })
}

/// A text as it stands, between as many marks as it needs.
fn code(text: &str) -> String {
    if text.is_empty() {
        return "_nothing_".to_owned();
    }
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let longest = plain.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let marks = "`".repeat(longest + 1);
    if longest == 0 { format!("{marks}{plain}{marks}") } else { format!("{marks} {plain} {marks}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let piece = |letter: &str, length| Piece { text: letter.repeat(length), changes: 1 };
        let fits = fitted(vec![piece("a", MOST), piece("", 0)]);
        assert_eq!(fits.len(), MOST);
        let cut = fitted(vec![piece("a", MOST - 1), piece("b", 2), piece("c", 1)]);
        assert!(
            !cut.contains('b')
                && cut.ends_with("_2 more lines left out for want of room; `cutwater diff` tells all._\n")
        );
        assert!(cut.chars().count() < 65_536);
        let title = Piece { text: "t".repeat(9), changes: 0 };
        let cut = fitted(vec![piece("a", MOST - 8), title, piece("b", 1)]);
        assert!(!cut.contains("t\nb") && cut.contains("_1 more line left out"), "a line goes with its title");
    }

    #[test]
    fn text_cannot_end_its_quotation() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code(""), "_nothing_");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a\n# b"), "`a # b`");
    }
}
