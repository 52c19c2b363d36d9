//! Answers to findings about one text.
//!
//! Each is made from the text at the place of the finding, and only where what stands there is of the one form that the
//! answer is right for.

use std::collections::BTreeMap;

use crate::diagnostic::{Answer, Diagnostic, Edit};
use crate::yaml::parse::{asides, parse};
use crate::yaml::scalar::{Scalar, resolve};
use crate::yaml::tree::{Kind, Node, Style, Tree};

/// How a finding of a wrong type ends where a text was wanted, and a number is there.
const NUMBER_FOR_TEXT: &str = "cannot unmarshal number into a string";

/// A text, taken apart to find answers in.
#[derive(Debug)]
pub struct Answers<'t> {
    text: &'t str,
    tree: Tree<'t>,
    /// Where lines begin.
    lines: Vec<usize>,
    /// Where comments begin.
    comments: Vec<usize>,
    /// Scalars by their place; of several the first, which is the key of what is empty.
    scalars: BTreeMap<usize, u32>,
    /// Mappings by the places of their keys.
    mappings: BTreeMap<usize, u32>,
}

impl<'t> Answers<'t> {
    /// Nothing where the text is no document.
    pub fn of(text: &'t str) -> Option<Self> {
        let tree = parse(text).ok()?;
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(newlines).collect();
        let (mut scalars, mut mappings) = (BTreeMap::new(), BTreeMap::new());
        for node in (0..u32::try_from(tree.len()).ok()?).filter_map(|index| tree.node(index)) {
            if node.kind() == Kind::Scalar {
                scalars.entry(node.offset()).or_insert(node.index());
            }
            for (key, _) in node.entries() {
                mappings.entry(key.offset()).or_insert(node.index());
            }
        }
        Some(Self { text, tree, lines, comments: asides(text).comments, scalars, mappings })
    }

    /// The edits that answer a finding, where its rule is answered by edits.
    pub fn to(&self, finding: &Diagnostic) -> Option<Answer> {
        let at = self.offset(finding.line, finding.column)?;
        let edit = match finding.rule {
            "text-changes" => self.quoted(at),
            "yaml-type" if finding.message.ends_with(NUMBER_FOR_TEXT) => self.quoted(at),
            "duplicate-key" => {
                let other = finding.related.first().filter(|place| place.file == finding.file)?;
                self.repeated(at, self.offset(other.line, other.column)?)
            }
            "needless-go-repository" => self.field("canonical_go_repository", at),
            _ => None,
        };
        edit.map(|edit| Answer::Edits(vec![edit]))
    }

    /// The byte offset of a line and a column, which count from one.
    fn offset(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.lines.get(line.checked_sub(1)?)?;
        let (at, _) = self.text.get(start..)?.char_indices().nth(column.checked_sub(1)?)?;
        Some(start + at)
    }

    fn edit(&self, start: usize, end: usize, text: String) -> Option<Edit> {
        let position = |at: usize| {
            let line = self.lines.partition_point(|start| *start <= at);
            let begins = *self.lines.get(line.checked_sub(1)?)?;
            Some((line, self.text.get(begins..at)?.chars().count() + 1))
        };
        Some(Edit { start, end, text, from: position(start)?, to: position(end)? })
    }

    /// A number, with quotes.
    fn quoted(&self, at: usize) -> Option<Edit> {
        let node = self.tree.node(*self.scalars.get(&at)?)?;
        let raw = &**node.text();
        let is_plain = node.style() == Style::Plain && node.tag().is_none();
        let is_number =
            matches!(resolve(raw, node.style(), node.tag()), Ok(Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_)));
        let is_word = !raw.bytes().any(|byte| byte.is_ascii_digit());
        if !is_plain || !is_number || is_word || !self.text.get(at..)?.starts_with(raw) || raw.contains(['"', '\\']) {
            return None;
        }
        self.edit(at, at + raw.len(), format!("\"{raw}\""))
    }

    /// The entry whose key is at `at`, where the same key at `other`, further down in the same mapping, counts.
    fn repeated(&self, at: usize, other: usize) -> Option<Edit> {
        let mapping = self.tree.node(*self.mappings.get(&at)?)?;
        let mut entries = mapping.entries().skip_while(|(key, _)| key.offset() != at).map(|(key, _)| key);
        let first = entries.next().filter(|key| key.kind() == Kind::Scalar)?;
        let next = entries.next()?;
        let is_last = |key: &Node<'_, '_>| key.offset() == other;
        let last = std::iter::once(next).chain(entries).find(is_last)?;
        let is_same = last.kind() == Kind::Scalar && last.text() == first.text() && last.style() == first.style();
        if is_same { self.lines_between(at, Some(next.offset())) } else { None }
    }

    /// The entry of the document with this key, whose key or value is at `at`.
    fn field(&self, name: &str, at: usize) -> Option<Edit> {
        let root = self.tree.root()?;
        let mut entries = root.entries().skip_while(|(key, _)| **key.text() != *name);
        let (key, _) = entries.next().filter(|(key, value)| [key.offset(), value.offset()].contains(&at))?;
        self.lines_between(key.offset(), entries.next().map(|(key, _)| key.offset()))
    }

    /// Removes the lines from that of one key to that of the next of its mapping, or to the end of the text. Both keys have
    /// to be the first on their lines, and no comment may go, nor may one directly above, about what goes, come to stand
    /// above something else. Where there are aliases the text may be needed elsewhere.
    fn lines_between(&self, key: usize, next: Option<usize>) -> Option<Edit> {
        let (start, indentation) = self.line_of(key)?;
        let end = match next {
            Some(next) => {
                let (start, other) = self.line_of(next)?;
                (other == indentation).then_some(start)?
            }
            // What ends a document may come after its last entry.
            None => self.text.len(),
        };
        let gone = self.text.get(start..end)?;
        let has_comment = self.comment_from(start).is_some_and(|comment| comment < end) || self.is_comment_above(start);
        let has_end = next.is_none() && gone.lines().any(|line| line.starts_with("---") || line.starts_with("..."));
        if self.tree.has_aliases() || has_comment || has_end {
            return None;
        }
        self.edit(start, end, String::new())
    }

    /// The first comment from a place on.
    fn comment_from(&self, place: usize) -> Option<usize> {
        self.comments.get(self.comments.partition_point(|comment| *comment < place)).copied()
    }

    /// Whether there is nothing but a comment on the line before the one that begins at `start`.
    fn is_comment_above(&self, start: usize) -> bool {
        let line = self.lines.partition_point(|line| *line < start);
        let above = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        let text = above.and_then(|above| self.text.get(above..self.comment_from(above).filter(|at| *at < start)?));
        text.is_some_and(|before| before.trim().is_empty())
    }

    /// Where the line of a place begins, and how many spaces are before the place, where there is nothing else.
    fn line_of(&self, place: usize) -> Option<(usize, usize)> {
        let line = self.lines.partition_point(|start| *start <= place).checked_sub(1)?;
        let start = *self.lines.get(line)?;
        let before = self.text.get(start..place)?;
        before.bytes().all(|byte| byte == b' ').then_some((start, before.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::{apply, is_sound};

    /// The text after the answer to a finding at `at`, about `other` too.
    fn fixed(rule: &'static str, text: &str, at: usize, other: Option<usize>) -> Option<String> {
        let mut finding = Diagnostic::of_file("f", rule, "m").at(text, at);
        if let Some(other) = other {
            finding = finding.related(Diagnostic::of_file("f", rule, "m").at(text, other));
        }
        let Answer::Edits(edits) = Answers::of(text)?.to(&finding)? else { panic!("no edits") };
        let new = apply(text, &[&edits]).text;
        assert!(is_sound(text, &new, &edits.iter().collect::<Vec<_>>()), "{text:?} became {new:?}");
        Some(new)
    }

    #[test]
    fn numbers_get_quotes_and_other_words_do_not() {
        for (raw, wanted) in [
            ("4.10", Some("\"4.10\"")),
            ("010", Some("\"010\"")),
            ("1_000", Some("\"1_000\"")),
            ("-1e3", Some("\"-1e3\"")),
            ("yes", None),
            ("~", None),
            ("null", None),
            (".inf", None),
            (".nan", None),
            ("text", None),
            ("'4.10'", None),
            ("!!float 4.10", None),
            ("2001-12-14", None),
        ] {
            for (before, after) in
                [("é: ", "\n"), ("é: ", " # why\n"), ("é: [a, ", "]\n"), ("é:\n- ", ""), ("", ": é\n")]
            {
                let text = format!("{before}{raw}{after}");
                let expected = wanted.map(|wanted| format!("{before}{wanted}{after}"));
                assert_eq!(fixed("text-changes", &text, before.len(), None), expected, "{text}");
            }
        }
    }

    #[test]
    fn a_repeated_key_goes_with_its_lines() {
        for (text, wanted) in [
            ("a: 1\na: 2\n", Some("a: 2\n")),
            ("a:\n  b: 1\n\nc: 3\na: 2\n", Some("c: 3\na: 2\n")),
            ("a: |\n  b\n\n  c\na: 2", Some("a: 2")),
            ("a: [\n1]\r\na: 2\r\n", Some("a: 2\r\n")),
            ("a: # why\na: 2\n", None),
            ("a: 1\n# what comes is better\na: 2\n", None),
            ("# why\na: 1\na: 2\n", None),
            ("b: 1\n\t # why\r\na: 1\na: 2\n", None),
            ("# whose file this is\n\na: 1\na: 2\n", Some("# whose file this is\n\na: 2\n")),
            ("b: 1 # why\na: 1\na: 2\n", Some("b: 1 # why\na: 2\n")),
            ("b: |\n  # text\na: 1\na: 2\n", Some("b: |\n  # text\na: 2\n")),
            ("a: 1\n'a': 2\n", None),
            ("a: &x 1\na: *x\n", None),
            ("a: &x 1\nb: 1\na: 2\n", Some("b: 1\na: 2\n")),
            ("{a: 1,\na: 2}\n", None),
        ] {
            let last = text.rfind("a:").or_else(|| text.rfind("'a'")).unwrap();
            let first = text.find("a:").unwrap();
            let other = text.find("'a'").unwrap_or(last);
            assert_eq!(fixed("duplicate-key", text, first, Some(other)).as_deref(), wanted, "{text}");
        }
        let list = "l:\n- a: 1\n  a: 2\n";
        assert_eq!(fixed("duplicate-key", list, 5, Some(12)), None, "it shares its line");
        let second = "l:\n- b: 1\n  a: 2\n  a: 3\n";
        assert_eq!(fixed("duplicate-key", second, 12, Some(19)).as_deref(), Some("l:\n- b: 1\n  a: 3\n"));
    }

    #[test]
    fn a_needless_field_goes() {
        let field = "canonical_go_repository: github.com/o/r\n";
        for (before, after) in [("", "z: 1\n"), ("a: 1\n", ""), ("a: 1\n", "\nz: 1\n")] {
            let text = format!("{before}{field}{after}");
            let wanted = format!("{before}{}", after.trim_start());
            assert_eq!(fixed("needless-go-repository", &text, before.len() + 25, None), Some(wanted));
        }
        for (before, after) in
            [("", "# why\n"), ("{", "}"), ("a: 1\n", "---\nb: 1\n"), ("a: 1\n", "...\n"), ("# why\n", "z: 1\n")]
        {
            let text = format!("{before}{field}{after}");
            assert_eq!(fixed("needless-go-repository", &text, before.len() + 25, None), None, "{text}");
        }
    }

    #[test]
    fn edits_have_lines_and_columns() {
        let edits = |rule, text: &str, at, other: Option<usize>| {
            let finding = Diagnostic::of_file("f", rule, "m").at(text, at);
            let other = Diagnostic::of_file("f", rule, "m").at(text, other.unwrap_or(0));
            match Answers::of(text).unwrap().to(&finding.related(other)) {
                Some(Answer::Edits(edits)) => edits.iter().map(|edit| (edit.from, edit.to)).collect::<Vec<_>>(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(edits("text-changes", "a: 1\né: 4.10\n", 9, None), [((2, 4), (2, 8))]);
        assert_eq!(edits("duplicate-key", "é: 1\na:\n  1\na: 2", 6, Some(13)), [((2, 1), (4, 1))]);
    }

    #[test]
    fn places_that_are_not_there_have_no_answer() {
        let answers = Answers::of("é: 1\n").unwrap();
        for (line, column) in [(0, 0), (1, 0), (0, 1), (1, 9), (2, 1), (9, 9)] {
            let finding = Diagnostic { line, column, ..Diagnostic::of_file("f", "text-changes", "m") };
            assert_eq!(answers.to(&finding), None, "{line}:{column}");
        }
        assert!(Answers::of("a: [").is_none());
    }
}
