//! A baseline: findings that a repository has already, so that only new ones are shown.
//!
//! A finding is known again by its rule, its file and its message, not by its line, which moves with every edit; nor by the
//! positions in its message, since `tests[4]` is `tests[5]` when a test was put in above. When a file has more of one finding
//! than the baseline says, all of them are shown: nobody knows which of them is new. Broken settings are never known: with
//! them nobody knows what is to be found.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::read::BROKEN_SETTINGS;
use crate::diagnostic::Diagnostic;

/// Format of the file, to tell later ones from this one.
const VERSION: u64 = 1;

/// Rule, file and message.
type Key = (String, String, String);

/// Findings that are known, and how many of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

/// Findings sorted out.
#[derive(Debug, Default)]
pub struct Remaining {
    /// Those that the baseline does not have.
    pub findings: Vec<Diagnostic>,
    /// Those that it has.
    pub known: Vec<Diagnostic>,
    /// How many of the baseline were not found any more.
    pub gone: usize,
}

/// Rules whose messages say what was measured, which every change around them changes a little.
const MEASURED: [&str; 2] = ["config-map-nearly-full", "config-map-too-large"];

fn key(finding: &Diagnostic) -> Key {
    keyed(finding.rule, &finding.file, &finding.message)
}

fn keyed(rule: &str, file: &str, message: &str) -> Key {
    let message = match MEASURED.contains(&rule) {
        true => message.split(|letter: char| letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect(),
        false => without_positions(message),
    };
    (rule.to_owned(), file.to_owned(), message)
}

/// A message with `tests[]` for `tests[4]`.
fn without_positions(message: &str) -> String {
    let mut parts = message.split('[');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_after_name = kept.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | ']' | '-'));
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let is_position = is_after_name && digits > 0 && part[digits..].starts_with(']');
        kept.push('[');
        kept.push_str(if is_position { &part[digits..] } else { part });
    }
    kept
}

fn counted(findings: &[Diagnostic]) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

impl Baseline {
    /// The baseline that knows just these findings, as far as a baseline can.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let mut known = counted(findings);
        known.retain(|(rule, ..), _| rule != BROKEN_SETTINGS.id);
        Self { known }
    }

    /// Whether no baseline hides this finding.
    pub fn is_beyond(finding: &Diagnostic) -> bool {
        finding.rule == BROKEN_SETTINGS.id
    }

    /// Reads a baseline; a message where that is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match document["version"].as_u64() {
            Some(VERSION) => {}
            Some(other) => return Err(format!("version {other} of the format is not known here, only {VERSION}")),
            None => return Err("there is no `version`, so it is no baseline".to_owned()),
        }
        let entries = document["findings"].as_array().ok_or("`findings` is no list")?;
        let entry = |value: &Value| {
            let text = |field: &str| value[field].as_str().map(str::to_owned);
            let count = usize::try_from(value["count"].as_u64()?).ok()?;
            Some((keyed(&text("rule")?, &text("file")?, &text("message")?), count))
        };
        let read = |(at, value)| {
            entry(value).ok_or_else(|| format!("findings[{at}] has to have rule, file, message and count"))
        };
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        for entry in entries.iter().enumerate().map(read) {
            // Older baselines have messages with positions, of which several may have become one.
            let (key, count) = entry?;
            let all = known.entry(key).or_default();
            *all = all.saturating_add(count);
        }
        Ok(Self { known })
    }

    /// The text to keep, the same for the same findings.
    pub fn text(&self) -> String {
        let entry = |((rule, file, message), count): (&Key, &usize)| json!({ "rule": rule, "file": file, "message": message, "count": count });
        let document = json!({ "version": VERSION, "findings": self.known.iter().map(entry).collect::<Vec<_>>() });
        format!("{document:#}\n")
    }

    /// Leaves the findings that are new.
    pub fn apply(&self, findings: Vec<Diagnostic>) -> Remaining {
        let counts = counted(&findings);
        let is_known = |finding: &Diagnostic| {
            let key = key(finding);
            counts.get(&key) <= self.known.get(&key) && !Self::is_beyond(finding)
        };
        let (known, new): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_known);
        let gone = self.known.iter().map(|(key, count)| count.saturating_sub(*counts.get(key).unwrap_or(&0))).sum();
        Remaining { findings: new, known, gone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(file: &str, message: &str) -> Diagnostic {
        Diagnostic::of_file(file, "odd", message)
    }

    #[test]
    fn broken_settings_are_never_known() {
        let broken = || Diagnostic::of_file("cutwater.toml", BROKEN_SETTINGS.id, "x");
        assert_eq!(Baseline::of(&[broken()]), Baseline::default());
        let baseline = Baseline { known: counted(&[broken(), finding("a", "x")]) };
        let Remaining { findings, known, .. } = baseline.apply(vec![broken(), finding("a", "x")]);
        assert_eq!((findings.len(), findings[0].rule, known.len()), (1, BROKEN_SETTINGS.id, 1));
    }

    #[test]
    fn what_is_known_is_left_out_wherever_its_line_is_now() {
        let old = [finding("a", "x").at("one\ntwo", 0), finding("a", "y"), finding("b", "x")];
        let baseline = Baseline::read(&Baseline::of(&old).text()).unwrap();
        let new = vec![finding("a", "x").at("one\ntwo", 5), finding("a", "y"), finding("a", "y"), finding("c", "x")];
        let Remaining { findings, known, gone } = baseline.apply(new);
        let left: Vec<_> = findings.iter().map(|it| (it.file.as_str(), it.message.as_str())).collect();
        assert_eq!((left, known.len(), gone), (vec![("a", "y"), ("a", "y"), ("c", "x")], 1, 1));
    }

    #[test]
    fn a_finding_is_known_though_others_moved_it() {
        let at = |index: usize| finding("a", &format!("tests[{index}].steps.test[0]: no such step"));
        let old = r#"{"version": 1, "findings": [
            {"rule": "odd", "file": "a", "message": "tests[3].steps.test[0]: no such step", "count": 1},
            {"rule": "odd", "file": "a", "message": "tests[4].steps.test[0]: no such step", "count": 1}]}"#;
        for baseline in [Baseline::of(&[at(3), at(4)]), Baseline::read(old).unwrap()] {
            let baseline = Baseline::read(&baseline.text()).unwrap();
            assert_eq!(baseline.apply(vec![at(4), at(5)]).findings, []);
            assert_eq!(baseline.apply(vec![at(4), at(5), at(6)]).findings.len(), 3);
        }
        for message in ["no [0] here", "\"[0-9]\" of a[b]", "[1]", "tests[", "tests[1", "é[x]"] {
            assert_eq!(without_positions(message), message);
        }
        assert_eq!(without_positions("a[1][22].b-c[3] of d[x]"), "a[][].b-c[] of d[x]");
    }

    #[test]
    fn what_was_measured_is_known_though_it_grew() {
        let full = |rule, bytes: &str| Diagnostic::of_file("a", rule, format!("the ConfigMap has {bytes} bytes"));
        for rule in MEASURED {
            assert_eq!(Baseline::of(&[full(rule, "99")]).apply(vec![full(rule, "1234")]).findings, []);
        }
        assert_eq!(Baseline::of(&[full("odd", "99")]).apply(vec![full("odd", "1234")]).findings.len(), 1);
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for (text, message) in [
            ("{", "EOF while parsing"),
            ("[]", "there is no `version`"),
            ("{\"version\": 2}", "version 2 of the format is not known"),
            ("{\"version\": 1}", "`findings` is no list"),
            ("{\"version\": 1, \"findings\": [{}]}", "findings[0] has to have"),
        ] {
            assert!(Baseline::read(text).unwrap_err().contains(message), "{text}");
        }
    }
}
