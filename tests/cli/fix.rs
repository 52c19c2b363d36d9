//! `cutwater check --fix` on the sample release repository: what it mends, what it leaves alone, and that it does either as
//! a whole.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;

use crate::support::Sandbox;
use serde_json::Value;

const CONFIG: &str = "ci-operator/config/acme/cli/acme-cli-main.yaml";
const OTHER: &str = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
const JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";

fn findings(sandbox: &Sandbox, arguments: &[&str]) -> Vec<Value> {
    let ran = sandbox.run("cutwater", &[&["check", "-q", "--format=json"], arguments].concat());
    assert!(ran.status < 2, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// Rules and files of findings that can be fixed.
fn fixable(findings: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fixable = findings.iter().filter(|finding| finding["fixable"] == true);
    fixable.map(|finding| (text(&finding["rule"]), text(&finding["file"]))).collect()
}

fn files(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    crate::support::tree(sandbox.path(), |_| true)
}

/// The names of files that differ.
fn changed(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let all = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let mut names: Vec<String> = all.filter(|name| before.get(*name) != after.get(*name)).cloned().collect();
    names.sort();
    names
}

/// Fixes everything, once what `--diff` shows and once for good, and says which files changed. A second run has nothing to do.
fn fix(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let before = files(sandbox);
    let shown = sandbox.run("cutwater", &[&["check", "--fix", "--diff"], arguments].concat());
    assert!(changed(&before, &files(sandbox)).is_empty(), "--diff writes");
    let ran = sandbox.run("cutwater", &[&["check", "--fix"], arguments].concat());
    assert!(ran.status < 2, "{ran:?}");
    let after = files(sandbox);
    let changed_now = changed(&before, &after);
    let named = |prefix: &str| {
        let names = shown.stdout.lines().filter_map(|line| line.strip_prefix(prefix));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut in_diff: Vec<String> = named("--- a/").into_iter().chain(named("+++ b/")).collect();
    in_diff.sort();
    in_diff.dedup();
    assert_eq!(in_diff, changed_now, "{}", shown.stdout);
    assert_eq!(shown.status == 1, ran.status == 1 || !changed_now.is_empty(), "{shown:?}");
    let left = findings(sandbox, arguments);
    assert!(fixable(&left).is_empty(), "{left:?}");
    let again = sandbox.run("cutwater", &[&["check", "--fix"], arguments].concat());
    assert!(again.stderr.contains(", 0 fixed, in") && again.status == ran.status, "{again:?}");
    assert!(changed(&after, &files(sandbox)).is_empty(), "a second run writes");
    changed_now
}

#[test]
fn drifted_jobs_and_files_out_of_form_are_written_anew() {
    let sandbox = Sandbox::updated();
    let right = files(&sandbox);
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let stale = sandbox.read(JOBS).replace("acme-webshop-main-arm64-unit", "acme-webshop-main-gone");
    let extra = stale.split("  - agent: kubernetes\n").find(|job| job.contains("acme-webshop-main-gone")).unwrap();
    sandbox.write(JOBS, format!("{}  - agent: kubernetes\n{extra}", sandbox.read(JOBS)));
    let missing = "ci-operator/jobs/acme/cli/acme-cli-main-presubmits.yaml";
    fs::remove_file(sandbox.join(missing)).unwrap();
    sandbox.edit(CONFIG, "tests:\n", "\ntests:\n");
    let metadata = "ci-operator/step-registry/acme/gather/metrics/acme-gather-metrics-ref.metadata.json";
    sandbox.edit(metadata, "{", "{ ");
    let expected = [
        ("unformed-file", CONFIG),
        ("missing-job", missing),
        ("missing-job", missing),
        ("edited-job", JOBS),
        ("stale-job", JOBS),
        ("unformed-file", metadata),
    ];
    let found = fixable(&findings(&sandbox, &[]));
    for (rule, file) in expected {
        assert!(found.contains(&(rule.to_owned(), file.to_owned())), "{rule} {file}: {found:?}");
    }
    assert_eq!(fix(&sandbox, &[]), [CONFIG, missing, JOBS, metadata]);
    assert!(changed(&right, &files(&sandbox)).is_empty());
}

#[test]
fn edits_keep_the_text_and_jobs_follow() {
    let sandbox = Sandbox::updated();
    // Out of form because of a comment, so that it is not rewritten.
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10 # the release\n");
    assert_eq!(fix(&sandbox, &[]), [CONFIG]);
    assert!(sandbox.read(CONFIG).contains("    name: \"4.10\" # the release\n"));
    // A test has another name, and so has its job.
    let sandbox = Sandbox::updated();
    sandbox.edit(OTHER, "tests:\n- as: ", "tests:\n- as: 1.10\n  commands: make\n  container:\n    from: src\n- as: ");
    let ran = sandbox.run("cutwater", &["update"]);
    assert!(ran.status < 2, "{ran:?}");
    sandbox.edit(OTHER, "\"1.1\"", "1.10");
    let fixed = fix(&sandbox, &[]);
    assert_eq!(fixed, [OTHER, JOBS]);
    let jobs = sandbox.read(JOBS);
    assert!(jobs.contains("main-1.10\n") && !jobs.contains("main-1.1\n"));
}

#[test]
fn what_comes_to_light_by_an_edit_is_fixed_with_it() {
    let sandbox = Sandbox::updated();
    // The first is no text at all where it stands, so that the file is refused; the second becomes another text.
    sandbox.edit(CONFIG, "    tag: go-1.24\n", "    tag: 1.20\n");
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10\n");
    sandbox.edit(
        CONFIG,
        "tests:\n",
        "base_images:\n  base:\n    name: 4.10\n    namespace: ocp\n    tag: base\ntests:\n",
    );
    assert!(findings(&sandbox, &[CONFIG]).iter().any(|finding| finding["rule"] == "yaml-type"));
    assert!(fix(&sandbox, &[CONFIG]).contains(&CONFIG.to_owned()));
    let text = sandbox.read(CONFIG);
    assert!(text.matches("\"4.10\"").count() == 2 && text.contains("tag: \"1.20\""), "{text}");
}

#[test]
fn a_value_without_effect_and_a_needless_field_go() {
    let sandbox = Sandbox::updated();
    let right = sandbox.read(CONFIG);
    sandbox.edit(CONFIG, "    namespace: acme\n", "    namespace: other\n    namespace: acme\n");
    let found = fixable(&findings(&sandbox, &[CONFIG]));
    assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), ["duplicate-key", "unformed-file"]);
    assert_eq!(fix(&sandbox, &[]), [CONFIG]);
    assert_eq!(sandbox.read(CONFIG), right);
    sandbox.edit(CONFIG, "images:\n", "canonical_go_repository: github.com/acme/cli\nimages:\n");
    let found = fixable(&findings(&sandbox, &[CONFIG]));
    assert_eq!(found, [("needless-go-repository".to_owned(), CONFIG.to_owned())]);
    assert_eq!(fix(&sandbox, &[CONFIG]), [CONFIG]);
    assert_eq!(sandbox.read(CONFIG), right);
}

#[test]
fn metadata_of_another_file_are_written_anew() {
    let sandbox = Sandbox::updated();
    let right = sandbox.read(CONFIG);
    sandbox.edit(CONFIG, "  branch: main\n", "  branch: old\n");
    let found = fixable(&findings(&sandbox, &[CONFIG]));
    assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), ["copied-metadata", "unformed-file"]);
    assert_eq!(fix(&sandbox, &[CONFIG]), [CONFIG]);
    assert_eq!(sandbox.read(CONFIG), right);
}

#[test]
fn what_needs_a_person_stays() {
    for (from, to) in [
        ("    name: cli\n", "    name: yes\n"),
        ("    name: cli\n", "    nmae: cli\n    tag: a\n"),
        ("    name: cli\n", "    name: cli # why\n"),
        ("  container:\n", "  timeout: 60\n  container:\n"),
        ("tests:\n", "promotion_: {}\ntests:\n"),
    ] {
        let sandbox = Sandbox::updated();
        sandbox.edit(CONFIG, from, to);
        assert!(findings(&sandbox, &[CONFIG]).len() > 1);
        // Jobs are what the config gives, whatever it was meant to.
        assert!(!fix(&sandbox, &[]).contains(&CONFIG.to_owned()), "{to}");
    }
}

#[test]
fn jobs_of_a_config_that_loses_something_stay() {
    let sandbox = Sandbox::updated();
    let right = sandbox.read(JOBS);
    sandbox.edit(OTHER, "  run_if_changed: \\.go$\n", "  run_if_chnaged: \\.go$\n");
    // Of another branch, and of the same one though of another file.
    let (cli, postsubmits) = ("ci-operator/jobs/acme/cli/acme-cli-main-presubmits.yaml", JOBS.replace("pre", "post"));
    sandbox.edit(cli, "    context: ci/prow/", "    context: ci/prow/changed-");
    sandbox.edit(&postsubmits, "    decorate: true\n", "    decorate: false\n");
    for paths in [&[][..], &[JOBS], &[OTHER]] {
        let ran = sandbox.run("cutwater", &[&["check", "--fix", "--diff"], paths].concat());
        let told = format!("{JOBS} stays as it is: something of {OTHER}, which its jobs come from, would be lost");
        assert_eq!(ran.stderr.matches(&told).count(), 1, "{ran:?}");
        let found = findings(&sandbox, paths);
        let edited = found.iter().find(|finding| finding["rule"] == "edited-job" && finding["file"] == JOBS).unwrap();
        let help = edited["fix"].as_str().unwrap();
        assert!(help.starts_with(&format!("first see to the warnings of {OTHER}, then change ")), "{help}");
        assert_eq!(edited["fixable"], false);
    }
    assert_eq!(fix(&sandbox, &[]), [cli]);
    assert_eq!(sandbox.read(JOBS), right);
    let ran = sandbox.run("cutwater", &["check", "--fix"]);
    assert_eq!(ran.stderr.matches(" stays as it is: ").count(), 2, "{ran:?}");
    // Put up with, it would be lost all the same.
    let settings = format!("[[ignore]]\nrule = \"dropped-field\"\npaths = [\"{OTHER}\"]\nreason = \"known\"\n");
    sandbox.write("cutwater.toml", settings);
    assert!(fix(&sandbox, &[]).is_empty());
    fs::remove_file(sandbox.join("cutwater.toml")).unwrap();
    sandbox.edit(OTHER, "run_if_chnaged", "run_if_changed");
    assert_eq!(fix(&sandbox, &[]), [postsubmits]);
}

#[test]
fn jobs_do_not_follow_an_edit_of_a_config_that_loses_something_else() {
    let sandbox = Sandbox::updated();
    let test = "tests:\n- as: 1.10\n  commands: make\n  container:\n    from: src\n- as: ";
    sandbox.edit(OTHER, "tests:\n- as: ", test);
    assert!(sandbox.run("cutwater", &["update"]).status < 2);
    sandbox.edit(OTHER, "\"1.1\"", "1.10 # the release");
    let right = sandbox.read(JOBS);
    let ran = sandbox.run("cutwater", &["check", "--fix"]);
    assert!(ran.stderr.contains(&format!("{JOBS} stays as it is: something of {OTHER}")), "{ran:?}");
    assert!(sandbox.read(OTHER).contains("- as: \"1.10\" # the release\n"));
    assert_eq!(sandbox.read(JOBS), right);
}

#[test]
fn what_a_file_would_lose_comes_before_writing_it() {
    let sandbox = Sandbox::updated();
    let fix_of = |file: &str, rule: &str| {
        let found = findings(&sandbox, &[file]);
        let finding = found.iter().find(|finding| finding["rule"] == rule).unwrap_or_else(|| panic!("{found:?}"));
        finding["fix"].as_str().unwrap().to_owned()
    };
    sandbox.edit(CONFIG, "tests:\n", "\ntests:\n");
    assert_eq!(fix_of(CONFIG, "unformed-file"), "run `cutwater update`");
    let first = "first see to the warnings of this file, then run `cutwater update`";
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10\n");
    assert_eq!(fix_of(CONFIG, "unformed-file"), first, "others would not put the quotes there");
    sandbox.edit(CONFIG, "    name: 4.10\n", "    nmae: cli\n    name: cli\n");
    assert_eq!(fix_of(CONFIG, "unformed-file"), first);
    let file = "ci-operator/jobs/infra-periodics.yaml";
    sandbox.edit(file, "  cluster: ", "  clsuter: a\n  cluster: odd-");
    let help = fix_of(file, "unplaced-job");
    assert_eq!(help, "first see to the warnings of this file, then run `cutwater jobs`");
}

#[test]
fn broken_files_stay_as_they_are_and_keep_nothing_else_from_being_fixed() {
    let sandbox = Sandbox::updated();
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10\n");
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    // A config of the repository whose jobs were edited, and one of another that is out of form as well.
    sandbox.write("ci-operator/config/acme/webshop/acme-webshop-broken.yaml", "tests: [\n");
    let installer = "ci-operator/config/acme/installer/acme-installer-main.yaml";
    sandbox.write(installer, format!("{}\ntests: 1\n", sandbox.read(installer)));
    assert_eq!(fix(&sandbox, &[]), [CONFIG]);
    assert!(sandbox.read(CONFIG).contains("name: \"4.10\""));
    // What everything needs is broken: texts can be edited all the same.
    sandbox.edit(CONFIG, "\"4.10\"", "4.20");
    sandbox.write("core-services/sanitize-prow-jobs/_config.yaml", "default: [\n");
    let before = files(&sandbox);
    sandbox.run("cutwater", &["check", "--fix"]);
    let after = changed(&before, &files(&sandbox));
    assert!(after.is_empty() || after == [CONFIG], "{after:?}");
}

#[test]
fn edits_that_would_break_a_file_are_not_made() {
    let sandbox = Sandbox::updated();
    let test = |name: &str| format!("- as: {name}\n  commands: make\n  container:\n    from: src\n");
    sandbox.edit(OTHER, "tests:\n", &format!("tests:\n{}{}", test("1.10"), test("\"1.10\"")));
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10\n");
    let before = sandbox.read(OTHER);
    let ran = sandbox.run("cutwater", &["check", "--fix"]);
    assert!(ran.stderr.contains(&format!("{OTHER} stays as it is: it would then be wrong: ")), "{ran:?}");
    assert_eq!(sandbox.read(OTHER), before);
    assert!(sandbox.read(CONFIG).contains("\"4.10\""));
}

#[test]
fn jobs_that_people_wrote_are_edited() {
    let sandbox = Sandbox::updated();
    let file = "ci-operator/jobs/infra-periodics.yaml";
    let right = sandbox.read(file);
    sandbox.edit(file, "  name: ", "  labels:\n    version: 4.10\n  name: ");
    assert!(fixable(&findings(&sandbox, &[file])).contains(&("yaml-type".to_owned(), file.to_owned())));
    assert_eq!(fix(&sandbox, &[]), [file]);
    assert_eq!(sandbox.read(file), right.replacen("  name: ", "  labels:\n    version: \"4.10\"\n  name: ", 1));
    sandbox.edit(file, "quay.io/acme/housekeeping:2", "4.10");
    let found = fixable(&findings(&sandbox, &[file]));
    assert!(!found.is_empty(), "{:?}", findings(&sandbox, &[file]));
    assert_eq!(fix(&sandbox, &[]), [file]);
    assert!(sandbox.read(file).contains("image: \"4.10\"\n"));
}

#[test]
fn what_is_put_up_with_or_not_told_stays() {
    let sandbox = Sandbox::updated();
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10\n");
    sandbox.edit(JOBS, "    context: ci/prow/arm64-unit\n", "    context: ci/prow/changed-by-hand\n");
    let ignore =
        |rule: &str, path: &str| format!("[[ignore]]\nrule = \"{rule}\"\npaths = [\"{path}\"]\nreason = \"known\"\n");
    let settings =
        [ignore("text-changes", CONFIG), ignore("unformed-file", CONFIG), ignore("edited-job", JOBS)].concat();
    sandbox.write("cutwater.toml", &settings);
    assert!(fix(&sandbox, &[]).is_empty());
    // Of a file that is written as a whole one finding that is put up with is enough.
    sandbox.edit(
        JOBS,
        "    name: pull-ci-acme-webshop-main-arm64-unit\n",
        "    name: pull-ci-acme-webshop-main-gone\n",
    );
    assert!(findings(&sandbox, &[]).iter().any(|finding| finding["rule"] == "stale-job"));
    sandbox.write("cutwater.toml", settings.replace("edited-job", "stale-job"));
    assert!(fix(&sandbox, &[]).is_empty());
    sandbox.write("cutwater.toml", "[rules]\nno-such-rule = \"off\"\n");
    let before = files(&sandbox);
    assert_eq!(sandbox.run("cutwater", &["check", "--fix"]).status, 1);
    assert!(changed(&before, &files(&sandbox)).is_empty(), "settings that are not understood");
    fs::remove_file(sandbox.join("cutwater.toml")).unwrap();

    sandbox.run("cutwater", &["check", "--baseline", "known.json", "--update-baseline"]);
    assert!(fix(&sandbox, &["--baseline", "known.json"]).is_empty());
    assert_eq!(fix(&sandbox, &["ci-operator/config/acme/cli"]), [CONFIG]);
    assert_eq!(fix(&sandbox, &[JOBS]), [JOBS]);
}

#[test]
fn files_that_are_not_plain_text_are_not_edited() {
    let sandbox = Sandbox::updated();
    sandbox.edit(CONFIG, "    name: cli\n", "    name: 4.10 # why\n");
    fs::rename(sandbox.join(CONFIG), sandbox.join("ci-operator/config/acme/elsewhere")).unwrap();
    symlink("../elsewhere", sandbox.join(CONFIG)).unwrap();
    assert!(fixable(&findings(&sandbox, &[])).iter().all(|(_, file)| file != CONFIG));
    assert!(fix(&sandbox, &[CONFIG]).is_empty());
}

#[test]
fn flags_that_go_together() {
    let sandbox = Sandbox::updated();
    let ran = sandbox.run("cutwater", &["check", "--diff"]);
    assert!(ran.status == 2 && ran.stderr.contains("--fix"), "{ran:?}");
    let ran = sandbox.run("cutwater", &["check", "--fix", "--diff", "--format", "json"]);
    assert!(ran.status == 2 && ran.stderr.contains("--output-file"), "{ran:?}");
    let ran = sandbox.run("cutwater", &["check", "--fix", "--baseline", "b.json", "--update-baseline"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    sandbox.edit(CONFIG, "tests:\n", "\ntests:\n");
    let ran = sandbox.run("cutwater", &["check", CONFIG]);
    assert!(ran.stderr.contains(", 1 of them can be fixed with --fix, in"), "{ran:?}");
    assert!(ran.stdout.contains("= help: `cutwater check --fix` does it"), "{ran:?}");
    let ran = sandbox.run("cutwater", &["check", "--fix", CONFIG]);
    assert!(ran.status == 0 && ran.stderr.contains(", 1 fixed, in"), "{ran:?}");
}
