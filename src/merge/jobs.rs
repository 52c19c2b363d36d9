//! The jobs of three files as one file.

use std::collections::BTreeMap;

use super::fields::{Fields, Three};
use super::lists::{Keyed, is_unique, merge_keyed};
use super::side::Jobs;
use super::{Conflict, Side, Sides};
use crate::generate::labels::{GENERATOR, GENERATOR_LABEL};
use crate::model::identity::JobKind;
use crate::yaml::value::Value;

/// What came of a merge.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The file, with one side's word wherever there is a conflict.
    pub jobs: Jobs,
    /// What both sides changed, each in its way.
    pub conflicts: Vec<Conflict>,
    /// Whether generated jobs that one side changed stand beside some that the other changed or added. What changed them may
    /// be meant for the others as well: images of a config, say, that all its jobs take in.
    pub is_entangled: bool,
}

/// What a side did with generated jobs.
#[derive(Clone, Copy, Debug, Default)]
struct Touched {
    changed: bool,
    added: bool,
}

impl Touched {
    fn note(&mut self, base: Option<&Value>, side: Option<&Value>) {
        self.changed |= base.is_some() && side.is_some() && base != side;
        self.added |= base.is_none() && side.is_some();
    }
}

/// Merges the jobs of a file.
pub fn merge(base: &Jobs, ours: &Jobs, theirs: &Jobs, sides: Sides) -> Merged {
    let mut merger = Merger { sides, conflicts: Vec::new(), ours: Touched::default(), theirs: Touched::default() };
    let three = Three { base: Some(&base.0), ours: Some(&ours.0), theirs: Some(&theirs.0) };
    let mut file = BTreeMap::new();
    for key in three.keys() {
        let below = three.below(key);
        let value = match JobKind::ALL.into_iter().find(|kind| kind.plural() == key) {
            Some(JobKind::Periodic) => merger.list(below, key),
            Some(JobKind::Presubmit | JobKind::Postsubmit) => merger.by_repository(below, key),
            None => merger.outside(below, key),
        };
        if let Some(value) = value {
            file.insert(key.to_owned(), value);
        }
    }
    let (left, right) = (merger.ours, merger.theirs);
    let is_entangled =
        (left.changed && (right.changed || right.added)) || (right.changed && (left.changed || left.added));
    let mut conflicts = merger.conflicts;
    conflicts.sort();
    conflicts.dedup();
    Merged { jobs: Jobs(Value::Map(file)), conflicts, is_entangled }
}

struct Merger {
    sides: Sides,
    conflicts: Vec<Conflict>,
    ours: Touched,
    theirs: Touched,
}

impl Merger {
    /// What is in no job.
    fn outside(&mut self, three: Three<'_>, path: &str) -> Option<Value> {
        let side = self.sides.by_hand;
        Fields { job: "", is_generated: false, side, conflicts: &mut self.conflicts }.merge(three, path, 1)
    }

    fn by_repository(&mut self, three: Three<'_>, kind: &str) -> Option<Value> {
        if let Some(plain) = three.plain() {
            return plain.cloned();
        }
        let mut merged = BTreeMap::new();
        for repo in three.keys() {
            if let Some(jobs) = self.list(three.below(repo), &format!("{kind}.{repo}")) {
                merged.insert(repo.to_owned(), jobs);
            }
        }
        (!merged.is_empty()).then_some(Value::Map(merged))
    }

    /// A list of jobs; nothing when none is left.
    fn list<'v>(&mut self, three: Three<'v>, path: &str) -> Option<Value> {
        if let Some(plain) = three.plain() {
            return plain.cloned();
        }
        let items = |value: Option<&'v Value>| match value {
            Some(Value::List(items)) => Some(items.as_slice()),
            None | Some(Value::Null) => Some(&[][..]),
            Some(_) => None,
        };
        let [Some(base), Some(ours), Some(theirs)] = [three.base, three.ours, three.theirs].map(items) else {
            return self.outside(three, path);
        };
        let lists = [base, ours, theirs];
        let Some(keys) = identities(lists) else { return self.outside(three, path) };
        let keyed = [0, 1, 2].map(|side| Keyed { keys: &keys[side], items: lists[side] });
        match merge_keyed(keyed, |_, three| self.job(three)) {
            Some(jobs) => (!jobs.is_empty()).then_some(Value::List(jobs)),
            None => self.outside(three, path),
        }
    }

    fn job(&mut self, three: Three<'_>) -> Option<Value> {
        let there = [three.ours, three.theirs];
        // Whoever took the label away has made the job their own.
        let is_generated = there.into_iter().flatten().all(is_generated);
        if is_generated {
            self.ours.note(three.base, three.ours);
            self.theirs.note(three.base, three.theirs);
        }
        let named = [three.ours, three.theirs, three.base].into_iter().flatten().find_map(|job| text(job, "name"));
        let side = if is_generated { self.sides.generated } else { self.sides.by_hand };
        let conflicts = &mut self.conflicts;
        Fields { job: named.unwrap_or_default(), is_generated, side, conflicts }.merge_job(three)
    }
}

/// What identifies each job of three lists: the name, with the branches where names come twice. Nothing when that is not
/// enough.
fn identities(lists: [&[Value]; 3]) -> Option<[Vec<String>; 3]> {
    let by_name = lists.map(|jobs| jobs.iter().map(|job| text(job, "name").map(str::to_owned)).collect());
    let [Some(base), Some(ours), Some(theirs)]: [Option<Vec<String>>; 3] = by_name else { return None };
    let names = [base, ours, theirs];
    if names.iter().all(|names| is_unique(names)) {
        return Some(names);
    }
    let branched = [0, 1, 2].map(|side| {
        let jobs = lists[side].iter().zip(&names[side]);
        jobs.map(|(job, name)| format!("{name}\n{}", branches(job))).collect::<Vec<_>>()
    });
    branched.iter().all(|keys| is_unique(keys)).then_some(branched)
}

fn branches(job: &Value) -> String {
    let Value::Map(fields) = job else { return String::new() };
    let Some(Value::List(branches)) = fields.get("branches") else { return String::new() };
    let texts = branches.iter().filter_map(|branch| match branch {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn text<'v>(job: &'v Value, field: &str) -> Option<&'v str> {
    let Value::Map(fields) = job else { return None };
    match fields.get(field) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn is_generated(job: &Value) -> bool {
    let Value::Map(fields) = job else { return false };
    fields.get("labels").and_then(|labels| text(labels, GENERATOR_LABEL)) == Some(GENERATOR)
}

/// A file of no jobs.
impl Default for Jobs {
    fn default() -> Self {
        Self(Value::Map(BTreeMap::new()))
    }
}

impl Jobs {
    /// Whether a job of the file was generated.
    pub fn has_generated(&self) -> bool {
        let three = Three { base: None, ours: Some(&self.0), theirs: None };
        let lists = JobKind::ALL.into_iter().map(|kind| three.below(kind.plural()).of(Side::Ours));
        let mut open: Vec<&Value> = lists.flatten().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::List(jobs) if jobs.iter().any(is_generated) => return true,
                Value::Map(by_repository) => open.extend(by_repository.values()),
                _ => {}
            }
        }
        false
    }
}
