//! What a rule is, and how the files that check something declare theirs.
//!
//! A rule is a constant: the id a person sees and may look up, how bad a violation is, one line that says what it finds,
//! one that says why that hurts, and one that says what to do. The check itself is a plain function beside the constant;
//! it names the rule when it reports. Each file declares its rules with [`rules!`], which also collects them, so that none
//! can be missing from the table of its folder ([`joined`]).

use super::Severity;

/// One thing that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Named after the bad pattern, in kebab-case; stable.
    pub id: &'static str,
    /// How bad a violation is.
    pub severity: Severity,
    /// What it finds, one line.
    pub summary: &'static str,
    /// Why that hurts, one line.
    pub why: &'static str,
    /// What to do about it, one line.
    pub fix: &'static str,
}

impl Rule {
    /// A rule whose violation the reference refuses too.
    pub const fn error(id: &'static str, summary: &'static str, why: &'static str, fix: &'static str) -> Self {
        Self { id, severity: Severity::Error, summary, why, fix }
    }

    /// A rule whose violation the reference takes.
    pub const fn warning(id: &'static str, summary: &'static str, why: &'static str, fix: &'static str) -> Self {
        Self { id, severity: Severity::Warning, summary, why, fix }
    }
}

/// Declares the rules of a file as constants and `RULES`, the list of them: `NAME = "id", "summary", "why", "fix";`, with
/// `warning` before the id where the reference takes what the rule finds. The summary says what is found, the second
/// text what happens when nothing is done (a sentence with its full stop), the third what to do (without one).
macro_rules! rules {
    ($( $name:ident = $($severity:ident)? $id:literal, $summary:literal, $why:literal, $fix:literal; )*) => {
        $( #[doc = $summary] pub(crate) const $name: $crate::diagnostic::Rule =
            $crate::diagnostic::rule::rules!(@ $($severity)? $id, $summary, $why, $fix); )*
        /// The rules declared in this file.
        #[allow(dead_code, reason = "not every table is in the catalogue yet")]
        pub(crate) const RULES: &[$crate::diagnostic::Rule] = &[$($name),*];
    };
    (@ warning $id:literal, $($said:expr),*) => { $crate::diagnostic::Rule::warning($id, $($said),*) };
    (@ $id:literal, $($said:expr),*) => { $crate::diagnostic::Rule::error($id, $($said),*) };
}
pub(crate) use rules;

/// How many rules several lists hold together.
pub const fn count(lists: &[&[Rule]]) -> usize {
    let mut total = 0;
    let mut at = 0;
    while at < lists.len() {
        total += lists[at].len();
        at += 1;
    }
    total
}

/// Several lists as one.
pub const fn joined<const N: usize>(lists: &[&[Rule]]) -> [Rule; N] {
    let mut all = [Rule::error("", "", "", ""); N];
    let (mut list, mut filled) = (0, 0);
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            all[filled] = lists[list][at];
            filled += 1;
            at += 1;
        }
        list += 1;
    }
    all
}
