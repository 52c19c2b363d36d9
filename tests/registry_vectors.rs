//! Agreement with recorded outcomes of the reference, for whoever sets `CUTWATER_VECTORS` to the folder that has them
//! (`validation.jsonl.gz` and what its README names) and `CUTWATER_CORPORA` to unpacked release repositories.
//! Without these variables the tests say so and pass.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use serde_json::Value;

use cutwater::diagnostic::{Diagnostic, Violation};
use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::registry::{DefinitionRules, Registry, SourceFile, Wanted, assemble, file_kind, load, parse_file};
use cutwater::validate::{validate_observer, validate_reference};
use cutwater::yaml::codec::{Strictness, read};
use cutwater::yaml::parse::parse;

type Files = Vec<(String, Vec<u8>)>;

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("{variable} is not set: nothing compared");
    }
    folder
}

fn files_under(root: &Path) -> Files {
    files_where(root, |name| file_kind(name).is_read(Wanted::default()))
}

fn all_files(root: &Path) -> Files {
    files_where(root, |_| true)
}

fn files_where(root: &Path, is_read: impl Fn(&str) -> bool) -> Files {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let text = if is_read(&name) { fs::read(&path).unwrap() } else { Vec::new() };
            found.push((name, text));
        }
    }
    found
}

fn sources(files: &Files) -> Vec<SourceFile<'_>> {
    files.iter().map(|(path, text)| SourceFile { path, text }).collect()
}

fn load_files(files: &Files) -> (Registry, Vec<Diagnostic>) {
    load(&sources(files), Wanted::default(), &rules())
}

fn rules() -> DefinitionRules {
    DefinitionRules { step: validate_reference, observer: validate_observer }
}

fn inline(files: &Value) -> Files {
    let entries = files.as_object().unwrap().iter();
    entries.map(|(path, text)| (path.clone(), text.as_str().unwrap().as_bytes().to_vec())).collect()
}

fn vectors(folder: &Path) -> Vec<Value> {
    let packed = fs::File::open(folder.join("validation.jsonl.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Those of the first test that does not resolve, as the reference stops there.
fn first_test(violations: &[Violation]) -> BTreeSet<String> {
    let test = |violation: &Violation| violation.path.0.get(1).cloned();
    let first = violations.first().and_then(test);
    violations.iter().filter(|violation| test(violation) == first).map(|violation| violation.message.clone()).collect()
}

#[derive(Default)]
struct Tally {
    of: usize,
    verdicts: usize,
    messages: usize,
    wrong: Vec<String>,
    differing: Vec<String>,
}

impl Tally {
    fn add(&mut self, id: &str, expected: &BTreeSet<String>, found: &BTreeSet<String>) {
        self.of += 1;
        if expected.is_empty() == found.is_empty() {
            self.verdicts += 1;
        } else {
            self.wrong.push(format!("{id}: expected {expected:?}, found {found:?}"));
        }
        if expected == found {
            self.messages += 1;
        } else {
            self.differing.push(format!("{id}:\n  expected {expected:?}\n  found    {found:?}"));
        }
    }

    fn report(&self, what: &str) {
        let Self { of, verdicts, messages, .. } = self;
        eprintln!("{what}: {verdicts} verdicts and {messages} sets of messages of {of} agree");
        self.differing.iter().for_each(|line| eprintln!("  {line}"));
        assert!(self.wrong.is_empty(), "verdicts differ: {:#?}", self.wrong);
    }
}

#[test]
fn registries_are_refused_as_by_the_reference() {
    let Some(folder) = folder("CUTWATER_VECTORS") else { return };
    let mut tally = Tally::default();
    for vector in vectors(&folder).iter().filter(|vector| vector["kind"] == "registry") {
        let files = inline(&vector["registry_files"]);
        let (_, findings) = load_files(&files);
        let found = findings.iter().map(|finding| finding.message.clone()).collect();
        let mut expected = texts(&vector["registry_errors"]);
        if !vector["registry_error"].is_null() && expected.is_empty() {
            expected.insert(vector["registry_error"].as_str().unwrap().to_owned());
        }
        tally.add(vector["id"].as_str().unwrap(), &expected, &found);
    }
    tally.report("registries");
}

#[test]
fn configurations_resolve_as_by_the_reference() {
    let (Some(folder), Some(corpora)) = (folder("CUTWATER_VECTORS"), folder("CUTWATER_CORPORA")) else { return };
    let mini: Value = serde_json::from_slice(&fs::read(folder.join("mini-registry.json")).unwrap()).unwrap();
    let corpus = files_under(&corpora.join("release-2023/input/ci-operator/step-registry"));
    let registries = BTreeMap::from([("mini", load_files(&inline(&mini))), ("corpus", load_files(&corpus))]);
    let mut tally = Tally::default();
    let mut unread = 0;
    for vector in vectors(&folder).iter().filter(|vector| vector["load_error"].is_null()) {
        let Some((registry, _)) = registries.get(vector["registry"].as_str().unwrap()) else { continue };
        let text = vector["config"].as_str().unwrap();
        let Ok(tree) = parse(text) else {
            unread += 1;
            continue;
        };
        let Ok(config) = read::<ReleaseBuildConfiguration>(&tree, Strictness::Lenient) else {
            unread += 1;
            continue;
        };
        let found = registry.check(&config).err().unwrap_or_default();
        assert_eq!(registry.resolve(&config).err().unwrap_or_default(), found);
        tally.add(vector["id"].as_str().unwrap(), &texts(&vector["resolve_errors"]), &first_test(&found));
    }
    eprintln!("{unread} configurations could not be read");
    tally.report("configurations");
}

#[test]
fn real_registries_have_no_findings() {
    let Some(corpora) = folder("CUTWATER_CORPORA") else { return };
    for name in ["release-2023", "release-today"] {
        let files = files_under(&corpora.join(name).join("input/ci-operator/step-registry"));
        let sources = sources(&files);
        let start = Instant::now();
        let parsed: Vec<_> = sources.iter().map(|file| parse_file(file.path, file.text, Wanted::default())).collect();
        let alone = start.elapsed();
        let start = Instant::now();
        let (_, findings) = assemble(parsed, &rules());
        let assembled = start.elapsed();
        let start = Instant::now();
        let parsed: Vec<_> =
            sources.par_iter().map(|file| parse_file(file.path, file.text, Wanted::default())).collect();
        let together = start.elapsed();
        eprintln!(
            "{name}: {} files parsed in {alone:?} on one thread, {together:?} on {}; assembled in {assembled:?}",
            parsed.len(),
            rayon::current_num_threads()
        );
        assert!(findings.is_empty(), "{name}: {findings:#?}");
    }
}

/// Every configuration of a release repository, read in parallel; those that cannot be read are left out.
fn configurations(root: &Path) -> Vec<(String, ReleaseBuildConfiguration)> {
    let files: Vec<_> = all_files(&root.join("input/ci-operator/config"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".yaml"))
        .collect();
    let config = |(name, text): &(String, Vec<u8>)| {
        let tree = parse(std::str::from_utf8(text).ok()?).ok()?;
        Some((name.clone(), read(&tree, Strictness::Lenient).ok()?))
    };
    let found: Vec<_> = files.par_iter().filter_map(config).collect();
    eprintln!("{} of {} configurations could be read", found.len(), files.len());
    found
}

#[test]
fn every_configuration_of_a_clean_repository_resolves() {
    let Some(corpora) = folder("CUTWATER_CORPORA") else { return };
    for (name, clean) in [("release-2023", true), ("release-today", false)] {
        let root = corpora.join(name);
        let (registry, _) = load_files(&files_under(&root.join("input/ci-operator/step-registry")));
        let configs = configurations(&root);
        let tests: usize = configs.iter().map(|(_, config)| config.tests.len()).sum();
        let start = Instant::now();
        let refused: Vec<_> =
            configs.iter().filter_map(|(name, config)| Some((name, registry.check(config).err()?))).collect();
        let alone = start.elapsed();
        let start = Instant::now();
        let steps: usize = configs
            .par_iter()
            .map(|(_, config)| {
                let resolved =
                    config.tests.iter().enumerate().filter_map(|(at, test)| registry.resolve_test(at, test).ok()?);
                resolved.map(|test| test.phases.iter().map(Vec::len).sum::<usize>()).sum::<usize>()
            })
            .sum();
        eprintln!(
            "{name}: {tests} tests checked in {alone:?} on one thread, {} configurations refused; resolved to {steps} steps in {:?} on {}",
            refused.len(),
            start.elapsed(),
            rayon::current_num_threads()
        );
        assert!(!clean || refused.is_empty(), "{refused:#?}");
    }
}
