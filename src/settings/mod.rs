//! `cutwater.toml`: how bad a repository holds the findings of each rule to be, and which it puts up with.
//!
//! ```toml
//! [rules]
//! unused-step = "off"            # off, warn or error
//!
//! [[ignore]]
//! rule = "missing-owners"
//! paths = ["ci-operator/config/acme/**"]
//! reason = "acme's repositories are approved by the OWNERS above"
//! ```
//!
//! A [`Baseline`] holds what a repository has already. [`read()`] makes [`Settings`] of the text, or findings about it; [`Settings::apply`] sorts out findings by them. Settings
//! are kept out of configs because canonical form has no comments.

mod baseline;
mod read;

use std::collections::BTreeMap;

use globset::GlobMatcher;

pub use baseline::{Baseline, Remaining};
pub(crate) use read::RULES;
pub use read::{KnownRule, read, unreadable};

use crate::diagnostic::{Diagnostic, Severity};

/// Where settings are, below the release repository.
pub const FILE: &str = "cutwater.toml";

/// How bad findings of a rule are held to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not shown.
    Off,
    /// Warnings.
    Warn,
    /// Errors.
    Error,
}

impl Level {
    fn named(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "warn" => Some(Self::Warn),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// What a repository says about rules.
#[derive(Debug, Default)]
pub struct Settings {
    levels: BTreeMap<String, Level>,
    ignores: Vec<Ignore>,
}

/// Findings of a rule that are put up with.
#[derive(Debug)]
struct Ignore {
    rule: String,
    /// The paths as given, and what matches them.
    paths: Vec<(String, GlobMatcher)>,
    /// The finding that says that nothing is ignored by it.
    unused: Diagnostic,
}

/// Findings sorted out.
#[derive(Debug, Default)]
pub struct Applied {
    /// Those that are shown.
    pub findings: Vec<Diagnostic>,
    /// How many are put up with.
    pub ignored: usize,
}

impl Settings {
    /// Sorts out findings. Where `is_whole`, all files were looked at, and what is ignored in vain is a finding as well.
    pub fn apply(&self, findings: Vec<Diagnostic>, is_whole: bool) -> Applied {
        let mut used = vec![false; self.ignores.len()];
        let mut applied = Applied::default();
        for mut finding in findings {
            match self.levels.get(finding.rule) {
                Some(Level::Off) => continue,
                Some(Level::Warn) => finding.severity = Severity::Warning,
                Some(Level::Error) => finding.severity = Severity::Error,
                None => {}
            }
            match self.ignores.iter().position(|ignore| ignore.covers(&finding)) {
                Some(at) => {
                    applied.ignored += 1;
                    used.iter_mut().skip(at).take(1).for_each(|used| *used = true);
                }
                None => applied.findings.push(finding),
            }
        }
        if is_whole {
            let unused = self.ignores.iter().zip(&used).filter(|(_, used)| !**used);
            applied.findings.extend(unused.map(|(ignore, _)| ignore.unused.clone()));
        }
        applied
    }
}

impl Ignore {
    fn covers(&self, finding: &Diagnostic) -> bool {
        let is_at = |(path, glob): &(String, GlobMatcher)| {
            let below = finding.file.strip_prefix(path.trim_end_matches('/'));
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || glob.is_match(&finding.file)
        };
        self.rule == finding.rule && self.paths.iter().any(is_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[rules]\na = \"off\"\nb = \"warn\"\nc = \"error\"\n\n[[ignore]]\nrule = \"d\"\n\
        paths = [\"x/**/y.yaml\", \"z\"]\nreason = \"known\"\n";

    fn known(id: &str) -> KnownRule {
        if ["a", "b", "c", "d", "no-reason"].contains(&id) { KnownRule::Yes } else { KnownRule::No(Some("a".into())) }
    }

    fn settings(text: &str) -> Result<Settings, String> {
        let line = |finding: &Diagnostic| format!("{}:{} {}\n", finding.line, finding.column, finding.message);
        read(text, FILE, &known).map_err(|found| found.iter().map(line).collect())
    }

    fn finding(rule: &'static str, file: &str) -> Diagnostic {
        Diagnostic::of_file(file, rule, "m")
    }

    #[test]
    fn levels_change_severity_and_ignores_hide() {
        let settings = settings(TEXT).unwrap();
        let files = ["x/y.yaml", "x/1/2/y.yaml", "z", "z/w.yaml", "zz", "x/n.yaml"];
        let mut found: Vec<_> = files.map(|file| finding("d", file)).into();
        found.extend([finding("a", "f"), finding("b", "f"), finding("c", "f").warning()]);
        let Applied { findings, ignored } = settings.apply(found, true);
        let left: Vec<_> = findings.iter().map(|it| (it.rule, it.file.as_str(), it.is_error())).collect();
        let expected = [("d", "zz", true), ("d", "x/n.yaml", true), ("b", "f", false), ("c", "f", true)];
        assert_eq!((left, ignored), (expected.into(), 4));
    }

    #[test]
    fn what_is_ignored_in_vain_is_told_when_everything_was_looked_at() {
        let settings = settings(TEXT).unwrap();
        let told = |is_whole| settings.apply(vec![finding("d", "other")], is_whole).findings;
        assert_eq!((told(false).len(), told(true).len()), (1, 2));
        let unused = &told(true)[1];
        assert_eq!(
            (unused.rule, unused.file.as_str(), unused.line, unused.is_error()),
            ("unused-ignore", FILE, 7, false)
        );
    }

    #[test]
    fn mistakes_have_places() {
        for (text, expected) in [
            ("[rules]\na = \"of\"\n", "2:5 \"of\" is none of off, warn and error\n"),
            ("[rules]\nz = \"off\"\n", "2:1 there is no rule `z`; did you mean `a`?\n"),
            ("[rule]\n", "1:2 `rule` means nothing here: there are [rules] and [[ignore]]\n"),
            ("[[ignore]]\nrule = \"d\"\npaths = [\"a\"]\n", "1:1 `reason` is missing\n"),
            ("[[ignore]]\nrule = \"d\"\npaths = [\"a[\"]\nreason = \"r\"\n", "3:10 "),
            ("[[ignore]]\nrule = \"d\"\npaths = []\nreason = \" \"\n", "3:9 name at least one path\n4:10 say why\n"),
            ("rules = 1\n", "1:9 this has to be a table\n"),
            ("a = \n", "1:5 "),
        ] {
            let said = settings(text).unwrap_err();
            let agrees = if expected.ends_with('\n') { said == expected } else { said.starts_with(expected) };
            assert!(agrees, "{text}: {said}");
        }
    }
}
