//! Findings as JUnit, for Prow's Spyglass and other pages that list tests.
//!
//! A file with errors is a failed test whose text is what a terminal would show; its warnings are in the output of a test
//! that passed. A run that found nothing is one test that passed, so that a page always has something to show.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Level, text};
use crate::cli::terminal::Paint;
use crate::diagnostic::Diagnostic;

/// The report; `name` is the command that was run.
pub fn report(name: &str, findings: &[Diagnostic], level: Level) -> Result<String, quick_junit::SerializeError> {
    let mut files: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| level.shows(finding)) {
        files.entry(&finding.file).or_default().push(finding.clone());
    }
    let mut suite = TestSuite::new(name);
    if files.is_empty() {
        suite.add_test_case(TestCase::new("nothing was found", TestCaseStatus::success()));
    }
    for (file, found) in files {
        suite.add_test_case(case(name, file, &found));
    }
    let mut report = Report::new(name);
    report.add_test_suite(suite);
    report.to_string()
}

fn case(name: &str, file: &str, found: &[Diagnostic]) -> TestCase {
    let errors: Vec<&Diagnostic> = found.iter().filter(|finding| finding.is_error()).collect();
    let shown = text::findings(found, Level::Warning, Paint::Plain);
    let mut case = match errors.first() {
        None => {
            let mut case = TestCase::new(file, TestCaseStatus::success());
            case.set_system_out(shown);
            case
        }
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let more = if errors.len() > 1 { format!(" (and {} more)", errors.len() - 1) } else { String::new() };
            status.set_message(format!("{}{more}", first.message)).set_type(first.rule).set_description(shown);
            TestCase::new(file, status)
        }
    };
    case.set_classname(name);
    case
}
