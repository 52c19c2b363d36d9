//! What canonical form does not keep, though its author wrote it.
//!
//! Reading tells most of it ([`crate::yaml::notes`]): a field that nobody knows, a key given twice, a number that was meant as
//! text. Comments and further documents are no part of what is read and are looked for in the text. Each is a warning at its
//! place with what to write instead. Spelling alone is no loss: quotes, order, indentation, `60m` for `1h0m0s`; nor is what
//! is left out or moved on purpose, such as empty fields, defaults and deprecated ones.
//!
//! Which function: [`lost`] for a file that is to be rewritten, [`notes`] for one that stays as it is, [`findings`] where a
//! value is read anyway by [`crate::yaml::codec::read_noting`].

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::{Rule, rules};
use crate::yaml::codec::{Decode, Hint, Note, NoteKind, Strictness, read_noting};
use crate::yaml::parse::{asides, parse};
use crate::yaml::tree::Tree;

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

/// What is written anew whatever it was.
const OVERWRITTEN: &str = "zz_generated_metadata";

/// What is lost on the way from a text, read as a `T`, to its canonical form. Nothing is said of a text that cannot be read.
pub fn lost<T: Decode>(file: &str, text: &str) -> Vec<Diagnostic> {
    parse(text).map(|tree| losses::<T>(file, text, &tree)).unwrap_or_default()
}

/// As [`lost`], for a text that was parsed into `tree`.
pub fn losses<T: Decode>(file: &str, text: &str, tree: &Tree<'_>) -> Vec<Diagnostic> {
    let mut said = Teller { file, text, findings: Vec::new() };
    said.asides();
    said.findings.extend(notes::<T>(file, text, tree));
    said.findings
}

/// What of a text nobody reads, or not as it was written: as [`losses`] but for comments and further documents, which are
/// lost only when a file is written.
pub fn notes<T: Decode>(file: &str, text: &str, tree: &Tree<'_>) -> Vec<Diagnostic> {
    match read_noting::<T>(tree, Strictness::Lenient) {
        Ok((_, notes)) => findings(file, text, tree, &notes),
        Err(_) => Vec::new(),
    }
}

/// Notes as findings. They are about a text that was parsed into `tree`.
pub fn findings(file: &str, text: &str, tree: &Tree<'_>, notes: &[Note]) -> Vec<Diagnostic> {
    let overwritten = if notes.is_empty() { 0..0 } else { overwritten(tree) };
    let mut said = Teller { file, text, findings: Vec::new() };
    for note in notes.iter().filter(|note| !overwritten.contains(&note.offset)) {
        said.note(note);
    }
    said.findings
}

/// Where the value of what is written anew stands, if at all.
fn overwritten(tree: &Tree<'_>) -> Range<usize> {
    let mut entries = tree.root().into_iter().flat_map(|root| root.entries());
    match entries.by_ref().find(|(key, _)| **key.text() == *OVERWRITTEN) {
        Some((_, value)) => value.offset()..entries.next().map_or(usize::MAX, |(key, _)| key.offset()),
        None => 0..0,
    }
}

/// Puts losses into words.
struct Teller<'l> {
    file: &'l str,
    text: &'l str,
    findings: Vec<Diagnostic>,
}

impl Teller<'_> {
    /// Adds a finding; what is to be done about it where the rule does not say it well enough.
    fn add(&mut self, rule: &Rule, offset: usize, message: String, fix: Option<String>) {
        let finding = Diagnostic::of_rule(rule, self.file, message).at(self.text, offset);
        self.findings.push(match fix {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
    }

    fn asides(&mut self) {
        let found = asides(self.text);
        if let Some(first) = found.comments.first() {
            let message = match found.comments.len() {
                1 => "this comment is dropped".to_owned(),
                number => format!("this comment and {} more are dropped", number - 1),
            };
            let fix = "say it in a field (`documentation`, `commands`), in the commit or in a README beside this file";
            self.add(&LOST_COMMENT, *first, message, Some(fix.into()));
        }
        if let Some(second) = found.second_document {
            self.add(&LOST_DOCUMENT, second, "everything from here is dropped".into(), Some("remove it".into()));
        }
    }

    fn note(&mut self, note: &Note) {
        let offset = note.offset;
        match &note.kind {
            NoteKind::Unknown { name, hint } => {
                self.add(&DROPPED_FIELD, offset, format!("`{name}` is dropped"), hint.as_ref().map(meant));
            }
            NoteKind::Repeated { name, again, at } => self.repeated(offset, name, again, *at),
            NoteKind::Text { raw, text } => {
                let fix = format!("write \"{raw}\" with the quotes, or {text:?} if that is meant");
                self.add(&TEXT_CHANGES, offset, format!("`{raw}` becomes {text:?}"), Some(fix));
            }
            NoteKind::Json { text } => {
                let fix = "put quotes around every number and boolean in it";
                self.add(&TEXT_CHANGES, offset, format!("this becomes the text {text:?}"), Some(fix.into()));
            }
            NoteKind::Octal { raw, number } => {
                let sign = if raw.starts_with('-') { "-" } else { "" };
                let digits = raw.trim_start_matches(['+', '-', '0', '_']);
                let fix = format!("write {number}, or {sign}{digits} if that is meant");
                self.add(&OCTAL_NUMBER, offset, format!("`{raw}` becomes {number}"), Some(fix));
            }
            NoteKind::Nanoseconds { raw, text } => {
                let fix = format!("write {raw}s, {raw}m or {raw}h, whichever is meant");
                self.add(&NANOSECONDS, offset, format!("`{raw}` becomes {text}"), Some(fix));
            }
        }
    }

    fn repeated(&mut self, offset: usize, name: &str, again: &str, at: usize) {
        let finding = match name == again {
            true => {
                let message = format!("this value of `{name}` is dropped: the key is given again below");
                Diagnostic::of_rule(&DUPLICATE_KEY, self.file, message)
            }
            false => {
                let message = format!("this value of `{name}` is dropped: `{again}` is the same key, and counts");
                let why = "keys are read without regard to capitals, and the spelling that is last by its letters counts: \
                    small ones come after capitals";
                Diagnostic::of_rule(&DUPLICATE_KEY, self.file, message).because(why)
            }
        };
        let other = Diagnostic::of_file(self.file, "", "this one counts").at(self.text, at);
        self.findings.push(finding.at(self.text, offset).fix("remove one of them").related(other));
    }
}

/// What to do about an unknown field that was probably meant to be another one.
fn meant(hint: &Hint) -> String {
    match hint {
        Hint::Similar(field) => format!("did you mean `{field}`? If not, remove it"),
        Hint::Below(field) => format!("did you mean it below `{field}`? If not, remove it"),
        Hint::Beside(key) => format!("did you mean it one level up, beside `{key}`? If not, remove it"),
    }
}

#[cfg(test)]
mod tests;
