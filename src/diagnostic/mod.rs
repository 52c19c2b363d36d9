//! Findings: what is wrong with the user's files, as values.
//!
//! A [`Violation`] is what a rule says about a model value: it names the place by key path, because the model has no
//! positions. A [`Diagnostic`] is a violation, a type error or a syntax error put into a file: line, column, snippet.
//! What it was found by is a [`Rule`]. Rendering is elsewhere (`cli/render`); nothing here prints, and errors of our own
//! run are not findings.

mod answer;
pub mod rule;

use std::fmt;

pub use answer::{Answer, Edit};
pub use rule::Rule;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The reference refuses it.
    Error,
    /// The reference takes it, and probably not as the author meant.
    Warning,
}

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// Into a mapping, by key: to the value.
    Key(String),
    /// To the key itself of an entry of a mapping, where that is what is wrong. Nothing comes after it.
    Name(String),
    /// Into a sequence, by position from zero.
    Item(usize),
}

/// A place in a document by keys and positions, written `tests[3].as`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(pub Vec<Segment>);

impl KeyPath {
    /// The path to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// This path with a key appended.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Key(key.into()));
        path
    }

    /// This path to the key itself of an entry.
    #[must_use]
    pub fn name(&self, key: impl Into<String>) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Name(key.into()));
        path
    }

    /// This path with a position appended.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Item(index));
        path
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) | Segment::Name(key) if at == 0 => out.write_str(key)?,
                Segment::Key(key) | Segment::Name(key) => write!(out, ".{key}")?,
                Segment::Item(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What a rule says about a model value, before it has a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The rule's id, in kebab-case.
    pub rule: &'static str,
    /// Where in the document.
    pub path: KeyPath,
    /// What is wrong, near the reference's words.
    pub message: String,
}

/// A line of a file shown with a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snippet {
    /// The line's text without its end.
    pub text: String,
    /// Byte range of the offending part within the text.
    pub start: usize,
    /// See `start`.
    pub end: usize,
}

/// A second place that a finding is about: the other promoter of a tag, the step that brings a parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// The file, named as in [`Diagnostic::file`].
    pub file: String,
    /// Line from 1; 0 when it is about the whole file.
    pub line: usize,
    /// Column in characters from 1; 0 when it is about the whole file.
    pub column: usize,
    /// What is there.
    pub message: String,
    /// The line.
    pub snippet: Option<Snippet>,
}

/// One finding in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, relative to the root of what was read where that is known.
    pub file: String,
    /// Line from 1; 0 when the finding is about the whole file.
    pub line: usize,
    /// Column in characters from 1; 0 when the finding is about the whole file.
    pub column: usize,
    /// The rule's id, in kebab-case.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The line it is about.
    pub snippet: Option<Snippet>,
    /// Why it matters, where that is not plain.
    pub why: Option<String>,
    /// What to do about it.
    pub fix: Option<String>,
    /// Further places that it is about.
    pub related: Vec<Related>,
    /// What the reference says of it, in its own words, where it says anything.
    pub reference: Option<String>,
    /// What `cutwater check --fix` does about it, where there is one safe answer.
    pub answer: Option<Answer>,
    /// Why that leaves the file as it is, where another one is the cause.
    pub held: Option<String>,
    /// A digest of what was found, where the message does not say it: with another digest the same message is about
    /// something else. Means something within one run only.
    pub digest: Option<u64>,
}

impl Diagnostic {
    /// An error about a whole file.
    pub fn of_file(file: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            rule,
            severity: Severity::Error,
            message: message.into(),
            snippet: None,
            why: None,
            fix: None,
            related: Vec::new(),
            reference: None,
            answer: None,
            held: None,
            digest: None,
        }
    }

    /// What a rule finds in a file, as bad as the rule has it.
    pub fn of_rule(rule: &Rule, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: rule.severity, ..Self::of_file(file, rule.id, message) }.explained(rule)
    }

    /// Adds what the rule says of every such finding, where the finding says nothing itself.
    #[must_use]
    pub fn explained(mut self, rule: &Rule) -> Self {
        self.explain(rule);
        self
    }

    /// As [`Diagnostic::explained`], in place.
    pub fn explain(&mut self, rule: &Rule) {
        self.why.get_or_insert_with(|| rule.why.to_owned());
        self.fix.get_or_insert_with(|| rule.fix.to_owned());
    }

    /// Puts the finding at a byte offset of the file's text, with that line as snippet.
    #[must_use]
    pub fn at(mut self, text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
        let line = text[start..end].trim_end_matches('\r');
        self.line = text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        self.column = text[start..offset].chars().count() + 1;
        let caret = (offset - start).min(line.len());
        let rest = line[caret..].trim_end().len().max(1);
        self.snippet =
            Some(Snippet { text: line.to_owned(), start: caret, end: (caret + rest).min(line.len().max(caret + 1)) });
        self
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Whether it stands against the file.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Adds why the finding matters.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds a further place: the whole of another finding but its message is of no use there.
    #[must_use]
    pub fn related(mut self, place: Self) -> Self {
        let Self { file, line, column, message, snippet, .. } = place;
        self.related.push(Related { file, line, column, message, snippet });
        self
    }

    /// Adds what the reference says of it.
    #[must_use]
    pub fn as_reference(mut self, message: impl Into<String>) -> Self {
        self.reference = Some(message.into());
        self
    }

    /// What findings are sorted by: file, line, column, rule, message.
    pub fn order(&self) -> (&str, usize, usize, &'static str, &str) {
        (&self.file, self.line, self.column, self.rule, &self.message)
    }
}
