//! Findings about generated jobs, with the line of the config that the job comes from.
//!
//! Nothing can be put right in the file of a generated job: the next run would write it as it was. [`trace`] adds to each
//! such finding where in the config the value, or at least the job, comes from. Where the config has a finding there about
//! the same defect, the two become one, in the config.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::drift;
use crate::files::{self, path};
use crate::generate::JobSource;
use crate::generate::labels::{GENERATOR, GENERATOR_LABEL};
use crate::generate::merge::Origin;
use crate::model::identity::JobKind;
use crate::run::explain::Origins;
use crate::run::layout::{CONFIG, JOBS};
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::{Kind, Node, Tree};

/// Rules for configs that tell the same of a value as others tell of it in a job that is made of it.
const SAME_DEFECT: [(&str, &[&str]); 8] = [
    ("broken-change-pattern", &["job-pattern-broken", "broken-change-pattern"]),
    ("unmatchable-change-pattern", &["unmatchable-change-pattern"]),
    ("skip-of-everything", &["skip-of-everything"]),
    ("broken-branch-pattern", &["job-pattern-broken", "broken-branch-pattern"]),
    ("unmatchable-branch-pattern", &["unmatchable-branch-pattern"]),
    ("own-branch-skipped", &["all-branches-skipped"]),
    ("date-that-never-comes", &["date-that-never-comes"]),
    ("broken-promotion-schedule", &["periodic-time-broken"]),
];

/// Fields of a job that say what the field of the same name says of a test, of images or of a bundle.
const SAME_FIELD: [&str; 9] = [
    "always_run",
    "cluster",
    "cron",
    "interval",
    "minimum_interval",
    "optional",
    "run_if_changed",
    "skip_branches",
    "skip_if_only_changed",
];

/// So many findings are traced; more of them have one cause, and it would take too long.
const MOST_TRACED: usize = 500;

/// Adds the places in configs.
pub fn trace(root: &Path, findings: &mut Vec<Diagnostic>) {
    let is_of_job = |finding: &Diagnostic| {
        let is_told = finding.related.iter().any(|place| path::is_within(&place.file, CONFIG));
        finding.line > 0 && !is_told && path::is_within(&finding.file, JOBS) && !is_drift(finding.rule)
    };
    // By the repository's directory, whose configs are read once then.
    let mut directories: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate().filter(|(_, finding)| is_of_job(finding)).take(MOST_TRACED) {
        directories.entry(path::directory(&finding.file)).or_default().entry(&finding.file).or_default().push(at);
    }
    let traced: Vec<Traced> = directories
        .into_par_iter()
        .flat_map_iter(|(_, files)| {
            let mut origins = Origins::new(root);
            let of_file =
                files.into_iter().flat_map(|(file, numbers)| values(root, file, &numbers, findings, &mut origins));
            places(root, of_file.collect())
        })
        .collect();
    tell(findings, traced);
}

fn is_drift(rule: &str) -> bool {
    drift::RULES.iter().any(|known| known.id == rule)
}

/// A value of a config that a finding about a job comes from.
struct Value {
    /// The finding.
    number: usize,
    config: String,
    source: JobSource,
    /// The field of the job that the finding is about.
    field: String,
}

/// A finding with where it comes from.
struct Traced {
    number: usize,
    origin: Diagnostic,
    /// Lines and columns of the value and of what is in it, where it is the same as in the job.
    same: BTreeSet<(usize, usize)>,
}

/// What findings of a job file come from.
fn values(
    root: &Path,
    file: &str,
    numbers: &[usize],
    findings: &[Diagnostic],
    origins: &mut Origins<'_>,
) -> Vec<Value> {
    let Ok(text) = files::read_given(&root.join(file)) else { return Vec::new() };
    let Ok(tree) = parse(&text) else { return Vec::new() };
    let jobs = jobs(&tree, file);
    let value = |number: &usize| {
        let finding = findings.get(*number)?;
        let offset = offset(&text, finding)?;
        let Job { kind, repository, node } = jobs.iter().rfind(|job| job.node.offset() <= offset)?;
        let name = under(*node, "name")?;
        let given = origins.find(repository, *kind, name.text()).filter(|_| is_generated(*node))?;
        let field = node.entries().map(|(key, _)| key).take_while(|key| key.offset() <= offset).last();
        let field = field.map(|key| key.text().to_string()).unwrap_or_default();
        Some(Value { number: *number, config: given.place.file.clone(), source: given.source, field })
    };
    numbers.iter().filter_map(value).collect()
}

/// A job as it stands in its file.
struct Job<'a, 't> {
    kind: JobKind,
    repository: String,
    node: Node<'a, 't>,
}

/// The jobs of a file in their order.
fn jobs<'a, 't>(tree: &'a Tree<'t>, file: &str) -> Vec<Job<'a, 't>> {
    let mut jobs = Vec::new();
    for (key, value) in tree.root().into_iter().flat_map(Node::entries) {
        let kind = match &**key.text() {
            "presubmits" => JobKind::Presubmit,
            "postsubmits" => JobKind::Postsubmit,
            "periodics" => JobKind::Periodic,
            _ => continue,
        };
        let mut add = |repository: &str, list: Node<'a, 't>| {
            jobs.extend(list.resolved().items().map(|job| Job {
                kind,
                repository: repository.to_owned(),
                node: job.resolved(),
            }));
        };
        match value.resolved().kind() {
            Kind::Mapping => value.resolved().entries().for_each(|(repository, list)| add(repository.text(), list)),
            // Periodics are nobody's but the directory's.
            _ => add(path::directory(file).strip_prefix(JOBS).unwrap_or_default().trim_start_matches('/'), value),
        }
    }
    jobs.sort_by_key(|job| job.node.offset());
    jobs
}

fn under<'a, 't>(node: Node<'a, 't>, key: &str) -> Option<Node<'a, 't>> {
    node.entries().find(|(name, _)| **name.text() == *key).map(|(_, value)| value.resolved())
}

fn is_generated(job: Node<'_, '_>) -> bool {
    let label = |name: &str| under(under(job, "labels")?, name).map(|value| value.text().to_string());
    Origin::of(label(GENERATOR_LABEL).as_deref(), label(GENERATOR).as_deref()) == Origin::Generated
}

/// The byte that a finding is at.
fn offset(text: &str, Diagnostic { line, column, .. }: &Diagnostic) -> Option<usize> {
    let before = line.checked_sub(1)?;
    let start = if before == 0 { 0 } else { text.match_indices('\n').nth(before - 1)?.0 + 1 };
    let of_column = text.get(start..)?.char_indices().nth(column.checked_sub(1)?);
    Some(of_column.map_or(text.len(), |(at, _)| start + at))
}

/// Where values are, each config read once.
fn places(root: &Path, values: Vec<Value>) -> Vec<Traced> {
    let mut configs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for value in values {
        configs.entry(value.config.clone()).or_default().push(value);
    }
    let mut traced = Vec::new();
    for (config, values) in configs {
        let Ok(text) = files::read_given(&root.join(&config)) else { continue };
        let tree = parse(&text).unwrap_or_default();
        traced.extend(values.into_iter().map(|value| place(&config, &text, &tree, value)));
    }
    traced
}

fn place(config: &str, text: &str, tree: &Tree<'_>, Value { number, source, field, .. }: Value) -> Traced {
    let at = |path: &KeyPath| Diagnostic::of_file(config, "", "the job comes from here").at(text, locate(tree, path));
    let path = source.path().key(&*field);
    let is_same = SAME_FIELD.contains(&&*field);
    let Some(value) = node_at(tree, &path).filter(|_| is_same) else {
        return Traced { number, origin: at(&source.name_path()), same: BTreeSet::new() };
    };
    let items = (0..value.items().count()).map(|item| path.item(item));
    let same = items.chain([path.clone()]).map(|path| at(&path)).map(|it| (it.line, it.column)).collect();
    Traced { number, origin: at(&path), same }
}

/// The value that a path of keys and positions leads to, where there is one.
fn node_at<'a, 't>(tree: &'a Tree<'t>, path: &KeyPath) -> Option<Node<'a, 't>> {
    use crate::diagnostic::Segment;
    path.0.iter().try_fold(tree.root()?.resolved(), |node, segment| match segment {
        Segment::Key(key) | Segment::Name(key) => under(node, key),
        Segment::Item(index) => node.items().nth(*index).map(Node::resolved),
    })
}

/// Puts places into findings, and leaves to configs what they tell as well.
fn tell(findings: &mut Vec<Diagnostic>, traced: Vec<Traced>) {
    let mut of_configs: BTreeMap<(String, usize, usize), Vec<usize>> = BTreeMap::new();
    for (number, finding) in findings.iter().enumerate().filter(|(_, it)| path::is_within(&it.file, CONFIG)) {
        of_configs.entry((finding.file.clone(), finding.line, finding.column)).or_default().push(number);
    }
    let mut is_told = BTreeSet::new();
    for Traced { number, origin, same } in traced {
        let Some(rule) = findings.get(number).map(|finding| finding.rule) else { continue };
        let at_value = same.iter().filter_map(|(line, column)| of_configs.get(&(origin.file.clone(), *line, *column)));
        let first = at_value.flatten().copied().find(|other| {
            let other = findings.get(*other).map_or("", |other| other.rule);
            SAME_DEFECT.iter().any(|(of_config, of_job)| *of_config == other && of_job.contains(&rule))
        });
        let Some(finding) = findings.get_mut(number) else { continue };
        match first {
            None => *finding = finding.clone().related(origin),
            Some(first) => {
                let of_job = finding.clone();
                is_told.insert(number);
                findings.get_mut(first).into_iter().for_each(|first| take_over(first, &of_job));
            }
        }
    }
    let mut number = 0;
    findings.retain(|_| {
        number += 1;
        !is_told.contains(&(number - 1))
    });
}

/// Lets a finding about a config tell what one about a job of it tells.
fn take_over(of_config: &mut Diagnostic, of_job: &Diagnostic) {
    of_config.severity = of_config.severity.min(of_job.severity);
    of_config.reference = of_config.reference.take().or_else(|| of_job.reference.clone());
    let place = Diagnostic { message: "the job that is made of it".to_owned(), ..of_job.clone() };
    *of_config = of_config.clone().related(place);
}
