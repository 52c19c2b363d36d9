//! Anchors, aliases, tags and directives.

use super::SyntaxError;
use super::chars::{byte, is_blank, is_blankz, is_break, is_breakz, is_word};
use super::scanner::Scanner;
use super::token::TokenKind;

/// Digits in one part of a version.
const MAX_VERSION_DIGITS: usize = 2;

impl<'t> Scanner<'t> {
    /// `&name` or `*name`.
    pub(super) fn scan_anchor(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let name = self.word();
        let ends = is_blankz(self.bytes, self.at)
            || matches!(byte(self.bytes, self.at), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return Err(SyntaxError::new(self.at, "did not find expected alphabetic or numeric character"));
        }
        let kind = if byte(self.bytes, start) == b'*' { TokenKind::Alias(name) } else { TokenKind::Anchor(name) };
        self.push(kind, start);
        Ok(())
    }

    /// `!<uri>`, `!handle!suffix`, `!suffix` or `!`.
    pub(super) fn scan_tag(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let (handle, suffix) = if byte(self.bytes, self.at + 1) == b'<' {
            self.at += 2;
            let uri = self.tag_uri("")?;
            if byte(self.bytes, self.at) != b'>' {
                return Err(SyntaxError::new(self.at, "did not find the expected '>' at the end of a tag"));
            }
            self.at += 1;
            ("", uri)
        } else {
            let handle = self.tag_handle();
            if handle.len() > 1 && handle.ends_with('!') {
                (handle, self.tag_uri("")?)
            } else {
                match self.tag_uri(handle)? {
                    suffix if suffix.is_empty() => ("", "!".to_owned()),
                    suffix => ("!", suffix),
                }
            }
        };
        if !is_blankz(self.bytes, self.at) {
            return Err(SyntaxError::new(self.at, "did not find expected whitespace or line break after a tag"));
        }
        self.push(TokenKind::Tag(handle, suffix), start);
        Ok(())
    }

    /// `!`, `!!` or `!word!`; without the second mark it is the beginning of a suffix.
    fn tag_handle(&mut self) -> &'t str {
        let start = self.at;
        self.at += 1;
        self.word();
        if byte(self.bytes, self.at) == b'!' {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// The characters of a URI, percent escapes replaced; `head` is a tag's beginning that was read as a handle.
    fn tag_uri(&mut self, head: &str) -> Result<String, SyntaxError> {
        let mut uri: Vec<u8> = head.bytes().skip(1).collect();
        let start = self.at;
        loop {
            match byte(self.bytes, self.at) {
                b'%' => self.uri_escapes(&mut uri)?,
                byte if is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    uri.push(byte);
                    self.at += 1;
                }
                _ => break,
            }
        }
        if head.is_empty() && self.at == start {
            return Err(SyntaxError::new(self.at, "did not find expected tag URI"));
        }
        String::from_utf8(uri).map_err(|_| SyntaxError::new(start, "found an incorrect UTF-8 octet in a tag"))
    }

    /// `%C3%A9`: all octets of one character.
    fn uri_escapes(&mut self, uri: &mut Vec<u8>) -> Result<(), SyntaxError> {
        let mut left = 1;
        let mut first = true;
        while left > 0 {
            let digits = self.bytes.get(self.at + 1..self.at + 3);
            let digits =
                digits.filter(|digits| byte(self.bytes, self.at) == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
            let Some(octet) = digits
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            else {
                return Err(SyntaxError::new(self.at, "did not find URI escaped octet"));
            };
            if first {
                left = match octet {
                    0x00..=0x7f => 1,
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => return Err(SyntaxError::new(self.at, "found an incorrect leading UTF-8 octet")),
                };
                first = false;
            } else if octet & 0xc0 != 0x80 {
                return Err(SyntaxError::new(self.at, "found an incorrect trailing UTF-8 octet"));
            }
            uri.push(octet);
            self.at += 3;
            left -= 1;
        }
        Ok(())
    }

    /// `%YAML` or `%TAG`, to the end of the line.
    pub(super) fn scan_directive(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let name = self.word();
        if name.is_empty() {
            return Err(SyntaxError::new(start, "could not find expected directive name"));
        }
        if !is_blankz(self.bytes, self.at) {
            return Err(SyntaxError::new(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => self.version()?,
            "TAG" => self.tag_directive(start)?,
            _ => return Err(SyntaxError::new(start, "found unknown directive name")),
        };
        self.skip_blanks();
        self.skip_comment();
        if !is_breakz(self.bytes, self.at) {
            return Err(SyntaxError::new(start, "did not find expected comment or line break"));
        }
        if is_break(self.bytes, self.at) {
            self.skip_break();
        }
        self.push(kind, start);
        Ok(())
    }

    fn version(&mut self) -> Result<TokenKind<'t>, SyntaxError> {
        self.skip_blanks();
        let major = self.version_number()?;
        if byte(self.bytes, self.at) != b'.' {
            return Err(SyntaxError::new(self.at, "did not find expected digit or '.' character"));
        }
        self.at += 1;
        Ok(TokenKind::Version(major, self.version_number()?))
    }

    fn version_number(&mut self) -> Result<u8, SyntaxError> {
        let start = self.at;
        while byte(self.bytes, self.at).is_ascii_digit() {
            self.at += 1;
        }
        match self.at - start {
            0 => Err(SyntaxError::new(start, "did not find expected version number")),
            1..=MAX_VERSION_DIGITS => Ok(self.text[start..self.at].parse().unwrap_or(u8::MAX)),
            _ => Err(SyntaxError::new(start, "found extremely long version number")),
        }
    }

    fn tag_directive(&mut self, start: usize) -> Result<TokenKind<'t>, SyntaxError> {
        self.skip_blanks();
        if byte(self.bytes, self.at) != b'!' {
            return Err(SyntaxError::new(start, "did not find expected '!' in a tag directive"));
        }
        let handle = self.tag_handle();
        if handle != "!" && !handle.ends_with('!') {
            return Err(SyntaxError::new(start, "did not find expected '!' in a tag directive"));
        }
        if !is_blank(self.bytes, self.at) {
            return Err(SyntaxError::new(self.at, "did not find expected whitespace in a tag directive"));
        }
        self.skip_blanks();
        let prefix = self.tag_uri("")?;
        if !is_blankz(self.bytes, self.at) {
            return Err(SyntaxError::new(self.at, "did not find expected whitespace or line break in a tag directive"));
        }
        Ok(TokenKind::TagDirective(handle, prefix))
    }

    fn skip_blanks(&mut self) {
        while is_blank(self.bytes, self.at) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> &'t str {
        let start = self.at;
        while is_word(byte(self.bytes, self.at)) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }
}
