//! Lengths of time as text: `1h30m`, `-1.5s`.

/// A unit's length in nanoseconds.
fn unit_nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

const LIMIT: u64 = 1 << 63;

/// Whether the text is a length of time that fits; if not, what is wrong with it.
pub fn check_duration(text: &str) -> Result<(), String> {
    let invalid = || format!("time: invalid duration {}", plainly_quoted(text));
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(());
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = split_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => split_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|letter: char| letter == '.' || letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        if unit.is_empty() {
            // A number too long for the reference's counter is noticed before the missing unit.
            return Err(match whole_number(whole) {
                Some(_) => format!("time: missing unit in duration {}", plainly_quoted(text)),
                None => invalid(),
            });
        }
        let number = whole_number(whole).ok_or_else(invalid)?;
        let scale = unit_nanoseconds(unit).ok_or_else(|| {
            format!("time: unknown unit {} in duration {}", plainly_quoted(unit), plainly_quoted(text))
        })?;
        total = number
            .checked_mul(scale)
            .filter(|sum| *sum <= LIMIT)
            .and_then(|sum| sum.checked_add(part_of(fraction, scale)))
            .filter(|sum| *sum <= LIMIT)
            .and_then(|sum| total.checked_add(sum))
            .filter(|sum| *sum <= LIMIT)
            .ok_or_else(invalid)?;
        rest = next;
    }
    if !negative && total >= LIMIT { Err(invalid()) } else { Ok(()) }
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// The number that digits write, up to the limit; nothing beyond. No digits are zero.
fn whole_number(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok().filter(|number| *number <= LIMIT)
}

/// The part of a unit that the digits after a point write.
fn part_of(digits: &str, unit: u64) -> u64 {
    let kept = digits.get(..digits.len().min(18)).unwrap_or_default();
    let number: u64 = kept.parse().unwrap_or(0);
    (number as f64 * (unit as f64 / 10f64.powi(kept.len() as i32))) as u64
}

/// In double quotes; what is not plain ASCII is written as bytes.
fn plainly_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=0x7f => quoted.push(char::from(byte)),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::check_duration;

    #[test]
    fn good() {
        for text in ["0", "-0", "1h", "+1.5h30m", ".5s", "1.s", "1µs2ns", "2562047h47m16.854775807s", "-2562047h47m16.854775808s"] {
            assert_eq!(check_duration(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn bad() {
        for (text, problem) in [
            ("", "time: invalid duration \"\""),
            ("-", "time: invalid duration \"-\""),
            ("1", "time: missing unit in duration \"1\""),
            ("1d", "time: unknown unit \"d\" in duration \"1d\""),
            ("h", "time: invalid duration \"h\""),
            (".h", "time: invalid duration \".h\""),
            ("1h ", "time: unknown unit \"h \" in duration \"1h \""),
            ("2562048h", "time: invalid duration \"2562048h\""),
            ("99999999999999999999", "time: invalid duration \"99999999999999999999\""),
            ("1é", "time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\""),
        ] {
            assert_eq!(check_duration(text), Err(problem.to_owned()), "{text}");
        }
    }
}
