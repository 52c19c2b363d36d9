//! The list that checks report to.

use crate::diagnostic::{KeyPath, Rule, Violation};

/// What has been found in one document so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Violation>,
}

impl Findings {
    /// Reports what a rule finds at a place.
    pub(super) fn add(&mut self, rule: &Rule, path: KeyPath, message: impl Into<String>) {
        self.list.push(Violation { rule: rule.id, path, message: message.into() });
    }

    /// All that was found.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.list
    }
}
