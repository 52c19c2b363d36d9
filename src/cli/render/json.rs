//! A run's outcome as one JSON document, for other programs.

use serde_json::{Value, json};

use super::{Level, diff};
use crate::cli::terminal::Paint;
use crate::diagnostic::{Diagnostic, Severity};
use crate::run::options::{Change, ChangeKind, Mode, Outcome};

/// The outcome with a newline at the end.
pub fn outcome(outcome: &Outcome, mode: Mode, level: Level) -> String {
    let document = json!({
        "findings": outcome.findings.iter().filter(|found| level.shows(found)).map(finding).collect::<Vec<_>>(),
        "changes": outcome.changes.iter().map(change).collect::<Vec<_>>(),
        "mode": match mode {
            Mode::Write => "write",
            Mode::Check => "check",
        },
        "counts": {
            "configs": outcome.counts.configs,
            "jobs": outcome.counts.jobs,
            "unchanged": outcome.counts.unchanged,
        },
    });
    format!("{document:#}\n")
}

/// The findings that the level shows as one array, with a newline at the end.
pub fn findings(findings: &[Diagnostic], level: Level) -> String {
    let array: Vec<Value> = findings.iter().filter(|found| level.shows(found)).map(finding).collect();
    format!("{:#}\n", Value::Array(array))
}

/// One finding; lines and columns count from one, so zero means the whole file.
pub fn finding(finding: &Diagnostic) -> Value {
    json!({
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "rule": finding.rule,
        "severity": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": finding.message,
        "why": finding.why,
        "fix": finding.fix,
        "fixable": finding.answer.is_some(),
        "reference": finding.reference,
        "related": finding.related.iter().map(|place| json!({
            "file": place.file, "line": place.line, "column": place.column, "message": place.message,
        })).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    json!({
        "path": change.path,
        "kind": match change.kind {
            ChangeKind::Created => "created",
            ChangeKind::Rewritten => "rewritten",
            ChangeKind::Removed => "removed",
        },
        "diff": change.texts.is_some().then(|| diff::unified(change, Paint::Plain)),
    })
}
