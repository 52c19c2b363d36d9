//! Plain scalars.

use std::borrow::Cow;

use super::SyntaxError;
use super::chars::{break_length, break_text, byte, is_blank, is_blankz, is_break};
use super::scanner::Scanner;
use super::token::TokenKind;
use crate::yaml::tree::Style;

impl Scanner<'_> {
    /// A scalar without quotes. It goes on over lines that are indented deeper than the collection around it; a line
    /// break between two of its lines is a space, further ones are newlines.
    pub(super) fn scan_plain(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let indent = self.indent + 1;
        let mut value: Cow<'_, str> = Cow::Borrowed("");
        let mut first = true;
        let mut between = String::new();
        let mut broken = false;
        loop {
            if self.at_document_indicator() || byte(self.bytes, self.at) == b'#' {
                break;
            }
            let run = self.at;
            self.skip_plain_run();
            if self.at > run {
                let part = &self.text[run..self.at];
                if first {
                    value = Cow::Borrowed(part);
                    first = false;
                } else if !broken && let Cow::Borrowed(_) = value {
                    // Words on one line are one slice of the text.
                    value = Cow::Borrowed(&self.text[start..self.at]);
                } else {
                    let value = value.to_mut();
                    value.push_str(&between);
                    value.push_str(part);
                }
                broken = false;
            }
            between.clear();
            if !(is_blank(self.bytes, self.at) || is_break(self.bytes, self.at)) {
                break;
            }
            broken = self.skip_between(indent, &mut between)?;
            if broken && self.flow_level == 0 && (self.column() as isize) < indent {
                break;
            }
        }
        if broken {
            self.simple_key_allowed = true;
        }
        self.push(TokenKind::Scalar(value, Style::Plain), start);
        Ok(())
    }

    /// Steps over characters up to a blank, a break or an indicator that ends the scalar.
    fn skip_plain_run(&mut self) {
        while !is_blankz(self.bytes, self.at) {
            match byte(self.bytes, self.at) {
                b':' if is_blankz(self.bytes, self.at + 1) => return,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if self.flow_level > 0 => return,
                _ => self.at += 1,
            }
        }
    }

    /// Steps over blanks and breaks and says what they mean between two parts of the scalar; true where there was a break.
    fn skip_between(&mut self, indent: isize, between: &mut String) -> Result<bool, SyntaxError> {
        let mut broken = false;
        let mut leading = "";
        loop {
            if is_blank(self.bytes, self.at) {
                if broken && byte(self.bytes, self.at) == b'\t' && (self.column() as isize) < indent {
                    return Err(SyntaxError::new(self.at, "found a tab character that violates indentation"));
                }
                if !broken {
                    between.push(char::from(byte(self.bytes, self.at)));
                }
                self.at += 1;
            } else if break_length(self.bytes, self.at) > 0 {
                let text = break_text(self.bytes, self.at);
                if broken {
                    between.push_str(text);
                } else {
                    between.clear();
                    leading = text;
                    broken = true;
                }
                self.skip_break();
            } else {
                break;
            }
        }
        if broken {
            fold(leading, between);
        }
        Ok(broken)
    }
}

/// What a line break and the breaks after it (in `rest`) mean: one newline is a space, of several the first is dropped.
pub(super) fn fold(leading: &str, rest: &mut String) {
    if leading != "\n" {
        rest.insert_str(0, leading);
    } else if rest.is_empty() {
        rest.push(' ');
    }
}
