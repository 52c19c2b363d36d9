//! Which rules may have been meant by an id that there is not.

use super::rules;

/// As many are named.
const MOST: usize = 5;

/// The ids most like a text, best first: those that a slip or two would make of it, else those that have its words.
pub fn similar(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase().replace(['_', ' '], "-");
    let most = (text.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = rules().map(|rule| (slips(&text, rule.id), rule.id)).collect();
    near.retain(|(distance, _)| *distance <= most);
    near.sort_unstable();
    if near.is_empty() {
        let words: Vec<&str> = text.split('-').filter(|word| word.len() > 2).collect();
        let shared = |id: &str| words.iter().filter(|word| id.split('-').any(|part| part.starts_with(*word))).count();
        near = rules().map(|rule| (words.len() - shared(rule.id), rule.id)).collect();
        near.retain(|(missing, _)| *missing < words.len());
        near.sort_unstable();
    }
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().take_while(|(distance, _)| *distance == best).take(MOST).map(|(_, id)| id).collect()
}

/// How many letters have to be put in, taken out or replaced to make one text of the other.
pub fn slips(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().enumerate() {
        let mut diagonal = at;
        let mut before = at + 1;
        for (other, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let cost = (diagonal + usize::from(letter != *other)).min(before + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, cost);
            before = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        for (left, right, want) in [("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(slips(left, right), want, "{left} {right}");
        }
    }

    #[test]
    fn slips_and_words_are_understood() {
        assert_eq!(similar("invalid-crn"), ["invalid-cron"]);
        assert_eq!(similar("Unknown_Chain"), ["unknown-chain"]);
        assert_eq!(similar("cron"), ["invalid-cron"]);
        assert_eq!(similar("test-duplicate"), ["duplicate-test"]);
        assert_eq!(similar("xyzzy"), Vec::<&str>::new());
        assert_eq!(similar(""), Vec::<&str>::new());
    }
}
