//! The main job on the sample release repository, through the programs: files, messages, exit statuses.
//!
//! What the files have to be is the reference's answer in `testdata/release-repo-expected`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::process::Command;

use crate::support::{Ran, Sandbox, testdata};

type Files = BTreeMap<String, Vec<u8>>;

const PROWGEN: [&str; 6] = [
    "--from-dir=ci-operator/config",
    "--to-dir=ci-operator/jobs",
    "--registry=ci-operator/step-registry",
    "--known-infra-file=infra-periodics.yaml",
    "--known-infra-file",
    "other.yaml",
];
const SANITIZE: [&str; 2] =
    ["--prow-jobs-dir=ci-operator/jobs", "--config-path=core-services/sanitize-prow-jobs/_config.yaml"];

/// The job files of a release repository.
fn jobs(sandbox: &Sandbox) -> Files {
    crate::support::tree(&sandbox.join("ci-operator/jobs"), |name| name.ends_with(".yaml"))
}

/// What the reference leaves behind after a stage.
fn expected(stage: &str) -> Files {
    crate::support::tree(&testdata("release-repo-expected").join(stage), |name| name.ends_with(".yaml"))
}

/// Everything that differs, by name, and not thousands of lines.
fn assert_same(actual: &Files, expected: &Files) {
    let names: std::collections::BTreeSet<&String> = actual.keys().chain(expected.keys()).collect();
    let mut wrong = Vec::new();
    for name in names {
        match (actual.get(name), expected.get(name)) {
            (Some(actual), Some(expected)) if actual == expected => {}
            (Some(actual), Some(expected)) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let (actual, expected) = (text(actual), text(expected));
                let line = actual.lines().zip(expected.lines()).position(|(left, right)| left != right);
                let line = line.unwrap_or_else(|| actual.lines().count().min(expected.lines().count()));
                let show = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
                wrong.push(format!("{name}:{}\n  is     {}\n  wanted {}", line + 1, show(&actual), show(&expected)));
            }
            (Some(_), None) => wrong.push(format!("{name} should not be there")),
            (None, _) => wrong.push(format!("{name} is missing")),
        }
    }
    assert!(wrong.is_empty(), "{} of {} files differ:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

fn succeeded(ran: &Ran) {
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn the_drop_ins_leave_what_the_reference_leaves() {
    for sanitizer in ["sanitize-prow-jobs", "determinize-prow-jobs"] {
        let sandbox = Sandbox::sample();
        let ran = sandbox.run("ci-operator-prowgen", &PROWGEN);
        succeeded(&ran);
        assert_eq!(ran.stdout, "");
        assert_same(&jobs(&sandbox), &expected("prowgen"));
        let ran = sandbox.run(sanitizer, &SANITIZE);
        assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
        assert_same(&jobs(&sandbox), &expected("sanitize"));
    }
}

#[test]
fn one_run_leaves_what_both_drop_ins_leave() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["jobs"]);
    succeeded(&ran);
    assert_same(&jobs(&sandbox), &expected("sanitize"));
    assert!(ran.stderr.contains("13 configs, "), "{}", ran.stderr);
    assert!(ran.stderr.contains(" removed, "), "{}", ran.stderr);
}

#[test]
fn a_second_run_touches_nothing() {
    let sandbox = Sandbox::sample();
    succeeded(&sandbox.run("cutwater", &["jobs"]));
    let times = |sandbox: &Sandbox| {
        let stamp = |name: &String| {
            let about = fs::metadata(sandbox.join("ci-operator/jobs").join(name)).unwrap();
            (about.mtime(), about.mtime_nsec(), about.ino())
        };
        jobs(sandbox).keys().map(|name| (name.clone(), stamp(name))).collect::<BTreeMap<_, _>>()
    };
    let before = times(&sandbox);
    for (program, arguments) in
        [("cutwater", &["jobs"][..]), ("sanitize-prow-jobs", &SANITIZE), ("cutwater", &["jobs", "--check", "--diff"])]
    {
        let ran = sandbox.run(program, arguments);
        succeeded(&ran);
        assert_eq!(times(&sandbox), before, "{program}");
    }
    let sandbox = Sandbox::sample();
    succeeded(&sandbox.run("ci-operator-prowgen", &PROWGEN));
    let before = times(&sandbox);
    succeeded(&sandbox.run("ci-operator-prowgen", &PROWGEN));
    assert_eq!(times(&sandbox), before, "prowgen");
}

#[test]
fn a_check_writes_nothing_and_says_what_would_change() {
    let sandbox = Sandbox::sample();
    let before = crate::support::tree(sandbox.path(), |_| true);
    let ran = sandbox.run("cutwater", &["jobs", "--check", "--verbose"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr.contains("removed   ci-operator/jobs/acme/retired/acme-retired-main-presubmits.yaml\n"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("would be "), "{ran:?}");
    assert_eq!(crate::support::tree(sandbox.path(), |_| true), before);
}

#[test]
fn the_difference_is_a_patch_that_git_applies() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["jobs", "--check", "--diff", "--color=never"]);
    assert_eq!(ran.status, 1);
    sandbox.write("patch", ran.stdout);
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(sandbox.path()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["apply", "patch"]);
    assert_same(&jobs(&sandbox), &expected("sanitize"));
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::sample();
    let diff = |colour: &str| sandbox.run("cutwater", &["jobs", "--check", "--diff", colour]).stdout;
    assert!(!diff("--color=auto").contains('\u{1b}'));
    assert!(diff("--color=always").contains("\u{1b}[32m+"));
}

#[test]
fn json_has_findings_changes_and_counts() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["jobs", "--check", "--format=json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["counts"]["configs"], 13);
    assert_eq!(document["mode"], "check");
    let changes = document["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change["kind"] == "removed"), "{}", ran.stdout);
    assert!(changes.iter().all(|change| change["diff"].is_null()), "{}", ran.stdout);
}

#[test]
fn paths_limit_the_work_to_what_they_touch() {
    for (here, path, touched) in [
        ("", "ci-operator/config/acme/payments", "acme/payments/"),
        ("", "ci-operator/config/acme/payments/acme-payments-main.yaml", "acme/payments/"),
        ("ci-operator/config/acme", "payments/", "acme/payments/"),
        ("", "ci-operator/jobs/acme/retired/acme-retired-main-presubmits.yaml", "acme/retired/"),
        ("", "ci-operator/config/acme-priv", "acme-priv/"),
        ("", "ci-operator/config/acme/webshop/acme-webshop-deleted.yaml", "acme/webshop/"),
    ] {
        let sandbox = Sandbox::sample();
        let before = jobs(&sandbox);
        let mut command = sandbox.command("cutwater");
        let ran = Ran::from(command.args(["jobs", path]).current_dir(sandbox.join(here)).output().unwrap());
        succeeded(&ran);
        let wanted = expected("sanitize");
        let mut mixed: Files = before.into_iter().filter(|(name, _)| !name.starts_with(touched)).collect();
        mixed.extend(wanted.into_iter().filter(|(name, _)| name.starts_with(touched)));
        assert_same(&jobs(&sandbox), &mixed);
    }
}

#[test]
fn a_step_touches_the_repositories_that_use_it() {
    let directory = |name: &str| name.rsplit_once('/').map_or("", |parts| parts.0).to_owned();
    // The chain that has the step is in both workflows.
    let gatherers =
        ["acme-priv/webshop", "acme/catalog", "acme/installer", "acme/operator", "acme/webshop", "openshift/release"];
    for (path, touched) in [
        ("acme/operator/install", &["acme/operator"][..]),
        ("acme/operator/install/acme-operator-install-commands.sh", &["acme/operator"]),
        ("acme/operator/acme-operator-workflow.yaml", &["acme/operator"]),
        ("acme/gather/logs/acme-gather-logs-ref.yaml", &gatherers),
        ("acme/watch/acme-watch-observer.yaml", &["acme/catalog"]),
        ("acme/gather/logs/OWNERS", &[]),
        ("acme/gone/acme-gone-ref.yaml", &[]),
    ] {
        let sandbox = Sandbox::sample();
        let before = jobs(&sandbox);
        let ran = sandbox.run("cutwater", &["jobs", &format!("ci-operator/step-registry/{path}")]);
        succeeded(&ran);
        let is_touched = |name: &String| touched.contains(&&*directory(name));
        let mut mixed: Files = before.into_iter().filter(|(name, _)| !is_touched(name)).collect();
        mixed.extend(expected("sanitize").into_iter().filter(|(name, _)| is_touched(name)));
        assert_same(&jobs(&sandbox), &mixed);
    }
    for path in ["ci-operator/step-registry", "ci-operator/step-registry/cluster-profiles"] {
        let sandbox = Sandbox::sample();
        succeeded(&sandbox.run("cutwater", &["jobs", path, "ci-operator/config/acme/cli"]));
        assert_same(&jobs(&sandbox), &expected("sanitize"));
    }
}

#[test]
fn a_repository_that_is_named_twice_is_worked_on_once() {
    let sandbox = Sandbox::sample();
    let configs = crate::support::tree(&sandbox.join("ci-operator/config/acme"), |name| name.ends_with(".yaml")).len();
    let paths =
        ["ci-operator/config/acme", "ci-operator/jobs/acme/payments", "ci-operator/step-registry/acme/operator"];
    let ran = sandbox.run("cutwater", &[&["jobs", "--check"][..], &paths].concat());
    assert!(ran.stderr.starts_with(&format!("{configs} configs, ")), "{ran:?}");
}

#[test]
fn threads_change_nothing() {
    let run = |threads: &str| {
        let sandbox = Sandbox::sample();
        let ran = sandbox.run("cutwater", &["jobs", "--jobs", threads, "--diff", "--format=json"]);
        succeeded(&ran);
        (ran.stdout, crate::support::tree(sandbox.path(), |_| true))
    };
    let one = run("1");
    assert!(one == run("8"));
    assert!(one == run("16"));
}

#[test]
fn owners_mirror_those_of_the_config() {
    let owners = |arguments: &[&str], program: &str| {
        let sandbox = Sandbox::sample();
        succeeded(&sandbox.run(program, arguments));
        crate::support::tree(&sandbox.join("ci-operator/jobs"), |name| name.ends_with("OWNERS"))
    };
    let sample = Sandbox::sample();
    let configs = crate::support::tree(&sample.join("ci-operator/config"), |name| name.ends_with("OWNERS"));
    let before = crate::support::tree(&sample.join("ci-operator/jobs"), |name| name.ends_with("OWNERS"));
    for after in [owners(&["jobs"], "cutwater"), owners(&PROWGEN, "ci-operator-prowgen")] {
        for name in ["acme/catalog/OWNERS", "acme/gateway/OWNERS", "acme/webshop/OWNERS", "openshift/release/OWNERS"] {
            assert_eq!(after.get(name), configs.get(name), "{name}");
        }
        // No config has owners there, so nobody is put in or taken away.
        assert_eq!(after.get("acme/retired/OWNERS"), before.get("acme/retired/OWNERS"));
        assert_eq!(after.get("acme/cli/OWNERS"), None);
    }
    assert_eq!(owners(&["jobs", "--owners=off"], "cutwater"), before);
    let off = [&["--owners=off"][..], &PROWGEN].concat();
    assert_eq!(owners(&off, "ci-operator-prowgen"), before);
}

#[test]
fn missing_owners_are_a_warning() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["jobs"]);
    succeeded(&ran);
    assert!(ran.stdout.contains("warning") && ran.stdout.contains("acme/cli"), "{}", ran.stdout);
    assert_eq!(sandbox.run("cutwater", &["jobs", "-qq"]).stdout, "");
}

/// Breaks the sample in several places.
fn broken() -> Sandbox {
    let sandbox = Sandbox::sample();
    sandbox.write("ci-operator/config/acme/cli/acme-cli-main.yaml", "tests:\n- as: [\n");
    sandbox
        .write("ci-operator/config/acme/gateway/acme-gateway-main.yaml", "tests:\n- as: unit\n  optional: perhaps\n");
    sandbox
}

#[test]
fn a_broken_config_is_a_finding_and_nothing_is_written() {
    let sandbox = broken();
    let before = crate::support::tree(sandbox.path(), |_| true);
    let ran = sandbox.run("cutwater", &["jobs"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for place in ["acme/cli/acme-cli-main.yaml:", "acme/gateway/acme-gateway-main.yaml:3:"] {
        assert!(ran.stdout.contains(place), "{place}: {}", ran.stdout);
    }
    assert!(ran.stderr.contains("nothing written"), "{}", ran.stderr);
    assert_eq!(crate::support::tree(sandbox.path(), |_| true), before);

    let ran = sandbox.run("ci-operator-prowgen", &PROWGEN);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(ran.stderr.contains("acme-cli-main.yaml"), "{}", ran.stderr);
    assert_eq!(crate::support::tree(sandbox.path(), |_| true), before);
}

#[test]
fn a_broken_job_file_is_not_written_over() {
    let name = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
    for (program, arguments) in [("cutwater", &["jobs"][..]), ("ci-operator-prowgen", &PROWGEN)] {
        let sandbox = Sandbox::sample();
        // Somebody's job stands in it, and a quote is missing.
        sandbox.write(name, sandbox.read(name).replace("\"/test license\"", "\"/test license"));
        let before = crate::support::tree(sandbox.path(), |_| true);
        let ran = sandbox.run(program, arguments);
        assert_eq!(ran.status, 1, "{program}: {ran:?}");
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(name), "{program}: {ran:?}");
        assert_eq!(crate::support::tree(sandbox.path(), |_| true), before, "{program}");
    }
}

#[test]
fn keep_going_writes_the_repositories_that_are_whole() {
    let sandbox = broken();
    let before = jobs(&sandbox);
    let ran = sandbox.run("cutwater", &["jobs", "--keep-going"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let is_broken = |name: &String| name.starts_with("acme/cli/") || name.starts_with("acme/gateway/");
    let mut mixed: Files = before.into_iter().filter(|(name, _)| is_broken(name)).collect();
    mixed.extend(expected("sanitize").into_iter().filter(|(name, _)| !is_broken(name)));
    assert_same(&jobs(&sandbox), &mixed);
}

/// Puts something hostile at a path.
type Hostile<'a> = dyn Fn(&std::path::Path) + 'a;

#[test]
fn a_hostile_tree_ends_in_findings() {
    let outside = Sandbox::new();
    let secret = outside.write("secret.yaml", "tests: []\n");
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..40).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))))
        .collect();
    // What it says is otherwise whole, and nobody reads what is nested.
    let whole = Sandbox::sample().read("ci-operator/config/acme/cli/acme-cli-main.yaml");
    let deep = format!("{whole}stranger: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let dense = format!("{whole}stranger: [{}]\n", "x,".repeat(3 << 20));
    let cases: [(&str, Box<Hostile<'_>>); 7] = [
        ("a link out of the tree", Box::new(|path| symlink(&secret, path).unwrap())),
        ("a link to nowhere", Box::new(|path| symlink("nowhere", path).unwrap())),
        ("bytes that are not text", Box::new(|path| fs::write(path, b"tests: caf\xe9\n").unwrap())),
        ("a huge file", Box::new(|path| fs::File::create(path).unwrap().set_len(100 << 20).unwrap())),
        ("an alias bomb", Box::new(|path| fs::write(path, &bomb).unwrap())),
        ("deep nesting", Box::new(|path| fs::write(path, &deep).unwrap())),
        ("more values than memory", Box::new(|path| fs::write(path, &dense).unwrap())),
    ];
    for (case, make) in cases {
        for (name, program) in [
            ("ci-operator/config/acme/evil/acme-evil-main.yaml", "cutwater"),
            ("ci-operator/config/acme/evil/acme-evil-main.yaml", "ci-operator-prowgen"),
            ("ci-operator/jobs/acme/webshop/acme-webshop-evil-presubmits.yaml", "cutwater"),
            ("ci-operator/jobs/acme/webshop/acme-webshop-evil-presubmits.yaml", "sanitize-prow-jobs"),
        ] {
            let sandbox = Sandbox::sample();
            fs::create_dir_all(sandbox.join("ci-operator/config/acme/evil")).unwrap();
            make(&sandbox.join(name));
            let arguments: &[&str] = match program {
                "cutwater" => &["jobs"],
                "ci-operator-prowgen" => &PROWGEN,
                _ => &SANITIZE,
            };
            let began = std::time::Instant::now();
            let ran = sandbox.run(program, arguments);
            assert_eq!(ran.status, 1, "{case}, {program}: {ran:?}");
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(said.contains("evil-"), "{case}, {program}: {said}");
            assert!(!said.contains("panicked"), "{case}, {program}: {said}");
            assert!(began.elapsed().as_secs() < 20, "{case}, {program}: {:?}", began.elapsed());
        }
    }
}

#[test]
fn the_name_in_a_config_leads_nowhere() {
    for (program, arguments) in [("cutwater", &["jobs"][..]), ("ci-operator-prowgen", &PROWGEN)] {
        let sandbox = Sandbox::sample();
        let whole = sandbox.read("ci-operator/config/acme/cli/acme-cli-main.yaml");
        let (tests, _) = whole.split_once("zz_generated_metadata:").unwrap();
        let metadata = "zz_generated_metadata: {org: ../../x, repo: ../y, branch: ../../../z, variant: ../v}\n";
        sandbox.write("ci-operator/config/acme/evil/acme-evil-main.yaml", format!("{tests}{metadata}"));
        let rest =
            |sandbox: &Sandbox| crate::support::tree(sandbox.path(), |name| !name.starts_with("ci-operator/jobs/"));
        let before = rest(&sandbox);
        succeeded(&sandbox.run(program, arguments));
        // The path counts.
        let made: Vec<_> = jobs(&sandbox).into_keys().filter(|name| !expected("sanitize").contains_key(name)).collect();
        let wanted = ["acme/evil/acme-evil-main-postsubmits.yaml", "acme/evil/acme-evil-main-presubmits.yaml"];
        assert!(made.iter().all(|name| wanted.contains(&&**name)) && !made.is_empty(), "{program}: {made:?}");
        assert!(rest(&sandbox) == before, "{program}: something was written elsewhere");
    }
}

#[test]
fn two_runs_at_once_agree() {
    let sandbox = Sandbox::sample();
    let start = |program: &str, arguments: &[&str]| sandbox.command(program).args(arguments).spawn().unwrap();
    let mut running: Vec<_> = (0..4).map(|_| start("cutwater", &["jobs", "-qq"])).collect();
    running.push(start("sanitize-prow-jobs", &SANITIZE));
    for child in &mut running {
        assert!(child.wait().unwrap().success());
    }
    assert_same(&jobs(&sandbox), &expected("sanitize"));
}

#[test]
fn prowgen_keeps_to_its_filters() {
    let touched = |arguments: &[&str]| {
        let sandbox = Sandbox::sample();
        let before = jobs(&sandbox);
        succeeded(&sandbox.run("ci-operator-prowgen", &[&PROWGEN, arguments].concat()));
        let after = jobs(&sandbox);
        let wanted = expected("prowgen");
        let mut changed: Vec<String> = after
            .iter()
            .filter(|(name, bytes)| before.get(*name) != Some(bytes))
            .inspect(|(name, bytes)| assert_eq!(wanted.get(*name), Some(*bytes), "{name}"))
            .map(|(name, _)| name)
            .chain(before.keys().filter(|name| !after.contains_key(*name)))
            .map(|name| name.rsplit_once('/').unwrap().0.to_owned())
            .collect();
        changed.sort();
        changed.dedup();
        changed
    };
    assert_eq!(touched(&["--org", "acme-priv"]), ["acme-priv/docs", "acme-priv/webshop"]);
    assert_eq!(touched(&["--repo=webshop"]), ["acme-priv/webshop", "acme/webshop"]);
    assert_eq!(touched(&["-org=acme", "-repo=payments"]), ["acme/payments"]);
    assert_eq!(touched(&["acme/cli", "acme-priv"]), ["acme-priv/docs", "acme-priv/webshop", "acme/cli"]);
    // A sub-directory has to be among the configs; the job files may be without it.
    let ran = Sandbox::sample().run("ci-operator-prowgen", &[&PROWGEN[..], &["acme/retired"]].concat());
    assert_eq!(ran.status, 1, "{ran:?}");
}

#[test]
fn prowgen_makes_the_directory_it_writes_to() {
    let sandbox = Sandbox::sample();
    let directories = ["--from-dir=ci-operator/config", "--to-dir=new/jobs", "--registry=ci-operator/step-registry"];
    succeeded(&sandbox.run("ci-operator-prowgen", &directories));
    let made = crate::support::tree(&sandbox.join("new/jobs"), |name| name.ends_with(".yaml"));
    let name = "acme/cli/acme-cli-main-presubmits.yaml";
    assert_eq!(made.get(name), expected("prowgen").get(name));
    for missing in ["--from-dir=nowhere", "--registry=nowhere"] {
        assert_eq!(sandbox.run("ci-operator-prowgen", &[&directories[..], &[missing]].concat()).status, 1, "{missing}");
    }
    for missing in ["--prow-jobs-dir=nowhere", "--config-path=nowhere", "--cluster-config-path=nowhere", "nowhere"] {
        assert_eq!(sandbox.run("sanitize-prow-jobs", &[&SANITIZE[..], &[missing]].concat()).status, 1, "{missing}");
    }
}

#[test]
fn sub_directories_lead_nowhere_else() {
    let sandbox = Sandbox::sample();
    let before = crate::support::tree(sandbox.path(), |_| true);
    for (program, arguments) in [("ci-operator-prowgen", &PROWGEN[..]), ("sanitize-prow-jobs", &SANITIZE)] {
        for away in ["../config", "acme/../../config", "../../../etc"] {
            let ran = sandbox.run(program, &[arguments, &[away]].concat());
            assert_eq!(ran.status, 1, "{program} {away}: {ran:?}");
            assert!(ran.stderr.contains("leads out of the tree"), "{program} {away}: {ran:?}");
        }
    }
    assert_eq!(crate::support::tree(sandbox.path(), |_| true), before);
    // What begins with a slash is below the tree all the same, as in the reference.
    succeeded(&sandbox.run("sanitize-prow-jobs", &[&SANITIZE[..], &["/acme-priv"]].concat()));
}

#[test]
fn prowgen_works_below_gopath() {
    let sandbox = Sandbox::new();
    let release = "go/src/github.com/openshift/release";
    crate::support::copy(&testdata("release-repo"), &sandbox.join(release));
    let registry = format!("--registry={release}/ci-operator/step-registry");
    succeeded(&sandbox.run("ci-operator-prowgen", &["-from-release-repo", "-to-release-repo=t", &registry]));
    let after = crate::support::tree(&sandbox.join(release).join("ci-operator/jobs"), |name| name.ends_with(".yaml"));
    assert_same(&after, &expected("prowgen"));
}

#[test]
fn only_process_changes_limits_prowgen_to_modified_configs() {
    let sandbox = Sandbox::sample();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
        let ran = Command::new("git").args(identity).args(arguments).current_dir(sandbox.path()).output().unwrap();
        assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=all"]);
    let config = "ci-operator/config/acme/cli/acme-cli-main.yaml";
    sandbox.write(config, sandbox.read(config) + "# changed\n");
    succeeded(&sandbox.run("ci-operator-prowgen", &[&PROWGEN[..], &["--only-process-changes"]].concat()));
    let after = jobs(&sandbox);
    assert!(after.contains_key("acme/cli/acme-cli-main-presubmits.yaml"));
    assert!(!after.contains_key("acme/installer/acme-installer-main-presubmits.yaml"));
}

#[test]
fn any_number_of_threads_may_be_asked_for() {
    let sandbox = Sandbox::sample();
    let ran = sandbox.run("cutwater", &["jobs", "--jobs", "1000000"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}
