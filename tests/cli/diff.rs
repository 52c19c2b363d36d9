//! `cutwater diff`: what a change means in jobs, on small trees under git.
//!
//! A folder of `testdata/diff` has a tree `base` and a tree `new`, both on top of `testdata/diff/common`, and what is said of the
//! change from one to the other as text, Markdown and JSON. `reference.txt` has the jobs that the reference's pj-rehearse runs
//! for the change once jobs are generated, of those that it can make a rehearsal of. `UPDATE_CASES=1 cargo test --test cli diff::` writes these anew, and
//! `UPDATE_DOCS=1` the session in `docs/diff.md`: read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Ran, Sandbox, copy, testdata};
use serde_json::{Value, json};

/// The folders with cases.
fn cases() -> Vec<PathBuf> {
    let all = fs::read_dir(testdata("diff")).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = all.filter(|path| path.join("base").is_dir()).collect();
    cases.sort();
    assert!(cases.len() >= 6, "{cases:?}");
    cases
}

/// A checkout whose last commit is one side with its jobs generated, and whose working tree has the configs and the jobs that
/// people wrote of the other, and the generated ones of the first.
fn checkout(old: &Path, new: &Path) -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&testdata("diff/common"), sandbox.path());
    copy(old, sandbox.path());
    // Where files are broken on purpose the others are generated all the same.
    let _ = sandbox.run("cutwater", &["jobs", "--keep-going"]);
    sandbox.commit_all();
    sandbox.exchange(old, new);
    // What both sides have.
    for (file, bytes) in crate::support::tree(&testdata("diff/common"), |_| true) {
        if !sandbox.join(&file).exists() {
            sandbox.write(&file, bytes);
        }
    }
    sandbox
}

fn diffed(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    let ran = sandbox.run("cutwater", &[&["diff"], arguments].concat());
    assert!(matches!(ran.status, 0..=2), "{ran:?}");
    ran
}

fn document(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    serde_json::from_str(&diffed(sandbox, &[arguments, &["--format=json"]].concat()).stdout).unwrap()
}

/// What is said without the hash of the commit.
fn without_commit(sandbox: &Sandbox, said: &str) -> String {
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    said.replace(&commit, "COMMIT").replace(&commit[..10], "COMMIT")
}

#[test]
fn each_case_is_told_as_expected() {
    let mut wrong = Vec::new();
    for case in cases() {
        let sandbox = checkout(&case.join("base"), &case.join("new"));
        for (form, file) in [("text", "expected.txt"), ("markdown", "expected.md"), ("json", "expected.json")] {
            let ran = diffed(&sandbox, &["HEAD", "--format", form]);
            let said = without_commit(&sandbox, &ran.stdout);
            if form == "markdown" {
                assert!(!said.lines().any(|line| line.trim_start().starts_with('/')), "a bot would obey:\n{said}");
            }
            let path = case.join(file);
            if std::env::var_os("UPDATE_CASES").is_some() {
                fs::write(&path, &said).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != said {
                wrong.push(format!("{} is not what is said:\n{said}{}", path.display(), ran.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_can_be_rehearsed_is_what_the_reference_rehearses() {
    let mut seen = 0;
    for case in cases() {
        let Ok(expected) = fs::read_to_string(case.join("reference.txt")) else { continue };
        let said = document(&checkout(&case.join("base"), &case.join("new")), &["HEAD"]);
        let jobs = said["jobs"].as_array().unwrap().iter().filter(|job| job["rehearsal"] == "possible");
        let mut names: Vec<&str> = jobs.map(|job| job["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, expected.lines().collect::<Vec<_>>(), "{}", case.display());
        seen += names.len();
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_tree_is_not_otherwise_than_itself() {
    for case in cases().iter().flat_map(|case| [case.join("base"), case.join("new")]) {
        let said = document(&checkout(&case, &case), &["HEAD"]);
        assert_eq!(said["jobs"], json!([]), "{}", case.display());
    }
}

#[test]
fn the_other_way_round_everything_is_reversed() {
    for case in cases() {
        if case.ends_with("broken") {
            continue;
        }
        let (base, new) = (case.join("base"), case.join("new"));
        let there = changes(&document(&checkout(&base, &new), &["HEAD"]), false);
        let back = changes(&document(&checkout(&new, &base), &["HEAD"]), true);
        assert_eq!(there, back, "{}", case.display());
    }
}

/// What is otherwise, by job; with both sides exchanged where that is wanted.
fn changes(document: &Value, exchanged: bool) -> Vec<String> {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let mut told = Vec::new();
    for job in list(&document["jobs"]) {
        for mut change in list(&job["changes"]) {
            // A renamed job is known by its old name on the way back.
            let renamed = list(&job["changes"]).into_iter().find(|change| change["kind"] == "renamed");
            let name = renamed.filter(|_| exchanged).map_or(job["name"].clone(), |renamed| renamed["from"].clone());
            if exchanged {
                let swapped = |one: &str, two: &str, change: &mut Value| {
                    let (left, right) = (change[one].take(), change[two].take());
                    (change[one], change[two]) = (right, left);
                };
                let kind = match change["kind"].as_str().unwrap() {
                    "added" => "removed".to_owned(),
                    "removed" => "added".to_owned(),
                    kind => kind.to_owned(),
                };
                change["kind"] = json!(kind);
                if change.get("from").is_some() {
                    swapped("from", "to", &mut change);
                }
                if change.get("added").is_some() {
                    swapped("added", "removed", &mut change);
                }
            }
            told.push(format!("{name} {change}"));
        }
    }
    told.sort();
    told
}

#[test]
fn jobs_are_taken_as_they_would_be_and_as_they_are() {
    let case = testdata("diff/tests");
    let sandbox = checkout(&case.join("base"), &case.join("new"));
    let would_be = document(&sandbox, &["HEAD"]);
    assert_eq!(would_be["stale"].as_array().unwrap().len(), 2, "{would_be}");
    // Nothing was generated yet, so that only the config tells of anything.
    let kinds = |document: &Value| -> Vec<String> {
        let jobs = document["jobs"].as_array().unwrap();
        let changes = jobs.iter().flat_map(|job| job["changes"].as_array().unwrap());
        changes.map(|change| change["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&document(&sandbox, &["HEAD", "--no-generate"])), ["commands"]);
    assert_eq!(sandbox.run("cutwater", &["jobs"]).status, 0);
    let generated = document(&sandbox, &["HEAD"]);
    assert_eq!(generated["stale"], json!([]));
    for field in ["jobs", "affected", "counts"] {
        assert_eq!(generated[field], would_be[field], "{field}");
        assert_eq!(document(&sandbox, &["HEAD", "--no-generate"])[field], would_be[field], "{field}");
    }
}

#[test]
fn the_exit_status_is_that_of_git_when_asked_for() {
    let case = testdata("diff/tests");
    let changed = checkout(&case.join("base"), &case.join("new"));
    let same = checkout(&case.join("base"), &case.join("base"));
    assert_eq!(diffed(&changed, &["HEAD"]).status, 0);
    assert_eq!(diffed(&changed, &["HEAD", "--exit-code"]).status, 1);
    assert_eq!(diffed(&same, &["HEAD", "--exit-code"]).status, 0);
    let quiet = diffed(&changed, &["HEAD", "--exit-code", "-q"]);
    assert_eq!((quiet.status, &*quiet.stdout, &*quiet.stderr), (1, "", ""));
    let unknown = diffed(&changed, &["no-such-branch"]);
    assert_eq!((unknown.status, &*unknown.stderr), (2, "error: there is no revision no-such-branch\n"));
    changed.git(&["checkout", "--quiet", "--orphan", "empty"]);
    let unborn = diffed(&changed, &["main"]);
    assert_eq!((unborn.status, unborn.stderr.contains("has no commit yet")), (2, true), "{unborn:?}");
    let outside = Sandbox::sample();
    let ran = diffed(&outside, &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("is no git repository"), "{}", ran.stderr);
}

#[test]
fn configs_that_cannot_be_used_are_told_and_end_with_2() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    sandbox.edit("ci-operator/config/acme/webshop/acme-webshop-main.yaml", "acme-e2e", "acme-e2f");
    let ran = diffed(&sandbox, &["HEAD"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("unknown-workflow"), "{}", ran.stderr);
}

#[test]
fn without_a_base_it_is_where_the_branch_left_its_upstream() {
    let case = testdata("diff/tests");
    let sandbox = checkout(&case.join("base"), &case.join("base"));
    sandbox.git(&["checkout", "--quiet", "-b", "work", "--track", "main"]);
    sandbox.exchange(&case.join("base"), &case.join("new"));
    sandbox.commit_all();
    // What happened on main since is nobody's change here.
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox.edit("ci-operator/config/acme/web/acme-web-main.yaml", "as: lint", "as: lint-all");
    sandbox.commit_all();
    sandbox.git(&["checkout", "--quiet", "work"]);
    let said = document(&sandbox, &[]);
    assert_eq!(said["base"]["revision"], "main");
    assert_eq!(said["base"]["commit"], sandbox.git(&["merge-base", "main", "work"]));
    assert_eq!(said["jobs"], document(&checkout(&case.join("base"), &case.join("new")), &["HEAD"])["jobs"]);
    // With no upstream it is the main branch.
    sandbox.git(&["branch", "--quiet", "--unset-upstream"]);
    assert_eq!(document(&sandbox, &[])["base"], said["base"]);
}

#[test]
fn paths_limit_what_is_told() {
    let case = testdata("diff/clusters");
    let sandbox = checkout(&case.join("base"), &case.join("new"));
    let repositories = |arguments: &[&str]| -> Vec<String> {
        let said = document(&sandbox, arguments);
        said["affected"].as_array().unwrap().iter().map(|it| it["repository"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(repositories(&["HEAD"]).len(), 4);
    assert_eq!(repositories(&["HEAD", "ci-operator/config/acme/web"]), ["acme/web"]);
    // As with git, what is no revision is a path.
    assert_eq!(repositories(&["ci-operator/config/acme/web"]), ["acme/web"]);
    assert_eq!(diffed(&sandbox, &["HEAD", "ci-operator/config/acme/nowhere"]).status, 2);
    assert_eq!(diffed(&sandbox, &["HEAD", "core-services/prow/02_config"]).status, 2);
    let steps = testdata("diff/steps");
    let sandbox = checkout(&steps.join("base"), &steps.join("new"));
    let said = document(&sandbox, &["HEAD", "ci-operator/step-registry/acme/check"]);
    assert_eq!(said["affected"].as_array().unwrap().len(), 2, "{said}");
}

#[test]
fn a_comment_is_never_longer_than_github_takes() {
    let sandbox = Sandbox::new();
    copy(&testdata("diff/common"), sandbox.path());
    sandbox.commit_all();
    let job = |number: usize| {
        format!(
            "- agent: kubernetes\n  cluster: build01\n  interval: 1h\n  name: periodic-number-{number}\n  spec:\n    \
             containers:\n    - image: image\n      name: \"\"\n      resources: {{}}\n"
        )
    };
    for repo in 0..1200 {
        let text = format!("periodics:\n{}", job(repo));
        sandbox.write(
            &format!(
                "ci-operator/jobs/organisation/repository-{repo}/organisation-repository-{repo}-main-periodics.yaml"
            ),
            text,
        );
    }
    fs::create_dir_all(sandbox.join("ci-operator/config")).unwrap();
    let said = diffed(&sandbox, &["HEAD", "--format=markdown"]).stdout;
    assert!(said.chars().count() < 65_536, "{}", said.chars().count());
    assert!(said.contains("left out for want of room"), "{}", &said[said.len() - 300..]);
}

#[test]
fn the_page_shows_what_a_run_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diff.md");
    let page = fs::read_to_string(&path).unwrap();
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let config = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
    sandbox.edit(config, "commands: make test\n", "commands: make test-all\n");
    sandbox.edit(config, "  optional: true\n  skip_if", "  skip_if");
    sandbox.edit(config, "as: race\n", "as: race-detector\n");
    sandbox.edit(config, "cron: 15 3 * * 1-5", "cron: 15 4 * * 1-5");
    let ran = diffed(&sandbox, &["HEAD"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let said = without_commit(&sandbox, &ran.stdout).replace("COMMIT", "3b1f20c9d4");
    let (before, rest) = page.split_once("```console\n$ cutwater diff HEAD\n").expect("the page shows a session");
    let (_, after) = rest.split_once("```\n").unwrap();
    let current = format!("{before}```console\n$ cutwater diff HEAD\n{said}```\n{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(page == current, "docs/diff.md is out of date: UPDATE_DOCS=1 cargo test --test cli diff::\n{said}");
}

#[test]
fn what_cannot_be_generated_is_not_told_as_no_change() {
    let sandbox = Sandbox::updated();
    sandbox.commit_all();
    let config = "core-services/sanitize-prow-jobs/_config.yaml";
    sandbox.write(config, format!("{}nonsense: 1\n", sandbox.read(config)).replace("default:", "defaults:"));
    let ran = sandbox.run("cutwater", &["diff", "HEAD"]);
    assert!(ran.status == 2 && ran.stdout.starts_with("not all jobs can be generated, because of "), "{ran:?}");
}
