//! Values to canonical text, as Go's libraries write it.
//!
//! An [`Emitter`] is told what a value is made of, in order, and writes block style: two spaces a level, sequences at the
//! indentation of the key that holds them, `{}` and `[]` for what is empty. `style.rs` decides how a string is written,
//! `text.rs` writes it. The reference writes JSON, reads that as YAML and writes what it has read; what does not
//! survive the middle (some control characters, very long keys) is an [`EmitError`] here.

mod style;
mod text;

use super::number::untyped_text;
use style::Chosen;

/// Columns after which a string goes on in the next line at its next space.
const WIDTH: usize = 80;
/// Keys longer than this, in bytes, get a line of their own behind a question mark.
const LONGEST_KEY: usize = 128;

/// Why a value has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError {
    /// What cannot be written.
    pub message: String,
}

impl std::fmt::Display for EmitError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for EmitError {}

/// An open collection.
#[derive(Clone, Copy, Debug)]
struct Open {
    is_sequence: bool,
    has_entries: bool,
    /// Where its entries begin.
    column: usize,
}

/// What stands at the end of the text so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing, or a finished line.
    Line,
    /// A dash, or the mark of a long key or its value, with its space: a collection may begin right here.
    Dash,
    /// A key with its colon.
    Key,
    /// The colon on the line after a long key, behind which a collection begins on the same line.
    LongKey,
    /// A value, whose line is not ended yet.
    Value,
}

/// Writes canonical text. Keys of a mapping are to be given in the order of [`super::order::natural_cmp`].
#[derive(Debug)]
pub struct Emitter {
    out: String,
    open: Vec<Open>,
    place: Place,
    /// Byte offset of the current line in `out`.
    line: usize,
    error: Option<EmitError>,
}

impl Emitter {
    /// An emitter that expects about `bytes` of text.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            open: Vec::with_capacity(16),
            place: Place::Line,
            line: 0,
            error: None,
        }
    }

    /// Writes text.
    pub fn str(&mut self, text: &str) {
        let column = self.begin_scalar();
        match style::of_value(text) {
            Chosen::Plain if self.fits(text) => self.out.push_str(text),
            chosen => self.write(text, chosen, column, true),
        }
    }

    /// Writes an integer.
    pub fn int(&mut self, number: i64) {
        self.begin_scalar();
        self.out.push_str(itoa::Buffer::new().format(number));
    }

    /// Writes an integer.
    pub fn uint(&mut self, number: u64) {
        self.begin_scalar();
        self.out.push_str(itoa::Buffer::new().format(number));
    }

    /// Writes a number that JSON would hold as a float.
    pub fn float(&mut self, number: f64) {
        self.begin_scalar();
        match untyped_text(number) {
            Some(text) => self.out.push_str(&text),
            None => self.fail("a number that is infinite or none at all cannot be written"),
        }
    }

    /// Writes a truth value.
    pub fn bool(&mut self, value: bool) {
        self.begin_scalar();
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// Writes nothing.
    pub fn null(&mut self) {
        self.begin_scalar();
        self.out.push_str("null");
    }

    /// Begins a mapping.
    pub fn begin_map(&mut self) {
        self.begin(false);
    }

    /// Writes a key of the mapping that was begun last; its value is next.
    pub fn key(&mut self, text: &str) {
        let column = self.begin_key();
        if let Some(message) = style::unwritable_key(text) {
            self.fail(message);
        }
        if style::needs_question_mark(text) {
            return self.long_key(text, column);
        }
        match style::of_key(text) {
            Chosen::Plain => self.out.push_str(text),
            chosen => self.write(text, chosen, column, false),
        }
        self.out.push(':');
        self.place = Place::Key;
    }

    /// Writes a key that is known to be a short plain word: a field's name.
    pub fn field(&mut self, name: &'static str) {
        self.begin_key();
        self.out.push_str(name);
        self.out.push(':');
        self.place = Place::Key;
    }

    /// Ends the mapping that was begun last.
    pub fn end_map(&mut self) {
        self.end("{}");
    }

    /// Begins a sequence.
    pub fn begin_seq(&mut self) {
        self.begin(true);
    }

    /// Ends the sequence that was begun last.
    pub fn end_seq(&mut self) {
        self.end("[]");
    }

    /// The text, or the first thing that could not be written.
    pub fn finish(mut self) -> Result<String, EmitError> {
        self.end_line();
        match self.error {
            None => Ok(self.out),
            Some(error) => Err(error),
        }
    }

    /// Notes that something has no text; the first such thing is what [`Emitter::finish`] reports.
    pub fn fail(&mut self, message: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(EmitError { message: message.into() });
        }
    }

    fn end_line(&mut self) {
        if self.place != Place::Line {
            self.out.push('\n');
            self.line = self.out.len();
            self.place = Place::Line;
        }
    }

    fn indent(&mut self, column: usize) {
        const SPACES: &str = "                                                                ";
        let mut left = column;
        while left > 0 {
            let part = left.min(SPACES.len());
            self.out.push_str(&SPACES[..part]);
            left -= part;
        }
    }

    /// To where an entry of the collection that is open last begins; right behind a dash it is there already.
    fn begin_entry(&mut self) -> usize {
        let Some(open) = self.open.last_mut() else { return 0 };
        let column = open.column;
        let is_first = !open.has_entries;
        open.has_entries = true;
        if is_first && self.place == Place::LongKey {
            self.out.push(' ');
        } else if !(is_first && self.place == Place::Dash) {
            self.end_line();
            self.indent(column);
        }
        column
    }

    fn begin_key(&mut self) -> usize {
        self.begin_entry()
    }

    fn begin_item(&mut self) {
        self.begin_entry();
        self.out.push_str("- ");
        self.place = Place::Dash;
    }

    /// To where a scalar begins; gives the column at which it may go on in further lines.
    fn begin_scalar(&mut self) -> usize {
        let column = match self.open.last() {
            None => 0,
            Some(open) if open.is_sequence => {
                self.begin_item();
                self.open.last().map_or(0, |open| open.column)
            }
            Some(open) => {
                let column = open.column;
                if matches!(self.place, Place::Key | Place::LongKey) {
                    self.out.push(' ');
                }
                column
            }
        };
        self.place = Place::Value;
        column + 2
    }

    fn begin(&mut self, is_sequence: bool) {
        let column = match self.open.last().copied() {
            None => 0,
            Some(parent) if parent.is_sequence => {
                self.begin_item();
                parent.column + 2
            }
            // Behind a long key a sequence has an indentation of its own, which it has nowhere else in a mapping.
            Some(parent) if is_sequence && self.place == Place::Key => parent.column,
            Some(parent) => parent.column + 2,
        };
        self.open.push(Open { is_sequence, has_entries: false, column });
    }

    fn end(&mut self, empty: &str) {
        let Some(open) = self.open.pop() else { return };
        if open.has_entries {
            return;
        }
        if matches!(self.place, Place::Key | Place::LongKey) {
            self.out.push(' ');
        }
        self.out.push_str(empty);
        self.place = Place::Value;
    }

    /// `? key` and the colon's line.
    fn long_key(&mut self, text: &str, column: usize) {
        self.out.push_str("? ");
        self.place = Place::Value;
        self.write(text, style::of_value(text), column + 2, true);
        self.end_line();
        self.indent(column);
        self.out.push(':');
        self.place = Place::LongKey;
    }

    /// Whether a text without spaces to break at, or short enough, needs no second line.
    fn fits(&self, text: &str) -> bool {
        self.has_room(text.len()) || !text.as_bytes().contains(&b' ')
    }

    /// Whether so many more bytes fit on the current line.
    fn has_room(&self, bytes: usize) -> bool {
        self.out.len() - self.line + bytes <= WIDTH
    }
}

#[cfg(test)]
mod tests;
