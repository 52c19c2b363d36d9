//! Two orders of the same things as one.

use std::collections::BTreeSet;

/// The order of what is in neither list twice: each item of `wanted`, where one side or both have it. `None` when both
/// sides put things that they have in common into another order than `base` has, each its own.
///
/// The result is the same when the sides change places.
pub fn together<'k>(
    base: &[&'k str],
    ours: &[&'k str],
    theirs: &[&'k str],
    wanted: &BTreeSet<&'k str>,
) -> Option<Vec<&'k str>> {
    let is_sorted = |keys: &[&str]| keys.is_sorted();
    if is_sorted(ours) && is_sorted(theirs) {
        return Some(wanted.iter().copied().collect());
    }
    let leader = leader(base, ours, theirs)?;
    let keep = |keys: &[&'k str]| -> Vec<&'k str> { keys.iter().copied().filter(|key| wanted.contains(key)).collect() };
    let (ours, theirs) = (keep(ours), keep(theirs));
    let (first, second) = if leader == Leader::Theirs { (theirs, ours) } else { (ours, theirs) };
    Some(interleaved(&first, &second))
}

/// Whose order of common things counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leader {
    Ours,
    Theirs,
}

fn leader(base: &[&str], ours: &[&str], theirs: &[&str]) -> Option<Leader> {
    let common: BTreeSet<&str> = {
        let theirs: BTreeSet<&str> = theirs.iter().copied().collect();
        ours.iter().copied().filter(|key| theirs.contains(key)).collect()
    };
    let of = |keys: &[&str], all: &BTreeSet<&str>| -> Vec<String> {
        keys.iter().filter(|key| all.contains(**key)).map(|key| (*key).to_owned()).collect()
    };
    if of(ours, &common) == of(theirs, &common) {
        return Some(Leader::Ours);
    }
    let in_base: BTreeSet<&str> = base.iter().copied().filter(|key| common.contains(key)).collect();
    let before = of(base, &in_base);
    match (of(ours, &in_base) == before, of(theirs, &in_base) == before) {
        (true, _) => Some(Leader::Theirs),
        (_, true) => Some(Leader::Ours),
        _ => None,
    }
}

/// The items of both, those of `first` in its order; of two that only one side has, the lesser comes first.
fn interleaved<'k>(first: &[&'k str], second: &[&'k str]) -> Vec<&'k str> {
    let (in_first, in_second): (BTreeSet<&str>, BTreeSet<&str>) =
        (first.iter().copied().collect(), second.iter().copied().collect());
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::with_capacity(first.len() + second.len());
    let (mut left, mut right) = (first.iter().copied().peekable(), second.iter().copied().peekable());
    loop {
        while left.next_if(|key| done.contains(key)).is_some() {}
        while right.next_if(|key| done.contains(key)).is_some() {}
        let next = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return order,
            (Some(key), None) | (None, Some(key)) => key,
            (Some(left), Some(right)) => match (in_second.contains(left), in_first.contains(right)) {
                (false, false) => left.min(right),
                (true, false) => right,
                // With both known to both, the first list leads.
                _ => left,
            },
        };
        done.insert(next);
        order.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(base: &str, ours: &str, theirs: &str) -> Option<String> {
        let keys = |text: &'static str| text.split(' ').filter(|key| !key.is_empty()).collect::<Vec<_>>();
        let (base, ours, theirs) = (base.to_owned().leak(), ours.to_owned().leak(), theirs.to_owned().leak());
        let wanted = keys(ours).into_iter().chain(keys(theirs)).collect();
        let there = together(&keys(base), &keys(ours), &keys(theirs), &wanted);
        let back = together(&keys(base), &keys(theirs), &keys(ours), &wanted);
        assert_eq!(there, back, "the sides change places");
        there.map(|keys| keys.join(" "))
    }

    #[test]
    fn orders_are_put_together() {
        for (base, ours, theirs, expected) in [
            ("b a", "b a", "b a c", "b a c"),
            ("b a", "b y a", "b x a", "b x y a"),
            ("b a", "z b a", "b a y", "z b a y"),
            ("c b a", "a b c", "c b a", "a b c"),
            ("c b a", "c b a x", "b c a", "b c a x"),
            ("a c", "a b c", "a c d", "a b c d"),
            ("", "x a", "y b", "x a y b"),
        ] {
            assert_eq!(order(base, ours, theirs).as_deref(), Some(expected), "{base} | {ours} | {theirs}");
        }
        assert_eq!(order("c b a", "b a c", "a c b"), None, "each its own order");
    }
}
