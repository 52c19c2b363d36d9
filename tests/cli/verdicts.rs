//! What `cutwater jobs` says besides the files: its verdict, why nothing was written, whom to ask.

use std::fs::{self, File};
use std::io::Read;
use std::process::Stdio;

use crate::support::{Ran, Sandbox};

#[test]
fn a_check_makes_no_directory() {
    let sandbox = Sandbox::sample();
    fs::remove_dir_all(sandbox.join("ci-operator/jobs")).unwrap();
    let ran = sandbox.run("cutwater", &["jobs", "--check"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains(" would be written"), "{}", ran.stderr);
    assert!(!sandbox.join("ci-operator/jobs").exists());
}

#[test]
fn checks_wait_for_writers_and_not_for_each_other() {
    let sandbox = Sandbox::sample();
    let jobs = File::open(sandbox.join("ci-operator/jobs")).unwrap();
    jobs.lock_shared().unwrap();
    assert_eq!(sandbox.run("cutwater", &["jobs", "--check"]).status, 1);
    jobs.unlock().unwrap();
    jobs.lock().unwrap();
    let mut command = sandbox.command("cutwater");
    let mut waiting = command.args(["jobs", "--check"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut said = [0; 7];
    waiting.stderr.as_mut().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(&said, b"waiting");
    jobs.unlock().unwrap();
    assert_eq!(waiting.wait().unwrap().code(), Some(1));
}

#[test]
fn the_verdict_stands_when_nobody_reads_on() {
    let sandbox = Sandbox::sample();
    let mut command = sandbox.command("cutwater");
    let child = command.args(["jobs", "--check", "--diff"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    // What reads our output is gone before there is any.
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.stderr.contains("cannot write")), (1, false), "{ran:?}");
}

#[test]
fn keep_going_says_when_something_broken_is_needed_by_all() {
    let step = "ci-operator/step-registry/acme/test/acme-test-ref.yaml";
    let dispatcher = "core-services/sanitize-prow-jobs/_config.yaml";
    for broken in [step, dispatcher] {
        let sandbox = Sandbox::sample();
        sandbox.write(broken, "a: [\n");
        let before = crate::support::tree(sandbox.path(), |_| true);
        let ran = sandbox.run("cutwater", &["jobs", "--keep-going", "--color=never"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.stdout.contains(broken), "{}", ran.stdout);
        let wanted =
            "nothing written, because of 1 error; the step registry or the dispatcher's configuration is broken";
        assert!(ran.stderr.contains(wanted), "{}", ran.stderr);
        assert!(crate::support::tree(sandbox.path(), |_| true) == before);
    }
}

#[test]
fn what_a_broken_file_would_define_is_not_reported_as_missing() {
    for file in ["test/acme-test-ref", "gather/acme-gather-chain", "e2e/acme-e2e-workflow", "watch/acme-watch-observer"]
    {
        let sandbox = Sandbox::sample();
        sandbox.write(&format!("ci-operator/step-registry/acme/{file}.yaml"), "a: [\n");
        let ran = sandbox.run("cutwater", &["jobs", "--color=never"]);
        assert_eq!((ran.status, ran.stdout.matches("error[").count()), (1, 1), "{file}: {}", ran.stdout);
        // What is not there at all is.
        let sandbox = Sandbox::sample();
        fs::remove_file(sandbox.join(&format!("ci-operator/step-registry/acme/{file}.yaml"))).unwrap();
        let ran = sandbox.run("cutwater", &["jobs", "--color=never"]);
        assert!(ran.stdout.contains("error[unknown-"), "{file}: {}", ran.stdout);
    }
}

#[test]
fn missing_owners_name_those_who_are_asked() {
    let sandbox = Sandbox::sample();
    let said = |sandbox: &Sandbox| sandbox.run("cutwater", &["jobs", "--check", "--color=never"]).stdout;
    let sentence = |asked: &str| format!("acme/cli has jobs but no OWNERS: those in {asked} approve them\n");
    assert!(said(&sandbox).contains(&sentence("ci-operator/jobs/OWNERS")), "{}", said(&sandbox));
    sandbox.write("ci-operator/jobs/acme/OWNERS", "approvers: [acme]\n");
    assert!(said(&sandbox).contains(&sentence("ci-operator/jobs/acme/OWNERS")), "{}", said(&sandbox));
    fs::remove_file(sandbox.join("ci-operator/jobs/OWNERS")).unwrap();
    fs::remove_file(sandbox.join("ci-operator/jobs/acme/OWNERS")).unwrap();
    assert!(said(&sandbox).contains(&sentence("the OWNERS above ci-operator/jobs")), "{}", said(&sandbox));
}
