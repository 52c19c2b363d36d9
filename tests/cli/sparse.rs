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

/// What a refused run says to do: the arguments of git.
#[track_caller]
fn refused(ran: &Ran) -> Vec<&str> {
    assert!(ran.status == 2 && ran.stderr.contains("left out of this sparse checkout"), "{ran:?}");
    remedy(ran)
}

#[track_caller]
fn remedy(ran: &Ran) -> Vec<&str> {
    let (_, rest) = ran.stderr.split_once("`git ").unwrap_or_else(|| panic!("no remedy: {ran:?}"));
    rest.split('`').next().unwrap().split_whitespace().collect()
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

#[test]
fn what_it_says_helps() {
    let sandbox = sparse();
    sandbox.write("cutwater.toml", "");
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--message=settings"]);
    for arguments in [&["update", "--check"][..], &["diff", "HEAD"], &["pre-commit"]] {
        sandbox.git(&[
            "sparse-checkout",
            "set",
            "ci-operator/config/acme/payments",
            "ci-operator/jobs",
            "core-services",
        ]);
        sandbox.edit(CONFIG, "- as: unit\n", "- as: unit-two\n");
        sandbox.git(&["add", CONFIG]);
        let ran = sandbox.run("cutwater", arguments);
        sandbox.git(&refused(&ran));
        let again = sandbox.run("cutwater", arguments);
        assert!(again.status < 2, "{arguments:?}: {again:?}");
        sandbox.git(&["sparse-checkout", "disable"]);
        sandbox.git(&["reset", "--quiet", "--hard"]);
    }
}

#[test]
fn what_it_says_helps_wherever_somebody_is() {
    let sandbox = sparse();
    let from = |directory: &str, arguments: &[&str]| {
        let mut command = sandbox.command("cutwater");
        Ran::from(command.current_dir(sandbox.join(directory)).args(arguments).output().unwrap())
    };
    let ran = from("ci-operator/config/acme", &["update", "--check"]);
    assert!(ran.stderr.contains("`git -C '/"), "{ran:?}");
    let (_, way) = ran.stderr.split_once('`').unwrap();
    let mut shell = sandbox.command_of("sh");
    shell.current_dir(sandbox.join("ci-operator/config/acme")).args(["-c", way.split('`').next().unwrap()]);
    assert_eq!(Ran::from(shell.output().unwrap()).status, 0);
    assert_eq!(from("ci-operator/config/acme", &["update", "--check"]).status, 0);
    // Patterns may leave out single files, which no directory brings back.
    sandbox.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/ci-operator/config/acme/cli/"]);
    assert_eq!(refused(&from("", &["update", "--check"])), ["sparse-checkout", "disable"]);
}

#[test]
fn jobs_are_not_told_to_go_with_what_is_left_out() {
    let sandbox = sparse();
    refused(&sandbox.run("cutwater", &["diff", "HEAD", "--exit-code"]));
    let ran = sandbox.run("cutwater", &["diff", "HEAD", "--exit-code", "ci-operator/config/acme/payments"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    // Job files as they stand need nothing else.
    let ran = sandbox.run("cutwater", &["diff", "HEAD", "--exit-code", "--no-generate"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    sandbox.git(&["sparse-checkout", "set", "ci-operator/config"]);
    refused(&sandbox.run("cutwater", &["diff", "HEAD", "--exit-code", "--no-generate"]));
}

#[test]
fn the_rest_of_prow_configuration_is_not_written_over() {
    let sandbox = sparse();
    sandbox.git(&["sparse-checkout", "set", "ci-operator", "core-services/sanitize-prow-jobs"]);
    let plugins = "core-services/prow/02_config/_plugins.yaml";
    sandbox.write(plugins, "plugins: {}\n");
    let ran = sandbox.run("cutwater", &["fmt"]);
    assert_eq!(refused(&ran), ["sparse-checkout", "add", "core-services/prow/02_config"]);
    assert_eq!(sandbox.read(plugins), "plugins: {}\n");
    let ran = sandbox.run("cutwater", &["fmt", "--check"]);
    assert!(ran.status < 2 && ran.stderr.contains("note: "), "{ran:?}");
    std::fs::remove_dir_all(sandbox.join("core-services/prow")).unwrap();
    assert_eq!(sandbox.run("cutwater", &["fmt"]).status, 0, "where there is none of it nothing is written over");
    // What it is no part of can be brought into form.
    assert_eq!(sandbox.run("cutwater", &["fmt", "ci-operator/config"]).status, 0);
}

#[test]
fn a_job_file_that_is_not_there_is_not_begun_anew() {
    let sandbox = sparse();
    sandbox.git(&["sparse-checkout", "set", "ci-operator/config"]);
    let arguments = ["init", "--yes", "--source=acme/webshop", "--branch=main", "--presubmit=example.com/x:1"];
    let ran = sandbox.run("cutwater", &arguments);
    let remedy = refused(&ran);
    assert_eq!(remedy, ["sparse-checkout", "add", "ci-operator/jobs/acme/webshop"]);
    assert!(!sandbox.join("cutwater.mk").exists() && sandbox.git(&["status", "--short"]).is_empty());
    sandbox.git(&remedy);
    assert_eq!(sandbox.run("cutwater", &arguments).status, 0);
    let said = sandbox.git(&["diff", "--numstat", "ci-operator/jobs"]);
    assert!(said.split('\t').nth(1) == Some("0"), "nothing goes: {said}");
}

#[test]
fn job_files_outside_of_the_checkout_are_told_how_to_get_in() {
    let sandbox = sparse();
    let (whole, fresh) = ("ci-operator/config/acme/payments", "ci-operator/config/acme/fresh");
    sandbox.git(&["sparse-checkout", "set", whole, fresh, "ci-operator/step-registry", "core-services"]);
    let text = sandbox.read(CONFIG).replace("repo: payments", "repo: fresh");
    sandbox.write(&format!("{fresh}/acme-fresh-main.yaml"), text);
    sandbox.write(&format!("{fresh}/OWNERS"), "approvers:\n- a\n");
    sandbox.git(&["add", fresh]);
    let commit = || sandbox.run("cutwater", &["pre-commit", "--only=generate"]);
    let ran = commit();
    assert!(ran.status == 2 && ran.stderr.contains("outside of this sparse checkout"), "{ran:?}");
    assert_eq!(remedy(&ran), ["sparse-checkout", "add", "ci-operator/jobs/acme/fresh"]);
    sandbox.git(&remedy(&ran));
    sandbox.git(&["add", "ci-operator/jobs/acme/fresh"]);
    assert_eq!(commit().status, 0);
    assert!(sandbox.git(&["diff", "--cached", "--name-only"]).contains("ci-operator/jobs/acme/fresh/"));
}
