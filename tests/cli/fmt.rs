//! `cutwater fmt` and `cutwater update` on the sample release repository, and what `fmt` says is lost: one folder per case
//! under `testdata/fmt`.
//!
//! A case holds a file of one of the [`KINDS`] and what is said of it: `findings.txt`, one a line.
//! To write that file anew: `UPDATE_CASES=1 cargo test --test cli fmt::`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Ran, Sandbox, testdata, tree};
use serde_json::Value;

const CONFIG: &str = "ci-operator/config/acme/odd/acme-odd-main.yaml";
const JOBS: &str = "ci-operator/jobs/infra-odd.yaml";

/// What the file of a case is called, and where it goes.
const KINDS: [(&str, &str); 7] = [
    ("config.yaml", CONFIG),
    ("jobs.yaml", JOBS),
    ("prow.yaml", "core-services/prow/02_config/_config.yaml"),
    ("plugins.yaml", "core-services/prow/02_config/_plugins.yaml"),
    ("prow-shard.yaml", "core-services/prow/02_config/acme/webshop/_prowconfig.yaml"),
    ("plugin-shard.yaml", "core-services/prow/02_config/acme/webshop/_pluginconfig.yaml"),
    ("profiles.yaml", PROFILES),
];

#[test]
fn fmt_says_what_is_lost() {
    let mut cases: Vec<PathBuf> = fs::read_dir(testdata("fmt")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 25, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Path) -> Option<String> {
    let sandbox = Sandbox::updated();
    let (name, place) = KINDS.into_iter().find(|(name, _)| case.join(name).exists()).unwrap();
    sandbox.write(place, fs::read(case.join(name)).unwrap());
    let ran = sandbox.run("cutwater", &["fmt", "--check", "--format=json", place]);
    let outcome: Value = serde_json::from_str(&ran.stdout).unwrap();
    // What one file of Prow's configuration says may be written to others.
    let changes = outcome["changes"].as_array().unwrap();
    if ran.status != 1 || !changes.iter().any(|change| change["path"] == place) {
        return Some(format!("{}: is not rewritten: {}", case.display(), ran.stdout));
    }
    let findings: String = outcome["findings"].as_array().unwrap().iter().map(line).collect();
    let path = case.join("findings.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, &findings).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    (findings != expected).then(|| format!("{}: said\n{findings}and not\n{expected}", case.display()))
}

fn line(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let place = format!("{}:{}", finding["line"], finding["column"]);
    format!("{place} {} {}: {}; {}\n", text("severity"), text("rule"), text("message"), text("fix"))
}

const LOSSY: &str = "# why\ntests:\n- as: 4.10\n  commands: make\n  container: {from: src}\n\
    resources: {'*': {requests: {cpu: 100m}}}\nbuild_root: {image_stream_tag: {name: b, namespace: ci, tag: t}}\n";

#[test]
fn fmt_warns_and_writes() {
    let sandbox = Sandbox::updated();
    sandbox.write(CONFIG, LOSSY);
    let ran = sandbox.run("cutwater", &["fmt", "ci-operator/config"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for said in ["warning[lost-comment]", "warning[text-changes]", "acme-odd-main.yaml:3:7", "write \"4.10\" with"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    assert!(ran.stderr.contains("1 file written") && ran.stderr.contains("2 warnings"), "{}", ran.stderr);
    assert!(sandbox.read(CONFIG).contains("as: \"4.1\"\n"), "{}", sandbox.read(CONFIG));
    let ran = sandbox.run("cutwater", &["fmt", "ci-operator/config"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn check_writes_nothing_and_counts() {
    let sandbox = Sandbox::updated();
    sandbox.write(CONFIG, LOSSY);
    let before = tree(sandbox.path(), |_| true);
    let ran = sandbox.run("cutwater", &["fmt", "ci-operator/config", "--check", "--diff"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.contains("-# why") && ran.stderr.contains("1 file would be written"), "{ran:?}");
    assert!(ran.stderr.contains("2 warnings"), "{}", ran.stderr);
    assert!(tree(sandbox.path(), |_| true) == before);
}

/// A config, a job file and an OWNERS of the registry that are broken.
fn broken() -> (Sandbox, Ran, Ran) {
    let sandbox = Sandbox::updated();
    sandbox.write(CONFIG, LOSSY);
    sandbox.write("ci-operator/config/acme/odd/acme-odd-dev.yaml", "tests: {\n");
    sandbox.write(JOBS, "periodics: 7\n");
    let before = tree(sandbox.path(), |_| true);
    let refused = sandbox.run("cutwater", &["fmt"]);
    assert!(tree(sandbox.path(), |_| true) == before, "something was written");
    let kept = sandbox.run("cutwater", &["fmt", "--keep-going"]);
    (sandbox, refused, kept)
}

#[test]
fn all_that_is_broken_is_told_at_once_and_nothing_written() {
    let (sandbox, refused, kept) = broken();
    assert_eq!((refused.status, kept.status), (1, 1), "{refused:?}");
    for said in ["acme-odd-dev.yaml", "infra-odd.yaml", "2 errors"] {
        assert!(refused.stdout.contains(said) || refused.stderr.contains(said), "{said}: {refused:?}");
    }
    assert!(sandbox.read(CONFIG).contains("as: \"4.1\"\n"), "--keep-going writes what is whole");
    assert_eq!(sandbox.read(JOBS), "periodics: 7\n");
}

#[test]
fn paths_limit_the_work_of_fmt() {
    let sandbox = Sandbox::updated();
    let odd = "ci-operator/config/acme/odd/acme-odd-dev.yaml";
    sandbox.write(CONFIG, LOSSY);
    sandbox.write(odd, LOSSY);
    let ran = sandbox.run("cutwater", &["fmt", odd]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(sandbox.read(odd) != LOSSY && sandbox.read(CONFIG) == LOSSY);
    assert_eq!(sandbox.run("cutwater", &["fmt", "--check", "ci-operator/jobs"]).status, 0);
    assert_eq!(sandbox.run("cutwater", &["fmt", "--check", "ci-operator/config/acme"]).status, 1);
    assert_eq!(sandbox.run("cutwater", &["fmt", "ci-operator/config/none"]).status, 2);
}

#[test]
fn metadata_follow_owners_and_a_step_without_is_passed_over() {
    let sandbox = Sandbox::updated();
    let step = "ci-operator/step-registry/odd/odd-ref";
    sandbox.write(&format!("{step}.yaml"), "ref:\n  as: odd\n");
    let ran = sandbox.run("cutwater", &["fmt", "ci-operator/step-registry/odd"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("warning[ownerless-registry-file]"), "{}", ran.stdout);
    let owners = sandbox.write("ci-operator/step-registry/odd/OWNERS", "approvers: [ada]\n");
    let ran = sandbox.run("cutwater", &["fmt", owners.to_str().unwrap()]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let wanted =
        "{\n\t\"path\": \"odd/odd-ref.yaml\",\n\t\"owners\": {\n\t\t\"approvers\": [\n\t\t\t\"ada\"\n\t\t]\n\t}\n}";
    assert_eq!(sandbox.read(&format!("{step}.metadata.json")), wanted);
}

#[test]
fn update_is_jobs_and_then_fmt() {
    let one = Sandbox::updated();
    let two = Sandbox::sample();
    for command in ["jobs", "fmt"] {
        let ran = two.run("cutwater", &[command]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    assert!(tree(one.path(), |_| true) == tree(two.path(), |_| true));
    let before = tree(one.path(), |_| true);
    for (command, threads) in [("update", "1"), ("update", "16"), ("fmt", "1"), ("fmt", "16"), ("jobs", "2")] {
        assert_eq!(one.run("cutwater", &[command, "--check", "--jobs", threads]).status, 0, "{command}");
    }
    assert!(tree(one.path(), |_| true) == before);
}

const PROW: &str = "core-services/prow/02_config";

fn prow_config(root: &Path) -> BTreeMap<String, Vec<u8>> {
    tree(&root.join(PROW), |_| true)
}

#[test]
fn prow_configuration_ends_as_the_reference_has_it_whatever_path_of_it_is_named() {
    let expected = tree(&testdata("release-repo-expected/prow-config"), |_| true);
    assert!(expected.len() > 5);
    let one_file = format!("{PROW}/acme-priv/_pluginconfig.yaml");
    for arguments in [&["update"][..], &["fmt"], &["update", "core-services/prow"], &["fmt", one_file.as_str()]] {
        let sandbox = Sandbox::sample();
        let ran = sandbox.run("cutwater", arguments);
        assert_eq!(ran.status, 0, "{ran:?}");
        let said = format!("warning[lost-comment]: this comment is dropped\n --> {PROW}/_config.yaml:1:1");
        assert!(ran.stdout.contains(&said), "{}", ran.stdout);
        assert!(prow_config(sandbox.path()) == expected, "{arguments:?}");
        let again = sandbox.run("cutwater", &[arguments, &["--check"]].concat());
        assert_eq!(again.status, 0, "{again:?}");
    }
}

#[test]
fn prow_configuration_stays_where_other_paths_are_named_or_only_a_check_is_wanted() {
    let sandbox = Sandbox::sample();
    let before = prow_config(sandbox.path());
    assert_eq!(sandbox.run("cutwater", &["update", "ci-operator/config/acme/webshop"]).status, 0);
    assert_eq!(sandbox.run("cutwater", &["jobs"]).status, 0);
    let check = sandbox.run("cutwater", &["fmt", PROW, "--check", "--diff"]);
    assert_eq!(check.status, 1, "{check:?}");
    assert!(check.stdout.contains(&format!("+++ b/{PROW}/acme/webshop/_prowconfig.yaml")), "{}", check.stdout);
    assert!(prow_config(sandbox.path()) == before, "it was written");
    let refused = sandbox.run("cutwater", &["jobs", PROW]);
    assert_eq!(refused.status, 2, "{refused:?}");
    assert!(refused.stderr.contains("`cutwater update` and `cutwater fmt` take it"), "{}", refused.stderr);
}

#[test]
fn one_half_of_prow_configuration_does_without_the_other() {
    let sandbox = Sandbox::sample();
    let expected = tree(&testdata("release-repo-expected/prow-config"), |name| !name.contains("plugin"));
    for plugins in ["_plugins.yaml", "acme-priv/_pluginconfig.yaml"] {
        std::fs::remove_file(sandbox.join(&format!("{PROW}/{plugins}"))).unwrap();
    }
    assert_eq!(sandbox.run("cutwater", &["fmt", PROW]).status, 0);
    assert!(prow_config(sandbox.path()) == expected);
}

#[test]
fn a_broken_half_of_prow_configuration_keeps_all_from_being_written_unless_told_to_go_on() {
    let sandbox = Sandbox::sample();
    let broken = sandbox.write(&format!("{PROW}/acme/_pluginconfig.yaml"), "size: {s: 3}\n");
    let before = tree(sandbox.path(), |_| true);
    let ran = sandbox.run("cutwater", &["update"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let said = "error[not-mergeable]: supplemental plugin configuration has config that doesn't support merging";
    assert!(ran.stdout.contains(said) && ran.stdout.contains("_pluginconfig.yaml:1:1"), "{}", ran.stdout);
    assert!(tree(sandbox.path(), |_| true) == before, "something was written");
    let ran = sandbox.run("cutwater", &["update", "--keep-going"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(sandbox.read(&format!("{PROW}/_config.yaml")).starts_with("branch-protection: {}\n"), "the whole half");
    assert_eq!(std::fs::read_to_string(broken).unwrap(), "size: {s: 3}\n");
}

#[test]
fn what_prow_configuration_loses_is_told_for_files_that_change() {
    let sandbox = Sandbox::updated();
    let supplement = format!("{PROW}/acme/webshop/_prowconfig.yaml");
    let lossy = format!("{}unread: 1 # gone\n", sandbox.read(&supplement));
    sandbox.write(&supplement, &lossy);
    let ran = sandbox.run("cutwater", &["fmt", PROW]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for said in ["warning[lost-comment]", "warning[dropped-field]: `unread` is dropped", "1 file written"] {
        assert!(ran.stdout.contains(said) || ran.stderr.contains(said), "{said}: {ran:?}");
    }
    assert!(!sandbox.read(&supplement).contains("unread"));
}

const PROFILES: &str = "ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml";

/// `testdata/profiles/canonical.yaml` is what `check-cluster-profiles-config --normalize` makes of `odd.yaml`.
#[test]
fn cluster_profiles_end_as_the_reference_has_them() {
    let sandbox = Sandbox::updated();
    let [odd, expected] = ["odd", "canonical"]
        .map(|name| fs::read_to_string(testdata("profiles").join(name).with_extension("yaml")).unwrap());
    sandbox.write(PROFILES, &odd);
    let ran = sandbox.run("cutwater", &["fmt", "--check", PROFILES]);
    assert_eq!((ran.status, sandbox.read(PROFILES).as_str()), (1, odd.as_str()), "{ran:?}");
    let ran = sandbox.run("cutwater", &["fmt", PROFILES]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(
        ran.stdout.contains(&format!("warning[lost-comment]: this comment is dropped\n --> {PROFILES}:1:1")),
        "{ran:?}"
    );
    assert_eq!(sandbox.read(PROFILES), expected);
    assert_eq!(sandbox.run("cutwater", &["fmt", "--check", PROFILES]).status, 0);
}

/// The messages are those of `check-cluster-profiles-config --normalize`.
#[test]
fn cluster_profiles_that_contradict_themselves_stay_as_they_are() {
    let sandbox = Sandbox::updated();
    for (profile, rule, message, place) in [
        ("owners: [{repos: [a]}]", "profile-owned-by-nobody", "has an invalid owner", "3:12"),
        (
            "owners: [{org: a, konflux: {tenant: b}}]",
            "profile-owner-of-two-kinds",
            "has both org and tenant set",
            "3:12",
        ),
        ("owners: [{org: a}, {org: a}]", "profile-owned-twice", "has duplicate org \"a\"", "3:28"),
        (
            "owners: [{konflux: {tenant: b}}, {konflux: {tenant: b}}]",
            "profile-owned-twice",
            "has duplicate tenant \"b\"",
            "3:55",
        ),
        ("secret: a\n- name: x", "repeated-profile", "already exists in the configuration file", "4:9"),
        (
            "owners: [{konflux: {tenant: b, cluster_groups: [c]}}]",
            "unknown-cluster-group",
            "cluster group c not found",
            "3:51",
        ),
    ] {
        let text = format!("cluster_profiles:\n- name: x\n  {profile}\n");
        sandbox.write(PROFILES, &text);
        let ran = sandbox.run("cutwater", &["fmt", "--keep-going", PROFILES]);
        assert_eq!(ran.status, 1, "{ran:?}");
        let said = [format!("error[{rule}]: "), message.to_owned(), format!("{PROFILES}:{place}\n")];
        assert!(said.iter().all(|said| ran.stdout.contains(said)), "{profile}: {}", ran.stdout);
        assert_eq!(sandbox.read(PROFILES), text);
    }
}

#[test]
fn a_half_of_prow_configuration_that_cannot_be_written_whole_is_not_written_at_all() {
    let sandbox = Sandbox::updated();
    let plugins = format!("{PROW}/_plugins.yaml");
    let text = "plugins: {acme: {plugins: [assign, \"a\\x7Fb\"]}, beta: {plugins: [help]}}\n";
    sandbox.write(&plugins, text);
    std::fs::remove_file(sandbox.join(&format!("{PROW}/acme/_pluginconfig.yaml"))).unwrap();
    let ran = sandbox.run("cutwater", &["fmt", "--keep-going", PROW]);
    assert!(ran.status == 1 && ran.stdout.contains("error[unwritable-text]"), "{ran:?}");
    assert_eq!(sandbox.read(&plugins), text);
}

#[test]
fn what_the_next_run_would_change_again_is_told_and_not_written() {
    let sandbox = Sandbox::updated();
    let wrong = format!("{PROW}/wrong/_prowconfig.yaml");
    sandbox.write(&wrong, "tide: {queries: [{repos: [acme/other], labels: [\"no\"]}]}\n");
    let ran = sandbox.run("cutwater", &["fmt", PROW]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let said = ["error[unsettled-configuration]", "acme/other/_prowconfig.yaml", "this stays as it is", &wrong];
    assert!(said.iter().all(|said| ran.stdout.contains(said)), "{}", ran.stdout);
    assert!(!sandbox.join(&format!("{PROW}/acme/other")).exists());
    let sandbox = Sandbox::sample();
    let main = format!("{PROW}/_config.yaml");
    let deprecated = sandbox.read(&main).replace("plank:\n", "plank:\n  report_template: '{{.Spec.Type}}'\n");
    sandbox.write(&main, &deprecated);
    let ran = sandbox.run("cutwater", &["fmt", PROW]);
    assert!(ran.status == 1 && ran.stdout.contains("after this run, the next would refuse it"), "{ran:?}");
    assert_eq!(sandbox.read(&main), deprecated);
}

#[test]
fn supplements_without_their_main_file_are_told() {
    let sandbox = Sandbox::sample();
    std::fs::remove_file(sandbox.join(&format!("{PROW}/_plugins.yaml"))).unwrap();
    let ran = sandbox.run("cutwater", &["fmt", PROW]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for said in ["error[missing-main-file]: this file is missing", "_plugins.yaml", "acme-priv/_pluginconfig.yaml"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
}

#[cfg(unix)]
#[test]
fn a_linked_directory_of_prow_configuration_is_not_written_over() {
    let sandbox = Sandbox::updated();
    let elsewhere = sandbox.join("elsewhere");
    std::fs::rename(sandbox.join(&format!("{PROW}/acme")), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, sandbox.join(&format!("{PROW}/acme"))).unwrap();
    sandbox.write(&format!("{PROW}/_plugins.yaml"), "plugins: {acme: {plugins: [hold]}}\n");
    let before = tree(&elsewhere, |_| true);
    let ran = sandbox.run("cutwater", &["fmt", "--keep-going", PROW]);
    assert!(ran.status == 1 && ran.stdout.contains("error[linked-directory]"), "{ran:?}");
    assert!(tree(&elsewhere, |_| true) == before, "it was written over");
}

#[test]
fn of_two_different_files_of_one_config_neither_is_written() {
    let (good, twin) =
        ("ci-operator/config/acme/cli/acme-cli-main.yaml", "ci-operator/config/aaa/acme/cli/acme-cli-main.yaml");
    for arguments in
        [&["fmt", "--keep-going", "ci-operator/config"][..], &["fmt", "ci-operator/config/aaa"], &["fmt", twin]]
    {
        let sandbox = Sandbox::updated();
        let text = sandbox.read(good);
        sandbox.write(
            twin,
            text.replace("tests:\n", "tests:\n- as: more\n  commands: \"true\"\n  container: {from: src}\n"),
        );
        let ran = sandbox.run("cutwater", arguments);
        assert!(ran.status == 1 && ran.stdout.contains("error[same-config]"), "{arguments:?}: {ran:?}");
        assert_eq!(sandbox.read(good), text, "{arguments:?}");
    }
}

#[test]
fn update_changes_what_lies_at_the_paths_and_no_more() {
    let sandbox = Sandbox::sample();
    let outside = |name: &str| !name.starts_with("ci-operator/config") && !name.starts_with("ci-operator/jobs");
    let before = tree(sandbox.path(), outside);
    for path in ["ci-operator/config", "ci-operator/jobs", "core-services/sanitize-prow-jobs/_config.yaml"] {
        assert_eq!(sandbox.run("cutwater", &["update", path]).status, 0, "{path}");
        assert!(tree(sandbox.path(), outside) == before, "{path} changed something else");
    }
    let metadata = "ci-operator/step-registry/acme/test/acme-test-ref.metadata.json";
    assert_eq!(sandbox.run("cutwater", &["update", "ci-operator"]).status, 0);
    sandbox.write(metadata, "junk");
    for command in ["update", "fmt"] {
        assert_eq!(sandbox.run("cutwater", &[command, "--check", metadata]).status, 1, "{command}");
    }
    let refused = sandbox.run("cutwater", &["fmt", "core-services/sanitize-prow-jobs"]);
    assert!(refused.status == 2 && refused.stderr.contains("has no canonical form"), "{refused:?}");
}

#[test]
fn update_tells_what_it_drops_from_job_files_and_where_a_job_is_wrong() {
    let sandbox = Sandbox::sample();
    let jobs = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
    let ran = sandbox.run("cutwater", &["update", "--format=json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let lost = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["file"] == jobs && finding["rule"] == "lost-comment");
    assert_eq!(lost.map(|finding| finding["line"].as_u64()), Some(Some(611)), "{ran:?}");

    let text = sandbox.read(jobs);
    let at = text.find("name: pull-acme-webshop-main-license").unwrap();
    sandbox.write(jobs, format!("{}hidden: [many]\n    {}", &text[..at], &text[at..]));
    let refused = sandbox.run("cutwater", &["update"]);
    assert_eq!(refused.status, 1, "{refused:?}");
    let said = "presubmits.acme/webshop[";
    assert!(refused.stdout.contains(said) && refused.stdout.contains("].hidden"), "{refused:?}");
}
