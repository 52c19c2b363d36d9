//! How a string is written: plain where it reads back as itself, else in quotes, over several lines as a literal.

use std::borrow::Cow;

use super::LONGEST_KEY;
use crate::yaml::scalar::reads_back_as_text;
use crate::yaml::words::skip_ordinary;

/// The styles of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    Plain,
    Single,
    Double,
    Literal,
    /// Text that changes, or cannot be, on its way through JSON.
    Changed,
}

/// Whether a text is printable ASCII without spaces, colons and hashes.
fn is_word(text: &str) -> bool {
    let at = skip_ordinary(text.as_bytes(), 0);
    text.as_bytes()[at..].iter().all(|byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b':' | b'#'))
}

/// How a value is written.
pub fn of_value(text: &str) -> Chosen {
    if is_word(text) {
        return of_word(text);
    }
    let facts = Facts::of(text);
    if facts.changes {
        return Chosen::Changed;
    }
    if text.contains('\n') {
        return if facts.literal_allowed() { Chosen::Literal } else { Chosen::Double };
    }
    facts.on_one_line(text)
}

/// How a key without question mark is written.
pub fn of_key(text: &str) -> Chosen {
    match of_value(text) {
        Chosen::Literal => Chosen::Double,
        chosen => chosen,
    }
}

/// How a text is written that [`is_word`].
fn of_word(text: &str) -> Chosen {
    if !reads_back_as_text(text) {
        Chosen::Double
    } else if begins_like_syntax(text) {
        Chosen::Single
    } else {
        Chosen::Plain
    }
}

/// Whether the beginning of a text would be taken for something other than a plain scalar.
fn begins_like_syntax(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.first() {
        None => false,
        Some(
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`',
        ) => true,
        Some(b'?' | b':' | b'-') if matches!(bytes.get(1), None | Some(b' ' | b'\t')) => true,
        _ => text.starts_with("---") || text.starts_with("..."),
    }
}

/// What the characters of a text rule out.
#[derive(Default)]
struct Facts {
    changes: bool,
    special: bool,
    breaks: bool,
    block_indicators: bool,
    leading: bool,
    trailing_space: bool,
    trailing_break: bool,
    space_break: bool,
    break_space: bool,
}

impl Facts {
    fn of(text: &str) -> Self {
        let mut facts = Self { block_indicators: begins_like_syntax(text), ..Self::default() };
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            let next_blank = matches!(chars.peek(), None | Some(' ' | '\t'));
            match char {
                ' ' => {
                    facts.leading |= before.is_none();
                    facts.trailing_space |= chars.peek().is_none();
                    facts.break_space |= before.is_some_and(is_break);
                }
                ':' => facts.block_indicators |= next_blank && before.is_some(),
                '#' => {
                    facts.block_indicators |=
                        before.is_none_or(|before| matches!(before, ' ' | '\t') || is_break(before))
                }
                '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                    facts.changes = true;
                    facts.special = true;
                }
                char if is_break(char) => {
                    facts.breaks = true;
                    facts.leading |= before.is_none();
                    facts.trailing_break |= chars.peek().is_none();
                    facts.space_break |= before == Some(' ');
                    facts.special |= char == '\r';
                }
                '\u{feff}' | '\u{10000}'.. => facts.special = true,
                char if char < ' ' => facts.special = true,
                _ => {}
            }
            before = Some(char);
        }
        facts
    }

    fn literal_allowed(&self) -> bool {
        !(self.trailing_space || self.space_break || self.special)
    }

    /// How a text is written that has no newline, though perhaps other breaks.
    fn on_one_line(&self, text: &str) -> Chosen {
        if !reads_back_as_text(text) || self.special || self.space_break || self.break_space {
            return Chosen::Double;
        }
        let syntax = self.block_indicators || self.leading || self.trailing_space || self.trailing_break || self.breaks;
        if syntax { Chosen::Single } else { Chosen::Plain }
    }
}

/// What YAML 1.1 takes for the end of a line.
pub fn is_break(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a key is too long for one line, or has several.
pub fn needs_question_mark(key: &str) -> bool {
    key.len() > LONGEST_KEY
        || key.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | 0xe2 | 0xc2)) && key.chars().any(is_break)
}

/// Why a key does not come through JSON read as YAML, where it may have 1,024 characters with its quotes.
pub fn unwritable_key(key: &str) -> Option<&'static str> {
    if key.len() <= LONGEST_KEY && !key.contains('\u{85}') {
        return None;
    }
    let length: usize = key.chars().map(length_in_json).sum();
    (length + 2 > 1024 || key.contains('\u{85}'))
        .then_some("did not find expected ',' or '}': a key is too long or has a line break")
}

fn length_in_json(char: char) -> usize {
    match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    }
}

/// What becomes of a text on its way through JSON that is read as YAML. A NEL is a line break there, and line breaks
/// in quotes are folded; other control characters are refused.
pub fn through_json(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if text.chars().any(|char| matches!(char, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')) {
        return Err("control characters are not allowed");
    }
    if !text.contains('\u{85}') {
        return Ok(Cow::Borrowed(text));
    }
    let mut folded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        // Only plain spaces are blank: JSON writes a tab as an escape.
        folded.push_str(rest[..at].trim_end_matches(' '));
        rest = &rest[at..];
        let (mut breaks, mut after_break) = (0, false);
        loop {
            if let Some(after) = rest.strip_prefix('\u{85}') {
                breaks += 1;
                after_break = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix(' ') {
                after_break = false;
                rest = after;
            } else {
                break;
            }
        }
        if breaks == 1 {
            folded.push(' ');
        }
        folded.extend(std::iter::repeat_n('\n', breaks - 1));
        if after_break && is_document_mark(rest) {
            return Err("found unexpected document indicator");
        }
    }
    folded.push_str(rest);
    Ok(Cow::Owned(folded))
}

/// Whether a line that begins like this would end the document.
fn is_document_mark(line: &str) -> bool {
    let after = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    after.is_some_and(|after| after.starts_with([' ', '\u{85}']))
}
