//! Points in time as Go's own type writes them: RFC 3339 with the offset and the fraction that were read.
//!
//! Unlike [`super::Time`], which is Kubernetes' and always in UTC, a missing one is the beginning of the year 1.

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, TextForm, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

use super::time::Time;

/// A point in time with an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Its canonical text.
    text: String,
    time: Time,
}

impl Default for Timestamp {
    fn default() -> Self {
        Self { text: "0001-01-01T00:00:00Z".into(), time: Time::default() }
    }
}

impl Timestamp {
    /// Reads a text by the strict rules of Go's JSON: hours of two digits, a dot before the fraction, a real offset.
    pub fn parse(text: &str) -> Option<Self> {
        let time = Time::parse(text)?;
        let bytes = text.as_bytes();
        // Lenient reading takes an hour of one digit and a comma before the fraction.
        if bytes.get(13) != Some(&b':') || text.contains(',') {
            return None;
        }
        let (start, rest) = text.split_at_checked(19)?;
        let offset_at = rest.find(['Z', '+', '-'])?;
        let (fraction, offset) = rest.split_at(offset_at);
        let fraction = fraction.get(..10.min(fraction.len())).unwrap_or(fraction).trim_end_matches('0');
        let fraction = if fraction == "." { "" } else { fraction };
        let offset = if matches!(offset, "+00:00" | "-00:00") { "Z" } else { offset };
        if offset != "Z" && !(offset.get(1..3)? < "24" && offset.get(4..6)? < "60") {
            return None;
        }
        Some(Self { text: format!("{start}{fraction}{offset}"), time })
    }

    /// Its canonical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Seconds since the beginning of 1970 in UTC.
    pub fn unix_seconds(&self) -> i64 {
        self.time.unix_seconds()
    }
}

impl Decode for Timestamp {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a time");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Str(text) => match Self::parse(&text) {
                Some(time) => *self = time,
                None => reader.problem(node, format!("parsing time {text:?}: not a time such as 2006-01-02T15:04:05Z")),
            },
            _ => reader.mismatch(node, "a time"),
        }
    }
}

impl Encode for Timestamp {
    fn encode(&self, out: &mut Emitter) {
        out.str(&self.text);
    }
}

static FORM: TextForm = TextForm {
    name: "Timestamp",
    doc: "A point in time by RFC 3339.",
    pattern: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$",
    hint: "A point in time is written as 2006-01-02T15:04:05Z.",
    also: &[],
    examples: &["2006-01-02T15:04:05Z"],
};

impl Describe for Timestamp {
    fn describe() -> Type {
        Type::Form(&FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn offset_and_fraction_stay() {
        for (text, expected) in [
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
            ("2024-02-29T12:00:00.120+05:30", "2024-02-29T12:00:00.12+05:30"),
            ("2024-02-29T12:00:00.000-00:00", "2024-02-29T12:00:00Z"),
            ("2024-02-29T12:00:00.1234567899Z", "2024-02-29T12:00:00.123456789Z"),
        ] {
            assert_eq!(Timestamp::parse(text).as_ref().map(Timestamp::text), Some(expected), "{text}");
        }
        for text in ["2024-02-29T1:00:00Z", "2024-02-29T12:00:00,1Z", "2024-02-29T12:00:00+24:00", "2024-02-29"] {
            assert!(Timestamp::parse(text).is_none(), "{text}");
        }
        assert_eq!(Timestamp::parse("1970-01-02T01:00:00+01:00").map(|time| time.unix_seconds()), Some(86_400));
    }
}
