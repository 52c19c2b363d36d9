//! `docs/from-ci-tools.md` for people who come from ci-tools: every flag of the drop-in programs has a row, no row names a flag
//! that there is not, and the old and the new way of a block come to the same.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::support::{Ran, Sandbox, tree};
use super::{markdown, programs, shell, text};

const PAGE: &str = "docs/from-ci-tools.md";

/// The program without drop-in: its rows have no help of ours to be held against.
const NOT_OURS: &str = "Prow's checkconfig";

/// It writes to clusters: the tests in `tests/upload` run it against an API server.
const ON_CLUSTERS: &str = "config-uploader";

/// The flags that a help text lists.
fn flags(help: &str) -> BTreeSet<String> {
    let flag = Regex::new(r"(?m)^ +(?:-\w, )?(--[a-z-]+)").unwrap();
    flag.captures_iter(help).map(|found| found[1].to_owned()).filter(|flag| flag != "--help").collect()
}

fn said(sandbox: &Sandbox, program: &str, arguments: &[&str]) -> Ran {
    let mut ran = sandbox.run(program, arguments);
    ran.stdout.push_str(&ran.stderr);
    ran
}

/// The drop-in programs; those on clusters are not there in a smaller build.
fn drop_ins() -> Vec<String> {
    let left_out = |name: &String| name == "cutwater" || !cfg!(feature = "upload") && name == ON_CLUSTERS;
    programs().into_iter().filter(|name| !left_out(name)).collect()
}

#[test]
fn every_flag_has_a_row_and_every_row_a_flag() {
    let page = text(PAGE);
    let sandbox = Sandbox::new();
    for program in drop_ins() {
        let help = said(&sandbox, &program, &["-h"]);
        assert_eq!(help.status, 0, "{program}");
        let mut missing = flags(&help.stdout);
        assert!(missing.len() >= 4, "{program}: {missing:?}");
        for row in markdown::rows(markdown::section(&page, &program)) {
            let flag = markdown::code(row[0])[0];
            if !missing.remove(flag) {
                // Some are taken and not used, and no help has them.
                let ran = said(&sandbox, &program, &[&format!("{flag}=x"), "-h"]);
                assert!(row[1].contains("not used") && ran.status == 0, "{program} has no {flag}");
            }
        }
        assert!(missing.is_empty(), "{PAGE}: `## {program}` has no row for {missing:?}");
    }
    assert!(markdown::rows(markdown::section(&page, NOT_OURS)).len() > 20);
}

/// Each `cutwater …` between backticks is a command that there is, with flags that it has.
#[test]
fn commands_that_are_named_have_the_flags_that_are_named() {
    let mut helps: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let page = text(PAGE);
    let prose = Regex::new(r"(?ms)^```.*?^```$").unwrap().replace_all(&page, "").into_owned();
    let lines = markdown::fences(&page).into_iter().flat_map(|fence| fence.body.lines()).map(str::to_owned);
    let named: Vec<String> = markdown::code(&prose).into_iter().map(str::to_owned).chain(lines).collect();
    let mut looked_at = 0;
    for line in named.iter().filter(|line| line.starts_with("cutwater ")) {
        // What git is asked within it has flags of its own.
        let words: Vec<&str> = line.split(" $(").next().unwrap().split(' ').collect();
        let verbs = if words[1] == "upload" { &words[1..words.len().min(3)] } else { &words[1..2] };
        if verbs[0] == "upload" && !cfg!(feature = "upload") {
            continue;
        }
        let has = helps.entry(verbs.join(" ")).or_insert_with(|| {
            let ran = said(&Sandbox::new(), "cutwater", &[verbs, &["--help"]].concat());
            assert_eq!(ran.status, 0, "{line}");
            flags(&ran.stdout)
        });
        for flag in words.iter().filter_map(|word| word.strip_prefix("--")) {
            let flag = format!("--{}", flag.split('=').next().unwrap());
            assert!(has.contains(&flag), "`{line}`: there is no {flag}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 30, "only {looked_at} flags");
}

/// A tree that both ways start from: the sample as it is, with what its commands read besides.
fn start() -> Sandbox {
    let sandbox = Sandbox::sample();
    sandbox.write("claims.yaml", "[]\n");
    sandbox
}

#[test]
fn the_old_and_the_new_way_come_to_the_same() {
    let page = text(PAGE);
    for program in drop_ins().into_iter().filter(|name| name != ON_CLUSTERS) {
        let part = markdown::section(&page, &program);
        let lines: Vec<&str> = markdown::fences(part)[0].body.lines().collect();
        let [old, new] = lines[..] else { panic!("{program}: {lines:?}") };
        assert!(old.starts_with(&format!("{program} ")) && new.starts_with("cutwater "), "{lines:?}");
        let checks = new == "cutwater check";
        let (before, after) = (start(), start());
        if checks {
            // Nothing is stale, so that what is left is what both are there for.
            for sandbox in [&before, &after] {
                shell::run(sandbox, "cutwater update -qq");
            }
        }
        let (old_ran, new_ran) = (shell::run(&before, old), shell::run(&after, new));
        assert!(old_ran.status < 2 && new_ran.status < 2, "{old_ran:?}\n{new_ran:?}");
        if new == "cutwater jobs" {
            let more = "sanitize-prow-jobs --prow-jobs-dir ci-operator/jobs \
                --config-path core-services/sanitize-prow-jobs/_config.yaml";
            assert_eq!(shell::run(&before, more).status, 0);
        }
        // What the old way refuses, the new way refuses.
        assert!(old_ran.status <= new_ran.status, "{program}: {old_ran:?}\n{new_ran:?}");
        let (before, after) = (tree(before.path(), |_| true), tree(after.path(), |_| true));
        let differ: Vec<_> =
            before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name)).collect();
        assert!(differ.is_empty(), "{program}: {differ:?}");
    }
}

/// No drop-in stands for Prow's checker, and its command runs.
#[test]
fn prows_checks_run() {
    let page = text(PAGE);
    let line = markdown::fences(markdown::section(&page, NOT_OURS))[0].body.trim();
    let sandbox = Sandbox::updated();
    let ran = shell::run(&sandbox, line);
    assert!(line.starts_with("cutwater check") && ran.status == 1, "{line}: {ran:?}");
}
