//! Pages of the documentation that show real output.

use std::fs;
use std::path::Path;

use super::Sandbox;

/// What opens a command with its output.
const FENCE: &str = "```text\n$ cutwater ";

/// Holds `docs/NAME.md` to what its commands print in a sandbox today; with `UPDATE_DOCS` it is written anew. `test` is the
/// target and the module that ask for it.
pub fn hold(name: &str, test: &str, sandbox: &Sandbox) {
    hold_what(name, test, |arguments| {
        let ran = sandbox.run("cutwater", arguments);
        assert!(ran.status < 2, "{arguments:?}: {ran:?}");
        ran.stdout
    });
}

/// Holds a page to what `run` answers to the arguments of its commands, one after another.
pub fn hold_what(name: &str, test: &str, run: impl Fn(&[&str]) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.md"));
    let page = fs::read_to_string(&path).unwrap();
    let mut parts = page.split(FENCE);
    let mut current = parts.next().unwrap().to_owned();
    let mut commands = 0;
    for part in parts {
        let (shown, rest) = part.split_once("\n```").expect("a fence is closed");
        let command = shown.lines().next().unwrap();
        let said = run(&command.split(' ').collect::<Vec<_>>());
        current.push_str(&format!("{FENCE}{command}\n{}\n```{rest}", said.trim_end()));
        commands += 1;
    }
    assert!(commands > 0, "docs/{name}.md shows no command");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(page == current, "docs/{name}.md is out of date: UPDATE_DOCS=1 cargo test --test {test}");
}
