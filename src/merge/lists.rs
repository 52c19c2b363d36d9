//! Three lists as one: by what identifies items, as sets where they are sorted, or not at all.
//!
//! [`merge`] answers nothing where the lists have to be taken as a whole: items that nothing identifies, two orders, or two
//! sides that put different things in the place of the same item.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, Three};
use super::order::together;
use crate::yaml::value::Value;

/// Merges lists, given as base, ours, theirs.
pub fn merge(fields: &mut Fields<'_>, lists: [&[Value]; 3], path: &str, depth: usize) -> Option<Vec<Value>> {
    if let Some(texts) = texts(lists) {
        return merge_sets(texts).map(|merged| merged.into_iter().map(Value::Text).collect());
    }
    let keys = KEYS.iter().find_map(|key| {
        let keyed = lists.map(|list| list.iter().map(|item| key_of(item, key)).collect::<Option<Vec<_>>>());
        let [Some(base), Some(ours), Some(theirs)] = keyed else { return None };
        let keys = [base, ours, theirs];
        keys.iter().all(|keys| is_unique(keys)).then_some(keys)
    })?;
    merge_keyed([0, 1, 2].map(|side| Keyed { keys: &keys[side], items: lists[side] }), |key, three| {
        fields.merge(three, &format!("{path}[{}]", key.trim_end_matches('\n').replace('\n', " ")), depth + 1)
    })
}

/// What may identify the items of a list, the simplest first. All of the fields have to be texts.
const KEYS: [&[&str]; 5] =
    [&["name"], &["name", "mountPath"], &["mountPath"], &["org", "repo"], &["key", "operator", "effect"]];

/// Whether no key is there twice.
pub fn is_unique(keys: &[String]) -> bool {
    keys.iter().collect::<BTreeSet<_>>().len() == keys.len()
}

/// The values of the identifying fields.
fn key_of(item: &Value, fields: &[&str]) -> Option<String> {
    let Value::Map(entries) = item else { return None };
    let mut key = String::new();
    for field in fields {
        let Some(Value::Text(text)) = entries.get(*field) else { return None };
        key.push_str(text);
        // No name has one.
        key.push('\n');
    }
    Some(key)
}

/// A list with what identifies each item.
#[derive(Clone, Copy, Debug)]
pub struct Keyed<'v> {
    /// As many as items, none twice.
    pub keys: &'v [String],
    /// The items.
    pub items: &'v [Value],
}

impl<'v> Keyed<'v> {
    fn by_key(&self) -> BTreeMap<&'v str, &'v Value> {
        self.keys.iter().map(String::as_str).zip(self.items).collect()
    }

    fn order(&self) -> Vec<&'v str> {
        self.keys.iter().map(String::as_str).collect()
    }
}

/// Merges lists item by item; nothing when both sides put items into another order, each its own.
pub fn merge_keyed(
    lists: [Keyed<'_>; 3],
    mut merge: impl FnMut(&str, Three<'_>) -> Option<Value>,
) -> Option<Vec<Value>> {
    let [base, ours, theirs] = lists.map(|list| list.by_key());
    let [base_order, our_order, their_order] = lists.map(|list| list.order());
    // Asked before anything is merged, so that a list that is taken as a whole leaves no conflicts of its items behind.
    let all: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    let order = together(&base_order, &our_order, &their_order, &all)?;
    let mut merged: BTreeMap<&str, Value> = BTreeMap::new();
    for key in &all {
        let three =
            Three { base: base.get(key).copied(), ours: ours.get(key).copied(), theirs: theirs.get(key).copied() };
        if let Some(value) = merge(key, three) {
            merged.insert(key, value);
        }
    }
    // What neither side has any more both have removed, so that all there is has its place.
    Some(order.into_iter().filter_map(|key| merged.remove(key)).collect())
}

/// The lists when there is nothing but text in them.
fn texts(lists: [&[Value]; 3]) -> Option<[Vec<&str>; 3]> {
    let texts = lists.map(|list| {
        let mut texts = Vec::with_capacity(list.len());
        for value in list {
            let Value::Text(text) = value else { return None };
            texts.push(text.as_str());
        }
        Some(texts)
    });
    match texts {
        [Some(base), Some(ours), Some(theirs)] => Some([base, ours, theirs]),
        _ => None,
    }
}

/// Merges sorted texts as sets. Nothing when they are not sorted, or when both sides replaced the same text by others, or
/// both gave the same new flag another value: one of the two would have to win.
fn merge_sets(lists: [Vec<&str>; 3]) -> Option<Vec<String>> {
    if !lists.iter().all(|list| list.is_sorted_by(|left, right| left < right)) {
        return None;
    }
    let [base, ours, theirs] = lists.map(BTreeSet::from_iter);
    let (gone_ours, gone_theirs) = (&base - &ours, &base - &theirs);
    let (new_ours, new_theirs) = (&ours - &base, &theirs - &base);
    if !gone_ours.is_disjoint(&gone_theirs) && new_ours != new_theirs {
        return None;
    }
    let flag = |text: &&str| text.split_once('=').map(|(flag, _)| flag.to_owned()).filter(|it| it.starts_with('-'));
    let flags = |texts: &BTreeSet<&str>| texts.iter().filter_map(flag).collect::<BTreeSet<_>>();
    let in_base = flags(&base);
    let of_new = |texts: &BTreeSet<&str>, flag_wanted: &str| -> BTreeSet<String> {
        texts.iter().filter(|text| flag(text).as_deref() == Some(flag_wanted)).map(|text| (*text).to_owned()).collect()
    };
    let both = &flags(&new_ours) & &flags(&new_theirs);
    if both.iter().any(|flag| !in_base.contains(flag) && of_new(&new_ours, flag) != of_new(&new_theirs, flag)) {
        return None;
    }
    let kept = &(&base - &gone_ours) - &gone_theirs;
    Some((&(&kept | &new_ours) | &new_theirs).into_iter().map(str::to_owned).collect())
}
