//! What installs the programs names what is there: the Containerfile, the wheel, and the page about them.

use std::collections::BTreeSet;
use std::process::Command;

use regex::Regex;

use super::support::{Ran, Sandbox, binary};
use super::{files, markdown, programs, root, shell, text};

/// The lines of the Containerfile that begin with a word; continued lines are one, comments are none.
fn instructions(word: &str) -> Vec<String> {
    let comments = Regex::new(r"(?m)^\s*#.*\n").unwrap();
    let file = comments.replace_all(&text("Containerfile"), "").replace("\\\n", " ");
    let of_word = |line: &str| Some(line.strip_prefix(word)?.strip_prefix(' ')?.trim().to_owned());
    file.lines().filter_map(of_word).collect()
}

/// Files and directories that are copied from the sources.
fn copied() -> Vec<String> {
    let words = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let of_sources = |line: &String| !line.starts_with("--from");
    instructions("COPY")
        .into_iter()
        .filter(of_sources)
        .flat_map(|line| {
            let mut words = words(line);
            words.pop();
            words
        })
        .collect()
}

/// The version of Rust that Cargo.toml asks for.
fn rust_version() -> String {
    Regex::new("(?m)^rust-version = \"(.*)\"$").unwrap().captures(&text("Cargo.toml")).unwrap()[1].to_owned()
}

#[test]
fn the_image_is_built_from_what_is_there_and_let_in() {
    let ignored = text(".containerignore");
    let let_in: BTreeSet<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(ignored.lines().any(|line| line == "*"), "everything else stays out");
    let copied: BTreeSet<String> = copied().into_iter().collect();
    for name in &copied {
        assert!(root().join(name).exists(), "Containerfile copies {name}, which is not there");
        assert!(let_in.contains(name.as_str()), ".containerignore keeps {name} out");
    }
    for name in let_in {
        assert!(copied.contains(name), ".containerignore lets {name} in, which nothing copies");
    }
    // What Cargo.toml names has to be there for cargo to read it.
    for path in Regex::new("(?m)^path = \"(.*)\"$").unwrap().captures_iter(&text("Cargo.toml")) {
        assert!(copied.iter().any(|name| path[1].starts_with(name.as_str())), "{} is not copied", &path[1]);
    }
    assert!(copied.contains("benches"), "Cargo.toml lists benchmarks by name");
}

#[test]
fn what_is_compiled_in_is_copied_and_handed_out() {
    let include = Regex::new(r#"include_(?:str|bytes)!\((?:concat!\()?"([^"]+)""#).unwrap();
    let package: toml::Value = toml::from_str(&text("Cargo.toml")).unwrap();
    let handed_out: Vec<_> =
        package["package"]["include"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let copied = copied();
    let mut found = 0;
    for source in files("src", ".rs") {
        for path in include.captures_iter(&text(&source)) {
            let directories: Vec<&str> = source.split('/').collect();
            let up = path[1].matches("../").count();
            let below = directories.len() - 1 - up;
            let top = if below > 0 { directories[0] } else { path[1][3 * up..].split('/').next().unwrap() };
            assert!(
                copied.iter().any(|name| name == top),
                "{source} takes in {}: Containerfile has to copy it",
                &path[1]
            );
            assert!(handed_out.contains(&format!("/{top}").as_str()), "{source} takes in {}: Cargo.toml", &path[1]);
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn the_image_has_every_program_and_no_rights() {
    let all = instructions("RUN").join("\n");
    let names = all.split("for name in ").nth(1).unwrap().split(';').next().unwrap();
    let mut names: BTreeSet<String> = names.split_whitespace().map(str::to_owned).collect();
    names.insert("cutwater".into());
    assert_eq!(names, programs().into_iter().collect(), "names in the image");
    assert!(all.contains("--bin cutwater"));
    assert_eq!(instructions("ARG")[0], format!("RUST={}", rust_version()));
    let user = instructions("USER").pop().unwrap();
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{user} is a number and not root");
    for from in instructions("FROM") {
        assert!(from.contains(":${"), "{from} is of a version that is named");
    }
}

#[test]
fn the_wheel_has_every_program() {
    let project: toml::Value = toml::from_str(&text("pyproject.toml")).unwrap();
    let data = project["tool"]["maturin"]["data"].as_str().unwrap();
    let scripts = files(&format!("{data}/scripts"), "");
    let names = scripts.iter().map(|path| path.rsplit('/').next().unwrap().to_owned());
    let names: BTreeSet<String> = names.chain(["cutwater".to_owned()]).collect();
    assert_eq!(names, programs().into_iter().collect());
    for script in scripts {
        // pip puts its Python in place of the first line.
        assert_eq!(text(&script), "#!python\nfrom cutwater import main\n\nmain()\n", "{script}");
    }
    let required = project["build-system"]["requires"][0].as_str().unwrap();
    let tested = text("tests/tools/prepare");
    let tested = tested.split("[maturin]=").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    assert!(
        tested.starts_with(required.split(">=").nth(1).unwrap().split(',').next().unwrap()),
        "{required}: {tested}"
    );
}

/// What the page shows with a prompt is run; the page says what becomes of the rest.
#[test]
fn the_page_about_installing_shows_what_happens() {
    let page = text("docs/install.md");
    let mut current = page.clone();
    let sandbox = Sandbox::new();
    for fence in markdown::fences(&page).into_iter().filter(|fence| fence.kind == "console") {
        let mut session = String::new();
        for line in fence.body.lines().filter(|line| line.starts_with("$ ")) {
            let ran = shell::run(&sandbox, &line[2..]);
            assert_eq!(ran.status, 0, "{line}: {ran:?}");
            session.push_str(&format!("{line}\n{}", shell::said(&ran)));
        }
        current = current.replacen(fence.body, &session, 1);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join("docs/install.md"), &current).unwrap();
    }
    assert!(page == current, "docs/install.md is out of date: UPDATE_DOCS=1 cargo test --test cli site::\n{current}");
}

/// The one program of the wheel and the image is each of the others under that one's name.
#[test]
fn a_program_is_what_it_is_called() {
    let sandbox = Sandbox::new();
    for name in programs().into_iter().filter(|name| cfg!(feature = "upload") || name != "config-uploader") {
        let link = sandbox.join(&name);
        std::os::unix::fs::symlink(binary("cutwater"), &link).unwrap();
        for arguments in [&["-h"][..], &["--no-such-flag"], &[]] {
            let called = Ran::from(Command::new(&link).args(arguments).current_dir(sandbox.path()).output().unwrap());
            let own = sandbox.run(&name, arguments);
            assert_eq!((called.status, called.stdout, called.stderr), (own.status, own.stdout, own.stderr), "{name}");
        }
        assert_eq!(sandbox.run(&name, &["-h"]).status, 0, "{name}");
    }
    // Under any other name it is the umbrella.
    let other = sandbox.join("cutwater-0.1.0");
    std::os::unix::fs::symlink(binary("cutwater"), &other).unwrap();
    let ran = Ran::from(Command::new(other).arg("--version").output().unwrap());
    assert!(ran.stdout.starts_with("cutwater "), "{ran:?}");
}
