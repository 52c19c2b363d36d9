//! The rules against configurations: the cases in `testdata/validate`, and recorded verdicts of the reference.
//!
//! A case is a folder with `config.yaml` and `findings.txt`, a line for each finding; `CUTWATER_BLESS=1` writes the
//! latter anew. The reference's verdicts are compared for whoever sets `CUTWATER_VECTORS` to the folder that has
//! `validation.jsonl.gz` and `CUTWATER_CORPORA` to unpacked release repositories. Without a variable its test says so
//! and passes; with one, missing files are failures.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use cutwater::diagnostic::Diagnostic;
use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::model::identity::config_identity;
use cutwater::validate::{RULES, load_config, validate_config};
use cutwater::yaml::codec::{Strictness, read};
use cutwater::yaml::parse::parse;

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("{variable} is not set: nothing compared");
    }
    folder
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
    let line = |finding: &Diagnostic| {
        format!("{}:{} {}: {}\n", finding.line, finding.column, finding.rule, finding.message)
    };
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
    let of_observers = ["invalid-observer-name", "observer-without-commands"];
    let missing: Vec<&str> =
        RULES.iter().map(|rule| rule.id).filter(|id| !shown.contains(id) && !of_observers.contains(id)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn vectors_agree() {
    let Some(folder) = folder("CUTWATER_VECTORS") else { return };
    let packed = fs::File::open(folder.join("validation.jsonl.gz")).unwrap();
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

fn configs_below(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("ci-operator/config")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "yaml") {
                found.push((path.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

fn load(path: &str, text: &str) -> Result<ReleaseBuildConfiguration, Vec<Diagnostic>> {
    let metadata = config_identity(path).unwrap();
    load_config(text, path, &metadata.org, &metadata.repo)
}

#[test]
fn accepted_corpora_are_accepted() {
    let Some(folder) = folder("CUTWATER_CORPORA") else { return };
    for corpus in ["release-2023", "release-today"] {
        let configs = configs_below(&folder.join(corpus).join("input"));
        let refused: Vec<_> = configs.iter().filter_map(|(path, text)| load(path, text).err()).collect();
        println!("{corpus}: {} of {} accepted", configs.len() - refused.len(), configs.len());
        for findings in refused.iter().take(10) {
            println!("{findings:#?}");
        }
        assert!(!configs.is_empty() && refused.is_empty());
        let read: Vec<ReleaseBuildConfiguration> =
            configs.iter().map(|(_, text)| read(&parse(text).unwrap(), Strictness::Lenient).unwrap()).collect();
        let tests: usize = read.iter().map(|config| config.tests.len()).sum();
        for _ in 0..3 {
            let start = Instant::now();
            let found: usize = read.iter().map(|config| validate_config(config, "org", "repo").len()).sum();
            println!("{corpus}: {found} findings in {} configs, {tests} tests, {:?}", read.len(), start.elapsed());
        }
    }
}

#[test]
fn rejected_configs_are_rejected() {
    let Some(folder) = folder("CUTWATER_CORPORA") else { return };
    let configs = configs_below(&folder.join("release-today/rejected"));
    let reasons: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&fs::read_to_string(folder.join("release-today/expected/rejected.json")).unwrap())
            .unwrap();
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut agreed, mut taken) = (0, Vec::new());
    for (path, text) in &configs {
        let name = path.split("ci-operator/config/").nth(1).unwrap();
        let why = reasons.iter().find(|(key, _)| key.trim_end() == name).map(|(_, why)| why);
        let findings = load(path, text).err().unwrap_or_default();
        if findings.is_empty() {
            taken.push((name, why));
        }
        for finding in &findings {
            *rules.entry(finding.rule).or_default() += 1;
        }
        let mut told: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
        let mut wanted: Vec<String> = why.into_iter().flatten().cloned().collect();
        (told.sort(), wanted.sort());
        agreed += usize::from(told == wanted);
    }
    println!("{} of {} refused on load, {agreed} for the same messages", configs.len() - taken.len(), configs.len());
    println!("{rules:#?}");
    println!("{taken:#?}");
    assert!(rules.keys().all(|id| id.starts_with("yaml-") || RULES.iter().any(|rule| rule.id == *id)));
}
