//! Configs and what the reference makes of them: one folder per case under `testdata/determinize`.
//!
//! A case holds the tree of configs before (`input/`) and after (`expected/`) the reference ran. `flags.txt` has its flags
//! other than `--config-dir`, one a line (`--confirm` where there is no such file), `status.txt` its exit status where that
//! is not 0.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Sandbox, copy, testdata, tree};

#[test]
fn every_config_ends_as_with_the_reference() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(testdata("determinize")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 50, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let sandbox = Sandbox::new();
    copy(&case.join("input"), &sandbox.join("config"));
    let flags = fs::read_to_string(case.join("flags.txt")).unwrap_or_else(|error| {
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        "--confirm\n".to_owned()
    });
    let mut arguments = vec!["--config-dir", "config"];
    arguments.extend(flags.lines());
    let status = fs::read_to_string(case.join("status.txt")).map_or(0, |text| text.trim().parse().unwrap());
    let expected = tree(&case.join("expected"), |_| true);
    let ran = sandbox.run("determinize-ci-operator", &arguments);
    if ran.status != status {
        return Err(format!("{name}: status {} and not {status}: {}", ran.status, ran.stderr));
    }
    let found = tree(&sandbox.join("config"), |_| true);
    if found != expected {
        let different = found.iter().filter(|(path, bytes)| expected.get(*path) != Some(bytes));
        let texts: Vec<_> =
            different.map(|(path, bytes)| format!("{path}:\n{}", String::from_utf8_lossy(bytes))).collect();
        return Err(format!("{name}: {} files and not {}: {}", found.len(), expected.len(), texts.join("\n")));
    }
    if status == 0 {
        let again = sandbox.run("determinize-ci-operator", &arguments);
        let after = tree(&sandbox.join("config"), |_| true);
        if again.status != 0 || after != found {
            return Err(format!("{name}: a second run changes something: {}", again.stderr));
        }
    }
    Ok(())
}

const CONFIG: &str = "config/acme/shop/acme-shop-main";

fn text(test: &str) -> String {
    let root = "build_root: {image_stream_tag: {name: b, namespace: ci, tag: t}}";
    let resources = "resources: {'*': {requests: {cpu: 100m}}}";
    format!("tests:\n- {{as: {test}, commands: make, container: {{from: src}}}}\n{resources}\n{root}\n")
}

#[test]
fn two_files_of_one_config_that_differ_are_a_finding() {
    let sandbox = Sandbox::new();
    sandbox.write(&format!("{CONFIG}.yaml"), text("one"));
    sandbox.write(&format!("{CONFIG}.yml"), text("two"));
    let before = tree(sandbox.path(), |_| true);
    let ran = sandbox.run("determinize-ci-operator", &["--config-dir", "config", "--confirm"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("error[same-config]") && ran.stderr.contains("acme-shop-main.yml"), "{ran:?}");
    assert!(tree(sandbox.path(), |_| true) == before);
}

#[test]
fn without_confirm_it_says_what_it_would_write() {
    let sandbox = Sandbox::new();
    sandbox.write(&format!("{CONFIG}.yaml"), text("one"));
    let flags = ["--config-dir", "config"];
    let ran = sandbox.run("determinize-ci-operator", &flags);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, "would write config/acme/shop/acme-shop-main.yaml\n"));
    assert_eq!(sandbox.run("determinize-ci-operator", &[flags[0], flags[1], "--confirm"]).status, 0);
    let ran = sandbox.run("determinize-ci-operator", &flags);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
}
