//! Three values as one: the rules for maps and for what is no list.
//!
//! [`Fields::merge`] is the way in. Equal is equal, what one side left alone is the other's; two maps are merged key by key;
//! two lists as [`super::lists`] says. Anything else is a conflict, noted, and the side that stands for it is taken.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conflict, Side, lists};
use crate::yaml::value::Value;

/// Deeper than any job, and shallow enough for the stack; below it values are taken as a whole.
const MAX_DEPTH: usize = 64;

/// Fields of a job that only make sense together: what starts it, and when. A mixture of two choices is neither.
const UNITS: [&[&str]; 2] =
    [&["always_run", "run_if_changed", "skip_if_only_changed"], &["cron", "interval", "minimum_interval"]];

/// The three states of a value; nothing where a side does not have it.
#[derive(Clone, Copy, Debug)]
pub struct Three<'v> {
    /// What both began with.
    pub base: Option<&'v Value>,
    /// What is checked out.
    pub ours: Option<&'v Value>,
    /// What comes in.
    pub theirs: Option<&'v Value>,
}

impl<'v> Three<'v> {
    /// The one of a side.
    pub fn of(&self, side: Side) -> Option<&'v Value> {
        match side {
            Side::Base => self.base,
            Side::Ours => self.ours,
            Side::Theirs => self.theirs,
        }
    }

    /// The answer where at most one side changed something, or both the same.
    pub fn plain(&self) -> Option<Option<&'v Value>> {
        if self.ours == self.theirs || self.base == self.theirs {
            Some(self.ours)
        } else if self.base == self.ours {
            Some(self.theirs)
        } else {
            None
        }
    }

    /// The values below a key.
    pub fn below(&self, key: &str) -> Self {
        let get = |value: Option<&'v Value>| map(value).and_then(|entries| entries.get(key));
        Self { base: get(self.base), ours: get(self.ours), theirs: get(self.theirs) }
    }

    /// All keys of the three.
    pub fn keys(&self) -> BTreeSet<&'v str> {
        let sides = [self.base, self.ours, self.theirs];
        sides.into_iter().filter_map(map).flat_map(BTreeMap::keys).map(String::as_str).collect()
    }
}

fn map(value: Option<&Value>) -> Option<&BTreeMap<String, Value>> {
    match value {
        Some(Value::Map(entries)) => Some(entries),
        _ => None,
    }
}

/// The fields of one job, or of what is in no job.
#[derive(Debug)]
pub struct Fields<'c> {
    /// The job's name.
    pub job: &'c str,
    /// Whether it was generated.
    pub is_generated: bool,
    /// What stands for a conflict.
    pub side: Side,
    /// What was found.
    pub conflicts: &'c mut Vec<Conflict>,
}

impl Fields<'_> {
    /// Merges a job. Its units are merged as units.
    pub fn merge_job(&mut self, three: Three<'_>) -> Option<Value> {
        if let Some(plain) = three.plain() {
            return plain.cloned();
        }
        let (Some(Value::Map(_)), Some(Value::Map(_)), Some(_)) = (three.ours, three.theirs, three.base) else {
            return self.conflict("", three);
        };
        let mut merged = BTreeMap::new();
        for key in three.keys().into_iter().filter(|key| !UNITS.iter().any(|unit| unit.contains(key))) {
            if let Some(value) = self.merge(three.below(key), key, 1) {
                merged.insert(key.to_owned(), value);
            }
        }
        for unit in UNITS {
            let of = |value: Option<&Value>| {
                let entries = map(value).into_iter().flatten().filter(|(key, _)| unit.contains(&key.as_str()));
                Value::Map(entries.map(|(key, value)| (key.clone(), value.clone())).collect())
            };
            let [base, ours, theirs] = [three.base, three.ours, three.theirs].map(of);
            let unit_of = Three { base: Some(&base), ours: Some(&ours), theirs: Some(&theirs) };
            let taken = match unit_of.plain() {
                Some(plain) => plain.cloned(),
                None => self.conflict(&unit.join(", "), unit_of),
            };
            if let Some(Value::Map(entries)) = taken {
                merged.extend(entries);
            }
        }
        Some(Value::Map(merged))
    }

    /// Merges a value at a path.
    pub fn merge(&mut self, three: Three<'_>, path: &str, depth: usize) -> Option<Value> {
        if let Some(plain) = three.plain() {
            return plain.cloned();
        }
        if depth < MAX_DEPTH {
            match (three.ours, three.theirs) {
                (Some(Value::Map(_)), Some(Value::Map(_))) => return Some(self.merge_maps(three, path, depth)),
                (Some(Value::List(ours)), Some(Value::List(theirs))) => {
                    let base = match three.base {
                        Some(Value::List(base)) => base.as_slice(),
                        _ => &[],
                    };
                    if let Some(merged) = lists::merge(self, [base, ours, theirs], path, depth) {
                        return Some(Value::List(merged));
                    }
                }
                _ => {}
            }
        }
        self.conflict(path, three)
    }

    fn merge_maps(&mut self, three: Three<'_>, path: &str, depth: usize) -> Value {
        let mut merged = BTreeMap::new();
        for key in three.keys() {
            let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            if let Some(value) = self.merge(three.below(key), &below, depth + 1) {
                merged.insert(key.to_owned(), value);
            }
        }
        Value::Map(merged)
    }

    /// Notes a conflict and gives what stands for it.
    pub fn conflict(&mut self, path: &str, three: Three<'_>) -> Option<Value> {
        self.conflicts.push(Conflict {
            job: self.job.to_owned(),
            field: path.to_owned(),
            is_generated: self.is_generated,
        });
        three.of(self.side).cloned()
    }
}
