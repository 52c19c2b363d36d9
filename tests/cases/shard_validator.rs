//! Where files go, and what the reference's config-shard-validator says of it: small trees and whole repositories.
//!
//! A case is a folder of `testdata/updater/cases` with a release repository in `input` and the reference's answer in
//! `expected.json`: its exit status, and each error that it logged with all fields. `flags` holds further flags, one a line.
//! `findings.txt` is what we say, warnings about what the reference does not see included. After a change of words:
//! `UPDATE_CASES=1 cargo test --test cases shard_validator::`, which writes `findings.txt` and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::corpus::{Corpus, overlay};
use crate::support::tally::Tally;
use crate::support::{Ran, Sandbox, binary, copy, testdata};
use cutwater::diagnostic::Diagnostic;
use cutwater::run::options::{Extent, RepositoryFilter, ShardValidatorOptions, Unwatched};
use cutwater::run::shard_validator;
use serde_json::Value;

/// What the reference ends with when it found something.
const VERDICT: &str = "Found configurations that do not belong to the correct auto-updating config";

/// An error of the reference as our findings have it; nothing where it says no more than the verdict.
fn reference(entry: &Value) -> Option<String> {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    match text("msg").as_str() {
        VERDICT => None,
        "Validation failed" => Some(text("error")),
        message @ ("Failed to walk file/directory" | "Failed to load CI Operator configuration") => {
            assert!(!message.is_empty());
            None
        }
        "Failed to read Prow job config" => Some("Failed to read Prow job config".to_owned()),
        message => {
            let fields = entry.as_object().unwrap().iter().filter(|(key, _)| !matches!(key.as_str(), "msg" | "level"));
            Some(
                fields.fold(message.to_owned(), |all, (key, value)| format!("{all} {key}={}", value.as_str().unwrap())),
            )
        }
    }
}

fn line(finding: &Diagnostic) -> String {
    let Diagnostic { file, line, column, rule, message, .. } = finding;
    let kind = if finding.is_error() { "" } else { "warning: " };
    let mut text = format!("{file}:{line}:{column}: {kind}[{rule}] {message}\n");
    for place in &finding.related {
        writeln!(text, "    {}:{}:{}: {}", place.file, place.line, place.column, place.message).unwrap();
    }
    for (what, words) in [("why", &finding.why), ("fix", &finding.fix), ("reference", &finding.reference)] {
        if let Some(words) = words {
            writeln!(text, "    {what}: {words}").unwrap();
        }
    }
    text
}

fn options(release_repo: &Path, flags: &[String], threads: usize) -> ShardValidatorOptions {
    let flag = |name: &str| flags.iter().skip_while(|flag| *flag != name).nth(1).cloned().unwrap_or_default();
    ShardValidatorOptions {
        loads_configs: true,
        looks_at_jobs: true,
        release_repo: release_repo.to_owned(),
        filter: RepositoryFilter { org: flag("--org"), repo: flag("--repo") },
        modified: None,
        environment: BTreeMap::new(),
        extent: Extent::Everything,
        threads: NonZeroUsize::new(threads),
    }
}

#[test]
fn every_case_ends_as_with_the_reference() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(testdata("updater/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let expected: Value = serde_json::from_str(&fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
    let flags = fs::read_to_string(case.join("flags")).unwrap_or_default();
    let flags: Vec<String> = flags.lines().map(str::to_owned).collect();
    let input = case.join("input");
    let mut command = Command::new(binary("config-shard-validator"));
    let command = command.current_dir(&input).args(["--release-repo-dir", ".", "--format", "json"]).args(&flags);
    let ran = Ran::from(command.output().unwrap());
    let mut failure = String::new();
    if expected["status"] != ran.status {
        writeln!(failure, "{name}: the status is {}, not {}", ran.status, expected["status"]).unwrap();
    }
    let said: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let ours: BTreeSet<&str> = said.iter().filter_map(|finding| finding["reference"].as_str()).collect();
    let theirs = expected["said"].as_array().unwrap();
    let is_fatal = |entry: &Value| entry["level"] == "fatal" && entry["msg"] != VERDICT;
    if let Some(fatal) = theirs.iter().find(|entry| is_fatal(entry)) {
        // There it stops, and what we find beside that it does not see.
        let words = fatal["error"].as_str().unwrap();
        if !ours.iter().any(|ours| words.contains(ours)) && !said.iter().any(|finding| finding["severity"] == "error") {
            writeln!(failure, "{name}: nothing says {words}").unwrap();
        }
    } else {
        let theirs: BTreeSet<String> = theirs.iter().filter_map(reference).collect();
        let theirs: BTreeSet<&str> = theirs.iter().map(String::as_str).collect();
        if ours != theirs {
            writeln!(failure, "{name}: we say {ours:#?}\nand the reference {theirs:#?}").unwrap();
        }
    }
    let run = |threads| shard_validator(&options(&input, &flags, threads), &Unwatched).unwrap().findings;
    let text: String = run(1).iter().map(line).collect();
    assert_eq!(text, run(16).iter().map(line).collect::<String>(), "{name}: threads make a difference");
    let path = case.join("findings.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        match text.is_empty() {
            true => drop(fs::remove_file(&path)),
            false => fs::write(&path, &text).unwrap(),
        }
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    if text != want {
        writeln!(failure, "{name}: findings are\n{text}and should be\n{want}").unwrap();
    }
    if failure.is_empty() { Ok(()) } else { Err(failure) }
}

/// What the reference says of a repository after `make update`, which is how its answer was made.
fn corpus(name: &str) {
    let corpus = Corpus::unpack(name);
    let copy = corpus.copy_input();
    let config = "core-services/prow/02_config";
    let mut update = Command::new(binary("cutwater"));
    let ran = Ran::from(update.args(["update", "-qq", "--release-repo"]).arg(copy.path()).output().unwrap());
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    overlay(&corpus.join("input").join(config), &copy.path().join(config));
    let mut command = Command::new(binary("config-shard-validator"));
    let flags = ["--release-repo-dir", ".", "--format", "json"];
    let ran = Ran::from(command.current_dir(copy.path()).args(flags).output().unwrap());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let said: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let ours: BTreeSet<&str> = said.iter().map(|finding| finding["reference"].as_str().unwrap()).collect();
    let expected = fs::read_to_string(corpus.join("expected/shard-validator.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let theirs: BTreeSet<String> = expected.iter().filter_map(reference).collect();
    assert_eq!((ours.len(), theirs.len()), (said.len(), expected.len()), "some are said twice");
    let mut tally = Tally::of(corpus.what("what config-shard-validator says"));
    tally.extend(theirs.iter().map(|words| (!ours.contains(&**words)).then(|| format!("missing: {words}"))));
    tally.extend(ours.iter().filter(|words| !theirs.contains(**words)).map(|words| Some(format!("new: {words}"))));
    tally.conclude();
}

#[test]
fn release_2023_is_judged_as_by_the_reference() {
    corpus("release-2023");
}

#[test]
fn release_today_is_judged_as_by_the_reference() {
    corpus("release-today");
}

#[test]
fn supplemental_configuration_is_that_of_the_repository_wherever_we_are() {
    let sandbox = Sandbox::new();
    copy(&testdata("updater/cases/unknown-plugins/input"), &sandbox.join("repo"));
    let ran = sandbox.run("config-shard-validator", &["--release-repo-dir", "repo"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("unknown plugin: nonsense"), "{}", ran.stderr);
    copy(&testdata("updater/cases/all-is-well/input"), &sandbox.join("well"));
    let ran = sandbox.run("config-shard-validator", &["-release-repo-dir=well", "ignored"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
}

#[test]
fn flags_are_asked_for_in_the_references_order() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("config-shard-validator", &["--log-level", "loud"]);
    assert!(ran.status == 1 && ran.stderr.contains("--release-repo-dir"), "{}", ran.stderr);
    let ran = sandbox.run("config-shard-validator", &["--release-repo-dir", ".", "--log-level", "loud"]);
    assert!(ran.status == 1 && ran.stderr.contains("--log-level"), "{}", ran.stderr);
    assert_eq!(sandbox.run("config-shard-validator", &["--nope"]).status, 2);
}

#[test]
fn all_that_is_wrong_is_told_whatever_the_reference_stops_at() {
    let sandbox = Sandbox::new();
    copy(&testdata("updater/cases/unknown-plugins/input"), sandbox.path());
    sandbox.write("ci-operator/config/acme/shop/acme-shop-main__bad.yaml", "tests: [\n");
    sandbox.write("ci-operator/jobs/acme/shop/acme-shop-feature-presubmits.yaml", "presubmits: {}\n");
    let ran = sandbox.run("config-shard-validator", &["--release-repo-dir", ".", "--format", "json"]);
    let said: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let rules: BTreeSet<&str> = said.iter().filter_map(|finding| finding["rule"].as_str()).collect();
    let all = ["config-map-in-default-cluster", "file-in-no-config-map", "unknown-plugin", "yaml-syntax"];
    assert_eq!(Vec::from_iter(rules), all, "{}", ran.stdout);
}

/// An environment in which a pattern means something.
#[test]
fn patterns_see_the_environment() {
    let sandbox = Sandbox::new();
    copy(&testdata("updater/cases/all-is-well/input"), sandbox.path());
    let plugins = "core-services/prow/02_config/_plugins.yaml";
    let text = sandbox.read(plugins).replace("config/**/*-main*", "$WHERE/**/*-main*");
    sandbox.write(plugins, text);
    let status = |value: &str| {
        let mut command = sandbox.command("config-shard-validator");
        command.args(["--release-repo-dir", "."]).env("WHERE", value).output().unwrap().status.code()
    };
    assert_eq!((status("config"), status("jobs")), (Some(0), Some(1)));
}

/// Findings of a rule in a sandbox.
fn blind_spots(sandbox: &Sandbox, rule: &str) -> Vec<Diagnostic> {
    let found = shard_validator(&options(sandbox.path(), &[], 2), &Unwatched).unwrap().findings;
    found.into_iter().filter(|finding| finding.rule == rule).collect()
}

/// Text that packs badly.
fn noise(bytes: usize) -> String {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + u8::try_from((state >> 33) % 64).unwrap())
    };
    (0..bytes).map(|_| next()).collect()
}

fn with_entry(entry: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&testdata("updater/cases/all-is-well/input"), sandbox.path());
    let plugins = "core-services/prow/02_config/_plugins.yaml";
    sandbox.write(plugins, format!("{}{entry}", sandbox.read(plugins)));
    sandbox
}

#[test]
fn a_full_config_map_is_told_with_what_to_do() {
    let sandbox = with_entry("    'doc/*':\n      name: doc\n      clusters: {a: [x, z], b: [x]}\n");
    for at in 0..12 {
        sandbox.write(&format!("doc/{at}.txt"), "a line that comes again\n".repeat(5000));
    }
    let [finding] = &*blind_spots(&sandbox, "config-map-too-large") else { panic!("one ConfigMap in three places") };
    assert!(
        finding.message.contains("12 keys") && finding.message.contains("1440000 of at most 1048576"),
        "{finding:?}"
    );
    assert_eq!((finding.line, finding.column), (20, 5), "{finding:?}");
    assert!(finding.fix.as_ref().unwrap().starts_with("set `gzip: true`"), "{finding:?}");
    // Packed, it is as small as it gets.
    let plugins = "core-services/prow/02_config/_plugins.yaml";
    sandbox.write(plugins, format!("{}      gzip: true\n", sandbox.read(plugins)));
    assert_eq!(blind_spots(&sandbox, "config-map-too-large"), []);
    assert_eq!(blind_spots(&sandbox, "config-map-nearly-full"), []);
}

#[test]
fn what_packs_badly_is_to_be_spread() {
    let sandbox = with_entry("    'doc/*':\n      name: doc\n      gzip: true\n      clusters: {a: [x]}\n");
    for at in 0..30 {
        sandbox.write(&format!("doc/{at}.txt"), noise(60_000 + at));
    }
    let [finding] = &*blind_spots(&sandbox, "config-map-too-large") else { panic!("it is full") };
    let advice = finding.fix.as_ref().unwrap();
    let count: usize = advice.strip_prefix("spread it over ").unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((2..10).contains(&count), "{advice}");
    assert_eq!(finding.related.len(), 5);
    // Who follows the advice has peace.
    let names: Vec<String> = (0..count).map(|at| format!("doc-{at}")).collect();
    let plugins = "core-services/prow/02_config/_plugins.yaml";
    let text = sandbox.read(plugins).replace("name: doc", &format!("partitioned_names: [{}]", names.join(", ")));
    sandbox.write(plugins, text);
    assert_eq!(blind_spots(&sandbox, "config-map-too-large"), []);
    assert_eq!(blind_spots(&sandbox, "config-map-nearly-full"), []);
}

#[test]
fn a_config_map_is_told_about_before_it_is_full() {
    let sandbox = with_entry("    'doc/*':\n      name: doc\n      clusters: {a: [x]}\n");
    sandbox.write("doc/large.txt", noise(850_000));
    let [finding] = &*blind_spots(&sandbox, "config-map-nearly-full") else { panic!("it is nearly full") };
    assert!(finding.message.ends_with("values 850000 of at most 1048576 bytes: 198576 are left"), "{finding:?}");
}

#[test]
fn a_broken_job_file_in_its_place_is_left_to_others() {
    let sandbox = Sandbox::new();
    copy(&testdata("updater/cases/all-is-well/input"), sandbox.path());
    sandbox.write("ci-operator/jobs/acme/shop/acme-shop-main-presubmits.yaml", "presubmits: [\n");
    let ran = sandbox.run("config-shard-validator", &["--release-repo-dir", "."]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    sandbox.write("ci-operator/jobs/acme/shop/acme-shop-main-presubmits.yaml", "CONFIG_SPEC: [\n");
    let ran = sandbox.run("config-shard-validator", &["--release-repo-dir", "."]);
    assert!(ran.status == 0 && ran.stderr.contains("warning[unreadable-job-file]"), "{}", ran.stderr);
}
