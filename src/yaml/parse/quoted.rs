//! Scalars in single and double quotes.

use std::borrow::Cow;

use super::SyntaxError;
use super::chars::{break_text, byte, is_blank, is_blankz, is_break, is_end};
use super::plain::fold;
use super::scanner::Scanner;
use super::token::TokenKind;
use crate::yaml::tree::Style;

impl<'t> Scanner<'t> {
    /// A quoted scalar, from its opening quote.
    pub(super) fn scan_quoted(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let quote = byte(self.bytes, self.at);
        self.at += 1;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        let value = match self.quoted_on_one_line(quote) {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(self.quoted_in_full(quote, start)?),
        };
        self.push(TokenKind::Scalar(value, style), start);
        Ok(())
    }

    /// The content as it stands in the text, when nothing in it has to be changed.
    fn quoted_on_one_line(&mut self, quote: u8) -> Option<&'t str> {
        let length = self.bytes[self.at..].iter().position(|byte| {
            *byte == quote || matches!(byte, b'\\' if quote == b'"') || matches!(byte, b'\n' | b'\r' | 0xc2 | 0xe2)
        })?;
        let end = self.at + length;
        if byte(self.bytes, end) != quote || quote == b'\'' && byte(self.bytes, end + 1) == quote {
            return None;
        }
        let value = &self.text[self.at..end];
        self.at = end + 1;
        Some(value)
    }

    fn quoted_in_full(&mut self, quote: u8, start: usize) -> Result<String, SyntaxError> {
        let mut value = String::new();
        let mut between = String::new();
        loop {
            if self.at_document_indicator() {
                return Err(SyntaxError::new(self.at, "found unexpected document indicator in a quoted scalar"));
            }
            if is_end(self.bytes, self.at) {
                return Err(SyntaxError::new(start, "found unexpected end of stream: this quote is never closed"));
            }
            let escaped_break = self.quoted_run(quote, &mut value)?;
            if byte(self.bytes, self.at) == quote {
                self.at += 1;
                return Ok(value);
            }
            self.quoted_between(escaped_break, &mut between);
            value.push_str(&between);
            between.clear();
        }
    }

    /// Characters up to a blank, a break or the closing quote; true when an escaped line break ended them.
    fn quoted_run(&mut self, quote: u8, value: &mut String) -> Result<bool, SyntaxError> {
        while !is_blankz(self.bytes, self.at) {
            let here = byte(self.bytes, self.at);
            if here == quote {
                if quote == b'"' || byte(self.bytes, self.at + 1) != quote {
                    return Ok(false);
                }
                value.push('\'');
                self.at += 2;
            } else if here == b'\\' && quote == b'"' {
                if is_break(self.bytes, self.at + 1) {
                    self.at += 1;
                    self.skip_break();
                    return Ok(true);
                }
                self.escape(value)?;
            } else {
                let run = self.at;
                while !is_blankz(self.bytes, self.at) && !matches!(byte(self.bytes, self.at), b'\\' | b'"' | b'\'') {
                    self.at += 1;
                }
                // The other kind of quote, or a backslash between single quotes, is a character like any other.
                self.at += usize::from(self.at == run);
                value.push_str(&self.text[run..self.at]);
            }
        }
        Ok(false)
    }

    fn escape(&mut self, value: &mut String) -> Result<(), SyntaxError> {
        let digits = match byte(self.bytes, self.at + 1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            other => {
                let Some(char) = escaped_char(other) else {
                    return Err(SyntaxError::new(self.at, "found unknown escape character"));
                };
                value.push(char);
                self.at += 2;
                return Ok(());
            }
        };
        let code =
            self.bytes.get(self.at + 2..self.at + 2 + digits).filter(|code| code.iter().all(u8::is_ascii_hexdigit));
        let Some(code) = code else {
            return Err(SyntaxError::new(self.at, "did not find expected hexadecimal number"));
        };
        let number = code
            .iter()
            .fold(0u32, |number, digit| number.wrapping_shl(4) | char::from(*digit).to_digit(16).unwrap_or_default());
        let Some(char) = char::from_u32(number) else {
            return Err(SyntaxError::new(self.at, "found invalid Unicode character escape code"));
        };
        value.push(char);
        self.at += 2 + digits;
        Ok(())
    }

    /// Blanks and breaks, and what they mean; after an escaped break blanks mean nothing.
    fn quoted_between(&mut self, escaped_break: bool, between: &mut String) {
        let mut broken = escaped_break;
        let mut leading = "";
        loop {
            if is_blank(self.bytes, self.at) {
                if !broken {
                    between.push(char::from(byte(self.bytes, self.at)));
                }
                self.at += 1;
            } else if is_break(self.bytes, self.at) {
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
        if broken && !escaped_break {
            fold(leading, between);
        }
    }
}

fn escaped_char(code: u8) -> Option<char> {
    Some(match code {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
