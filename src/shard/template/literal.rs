//! Numbers and texts in a template, by Go's rules for literals.

use super::tree::Base;

/// The value of a number, by Go's rules for its spelling.
pub fn number(text: &str) -> Result<Base, String> {
    let illegal = || format!("illegal number syntax: {text:?}");
    if text.ends_with('i') {
        // Complex numbers can be written; nothing here reckons with them.
        return Ok(Base::Number(0.0, false));
    }
    let digits = text.trim_start_matches(['+', '-']).replace('_', "").to_ascii_lowercase();
    let radix = match digits.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    // Underscores stand between digits, or after the letter of the base.
    let raw = text.trim_start_matches(['+', '-']);
    if raw.starts_with('_') || raw.ends_with('_') || raw.contains("__") || raw.contains("_.") || raw.contains("._") {
        return Err(illegal());
    }
    if radix == 10 && digits.len() > 1 && digits.starts_with('0') && !digits.contains(['.', 'e']) {
        let overflow = |_| format!("integer overflow: {text:?}");
        return u64::from_str_radix(&digits, 8).map(|value| Base::Number(value as f64, true)).map_err(overflow);
    }
    if radix == 10 {
        let value: f64 = digits.parse().map_err(|_| illegal())?;
        let looks_whole = !digits.contains(['.', 'e']);
        if looks_whole && value >= 18_446_744_073_709_551_616.0 {
            return Err(format!("integer overflow: {text:?}"));
        }
        return Ok(Base::Number(value, looks_whole));
    }
    match u64::from_str_radix(&digits[2..], radix) {
        Ok(value) => Ok(Base::Number(value as f64, true)),
        // A fraction in base 16.
        Err(_) if radix == 16 && digits.contains('p') => Ok(Base::Number(1.0, false)),
        Err(_) => Err(illegal()),
    }
}

/// The text between quotes, by Go's rules for escapes.
pub fn unquote(quoted: &str) -> Result<String, String> {
    let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if quoted.starts_with('`') {
        return Ok(inside.to_owned());
    }
    let wrong = || "invalid syntax".to_owned();
    let mut out = String::new();
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let escape = letters.next().ok_or_else(wrong)?;
        let mut digits = |count: usize, first: Option<char>, radix: u32| {
            let text: String = first.into_iter().chain(letters.by_ref().take(count)).collect();
            let whole = text.chars().count() == count + usize::from(first.is_some());
            u32::from_str_radix(&text, radix).ok().filter(|_| whole).ok_or_else(wrong)
        };
        let code = match escape {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            '\\' => 92,
            '\'' if quoted.starts_with('\'') => 39,
            '"' if quoted.starts_with('"') => 34,
            'x' => digits(2, None, 16)?,
            'u' => digits(4, None, 16)?,
            'U' => digits(8, None, 16)?,
            '0'..='7' => digits(2, Some(escape), 8)?,
            _ => return Err(wrong()),
        };
        // A lone byte above ASCII is no text; what stands for it does not matter here.
        out.push(char::from_u32(code).ok_or_else(wrong)?);
    }
    Ok(out)
}
