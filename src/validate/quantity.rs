//! Amounts of resources as text (`100m`, `1.5Gi`, `1e3`): whether they are amounts, their sign and their size, roughly.
//!
//! The model has a type for quantities that keeps their canonical text; a configuration's own resources are plain
//! text there, and all the rules need of them is in [`Amount`].

use std::cmp::Ordering;

/// What is known of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Against zero.
    pub sign: Ordering,
    /// Whether it is above 2G, two thousand million.
    pub above_2g: bool,
}

enum Suffix {
    /// A power of ten.
    Ten(i32),
    /// A power of two.
    Two(u32),
}

const FORMAT: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMBER: &str = "unable to parse numeric part of quantity";
const SUFFIX: &str = "unable to parse quantity's suffix";

/// Reads an amount; an error says what is wrong in the words of Kubernetes.
pub fn parse_amount(text: &str) -> Result<Amount, &'static str> {
    if text.is_empty() {
        return Err(FORMAT);
    }
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, after) = split_digits(unsigned);
    let (fraction, pointed, rest) = match after.strip_prefix('.') {
        Some(after) => {
            let (fraction, rest) = split_digits(after);
            (fraction, true, rest)
        }
        None => ("", false, after),
    };
    let suffix = read_suffix(rest)?;
    let whole = whole.trim_start_matches('0');
    // The exact reader, used for long numbers and for fractions of powers of two, wants digits where the quick one
    // takes a lone point for zero.
    let exact = match suffix {
        Suffix::Ten(power) => whole.len() + fraction.len() > 18 || i64::from(power) - (fraction.len() as i64) < -9,
        Suffix::Two(_) => !fraction.is_empty(),
    };
    let no_digits = split_digits(unsigned).0.is_empty() && fraction.is_empty();
    if exact && no_digits && pointed {
        return Err(NUMBER);
    }
    let zero = whole.is_empty() && fraction.bytes().all(|digit| digit == b'0');
    let sign = match (zero, negative) {
        (true, _) => Ordering::Equal,
        (false, true) => Ordering::Less,
        (false, false) => Ordering::Greater,
    };
    let above_2g = sign == Ordering::Greater
        && match suffix {
            Suffix::Ten(power) => is_above_2g_decimal(whole, fraction, power),
            Suffix::Two(power) => is_above_2g_binary(whole, fraction, power),
        };
    Ok(Amount { sign, above_2g })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn read_suffix(text: &str) -> Result<Suffix, &'static str> {
    let letters = text.trim_start_matches(|letter: char| "eEinumkKMGTP".contains(letter));
    let digits = letters.strip_prefix(['-', '+']).unwrap_or(letters);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FORMAT);
    }
    Ok(match text {
        "" => Suffix::Ten(0),
        "n" => Suffix::Ten(-9),
        "u" => Suffix::Ten(-6),
        "m" => Suffix::Ten(-3),
        "k" => Suffix::Ten(3),
        "M" => Suffix::Ten(6),
        "G" => Suffix::Ten(9),
        "T" => Suffix::Ten(12),
        "P" => Suffix::Ten(15),
        "E" => Suffix::Ten(18),
        "Ki" => Suffix::Two(10),
        "Mi" => Suffix::Two(20),
        "Gi" => Suffix::Two(30),
        "Ti" => Suffix::Two(40),
        "Pi" => Suffix::Two(50),
        "Ei" => Suffix::Two(60),
        _ => {
            let power: i64 = text.strip_prefix(['e', 'E']).and_then(|power| power.parse().ok()).ok_or(SUFFIX)?;
            // The reference keeps the low half of a power that is far too large.
            Suffix::Ten(power as i32)
        }
    })
}

fn is_above_2g_decimal(whole: &str, fraction: &str, power: i32) -> bool {
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    // The number is 0.DIGITS times ten to this.
    let magnitude = whole.len() as i64 + i64::from(power) - zeros as i64;
    let digits = digits.get(zeros..).unwrap_or_default();
    let end = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    magnitude > 10 || (magnitude == 10 && digits.get(..end).unwrap_or_default() > b"2".as_slice())
}

fn is_above_2g_binary(whole: &str, fraction: &str, power: u32) -> bool {
    const LIMIT: u128 = 2_000_000_000;
    if whole.len() > 10 {
        return true;
    }
    let whole: u128 = whole.parse().unwrap_or(0);
    let whole = whole << power;
    if whole > LIMIT {
        return true;
    }
    const PLACES: u32 = 18;
    let kept = fraction.get(..fraction.len().min(PLACES as usize)).unwrap_or_default();
    let places = PLACES - kept.len() as u32;
    let part: u128 = kept.parse().unwrap_or(0);
    let part = (part * 10u128.pow(places)) << power;
    whole * 10u128.pow(PLACES) + part > LIMIT * 10u128.pow(PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(text: &str) -> Result<Ordering, &'static str> {
        parse_amount(text).map(|amount| amount.sign)
    }

    #[test]
    fn signs() {
        for text in ["1", "100m", "+1", ".5", "1.", "0.0000000001", "1e3", "1E3", "1E", "1.5Gi", "1e-99", "5n", "007"] {
            assert_eq!(sign(text), Ok(Ordering::Greater), "{text}");
        }
        for text in ["0", "0.0", "-0", "+", "-", ".", "Mi", "k", "0e5", ".m", "0Gi", "0.0Gi", "e5"] {
            assert_eq!(sign(text), Ok(Ordering::Equal), "{text}");
        }
        for text in ["-1", "-100m", "-.5Gi"] {
            assert_eq!(sign(text), Ok(Ordering::Less), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (text, problem) in [
            ("", FORMAT),
            ("abc", FORMAT),
            ("1 ", FORMAT),
            (" 1", FORMAT),
            ("1 Gi", FORMAT),
            ("1.2.3", FORMAT),
            ("1i", SUFFIX),
            ("1GB", FORMAT),
            ("1ki", SUFFIX),
            ("1e", SUFFIX),
            ("1m5", SUFFIX),
            ("1e99999999999999999999", SUFFIX),
        ] {
            assert_eq!(sign(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn two_thousand_million() {
        for text in ["2G", "2000M", "1907Mi", "1.5Gi", "2e9", "1.99999999999G", "1.8Gi", "0.000000001E", "2000000000", "-3G"] {
            assert!(!parse_amount(text).unwrap().above_2g, "{text}");
        }
        for text in ["2.1G", "2Gi", "1908Mi", "2001M", "3e9", "2000000001", "1.9Gi", "1Ei", "99999999999Ki", "2.0000000001G"] {
            assert!(parse_amount(text).unwrap().above_2g, "{text}");
        }
    }
}
