//! Regular expressions of jobs: triggers, branches, changes.
//!
//! Generated jobs have patterns of a few shapes. Those are known to compile without trying, which is what makes a whole
//! release repository a matter of milliseconds.

use std::collections::BTreeMap;

use regex::Regex;

use crate::diagnostic::rule::rules;
use crate::model::job::{Brancher, Postsubmit, Presubmit, RegexpChangeMatcher};
use crate::pattern;

use super::check::HALF_TRIGGER;
use super::problem::{Place, Problem, Problems, Step, below};

rules! {
    BAD_PATTERN = "job-pattern-broken", "a pattern of a job is no regular expression",
        "Prow refuses all job files for the sake of one: it goes on with the jobs that it had, and does not restart.",
        "correct the pattern; the syntax is Go's, which has neither look-around nor back references";
    TRIGGER_MISMATCH = "trigger-misses-command", "the trigger of a job does not match the comment that is to start it",
        "People are told to write the rerun command, and nothing would happen; Prow refuses to load such a job.",
        "let the trigger match the rerun command, or leave both out: Prow then makes them of the name";
}

/// What is known of the patterns of one file.
#[derive(Debug, Default)]
pub struct Patterns {
    known: BTreeMap<String, Option<String>>,
}

impl Patterns {
    /// Why Go refuses a pattern.
    pub fn problem(&mut self, text: &str) -> Option<String> {
        if is_plain(text) {
            return None;
        }
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let problem = pattern::check(text).err().map(|why| pattern::in_words_of_go(text, &why));
        self.known.insert(text.to_owned(), problem.clone());
        problem
    }

    /// Looks at the patterns of a presubmit; the first that is wrong counts.
    pub fn presubmit(&mut self, job: &Presubmit, place: Place<'_>, problems: &mut Problems) {
        let found = self
            .trigger(job, place)
            .or_else(|| self.branches(&job.job_base.name, &job.brancher, place))
            .or_else(|| self.changes(&job.job_base.name, &job.regexp_change_matcher, place));
        problems.extend(found);
    }

    /// Looks at the patterns of a postsubmit; the first that is wrong counts.
    pub fn postsubmit(&mut self, job: &Postsubmit, place: Place<'_>, problems: &mut Problems) {
        let found = self
            .branches(&job.job_base.name, &job.brancher, place)
            .or_else(|| self.changes(&job.job_base.name, &job.regexp_change_matcher, place));
        problems.extend(found);
    }

    fn trigger(&mut self, job: &Presubmit, place: Place<'_>) -> Option<Problem> {
        let name = &job.job_base.name;
        let filled_in;
        let (trigger, command, key) = if job.trigger.is_empty() && job.rerun_command.is_empty() {
            if is_plain_word(name) {
                return None;
            }
            filled_in = (default_trigger(name), default_command(name));
            (filled_in.0.as_str(), filled_in.1.as_str(), "name")
        } else {
            (job.trigger.as_str(), job.rerun_command.as_str(), "trigger")
        };
        if is_usual_trigger(trigger, command) {
            return None;
        }
        if let Some(why) = self.problem(trigger) {
            let message = format!("could not set regex: could not compile trigger regex for {name}: {why}");
            return Some(Problem { rule: BAD_PATTERN, path: place.field(key), message });
        }
        if compiled(trigger).is_none_or(|trigger| trigger.is_match(command)) {
            return None;
        }
        let message = format!(
            "could not set regex: for job {name}, rerun command \"{command}\" does not match trigger \"{trigger}\""
        );
        let key = if job.trigger.is_empty() { "rerun_command" } else { key };
        // Without a command there is nothing that could match.
        let rule = if command.is_empty() { HALF_TRIGGER } else { TRIGGER_MISMATCH };
        Some(Problem { rule, path: place.field(key), message })
    }

    fn branches(&mut self, name: &str, brancher: &Brancher, place: Place<'_>) -> Option<Problem> {
        let lists =
            [("positive", "branches", &brancher.branches), ("negative", "skip_branches", &brancher.skip_branches)];
        lists.into_iter().find_map(|(kind, key, patterns)| {
            if patterns.iter().all(|pattern| is_plain(pattern)) {
                return None;
            }
            let why = self.problem(&patterns.join("|"))?;
            let path = place.field(key);
            // Two halves of a pattern may need each other to be wrong.
            let first = patterns.iter().position(|pattern| pattern::check(pattern).is_err());
            let path = first.map_or_else(|| path.clone(), |index| below(path.clone(), [Step::Item(index)]));
            let wrong = format!("could not set regex: could not set branch regexes for {name}");
            let message = format!("{wrong}: could not compile {kind} branch regex: {why}");
            Some(Problem { rule: BAD_PATTERN, path, message })
        })
    }

    fn changes(&mut self, name: &str, matcher: &RegexpChangeMatcher, place: Place<'_>) -> Option<Problem> {
        let (key, pattern) = match matcher.run_if_changed.as_str() {
            "" => ("skip_if_only_changed", &matcher.skip_if_only_changed),
            _ => ("run_if_changed", &matcher.run_if_changed),
        };
        let why = self.problem(pattern)?;
        let wrong = format!("could not set regex: could not set change regexes for {name}");
        let message = format!("{wrong}: could not compile {key} regex: {why}");
        Some(Problem { rule: BAD_PATTERN, path: place.field(key), message })
    }
}

/// The comment that starts a job which has neither trigger nor command, as a pattern.
pub fn default_trigger(name: &str) -> String {
    format!(r"(?m)^/test( | .* ){name},?($|\s.*)")
}

/// The comment that starts a job which has neither trigger nor command.
pub fn default_command(name: &str) -> String {
    format!("/test {name}")
}

/// A pattern that compiles, for matching.
pub fn compiled(pattern: &str) -> Option<Regex> {
    Regex::new(&pattern::translate(pattern).ok()?).ok()
}

/// Groups of plain patterns are nested no deeper.
const MOST_PLAIN_GROUPS: usize = 20;

/// Whether a text is a pattern for anybody to see: letters, anchors, alternatives, groups, single repetitions. Most are,
/// and need not be compiled to know it.
fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes().peekable();
    let (mut groups, mut can_repeat) = (0, false);
    while let Some(byte) = bytes.next() {
        can_repeat = match byte {
            b'\\' if bytes.next().is_some_and(|next| b".-/".contains(&next)) => true,
            b'(' if groups < MOST_PLAIN_GROUPS => {
                groups += 1;
                // Of what may come after a question mark only the colon is plain.
                if bytes.next_if_eq(&b'?').is_some() && bytes.next() != Some(b':') {
                    return false;
                }
                false
            }
            b')' if groups > 0 => {
                groups -= 1;
                true
            }
            b'|' => false,
            b'*' | b'+' | b'?' if can_repeat => false,
            byte if byte.is_ascii_alphanumeric() || b"-_/.^$ ,:;=@#%&~'\"<>!".contains(&byte) => true,
            _ => return false,
        };
    }
    groups == 0
}

fn is_plain_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Whether a trigger is like those that are generated, and matches its command.
fn is_usual_trigger(trigger: &str, command: &str) -> bool {
    let words = trigger.strip_prefix(r"(?m)^/test( | .* )").and_then(|rest| rest.strip_suffix(r",?($|\s.*)"));
    let (Some(words), Some(wanted)) = (words, command.strip_prefix("/test ")) else { return false };
    match words.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        None => words == wanted && is_plain_word(words),
        Some(words) => words.split('|').all(is_plain_word) && words.split('|').any(|word| word == wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_plain_compiles() {
        for text in [
            "",
            "^main$",
            r"^release-4\.10$",
            "a|",
            "x||y",
            "^^$$",
            r"\-",
            "a b",
            r"^docs/|\.md$|^(?:.*/)?(?:\.gitignore|OWNERS)$",
            "(a|(b.+)*)?",
            "()",
        ] {
            assert!(is_plain(text) && pattern::check(text).is_ok(), "{text}");
        }
        for text in ["*", "a(", r"\", r"a\d", "[a", "a{2}", r"\_", "(*", "a**", "a)", "(?i)a", "a|+", "(?"] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn usual_triggers_match_their_commands() {
        for (words, command, usual) in [
            ("unit", "/test unit", true),
            ("(unit|remaining-required)", "/test unit", true),
            ("(unit|all)", "/test e2e", false),
            ("unit", "/test e2e", false),
            ("(a", "/test (a", false),
        ] {
            let trigger = default_trigger(words);
            assert_eq!(is_usual_trigger(&trigger, command), usual, "{words}");
            assert!(!usual || compiled(&trigger).unwrap().is_match(command));
        }
    }
}
