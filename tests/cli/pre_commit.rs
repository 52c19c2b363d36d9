//! `cutwater pre-commit`, `--changed-since` and `check --base` on a real git repository made of the sample.

use std::fs;
use std::process::Command;

use crate::support::{Ran, Sandbox};

const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
const PRESUBMITS: &str = "ci-operator/jobs/acme/payments/acme-payments-main-presubmits.yaml";

/// The sample, brought up to date and committed.
fn committed() -> Sandbox {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    sandbox
}

fn hook(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run("cutwater", &[&["pre-commit"], arguments].concat())
}

fn rename_test(sandbox: &Sandbox) {
    sandbox.edit(CONFIG, "- as: unit\n", "- as: unit-two\n");
}

fn staged(sandbox: &Sandbox) -> Vec<String> {
    sandbox.git(&["diff", "--cached", "--name-only"]).lines().map(str::to_owned).collect()
}

#[test]
fn jobs_of_a_staged_config_are_staged_with_it() {
    let sandbox = committed();
    rename_test(&sandbox);
    sandbox.git(&["add", CONFIG]);
    let ran = hook(&sandbox, &[]);
    assert_eq!((ran.status, &*ran.stderr), (0, &*format!("staged {PRESUBMITS}\n")), "{ran:?}");
    assert_eq!(staged(&sandbox), [CONFIG, PRESUBMITS]);
    assert_eq!(sandbox.git(&["diff", "--name-only"]), "");
    assert!(sandbox.read(PRESUBMITS).contains("pull-ci-acme-payments-main-unit-two\n"));
    assert_eq!(sandbox.run("cutwater", &["update", "--check", "-qq"]).status, 0);
    // What is staged is whole, so there is nothing left to do.
    let again = hook(&sandbox, &["--only=generate"]);
    assert_eq!((again.status, &*again.stderr), (0, ""), "{again:?}");
}

#[test]
fn a_removed_config_takes_its_jobs_along() {
    let sandbox = committed();
    sandbox.git(&["rm", "--quiet", CONFIG]);
    let ran = hook(&sandbox, &["--only=generate"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let files = staged(&sandbox);
    assert!(files.contains(&PRESUBMITS.to_owned()) && !sandbox.join(PRESUBMITS).exists(), "{files:?}");
    assert_eq!(sandbox.run("cutwater", &["update", "--check", "-qq"]).status, 0);
}

#[test]
fn what_would_lose_something_is_not_written() {
    for (lost, said) in [("# soon\n- as: unit-two\n", "lost-comment"), ("- as: unit-two\n  nonsense: 1\n", "nonsense")]
    {
        for arguments in [&[][..], &["--only=format"]] {
            let sandbox = committed();
            sandbox.edit(CONFIG, "- as: unit\n", lost);
            sandbox.git(&["add", CONFIG]);
            let ran = hook(&sandbox, arguments);
            assert_eq!(ran.status, 1, "{ran:?}");
            assert!(ran.stdout.contains(said) && ran.stderr.contains(&format!("{CONFIG} stays as it is")), "{ran:?}");
            assert!(sandbox.read(CONFIG).contains(lost));
            assert_eq!((staged(&sandbox), &*sandbox.git(&["diff", "--name-only"])), (vec![CONFIG.to_owned()], ""));
        }
    }
}

#[test]
fn what_reaches_no_job_is_let_through() {
    let sandbox = committed();
    sandbox.write("README.md", "a release repository\n");
    sandbox.git(&["add", "README.md"]);
    let ran = hook(&sandbox, &[]);
    assert_eq!((ran.status, &*ran.stdout, &*ran.stderr), (0, "", ""));
}

#[test]
fn what_is_not_staged_is_not_mistaken_for_what_is() {
    let sandbox = committed();
    rename_test(&sandbox);
    sandbox.git(&["add", CONFIG]);
    let new = "ci-operator/config/acme/payments/acme-payments-release-9.yaml";
    sandbox.write(new, sandbox.read(CONFIG).replace("branch: main", "branch: release-9"));
    sandbox.edit(CONFIG, "- as: unit-two\n", "- as: unit-three\n");
    let before = sandbox.read(PRESUBMITS);
    let ran = hook(&sandbox, &[]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains(CONFIG) && ran.stderr.contains(new) && ran.stderr.contains("git stash"), "{ran:?}");
    assert_eq!((sandbox.read(PRESUBMITS), staged(&sandbox)), (before, vec![CONFIG.to_owned()]));
    // Elsewhere anything may lie about.
    sandbox.git(&["checkout", "--quiet", CONFIG]);
    fs::remove_file(sandbox.join(new)).unwrap();
    sandbox.write("ci-operator/config/acme/cli/scratch.txt", "mine\n");
    assert_eq!(hook(&sandbox, &["--only=generate"]).status, 0);
}

#[test]
fn a_broken_config_stops_the_commit() {
    let sandbox = committed();
    sandbox.edit(CONFIG, "- as: unit\n", "- as: Unit_\n");
    sandbox.git(&["add", CONFIG]);
    let ran = hook(&sandbox, &[]);
    assert_eq!((ran.status, staged(&sandbox)), (1, vec![CONFIG.to_owned()]), "{ran:?}");
    assert!(ran.stdout.contains("invalid-test-name") && ran.stdout.contains(CONFIG), "{ran:?}");
}

#[test]
fn steps_can_be_asked_for_one_by_one() {
    let sandbox = committed();
    sandbox.edit(CONFIG, "- as: unit\n", "- as:   unit-two\n");
    sandbox.git(&["add", CONFIG]);
    let ran = hook(&sandbox, &["--only=format"]);
    assert_eq!((ran.status, staged(&sandbox)), (0, vec![CONFIG.to_owned()]), "{ran:?}");
    assert!(sandbox.read(CONFIG).contains("- as: unit-two\n") && sandbox.git(&["diff", "--name-only"]).is_empty());
    sandbox.edit(CONFIG, "- as: unit-two\n", "- as: unit_two\n");
    sandbox.git(&["add", CONFIG]);
    let ran = hook(&sandbox, &["--only=check"]);
    assert_eq!((ran.status, staged(&sandbox)), (1, vec![CONFIG.to_owned()]), "{ran:?}");
    assert!(ran.stdout.contains("unit_two"), "{ran:?}");
}

#[test]
fn git_itself_runs_the_hook() {
    let sandbox = committed();
    let ran = sandbox.run("cutwater", &["init", "--yes", "--git"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "--message=init"]);
    rename_test(&sandbox);
    let with_cutwater = {
        let program = std::path::Path::new(crate::support::binary("cutwater"));
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap())
    };
    let mut command = Command::new("git");
    command.current_dir(sandbox.path()).env("PATH", with_cutwater);
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let output = command.args(who).args(["commit", "--quiet", "--all", "--message=rename"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(sandbox.git(&["show", "--name-only", "--format="]), format!("{CONFIG}\n{PRESUBMITS}"));
    assert_eq!(sandbox.git(&["status", "--short"]), "");
}

#[test]
fn outside_of_git_it_says_so() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.command("cutwater").arg("pre-commit").env("GIT_CEILING_DIRECTORIES", "/").output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.code() == Some(2) && said.contains("is no git repository"), "{said}");
}

#[test]
fn a_branch_touches_what_it_changed() {
    let sandbox = committed();
    sandbox.git(&["checkout", "--quiet", "-b", "change"]);
    rename_test(&sandbox);
    sandbox.commit_all();
    // Not of the branch, and stale: left alone.
    sandbox.edit("ci-operator/jobs/acme/cli/acme-cli-main-presubmits.yaml", "always_run: true", "always_run: false");
    sandbox.git(&["update-index", "--assume-unchanged", "ci-operator/jobs/acme/cli/acme-cli-main-presubmits.yaml"]);
    let ran = sandbox.run("cutwater", &["update", "--changed-since=main", "-v"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains(PRESUBMITS) && !ran.stderr.contains("acme-cli"), "{ran:?}");
    let nothing = sandbox.run("cutwater", &["jobs", "--changed-since=HEAD", "--check"]);
    assert_eq!(nothing.status, 0, "{nothing:?}");
    for bad in ["no-such-revision", "--output=x", "^main"] {
        let ran = sandbox.run("cutwater", &["update", &format!("--changed-since={bad}")]);
        assert_eq!(ran.status, 2, "{bad}: {ran:?}");
    }
}

#[test]
fn a_check_tells_what_a_change_did_from_what_was_there() {
    let sandbox = committed();
    let before = sandbox.run("cutwater", &["check"]);
    assert_eq!(before.status, 1, "the sample has findings of its own");
    let untouched = sandbox.run("cutwater", &["check", "--base=main"]);
    assert_eq!(untouched.status, 0, "{untouched:?}");
    assert!(untouched.stderr.starts_with("13 configs checked: 0 errors, 0 warnings, 42 there before"), "{untouched:?}");
    assert!(untouched.stdout.starts_with("Already so at main, not of this change:\n"), "{untouched:?}");
    // A hand edit, a stale file and a bad config.
    sandbox.edit(PRESUBMITS, "    context: ci/prow/unit\n", "    context: ci/prow/by-hand\n");
    sandbox.edit("ci-operator/config/acme/gateway/acme-gateway-main.yaml", "- as: unit\n", "- as: unit-two\n");
    sandbox.edit("ci-operator/config/acme/cli/acme-cli-main.yaml", "- as: unit\n", "- as: Unit_\n");
    let ran = sandbox.run("cutwater", &["check", "--base=main", "--format=json", "-q"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!("{} {}", it["rule"].as_str().unwrap(), it["file"].as_str().unwrap().rsplit('/').next().unwrap())
        })
        .collect();
    assert_eq!(ran.status, 1);
    assert_eq!(
        told,
        [
            "invalid-test-name acme-cli-main.yaml",
            "missing-job acme-gateway-main-presubmits.yaml",
            "stale-job acme-gateway-main-presubmits.yaml",
            "edited-job acme-payments-main-presubmits.yaml",
        ]
    );
    let text = sandbox.run("cutwater", &["check", "--base=main"]);
    let last = text.stderr.lines().last().unwrap();
    let expected = "to write generated files anew, edits by hand go: cutwater update ci-operator/config/acme/gateway \
                    ci-operator/config/acme/payments";
    assert_eq!(last, expected);
}
