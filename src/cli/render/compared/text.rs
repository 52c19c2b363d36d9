//! What a change means in jobs, for a terminal: how many first, then a line for each change.

use std::fmt::Write;

use super::{Report, words};
use crate::cli::render::summary::count;
use crate::cli::terminal::Paint;
use crate::compare::ChangedJob;
use crate::compare::change::Change;
use crate::compare::group::{Group, Grouped, Line};
use crate::run::diff::Affected;

/// So many jobs of a change are named.
const NAMED: usize = 3;
/// The sort of a change is this wide.
const WIDTH: usize = 13;

/// The whole answer.
pub fn page(report: &Report<'_>, verbose: bool, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.strong(&report.counted()));
    let _ = writeln!(out, "compared with {}", report.compared_with(&plain));
    if let Some(staleness) = report.staleness() {
        let _ = writeln!(out, "{staleness}");
    }
    let grouped = Grouped::of(&report.diffed.comparison);
    let named = if verbose { usize::MAX } else { NAMED };
    if !grouped.everywhere.is_empty() {
        let _ = writeln!(out, "\n{}", paint.strong("in many repositories"));
        grouped.everywhere.iter().for_each(|line| change(&mut out, line, named));
    }
    for group in &grouped.groups {
        let affected = report.diffed.affected.iter().find(|it| it.repository == group.repository);
        self::group(&mut out, group, affected, named, paint);
    }
    if !report.diffed.comparison.notes.is_empty() {
        let _ = writeln!(out, "\n{}", paint.strong("not compared"));
    }
    for note in &report.diffed.comparison.notes {
        let _ = writeln!(out, "  {}: {}", plain(&note.file), plain(&note.message));
    }
    out
}

fn group(out: &mut String, group: &Group<'_>, affected: Option<&Affected>, named: usize, paint: Paint) {
    let title = if group.repository.is_empty() { "no repository" } else { group.repository };
    let _ = writeln!(out, "\n{}{}", paint.strong(&plain(title)), concerned(group, affected));
    for line in &group.lines {
        change(out, line, named);
    }
    if !group.rehearsable.is_empty() {
        let names = few(&group.rehearsable, named, ", ");
        let _ = writeln!(out, "  {:WIDTH$}  {names}", "can rehearse");
    }
}

/// The branches, and who approves.
fn concerned(group: &Group<'_>, affected: Option<&Affected>) -> String {
    let branches: Vec<String> = group.branches.iter().filter(|it| !it.is_empty()).map(|it| plain(it)).collect();
    let mut told = if branches.is_empty() { String::new() } else { format!(" @ {}", branches.join(", ")) };
    if let Some(approvers) = affected.and_then(|affected| affected.approvers.as_ref()) {
        let _ = write!(told, "; approvers: {}", plain(&approvers.names.join(", ")));
    }
    told
}

fn change(out: &mut String, line: &Line<'_>, named: usize) {
    let said = words::said(line.change, "->", &|text| text.to_owned());
    let title = words::title(line.change);
    let _ = write!(out, "  {title:WIDTH$}  ");
    let is_named_already = matches!(line.change, Change::Renamed(_));
    match line.jobs.as_slice() {
        [_] if is_named_already => drop(writeln!(out, "{said}")),
        [job] if said.is_empty() => drop(writeln!(out, "{}", plain(&job.job.name))),
        [job] => drop(writeln!(out, "{}: {said}", plain(&job.job.name))),
        jobs => {
            let where_ = match line.repositories() {
                1 => String::new(),
                number => format!(" in {number} repositories"),
            };
            let colon = if said.is_empty() { "" } else { ": " };
            let _ = writeln!(out, "{}{where_}{colon}{said}", count(jobs.len(), "job"));
            let indent = format!("\n  {:WIDTH$}    ", "");
            let _ = writeln!(out, "  {:WIDTH$}    {}", "", few(jobs, named, &indent));
        }
    }
}

/// Some of the names, and how many more there are.
fn few(jobs: &[&ChangedJob], named: usize, between: &str) -> String {
    // To leave out one takes as much room as to name it.
    let shown = if jobs.len() <= named.saturating_add(1) { jobs.len() } else { named };
    let mut names: Vec<String> = jobs.iter().take(shown).map(|job| plain(&job.job.name)).collect();
    if jobs.len() > shown {
        names.push(format!("and {} more", jobs.len() - shown));
    }
    names.join(between)
}

/// Without what would move the cursor.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
