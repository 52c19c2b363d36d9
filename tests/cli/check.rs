//! `cutwater check` on the sample release repository: what it finds, what limits it, and every form of output, read back by
//! programs that are not ours.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, Sandbox};
use serde_json::Value;

const JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";

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

#[test]
fn a_hand_edit_a_stale_job_and_a_bad_config_are_found_in_one_run() {
    let sandbox = Sandbox::updated();
    let before = findings(&sandbox, &[]);
    assert!(rules(&before, JOBS).is_empty(), "{before:?}");
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
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
    let before = crate::support::tree(sandbox.path(), |_| true);
    assert_eq!(sandbox.run("cutwater", &["check"]).status, 1);
    assert!(crate::support::tree(sandbox.path(), |_| true) == before);
}

#[test]
fn paths_limit_what_is_told_and_a_step_reaches_the_repositories_that_use_it() {
    let sandbox = Sandbox::updated();
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
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
    let sandbox = Sandbox::updated();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "base"]);
    assert!(findings(&sandbox, &["--changed-since", "main"]).is_empty());
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let found = findings(&sandbox, &["--changed-since", "main"]);
    assert_eq!(rules(&found, JOBS), ["edited-job"], "{found:?}");
    assert!(found.iter().all(|finding| finding["file"] == JOBS), "{found:?}");
    sandbox.write("ci-operator/config/acme/new/acme-new-main.yaml", "tests: []\n");
    let found = findings(&sandbox, &["--changed-since", "main", "ci-operator/config"]);
    assert!(found.iter().all(|finding| finding["file"].as_str().unwrap().contains("acme/new")), "{found:?}");
    assert!(found.len() > 1);
    // What a change removed is none of the paths that have to be there.
    fs::remove_dir_all(sandbox.join("ci-operator/config/acme/webshop")).unwrap();
    fs::remove_dir_all(sandbox.join("ci-operator/jobs/acme/webshop")).unwrap();
    fs::remove_dir_all(sandbox.join("ci-operator/step-registry/acme/gather")).unwrap();
    assert!(findings(&sandbox, &["--changed-since", "main"]).len() > 1);
}

/// That a check is refused with one line, which says this.
fn refused(ran: Ran, why: &str) {
    assert!(ran.status == 2 && ran.stdout.is_empty(), "{why}: {ran:?}");
    assert!(ran.stderr.lines().count() == 1 && ran.stderr.contains(why), "{why}: {ran:?}");
}

fn check_in(sandbox: &Sandbox, directory: impl AsRef<Path>, arguments: &[&str]) -> Ran {
    let directory = sandbox.path().join(directory);
    let mut command = sandbox.command("cutwater");
    Ran::from(command.current_dir(directory).args(["check", "-q"]).args(arguments).output().unwrap())
}

#[test]
fn a_revision_is_never_an_option_of_git() {
    let sandbox = Sandbox::updated();
    let since = |revision: &str| check_in(&sandbox, "", &[&format!("--changed-since={revision}")]);
    refused(since("main"), &format!("{} is no git repository", sandbox.path().display()));
    git(&sandbox, &["init", "-q", "-b", "main"]);
    refused(since("main"), "there is no revision main");
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "base"]);
    git(&sandbox, &["tag", "-a", "-m", "annotated", "release"]);
    let option = format!("--output={}", sandbox.join("written").display());
    let blob = format!("HEAD:{JOBS}");
    for revision in ["no-such-revision", &option, "--no-index", "-h", &blob, "HEAD^{tree}", "^main", "main..HEAD"] {
        refused(since(revision), &format!("there is no revision {revision}"));
    }
    assert!(!sandbox.join("written").exists());
    for revision in ["release", "HEAD~0", "@"] {
        assert_eq!(since(revision).status, 0, "{revision}");
    }
    git(&sandbox, &["checkout", "-q", "--orphan", "other"]);
    git(&sandbox, &["commit", "-q", "-m", "unrelated"]);
    refused(since("main"), "HEAD and main have no commit in common");
    assert_eq!(since("").status, 2);
}

#[test]
fn a_path_that_leads_nowhere_is_refused() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/webshop";
    for (directory, path) in [
        ("", "nope"),
        ("", "nope.yaml"),
        ("", "ci-operator/confg"),
        ("", "ci-operator/config/amce"),
        ("", "ci-operator/config/acme/nonexist"),
        ("", "ci-operator/config/acme/nonexist/acme-nonexist-main.yaml"),
        ("", "ci-operator/jobs/amce/webshop/amce-webshop-main-presubmits.yaml"),
        ("", "ci-operator/config/acme/*"),
        ("", "ci-operator/config/acme/webshop/*"),
        ("", "ci-operator/config/acme/webshop/acme-webshop-*.yaml"),
        ("", "ci-operator/step-registry/acme/gatehr"),
        ("", "ci-operator/step-registry/acme/gatehr/acme-gatehr-ref.yaml"),
        ("ci-operator/config/acme", "webshp"),
        (config, "ci-operator/config/acme/webshp"),
    ] {
        refused(check_in(&sandbox, directory, &[path]), &format!("{path} is not there"));
    }
    for (directory, path) in [("", ".."), ("", "../README.md"), ("ci-operator/config", "../../.."), ("", "/elsewhere")]
    {
        refused(check_in(&sandbox, directory, &[path]), &format!("{path} is not in "));
    }
    let elsewhere = Sandbox::new();
    for path in [".", "..", "ci-operator/../.."] {
        let root = format!("--release-repo={}", sandbox.path().display());
        refused(check_in(&elsewhere, "", &[&root, path]), &format!("{path} is not in "));
    }
}

#[test]
fn a_path_is_found_from_where_one_stands_from_the_root_and_through_links() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/webshop";
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let outside = Sandbox::new();
    let link = outside.join("link");
    symlink(sandbox.path(), &link).unwrap();
    // Another name for a directory in the repository.
    symlink("jobs/acme", sandbox.join("ci-operator/acme-jobs")).unwrap();
    let root = format!("--release-repo={}", link.display());
    let [through, real] = [&link, &sandbox.path().to_owned()].map(|root| format!("{}/{JOBS}", root.display()));
    let cases: [(&Path, &[&str]); 9] = [
        ("".as_ref(), &[JOBS]),
        (config.as_ref(), &[JOBS]),
        ("ci-operator/jobs/acme".as_ref(), &["webshop"]),
        ("ci-operator/jobs/acme".as_ref(), &["../../jobs/acme/webshop/"]),
        ("".as_ref(), &["ci-operator/acme-jobs/webshop"]),
        (&link, &[&through]),
        (outside.path(), &[&root, &real]),
        (outside.path(), &[&root, JOBS]),
        (outside.path(), &[&through, &real]),
    ];
    for (directory, arguments) in cases {
        let ran = check_in(&sandbox, directory, &[&["--format=json"], arguments].concat());
        assert_eq!(ran.status, 1, "{directory:?} {arguments:?}: {ran:?}");
        let found: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(rules(&found, JOBS), ["edited-job"], "{directory:?} {arguments:?}");
        assert!(rules(&found, "ci-operator/config/acme/installer/acme-installer-main.yaml").is_empty());
    }
}

#[test]
fn a_path_may_name_what_was_just_deleted() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/webshop/acme-webshop-main__arm64.yaml";
    fs::remove_file(sandbox.join(config)).unwrap();
    let outside = Sandbox::new();
    let link = outside.join("link");
    symlink(sandbox.path(), &link).unwrap();
    let [through, root] = [link.join(config), link].map(|path| path.display().to_string());
    let root = format!("--release-repo={root}");
    let real = sandbox.join(config).display().to_string();
    for (directory, arguments) in [
        ("", &[config][..]),
        ("ci-operator/config/acme/webshop", &["acme-webshop-main__arm64.yaml"]),
        ("ci-operator/config/acme/webshop", &[config]),
        ("ci-operator/config/acme", &[config]),
        ("", &[&through]),
        ("", &[&root, &real]),
    ] {
        let ran = check_in(&sandbox, directory, arguments);
        assert!(ran.status < 2, "{directory} {arguments:?}: {ran:?}");
    }
    // Its jobs are stale now, which is told of them.
    assert!(rules(&findings(&sandbox, &[config, JOBS]), JOBS).contains(&"stale-job".to_owned()));
    fs::remove_dir_all(sandbox.join("ci-operator/config/acme/webshop")).unwrap();
    for path in [config, "ci-operator/config/acme/webshop"] {
        assert!(check_in(&sandbox, "", &[path]).status < 2, "{path}");
    }
    let steps = "ci-operator/step-registry/acme/gather/metrics";
    for path in ["acme-gather-metrics-ref.yaml", "acme-gather-metrics-commands.sh", "OWNERS"] {
        let path = format!("{steps}/{path}");
        let _ = fs::remove_file(sandbox.join(&path));
        assert!(check_in(&sandbox, "", &[&path]).status < 2, "{path}");
    }
}

#[test]
fn files_are_written_only_where_a_directory_is() {
    let sandbox = Sandbox::updated();
    for form in ["json=", "json", "=x", "yaml=x"] {
        let ran = sandbox.run("cutwater", &["check", "--output-file", form]);
        assert!(ran.status == 2 && ran.stderr.contains("--output-file"), "{form}: {ran:?}");
    }
    let json = format!("json={}", sandbox.join("no/dir/x.json").display());
    let why = format!("there is no directory {}", sandbox.join("no/dir").display());
    refused(check_in(&sandbox, "", &["--output-file", &json]), &why);
    refused(check_in(&sandbox, "", &["--output-file=json=no/x"]), "cannot write no/x: there is no directory no");
    let baseline = ["--update-baseline", "--baseline", "no/known.json"];
    refused(check_in(&sandbox, "", &baseline), "cannot write no/known.json: there is no directory no");
    assert!(!sandbox.join("no").exists());
    // One that is only read has its own words.
    assert!(check_in(&sandbox, "", &["--baseline=no/known.json"]).stderr.contains("no/known.json"));
}

#[test]
fn settings_and_baseline_sort_out_what_is_told() {
    let sandbox = Sandbox::updated();
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
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let new = findings(&sandbox, &["--baseline", "known.json"]);
    assert_eq!((new.len(), rules(&new, JOBS)), (1, vec!["edited-job".to_owned()]));
    sandbox.write("known.json", "{}");
    assert_eq!(sandbox.run("cutwater", &["check", "--baseline", "known.json"]).status, 2);
}

#[test]
fn broken_settings_are_not_put_under_the_baseline() {
    let sandbox = Sandbox::updated();
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
    let sandbox = Sandbox::updated();
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
    let sandbox = Sandbox::updated();
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let artifacts = sandbox.join("artifacts");
    fs::create_dir(sandbox.join("out")).unwrap();
    let mut command = sandbox.command("cutwater");
    let forms = ["--output-file", "sarif=out/check.sarif", "--output-file", "junit=out/check.xml"];
    let config = "ci-operator/config/acme/cli/acme-cli-main.yaml";
    sandbox.edit(config, "    name: cli\n", "    name: 4.10\n");
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
    let sandbox = Sandbox::updated();
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

/// A config of its own, with one test that has these lines.
fn with_test(sandbox: &Sandbox, lines: &str) -> (String, String) {
    let config = "ci-operator/config/acme/odd/acme-odd-main.yaml";
    let text = format!(
        "resources:\n  '*':\n    requests:\n      cpu: 10m\ntests:\n- as: unit\n  commands: make test\n  container:\n    \
         from: src\n{lines}"
    );
    sandbox.write(config, text);
    sandbox.write("ci-operator/config/acme/odd/OWNERS", "approvers:\n- someone\n");
    // What is odd is not refused, so that jobs are made of it.
    sandbox.run("cutwater", &["update", "--keep-going"]);
    (config.to_owned(), "ci-operator/jobs/acme/odd/acme-odd-main-presubmits.yaml".to_owned())
}

#[test]
fn what_is_wrong_with_a_test_and_its_job_is_told_once() {
    for (lines, rule) in [
        ("  run_if_changed: (?!a)\n", "broken-change-pattern"),
        ("  skip_if_only_changed: .*|a\n", "skip-of-everything"),
        ("  skip_branches:\n  - ^main\n", "own-branch-skipped"),
        ("  skip_branches:\n  - ^other$\n  - ^main\n", "own-branch-skipped"),
        ("  cron: 0 0 31 2 *\n", "date-that-never-comes"),
    ] {
        let sandbox = Sandbox::updated();
        let (config, presubmits) = with_test(&sandbox, lines);
        let jobs = if lines.contains("cron") { presubmits.replace("presubmits", "periodics") } else { presubmits };
        let found = findings(&sandbox, &[]);
        let told: Vec<&Value> =
            found.iter().filter(|finding| finding["file"] == *config && finding["line"] != 0).collect();
        let [told] = told[..] else { panic!("{told:#?}") };
        assert_eq!(told["rule"], rule);
        let of_jobs = rules(&found, &jobs);
        for same in [rule, "job-pattern-broken", "all-branches-skipped"] {
            assert!(!of_jobs.contains(&same.to_owned()), "{of_jobs:?}");
        }
        assert_eq!(told["related"][0]["file"], *jobs, "{told:#}");
        // Prow refuses the job, and whoever asks for the jobs is told.
        if rule == "broken-change-pattern" {
            assert_eq!(told["severity"], "error", "{told:#}");
            assert!(told["reference"].is_string(), "{told:#}");
            assert!(findings(&sandbox, &[&jobs]).contains(told));
        }
    }
}

#[test]
fn a_finding_about_a_generated_job_leads_to_the_config() {
    let sandbox = Sandbox::updated();
    let (config, jobs) = with_test(
        &sandbox,
        "- as: a-test-with-a-name-that-is-longer-than-what-fits-into-a-label\n  commands: make\n  container:\n    from: src\n",
    );
    let found = findings(&sandbox, &["--warnings=long-job-names"]);
    let long = found.iter().find(|finding| finding["file"] == *jobs).unwrap_or_else(|| panic!("{found:#?}"));
    let place = &long["related"][0];
    assert_eq!((place["file"].as_str(), place["message"].as_str()), (Some(&*config), Some("the job comes from here")));
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    assert!(sandbox.read(&config).lines().nth(line - 1).unwrap().contains("as: a-test-with"), "{long:#}");
}

#[test]
fn what_stands_in_the_way_of_a_job_file_is_told() {
    let sandbox = Sandbox::updated();
    fs::remove_file(sandbox.join(JOBS)).unwrap();
    fs::create_dir(sandbox.join(JOBS)).unwrap();
    let by_hand = "ci-operator/jobs/by-hand.yaml";
    sandbox.write(by_hand, "periodics:\n- agent: jenkins\n  interval: 1h\n  name: by-hand\n");
    let found = findings(&sandbox, &[]);
    assert_eq!(rules(&found, JOBS), ["directory-for-job-file"], "{found:#?}");
    assert!(rules(&found, by_hand).contains(&"unknown-job-file".to_owned()), "{found:#?}");
}

#[test]
fn settings_that_cannot_be_read_are_a_finding() {
    let sandbox = Sandbox::updated();
    fs::create_dir(sandbox.join("cutwater.toml")).unwrap();
    let told = |words: &str| {
        let found = findings(&sandbox, &[]);
        let broken = found.iter().find(|finding| finding["file"] == "cutwater.toml").unwrap();
        assert_eq!(broken["rule"], "broken-settings");
        assert!(broken["message"].as_str().unwrap().contains(words), "{broken:#}");
    };
    told("is a directory");
    fs::remove_dir(sandbox.join("cutwater.toml")).unwrap();
    fs::write(sandbox.join("cutwater.toml"), b"[rules]\n# \xe4\n").unwrap();
    told("byte 10 is not part of any character");
}

#[test]
fn a_config_is_told_of_owners_as_in_a_run_over_everything() {
    let sandbox = Sandbox::updated();
    fs::remove_file(sandbox.join("ci-operator/config/acme/webshop/OWNERS")).unwrap();
    let all = findings(&sandbox, &[]);
    for named in ["ci-operator/config/acme/webshop", "ci-operator/config/acme", "ci-operator/config/acme/cli"] {
        let found = findings(&sandbox, &[named]);
        let of = |findings: &[Value]| -> Vec<Value> {
            let owners = findings.iter().filter(|finding| finding["rule"] == "configs-without-owners");
            owners
                .filter(|it| it["file"].as_str().unwrap().starts_with(&format!("{named}/")))
                .map(|it| it["file"].clone())
                .collect()
        };
        assert_eq!(of(&found), of(&all), "{named}");
    }
}

#[test]
fn the_page_about_checking_shows_what_is_printed() {
    let sandbox = Sandbox::updated();
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    sandbox.edit("ci-operator/config/acme/cli/acme-cli-main.yaml", "  commands: make test", "  comands: make test");
    crate::support::page::hold("check", "cli check::", &sandbox);
}

/// Rules of all findings.
fn all_rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn without_a_registry_each_use_of_a_step_is_told_and_the_rest_is_checked() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/cli/acme-cli-main.yaml";
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    sandbox.edit(config, "    name: cli\n", "    name: 4.10\n");
    // Configs of this repository need no step, so that its jobs are compared.
    let webshop = "ci-operator/config/acme/webshop";
    for file in crate::support::tree(&sandbox.join(webshop), |_| true).into_keys() {
        if file.ends_with(".yaml") && sandbox.read(&format!("{webshop}/{file}")).contains("  steps:\n") {
            fs::remove_file(sandbox.join(&format!("{webshop}/{file}"))).unwrap();
        }
    }
    fs::remove_dir_all(sandbox.join("ci-operator/step-registry")).unwrap();
    let found = findings(&sandbox, &[]);
    assert!(rules(&found, JOBS).contains(&"edited-job".to_owned()), "{found:#?}");
    assert!(rules(&found, config).contains(&"text-changes".to_owned()), "{found:#?}");
    let is_use = |it: &&Value| ["unknown-step", "unknown-workflow"].contains(&it["rule"].as_str().unwrap());
    let unknown: Vec<_> = found.iter().filter(is_use).collect();
    assert!(!unknown.is_empty() && unknown.iter().all(|it| it["line"].as_u64() > Some(0)), "{found:#?}");
    // With paths as well, and a config is explained.
    let installer = "ci-operator/config/acme/installer/acme-installer-main.yaml";
    let of_installer = findings(&sandbox, &[installer]);
    assert!(!rules(&of_installer, installer).is_empty(), "{of_installer:#?}");
    let ran = sandbox.run("cutwater", &["explain", installer]);
    assert!(ran.status < 2 && ran.stdout.contains("What is wrong here"), "{ran:?}");
    for command in ["jobs", "update"] {
        let ran = sandbox.run("cutwater", &[command]);
        assert!(ran.status == 2 && ran.stderr.contains("cannot list"), "{ran:?}");
    }
    // A file in its place is told of.
    sandbox.write("ci-operator/step-registry", "x");
    assert_eq!(rules(&findings(&sandbox, &[]), "ci-operator/step-registry"), ["unreadable-file"]);
}

#[test]
fn nothing_but_configs_is_enough_to_be_checked() {
    let sandbox = Sandbox::new();
    sandbox.write("ci-operator/config/acme/cli/acme-cli-main.yaml", "tests:\n- as: unit\n");
    let found = findings(&sandbox, &[]);
    let told = all_rules(&found);
    assert!(told.contains(&"missing-dispatcher-file") && told.contains(&"configs-without-owners"), "{told:?}");
    assert!(rules(&found, "ci-operator/config/acme/cli/acme-cli-main.yaml").len() > 1, "{found:#?}");
}

#[test]
fn without_what_chooses_clusters_all_but_the_comparison_of_jobs_is_checked() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/cli/acme-cli-main.yaml";
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    sandbox.edit(config, "    name: cli\n", "    name: 4.10\n");
    let [rule, clusters] = ["_config", "_clusters"].map(|it| format!("core-services/sanitize-prow-jobs/{it}.yaml"));
    let of_rule = |found: &[Value]| -> Vec<String> {
        let of_rule = found.iter().filter(|finding| finding["rule"] == "missing-dispatcher-file");
        of_rule.map(|finding| finding["file"].as_str().unwrap().to_owned()).collect()
    };
    let kept = sandbox.read(&rule);
    let mut gone = Vec::new();
    for (file, told) in [(&rule, &rule), (&clusters, &rule)] {
        fs::remove_file(sandbox.join(file)).unwrap();
        gone.push(file);
        let found = findings(&sandbox, &[]);
        assert_eq!(of_rule(&found), std::slice::from_ref(told), "{gone:?}");
        assert!(rules(&found, config).contains(&"text-changes".to_owned()), "{found:#?}");
        assert!(!all_rules(&found).contains(&"edited-job"), "{found:#?}");
    }
    for command in ["jobs", "update"] {
        let ran = sandbox.run("cutwater", &[command]);
        assert!(ran.status == 2 && ran.stderr.contains("cannot read"), "{ran:?}");
    }
    let ran = sandbox.run("cutwater", &["explain", config]);
    assert!(ran.status < 2 && ran.stdout.contains("and so is"), "{ran:?}");
    sandbox.write(&rule, kept);
    assert_eq!(of_rule(&findings(&sandbox, &[])), [clusters]);
    // All of the services.
    fs::remove_dir_all(sandbox.join("core-services")).unwrap();
    let found = findings(&sandbox, &[]);
    assert_eq!(of_rule(&found), [rule]);
    assert!(rules(&found, config).contains(&"text-changes".to_owned()), "{found:#?}");
}

#[test]
fn owners_that_cannot_be_understood_are_not_told_as_missing() {
    let sandbox = Sandbox::updated();
    let owners = "ci-operator/config/acme/webshop/OWNERS";
    let told = |file: &str| -> Vec<(String, u64)> {
        let found = findings(&sandbox, &[]);
        let of_file = found.iter().filter(|finding| finding["file"] == file);
        of_file.map(|it| (it["rule"].as_str().unwrap().to_owned(), it["line"].as_u64().unwrap_or(0))).collect()
    };
    for (text, rule, line) in [
        ("approvers: [\n", "yaml-syntax", 1),
        ("reviewers:\n- ada\napprovers: ada\n", "yaml-type", 3),
        ("approvers: [\u{1}]\n", "yaml-syntax", 1),
    ] {
        sandbox.write(owners, text);
        assert_eq!(told(owners), [(rule.to_owned(), line)], "{text}");
    }
    sandbox.write(owners, b"approvers:\n- \xff\n");
    assert_eq!(told(owners), [("not-text".to_owned(), 0)]);
    fs::remove_file(sandbox.join(owners)).unwrap();
    fs::create_dir(sandbox.join(owners)).unwrap();
    assert_eq!(told(owners), [("unreadable-file".to_owned(), 0)]);
    fs::remove_dir(sandbox.join(owners)).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", sandbox.join(owners)).unwrap();
    assert_eq!(told(owners), [("link-out-of-tree".to_owned(), 0)]);
    for (text, rule) in [("aliases: [", "yaml-syntax"), ("aliases: [a]\n", "yaml-type")] {
        sandbox.write("OWNERS_ALIASES", text);
        assert_eq!(told("OWNERS_ALIASES"), [(rule.to_owned(), 1)]);
    }
}

#[test]
fn missing_owners_of_a_repository_are_told_once() {
    let sandbox = Sandbox::updated();
    let [config, jobs] = ["config", "jobs"].map(|tree| format!("ci-operator/{tree}/acme/webshop/OWNERS"));
    for owners in [&config, &jobs] {
        fs::remove_file(sandbox.join(owners)).unwrap();
    }
    let found = findings(&sandbox, &[]);
    assert_eq!((rules(&found, &config), rules(&found, &jobs)), (vec!["configs-without-owners".to_owned()], vec![]));
    // Whoever asks for the jobs is told as well.
    let found = findings(&sandbox, &["ci-operator/jobs/acme/webshop"]);
    let told = found.iter().find(|finding| finding["rule"] == "configs-without-owners");
    assert!(told.is_some_and(|it| it["related"][0]["file"] == *jobs), "{found:#?}");
    // The organisation's owners are those of its configs, and not of its jobs.
    sandbox.write("ci-operator/config/acme/OWNERS", "approvers:\n- ada\n");
    let found = findings(&sandbox, &[]);
    assert_eq!((rules(&found, &config), rules(&found, &jobs)), (vec![], vec!["missing-owners".to_owned()]));
}

#[test]
fn a_timeout_without_a_unit_is_told_once() {
    let sandbox = Sandbox::updated();
    let config = "ci-operator/config/acme/installer/acme-installer-main.yaml";
    let at = sandbox.read(config).find("- as: ").unwrap();
    let text = sandbox.read(config);
    for (timeout, rule) in [("30", "nanoseconds"), ("30ns", "timeout-under-a-second")] {
        sandbox.write(config, format!("{}- timeout: {timeout}\n  {}", &text[..at], &text[at + 2..]));
        let found = findings(&sandbox, &[config]);
        let at_value: Vec<_> = found
            .iter()
            .filter(|it| ["nanoseconds", "timeout-under-a-second"].contains(&it["rule"].as_str().unwrap()))
            .map(|it| it["rule"].as_str().unwrap())
            .collect();
        assert_eq!(at_value, [rule], "{found:#?}");
    }
}

#[test]
fn what_a_config_no_longer_gives_or_does_not_give_yet_is_told_with_its_path() {
    let config = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
    let sandbox = Sandbox::updated();
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
        let sandbox = Sandbox::updated();
        sandbox.edit(config, right, wrong);
        let found = findings(&sandbox, &[]);
        let told: Vec<_> = found.iter().filter(|it| it["file"] == config && it["rule"] == rule).collect();
        assert!(told.len() == 1 && told[0]["reference"].is_string(), "{told:#?}");
    }
}
