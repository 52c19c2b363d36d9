//! Numbers as Go writes them.
use super::scalar::Scalar;
/// The text the reference puts where a string is wanted.
pub fn coerced_text(value: &Scalar<'_>) -> Option<String> { match value { Scalar::Int(i) => Some(i.to_string()), Scalar::Bool(b) => Some(b.to_string()), _ => None } }
/// The text of a key that is not text.
pub fn key_text(value: &Scalar<'_>) -> Option<String> { coerced_text(value) }
