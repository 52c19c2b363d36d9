//! The canonical order of keys.
//!
//! The reference compares keys naturally: at the first difference letters come after everything else and runs of
//! digits count as numbers ([`natural_cmp`]). That relation is not transitive: `1a` is before `2a`, `2a` before `10a`,
//! and `10a` before `1a`, so no total order agrees with it on all pairs, and a library sort could refuse it. Keys are
//! therefore sorted by [`sort_by_key`], which agrees with the relation wherever it orders the given keys, and gives
//! the same answer every time where it does not.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

/// How the reference orders two keys. Equal only for equal text. Do not hand it to a library sort: see the module.
pub fn natural_cmp(left: &str, right: &str) -> Ordering {
    let (a, b) = (left.as_bytes(), right.as_bytes());
    let Some(at) = a.iter().zip(b).position(|(a, b)| a != b) else { return a.len().cmp(&b.len()) };
    if a[at].is_ascii() && b[at].is_ascii() && neighbours_are_ascii(a, at) && neighbours_are_ascii(b, at) {
        compare_at(&Ascii(a), &Ascii(b), at)
    } else {
        compare_characters(left, right)
    }
}

/// Sorts items by their keys in canonical order. Items with equal keys keep their order.
pub fn sort_by_key<T>(items: &mut [T], key: impl Fn(&T) -> &str) {
    // In byte order and in canonical order at once: so it is mostly, and so a circle would come out below.
    let settled = |left: &str, right: &str| left <= right && natural_cmp(left, right).is_le();
    if items.is_sorted_by(|left, right| settled(key(left), key(right))) {
        return;
    }
    // Starting from byte order makes the outcome independent of the order given, even where the relation is circular.
    items.sort_by(|left, right| key(left).cmp(key(right)));
    let mut places: Vec<usize> = (0..items.len()).collect();
    let mut spare = places.clone();
    merge_sort(&mut places, &mut spare, &|left, right| natural_cmp(key(&items[left]), key(&items[right])).is_le());
    arrange(items, places);
}

/// Below this many, insertion: what the reference does for small maps, so that its outcome is one of the reference's.
const SMALL: usize = 12;

fn merge_sort(places: &mut [usize], spare: &mut [usize], in_order: &impl Fn(usize, usize) -> bool) {
    if places.len() <= SMALL {
        for end in 1..places.len() {
            let mut at = end;
            while at > 0 && !in_order(places[at - 1], places[at]) {
                places.swap(at - 1, at);
                at -= 1;
            }
        }
        return;
    }
    let middle = places.len() / 2;
    merge_sort(&mut places[..middle], &mut spare[..middle], in_order);
    merge_sort(&mut places[middle..], &mut spare[middle..], in_order);
    spare.copy_from_slice(places);
    let (mut left, mut right) = spare.split_at(middle);
    for place in places {
        let from_left = match (left.first(), right.first()) {
            (Some(left), Some(right)) => in_order(*left, *right),
            (Some(_), None) => true,
            _ => false,
        };
        let side = if from_left { &mut left } else { &mut right };
        if let Some((first, rest)) = side.split_first() {
            *place = *first;
            *side = rest;
        }
    }
}

/// Moves item `places[n]` to place `n`, for all n.
fn arrange<T>(items: &mut [T], mut places: Vec<usize>) {
    for start in 0..places.len() {
        let mut at = start;
        while places[at] != start {
            let next = places[at];
            items.swap(at, next);
            places[at] = at;
            at = next;
        }
        places[at] = at;
    }
}

/// The characters of a key, by position.
trait Characters {
    fn at(&self, index: usize) -> Option<u32>;
    fn is_letter(&self, index: usize) -> bool;
    fn is_digit(&self, index: usize) -> bool;
}

struct Ascii<'a>(&'a [u8]);

impl Characters for Ascii<'_> {
    fn at(&self, index: usize) -> Option<u32> {
        self.0.get(index).copied().map(u32::from)
    }

    fn is_letter(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(u8::is_ascii_alphabetic)
    }

    fn is_digit(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(u8::is_ascii_digit)
    }
}

struct Unicode(Vec<char>);

impl Characters for Unicode {
    fn at(&self, index: usize) -> Option<u32> {
        self.0.get(index).copied().map(u32::from)
    }

    fn is_letter(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|char| is_of(&LETTER, *char))
    }

    fn is_digit(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|char| is_of(&DIGIT, *char))
    }
}

/// Whether the digits around the difference are ASCII, as far as they can matter.
fn neighbours_are_ascii(key: &[u8], at: usize) -> bool {
    let after = key[at..].iter().find(|byte| !byte.is_ascii_digit());
    let before = key[..at].iter().rev().find(|byte| !byte.is_ascii_digit());
    after.is_none_or(u8::is_ascii) && before.is_none_or(u8::is_ascii)
}

fn compare_characters(left: &str, right: &str) -> Ordering {
    let (left, right) = (Unicode(left.chars().collect()), Unicode(right.chars().collect()));
    match left.0.iter().zip(&right.0).position(|(a, b)| a != b) {
        Some(at) => compare_at(&left, &right, at),
        None => left.0.len().cmp(&right.0.len()),
    }
}

/// Compares two keys at their first difference.
fn compare_at(left: &impl Characters, right: &impl Characters, at: usize) -> Ordering {
    let characters = left.at(at).cmp(&right.at(at));
    match (left.is_letter(at), right.is_letter(at)) {
        (true, true) => return characters,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero inside a number is no leading zero: a digit before it keeps its weight.
    let zero = Some(u32::from('0'));
    let inside = (left.at(at) == zero || right.at(at) == zero)
        && (0..at).rev().take_while(|index| left.is_digit(*index)).any(|index| left.at(index) != zero);
    let (left_number, left_end) = number_from(left, at, inside);
    let (right_number, right_end) = number_from(right, at, inside);
    left_number.cmp(&right_number).then(left_end.cmp(&right_end)).then(characters)
}

/// The number that begins at a position, and where it ends. Overflow wraps, as in Go.
fn number_from(key: &impl Characters, at: usize, inside: bool) -> (i64, usize) {
    let mut number = i64::from(inside);
    let mut end = at;
    while key.is_digit(end) {
        let value = i64::from(key.at(end).unwrap_or(0)) - i64::from(u32::from('0'));
        number = number.wrapping_mul(10).wrapping_add(value);
        end += 1;
    }
    (number, end)
}

/// Letters and decimal digits of all scripts, as the version of Unicode has them that the reference knows.
static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{L}&&\p{Age=15.0}]").ok());
static DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{Nd}&&\p{Age=15.0}]").ok());

fn is_of(class: &LazyLock<Option<Regex>>, char: char) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(char.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[&str]) -> Vec<String> {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        sort_by_key(&mut keys, |key| key);
        keys
    }

    #[test]
    fn letters_last_and_digits_by_value() {
        assert_eq!(
            sorted(&["b", "a10", "a2", "a", "A", "a-b", "ab", "_"]),
            ["_", "A", "a", "a-b", "a2", "a10", "ab", "b"]
        );
        assert_eq!(sorted(&["4.10", "4.9", "4.1"]), ["4.1", "4.9", "4.10"]);
        assert_eq!(sorted(&["a01", "a1", "a001", "a100", "a10"]), ["a1", "a01", "a001", "a10", "a100"]);
        assert_eq!(sorted(&["é", "z", "1", "٣", "٢"]), ["1", "٢", "٣", "z", "é"]);
        // A circled letter is a symbol, a letter that came with Unicode 15.1 not one yet.
        assert_eq!(sorted(&["a", "ⓦ", "\u{2ebf0}", "0", "𝟙"]), ["ⓦ", "\u{2ebf0}", "0", "𝟙", "a"]);
    }

    #[test]
    fn a_circle_has_one_outcome() {
        let first = sorted(&["1a", "10a", "2a"]);
        for keys in [["10a", "2a", "1a"], ["2a", "1a", "10a"], ["2a", "10a", "1a"]] {
            assert_eq!(sorted(&keys), first);
        }
    }

    #[test]
    fn many_keys_merge() {
        let names: Vec<String> = (0..200).map(|number| format!("key{}", (number * 37) % 200)).collect();
        let keys: Vec<&str> = names.iter().map(String::as_str).collect();
        let wanted: Vec<String> = (0..200).map(|number| format!("key{number}")).collect();
        assert_eq!(sorted(&keys), wanted);
    }

    #[test]
    fn arranging_follows_cycles() {
        let mut items = ["a", "b", "c", "d", "e"];
        arrange(&mut items, vec![3, 0, 2, 4, 1]);
        assert_eq!(items, ["d", "a", "c", "e", "b"]);
    }
}
