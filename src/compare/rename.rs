//! Which of the jobs that came and of those that went are the same under another name.
//!
//! Jobs that are made of configs look much alike, so that the job alone does not tell: `unit` that goes and `lint` that comes
//! are two jobs unless their tests do the same. [`pairs`] therefore wants of two jobs of one repository, branch and kind
//!
//! - that four of five values of the job are equal, names and what is made of them left out, and
//! - where the jobs are generated: that three of four values of their tests are equal, or where a test is not known, that
//!   ci-operator is to do the same.
//!
//! The most alike are paired first. The rule is the same in both directions.

use std::collections::BTreeMap;

use super::side::Job;
use crate::generate::labels::VARIANT_LABEL;
use crate::model::identity::JobKind;
use crate::yaml::tree::{Kind, Node};

/// So much of two jobs is equal at least, in hundredths.
const JOBS_ALIKE: usize = 80;
/// So much of two tests is equal at least, in hundredths.
const TESTS_ALIKE: usize = 75;
/// For more pairs than this in one place only what is wholly equal is looked for.
const MOST_PAIRS: usize = 10_000;
/// Values are nested less deeply than this by far.
const MAX_DEPTH: usize = 200;

/// A job that is on one side only.
pub struct Lone<'a> {
    /// The job.
    pub job: Job<'a>,
    /// What its test says, a value a line, where that is known.
    pub test: Option<&'a [String]>,
}

/// What a job and its test say.
struct Facts<'a> {
    name: &'a str,
    lines: Vec<String>,
    test: Option<&'a [String]>,
    is_generated: bool,
    target: Option<&'a str>,
}

/// Pairs of jobs that are the same: numbers in the first and in the second list.
pub fn pairs(gone: &[Lone<'_>], come: &[Lone<'_>]) -> Vec<(usize, usize)> {
    type Place = (JobKind, String, String);
    let mut places: BTreeMap<Place, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let place = |lone: &Lone<'_>| (lone.job.kind, lone.job.repository(), lone.job.branch());
    for (at, lone) in gone.iter().enumerate() {
        places.entry(place(lone)).or_default().0.push(at);
    }
    for (at, lone) in come.iter().enumerate() {
        if let Some((_, news)) = places.get_mut(&place(lone)) {
            news.push(at);
        }
    }
    places.into_values().flat_map(|(olds, news)| pairs_here(gone, come, &olds, &news)).collect()
}

/// The pairs among jobs of one repository, branch and kind.
fn pairs_here(gone: &[Lone<'_>], come: &[Lone<'_>], olds: &[usize], news: &[usize]) -> Vec<(usize, usize)> {
    if olds.is_empty() || news.is_empty() {
        return Vec::new();
    }
    let is_many = olds.len() * news.len() > MOST_PAIRS;
    let (olds, news) = (facts_of(gone, olds), facts_of(come, news));
    let mut candidates = Vec::new();
    for (old_at, old) in &olds {
        for (new_at, new) in &news {
            let score = if is_many { old.is_equal(new).then_some(100) } else { old.likeness(new) };
            if let Some(score) = score {
                let names = (old.name.min(new.name), old.name.max(new.name));
                candidates.push((std::cmp::Reverse(score), names, *old_at, *new_at));
            }
        }
    }
    candidates.sort();
    let (mut found, mut old_taken, mut new_taken) = (Vec::new(), Vec::new(), Vec::new());
    for (_, _, old, new) in candidates {
        if !old_taken.contains(&old) && !new_taken.contains(&new) {
            old_taken.push(old);
            new_taken.push(new);
            found.push((old, new));
        }
    }
    found
}

fn facts_of<'a>(lones: &[Lone<'a>], wanted: &[usize]) -> Vec<(usize, Facts<'a>)> {
    wanted.iter().filter_map(|at| Some((*at, Facts::of(lones.get(*at)?)))).collect()
}

impl<'a> Facts<'a> {
    fn of(lone: &Lone<'a>) -> Self {
        let mut lines = Vec::new();
        for (key, value) in lone.job.node.entries() {
            if !matches!(&**key.text(), "context" | "name" | "rerun_command" | "trigger") {
                values(value, key.text(), 0, &mut lines);
            }
        }
        let is_of_name =
            |line: &String| line.contains("=--target=") || line.contains("=--variant=") || line.contains(VARIANT_LABEL);
        lines.retain(|line| !is_of_name(line));
        lines.sort();
        Self {
            name: lone.job.name(),
            lines,
            test: lone.test,
            is_generated: lone.job.is_generated(),
            target: lone.job.argument("--target="),
        }
    }

    /// Whether two jobs say the same but for their names.
    fn is_equal(&self, other: &Self) -> bool {
        self.is_generated == other.is_generated && self.lines == other.lines && self.is_same_test(other) == Some(100)
    }

    /// How much of two jobs is equal in hundredths, where that is enough.
    fn likeness(&self, other: &Self) -> Option<usize> {
        if self.is_generated != other.is_generated {
            return None;
        }
        let jobs = Some(common(&self.lines, &other.lines)).filter(|jobs| *jobs >= JOBS_ALIKE)?;
        Some(jobs + self.is_same_test(other)?)
    }

    fn is_same_test(&self, other: &Self) -> Option<usize> {
        match (self.test, other.test) {
            (Some(old), Some(new)) => Some(common(old, new)).filter(|tests| *tests >= TESTS_ALIKE),
            _ if self.is_generated => (self.target == other.target).then_some(100),
            _ => Some(100),
        }
    }
}

/// How much of two sorted lists is in both, in hundredths.
fn common(left: &[String], right: &[String]) -> usize {
    let (mut at, mut other, mut both) = (0, 0, 0);
    while let (Some(one), Some(two)) = (left.get(at), right.get(other)) {
        match one.cmp(two) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => other += 1,
            std::cmp::Ordering::Equal => (at, other, both) = (at + 1, other + 1, both + 1),
        }
    }
    let all = left.len() + right.len();
    if all == 0 { 100 } else { 200 * both / all }
}

/// Every value below a node with the keys on the way to it, a line each. Places in lists do not count.
pub fn values(node: Node<'_, '_>, path: &str, depth: usize, found: &mut Vec<String>) {
    let node = node.resolved();
    match node.kind() {
        _ if depth > MAX_DEPTH => {}
        Kind::Mapping => {
            for (key, value) in node.entries() {
                values(value, &format!("{path}.{}", key.text()), depth + 1, found);
            }
        }
        Kind::Sequence => node.items().for_each(|item| values(item, path, depth + 1, found)),
        Kind::Scalar | Kind::Alias => found.push(format!("{path}={}", node.text())),
    }
}
