//! How many cases agree of how many, and the first that do not.

use std::io::Write;

/// Most disagreements that are listed; the count is always whole.
const LISTED: usize = 12;

/// The verdicts on many cases of one kind.
#[derive(Debug)]
#[must_use = "a tally that is not concluded hides its disagreements"]
pub struct Tally {
    what: String,
    cases: usize,
    complaints: Vec<String>,
}

impl Tally {
    /// No cases yet; `what` names them in the plural.
    pub fn of(what: impl Into<String>) -> Self {
        Self { what: what.into(), cases: 0, complaints: Vec::new() }
    }

    /// Counts a case, with what is wrong about it.
    pub fn add(&mut self, complaint: Option<String>) {
        self.cases += 1;
        self.complaints.extend(complaint);
    }

    /// Says how many agree and fails unless all do. No cases at all is a failure too: something was not found.
    #[track_caller]
    pub fn conclude(self) {
        let Self { what, cases, complaints } = self;
        let line = format!("{what}: {} of {cases} agree", cases - complaints.len());
        // Past the test runner, which swallows what a passing test prints.
        #[expect(clippy::explicit_write, reason = "the test runner swallows what the macro prints")]
        writeln!(std::io::stderr(), "{line}").unwrap();
        assert!(cases > 0, "{what}: there are no cases");
        let more = complaints.len().saturating_sub(LISTED);
        let listed = complaints.into_iter().take(LISTED).collect::<Vec<_>>();
        assert!(listed.is_empty(), "{line}; those that do not:\n{}\n({more} more)", listed.join("\n"));
    }
}

impl Extend<Option<String>> for Tally {
    fn extend<I: IntoIterator<Item = Option<String>>>(&mut self, complaints: I) {
        complaints.into_iter().for_each(|complaint| self.add(complaint));
    }
}
