//! JSON Schemas: made from the model and checked in, true of every real file, and of use against broken ones.
//!
//! `make schemas` writes `schemas/` anew. Corpora and vectors come from where `tests/corpora.rs` and `tests/vectors.rs`
//! have them.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cutwater::schema::{SCHEMAS, Schema};
use jsonschema::Validator;
use rayon::prelude::*;
use serde_json::Value as Json;
use support::corpus::{Corpus, files_below};
use support::json::from_yaml;
use support::tally::Tally;
use support::vector::{self, text};

fn checked_in() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

fn validator(name: &str) -> Validator {
    let text = Schema::find(name).unwrap_or_else(|| panic!("there is no schema {name}")).text();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// What a schema has against a text; nothing where it takes it.
fn complaint(validator: &Validator, text: &str) -> Option<String> {
    let value = match from_yaml(text) {
        Ok(value) => value,
        Err(message) => return Some(message),
    };
    if validator.is_valid(&value) {
        return None;
    }
    Some(
        validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect::<Vec<_>>()
            .join("\n    "),
    )
}

fn check(what: String, name: &str, root: &Path, wanted: impl Fn(&str) -> bool) {
    let validator = validator(name);
    let files = files_below(root, wanted);
    let mut tally = Tally::of(what);
    tally.extend(
        files
            .par_iter()
            .map(|(path, file)| {
                let text = fs::read_to_string(file).unwrap();
                complaint(&validator, &text)
                    .map(|complaint| format!("{path}: {}", complaint.chars().take(400).collect::<String>()))
            })
            .collect::<Vec<_>>(),
    );
    tally.conclude();
}

fn registry(name: &str) {
    let corpus = Corpus::unpack(name);
    let root = corpus.join("input/ci-operator/step-registry");
    for (schema, suffix) in [
        ("registry-ref", "-ref.yaml"),
        ("registry-chain", "-chain.yaml"),
        ("registry-workflow", "-workflow.yaml"),
        ("registry-observer", "-observer.yaml"),
        ("registry-metadata", ".metadata.json"),
        ("cluster-profiles", "cluster-profiles-config.yaml"),
    ] {
        check(corpus.what(&format!("files and {schema}")), schema, &root, |path| path.ends_with(suffix));
    }
}

#[test]
fn registry_of_release_2023() {
    registry("release-2023");
}

#[test]
fn registry_of_release_today() {
    registry("release-today");
}

#[test]
fn configs_of_release_2023() {
    let corpus = Corpus::unpack("release-2023");
    check(corpus.what("configs"), "ci-operator-config", &corpus.join("input/ci-operator/config"), |path| {
        path.ends_with(".yaml")
    });
}

#[test]
fn configs_of_release_today() {
    let corpus = Corpus::unpack("release-today");
    check(corpus.what("configs"), "ci-operator-config", &corpus.join("input/ci-operator/config"), |path| {
        path.ends_with(".yaml")
    });
}

#[test]
fn jobs_of_release_2023() {
    let corpus = Corpus::unpack("release-2023");
    check(corpus.what("job files"), "prow-jobs", &corpus.join("input/ci-operator/jobs"), |path| {
        path.ends_with(".yaml")
    });
}

#[test]
fn jobs_of_release_today() {
    let corpus = Corpus::unpack("release-today");
    check(corpus.what("job files"), "prow-jobs", &corpus.join("input/ci-operator/jobs"), |path| {
        path.ends_with(".yaml")
    });
}

#[test]
fn jobs_of_test_infra() {
    let corpus = Corpus::unpack("test-infra-2026");
    check(corpus.what("job files"), "prow-jobs", &corpus.join("input/config/jobs"), |path| path.ends_with(".yaml"));
}

/// What the schemas say of a vector.
fn verdict(validators: &BTreeMap<&str, Validator>, vector: &Json) -> Option<String> {
    let mut complaints = Vec::new();
    let mut check = |name: &str, text: &str| {
        complaints.extend(complaint(&validators[name], text).map(|told| format!("{name}: {told}")));
    };
    let configs = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
    for config in
        [vector].into_iter().chain(configs).filter_map(|of| text(of, "config")).filter(|text| !text.is_empty())
    {
        check("ci-operator-config", config);
    }
    for (path, text) in vector.get("registry_files").and_then(Json::as_object).into_iter().flatten() {
        if let Some(schema) = schema_of(path) {
            check(schema, text.as_str().unwrap());
        }
    }
    (!complaints.is_empty()).then(|| complaints.join("; "))
}

fn schema_of(path: &str) -> Option<&'static str> {
    [
        ("-ref.yaml", "registry-ref"),
        ("-chain.yaml", "registry-chain"),
        ("-workflow.yaml", "registry-workflow"),
        ("-observer.yaml", "registry-observer"),
        (".metadata.json", "registry-metadata"),
        ("cluster-profiles-config.yaml", "cluster-profiles"),
    ]
    .into_iter()
    .find(|(suffix, _)| path.ends_with(suffix))
    .map(|(_, schema)| schema)
}

#[test]
fn vectors_validation() {
    let validators: BTreeMap<&str, Validator> =
        SCHEMAS.iter().map(|schema| (schema.name, validator(schema.name))).collect();
    let vectors = vector::all("validation.jsonl.gz");
    let fields = [
        "load_error",
        "registry_error",
        "resolve_error",
        "prowgen_error",
        "checkconfig_error",
        "panic",
        "hang",
        "strict_error",
    ];
    let mut out = String::new();
    for vector in &vectors {
        let why = fields.iter().find(|field| vector.get(**field).is_some_and(|why| !why.is_null()));
        let told = verdict(&validators, vector);
        out.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}\n",
            text(vector, "kind").unwrap(),
            why.unwrap_or(&"ok"),
            if told.is_some() { "refused" } else { "taken" },
            text(vector, "mutation").unwrap(),
            told.map(|t| t.replace('\n', " "))
                .unwrap_or_else(|| why.map(|w| vector[*w].to_string()).unwrap_or_default())
        ));
    }
    for vector in vector::all("yaml.jsonl") {
        let kind = text(&vector, "kind").unwrap();
        let schema = match kind {
            "ciopconfig" => "ci-operator-config",
            "jobconfig" => "prow-jobs",
            _ => continue,
        };
        let why = ["error", "error_strict"].iter().find(|field| vector.get(**field).is_some());
        let input = text(&vector, "input").unwrap();
        let told = complaint(&validators[schema], input);
        out.push_str(&format!(
            "{kind}\t{}\t{}\t{}\t{}\n",
            why.unwrap_or(&"ok"),
            if told.is_some() { "refused" } else { "taken" },
            text(&vector, "id").unwrap(),
            told.map(|t| t.replace('\n', " "))
                .unwrap_or_else(|| why.map(|w| vector[*w].to_string()).unwrap_or_default())
        ));
    }
    fs::write("/tmp/verdicts.tsv", out).unwrap();
}

#[test]
#[ignore]
fn dump() {
    let out = Path::new("/tmp/sv/data");
    fs::create_dir_all(out).unwrap();
    for (name, part, schema) in [
        ("release-2023", "input/ci-operator/config", "ci-operator-config"),
        ("release-today", "input/ci-operator/config", "ci-operator-config"),
        ("release-2023", "input/ci-operator/step-registry", ""),
        ("release-today", "input/ci-operator/step-registry", ""),
        ("test-infra-2026", "input/config/jobs", "prow-jobs"),
        ("release-today", "rejected/ci-operator/config", "rejected"),
    ] {
        let root = Corpus::unpack(name).join(part);
        let files = files_below(&root, |path| path.ends_with(".yaml") || path.ends_with(".json"));
        let lines: Vec<String> = files
            .par_iter()
            .filter_map(|(path, file)| {
                let schema = if schema.is_empty() { schema_of(path)? } else { schema };
                let value = from_yaml(&fs::read_to_string(file).ok()?).ok()?;
                Some(serde_json::json!({"schema": schema, "path": path, "value": value}).to_string())
            })
            .collect();
        fs::write(out.join(format!("{name}-{}.ndjson", part.replace('/', "-"))), lines.join("\n")).unwrap();
    }
    let mut lines = Vec::new();
    let fields = [
        "load_error",
        "registry_error",
        "resolve_error",
        "prowgen_error",
        "checkconfig_error",
        "panic",
        "hang",
        "strict_error",
    ];
    for vector in vector::all("validation.jsonl.gz") {
        let why = fields.iter().find(|field| vector.get(**field).is_some_and(|why| !why.is_null()));
        let mut docs = Vec::new();
        let configs = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
        for config in
            [&vector].into_iter().chain(configs).filter_map(|of| text(of, "config")).filter(|text| !text.is_empty())
        {
            docs.push(
                serde_json::json!({"schema":"ci-operator-config","value":from_yaml(config).map_err(|_| ()).ok()}),
            );
        }
        for (path, text) in vector.get("registry_files").and_then(Json::as_object).into_iter().flatten() {
            if let Some(schema) = schema_of(path) {
                docs.push(serde_json::json!({"schema":schema,"value":from_yaml(text.as_str().unwrap()).ok()}));
            }
        }
        lines.push(serde_json::json!({"kind":vector["kind"],"why":why.unwrap_or(&"ok"),"message":why.map(|w| vector[*w].clone()),"id":vector["mutation"],"docs":docs}).to_string());
    }
    for vector in vector::all("yaml.jsonl") {
        let kind = text(&vector, "kind").unwrap();
        let schema = match kind {
            "ciopconfig" => "ci-operator-config",
            "jobconfig" => "prow-jobs",
            _ => continue,
        };
        let why = ["error", "error_strict"].iter().find(|field| vector.get(**field).is_some());
        let input = text(&vector, "input").unwrap();
        let parsed = from_yaml(input);
        lines.push(serde_json::json!({"kind":kind,"why":why.unwrap_or(&"ok"),"message":why.map(|w| vector[*w].clone()),"id":vector["id"],"input":input,"docs":[{"schema":schema,"value":parsed.clone().ok(),"bad":parsed.is_err()}]}).to_string());
    }
    fs::write(out.join("vectors.ndjson"), lines.join("\n")).unwrap();
}
