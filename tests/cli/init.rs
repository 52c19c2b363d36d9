//! `cutwater init` and what it leaves: shown first, written once, never over what people changed; and `make` with it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Ran, Sandbox};

fn init(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run("cutwater", &[&["init"], arguments].concat())
}

/// Runs `make` with the programs of this build first.
fn make(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    let programs = Path::new(crate::support::binary("cutwater")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("make");
    // Whoever runs the tests may be a make as well.
    command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    Ran::from(command.current_dir(sandbox.path()).env("PATH", path).args(arguments).output().unwrap())
}

#[test]
fn it_shows_what_it_would_write_and_writes_nothing_unasked() {
    let sandbox = Sandbox::sample();
    let before = crate::support::tree(sandbox.path(), |_| true);
    let ran = init(&sandbox, &[]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for file in ["cutwater.mk", "Makefile", ".pre-commit-config.yaml", ".gitattributes"] {
        assert!(ran.stdout.contains(&format!("+++ b/{file}\n")), "{file}: {ran:?}");
    }
    assert!(crate::support::tree(sandbox.path(), |_| true) == before);
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let sandbox = Sandbox::sample();
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["remote", "add", "origin", "https://example.com/acme/release.git"]);
    let all = ["--yes", "--git", "--presubmit=example.com/cutwater:1", "--branch=main"];
    let ran = init(&sandbox, &all);
    assert_eq!(ran.status, 0, "{ran:?}");
    let before = crate::support::tree(sandbox.path(), |_| true);
    let again = init(&sandbox, &all);
    assert_eq!((again.status, &*again.stdout, &*again.stderr), (0, "", "nothing to do\n"));
    assert!(crate::support::tree(sandbox.path(), |_| true) == before);
    assert_eq!(sandbox.git(&["config", "merge.cutwater.driver"]).split(' ').next(), Some("cutwater"));
    let job = sandbox.read("ci-operator/jobs/acme/release/acme-release-main-presubmits.yaml");
    assert!(
        job.contains("name: pull-ci-acme-release-main-cutwater\n") && job.contains("image: example.com/cutwater:1\n")
    );
    // Prow takes the job, and canonical form has nothing to add but its build cluster.
    let checked = sandbox.run("cutwater", &["check", "--format=json", "-q", "ci-operator/jobs/acme/release"]);
    let found: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    let rules: Vec<&str> = found.as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(
        rules.iter().all(|rule| matches!(
            *rule,
            "unformed-jobs" | "unplaced-job" | "jobs-without-trigger" | "missing-owners" | "file-in-no-config-map"
        )),
        "{rules:?}"
    );
}

#[test]
fn what_people_wrote_stays() {
    let sandbox = Sandbox::sample();
    sandbox.write("Makefile", "all:\n\techo mine\n");
    sandbox.write(".pre-commit-config.yaml", "repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a\n");
    sandbox.write("cutwater.mk", "# mine\n");
    let ran = init(&sandbox, &["--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("cutwater.mk stays as it is"), "{ran:?}");
    assert_eq!(sandbox.read("cutwater.mk"), "# mine\n");
    assert!(
        sandbox.read("Makefile").starts_with("all:\n\techo mine\n\n# >>> cutwater init >>>\ninclude cutwater.mk\n")
    );
    let hooks = sandbox.read(".pre-commit-config.yaml");
    assert!(hooks.contains("- id: cutwater\n") && hooks.contains("- id: a\n"), "{hooks}");
    // Changed by hand since: it is theirs now.
    let changed = sandbox.read("Makefile").replace("include cutwater.mk", "include other.mk");
    sandbox.write("Makefile", &changed);
    let again = init(&sandbox, &["--yes"]);
    assert!(again.stderr.contains("Makefile stays as it is"), "{again:?}");
    assert_eq!(sandbox.read("Makefile"), changed);
}

#[test]
fn a_hook_of_somebody_else_stays() {
    let sandbox = Sandbox::sample();
    sandbox.git(&["init", "--quiet"]);
    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    sandbox.git(&["config", "merge.cutwater.driver", "mine"]);
    let ran = init(&sandbox, &["--yes", "--git"]);
    assert!(ran.status == 0 && ran.stderr.contains("the hook pre-commit stays as it is"), "{ran:?}");
    assert!(ran.stderr.contains("merge.cutwater.driver stays as it is: mine"), "{ran:?}");
    assert_eq!(sandbox.read(".git/hooks/pre-commit"), "#!/bin/sh\nexit 0\n");
    assert!(sandbox.read(".git/hooks/pre-merge-commit").contains("cutwater pre-commit --only generate"));
}

#[test]
fn wrong_use_is_told() {
    let sandbox = Sandbox::sample();
    sandbox.git(&["init", "--quiet"]);
    for (arguments, told) in [
        (&["--presubmit=x"][..], "no remote `origin`"),
        (&["--presubmit=x", "--source=acme"], "ORG/REPO"),
        (&["--presubmit=x", "--source=acme/a/b"], "ORG/REPO"),
        (&["--source=acme/a"], "--presubmit"),
    ] {
        let ran = init(&sandbox, arguments);
        assert!(ran.status == 2 && ran.stderr.contains(told), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn make_does_what_the_program_does() {
    let expected = Sandbox::updated();
    let sandbox = Sandbox::sample();
    assert_eq!(init(&sandbox, &["--yes"]).status, 0);
    let ours = |path: &str| path.starts_with("ci-operator/") || path.starts_with("core-services/");
    let jobs = |path: &str| path.starts_with("ci-operator/jobs/");
    let ran = make(&sandbox, &["jobs", "WHAT=acme/payments"]);
    assert!(ran.status == 0 && ran.stdout.contains("cutwater jobs ci-operator/config/acme/payments\n"), "{ran:?}");
    assert!(crate::support::tree(sandbox.path(), jobs) != crate::support::tree(expected.path(), jobs));
    for target in ["jobs", "ci-operator-config", "prow-config", "registry-metadata"] {
        let ran = make(&sandbox, &[target]);
        assert_eq!(ran.status, 0, "{target}: {ran:?}");
    }
    assert!(crate::support::tree(sandbox.path(), ours) == crate::support::tree(expected.path(), ours));
    let ran = make(&sandbox, &["update"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let ran = make(&sandbox, &["checkconfig"]);
    assert!(ran.status != 0 && ran.stderr.contains("13 configs checked"), "{ran:?}");
}

#[test]
fn the_manual_and_completions_know_every_command() {
    let sandbox = Sandbox::new();
    let help = sandbox.run("cutwater", &["--help"]).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()))
        .collect();
    assert!(commands.len() > 10, "{help}");
    let ran = sandbox.run("cutwater", &["man", "man"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sandbox.run("cutwater", &["completions", shell]);
        assert!(ran.status == 0 && commands.iter().all(|name| ran.stdout.contains(name)), "{shell}");
    }
    for command in commands {
        let page = sandbox.read(&format!("man/cutwater-{command}.1"));
        assert!(page.starts_with(".ie") && page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{page}");
    }
    assert!(fs::exists(sandbox.join("man/cutwater-upload-plan.1")).unwrap());
    let bash = sandbox.run("cutwater", &["completions", "bash"]).stdout;
    sandbox.write("cutwater.bash", bash);
    let words = "source ./cutwater.bash; COMP_WORDS=(cutwater upd); COMP_CWORD=1; _cutwater cutwater upd cutwater; echo ${COMPREPLY[@]}";
    let output = Command::new("bash").current_dir(sandbox.path()).args(["-c", words]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "update\n", "{output:?}");
}

#[test]
fn self_check_says_what_it_finds() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["self-check"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for line in [
        "compatible with       openshift/ci-tools 52352cd\n",
        "files in ci-operator/config\n",
        "not set up: `cutwater init` does it\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {ran:?}");
    }
    init(&sandbox, &["--yes"]);
    let ran = sandbox.run("cutwater", &["self-check"]);
    assert!(ran.stdout.contains("make targets          set up\n"), "{ran:?}");
    let elsewhere = Sandbox::new();
    let ran = elsewhere.run("cutwater", &["self-check"]);
    assert!(ran.status == 1 && ran.stdout.contains("missing: no release repository"), "{ran:?}");
}

#[test]
fn another_image_takes_the_place_of_the_one_that_it_wrote() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let presubmit = |image: &str| {
        init(&sandbox, &["--yes", "--source=acme/release", "--branch=feature/4.10", &format!("--presubmit={image}")])
    };
    let file = "ci-operator/jobs/acme/release/acme-release-feature4.10-presubmits.yaml";
    assert_eq!(presubmit("example.com/x:1").status, 0);
    // What tools make of it is no change by people.
    let updated = sandbox.run("cutwater", &["update", "-qq"]);
    let placed = sandbox.read(file);
    assert!(updated.status == 0 && placed.contains("    cluster: build"), "{updated:?}");
    assert!(placed.contains("    - ^feature/4\\.10$\n"), "{placed}");
    let again = presubmit("example.com/x:1");
    assert_eq!((again.status, &*again.stderr), (0, "nothing to do\n"), "{again:?}");
    let newer = presubmit("example.com/x:2");
    assert!(newer.stdout.contains("-        image: example.com/x:1\n+        image: example.com/x:2\n"), "{newer:?}");
    assert_eq!(newer.stdout.matches("\n+").count(), 2, "nothing else changes: {newer:?}");
    assert_eq!(sandbox.read(file), placed.replace("x:1", "x:2"));
    // What people changed is theirs, and they are told what it would be.
    let changed = sandbox.read(file).replace("memory: 1Gi", "memory: 2Gi");
    sandbox.write(file, &changed);
    let kept = presubmit("example.com/x:3");
    assert!(kept.stderr.contains(&format!("{file} stays as it is")) && kept.stderr.contains("x:3"), "{kept:?}");
    assert_eq!(sandbox.read(file), changed);
}
