//! Spans of time as the files write them: `1h30m`, or a bare number of nanoseconds where Prow takes one.
//!
//! Two forms exist. Prow's own fields are a [`Duration`], which also reads whole numbers; fields that come from
//! Kubernetes are a [`TextDuration`], which reads text only. Both are written the same way: [`Duration::text`].

use std::fmt;

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, TextForm, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

/// A signed span of time in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

/// A [`Duration`] in a field that takes no bare numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextDuration(pub Duration);

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// It has no number where one must be, or is too large.
    Invalid,
    /// A number has no unit after it.
    MissingUnit,
    /// A unit is none of `ns`, `us`, `ms`, `s`, `m`, `h`.
    UnknownUnit,
}

impl fmt::Display for DurationError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Invalid => "invalid duration",
            Self::MissingUnit => "missing unit in duration (like 30s, 10m, 4h)",
            Self::UnknownUnit => "unknown unit in duration (known are ns, us, ms, s, m, h)",
        })
    }
}

const SECOND: u64 = 1_000_000_000;

impl Duration {
    /// A span of so many seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND as i64))
    }

    /// The span in nanoseconds.
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// Reads `-1h2m3.5s` and the like, by Go's rules.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(DurationError::Invalid);
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (part, tail) = parse_part(rest)?;
            rest = tail;
            total = total.checked_add(part).filter(|sum| *sum <= 1 << 63).ok_or(DurationError::Invalid)?;
        }
        match (negative, i64::try_from(total)) {
            (false, Ok(nanoseconds)) => Ok(Self(nanoseconds)),
            (true, Ok(nanoseconds)) => Ok(Self(-nanoseconds)),
            (true, Err(_)) => Ok(Self(i64::MIN)),
            (false, Err(_)) => Err(DurationError::Invalid),
        }
    }

    /// The canonical text: `1h0m0s`, `1.5s`, `250ms`, `4ns`, `0s`.
    pub fn text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let total = self.0.unsigned_abs();
        if total < SECOND {
            return match total {
                0 => "0s".into(),
                1..1_000 => format!("{sign}{total}ns"),
                1_000..1_000_000 => format!("{sign}{}µs", decimal(total, 1_000)),
                _ => format!("{sign}{}ms", decimal(total, 1_000_000)),
            };
        }
        let minutes = total / SECOND / 60;
        let seconds = decimal(total % (60 * SECOND), SECOND);
        match (minutes / 60, minutes % 60) {
            (0, 0) => format!("{sign}{seconds}s"),
            (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
            (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
        }
    }
}

/// `value / unit` in decimal without trailing zeros.
fn decimal(value: u64, unit: u64) -> String {
    let whole = value / unit;
    let fraction = value % unit;
    if fraction == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Reads one number with its unit, giving nanoseconds and what follows.
fn parse_part(text: &str) -> Result<(u64, &str), DurationError> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole_text, rest) = text.split_at(digits(text));
    let (fraction_text, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole_text.is_empty() && fraction_text.is_empty() {
        return Err(DurationError::Invalid);
    }
    let whole = match whole_text {
        "" => 0,
        text => text.parse::<u64>().ok().filter(|whole| *whole <= 1 << 63).ok_or(DurationError::Invalid)?,
    };
    let unit_end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit_text, rest) = rest.split_at(unit_end);
    let unit = match unit_text {
        "ns" => 1,
        // The micro sign and the Greek letter mu look alike and both are written.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3_600 * SECOND,
        "" => return Err(DurationError::MissingUnit),
        _ => return Err(DurationError::UnknownUnit),
    };
    let value = whole.checked_mul(unit).filter(|value| *value <= 1 << 63).ok_or(DurationError::Invalid)?;
    let value = value + fraction_of(fraction_text, unit);
    if value > 1 << 63 {
        return Err(DurationError::Invalid);
    }
    Ok((value, rest))
}

/// The decimal fraction `digits` of `unit`, rounded as Go rounds it: digits that overflow 63 bits are dropped and
/// the rest is computed in floating point.
fn fraction_of(digits: &str, unit: u64) -> u64 {
    let mut numerator: u64 = 0;
    let mut scale = 1.0_f64;
    for digit in digits.bytes() {
        if numerator > (i64::MAX as u64) / 10 {
            break;
        }
        let next = numerator * 10 + u64::from(digit - b'0');
        if next > 1 << 63 {
            break;
        }
        numerator = next;
        scale *= 10.0;
    }
    if numerator == 0 { 0 } else { (numerator as f64 * (unit as f64 / scale)) as u64 }
}

impl fmt::Display for Duration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

fn decode_text<'a, 't>(text: &str, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> Option<Duration> {
    match Duration::parse(text) {
        Ok(duration) => Some(duration),
        Err(error) => {
            reader.problem(node, format!("{error}: {text:?}"));
            None
        }
    }
}

impl Decode for Duration {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a duration");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Str(text) => {
                if let Some(duration) = decode_text(&text, node, reader) {
                    *self = duration;
                }
            }
            Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_) => {
                let notes = reader.note_count();
                self.0.decode(node, reader);
                reader.forget_notes_after(notes);
                reader.note_nanoseconds(node, self.0, || self.text());
            }
            Scalar::Bool(_) => reader.mismatch(node, "a duration"),
        }
    }
}

impl Encode for Duration {
    fn encode(&self, out: &mut Emitter) {
        out.str(&self.text());
    }
}

impl Decode for TextDuration {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a duration");
        }
        match reader.scalar(node) {
            // Kubernetes reads a null as empty text, which is no duration.
            Scalar::Null => reader.problem(node, DurationError::Invalid.to_string()),
            Scalar::Str(text) => {
                if let Some(duration) = decode_text(&text, node, reader) {
                    self.0 = duration;
                }
            }
            _ => reader.mismatch(node, "a duration"),
        }
    }
}

impl Encode for TextDuration {
    fn encode(&self, out: &mut Emitter) {
        self.0.encode(out);
    }
}

/// What spans of time look like.
const PATTERN: &str = r"^[-+]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";
const HINT: &str = "A span of time is numbers with units, such as 30s, 90m or 1h30m.";
const EXAMPLES: &[&str] = &["30m", "2h", "1h30m"];

static FORM: TextForm = TextForm {
    name: "Duration",
    doc: "A span of time: numbers, each followed by its unit, one of `h`, `m`, `s`, `ms`, `us` and `ns`.",
    pattern: PATTERN,
    hint: HINT,
    also: &[("integer", "A number without unit counts nanoseconds: write 30s or 10m.")],
    examples: EXAMPLES,
};

static TEXT_FORM: TextForm = TextForm {
    name: "DurationText",
    doc: "A span of time: numbers, each followed by its unit. A number alone is not read.",
    pattern: PATTERN,
    hint: HINT,
    also: &[],
    examples: EXAMPLES,
};

impl Describe for Duration {
    fn describe() -> Type {
        Type::Form(&FORM)
    }
}

impl Describe for TextDuration {
    fn describe() -> Type {
        Type::Form(&TEXT_FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Duration::parse(text).map_or_else(|error| error.to_string(), Duration::text)
    }

    #[test]
    fn texts_become_canonical() {
        for (text, expected) in [
            ("1h", "1h0m0s"),
            ("90m", "1h30m0s"),
            ("4h30m15s", "4h30m15s"),
            ("1.5s", "1.5s"),
            ("-1.5h", "-1h30m0s"),
            ("+5m", "5m0s"),
            ("0", "0s"),
            ("-0", "0s"),
            ("1500ms", "1.5s"),
            ("250ms", "250ms"),
            ("1us", "1µs"),
            ("1.25\u{3bc}s", "1.25µs"),
            (".5h", "30m0s"),
            ("5.h", "5h0m0s"),
            ("1h1h", "2h0m0s"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
            ("-2562047h47m16.854775808s", "-2562047h47m16.854775808s"),
            ("0.3333333333333333333h", "20m0s"),
            ("9007199254.740993ms", "2501h59m59.254740993s"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "-", ".", "3", "3.5", "1d", "1 h", "h", "1h ", "9223372036854775808ns", "--1h", "1H", "1e3s"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }
}
