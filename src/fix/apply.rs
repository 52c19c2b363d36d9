//! Making edits in a text, and holding the result against what was meant.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Edit;
use crate::yaml::parse::parse;
use crate::yaml::scalar::resolve;
use crate::yaml::tree::{Kind, Node};

/// Documents are nested less deeply than this by far.
const MAX_DEPTH: usize = 500;

/// A text with edits made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The new text.
    pub text: String,
    /// Of each answer whether its edits were made.
    pub taken: Vec<bool>,
}

/// Makes the edits of answers, each as a whole or not at all. Of answers that get in each other's way the one that begins
/// first is made; the same edits twice are made once. Edits that do not fit the text are not made.
pub fn apply(text: &str, answers: &[&[Edit]]) -> Applied {
    let mut order: Vec<usize> = (0..answers.len()).collect();
    // Of those that begin at one place the longest, since what it removes needs no other edit.
    order.sort_by_key(|at| {
        let first = answers[*at].iter().min();
        first.map(|edit| (edit.start, std::cmp::Reverse(edit.end)))
    });
    let mut taken = vec![false; answers.len()];
    let mut made = Made::default();
    for at in order {
        let edits = answers[at];
        let fits = edits.iter().all(|edit| text.get(edit.start..edit.end).is_some());
        if edits.is_empty() || !fits {
            continue;
        }
        let is_consistent =
            || edits.iter().enumerate().all(|(at, edit)| !edits[..at].iter().any(|other| other.overlaps(edit)));
        taken[at] = if edits.iter().all(|edit| made.has(edit)) {
            true
        } else if is_consistent() && edits.iter().all(|edit| made.is_free_for(edit)) {
            edits.iter().for_each(|edit| made.add(edit));
            true
        } else {
            false
        };
    }
    Applied { text: made.over(text), taken }
}

/// Edits that are made together. None is in the way of another, so that each begins elsewhere.
#[derive(Default)]
struct Made<'e>(BTreeMap<usize, &'e Edit>);

impl<'e> Made<'e> {
    fn add(&mut self, edit: &'e Edit) {
        self.0.insert(edit.start, edit);
    }

    fn has(&self, edit: &Edit) -> bool {
        self.0.get(&edit.start).is_some_and(|other| **other == *edit)
    }

    /// The last one that does not begin after a place.
    fn before(&self, place: usize) -> Option<&'e Edit> {
        self.0.range(..=place).next_back().map(|(_, edit)| *edit)
    }

    fn is_free_for(&self, edit: &Edit) -> bool {
        let after = self.0.range(edit.start.saturating_add(1)..).next().map(|(_, edit)| *edit);
        !self.before(edit.start).into_iter().chain(after).any(|other| other.overlaps(edit))
    }

    /// The text with these edits.
    fn over(&self, text: &str) -> String {
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for edit in self.0.values() {
            out.push_str(text.get(at..edit.start).unwrap_or_default());
            out.push_str(&edit.text);
            at = edit.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

/// Whether the new text is the old document but for the edits that were made: entries that were removed are gone, scalars
/// that were replaced have the text of their replacement, no key is given twice that was not, and nothing else differs.
/// The edits are such as [`apply()`] makes together.
pub fn is_sound(old: &str, new: &str, made: &[&Edit]) -> bool {
    let made = &Made(made.iter().map(|edit| (edit.start, *edit)).collect());
    let (Ok(old), Ok(new)) = (parse(old), parse(new)) else { return false };
    match (old.root(), new.root()) {
        (Some(old), Some(new)) => is_same(old, new, made, 0),
        (None, None) => true,
        _ => false,
    }
}

fn is_same(old: Node<'_, '_>, new: Node<'_, '_>, made: &Made<'_>, depth: usize) -> bool {
    if depth > MAX_DEPTH || old.kind() != new.kind() || old.tag() != new.tag() {
        return false;
    }
    let below = |old, new| is_same(old, new, made, depth + 1);
    match old.kind() {
        Kind::Scalar => is_same_scalar(old, new, made),
        Kind::Alias => old.resolved().kind() == new.resolved().kind() && old.resolved().text() == new.resolved().text(),
        Kind::Sequence => {
            let mut rest = new.items();
            old.items().all(|item| rest.next().is_some_and(|other| below(item, other))) && rest.next().is_none()
        }
        Kind::Mapping => {
            let is_removed = |key: Node<'_, '_>| {
                made.before(key.offset()).is_some_and(|edit| edit.text.is_empty() && key.offset() < edit.end)
            };
            let mut rest = new.entries();
            let mut kept = old.entries().filter(|(key, _)| !is_removed(*key));
            kept.all(|entry| rest.next().is_some_and(|other| below(entry.0, other.0) && below(entry.1, other.1)))
                && rest.next().is_none()
                && repeated(new) <= repeated(old)
        }
    }
}

fn is_same_scalar(old: Node<'_, '_>, new: Node<'_, '_>, made: &Made<'_>) -> bool {
    match made.0.get(&old.offset()).filter(|edit| !edit.text.is_empty()) {
        Some(edit) => {
            let tree = parse(&edit.text).unwrap_or_default();
            tree.root().is_some_and(|meant| (meant.text(), meant.style()) == (new.text(), new.style()))
        }
        None => old.text() == new.text() && old.style() == new.style(),
    }
}

/// How many keys of a mapping were there before.
fn repeated(mapping: Node<'_, '_>) -> usize {
    let mut seen = BTreeSet::new();
    // A number is another key than its text.
    let read = |key: Node<'_, '_>| format!("{:?}", resolve(key.text(), key.style(), key.tag()));
    mapping.entries().filter(|(key, _)| key.kind() == Kind::Scalar && !seen.insert(read(*key))).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { start, end, text: text.to_owned(), from: (0, 0), to: (0, 0) }
    }

    #[test]
    fn edits_are_made_from_whatever_order_they_come_in() {
        let (a, b) = ([edit(0, 1, "x")], [edit(2, 3, "yy"), edit(4, 5, "")]);
        for answers in [[&a[..], &b[..]], [&b, &a]] {
            let applied = apply("abcde", &answers);
            assert_eq!((applied.text.as_str(), applied.taken), ("xbyyd", vec![true, true]));
        }
    }

    #[test]
    fn of_edits_in_each_others_way_the_first_is_made_and_the_same_ones_once() {
        let (long, inner, after) = ([edit(0, 3, "")], [edit(0, 1, "x")], [edit(3, 4, "y")]);
        let applied = apply("abcd", &[&inner, &after, &long, &long]);
        assert_eq!((applied.text.as_str(), applied.taken), ("y", vec![false, true, true, true]));
        let (one, other) = ([edit(1, 1, "x")], [edit(1, 1, "y")]);
        assert_eq!(apply("ab", &[&one, &other]).text, "axb");
        let torn = [edit(0, 2, "x"), edit(1, 3, "y")];
        assert_eq!(apply("abc", &[&torn]).taken, [false]);
    }

    #[test]
    fn edits_that_do_not_fit_are_not_made() {
        for bad in [edit(1, 2, "x"), edit(0, 9, "x"), edit(9, 9, "x"), edit(3, 2, "x")] {
            assert_eq!(apply("éa", &[&[bad]]), Applied { text: "éa".into(), taken: vec![false] });
        }
    }

    #[test]
    fn only_what_was_meant_is_sound() {
        let old = "a: 4.10\nb:\n  c: 1\n  c: 2\n";
        let quote = edit(3, 7, "\"4.10\"");
        let remove = edit(11, 18, "");
        assert!(is_sound(old, "a: \"4.10\"\nb:\n  c: 1\n  c: 2\n", &[&quote]));
        assert!(is_sound(old, "a: 4.10\nb:\n  c: 2\n", &[&remove]));
        assert!(is_sound(old, "a: \"4.10\"\nb:\n  c: 2\n", &[&remove, &quote]));
        for wrong in [
            "a: \"4.1\"\nb:\n  c: 1\n  c: 2\n",
            "a: '4.10'\nb:\n  c: 1\n  c: 2\n",
            "a: \"4.10\"\nb:\n  c: 1\n",
            "a: \"4.10\"\nb:\n  c: 1\n  c: 2\nd: 1\n",
            "a: \"4.10\"\nb:\n  c: '1'\n  c: 2\n",
            "a: [",
            "",
        ] {
            assert!(!is_sound(old, wrong, &[&quote]), "{wrong}");
        }
        let key = edit(8, 9, "\"1\"");
        assert!(!is_sound("\"1\": a\n1: b\n", "\"1\": a\n\"1\": b\n", &[&edit(7, 8, "\"1\"")]), "a key twice");
        assert!(is_sound("\"2\": ab\n1: b\n", "\"2\": ab\n\"1\": b\n", &[&key]));
    }

    fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
        let one =
            (0usize..14, 0usize..5, "[é\"x]{0,2}").prop_map(|(start, length, text)| edit(start, start + length, &text));
        proptest::collection::vec(proptest::collection::vec(one, 0..3), 0..6)
    }

    proptest! {
        #[test]
        fn whatever_the_edits_what_is_not_edited_stays(text in "[aé\n:]{0,12}", answers in edits()) {
            let given: Vec<&[Edit]> = answers.iter().map(Vec::as_slice).collect();
            let Applied { text: new, taken } = apply(&text, &given);
            let mut made: Vec<&Edit> = answers.iter().zip(&taken).filter(|(_, taken)| **taken).flat_map(|(it, _)| it).collect();
            made.sort();
            made.dedup();
            // From the front this time.
            let (mut expected, mut at) = (String::new(), 0);
            for edit in made {
                prop_assert!(edit.start >= at);
                expected.push_str(&text[at..edit.start]);
                expected.push_str(&edit.text);
                at = edit.end;
            }
            expected.push_str(&text[at..]);
            prop_assert_eq!(&new, &expected);
            let reversed: Vec<&[Edit]> = given.iter().rev().copied().collect();
            prop_assert_eq!(apply(&text, &reversed).taken.iter().filter(|taken| **taken).count() == 0, taken.iter().all(|taken| !taken));
            is_sound(&text, &new, &[]);
        }
    }
}
