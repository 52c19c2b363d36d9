//! What a scalar means: Go's YAML 1.1 resolution.
//!
//! [`resolve`] gives the value of a scalar by its text, style and tag. Most plain scalars are text, and the first byte
//! tells: only signs, digits, a point, `~` and the first letters of the words for booleans and null can begin anything
//! else. The emitter asks the opposite question, [`reads_back_as_text`]. Odd but right: `y` and `on` are booleans, `08` is
//! a float, `1_000` an integer, timestamps are text, base 60 is text (but written in quotes), and the tag `!` makes text.

use std::borrow::Cow;

use super::number::{self, Integer};
use super::timestamp::is_timestamp;
use super::tree::Style;

/// The value of a scalar after resolution.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'a> {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer that fits a signed number.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// Any other number, infinities and not-a-number included.
    Float(f64),
    /// Text.
    Str(Cow<'a, str>),
}

/// The value of a scalar. The error says why it cannot be what its tag claims.
pub fn resolve<'a>(text: &'a str, style: Style, tag: Option<&str>) -> Result<Scalar<'a>, String> {
    match tag {
        None if style == Style::Plain => Ok(match plain(text) {
            Plain::Null => Scalar::Null,
            Plain::Bool(value) => Scalar::Bool(value),
            Plain::Int(number) => Scalar::Int(number),
            Plain::Uint(number) => Scalar::Uint(number),
            Plain::Float(number) => Scalar::Float(number),
            Plain::Timestamp | Plain::Text => Scalar::Str(Cow::Borrowed(text)),
        }),
        None => Ok(Scalar::Str(Cow::Borrowed(text))),
        Some(tag) => tagged(text, tag),
    }
}

/// Whether a scalar is null; cheaper than [`resolve`] where nothing else matters.
pub fn is_null(text: &str, style: Style, tag: Option<&str>) -> bool {
    match tag {
        None => style == Style::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL"),
        Some(_) => resolve(text, style, tag) == Ok(Scalar::Null),
    }
}

/// Whether the text of a number begins with zeros that make another number of it than its digits say.
pub fn is_octal(text: &str, number: i128) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|digit| digit.is_ascii_digit() || digit == b'_')
        && digits.replace('_', "").parse() != Ok(number.unsigned_abs())
}

/// Whether text means itself when it stands plain, now and for readers of base 60. Empty text does not.
pub fn reads_back_as_text(text: &str) -> bool {
    matches!(plain(text), Plain::Text) && !is_base60(text)
}

/// The tag of a merge key in long form.
pub(super) const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

#[derive(Clone, Copy, PartialEq)]
enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Timestamp,
    Text,
}

impl Plain {
    fn tag(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Uint(_) => "int",
            Self::Float(_) => "float",
            Self::Timestamp => "timestamp",
            Self::Text => "str",
        }
    }
}

/// What a first byte allows besides text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Text,
    Word,
    Point,
    Number,
}

const HINTS: [Hint; 256] = {
    let mut hints = [Hint::Text; 256];
    let mut byte = b'0';
    while byte <= b'9' {
        hints[byte as usize] = Hint::Number;
        byte += 1;
    }
    hints[b'+' as usize] = Hint::Number;
    hints[b'-' as usize] = Hint::Number;
    hints[b'.' as usize] = Hint::Point;
    let words = b"yYnNtTfFoO~";
    let mut at = 0;
    while at < words.len() {
        hints[words[at] as usize] = Hint::Word;
        at += 1;
    }
    hints
};

fn plain(text: &str) -> Plain {
    let Some(first) = text.as_bytes().first() else { return Plain::Null };
    match HINTS[*first as usize] {
        Hint::Text => Plain::Text,
        Hint::Word => word(text),
        Hint::Point => pointed(text),
        Hint::Number => number_or_timestamp(text, true),
    }
}

fn word(text: &str) -> Plain {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Plain::Bool(false),
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        _ => Plain::Text,
    }
}

fn pointed(text: &str) -> Plain {
    match text {
        ".nan" | ".NaN" | ".NAN" => Plain::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" => Plain::Float(f64::INFINITY),
        _ => number::pointed_float(text).map_or(Plain::Text, Plain::Float),
    }
}

fn number_or_timestamp(text: &str, timestamps: bool) -> Plain {
    // Nothing that begins with a digit or sign has other bytes than these; most text has, and soon.
    let possible = |byte: u8| {
        byte.is_ascii_hexdigit()
            || matches!(byte, b'+' | b'-' | b'.' | b'_' | b':' | b',' | b' ')
            || matches!(byte, b'x' | b'X' | b'o' | b'O' | b'T' | b't' | b'Z' | b'i' | b'I' | b'n' | b'N')
    };
    if !text.bytes().all(possible) {
        return Plain::Text;
    }
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Plain::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Plain::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if timestamps && is_timestamp(text) {
        return Plain::Timestamp;
    }
    let digits = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    match number::integer(&digits) {
        Some(Integer::Signed(number)) => Plain::Int(number),
        Some(Integer::Unsigned(number)) => Plain::Uint(number),
        None => number::float(&digits).map_or(Plain::Text, Plain::Float),
    }
}

fn tagged<'a>(text: &'a str, tag: &str) -> Result<Scalar<'a>, String> {
    let wanted = match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("binary") => {
            let text = super::binary::decode(text).ok_or("!!binary value contains invalid base64 data")?;
            return Ok(Scalar::Str(Cow::Owned(text)));
        }
        Some(name @ ("bool" | "int" | "float" | "null" | "timestamp")) => name,
        _ => return Ok(Scalar::Str(Cow::Borrowed(text))),
    };
    let found = match text.as_bytes().first().map(|first| HINTS[*first as usize]) {
        Some(Hint::Number) => number_or_timestamp(text, wanted == "timestamp"),
        _ => plain(text),
    };
    match found {
        Plain::Null if wanted == "null" => Ok(Scalar::Null),
        Plain::Bool(value) if wanted == "bool" => Ok(Scalar::Bool(value)),
        Plain::Int(number) if wanted == "int" => Ok(Scalar::Int(number)),
        Plain::Int(number) if wanted == "float" => Ok(Scalar::Float(number as f64)),
        Plain::Uint(number) if wanted == "int" => Ok(Scalar::Uint(number)),
        Plain::Float(number) if wanted == "float" => Ok(Scalar::Float(number)),
        Plain::Timestamp if wanted == "timestamp" => Ok(Scalar::Str(Cow::Borrowed(text))),
        _ => Err(format!("cannot decode !!{} `{text}` as a !!{wanted}", found.tag())),
    }
}

/// Whether text is a number in base 60, such as `12:30` or `1:20:30.5`: text to us and a number to older readers.
fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let Some(first) = parts.next() else { return false };
    if !first.starts_with(|c: char| c.is_ascii_digit())
        || !first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    {
        return false;
    }
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return false;
    }
    while let Some(part) = parts.next() {
        let part = match part.split_once('.') {
            Some((part, fraction)) if parts.peek().is_none() => {
                if !fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
                    return false;
                }
                part
            }
            _ => part,
        };
        if !matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Scalar<'_> {
        resolve(text, Style::Plain, None).expect("plain scalars without tag have a value")
    }

    #[test]
    fn plain_scalars() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(value(text), Scalar::Null);
        }
        for (text, truth) in [("y", true), ("On", true), ("TRUE", true), ("n", false), ("off", false)] {
            assert_eq!(value(text), Scalar::Bool(truth));
        }
        for (text, number) in
            [("1_000", 1000), ("+_1", 1), ("0_", 0), ("0o17", 15), ("017", 15), ("-0x_1F", -31), ("0b-1", -1)]
        {
            assert_eq!(value(text), Scalar::Int(number), "{text}");
        }
        assert_eq!(value("18446744073709551615"), Scalar::Uint(u64::MAX));
        for (text, number) in
            [("08", 8.0), ("1e1_0", 1e10), ("4.10", 4.1), (".5", 0.5), (".1_0", 0.1), ("-.inf", f64::NEG_INFINITY)]
        {
            assert_eq!(value(text), Scalar::Float(number), "{text}");
        }
        for text in [
            "_1",
            "yEs",
            "1e400",
            "2001-01-01",
            "12:30",
            "1.2.3",
            "0b2",
            "-",
            "+",
            "<<",
            "tRue",
            "-0b+1",
            "0x1p3",
            "ne",
        ] {
            assert_eq!(value(text), Scalar::Str(text.into()), "{text}");
        }
    }

    #[test]
    fn tags_force_or_fail() {
        let with = |text, name: &str| resolve(text, Style::Plain, Some(name));
        let long = |name: &str| format!("tag:yaml.org,2002:{name}");
        assert_eq!(with("1", "!"), Ok(Scalar::Str("1".into())));
        assert_eq!(with("1", &long("str")), Ok(Scalar::Str("1".into())));
        assert_eq!(with("3", &long("float")), Ok(Scalar::Float(3.0)));
        assert_eq!(with("yes", &long("bool")), Ok(Scalar::Bool(true)));
        assert_eq!(with("aGk=", &long("binary")), Ok(Scalar::Str("hi".into())));
        assert_eq!(with("2001-01-01", &long("timestamp")), Ok(Scalar::Str("2001-01-01".into())));
        assert_eq!(resolve("5", Style::DoubleQuoted, Some(&long("int"))), Ok(Scalar::Int(5)));
        for (text, name) in [
            ("1.5", "int"),
            ("x", "null"),
            ("", "float"),
            ("18446744073709551615", "float"),
            ("x", "timestamp"),
            ("_", "binary"),
        ] {
            assert!(with(text, &long(name)).is_err(), "{text} {name}");
        }
    }

    #[test]
    fn base_60_is_quoted() {
        for text in ["12:30", "+1:2:3", "1_0:59.", "190:20:30.15", "0:0"] {
            assert!(!reads_back_as_text(text), "{text}");
        }
        for text in ["60:60", "1:60", "1:2:", "1:", "_1:2", "1:2.3:4", "1:2.x", "a:1"] {
            assert!(reads_back_as_text(text), "{text}");
        }
    }
}
