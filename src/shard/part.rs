//! One file of several, and findings in it.
//!
//! A part keeps the text it came from. Places are looked up in the text when there is something to report, which is
//! seldom, so that the common case carries no positions.

use std::marker::PhantomData;

use crate::diagnostic::rule::{Rule, rules};
use crate::diagnostic::{Diagnostic, KeyPath, Violation};
use crate::yaml::codec::{Decode, Empties, Problem, Strictness, read, read_with_empties};
use crate::yaml::locate::{place, syntax_finding, type_finding};
use crate::yaml::parse::parse;
use crate::yaml::record::{Fields, is_default};

rules! {
    MERGE_CONFLICT = "merge-conflict",
        "two files of Prow's configuration say the same thing twice",
        "Only one of them could count, so Prow refuses to load its configuration.",
        "keep one of the two";
    NOT_MERGEABLE = "not-mergeable",
        "a supplemental file has what only the main file may have",
        "Prow refuses to load its configuration.",
        "move it into the main file, _config.yaml or _plugins.yaml";
}

/// A file's text under the name that findings give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The name.
    pub file: &'a str,
    /// The content.
    pub text: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<'a, T> {
    /// Where it comes from.
    pub source: Source<'a>,
    /// Its value.
    pub value: T,
}

impl<'a> Source<'a> {
    /// Reads the file.
    pub(super) fn read<T: Decode>(self, strictness: Strictness) -> Result<Part<'a, T>, Vec<Diagnostic>> {
        let tree = self.parse()?;
        let value = read(&tree, strictness).map_err(|problems| self.problems(problems))?;
        Ok(Part { source: self, value })
    }

    /// Reads the file, with where lists and maps are empty.
    pub(super) fn read_with_empties<T: Decode>(self) -> Result<(T, Empties), Vec<Diagnostic>> {
        let tree = self.parse()?;
        read_with_empties(&tree, Strictness::Lenient).map_err(|problems| self.problems(problems))
    }

    fn parse(self) -> Result<crate::yaml::tree::Tree<'a>, Vec<Diagnostic>> {
        parse(self.text).map_err(|error| vec![syntax_finding(error, self.file, self.text)])
    }

    fn problems(self, problems: Vec<Problem>) -> Vec<Diagnostic> {
        let finding = |problem: Problem| {
            let unknown = problem.message.starts_with("unknown field");
            let word = self.boolean(&problem);
            let finding = type_finding(problem, self.file, self.text);
            match word {
                _ if unknown => finding.fix("spell it as Prow does, or remove it"),
                Some(word) => finding.fix(format!("`{word}` is a boolean in YAML: put it in quotes, \"{word}\"")),
                None => finding,
            }
        };
        problems.into_iter().map(finding).collect()
    }

    /// The word that is a boolean where a text is wanted, such as a namespace called `n`.
    fn boolean(self, problem: &Problem) -> Option<&'a str> {
        let is_it = problem.message.ends_with("cannot unmarshal bool into a string");
        let rest = self.text.get(problem.offset..).filter(|_| is_it)?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        rest.get(..end).filter(|word| !word.is_empty())
    }

    /// A finding at a place of the file.
    pub(super) fn finding(self, rule: &Rule, path: KeyPath, message: impl Into<String>) -> Diagnostic {
        let violation = Violation { rule: rule.id, path, message: message.into() };
        match parse(self.text) {
            Ok(tree) => place(violation, self.file, self.text, &tree),
            Err(_) => Diagnostic::of_file(self.file, rule.id, violation.message),
        }
    }
}

/// The first of the files that says something.
pub(super) fn first_that<'a, T: Decode>(sources: &[Source<'a>], says: impl Fn(&T) -> bool) -> Option<Source<'a>> {
    sources.iter().copied().find(|source| source.read(Strictness::Lenient).is_ok_and(|part| says(&part.value)))
}

/// Merges supplemental files into the main one, in their order; gives what two of them may not both say.
pub(super) fn merge_all<'a, T: Decode>(
    main: Source<'a>,
    config: &mut T,
    supplements: Vec<Part<'a, T>>,
    merge: impl Fn(&mut T, T, &mut Conflicts<'_, 'a, T>),
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut sources = vec![main];
    for Part { source, value } in supplements {
        let of_kind = PhantomData;
        merge(config, value, &mut Conflicts { source, earlier: &sources, findings: &mut findings, of_kind });
        sources.push(source);
    }
    findings
}

/// Where conflicts of one file with those before it go.
pub(super) struct Conflicts<'c, 'a, T> {
    source: Source<'a>,
    earlier: &'c [Source<'a>],
    findings: &'c mut Vec<Diagnostic>,
    of_kind: PhantomData<T>,
}

impl<T: Decode> Conflicts<'_, '_, T> {
    /// Notes that a file before this one says the same.
    pub fn note(&mut self, path: KeyPath, message: String, says: impl Fn(&T) -> bool) {
        let finding = self.source.finding(&MERGE_CONFLICT, path, &*message).as_reference(message);
        let earlier = if self.findings.len() < MOST_LOOKUPS { self.earlier } else { &[] };
        self.findings.push(match first_that(earlier, says) {
            Some(Source { file, .. }) => finding.because(format!("{file} has it as well")).fix("keep one of the two"),
            None => finding,
        });
    }
}

/// For so many findings the other file is looked up, which means reading files again; for more it would take too long, and
/// some directory has been copied as a whole.
pub(super) const MOST_LOOKUPS: usize = 100;

/// A path of keys.
pub(super) fn keys<const N: usize>(keys: [&str; N]) -> KeyPath {
    keys.iter().fold(KeyPath::root(), |path, key| path.key(*key))
}

/// The top keys of what is left in a record after all that can be merged was taken out, and of empty lists and maps that
/// are not `allowed`.
pub(super) fn left_over<T: Fields + Default + Clone + PartialEq>(
    rest: &T,
    empties: &[Vec<String>],
    allowed: impl Fn(&[String]) -> bool,
) -> Vec<KeyPath> {
    let given = |(name, position): &(&'static str, u32)| {
        let mut without = rest.clone();
        without.reset_at(*position);
        (without != *rest).then(|| keys([name]))
    };
    let mut found: Vec<KeyPath> = match is_default(rest) {
        true => Vec::new(),
        false => rest.layout().fields.iter().filter_map(given).collect(),
    };
    let foreign = empties.iter().filter(|way| !allowed(way));
    found.extend(foreign.filter_map(|way| way.first()).map(|first| keys([first])));
    found.sort();
    found.dedup();
    found
}
