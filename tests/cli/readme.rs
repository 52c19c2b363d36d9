//! The session that the README shows is one that happens: on the sample repository with two mistakes in it.
//!
//! After a change of messages: `UPDATE_DOCS=1 cargo test --test cli readme::`.

use std::fs;
use std::path::Path;

use crate::support::Sandbox;

const FENCE: &str = "```console\n";

#[test]
fn the_readme_shows_what_a_run_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(FENCE).unwrap();
    let (shown, after) = rest.split_once("```\n").unwrap();
    let current = format!("{before}{FENCE}{}```\n{after}", session(shown));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(page == current, "README.md is out of date: UPDATE_DOCS=1 cargo test --test cli readme::\n{current}");
    for part in
        ["error[unknown-workflow]", "error[duplicate-test]", "nothing written, because of 2 errors", " removed, "]
    {
        assert!(shown.contains(part), "the README does not show {part:?}");
    }
}

/// The commands of a session with what they print today. Between runs somebody mends the configs.
fn session(shown: &str) -> String {
    let sandbox = Sandbox::sample();
    let mistakes = [
        ("ci-operator/config/acme-priv/webshop/acme-priv-webshop-main.yaml", "acme-e2e", "acme-e2f"),
        ("ci-operator/config/acme/webshop/acme-webshop-main.yaml", "as: docs", "as: lint"),
    ];
    for (name, right, wrong) in mistakes {
        assert!(sandbox.read(name).contains(right), "{name}");
        sandbox.write(name, sandbox.read(name).replacen(right, wrong, 1));
    }
    let mut out = String::new();
    for command in shown.lines().filter_map(|line| line.strip_prefix("$ ")) {
        out.push_str(&format!("$ {command}\n"));
        let mut words = command.split(' ');
        match words.next().unwrap() {
            "vi" => {
                mistakes.map(|(name, right, wrong)| sandbox.write(name, sandbox.read(name).replacen(wrong, right, 1)))
            }
            program => {
                let ran = sandbox.run(program, &words.collect::<Vec<_>>());
                out.push_str(&ran.stdout);
                out.push_str(&without_time(&ran.stderr));
                continue;
            }
        };
    }
    out
}

/// The summary with a time that is the same on every machine.
fn without_time(summary: &str) -> String {
    match summary.rsplit_once(", in ") {
        Some((rest, _)) => format!("{rest}, in 0.01 s\n"),
        None => summary.to_owned(),
    }
}
