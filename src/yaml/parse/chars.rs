//! Classes of characters, looked up at a byte position. Past the end everything is the end of the text.

/// A character YAML does not allow anywhere, by byte offset: most control characters, and the two non-characters at the
/// end of the basic plane.
pub fn first_forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let allowed = match byte {
            b'\t' | b'\n' | b'\r' | b' '..=b'~' => true,
            0xc2 => !matches!(bytes[at + 1], 0x80..=0x9f) || bytes[at + 1] == 0x85,
            0xef => !matches!((bytes[at + 1], bytes[at + 2]), (0xbf, 0xbe | 0xbf)),
            0x80.. => true,
            _ => false,
        };
        if !allowed {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The byte at a position, NUL past the end.
pub fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Whether the text is over.
pub fn is_end(bytes: &[u8], at: usize) -> bool {
    at >= bytes.len()
}

/// Space or tab.
pub fn is_blank(bytes: &[u8], at: usize) -> bool {
    matches!(byte(bytes, at), b' ' | b'\t')
}

/// Length of the line break at a position, 0 where there is none. YAML 1.1 also knows NEL, LS and PS.
pub fn break_length(bytes: &[u8], at: usize) -> usize {
    match byte(bytes, at) {
        b'\n' => 1,
        b'\r' => 1 + usize::from(byte(bytes, at + 1) == b'\n'),
        0xc2 => 2 * usize::from(byte(bytes, at + 1) == 0x85),
        0xe2 => 3 * usize::from(byte(bytes, at + 1) == 0x80 && matches!(byte(bytes, at + 2), 0xa8 | 0xa9)),
        _ => 0,
    }
}

/// Whether a line break stands at a position.
pub fn is_break(bytes: &[u8], at: usize) -> bool {
    break_length(bytes, at) > 0
}

/// Line break or end of text.
pub fn is_breakz(bytes: &[u8], at: usize) -> bool {
    is_end(bytes, at) || is_break(bytes, at)
}

/// Blank, line break or end of text.
pub fn is_blankz(bytes: &[u8], at: usize) -> bool {
    is_blank(bytes, at) || is_breakz(bytes, at)
}

/// What a line break means in a scalar: LS and PS stay, all others become a newline.
pub fn break_text(bytes: &[u8], at: usize) -> &'static str {
    match byte(bytes, at) {
        0xe2 if byte(bytes, at + 2) == 0xa8 => "\u{2028}",
        0xe2 => "\u{2029}",
        _ => "\n",
    }
}

/// Letters, digits, `_` and `-`: what names are made of.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
