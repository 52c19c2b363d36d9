//! What people wrote or set themselves.

use super::branches::Branches;
use super::edits::*;
use crate::support::Sandbox;

/// A text in which the first side of each conflict is taken.
fn with_ours(text: &str) -> String {
    let (mut out, mut keep) = (String::new(), true);
    for line in text.lines() {
        match line.split(' ').next().unwrap_or_default() {
            "<<<<<<<" => {}
            "=======" => keep = false,
            ">>>>>>>" => keep = true,
            _ if keep => out.push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    out
}

#[test]
fn hand_written_jobs_that_conflict_get_markers_and_no_others() {
    let branches = Branches::new(
        |sandbox| add_by_hand(sandbox, "race", "manual", "zero"),
        |sandbox| {
            sandbox.edit(WEBSHOP_JOBS, "        - zero\n", "        - one\n");
            add_test(sandbox, WEBSHOP, "lint", "mac-one");
        },
        |sandbox| {
            sandbox.edit(WEBSHOP_JOBS, "        - zero\n", "        - two\n");
            add_test(sandbox, WEBSHOP, "smoke", "mac-two");
        },
    );
    let ran = branches.drive(&["merge", "--quiet", "theirs"]);
    assert_ne!(ran.status, 0, "{ran:?}");
    assert_eq!(branches.conflicts(), [WEBSHOP_JOBS]);
    let said = "both sides changed pull-ci-acme-webshop-main-manual; settle it between the markers, then `git add ";
    assert!(ran.stderr.contains(said), "{ran:?}");
    let text = branches.sandbox.read(WEBSHOP_JOBS);
    let between = text.split_once("<<<<<<< ").unwrap().1.split_once(">>>>>>> ").unwrap().0;
    assert_eq!(text.matches("<<<<<<< ").count(), 1, "{text}");
    let lines: Vec<&str> = between.lines().skip(1).map(str::trim).collect();
    assert_eq!(lines, ["- one", "=======", "- two"]);
    branches.sandbox.write(WEBSHOP_JOBS, with_ours(&text));
    branches.commit("settled");
    branches.is_settled(&branches.try_git(&["status"]));
}

#[test]
fn where_configs_conflict_too_job_files_stay_valid_and_are_listed() {
    let branches = Branches::new(
        |_| {},
        |sandbox| add_test(sandbox, WEBSHOP, "smoke", "mac-one"),
        |sandbox| add_test(sandbox, WEBSHOP, "smoke", "mac-two"),
    );
    let ran = branches.drive(&["merge", "--quiet", "theirs"]);
    assert_ne!(ran.status, 0, "{ran:?}");
    assert_eq!(branches.conflicts(), [WEBSHOP, WEBSHOP_JOBS]);
    assert!(ran.stderr.contains(&format!("{WEBSHOP} conflicts as well")), "{ran:?}");
    let text = branches.sandbox.read(WEBSHOP_JOBS);
    assert!(!text.contains("<<<<<<<") && text.contains("-mac-one") && text.contains("-mac-two"), "{text}");
    branches.sandbox.write(WEBSHOP, with_ours(&branches.sandbox.read(WEBSHOP)));
    branches.update();
    branches.commit("settled");
    branches.is_settled(&branches.try_git(&["status"]));
    assert!(!branches.sandbox.read(WEBSHOP_JOBS).contains("-mac-two"));
}

#[test]
fn what_people_set_on_generated_jobs_is_left_to_them() {
    let branches =
        Branches::new(|_| {}, |sandbox| set_concurrency(sandbox, "7"), |sandbox| set_concurrency(sandbox, "9"));
    let ran = branches.drive(&["merge", "--quiet", "theirs"]);
    assert_ne!(ran.status, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("what no config says on pull-ci-acme-webshop-main-lint (max_concurrency); ours is kept"),
        "{ran:?}"
    );
    assert_eq!(branches.conflicts(), [WEBSHOP_JOBS]);
    assert_eq!(branches.sandbox.read(WEBSHOP_JOBS), branches.git(&["show", &format!("ours:{WEBSHOP_JOBS}")]) + "\n");
}

fn set_concurrency(sandbox: &Sandbox, value: &str) {
    let line = format!("    max_concurrency: {value}\n    name: pull-ci");
    edit_job(sandbox, WEBSHOP_JOBS, "pull-ci-acme-webshop-main-lint", "    name: pull-ci", &line);
}

#[test]
fn a_file_whose_last_jobs_go_is_named() {
    let branches = Branches::new(
        |sandbox| add_test(sandbox, PAYMENTS, "yearly", "alpha"),
        |sandbox| remove_test(sandbox, PAYMENTS, "unit"),
        |sandbox| remove_test(sandbox, PAYMENTS, "alpha"),
    );
    let ran = branches.drive(&["merge", "--quiet", "theirs"]);
    let file = "ci-operator/jobs/acme/payments/acme-payments-main-presubmits.yaml";
    assert_eq!(branches.conflicts(), [file], "{ran:?}");
    assert!(ran.stderr.contains(&format!("no job is left; `git rm {file}`")), "{ran:?}");
    branches.git(&["rm", "--quiet", file]);
    branches.git(&["commit", "--quiet", "--no-edit"]);
    branches.is_settled(&branches.try_git(&["status"]));
}
