//! What the merge of jobs gives, and what holds for any three files.

use proptest::prelude::*;

use super::*;

/// A job of the webshop, as its config gives it, with further lines.
fn job(name: &str, lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("  - agent: kubernetes\n    labels:\n      ci.openshift.io/generator: prowgen\n    name: {name}\n{lines}")
}

fn by_hand(name: &str, lines: &str) -> String {
    job(name, lines).replace("    labels:\n      ci.openshift.io/generator: prowgen\n", "")
}

fn file(jobs: &[String]) -> String {
    if jobs.is_empty() { String::new() } else { format!("presubmits:\n  acme/webshop:\n{}", jobs.concat()) }
}

fn sides(texts: [&str; 3]) -> [Jobs; 3] {
    let all = [Side::Base, Side::Ours, Side::Theirs];
    [0, 1, 2].map(|at| read(texts[at], all[at]).unwrap_or_else(|error| panic!("{error}: {}", texts[at])))
}

fn merged(base: &[String], ours: &[String], theirs: &[String]) -> Merged {
    let [base, ours, theirs] = [base, ours, theirs].map(file);
    let [base, ours, theirs] = sides([&base, &ours, &theirs]);
    let there = merge(&base, &ours, &theirs, Sides::all(Side::Ours));
    let back = merge(&base, &theirs, &ours, Sides::all(Side::Theirs));
    assert_eq!(there, back, "the sides change places");
    there
}

/// The merged jobs equal these, and nothing conflicts.
#[track_caller]
fn gives(base: &[String], ours: &[String], theirs: &[String], expected: &[String]) {
    let merged = merged(base, ours, theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(merged.jobs, read(&file(expected), Side::Ours).unwrap());
}

/// What conflicts, as `JOB: FIELD`.
fn told(base: &[String], ours: &[String], theirs: &[String]) -> Vec<String> {
    let conflicts = merged(base, ours, theirs).conflicts;
    conflicts.into_iter().map(|it| format!("{}: {}", it.job, it.field)).collect()
}

#[test]
fn jobs_come_and_go_on_each_side() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| job(name, ""));
    let of = |jobs: &[&String]| jobs.iter().map(|job| (*job).clone()).collect::<Vec<_>>();
    gives(&of(&[&a]), &of(&[&a, &c]), &of(&[&a, &b]), &of(&[&a, &b, &c]));
    gives(&of(&[&a, &b, &c]), &of(&[&a, &c]), &of(&[&a, &b]), &of(&[&a]));
    gives(&of(&[&a]), &of(&[&a, &b]), &of(&[&a, &b]), &of(&[&a, &b]));
    gives(&of(&[&a]), &[], &of(&[&a, &d]), &of(&[&d]));
    gives(&[], &of(&[&a]), &of(&[&b]), &of(&[&a, &b]));
    // Hand-written jobs keep their order.
    let [z, w, x] = ["z", "w", "x"].map(|name| by_hand(name, ""));
    gives(&of(&[&z, &w]), &of(&[&z, &x, &w]), &of(&[&z, &w]), &of(&[&z, &x, &w]));
}

#[test]
fn nothing_is_left_of_a_file_whose_last_jobs_go() {
    let [a, b] = ["a", "b"].map(|name| job(name, ""));
    let merged = merged(&[a.clone(), b.clone()], &[a], &[b]);
    assert!(merged.jobs.is_empty() && merged.conflicts.is_empty());
}

#[test]
fn fields_of_a_job_are_merged() {
    let of = |lines: &str| [job("a", lines)];
    gives(
        &of("cluster: build01\nmax_concurrency: 1"),
        &of("cluster: build02\nmax_concurrency: 1"),
        &of("cluster: build01\nmax_concurrency: 2\noptional: true"),
        &of("cluster: build02\nmax_concurrency: 2\noptional: true"),
    );
    assert_eq!(told(&of("cluster: a"), &of("cluster: b"), &of("cluster: c")), ["a: cluster"]);
    assert_eq!(told(&of(""), &of("cluster: b"), &of("cluster: c")), ["a: cluster"]);
    assert_eq!(told(&of("cluster: a"), &of("cluster: b"), &of("")), ["a: cluster"]);
    assert_eq!(told(&of(""), &[], &of("cluster: c")), ["a: "], "removed and changed");
    assert_eq!(told(&[], &of("cluster: b"), &of("optional: true")), ["a: "], "added twice");
}

#[test]
fn changes_beside_changes_are_entangled() {
    let of = |names: &str| -> Vec<String> {
        let one = |word: &str| job(word.trim_end_matches('!'), if word.ends_with('!') { "optional: true" } else { "" });
        names.split(' ').map(one).collect()
    };
    for (ours, theirs, expected) in [
        ("a b c", "a b d", false),
        ("a", "a! b", false),
        ("b c", "a! b", true),
        ("a! b", "a b!", true),
        ("a! b", "a", false),
        ("a! b", "a b c", true),
    ] {
        assert_eq!(merged(&of("a b"), &of(ours), &of(theirs)).is_entangled, expected, "{ours} | {theirs}");
    }
}

#[test]
fn what_starts_a_job_is_not_mixed() {
    let of = |lines: &str| [job("a", lines)];
    assert_eq!(
        told(&of("always_run: false"), &of("always_run: true"), &of("always_run: false\nrun_if_changed: go")),
        ["a: always_run, run_if_changed, skip_if_only_changed"]
    );
    let periodic = |line: &str| format!("periodics:\n- agent: kubernetes\n  name: a\n  {line}\n");
    let [base, ours, theirs] =
        sides([&periodic("cron: '@daily'"), &periodic("cron: '@yearly'"), &periodic("interval: 1h")]);
    let merged = merge(&base, &ours, &theirs, Sides::all(Side::Theirs));
    assert_eq!(merged.jobs, theirs);
    assert_eq!(merged.conflicts[0].field, "cron, interval, minimum_interval");
}

fn pod(arguments: &[&str], rest: &str) -> [String; 1] {
    let arguments: String = arguments.iter().map(|argument| format!("    - {argument}\n")).collect();
    [job("a", &format!("spec:\n  containers:\n  - args:\n{arguments}    image: i\n    name: test\n{rest}"))]
}

#[test]
fn lists_are_merged_by_what_they_hold() {
    let base = pod(&["--a=1", "--target=t"], "");
    gives(
        &base,
        &pod(&["--a=1", "--b=1", "--target=t"], ""),
        &pod(&["--target=t", "--z=1"], ""),
        &pod(&["--b=1", "--target=t", "--z=1"], ""),
    );
    let args = "a: spec.containers[test].args";
    assert_eq!(told(&base, &pod(&["--a=1", "--target=x"], ""), &pod(&["--a=1", "--target=y"], "")), [args]);
    assert_eq!(
        told(&base, &pod(&["--a=1", "--n=1", "--target=t"], ""), &pod(&["--a=1", "--n=2", "--target=t"], "")),
        [args],
        "a new flag has one value"
    );
    // Arguments in an order of their own mean something by it.
    let free = pod(&["run", "all"], "");
    assert_eq!(told(&free, &pod(&["run", "all", "x"], ""), &pod(&["run", "all", "z"], "")), [args]);
    let env = |names: &[&str]| {
        let items: String = names.iter().map(|name| format!("    - name: {name}\n      value: v\n")).collect();
        pod(&["--a=1"], &format!("    env:\n{items}"))
    };
    gives(&env(&["B"]), &env(&["A", "B"]), &env(&["B", "C"]), &env(&["A", "B", "C"]));
}

#[test]
fn each_side_may_stand_for_a_conflict() {
    let of = |name: &str, cluster: &str| match name {
        "hand" => by_hand(name, &format!("cluster: {cluster}")),
        _ => job(name, &format!("cluster: {cluster}")),
    };
    let both = |cluster: &str| file(&[of("generated", cluster), of("hand", cluster)]);
    let [base, ours, theirs] = sides([&both("o"), &both("a"), &both("b")]);
    let with = |generated, by_hand| merge(&base, &ours, &theirs, Sides { generated, by_hand });
    let expected =
        |generated: &str, hand: &str| read(&file(&[of("generated", generated), of("hand", hand)]), Side::Ours).unwrap();
    assert_eq!(with(Side::Ours, Side::Base).jobs, expected("a", "o"));
    assert_eq!(with(Side::Theirs, Side::Ours).jobs, expected("b", "a"));
    let conflicts = with(Side::Ours, Side::Ours).conflicts;
    let told: Vec<_> = conflicts.iter().map(|it| (it.job.as_str(), it.is_generated)).collect();
    assert_eq!(told, [("generated", true), ("hand", false)]);
}

#[test]
fn names_that_come_twice_are_told_apart_by_branches() {
    let of = |branch: &str, cluster: &str| by_hand("a", &format!("branches:\n- {branch}\ncluster: c{cluster}"));
    gives(
        &[of("x", "1"), of("w", "1")],
        &[of("x", "2"), of("w", "1")],
        &[of("x", "1"), of("w", "3")],
        &[of("x", "2"), of("w", "3")],
    );
    let twins = [of("x", "1"), of("x", "1")];
    assert_eq!(
        told(&twins, &[of("x", "2"), of("x", "1")], &[of("x", "1"), of("x", "3")]),
        [": presubmits.acme/webshop"]
    );
}

#[test]
fn what_would_be_lost_is_not_merged() {
    let text = file(&[job("a", "")]);
    for (broken, says) in [
        (format!("# why\n{text}"), "would not keep"),
        (text.replace("agent:", "agnet:"), "would not keep"),
        ("- a\n".to_owned(), "no file of jobs"),
        ("<<<<<<< ours\n".to_owned(), "no file of jobs"),
        ("presubmits: 3\n".to_owned(), "no file of jobs"),
    ] {
        let error = read(&broken, Side::Theirs).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(read(&format!("# why\n{text}"), Side::Base).is_ok());
    assert!(read("", Side::Ours).unwrap().is_empty() && read("{}\n", Side::Ours).unwrap().is_empty());
}

/// Files of a few jobs with a few settings, so that sides have much in common.
fn any_file() -> impl Strategy<Value = String> {
    let setting = prop_oneof![
        Just(""),
        Just("cluster: build01"),
        Just("cluster: build02"),
        Just("optional: true"),
        Just("always_run: true"),
        Just("run_if_changed: go"),
        Just("max_concurrency: 3"),
        Just("branches:\n- main\n- next"),
        Just("branches:\n- main"),
        Just("spec:\n  containers:\n  - args:\n    - --target=a\n    name: test"),
        Just("spec:\n  containers:\n  - args:\n    - --more\n    - --target=a\n    name: test"),
    ];
    let one = (0..5_usize, any::<bool>(), setting);
    proptest::collection::vec(one, 0..5).prop_map(|jobs| {
        let mut seen = std::collections::BTreeMap::new();
        for (name, generated, setting) in jobs {
            let name = format!("job-{name}");
            let text = if generated { job(&name, setting) } else { by_hand(&name, setting) };
            seen.insert(name, text);
        }
        file(&seen.into_values().collect::<Vec<_>>())
    })
}

proptest! {
    #[test]
    fn one_side_alone_is_the_answer(base in any_file(), ours in any_file()) {
        let [base, ours, theirs] = sides([&base, &ours, &ours.clone()]);
        for side in [Side::Base, Side::Ours, Side::Theirs].map(Sides::all) {
            prop_assert_eq!(&merge(&base, &ours, &theirs, side).jobs, &ours, "both the same");
            prop_assert_eq!(&merge(&base, &ours, &base, side).jobs, &ours, "only ours");
            prop_assert_eq!(&merge(&base, &base, &ours, side).jobs, &ours, "only theirs");
            prop_assert!(merge(&base, &ours, &base, side).conflicts.is_empty());
        }
    }

    #[test]
    fn sides_may_change_places(base in any_file(), ours in any_file(), theirs in any_file()) {
        let [base, ours, theirs] = sides([&base, &ours, &theirs]);
        let there = merge(&base, &ours, &theirs, Sides::all(Side::Ours));
        let back = merge(&base, &theirs, &ours, Sides::all(Side::Theirs));
        prop_assert_eq!(there, back);
    }

    #[test]
    fn the_answer_can_be_written_and_read(base in any_file(), ours in any_file(), theirs in any_file()) {
        let [base, ours, theirs] = sides([&base, &ours, &theirs]);
        let merged = merge(&base, &ours, &theirs, Sides::all(Side::Ours));
        let text = merged.jobs.text().unwrap();
        prop_assert_eq!(read(&text, Side::Ours).unwrap(), merged.jobs, "{}", text);
    }

    #[test]
    fn a_job_that_one_side_touched_is_as_that_side_has_it(base in any_file(), ours in any_file()) {
        let theirs = if base.is_empty() { file(&[job("new", "")]) } else { format!("{base}{}", job("new", "")) };
        let [base, ours, theirs] = sides([&base, &ours, &theirs]);
        let merged = merge(&base, &ours, &theirs, Sides::all(Side::Theirs));
        prop_assert!(merged.conflicts.is_empty(), "{:?}", merged.conflicts);
        prop_assert!(merged.jobs.has_generated());
    }
}
