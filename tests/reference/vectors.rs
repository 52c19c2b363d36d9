//! Thousands of small cases with what the reference makes of each: YAML texts read, written, refused; configurations
//! and step registries taken or refused, and the job files generated from them.
//!
//! The files come from the folder that `CUTWATER_VECTORS` names, by default `../shared/vectors` beside the package; the
//! step registry that some cases were made with comes from the corpus `release-2023`. Each kind prints how many cases
//! agree and lists the first that do not; anything that disagrees fails the test.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::support::corpus::Corpus;
use crate::support::prowgen::{self, Source};
use crate::support::tally::Tally;
use crate::support::vector::{self, text};
use cutwater::model::config::{Metadata, ReleaseBuildConfiguration};
use cutwater::model::job::JobConfig;
use cutwater::registry::Registry;
use cutwater::yaml::codec::{Strictness, read, read_given, write};
use cutwater::yaml::parse::parse;
use cutwater::yaml::value::Value;
use rayon::prelude::*;
use serde_json::Value as Json;

/// What became of a text: the text that is written, or why it was refused.
type Outcome = Result<String, String>;

/// The bytes of the input, which need not be UTF-8.
fn input(vector: &Json) -> Vec<u8> {
    match text(vector, "input_b64") {
        Some(encoded) => base64(encoded),
        None => text(vector, "input").expect("a vector has an input").as_bytes().to_vec(),
    }
}

fn base64(encoded: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let sextets: Vec<u8> = encoded.bytes().filter(|byte| *byte != b'=').map(value).collect();
    let mut bytes = Vec::new();
    for chunk in sextets.chunks(4) {
        let bits = chunk.iter().fold(0_u32, |bits, sextet| bits << 6 | u32::from(*sextet)) << (6 * (4 - chunk.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    bytes
}

/// Runs `check` on every vector of a kind; it gives the complaints about one.
fn run(kind: &str, check: impl Fn(&Json, &[u8]) -> Vec<String>) {
    let mut tally = Tally::of(format!("YAML vectors of kind {kind}"));
    for vector in vector::all("yaml.jsonl").iter().filter(|vector| vector["kind"] == kind) {
        let input = input(vector);
        let found = check(vector, &input);
        tally.add((!found.is_empty()).then(|| {
            let id = text(vector, "id").unwrap_or("?");
            format!("{id}: {:?}\n    {}", String::from_utf8_lossy(&input), found.join("\n    "))
        }));
    }
    tally.conclude();
}

/// Compares an outcome with the fields that hold what the reference gave.
fn compare(what: &str, vector: &Json, output: &str, error: &str, outcome: &Outcome) -> Option<String> {
    let expected = match (text(vector, output), text(vector, error)) {
        (Some(wanted), _) => Ok(wanted),
        (None, Some(message)) => Err(message),
        (None, None) => return Some(format!("{what}: the vector has neither {output} nor {error}")),
    };
    let agrees = match (outcome, expected) {
        (Ok(got), Ok(wanted)) => got == wanted,
        (Err(_), Err(_)) => true,
        _ => false,
    };
    if agrees || is_another_outcome(vector, outcome) {
        return None;
    }
    Some(format!("{what}: got {outcome:?}, want {expected:?}"))
}

/// Where the reference gives several results at random, any of them is right, and so is a refusal.
fn is_another_outcome(vector: &Json, outcome: &Outcome) -> bool {
    if vector.get("nondeterministic").is_none() {
        return false;
    }
    let outcomes = vector["outcomes"].as_array().map(Vec::as_slice).unwrap_or_default();
    match outcome {
        Ok(told) => outcomes.iter().filter_map(Json::as_str).any(|seen| seen.strip_prefix("output: ") == Some(told)),
        Err(_) => true,
    }
}

/// Compares the verdict of strict reading: refused exactly where the vector has `error_strict`.
fn compare_strict(vector: &Json, outcome: &Result<(), String>) -> Option<String> {
    let expected = text(vector, "error_strict");
    (outcome.is_err() != expected.is_some()).then(|| format!("strict: got {outcome:?}, want {expected:?}"))
}

fn utf8(input: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(input).map_err(|error| error.to_string())
}

fn decode<T: cutwater::yaml::codec::Decode>(input: &[u8], strictness: Strictness) -> Result<T, String> {
    let tree = parse(utf8(input)?).map_err(|error| error.message)?;
    read(&tree, strictness).map_err(|problems| format!("{problems:?}"))
}

fn decode_given<T: cutwater::yaml::codec::Decode>(input: &[u8]) -> Result<T, String> {
    let tree = parse(utf8(input)?).map_err(|error| error.message)?;
    read_given(&tree, Strictness::Lenient).map_err(|problems| format!("{problems:?}"))
}

fn encode<T: cutwater::yaml::codec::Encode>(value: &T) -> Outcome {
    write(value, 0).map_err(|error| format!("{error:?}"))
}

#[test]
fn untyped_values() {
    run("any", |vector, input| {
        let value = decode::<Value>(input, Strictness::Lenient);
        let outcome = value.and_then(|value| encode(&value));
        let strict = decode::<Value>(input, Strictness::Strict).and_then(|value| encode(&value));
        let mut complaints: Vec<String> = compare("sigs", vector, "output", "error", &outcome).into_iter().collect();
        let given = |field: &str| vector.get(field).is_some();
        let (output, error) = if given("output_strict") || given("error_strict") {
            ("output_strict", "error_strict")
        } else {
            ("output", "error")
        };
        complaints.extend(compare("strict", vector, output, error, &strict));
        complaints
    });
}

#[test]
fn job_files() {
    run("jobconfig", |vector, input| {
        let jobs = decode_given::<JobConfig>(input);
        let strict = decode::<JobConfig>(input, Strictness::Strict).map(drop);
        let removed = jobs.as_ref().is_ok_and(|jobs| !jobs.has_jobs());
        let outcome = jobs.and_then(|jobs| encode(&jobs));
        let mut complaints: Vec<String> = compare("output", vector, "output", "error", &outcome).into_iter().collect();
        complaints.extend(compare_strict(vector, &strict));
        if removed != vector.get("removed").is_some_and(|removed| removed == true) {
            complaints.push(format!("removed: got {removed}"));
        }
        complaints
    });
}

#[test]
fn configurations() {
    run("ciopconfig", |vector, input| {
        let config = decode::<ReleaseBuildConfiguration>(input, Strictness::Lenient);
        let strict = decode::<ReleaseBuildConfiguration>(input, Strictness::Strict).map(drop);
        let defaulted = config.clone().and_then(|mut config| {
            config.default_values();
            encode(&config)
        });
        let outcome = config.and_then(|config| encode(&config));
        let mut complaints: Vec<String> = compare("output", vector, "output", "error", &outcome).into_iter().collect();
        let output = if vector.get("output_defaulted").is_some() { "output_defaulted" } else { "output" };
        complaints.extend(compare("defaulted", vector, output, "error", &defaulted));
        complaints.extend(compare_strict(vector, &strict));
        complaints
    });
}

/// The step registries that vectors were made with, by the name they use.
fn registries() -> BTreeMap<&'static str, Registry> {
    let mini: Json = serde_json::from_str(&vector::read_text("mini-registry.json")).unwrap();
    let (mini, findings) = prowgen::registry(inline(&mini));
    assert!(findings.is_empty(), "{findings:#?}");
    let corpus = Corpus::unpack("release-2023").join("input/ci-operator/step-registry");
    BTreeMap::from([("mini", mini), ("corpus", prowgen::registry_below(&corpus))])
}

/// The files of a registry that lie in the vector itself.
fn inline(files: &Json) -> Vec<(&str, &[u8])> {
    let files = files.as_object().expect("a registry is an object").iter();
    files.map(|(path, text)| (path.as_str(), text.as_str().expect("a file is text").as_bytes())).collect()
}

/// The configs of a vector: its own and, in trees, those beside it.
fn sources(vector: &Json) -> Vec<Source<'_>> {
    let beside = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
    let field = |of, name| text(of, name).unwrap_or_default();
    let source = |of| {
        let [org, repo, branch, variant] = ["org", "repo", "branch", "variant"].map(|name| field(of, name).to_owned());
        // The reference knows these from the path alone, where a branch with a slash is a directory more.
        Source::at(&Metadata { org, repo, branch, variant }.relative_path(), field(of, "config"))
    };
    [vector].into_iter().chain(beside).map(source).collect()
}

/// The stages of the prowgen path, by the fields that tell why one did not go through.
const REFUSALS: [&str; 5] = ["load_error", "resolve_error", "prowgen_error", "panic", "hang"];

/// What is wrong with our verdict on a vector's configs, or with the job files made of them.
fn judge(vector: &Json, registry: &Registry) -> Option<String> {
    let refusal = REFUSALS.iter().find_map(|field| Some((field, vector.get(field).filter(|why| !why.is_null())?)));
    let sources = sources(vector);
    let outcome = catch_unwind(AssertUnwindSafe(|| prowgen::generate(&sources, registry)));
    let Ok(outcome) = outcome else { return Some("panics".to_owned()) };
    match (outcome, refusal) {
        (Err(_), Some(_)) => None,
        (Err(told), None) => Some(format!("refused: {told:?}")),
        (Ok(_), Some((field, why))) => Some(format!("taken; {field}: {why}")),
        (Ok(files), None) => {
            let joined = join(&files);
            // Several runs of the reference may all have lost a promotion on schedule; we never do.
            let agrees = was_seen(vector, &joined)
                || prowgen::generate_losing_promotions(&sources, registry)
                    .is_ok_and(|rest| was_seen(vector, &join(&rest)));
            (!agrees).then(|| difference(vector, &joined))
        }
    }
}

/// Job files as the vectors have them: in path order, each after a line with its name.
fn join(files: &BTreeMap<PathBuf, String>) -> String {
    files.iter().map(|(path, text)| format!("# file: {}\n{text}", path.display())).collect()
}

/// Whether the reference gave these job files at least once.
fn was_seen(vector: &Json, joined: &str) -> bool {
    let others = vector.get("other_outcomes").and_then(Json::as_array).into_iter().flatten();
    let mut seen = [vector].into_iter().chain(others).filter_map(|outcome| text(outcome, "prowgen_output"));
    seen.any(|wanted| wanted == joined)
}

/// The first line that differs from the job files of the vector.
fn difference(vector: &Json, joined: &str) -> String {
    let Some(wanted) = text(vector, "prowgen_output") else {
        return format!("the vector has no prowgen_output; ours:\n{joined}");
    };
    let (mut wanted, mut found) = (wanted.split('\n'), joined.split('\n'));
    let same = |pair: &(Option<&str>, Option<&str>)| pair.0 == pair.1;
    let (wanted, found) = std::iter::repeat_with(|| (wanted.next(), found.next())).find(|pair| !same(pair)).unwrap();
    format!("job files differ: {found:?}, not {wanted:?}")
}

fn named(vector: &Json, complaint: Option<String>) -> Option<String> {
    complaint.map(|complaint| format!("{}: {complaint}", text(vector, "id").unwrap_or("?")))
}

#[test]
fn configurations_have_their_verdict_and_their_jobs() {
    let registries = registries();
    let vectors = vector::all("validation.jsonl.gz");
    let mut tally = Tally::of("validation vectors, configurations");
    let judged = vectors.par_iter().filter(|vector| vector["kind"] != "registry").map(|vector| {
        let registry = text(vector, "registry").unwrap_or_default();
        if registry == "inline" {
            let (registry, _) = prowgen::registry(inline(&vector["registry_files"]));
            return named(vector, judge(vector, &registry));
        }
        let registry = registries.get(registry).unwrap_or_else(|| panic!("there is no registry {registry:?}"));
        named(vector, judge(vector, registry))
    });
    tally.extend(judged.collect::<Vec<_>>());
    tally.conclude();
}

#[test]
fn registries_have_their_verdict() {
    let mut tally = Tally::of("validation vectors, registries");
    for vector in vector::all("validation.jsonl.gz").iter().filter(|vector| vector["kind"] == "registry") {
        let (registry, findings) = prowgen::registry(inline(&vector["registry_files"]));
        let told: Vec<_> = findings.iter().filter(|found| found.is_error()).map(|found| &found.message).collect();
        let wanted = text(vector, "registry_error");
        let complaint = match (told.is_empty(), wanted) {
            (true, Some(wanted)) => Some(format!("taken; registry_error: {wanted}")),
            (false, None) => Some(format!("refused: {told:?}")),
            (true, None) if text(vector, "config").is_some_and(|config| !config.is_empty()) => judge(vector, &registry),
            _ => None,
        };
        tally.add(named(vector, complaint));
    }
    tally.conclude();
}
