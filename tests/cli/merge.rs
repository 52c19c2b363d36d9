//! The merge driver on real conflicts: repositories of the sample, two branches, git, and the real program.
//!
//! Each case first conflicts without the driver, with its configs merging cleanly. With the driver the merge is settled, and
//! every job file is what `cutwater update` makes of the merged configs.

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::{Ran, Sandbox, binary, tree};
use cutwater::merge::{ATTRIBUTES, DRIVER, DRIVER_NAME, RECURSIVE};

const WEBSHOP: &str = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
const PAYMENTS: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
const INSTALLER: &str = "ci-operator/config/acme/installer/acme-installer-main.yaml";
const WEBSHOP_JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
const PROFILES: &str = "ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml";

/// A change that somebody makes on a branch, before `cutwater update`.
type Edit = fn(&Sandbox);

/// A case: what it is called, and what each branch does.
struct Case {
    name: &'static str,
    ours: Edit,
    theirs: Edit,
}

/// Adds a test before another in a config.
fn add_test(sandbox: &Sandbox, config: &str, before: &str, name: &str) {
    let next = format!("- as: {before}\n");
    sandbox.edit(config, &next, &format!("- as: {name}\n  commands: make {name}\n  container:\n    from: src\n{next}"));
}

/// As [`add_test`], one that runs by the clock.
fn add_periodic(sandbox: &Sandbox, config: &str, before: &str, name: &str) {
    add_test(sandbox, config, before, name);
    sandbox.edit(config, &format!("- as: {name}\n"), &format!("- as: {name}\n  cron: '@daily'\n"));
}

/// Takes a test out of a config.
fn remove_test(sandbox: &Sandbox, config: &str, name: &str) {
    let text = sandbox.read(config);
    let (items, rest) = text.split_once("zz_generated_metadata").unwrap();
    let (head, items) = items.split_once("tests:\n").unwrap();
    let mut tests: Vec<String> = Vec::new();
    for line in items.lines() {
        if line.starts_with("- ") {
            tests.push(String::new());
        }
        tests.last_mut().unwrap().push_str(&format!("{line}\n"));
    }
    let before = tests.len();
    tests.retain(|test| !test.contains(&format!("as: {name}\n")));
    assert_eq!(tests.len() + 1, before, "{name} in {config}");
    sandbox.write(config, format!("{head}tests:\n{}zz_generated_metadata{rest}", tests.concat()));
}

/// A variant of the webshop's config, with one test.
fn add_variant(sandbox: &Sandbox, variant: &str) {
    let config = format!("ci-operator/config/acme/webshop/acme-webshop-main__{variant}.yaml");
    sandbox.write(
        &config,
        "build_root:\n  image_stream_tag:\n    name: builder\n    namespace: ci\n    tag: go-1.24\nresources:\n  '*':\n    \
         requests:\n      cpu: 100m\ntests:\n- as: it\n  commands: make it\n  container:\n    from: src\n",
    );
}

/// A job that a person wrote, before a generated one, or at the end.
fn add_by_hand(sandbox: &Sandbox, before: &str, name: &str, argument: &str) {
    let text = sandbox.read(WEBSHOP_JOBS);
    let start = match before {
        "" => text.len(),
        _ => {
            let name_at = text.find(&format!("    name: pull-ci-acme-webshop-main-{before}\n")).expect(before);
            text[..name_at].rfind("\n  - agent:").unwrap() + 1
        }
    };
    let job = format!(
        "  - agent: kubernetes\n    always_run: false\n    branches:\n    - ^main$\n    name: pull-ci-acme-webshop-main-{name}\n    \
         spec:\n      containers:\n      - args:\n        - {argument}\n        image: tools:latest\n        name: test\n        \
         resources: {{}}\n"
    );
    sandbox.write(WEBSHOP_JOBS, format!("{}{job}{}", &text[..start], &text[start..]));
}

/// Edits the job of this name: the first of these words after the name before it.
fn edit_job(sandbox: &Sandbox, file: &str, name: &str, from: &str, to: &str) {
    let text = sandbox.read(file);
    let at = text.find(&format!("    name: {name}\n")).expect(name);
    let start = text[..at].rfind("- agent:").unwrap();
    let (before, job) = text.split_at(start);
    let end = job.find("\n  - agent:").map_or(job.len(), |end| end + 1);
    assert!(job[..end].contains(from), "{name} has no {from:?}");
    sandbox.write(file, format!("{before}{}{}", job[..end].replacen(from, to, 1), &job[end..]));
}

const CASES: &[Case] = &[
    Case {
        name: "both add a test",
        ours: |sandbox| add_test(sandbox, WEBSHOP, "lint", "mac-one"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "smoke", "mac-two"),
    },
    Case {
        name: "both add a test that sorts last",
        ours: |sandbox| add_test(sandbox, WEBSHOP, "unit", "zeta"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "smoke", "yotta"),
    },
    Case {
        name: "one removes a test whose job the other changes",
        ours: |sandbox| remove_test(sandbox, WEBSHOP, "lint"),
        theirs: |sandbox| {
            sandbox.edit(WEBSHOP, "promotion:\n", "canonical_go_repository: acme.example/webshop\npromotion:\n");
        },
    },
    Case {
        name: "both change a test in different fields",
        ours: |sandbox| sandbox.edit(WEBSHOP, "- as: unit\n", "- as: unit\n  cluster: build05\n"),
        theirs: |sandbox| sandbox.edit(WEBSHOP, "- as: lint\n", "  node_architecture: arm64\n- as: lint\n"),
    },
    Case {
        name: "one renames a test that the other changes",
        ours: |sandbox| sandbox.edit(WEBSHOP, "- as: docs\n", "- as: handbook\n"),
        theirs: |sandbox| sandbox.edit(WEBSHOP, "  optional: true\n  skip_if_only", "  skip_if_only"),
    },
    Case {
        name: "another cluster profile and another schedule",
        ours: |sandbox| {
            let text = sandbox.read(INSTALLER);
            let (before, soak) = text.split_once("- as: soak").unwrap();
            sandbox.write(INSTALLER, format!("{before}- as: soak{}", soak.replacen("acme-aws", "acme-gcp", 1)));
            add_periodic(sandbox, INSTALLER, "inline", "soak-gcp");
        },
        theirs: |sandbox| {
            sandbox.edit(INSTALLER, "cron: 30 1 * * *", "interval: 12h");
            add_periodic(sandbox, INSTALLER, "unit", "soak-long");
        },
    },
    Case {
        name: "a new variant on each side",
        ours: |sandbox| add_variant(sandbox, "gamma"),
        theirs: |sandbox| add_variant(sandbox, "green"),
    },
    Case {
        name: "images on one side and a test on the other",
        ours: |sandbox| {
            sandbox.edit(PAYMENTS, "resources:\n", "images:\n  items:\n  - from: base\n    to: payments\nresources:\n");
            sandbox.edit(
                PAYMENTS,
                "build_root:\n",
                "base_images:\n  base:\n    name: ubi\n    namespace: ocp\n    tag: \"9\"\nbuild_root:\n",
            );
        },
        theirs: |sandbox| add_test(sandbox, PAYMENTS, "yearly", "integration"),
    },
    Case {
        name: "a profile of the step registry and a config",
        ours: |sandbox| sandbox.edit(PROFILES, "- cluster_type: aws\n", "- cluster_type: aws-2\n"),
        theirs: |sandbox| sandbox.edit(INSTALLER, "cluster_profile: acme-aws\n", "cluster_profile: acme-gcp\n"),
    },
    Case {
        name: "a config and a profile of the step registry",
        ours: |sandbox| sandbox.edit(INSTALLER, "cluster_profile: acme-aws\n", "cluster_profile: acme-vsphere\n"),
        theirs: |sandbox| sandbox.edit(PROFILES, "- cluster_type: aws\n", "- cluster_type: aws-2\n"),
    },
    Case {
        name: "a job by hand beside a new test",
        ours: |sandbox| add_by_hand(sandbox, "", "zz-manual", "one"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "docs", "zeta"),
    },
    Case {
        name: "a setting by hand in a job that changes",
        ours: |sandbox| {
            edit_job(
                sandbox,
                WEBSHOP_JOBS,
                "pull-ci-acme-webshop-main-lint",
                "    name: pull-ci",
                "    max_concurrency: 7\n    name: pull-ci",
            );
        },
        theirs: |sandbox| {
            sandbox.edit(WEBSHOP, "  run_if_changed: \\.go$", "  disable_rehearsal: true\n  run_if_changed: \\.go$")
        },
    },
];

/// A repository with two branches, `ours` and `theirs`, that begin at `main`; `ours` is checked out.
struct Branches {
    sandbox: Sandbox,
}

impl Branches {
    fn of(case: &Case) -> Self {
        Self::new(|_| {}, case.ours, case.theirs)
    }

    /// With an edit before the branches part.
    fn new(base: Edit, ours: Edit, theirs: Edit) -> Self {
        let branches = Self { sandbox: Sandbox::updated() };
        base(&branches.sandbox);
        branches.update();
        branches.sandbox.write(".gitattributes", format!("{ATTRIBUTES}\n"));
        branches.sandbox.write(".gitignore", "/tmp/\n");
        branches.git(&["init", "--quiet", "--initial-branch=main"]);
        branches.commit("all there is");
        for (name, edit) in [("theirs", theirs), ("ours", ours)] {
            branches.git(&["checkout", "--quiet", "-b", name, "main"]);
            edit(&branches.sandbox);
            branches.update();
            branches.commit(name);
        }
        branches
    }

    fn update(&self) {
        let ran = self.sandbox.run("cutwater", &["update"]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(self.sandbox.path()).env("HOME", self.sandbox.path()).env("LC_ALL", "C");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true");
        // What is made for a while is seen if it stays.
        std::fs::create_dir_all(self.sandbox.join("tmp")).unwrap();
        command.env("TMPDIR", self.sandbox.join("tmp"));
        command.args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]).args(arguments);
        command
    }

    fn try_git(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        let ran = self.try_git(arguments);
        assert_eq!(ran.status, 0, "git {arguments:?}: {ran:?}");
        ran.stdout.trim_end().to_owned()
    }

    /// Git with the driver.
    fn drive(&self, arguments: &[&str]) -> Ran {
        self.drive_with(DRIVER, arguments)
    }

    fn drive_with(&self, driver: &str, arguments: &[&str]) -> Ran {
        let driver = driver.replacen("cutwater", &format!("'{}'", binary("cutwater")), 1);
        let settings =
            [format!("merge.{DRIVER_NAME}.driver={driver}"), format!("merge.{DRIVER_NAME}.recursive={RECURSIVE}")];
        let mut all = vec!["-c", &settings[0], "-c", &settings[1]];
        all.extend(arguments);
        self.try_git(&all)
    }

    /// The paths that are left as conflicts.
    fn conflicts(&self) -> Vec<String> {
        let listing = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        listing.lines().map(str::to_owned).collect()
    }

    /// What git does on its own; puts everything back.
    #[track_caller]
    fn conflicts_without(&self, arguments: &[&str], back: &[&str]) -> Vec<String> {
        let ran = self.try_git(arguments);
        assert_ne!(ran.status, 0, "git settles this on its own: {ran:?}");
        let conflicts = self.conflicts();
        self.git(back);
        assert!(!conflicts.is_empty(), "{ran:?}");
        assert!(conflicts.iter().all(|path| path.starts_with("ci-operator/jobs/")), "{conflicts:?}");
        conflicts
    }

    /// The job files as a full run makes them of what is checked out.
    fn jobs(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.sandbox.join("ci-operator/jobs"), |_| true)
    }

    /// Nothing is left to do, and a full run over the merged tree changes nothing.
    #[track_caller]
    fn is_settled(&self, ran: &Ran) {
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(self.git(&["status", "--porcelain"]), "", "{ran:?}");
        assert!(tree(&self.sandbox.join("tmp"), |_| true).is_empty(), "something was left behind");
        let checked = self.sandbox.run("cutwater", &["update", "--check", "--diff"]);
        assert_eq!(checked.status, 0, "{checked:?}");
    }

    /// What a run over the merged configs makes of the job files that both began with.
    fn generated_anew(&self) -> BTreeMap<String, Vec<u8>> {
        self.git(&["checkout", "--quiet", "main", "--", "ci-operator/jobs"]);
        // Files that only came with the merge stay until they are taken away.
        let before = self.git(&["ls-tree", "-r", "--name-only", "main", "ci-operator/jobs"]);
        for path in self.jobs().into_keys().map(|path| format!("ci-operator/jobs/{path}")) {
            if !before.lines().any(|known| known == path) {
                std::fs::remove_file(self.sandbox.join(&path)).unwrap();
            }
        }
        self.update();
        self.jobs()
    }
}

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

#[test]
fn what_is_not_jobs_is_merged_as_git_does() {
    let job = "pull-ci-acme-webshop-main-race";
    let breakages: [(&str, &str); 4] = [
        ("    name: pull-ci", "    # why\n    name: pull-ci"),
        ("    name: pull-ci", "    nmae: x\n    name: pull-ci"),
        ("    name: pull-ci", "    name: [\n    name: pull-ci"),
        ("    name: pull-ci", "    name: \u{1}\n    name: pull-ci"),
    ];
    for (from, to) in breakages {
        let branches = Branches::of(&CASES[0]);
        branches.git(&["checkout", "--quiet", "theirs"]);
        edit_job(&branches.sandbox, WEBSHOP_JOBS, job, from, to);
        branches.commit("broken");
        branches.git(&["checkout", "--quiet", "ours"]);
        branches.try_git(&["merge", "--quiet", "theirs"]);
        let alone = (branches.conflicts(), branches.sandbox.read(WEBSHOP_JOBS));
        branches.git(&["merge", "--abort"]);
        let ran = branches.drive(&["merge", "--quiet", "theirs"]);
        assert!(ran.stderr.contains("merged as text: "), "{ran:?}");
        let driven = (branches.conflicts(), branches.sandbox.read(WEBSHOP_JOBS));
        let labels = |text: &str| text.replace("<<<<<<< ours", "<<<<<<< HEAD");
        assert_eq!((driven.0, labels(&driven.1)), (alone.0, labels(&alone.1)));
    }
}

#[test]
fn other_files_are_merged_as_git_does() {
    let sandbox = Sandbox::new();
    for path in ["ci-operator/jobs/acme/OWNERS", "README.md", "ci-operator/config/acme/a/acme-a-main.yaml", "", "/"] {
        sandbox.write("base", "a\nb\nc\nd\ne\n");
        sandbox.write("ours", "A\nb\nc\nd\ne\n");
        sandbox.write("theirs", "a\nb\nc\nd\nE\n");
        let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{path}");
        assert_eq!(sandbox.read("ours"), "A\nb\nc\nd\nE\n");
        sandbox.write("theirs", "x\nb\nc\nd\nE\n");
        let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path, "9"]);
        assert_eq!(ran.status, 1, "{path}");
        assert!(sandbox.read("ours").contains("<<<<<<<<< ours\nA\n"), "{}", sandbox.read("ours"));
    }
}

#[test]
fn a_job_file_out_of_any_repository_is_merged_job_by_job() {
    let sandbox = Sandbox::new();
    let file = |names: &[&str]| {
        let jobs: String =
            names.iter().map(|name| format!("- agent: kubernetes\n  interval: 1h\n  name: {name}\n")).collect();
        format!("periodics:\n{jobs}")
    };
    sandbox.write("base", file(&["a", "d"]));
    sandbox.write("ours", file(&["a", "b", "d"]));
    sandbox.write("theirs", file(&["a", "c", "d"]));
    let path = "ci-operator/jobs/infra-periodics.yaml";
    let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "theirs", path]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.read("ours"), file(&["a", "b", "c", "d"]));
    // Not to be read: nothing is lost, and git is told.
    let ran = sandbox.run("cutwater", &["merge-driver", "base", "ours", "nothing", path]);
    assert_ne!(ran.status, 0);
    assert_eq!(sandbox.read("ours"), file(&["a", "b", "c", "d"]));
    assert_eq!(sandbox.run("cutwater", &["merge-driver"]).status, 2);
}

#[test]
fn several_commits_and_another_checkout_are_known_as_well() {
    let branches = Branches::of(&CASES[0]);
    branches.git(&["checkout", "--quiet", "theirs"]);
    add_test(&branches.sandbox, WEBSHOP, "docs", "mac-zero");
    branches.update();
    branches.commit("theirs, more");
    branches.git(&["checkout", "--quiet", "ours"]);
    let ran = branches.drive(&["cherry-pick", "main..theirs"]);
    branches.is_settled(&ran);
    // The last is picked as a single one is, which git does not note before it is 2.44.
    assert!(ran.stderr.matches("cutwater:").count() <= 1, "{ran:?}");
    branches.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    let ran = branches.drive(&["rebase", "--quiet", "ours", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");

    let elsewhere = Sandbox::new();
    let beside = elsewhere.join("checkout");
    branches.git(&["worktree", "add", "--quiet", "-b", "beside", beside.to_str().unwrap(), "ours"]);
    branches.git(&["branch", "--quiet", "more", "main"]);
    let ran = branches.drive(&["-C", beside.to_str().unwrap(), "merge", "--quiet", "--no-edit", "theirs"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn links_among_the_inputs_are_followed() {
    const SCRIPT: &str = "ci-operator/step-registry/acme/linked/acme-linked-commands.sh";
    const CLUSTERS: &str = "core-services/sanitize-prow-jobs/_clusters.yaml";
    let base: Edit = |sandbox| {
        let step = "ref:\n  as: acme-linked\n  commands: acme-linked-commands.sh\n  from: src\n  resources:\n    requests:\n      \
            cpu: 100m\n";
        sandbox.write("ci-operator/step-registry/acme/linked/acme-linked-ref.yaml", step);
        sandbox.write("ci-operator/step-registry/acme/linked/README.md", "true\n");
        std::os::unix::fs::symlink("README.md", sandbox.join(SCRIPT)).unwrap();
        std::fs::rename(sandbox.join(CLUSTERS), sandbox.join("core-services/sanitize-prow-jobs/clusters")).unwrap();
        std::os::unix::fs::symlink("clusters", sandbox.join(CLUSTERS)).unwrap();
    };
    let branches = Branches::new(base, CASES[0].ours, CASES[0].theirs);
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
    assert!(branches.sandbox.join(SCRIPT).is_symlink(), "the case is about links");
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let base: Edit = |sandbox| {
        let config = "ci-operator/config/acme/webshop/acme-webshop-old.yaml";
        std::os::unix::fs::symlink("/nowhere/else.yaml", sandbox.join(config)).unwrap();
    };
    let branches = Branches::new(|_| {}, CASES[0].ours, CASES[0].theirs);
    for branch in ["ours", "theirs"] {
        branches.git(&["checkout", "--quiet", branch]);
        base(&branches.sandbox);
        branches.commit("a link");
    }
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "ours"]);
    assert_ne!(ran.status, 0);
    assert!(ran.stderr.contains("acme-webshop-old.yaml leads nowhere"), "{ran:?}");
}

#[test]
fn a_branch_that_is_renamed_on_one_side_takes_the_tests_of_the_other_along() {
    const OLD: &str = "ci-operator/config/acme/webshop/acme-webshop-release-1.4.yaml";
    const NEW: &str = "ci-operator/config/acme/webshop/acme-webshop-release-1.5.yaml";
    let renamed: Edit = |sandbox| {
        let text = sandbox.read(OLD).replace("branch: release-1.4", "branch: release-1.5");
        sandbox.write(NEW, text);
        std::fs::remove_file(sandbox.join(OLD)).unwrap();
    };
    let added: Edit = |sandbox| add_test(sandbox, OLD, "unit", "mac-one");
    for (ours, theirs) in [(renamed, added), (added, renamed)] {
        let branches = Branches::new(|_| {}, ours, theirs);
        let ran = branches.drive(&["merge", "--quiet", "--no-edit", "theirs"]);
        branches.is_settled(&ran);
        assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
        let file = branches.sandbox.read("ci-operator/jobs/acme/webshop/acme-webshop-release-1.5-presubmits.yaml");
        assert!(file.contains("-release-1.5-mac-one\n") && !file.contains("release-1.4"), "{file}");
    }
}

#[test]
fn merges_that_a_rebase_makes_anew_are_known() {
    let branches = Branches::of(&CASES[0]);
    branches.git(&["checkout", "--quiet", "-b", "side", "main"]);
    add_test(&branches.sandbox, WEBSHOP, "docs", "mac-side");
    branches.update();
    branches.commit("side");
    branches.git(&["checkout", "--quiet", "ours"]);
    let ran = branches.drive(&["merge", "--quiet", "--no-edit", "side"]);
    branches.is_settled(&ran);
    let ran = branches.drive(&["rebase", "--quiet", "--rebase-merges", "theirs"]);
    branches.is_settled(&ran);
    assert!(!ran.stderr.contains("cutwater:"), "{ran:?}");
}

/// Puts a text into the block after a mark.
fn with_block(page: &str, mark: &str, make: impl FnOnce(&str) -> String) -> String {
    let (before, rest) = page.split_once(&format!("<!-- {mark} -->\n")).expect(mark);
    let (fence, rest) = rest.split_once('\n').unwrap();
    let end = if rest.starts_with("```") { 0 } else { rest.find("\n```").unwrap() + 1 };
    let (shown, after) = rest.split_at(end);
    format!("{before}<!-- {mark} -->\n{fence}\n{}{after}", make(shown))
}

#[test]
fn the_page_shows_what_happens() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/merge-driver.md");
    let page = std::fs::read_to_string(&path).unwrap();
    for part in [
        format!("```text\n{ATTRIBUTES}\n```"),
        format!(
            "git config merge.{DRIVER_NAME}.driver '{DRIVER}'\ngit config merge.{DRIVER_NAME}.recursive {RECURSIVE}\n"
        ),
    ] {
        assert!(page.contains(&part), "the page does not say {part}");
    }
    let branches = Branches::of(&CASES[0]);
    let programs = std::path::Path::new(binary("cutwater")).parent().unwrap();
    let search = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    branches.git(&["config", "user.name", "ada"]);
    branches.git(&["config", "user.email", "ada@example.com"]);
    let run = |command: &str| {
        let mut shell = Command::new("sh");
        shell.current_dir(branches.sandbox.path()).env("HOME", branches.sandbox.path()).env("PATH", &search);
        let ran = Ran::from(shell.env("LC_ALL", "C").args(["-c", &format!("{command} 2>&1")]).output().unwrap());
        ran.stdout
    };
    let session = |shown: &str| {
        let commands = shown.lines().filter(|line| line.starts_with("$ "));
        commands.map(|line| format!("{line}\n{}", run(&line[2..]))).collect::<String>()
    };
    let current = with_block(&page, "session", session);
    branches.is_settled(&branches.try_git(&["status"]));
    branches.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    let ran = branches.drive_with("cutwater merge-driver %O %A %B %P", &["cherry-pick", "theirs"]);
    let current = with_block(&current, "line", |_| ran.stderr.clone());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    assert!(
        page == current,
        "docs/merge-driver.md is out of date: UPDATE_DOCS=1 cargo test --test cli merge::\n{current}"
    );
    assert!(current.contains("CONFLICT (content)") && current.contains("Merge made by the 'ort' strategy."));
}
