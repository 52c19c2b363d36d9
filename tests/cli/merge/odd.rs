//! Files, repositories and merges that are not the usual ones.

use super::branches::{Branches, Edit};
use super::cases::CASES;
use super::edits::*;
use crate::support::Sandbox;

#[test]
fn what_is_not_jobs_is_merged_as_git_does() {
    let job = "pull-ci-acme-webshop-main-race";
    let breakages: [(&str, &str); 4] = [
        ("    name: pull-ci", "    # why\n    name: pull-ci"),
        ("    name: pull-ci", "    nmae: x\n    name: pull-ci"),
        ("    name: pull-ci", "    name: [\n    name: pull-ci"),
        ("    name: pull-ci", "    name: \u{1}\n    name: pull-ci"),
    ];
    for (from, to) in breakages {
        let branches = Branches::of(&CASES[0]);
        branches.git(&["checkout", "--quiet", "theirs"]);
        edit_job(&branches.sandbox, WEBSHOP_JOBS, job, from, to);
        branches.commit("broken");
        branches.git(&["checkout", "--quiet", "ours"]);
        branches.try_git(&["merge", "--quiet", "theirs"]);
        let alone = (branches.conflicts(), branches.sandbox.read(WEBSHOP_JOBS));
        branches.git(&["merge", "--abort"]);
        let ran = branches.drive(&["merge", "--quiet", "theirs"]);
        assert!(ran.stderr.contains("merged as text: "), "{ran:?}");
        let driven = (branches.conflicts(), branches.sandbox.read(WEBSHOP_JOBS));
        let labels = |text: &str| text.replace("<<<<<<< ours", "<<<<<<< HEAD");
        assert_eq!((driven.0, labels(&driven.1)), (alone.0, labels(&alone.1)));
    }
}

#[test]
fn other_files_are_merged_as_git_does() {
    let sandbox = Sandbox::new();
    for path in ["ci-operator/jobs/acme/OWNERS", "README.md", "ci-operator/config/acme/a/acme-a-main.yaml", "", "/"] {
        sandbox.write("base", "a\nb\nc\nd\ne\n");
        sandbox.write("ours", "A\nb\nc\nd\ne\n");
        sandbox.write("theirs", "a\nb\nc\nd\nE\n");
        let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{path}");
        assert_eq!(sandbox.read("ours"), "A\nb\nc\nd\nE\n");
        sandbox.write("theirs", "x\nb\nc\nd\nE\n");
        let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path, "9"]);
        assert_eq!(ran.status, 1, "{path}");
        assert!(sandbox.read("ours").contains("<<<<<<<<< ours\nA\n"), "{}", sandbox.read("ours"));
    }
}

#[test]
fn a_job_file_out_of_any_repository_is_merged_job_by_job() {
    let sandbox = Sandbox::new();
    let file = |names: &[&str]| {
        let jobs: String =
            names.iter().map(|name| format!("- agent: kubernetes\n  interval: 1h\n  name: {name}\n")).collect();
        format!("periodics:\n{jobs}")
    };
    sandbox.write("base", file(&["a", "d"]));
    sandbox.write("ours", file(&["a", "b", "d"]));
    sandbox.write("theirs", file(&["a", "c", "d"]));
    let path = "ci-operator/jobs/infra-periodics.yaml";
    let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.read("ours"), file(&["a", "b", "c", "d"]));
    // Not to be read: nothing is lost, and git is told.
    let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "nothing", path]);
    assert_ne!(ran.status, 0);
    assert_eq!(sandbox.read("ours"), file(&["a", "b", "c", "d"]));
    assert_eq!(sandbox.run("cutwater", &["merge-driver"]).status, 2);
}

#[test]
fn several_commits_and_another_checkout_are_known_as_well() {
    let branches = Branches::of(&CASES[0]);
    branches.git(&["checkout", "--quiet", "theirs"]);
    add_test(&branches.sandbox, WEBSHOP, "docs", "mac-zero");
    branches.update();
    branches.commit("theirs, more");
    branches.git(&["checkout", "--quiet", "ours"]);
    let ran = branches.drive(&["cherry-pick", "main..theirs"]);
    branches.is_settled(&ran);
    // The last is picked as a single one is, which git does not note before it is 2.44.
    assert!(ran.stderr.matches("cutwater:").count() <= 1, "{ran:?}");
    branches.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    let ran = branches.drive(&["rebase", "--quiet", "ours", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");

    let elsewhere = Sandbox::new();
    let beside = elsewhere.join("checkout");
    branches.git(&["worktree", "add", "--quiet", "-b", "beside", beside.to_str().unwrap(), "ours"]);
    branches.git(&["branch", "--quiet", "more", "main"]);
    let ran = branches.drive(&["-C", beside.to_str().unwrap(), "merge", "--quiet", "--no-edit", "theirs"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn links_among_the_inputs_are_followed() {
    const SCRIPT: &str = "ci-operator/step-registry/acme/linked/acme-linked-commands.sh";
    const CLUSTERS: &str = "core-services/sanitize-prow-jobs/_clusters.yaml";
    let base: Edit = |sandbox| {
        let step = "ref:\n  as: acme-linked\n  commands: acme-linked-commands.sh\n  from: src\n  resources:\n    requests:\n      \
            cpu: 100m\n";
        sandbox.write("ci-operator/step-registry/acme/linked/acme-linked-ref.yaml", step);
        sandbox.write("ci-operator/step-registry/acme/linked/README.md", "true\n");
        std::os::unix::fs::symlink("README.md", sandbox.join(SCRIPT)).unwrap();
        std::fs::rename(sandbox.join(CLUSTERS), sandbox.join("core-services/sanitize-prow-jobs/clusters")).unwrap();
        std::os::unix::fs::symlink("clusters", sandbox.join(CLUSTERS)).unwrap();
    };
    let branches = Branches::new(base, CASES[0].ours, CASES[0].theirs);
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
    assert!(branches.sandbox.join(SCRIPT).is_symlink(), "the case is about links");
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let base: Edit = |sandbox| {
        let config = "ci-operator/config/acme/webshop/acme-webshop-old.yaml";
        std::os::unix::fs::symlink("/nowhere/else.yaml", sandbox.join(config)).unwrap();
    };
    let branches = Branches::new(|_| {}, CASES[0].ours, CASES[0].theirs);
    for branch in ["ours", "theirs"] {
        branches.git(&["checkout", "--quiet", branch]);
        base(&branches.sandbox);
        branches.commit("a link");
    }
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "ours"]);
    assert_ne!(ran.status, 0);
    assert!(ran.stderr.contains("acme-webshop-old.yaml leads nowhere"), "{ran:?}");
}

#[test]
fn a_branch_that_is_renamed_on_one_side_takes_the_tests_of_the_other_along() {
    const OLD: &str = "ci-operator/config/acme/webshop/acme-webshop-release-1.4.yaml";
    const NEW: &str = "ci-operator/config/acme/webshop/acme-webshop-release-1.5.yaml";
    let renamed: Edit = |sandbox| {
        let text = sandbox.read(OLD).replace("branch: release-1.4", "branch: release-1.5");
        sandbox.write(NEW, text);
        std::fs::remove_file(sandbox.join(OLD)).unwrap();
    };
    let added: Edit = |sandbox| add_test(sandbox, OLD, "unit", "mac-one");
    for (ours, theirs) in [(renamed, added), (added, renamed)] {
        let branches = Branches::new(|_| {}, ours, theirs);
        let ran = branches.drive(&["merge", "--quiet", "--no-edit", "theirs"]);
        branches.is_settled(&ran);
        assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
        let file = branches.sandbox.read("ci-operator/jobs/acme/webshop/acme-webshop-release-1.5-presubmits.yaml");
        assert!(file.contains("-release-1.5-mac-one\n") && !file.contains("release-1.4"), "{file}");
    }
}

#[test]
fn merges_that_a_rebase_makes_anew_are_known() {
    let branches = Branches::of(&CASES[0]);
    branches.git(&["checkout", "--quiet", "-b", "side", "main"]);
    add_test(&branches.sandbox, WEBSHOP, "docs", "mac-side");
    branches.update();
    branches.commit("side");
    branches.git(&["checkout", "--quiet", "ours"]);
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "side"]);
    branches.is_settled(&ran);
    let ran = branches.drive(&["rebase", "--quiet", "--rebase-merges", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
}
