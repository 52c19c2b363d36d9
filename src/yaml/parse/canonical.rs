//! The short cut for canonical text: one look at each line, no tokens.
//!
//! It reads what the emitter writes (block collections, one scalar or key a line, `[]` and `{}`) and a little more.
//! At the first thing that is anything else it gives up, and the scanner reads the text from the start: comments,
//! empty lines, flow collections, anchors, tags, documents, scalars over several lines, tabs, and every error.
//! Quoted and block scalars that need more than a slice of the text are left to the scanner's own functions.

use std::borrow::Cow;

use super::chars::is_break;
use super::scanner::Scanner;
use super::selection::Selection;
use super::token::TokenKind;
use crate::yaml::limits;
use crate::yaml::tree::{Kind, Raw, Style, Tree};
use crate::yaml::words::skip_ordinary;

/// Well below [`limits::SIMPLE_KEY`] and [`limits::NESTING`], which are for the scanner and the composer to judge by.
const MAX_KEY: usize = 1000;
const MAX_OPEN: usize = 1000;

/// The tree of what is selected, or nothing where the text is not canonical.
pub fn parse<'t>(text: &'t str, selection: &'static Selection) -> Option<Tree<'t>> {
    let mut tree = Tree::default();
    tree.nodes.reserve(text.len() / if matches!(selection, Selection::All) { 14 } else { 80 });
    let mut lines = Lines {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tree,
        open: Vec::with_capacity(16),
        pending: Pending::Root,
        next: selection,
        passed_over: None,
        scanner: None,
    };
    while lines.at < lines.bytes.len() {
        lines.line()?;
        if lines.tree.nodes.len() > limits::NODES {
            return None;
        }
    }
    lines.finish()
}

#[derive(Clone, Copy)]
struct Open {
    node: u32,
    column: usize,
    is_sequence: bool,
    /// What is selected among its entries.
    selection: &'static Selection,
}

/// What the next line may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    /// The whole document.
    Root,
    /// The value of a key at this column.
    Value(usize),
    /// Another entry of something open.
    Nothing,
}

struct Lines<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tree: Tree<'t>,
    open: Vec<Open>,
    pending: Pending,
    /// What is selected of the value that comes next.
    next: &'static Selection,
    /// Set while the value of an entry is passed over: how many collections were open at its key.
    passed_over: Option<usize>,
    scanner: Option<Box<Scanner<'t>>>,
}

/// What a byte within a plain scalar may be the start of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Ordinary,
    /// A space, a colon, or a byte of a character that may be a break or forbidden.
    Look,
    Newline,
    /// Tabs, carriage returns, control characters.
    Strange,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Ordinary; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\n' => Class::Newline,
            0..=0x1f | 0x7f => Class::Strange,
            b' ' | b':' | 0xc2 | 0xe2 | 0xef => Class::Look,
            _ => Class::Ordinary,
        };
        byte += 1;
    }
    classes
};

/// Where a plain run of characters on a line ends.
enum Run {
    /// At a colon that makes it a key.
    Key(usize),
    /// At the end of the line.
    Line(usize),
}

impl<'t> Lines<'t> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn line(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte(self.at) == b' ' {
            self.at += 1;
        }
        let column = self.at - start;
        if column == 0 && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"...")) {
            return None;
        }
        let dash = self.at_dash();
        self.settle(column, dash)?;
        if !dash {
            return self.entry(column, false);
        }
        let mut column = column;
        loop {
            let dash = self.at;
            self.at += 1;
            while self.byte(self.at) == b' ' {
                self.at += 1;
            }
            column += self.at - dash;
            if !self.at_dash() {
                return self.entry(column, true);
            }
            self.open(Kind::Sequence, column)?;
        }
    }

    fn at_dash(&self) -> bool {
        self.byte(self.at) == b'-' && self.byte(self.at + 1) == b' '
    }

    /// Closes what the line's column ends and opens what it begins.
    fn settle(&mut self, column: usize, dash: bool) -> Option<()> {
        let kind = if dash { Kind::Sequence } else { Kind::Mapping };
        match self.pending {
            Pending::Root => return self.open(kind, column),
            Pending::Value(parent) if column > parent || dash && column == parent => return self.open(kind, column),
            Pending::Value(_) => self.scalar(Style::Plain, self.at, Cow::Borrowed("")),
            Pending::Nothing => {}
        }
        self.pending = Pending::Nothing;
        while self.open.last()?.column > column {
            self.close();
        }
        if !dash && self.open.last()?.is_sequence {
            self.close();
        }
        if self.passed_over.is_some_and(|open| self.open.len() <= open) {
            self.passed_over = None;
        }
        let top = self.open.last()?;
        self.next = top.selection.item();
        (top.column == column && top.is_sequence == dash).then_some(())
    }

    fn open(&mut self, kind: Kind, column: usize) -> Option<()> {
        let node = self.push(kind, Style::Plain, self.at, Cow::Borrowed(""));
        let selection = self.next;
        self.open.push(Open { node, column, is_sequence: kind == Kind::Sequence, selection });
        self.next = selection.item();
        self.pending = Pending::Nothing;
        (self.open.len() < MAX_OPEN).then_some(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop()
            && self.passed_over.is_none_or(|passed_over| self.open.len() < passed_over)
        {
            self.tree.nodes[open.node as usize].end = self.tree.nodes.len() as u32;
        }
    }

    /// Notes what is selected of the value of a key; with nothing, key and value are passed over.
    fn select(&mut self, key: &str) {
        if self.passed_over.is_some() {
            return;
        }
        let Some(open) = self.open.last() else { return };
        match open.selection.under(key) {
            Some(selection) => self.next = selection,
            None => self.passed_over = Some(self.open.len()),
        }
    }

    /// Puts a node into the tree, except where things are passed over.
    fn push(&mut self, kind: Kind, style: Style, start: usize, text: Cow<'t, str>) -> u32 {
        let index = self.tree.nodes.len() as u32;
        if self.passed_over.is_some() {
            return index;
        }
        self.tree.nodes.push(Raw { kind, style, tagged: false, start: start as u32, end: index + 1, text });
        index
    }

    fn scalar(&mut self, style: Style, start: usize, text: Cow<'t, str>) {
        self.push(Kind::Scalar, style, start, text);
    }

    /// A key with what follows it on the line; in a sequence also a scalar.
    fn entry(&mut self, column: usize, in_sequence: bool) -> Option<()> {
        let start = self.at;
        let (style, text) = match self.byte(start) {
            b'"' | b'\'' => self.quoted()?,
            b'[' | b'{' if in_sequence => return self.empty_collection(),
            b'|' | b'>' if in_sequence => return self.block(),
            _ => match self.plain_run()? {
                Run::Line(end) if in_sequence => return self.plain(end),
                Run::Line(_) => return None,
                Run::Key(end) => {
                    self.at = end;
                    (Style::Plain, Cow::Borrowed(&self.text[start..end]))
                }
            },
        };
        if self.byte(self.at) != b':' {
            // A quoted scalar on its own.
            self.scalar(style, start, text);
            return if in_sequence { self.end_of_line() } else { None };
        }
        if self.at - start > MAX_KEY || !matches!(self.byte(self.at + 1), b' ' | b'\n') {
            return None;
        }
        if in_sequence {
            let colon = std::mem::replace(&mut self.at, start);
            self.open(Kind::Mapping, column)?;
            self.at = colon;
        }
        self.select(&text);
        self.scalar(style, start, text);
        self.at += 1;
        self.value(column)
    }

    /// What follows a key on its line.
    fn value(&mut self, column: usize) -> Option<()> {
        if self.byte(self.at) == b'\n' {
            self.at += 1;
            self.pending = Pending::Value(column);
            return Some(());
        }
        while self.byte(self.at) == b' ' {
            self.at += 1;
        }
        let start = self.at;
        match self.byte(start) {
            b'"' | b'\'' => {
                let (style, text) = self.quoted()?;
                self.scalar(style, start, text);
                self.end_of_line()
            }
            b'[' | b'{' => self.empty_collection(),
            b'|' | b'>' => self.block(),
            _ => match self.plain_run()? {
                Run::Line(end) => self.plain(end),
                Run::Key(_) => None,
            },
        }
    }

    fn plain(&mut self, end: usize) -> Option<()> {
        let text = &self.text[self.at..end];
        self.scalar(Style::Plain, self.at, Cow::Borrowed(text));
        self.at = end;
        self.end_of_line()
    }

    fn end_of_line(&mut self) -> Option<()> {
        if self.byte(self.at) != b'\n' {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// From here to the end of the line or to a colon that ends a key.
    fn plain_run(&self) -> Option<Run> {
        let first = self.byte(self.at);
        match first {
            b'-' | b'?' | b':' if matches!(self.byte(self.at + 1), b' ' | b'\t' | b'\n' | b'\r') => return None,
            // A break may follow as well that is no ASCII character.
            b'-' | b'?' | b':' if self.byte(self.at + 1) >= 0x80 => return None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' | b'\n' | b' ' => return None,
            _ => {}
        }
        let mut at = self.at;
        loop {
            at = skip_ordinary(self.bytes, at);
            match CLASSES[self.byte(at) as usize] {
                Class::Ordinary => at += 1,
                Class::Newline => return Some(Run::Line(at)),
                Class::Strange => return None,
                Class::Look => {
                    let next = self.byte(at + 1);
                    match self.byte(at) {
                        b' ' if matches!(next, b'#' | b'\n' | b'\t' | b'\r') => return None,
                        b' ' if next == b' ' => {
                            at = self.after_spaces(at);
                            if matches!(self.byte(at), b'#' | b'\n' | b'\t' | b'\r') {
                                return None;
                            }
                            continue;
                        }
                        // Spaces before a colon are no part of the key.
                        b':' if matches!(next, b' ' | b'\n') && self.byte(at - 1) == b' ' => return None,
                        b':' if matches!(next, b' ' | b'\n') => return Some(Run::Key(at)),
                        b':' if matches!(next, b'\t' | b'\r' | 0xc2 | 0xe2) => return None,
                        0xc2 if matches!(next, 0x80..=0x9f) => return None,
                        0xe2 if next == 0x80 && matches!(self.byte(at + 2), 0xa8 | 0xa9) => return None,
                        0xef if matches!((next, self.byte(at + 2)), (0xbb, 0xbf) | (0xbf, 0xbe | 0xbf)) => return None,
                        _ => {}
                    }
                    at += 1;
                }
            }
        }
    }

    fn after_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == b' ' {
            at += 1;
        }
        at
    }

    /// A quoted scalar, stepped over.
    fn quoted(&mut self) -> Option<(Style, Cow<'t, str>)> {
        let start = self.at + 1;
        let quote = self.byte(self.at);
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        let mut at = start;
        loop {
            match self.byte(at) {
                byte if byte == quote => break,
                b'\\' if quote == b'"' => return self.quoted_by_scanner(),
                b' '..=b'~' => at += 1,
                // What is not ASCII may have to be looked at, and a line may end.
                _ => return self.quoted_by_scanner(),
            }
        }
        if quote == b'\'' && self.byte(at + 1) == quote {
            return self.quoted_by_scanner();
        }
        self.at = at + 1;
        Some((style, Cow::Borrowed(&self.text[start..at])))
    }

    fn quoted_by_scanner(&mut self) -> Option<(Style, Cow<'t, str>)> {
        let start = self.at;
        let line_end =
            self.bytes[self.at..].iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |end| self.at + end);
        // Forbidden characters are found by the long way.
        if super::chars::first_forbidden(&self.text[self.at..line_end]).is_some() {
            return None;
        }
        let TokenKind::Scalar(text, style) = self.scan(Scanner::scan_quoted, 0)? else { return None };
        // Over several lines only the scanner knows whether it may be a key.
        let is_one_line = !(start..self.at).any(|at| is_break(self.bytes, at));
        is_one_line.then_some((style, text))
    }

    /// A block scalar, stepped over.
    fn block(&mut self) -> Option<()> {
        let start = self.at;
        let indent = self.open.last()?.column;
        let TokenKind::Scalar(text, style) = self.scan(Scanner::scan_block_scalar, indent)? else { return None };
        if super::chars::first_forbidden(&self.text[start..self.at]).is_some() {
            return None;
        }
        // The scanner stands at the next token; indentation of the next line was stepped over with the empty lines.
        self.at =
            self.bytes[start..self.at].iter().rposition(|byte| *byte == b'\n').map(|newline| start + newline + 1)?;
        self.scalar(style, start, text);
        Some(())
    }

    fn scan(
        &mut self,
        scan: fn(&mut Scanner<'t>) -> Result<(), super::SyntaxError>,
        indent: usize,
    ) -> Option<TokenKind<'t>> {
        let text = self.text;
        let scanner = self.scanner.get_or_insert_with(|| Box::new(Scanner::new(text)));
        let (token, at) = scanner.scan_at(self.at, indent, scan)?;
        self.at = at;
        Some(token)
    }

    /// `[]` or `{}`.
    fn empty_collection(&mut self) -> Option<()> {
        let kind = match self.bytes.get(self.at..self.at + 2)? {
            b"[]" => Kind::Sequence,
            b"{}" => Kind::Mapping,
            _ => return None,
        };
        self.push(kind, Style::Plain, self.at, Cow::Borrowed(""));
        self.at += 2;
        self.end_of_line()
    }

    fn finish(mut self) -> Option<Tree<'t>> {
        match self.pending {
            Pending::Root => return None,
            Pending::Value(_) => self.scalar(Style::Plain, self.at.min(self.bytes.len()), Cow::Borrowed("")),
            Pending::Nothing => {}
        }
        while !self.open.is_empty() {
            self.close();
        }
        Some(self.tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse::compose::compose;

    fn outline(tree: &Tree<'_>) -> Vec<(Kind, Style, u32, String)> {
        tree.nodes.iter().map(|node| (node.kind, node.style, node.end, node.text.clone().into_owned())).collect()
    }

    fn agrees(text: &str) -> bool {
        match (parse(text, &Selection::All), compose(text)) {
            (Some(short), Ok(long)) => outline(&short) == outline(&long),
            (Some(_), Err(_)) => false,
            (None, _) => true,
        }
    }

    #[test]
    fn reads_canonical_text_as_the_scanner_does() {
        let texts = [
            "a: 1\nb:\n- x\n- y: z\n  w:\n  - - 1\n    - 2\nc: {}\nd: []\n",
            "a:\nb: \"x\\ty\"\nc: 'it''s'\nd: |\n  one\n   two\n\n  three\ne: |-\n  x\n",
            "- a\n- \"b\": c\n  d: |+\n    x\n\n\n- e\n",
            "a: b:c\nx-y/z.1: -v\n\"q r\": é\n",
            "a:\n  b:\n    c: |2\n       x\n  d: 1\n",
        ];
        for text in texts {
            assert!(parse(text, &Selection::All).is_some(), "not taken: {text:?}");
            assert!(agrees(text), "{text:?}");
        }
    }

    #[test]
    fn leaves_everything_else_to_the_scanner() {
        let texts = [
            "",
            "a",
            "a: b\n  c\n",
            "a: # c\n",
            "a: b # c\n",
            "# c\na: 1\n",
            "a: &x 1\n",
            "a: [1]\n",
            "--- a\n",
            "a: b: c\n",
            "a:\tb\n",
            "- a\nb: c\n",
            "a: 1\n- b\n",
            "a: 1\n\nb: 2\n",
            "a: \"x\n  y\"\n",
            "a: x \n",
            "a: - b\n",
            "? a\n: b\n",
            "a: 1\r\n",
            " a: 1\nb: 2\n",
            "a:\n  b: 1\n c: 2\n",
            "a: *b\n",
            "a: !x b\n",
            "a: %b\n",
            "a: @b\n",
        ];
        for text in texts {
            assert!(parse(text, &Selection::All).is_none(), "taken: {text:?}");
        }
    }
}
