//! A value of a ConfigMap: text or bytes, and how a file becomes one.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What stands under a key. A ConfigMap holds text in `data` and everything else in `binaryData`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, in `data`.
    Text(Arc<str>),
    /// Bytes, in `binaryData`.
    Binary(Arc<[u8]>),
}

impl Value {
    /// Bytes as Prow stores them: as text when they are UTF-8.
    pub fn of(bytes: Arc<[u8]>) -> Self {
        match std::str::from_utf8(&bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Binary(bytes),
        }
    }

    /// Bytes packed by gzip, always the same for the same bytes: no time, no name.
    pub fn packed(bytes: &[u8]) -> Self {
        let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
        // Writing to memory does not fail.
        let _ = encoder.write_all(bytes);
        Self::Binary(encoder.finish().unwrap_or_default().into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Whether this is `content`, packed or not as asked: packed bytes are compared unpacked, since programs pack alike but
    /// not the same.
    pub fn holds(&self, content: &[u8], is_packed: bool) -> bool {
        match self {
            Self::Binary(bytes) if is_packed => unpacks_to(bytes, content),
            Self::Text(_) if is_packed => false,
            Self::Text(text) => text.as_bytes() == content,
            Self::Binary(bytes) => **bytes == *content && std::str::from_utf8(content).is_err(),
        }
    }

    /// The text, unpacked where it is packed; nothing for what is no text.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.to_string()),
            Self::Binary(bytes) => {
                let mut text = String::new();
                MultiGzDecoder::new(&**bytes).take(MOST_UNPACKED).read_to_string(&mut text).ok().map(|_| text)
            }
        }
    }

    /// The SHA-256 of what is packed in it, or of the bytes as they are, to know the same content in another place.
    pub fn content_digest(&self) -> String {
        let packed = |bytes: &[u8]| {
            let mut unpacked = Vec::new();
            let read = MultiGzDecoder::new(bytes).take(MOST_UNPACKED).read_to_end(&mut unpacked);
            read.is_ok().then(|| digest(&unpacked))
        };
        match self {
            Self::Binary(bytes) => packed(bytes).unwrap_or_else(|| digest(bytes)),
            Self::Text(text) => digest(text.as_bytes()),
        }
    }
}

/// No more than this is unpacked to know a value again.
const MOST_UNPACKED: u64 = 64 << 20;

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether bytes are gzip of exactly `content`; of a bomb no more than that is unpacked.
fn unpacks_to(bytes: &[u8], content: &[u8]) -> bool {
    let mut unpacked = Vec::with_capacity(content.len() + 1);
    let most = content.len() as u64 + 1;
    MultiGzDecoder::new(bytes).take(most).read_to_end(&mut unpacked).is_ok() && unpacked == content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_is_utf8() {
        assert_eq!(Value::of(b"a\0\xc3\xa9"[..].into()), Value::Text("a\0é".into()));
        assert_eq!(Value::of(b"\xff"[..].into()), Value::Binary(b"\xff"[..].into()));
        assert_eq!(Value::of(b""[..].into()), Value::Text("".into()));
    }

    #[test]
    fn packed_bytes_are_compared_unpacked() {
        // `gzip.NewWriter` of Go for "hello\n".
        let of_go: &[u8] = &[
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0xca, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 2, 4, 0, 0, 0xff, 0xff, 0x20,
            0x30, 0x3a, 0x36, 6, 0, 0, 0,
        ];
        let value = Value::Binary(of_go.into());
        assert!(value.holds(b"hello\n", true) && !value.holds(b"hello", true) && !value.holds(b"hello\nyou", true));
        assert!(!value.holds(b"hello\n", false));
        assert!(Value::packed(b"hello\n").holds(b"hello\n", true));
        assert_eq!(Value::packed(b"x"), Value::packed(b"x"));
        assert!(Value::packed(b"").holds(b"", true) && Value::packed(b"").bytes().len() >= 20);
    }

    #[test]
    fn the_bag_is_part_of_the_value() {
        assert!(Value::Text("a".into()).holds(b"a", false));
        assert!(!Value::Binary(b"a"[..].into()).holds(b"a", false), "it belongs into `data`");
        assert!(Value::Binary(b"\xff"[..].into()).holds(b"\xff", false));
        assert!(!Value::Text("a".into()).holds(b"a", true));
    }

    #[test]
    fn digests_are_those_of_sha256sum() {
        assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
