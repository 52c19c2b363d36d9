//! The page of the merge driver shows what happens.

use super::branches::Branches;
use super::cases::CASES;
use std::process::Command;

use crate::support::{Ran, binary};
use cutwater::merge::{ATTRIBUTES, DRIVER, DRIVER_NAME, RECURSIVE};

/// Puts a text into the block after a mark.
fn with_block(page: &str, mark: &str, make: impl FnOnce(&str) -> String) -> String {
    let (before, rest) = page.split_once(&format!("<!-- {mark} -->\n")).expect(mark);
    let (fence, rest) = rest.split_once('\n').unwrap();
    let end = if rest.starts_with("```") { 0 } else { rest.find("\n```").unwrap() + 1 };
    let (shown, after) = rest.split_at(end);
    format!("{before}<!-- {mark} -->\n{fence}\n{}{after}", make(shown))
}

#[test]
fn the_page_shows_what_happens() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/merge-driver.md");
    let page = std::fs::read_to_string(&path).unwrap();
    for part in [
        format!("```text\n{ATTRIBUTES}\n```"),
        format!(
            "git config merge.{DRIVER_NAME}.driver '{DRIVER}'\ngit config merge.{DRIVER_NAME}.recursive {RECURSIVE}\n"
        ),
    ] {
        assert!(page.contains(&part), "the page does not say {part}");
    }
    let branches = Branches::of(&CASES[0]);
    let programs = std::path::Path::new(binary("cutwater")).parent().unwrap();
    let search = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    branches.git(&["config", "user.name", "ada"]);
    branches.git(&["config", "user.email", "ada@example.com"]);
    let run = |command: &str| {
        let mut shell = Command::new("sh");
        shell.current_dir(branches.sandbox.path()).env("HOME", branches.sandbox.path()).env("PATH", &search);
        let ran = Ran::from(shell.env("LC_ALL", "C").args(["-c", &format!("{command} 2>&1")]).output().unwrap());
        ran.stdout
    };
    let session = |shown: &str| {
        let commands = shown.lines().filter(|line| line.starts_with("$ "));
        commands.map(|line| format!("{line}\n{}", run(&line[2..]))).collect::<String>()
    };
    let current = with_block(&page, "session", session);
    branches.is_settled(&branches.try_git(&["status"]));
    branches.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    let ran = branches.drive_with("cutwater merge-driver %O %A %B %P", &["cherry-pick", "theirs"]);
    let current = with_block(&current, "line", |_| ran.stderr.clone());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    assert!(
        page == current,
        "docs/merge-driver.md is out of date: UPDATE_DOCS=1 cargo test --test cli merge::\n{current}"
    );
    assert!(current.contains("CONFLICT (content)") && current.contains("Merge made by the 'ort' strategy."));
}
