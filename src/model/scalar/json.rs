//! The JSON text that the reference passes values through on their way from YAML into a type; a few types look at it.

use crate::yaml::number::{positional, shortest};
use crate::yaml::scalar::Scalar;
use crate::yaml::value::Value;

/// The text of a number; nothing for what is no number or has no JSON form.
pub fn number_text(value: &Scalar<'_>) -> Option<String> {
    match *value {
        Scalar::Int(number) => Some(number.to_string()),
        Scalar::Uint(number) => Some(number.to_string()),
        Scalar::Float(number) => float_text(number),
        _ => None,
    }
}

/// The text of a floating point number: shortest digits, an exponent only for the very small and very large.
pub fn float_text(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return Some(positional(&shortest(number)));
    }
    let text = shortest(number);
    Some(if magnitude >= 1.0 { text.replace('e', "e+") } else { text })
}

/// The compact text of a value, as Go writes it: keys in byte order, and `<`, `>`, `&` escaped for HTML.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

// As deep as the value is nested, which its reading has bounded.
fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Uint(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float_text(*number).unwrap_or_default()),
        Value::Text(text) => write_text(text, out),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..'\u{20}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", char as u32))
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_their_shortest_even_digits() {
        for (number, text) in [
            (768_030_716_292_978.3, "768030716292978.2"),
            (0.000_001, "0.000001"),
            (-1.5e-7, "-1.5e-7"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-0.0, "-0"),
        ] {
            assert_eq!(float_text(number).as_deref(), Some(text));
        }
    }
}
