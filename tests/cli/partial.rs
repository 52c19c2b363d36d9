//! What is not seen is not lost: trees of which a run sees only a part.
//!
//! A generated job without a config is stale and goes. So where a config may be hidden, the repositories it may belong to
//! are left as they are, and the others are written all the same with `--keep-going`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::Sandbox;

const WEBSHOP: &str = "ci-operator/config/acme/webshop";
const MAIN: &str = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
const PRESUBMITS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";

fn pipe(sandbox: &Sandbox, name: &str) {
    let _ = fs::remove_file(sandbox.join(name));
    assert!(std::process::Command::new("mkfifo").arg(sandbox.join(name)).status().unwrap().success());
}

fn deep(sandbox: &Sandbox, name: &str) {
    fs::create_dir_all(sandbox.join(&format!("{name}{}", "/d".repeat(70)))).unwrap();
}

/// The regular job files of repositories, and OWNERS. Files of nobody are only put into canonical form, whatever else
/// there is.
fn jobs(sandbox: &Sandbox) -> std::collections::BTreeMap<String, Vec<u8>> {
    let root = sandbox.join("ci-operator/jobs");
    let is_loose = |name: &str| name.ends_with("/images.yaml") || name == "infra-periodics.yaml";
    crate::support::tree(&root, |name| !is_loose(name) && fs::symlink_metadata(root.join(name)).unwrap().is_file())
}

/// Something that hides files, the repositories it may hide files of, and a repository that it does not touch.
type Case = (&'static str, fn(&Sandbox), &'static [&'static str], &'static str);

const CASES: &[Case] = &[
    ("a config that is a pipe", |sandbox| pipe(sandbox, MAIN), &["acme/webshop/"], "acme/cli/"),
    ("a job file that is a pipe", |sandbox| pipe(sandbox, PRESUBMITS), &["acme/webshop/"], "acme/cli/"),
    (
        "a config whose name is not text",
        |sandbox| {
            let name = OsStr::from_bytes(b"acme-webshop-\xe9.yaml");
            fs::rename(sandbox.join(MAIN), sandbox.join(WEBSHOP).join(name)).unwrap();
        },
        &["acme/webshop/"],
        "acme/cli/",
    ),
    ("directories too deep below the configs", |sandbox| deep(sandbox, WEBSHOP), &["acme/webshop/"], "acme/cli/"),
    (
        "a pipe beside the repositories",
        |sandbox| pipe(sandbox, "ci-operator/config/acme/a.yaml"),
        &["acme/"],
        "openshift/",
    ),
    ("a pipe above all of them", |sandbox| pipe(sandbox, "ci-operator/config/a.yaml"), &[""], "nobody"),
    (
        "a linked directory of configs",
        |sandbox| {
            fs::rename(sandbox.join(WEBSHOP), sandbox.join("elsewhere")).unwrap();
            symlink("../../../elsewhere", sandbox.join(WEBSHOP)).unwrap();
        },
        &["acme/webshop/"],
        "acme/cli/",
    ),
    (
        "a linked organisation",
        |sandbox| {
            fs::rename(sandbox.join("ci-operator/config/acme"), sandbox.join("elsewhere")).unwrap();
            symlink("../../elsewhere", sandbox.join("ci-operator/config/acme")).unwrap();
        },
        &["acme/"],
        "openshift/",
    ),
    (
        "a directory that may not be listed",
        |sandbox| fs::set_permissions(sandbox.join(WEBSHOP), fs::Permissions::from_mode(0o000)).unwrap(),
        &["acme/webshop/"],
        "acme/cli/",
    ),
];

#[test]
fn keep_going_leaves_alone_what_it_sees_only_a_part_of() {
    for (case, hide, hidden, other) in CASES {
        let sandbox = Sandbox::sample();
        hide(&sandbox);
        if fs::read_dir(sandbox.join(WEBSHOP)).is_ok_and(|_| case.contains("may not be listed")) {
            // The superuser may list anything.
            continue;
        }
        let before = jobs(&sandbox);
        let ran = sandbox.run("cutwater", &["jobs", "--keep-going", "--color=never"]);
        let _ = fs::set_permissions(sandbox.join(WEBSHOP), fs::Permissions::from_mode(0o755));
        assert_eq!(ran.status, 1, "{case}: {ran:?}");
        assert!(ran.stdout.contains("--> ci-operator/"), "{case}: findings name files below the tree: {}", ran.stdout);
        let after = jobs(&sandbox);
        let part = |all: &std::collections::BTreeMap<String, Vec<u8>>, below: &str| -> Vec<_> {
            all.iter()
                .filter(|(name, _)| name.starts_with(below))
                .map(|(name, at)| (name.clone(), at.clone()))
                .collect()
        };
        for hidden in *hidden {
            assert!(part(&before, hidden) == part(&after, hidden), "{case}: {hidden} was changed");
        }
        assert!(*other == "nobody" || part(&before, other) != part(&after, other), "{case}: {other} was not written");
    }
}

#[test]
fn a_path_below_what_cannot_be_searched_is_not_taken_for_missing() {
    let sandbox = Sandbox::sample();
    let before = jobs(&sandbox);
    fs::set_permissions(sandbox.join("ci-operator/config/acme"), fs::Permissions::from_mode(0o000)).unwrap();
    let searched = fs::read_dir(sandbox.join(WEBSHOP)).is_ok();
    let ran = sandbox.run("cutwater", &["jobs", "--keep-going", PRESUBMITS]);
    fs::set_permissions(sandbox.join("ci-operator/config/acme"), fs::Permissions::from_mode(0o755)).unwrap();
    if !searched {
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(jobs(&sandbox) == before, "jobs were lost");
    }
}

#[test]
fn prowgen_passes_by_a_linked_directory_and_says_so() {
    let sandbox = Sandbox::sample();
    fs::rename(sandbox.join(WEBSHOP), sandbox.join("elsewhere")).unwrap();
    symlink("../../../elsewhere", sandbox.join(WEBSHOP)).unwrap();
    let directories =
        ["--from-dir=ci-operator/config", "--to-dir=ci-operator/jobs", "--registry=ci-operator/step-registry"];
    let ran = sandbox.run("ci-operator-prowgen", &directories);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("warning[linked-directory]") && ran.stderr.contains(WEBSHOP), "{}", ran.stderr);
    // The reference prunes the generated jobs whose configs it has not seen.
    assert!(!sandbox.read(PRESUBMITS).contains("ci-operator.openshift.io/prowgen-controlled"));
}

#[test]
fn a_link_out_of_the_job_files_is_found_before_anything_is_written() {
    let programs: [(&str, &[&str]); 2] = [
        ("cutwater", &["jobs"]),
        (
            "ci-operator-prowgen",
            &["--from-dir=ci-operator/config", "--to-dir=ci-operator/jobs", "--registry=ci-operator/step-registry"],
        ),
    ];
    for (program, arguments) in programs {
        for name in ["acme-webshop-main-presubmits.yaml", "other.txt"] {
            let outside = Sandbox::new();
            outside.write(name, "theirs\n");
            let sandbox = Sandbox::sample();
            let place = sandbox.join("ci-operator/jobs/acme/webshop");
            fs::remove_dir_all(&place).unwrap();
            symlink(outside.path(), &place).unwrap();
            let before = jobs(&sandbox);
            let ran = sandbox.run(program, arguments);
            assert_eq!(ran.status, 1, "{program}: {ran:?}");
            assert!(
                format!("{}{}", ran.stdout, ran.stderr).contains("ci-operator/jobs/acme/webshop"),
                "{program}: {ran:?}"
            );
            assert!(jobs(&sandbox) == before, "{program}: something was written");
            assert_eq!(crate::support::tree(outside.path(), |_| true).len(), 1, "{program}");
            assert_eq!(outside.read(name), "theirs\n", "{program}");
        }
    }
}
