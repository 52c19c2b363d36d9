//! What is known of each regular expression that files name, found out once for each text.
//!
//! Thousands of files name a few hundred expressions. [`Patterns`] keeps what was found out about each, for all threads;
//! [`is_plain`] spares the commonest of them the look-up.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use regex::RegexSet;
use regex_syntax::ParserBuilder;

use super::language;
use crate::pattern;

/// Groups nested deeper than this are not looked into.
const MOST_NESTING: u32 = 200;

/// What is known of an expression.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Why it does not compile.
    pub problem: Option<String>,
    pub matches_nothing: bool,
    pub matches_everything: bool,
    /// It matches only what begins with `/` or `./`.
    pub is_rooted: bool,
    /// Whether the end of the text is of no importance to it.
    pub is_open: bool,
    translated: String,
    compiled: OnceLock<Option<RegexSet>>,
}

impl Facts {
    fn of(text: &str) -> Self {
        let broken = |problem| Self { problem: Some(problem), ..Self::default() };
        let translated = match pattern::translate(text) {
            Ok(translated) => translated,
            Err(problem) => return broken(problem),
        };
        let Ok(hir) = ParserBuilder::new().nest_limit(MOST_NESTING).build().parse(&translated) else {
            return pattern::check(text).err().map_or_else(Self::default, broken);
        };
        let looks = hir.properties().look_set();
        Self {
            problem: None,
            matches_nothing: language::matches_nothing(&hir),
            matches_everything: language::matches_everything(&hir),
            is_rooted: language::is_rooted(&hir),
            is_open: looks.iter().all(|look| look == regex_syntax::hir::Look::Start),
            translated,
            compiled: OnceLock::new(),
        }
    }

    /// Whether it matches a text. One that does not compile matches nothing.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| match self.problem {
            None => pattern::set(std::slice::from_ref(&self.translated)).ok(),
            Some(_) => None,
        });
        compiled.as_ref().is_some_and(|set| set.is_match(text))
    }
}

/// Expressions with what is known of them.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    known: RwLock<HashMap<String, Arc<Facts>>>,
}

impl Patterns {
    /// What is known of an expression.
    pub(super) fn facts(&self, text: &str) -> Arc<Facts> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        known.unwrap_or_else(|| {
            let facts = Arc::new(Facts::of(text));
            let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
            all.entry(text.to_owned()).or_insert(facts).clone()
        })
    }
}

/// Whether an expression is a plain text, perhaps anchored, of which nothing can be said: `^release-4\.10$`.
pub(super) fn is_plain(text: &str) -> bool {
    let inner = text.strip_prefix('^').unwrap_or(text);
    let inner = inner.strip_suffix('$').unwrap_or(inner).as_bytes();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        match byte {
            b'\\' if inner.get(at + 1) == Some(&b'.') => at += 2,
            byte if is_word(byte) || (*byte == b'/' && at > 0) => at += 1,
            _ => return false,
        }
    }
    // A dot may be the whole of it.
    inner.first().is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_are_such_that_nothing_is_to_be_said() {
        for text in ["main", "^main$", r"^release-4\.10$", r"^release-4\.10-", "docs/a.md"] {
            assert!(is_plain(text), "{text}");
            let facts = Patterns::default().facts(text);
            assert!(facts.problem.is_none() && !facts.matches_nothing && !facts.matches_everything && !facts.is_rooted);
        }
        for text in ["", "^", "^/docs", "a|b", r"a\d", "a*", r"a\", "(", "."] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_compiled_by_the_rules_of_go() {
        let patterns = Patterns::default();
        assert!(patterns.facts("(?!a)").problem.is_some());
        assert!(patterns.facts("*.md").problem.is_some());
        assert!(patterns.facts("^a").is_match("ab") && !patterns.facts("^a$").is_match("ab"));
        assert!(patterns.facts("^a").is_open && !patterns.facts("a$").is_open && !patterns.facts(r"a\b").is_open);
        assert!(!patterns.facts("(").is_match("("));
    }
}
