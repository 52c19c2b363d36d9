//! What a regular expression can match at all, as far as its anchors decide it.
//!
//! A way to match consumes text or not, and it may ask that nothing comes before or after. A [`Ways`] is the set of the
//! kinds of way that an expression has; an expression that has none (`a^b`, `$a`) matches nothing. Word boundaries and
//! anchors of lines are taken to hold everywhere, so that an expression which matches is never said not to.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind, Look};

/// Repetitions beyond these give no new way: there are eight kinds.
const MOST_ROUNDS: u32 = 16;

/// Kinds of way to match, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ways(u8);

/// One kind of way.
#[derive(Clone, Copy, Debug)]
struct Way {
    consumes: bool,
    /// Nothing may be consumed before it.
    first: bool,
    /// Nothing may be consumed after it.
    last: bool,
}

impl Way {
    const ALL: [Self; 8] = {
        let mut all = [Self { consumes: false, first: false, last: false }; 8];
        let mut bits = 0;
        while bits < 8 {
            all[bits] = Self { consumes: bits & 1 != 0, first: bits & 2 != 0, last: bits & 4 != 0 };
            bits += 1;
        }
        all
    };

    const EMPTY: Self = Self { consumes: false, first: false, last: false };

    fn bit(self) -> u8 {
        1 << (u8::from(self.consumes) | (u8::from(self.first) << 1) | (u8::from(self.last) << 2))
    }

    /// This way and then another, where that is possible.
    fn then(self, next: Self) -> Option<Self> {
        let is_contradiction = (self.last && next.consumes) || (next.first && self.consumes);
        (!is_contradiction).then_some(Self {
            consumes: self.consumes || next.consumes,
            first: self.first || next.first,
            last: self.last || next.last,
        })
    }
}

impl Ways {
    const NONE: Self = Self(0);

    fn of(way: Way) -> Self {
        Self(way.bit())
    }

    fn has(self, way: Way) -> bool {
        self.0 & way.bit() != 0
    }

    fn iter(self) -> impl Iterator<Item = Way> {
        Way::ALL.into_iter().filter(move |way| self.has(*way))
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn then(self, next: Self) -> Self {
        let pairs = self.iter().flat_map(|one| next.iter().filter_map(move |other| one.then(other)));
        pairs.fold(Self::NONE, |ways, way| ways.or(Self::of(way)))
    }

    /// Between `least` and `most` times, one after the other.
    fn repeated(self, least: u32, most: Option<u32>) -> Self {
        let mut power = Self::of(Way::EMPTY);
        for _ in 0..least.min(MOST_ROUNDS) {
            power = power.then(self);
        }
        let mut all = power;
        for _ in least..most.unwrap_or(u32::MAX).min(least.saturating_add(MOST_ROUNDS)) {
            power = power.then(self);
            all = all.or(power);
        }
        all
    }
}

/// The ways of an expression. Its depth was bounded when it was parsed.
fn ways(hir: &Hir) -> Ways {
    match hir.kind() {
        HirKind::Empty => Ways::of(Way::EMPTY),
        HirKind::Literal(_) => Ways::of(Way { consumes: true, ..Way::EMPTY }),
        HirKind::Class(_) => match hir.properties().minimum_len() {
            Some(_) => Ways::of(Way { consumes: true, ..Way::EMPTY }),
            None => Ways::NONE,
        },
        HirKind::Look(Look::Start) => Ways::of(Way { first: true, ..Way::EMPTY }),
        HirKind::Look(Look::End) => Ways::of(Way { last: true, ..Way::EMPTY }),
        HirKind::Look(_) => Ways::of(Way::EMPTY),
        HirKind::Repetition(repetition) => ways(&repetition.sub).repeated(repetition.min, repetition.max),
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Concat(parts) => parts.iter().fold(Ways::of(Way::EMPTY), |before, part| before.then(ways(part))),
        HirKind::Alternation(arms) => arms.iter().fold(Ways::NONE, |ways_, arm| ways_.or(ways(arm))),
    }
}

/// Whether an expression matches no text.
pub(super) fn matches_nothing(hir: &Hir) -> bool {
    ways(hir) == Ways::NONE
}

/// Whether an expression certainly matches every text of one line that is not empty.
pub(super) fn matches_everything(hir: &Hir) -> bool {
    // At one end of any text there is nothing before, or nothing after; word boundaries do not hold everywhere there.
    let asks_more = hir.properties().look_set().iter().any(|look| !matches!(look, Look::Start | Look::End));
    let ways = ways(hir);
    let at_an_end = [(false, false), (true, false), (false, true)];
    let takes_nothing = at_an_end.into_iter().any(|(first, last)| ways.has(Way { consumes: false, first, last }));
    !asks_more && (takes_nothing || takes_whole_line(hir))
}

/// Whether an expression is `.*` or `.+` between anchors.
fn takes_whole_line(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => takes_whole_line(&capture.sub),
        HirKind::Alternation(arms) => arms.iter().any(takes_whole_line),
        HirKind::Concat(parts) => {
            let mut rest = parts.iter().filter(|part| !matches!(part.kind(), HirKind::Look(Look::Start | Look::End)));
            let anchors_are_outside = parts
                .iter()
                .skip_while(|part| matches!(part.kind(), HirKind::Look(Look::Start)))
                .skip(1)
                .all(|part| matches!(part.kind(), HirKind::Look(Look::End)));
            anchors_are_outside && rest.next().is_some_and(takes_whole_line)
        }
        HirKind::Repetition(repetition) => {
            repetition.min <= 1 && repetition.max.is_none() && is_any_character(&repetition.sub)
        }
        _ => false,
    }
}

fn is_any_character(hir: &Hir) -> bool {
    let any = [Hir::dot(regex_syntax::hir::Dot::AnyCharExceptLF), Hir::dot(regex_syntax::hir::Dot::AnyChar)];
    match hir.kind() {
        HirKind::Capture(capture) => is_any_character(&capture.sub),
        _ => any.contains(hir),
    }
}

/// Whether all that an expression matches begins with `/` or `./`, and begins the text.
pub(super) fn is_rooted(hir: &Hir) -> bool {
    hir.properties().look_set_prefix().contains(Look::Start)
        && Extractor::new().extract(hir).literals().is_some_and(|literals| {
            let mut texts = literals.iter().map(regex_syntax::hir::literal::Literal::as_bytes).peekable();
            texts.peek().is_some() && texts.all(|text| text.starts_with(b"/") || text.starts_with(b"./"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hir(pattern: &str) -> Hir {
        regex_syntax::parse(&crate::pattern::translate(pattern).unwrap()).unwrap()
    }

    #[test]
    fn anchors_in_the_wrong_place_match_nothing() {
        for pattern in ["a^b", "$a", "^docs/$^OWNERS$", "a$b|c^", "(a|b)^c", "a+^", "(?:x^){2}", "[^\\x00-\\x{10FFFF}]"]
        {
            assert!(matches_nothing(&hir(pattern)), "{pattern}");
        }
    }

    #[test]
    fn whatever_may_match_is_left_alone() {
        for pattern in
            ["", "^$", "a*^b", "^a|b$c", "$(a*)", "(?m)a\n^b", "a\\bb", "^^a$$", "(a^)?b", "(^a|b)c$", "(?:a^){0,3}"]
        {
            assert!(!matches_nothing(&hir(pattern)), "{pattern}");
        }
    }

    #[test]
    fn what_matches_everything_is_known() {
        for pattern in [".*", "", "^.*$", "^", "$", ".*?", "a|", "(.*|a)", "^(.*)$", ".+", "^.+$", "a*", "(.)*"] {
            assert!(matches_everything(&hir(pattern)), "{pattern}");
        }
        for pattern in ["^$", "a", ".", "^.*a$", "^[^/]*$", "\\.md$", "\\b", "^.$", "^.{2,}$", "(^.*$)a"] {
            assert!(!matches_everything(&hir(pattern)), "{pattern}");
        }
    }

    #[test]
    fn paths_never_begin_with_a_slash() {
        for pattern in ["^/docs/", "^\\./docs", "^(/a|/b)", "^/a|^/b", "^[/]x"] {
            assert!(is_rooted(&hir(pattern)), "{pattern}");
        }
        for pattern in ["/docs/", "^docs", "^/?docs", "^(/a|b)", "^/a|b", "^./docs", "^", "^.*"] {
            assert!(!is_rooted(&hir(pattern)), "{pattern}");
        }
    }
}
