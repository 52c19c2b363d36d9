//! Literal (`|`) and folded (`>`) block scalars.

use super::SyntaxError;
use super::chars::{break_text, byte, is_blank, is_break, is_breakz, is_end};
use super::scanner::Scanner;
use super::token::TokenKind;
use crate::yaml::tree::Style;

/// What happens to line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    /// A block scalar, from its indicator.
    pub(super) fn scan_block_scalar(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let literal = byte(self.bytes, self.at) == b'|';
        self.at += 1;
        let (chomping, increment) = self.block_header()?;
        let parent = usize::try_from(self.indent).unwrap_or(0);
        let mut indent = increment.map(|increment| parent + increment);
        let mut breaks = String::new();
        self.block_breaks(&mut indent, &mut breaks)?;
        let column = indent.unwrap_or(1);
        let mut value = String::new();
        let mut leading = "";
        let mut was_blank = false;
        while self.column() == column && !is_end(self.bytes, self.at) {
            let blank = is_blank(self.bytes, self.at);
            // Between two lines that both begin at the margin a folded scalar has a space instead of a newline.
            if !literal && leading == "\n" && !was_blank && !blank {
                if breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(leading);
            }
            value.push_str(&breaks);
            breaks.clear();
            was_blank = blank;
            let line = self.at;
            while !is_breakz(self.bytes, self.at) {
                self.at += 1;
            }
            value.push_str(&self.text[line..self.at]);
            leading = "";
            if !is_end(self.bytes, self.at) {
                leading = break_text(self.bytes, self.at);
                self.skip_break();
            }
            self.block_breaks(&mut indent, &mut breaks)?;
        }
        if chomping != Chomping::Strip {
            value.push_str(leading);
        }
        if chomping == Chomping::Keep {
            value.push_str(&breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        self.push(TokenKind::Scalar(value.into(), style), start);
        Ok(())
    }

    /// Chomping and indentation indicators in either order, then nothing but a comment on the line.
    fn block_header(&mut self) -> Result<(Chomping, Option<usize>), SyntaxError> {
        let mut chomping = self.chomping();
        let mut increment = None;
        if byte(self.bytes, self.at).is_ascii_digit() {
            let digit = byte(self.bytes, self.at) - b'0';
            if digit == 0 {
                return Err(SyntaxError::new(self.at, "found an indentation indicator equal to 0"));
            }
            increment = Some(usize::from(digit));
            self.at += 1;
            if chomping.is_none() {
                chomping = self.chomping();
            }
        }
        while is_blank(self.bytes, self.at) {
            self.at += 1;
        }
        self.skip_comment();
        if !is_breakz(self.bytes, self.at) {
            return Err(SyntaxError::new(self.at, "did not find expected comment or line break"));
        }
        if is_break(self.bytes, self.at) {
            self.skip_break();
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match byte(self.bytes, self.at) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.at += 1;
        Some(chomping)
    }

    /// Empty lines and the indentation of the next line. Where no indentation was given it is that of the deepest of
    /// these lines.
    fn block_breaks(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Result<(), SyntaxError> {
        let mut deepest = 0;
        loop {
            while indent.is_none_or(|indent| self.column() < indent) && byte(self.bytes, self.at) == b' ' {
                self.at += 1;
            }
            let column = self.column();
            deepest = deepest.max(column);
            if indent.is_none_or(|indent| column < indent) && byte(self.bytes, self.at) == b'\t' {
                return Err(SyntaxError::new(self.at, "found a tab character where an indentation space is expected"));
            }
            if !is_break(self.bytes, self.at) {
                break;
            }
            breaks.push_str(break_text(self.bytes, self.at));
            self.skip_break();
        }
        if indent.is_none() {
            let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
            *indent = Some(deepest.max(least));
        }
        Ok(())
    }
}
