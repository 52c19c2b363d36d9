//! What the reference does not see: the cases in `testdata/lint`, and how often each rule finds something in whole
//! repositories.
//!
//! A case holds a release repository in small: `config/`, `jobs/`, `step-registry/`, `OWNERS_ALIASES`, as far as it has
//! them. `findings.txt` is what is said: place, rule, message. `UPDATE_CASES=1` writes it anew. Every rule has a case that
//! it finds and one, beside it, that it must not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::corpus::{Corpus, files_below};
use crate::support::{prowgen, testdata};
use cutwater::diagnostic::{Diagnostic, Violation};
use cutwater::lint::{self as linting, Linter, OwnersAliases, OwnersFile, lint_owners, lint_registry};
use cutwater::model::identity::config_identity;
use cutwater::model::job::JobConfig;
use cutwater::registry::{Registry, Uses, Wanted, file_kind};
use cutwater::validate::load_config;
use cutwater::yaml::codec::{Decode, Strictness, read};
use cutwater::yaml::locate::place;
use cutwater::yaml::parse::parse;
use rayon::prelude::*;

/// The files of a kind below a part of a tree, by path from the tree's root.
fn files(root: &Path, part: &str, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, PathBuf> {
    let directory = root.join(part);
    if !directory.is_dir() {
        return BTreeMap::new();
    }
    files_below(&directory, wanted).into_iter().map(|(path, file)| (format!("{part}/{path}"), file)).collect()
}

fn model<T: Decode>(text: &str) -> Option<T> {
    read(&parse(text).ok()?, Strictness::Lenient).ok()
}

fn placed(file: &str, text: &str, violations: Vec<Violation>) -> Vec<Diagnostic> {
    let Ok(tree) = parse(text) else { panic!("{file}: not YAML") };
    violations.into_iter().map(|violation| place(violation, file, text, &tree)).collect()
}

/// What is said about a tree, and how long the checks took of all threads.
struct Linted {
    findings: Vec<Diagnostic>,
    took: Duration,
}

/// One file's findings, what its tests use, and the time.
type Part = (Vec<Diagnostic>, Uses, Duration);

fn merge((mut findings, uses, took): Part, (more, others, longer): Part) -> Part {
    findings.extend(more);
    (findings, uses.merged(others), took + longer)
}

fn registry(root: &Path) -> Option<Registry> {
    if !root.is_dir() {
        return None;
    }
    let wanted = |path: &str| file_kind(path).is_read(Wanted::default());
    let read = |(path, file): (String, PathBuf)| {
        let text = if wanted(&path) { fs::read(file).unwrap() } else { Vec::new() };
        (path, text)
    };
    let files: Vec<_> = files_below(root, |_| true).into_par_iter().map(read).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect();
    Some(prowgen::registry(files).0)
}

/// Everything that is said about a tree with these parts.
fn lint(root: &Path, configs: &str, jobs: &str, steps: &str) -> Linted {
    let registry = registry(&root.join(steps));
    let linter = Linter::new(registry.as_ref());
    let (mut findings, uses, mut took) = lint_configs(&linter, &files(root, configs, |path| path.ends_with(".yaml")));
    let (more, _, longer) = lint_jobs(&linter, &files(root, jobs, |path| path.ends_with(".yaml")));
    findings.extend(more);
    took += longer;
    if let Some(registry) = &registry {
        let start = Instant::now();
        let found = lint_registry(registry, Some(&uses));
        took += start.elapsed();
        findings.extend(found.into_iter().flat_map(|finding| {
            let file = format!("{steps}/{}", finding.file);
            let text = fs::read_to_string(root.join(&file)).unwrap();
            placed(&file, &text, vec![finding.violation])
        }));
    }
    findings.extend(owners(root, configs));
    findings.sort_by(|left, right| left.order().cmp(&right.order()));
    Linted { findings, took }
}

fn lint_configs(linter: &Linter, configs: &BTreeMap<String, PathBuf>) -> Part {
    let one = |(path, file): (&String, &PathBuf)| {
        let text = fs::read_to_string(file).unwrap();
        let identity = config_identity(path).unwrap();
        let mut uses = Uses::default();
        let Ok(config) = load_config(&text, path, &identity.org, &identity.repo) else {
            return (Vec::new(), uses, Duration::ZERO);
        };
        let start = Instant::now();
        uses.add_config(&config);
        let violations = linter.lint_config(&config, &identity);
        let took = start.elapsed();
        (if violations.is_empty() { Vec::new() } else { placed(path, &text, violations) }, uses, took)
    };
    configs.par_iter().map(one).reduce(Part::default, merge)
}

fn lint_jobs(linter: &Linter, jobs: &BTreeMap<String, PathBuf>) -> Part {
    let one = |(path, file): (&String, &PathBuf)| {
        let text = fs::read_to_string(file).unwrap();
        let Some(jobs) = model::<JobConfig>(&text) else { return Part::default() };
        let start = Instant::now();
        let violations = linter.lint_jobs(&jobs);
        let took = start.elapsed();
        (if violations.is_empty() { Vec::new() } else { placed(path, &text, violations) }, Uses::default(), took)
    };
    jobs.par_iter().map(one).reduce(Part::default, merge)
}

fn owners(root: &Path, configs: &str) -> Vec<Diagnostic> {
    let aliases = fs::read_to_string(root.join("OWNERS_ALIASES")).ok().and_then(|text| model::<OwnersAliases>(&text));
    let owners = files(root, configs, |path| path.rsplit('/').next() == Some("OWNERS"));
    let directory = |path: &str| path.rsplit_once('/').unwrap().0.to_owned();
    let mut directories: BTreeSet<String> =
        files(root, configs, |path| path.ends_with(".yaml")).keys().map(|path| directory(path)).collect();
    directories.extend(owners.keys().map(|path| directory(path)).filter(|path| path != configs));
    let mut findings = Vec::new();
    for path in directories {
        let file = format!("{path}/OWNERS");
        match owners.get(&file) {
            Some(source) => {
                let text = fs::read_to_string(source).unwrap();
                let violations = lint_owners(model::<OwnersFile>(&text).as_ref(), aliases.as_ref());
                findings.extend(placed(&file, &text, violations));
            }
            None if owners.contains_key(&format!("{}/OWNERS", directory(&path))) && directory(&path) != configs => {}
            None => {
                let found = lint_owners(None, None).into_iter();
                findings.extend(found.map(|violation| Diagnostic::of_file(&*file, violation.rule, violation.message)));
            }
        }
    }
    findings
}

// Cases

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<_> = fs::read_dir(testdata("lint")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn told(findings: &[Diagnostic]) -> String {
    let line = |finding: &Diagnostic| {
        let Diagnostic { file, line, column, rule, message, .. } = finding;
        format!("{file}:{line}:{column}: {rule}: {message}\n")
    };
    findings.iter().map(line).collect()
}

#[test]
fn cases_are_told_as_recorded() {
    let (mut wrong, mut hit) = (Vec::new(), BTreeSet::new());
    let update = std::env::var_os("UPDATE_CASES").is_some();
    for case in cases() {
        let linted = lint(&case, "config", "jobs", "step-registry");
        hit.extend(linted.findings.iter().map(|finding| finding.rule));
        let (found, record) = (told(&linted.findings), case.join("findings.txt"));
        if update {
            fs::write(&record, &found).unwrap();
        } else if fs::read_to_string(&record).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let never: Vec<_> = linting::RULES.iter().map(|rule| rule.id).filter(|id| !hit.contains(id)).collect();
    assert!(never.is_empty(), "no case is found by {never:?}");
}

#[test]
fn findings_are_of_declared_rules_and_in_lines() {
    let declared: BTreeSet<_> = linting::RULES.iter().map(|rule| rule.id).collect();
    for case in cases() {
        for finding in lint(&case, "config", "jobs", "step-registry").findings {
            assert!(declared.contains(finding.rule), "{finding:?}");
            assert!(finding.line > 0 || finding.rule == "configs-without-owners", "{finding:?}");
        }
    }
}

// Whole repositories

/// Holds the number of findings of each rule against what was recorded after a look at them.
fn measure(name: &str, recorded: &[(&str, usize)]) {
    let corpus = Corpus::unpack(name);
    let input = corpus.join("input");
    let linted = lint(&input, "ci-operator/config", "ci-operator/jobs", "ci-operator/step-registry");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &linted.findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    if let Some(to) = std::env::var_os("LINT_FINDINGS") {
        fs::write(PathBuf::from(to).join(name), told(&linted.findings)).unwrap();
    }
    eprintln!("{name}: {:?} in all threads", linted.took);
    let counts: Vec<_> = counts.into_iter().collect();
    assert_eq!(counts, recorded, "{name}: look at what has changed (LINT_FINDINGS=DIRECTORY writes it there)");
}

#[test]
fn release_2023_has_what_was_looked_at() {
    measure(
        "release-2023",
        &[
            ("configs-without-owners", 268),
            ("release-of-another-branch", 3),
            ("timeout-under-a-second", 3),
            ("unused-chain", 47),
            ("unused-image", 16),
            ("unused-step", 80),
            ("unused-workflow", 100),
        ],
    );
}

#[test]
fn release_today_has_what_was_looked_at() {
    measure(
        "release-today",
        &[
            ("broken-change-pattern", 126),
            ("configs-without-owners", 189),
            ("own-branch-skipped", 58),
            ("skip-of-everything", 68),
            ("timeout-under-a-second", 3),
            ("unchecked-architecture", 15),
            ("unused-chain", 345),
            ("unused-image", 1),
            ("unused-optional-image", 4),
            ("unused-step", 478),
            ("unused-workflow", 412),
        ],
    );
}
