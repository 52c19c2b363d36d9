//! `cutwater check` on the sample release repository: what it finds, what limits it, and every form of output, read back by
//! programs that are not ours.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use support::{Ran, Sandbox};

const JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";

/// The sample with everything generated and in form.
fn updated() -> Sandbox {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["update"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    sandbox
}

fn findings(sandbox: &Sandbox, arguments: &[&str]) -> Vec<Value> {
    let ran = sandbox.run("cutwater", &[&["check", "-q", "--format=json"], arguments].concat());
    assert!(ran.status < 2, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// Rules of findings about a file.
fn rules(findings: &[Value], file: &str) -> Vec<String> {
    let of_file = findings.iter().filter(|finding| finding["file"] == file);
    of_file.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

fn edit(sandbox: &Sandbox, file: &str, from: &str, to: &str) {
    let text = sandbox.read(file);
    assert!(text.contains(from), "{file} has no {from:?}");
    sandbox.write(file, text.replacen(from, to, 1));
}

#[test]
fn a_hand_edit_a_stale_job_and_a_bad_config_are_found_in_one_run() {
    let sandbox = updated();
    let before = findings(&sandbox, &[]);
    assert!(rules(&before, JOBS).is_empty(), "{before:?}");
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let stale = sandbox.read(JOBS).replace("acme-webshop-main-arm64-unit", "acme-webshop-main-gone");
    let extra = stale.split("  - agent: kubernetes\n").find(|job| job.contains("acme-webshop-main-gone")).unwrap();
    sandbox.write(JOBS, format!("{}  - agent: kubernetes\n{extra}", sandbox.read(JOBS)));
    sandbox.write("ci-operator/config/acme/cli/acme-cli-main.yaml", "tests:\n- as: unit\n");
    let found = findings(&sandbox, &[]);
    let of_jobs = rules(&found, JOBS);
    assert!(of_jobs.contains(&"edited-job".to_owned()) && of_jobs.contains(&"stale-job".to_owned()), "{of_jobs:?}");
    let edited = found.iter().find(|finding| finding["rule"] == "edited-job").unwrap();
    assert_eq!(edited["related"][0]["file"], "ci-operator/config/acme/webshop/acme-webshop-main__arm64.yaml");
    assert!(edited["fix"].as_str().unwrap().contains("`as` of the test"), "{edited}");
    let line = usize::try_from(edited["line"].as_u64().unwrap()).unwrap();
    assert!(sandbox.read(JOBS).lines().nth(line - 1).unwrap().contains("changed-by-hand"), "{edited}");
    let broken = rules(&found, "ci-operator/config/acme/cli/acme-cli-main.yaml");
    assert!(broken.len() > 1, "{broken:?}");
    let twice: Vec<_> =
        found.iter().filter(|finding| found.iter().filter(|other| other == finding).count() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn nothing_is_written() {
    let sandbox = Sandbox::sample();
    let before = support::tree(sandbox.path(), |_| true);
    assert_eq!(sandbox.run("cutwater", &["check"]).status, 1);
    assert!(support::tree(sandbox.path(), |_| true) == before);
}

#[test]
fn paths_limit_what_is_told_and_a_step_reaches_the_repositories_that_use_it() {
    let sandbox = updated();
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let told = |paths: &[&str]| findings(&sandbox, paths);
    assert!(told(&[]).len() > told(&["ci-operator/config/acme"]).len());
    assert_eq!(rules(&told(&[JOBS]), JOBS), ["edited-job"]);
    // The other place of the finding is the config.
    let config = "ci-operator/config/acme/webshop/acme-webshop-main__arm64.yaml";
    assert_eq!(rules(&told(&[config]), JOBS), ["edited-job"]);
    assert!(rules(&told(&["ci-operator/config/acme/cli"]), JOBS).is_empty());
    let step = "ci-operator/step-registry/acme/gather/metrics/acme-gather-metrics-ref.yaml";
    let installer = "ci-operator/config/acme/installer/acme-installer-main.yaml";
    assert!(!rules(&told(&[step]), installer).is_empty(), "{:?}", told(&[step]));
    assert_eq!(sandbox.run("cutwater", &["check", "/elsewhere"]).status, 2);
}

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git").current_dir(sandbox.path()).args(identity).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_change_is_told_apart_from_what_was_there() {
    let sandbox = updated();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "base"]);
    assert!(findings(&sandbox, &["--changed-since", "main"]).is_empty());
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let found = findings(&sandbox, &["--changed-since", "main"]);
    assert_eq!(rules(&found, JOBS), ["edited-job"], "{found:?}");
    assert!(found.iter().all(|finding| finding["file"] == JOBS), "{found:?}");
    sandbox.write("ci-operator/config/acme/new/acme-new-main.yaml", "tests: []\n");
    let found = findings(&sandbox, &["--changed-since", "main", "ci-operator/config"]);
    assert!(found.iter().all(|finding| finding["file"].as_str().unwrap().contains("acme/new")), "{found:?}");
    assert!(found.len() > 1);
    let ran = sandbox.run("cutwater", &["check", "--changed-since", "no-such-revision"]);
    assert!(ran.status == 2 && ran.stderr.contains("git cannot tell what changed since no-such-revision"), "{ran:?}");
}

#[test]
fn settings_and_baseline_sort_out_what_is_told() {
    let sandbox = updated();
    let all = findings(&sandbox, &[]).len();
    let ignore = "[rules]\nconfigs-without-owners = \"off\"\nduplicate-step = \"warn\"\n\n[[ignore]]\n\
        rule = \"file-in-no-config-map\"\npaths = [\"ci-operator/**\"]\nreason = \"the sample has few entries\"\n";
    sandbox.write("cutwater.toml", ignore);
    let left = findings(&sandbox, &[]);
    assert!(left.len() < all && left.iter().all(|finding| finding["rule"] != "configs-without-owners"));
    assert!(left.iter().filter(|finding| finding["rule"] == "duplicate-step").all(|it| it["severity"] == "warning"));
    let ran = sandbox.run("cutwater", &["check"]);
    assert!(ran.stderr.contains("ignored by cutwater.toml"), "{}", ran.stderr);
    sandbox.write("cutwater.toml", "[rules]\nduplicate-stp = \"off\"\n");
    let broken = findings(&sandbox, &[]);
    assert_eq!(rules(&broken, "cutwater.toml"), ["broken-settings"]);
    assert!(broken.iter().any(|it| it["message"].as_str().unwrap().contains("did you mean `duplicate-step`")));
    fs::remove_file(sandbox.join("cutwater.toml")).unwrap();

    let ran = sandbox.run("cutwater", &["check", "--baseline", "known.json", "--update-baseline"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let ran = sandbox.run("cutwater", &["check", "--strict", "--baseline", "known.json"]);
    assert!(ran.status == 0 && ran.stderr.contains("known to the baseline"), "{ran:?}");
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let new = findings(&sandbox, &["--baseline", "known.json"]);
    assert_eq!((new.len(), rules(&new, JOBS)), (1, vec!["edited-job".to_owned()]));
    sandbox.write("known.json", "{}");
    assert_eq!(sandbox.run("cutwater", &["check", "--baseline", "known.json"]).status, 2);
}

#[test]
fn broken_settings_are_not_put_under_the_baseline() {
    let sandbox = updated();
    sandbox.write("cutwater.toml", "garbage");
    let refused = "the baseline is left as it is: cutwater.toml cannot be understood\n";
    let update = ["check", "--baseline", "known.json", "--update-baseline"];
    let ran = sandbox.run("cutwater", &update);
    assert!(ran.status == 1 && ran.stderr.contains(refused) && ran.stdout.contains("[broken-settings]"), "{ran:?}");
    assert!(!sandbox.join("known.json").exists());
    fs::remove_file(sandbox.join("cutwater.toml")).unwrap();
    assert_eq!(sandbox.run("cutwater", &update).status, 0);
    let known = sandbox.read("known.json");

    sandbox.write("cutwater.toml", "garbage");
    let ran = sandbox.run("cutwater", &update);
    assert!(ran.status == 1 && ran.stderr.contains(refused), "{ran:?}");
    assert_eq!(sandbox.read("known.json"), known);
    let left = findings(&sandbox, &["--baseline", "known.json"]);
    assert_eq!((left.len(), rules(&left, "cutwater.toml")), (1, vec!["broken-settings".to_owned()]));
    // Of a baseline that has it from somewhere.
    let message = left[0]["message"].as_str().unwrap();
    let of_settings = serde_json::json!({
        "version": 1,
        "findings": [{ "rule": "broken-settings", "file": "cutwater.toml", "message": message, "count": 1 }],
    });
    sandbox.write("known.json", of_settings.to_string());
    assert!(findings(&sandbox, &["--baseline", "known.json"]).iter().any(|it| it["rule"] == "broken-settings"));
}

#[test]
fn warnings_count_where_they_are_to() {
    let sandbox = updated();
    let path = "ci-operator/config/acme/cli";
    assert_eq!(sandbox.run("cutwater", &["check", path]).status, 0);
    assert_eq!(sandbox.run("cutwater", &["check", "--strict", path]).status, 1);
}

/// The schema of SARIF, from the crate that has it.
fn sarif_schema() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
        .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo metadata");
    let packages = metadata["packages"].as_array().unwrap();
    let package =
        packages.iter().find(|package| package["name"] == "serde-sarif").expect("serde-sarif is a dependency");
    let schema = PathBuf::from(package["manifest_path"].as_str().unwrap()).with_file_name("src").join("schema.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    // This pattern of the schema's has a bracket too many, so that no validator compiles it; we write no language.
    for definition in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{definition}/properties/language")).unwrap();
        let pattern = language.as_object_mut().unwrap().remove("pattern");
        assert!(pattern.is_some_and(|pattern| pattern.as_str().unwrap().ends_with("]?$")));
    }
    schema
}

#[test]
fn every_form_is_read_by_those_it_is_for() {
    let sandbox = updated();
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let artifacts = sandbox.join("artifacts");
    let mut command = sandbox.command("cutwater");
    let forms = ["--output-file", "sarif=out/check.sarif", "--output-file", "junit=out/check.xml"];
    let config = "ci-operator/config/acme/cli/acme-cli-main.yaml";
    edit(&sandbox, config, "    name: cli\n", "    name: 4.10\n");
    // Only these files are of the change, so their findings come first.
    command.args(["check", "--format=github", JOBS, config]).args(forms).env("ARTIFACTS", &artifacts);
    let ran = Ran::from(command.output().unwrap());
    assert_eq!(ran.status, 1, "{ran:?}");

    let annotation = format!("::error file={JOBS},line=");
    assert!(ran.stdout.contains(&annotation) && ran.stdout.contains("title=edited-job::"), "{}", ran.stdout);
    let errors = ran.stdout.lines().filter(|line| line.starts_with("::error")).count();
    assert!(errors <= 10 && ran.stdout.lines().all(|line| line.starts_with("::")), "{}", ran.stdout);

    let sarif: Value = serde_json::from_str(&sandbox.read("out/check.sarif")).unwrap();
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    let problems: Vec<String> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let log: serde_sarif::sarif::Sarif = serde_json::from_value(sarif.clone()).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(log.runs.len(), 1);
    let edited = results.iter().find(|result| result["ruleId"] == "edited-job").unwrap();
    let index = usize::try_from(edited["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], "edited-job");
    assert_eq!(edited["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], JOBS);

    let quoted = results.iter().find(|result| result["ruleId"] == "text-changes").unwrap();
    let replacement = &quoted["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "\"4.10\"");
    let columns = ["startColumn", "endColumn"].map(|key| replacement["deletedRegion"][key].as_u64().unwrap());
    assert_eq!(columns, [11, 15]);

    for path in ["out/check.xml", "artifacts/junit_cutwater.xml"] {
        let suites = junit_parser::from_reader(fs::read(sandbox.join(path)).unwrap().as_slice()).unwrap();
        let cases: Vec<_> = suites.suites.iter().flat_map(|suite| &suite.cases).collect();
        let failed = cases.iter().find(|case| case.original_name == JOBS).unwrap();
        assert!(failed.status.is_failure() && suites.failures > 0, "{failed:?}");
        let text = fs::read_to_string(sandbox.join(path)).unwrap();
        assert!(text.contains("error[edited-job]") && text.contains("= help:"), "{text}");
    }
    assert_eq!(findings(&sandbox, &[JOBS, config]).len(), results.len());
}

#[test]
fn a_config_by_itself_is_held_against_all_that_others_promote() {
    let sandbox = updated();
    let text = "base_images:\n  base:\n    name: ubi\n    namespace: ocp\n    tag: \"9\"\nimages:\n  items:\n  - from: base\n    \
                to: widget\npromotion:\n  to:\n  - name: \"4.99\"\n    namespace: acme-stream\nresources:\n  '*':\n    \
                requests:\n      cpu: 100m\n";
    let [one, two] = ["cli", "webshop"].map(|repo| format!("ci-operator/config/acme/{repo}/acme-{repo}-dev.yaml"));
    for file in [&one, &two] {
        sandbox.write(file, text);
    }
    for (named, other) in [(&one, &two), (&two, &one)] {
        let found = findings(&sandbox, &[named]);
        let twice = found.iter().find(|finding| finding["rule"] == "tag-promoted-twice");
        let twice = twice.unwrap_or_else(|| panic!("{named}: {found:#?}"));
        let places = [twice["file"].as_str(), twice["related"][0]["file"].as_str()];
        assert!(places.contains(&Some(named)) && places.contains(&Some(other)), "{twice:#}");
        // Whatever else is told of these configs is told by a run over everything.
        let all = findings(&sandbox, &[]);
        assert!(found.iter().all(|finding| all.contains(finding)), "{found:#?}");
    }
}

#[test]
fn the_page_about_checking_shows_what_is_printed() {
    let sandbox = updated();
    edit(&sandbox, JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    edit(&sandbox, "ci-operator/config/acme/cli/acme-cli-main.yaml", "  commands: make test", "  comands: make test");
    support::page::hold("check", "cli_check", &sandbox);
}

#[test]
fn what_a_config_no_longer_gives_or_does_not_give_yet_is_told_with_its_path() {
    let config = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
    let sandbox = updated();
    let text = sandbox.read(config);
    let docs = text.find("- as: docs").unwrap();
    let end = docs + 1 + text[docs + 1..].find("\n- as: ").unwrap();
    sandbox.write(config, format!("{}{}", &text[..docs], &text[end..].trim_start_matches('\n')));
    let all = rules(&findings(&sandbox, &[]), JOBS);
    assert!(all.contains(&"stale-job".to_owned()), "{all:?}");
    for named in [vec![config], vec!["ci-operator/config/acme"], vec![config, "core-services"]] {
        assert_eq!(rules(&findings(&sandbox, &named), JOBS), all, "{named:?}");
    }
    fs::remove_file(sandbox.path().join(config)).unwrap();
    let all = rules(&findings(&sandbox, &[]), JOBS);
    assert!(all.iter().filter(|rule| *rule == "stale-job").count() > 3, "{all:?}");
    assert_eq!(rules(&findings(&sandbox, &[config]), JOBS), all);
}

#[test]
fn what_is_wrong_with_a_config_and_the_registry_is_told_once() {
    let config = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
    let mistakes = [
        ("workflow: acme-e2e", "workflow: acme-e2f", "unknown-workflow"),
        ("workflow: acme-e2e", "test:\n    - ref: acme-nowhere", "unknown-step"),
    ];
    for (right, wrong, rule) in mistakes {
        let sandbox = updated();
        edit(&sandbox, config, right, wrong);
        let found = findings(&sandbox, &[]);
        let told: Vec<_> = found.iter().filter(|it| it["file"] == config && it["rule"] == rule).collect();
        assert!(told.len() == 1 && told[0]["reference"].is_string(), "{told:#?}");
    }
}
