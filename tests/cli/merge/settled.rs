//! Real conflicts, by merge, rebase and pick: settled as a full run would.

use super::branches::Branches;
use super::cases::CASES;

#[test]
fn real_conflicts_are_settled_as_a_full_run_would() {
    assert!(CASES.len() >= 10);
    for case in CASES {
        println!("{}", case.name);
        let branches = Branches::of(case);
        branches.conflicts_without(&["merge", "--quiet", "theirs"], &["merge", "--abort"]);
        let ran = branches.drive(&["merge", "--quiet", "--no-edit", "theirs"]);
        branches.is_settled(&ran);
        assert!(!ran.stderr.contains("cutwater:"), "{}: {ran:?}", case.name);
        let merged = branches.jobs();
        if !case.name.contains("by hand") {
            assert!(merged == branches.generated_anew(), "{}", case.name);
        }
    }
}

#[test]
fn real_conflicts_of_a_rebase_are_settled_too() {
    for case in CASES {
        println!("{}", case.name);
        let branches = Branches::of(case);
        branches.conflicts_without(&["rebase", "--quiet", "theirs"], &["rebase", "--abort"]);
        let ran = branches.drive(&["rebase", "--quiet", "theirs"]);
        branches.is_settled(&ran);
        assert!(!ran.stderr.contains("cutwater:"), "{}: {ran:?}", case.name);
        assert_eq!(branches.git(&["rev-list", "--count", "main..HEAD"]), "2", "{}", case.name);
    }
}

#[test]
fn picking_knows_the_commit_from_labels() {
    for case in CASES {
        println!("{}", case.name);
        let branches = Branches::of(case);
        let pick = ["cherry-pick", "theirs"];
        branches.conflicts_without(&pick, &["cherry-pick", "--abort"]);
        // What git 2.44 and newer puts in place of the letters.
        let hash = branches.git(&["rev-parse", "--short", "theirs"]);
        let driver = format!("cutwater merge-driver %O %A %B %P %L 'parent of {hash} (theirs)' HEAD '{hash} (theirs)'");
        let ran = branches.drive_with(&driver, &pick);
        branches.is_settled(&ran);
        assert!(!ran.stderr.contains("cutwater:"), "{}: {ran:?}", case.name);
    }
}

#[test]
fn where_no_commit_is_known_jobs_are_merged_and_what_may_be_wrong_is_not_settled() {
    let mut settled = Vec::new();
    for case in CASES {
        println!("{}", case.name);
        let branches = Branches::of(case);
        let driver = "cutwater merge-driver %O %A %B %P";
        let ran = branches.drive_with(driver, &["cherry-pick", "theirs"]);
        assert!(ran.stderr.contains("cutwater: ci-operator/jobs/"), "{ran:?}");
        assert!(ran.stderr.contains("`cutwater update ci-operator/config/acme/"), "{ran:?}");
        for path in branches.conflicts() {
            assert!(!branches.sandbox.read(&path).contains("<<<<<<<"), "{}: {path}", case.name);
        }
        if ran.status == 0 {
            branches.is_settled(&ran);
            settled.push(case.name);
        } else {
            // What the message says.
            branches.update();
            branches.commit("by hand");
            branches.is_settled(&branches.try_git(&["status"]));
        }
    }
    for name in ["both add a test", "both add a test that sorts last", "a new variant on each side"] {
        assert!(settled.contains(&name), "{settled:?}");
    }
}
