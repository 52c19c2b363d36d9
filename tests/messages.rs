//! Every message of the reference that can be reached has a case.
//!
//! `messages.md` beside the vectors lists the messages of the config checks, as templates in which `%s` and the like stand
//! for values. Each has to be found in what the reference says in a vector, or in a case of ours: `messages.txt` of
//! `testdata/check`, `reference.txt` of `testdata/messages`, or be in [`UNREACHABLE`] with the reason.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;
use serde_json::Value as Json;
use support::corpus::files_below;
use support::tally::Tally;
use support::{testdata, vector};

/// Messages that nothing in a config or registry leads to, by the template, with the reason.
const UNREACHABLE: &[(&str, &str)] = &[];

/// Template and when it fires, of each row of a table.
fn templates(text: &str) -> Vec<(String, String)> {
    let row = |line: &str| {
        let line = line.strip_prefix("| ")?.replace("\\|", "\u{1}");
        let mut cells = line.split(" | ").map(|cell| cell.replace('\u{1}', "|"));
        let cell = cells.next()?;
        let template = match cell.strip_prefix("`` ").and_then(|rest| rest.strip_suffix(" ``")) {
            Some(template) => template.to_owned(),
            None => cell.strip_prefix('`')?.strip_suffix('`')?.to_owned(),
        };
        Some((template, cells.next()?))
    };
    text.lines().filter_map(row).collect()
}

/// What a message of a template looks like: as a part of a text.
fn pattern(template: &str) -> Regex {
    let verbs = Regex::new("%[swdqv]").unwrap();
    let parts: Vec<String> = verbs.split(&template.replace("\\n", "\n")).map(regex::escape).collect();
    Regex::new(&parts.join("(?s:.*?)")).unwrap()
}

/// All texts of a value.
fn texts(value: &Json, out: &mut String) {
    match value {
        Json::String(text) => {
            out.push_str(text);
            out.push('\u{2}');
        }
        Json::Array(items) => items.iter().for_each(|item| texts(item, out)),
        _ => {}
    }
}

#[test]
fn every_message_has_a_case() {
    let mut said: Vec<String> = Vec::new();
    for vector in vector::all("validation.jsonl.gz") {
        let fields = vector.as_object().unwrap().iter();
        let mut text = String::new();
        fields.filter(|(name, _)| name.contains("error") || *name == "panic").for_each(|(_, it)| texts(it, &mut text));
        said.push(text);
    }
    for area in ["check", "messages"] {
        let root = testdata(area);
        let is_said = |path: &str| path.ends_with("messages.txt") || path.ends_with("reference.txt");
        said.extend(files_below(&root, is_said).into_values().map(|path| fs::read_to_string(path).unwrap()));
    }
    let listed = templates(&vector::read_text("messages.md"));
    let mut tally = Tally::of("messages with a case or a reason");
    for (template, when) in &listed {
        let pattern = pattern(template);
        let is_said = said.iter().any(|text| pattern.is_match(text));
        let is_excused = UNREACHABLE.iter().any(|(excused, _)| excused == template);
        tally.add(match (is_said, is_excused) {
            (false, false) => Some(format!("no case: {template} ({when})")),
            (true, true) => Some(format!("there is a case, and a reason for having none: {template}")),
            _ => None,
        });
    }
    let known: BTreeSet<&str> = listed.iter().map(|(template, _)| template.as_str()).collect();
    let stale: Vec<_> = UNREACHABLE.iter().filter(|(template, _)| !known.contains(template)).collect();
    assert!(stale.is_empty(), "not in messages.md: {stale:?}");
    tally.conclude();
}
