//! What several jobs may not have in common: jobs of one repository that are for the same branch may share neither name
//! nor context, and periodics share no name at all.
//!
//! Jobs come from many files, so what is compared is little and in order: [`shared`] looks jobs up by name, context and
//! branch instead of holding each against each.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rule::rules;

use super::patterns::compiled;

rules! {
    NAME_TWICE = "job-name-twice", "two jobs of one name run on the same branch",
        "Prow could not tell their results apart and refuses to load the configuration.",
        "rename or remove one of the two";
    CONTEXT_TWICE = "job-context-twice", "two jobs report to one status of the same branch",
        "Each would overwrite the other's result on the pull request, so Prow refuses to load the configuration.",
        "give one of the two another context";
}

/// What of a job others may clash with.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name of its status.
    pub context: &'a str,
    /// See [`crate::model::job::Brancher`].
    pub branches: &'a [String],
    /// See there.
    pub skip_branches: &'a [String],
}

/// Two jobs of one list by their positions; the second one is the culprit.
pub type Pair = (usize, usize);

/// Pairs that share a name (the later one second), and pairs that share a context (both ways), and a branch.
pub fn shared(jobs: &[Facts<'_>]) -> (Vec<Pair>, Vec<Pair>) {
    let by_name = pairs(jobs, |job| job.name);
    let names = by_name.iter().copied().collect();
    let mut contexts = Vec::new();
    for (left, right) in pairs(jobs, |job| job.context) {
        let (Some(first), Some(second)) = (jobs.get(left), jobs.get(right)) else { continue };
        if first.name != second.name {
            contexts.extend([(left, right), (right, left)]);
        }
    }
    (names, contexts)
}

/// Pairs of jobs with the same key that may be for one branch.
fn pairs<'a>(jobs: &[Facts<'a>], key: impl Fn(&Facts<'a>) -> &'a str) -> BTreeSet<Pair> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, job) in jobs.iter().enumerate() {
        groups.entry(key(job)).or_default().push(index);
    }
    let mut found = BTreeSet::new();
    for members in groups.values().filter(|members| members.len() > 1) {
        within(jobs, members, &mut found);
    }
    found
}

/// Pairs within a group. Jobs that name their branches clash where they name the same; others are held against all.
fn within(jobs: &[Facts<'_>], members: &[usize], found: &mut BTreeSet<Pair>) {
    let mut by_branch: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, index) in members.iter().enumerate() {
        let Some(job) = jobs.get(*index) else { continue };
        if job.branches.is_empty() {
            let (before, after) = members.split_at(at);
            // Those before it that name no branches have been held against it already.
            let others = before.iter().filter(|other| jobs.get(**other).is_some_and(|it| !it.branches.is_empty()));
            for other in others.chain(after.iter().skip(1)) {
                if jobs.get(*other).is_some_and(|other| intersects(job, other)) {
                    found.insert((*index.min(other), *index.max(other)));
                }
            }
            continue;
        }
        for branch in job.branches {
            let there = by_branch.entry(branch).or_default();
            found.extend(there.iter().filter(|other| *other != index).map(|other| (*other, *index)));
            there.push(*index);
        }
    }
}

/// Whether two jobs, of which one names no branches, may be for one branch.
fn intersects(left: &Facts<'_>, right: &Facts<'_>) -> bool {
    let everywhere = |job: &Facts<'_>| job.branches.is_empty() && job.skip_branches.is_empty();
    if everywhere(left) || everywhere(right) {
        return true;
    }
    let named = if left.branches.is_empty() { right } else { left };
    let other = if left.branches.is_empty() { left } else { right };
    named.branches.is_empty() || named.branches.iter().any(|branch| !skips(other, branch))
}

fn skips(job: &Facts<'_>, branch: &str) -> bool {
    compiled(&job.skip_branches.join("|")).is_some_and(|pattern| pattern.is_match(branch))
}

/// What Prow says of jobs that share a name.
pub fn name_twice(kind: &str, name: &str) -> String {
    format!("duplicated {kind} jobs (consider both inrepo and central config): [{name}]")
}

/// What Prow says of periodics that share a name.
pub fn periodic_twice(name: &str) -> String {
    format!("duplicated periodic job: {name}")
}

/// What Prow says of jobs that share a context.
pub fn context_twice(other: &str, name: &str, context: &str) -> String {
    format!("jobs {other} and {name} report to the same GitHub context {context:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job<'a>(name: &'a str, branches: &'a [String], skip_branches: &'a [String]) -> Facts<'a> {
        Facts { name, context: "c", branches, skip_branches }
    }

    #[test]
    fn jobs_clash_where_they_share_a_branch() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (main, dev, main_pattern, none) = (list(&["main"]), list(&["dev"]), list(&["^main$"]), list(&[]));
        let jobs = [
            job("a", &main, &none),
            job("a", &dev, &none),
            job("a", &none, &main_pattern),
            job("b", &main, &none),
            job("a", &none, &none),
        ];
        let (names, contexts) = shared(&jobs);
        // The third skips the branch of the first and meets the second.
        assert_eq!(names, [(0, 4), (1, 2), (1, 4), (2, 4)]);
        assert_eq!(contexts, [(0, 3), (3, 0), (3, 4), (4, 3)]);
    }
}
