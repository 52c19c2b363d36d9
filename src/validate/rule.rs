//! What a rule is, and how the files of this folder declare theirs.
//!
//! A rule is a constant: the id a person sees and may look up, how bad a violation is, one line that says what it finds
//! and one that says why that hurts. The check itself is a plain function beside the constant; it names the rule when it
//! reports. Each file declares its rules with [`rules!`], which also collects them, so that none can be missing from
//! [`super::RULES`].

use crate::diagnostic::Severity;

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
}

impl Rule {
    /// A rule whose violation the reference refuses too.
    pub const fn error(id: &'static str, summary: &'static str, why: &'static str) -> Self {
        Self { id, severity: Severity::Error, summary, why }
    }
}

/// Declares the rules of a file as constants and `RULES`, the list of them.
macro_rules! rules {
    ($( $name:ident = $id:literal, $summary:literal, $why:literal; )*) => {
        $( #[doc = $summary] pub(crate) const $name: $crate::validate::rule::Rule =
            $crate::validate::rule::Rule::error($id, $summary, $why); )*
        /// The rules declared in this file.
        pub(crate) const RULES: &[$crate::validate::rule::Rule] = &[$($name),*];
    };
}
pub(crate) use rules;

/// How many rules several lists hold together.
pub(super) const fn count(lists: &[&[Rule]]) -> usize {
    let mut total = 0;
    let mut at = 0;
    while at < lists.len() {
        total += lists[at].len();
        at += 1;
    }
    total
}

/// Several lists as one.
pub(super) const fn joined<const N: usize>(lists: &[&[Rule]]) -> [Rule; N] {
    let mut all = [Rule::error("", "", ""); N];
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
