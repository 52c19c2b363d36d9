//! What is otherwise in configs, and which jobs that concerns.
//!
//! Most of what a test does is not in its jobs: ci-operator reads it from the config when a job runs. [`ConfigChange::between`]
//! compares a config test by test; [`Configs`] says of a job what concerns it. A change outside of the tests concerns all jobs of
//! the config. Which of them pj-rehearse looks at is another question, and that of [`super::choice`].

use std::collections::BTreeMap;

use super::StepUser;
use super::change::{Change, Turn};
use super::choice::{Choices, ConfigChoice};
use super::rename::values;
use super::side::{Job, differing, text_under, under};
use crate::model::config::Metadata;
use crate::model::identity::{JobKind, job_file_name};
use crate::yaml::tree::{Node, Tree};

/// Fields of a test that show in its jobs, where they are told of.
const SEEN_IN_JOBS: [&str; 17] = [
    "always_run",
    "as",
    "capabilities",
    "cluster",
    "cron",
    "interval",
    "max_concurrency",
    "minimum_interval",
    "optional",
    "pipeline_run_if_changed",
    "pipeline_skip_if_only_changed",
    "postsubmit",
    "presubmit",
    "reporter_config",
    "run_if_changed",
    "skip_if_only_changed",
    "timeout",
];
/// Those that have no effect where somebody has set something else in the job.
const KEPT_IN_JOBS: [&str; 3] = ["cluster", "max_concurrency", "reporter_config"];
/// Longer commands are not shown.
const LONGEST_COMMAND: usize = 80;

/// A config before and now, as trees of canonical texts.
pub struct ConfigPair<'a> {
    /// Whose it is.
    pub identity: &'a Metadata,
    /// What it said, where it was there.
    pub old: Option<&'a Tree<'a>>,
    /// What it says, where it is there.
    pub new: Option<&'a Tree<'a>>,
}

/// What is otherwise in a config.
#[derive(Debug, Default)]
pub struct ConfigChange {
    /// Fields that are not of one test.
    general: Vec<String>,
    /// Tests that are on both sides and differ, by name.
    tests: BTreeMap<String, Vec<Change>>,
    /// Fields of tests that differ, of those in [`KEPT_IN_JOBS`].
    kept: BTreeMap<String, Vec<String>>,
    /// What each test says without its name, before and now.
    contents: [BTreeMap<String, Vec<String>>; 2],
    /// The jobs that pj-rehearse looks at.
    choice: Option<ConfigChoice>,
}

/// The tests of a config by name; of those that have it in common the last.
pub type Tests<'a> = BTreeMap<&'a str, Node<'a, 'a>>;

/// The tests of a config.
pub fn tests<'a>(tree: Option<&'a Tree<'a>>) -> Tests<'a> {
    let list = tree.and_then(Tree::root).and_then(|root| under(root, "tests"));
    let items = list.into_iter().flat_map(Node::items).map(Node::resolved);
    items.map(|test| (text_under(test, "as"), test)).collect()
}

/// What a test says without what shows in its jobs.
fn content(test: Node<'_, '_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in test.entries() {
        if !SEEN_IN_JOBS.contains(&&**key.text()) {
            values(value, key.text(), 0, &mut lines);
        }
    }
    lines.sort();
    lines
}

impl ConfigChange {
    /// Compares.
    pub fn between(pair: &ConfigPair<'_>) -> Self {
        let (olds, news) = (tests(pair.old), tests(pair.new));
        let contents =
            [&olds, &news].map(|tests| tests.iter().map(|(name, test)| ((*name).to_owned(), content(*test))).collect());
        let mut found = Self { contents, choice: ConfigChoice::between(pair), ..Self::default() };
        let (Some(old), Some(new)) = (pair.old.and_then(Tree::root), pair.new.and_then(Tree::root)) else {
            return found;
        };
        let general = differing(old, new).into_iter().map(|field| field.key);
        found.general =
            general.filter(|key| !matches!(*key, "tests" | "zz_generated_metadata")).map(str::to_owned).collect();
        for (name, new) in &news {
            let change = olds.get(name).map(|old| test_change(*old, *new)).unwrap_or_default();
            if !change.is_empty() {
                found.tests.insert((*name).to_owned(), change);
            }
            let fields = olds.get(name).map(|old| differing(*old, *new)).unwrap_or_default();
            let kept: Vec<_> = fields.iter().map(|field| field.key).filter(|key| KEPT_IN_JOBS.contains(key)).collect();
            if !kept.is_empty() {
                found.kept.insert((*name).to_owned(), kept.into_iter().map(str::to_owned).collect());
            }
        }
        found
    }
}

/// What is otherwise about a test, as far as it does not show in its jobs.
fn test_change(old: Node<'_, '_>, new: Node<'_, '_>) -> Vec<Change> {
    let mut found = Vec::new();
    let mut fields = Vec::new();
    for field in differing(old, new) {
        match (field.key, field.old, field.new) {
            (name, _, _) if SEEN_IN_JOBS.contains(&name) => {}
            ("commands", Some(from), Some(to)) if is_short(from.text()) && is_short(to.text()) => {
                found.push(Change::Commands(Turn { from: from.text().to_string(), to: to.text().to_string() }));
            }
            ("steps", Some(from), Some(to)) => {
                fields.extend(differing(from, to).into_iter().map(|inner| format!("steps.{}", inner.key)));
            }
            (name, _, _) => fields.push(name.to_owned()),
        }
    }
    if !fields.is_empty() {
        found.push(Change::Test(fields));
    }
    found
}

fn is_short(command: &str) -> bool {
    command.len() <= LONGEST_COMMAND && !command.contains('\n')
}

/// Which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before.
    Old,
    /// Now.
    New,
}

/// What pj-rehearse thinks of a job because of its config and steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// Whether it looks at it.
    pub is_chosen: bool,
    /// Whether it needs a word of approval first, since its test changed and may use the network.
    pub is_unapproved: bool,
}

/// Parts of the step registry that changed and that a test uses.
#[derive(Debug)]
struct Steps {
    parts: Vec<String>,
    /// The kind of job that it is looked for among, of those that the test has.
    kind: JobKind,
}

/// Everything that is otherwise in configs and in the steps that their tests use.
#[derive(Debug, Default)]
pub struct Configs {
    /// By the name of a job file, and the variant.
    changes: BTreeMap<(String, String), ConfigChange>,
    /// Parts of the step registry that changed and that tests use, by the name of a job file, variant and test.
    steps: BTreeMap<(String, String, String), Steps>,
    /// The jobs that pj-rehearse looks at.
    choices: Choices,
}

/// The names of the job files that a config has jobs in.
pub fn job_files(identity: &Metadata) -> impl Iterator<Item = String> {
    let Metadata { org, repo, branch, .. } = identity;
    JobKind::ALL.into_iter().map(move |kind| format!("{org}/{repo}/{}", job_file_name(org, repo, branch, kind)))
}

impl Configs {
    /// Adds a config that is otherwise.
    pub fn add(&mut self, identity: &Metadata, mut change: ConfigChange) {
        if let Some(choice) = change.choice.take() {
            self.choices.add(identity, choice);
        }
        // Only one of the three is in the map: jobs are looked up by the part of the name that they have in common.
        self.changes.insert((stem(identity), identity.variant.clone()), change);
    }

    /// Adds parts of the step registry that changed and that a test uses.
    pub fn add_steps(&mut self, user: &StepUser) {
        let StepUser { identity, test, parts, kind } = user;
        let steps = Steps { parts: parts.clone(), kind: *kind };
        self.steps.insert((stem(identity), identity.variant.clone(), test.clone()), steps);
    }

    /// What is otherwise about a job that is on both sides, without showing in it.
    pub fn changes_of(&self, job: Job<'_>) -> Vec<Change> {
        let mut found = Vec::new();
        let Some((stem, variant, target)) = address(job) else { return found };
        if let Some(change) = self.changes.get(&(stem.clone(), variant.clone())) {
            if !change.general.is_empty() {
                found.push(Change::Config(change.general.clone()));
            }
            found.extend(change.tests.get(target).into_iter().flatten().cloned());
        }
        if let Some(steps) = self.steps.get(&(stem, variant, target.to_owned())) {
            found.push(Change::Steps(steps.parts.clone()));
        }
        found
    }

    /// What is otherwise about the test of a job that says what it said: a limit, say, that somebody has set in the job.
    pub fn changes_without_effect(&self, job: Job<'_>) -> Option<Change> {
        let (stem, variant, target) = address(job)?;
        let fields = self.changes.get(&(stem, variant))?.kept.get(target)?;
        Some(Change::Test(fields.clone()))
    }

    /// What pj-rehearse thinks of a job.
    pub fn standing(&self, job: Job<'_>) -> Standing {
        let has_steps = || {
            let address = address(job).map(|(stem, variant, target)| (stem, variant, target.to_owned()));
            address.and_then(|address| self.steps.get(&address)).is_some_and(|steps| steps.kind == job.kind)
        };
        Standing { is_chosen: self.choices.has(job) || has_steps(), is_unapproved: self.choices.is_unapproved(job) }
    }

    /// What the test of a job says, where that is known.
    pub fn content(&self, job: Job<'_>, when: When) -> Option<&[String]> {
        let (stem, variant, target) = address(job)?;
        let [old, new] = &self.changes.get(&(stem, variant))?.contents;
        let side = if when == When::Old { old } else { new };
        side.get(target).map(Vec::as_slice)
    }
}

/// What the names of all job files of a config begin with.
fn stem(identity: &Metadata) -> String {
    let Metadata { org, repo, branch, .. } = identity;
    without_kind(&format!("{org}/{repo}/{}", job_file_name(org, repo, branch, JobKind::Periodic))).to_owned()
}

fn without_kind(path: &str) -> &str {
    path.rsplit_once('-').map_or(path, |(stem, _)| stem)
}

/// Where the test of a job is: what the names of job files begin with, the variant, and the test.
fn address(job: Job<'_>) -> Option<(String, String, &str)> {
    if !job.is_generated() {
        return None;
    }
    let below = job.file.rmatch_indices('/').nth(2).map_or(job.file, |(slash, _)| &job.file[slash + 1..]);
    let variant = job.argument("--variant=").unwrap_or_default();
    Some((without_kind(below).to_owned(), variant.to_owned(), job.argument("--target=")?))
}
