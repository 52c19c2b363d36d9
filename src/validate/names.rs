//! Small checks of text: what may be a name, and the forms in which texts quote values.
//!
//! All work on bytes without regular expressions, because they run for every name of every test. Nothing here knows
//! rules or places.

use std::fmt;

const SUBDOMAIN_LONGEST: usize = 253;
const LABEL_VALUE_LONGEST: usize = 63;
const COLLECTION_LONGEST: usize = 50;

fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether `text` begins and ends with bytes of one kind and holds only bytes of another between.
fn is_framed(text: &str, end: impl Fn(u8) -> bool, inner: impl Fn(u8) -> bool) -> bool {
    match text.as_bytes() {
        [] => false,
        [only] => end(*only),
        [first, middle @ .., last] => end(*first) && end(*last) && middle.iter().all(|byte| inner(*byte)),
    }
}

/// Whether Kubernetes takes it as an object's name (RFC 1123 subdomain).
pub fn is_object_name(text: &str) -> bool {
    text.len() <= SUBDOMAIN_LONGEST
        && text
            .split('.')
            .all(|label| is_framed(label, is_lower_alphanumeric, |byte| is_lower_alphanumeric(byte) || byte == b'-'))
}

/// What Kubernetes has against the text as a label's value; nothing when it may be one, as an empty text may.
pub fn label_value_problems(text: &str) -> Option<String> {
    let mut problems = Vec::new();
    if text.len() > LABEL_VALUE_LONGEST {
        problems.push(format!("must be no more than {LABEL_VALUE_LONGEST} characters"));
    }
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !text.is_empty() && !is_framed(text, |byte| byte.is_ascii_alphanumeric(), inner) {
        problems.push(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used \
             for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                .to_owned(),
        );
    }
    (!problems.is_empty()).then(|| problems.join("; "))
}

/// Whether the name ends as the names of shards do (`-1of2`), which are made, not given.
pub fn has_shard_suffix(name: &str) -> bool {
    let without_digits = |text: &str| {
        let rest = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest.len())
    };
    without_digits(name)
        .and_then(|end| name.get(..end))
        .and_then(|head| head.strip_suffix("of"))
        .and_then(|head| without_digits(head).and_then(|end| head.get(..end)))
        .is_some_and(|head| head.ends_with('-'))
}

/// Whether the text looks as if a shell would read a `trap` command in it: the word's letters after anything that is
/// not part of a word.
pub fn mentions_trap(commands: &str) -> bool {
    let bytes = commands.as_bytes();
    commands.match_indices("trap").any(|(at, _)| {
        at.checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
    })
}

/// Whether a secret manager's collection may have the name.
pub fn is_collection_name(text: &str) -> bool {
    let is_end = is_lower_alphanumeric;
    text.len() <= COLLECTION_LONGEST
        && !text.starts_with('_')
        && !text.contains("__")
        && text.as_bytes().last().is_some_and(|byte| is_end(*byte))
        && text.bytes().all(|byte| is_lower_alphanumeric(byte) || matches!(byte, b'-' | b'_'))
}

/// Whether a group within a collection may have the name, which may have several levels.
pub fn is_group_name(text: &str) -> bool {
    let is_level = |level: &str| {
        is_framed(
            level,
            |byte| byte.is_ascii_alphanumeric(),
            |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        )
    };
    !text.contains("__") && text.strip_prefix("--dot--").unwrap_or(text).split('/').all(is_level)
}

/// What a secret manager's field name stands for: dots and runs of underscores are written in words there.
fn decoded_file_name(encoded: &str) -> String {
    let dotted = encoded.replace("--dot--", ".");
    let mut decoded = String::with_capacity(dotted.len());
    let mut rest = dotted.as_str();
    while let Some(at) = rest.find("--u") {
        let (before, from) = rest.split_at(at);
        let letters = from.bytes().skip(2).take_while(|byte| *byte == b'u').count();
        decoded.push_str(before);
        match from.get(2 + letters..).and_then(|after| after.strip_prefix("--")) {
            Some(after) if letters >= 2 => {
                decoded.extend(std::iter::repeat_n('_', letters));
                rest = after;
            }
            _ => {
                decoded.push('-');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// What is wrong with a field name (or its alias) as the name of a mounted file.
pub fn mount_file_name_problem(encoded: &str) -> Option<String> {
    let decoded = decoded_file_name(encoded);
    let name = format!("mount file name {}", quoted(encoded));
    if decoded.is_empty() {
        return Some(format!("{name} decodes to an empty string"));
    }
    if decoded.starts_with('/') {
        return Some(format!("{name} decodes to {} which is an absolute path", quoted(&decoded)));
    }
    if decoded.split('/').any(|part| part == "..") {
        return Some(format!("{name} decodes to {} which contains a path traversal segment", quoted(&decoded)));
    }
    let forbidden: Vec<String> = decoded
        .chars()
        .filter(|letter| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '.' | '_'))
        .map(String::from)
        .collect();
    (!forbidden.is_empty()).then(|| {
        format!(
            "{name} decodes to {} which contains forbidden characters ({}); decoded names must only contain letters, \
             numbers, dashes (-), dots (.), and underscores (_)",
            quoted(&decoded),
            forbidden.join(", ")
        )
    })
}

/// A text in double quotes, escaped as Go does it.
pub fn quoted(text: &str) -> Quoted<'_> {
    Quoted(text)
}

/// See [`quoted`].
pub struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(out, "\\{letter}")?,
                '\x07' => out.write_str("\\a")?,
                '\x08' => out.write_str("\\b")?,
                '\x0c' => out.write_str("\\f")?,
                '\x0b' => out.write_str("\\v")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                '\t' => out.write_str("\\t")?,
                '\0'..='\x1f' | '\x7f' => write!(out, "\\x{:02x}", u32::from(letter))?,
                ' '..='~' => write!(out, "{letter}")?,
                // What Rust would escape has no visible form: controls, odd spaces, unassigned letters.
                _ if letter.escape_debug().len() > 1 && u32::from(letter) < 0x10000 => {
                    write!(out, "\\u{:04x}", u32::from(letter))?;
                }
                _ if letter.escape_debug().len() > 1 => write!(out, "\\U{:08x}", u32::from(letter))?,
                _ => write!(out, "{letter}")?,
            }
        }
        out.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_names() {
        for good in ["a", "a-b", "a.b", "0", "a1.b-2.c"] {
            assert!(is_object_name(good), "{good}");
        }
        for bad in ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "ä", "a b", "a\n"] {
            assert!(!is_object_name(bad), "{bad}");
        }
        assert!(is_object_name(&"a".repeat(253)));
        assert!(!is_object_name(&"a".repeat(254)));
    }

    #[test]
    fn shard_suffixes() {
        for yes in ["x-1of2", "-10of20", "a-1of2-3of4"] {
            assert!(has_shard_suffix(yes), "{yes}");
        }
        for no in ["1of2", "x-of2", "x-1of", "x-1of2a", "x1of2", "", "of", "-1of2 "] {
            assert!(!has_shard_suffix(no), "{no}");
        }
    }

    #[test]
    fn traps() {
        for yes in ["trap", "x; trap 'y' EXIT", "\ttrapdoor", "é\u{e9}trap", "a-trap"] {
            assert!(mentions_trap(yes), "{yes}");
        }
        for no in ["strap", "_trap", "9trap", "tra p", ""] {
            assert!(!mentions_trap(no), "{no}");
        }
    }

    #[test]
    fn labels() {
        assert_eq!(label_value_problems(""), None);
        assert_eq!(label_value_problems("a_B.c-1"), None);
        assert!(label_value_problems("-a").is_some());
        assert!(label_value_problems(&"a".repeat(64)).is_some_and(|text| text == "must be no more than 63 characters"));
    }

    #[test]
    fn collections_and_groups() {
        assert!(is_collection_name("test-a_b") && is_collection_name("-a"));
        for bad in ["", "_a", "a_", "a__b", "A", "a-", &"a".repeat(51)] {
            assert!(!is_collection_name(bad), "{bad}");
        }
        assert!(is_group_name("a/B_c/d") && is_group_name("--dot--x"));
        for bad in ["", "_a", "a__b", "a//b", "a/", "--dot--", "-a", "a-"] {
            assert!(!is_group_name(bad), "{bad}");
        }
    }

    #[test]
    fn mounted_file_names() {
        assert_eq!(decoded_file_name("--dot--a--uu--b--u--c---uuu--d"), ".a__b--u--c-___d");
        assert_eq!(mount_file_name_problem("a--dot--b"), None);
        assert_eq!(
            mount_file_name_problem("/x").as_deref(),
            Some("mount file name \"/x\" decodes to \"/x\" which is an absolute path")
        );
        assert!(mount_file_name_problem("a/../b").is_some_and(|text| text.contains("traversal")));
        assert!(mount_file_name_problem("a b!").is_some_and(|text| text.contains("( , !)")));
    }

    #[test]
    fn quoting() {
        assert_eq!(quoted("a\"\\\n\x01é\u{200b}").to_string(), "\"a\\\"\\\\\\n\\x01é\\u200b\"");
    }
}
