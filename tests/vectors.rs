//! Thousands of small YAML texts with what the reference makes of each: read, written, refused.
//!
//! The files come from the folder that `CUTWATER_VECTORS` names, by default `../shared/vectors` beside the package.
//! Each kind prints how many cases agree and shows the first that do not; anything that disagrees fails the test.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::model::job::JobConfig;
use cutwater::yaml::codec::{Strictness, read, read_given, write};
use cutwater::yaml::parse::parse;
use cutwater::yaml::value::Value;
use serde_json::Value as Json;

/// Most disagreements that are shown of each kind.
const SHOWN: usize = 12;

/// What became of a text: the text that is written, or why it was refused.
type Outcome = Result<String, String>;

fn vectors_folder() -> PathBuf {
    match std::env::var_os("CUTWATER_VECTORS") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"),
    }
}

fn vectors(kind: &str) -> Vec<Json> {
    let path = vectors_folder().join("yaml.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("a vector is a line of JSON"));
    all.filter(|vector| vector["kind"] == kind).collect()
}

fn text_of<'v>(vector: &'v Json, field: &str) -> Option<&'v str> {
    vector.get(field).and_then(Json::as_str)
}

/// The bytes of the input, which need not be UTF-8.
fn input(vector: &Json) -> Vec<u8> {
    match text_of(vector, "input_b64") {
        Some(encoded) => base64(encoded),
        None => text_of(vector, "input").expect("a vector has an input").as_bytes().to_vec(),
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
    let vectors = vectors(kind);
    assert!(!vectors.is_empty(), "no vectors of kind {kind}");
    let mut complaints = Vec::new();
    for vector in &vectors {
        let input = input(vector);
        let found = check(vector, &input);
        if !found.is_empty() {
            let id = text_of(vector, "id").unwrap_or("?");
            complaints.push(format!("{id}: {:?}\n    {}", String::from_utf8_lossy(&input), found.join("\n    ")));
        }
    }
    println!("{kind}: {} of {} agree", vectors.len() - complaints.len(), vectors.len());
    let shown = complaints.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(complaints.is_empty(), "{} of {} {kind} vectors disagree:\n{shown}", complaints.len(), vectors.len());
}

/// Compares an outcome with the fields that hold what the reference gave.
fn compare(what: &str, vector: &Json, output: &str, error: &str, outcome: &Outcome) -> Option<String> {
    let expected = match (text_of(vector, output), text_of(vector, error)) {
        (Some(text), _) => Ok(text),
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
        Ok(text) => outcomes.iter().filter_map(Json::as_str).any(|seen| seen.strip_prefix("output: ") == Some(text)),
        Err(_) => true,
    }
}

/// Compares the verdict of strict reading: refused exactly where the vector has `error_strict`.
fn compare_strict(vector: &Json, outcome: &Result<(), String>) -> Option<String> {
    let expected = text_of(vector, "error_strict");
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
