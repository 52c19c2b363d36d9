//! Whole release repositories through the built programs: what they leave behind is what the reference left, file by
//! file and byte by byte, and what the reference rejects they reject.
//!
//! The archives come from the folder that `CUTWATER_CORPORA` names, by default `../shared/corpora` beside the package
//! (see `support/corpus.rs`). Each check prints how many files agree and lists the first that do not. Only `*.yaml` is
//! compared with what the reference left; OWNERS have tests of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use crate::support::corpus::{Corpus, files_below, overlay, yaml_files};
use crate::support::prowgen::{self, Source};
use crate::support::tally::Tally;
use crate::support::{Ran, binary};
use rayon::prelude::*;
use serde_json::Value;

const CONFIG: &str = "ci-operator/config";
const JOBS: &str = "ci-operator/jobs";
const REGISTRY: &str = "ci-operator/step-registry";
const DISPATCH: &str = "core-services/sanitize-prow-jobs";

/// Runs a program with flags that each name a path.
fn run(program: &str, paths: &[(&str, &Path)]) -> Ran {
    let mut command = Command::new(binary(program));
    command.env_remove("GOPATH").env_remove("GOROOT");
    for (flag, path) in paths {
        command.arg(flag).arg(path);
    }
    Ran::from(command.output().unwrap())
}

fn jobs(release_repo: &Path, flags: &[&str]) -> Ran {
    let mut command = Command::new(binary("cutwater"));
    Ran::from(command.arg("jobs").arg("--release-repo").arg(release_repo).args(flags).output().unwrap())
}

fn prowgen_flags<'p>(config: &'p Path, jobs: &'p Path, registry: &'p Path) -> [(&'static str, &'p Path); 3] {
    [("--from-dir", config), ("--to-dir", jobs), ("--registry", registry)]
}

/// What tells whether a file was written: its inode and the time of its last change.
fn traces(root: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let trace = |path: &Path| {
        let file = fs::metadata(path).unwrap();
        (file.ino(), file.mtime(), file.mtime_nsec())
    };
    files_below(root, |_| true).into_par_iter().map(|(name, path)| (name, trace(&path))).collect()
}

/// The drop-in programs one after the other.
fn drop_ins(name: &str) {
    let corpus = Corpus::unpack(name);
    let copy = corpus.copy_jobs();
    let tree = copy.path().join(JOBS);
    let input = corpus.join("input");
    let [config, registry, dispatch] = [CONFIG, REGISTRY, DISPATCH].map(|part| input.join(part));
    let ran = run("ci-operator-prowgen", &prowgen_flags(&config, &tree, &registry));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    corpus.compare_jobs("job files after ci-operator-prowgen", "prowgen", &tree);
    let (config, clusters) = (dispatch.join("_config.yaml"), dispatch.join("_clusters.yaml"));
    let flags = [("--prow-jobs-dir", &*tree), ("--config-path", &config), ("--cluster-config-path", &clusters)];
    let ran = run("sanitize-prow-jobs", &flags);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    corpus.compare_jobs("job files after sanitize-prow-jobs", "sanitize", &tree);
}

/// One run from a fresh copy on this many threads, and another on `again` that has nothing left to do.
fn umbrella(name: &str, threads: &str, again: &str) {
    let corpus = Corpus::unpack(name);
    let copy = corpus.copy_input();
    let untouched = [CONFIG, REGISTRY, DISPATCH].map(|part| (part, traces(&copy.path().join(part))));
    let check = jobs(copy.path(), &["--jobs", threads, "--check", "-qq"]);
    assert_eq!(check.status, 1, "--check has to say that there is something to do: {}", check.stderr);
    let ran = jobs(copy.path(), &["--jobs", threads]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let what = format!("job files after cutwater jobs on {threads} threads");
    corpus.compare_jobs(&what, "sanitize", &copy.path().join(JOBS));
    for (part, before) in untouched {
        assert!(traces(&copy.path().join(part)) == before, "{part} was touched");
    }
    let before = traces(copy.path());
    for flags in [&["--jobs", again] as &[&str], &["--jobs", again, "--check"]] {
        let ran = jobs(copy.path(), flags);
        assert_eq!(ran.status, 0, "{flags:?}: {}{}", ran.stdout, ran.stderr);
        let mut tally = Tally::of(corpus.what(&format!("files untouched by a second run with {flags:?}")));
        let after = traces(copy.path());
        tally.extend(before.iter().map(|(path, trace)| (after.get(path) != Some(trace)).then(|| path.clone())));
        tally.extend(after.keys().filter(|path| !before.contains_key(*path)).map(|path| Some(format!("{path}: new"))));
        tally.conclude();
    }
}

/// The configs after determinize-ci-operator on this many threads; another run has nothing left to do.
fn determinize(name: &str, threads: &str) {
    let corpus = Corpus::unpack(name);
    let copy = corpus.copy_input();
    let tree = copy.path().join(CONFIG);
    let run = || {
        let mut command = Command::new(binary("determinize-ci-operator"));
        command.env("RAYON_NUM_THREADS", threads).arg("--config-dir").arg(&tree).arg("--confirm");
        Ran::from(command.output().unwrap())
    };
    let ran = run();
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let what = format!("configs after determinize-ci-operator on {threads} threads");
    corpus.compare_yaml(&what, "determinize-ci-operator/config", &tree);
    let before = traces(&tree);
    assert_eq!(run().status, 0);
    assert!(traces(&tree) == before, "a second run writes something");
}

/// `cutwater update` leaves configs and job files as the reference's programs do one after another, and nothing to do for
/// any command.
fn update(name: &str, threads: &str) {
    let corpus = Corpus::unpack(name);
    let copy = corpus.copy_input();
    let cutwater = |command: &str, flags: &[&str]| {
        let mut program = Command::new(binary("cutwater"));
        Ran::from(program.arg(command).arg("--release-repo").arg(copy.path()).args(flags).output().unwrap())
    };
    let ran = cutwater("update", &["--jobs", threads]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let what = |files: &str| format!("{files} after cutwater update on {threads} threads");
    corpus.compare_jobs(&what("job files"), "sanitize", &copy.path().join(JOBS));
    corpus.compare_yaml(&what("configs"), "determinize-ci-operator/config", &copy.path().join(CONFIG));
    if corpus.join("expected/determinize-prow-config").exists() {
        let prow = copy.path().join("core-services/prow/02_config");
        corpus.compare_yaml(&what("Prow's configuration"), "determinize-prow-config/02_config", &prow);
    }
    let before = traces(copy.path());
    for command in ["update", "fmt", "jobs"] {
        let ran = cutwater(command, &["-qq"]);
        assert_eq!(ran.status, 0, "{command}: {}{}", ran.stdout, ran.stderr);
        assert!(traces(copy.path()) == before, "{command} writes something");
    }
}

#[test]
fn update_on_release_2023() {
    update("release-2023", "16");
}

#[test]
fn update_on_release_today() {
    update("release-today", "1");
}

#[test]
fn configs_of_release_2023_in_canonical_form() {
    determinize("release-2023", "16");
    determinize("release-2023", "1");
}

#[test]
fn configs_of_release_today_in_canonical_form() {
    determinize("release-today", "16");
    determinize("release-today", "1");
}

#[test]
fn drop_ins_on_release_2023() {
    drop_ins("release-2023");
}

#[test]
fn drop_ins_on_release_today() {
    drop_ins("release-today");
}

#[test]
fn one_run_on_release_2023() {
    umbrella("release-2023", "16", "1");
}

#[test]
fn one_run_on_one_thread_on_release_2023() {
    umbrella("release-2023", "1", "16");
}

#[test]
fn one_run_on_release_today() {
    umbrella("release-today", "16", "1");
}

#[test]
fn one_run_on_one_thread_on_release_today() {
    umbrella("release-today", "1", "16");
}

const PROW: &str = "core-services/prow/02_config";

/// `determinize-prow-config` with one directory for everything.
fn prow_config(directory: &Path) -> Ran {
    let flags = ["--prow-config-dir", "--sharded-prow-config-base-dir", "--sharded-plugin-config-base-dir"];
    run("determinize-prow-config", &flags.map(|flag| (flag, directory)))
}

#[test]
fn prow_config_on_release_2023() {
    let corpus = Corpus::unpack("release-2023");
    let copy = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    overlay(&corpus.join("input").join(PROW), copy.path());
    let ran = prow_config(copy.path());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let expected = corpus.join("expected/determinize-prow-config/02_config");
    corpus.compare("files of 02_config after determinize-prow-config", &expected, copy.path());
    let before = traces(copy.path());
    assert_eq!(prow_config(copy.path()).status, 0);
    assert!(traces(copy.path()) == before, "a second run changed something");
}

/// A number that tells the content of a directory, file by file (FNV-1a, 64 bits).
fn digest(directory: &Path) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, path) in files_below(directory, |_| true) {
        for byte in name.bytes().chain([0]).chain(fs::read(path).unwrap()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[test]
fn prow_config_on_test_infra_2026() {
    let corpus = Corpus::unpack("test-infra-2026");
    let copy = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for (from, to) in [("config.yaml", "_config.yaml"), ("plugins.yaml", "_plugins.yaml")] {
        fs::copy(corpus.join("input/config/prow").join(from), copy.path().join(to)).unwrap();
    }
    let ran = prow_config(copy.path());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let files = files_below(copy.path(), |_| true).len();
    // What the reference leaves behind; there is no copy of it in the archive.
    assert_eq!((files, format!("{:016x}", digest(copy.path()))), (258, "6b87f4e4eb1bae42".to_owned()));
    // It fills in deck.spyglass.gcs_browser_prefixes and then refuses that beside gcs_browser_prefix.
    assert_eq!(prow_config(copy.path()).status, 1);
}

/// The configs that the reference rejects, by path below the directory of configs, and what it said.
fn rejected(corpus: &Corpus) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(corpus.join("expected/rejected.json")).unwrap();
    let reasons: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let reasons: BTreeMap<_, _> = reasons.into_iter().map(|(path, why)| (path.trim_end().to_owned(), why)).collect();
    let files = yaml_files(&corpus.join("rejected").join(CONFIG));
    assert!(files.keys().eq(reasons.keys()), "rejected.json and rejected/ are about different files");
    reasons
}

#[test]
fn each_rejected_config_is_rejected_by_itself() {
    let corpus = Corpus::unpack("release-today");
    let registry = prowgen::registry_below(&corpus.join("input").join(REGISTRY));
    let mut tally = Tally::of(corpus.what("rejected configs, each by itself"));
    for (path, why) in rejected(&corpus) {
        let text = fs::read_to_string(corpus.join("rejected").join(CONFIG).join(&path)).unwrap();
        tally.add(
            prowgen::generate(&[Source::at(&path, &text)], &registry).is_ok().then(|| format!("{path}: taken; {why}")),
        );
    }
    tally.conclude();
}

/// A copy of the input with all rejected configs beside the rest.
fn spoilt(corpus: &Corpus) -> tempfile::TempDir {
    let copy = corpus.copy_input();
    overlay(&corpus.join("rejected").join(CONFIG), &copy.path().join(CONFIG));
    copy
}

/// Every rejected file has a finding and no other file has; nothing was written.
fn conclude(corpus: &Corpus, program: &str, accused: &BTreeSet<String>, ran: &Ran) {
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let rejected = rejected(corpus);
    let mut tally = Tally::of(corpus.what(&format!("rejected configs, all at once, by {program}")));
    tally.extend(rejected.iter().map(|(path, why)| (!accused.contains(path)).then(|| format!("{path}: taken; {why}"))));
    let innocent = accused.iter().filter(|path| !rejected.contains_key(*path));
    tally.extend(innocent.map(|path| Some(format!("{path}: refused, and the reference takes it"))));
    tally.conclude();
}

#[test]
fn one_run_rejects_all_rejected_configs_and_writes_nothing() {
    let corpus = Corpus::unpack("release-today");
    let copy = spoilt(&corpus);
    let before = traces(copy.path());
    let ran = jobs(copy.path(), &["--format", "json"]);
    assert!(traces(copy.path()) == before, "something was written");
    let outcome: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(outcome["changes"].as_array().unwrap().is_empty(), "changes are told: {}", outcome["changes"]);
    let errors = outcome["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let below = |file: &str| file.strip_prefix(CONFIG).map_or(file, |path| path.trim_start_matches('/')).to_owned();
    let accused = errors.map(|finding| below(finding["file"].as_str().unwrap())).collect();
    conclude(&corpus, "cutwater jobs", &accused, &ran);
}

#[test]
fn prowgen_rejects_all_rejected_configs_and_writes_nothing() {
    let corpus = Corpus::unpack("release-today");
    let copy = spoilt(&corpus);
    let before = traces(copy.path());
    let [config, tree, registry] = [CONFIG, JOBS, REGISTRY].map(|part| copy.path().join(part));
    let ran = run("ci-operator-prowgen", &prowgen_flags(&config, &tree, &registry));
    assert!(traces(copy.path()) == before, "something was written");
    // A finding's place follows an arrow: path, line, column.
    let places = ran.stderr.lines().filter_map(|line| line.trim_start().strip_prefix("--> "));
    let below = |place: &str| {
        place
            .strip_prefix(config.to_str().unwrap())?
            .split(".yaml")
            .next()
            .map(|path| format!("{}.yaml", path.trim_start_matches('/')))
    };
    let accused = places.filter_map(below).collect();
    conclude(&corpus, "ci-operator-prowgen", &accused, &ran);
}
