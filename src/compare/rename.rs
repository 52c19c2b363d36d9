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

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

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
    if is_many { equal(&olds, &news) } else { most_alike(&olds, &news) }
}

/// The pairs that are alike enough, the most alike first. Names decide between equals, in the same way in both directions.
fn most_alike(olds: &[(usize, Facts<'_>)], news: &[(usize, Facts<'_>)]) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for (old_at, old) in olds {
        for (new_at, new) in news {
            if let Some(score) = old.likeness(new) {
                let names = (old.name.min(new.name), old.name.max(new.name));
                candidates.push((Reverse(score), names, *old_at, *new_at));
            }
        }
    }
    candidates.sort();
    let (mut found, mut old_taken, mut new_taken) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (_, _, old, new) in candidates {
        if !old_taken.contains(&old) && !new_taken.contains(&new) {
            old_taken.insert(old);
            new_taken.insert(new);
            found.push((old, new));
        }
    }
    found
}

/// The pairs that are wholly equal, in the order of names.
fn equal(olds: &[(usize, Facts<'_>)], news: &[(usize, Facts<'_>)]) -> Vec<(usize, usize)> {
    let by_content = |all: &[(usize, Facts<'_>)]| {
        let mut found: BTreeMap<_, Vec<(String, usize)>> = BTreeMap::new();
        for (at, facts) in all {
            found.entry(facts.content()).or_default().push((facts.name.to_owned(), *at));
        }
        found.values_mut().for_each(|list| list.sort());
        found
    };
    let (olds, mut news) = (by_content(olds), by_content(news));
    let both =
        olds.into_iter().flat_map(|(content, olds)| olds.into_iter().zip(news.remove(&content).unwrap_or_default()));
    both.map(|((_, old), (_, new))| (old, new)).collect()
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

    /// Everything but the name. Where the test of a generated job is not known, what it is to do stands for it.
    fn content(&self) -> (bool, Vec<String>, Option<Vec<String>>, Option<String>) {
        let target = self.target.filter(|_| self.is_generated && self.test.is_none());
        (self.is_generated, self.lines.clone(), self.test.map(<[String]>::to_vec), target.map(str::to_owned))
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
    let (mut at, mut other, mut both) = (0, 0, 0_usize);
    while let (Some(one), Some(two)) = (left.get(at), right.get(other)) {
        match one.cmp(two) {
            Ordering::Less => at += 1,
            Ordering::Greater => other += 1,
            Ordering::Equal => (at, other, both) = (at + 1, other + 1, both + 1),
        }
    }
    (200 * both).checked_div(left.len() + right.len()).unwrap_or(100)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::side::jobs;
    use crate::yaml::parse::parse;

    #[test]
    fn of_very_many_jobs_those_that_are_equal_are_paired_in_no_time() {
        let text = |prefix: &str| -> String {
            let job = |number: usize| format!("- cron: {} 1 * * *\n  name: {prefix}-{number:04}\n", number % 7);
            format!("periodics:\n{}", (0..3000).map(job).collect::<String>())
        };
        let (old, new) = (text("old"), text("new"));
        let trees = (parse(&old).unwrap(), parse(&new).unwrap());
        let lones =
            |tree| -> Vec<Lone<'_>> { jobs("f.yaml", tree).into_iter().map(|job| Lone { job, test: None }).collect() };
        let found = pairs(&lones(&trees.0), &lones(&trees.1));
        assert_eq!(found.len(), 3000);
        assert!(found.iter().all(|(old, new)| old == new), "names decide between equals");
    }

    #[test]
    fn likeness_is_in_hundredths() {
        let lines = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        for (left, right, expected) in
            [("", "", 100), ("a", "", 0), ("a b", "a b", 100), ("a a b", "a b", 80), ("a", "b", 0)]
        {
            assert_eq!(common(&lines(left), &lines(right)), expected, "{left:?} {right:?}");
            assert_eq!(common(&lines(right), &lines(left)), expected);
        }
    }
}
