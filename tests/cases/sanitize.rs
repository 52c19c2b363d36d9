//! Job files and what the reference makes of them: one folder per case under `testdata/sanitize`.
//!
//! A case holds the two files of the dispatcher, `input/` and `expected/`. Where the reference refuses, `findings.txt`
//! holds what we say, one finding a line; files are then as the reference leaves them. Paths begin with `jobs/`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use cutwater::diagnostic::Diagnostic;
use cutwater::dispatch::{Dispatcher, Source};
use cutwater::model::job::JobConfig;
use cutwater::sanitize::{Sanitized, sanitize};
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::locate::{place, syntax_finding, type_finding};
use cutwater::yaml::parse::parse;

/// Texts by path below the jobs directory.
type Files = BTreeMap<String, String>;

#[test]
fn every_case_ends_as_with_the_reference() {
    let mut cases: Vec<PathBuf> = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 80, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sanitize")
}

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let mut files = files_under(&case.join("input"));
    let expected = files_under(&case.join("expected"));
    assert!(!files.is_empty() && files.len() == expected.len(), "{name} has no input or not the same files");
    let said = run(case, &mut files);
    let mut failure = String::new();
    for (path, text) in &files {
        if expected.get(path) != Some(text) {
            let want = expected.get(path).map_or("nothing", String::as_str);
            writeln!(failure, "{name}: {path} is\n{text}and should be\n{want}").unwrap();
        }
    }
    let want = fs::read_to_string(case.join("findings.txt")).unwrap_or_default();
    if said != want {
        writeln!(failure, "{name}: findings are\n{said}and should be\n{want}").unwrap();
    }
    if failure.is_empty() { Ok(()) } else { Err(failure) }
}

/// Sanitizes the files in place; gives the findings as text.
fn run(case: &Path, files: &mut Files) -> String {
    let config = fs::read_to_string(case.join("_config.yaml")).unwrap();
    let clusters = fs::read_to_string(case.join("_clusters.yaml")).unwrap();
    let sources = (Source { file: "_config.yaml", text: &config }, Source { file: "_clusters.yaml", text: &clusters });
    let findings = match Dispatcher::new(sources.0, sources.1) {
        Err(findings) => findings,
        Ok(dispatcher) => files
            .iter_mut()
            .flat_map(|(path, text)| sanitize_file(&format!("jobs/{path}"), text, &dispatcher))
            .collect(),
    };
    findings.iter().map(line).collect()
}

fn sanitize_file(path: &str, text: &mut String, dispatcher: &Dispatcher) -> Vec<Diagnostic> {
    let tree = match parse(text) {
        Ok(tree) => tree,
        Err(error) => return vec![syntax_finding(error, path, text)],
    };
    let mut jobs: JobConfig = match read(&tree, Strictness::Lenient) {
        Ok(jobs) => jobs,
        Err(problems) => return problems.into_iter().map(|problem| type_finding(problem, path, text)).collect(),
    };
    let sanitized = sanitize(&mut jobs, path, dispatcher);
    let (violations, written) = match sanitized {
        Sanitized::Whole => (Vec::new(), true),
        Sanitized::Partial(violations) => (violations, true),
        Sanitized::Broken(violations) => (violations, false),
    };
    let findings = violations.into_iter().map(|violation| place(violation, path, text, &tree)).collect();
    if written {
        *text = write(&jobs, text.len()).unwrap();
    }
    findings
}

fn line(finding: &Diagnostic) -> String {
    let Diagnostic { file, line, column, rule, message, .. } = finding;
    // What the YAML layer says, and where, is held by its own tests.
    if rule.starts_with("yaml-") {
        return format!("{file}: {rule}\n");
    }
    format!("{file}:{line}:{column}: {rule}: {message}\n")
}

fn files_under(root: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}
