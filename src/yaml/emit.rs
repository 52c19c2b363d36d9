//! Values to canonical text.

use super::scalar::reads_back_as_text;

/// Why a value has no text.
#[derive(Debug)]
pub struct EmitError;

impl std::fmt::Display for EmitError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("control characters are not allowed")
    }
}

/// Writes canonical text.
#[derive(Default)]
pub struct Emitter {
    out: String,
    /// Open collections: is it a sequence, has it entries, its column.
    open: Vec<(bool, bool, usize)>,
    after_key: bool,
    after_dash: bool,
    failed: bool,
}

#[allow(missing_docs)]
impl Emitter {
    pub fn with_capacity(n: usize) -> Self {
        Self { out: String::with_capacity(n), ..Self::default() }
    }

    /// Notes that a value has no text; [`Emitter::finish`] then fails.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    fn before_value(&mut self) {
        if self.open.last().is_some_and(|open| open.0) {
            self.item();
            self.after_dash = false;
        } else if self.after_key {
            self.out.push(' ');
            self.after_key = false;
        }
    }

    fn item(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        open.1 = true;
        self.after_key = false;
        let column = open.2;
        if self.after_dash {
            self.after_dash = false;
        } else {
            self.indent(column);
        }
        self.out.push_str("- ");
        self.after_dash = true;
    }

    fn indent(&mut self, column: usize) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', column));
    }

    fn end_line(&mut self) {
        if self.open.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    pub fn str(&mut self, s: &str) {
        self.before_value();
        let column = self.open.last().map_or(0, |open| open.2);
        self.text(s, false, column);
        self.end_line();
    }

    fn text(&mut self, s: &str, key: bool, column: usize) {
        let special = s.chars().any(|c| (c < ' ' && c != '\n') || c == '\u{7f}' || ('\u{80}'..'\u{a0}').contains(&c) || c == '\u{feff}' || c > '\u{ffff}' || c == '\u{2028}' || c == '\u{2029}');
        if s.contains('\n') && !key && !special && !s.starts_with(' ') && !s.starts_with('\n') && !s.contains(" \n") && !s.ends_with(' ') {
            self.literal(s, column);
        } else if special || s.contains('\n') {
            self.double(s);
        } else if !reads_back_as_text(s) {
            self.double(s);
        } else if plain_allowed(s) {
            self.out.push_str(s);
        } else {
            self.out.push('\'');
            self.out.push_str(&s.replace('\'', "''"));
            self.out.push('\'');
        }
    }

    fn literal(&mut self, s: &str, column: usize) {
        self.out.push('|');
        if !s.ends_with('\n') {
            self.out.push('-');
        } else if s.ends_with("\n\n") || s == "\n" {
            self.out.push('+');
        }
        self.out.push('\n');
        let body = s.strip_suffix('\n').unwrap_or(s);
        for line in body.split('\n') {
            if !line.is_empty() {
                self.out.extend(std::iter::repeat_n(' ', column + 2));
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn double(&mut self, s: &str) {
        use std::fmt::Write;
        self.out.push('"');
        for c in s.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                ' '..='~' | '\u{a0}'..='\u{d7ff}' => self.out.push(c),
                c if c > '\u{ffff}' => drop(write!(self.out, "\\U{:08X}", c as u32)),
                c => drop(write!(self.out, "\\x{:02X}", c as u32)),
            }
        }
        self.out.push('"');
    }

    fn raw(&mut self, s: &str) {
        self.before_value();
        self.out.push_str(s);
        self.end_line();
    }

    pub fn int(&mut self, n: i64) {
        self.raw(&n.to_string());
    }
    pub fn uint(&mut self, n: u64) {
        self.raw(&n.to_string());
    }
    pub fn float(&mut self, n: f64) {
        self.raw(&n.to_string());
    }
    pub fn bool(&mut self, b: bool) {
        self.raw(if b { "true" } else { "false" });
    }
    pub fn null(&mut self) {
        self.raw("null");
    }

    fn begin(&mut self, sequence: bool) {
        let parent = self.open.last().copied();
        let column = match parent {
            None => 0,
            Some((true, ..)) => {
                self.item();
                self.open.last().map_or(0, |open| open.2 + 2)
            }
            Some((false, _, column)) => column + if sequence { 0 } else { 2 },
        };
        self.open.push((sequence, false, column));
    }

    fn end(&mut self, empty: &str) {
        let Some((_, used, _)) = self.open.pop() else { return };
        if !used {
            if self.after_key {
                self.out.push(' ');
            } else if self.open.last().is_some_and(|open| open.0) && !self.after_dash { self.item(); }
            self.out.push_str(empty);
            self.after_key = false;
            self.after_dash = false;
        }
        self.end_line();
    }

    pub fn begin_map(&mut self) {
        self.begin(false);
    }

    pub fn key(&mut self, k: &str) {
        self.after_key = false;
        let Some(open) = self.open.last_mut() else { return };
        open.1 = true;
        let column = open.2;
        if self.after_dash {
            self.after_dash = false;
        } else {
            self.indent(column);
        }
        self.text(k, true, column);
        self.out.push(':');
        self.after_key = true;
    }

    pub fn end_map(&mut self) {
        self.end("{}");
    }

    pub fn begin_seq(&mut self) {
        self.begin(true);
    }

    pub fn end_seq(&mut self) {
        self.end("[]");
    }

    pub fn finish(self) -> Result<String, EmitError> {
        if self.failed { Err(EmitError) } else { Ok(self.out) }
    }
}

fn plain_allowed(s: &str) -> bool {
    let bytes = s.as_bytes();
    let Some(first) = bytes.first() else { return false };
    let spaced = |at: usize| matches!(bytes.get(at), None | Some(b' '));
    !(s.starts_with(' ')
        || s.ends_with(' ')
        || s.starts_with("---")
        || s.starts_with("...")
        || b"#,[]{}&*!|>'\"%@`".contains(first)
        || matches!(first, b'?' | b':' | b'-') && spaced(1)
        || bytes.iter().enumerate().any(|(at, byte)| *byte == b':' && spaced(at + 1) || *byte == b'#' && at > 0 && bytes[at - 1] == b' '))
}
