//! What a run did, in one line, and the files it did it to.

use std::time::Duration;

use crate::diagnostic::Severity;
use crate::run::options::{ChangeKind, Mode, Outcome};

/// One line: configs, jobs, files written, removed, unchanged, and the time it took.
pub fn line(outcome: &Outcome, mode: Mode, keep_going: bool, took: Duration) -> String {
    let configs = count(outcome.counts.configs, "config");
    let took = seconds(took);
    let errors = outcome.errors();
    if errors > 0 && (outcome.is_blocked || !keep_going) {
        let all_need = "; the step registry or the dispatcher's configuration is broken, which every repository needs";
        let blocked = if keep_going { all_need } else { "" };
        return format!("{configs}: nothing written, because of {}{blocked}, in {took}\n", count(errors, "error"));
    }
    let removed = outcome.changes.iter().filter(|change| change.kind == ChangeKind::Removed).count();
    let would = if mode == Mode::Check { "would be " } else { "" };
    let mut wrong = if errors > 0 { format!(", {}", count(errors, "error")) } else { String::new() };
    let warnings = outcome.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    if warnings > 0 {
        wrong.push_str(&format!(", {}", count(warnings, "warning")));
    }
    format!(
        "{configs}, {}: {} {would}written, {} removed, {} unchanged{wrong}, in {took}\n",
        count(outcome.counts.jobs, "job"),
        count(outcome.changes.len() - removed, "file"),
        grouped(removed),
        grouped(outcome.counts.unchanged),
    )
}

/// The changed files, one a line.
pub fn files(outcome: &Outcome) -> String {
    let mut out = String::new();
    for change in &outcome.changes {
        let mark = match change.kind {
            ChangeKind::Created => "created   ",
            ChangeKind::Rewritten => "rewritten ",
            ChangeKind::Removed => "removed   ",
        };
        out.push_str(mark);
        out.push_str(&change.path);
        out.push('\n');
    }
    out
}

/// A number of things.
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time as people say it.
pub fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(10) {
        format!("{:.2} s", took.as_secs_f64())
    } else {
        format!("{:.0} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (13808, "13,808"), (1234567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
