//! Every rule has an example that holds, and a page that is made of it.
//!
//! An example is a wrong and a right tree (`src/catalogue/example.rs` says how it is written). Each is put into a fresh
//! directory with what every release repository needs, and the command that it names is run there: the wrong tree has to
//! give the rule at the marked line, the right one nothing that stands against it. `make rules` writes what is said into
//! the examples, and `docs/rules` anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Sandbox;
use crate::support::example::{findings, run};
use cutwater::catalogue::example::{Example, with_said};
use cutwater::catalogue::examples::{EXAMPLES, UNSHOWN};
use cutwater::catalogue::page::{Shown, index, page};
use cutwater::catalogue::{find, rules};
use rayon::prelude::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn examples() -> PathBuf {
    root().join("src/catalogue/examples")
}

fn is_blessing() -> bool {
    std::env::var_os("CUTWATER_BLESS").is_some()
}

/// The text of a rule's example as it is now, which need not be what was compiled in.
fn text_of(id: &str) -> String {
    fs::read_to_string(examples().join(format!("{id}.txt"))).unwrap()
}

#[test]
fn every_rule_has_an_example_or_a_reason() {
    let shown: BTreeSet<&str> = EXAMPLES.iter().map(|(id, _)| *id).collect();
    let unshown: BTreeSet<&str> = UNSHOWN.iter().map(|(id, _)| *id).collect();
    let mut wrong: Vec<String> = Vec::new();
    for rule in rules().map(|rule| rule.id) {
        match (shown.contains(rule), unshown.contains(rule)) {
            (false, false) => wrong.push(format!(
                "{rule} has no example: add src/catalogue/examples/{rule}.txt, and \"{rule}\" to EXAMPLES in \
                 src/catalogue/examples.rs; then run make rules"
            )),
            (true, true) => wrong.push(format!("{rule} has an example, and a reason for having none")),
            _ => {}
        }
    }
    let ids = shown.iter().chain(&unshown).filter(|id| find(id).is_none());
    wrong.extend(ids.map(|id| format!("there is no rule {id} that src/catalogue/examples.rs could show")));
    for entry in fs::read_dir(examples()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.strip_suffix(".txt").is_some_and(|id| shown.contains(id)) {
            wrong.push(format!("src/catalogue/examples/{name} is not in EXAMPLES in src/catalogue/examples.rs"));
        }
    }
    let sorted =
        EXAMPLES.is_sorted_by(|left, right| left.0 < right.0) && UNSHOWN.is_sorted_by(|left, right| left.0 < right.0);
    assert!(sorted, "src/catalogue/examples.rs is not sorted");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_hold() {
    let done: Vec<(String, String)> = EXAMPLES.par_iter().map(|(id, _)| ((*id).to_owned(), try_example(id))).collect();
    let wrong: Vec<_> = done.iter().filter(|(_, wrong)| !wrong.is_empty()).collect();
    for (id, wrong) in &wrong {
        println!("src/catalogue/examples/{id}.txt: {wrong}\n");
    }
    assert!(wrong.is_empty(), "{} of {} examples do not hold", wrong.len(), done.len());
}

/// What is wrong with an example; nothing when it holds.
fn try_example(id: &str) -> String {
    let text = text_of(id);
    let example = match Example::parse(&text) {
        Ok(example) => example,
        Err(error) => return error,
    };
    let said = findings(&run(&example, &example.wrong, &[]));
    let Some(first) = said.iter().find(|said| said.rule == id) else {
        return format!("the wrong files do not give the rule: {said:#?}");
    };
    let place = example.place().map(|(file, line)| (file.to_owned(), line));
    if place.as_ref() != Some(&first.place) {
        return format!("the finding is at {:?}, and the mark at {place:?}: {}", first.place, first.text);
    }
    let others: BTreeSet<&str> =
        said.iter().filter(|said| said.is_error && said.rule != id).map(|said| said.rule.as_str()).collect();
    if others != example.also.iter().map(String::as_str).collect() {
        return format!("the wrong files give {others:?} as well, and `also:` says {:?}: {said:#?}", example.also);
    }
    let right = findings(&run(&example, &example.right, &[]));
    if right.iter().any(|said| said.is_error || said.rule == id) {
        return format!("the right files are not: {right:#?}");
    }
    let blessed = with_said(&text, &first.text, &reference(&example, id));
    if is_blessing() {
        fs::write(examples().join(format!("{id}.txt")), blessed).unwrap();
    } else if blessed != text {
        return format!("what is said has changed: make rules\n{}", first.text);
    }
    String::new()
}

/// What the reference says of an example, where its command can tell.
fn reference(example: &Example, id: &str) -> String {
    let ran = run(example, &example.wrong, &["--format=json"]);
    // Not every program of the reference's names has the flag.
    let Ok(outcome) = serde_json::from_str::<serde_json::Value>(&ran.stdout) else { return String::new() };
    let findings = outcome.get("findings").unwrap_or(&outcome).as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == id).unwrap();
    finding["reference"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn pages_are_what_is_checked_in() {
    let folder = root().join("docs/rules");
    let mut pages: BTreeMap<String, String> = BTreeMap::from([("README.md".to_owned(), index())]);
    for rule in rules() {
        let example = EXAMPLES.iter().any(|(id, _)| *id == rule.id).then(|| Example::parse(&text_of(rule.id)).unwrap());
        let reason =
            UNSHOWN.iter().find(|(id, _)| *id == rule.id).map_or("it has not been written yet", |(_, reason)| reason);
        let shown = example.as_ref().map_or(Shown::Not(reason), Shown::Example);
        pages.insert(format!("{}.md", rule.id), page(rule, &shown));
    }
    let there = crate::support::tree(&folder, |_| true);
    if is_blessing() {
        there
            .keys()
            .filter(|name| !pages.contains_key(*name))
            .for_each(|name| fs::remove_file(folder.join(name)).unwrap());
        for (name, page) in &pages {
            fs::write(folder.join(name), page).unwrap();
        }
        return;
    }
    let old =
        there.keys().filter(|name| !pages.contains_key(*name)).map(|name| format!("docs/rules/{name} is of no rule"));
    let stale = pages.iter().filter(|(name, page)| there.get(*name).map(Vec::as_slice) != Some(page.as_bytes()));
    let wrong: Vec<_> = old.chain(stale.map(|(name, _)| format!("docs/rules/{name} is out of date"))).collect();
    assert!(wrong.is_empty(), "{}\nBring them up to date: make rules", wrong.join("\n"));
}

#[test]
fn explain_prints_pages() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("cutwater", &["explain", "duplicate-test"]);
    let page = fs::read_to_string(root().join("docs/rules/duplicate-test.md")).unwrap();
    assert_eq!((ran.status, ran.stdout, ran.stderr), (0, page, String::new()));
    let ran = sandbox.run("cutwater", &["explain"]);
    assert_eq!(ran.status, 0);
    assert!(rules().all(|rule| ran.stdout.contains(&format!("  {} ", rule.id))), "{}", ran.stdout);
}

#[test]
fn explain_helps_with_a_misspelt_rule() {
    let sandbox = Sandbox::new();
    for (given, hint) in [("duplicate-tset", "did you mean duplicate-test?"), ("xyzzy", "`cutwater explain` lists all")]
    {
        let ran = sandbox.run("cutwater", &["explain", given]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
}
