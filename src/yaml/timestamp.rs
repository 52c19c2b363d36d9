//! Which plain scalars are timestamps to Go's YAML library.
//!
//! A timestamp stays text when it is read into an untyped value, so all that matters is recognising one: the emitter
//! must quote text that looks like it. Four forms count: a date, a date and a time apart by spaces, and a date and a
//! time joined by `T` or `t` with a zone. Months, days and time parts may have one digit or two, as in Go's
//! `time.Parse`, and are held to their ranges. Read [`is_timestamp`] first.

/// Whether `text` is a timestamp.
pub fn is_timestamp(text: &str) -> bool {
    parse(text.as_bytes()).is_some()
}

fn parse(text: &[u8]) -> Option<()> {
    let (year, rest) = text.split_at_checked(4)?;
    if !year.iter().all(u8::is_ascii_digit) || rest.first() != Some(&b'-') {
        return None;
    }
    let year = year.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let mut cursor = Cursor { rest };
    cursor.literal(b'-')?;
    let month = cursor.number(1..=12)?;
    cursor.literal(b'-')?;
    cursor.number(1..=days(year, month))?;
    match cursor.rest.first().copied() {
        None => return Some(()),
        Some(b' ') => {
            while cursor.literal(b' ').is_some() {}
            cursor.clock()?;
        }
        Some(b'T' | b't') => {
            cursor.rest = cursor.rest.get(1..)?;
            cursor.clock()?;
            cursor.zone()?;
        }
        Some(_) => return None,
    }
    cursor.rest.is_empty().then_some(())
}

/// Days in a month of the Gregorian calendar.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn literal(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    /// One digit, or two where two follow each other.
    fn number(&mut self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let mut value = self.digit()?;
        if let Some(second) = self.digit() {
            value = value * 10 + second;
        }
        range.contains(&value).then_some(value)
    }

    fn digit(&mut self) -> Option<u32> {
        let (first, rest) = self.rest.split_first()?;
        if !first.is_ascii_digit() {
            return None;
        }
        self.rest = rest;
        Some(u32::from(first - b'0'))
    }

    /// Hours, minutes, seconds, and a fraction after a point or comma.
    fn clock(&mut self) -> Option<()> {
        self.number(0..=23)?;
        self.literal(b':')?;
        self.number(0..=59)?;
        self.literal(b':')?;
        self.number(0..=59)?;
        if let [b'.' | b',', b'0'..=b'9', ..] = self.rest {
            self.rest = &self.rest[1..];
            while self.digit().is_some() {}
        }
        Some(())
    }

    /// `Z`, or a sign with two digits each of hours and minutes; Go lets the offset be 24 hours and 60 minutes.
    fn zone(&mut self) -> Option<()> {
        if self.literal(b'Z').is_some() {
            return Some(());
        }
        let [b'+' | b'-', h1, h2, b':', m1, m2, rest @ ..] = self.rest else { return None };
        if ![h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit) {
            return None;
        }
        if (*h1, *h2) > (b'2', b'4') || (*m1, *m2) > (b'6', b'0') {
            return None;
        }
        self.rest = rest;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn dates_and_times_count() {
        for text in [
            "2001-1-1",
            "2024-02-29",
            "0000-1-1",
            "2001-1-1T1:2:3Z",
            "2001-12-31t23:59:59.123456789012+24:60",
            "2001-1-1T1:2:3,5-01:00",
            "2001-1-1   1:2:3.5",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn everything_else_does_not() {
        for text in [
            "2001",
            "2001-",
            "2001-13-1",
            "2001-02-29",
            "1900-02-29",
            "2001-1-0",
            "2001-1-1T1:2:3",
            "2001-1-1T24:0:0Z",
            "2001-1-1T1:2:60Z",
            "2001-1-1T1:2:3.Z",
            "2001-1-1T1:2:3+25:00",
            "2001-1-1 1:2:3Z",
            "2001-1-1 ",
            "20010-1-1",
            "2001-1-1 1:2:3 ",
            "2001-001-1",
            "2001-1-1T1:2:3z",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
