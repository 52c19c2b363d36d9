//! The hooks where git is not in its usual place: linked checkouts, sparse ones, a release repository below the top, commits of
//! named files, merges, hooks that all repositories share, pre-commit around it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Ran, Sandbox, copy, testdata};

const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
const PRESUBMITS: &str = "ci-operator/jobs/acme/payments/acme-payments-main-presubmits.yaml";
const OTHER: &str = "ci-operator/config/acme/cli/acme-cli-main.yaml";
const DISPATCH: &str = "core-services/sanitize-prow-jobs/_config.yaml";

/// The sample, brought up to date, with hooks and driver of this clone, committed.
fn hooked() -> Sandbox {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let ran = sandbox.run("cutwater", &["init", "--yes", "--git"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "--message=init"]);
    sandbox
}

/// Settings that put up with what is wrong with the sample itself.
fn put_up_with_the_sample(sandbox: &Sandbox) {
    let ran = sandbox.run("cutwater", &["check", "--format=json", "-q"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rules: BTreeSet<&str> = found.as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    let off: String = rules.iter().map(|rule| format!("{rule} = \"off\"\n")).collect();
    sandbox.write("cutwater.toml", format!("[rules]\n{off}"));
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "--message=settings"]);
}

/// Runs git with hooks that find this build's program, whatever comes of it.
fn git(sandbox: &Sandbox, directory: &Path, arguments: &[&str]) -> Ran {
    let program = Path::new(crate::support::binary("cutwater"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command: Command = sandbox.command_of("git");
    command.current_dir(directory).env("PATH", path).env("GIT_EDITOR", "true");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    Ran::from(command.args(arguments).output().unwrap())
}

/// As [`git`], of what has to succeed; what it says.
#[track_caller]
fn done(sandbox: &Sandbox, directory: &Path, arguments: &[&str]) -> String {
    let ran = git(sandbox, directory, arguments);
    assert_eq!(ran.status, 0, "git {arguments:?}: {ran:?}");
    ran.stdout.trim_end().to_owned()
}

fn edit(directory: &Path, file: &str, from: &str, to: &str) {
    let path = directory.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn rename_test(directory: &Path) {
    edit(directory, CONFIG, "- as: unit\n", "- as: unit-two\n");
}

const FRESH_JOBS: &str = "ci-operator/jobs/acme/fresh/acme-fresh-main-presubmits.yaml";

/// A repository that nobody knew.
fn add_fresh(sandbox: &Sandbox) {
    sandbox.write(
        "ci-operator/config/acme/fresh/acme-fresh-main.yaml",
        "build_root:\n  image_stream_tag:\n    name: builder\n    namespace: ci\n    tag: go-1.24\nresources:\n  '*':\n    \
         requests:\n      cpu: 100m\ntests:\n- as: it\n  commands: make it\n  container:\n    from: src\n",
    );
    sandbox.write("ci-operator/config/acme/fresh/OWNERS", "approvers:\n- a\n");
}

const COMMITTED: [&str; 3] = ["show", "--name-only", "--format="];

#[test]
fn a_linked_checkout_has_the_hook_and_an_index_of_its_own() {
    let sandbox = hooked();
    let outside = Sandbox::new();
    let linked = outside.join("linked");
    sandbox.git(&["worktree", "add", "--quiet", "-b", "topic", linked.to_str().unwrap()]);
    rename_test(&linked);
    // From within, as people do.
    let ran = git(&sandbox, &linked.join("ci-operator"), &["commit", "--quiet", "--all", "--message=rename"]);
    assert_eq!((ran.status, &*ran.stderr), (0, &*format!("staged {PRESUBMITS}\n")), "{ran:?}");
    assert_eq!(done(&sandbox, &linked, &COMMITTED), format!("{CONFIG}\n{PRESUBMITS}"));
    assert_eq!(done(&sandbox, &linked, &["status", "--short"]), "");
    assert_eq!(sandbox.git(&["status", "--short"]), "", "nothing of the first checkout is touched");
    // Its hooks are those of the clone, and there already.
    let again = Ran::from(sandbox.command("cutwater").current_dir(&linked).args(["init", "--git"]).output().unwrap());
    assert_eq!((again.status, &*again.stderr), (0, "nothing to do\n"), "{again:?}");
}

#[test]
fn a_release_repository_below_the_top_is_worked_on_from_there() {
    let outer = Sandbox::new();
    let below = outer.join("ci/release repo");
    copy(&testdata("release-repo"), &below);
    let cutwater =
        |arguments: &[&str]| Ran::from(outer.command("cutwater").current_dir(&below).args(arguments).output().unwrap());
    assert_eq!(cutwater(&["update"]).status, 0);
    outer.commit_all();
    outer.git(&["remote", "add", "origin", "https://example.com/acme/all.git"]);
    let ran = cutwater(&["init", "--yes", "--git", "--presubmit=example.com/x:1"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let named = "cutwater pre-commit --release-repo 'ci/release repo'";
    for file in [".git/hooks/pre-commit", ".git/hooks/pre-merge-commit", ".pre-commit-config.yaml"] {
        assert!(outer.read(file).contains(named), "{file}: {}", outer.read(file));
    }
    let job = outer.read("ci/release repo/ci-operator/jobs/acme/all/acme-all-master-presubmits.yaml");
    assert!(job.contains("        - --release-repo=ci/release repo\n"), "{job}");
    let checked = cutwater(&["self-check"]);
    assert!(checked.stdout.contains("pre-commit            set up"), "{checked:?}");
    assert_eq!(cutwater(&["update", "--check", "-q", "ci-operator/config/acme/payments"]).status, 0);
    outer.git(&["add", "--all"]);
    outer.git(&["commit", "--quiet", "--no-verify", "--message=init"]);
    rename_test(&below);
    // What lies about elsewhere is none of its business.
    outer.write("elsewhere.yaml", "a: b\n");
    done(&outer, &below.join("ci-operator"), &["commit", "--quiet", "--all", "--message=rename"]);
    let files = done(&outer, outer.path(), &[&["-c", "core.quotePath=false"], &COMMITTED[..]].concat());
    assert_eq!(files, format!("ci/release repo/{CONFIG}\nci/release repo/{PRESUBMITS}"));
    // The branch has a base; a check tells what it did from what was there.
    edit(&below, OTHER, "- as: unit\n", "- as: Unit_\n");
    let ran = Ran::from(
        outer
            .command("cutwater")
            .args(["check", "--release-repo=ci/release repo", "--base=HEAD", "--format=json", "-q"])
            .output()
            .unwrap(),
    );
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!((ran.status, found), (1, vec!["invalid-test-name"]), "{ran:?}");
}

#[test]
fn a_commit_of_named_files_is_told_what_to_do_instead() {
    let sandbox = hooked();
    rename_test(sandbox.path());
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename", "--", CONFIG]);
    let said = "a commit of named files cannot take their job files along: run `cutwater update`, git add, and commit without \
                names";
    assert!(ran.status == 1 && ran.stderr.contains(said), "{ran:?}");
    assert!(sandbox.read(PRESUBMITS).contains("pull-ci-acme-payments-main-unit\n"), "nothing is written");
    // Others that are staged are not part of it, and `git add` would not help.
    sandbox.edit(OTHER, "- as: unit\n", "- as: unit-two\n");
    sandbox.edit(DISPATCH, "default: ", "default:  ");
    sandbox.git(&["add", "--all"]);
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=clusters", "--", DISPATCH]);
    assert!(ran.status == 1 && ran.stderr.contains("a commit of named files leaves out"), "{ran:?}");
    assert!(ran.stderr.contains(OTHER) && ran.stderr.contains("commit without names"), "{ran:?}");
    // With their job files they can be named.
    sandbox.git(&["reset", "--quiet"]);
    sandbox.git(&["checkout", "--quiet", DISPATCH]);
    assert_eq!(sandbox.run("cutwater", &["update", "-q"]).status, 0);
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename", "--", CONFIG, PRESUBMITS]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(done(&sandbox, sandbox.path(), &COMMITTED), format!("{CONFIG}\n{PRESUBMITS}"));
}

#[test]
fn a_merge_without_conflicts_gets_the_jobs_of_both() {
    let sandbox = hooked();
    let top = sandbox.path();
    put_up_with_the_sample(&sandbox);
    sandbox.git(&["checkout", "--quiet", "-b", "clusters"]);
    // On one branch a cluster gets no jobs any more, on the other there is a new one for it.
    sandbox.edit("core-services/sanitize-prow-jobs/_clusters.yaml", "- capacity: 100\n", "- blocked: true\n");
    sandbox.edit(DISPATCH, "default: build01", "default: build05");
    done(&sandbox, top, &["commit", "--quiet", "--all", "--message=clusters"]);
    sandbox.git(&["checkout", "--quiet", "-b", "topic", "main"]);
    add_fresh(&sandbox);
    sandbox.git(&["add", "--all"]);
    done(&sandbox, top, &["commit", "--quiet", "--message=fresh"]);
    assert!(sandbox.read(FRESH_JOBS).contains("cluster: build01\n"));
    let ran = git(&sandbox, top, &["merge", "--no-edit", "clusters"]);
    assert!(ran.status != 0 && ran.stderr.contains("`git commit` completes the merge"), "{ran:?}");
    done(&sandbox, top, &["commit", "--quiet", "--no-edit"]);
    assert_eq!(done(&sandbox, top, &["rev-list", "--parents", "-1", "HEAD"]).split(' ').count(), 3);
    assert_eq!(sandbox.git(&["status", "--short"]), "");
    let jobs = sandbox.read(FRESH_JOBS);
    assert!(jobs.contains("cluster: build05\n"), "{jobs}");
    assert_eq!(sandbox.run("cutwater", &["update", "--check", "-q"]).status, 0);
}

#[test]
fn below_pre_commit_a_staged_file_is_left_to_be_added() {
    let sandbox = hooked();
    sandbox.edit(CONFIG, "- as: unit\n", "- as:   unit-two\n");
    sandbox.git(&["add", "--all"]);
    let run = || {
        let mut command = sandbox.command("cutwater");
        Ran::from(command.env("PRE_COMMIT", "1").arg("pre-commit").output().unwrap())
    };
    let ran = run();
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.stderr, format!("staged {PRESUBMITS}\n{CONFIG} was written anew: git add it\n"));
    // pre-commit sees by this that files were modified.
    assert_eq!(sandbox.git(&["diff", "--name-only"]), CONFIG);
    sandbox.git(&["add", "--all"]);
    let again = run();
    assert_eq!((again.status, &*again.stderr), (0, ""), "{again:?}");
}

#[test]
fn settings_that_are_not_staged_are_not_gone_by() {
    let sandbox = hooked();
    rename_test(sandbox.path());
    sandbox.git(&["add", "--all"]);
    sandbox.write("cutwater.toml", "[rules]\nperiodic-time-broken = \"off\"\n");
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename"]);
    assert!(ran.status == 1 && ran.stderr.contains("not staged are\n  cutwater.toml\n"), "{ran:?}");
    // Staged they count: the jobs have a finding that these put up with.
    sandbox.git(&["add", "--all"]);
    done(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename"]);
}

#[test]
fn ignored_files_are_neither_read_nor_left_behind_unsaid() {
    let sandbox = hooked();
    // A config that the commit would not have.
    let ignored = "ci-operator/config/acme/payments/acme-payments-local.yaml";
    sandbox.write(".git/info/exclude", "*-local.yaml\n*.orig\n/ci-operator/jobs/acme/fresh/\n");
    sandbox.write(ignored, sandbox.read(CONFIG).replace("branch: main", "branch: local"));
    rename_test(sandbox.path());
    sandbox.git(&["add", "--all"]);
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename"]);
    assert!(ran.status == 1 && ran.stderr.contains(&format!("is told to ignore them:\n  {ignored} (")), "{ran:?}");
    assert!(ran.stderr.contains("says *-local.yaml)\nmove them away") && !ran.stderr.contains("stash"), "{ran:?}");
    // Taken out again by a later pattern, it is one that is not staged and no more.
    sandbox.write(".git/info/exclude", "*-local.yaml\n!*.yaml\n*.orig\n/ci-operator/jobs/acme/fresh/\n");
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename"]);
    assert!(ran.stderr.contains(&format!("not staged are\n  {ignored}\n")), "{ran:?}");
    fs::remove_file(sandbox.join(ignored)).unwrap();
    sandbox.write(".git/info/exclude", "*.orig\n/ci-operator/jobs/acme/fresh/\n");
    // What nobody reads may lie about.
    sandbox.write(&format!("{CONFIG}.orig"), "mine\n");
    done(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=rename"]);
    // A job file that git does not take by itself.
    add_fresh(&sandbox);
    sandbox.git(&["add", "--all"]);
    let ran = git(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=fresh"]);
    assert!(ran.status == 1 && ran.stderr.contains(FRESH_JOBS) && ran.stderr.contains("git add --force"), "{ran:?}");
    assert!(ran.stderr.contains("info/exclude:2 says /ci-operator/jobs/acme/fresh/"), "{ran:?}");
    sandbox.git(&["add", "--force", "ci-operator/jobs/acme/fresh"]);
    done(&sandbox, sandbox.path(), &["commit", "--quiet", "--message=fresh"]);
}

#[test]
fn a_hook_may_go_elsewhere_first() {
    let outer = Sandbox::new();
    let below = outer.join("ci");
    copy(&testdata("release-repo"), &below);
    let updated = Ran::from(outer.command("cutwater").current_dir(&below).arg("update").output().unwrap());
    assert_eq!(updated.status, 0, "{updated:?}");
    let hook = outer.write(".githooks/pre-commit", "#!/bin/sh\ncd ci && exec cutwater pre-commit --only generate\n");
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    outer.commit_all();
    outer.git(&["config", "core.hooksPath", ".githooks"]);
    let beside = Sandbox::new();
    let linked = beside.join("linked");
    outer.git(&["worktree", "add", "--quiet", "-b", "topic", linked.to_str().unwrap()]);
    for top in [outer.path(), &linked] {
        rename_test(&top.join("ci"));
        done(&outer, top, &["commit", "--quiet", "--all", "--message=rename"]);
        assert_eq!(done(&outer, top, &COMMITTED), format!("ci/{CONFIG}\nci/{PRESUBMITS}"), "{}", top.display());
    }
}

#[test]
fn hooks_at_a_place_of_each_repository_are_its_own() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let settings = sandbox.write("shared.gitconfig", "[core]\n\thooksPath = .githooks\n");
    let mut command = sandbox.command("cutwater");
    command.env("GIT_CONFIG_GLOBAL", &settings).env("GIT_CONFIG_SYSTEM", "/dev/null");
    let ran = Ran::from(command.args(["init", "--yes", "--git"]).output().unwrap());
    assert!(ran.status == 0 && sandbox.join(".githooks/pre-commit").exists(), "{ran:?}");
}

#[test]
fn a_file_that_was_only_touched_is_staged() {
    let sandbox = hooked();
    sandbox.git(&["config", "diff.autoRefreshIndex", "false"]);
    rename_test(sandbox.path());
    sandbox.git(&["add", "--all"]);
    let owners = fs::File::open(sandbox.join("ci-operator/config/acme/payments/OWNERS")).unwrap();
    owners.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let ran = sandbox.run("cutwater", &["pre-commit", "--only=generate"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn a_checkout_of_somebody_else_is_told_how_to_be_trusted() {
    let sandbox = hooked();
    for arguments in [&["pre-commit"][..], &["check", "--base=HEAD"], &["init", "--yes"]] {
        let mut command = sandbox.command("cutwater");
        // What git's own tests set.
        let ran = Ran::from(command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").args(arguments).output().unwrap());
        assert!(ran.status == 2 && ran.stderr.contains("git config --global --add safe.directory '/"), "{ran:?}");
    }
}

#[test]
fn hooks_that_repositories_share_are_left_alone_and_named() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let shared = sandbox.write("shared.gitconfig", "[core]\n\thooksPath = /somewhere/hooks\n");
    let init = || {
        let mut command = sandbox.command("cutwater");
        command.env("GIT_CONFIG_GLOBAL", &shared).env("GIT_CONFIG_SYSTEM", "/dev/null");
        Ran::from(command.args(["init", "--yes", "--git"]).output().unwrap())
    };
    let ran = init();
    let own = sandbox.path().canonicalize().unwrap().join(".git/hooks");
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("hooks are not written: git takes them from /somewhere/hooks"), "{ran:?}");
    assert!(ran.stderr.contains(&format!("git config core.hooksPath '{}'", own.display())), "{ran:?}");
    assert!(!sandbox.join(".git/hooks/pre-commit").exists());
    // What it says helps.
    sandbox.git(&["config", "core.hooksPath", own.to_str().unwrap()]);
    let ran = init();
    assert!(ran.status == 0 && sandbox.join(".git/hooks/pre-commit").exists(), "{ran:?}");
}

#[test]
fn hooks_are_written_to_where_the_clone_has_them() {
    let outer = Sandbox::new();
    let below = outer.join("ci");
    copy(&testdata("release-repo"), &below);
    outer.commit_all();
    outer.git(&["config", "core.hooksPath", ".githooks"]);
    let mut command = outer.command("cutwater");
    let ran = Ran::from(command.current_dir(&below).args(["init", "--yes", "--git"]).output().unwrap());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(outer.read(".githooks/pre-commit").contains("--release-repo 'ci'"), "{ran:?}");
}
