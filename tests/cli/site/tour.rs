//! `docs/tour.md` shows what happens: its commands are typed one after another in a copy of the sample repository.
//!
//! After a change of what is printed: `UPDATE_DOCS=1 cargo test --test cli site::`.

use super::support::Sandbox;
use super::{markdown, root, shell, text};

/// Commands that end with another status than 0, where they are typed first: they find something.
const FINDING: [&str; 3] = [
    "cutwater jobs ci-operator/config/acme/webshop",
    "cutwater check --changed-since HEAD",
    "cutwater check --base HEAD",
];

/// What is shown and not run, because the copy is there already.
const NOT_RUN: &str = "cp -R testdata/release-repo /tmp/tour && cd /tmp/tour\n";

#[test]
fn the_tour_shows_what_its_commands_print() {
    let page = text("docs/tour.md");
    let sandbox = Sandbox::sample();
    let mut finding = FINDING.to_vec();
    let mut current = page.clone();
    for fence in markdown::fences(&page) {
        match fence.kind {
            "console" => current = current.replacen(fence.body, &session(&sandbox, &mut finding, fence.body), 1),
            _ => assert_eq!(fence.body, NOT_RUN, "a command of the tour that is not run"),
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join("docs/tour.md"), &current).unwrap();
    }
    assert!(page == current, "docs/tour.md is out of date: UPDATE_DOCS=1 cargo test --test cli site::\n{current}");
    for part in ["error[unknown-workflow]", "error[edited-job]", "1 fixed", "timeout: 3h0m0s", "ConfigMap to write"] {
        assert!(page.contains(part), "the tour does not show {part:?}");
    }
}

/// The commands of a session with what they print today.
fn session(sandbox: &Sandbox, finding: &mut Vec<&str>, shown: &str) -> String {
    let mut out = String::new();
    for line in shown.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let ran = shell::run(sandbox, line);
        let first = finding.iter().position(|command| *command == line);
        assert_eq!(ran.status, i32::from(first.is_some()), "{line}: {ran:?}");
        first.map(|place| finding.remove(place));
        out.push_str(&format!("$ {line}\n{}", shell::said(&ran)));
    }
    out
}
