//! Amounts of resources as text (`100m`, `1.5Gi`), refused in the words of the reference.

use crate::model::scalar::quantity::{Quantity, QuantityError};

/// Reads an amount.
pub fn parse_amount(text: &str) -> Result<Quantity, &'static str> {
    Quantity::parse(text).map_err(|error| match error {
        QuantityError::Format => {
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        }
        QuantityError::Number => "unable to parse numeric part of quantity",
        QuantityError::Suffix => "unable to parse quantity's suffix",
    })
}

/// Whether an amount is above 2G, two thousand million; floating point is exact enough around it.
pub fn is_above_2g(text: &str) -> bool {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !"+-.".contains(letter)).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let factor = match suffix.trim_end_matches('i') {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        letter => match ("kMGTPE".find(&letter.replace('K', "k")), suffix.ends_with('i')) {
            (Some(place), true) => 1024f64.powi(place as i32 + 1),
            (Some(place), false) => 1000f64.powi(place as i32 + 1),
            (None, _) => 10f64.powi(letter.get(1..).and_then(|power| power.parse().ok()).unwrap_or(0)),
        },
    };
    number.parse::<f64>().is_ok_and(|number| number * factor > 2e9)
}

#[cfg(test)]
mod tests {
    use super::is_above_2g;

    #[test]
    fn two_thousand_million() {
        for text in
            ["2G", "2000M", "1907Mi", "2e9", "1.99999999999G", "1.8Gi", "0.000000001E", "2000000000", "-3G", "100m"]
        {
            assert!(!is_above_2g(text), "{text}");
        }
        for text in ["2.1G", "2Gi", "1908Mi", "2001M", "3e9", "2000000001", "1.9Gi", "1Ei", "99999999999Ki", "+3E9"] {
            assert!(is_above_2g(text), "{text}");
        }
    }
}
