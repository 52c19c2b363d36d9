//! Every message of the reference that can be reached has a case.
//!
//! `messages.md` beside the vectors lists the messages of the config checks, as templates in which `%s` and the like stand
//! for values. Each has to be found in what the reference says in a vector, or in a case of ours: in `messages.txt` in
//! `testdata/check`, or in `reference.txt` where the reference has words that we have not; or it is in [`UNREACHABLE`] with
//! the reason.

use std::collections::BTreeSet;
use std::fs;

use crate::support::corpus::files_below;
use crate::support::tally::Tally;
use crate::support::{testdata, vector};
use regex::Regex;
use serde_json::Value as Json;

/// Messages that nothing in a config or registry leads to, by the reason.
const UNREACHABLE: &[(&str, &[&str])] = &[
    (
        "dead code: its condition is never met",
        &[
            "when 'images' are specified 'build_root' is required and must have image_stream_tag, project_image or from_repository set",
            "%s requires a release in 'tag_specification' or 'releases'",
        ],
    ),
    (
        "something else is always said first",
        &[
            "can't validate cluster profile, metadata not defined",
            "no cluster profile named %s",
            "mount file name %q decodes to an empty string",
        ],
    ),
    (
        "what calls it has made sure of the opposite",
        &[
            "%s: non-literal test found in fully-resolved configuration",
            "invalid reference: %s",
            "failed to determine relative path for %s: %w",
            "could not find any config for org %s",
            "could not find any config for repo %s/%s",
            "resolve cluster profile %q: %w",
            "new prowjob builder: %w",
            "cluster profile resolver not available",
        ],
    ),
    (
        "the checks of configs and job generation never call it",
        &[
            "volumeName %s: %v",
            "%s.searches[%d] must be set",
            "failed to load metadata file %s: %w",
            "empty name('%s') or pullSpec('%s') passed",
            "%s cannot be empty in injected test specification",
            "Invalid version range `%s`. Must be in form `>4.x.y <4.a.b-c`",
        ],
    ),
    (
        "about a file that cannot be read or a path that is too short, which is no content of any file",
        &[
            "failed to read cluster claim config: %w",
            "failed to read ci-operator config (%w)",
            "could not extract repo from '%s' (expected path like '.../ORG/REPO/ORGANIZATION-COMPONENT-BRANCH.yaml",
            "could not extract org from '%s' (expected path like '.../ORG/REPO/ORGANIZATION-COMPONENT-BRANCH.yaml",
        ],
    ),
    (
        "a wrapper of the start-up code around messages that have cases",
        &["failed to load config: %w", "loading config failed: %w", "failed to generate jobs: %w"],
    ),
    (
        "the process ends with another text: `BUG: PodSpec generator failed`",
        &[
            "environment variable '%s' added with different value",
            "volume '%s' added with different sources",
            "multiple different volumes mounted to '%s'",
        ],
    ),
];

fn excused() -> impl Iterator<Item = &'static str> {
    UNREACHABLE.iter().flat_map(|(_, templates)| *templates).copied()
}

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
    let is_said = |path: &str| path.ends_with("messages.txt") || path.ends_with("reference.txt");
    let cases = files_below(&testdata("check"), is_said).into_values();
    said.extend(cases.map(|path| fs::read_to_string(path).unwrap()));
    let listed = templates(&vector::read_text("messages.md"));
    let mut tally = Tally::of("messages with a case or a reason");
    for (template, when) in &listed {
        let pattern = pattern(template);
        let is_said = said.iter().any(|text| pattern.is_match(text));
        let is_excused = excused().any(|excused| excused == template);
        tally.add(match (is_said, is_excused) {
            (false, false) => Some(format!("no case: {template} ({when})")),
            (true, true) => Some(format!("there is a case, and a reason for having none: {template}")),
            _ => None,
        });
    }
    let known: BTreeSet<&str> = listed.iter().map(|(template, _)| template.as_str()).collect();
    let stale: Vec<_> = excused().filter(|template| !known.contains(template)).collect();
    assert!(stale.is_empty(), "not in messages.md: {stale:?}");
    tally.conclude();
}
