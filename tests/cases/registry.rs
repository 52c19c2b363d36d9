//! The step registry against the cases in `testdata/registry`.
//!
//! A case is a folder with `registry/`, the whole of a step registry, and `findings.txt`, a line for each finding.
//! Where there are `configs/`, each is resolved: `NAME.resolved.yaml` has what becomes of it, `NAME.violations.txt`
//! why nothing does. `CUTWATER_BLESS=1` writes the expected files anew.

use std::fs;
use std::path::{Path, PathBuf};

use cutwater::diagnostic::{Diagnostic, Violation};
use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::registry::{DefinitionRules, Registry, SourceFile, Wanted, load};
use cutwater::validate::{validate_observer, validate_reference};
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::parse;

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn files_below(folder: &Path, root: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for path in sorted(folder) {
        if path.is_dir() {
            files_below(&path, root, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            found.push((name, fs::read(&path).unwrap()));
        }
    }
}

fn load_registry(root: &Path) -> (Registry, Vec<Diagnostic>) {
    let mut files = Vec::new();
    files_below(root, root, &mut files);
    let files: Vec<_> = files.iter().map(|(path, text)| SourceFile { path, text }).collect();
    load(&files, Wanted::default(), &DefinitionRules { step: validate_reference, observer: validate_observer })
}

/// Compares with what is expected, or makes it so.
fn expect(path: &Path, found: &str) {
    if std::env::var_os("CUTWATER_BLESS").is_some() {
        fs::write(path, found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(found, expected, "{}", path.display());
}

fn lines(findings: &[Diagnostic]) -> String {
    let line = |finding: &Diagnostic| {
        let Diagnostic { file, line, column, rule, message, .. } = finding;
        format!("{file}:{line}:{column} {rule}: {message}\n")
    };
    findings.iter().map(line).collect()
}

fn violation_lines(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|violation| format!("{} {}: {}\n", violation.path, violation.rule, violation.message))
        .collect()
}

fn read_config(text: &str) -> ReleaseBuildConfiguration {
    read(&parse(text).unwrap(), Strictness::Strict).unwrap()
}

fn check_config(registry: &Registry, path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let config = read_config(&text);
    let resolved = registry.resolve(&config);
    let checked = registry.check(&config);
    assert_eq!(checked.as_ref().err(), resolved.as_ref().err(), "{}: check and resolve differ", path.display());
    match resolved {
        Err(violations) => expect(&path.with_extension("violations.txt"), &violation_lines(&violations)),
        Ok(resolved) => {
            let expected = path.with_extension("resolved.yaml");
            if std::env::var_os("CUTWATER_BLESS").is_some() {
                fs::write(&expected, write(&resolved, text.len()).unwrap()).unwrap();
            }
            assert_eq!(resolved, read_config(&fs::read_to_string(&expected).unwrap()), "{}", path.display());
            for (facts, test) in checked.unwrap().iter().zip(&resolved.tests) {
                let literal = test.literal_steps.as_ref().and_then(|literal| literal.cluster_profile_literal.as_ref());
                let expected = literal.map(|profile| (profile.name.as_str(), profile.cluster_type.as_str()));
                assert_eq!(facts.cluster_profile.map(|profile| (profile.name, profile.cluster_type)), expected);
            }
        }
    }
}

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/registry");
    let cases = sorted(&root);
    assert!(!cases.is_empty());
    for case in cases {
        let (registry, findings) = load_registry(&case.join("registry"));
        expect(&case.join("findings.txt"), &lines(&findings));
        let configs = case.join("configs");
        for config in sorted(&case).contains(&configs).then(|| sorted(&configs)).into_iter().flatten() {
            let name = config.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".yaml") && !name.ends_with(".resolved.yaml") {
                check_config(&registry, &config);
            }
        }
    }
}

#[test]
fn sets_and_groups_of_cluster_profiles_are_resolved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/registry/whole/registry");
    let (registry, _) = load_registry(&root);
    assert_eq!(registry.cluster_profile("aws").map(|profile| profile.cluster_type.as_str()), Some("aws"));
    assert!(registry.cluster_profile("nope").is_none());
    let owner = &registry.cluster_profile("aws-2").unwrap().owners[0];
    assert_eq!(owner.konflux.as_ref().unwrap().clusters_resolved, ["a", "b", "c"]);
}
