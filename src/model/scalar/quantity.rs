//! Amounts of CPU, memory and the like (`100m`, `1.5Gi`, `1e3`), read and written as Kubernetes does.
//!
//! A quantity is kept as its canonical text. Most texts in the files are canonical already and are taken as they
//! stand, spelling included: `010`, `+1` and `1e-9` stay. Everything else is worked out in decimal digits, so
//! precision never runs out: see [`Quantity::parse`], then [`Amount`].

use std::cmp::Ordering;
use std::fmt;

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, TextForm, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

/// An amount of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The text that is written; empty stands for zero.
    text: String,
}

/// Why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// It is not a number with a suffix.
    Format,
    /// The number has no digits.
    Number,
    /// The suffix is not one that Kubernetes knows.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Format => "not a quantity: want a number and a suffix, such as 100m, 1.5Gi or 2",
            Self::Number => "the number of the quantity has no digits",
            Self::Suffix => "unknown suffix of a quantity: known are n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei and exponents",
        })
    }
}

/// Which suffixes a quantity is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `k`, `M`, `m` …
    Decimal,
    /// `e3`, `e6` …
    Exponent,
    /// `Ki`, `Mi` …
    Binary,
}

/// Most digits for which the reference computes in 64 bits; only then does it keep a text as it stands.
const SHORT_DIGITS: usize = 18;
/// The smallest power of ten that is kept.
const NANO: i32 = -9;
const DECIMAL_SUFFIXES: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY_SUFFIXES: [(&str, i32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The parts of a quantity's text.
struct Parts<'t> {
    negative: bool,
    /// Digits before the point without leading zeros, "0" where none are left.
    whole: &'t str,
    /// Digits after the point.
    fraction: &'t str,
    /// Whether there is any digit at all; "Mi" alone and "-" pass for zero where no digits are needed.
    any_digit: bool,
    suffix: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Result<Self, QuantityError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (integer, rest) = unsigned.split_at(digits(unsigned));
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at(digits(rest)),
            None => ("", rest),
        };
        let letters = suffix.bytes().take_while(|byte| b"eEinumkKMGTP".contains(byte)).count();
        let exponent = suffix[letters..].strip_prefix(['+', '-']).unwrap_or(&suffix[letters..]);
        if digits(exponent) != exponent.len() {
            return Err(QuantityError::Format);
        }
        let whole = match integer.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        Ok(Self { negative, whole, fraction, any_digit: !integer.is_empty() || !fraction.is_empty(), suffix })
    }

    /// The power (of ten, or of two for [`Form::Binary`]) that the suffix stands for.
    fn scale(&self) -> Result<(Form, i32), QuantityError> {
        if let Some((_, power)) = DECIMAL_SUFFIXES.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok((Form::Decimal, *power));
        }
        if let Some((_, power)) = BINARY_SUFFIXES.iter().find(|(suffix, _)| *suffix == self.suffix) {
            return Ok((Form::Binary, *power));
        }
        let exponent =
            self.suffix.strip_prefix(['e', 'E']).filter(|rest| !rest.is_empty()).ok_or(QuantityError::Suffix)?;
        let power: i64 = exponent.parse().map_err(|_| QuantityError::Suffix)?;
        // The reference keeps the low 32 bits.
        Ok((Form::Exponent, power as i32))
    }

    fn digit_count(&self) -> usize {
        self.whole.len() + self.fraction.len()
    }

    /// Whether the reference would compute in 64 bits.
    fn is_short(&self, form: Form, power: i32) -> bool {
        match form {
            Form::Decimal | Form::Exponent => {
                self.digit_count() <= SHORT_DIGITS && i64::from(power) - self.fraction.len() as i64 >= i64::from(NANO)
            }
            Form::Binary => {
                // One binary digit is about 0.3 decimal ones.
                let room = 14 - i64::from(power) * 3 / 10;
                self.fraction.is_empty() && self.whole.len() as i64 <= room
            }
        }
    }

    /// Whether the text is kept as it stands.
    fn is_canonical(&self, form: Form, power: i32) -> bool {
        let last = |count: usize| self.whole.bytes().chain(self.fraction.bytes()).rev().take(count);
        match form {
            Form::Binary => self.whole.parse::<u64>().is_ok_and(|value| value % 8 != 0),
            Form::Decimal | Form::Exponent => {
                (power - self.fraction.len() as i32) % 3 == 0
                    && !(self.digit_count() >= 3 && last(3).all(|digit| digit == b'0'))
                    && !self.whole.starts_with('0')
            }
        }
    }
}

impl Quantity {
    /// Reads a text by the rules of Kubernetes: what it takes, this takes, and the canonical text is the same.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let parts = Parts::of(text)?;
        let (form, power) = parts.scale()?;
        if parts.is_short(form, power) && parts.is_canonical(form, power) {
            return Ok(Self { text: text.to_owned() });
        }
        let short = parts.is_short(form, power);
        if !short && !parts.any_digit {
            return Err(QuantityError::Number);
        }
        let amount = Amount::of(&parts, form, power);
        Ok(Self { text: amount.canonical(form, short) })
    }

    /// The canonical text.
    pub fn text(&self) -> &str {
        if self.text.is_empty() { "0" } else { &self.text }
    }

    /// How the quantity compares to zero.
    pub fn sign(&self) -> Ordering {
        match self.text() {
            "0" => Ordering::Equal,
            text if text.starts_with('-') => Ordering::Less,
            _ => Ordering::Greater,
        }
    }
}

/// A decimal number of any length: `digits` times ten to the power `power`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Amount {
    negative: bool,
    /// From the most significant, without leading zeros; empty for zero.
    digits: Vec<u8>,
    power: i64,
}

impl Amount {
    fn of(parts: &Parts<'_>, form: Form, power: i32) -> Self {
        let digits = parts.whole.bytes().chain(parts.fraction.bytes()).map(|digit| digit - b'0').collect();
        let mut amount = Self { negative: parts.negative, digits, power: -(parts.fraction.len() as i64) };
        match form {
            Form::Binary => amount.double(power),
            Form::Decimal | Form::Exponent => amount.power += i64::from(power),
        }
        amount.trim();
        amount
    }

    /// Removes zeros that say nothing at either end.
    fn trim(&mut self) {
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..leading);
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.power += 1;
        }
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Multiplies by two, `times` times.
    fn double(&mut self, times: i32) {
        for _ in 0..times {
            let mut carry = 0;
            for digit in self.digits.iter_mut().rev() {
                let doubled = *digit * 2 + carry;
                *digit = doubled % 10;
                carry = doubled / 10;
            }
            if carry > 0 {
                self.digits.insert(0, carry);
            }
        }
    }

    /// Drops digits below ten to the power `least`, rounding away from zero.
    fn round_up(&mut self, least: i64) {
        if self.power >= least || self.is_zero() {
            return;
        }
        let dropped = usize::try_from(least - self.power).unwrap_or(usize::MAX);
        let kept = self.digits.len().saturating_sub(dropped);
        // The digits end in one that is not zero, so whatever is dropped is a loss.
        self.digits.truncate(kept);
        self.power = least;
        let mut carry = true;
        for digit in self.digits.iter_mut().rev() {
            if !carry {
                break;
            }
            carry = *digit == 9;
            *digit = if carry { 0 } else { *digit + 1 };
        }
        if carry {
            self.digits.insert(0, 1);
        }
        self.trim();
    }

    /// The absolute value without its fraction, where it has at most 38 digits.
    fn whole(&self) -> Option<u128> {
        let places = usize::try_from(self.digits.len() as i64 + self.power).unwrap_or(0);
        if places > 38 {
            return None;
        }
        let digits = self.digits.iter().copied().chain(std::iter::repeat(0));
        Some(digits.take(places).fold(0, |value, digit| value * 10 + u128::from(digit)))
    }

    /// Whether there are digits after the point.
    fn has_fraction(&self) -> bool {
        self.power < 0 && !self.is_zero()
    }

    /// How the absolute value compares to `other`.
    fn compare(&self, other: u128) -> Ordering {
        match self.whole() {
            None => Ordering::Greater,
            Some(whole) => whole.cmp(&other).then(self.has_fraction().cmp(&false)),
        }
    }

    /// The text; `short` says that the reference computed in 64 bits and so neither rounds nor caps.
    fn canonical(mut self, mut form: Form, short: bool) -> String {
        if self.is_zero() {
            return "0".into();
        }
        if !short {
            self.round_up(NANO.into());
            if form == Form::Binary && self.compare(i64::MAX as u128).is_gt() {
                let most = i64::MAX.to_string();
                self.digits = most.bytes().map(|digit| digit - b'0').collect();
                self.power = 0;
            }
        }
        if form == Form::Binary && (self.compare(1024).is_lt() || self.has_fraction()) {
            form = Form::Decimal;
        }
        let (number, suffix) = match form {
            Form::Binary => self.binary_text(),
            Form::Decimal | Form::Exponent => self.decimal_text(form),
        };
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{number}{suffix}")
    }

    fn binary_text(&self) -> (String, String) {
        let mut value = self.whole().unwrap_or_default();
        let mut step = 0;
        while value >= 1024 && value.is_multiple_of(1024) {
            value /= 1024;
            step += 10;
        }
        let suffix = BINARY_SUFFIXES.iter().find(|(_, power)| *power == step).map_or("", |(suffix, _)| suffix);
        (value.to_string(), suffix.into())
    }

    fn decimal_text(&self, form: Form) -> (String, String) {
        let mut number: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let mut power = self.power;
        while power % 3 != 0 {
            number.push('0');
            power -= 1;
        }
        let suffix = match form {
            Form::Exponent if power != 0 => format!("e{power}"),
            Form::Exponent => String::new(),
            // Beyond the largest suffix the reference writes none: the magnitude is lost.
            _ => DECIMAL_SUFFIXES
                .iter()
                .find(|(_, known)| i64::from(*known) == power)
                .map_or("", |(suffix, _)| suffix)
                .into(),
        };
        (number, suffix)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// Drops white space from both ends. The reference trims the JSON text, where control characters are escapes.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() && c >= ' ' && c != '\u{2028}' && c != '\u{2029}')
}

impl Decode for Quantity {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a quantity");
        }
        let parsed = match reader.scalar(node) {
            Scalar::Null => return,
            Scalar::Str(text) => Self::parse(trimmed(&text)),
            Scalar::Bool(_) => return reader.mismatch(node, "a quantity"),
            number => {
                if let Scalar::Int(number) = number {
                    reader.note_octal(node, number.into());
                }
                match super::json::number_text(&number) {
                    Some(text) => Self::parse(&text),
                    None => return reader.mismatch(node, "a quantity"),
                }
            }
        };
        match parsed {
            Ok(quantity) => *self = quantity,
            Err(error) => reader.problem(node, error.to_string()),
        }
    }
}

impl Encode for Quantity {
    fn encode(&self, out: &mut Emitter) {
        out.str(self.text());
    }
}

static FORM: TextForm = TextForm {
    name: "Quantity",
    doc: "An amount of a resource: a number, then a decimal (`m`, `k`, `M`, `G`), a binary (`Ki`, `Mi`, `Gi`) or no suffix.",
    pattern: r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?\s*$",
    hint: "An amount is a number with or without a suffix, such as 2, 100m, 1.5Gi or 500M.",
    also: &[("number", "")],
    examples: &["100m", "2", "500Mi", "4Gi"],
};

impl Describe for Quantity {
    fn describe() -> Type {
        Type::Form(&FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).map_or_else(|error| format!("{error:?}"), |quantity| quantity.text().to_owned())
    }

    #[test]
    fn texts_become_canonical() {
        for (text, expected) in [
            ("0.1", "100m"),
            ("1000", "1k"),
            ("1024Ki", "1Mi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Ki", "512"),
            ("100m", "100m"),
            ("1500m", "1500m"),
            ("-1.5", "-1500m"),
            ("000", "0"),
            ("-", "0"),
            ("Mi", "0"),
            ("1e3", "1e3"),
            ("10e3", "10e3"),
            ("0.0000000001", "1n"),
            ("-0.00000000011", "-1n"),
            ("9223372036854775808Ki", "9223372036854775807"),
            ("-8Ei", "-9223372036854775807"),
            ("1.0000000001Ki", "1024000000103n"),
            ("1000E", "1"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn canonical_texts_keep_their_spelling() {
        for text in ["010", "+1", "1e-9", "1E3", "+5Mi", "0001Gi"] {
            assert_eq!(canonical(text), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "1 Gi", "1gi", "abc", "1.2.3", "1e", "--1", "1Ki1", "Pi", "e-20", "1e1.5"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }
}
