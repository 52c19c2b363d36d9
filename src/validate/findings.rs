//! The list that checks report to.

use std::fmt;

use super::place::Place;
use crate::diagnostic::Violation;
use crate::diagnostic::rule::Rule;

/// What has been found so far, in the order it was found.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Violation>,
}

impl Findings {
    /// Reports a violation whose message begins with the place, as most of the reference's do.
    pub fn at(&mut self, rule: &Rule, place: &Place<'_>, message: fmt::Arguments<'_>) {
        self.says(rule, place, format_args!("{place}: {message}"));
    }

    /// Reports a violation with a message that says all itself.
    pub fn says(&mut self, rule: &Rule, place: &Place<'_>, message: fmt::Arguments<'_>) {
        self.list.push(Violation { rule: rule.id, path: place.path(), message: message.to_string() });
    }

    /// All that was found.
    pub fn into_violations(self) -> Vec<Violation> {
        self.list
    }
}
