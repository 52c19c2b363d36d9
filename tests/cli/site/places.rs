//! `docs/init.md` and `docs/pre-commit.md` show what happens: their commands are typed in a checkout of the sample repository.
//!
//! After a change of what is printed: `UPDATE_DOCS=1 cargo test --test cli site::places`.

use super::support::Sandbox;
use super::{markdown, root, shell, text};

/// Types the commands of a page, and holds it to what they print.
fn hold(name: &str, shown: &[&str]) {
    let sandbox = Sandbox::updated();
    let ran =
        shell::run(&sandbox, "git init --quiet --initial-branch=main && git add --all && git commit --quiet -m sample");
    assert_eq!(ran.status, 0, "{ran:?}");
    let page = text(name);
    let mut current = page.clone();
    for fence in markdown::fences(&page).iter().filter(|fence| fence.kind == "console") {
        let commands = fence.body.lines().filter_map(|line| line.strip_prefix("$ "));
        let session: String =
            commands.map(|line| format!("$ {line}\n{}", shell::said(&shell::run(&sandbox, line)))).collect();
        current = current.replacen(fence.body, &session, 1);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(name), &current).unwrap();
    }
    assert!(page == current, "{name} is out of date: UPDATE_DOCS=1 cargo test --test cli site::places\n{current}");
    for part in shown {
        assert!(page.contains(part), "{name} does not show {part:?}");
    }
}

#[test]
fn the_page_of_init_shows_what_happens() {
    hold(
        "docs/init.md",
        &[
            "+++ b/cutwater.mk",
            "nothing to do",
            "cutwater jobs ci-operator/config/acme/payments",
            "make targets          set up",
        ],
    );
}

#[test]
fn the_page_of_pre_commit_shows_what_happens() {
    hold(
        "docs/pre-commit.md",
        &["staged ci-operator/jobs/acme/payments", "what would be committed is not what is here"],
    );
}
