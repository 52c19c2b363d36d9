//! From key path to place: where in a text a rule's value stands.
//!
//! The model has no positions, so a violation names its place by keys and items, and the tree is asked only when there
//! is something to report. A path that the text does not have (a missing field, a value that came from a default)
//! leads to the deepest node on the way that it does have.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Segment, Violation};

use super::codec::{Decode, Problem, Strictness, read};
use super::convert::{equal_fold, key_text};
use super::parse::{SyntaxError, parse};
use super::tree::{Node, Tree};

rules! {
    YAML_SYNTAX = "yaml-syntax",
        "a file is not YAML",
        "Nothing in the file can be read, so nothing is made of it.",
        "correct the text at this place; most often it is indentation, a colon or a quote";
    YAML_TYPE = "yaml-type",
        "a value is not of the type that its field has, or a strictly read file has a field that there is not",
        "The whole file is refused.",
        "write a value of the type that the message names; for an unknown field, correct its spelling or remove it";
    COLLIDING_KEYS = "colliding-keys",
        "two keys of a mapping become one, such as a number and its text",
        "Only one of the two values counts.",
        "remove one of the two";
    UNWRITABLE_TEXT = "unwritable-text",
        "a value has no canonical text",
        "The file cannot be brought into canonical form and stays as it is.",
        "replace the value that the message names";
}

/// Byte offset of the value at `path`, or of the last of its ancestors that is there.
pub fn locate(tree: &Tree<'_>, path: &KeyPath) -> usize {
    let Some(mut node) = tree.root() else { return 0 };
    let mut offset = node.offset();
    for segment in &path.0 {
        let next = match segment {
            Segment::Key(key) => under_key(node, key).map(|(key, value)| (key.offset(), value)),
            Segment::Name(key) => under_key(node, key).map(|(key, _)| (key.offset(), key)),
            Segment::Item(index) => node.resolved().items().nth(*index).map(|item| (item.offset(), item)),
        };
        let Some((place, inner)) = next else { break };
        offset = if inner.text().is_empty() { place } else { inner.offset() };
        node = inner;
    }
    offset
}

/// As [`locate`], for a path that is there to its end.
pub fn find(tree: &Tree<'_>, path: &KeyPath) -> Option<usize> {
    let mut node = tree.root()?;
    for segment in &path.0 {
        node = match segment {
            Segment::Key(key) => under_key(node, key)?.1,
            Segment::Name(key) => under_key(node, key)?.0,
            Segment::Item(index) => node.resolved().items().nth(*index)?,
        };
    }
    Some(locate(tree, path))
}

/// The last entry with this key: the one that counts.
fn under_key<'a, 't>(node: Node<'a, 't>, key: &str) -> Option<(Node<'a, 't>, Node<'a, 't>)> {
    let text = |entry: &(Node<'a, 't>, Node<'a, 't>)| key_text(entry.0.resolved()).ok();
    let exact = node.resolved().entries().filter(|entry| text(entry).is_some_and(|text| text == key)).last();
    exact.or_else(|| {
        node.resolved().entries().filter(|entry| text(entry).is_some_and(|text| equal_fold(&text, key))).last()
    })
}

/// A violation as a finding in `file`, whose text was parsed into `tree`.
pub fn place(violation: Violation, file: &str, text: &str, tree: &Tree<'_>) -> Diagnostic {
    let offset = locate(tree, &violation.path);
    Diagnostic::of_file(file, violation.rule, violation.message).at(text, offset)
}

/// A syntax error as a finding.
pub fn syntax_finding(error: SyntaxError, file: &str, text: &str) -> Diagnostic {
    // What is missing at the end is missing after the last character.
    let last = text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    Diagnostic::of_file(file, YAML_SYNTAX.id, error.message).at(text, error.offset.min(last))
}

/// What a text says, read leniently, or all that is wrong with it.
pub fn decoded<T: Decode + Default>(file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    decoded_tree(&parsed(file, text)?, file, text)
}

/// The tree of a text, or what is wrong with it.
pub fn parsed<'t>(file: &str, text: &'t str) -> Result<Tree<'t>, Vec<Diagnostic>> {
    parse(text).map_err(|error| vec![syntax_finding(error, file, text)])
}

/// As [`decoded`], of a text that was parsed.
pub fn decoded_tree<T: Decode + Default>(tree: &Tree<'_>, file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    read(tree, Strictness::Lenient).map_err(|problems| type_findings(problems, file, text))
}

/// Problems of decoding as findings.
pub fn type_findings(problems: Vec<Problem>, file: &str, text: &str) -> Vec<Diagnostic> {
    problems.into_iter().map(|problem| type_finding(problem, file, text)).collect()
}

/// A problem of decoding as a finding.
pub fn type_finding(problem: Problem, file: &str, text: &str) -> Diagnostic {
    let message = match problem.path.as_str() {
        "" => problem.message,
        path => format!("{path}: {}", problem.message),
    };
    let finding = Diagnostic::of_file(file, YAML_TYPE.id, message).at(text, problem.offset);
    let Some(other) = problem.other else { return finding };
    let other = Diagnostic::of_file("", "", "").at(text, other);
    let message = format!("{}: the other is in line {}, column {}", finding.message, other.line, other.column);
    Diagnostic { rule: COLLIDING_KEYS.id, message, ..finding }
        .because("the reference keeps either, by chance")
        .fix("remove one")
}
