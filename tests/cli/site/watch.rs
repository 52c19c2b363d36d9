//! `docs/watch.md` shows what happens: the rounds of its session are gone through in a copy of the sample repository.
//!
//! After a change of what is printed: `UPDATE_DOCS=1 cargo test --test cli site::watch`.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::support::{Ran, Sandbox};
use super::{root, shell, text};

const PAGE: &str = "docs/watch.md";
const MARK: &str = "<!-- rounds -->\n```text\n";
const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";

/// A run that ends with the test.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What was written to a file, once as many rounds have ended.
fn after(rounds: usize, output: &std::path::Path) -> String {
    let began = Instant::now();
    loop {
        let said = fs::read_to_string(output).unwrap();
        let ended = said.lines().filter(|line| line.contains(" written, ") && line.contains(" s")).count();
        if ended >= rounds && said.ends_with('\n') {
            return said;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "no round {rounds} within a minute: {said}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_page_of_watch_shows_what_happens() {
    let sandbox = Sandbox::updated();
    let beside = Sandbox::new();
    let output = beside.write("output", "");
    let open = || Stdio::from(fs::OpenOptions::new().append(true).open(&output).unwrap());
    let mut command = sandbox.command("cutwater");
    command.arg("watch").stdout(open()).stderr(open());
    let watching = Watching(command.spawn().unwrap());
    let begun = after(1, &output);
    sandbox.save(CONFIG, "- as: unit\n", "- as: unit-two\n");
    after(2, &output);
    sandbox.save(CONFIG, "- as: unit-two\n", "- as: Unit_\n");
    let said = after(3, &output);
    drop(watching);
    let first = begun.lines().last().unwrap();
    let rounds = said.strip_prefix(&begun).unwrap();
    let shown = format!("$ cutwater watch\n…\n{first}\n{rounds}");
    let shown = shell::said(&Ran { status: 0, stdout: shown, stderr: String::new() });
    let page = text(PAGE);
    let (before, rest) = page.split_once(MARK).unwrap();
    let (_, after) = rest.split_once("```\n").unwrap();
    let current = format!("{before}{MARK}{shown}```\n{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(PAGE), &current).unwrap();
    }
    assert!(page == current, "{PAGE} is out of date: UPDATE_DOCS=1 cargo test --test cli site::watch\n{current}");
}
