//! Lengths of time as text (`1h30m`), refused in the words of the reference.

use crate::model::scalar::duration::{Duration, DurationError};

const UNITS: [&str; 8] = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"];

/// Whether the text is a length of time; if not, what is wrong with it.
pub fn check_duration(text: &str) -> Result<(), String> {
    let Err(error) = Duration::parse(text) else { return Ok(()) };
    let problem = match error {
        DurationError::Invalid => "invalid duration".to_owned(),
        DurationError::MissingUnit => "missing unit in duration".to_owned(),
        DurationError::UnknownUnit => format!("unknown unit {} in duration", bytewise_quoted(unknown_unit(text))),
    };
    Err(format!("time: {problem} {}", bytewise_quoted(text)))
}

/// The first thing in the unit's place that is none.
fn unknown_unit(text: &str) -> &str {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let between = |letter: char| letter == '.' || letter.is_ascii_digit();
    unsigned.split(between).find(|unit| !unit.is_empty() && !UNITS.contains(unit)).unwrap_or_default()
}

/// In double quotes; what is not plain ASCII is written as bytes.
fn bytewise_quoted(text: &str) -> String {
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
        for text in ["0", "-0", "1h", "+1.5h30m", ".5s", "1.s", "1µs2ns", "2562047h47m16.854775807s"] {
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
            ("1h ", "time: unknown unit \"h \" in duration \"1h \""),
            ("2562048h", "time: invalid duration \"2562048h\""),
            ("1é", "time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\""),
        ] {
            assert_eq!(check_duration(text), Err(problem.to_owned()), "{text}");
        }
    }
}
