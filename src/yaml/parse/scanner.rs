//! Characters to tokens.
//!
//! Two things need memory. Indentation: a token further right than the current level opens a block collection, one
//! further left closes those it has left ([`Scanner::roll_indent`], [`Scanner::unroll_indent`]). Simple keys: that
//! `a` in `a: b` was a key is seen only at the colon, so a key token is put into the queue where the scalar began,
//! and nothing from there on is handed out before that is decided ([`SimpleKey`]). A simple key lies on one line and
//! has at most 1,024 characters.

use std::cell::Cell;
use std::collections::VecDeque;

use super::SyntaxError;
use super::chars::{break_length, byte, is_blank, is_blankz, is_break, is_breakz, is_end};
use super::token::{Token, TokenKind};
use crate::yaml::limits;

/// May begin a text; anywhere else it is a character like any other.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Something that is a key if a colon follows it.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    /// A block mapping's next entry stands here, so it has to be a key.
    required: bool,
    /// The reference forgets to wait for the colon after a flow collection without keys that begins the key itself:
    /// `[]: b` is the document `[]`.
    forgotten: bool,
    /// Number of its first token since the start of the text.
    token: usize,
    start: usize,
    line: usize,
    column: usize,
}

/// The state of scanning one text.
pub struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    line: usize,
    line_start: usize,
    /// A place on the way to the current one, and its column if it is on the same line.
    counted: Cell<(usize, usize)>,
    /// Column of the innermost block collection, -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    /// Flow collections that are open.
    pub(super) flow_level: usize,
    pub(super) simple_key_allowed: bool,
    /// One for each flow level, and one for block context.
    simple_keys: Vec<SimpleKey>,
    queue: VecDeque<Token<'t>>,
    taken: usize,
    ended: bool,
    /// Where comments began so far.
    pub(super) comments: Vec<usize>,
}

impl<'t> Scanner<'t> {
    /// Begins at the start of a text, behind its byte order mark, which has no width.
    pub fn new(text: &'t str) -> Self {
        let at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            at,
            line: 0,
            line_start: at,
            counted: Cell::new((at, 0)),
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            queue: VecDeque::new(),
            taken: 0,
            ended: false,
            comments: Vec::new(),
        }
    }

    /// The next token, left in place.
    pub fn peek(&mut self) -> Result<&Token<'t>, SyntaxError> {
        while !self.ended && (self.queue.is_empty() || self.head_may_be_key()?) {
            self.fetch()?;
        }
        if self.queue.is_empty() {
            self.push(TokenKind::StreamEnd, self.at);
        }
        self.queue.front().ok_or_else(|| SyntaxError::new(self.at, "found unexpected end of stream"))
    }

    /// The next token.
    pub fn take(&mut self) -> Result<Token<'t>, SyntaxError> {
        self.peek()?;
        self.taken += 1;
        self.queue.pop_front().ok_or_else(|| SyntaxError::new(self.at, "found unexpected end of stream"))
    }

    /// Scans one scalar at a position, for a reader that knows the indentation itself; the scalar and where it ends.
    pub(super) fn scan_at(
        &mut self,
        at: usize,
        indent: usize,
        scan: fn(&mut Self) -> Result<(), SyntaxError>,
    ) -> Option<(TokenKind<'t>, usize)> {
        self.at = at;
        self.counted.set((usize::MAX, 0));
        self.line_start = self.bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        self.indent = indent as isize;
        scan(self).ok()?;
        Some((self.queue.pop_back()?.kind, self.at))
    }

    /// Column in characters, counted on from where it was asked last: a line may be very long.
    pub(super) fn column(&self) -> usize {
        let (from, before) = match self.counted.get() {
            (from, column) if (self.line_start..=self.at).contains(&from) => (from, column),
            _ => (self.line_start, 0),
        };
        let column = before + column_of(self.bytes, from, self.at);
        self.counted.set((self.at, column));
        column
    }

    /// Steps over the line break at the current position.
    pub(super) fn skip_break(&mut self) {
        self.at += break_length(self.bytes, self.at);
        self.line += 1;
        self.line_start = self.at;
    }

    /// Whether a `---` or `...` line of its own begins here.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.at == self.line_start
            && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
            && is_blankz(self.bytes, self.at + 3)
    }

    pub(super) fn push(&mut self, kind: TokenKind<'t>, start: usize) {
        self.queue.push_back(Token { kind, start });
    }

    fn head_may_be_key(&mut self) -> Result<bool, SyntaxError> {
        let head = self.taken;
        // Further out only earlier tokens are remembered, so a search seldom goes far, however deep the nesting.
        for level in (0..self.simple_keys.len()).rev() {
            let key = self.simple_keys[level];
            if key.possible && !key.forgotten && key.token == head {
                return self.is_valid(level);
            }
            if (1..head).contains(&key.token) {
                break;
            }
        }
        Ok(false)
    }

    /// Whether a key may still come of this; an error where one must have.
    fn is_valid(&mut self, level: usize) -> Result<bool, SyntaxError> {
        let key = self.simple_keys[level];
        if !key.possible {
            return Ok(false);
        }
        let distance = self.at - key.start;
        let too_long = distance > limits::SIMPLE_KEY && column_of(self.bytes, key.start, self.at) > limits::SIMPLE_KEY;
        if key.line < self.line || too_long {
            if key.required {
                return Err(self.missing_colon(key));
            }
            self.simple_keys[level].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn missing_colon(&self, key: SimpleKey) -> SyntaxError {
        SyntaxError::new(key.start, "could not find expected ':' after this key")
    }

    fn save_simple_key(&mut self) -> Result<(), SyntaxError> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        // Within flow collections columns mean nothing, and a line may be very long.
        let column = if self.flow_level == 0 { self.column() } else { 0 };
        let required = self.flow_level == 0 && usize::try_from(self.indent) == Ok(column);
        let token = self.taken + self.queue.len();
        self.remove_simple_key()?;
        let key =
            SimpleKey { possible: true, required, forgotten: false, token, start: self.at, line: self.line, column };
        if let Some(last) = self.simple_keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<(), SyntaxError> {
        let Some(key) = self.simple_keys.last_mut() else { return Ok(()) };
        if key.possible && key.required {
            let key = *key;
            return Err(self.missing_colon(key));
        }
        key.possible = false;
        Ok(())
    }

    /// Opens a block collection when `column` is further right; its token goes before token number `before`, or last.
    fn roll_indent(
        &mut self,
        column: usize,
        before: Option<usize>,
        kind: TokenKind<'t>,
        start: usize,
    ) -> Result<(), SyntaxError> {
        let column = column as isize;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > limits::NESTING {
            return Err(SyntaxError::new(
                start,
                format!("exceeded max depth of {} levels of indentation", limits::NESTING),
            ));
        }
        let place = before.and_then(|number| number.checked_sub(self.taken)).unwrap_or(self.queue.len());
        self.queue.insert(place, Token { kind, start });
        Ok(())
    }

    fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.push(TokenKind::BlockEnd, self.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Steps over the comment that begins here, if one does.
    pub(super) fn skip_comment(&mut self) {
        if byte(self.bytes, self.at) == b'#' {
            self.comments.push(self.at);
            while !is_breakz(self.bytes, self.at) {
                self.at += 1;
            }
        }
    }

    /// Steps over blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while byte(self.bytes, self.at) == b' ' || tabs && byte(self.bytes, self.at) == b'\t' {
                self.at += 1;
            }
            self.skip_comment();
            if !is_break(self.bytes, self.at) {
                return;
            }
            self.skip_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Scans one more token, and what it makes of the tokens before it.
    fn fetch(&mut self) -> Result<(), SyntaxError> {
        self.skip_to_token();
        // Within flow collections it only matters whether a line begins here, and lines may be very long.
        let column = if self.flow_level == 0 { self.column() } else { usize::from(self.at > self.line_start) };
        self.unroll_indent(column as isize);
        if is_end(self.bytes, self.at) {
            return self.fetch_end();
        }
        let first = byte(self.bytes, self.at);
        if column == 0 && first == b'%' {
            self.unroll_indent(-1);
            self.remove_simple_key()?;
            self.simple_key_allowed = false;
            return self.scan_directive();
        }
        if column == 0 && self.at_document_indicator() {
            return self.fetch_document_indicator(first);
        }
        let spaced = is_blankz(self.bytes, self.at + 1);
        let flow = self.flow_level > 0;
        match first {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.push_indicator(TokenKind::FlowEntry)
            }
            b'-' if spaced => self.fetch_block_entry(),
            b'?' if flow || spaced => self.fetch_key(),
            b':' if flow || spaced => self.fetch_value(),
            b'*' | b'&' => self.fetch_part(Self::scan_anchor),
            b'!' => self.fetch_part(Self::scan_tag),
            b'|' | b'>' if !flow => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.scan_block_scalar()
            }
            b'\'' | b'"' => self.fetch_part(Self::scan_quoted),
            _ if self.starts_plain(first) => self.fetch_part(Self::scan_plain),
            _ => Err(SyntaxError::new(self.at, "found character that cannot start any token")),
        }
    }

    fn starts_plain(&self, first: u8) -> bool {
        match first {
            b'-' => !is_blank(self.bytes, self.at + 1),
            b'?' | b':' => self.flow_level == 0 && !is_blankz(self.bytes, self.at + 1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            _ => !is_blankz(self.bytes, self.at),
        }
    }

    /// Something that may begin a simple key.
    fn fetch_part(&mut self, scan: fn(&mut Self) -> Result<(), SyntaxError>) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        scan(self)
    }

    fn push_indicator(&mut self, kind: TokenKind<'t>) -> Result<(), SyntaxError> {
        self.push(kind, self.at);
        self.at += 1;
        Ok(())
    }

    fn fetch_end(&mut self) -> Result<(), SyntaxError> {
        if self.at > self.line_start {
            self.line_start = self.at;
            self.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.at);
        self.ended = true;
        Ok(())
    }

    fn fetch_document_indicator(&mut self, first: u8) -> Result<(), SyntaxError> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push(if first == b'-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, self.at);
        self.at += 3;
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'t>) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        // Until there is a key inside, the level goes by the number of its bracket.
        let token = self.taken + self.queue.len();
        self.simple_keys.push(SimpleKey { token, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > limits::NESTING {
            return Err(SyntaxError::new(
                self.at,
                format!("exceeded max depth of {} flow collections", limits::NESTING),
            ));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind)
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'t>) -> Result<(), SyntaxError> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            let inner = self.simple_keys.pop().map(|key| key.token);
            if let Some(outer) = self.simple_keys.last_mut().filter(|outer| Some(outer.token) == inner) {
                outer.forgotten = true;
            }
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind)
    }

    fn fetch_block_entry(&mut self) -> Result<(), SyntaxError> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(SyntaxError::new(self.at, "block sequence entries are not allowed in this context"));
            }
            self.roll_indent(self.column(), None, TokenKind::BlockSequenceStart, self.at)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry)
    }

    fn fetch_key(&mut self) -> Result<(), SyntaxError> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(SyntaxError::new(self.at, "mapping keys are not allowed in this context"));
            }
            self.roll_indent(self.column(), None, TokenKind::BlockMappingStart, self.at)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key)
    }

    fn fetch_value(&mut self) -> Result<(), SyntaxError> {
        let level = self.simple_keys.len() - 1;
        if self.is_valid(level)? {
            let key = self.simple_keys[level];
            let place = key.token.checked_sub(self.taken).unwrap_or(self.queue.len());
            self.queue.insert(place, Token { kind: TokenKind::Key, start: key.start });
            self.roll_indent(key.column, Some(key.token), TokenKind::BlockMappingStart, key.start)?;
            self.simple_keys[level].possible = false;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(SyntaxError::new(self.at, "mapping values are not allowed in this context"));
                }
                self.roll_indent(self.column(), None, TokenKind::BlockMappingStart, self.at)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value)
    }
}

/// Characters from one position to another.
fn column_of(bytes: &[u8], from: usize, to: usize) -> usize {
    bytes[from..to].iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}
