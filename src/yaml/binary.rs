//! The content of `!!binary` scalars.
//!
//! Base64 with padding, line breaks ignored, as Go's standard decoding takes it. What comes out is text for us, because
//! it goes through JSON next: bytes that are not UTF-8 turn into U+FFFD, one for each byte.

/// The text that base64 stands for, or `None` where it is not base64.
pub fn decode(text: &str) -> Option<String> {
    let mut digits = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    while let Some(first) = digits.next() {
        let mut bits = sextet(first)? << 18 | sextet(digits.next()?)? << 12;
        let mut length = 1;
        match (digits.next()?, digits.next()?) {
            (b'=', b'=') => {}
            (third, b'=') => {
                bits |= sextet(third)? << 6;
                length = 2;
            }
            (third, fourth) => {
                bits |= sextet(third)? << 6 | sextet(fourth)?;
                length = 3;
            }
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=length]);
        if length < 3 && digits.next().is_some() {
            return None;
        }
    }
    Some(text_of(&bytes))
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Bytes as JSON text holds them.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn padding_is_needed_and_breaks_are_not() {
        assert_eq!(decode("aGVs\nbG8=").as_deref(), Some("hello"));
        assert_eq!(decode("aGk").as_deref(), None);
        assert_eq!(decode("aGk=x").as_deref(), None);
        assert_eq!(decode("a===").as_deref(), None);
        assert_eq!(decode("").as_deref(), Some(""));
    }

    #[test]
    fn each_bad_byte_is_replaced() {
        assert_eq!(decode("4oI=").as_deref(), Some("\u{fffd}\u{fffd}"));
    }
}
