//! Sparse checkouts: what git leaves out is not removed, and its jobs are not either.

use crate::support::{Ran, Sandbox, tree};

const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";

/// The sample, brought up to date and committed, without the configs of all but one repository.
fn sparse() -> Sandbox {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    sandbox.git(&[
        "sparse-checkout",
        "set",
        "ci-operator/config/acme/payments",
        "ci-operator/jobs",
        "ci-operator/step-registry",
        "core-services",
    ]);
    assert!(!sandbox.join("ci-operator/config/acme/cli").exists() && sandbox.join(CONFIG).exists());
    sandbox
}

fn jobs(sandbox: &Sandbox) -> std::collections::BTreeMap<String, Vec<u8>> {
    tree(&sandbox.join("ci-operator/jobs"), |_| true)
}

#[track_caller]
fn refused(ran: &Ran) {
    assert_eq!(ran.status, 2, "{ran:?}");
    for part in ["left out of this sparse checkout", "git sparse-checkout add ci-operator/"] {
        assert!(ran.stderr.contains(part), "{ran:?}");
    }
}

#[test]
fn what_writes_everything_refuses_and_loses_no_job() {
    let sandbox = sparse();
    let before = jobs(&sandbox);
    for arguments in [&["jobs"][..], &["update"], &["jobs", "--check"], &["check", "--fix"], &["watch", "--rounds=1"]] {
        refused(&sandbox.run("cutwater", arguments));
    }
    // The configs of these jobs are left out too.
    refused(&sandbox.run("cutwater", &["jobs", "ci-operator/jobs/acme/cli"]));
    assert!(jobs(&sandbox) == before && sandbox.git(&["status", "--short"]).is_empty());
    // What is there whole can be worked on.
    sandbox.edit(CONFIG, "- as: unit\n", "- as: unit-two\n");
    let ran = sandbox.run("cutwater", &["update", "ci-operator/config/acme/payments"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(jobs(&sandbox) != before);
    sandbox.git(&["sparse-checkout", "disable"]);
    assert_eq!(sandbox.run("cutwater", &["update", "--check"]).status, 0, "nothing was lost");
}

#[test]
fn a_check_says_what_it_does_not_see() {
    let sandbox = sparse();
    let ran = sandbox.run("cutwater", &["check"]);
    assert!(ran.stderr.contains("note: ") && ran.stderr.contains("left out of this sparse checkout"), "{ran:?}");
    let ran = sandbox.run("cutwater", &["check", "ci-operator/config/acme/payments"]);
    assert!(!ran.stderr.contains("sparse"), "{ran:?}");
}

#[test]
fn a_commit_is_refused_where_it_reaches_what_is_left_out() {
    let sandbox = sparse();
    let clusters = "core-services/sanitize-prow-jobs/_config.yaml";
    sandbox.edit(clusters, "default: build01", "default: build05");
    sandbox.git(&["add", clusters]);
    let before = jobs(&sandbox);
    refused(&sandbox.run("cutwater", &["pre-commit"]));
    assert!(jobs(&sandbox) == before && sandbox.git(&["diff", "--cached", "--name-only"]) == clusters);
    sandbox.git(&["reset", "--quiet", "--hard"]);
    sandbox.edit(CONFIG, "- as: unit\n", "- as: unit-two\n");
    sandbox.git(&["add", CONFIG]);
    let ran = sandbox.run("cutwater", &["pre-commit"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn a_base_is_whole_whatever_is_checked_out() {
    let sandbox = sparse();
    sandbox.git(&["config", "index.sparse", "true"]);
    sandbox.git(&["sparse-checkout", "reapply"]);
    sandbox.edit(CONFIG, "- as: unit\n", "- as: Unit_\n");
    let ran = sandbox.run("cutwater", &["check", "--base=HEAD", "--format=json", "ci-operator/config/acme/payments"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!(found, ["invalid-test-name"], "{ran:?}");
}
