//! The workflows name files and programs that are there, take no more rights than they say, and pin what they use.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value as Json;

use super::support::json::from_yaml;
use super::{files, root, text};

fn workflows() -> Vec<(String, String)> {
    let found: Vec<_> =
        files(".github/workflows", ".yml").into_iter().map(|name| (name.clone(), text(&name))).collect();
    assert!(found.len() >= 3, "{found:?}");
    found
}

/// An action is named by a commit, which nobody can move, and always by the same.
#[test]
fn actions_are_pinned() {
    let uses = Regex::new(r"uses: +(\S+)(.*)").unwrap();
    let pinned = Regex::new(r"^([\w./-]+)@([0-9a-f]{40})$").unwrap();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in workflows() {
        for found in uses.captures_iter(&text) {
            let parts = pinned.captures(&found[1]).unwrap_or_else(|| panic!("{name}: {} is not pinned", &found[1]));
            assert!(found[2].starts_with(" # v"), "{name}: {} does not say its version", &found[1]);
            versions.entry(parts[1].to_owned()).or_default().insert(format!("{}{}", &parts[2], &found[2]));
        }
    }
    for (action, versions) in versions {
        assert_eq!(versions.len(), 1, "{action}: {versions:?}");
    }
}

/// Nothing is granted to a whole workflow, and what may be written is granted where it is needed.
#[test]
fn rights_are_those_of_a_job() {
    let mut writing = BTreeSet::new();
    for (name, text) in workflows() {
        let workflow = from_yaml(&text).unwrap();
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name}");
        for (job, body) in workflow["jobs"].as_object().unwrap() {
            let rights = body["permissions"].as_object().unwrap_or_else(|| panic!("{name}: {job} says no permissions"));
            assert!(body["timeout-minutes"].is_u64(), "{name}: {job} may run for ever");
            writing.extend(rights.iter().filter(|(_, level)| **level == "write").map(|(of, _)| format!("{job} {of}")));
        }
        // A checkout that keeps its token hands it to whatever runs later.
        assert_eq!(
            text.matches("actions/checkout@").count(),
            text.matches("persist-credentials: false").count(),
            "{name}"
        );
    }
    let expected = [
        "hand-out attestations",
        "hand-out contents",
        "hand-out id-token",
        "publish id-token",
        "publish pages",
        "pypi id-token",
        "registry attestations",
        "registry id-token",
        "registry packages",
    ];
    assert_eq!(writing, expected.map(str::to_owned).into());
}

/// What somebody else may have written (a title, a branch) reaches a shell in a variable only.
#[test]
fn shells_get_values_in_variables() {
    for (name, text) in workflows() {
        let workflow = from_yaml(&text).unwrap();
        for (job, body) in workflow["jobs"].as_object().unwrap() {
            for step in body["steps"].as_array().unwrap() {
                let script = step["run"].as_str().unwrap_or("");
                assert!(!script.contains("${{"), "{name}: {job}: {script}");
            }
        }
    }
}

#[test]
fn files_that_workflows_run_are_there() {
    let path = Regex::new(r"(?:^|[\s'])((?:tests|docs|src|\.ci|\.github)/[\w./-]*\w)").unwrap();
    let make = Regex::new(r"\bmake (\w+)").unwrap();
    let mut found = 0;
    for (name, text) in workflows() {
        for named in path.captures_iter(&text) {
            assert!(root().join(&named[1]).exists(), "{name}: {} is not there", &named[1]);
            found += 1;
        }
        for target in make.captures_iter(&text) {
            assert!(super::text("Makefile").contains(&format!("\n{}:", &target[1])), "{name}: make {}", &target[1]);
        }
    }
    assert!(found > 4);
}

/// Programs, wheels and the image are made for the same systems, with the maturin that is tried here.
#[test]
fn a_release_is_of_one_piece() {
    let release = from_yaml(&text(".github/workflows/release.yml")).unwrap();
    let column = |job: &str, name: &str| -> BTreeSet<String> {
        let rows = release["jobs"][job]["strategy"]["matrix"]["include"].as_array().unwrap();
        rows.iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    let programs = column("programs", "target");
    assert_eq!(programs.len(), 4);
    let wheels = column("wheels", "target");
    assert!(programs.is_subset(&wheels), "{programs:?} {wheels:?}");
    assert_eq!(column("image", "arch").len(), 2);
    let pinned = text("tests/tools/prepare");
    let pinned = pinned.split("[maturin]=").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let steps = ["wheels", "sources"].map(|job| &release["jobs"][job]["steps"]);
    for step in steps.into_iter().flat_map(|steps| steps.as_array().unwrap()) {
        if let Json::String(version) = &step["with"]["maturin-version"] {
            assert_eq!(*version, format!("v{pinned}"));
        }
    }
    let out = &release["jobs"]["hand-out"];
    let needed: BTreeSet<&str> = out["needs"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    assert!(needed.is_superset(&["programs", "wheels", "sources", "image"].into()), "{needed:?}");
    for job in ["hand-out", "pypi", "registry"] {
        assert_eq!(release["jobs"][job]["environment"], "release", "{job}");
    }
}
