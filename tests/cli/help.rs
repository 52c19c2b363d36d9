//! `docs/commands.md` shows the help of every program; the test keeps it true.
//!
//! To bring the page up to date after a change of flags: `UPDATE_DOCS=1 cargo test --test cli help::`.

use std::fs;
use std::path::Path;

use crate::support::Sandbox;

const FENCE: &str = "```text\n$ ";

#[test]
fn the_page_of_commands_shows_their_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let page = fs::read_to_string(&path).unwrap();
    let current = brought_up_to_date(&page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(page == current, "docs/commands.md is out of date: UPDATE_DOCS=1 cargo test --test cli help::");
}

#[test]
fn the_page_has_every_program() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md")).unwrap();
    for command in [
        "cutwater --help",
        "cutwater jobs --help",
        "cutwater schema --help",
        "cutwater explain --help",
        "cutwater fmt --help",
        "cutwater update --help",
        "cutwater check --help",
        "cutwater pre-commit --help",
        "cutwater init --help",
        "determinize-ci-operator -h",
        "ci-operator-prowgen -h",
        "ci-operator-checkconfig -h",
        "sanitize-prow-jobs -h",
        "determinize-prow-config -h",
        "config-shard-validator -h",
        "cutwater upload --help",
        "cutwater upload plan --help",
        "cutwater upload apply --help",
        "cutwater upload check --help",
        "cutwater upload adopt --help",
        "cutwater upload rbac --help",
        "config-uploader -h",
    ] {
        assert!(page.contains(&format!("{FENCE}{command}\n")), "docs/commands.md does not show `{command}`");
    }
}

/// The page with what each command prints today.
fn brought_up_to_date(page: &str) -> String {
    let mut parts = page.split(FENCE);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (shown, rest) = part.split_once("\n```").expect("a fence is closed");
        let command = shown.lines().next().unwrap();
        let mut words = command.split(' ');
        let ran = Sandbox::new().run(words.next().unwrap(), &words.collect::<Vec<_>>());
        assert_eq!(ran.status, 0, "{command}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        let said: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
        out.push_str(&format!("{FENCE}{command}\n{}\n```{rest}", said.join("\n")));
    }
    out
}
