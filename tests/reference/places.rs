//! A whole release repository put to use: `cutwater init`, then `make`, the real pre-commit and the check of a change.
//!
//! pre-commit comes from PyPI by `tests/tools/prepare`, at the version that it names.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::corpus::Corpus;
use crate::support::{Ran, binary};

const CONFIG: &str =
    "ci-operator/config/ComplianceAsCode/compliance-operator/ComplianceAsCode-compliance-operator-master.yaml";
const JOBS: &str =
    "ci-operator/jobs/ComplianceAsCode/compliance-operator/ComplianceAsCode-compliance-operator-master-presubmits.yaml";

/// A checkout of a release repository.
struct Checkout(TempDir);

impl Checkout {
    /// What a shell prints, with our programs first on the path.
    fn shell(&self, line: &str) -> Ran {
        let programs = Path::new(binary("cutwater")).parent().unwrap().to_owned();
        let rest = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&rest))).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(self.0.path()).env("PATH", path);
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        }
        Ran::from(command.env_remove("ARTIFACTS").output().unwrap())
    }

    #[track_caller]
    fn well(&self, line: &str) -> String {
        let ran = self.shell(line);
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
        ran.stdout
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.0.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

/// A program that `tests/tools/prepare` gets.
fn tool(name: &str) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/prepare");
    let output = Command::new(script).arg(name).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(said.trim_end().strip_prefix(&format!("{name} ")).unwrap())
}

/// release-today up to date, with everything that `cutwater init` writes, committed.
fn put_to_use() -> Checkout {
    let checkout = Checkout(Corpus::unpack("release-today").copy_input());
    checkout.shell("cutwater update -qq --keep-going");
    checkout.well("git init --quiet --initial-branch=master && cutwater init --yes");
    checkout.well("git add --all && git -c gc.auto=0 commit --quiet --message=base");
    assert_eq!(checkout.well("cutwater update --check -qq"), "");
    checkout
}

#[test]
fn a_commit_through_pre_commit_has_its_job_files() {
    let checkout = put_to_use();
    let pre_commit = tool("pre-commit");
    let home = checkout.0.path().join(".git/pre-commit-home");
    let pre_commit = format!("PRE_COMMIT_HOME={} {}", home.display(), pre_commit.display());
    checkout.well(&format!("{pre_commit} validate-config .pre-commit-config.yaml"));
    let hooks = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    checkout.well(&format!("{pre_commit} validate-manifest {}", hooks.display()));
    checkout.well(&format!("{pre_commit} install"));
    checkout.edit(CONFIG, "- as: unit\n", "- as: units\n");
    checkout.well(&format!("git add {CONFIG}"));
    let ran = checkout.shell("git commit --message=rename");
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("cutwater.....") && ran.stderr.contains("Passed"), "pre-commit did not run: {ran:?}");
    assert_eq!(checkout.well("git show --name-only --format="), format!("{CONFIG}\n{JOBS}\n"));
    assert_eq!(checkout.well("git status --short"), "");
    assert_eq!(checkout.well("cutwater update --check -qq"), "");
    // One that is wrong does not get in.
    checkout.edit(CONFIG, "- as: units\n", "- as: Units_\n");
    let ran = checkout.shell("git commit --all --message=wrong");
    assert!(ran.status == 1 && format!("{ran:?}").contains("invalid-test-name"), "{ran:?}");
    assert_eq!(checkout.well("git log --oneline").lines().count(), 2);
}

#[test]
fn a_hand_edit_a_stale_file_and_a_bad_config_are_each_named_once() {
    let checkout = put_to_use();
    assert_eq!(checkout.shell("cutwater check --base HEAD").status, 0, "what was there before does not count");
    checkout.edit(JOBS, "    context: ci/prow/unit\n", "    context: ci/prow/by-hand\n");
    let stale = "ci-operator/config/openstack-k8s-operators/openstack-ansibleee-operator/openstack-k8s-operators-openstack-ansibleee-operator-main.yaml";
    checkout.edit(stale, "- as: unit\n", "- as: unit-two\n");
    let bad = "ci-operator/config/openshift-priv/baremetal-runtimecfg/openshift-priv-baremetal-runtimecfg-master.yaml";
    checkout.edit(bad, "- as: unit\n", "- as: Unit_\n");
    let ran = checkout.shell("cutwater check --base HEAD --format json");
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<(&str, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["rule"].as_str().unwrap(), it["file"].as_str().unwrap()))
        .collect();
    let stale_jobs = "ci-operator/jobs/openstack-k8s-operators/openstack-ansibleee-operator/openstack-k8s-operators-openstack-ansibleee-operator-main-presubmits.yaml";
    let expected =
        [("invalid-test-name", bad), ("edited-job", JOBS), ("missing-job", stale_jobs), ("stale-job", stale_jobs)];
    assert_eq!((ran.status, told), (1, expected.to_vec()));
    let last = "cutwater update ci-operator/config/ComplianceAsCode/compliance-operator ci-operator/config/openstack-k8s-operators/openstack-ansibleee-operator\n";
    assert!(ran.stderr.ends_with(last), "{ran:?}");
}

#[test]
fn make_jobs_gives_the_expected_tree() {
    let corpus = Corpus::unpack("release-2023");
    let checkout = Checkout(corpus.copy_input());
    checkout.well("git init --quiet && cutwater init --yes");
    checkout.well("make jobs");
    corpus.compare_jobs("cutwater init, make jobs", "sanitize", &checkout.0.path().join("ci-operator/jobs"));
}
