//! The JSON text that the reference passes values through on their way from YAML into a type; a few types look at it.

use crate::yaml::scalar::Scalar;

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
        return Some(number.to_string());
    }
    let text = format!("{number:e}");
    Some(if magnitude >= 1.0 { text.replace('e', "e+") } else { text })
}
