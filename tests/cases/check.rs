//! `ci-operator-checkconfig` against the reference: recorded vectors, whole repositories, and the cases in
//! `testdata/check`.
//!
//! A case holds a release repository in small: `config/`, and where the case has them `step-registry/`, `profiles.yaml`
//! and `claims.yaml`; what it has not is taken from `testdata/check/common`. `messages.txt` is what the reference says, a
//! line each, after the file's path and a colon where it names one; sorted. `findings.txt` is what we say: place, rule,
//! message, and the further places. `CUTWATER_BLESS=1` writes the latter anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::support::corpus::{Corpus, overlay};
use crate::support::prowgen;
use crate::support::tally::Tally;
use crate::support::vector::{self, text};
use crate::support::{Ran, Sandbox, copy, testdata};
use cutwater::check::{
    Clusters, Stage, Surroundings, as_the_reference, check_branches, check_promotions, load_claim_owners, promoted_tags,
};
use cutwater::model::config::Metadata;
use cutwater::registry::{Registry, load_profiles};
use cutwater::validate::load_config;
use rayon::prelude::*;
use serde_json::Value as Json;

// Vectors

/// What a config and those beside it come to, in the reference's words.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Whether the first file loads at all.
    loads: bool,
    /// The stage that failed, of the first config that fails.
    stage: Option<&'static str>,
    errors: BTreeSet<String>,
    tags: BTreeSet<String>,
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Resolve(_) => "resolve",
        Stage::Resolved => "resolved-validation",
        Stage::Match => "match",
        Stage::Graph => "graph",
        Stage::RegistryOverride => "registry_override",
        Stage::Unseen => "unseen",
    }
}

/// A config's text and what its path says.
fn sources(vector: &Json) -> Vec<(Metadata, &str)> {
    let beside = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
    let field = |of, name| text(of, name).unwrap_or_default();
    let source = |of| {
        let [org, repo, branch, variant] = ["org", "repo", "branch", "variant"].map(|name| field(of, name).to_owned());
        (Metadata { org, repo, branch, variant }, field(of, "config"))
    };
    [vector].into_iter().chain(beside).map(source).collect()
}

/// What the library makes of a vector, by the calls that the program makes.
fn judge(vector: &Json, registry: &Registry, clusters: &Clusters) -> Verdict {
    let load = |(path, text): (Metadata, &str)| load_config(text, &path.file_name(), &path.org, &path.repo);
    let Ok(configs) = sources(vector).into_iter().map(load).collect::<Result<Vec<_>, _>>() else {
        return Verdict::default();
    };
    let surroundings = Surroundings { registry: Some(registry), clusters };
    let mut found: Vec<_> = configs.iter().map(|config| surroundings.check_config(config)).collect();
    let metadata: Vec<&Metadata> = configs.iter().map(|config| &config.zz_generated_metadata).collect();
    for (number, finding) in check_branches(&metadata) {
        found[number].push(finding);
    }
    found.iter_mut().for_each(|found| as_the_reference(found, |finding| finding.stage));
    let tags: Vec<_> = configs
        .iter()
        .zip(&found)
        .map(|(config, found)| match found.iter().all(|finding| finding.stage >= Stage::RegistryOverride) {
            true => promoted_tags(config),
            false => Vec::new(),
        })
        .collect();
    let promoters: Vec<_> = metadata.iter().copied().zip(tags.iter().map(Vec::as_slice)).collect();
    let promotions = check_promotions(&promoters);
    let failed = found.iter().find(|found| !found.is_empty());
    let words = |finding: &cutwater::check::Finding| finding.reference.clone().expect("the reference says it");
    Verdict {
        loads: true,
        stage: failed.and_then(|found| found.first()).map(|finding| stage_name(finding.stage)),
        errors: failed.into_iter().flatten().map(words).collect(),
        tags: promotions.iter().map(|(_, finding)| same_order(&words(finding))).collect(),
    }
}

fn strings(vector: &Json, field: &str) -> BTreeSet<String> {
    let list = vector.get(field).and_then(Json::as_array).into_iter().flatten();
    list.map(|message| message.as_str().unwrap().to_owned()).collect()
}

/// A message about a tag with the places in the order of their names: the reference's is of chance.
fn same_order(message: &str) -> String {
    let Some((what, places)) = message.split_once("place: ") else { return message.to_owned() };
    let mut places: Vec<&str> = places.split(", ").collect();
    places.sort_unstable();
    format!("{what}place: {}", places.join(", "))
}

fn compare(vector: &Json, registry: &Registry, clusters: &Clusters) -> Option<String> {
    let id = text(vector, "id").unwrap_or("?");
    // Prowgen crashes as well, and only then in these words.
    let panicked = text(vector, "panic").is_some_and(|text| text.starts_with("runtime error"));
    let crashed = panicked || vector.get("hang").is_some_and(|value| !value.is_null());
    let Ok(found) = catch_unwind(AssertUnwindSafe(|| judge(vector, registry, clusters))) else {
        return Some(format!("{id}: panics"));
    };
    if crashed {
        return (found.loads && found.stage.is_none()).then(|| format!("{id}: taken, and the reference crashes"));
    }
    let stages = ["resolve", "resolved-validation", "match", "graph", "registry_override"];
    let wanted = Verdict {
        loads: vector["load_error"].is_null(),
        stage: text(vector, "checkconfig_stage").map(|stage| stages.into_iter().find(|name| *name == stage).unwrap()),
        errors: strings(vector, "checkconfig_errors"),
        tags: strings(vector, "checkconfig_tag_errors").iter().map(|message| same_order(message)).collect(),
    };
    (found != wanted).then(|| format!("{id}: {found:#?}, not {wanted:#?}"))
}

/// The files of a registry that lie in the vector itself.
fn inline(files: &Json) -> Vec<(&str, &[u8])> {
    let files = files.as_object().expect("a registry is an object").iter();
    files.map(|(path, text)| (path.as_str(), text.as_str().expect("a file is text").as_bytes())).collect()
}

#[test]
fn vectors_agree() {
    let mini: Json = serde_json::from_str(&vector::read_text("mini-registry.json")).unwrap();
    let (mini, _) = prowgen::registry(inline(&mini));
    let corpus = prowgen::registry_below(&Corpus::unpack("release-2023").join("input/ci-operator/step-registry"));
    let profiles = load_profiles(&vector::read_text("mini-profiles.yaml"), "profiles").unwrap();
    let claims = load_claim_owners(&vector::read_text("mini-claims.yaml"), "claims").unwrap();
    let owners = Clusters::new(Some(profiles), claims);
    let own = |registry: &Registry| Clusters::new(Some(registry.cluster_profiles().clone()), Default::default());
    let corpus_profiles = own(&corpus);
    let vectors = vector::all("validation.jsonl.gz");
    let judged = vectors.par_iter().map(|vector| {
        let inlined;
        let registry = match text(vector, "registry") {
            Some("mini") => &mini,
            Some("corpus") => &corpus,
            _ => {
                let (registry, findings) = prowgen::registry(inline(&vector["registry_files"]));
                let is_broken = findings.iter().any(|finding| finding.is_error());
                if is_broken || text(vector, "config").is_none_or(str::is_empty) {
                    let wanted = !vector["registry_error"].is_null();
                    let id = text(vector, "id").unwrap_or("?");
                    return (wanted != is_broken).then(|| format!("{id}: registry: {findings:?}"));
                }
                inlined = registry;
                &inlined
            }
        };
        match text(vector, "profiles") {
            Some("owners") => compare(vector, registry, &owners),
            _ if text(vector, "registry") == Some("corpus") => compare(vector, registry, &corpus_profiles),
            _ => compare(vector, registry, &own(registry)),
        }
    });
    let mut tally = Tally::of("validation vectors, as ci-operator-checkconfig has them");
    tally.extend(judged.collect::<Vec<_>>());
    tally.conclude();
}

// Cases

/// What the program says about a tree of `config`, `step-registry`, `profiles.yaml` and `claims.yaml`.
fn check(sandbox: &Sandbox, more: &[&str]) -> (Ran, Vec<Json>) {
    let flags = [
        "--config-dir=config",
        "--registry=step-registry",
        "--cluster-profiles-config=profiles.yaml",
        "--cluster-claim-owners-config=claims.yaml",
        "--format=json",
    ];
    let ran = sandbox.run("ci-operator-checkconfig", &[&flags, more].concat());
    let findings = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    (ran, findings)
}

fn case(path: &Path) -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&testdata("check/common"), sandbox.path());
    copy(path, sandbox.path());
    sandbox
}

fn cases() -> Vec<PathBuf> {
    let all = fs::read_dir(testdata("check")).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = all.filter(|path| !path.ends_with("common")).collect();
    cases.sort();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    cases
}

fn word<'j>(finding: &'j Json, key: &str) -> &'j str {
    finding[key].as_str().unwrap_or_default()
}

/// The reference's messages as we carry them, a file each but those that it has none for.
fn messages(findings: &[Json]) -> BTreeSet<String> {
    let line = |finding: &Json| match word(finding, "rule") {
        "tag-promoted-twice" => word(finding, "reference").to_owned(),
        _ => format!("{}: {}", word(finding, "file").trim_start_matches("config/"), word(finding, "reference")),
    };
    findings.iter().map(line).collect()
}

/// Our findings with their places.
fn told(findings: &[Json]) -> String {
    let place = |of: &Json| format!("{}:{}:{}", word(of, "file"), of["line"], of["column"]);
    let mut out = String::new();
    for finding in findings {
        out.push_str(&format!("{} {}: {}\n", place(finding), word(finding, "rule"), word(finding, "message")));
        for other in finding["related"].as_array().unwrap() {
            out.push_str(&format!("  {} {}\n", place(other), word(other, "message")));
        }
    }
    out
}

#[test]
fn cases_say_what_the_reference_says_and_where() {
    let failures: Vec<String> = cases()
        .par_iter()
        .filter_map(|path| {
            let (ran, findings) = check(&case(path), &[]);
            let wanted = fs::read_to_string(path.join("messages.txt")).unwrap();
            let wanted: BTreeSet<String> = wanted.lines().map(str::to_owned).collect();
            let expected = path.join("findings.txt");
            let told = told(&findings);
            if std::env::var_os("CUTWATER_BLESS").is_some() {
                fs::write(&expected, &told).unwrap();
            }
            let found = messages(&findings);
            let name = path.file_name().unwrap().display();
            if found != wanted || ran.status != i32::from(!wanted.is_empty()) {
                return Some(format!("{name}: status {}, {found:#?}, not {wanted:#?}", ran.status));
            }
            let expected = fs::read_to_string(&expected).unwrap_or_default();
            (told != expected).then(|| format!("{name}:\n{told}not\n{expected}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The text with another value at a place: `value`, or a number for a number.
fn changed(text: &str, line: usize, column: usize, value: &str) -> String {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>() + column - 1;
    let rest = &text[start..];
    let end = match rest.chars().next() {
        Some('{') => rest.find('}').unwrap() + 1,
        Some(quote @ ('"' | '\'')) => rest[1..].find(quote).unwrap() + 2,
        _ => rest.find([',', ']', '}', ' ', '\n', ':']).unwrap_or(rest.len()),
    };
    let is_number = rest[..end].parse::<u32>().is_ok() && value == "changed";
    let value = if is_number { "3" } else { value };
    format!("{}{value}{}", &text[..start], &rest[end..])
}

#[test]
fn a_finding_goes_with_the_value_at_its_place() {
    let failures: Vec<String> = cases()
        .par_iter()
        .flat_map_iter(|path| {
            let (_, findings) = check(&case(path), &[]);
            findings.into_iter().filter_map(move |finding| {
                let stays = |place: &Json, value: &str| {
                    let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
                    let sandbox = case(path);
                    let file = word(place, "file");
                    let text = changed(&sandbox.read(file), number("line"), number("column"), value);
                    sandbox.write(file, text);
                    check(&sandbox, &[]).1.contains(&finding)
                };
                // A broken pattern is the fault of one config, and told of all. Some fields may not be given at all.
                let is_elsewhere = word(&finding, "rule") == "invalid-branch-pattern";
                let places = std::iter::once(&finding).chain(finding["related"].as_array().unwrap());
                let mut places = places.take(if is_elsewhere { 2 } else { 1 });
                // Where only one value is right, the message names it.
                let named = word(&finding, "message").split(' ');
                let values: Vec<&str> = ["changed", "null"].into_iter().chain(named).collect();
                let goes = places.any(|place| values.iter().any(|value| !stays(place, value)));
                (!goes).then(|| format!("{}: {finding:#}", path.display()))
            })
        })
        .collect();
    assert!(failures.is_empty(), "these stay when the value at their place changes:\n{}", failures.join("\n"));
}

#[test]
fn findings_are_for_people_on_standard_error() {
    let sandbox = case(&testdata("check/tag-promoted-twice"));
    let flags = [
        "-config-dir=config",
        "-registry=step-registry",
        "-cluster-profiles-config=profiles.yaml",
        "-cluster-claim-owners-config=claims.yaml",
    ];
    let ran = sandbox.run("ci-operator-checkconfig", &flags);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    for part in ["error[tag-promoted-twice]", "config/acme/shop/acme-shop-main__v.yaml:", "= help: "] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let quiet = sandbox.run("ci-operator-checkconfig", &[&flags[..], &["--log-level=panic"]].concat());
    assert_eq!((quiet.status, quiet.stderr.as_str()), (1, ""));
}

#[test]
fn all_three_files_are_needed() {
    let sandbox = case(&testdata("check/all-is-well"));
    let flags =
        ["--config-dir=config", "--cluster-profiles-config=profiles.yaml", "--cluster-claim-owners-config=claims.yaml"];
    assert_eq!(sandbox.run("ci-operator-checkconfig", &flags).status, 0);
    for left_out in 0..flags.len() {
        let rest: Vec<&str> = (0..flags.len()).filter(|at| *at != left_out).map(|at| flags[at]).collect();
        let ran = sandbox.run("ci-operator-checkconfig", &rest);
        let flag = flags[left_out].split('=').next().unwrap();
        assert!(ran.status == 1 && ran.stderr.contains(flag), "{ran:?}");
    }
    for (flag, status) in [("--log-level=loud", 1), ("--nope", 2), ("--registry=nowhere", 1), ("--org=nobody", 1)] {
        assert_eq!(sandbox.run("ci-operator-checkconfig", &[&flags[..], &[flag]].concat()).status, status, "{flag}");
    }
}

#[test]
fn without_a_registry_tests_are_not_looked_into() {
    let sandbox = case(&testdata("check/profile"));
    let flags =
        ["--config-dir=config", "--cluster-profiles-config=profiles.yaml", "--cluster-claim-owners-config=claims.yaml"];
    assert_eq!(sandbox.run("ci-operator-checkconfig", &flags).status, 0);
}

#[test]
fn an_organisation_and_a_repository_are_directories() {
    let sandbox = case(&testdata("check/profile"));
    let (_, findings) = check(&sandbox, &["--org", "other", "--repo", "shop"]);
    assert_eq!(findings.len(), 1);
    assert_eq!(check(&sandbox, &["--repo", "other/literal"]).1.len(), 1);
}

#[test]
fn one_broken_file_hides_nothing() {
    let sandbox = case(&testdata("check/tag-promoted-twice"));
    sandbox.write("config/acme/shop/acme-shop-broken.yaml", "tests: [{as: a}]\n");
    sandbox.write("step-registry/plain/plain-ref.yaml", "ref: {as: plain, nonsense: true}\n");
    sandbox.write("profiles.yaml", "cluster_profiles: {}\n");
    let (ran, findings) = check(&sandbox, &[]);
    let rules: BTreeSet<&str> = findings.iter().map(|finding| word(finding, "rule")).collect();
    assert_eq!(ran.status, 1);
    for rule in ["test-without-type", "yaml-type", "tag-promoted-twice"] {
        assert!(rules.contains(rule), "{rule}: {rules:?}");
    }
    assert!(!rules.contains("unlisted-cluster-profile"), "{rules:?}");
}

#[test]
fn any_exception_that_matches_counts() {
    let sandbox = case(&testdata("check/profile"));
    let profiles = sandbox.read("profiles.yaml");
    let more = "cluster_profile_sets_config:\n  tests_exceptions:\n    .*: {main: {member: [nobody]}}\n    shop: {.*: {mem.*: [^t$]}}";
    let start = profiles.find("cluster_profile_sets_config").unwrap();
    sandbox.write("profiles.yaml", format!("{}{more}\n", &profiles[..start]));
    let (_, findings) = check(&sandbox, &["--org=acme"]);
    let files: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["rule"] == "member-of-profile-set")
        .map(|finding| word(finding, "file"))
        .collect();
    // `old-t` of the plain config has lost its exception.
    assert_eq!(files, ["config/acme/shop/acme-shop-main.yaml"]);
}

// Whole repositories

/// Runs the program over a release repository; messages by file below the directory of configs.
fn over(root: &Path) -> (i32, BTreeMap<String, BTreeSet<String>>) {
    let claims = root.join("claims.yaml");
    fs::write(&claims, "[]\n").unwrap();
    let config = root.join("ci-operator/config");
    let registry = root.join("ci-operator/step-registry");
    let profiles = registry.join("cluster-profiles/cluster-profiles-config.yaml");
    let output = std::process::Command::new(crate::support::binary("ci-operator-checkconfig"))
        .args([Path::new("--config-dir"), &config, Path::new("--registry"), &registry])
        .args([Path::new("--cluster-profiles-config"), &profiles])
        .args([Path::new("--cluster-claim-owners-config"), &claims, Path::new("--format=json")])
        .output()
        .unwrap();
    let ran = Ran::from(output);
    let findings: Vec<Json> = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in &findings {
        assert!(finding["line"].as_u64() > Some(0), "no line: {finding:#}");
        let file = Path::new(word(finding, "file")).strip_prefix(&config).unwrap().to_str().unwrap().to_owned();
        messages.entry(file).or_default().insert(word(finding, "reference").to_owned());
    }
    (ran.status, messages)
}

/// Recorded messages by file. Several that the reference gives as one text, in brackets, are taken apart.
fn recorded(corpus: &Corpus, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(corpus.join("expected").join(name)).unwrap();
    let files: BTreeMap<String, Vec<String>> = serde_json::from_str(&text).unwrap();
    let apart = |message: String| match message.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.replace(", tests[", "\ntests[").lines().map(str::to_owned).collect(),
        None => vec![message],
    };
    let of_file = |(file, messages): (String, Vec<String>)| {
        (file.trim_end().to_owned(), messages.into_iter().flat_map(apart).collect())
    };
    files.into_iter().map(of_file).collect()
}

fn compare_files(
    what: String,
    found: &BTreeMap<String, BTreeSet<String>>,
    wanted: &BTreeMap<String, BTreeSet<String>>,
) {
    let mut tally = Tally::of(what);
    let files: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    for file in files {
        let (found, wanted) = (found.get(file), wanted.get(file));
        tally.add((found != wanted).then(|| format!("{file}: {found:#?}, not {wanted:#?}")));
    }
    tally.conclude();
}

#[test]
fn release_2023_has_the_findings_of_the_reference() {
    let corpus = Corpus::unpack("release-2023");
    let (status, found) = over(corpus.copy_input().path());
    assert_eq!(status, 1);
    compare_files(corpus.what("files with findings"), &found, &recorded(&corpus, "checkconfig.json"));
}

#[test]
fn release_today_has_the_findings_of_the_reference() {
    let corpus = Corpus::unpack("release-today");
    let (status, found) = over(corpus.copy_input().path());
    assert_eq!(status, 1);
    compare_files(corpus.what("files with findings"), &found, &recorded(&corpus, "checkconfig.json"));
}

/// The reference says nothing of the others when some do not load; here nothing hides them.
#[test]
fn rejected_configs_are_found_beside_all_others() {
    let corpus = Corpus::unpack("release-today");
    let copy = corpus.copy_input();
    overlay(&corpus.join("rejected/ci-operator/config"), &copy.path().join("ci-operator/config"));
    let (status, found) = over(copy.path());
    assert_eq!(status, 1);
    let mut wanted = recorded(&corpus, "rejected.json");
    wanted.extend(recorded(&corpus, "checkconfig.json"));
    compare_files(corpus.what("files with findings, rejected ones among them"), &found, &wanted);
}
