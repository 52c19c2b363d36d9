//! Go's regular expressions in the syntax of the `regex` crate.
//!
//! Both engines come from RE2 and match alike, but their syntaxes differ at the edges: what `\d` and `\s` cover, which
//! braces and brackets are literal, `&&` in a class, `\Q…\E`, doubled quantifiers. [`translate`] refuses what Go refuses
//! and rewrites the rest; [`check`] and [`set`] compile. Captures are of no interest: patterns are only ever asked whether
//! they match. Every pattern that users write goes through here, never into the crate as it is.

use std::iter::Peekable;
use std::str::Chars;

use regex::{RegexBuilder, RegexSet, RegexSetBuilder};

use crate::diagnostic::rule::rules;

rules! {
    BROKEN_PATTERN = "broken-pattern",
        "a regular expression does not compile",
        "The program that uses it refuses to start with such a file.",
        "correct the pattern; the syntax is Go's, which has neither look-around nor back references";
}

/// What patterns may take when compiled, all of a set together.
const MEMORY: usize = 64 << 20;

/// Groups may be nested this deep, as in Go.
const MOST_NESTING: u32 = 1000;

/// Why a pattern is none; nothing when it is one.
pub fn check(pattern: &str) -> Result<(), String> {
    let translated = translate(pattern)?;
    RegexBuilder::new(&translated).size_limit(MEMORY).nest_limit(MOST_NESTING).build().map(drop).map_err(reason)
}

/// Translated patterns, to be matched all at once.
pub fn set(translated: &[String]) -> Result<RegexSet, String> {
    RegexSetBuilder::new(translated).size_limit(MEMORY).nest_limit(MOST_NESTING).build().map_err(reason)
}

/// The last line of what the crate says; those before it repeat the pattern.
fn reason(error: regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// What Go says of a pattern that [`translate`] refuses for this reason.
pub fn in_words_of_go(pattern: &str, reason: &str) -> String {
    let part = match reason {
        _ if reason.contains('`') => return format!("error parsing regexp: {reason}"),
        "missing closing ]" => open_class(pattern),
        "trailing backslash at end of expression" => "",
        _ => pattern,
    };
    format!("error parsing regexp: {reason}: `{part}`")
}

/// The part of a pattern from the bracket on that is never closed.
fn open_class(pattern: &str) -> &str {
    let mut class = None;
    let mut letters = pattern.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (letter, class) {
            ('\\', _) => drop(letters.next()),
            ('[', None) => {
                class = Some(at);
                letters.next_if(|(_, next)| *next == '^');
                letters.next_if(|(_, next)| *next == ']');
            }
            (']', Some(_)) => class = None,
            _ => {}
        }
    }
    class.and_then(|at| pattern.get(at..)).unwrap_or(pattern)
}

/// Most repetitions Go lets a quantifier ask for.
const MOST_REPETITIONS: u32 = 1000;

/// A Go pattern as a pattern of the `regex` crate, or why Go refuses it.
pub fn translate(pattern: &str) -> Result<String, String> {
    let mut reader = Reader {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 8),
        open: Vec::new(),
        weight: 1,
        atom: 0,
        atom_weight: 1,
    };
    reader.expression()?;
    if reader.open.is_empty() { Ok(reader.out) } else { Err("missing closing )".into()) }
}

/// What a quantifier may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Something that can be repeated.
    Atom,
    /// The beginning of an alternative, which cannot.
    Nothing,
    /// A quantifier, which Go does not let be quantified again.
    Quantifier,
    /// Flags, which stand for what is before them.
    Flags,
}

struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    /// For each open group, the weight of what was read before it.
    open: Vec<u32>,
    /// How often the most repeated thing of the open group is repeated.
    weight: u32,
    /// Where the last thing that can be repeated ends in the output: Go looks past flags for it.
    atom: usize,
    /// How often something in the last atom is repeated.
    atom_weight: u32,
}

impl Reader<'_> {
    fn expression(&mut self) -> Result<(), String> {
        let mut before = Before::Nothing;
        while let Some(char) = self.rest.next() {
            let then = match char {
                '*' | '+' | '?' => self.quantifier(char.to_string(), before)?,
                '{' => match self.counts() {
                    Some(counts) => {
                        let factor = checked_counts(&counts)?;
                        let then = self.quantifier(format!("{{{counts}}}"), before)?;
                        self.weigh(factor).ok_or_else(|| format!("invalid repeat count: `{{{counts}}}`"))?;
                        then
                    }
                    None => self.literal('{'),
                },
                '(' => self.group()?,
                '|' => self.raw('|', Before::Nothing),
                '.' | '^' | '$' => self.raw(char, Before::Atom),
                ')' => self.close()?,
                '[' => self.class()?,
                '\\' => self.escape()?,
                other => self.literal(other),
            };
            if then == Before::Atom && char != ')' {
                self.atom_weight = 1;
            }
            if then != Before::Flags {
                before = then;
                self.atom = self.out.len();
            }
        }
        Ok(())
    }

    fn raw(&mut self, char: char, then: Before) -> Before {
        self.out.push(char);
        then
    }

    fn open(&mut self, how: &str) -> Before {
        self.out.push_str(how);
        self.open.push(std::mem::replace(&mut self.weight, 1));
        Before::Nothing
    }

    fn close(&mut self) -> Result<Before, String> {
        let before = self.open.pop().ok_or("unexpected )")?;
        self.atom_weight = self.weight;
        self.weight = self.weight.max(before);
        self.out.push(')');
        Ok(Before::Atom)
    }

    fn literal(&mut self, char: char) -> Before {
        push_literal(&mut self.out, char);
        Before::Atom
    }

    fn quantifier(&mut self, text: String, before: Before) -> Result<Before, String> {
        match before {
            Before::Nothing | Before::Flags => {
                return Err(format!("missing argument to repetition operator: `{text}`"));
            }
            Before::Quantifier => return Err(format!("invalid nested repetition operator: `{text}`")),
            Before::Atom => {}
        }
        let lazy = if self.rest.next_if_eq(&'?').is_some() { "?" } else { "" };
        self.out.insert_str(self.atom, &format!("{text}{lazy}"));
        Ok(Before::Quantifier)
    }

    /// Takes a count into account: Go multiplies those of groups within groups, and has a limit for the product.
    fn weigh(&mut self, factor: u32) -> Option<()> {
        self.atom_weight = self.atom_weight.checked_mul(factor).filter(|weight| *weight <= MOST_REPETITIONS)?;
        self.weight = self.weight.max(self.atom_weight);
        Some(())
    }

    /// The inside of `{2}`, `{2,}` or `{2,3}`. Any other brace is a brace.
    fn counts(&mut self) -> Option<String> {
        let inside: String = self.rest.clone().take_while(|char| *char != '}').collect();
        let closed = self.rest.clone().nth(inside.chars().count()) == Some('}');
        let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
        let is_number =
            |text: &str| text.chars().all(|char| char.is_ascii_digit()) && (text.len() < 2 || !text.starts_with('0'));
        if !closed || least.is_empty() || !is_number(least) || !is_number(most) {
            return None;
        }
        self.skip(inside.len() + 1);
        Some(inside)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.rest.next();
        }
    }

    /// What follows an opening parenthesis: nothing special, a name, or flags.
    fn group(&mut self) -> Result<Before, String> {
        if self.rest.peek() != Some(&'?') {
            return Ok(self.open("("));
        }
        self.rest.next();
        let named = self.rest.clone().collect::<String>();
        if let Some(name) = named.strip_prefix("P<").or_else(|| named.strip_prefix('<')) {
            let (name, _) = name.split_once('>').ok_or("invalid named capture")?;
            if name.is_empty() || !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
                return Err(format!("invalid named capture: `{name}`"));
            }
            self.skip(name.len() + if named.starts_with('P') { 3 } else { 2 });
            return Ok(self.open("("));
        }
        self.flags()
    }

    fn flags(&mut self) -> Result<Before, String> {
        let mut flags = String::new();
        loop {
            match self.rest.next() {
                Some(flag @ ('i' | 'm' | 's' | 'U')) => flags.push(flag),
                Some('-') if !flags.contains('-') => flags.push('-'),
                Some(end @ (':' | ')')) if !flags.ends_with('-') => {
                    // An empty `(?)` changes nothing, and only Go allows it.
                    let flags = distinct(&flags);
                    if end == ':' {
                        return Ok(self.open(&format!("(?{flags}:")));
                    }
                    if !flags.is_empty() {
                        self.out.push_str(&format!("(?{flags})"));
                    }
                    return Ok(Before::Flags);
                }
                _ => return Err(format!("invalid or unsupported Perl syntax: `(?{flags}`")),
            }
        }
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self) -> Result<Before, String> {
        match self.rest.peek() {
            Some('Q') => {
                self.rest.next();
                return Ok(self.quoted());
            }
            Some('b') => self.out.push_str("(?-u:\\b)"),
            // The engine has no ASCII form of `\B`; next to letters like é it may see a boundary where Go sees none.
            Some(anchor @ ('A' | 'z' | 'B')) => self.out.extend(['\\', *anchor]),
            _ => {
                if let Some(char) = self.escaped()? {
                    push_literal(&mut self.out, char);
                }
                return Ok(Before::Atom);
            }
        }
        self.rest.next();
        Ok(Before::Atom)
    }

    /// The literal text between `\Q` and `\E` or the end.
    fn quoted(&mut self) -> Before {
        while let Some(char) = self.rest.next() {
            if char == '\\' && self.rest.next_if_eq(&'E').is_some() {
                break;
            }
            self.literal(char);
        }
        Before::Atom
    }

    /// A class escape, which is written at once, or the character that an escape stands for.
    fn escaped(&mut self) -> Result<Option<char>, String> {
        let Some(char) = self.rest.next() else { return Err("trailing backslash at end of expression".into()) };
        let class = match char {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            's' => r"[\t\n\x0C\r ]",
            'S' => r"[^\t\n\x0C\r ]",
            'w' => "[0-9A-Za-z_]",
            'W' => "[^0-9A-Za-z_]",
            'p' | 'P' => return self.unicode_class(char).map(|()| None),
            _ => return self.escaped_char(char).map(Some),
        };
        self.out.push_str(class);
        Ok(None)
    }

    fn escaped_char(&mut self, char: char) -> Result<char, String> {
        Ok(match char {
            'a' => '\x07',
            'f' => '\x0C',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0B',
            'x' => return self.hexadecimal(),
            '0' => return self.octal(0),
            '1'..='7' if matches!(self.rest.peek(), Some('0'..='7')) => {
                return self.octal(char.to_digit(8).unwrap_or(0));
            }
            _ if char.is_ascii_punctuation() || (char.is_ascii() && !char.is_ascii_alphanumeric()) => char,
            _ => return Err(format!("invalid escape sequence: `\\{char}`")),
        })
    }

    fn octal(&mut self, first: u32) -> Result<char, String> {
        let mut value = first;
        for _ in 0..2 {
            let Some(digit) = self.rest.peek().and_then(|char| char.to_digit(8)) else { break };
            value = value * 8 + digit;
            self.rest.next();
        }
        char::from_u32(value).ok_or_else(|| "invalid escape sequence".into())
    }

    fn hexadecimal(&mut self) -> Result<char, String> {
        let invalid = || "invalid escape sequence: `\\x`".to_owned();
        let digits: String = if self.rest.next_if_eq(&'{').is_some() {
            let digits: String = self.rest.by_ref().take_while(|char| *char != '}').collect();
            digits
        } else {
            self.rest.by_ref().take(2).collect::<String>()
        };
        let all_digits = !digits.is_empty() && digits.chars().all(|char| char.is_ascii_hexdigit());
        let value = if all_digits { u32::from_str_radix(&digits, 16).ok() } else { None };
        value.and_then(char::from_u32).ok_or_else(invalid)
    }

    /// `\pL` or `\p{Greek}`; `\p{^Greek}` is the negation.
    fn unicode_class(&mut self, letter: char) -> Result<(), String> {
        let invalid = || "invalid character class range".to_owned();
        let mut name = match self.rest.next().ok_or_else(invalid)? {
            '{' => self.rest.by_ref().take_while(|char| *char != '}').collect::<String>(),
            single => single.to_string(),
        };
        let mut negated = letter == 'P';
        if let Some(rest) = name.strip_prefix('^') {
            negated = !negated;
            name = rest.to_owned();
        }
        if name.is_empty() || !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
            return Err(invalid());
        }
        self.out.push_str(&format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }));
        Ok(())
    }

    /// What follows an opening bracket.
    fn class(&mut self) -> Result<Before, String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            match self.rest.next() {
                None => return Err("missing closing ]".into()),
                Some(']') if !first => break,
                Some(char) => self.class_item(char)?,
            }
            first = false;
        }
        self.out.push(']');
        Ok(Before::Atom)
    }

    fn class_item(&mut self, char: char) -> Result<(), String> {
        if char == '[' && self.rest.peek() == Some(&':') {
            let ahead: String = self.rest.clone().collect();
            if let Some((name, _)) = ahead.get(1..).and_then(|inside| inside.split_once(":]")) {
                self.skip(name.chars().count() + 3);
                self.out.push_str(&format!("[:{name}:]"));
                return Ok(());
            }
        }
        let Some(low) = self.class_char(char)? else { return Ok(()) };
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && !matches!(ahead.next(), None | Some(']'));
        push_literal(&mut self.out, low);
        if !is_range {
            return Ok(());
        }
        self.rest.next();
        let next = self.rest.next().ok_or("missing closing ]")?;
        let written = self.out.len();
        match self.class_char(next)? {
            Some(high) if high >= low => {
                self.out.push('-');
                push_literal(&mut self.out, high);
                Ok(())
            }
            _ => {
                self.out.truncate(written);
                Err(format!("invalid character class range: `{low}-{next}`"))
            }
        }
    }

    fn class_char(&mut self, char: char) -> Result<Option<char>, String> {
        if char == '\\' { self.escaped() } else { Ok(Some(char)) }
    }
}

/// Go lets a flag be given twice.
fn distinct(flags: &str) -> String {
    let mut seen = String::new();
    for flag in flags.chars() {
        if !seen.contains(flag) {
            seen.push(flag);
        }
    }
    seen
}

fn push_literal(out: &mut String, char: char) {
    if "\\.+*?()|[]{}^$#&-~".contains(char) {
        out.push('\\');
    }
    out.push(char);
}

/// How often a count repeats at least what it follows, for [`Reader::weigh`].
fn checked_counts(counts: &str) -> Result<u32, String> {
    let wrong = || format!("invalid repeat count: `{{{counts}}}`");
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    let least: u32 = least.parse().map_err(|_| wrong())?;
    let bound: u32 = if most.is_empty() { MOST_REPETITIONS } else { most.parse().map_err(|_| wrong())? };
    if least > MOST_REPETITIONS || bound > MOST_REPETITIONS || least > bound {
        return Err(wrong());
    }
    // Without an upper bound, the lower counts; never at all counts for nothing.
    Ok(if most.is_empty() { least.max(1) } else { bound })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_in_words_of_go() {
        let cases = [
            ("main(", "missing closing ): `main(`"),
            ("a)", "unexpected ): `a)`"),
            ("a[b][^]c", "missing closing ]: `[^]c`"),
            ("*a", "missing argument to repetition operator: `*`"),
            ("a\\", "trailing backslash at end of expression: ``"),
        ];
        for (pattern, expected) in cases {
            let reason = translate(pattern).unwrap_err();
            assert_eq!(in_words_of_go(pattern, &reason), format!("error parsing regexp: {expected}"));
        }
    }

    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        regex::Regex::new(&translated).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text)
    }

    #[test]
    fn plain_patterns_stay_as_they_are() {
        assert_eq!(translate("^a(b|c)*.d+?$").as_deref(), Ok("^a(b|c)*.d+?$"));
    }

    #[test]
    fn matching_is_go_s() {
        let cases = [
            (r"\d", "٣", false),
            (r"\w", "é", false),
            (r"[\w-]+\.yaml$", "a-b.yaml", true),
            (r"\s", "\u{b}", false),
            (r"a{,2}", "a{,2}", true),
            (r"a{2}b", "aab", true),
            (r"x{", "x{", true),
            (r"[a&&b]+$", "&&", true),
            (r"[[a]+$", "[a", true),
            (r"[]a]+$", "]a", true),
            (r"[^]a]", "]a", false),
            (r"[a\-z]", "m", false),
            (r"[\d-z]", "-", true),
            (r"[[:digit:]x]", "x", true),
            (r"\Qa.b*\E+c", "a.b**c", true),
            (r"\101", "A", true),
            (r"\x41\x{42}", "AB", true),
            (r"(?i)infra-PERIODICS", "infra-periodics", true),
            (r"(?P<kind>a)|(?<other>b)", "b", true),
            (r"(?)a", "a", true),
            (r"^a(?i)+B$", "aaab", true),
            (r"\p{^L}", "a", false),
            (r"\<a\>", "<a>", true),
            (r"\bfoo\b", "a foo b", true),
            (r"a#b ~&-c", "a#b ~&-c", true),
        ];
        for (pattern, text, want) in cases {
            assert_eq!(matches(pattern, text), want, "{pattern} on {text:?}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in [
            "a**",
            "a{2}{3}",
            "*a",
            "(|*)",
            "a{1001}",
            "a{3,2}",
            r"\1",
            r"\Z",
            r"\C",
            "[z-a]",
            "[a",
            r"[\b]",
            "(?x)a",
            "(?=a)",
            r"a\",
            "(?P<>a)",
            "a(",
            "a)",
            "(a{100}){11}",
            "((a{10}b){10,}|c){11}",
            "(x(a{2}){20}){26}",
        ] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_go_takes_is_taken() {
        let nested = format!("{}a{}", "(".repeat(900), ")".repeat(900));
        let long = "[a-z]{1000}".repeat(20);
        for pattern in
            ["(a{100}){10}", "(a{100}b){0}(c{1000}){1}", "((a{10})*){100}|((a{0}){1000})", r"\pL{500}", &nested, &long]
        {
            // Go counts what stars repeat once.
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
        assert_eq!(check(r"\p{Nope}").unwrap_err(), "Unicode property not found");
    }
}
