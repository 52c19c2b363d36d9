//! Prow's checks against the reference: small trees under `testdata/prowcheck`, and whole corpora.
//!
//! A case holds `prow/_config.yaml`, mostly `prow/_plugins.yaml`, supplemental files below `prow/`, and job files below
//! `jobs/`. `reference.txt` is what the reference says: `WARNING: message` a line, with one line for each name where it
//! puts many into one message, `always` for what no warning switches and `refused` for what keeps it from loading the
//! configuration, after which it says nothing else. `findings.txt` is what we say with every warning on: place, rule,
//! message, further places. `CUTWATER_BLESS=1` writes the latter anew.
//!
//! Of the corpora, `testdata/prowcheck-corpora.txt` has how many different messages the reference has for each warning,
//! and a checksum of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::corpus::Corpus;
use crate::support::testdata;
use cutwater::diagnostic::Diagnostic;
use cutwater::prowcheck::{Options, RULES, WARNINGS};
use cutwater::run::options::Unwatched;
use cutwater::run::prowcheck::{ProwcheckOptions, prowcheck};
use cutwater::shard::jobs;

/// In the year 2026.
const NOW: i64 = 1_790_000_000;

/// Messages by the warning that they come with.
type Said = BTreeMap<String, BTreeSet<String>>;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn all_warnings() -> Vec<String> {
    WARNINGS.iter().map(|warning| warning.name.to_owned()).collect()
}

fn of_case(case: &Path, check: Options) -> ProwcheckOptions {
    let prow = "prow".to_owned();
    ProwcheckOptions {
        jobs: "jobs".into(),
        prow: Some("prow/_config.yaml".into()),
        plugins: case.join("prow/_plugins.yaml").exists().then(|| "prow/_plugins.yaml".into()),
        supplements: Some(prow),
        ..ProwcheckOptions::of_release_repo(case, check, NOW)
    }
}

fn findings(options: &ProwcheckOptions) -> Vec<Diagnostic> {
    prowcheck(options, &Unwatched).unwrap().findings
}

/// What the reference says where it refuses a file, is compared as far as the file and the kind of trouble.
fn reference(finding: &Diagnostic) -> String {
    let file = &finding.file;
    match finding.rule {
        "yaml-type" | "yaml-syntax" if file.starts_with("jobs/") => format!("error unmarshalling {file}: "),
        _ => finding.reference.clone().unwrap_or_else(|| finding.message.clone()),
    }
}

/// What we say, by warning, in the reference's words.
fn said(findings: &[Diagnostic], options: &[&str]) -> Said {
    let mut said = Said::new();
    for finding in findings {
        let of_rule = |name: &&&str| WARNINGS.iter().any(|it| it.name == **name && it.rules.contains(&finding.rule));
        let warning = match options.iter().find(of_rule) {
            Some(name) => name,
            None if finding.rule == "rerun-command-not-allowed" => "always",
            None => "refused",
        };
        // Of several unknown fields in a file the reference names one.
        if !finding.rule.starts_with("unknown-") || finding.reference.is_some() {
            said.entry(warning.to_owned()).or_default().insert(reference(finding));
        }
    }
    said
}

fn expected(case: &Path) -> Said {
    let mut said = Said::new();
    let text = fs::read_to_string(case.join("reference.txt")).unwrap_or_else(|_| panic!("{}", case.display()));
    for line in text.lines() {
        let (warning, message) = line.split_once(": ").unwrap();
        said.entry(warning.to_owned()).or_default().insert(cut(message));
    }
    said
}

/// Go's reasons for refusing a file are its own.
fn cut(message: &str) -> String {
    match message.split_once(": error unmarshaling JSON: ").or_else(|| message.split_once(": error converting YAML")) {
        Some((start, rest)) if start.starts_with("error unmarshalling ") && !rest.contains("unknown field") => {
            format!("{start}: ")
        }
        _ => message.to_owned(),
    }
}

#[test]
fn every_case_is_taken_as_by_the_reference() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(testdata("prowcheck")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 60, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().flat_map(|case| check(case)).collect();
    assert!(failures.is_empty(), "{} complaints about {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn check(case: &Path) -> Vec<String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let expected = expected(case);
    let refused = expected.get("refused").cloned().unwrap_or_default();
    let mut failures = Vec::new();
    // Each warning by itself, as others must not depend on it.
    for warning in WARNINGS {
        let options = options_of(case, &[warning.name]);
        let said = said(&findings(&of_case(case, options)), &[warning.name]);
        let nothing = BTreeSet::new();
        let want = expected.get(warning.name).unwrap_or(&nothing);
        let have = said.get(warning.name).unwrap_or(&nothing);
        if refused.is_empty() && want != have {
            failures.push(format!("{name}: {}:{}", warning.name, difference(want, have)));
        }
        for always in ["refused", "always"] {
            let want = expected.get(always).unwrap_or(&nothing);
            let have = said.get(always).unwrap_or(&nothing);
            if want != have {
                failures.push(format!("{name}: {always} with {}:{}", warning.name, difference(want, have)));
            }
        }
    }
    let options = Options::new(&all_warnings(), &[]).unwrap().requiring(annotations(case));
    let told = findings(&of_case(case, options));
    let told: String = told.iter().map(line).collect();
    let path = case.join("findings.txt");
    if std::env::var_os("CUTWATER_BLESS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    if fs::read_to_string(&path).unwrap_or_default() != told {
        failures.push(format!("{name}: findings are\n{told}"));
    }
    failures
}

fn annotations(case: &Path) -> Vec<String> {
    let text = fs::read_to_string(case.join("annotations")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn options_of(case: &Path, warnings: &[&str]) -> Options {
    Options::new(&names(warnings), &[]).unwrap().requiring(annotations(case))
}

fn difference(want: &BTreeSet<String>, have: &BTreeSet<String>) -> String {
    let missing = want.difference(have).take(5).map(|message| format!("\n  missing {message}"));
    let extra = have.difference(want).take(5).map(|message| format!("\n  extra   {message}"));
    missing.chain(extra).collect()
}

fn line(finding: &Diagnostic) -> String {
    let Diagnostic { file, line, column, rule, message, related, .. } = finding;
    let others = related.iter().map(|it| format!("  {}:{}:{}: {}\n", it.file, it.line, it.column, it.message));
    format!("{file}:{line}:{column}: [{rule}] {message}\n{}", others.collect::<String>())
}

#[test]
fn every_rule_has_a_case() {
    let mut met = BTreeSet::new();
    for entry in fs::read_dir(testdata("prowcheck")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path().join("findings.txt")).unwrap_or_default();
        met.extend(text.lines().filter_map(|line| Some(line.split_once("[")?.1.split_once("]")?.0.to_owned())));
    }
    let rules = RULES.iter().chain(jobs::RULES).map(|rule| rule.id);
    let missing: Vec<&str> = rules.filter(|rule| !met.contains(*rule)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

/// Holds the messages about a corpus against the recorded ones. `CUTWATER_DUMP` names a directory to write ours to.
fn corpus(name: &str, change: impl Fn(&mut ProwcheckOptions)) {
    let corpus = Corpus::unpack(name);
    let recorded = fs::read_to_string(testdata("prowcheck-corpora.txt")).unwrap_or_default();
    let wanted: BTreeSet<String> =
        recorded.lines().filter_map(|line| line.strip_prefix(&format!("{name} "))).map(str::to_owned).collect();
    let mut found = BTreeSet::new();
    let runs: [&[&str]; 2] = [&[], &["mismatched-tide-lenient", "valid-decoration-config", "unknown-fields-all"]];
    for warnings in runs {
        let mut options =
            ProwcheckOptions::of_release_repo(corpus.join("input"), Options::new(&names(warnings), &[]).unwrap(), NOW);
        change(&mut options);
        let start = std::time::Instant::now();
        let findings = findings(&options);
        println!("{name}: {} findings in {:?}", findings.len(), start.elapsed());
        let of_run: Vec<&str> = match warnings {
            [] => WARNINGS.iter().map(|it| it.name).filter(|name| *name != "unknown-fields-all").collect(),
            named => named.to_vec(),
        };
        for (warning, messages) in said(&findings, &of_run) {
            if let Some(directory) = std::env::var_os("CUTWATER_DUMP") {
                let text: String = messages.iter().map(|it| format!("{it}\n")).collect();
                fs::write(Path::new(&directory).join(format!("{name}.{}.{warning}", warnings.len())), text).unwrap();
            }
            found.insert(format!("{warning} {} {:016x}", messages.len(), checksum(&messages)));
        }
    }
    assert_eq!(found, wanted, "{name}");
}

/// FNV-1a of the messages, a line each.
fn checksum(messages: &BTreeSet<String>) -> u64 {
    let bytes = messages.iter().flat_map(|message| message.bytes().chain([b'\n']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn release_2023_is_taken_as_by_the_reference() {
    corpus("release-2023", |_| {});
}

#[test]
fn release_today_is_taken_as_by_the_reference() {
    corpus("release-today", |_| {});
}

#[test]
fn test_infra_is_taken_as_by_the_reference() {
    corpus("test-infra-2026", |options| {
        options.jobs = "config/jobs".into();
        options.prow = Some("config/prow/config.yaml".into());
        options.plugins = Some("config/prow/plugins.yaml".into());
        options.supplements = None;
    });
}
