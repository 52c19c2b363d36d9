//! Numbers as Go reads and writes them.
//!
//! Reading: [`integer`] and [`float`] take the text of plain scalars. Writing: a float has three texts. [`untyped_text`]
//! is what is left of it after the whole journey of a value (JSON, then YAML again, then the YAML writer);
//! [`coerced_text`] is what the reference puts where text is wanted, and [`key_text`] where a key is. The latter two
//! have 32-bit precision, as the reference has.

use super::scalar::Scalar;

/// An integer of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// It fits a signed number.
    Signed(i64),
    /// It is above `i64::MAX`.
    Unsigned(u64),
}

/// Reads an integer with Go's prefixes: `0x`, `0o`, `0b`, or a leading zero for octal. Underscores must be gone already.
pub fn integer(text: &str) -> Option<Integer> {
    prefixed(text).or_else(|| binary_with_inner_sign(text))
}

fn prefixed(text: &str) -> Option<Integer> {
    let (negative, signed, digits) = match text.as_bytes() {
        [b'-', ..] => (true, true, &text[1..]),
        [b'+', ..] => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0'] => return Some(Integer::Signed(0)),
        [b'0', ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with('+') {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(magnitude).map(Integer::Signed);
    }
    match i64::try_from(magnitude) {
        Ok(number) => Some(Integer::Signed(number)),
        // Only a number without a sign is tried beyond the signed range.
        Err(_) if signed => None,
        Err(_) => Some(Integer::Unsigned(magnitude)),
    }
}

/// The library tries what follows `0b` once more by itself, so a second sign slips through: `0b-1` is -1.
fn binary_with_inner_sign(text: &str) -> Option<Integer> {
    let digits = text.strip_prefix("0b")?;
    if !digits.starts_with(['+', '-']) {
        return None;
    }
    i64::from_str_radix(digits, 2).ok().map(Integer::Signed)
}

/// Reads a float of decimal digits with optional sign, point and exponent. One that is out of range is not a number.
pub fn float(text: &str) -> Option<f64> {
    if !has_float_form(text.as_bytes()) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Reads a float that begins with its point; there underscores may stand between digits, and only there.
pub fn pointed_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return float(text);
    }
    let apart = text
        .as_bytes()
        .windows(3)
        .filter(|around| around[1] == b'_' && around[0].is_ascii_digit() && around[2].is_ascii_digit());
    if apart.count() != text.matches('_').count() {
        return None;
    }
    float(&text.replace('_', ""))
}

fn has_float_form(text: &[u8]) -> bool {
    let text = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let (whole, rest) = digits(text);
    let rest = match rest {
        [b'.', rest @ ..] => {
            let (fraction, rest) = digits(rest);
            if whole + fraction == 0 {
                return false;
            }
            rest
        }
        _ if whole == 0 => return false,
        _ => rest,
    };
    let exponent = match rest {
        [] => return true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => exponent,
        _ => return false,
    };
    !exponent.is_empty() && digits(exponent).1.is_empty()
}

fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, &text[count..])
}

/// The text of a float at the end of a value's journey; `None` for what JSON cannot hold.
pub fn untyped_text(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    if number == 0.0 {
        return Some("0".into());
    }
    // JSON writes whole numbers below 1e21 without exponent, and the YAML reader takes those that fit for integers.
    if number.fract() == 0.0 && number.abs() < 1e21 {
        let text = number.to_string();
        if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
            return Some(text);
        }
    }
    Some(general(&shortest(number)))
}

/// The text the reference puts where a string is wanted: `None` for null and for what is text already.
pub fn coerced_text(value: &Scalar<'_>) -> Option<String> {
    match value {
        Scalar::Int(number) => Some(number.to_string()),
        Scalar::Uint(number) => Some(number.to_string()),
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Float(number) => Some(single(*number)),
        Scalar::Null | Scalar::Str(_) => None,
    }
}

/// The text of a key that is a number or boolean; `None` for null and for integers above `i64::MAX`, which the
/// reference refuses as keys.
pub fn key_text(value: &Scalar<'_>) -> Option<String> {
    match value {
        Scalar::Uint(_) => None,
        Scalar::Float(number) => {
            let text = single(*number);
            Some(match text.as_str() {
                "+Inf" => ".inf".into(),
                "-Inf" => "-.inf".into(),
                "NaN" => ".nan".into(),
                _ => text,
            })
        }
        other => coerced_text(other),
    }
}

/// A float at 32-bit precision.
fn single(number: f64) -> String {
    let narrow = number as f32;
    if narrow.is_nan() {
        "NaN".into()
    } else if narrow.is_infinite() {
        (if narrow > 0.0 { "+Inf" } else { "-Inf" }).into()
    } else {
        let text = format!("{narrow:e}");
        general(&even_of_tie(text, narrow.into(), |text| text.parse() == Ok(narrow)))
    }
}

/// The fewest digits that read back as the number, in scientific form (`1.25e-7`).
pub fn shortest(number: f64) -> String {
    even_of_tie(format!("{number:e}"), number, |text| text.parse() == Ok(number))
}

/// Where a number lies midway between the two texts of fewest digits, Go takes the even one and Rust the greater.
fn even_of_tie(text: String, number: f64, reads_back: impl Fn(&str) -> bool) -> String {
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    // Beyond the digits of any midpoint: its expansion ends one digit after the text.
    let exact = format!("{number:.*e}", mantissa.len() + 30);
    let Some((lower, rest)) = exact.split_at_checked(mantissa.len()) else { return text };
    let rest = rest.split_once('e').map_or(rest, |(rest, _)| rest);
    let is_tie = rest.strip_prefix('5').is_some_and(|rest| rest.bytes().all(|byte| byte == b'0'));
    let is_even = lower.bytes().last().is_some_and(|byte| byte.is_ascii_digit() && byte % 2 == 0);
    let lower = format!("{lower}e{exponent}");
    if is_tie && is_even && reads_back(&lower) { lower } else { text }
}

/// Turns the shortest digits in scientific form (`1.25e-7`) into Go's general form, which has an exponent of at least
/// two digits below 1e-4 and from 1e6.
fn general(scientific: &str) -> String {
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific.into() };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return positional(scientific);
    }
    let mark = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{mark}{:02}", exponent.abs())
}

/// Turns the shortest digits in scientific form (`1.25e-7`) into a number without exponent.
pub fn positional(scientific: &str) -> String {
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific.into() };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent + 1;
    let Ok(whole) = usize::try_from(point) else {
        return format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize));
    };
    if whole == 0 {
        format!("{sign}0.{digits}")
    } else if digits.len() <= whole {
        format!("{sign}{digits}{}", "0".repeat(whole - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_prefixes_and_limits() {
        for (text, number) in [
            ("0", 0),
            ("-0", 0),
            ("+1", 1),
            ("017", 15),
            ("0o17", 15),
            ("0x1F", 31),
            ("-0b101", -5),
            ("0b-1", -1),
            ("0b+1", 1),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(integer(text), Some(Integer::Signed(number)), "{text}");
        }
        assert_eq!(integer("18446744073709551615"), Some(Integer::Unsigned(u64::MAX)));
        for text in
            ["", "+", "08", "0x", "0b", "0B-1", "-0b+1", "+-1", "0x+1", "+9223372036854775808", "18446744073709551616"]
        {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn floats_have_one_form() {
        for (text, number) in
            [("1.", 1.0), (".5", 0.5), ("+1e3", 1000.0), ("08", 8.0), ("1e-400", 0.0), ("-.5E+1", -5.0)]
        {
            assert_eq!(float(text), Some(number), "{text}");
        }
        for text in ["", ".", "e1", ".e1", "1e", "1e+", "1e400", "1.2.3", "0x1p3", "inf", "1_0"] {
            assert_eq!(float(text), None, "{text}");
        }
        assert_eq!(pointed_float(".1_0"), Some(0.1));
        for text in ["._1", ".1_", ".1__0", ".1_e1"] {
            assert_eq!(pointed_float(text), None, "{text}");
        }
    }

    #[test]
    fn the_journey_of_a_float() {
        for (number, text) in [
            (3.0, "3"),
            (-0.0, "0"),
            (1234567.5, "1.2345675e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (9007199254740993.0, "9007199254740992"),
            (u64::MAX as f64, "1.8446744073709552e+19"),
            (1e20, "1e+20"),
            (9223372036854775808.0, "9223372036854776000"),
            (1e300, "1e+300"),
            (-12.5, "-12.5"),
        ] {
            assert_eq!(untyped_text(number).as_deref(), Some(text), "{number}");
        }
        assert_eq!(untyped_text(f64::NAN), None);
        // Midway between …12 and …13.
        assert_eq!(untyped_text(219_821_851_358_085.12).as_deref(), Some("2.1982185135808512e+14"));
        assert_eq!(coerced_text(&Scalar::Float(2_097_152.25)).as_deref(), Some("2.0971522e+06"));
    }

    #[test]
    fn text_of_a_float_has_single_precision() {
        for (number, text) in [
            (1.23456789, "1.2345679"),
            (16777217.0, "1.6777216e+07"),
            (4.10, "4.1"),
            (3.4e39, "+Inf"),
            (100000.0, "100000"),
        ] {
            assert_eq!(coerced_text(&Scalar::Float(number)).as_deref(), Some(text));
        }
        assert_eq!(key_text(&Scalar::Float(f64::NEG_INFINITY)).as_deref(), Some("-.inf"));
        assert_eq!(key_text(&Scalar::Uint(u64::MAX)), None);
    }
}
