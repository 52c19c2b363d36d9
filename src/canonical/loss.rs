//! What canonical form does not keep, though its author wrote it.
//!
//! The canonical text is compared with the text it was made of, tree against tree, whatever type lies between: a field that
//! nobody knows, a key given twice, a number that was meant as text, a comment. Each is a warning at its place with what to
//! write instead. Spelling alone is no loss: quotes, order, indentation, `60m` for `1h0m0s`.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::{Rule, rules};
use crate::yaml::convert::{equal_fold, is_merge, key_text};
use crate::yaml::number::coerced_text;
use crate::yaml::parse::asides;
use crate::yaml::scalar::{Scalar, resolve};
use crate::yaml::tree::{Kind, Node, Style, Tree};

rules! {
    LOST_COMMENT = warning "lost-comment",
        "canonical form drops a comment",
        "What the comment says is gone for those who read the file next.",
        "say it in a field (`documentation`, `commands`), in the commit or in a README beside the file";
    LOST_DOCUMENT = warning "lost-document",
        "canonical form drops a second document",
        "Only the first document of a file is read, so whatever the second one was to do never happened.",
        "remove the second document, or put it into a file of its own";
    DUPLICATE_KEY = warning "duplicate-key",
        "a mapping gives a key twice",
        "The last of equal keys counts; the value before it has no effect and is dropped.",
        "keep the one that is meant";
    DROPPED_FIELD = warning "dropped-field",
        "a field has a name that nothing reads",
        "The field has no effect, and canonical form drops it.",
        "check its spelling and its indentation, or remove it";
    NANOSECONDS = warning "nanoseconds",
        "a duration has no unit",
        "It counts nanoseconds, so that a timeout of 60 is over at once.",
        "write the number with its unit: 60s, 60m or 60h";
    OCTAL_NUMBER = warning "octal-number",
        "a number begins with 0",
        "It is octal: 010 is eight.",
        "write the number that is meant, without zeros before it";
    TEXT_CHANGES = warning "text-changes",
        "a text without quotes is read as a number or a boolean",
        "The text is made of that value, so that 4.10 becomes 4.1 and yes becomes true.",
        "put the text in quotes";
}

/// Values are nested less deeply than this by far.
const MAX_DEPTH: usize = 200;
/// What is written anew whatever it was.
const OVERWRITTEN: &str = "zz_generated_metadata";

/// What is lost on the way from `text`, parsed into `tree`, to its canonical form.
pub fn losses(file: &str, text: &str, tree: &Tree<'_>, canonical: &Tree<'_>) -> Vec<Diagnostic> {
    Losses { file, text, has_lists: true, findings: Vec::new() }.of(tree, canonical)
}

/// As [`losses`], for one file of several that make one `whole`. Lists are not looked into: they are made of those of all
/// files.
pub fn part_losses(file: &str, text: &str, tree: &Tree<'_>, whole: &Tree<'_>) -> Vec<Diagnostic> {
    Losses { file, text, has_lists: false, findings: Vec::new() }.of(tree, whole)
}

struct Losses<'l> {
    file: &'l str,
    text: &'l str,
    /// Whether items of lists can be told from each other.
    has_lists: bool,
    findings: Vec<Diagnostic>,
}

impl Losses<'_> {
    fn of(mut self, tree: &Tree<'_>, canonical: &Tree<'_>) -> Vec<Diagnostic> {
        self.asides();
        if let (Some(old), Some(new)) = (tree.root(), canonical.root()) {
            self.compare(old, new, 0);
        }
        self.findings
    }

    fn add(&mut self, rule: &Rule, offset: usize, message: String, why: &str, fix: String) {
        let finding = Diagnostic::of_file(self.file, rule.id, message).at(self.text, offset).warning();
        self.findings.push(finding.because(why).fix(fix));
    }

    fn asides(&mut self) {
        let found = asides(self.text);
        if let Some(first) = found.comments.first() {
            let message = match found.comments.len() {
                1 => "this comment is dropped".to_owned(),
                number => format!("this comment and {} more are dropped", number - 1),
            };
            let fix = "say it in a field (`documentation`, `commands`), in the commit or in a README beside this file";
            self.add(&LOST_COMMENT, *first, message, "canonical form has no comments", fix.into());
        }
        if let Some(second) = found.second_document {
            let message = "everything from here is dropped".to_owned();
            self.add(&LOST_DOCUMENT, second, message, "only the first document of a file is read", "remove it".into());
        }
    }

    fn compare(&mut self, old: Node<'_, '_>, new: Node<'_, '_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match (old.resolved().kind(), new.kind()) {
            (Kind::Mapping, Kind::Mapping) => self.compare_mappings(old.resolved(), new, depth),
            (Kind::Sequence, Kind::Sequence) if self.has_lists => self.compare_lists(old.resolved(), new, depth),
            (Kind::Scalar, Kind::Scalar) => self.compare_scalars(old, new),
            _ => {}
        }
    }

    fn compare_mappings(&mut self, old: Node<'_, '_>, new: Node<'_, '_>, depth: usize) {
        let written: BTreeMap<_, _> =
            new.entries().filter_map(|(key, value)| Some((key_text(key).ok()?, value))).collect();
        let mut seen = BTreeMap::new();
        for (key, value) in old.entries().filter(|(key, _)| !is_merge(*key)) {
            let Ok(text) = key_text(key.resolved()) else { continue };
            if let Some(earlier) = seen.insert(text.clone(), key.offset()) {
                let message = format!("this value of `{text}` is dropped: the key is given again below");
                self.add(
                    &DUPLICATE_KEY,
                    earlier,
                    message,
                    "the last of equal keys counts",
                    "remove one of them".into(),
                );
            }
            self.compare_key(key, &text);
            let same = || written.iter().find(|(name, _)| equal_fold(name, &text)).map(|(_, value)| value);
            match written.get(&text).or_else(same) {
                _ if depth == 0 && text == OVERWRITTEN => {}
                Some(new) => self.compare(value, *new, depth + 1),
                None if says_nothing(value, depth) => {}
                None => {
                    let message = format!("`{text}` is dropped");
                    let fix = "check its spelling and its indentation, or remove it";
                    self.add(
                        &DROPPED_FIELD,
                        key.offset(),
                        message,
                        "nothing here reads a field of this name",
                        fix.into(),
                    );
                }
            }
        }
    }

    /// A key that is no text becomes one.
    fn compare_key(&mut self, key: Node<'_, '_>, text: &str) {
        let key = key.resolved();
        if key.style() == Style::Plain && key.tag().is_none() && **key.text() != *text {
            self.text_changes(key.offset(), key.text(), text);
        }
    }

    /// Lists are compared by the names of their items where they have names, since jobs are sorted; else by position.
    fn compare_lists(&mut self, old: Node<'_, '_>, new: Node<'_, '_>, depth: usize) {
        let mut named: BTreeMap<&str, Vec<Node<'_, '_>>> = BTreeMap::new();
        let news: Vec<_> = new.items().collect();
        for item in news.iter().rev() {
            if let Some(name) = name_of(*item) {
                named.entry(name).or_default().push(*item);
            }
        }
        for (at, item) in old.items().enumerate() {
            let by_name = name_of(item.resolved()).and_then(|name| named.get_mut(name)).and_then(Vec::pop);
            if let Some(new) = by_name.or_else(|| news.get(at).copied()) {
                self.compare(item, new, depth + 1);
            }
        }
    }

    fn compare_scalars(&mut self, old: Node<'_, '_>, new: Node<'_, '_>) {
        let (place, old) = (old.offset(), old.resolved());
        if old.style() != Style::Plain || old.text() == new.text() {
            return;
        }
        let was = resolve(old.text(), old.style(), old.tag());
        let is = resolve(new.text(), new.style(), new.tag());
        let (Ok(was), Ok(is)) = (was, is) else { return };
        let raw = old.text();
        match (&was, &is) {
            (Scalar::Int(number), Scalar::Str(text)) if *text == format!("{number}ns") => {
                let fix = format!("write {number}s, {number}m or {number}h, whichever is meant");
                let message = format!("`{raw}` becomes {text}");
                self.add(&NANOSECONDS, place, message, "a duration without a unit counts nanoseconds", fix);
            }
            (_, Scalar::Str(text)) if coerced_text(&was).is_some_and(|coerced| coerced == *text) => {
                self.text_changes(place, raw, text);
            }
            (Scalar::Int(number), Scalar::Int(_)) if is_octal(raw) => {
                let message = format!("`{raw}` becomes {number}");
                let fix = format!("write {number}, or {} if that is meant", raw.trim_start_matches(['+', '-', '0']));
                self.add(&OCTAL_NUMBER, place, message, "a number that begins with 0 is octal", fix);
            }
            _ => {}
        }
    }

    fn text_changes(&mut self, offset: usize, raw: &str, text: &str) {
        let message = format!("`{raw}` becomes {text:?}");
        let why = "without quotes it is a number or a boolean, and the text is made of its value";
        self.add(
            &TEXT_CHANGES,
            offset,
            message,
            why,
            format!("write \"{raw}\" with the quotes, or {text:?} if that is meant"),
        );
    }
}

/// Leading zeros make octal numbers of what has no digit above seven.
fn is_octal(raw: &str) -> bool {
    let digits = raw.trim_start_matches(['+', '-']);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit() || digit == b'_')
}

/// The name of a job or a test.
fn name_of<'a>(item: Node<'a, '_>) -> Option<&'a str> {
    let named = |wanted: &str| item.entries().find(|(key, _)| **key.text() == *wanted);
    named("name").or_else(|| named("as")).map(|(_, value)| &**value.resolved().text())
}

/// Whether a value is what a field has that is not there: null, false, zero, empty, or made of such.
fn says_nothing(value: Node<'_, '_>, depth: usize) -> bool {
    let value = value.resolved();
    match value.kind() {
        _ if depth > MAX_DEPTH => true,
        Kind::Sequence => value.items().next().is_none(),
        Kind::Mapping => value.entries().all(|(_, value)| says_nothing(value, depth + 1)),
        Kind::Alias => true,
        Kind::Scalar => match resolve(value.text(), value.style(), value.tag()) {
            Ok(Scalar::Null | Scalar::Bool(false) | Scalar::Int(0) | Scalar::Uint(0)) => true,
            Ok(Scalar::Float(number)) => number == 0.0,
            Ok(Scalar::Str(text)) => text.is_empty() || matches!(&*text, "0" | "0s" | "0h0m0s"),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse::parse;

    /// Rule, line and column of what is lost between two texts.
    fn lost(old: &str, new: &str) -> Vec<(&'static str, usize, usize)> {
        let findings = losses("f.yaml", old, &parse(old).unwrap(), &parse(new).unwrap());
        assert!(
            findings.iter().all(|finding| !finding.is_error() && finding.fix.is_some() && finding.snippet.is_some())
        );
        findings.iter().map(|finding| (finding.rule, finding.line, finding.column)).collect()
    }

    #[test]
    fn numbers_and_booleans_that_were_meant_as_text_are_losses() {
        assert_eq!(lost("as: 4.10\n", "as: \"4.1\"\n"), [("text-changes", 1, 5)]);
        assert_eq!(lost("as: yes\n", "as: \"true\"\n"), [("text-changes", 1, 5)]);
        assert_eq!(lost("as: 010\n", "as: \"8\"\n"), [("text-changes", 1, 5)]);
        assert_eq!(lost("on: {a: b}\n", "\"true\": {a: b}\n"), [("text-changes", 1, 1)]);
        assert_eq!(lost("a: 010\n", "a: 8\n"), [("octal-number", 1, 4)]);
        assert_eq!(lost("timeout: 4\n", "timeout: 4ns\n"), [("nanoseconds", 1, 10)]);
    }

    #[test]
    fn another_spelling_is_no_loss() {
        for (old, new) in [
            ("as: 4.19\n", "as: \"4.19\"\n"),
            ("as: \"4.10\"\n", "as: \"4.10\"\n"),
            ("optional: yes\n", "optional: true\n"),
            ("cpu: 0.1\n", "cpu: 100m\n"),
            ("timeout: 60m\n", "timeout: 1h0m0s\n"),
            ("date: 2001-12-14\n", "date: \"2001-12-14\"\n"),
            ("A: {b: c}\n", "a:\n  b: c\n"),
            ("a: 0x10\n", "a: 16\n"),
            ("optional: false\nlist: []\nmap: {a: 0, b: ''}\nnone:\nkept: 1\n", "kept: 1\n"),
            ("zz_generated_metadata: {variant: x}\n", "zz_generated_metadata: {branch: main}\n"),
            ("- name: b\n  x: 1\n- name: a\n  z: 1\n", "- name: a\n  z: 1\n- name: b\n  x: 1\n"),
        ] {
            assert_eq!(lost(old, new), [], "{old}");
        }
    }

    #[test]
    fn what_is_dropped_is_a_loss() {
        assert_eq!(lost("a: 1\nb: 2\n", "a: 1\n"), [("dropped-field", 2, 1)]);
        assert_eq!(lost("a: 1\nb: 2\na: 3\n", "a: 3\nb: 2\n"), [("duplicate-key", 1, 1)]);
        assert_eq!(lost("t:\n- as: x\n  c: 1\n", "t:\n- as: x\n"), [("dropped-field", 3, 3)]);
        assert_eq!(lost("a: 1 # why\n# what\n", "a: 1\n"), [("lost-comment", 1, 6)]);
        assert_eq!(lost("a: 1\n---\nb: 2\n", "a: 1\n"), [("lost-document", 2, 1)]);
    }

    #[test]
    fn merged_and_aliased_values_are_compared_where_they_stand() {
        let old = "x: &x {as: 4.10}\nt: [*x, {<<: *x, b: c}]\n";
        let new = "x:\n  as: \"4.1\"\nt:\n- as: \"4.1\"\n- as: \"4.1\"\n  b: c\n";
        assert_eq!(lost(old, new), [("text-changes", 1, 12), ("text-changes", 1, 12)]);
    }
}
