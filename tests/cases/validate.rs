//! The rules against configurations: the cases in `testdata/validate`, and recorded verdicts of the reference.
//!
//! A case is a folder with `config.yaml` and `findings.txt`, a line for each finding; `CUTWATER_BLESS=1` writes the
//! latter anew. The reference's messages are compared as well: `validation.jsonl.gz` in the folder that
//! `CUTWATER_VECTORS` names, by default `../shared/vectors` beside the package.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use cutwater::diagnostic::Diagnostic;
use cutwater::validate::{AREAS, load_config};

fn folder() -> PathBuf {
    match std::env::var_os("CUTWATER_VECTORS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"),
    }
}

fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
    vector[key].as_str().unwrap_or_default()
}

/// A message of the reference as we give it: one prints an internal structure where a number is meant.
fn expected(message: &str) -> String {
    message.replace("{{2 9} {<nil>} 2G DecimalSI}", "2G")
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(expected).collect()
}

/// What the reference did with a vector's file: took it, refused it, or never came back.
fn is_taken(vector: &Value) -> bool {
    let crashed_on_load = vector["panic"].as_str().is_some_and(|text| text.starts_with("runtime error"));
    vector["load_error"].is_null() && !crashed_on_load && vector.get("hang").is_none_or(Value::is_null)
}

fn differences(vector: &Value) -> (Option<String>, Option<String>) {
    let loaded = load_config(text(vector, "config"), "config.yaml", text(vector, "org"), text(vector, "repo"));
    let found = loaded.err().unwrap_or_default();
    if found.is_empty() != is_taken(vector) {
        let told: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        return (Some(format!("{}: {} / {told:?}", text(vector, "id"), vector["load_error"])), None);
    }
    let wanted = strings(&vector["validation_errors"]);
    if wanted.is_empty() || found.iter().any(|finding| finding.rule.starts_with("yaml-")) {
        return (None, None);
    }
    let mut told: Vec<String> = found.into_iter().map(|finding| finding.message).collect();
    told.sort();
    let differs = told != wanted;
    (None, differs.then(|| format!("{}:\n  wanted {wanted:#?}\n  told {told:#?}", text(vector, "id"))))
}

fn told(text: &str) -> (String, Vec<&'static str>) {
    let findings = load_config(text, "config.yaml", "org", "repo").err().unwrap_or_default();
    let line =
        |finding: &Diagnostic| format!("{}:{} {}: {}\n", finding.line, finding.column, finding.rule, finding.message);
    (findings.iter().map(line).collect(), findings.iter().map(|finding| finding.rule).collect())
}

#[test]
fn cases_give_their_findings_and_show_every_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/validate");
    let mut shown: Vec<&str> = Vec::new();
    for case in fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
        let (found, rules) = told(&fs::read_to_string(case.join("config.yaml")).unwrap());
        let expected = case.join("findings.txt");
        if std::env::var_os("CUTWATER_BLESS").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(&expected).unwrap(), "{}", case.display());
        shown.extend(rules);
    }
    // Observers are the registry's, and cluster profiles have a file of their own (`tests/cli/fmt.rs`).
    let elsewhere = |id: &str| ["observer", "profile-own", "repeated-profile"].iter().any(|part| id.contains(part));
    let ids = AREAS.iter().flat_map(|(_, rules)| *rules).map(|rule| rule.id);
    let missing: Vec<&str> = ids.filter(|id| !shown.contains(id) && !elsewhere(id)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn vectors_agree() {
    let path = folder().join("validation.jsonl.gz");
    let packed = fs::File::open(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; name the folder of the vectors with CUTWATER_VECTORS", path.display())
    });
    let mut lines = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut lines).unwrap();
    let (mut count, mut verdicts, mut messages) = (0, Vec::new(), Vec::new());
    for line in lines.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        if text(&vector, "config").is_empty() {
            continue;
        }
        count += 1;
        let (verdict, message) = differences(&vector);
        verdicts.extend(verdict);
        messages.extend(message);
    }
    println!("verdicts: {} of {count} agree; messages: {} differ", count - verdicts.len(), messages.len());
    for problem in verdicts.iter().chain(&messages).take(40) {
        println!("{problem}");
    }
    assert!(count > 0 && verdicts.is_empty() && messages.is_empty());
}
