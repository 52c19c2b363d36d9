//! Job files that are not what their configs give: which job, which value, and where that value comes from.
//!
//! [`drift`] compares a job file with what would be written in its place, job by job. A generated job that differs was edited
//! by hand, or its config was changed and nothing generated since; either way the place to look is the field of the config
//! that the value comes from ([`source_of`]).

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, Rule};
use crate::yaml::parse::parse;
use crate::yaml::tree::{Kind, Node, Tree};

rules! {
    EDITED_JOB = "edited-job",
        "a generated job is not what its config gives",
        "The next run of `cutwater jobs` undoes the edit; until then the job does what its config does not say.",
        "change the config, and run `cutwater jobs`";
    MISSING_JOB = "missing-job",
        "a test of a config has no job",
        "The test does not run.",
        "run `cutwater jobs`";
    STALE_JOB = "stale-job",
        "a generated job has no test any more",
        "It runs, or is demanded of changes, though nothing asks for it.",
        "run `cutwater jobs`";
    UNPLACED_JOB = "unplaced-job",
        "a job that people wrote is not in its final form",
        "Its build cluster, or another value that tools choose, is not the one they would choose now.",
        "run `cutwater jobs`";
    UNFORMED_JOBS = "unformed-jobs",
        "a job file is not in canonical form",
        "The next run of `cutwater jobs` changes it, in somebody else's change.",
        "run `cutwater jobs`";
}

/// Values are nested less deeply than this by far.
const MAX_DEPTH: usize = 200;

/// A job file, and what would be in its place.
#[derive(Clone, Copy, Debug)]
pub struct Drifted<'d> {
    /// The name that findings give the file.
    pub file: &'d str,
    /// What it holds; empty where there is none.
    pub old: &'d str,
    /// What it would hold; empty where it would go.
    pub new: &'d str,
}

/// A job's test: whose place a finding about the job is about as well.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    /// The variant of the config; empty for none.
    pub variant: String,
    /// What ci-operator is to do, mostly the name of a test.
    pub target: String,
}

/// Every job of the file that differs, with the test that it comes from, where it comes from one.
pub fn drift(drifted: Drifted<'_>) -> Vec<(Diagnostic, Option<Test>)> {
    let Drifted { file, old, new } = drifted;
    let (Ok(old_tree), Ok(new_tree)) = (parse(old), parse(new)) else { return Vec::new() };
    let (olds, mut news) = (jobs(&old_tree), jobs(&new_tree));
    let mut found = Vec::new();
    for (key, job) in &olds {
        let is_generated = is_generated(*job);
        let at = |rule: &Rule, offset, message: String| Diagnostic::of_rule(rule, file, message).at(old, offset);
        match news.remove(key) {
            Some(new_job) => {
                let Some((path, offset)) = difference(*job, new_job, 0) else { continue };
                let mut finding = differing(is_generated, key.name, &path, |rule, said| at(rule, offset, said));
                // Only the first value that differs is told of, and a second edit is another finding.
                finding.digest = is_generated.then(|| digest([*job, new_job]));
                found.push((finding, test(new_job)));
            }
            None if is_generated => {
                let message = format!("no config gives the job {} any more", key.name);
                found.push((at(&STALE_JOB, name_of(*job).unwrap_or(*job).offset(), message), None));
            }
            None => {}
        }
    }
    for (key, job) in news {
        let message = format!("the job {} is missing here", key.name);
        found.push((Diagnostic::of_rule(&MISSING_JOB, file, message), test(job)));
    }
    if found.is_empty() && old != new {
        let offset = old.bytes().zip(new.bytes()).take_while(|(left, right)| left == right).count();
        let message = "from here on the file is written otherwise";
        found.push((Diagnostic::of_rule(&UNFORMED_JOBS, file, message).at(old, offset), None));
    }
    found
}

fn differing(is_generated: bool, name: &str, path: &str, at: impl Fn(&Rule, String) -> Diagnostic) -> Diagnostic {
    let field = path.split(['.', '[']).next().unwrap_or(path);
    if !is_generated {
        return at(&UNPLACED_JOB, format!("`{path}` of the job {name} is not what tools make of it"));
    }
    let finding = at(&EDITED_JOB, format!("`{path}` of the job {name} is not what its config gives"));
    finding.fix(format!("change {}, and run `cutwater jobs`", source_of(field)))
}

/// Where the value of a job's field comes from.
fn source_of(field: &str) -> &'static str {
    match field {
        "always_run" => "`always_run`, `run_if_changed` or `skip_if_only_changed` of the test",
        "run_if_changed" => "`run_if_changed` of the test",
        "skip_if_only_changed" => "`skip_if_only_changed` of the test",
        "optional" => "`optional` of the test",
        "cron" => "`cron` of the test",
        "interval" => "`interval` of the test",
        "minimum_interval" => "`minimum_interval` of the test",
        "reporter_config" => "`reporter_config` of the test, or the slack settings of the repository",
        "decoration_config" => "`timeout` of the test",
        "max_concurrency" => "the job itself: this field is kept, so the rest of the job has to agree",
        "name" | "context" | "rerun_command" | "trigger" => "`as` of the test",
        "cluster" => "the tables in core-services/sanitize-prow-jobs, or `cluster` of the test",
        "branches" | "extra_refs" => "the name of the config's file, which says its branch",
        "hidden" => "the settings of the repository (.config.prowgen)",
        _ => "the test",
    }
}

/// What jobs are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'t> {
    kind: &'t str,
    repository: &'t str,
    name: &'t str,
    /// How many of this name came before.
    number: usize,
}

/// The jobs of a file.
fn jobs<'t>(tree: &'t Tree<'_>) -> BTreeMap<Key<'t>, Node<'t, 't>> {
    let mut found = BTreeMap::new();
    let mut add = |kind, repository, list: Node<'t, 't>| {
        for job in list.items() {
            let name = name_of(job).map_or("", |name| name.text());
            let key = |number| Key { kind, repository, name, number };
            let number = (0..).find(|number| !found.contains_key(&key(*number))).unwrap_or(0);
            found.insert(key(number), job);
        }
    };
    for (kind, value) in tree.root().into_iter().flat_map(Node::entries) {
        match value.kind() {
            Kind::Sequence => add(&**kind.text(), "", value),
            Kind::Mapping => value.entries().for_each(|(repository, list)| add(kind.text(), repository.text(), list)),
            _ => {}
        }
    }
    found
}

fn under<'a, 't>(node: Node<'a, 't>, key: &str) -> Option<Node<'a, 't>> {
    node.resolved().entries().find(|(name, _)| **name.text() == *key).map(|(_, value)| value.resolved())
}

fn name_of<'a, 't>(job: Node<'a, 't>) -> Option<Node<'a, 't>> {
    under(job, "name")
}

fn is_generated(job: Node<'_, '_>) -> bool {
    let label = |labels| under(labels, "ci.openshift.io/generator");
    under(job, "labels").and_then(label).is_some_and(|generator| !generator.text().is_empty())
}

/// The test that a job runs, by the arguments that it gives ci-operator.
fn test(job: Node<'_, '_>) -> Option<Test> {
    let container = under(under(job, "spec")?, "containers")?.items().next()?;
    let arguments = under(container, "args")?;
    let argument = |name: &str| arguments.items().find_map(|text| text.text().strip_prefix(name).map(str::to_owned));
    Some(Test { variant: argument("--variant=").unwrap_or_default(), target: argument("--target=")? })
}

/// The first value that differs: its path, and its place in the first of the two.
fn difference(old: Node<'_, '_>, new: Node<'_, '_>, depth: usize) -> Option<(String, usize)> {
    let (old, new) = (old.resolved(), new.resolved());
    let here = Some((String::new(), old.offset()));
    match (old.kind(), new.kind()) {
        _ if depth > MAX_DEPTH => None,
        (Kind::Scalar, Kind::Scalar) => {
            if old.text() == new.text() {
                None
            } else {
                here
            }
        }
        (Kind::Sequence, Kind::Sequence) => {
            let both = old.items().zip(new.items()).enumerate();
            let first = both.filter_map(|(at, (old, new))| Some((format!("[{at}]"), difference(old, new, depth + 1)?)));
            let first = first.map(|(step, (rest, offset))| (joined(&step, &rest), offset)).next();
            first.or(if old.items().count() == new.items().count() { None } else { here })
        }
        (Kind::Mapping, Kind::Mapping) => {
            let changed = old.entries().find_map(|(key, value)| match under(new, key.text()) {
                Some(new) => {
                    difference(value, new, depth + 1).map(|(rest, offset)| (joined(key.text(), &rest), offset))
                }
                None => Some((key.text().to_string(), key.offset())),
            });
            let added = || new.entries().find(|(key, _)| under(old, key.text()).is_none());
            changed.or_else(|| added().map(|(key, _)| (key.text().to_string(), old.offset())))
        }
        _ => here,
    }
}

/// A digest of all values of a job, as it is and as it would be.
fn digest(jobs: [Node<'_, '_>; 2]) -> u64 {
    let mut hasher = DefaultHasher::new();
    jobs.into_iter().for_each(|job| add(job, &mut hasher, 0));
    hasher.finish()
}

fn add(node: Node<'_, '_>, hasher: &mut DefaultHasher, depth: usize) {
    let node = node.resolved();
    if depth > MAX_DEPTH {
        return;
    }
    match node.kind() {
        Kind::Sequence => {
            hasher.write_u8(1);
            node.items().for_each(|item| add(item, hasher, depth + 1));
        }
        Kind::Mapping => {
            hasher.write_u8(2);
            for (key, value) in node.entries() {
                key.text().hash(hasher);
                add(value, hasher, depth + 1);
            }
        }
        _ => node.text().hash(hasher),
    }
    hasher.write_u8(0);
}

fn joined(key: &str, rest: &str) -> String {
    if rest.is_empty() || rest.starts_with('[') { format!("{key}{rest}") } else { format!("{key}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = "presubmits:\n  o/r:\n  - always_run: true\n    labels:\n      ci.openshift.io/generator: prowgen\n    \
        name: pull-a\n    spec:\n      containers:\n      - args:\n        - --target=a\n        - --variant=v\n";

    fn told(old: &str, new: &str) -> Vec<(&'static str, usize, usize, String)> {
        let found = drift(Drifted { file: "f.yaml", old, new });
        found.into_iter().map(|(finding, _)| (finding.rule, finding.line, finding.column, finding.message)).collect()
    }

    #[test]
    fn an_edited_value_is_found_with_its_test() {
        let old = JOB.replace("true", "false");
        let found = drift(Drifted { file: "f.yaml", old: &old, new: JOB });
        let [(finding, test)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((finding.rule, finding.line, finding.column), ("edited-job", 3, 17));
        assert!(finding.message.starts_with("`always_run` of the job pull-a"), "{}", finding.message);
        assert_eq!(*test, Some(Test { variant: "v".into(), target: "a".into() }));
        let deep = JOB.replace("--target=a", "--target=b");
        assert_eq!(
            told(&deep, JOB)[0].3,
            "`spec.containers[0].args[0]` of the job pull-a is not what its config gives"
        );
        let more = JOB.replace("    name:", "    optional: true\n    name:");
        assert_eq!((told(&more, JOB)[0].1, told(JOB, &more)[0].1), (6, 3));
    }

    #[test]
    fn jobs_that_are_missing_or_stale_are_told_apart() {
        assert_eq!(told(JOB, "")[0], ("stale-job", 6, 11, "no config gives the job pull-a any more".into()));
        assert_eq!(told("", JOB)[0], ("missing-job", 0, 0, "the job pull-a is missing here".into()));
        let by_hand = JOB.replace("ci.openshift.io/generator", "other");
        assert_eq!(told(&by_hand, ""), [("unformed-jobs", 1, 1, "from here on the file is written otherwise".into())]);
        assert_eq!(told(&by_hand.replace("true", "false"), &by_hand)[0].0, "unplaced-job");
    }

    #[test]
    fn another_spelling_is_another_form() {
        assert_eq!(told(&JOB.replace("true", "true "), JOB)[0].0, "unformed-jobs");
        assert_eq!(told(JOB, JOB), []);
    }
}
