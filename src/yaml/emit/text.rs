//! Strings in the style that was chosen for them, over as many lines as they need.

use std::fmt::Write;

use super::style::{self, Chosen, is_break};
use super::{Emitter, Place, WIDTH};

impl Emitter {
    /// Writes a string; `column` is where its further lines begin, `may_fold` whether it may have any.
    pub(super) fn write(&mut self, text: &str, chosen: Chosen, column: usize, may_fold: bool) {
        match chosen {
            Chosen::Plain => self.plain(text, column, may_fold),
            Chosen::Single => self.single(text, column, may_fold),
            Chosen::Double => self.double(text, column, may_fold),
            Chosen::Literal => self.literal(text, column),
            Chosen::Changed => match style::through_json(text) {
                Ok(text) => {
                    let chosen = style::of_value(&text);
                    self.write(&text, chosen, column, may_fold);
                }
                Err(message) => self.fail(message),
            },
        }
    }

    /// Characters on the current line so far.
    fn width(&self) -> usize {
        self.out[self.line..].chars().count()
    }

    fn fold(&mut self, column: usize) {
        self.out.push('\n');
        self.line = self.out.len();
        self.indent(column);
    }

    fn plain(&mut self, text: &str, column: usize, may_fold: bool) {
        if !may_fold || self.fits(text) {
            return self.out.push_str(text);
        }
        self.folded(text, column, false, |_| true);
    }

    fn single(&mut self, text: &str, column: usize, may_fold: bool) {
        self.out.push('\'');
        // Quotes are doubled, which also counts.
        let length = text.len() + text.matches('\'').count();
        if may_fold && (!self.has_room(length) && text.contains(' ') || text.chars().any(is_break)) {
            let last = text.len().saturating_sub(1);
            self.folded(text, column, true, |at| at > 0 && at < last);
        } else {
            for (at, part) in text.split('\'').enumerate() {
                if at > 0 {
                    self.out.push_str("''");
                }
                self.out.push_str(part);
            }
        }
        self.out.push('\'');
    }

    /// Goes on in the next line at each lone space beyond the width where `may_break` allows it, and doubles quotes
    /// where the text stands between them. Line and paragraph separators, the only breaks that come here, are kept.
    fn folded(&mut self, text: &str, column: usize, is_quoted: bool, may_break: impl Fn(usize) -> bool) {
        let bytes = text.as_bytes();
        let mut width = self.width();
        let (mut after_space, mut after_break) = (false, false);
        for (at, char) in text.char_indices() {
            if is_break(char) {
                self.out.push(char);
                self.line = self.out.len();
                (width, after_break) = (0, true);
                continue;
            }
            if after_break {
                self.indent(column);
                (width, after_break) = (column, false);
            }
            let is_lone = char == ' ' && !after_space && bytes.get(at + 1) != Some(&b' ');
            after_space = char == ' ';
            if is_lone && width > WIDTH && may_break(at) {
                self.fold(column);
                width = column;
                continue;
            }
            if char == '\'' && is_quoted {
                self.out.push('\'');
                width += 1;
            }
            self.out.push(char);
            width += 1;
        }
    }

    fn double(&mut self, text: &str, column: usize, may_fold: bool) {
        self.out.push('"');
        // The reference looks for a byte order mark at the beginning of the text whatever character it is at.
        if text.starts_with('\u{feff}') {
            text.chars().for_each(|char| self.escaped(char));
        } else {
            self.double_over_lines(text, column, may_fold && text.contains(' '));
        }
        self.out.push('"');
    }

    fn double_over_lines(&mut self, text: &str, column: usize, may_fold: bool) {
        let last = text.len().saturating_sub(1);
        let mut after_space = false;
        for (at, char) in text.char_indices() {
            let is_space = char == ' ';
            if is_space && may_fold && !after_space && at > 0 && at < last && self.width() > WIDTH {
                self.fold(column);
                if text.as_bytes().get(at + 1) == Some(&b' ') {
                    self.out.push('\\');
                }
            } else if is_printable(char) {
                self.out.push(char);
            } else {
                self.escaped(char);
            }
            after_space = is_space;
        }
    }

    fn escaped(&mut self, char: char) {
        let letter = match char {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.numbered(char),
        };
        self.out.push('\\');
        self.out.push(letter);
    }

    /// An escape by the character's number.
    fn numbered(&mut self, char: char) {
        let code = u32::from(char);
        // Writing to a string does not fail.
        let _ = match code {
            0..=0xff => write!(self.out, "\\x{code:02X}"),
            0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
            _ => write!(self.out, "\\U{code:08X}"),
        };
    }

    fn literal(&mut self, text: &str, column: usize) {
        self.out.push('|');
        if text.starts_with(' ') || text.starts_with(is_break) {
            self.out.push('2');
        }
        let mut backwards = text.chars().rev();
        match (backwards.next().is_some_and(is_break), backwards.next()) {
            (false, _) => self.out.push('-'),
            (true, before) if before.is_none_or(is_break) => self.out.push('+'),
            _ => {}
        }
        self.out.push('\n');
        self.line = self.out.len();
        let mut after_break = true;
        for line in text.split_inclusive(is_break) {
            let content = line.trim_end_matches(is_break);
            if !content.is_empty() {
                if after_break {
                    self.indent(column);
                }
                self.out.push_str(content);
            }
            self.out.push_str(&line[content.len()..]);
            after_break = line.len() > content.len();
            if after_break {
                self.line = self.out.len();
            }
        }
        if after_break {
            // Separators end the line as well, without being a newline.
            self.place = Place::Line;
        }
    }
}

/// Whether a character stands for itself between double quotes.
fn is_printable(char: char) -> bool {
    match char {
        '"' | '\\' => false,
        ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' => !is_break(char),
        _ => false,
    }
}
