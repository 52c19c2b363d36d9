//! What the reference does to every document between parsing and typed decoding: keys become text, merges are
//! applied, and whatever has no JSON form is refused.

use std::borrow::Cow;

use super::scalar::{self, Scalar};
use super::tree::{Kind, Node, Style};

/// A node and what is wrong with it.
pub type Complaint<'a, 't> = (Node<'a, 't>, String);

/// The text of a mapping key: numbers and booleans are spelt out, null and containers are refused.
pub fn key_text<'a>(key: Node<'a, '_>) -> Result<Cow<'a, str>, String> {
    if key.kind() != Kind::Scalar {
        return Err("a list or map cannot be a key".into());
    }
    match scalar::resolve(key.text(), key.style(), key.tag())? {
        Scalar::Str(text) => Ok(text),
        other => super::number::key_text(&other).map(Cow::Owned).ok_or_else(|| "null cannot be a key".into()),
    }
}

/// Whether two keys are the same to Go's case-insensitive matching of JSON fields.
pub fn equal_fold(left: &str, right: &str) -> bool {
    // Go folds by simple Unicode case; the two non-ASCII letters that fold into ASCII are the long s and the kelvin sign.
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    left.chars().map(fold).eq(right.chars().map(fold))
}

/// Whether a key asks for the entries of another mapping to be merged in.
pub fn is_merge(key: Node<'_, '_>) -> bool {
    key.kind() == Kind::Scalar
        && key.text() == "<<"
        && match key.tag() {
            None => key.style() == Style::Plain,
            Some(tag) => tag == "tag:yaml.org,2002:merge",
        }
}
