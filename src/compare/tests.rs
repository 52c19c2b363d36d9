//! Whole comparisons of small job files.

use super::change::{Change, Names, Running, Schedule, Start, Trigger, Turn};
use super::group::Grouped;
use super::{Comparison, FilePair, Sides, StepUser, compare};
use crate::model::config::Metadata;
use crate::model::identity::JobKind;

const FILE: &str = "ci-operator/jobs/acme/web/acme-web-main-presubmits.yaml";

fn pair(file: &str, old: &str, new: &str) -> FilePair {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    FilePair { file: file.to_owned(), old: text(old), new: text(new), is_unchanged: false }
}

fn compared(old: &str, new: &str) -> Comparison {
    compare(&Sides { job_files: vec![pair(FILE, old, new)], ..Sides::default() })
}

/// The changes of all jobs, and which of them have them.
fn told(comparison: &Comparison) -> Vec<(&str, Vec<Change>)> {
    comparison.jobs.iter().map(|job| (&*job.job.name, job.changes.clone())).collect()
}

/// A presubmit with more lines among its fields.
fn presubmit(name: &str, more: &str) -> String {
    format!(
        "  - agent: kubernetes\n    always_run: true\n    branches:\n    - ^main$\n    cluster: build01\n    \
         context: ci/{name}\n    decorate: true\n{more}    name: {name}\n    rerun_command: /test {name}\n    spec:\n      \
         containers:\n      - args:\n        - --one\n        - --two\n        command:\n        - make\n        \
         image: tools\n        name: \"\"\n        resources:\n          requests:\n            cpu: 10m\n    \
         trigger: /test {name}\n"
    )
}

fn presubmits(jobs: &[String]) -> String {
    format!("presubmits:\n  acme/web:\n{}", jobs.concat())
}

fn one(more: &str) -> String {
    presubmits(&[presubmit("a", more)])
}

/// Of a presubmit that has to succeed.
fn always_on(cluster: &str) -> Running {
    Running { start: Start::Trigger(Trigger::Always), is_optional: Some(false), cluster: cluster.into() }
}

fn turn<T>(from: T, to: T) -> Turn<T> {
    Turn { from, to }
}

#[test]
fn another_spelling_is_no_change() {
    let text = one("");
    assert_eq!(told(&compared(&text, &text)), []);
    let spelt = text.replace("always_run: true", "# on purpose\n    always_run: yes").replace("\"\"", "''");
    assert_eq!(told(&compared(&spelt, &text)), []);
    let spelt = text.replace("    always_run: true\n", "    optional: false\n    always_run: true\n");
    assert_eq!(told(&compared(&spelt, &text)), [], "what is the default need not be said");
}

#[test]
fn each_field_is_told_as_what_it_means() {
    let base = one("");
    let names = |added: &[&str], removed: &[&str], changed: &[&str]| {
        let [added, removed, changed] =
            [added, removed, changed].map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        Names { added, removed, changed }
    };
    for (new, expected) in [
        (one("    optional: true\n"), Change::Optional(turn(false, true))),
        (
            base.replace("always_run: true", "always_run: false\n    run_if_changed: x"),
            Change::Trigger(turn(Trigger::Always, Trigger::RunIfChanged("x".into()))),
        ),
        (
            base.replace("always_run: true", "always_run: false"),
            Change::Trigger(turn(Trigger::Always, Trigger::OnRequest)),
        ),
        (base.replace("build01", "build02"), Change::Cluster(turn("build01".into(), "build02".into()))),
        (one("    max_concurrency: 3\n"), Change::MaxConcurrency(turn(0, 3))),
        (
            one("    skip_branches:\n    - old\n"),
            Change::Branches(turn(vec!["^main$".into()], vec!["^main$".into(), "!old".into()])),
        ),
        (base.replace("- make", "- run"), Change::Command(turn(vec!["make".into()], vec!["run".into()]))),
        (base.replace("--two", "--three"), Change::Arguments(names(&["--three"], &["--two"], &[]))),
        (base.replace("image: tools", "image: t"), Change::Image(turn("tools".into(), "t".into()))),
        (base.replace("cpu: 10m", "cpu: 1"), Change::Resources(names(&[], &[], &["requests.cpu"]))),
        (
            base.replace("        image", "        env:\n        - name: A\n        image"),
            Change::Environment(names(&["A"], &[], &[])),
        ),
        (one("    labels:\n      a: b\n"), Change::Labels(names(&["a"], &[], &[]))),
        (
            one("    labels:\n      pj-rehearse.openshift.io/can-be-rehearsed: \"true\"\n"),
            Change::Rehearsable(turn(false, true)),
        ),
        (one("    hidden: true\n"), Change::Other(vec!["hidden".into()])),
        (
            base.replace("--one\n        - --two", "--two\n        - --one"),
            Change::Other(vec!["spec.containers.args".into()]),
        ),
        (
            base.replace("      containers", "      serviceAccountName: x\n      containers"),
            Change::Other(vec!["spec.serviceAccountName".into()]),
        ),
    ] {
        assert_eq!(told(&compared(&base, &new)), [("a", vec![expected])], "{new}");
    }
}

#[test]
fn secrets_are_told_by_name_however_they_are_given() {
    let base = one("");
    let volume = |secret: &str| {
        base.replace(
            "    trigger",
            &format!("      volumes:\n      - name: v\n        secret:\n          secretName: {secret}\n    trigger"),
        )
    };
    let secrets = |added: &[&str], removed: &[&str]| {
        let [added, removed] = [added, removed].map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        Change::Secrets(Names { added, removed, changed: Vec::new() })
    };
    assert_eq!(told(&compared(&base, &volume("s"))), [("a", vec![secrets(&["s"], &[])])]);
    assert_eq!(told(&compared(&volume("s"), &volume("t"))), [("a", vec![secrets(&["t"], &["s"])])]);
    let variable = "        env:\n        - name: A\n          valueFrom:\n            secretKeyRef:\n              key: k\n              name: s\n        image";
    let changes = told(&compared(&base, &base.replace("        image", variable)))[0].1.clone();
    assert!(changes.contains(&secrets(&["s"], &[])), "{changes:?}");
    // A volume that is no secret's is told as well.
    let more = volume("s").replace("    trigger", "      - emptyDir: {}\n        name: w\n    trigger");
    let changes = told(&compared(&base, &more))[0].1.clone();
    assert_eq!(changes, [secrets(&["s"], &[]), Change::Other(vec!["spec.volumes".into()])]);
}

#[test]
fn periodics_have_schedules() {
    let periodic = |when: &str| format!("periodics:\n- {when}\n  name: p\n");
    let (cron, interval) = (Schedule::Cron("@daily".into()), Schedule::Interval("1h".into()));
    let comparison = compared(&periodic("cron: \"@daily\""), &periodic("interval: 1h"));
    assert_eq!(told(&comparison), [("p", vec![Change::Schedule(turn(cron, interval))])]);
    assert_eq!(comparison.jobs[0].job.repository, "acme/web", "the file says whose it is");
}

#[test]
fn jobs_come_and_go_and_files_with_them() {
    let (a, b) = (presubmit("a", ""), presubmit("b", "").replace("--one", "--x").replace("image: tools", "image: i"));
    let b = b.replace("build01", "c").replace("10m", "7m").replace("- --two", "- z").replace("- make", "- q");
    let comparison = compared(&presubmits(std::slice::from_ref(&a)), &presubmits(&[b]));
    let (removed, added) = (Change::Removed(always_on("build01")), Change::Added(always_on("c")));
    assert_eq!(told(&comparison), [("a", vec![removed.clone()]), ("b", vec![added])]);
    let other = "ci-operator/jobs/acme/web/acme-web-main-more.yaml";
    let text = presubmits(&[a]);
    assert_eq!(told(&compared(&text, "")), [("a", vec![removed])]);
    let moved = Sides { job_files: vec![pair(FILE, &text, ""), pair(other, "", &text)], ..Sides::default() };
    assert_eq!(told(&compare(&moved)), [], "the file is of no matter");
}

#[test]
fn a_job_under_another_name_is_renamed() {
    let (a, b) = (presubmits(&[presubmit("a", "")]), presubmits(&[presubmit("b", "    optional: true\n")]));
    let renamed = |from: &str, to: &str| Change::Renamed(turn(from.into(), to.into()));
    assert_eq!(told(&compared(&a, &b)), [("b", vec![renamed("a", "b"), Change::Optional(turn(false, true))])]);
    assert_eq!(told(&compared(&b, &a)), [("a", vec![renamed("b", "a"), Change::Optional(turn(true, false))])]);
    // For another branch it is another job.
    let elsewhere = b.replace("^main$", "^next$");
    assert_eq!(told(&compared(&a, &elsewhere)).len(), 2);
    // The most alike are paired.
    let both = presubmits(&[presubmit("b", "    optional: true\n"), presubmit("c", "")]);
    let optional = Running { is_optional: Some(true), ..always_on("build01") };
    assert_eq!(told(&compared(&a, &both)), [("b", vec![Change::Added(optional)]), ("c", vec![renamed("a", "c")])]);
}

/// A generated job of a test.
fn generated(name: &str, test: &str) -> String {
    presubmit(name, "    labels:\n      ci.openshift.io/generator: prowgen\n")
        .replace("--one", &format!("--target={test}"))
}

fn config(tests: &[(&str, &str)]) -> String {
    let test = |(name, command): &(&str, &str)| {
        format!("- as: {name}\n  commands: {command}\n  container:\n    from: src\n  node_architecture: amd64\n")
    };
    format!("tests:\n{}", tests.iter().map(test).collect::<String>())
}

fn identity() -> Metadata {
    Metadata { org: "acme".into(), repo: "web".into(), branch: "main".into(), variant: String::new() }
}

fn with_config(old: (&str, &str), new: (&str, &str)) -> Sides {
    let config = pair("ci-operator/config/acme/web/acme-web-main.yaml", old.1, new.1);
    Sides { job_files: vec![pair(FILE, old.0, new.0)], configs: vec![(identity(), config)], users: Vec::new() }
}

#[test]
fn generated_jobs_are_the_same_when_their_tests_are() {
    let jobs = |test: &str| presubmits(&[generated(&format!("pull-{test}"), test)]);
    let sides =
        with_config((&jobs("unit"), &config(&[("unit", "make x")])), (&jobs("units"), &config(&[("units", "make x")])));
    let renamed = Change::Renamed(turn("pull-unit".into(), "pull-units".into()));
    assert_eq!(told(&compare(&sides)), [("pull-units", vec![renamed])]);
    let other =
        with_config((&jobs("unit"), &config(&[("unit", "make x")])), (&jobs("lint"), &config(&[("lint", "make y")])));
    assert_eq!(told(&compare(&other)).len(), 2, "one goes, and one comes");
    assert_eq!(told(&compared(&jobs("unit"), &jobs("lint"))).len(), 2, "so it is where the tests are not known");
}

#[test]
fn what_a_test_does_is_told_of_its_jobs() {
    let jobs = presubmits(&[generated("pull-a", "a"), generated("pull-b", "b")]);
    let (old, new) = (config(&[("a", "one"), ("b", "two")]), config(&[("a", "one more"), ("b", "two")]));
    let commands = Change::Commands(turn("one".into(), "one more".into()));
    let sides = with_config((&jobs, &old), (&jobs, &new));
    assert_eq!(told(&compare(&sides)), [("pull-a", vec![commands])]);
    // What is not of one test concerns all.
    let images = format!("{old}images:\n  items:\n  - to: x\n");
    let sides = with_config((&jobs, &old), (&jobs, &images));
    let concerned = Change::Config(vec!["images".into()]);
    assert_eq!(told(&compare(&sides)), [("pull-a", vec![concerned.clone()]), ("pull-b", vec![concerned])]);
    // What shows in the job is not told twice.
    let sides = with_config((&jobs, &old), (&jobs, &old.replacen("  commands", "  optional: true\n  commands", 1)));
    assert_eq!(told(&compare(&sides)), []);
    // Unless it does not show there, since people have set something else.
    let sides = with_config((&jobs, &old), (&jobs, &old.replacen("  commands", "  max_concurrency: 3\n  commands", 1)));
    assert_eq!(told(&compare(&sides)), [("pull-a", vec![Change::Test(vec!["max_concurrency".into()])])]);
}

#[test]
fn users_of_steps_are_told_though_their_files_are_the_same() {
    let jobs = presubmits(&[generated("pull-a", "a"), generated("pull-b", "b")]);
    let file = FilePair { is_unchanged: true, old: None, ..pair(FILE, "", &jobs) };
    let user =
        StepUser { identity: identity(), test: "b".into(), parts: vec!["acme-step".into()], kind: JobKind::Presubmit };
    let comparison = compare(&Sides { job_files: vec![file], configs: Vec::new(), users: vec![user] });
    assert_eq!(told(&comparison), [("pull-b", vec![Change::Steps(vec!["acme-step".into()])])]);
}

#[test]
fn what_cannot_be_read_is_noted_and_nothing_is_said_of_its_jobs() {
    for broken in ["presubmits: [", "presubmits: 7", "\u{1}", "presubmits:\n  a/b:\n  - name: []\n"] {
        let comparison = compared(broken, &one(""));
        assert_eq!((comparison.jobs.len(), comparison.notes.len()), (0, 1), "{broken:?}");
        assert!(comparison.notes[0].message.starts_with("what it said at the base cannot be read"));
        assert_eq!(compared(&one(""), broken).notes.len(), 1);
    }
    // Odd and readable.
    for odd in ["", "{}", "presubmits: {}", "presubmits:\n  acme/web: null\n", "periodics: []", "presets: []"] {
        assert_eq!(compared(odd, odd).jobs, [], "{odd:?}");
    }
}

#[test]
fn jobs_of_one_name_are_paired_by_their_branches() {
    let job = |branch: &str, cluster: &str| presubmit("a", "").replace("^main$", branch).replace("build01", cluster);
    let old = presubmits(&[job("^one$", "x"), job("^two$", "w")]);
    let new = presubmits(&[job("^two$", "w"), job("^one$", "z")]);
    let comparison = compared(&old, &new);
    assert_eq!(told(&comparison), [("a", vec![Change::Cluster(turn("x".into(), "z".into()))])]);
    assert_eq!(comparison.jobs[0].job.branch, "one");
}

#[test]
fn what_many_repositories_have_in_common_is_told_once() {
    let file = |repo: usize| {
        let text = one("").replace("acme/web", &format!("acme/web{repo}"));
        pair(&format!("f{repo}.yaml"), &text, &text.replace("build01", "build02"))
    };
    let of =
        |repositories: usize| compare(&Sides { job_files: (0..repositories).map(file).collect(), ..Sides::default() });
    let (few, many) = (of(3), of(4));
    let (few, many) = (Grouped::of(&few), Grouped::of(&many));
    assert_eq!((few.everywhere.len(), few.groups.len()), (0, 3));
    assert_eq!((many.everywhere.len(), many.groups.len()), (1, 0));
    assert_eq!((many.everywhere[0].jobs.len(), many.everywhere[0].repositories()), (4, 4));
}
