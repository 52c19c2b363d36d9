//! Points in time in Kubernetes metadata (`creationTimestamp`), by RFC 3339.

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, TextForm, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

/// A point in time to the second; the default is Kubernetes' zero time, which is written as null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Seconds since the beginning of the year 1, UTC.
    seconds: i64,
    /// Whether a fraction of a second was read: it is not written, but such a time is not zero.
    has_fraction: bool,
}

const DAY: i64 = 86_400;

/// Days from the beginning of the year 1 to that of `year`, which may be zero.
fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Takes exactly `count` digits.
fn take_digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// Takes a number of two digits of at most `most`.
fn take_pair(text: &str, most: i64) -> Option<(i64, &str)> {
    take_digits(text, 2).filter(|(value, _)| *value <= most)
}

/// Takes the hour, which Go also reads from a single digit.
fn take_hour(text: &str) -> Option<(i64, &str)> {
    let single = text.as_bytes().get(1).is_some_and(|byte| !byte.is_ascii_digit());
    if single { take_digits(text, 1) } else { take_pair(text, 23) }
}

/// Takes `Z` or an offset such as `+02:00`, in seconds.
fn take_offset(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((0, rest));
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, rest) = take_pair(rest, 24)?;
    let (minutes, rest) = take_pair(rest.strip_prefix(':')?, 60)?;
    Some((sign * (hours * 3_600 + minutes * 60), rest))
}

impl Time {
    /// Reads an RFC 3339 text, as leniently as Go does.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = take_digits(text, 4)?;
        let (month, rest) = take_pair(rest.strip_prefix('-')?, 12).filter(|(month, _)| *month > 0)?;
        let (day, rest) = take_pair(rest.strip_prefix('-')?, 31)?;
        let (hour, rest) = take_hour(rest.strip_prefix('T')?)?;
        let (minute, rest) = take_pair(rest.strip_prefix(':')?, 59)?;
        let (second, rest) = take_pair(rest.strip_prefix(':')?, 59)?;
        let (has_fraction, rest) = match rest.strip_prefix(['.', ',']) {
            Some(fraction) => {
                let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = fraction.split_at(digits);
                if digits.is_empty() {
                    return None;
                }
                // Go keeps nanoseconds.
                (digits.bytes().take(9).any(|digit| digit != b'0'), rest)
            }
            None => (false, rest),
        };
        let (offset, rest) = take_offset(rest)?;
        if !rest.is_empty() || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        let days = days_before_year(year) + (1..month).map(|month| days_in_month(year, month)).sum::<i64>() + day - 1;
        Some(Self { seconds: days * DAY + hour * 3_600 + minute * 60 + second - offset, has_fraction })
    }

    /// Whether this is the zero time.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// Seconds since the beginning of 1970.
    pub fn unix_seconds(self) -> i64 {
        self.seconds - days_before_year(1970) * DAY
    }

    /// The time in UTC, such as `2024-02-29T12:00:00Z`.
    pub fn text(self) -> String {
        let mut days = self.seconds.div_euclid(DAY);
        let of_day = self.seconds.rem_euclid(DAY);
        // A year has at most 366 days, so this is never too late and a few steps bring it home.
        let mut year = days.div_euclid(366) + 1;
        while days_before_year(year + 1) <= days {
            year += 1;
        }
        days -= days_before_year(year);
        let mut month = 1;
        while days >= days_in_month(year, month) {
            days -= days_in_month(year, month);
            month += 1;
        }
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let sign = if year < 0 { "-" } else { "" };
        format!("{sign}{:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", year.abs(), days + 1)
    }
}

impl Decode for Time {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a time");
        }
        match reader.scalar(node) {
            Scalar::Null => *self = Self::default(),
            Scalar::Str(text) => match Self::parse(&text) {
                Some(time) => *self = time,
                None => reader.problem(node, format!("not a time such as 2006-01-02T15:04:05Z: {text:?}")),
            },
            _ => reader.mismatch(node, "a time"),
        }
    }
}

impl Encode for Time {
    fn encode(&self, out: &mut Emitter) {
        if self.is_zero() {
            out.null();
        } else {
            out.str(&self.text());
        }
    }
}

static FORM: TextForm = TextForm {
    name: "Time",
    doc: "A point in time by RFC 3339.",
    pattern: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$",
    hint: "A point in time is written as 2006-01-02T15:04:05Z.",
    also: &[],
    examples: &["2006-01-02T15:04:05Z"],
};

/// The zero time is written as null.
impl Describe for Time {
    fn describe() -> Type {
        Type::Optional(|| Type::Form(&FORM))
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn times_are_written_in_utc() {
        for (text, expected) in [
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
            ("2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00Z"),
            ("2023-12-31T23:59:59.999Z", "2023-12-31T23:59:59Z"),
            ("1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00Z"),
            ("2024-01-01T9:00:00Z", "2024-01-01T09:00:00Z"),
            ("2000-12-31T00:00:00Z", "2000-12-31T00:00:00Z"),
            ("0000-01-01T00:00:00+01:00", "-0001-12-31T23:00:00Z"),
            ("9999-12-31T23:59:59-01:00", "10000-01-01T00:59:59Z"),
        ] {
            assert_eq!(Time::parse(text).map(Time::text).as_deref(), Some(expected), "{text}");
        }
        assert!(Time::parse("0001-01-01T00:00:00Z").is_some_and(Time::is_zero));
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "2024-02-30T00:00:00Z",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-13-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00Zx",
            "2024-1-01T00:00:00Z",
        ] {
            assert!(Time::parse(text).is_none(), "{text}");
        }
    }
}
