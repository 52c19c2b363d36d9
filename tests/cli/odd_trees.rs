//! Odd trees: blank files, packed files, linked directories, broken sub-directories, through the programs.
//!
//! What the files have to be was found by running the reference on the same trees; where the two differ,
//! `docs/compatibility.md` names the test.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;

use crate::support::{Sandbox, testdata};

const PROWGEN: [&str; 5] = [
    "--owners=off",
    "--from-dir=ci-operator/config",
    "--to-dir=ci-operator/jobs",
    "--registry=ci-operator/step-registry",
    "--known-infra-file=infra-periodics.yaml",
];
const SANITIZE: [&str; 2] =
    ["--prow-jobs-dir=ci-operator/jobs", "--config-path=core-services/sanitize-prow-jobs/_config.yaml"];
const DISPATCH_CONFIG: &str = "core-services/sanitize-prow-jobs/_config.yaml";
const CLUSTERS: &str = "core-services/sanitize-prow-jobs/_clusters.yaml";
const PROFILES: &str = "ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml";

type Files = BTreeMap<String, Vec<u8>>;

fn jobs(sandbox: &Sandbox) -> Files {
    crate::support::tree(&sandbox.join("ci-operator/jobs"), |name| name.ends_with(".yaml"))
}

fn expected(stage: &str) -> Files {
    crate::support::tree(&testdata("release-repo-expected").join(stage), |name| name.ends_with(".yaml"))
}

fn names(files: &Files) -> Vec<&String> {
    files.keys().collect()
}

/// Each program with its arguments and the stage that it leaves.
fn programs() -> [(&'static str, &'static [&'static str], &'static str); 2] {
    [("ci-operator-prowgen", &PROWGEN, "prowgen"), ("cutwater", &["jobs", "--owners=off"], "sanitize")]
}

fn pack(sandbox: &Sandbox, name: &str) {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(sandbox.read(name).as_bytes()).unwrap();
    sandbox.write(name, packer.finish().unwrap());
}

#[test]
fn a_file_that_says_nothing_has_no_jobs_to_lose() {
    let wanted = "acme/webshop/acme-webshop-main-presubmits.yaml";
    let stray = "acme/webshop/acme-webshop-gone-presubmits.yaml";
    let nobody = "acme/unknown/acme-unknown-main-presubmits.yaml";
    for blank in ["", "\n", "null\n", "~", "# nothing yet\n", "---\n", "---\n---\npresubmits: {}\n"] {
        for (program, arguments, stage) in programs() {
            let sandbox = Sandbox::sample();
            let before = Sandbox::sample();
            let whole = before.run(program, arguments);
            assert_eq!(whole.status, 0, "{whole:?}");
            for name in [wanted, stray, nobody] {
                sandbox.write(&format!("ci-operator/jobs/{name}"), blank);
            }
            let ran = sandbox.run(program, arguments);
            assert_eq!(ran.status, 0, "{blank:?} {program}: {ran:?}");
            let mut after = jobs(&sandbox);
            for name in [stray, nobody] {
                // Merging leaves the file; the sanitizer writes a job file without jobs.
                let left = if stage == "prowgen" { blank } else { "{}\n" };
                assert_eq!(after.remove(name).as_deref(), Some(left.as_bytes()), "{blank:?} {program} {name}");
                assert!(format!("{}{}", ran.stdout, ran.stderr).contains(name), "{blank:?} {program}: {ran:?}");
            }
            // The hand-written job went with the text, the generated ones are back.
            let text = String::from_utf8(after.remove(wanted).unwrap()).unwrap();
            assert!(text.contains("context: ci/prow/unit\n") && !text.contains("/test license"), "{program}: {text}");
            let mut others = expected(stage);
            others.remove(wanted);
            assert_eq!(names(&after), names(&others), "{blank:?} {program}");
            assert!(after == others, "{blank:?} {program}");
        }
    }
}

#[test]
fn a_job_file_of_odd_keys_goes_and_a_list_is_a_finding() {
    let name = "acme/webshop/acme-webshop-gone-presubmits.yaml";
    let path = format!("ci-operator/jobs/{name}");
    for text in ["{}\n", "presubmits:\n", "presubmits: {}\n", "periodics: []\n", "other: 1\n"] {
        for (program, arguments, stage) in programs() {
            let sandbox = Sandbox::sample();
            sandbox.write(&path, text);
            let ran = sandbox.run(program, arguments);
            assert_eq!(ran.status, 0, "{text:?} {program}: {ran:?}");
            assert!(jobs(&sandbox) == expected(stage), "{text:?} {program}");
        }
    }
    for (program, arguments, _) in programs() {
        let sandbox = Sandbox::sample();
        sandbox.write(&path, "[]\n");
        assert_eq!(sandbox.run(program, arguments).status, 1, "{program}");
        assert_eq!(sandbox.read(&path), "[]\n", "{program}");
    }
}

#[test]
fn linked_directories_are_entered_where_they_are_named() {
    for linked in ["ci-operator/config", "ci-operator/jobs", "ci-operator/step-registry"] {
        for (program, arguments, stage) in programs() {
            let sandbox = Sandbox::sample();
            fs::rename(sandbox.join(linked), sandbox.join("elsewhere")).unwrap();
            symlink("../elsewhere", sandbox.join(linked)).unwrap();
            let ran = sandbox.run(program, arguments);
            assert_eq!(ran.status, 0, "{linked} {program}: {ran:?}");
            assert!(jobs(&sandbox) == expected(stage), "{linked} {program}");
            if program == "ci-operator-prowgen" {
                assert_eq!(sandbox.run("sanitize-prow-jobs", &SANITIZE).status, 0);
                assert!(jobs(&sandbox) == expected("sanitize"), "{linked}");
            }
        }
    }
}

#[test]
fn linked_directories_below_are_not_entered() {
    let sandbox = Sandbox::sample();
    let webshop = "ci-operator/config/acme/webshop";
    fs::rename(sandbox.join(webshop), sandbox.join("elsewhere")).unwrap();
    symlink("../../../elsewhere", sandbox.join(webshop)).unwrap();
    assert_eq!(sandbox.run("ci-operator-prowgen", &PROWGEN).status, 0);
    // Nothing is generated for the repository any more, so what was goes.
    let after = jobs(&sandbox);
    assert!(!after.contains_key("acme/webshop/acme-webshop-main-postsubmits.yaml"), "{:?}", names(&after));
    let ran = sandbox.run("ci-operator-prowgen", &[&PROWGEN[..], &["acme/webshop"]].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(jobs(&sandbox) == after);
}

#[test]
fn clusters_and_profiles_may_not_be_packed() {
    let sandbox = Sandbox::sample();
    pack(&sandbox, DISPATCH_CONFIG);
    let ran = sandbox.run("cutwater", &["jobs", "--owners=off"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(jobs(&sandbox) == expected("sanitize"));

    let sandbox = Sandbox::sample();
    pack(&sandbox, CLUSTERS);
    let before = jobs(&sandbox);
    let ran = sandbox.run("sanitize-prow-jobs", &SANITIZE);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("_clusters.yaml is not UTF-8 text"), "{ran:?}");
    assert_eq!(sandbox.run("cutwater", &["jobs"]).status, 2);
    assert!(jobs(&sandbox) == before);

    let sandbox = Sandbox::sample();
    pack(&sandbox, PROFILES);
    for (program, arguments, _) in programs() {
        let ran = sandbox.run(program, arguments);
        assert_eq!(ran.status, 1, "{program}: {ran:?}");
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(PROFILES), "{program}: {ran:?}");
        assert!(jobs(&sandbox) == before, "{program}");
    }
}

#[test]
fn what_is_odd_about_the_dispatcher_is_a_warning() {
    let sandbox = Sandbox::sample();
    let config = sandbox.read(DISPATCH_CONFIG);
    assert!(config.contains("groups:\n"), "{config}");
    let twice = "groups:\n  spare:\n    jobs: [branch-ci-acme-twice, branch-ci-acme-twice]\n";
    sandbox.write(DISPATCH_CONFIG, config.replace("groups:\n", twice));
    let said = "warning[repeated-job]: job branch-ci-acme-twice occurs more than once";
    let ran = sandbox.run("sanitize-prow-jobs", &SANITIZE);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{ran:?}");
    assert!(ran.stderr.contains(said) && ran.stderr.contains(DISPATCH_CONFIG), "{ran:?}");
    let ran = sandbox.run("cutwater", &["jobs"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains(said), "{ran:?}");
    assert_eq!(sandbox.run("cutwater", &["jobs", "-qq"]).stdout, "");
}

#[test]
fn what_killed_runs_left_is_removed() {
    let leftover = "ci-operator/jobs/acme/webshop/.cutwater-a1b2c3.tmp";
    let spare = "ci-operator/jobs/.cutwater-d4e5f6.tmp";
    for (program, arguments) in
        [("ci-operator-prowgen", &PROWGEN[..]), ("sanitize-prow-jobs", &SANITIZE), ("cutwater", &["jobs"])]
    {
        let sandbox = Sandbox::sample();
        sandbox.write(leftover, "periodics: [");
        sandbox.write(spare, "periodics: [");
        if program == "cutwater" {
            assert_eq!(sandbox.run(program, &["jobs", "--check"]).status, 1);
            assert!(sandbox.join(leftover).exists(), "a check removes nothing");
        }
        let ran = sandbox.run(program, arguments);
        assert_eq!(ran.status, 0, "{program}: {ran:?}");
        assert!(!sandbox.join(leftover).exists() && !sandbox.join(spare).exists(), "{program}");
    }
}

#[test]
fn sub_directories_are_done_in_their_order_up_to_the_first_with_findings() {
    let changed = |sub_dirs: &[&str]| {
        let sandbox = Sandbox::sample();
        sandbox.write("ci-operator/jobs/acme/payments/broken.yaml", "presubmits: [\n");
        let before = jobs(&sandbox);
        let ran = sandbox.run("sanitize-prow-jobs", &[&SANITIZE, sub_dirs].concat());
        let after = jobs(&sandbox);
        let directories = after.iter().filter(|(name, bytes)| before.get(*name) != Some(bytes));
        let directories = directories.map(|(name, _)| name.rsplit_once('/').map_or("", |parts| parts.0).to_owned());
        (ran.status, directories.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>())
    };
    assert_eq!(changed(&["acme/webshop"]), (0, vec!["acme/webshop".into()]));
    assert_eq!(changed(&["acme/webshop", "acme/webshop"]), (0, vec!["acme/webshop".into()]));
    // The rest of the sub-directory with the broken file is written, the next one is not.
    assert_eq!(changed(&["acme/payments", "acme/webshop"]), (1, vec!["acme/payments".into()]));
    let both = vec!["acme/payments".to_owned(), "acme/webshop".to_owned()];
    assert_eq!(changed(&["acme/webshop", "acme/payments", "acme/gateway"]), (1, both));
    assert_eq!(changed(&["acme/webshop", "acme/nowhere", "acme/payments"]), (1, vec!["acme/webshop".into()]));
}
