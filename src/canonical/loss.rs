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
use crate::yaml::codec::{Decode, Hint, Note, NoteKind, Strictness, read_noting};
use crate::yaml::parse::{asides, parse};
use crate::yaml::tree::Tree;

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
    fn add(&mut self, rule: &'static str, offset: usize, message: String, why: &str, fix: String) {
        let finding = Diagnostic::of_file(self.file, rule, message).at(self.text, offset).warning();
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
            self.add("lost-comment", *first, message, "canonical form has no comments", fix.into());
        }
        if let Some(second) = found.second_document {
            let message = "everything from here is dropped".to_owned();
            self.add("lost-document", second, message, "only the first document of a file is read", "remove it".into());
        }
    }

    fn note(&mut self, note: &Note) {
        match &note.kind {
            NoteKind::Unknown { name, hint } => self.unknown(note.offset, name, hint.as_ref()),
            NoteKind::Repeated { name, again, at } => self.repeated(note.offset, name, again, *at),
            NoteKind::Text { raw, text } => {
                let message = format!("`{raw}` becomes {text:?}");
                let why = "without quotes it is a number, a boolean or null, and the text is made of its value";
                let fix = format!("write \"{raw}\" with the quotes, or {text:?} if that is meant");
                self.add("text-changes", note.offset, message, why, fix);
            }
            NoteKind::Json { text } => {
                let message = format!("this becomes the text {text:?}");
                let why = "only texts, lists of texts and maps of texts are kept as they are";
                let fix = "put quotes around every number and boolean in it";
                self.add("text-changes", note.offset, message, why, fix.into());
            }
            NoteKind::Octal { raw, number } => {
                let message = format!("`{raw}` becomes {number}");
                let sign = if raw.starts_with('-') { "-" } else { "" };
                let digits = raw.trim_start_matches(['+', '-', '0', '_']);
                let fix = format!("write {number}, or {sign}{digits} if that is meant");
                self.add("octal-number", note.offset, message, "a number that begins with 0 is octal", fix);
            }
            NoteKind::Nanoseconds { raw, text } => {
                let message = format!("`{raw}` becomes {text}");
                let fix = format!("write {raw}s, {raw}m or {raw}h, whichever is meant");
                self.add("nanoseconds", note.offset, message, "a duration without a unit counts nanoseconds", fix);
            }
        }
    }

    fn unknown(&mut self, offset: usize, name: &str, hint: Option<&Hint>) {
        let fix = match hint {
            Some(Hint::Similar(field)) => format!("did you mean `{field}`? If not, remove it"),
            Some(Hint::Below(field)) => format!("did you mean it below `{field}`? If not, remove it"),
            Some(Hint::Beside(field)) => format!("did you mean it one level up, beside `{field}`? If not, remove it"),
            None => "check its spelling and its indentation, or remove it".to_owned(),
        };
        let message = format!("`{name}` is dropped");
        self.add("dropped-field", offset, message, "nothing here reads a field of this name", fix);
    }

    fn repeated(&mut self, offset: usize, name: &str, again: &str, at: usize) {
        let (message, why) = match name == again {
            true => (
                format!("this value of `{name}` is dropped: the key is given again below"),
                "the last of equal keys counts",
            ),
            false => (
                format!("this value of `{name}` is dropped: `{again}` is the same key, and counts"),
                "keys are equal whatever their capitals; the last in the order of letters counts, and small letters are last",
            ),
        };
        self.add("duplicate-key", offset, message, why, "remove one of them".into());
        let other = Diagnostic::of_file(self.file, "duplicate-key", "this one counts").at(self.text, at);
        if let Some(finding) = self.findings.pop() {
            self.findings.push(finding.related(other));
        }
    }
}

#[cfg(test)]
mod tests;
