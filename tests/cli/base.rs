//! `check --base` and `--changed-since` on histories as they are: already wrong at the base, or cut short.

use crate::support::{Ran, Sandbox};

const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
const PRESUBMITS: &str = "ci-operator/jobs/acme/payments/acme-payments-main-presubmits.yaml";

/// What a check holds a change for, as `RULE FILE`, and what it says besides.
fn of_change(sandbox: &Sandbox, base: &str) -> (Vec<String>, Ran) {
    let ran = sandbox.run("cutwater", &["check", &format!("--base={base}"), "--format=json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    let name = |file: String| file.rsplit('/').next().unwrap().to_owned();
    let told = |it| format!("{} {}", text(it, "rule"), name(text(it, "file")));
    (found.as_array().unwrap().iter().map(told).collect(), ran)
}

/// The sample where somebody has edited the jobs of two tests by hand, as `main`.
fn edited() -> Sandbox {
    let sandbox = Sandbox::updated();
    sandbox.edit(PRESUBMITS, "    context: ci/prow/unit\n", "    context: ci/prow/by-hand\n");
    sandbox.commit_all();
    sandbox.git(&["checkout", "--quiet", "-b", "change"]);
    sandbox
}

#[test]
fn an_edit_that_the_base_has_is_not_of_the_change() {
    let sandbox = edited();
    let (told, ran) = of_change(&sandbox, "main");
    assert_eq!((told.len(), ran.status), (0, 0), "{ran:?}");
    // Neither is it when the change has to do with another job of the file.
    sandbox.edit(CONFIG, "tests:\n", "tests:\n- as: added\n  commands: make added\n  container:\n    from: src\n");
    let ran = sandbox.run("cutwater", &["jobs", "--diff", "-q", "ci-operator/config/acme/payments"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    sandbox.edit(PRESUBMITS, "    context: ci/prow/unit\n", "    context: ci/prow/by-hand\n");
    let (told, ran) = of_change(&sandbox, "main");
    assert_eq!((told.len(), ran.status), (0, 0), "{told:?} {ran:?}");
    let shown = sandbox.run("cutwater", &["check", "--base=main", "-q"]).stdout;
    let (_, already) = shown.split_once("Already so at main, not of this change:\n").unwrap();
    assert!(already.contains(PRESUBMITS), "{shown}");
}

#[test]
fn what_is_done_to_an_edited_job_is_of_the_change() {
    // Another value, a further value, and a config that asks for another one.
    let changes: [fn(&Sandbox); 3] = [
        |sandbox| sandbox.edit(PRESUBMITS, "ci/prow/by-hand\n", "ci/prow/by-another-hand\n"),
        |sandbox| {
            let text = sandbox.read(PRESUBMITS);
            let (before, job) = text.split_once("ci/prow/by-hand\n").unwrap();
            sandbox.write(PRESUBMITS, format!("{before}ci/prow/by-hand\n{}", job.replacen("cpu: 10m", "cpu: 20m", 1)));
        },
        |sandbox| sandbox.edit(CONFIG, "    from: src\n", "    from: src\n  run_if_changed: ^src/\n"),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let sandbox = edited();
        change(&sandbox);
        let (told, ran) = of_change(&sandbox, "main");
        assert_eq!(told, ["edited-job acme-payments-main-presubmits.yaml"], "{at}: {ran:?}");
    }
}

/// A clone of the sample with a change on top, cut to the last commit of either branch.
fn shallow() -> (Sandbox, Sandbox) {
    let origin = Sandbox::updated();
    origin.commit_all();
    origin.git(&["checkout", "--quiet", "-b", "change"]);
    origin.edit(CONFIG, "- as: unit\n", "- as: Unit_\n");
    origin.commit_all();
    origin.git(&["checkout", "--quiet", "main"]);
    origin.write("README.md", "later\n");
    origin.commit_all();
    let clone = Sandbox::new();
    let from = format!("file://{}", origin.path().display());
    clone.git(&["init", "--quiet", "--initial-branch=none"]);
    clone.git(&["remote", "add", "origin", &from]);
    clone.git(&["fetch", "--quiet", "--depth=1", "origin", "main", "change"]);
    clone.git(&["update-ref", "refs/remotes/origin/main", &origin.git(&["rev-parse", "main"])]);
    clone.git(&["checkout", "--quiet", "-b", "change", &origin.git(&["rev-parse", "change"])]);
    (origin, clone)
}

#[test]
fn a_shallow_clone_is_checked_against_what_is_there_and_says_so() {
    let (_origin, clone) = shallow();
    let (told, ran) = of_change(&clone, "origin/main");
    assert_eq!((told, ran.status), (vec!["invalid-test-name acme-payments-main.yaml".to_owned()], 1), "{ran:?}");
    for part in ["note: compared with origin/main as it is now", "git fetch --deepen=100", "git fetch --unshallow"] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    let quiet = clone.run("cutwater", &["check", "--base=origin/main", "-q"]);
    assert!(!quiet.stderr.contains("note: "), "{quiet:?}");
    clone.git(&["fetch", "--quiet", "--unshallow", "origin", "main", "change"]);
    let (told, ran) = of_change(&clone, "origin/main");
    assert!(told.len() == 1 && !ran.stderr.contains("note: "), "{ran:?}");
}

#[test]
fn without_history_it_is_not_known_what_a_branch_changed() {
    let (_origin, clone) = shallow();
    for command in ["check", "update", "jobs"] {
        let ran = clone.run("cutwater", &[command, "--changed-since=origin/main"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        for part in ["HEAD and origin/main have no commit in common", "clone is shallow", "git fetch --unshallow"] {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
    }
    // Where the clone is whole, more of it is no help.
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    sandbox.git(&["checkout", "--quiet", "--orphan", "other"]);
    sandbox.write("README.md", "another beginning\n");
    sandbox.commit_all();
    let ran = sandbox.run("cutwater", &["update", "--changed-since=main"]);
    assert!(ran.status == 2 && ran.stderr.contains("no commit in common\n"), "{ran:?}");
}

#[test]
fn a_branch_without_a_commit_is_told_so() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    sandbox.git(&["checkout", "--quiet", "--orphan", "other"]);
    for arguments in [["check", "--base=main"], ["update", "--changed-since=main"]] {
        let ran = sandbox.run("cutwater", &arguments);
        assert!(ran.status == 2 && ran.stderr.contains("the current branch has no commit yet"), "{ran:?}");
    }
}
