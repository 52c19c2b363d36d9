//! Which of a few known names a misspelt one is nearest to.
//!
//! Case and the marks between words do not count, and two letters swapped are one slip. A short name must be nearly right: of
//! three letters any two make another word.

/// Names are shorter.
const MOST_LETTERS: usize = 48;

/// The known name that is nearest, where it is near enough. Of equally near ones the first.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = letters(name);
    let slips = match wanted.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=11 => 2,
        12..=MOST_LETTERS => 3,
        _ => return None,
    };
    let near = known.filter_map(|known| {
        let letters = letters(known);
        let is_possible = letters.len() <= MOST_LETTERS && letters.len().abs_diff(wanted.len()) <= slips;
        let distance = is_possible.then(|| distance(&wanted, &letters))?;
        (distance <= slips).then_some((distance, known))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

fn letters(name: &str) -> Vec<u8> {
    name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ' | b'.')).map(|b| b.to_ascii_lowercase()).collect()
}

/// How many letters must be put in, left out, changed or swapped with the next.
fn distance(left: &[u8], right: &[u8]) -> usize {
    // The last three rows of the usual table.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(right.len() + 1);
        row.push(at + 1);
        for (column, other) in right.iter().enumerate() {
            let changed = above[column] + usize::from(letter != other);
            let mut least = changed.min(above[column + 1] + 1).min(row[column] + 1);
            let is_swap = at > 0 && column > 0 && left[at - 1] == *other && right[column - 1] == *letter;
            if is_swap {
                least = least.min(before[column - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_slips() {
        for (left, right, slips) in
            [("", "", 0), ("abc", "", 3), ("labels", "lables", 1), ("kitten", "sitting", 3), ("commands", "comand", 2)]
        {
            assert_eq!(distance(left.as_bytes(), right.as_bytes()), slips, "{left} {right}");
            assert_eq!(distance(right.as_bytes(), left.as_bytes()), slips, "{right} {left}");
        }
    }

    #[test]
    fn a_name_must_be_near_enough() {
        let known = ["as", "commands", "optional", "run_if_changed", "from", "timeout"];
        for (name, wanted) in [
            ("comand", Some("commands")),
            ("optinal", Some("optional")),
            ("run_if_chaged", Some("run_if_changed")),
            ("runIfChanged", Some("run_if_changed")),
            ("run-if-changed", Some("run_if_changed")),
            ("form", Some("from")),
            ("fro", Some("from")),
            ("az", None),
            ("color", None),
            ("time", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), wanted, "{name}");
        }
        assert_eq!(nearest(&"a".repeat(10_000), known.into_iter()), None);
    }
}
