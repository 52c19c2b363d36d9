//! The examples of rules, put into a fresh directory and run. `src/catalogue/example.rs` says what they hold.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use cutwater::catalogue::example::{BASE, Content, Example, File, files};

use super::{Ran, Sandbox};

/// An example's command on one of its trees.
pub fn run(example: &Example, tree: &[File], more: &[&str]) -> Ran {
    let sandbox = set_up(example, tree);
    command(&sandbox, &example.command, more)
}

/// A directory with a tree of an example, one level down, so that there is an outside; what comes before its command has
/// been run.
pub fn set_up(example: &Example, tree: &[File]) -> Sandbox {
    let sandbox = Sandbox::new();
    let below = |path: &str| format!("release/{path}");
    let base = files(BASE).unwrap();
    let given = |file: &&File| tree.iter().chain(&example.both).all(|other| other.path != file.path);
    let kept = base.iter().filter(given).filter(|file| example.without.as_ref() != Some(&file.path));
    let put = |File { path, content, .. }: &File| match content {
        Content::Text(text) => drop(sandbox.write(&below(path), text)),
        Content::Link(target) => {
            let link = sandbox.join(&below(path));
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(target, link).unwrap();
        }
    };
    kept.chain(&example.both).for_each(put);
    if example.is_committed {
        example.right.iter().for_each(put);
        commit(&sandbox);
    }
    tree.iter().for_each(put);
    if let Some(before) = &example.before {
        command(&sandbox, before, &[]);
    }
    sandbox
}

/// Makes a checkout of an example whose only commit has all that is there.
fn commit(sandbox: &Sandbox) {
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message=files"]] {
        let mut git = Command::new("git");
        git.current_dir(sandbox.join("release")).env("HOME", sandbox.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        git.args(["-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]);
        let ran = Ran::from(git.args(arguments).output().unwrap());
        assert_eq!(ran.status, 0, "git {arguments:?}: {}", ran.stderr);
    }
}

/// A command in the directory of an example.
pub fn command(sandbox: &Sandbox, line: &str, more: &[&str]) -> Ran {
    let mut words = line.split(' ');
    let mut command = sandbox.command(words.next().unwrap());
    Ran::from(command.current_dir(sandbox.join("release")).args(words).args(more).output().unwrap())
}

/// One finding as it is told to people.
#[derive(Debug)]
pub struct Said {
    pub rule: String,
    pub is_error: bool,
    pub place: (String, usize),
    pub column: usize,
    pub text: String,
}

/// What a command told people.
pub fn findings(ran: &Ran) -> Vec<Said> {
    let said = format!("{}{}", ran.stdout, ran.stderr);
    let mut found: Vec<Said> = Vec::new();
    let mut is_open = false;
    for line in said.lines() {
        let head = line.split_once("]: ").and_then(|(head, _)| head.split_once('['));
        match head.filter(|(severity, _)| matches!(*severity, "error" | "warning")) {
            Some((severity, rule)) => {
                let (rule, place, text) = (rule.into(), (String::new(), 0), line.into());
                found.push(Said { rule, is_error: severity == "error", place, column: 0, text });
                is_open = true;
            }
            None if line.is_empty() => is_open = false,
            None if is_open => {
                let said = found.last_mut().unwrap();
                said.text.push_str(&format!("\n{}", line.trim_end()));
                if let Some(place) = line.trim_start().strip_prefix("--> ").filter(|_| said.place.0.is_empty()) {
                    (said.place, said.column) = place_of(place);
                }
            }
            None => {}
        }
    }
    found
}

/// The file and the line, and the column, of `FILE:LINE:COLUMN`, or of `FILE`.
fn place_of(text: &str) -> ((String, usize), usize) {
    let mut parts = text.rsplitn(3, ':');
    let column = parts.next().and_then(|column| column.parse().ok());
    match (column, parts.next().and_then(|line| line.parse().ok()), parts.next()) {
        (Some(column), Some(line), Some(file)) => ((file.to_owned(), line), column),
        _ => ((text.to_owned(), 0), 0),
    }
}
