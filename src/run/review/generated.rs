//! What generating jobs says, and what it would change: jobs that are not what their configs give, and files that are not
//! in canonical form.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Share;
use super::reach::Reach;
use super::reported::Reported;
use crate::catalogue::tree::UNFORMED_FILE;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::drift::{Drifted, Test, drift};
use crate::files::{self, path};
use crate::model::config::Metadata;
use crate::model::identity::JobFile;
use crate::run::jobs::{self, Configs, Given};
use crate::run::layout::{CONFIG, JOBS};
use crate::run::options::{Error, JobsOptions, Mode, OnLoss, Owners, ReviewOptions, Unwatched};
use crate::run::plan::Planned;
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::Node;

/// For so many jobs that differ from what they ought to be the test is looked up in its config; for more it would take too
/// long, and all of them have one cause.
const MOST_LOOKUPS: usize = 500;

/// What generating says, and what it and canonical form of configs would change.
pub fn generated(options: &ReviewOptions, reach: &Reach, given: Given<'_>) -> Result<Share, Error> {
    let jobs_options = JobsOptions {
        release_repo: options.release_repo.clone(),
        scope: reach.scope(),
        mode: Mode::Check,
        diff: true,
        keep_going: true,
        on_loss: OnLoss::Write,
        owners: Owners::Mirror,
        instead: files::Instead::default(),
        now: options.now,
        threads: None,
    };
    let (part, _lock) = jobs::part(&jobs_options, Configs::Determinize, given, &Unwatched)?;
    let mut share = Share { findings: part.findings, counts: part.counts, ..Share::default() };
    let plans: Vec<Planned> = part.plans.into_iter().flat_map(|(_, plan)| plan).collect();
    let told: Vec<_> = plans.par_iter().map(of_plan).collect();
    let mut lookups = MOST_LOOKUPS;
    let (reported, nobody) = (Reported::new(options.reported.as_ref()), BTreeSet::new());
    for (planned, found) in plans.iter().zip(told) {
        for (finding, test) in found {
            let test = test.filter(|_| lookups > 0 && reported.has(&finding, &nobody));
            let origin = test.and_then(|test| test_of(options, &planned.shown, &test));
            lookups -= usize::from(origin.is_some());
            share.findings.push(match origin {
                Some(origin) => finding.related(origin),
                None => finding,
            });
        }
    }
    Ok(share)
}

/// What a change that would be made says about the file.
pub fn of_plan(planned: &Planned) -> Vec<(Diagnostic, Option<Test>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (old, new) = (planned.old.as_deref().map(text).unwrap_or_default(), text(&planned.bytes));
    let is_jobs = path::is_within(&planned.shown, JOBS) && path::extension(&planned.shown) == ".yaml";
    if is_jobs {
        return drift(Drifted { file: &planned.shown, old: &old, new: &new });
    }
    vec![(unformed(planned, &old, &new), None)]
}

/// A finding about a file that would be written otherwise.
fn unformed(planned: &Planned, old: &str, new: &str) -> Diagnostic {
    let finding = |message: &str| Diagnostic::of_rule(&UNFORMED_FILE, &*planned.shown, message);
    if old.is_empty() {
        return finding("this file is missing");
    }
    let same = old.bytes().zip(new.bytes()).take_while(|(left, right)| left == right).count();
    finding("from here on the file is written otherwise").at(old, visible(old, same))
}

/// The nearest character to a place that can be seen: after it in its line, or else before it.
fn visible(text: &str, place: usize) -> usize {
    let place = (0..=place.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let (before, after) = text.split_at(place);
    let rest = after.split('\n').next().unwrap_or_default();
    match rest.find(|letter: char| !letter.is_whitespace()) {
        Some(at) => place + at,
        None => before.trim_end().char_indices().next_back().map_or(0, |(at, _)| at),
    }
}

/// The place of a test in the config that a job of this file comes from.
fn test_of(options: &ReviewOptions, job_file: &str, test: &Test) -> Option<Diagnostic> {
    let JobFile { org, repo, branch, .. } = JobFile::from_path(job_file).ok()?;
    let identity = Metadata { org, repo, branch, variant: test.variant.clone() };
    let shown = path::join(CONFIG, &identity.relative_path());
    let text = files::read_given(&options.release_repo.join(&shown)).ok()?;
    let tree = parse(&text).ok()?;
    let root = tree.root()?;
    let tests = root.entries().find(|(key, _)| **key.text() == *"tests")?.1.resolved();
    let is_named = |item: &Node<'_, '_>| {
        item.resolved().entries().any(|(key, value)| **key.text() == *"as" && *value.text() == test.target)
    };
    let at = tests.items().position(|item| is_named(&item))?;
    let path = KeyPath::root().key("tests").item(at).key("as");
    Some(Diagnostic::of_file(shown, "", "the job's test").at(&text, locate(&tree, &path)))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_place_is_moved_to_what_can_be_seen() {
        let text = "ä: 1\n\n  b: 2  \n";
        let places = [(0, 0), (1, 0), (4, 4), (5, 4), (6, 4), (7, 9), (9, 9), (13, 12), (99, 12)];
        for (place, seen) in places {
            assert_eq!(visible(text, place), seen, "{place}");
        }
        assert_eq!(visible(" \n", 1), 0);
    }
}
