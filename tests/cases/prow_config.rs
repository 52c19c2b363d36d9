//! Prow and plugin configuration and what the reference makes of them: one folder per case under `testdata/prow-config`.
//!
//! A case holds `input/`, the directory of the configuration, and `expected/`, the same directory after the reference ran;
//! where there is no `expected/` the reference left it as it was. `flags` says which of the directories are others (`config`,
//! `prow`, `plugins`, below `input/`, or none). `refused.txt` is there when the reference failed, with words of its message
//! that ours has as well (empty where it crashed); `findings.txt` is what we say, one finding a line.
//!
//! After a change of words: `UPDATE_CASES=1 cargo test --test cases prow_config::`, which writes `findings.txt` and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use crate::support::{Ran, Sandbox, copy, testdata, tree};
use cutwater::catalogue::find;
use cutwater::diagnostic::Diagnostic;
use cutwater::run::options::{Outcome, ProwConfigOptions, Unwatched};
use cutwater::run::prow_config;

type Files = BTreeMap<String, Vec<u8>>;

/// In the year 2026, after every token of the cases and before that from the future.
const NOW: i64 = 1_790_000_000;

#[test]
fn every_case_ends_as_with_the_reference() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(testdata("prow-config")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 200, "only {} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// Runs one case on one thread and on many, which have to agree.
fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let (files, said, errors) = run(case, 1);
    let many = run(case, 16);
    assert!((&files, &said, errors) == (&many.0, &many.1, many.2), "{name}: threads make a difference");
    let expected = tree(&existing(case.join("expected"), case.join("input")), |_| true);
    let mut failure = String::new();
    for path in expected.keys().chain(files.keys().filter(|path| !expected.contains_key(*path))) {
        if expected.get(path) != files.get(path) {
            let text = |files: &Files| files.get(path).map(|text| String::from_utf8_lossy(text).into_owned());
            let (want, have) = (text(&expected).unwrap_or_default(), text(&files).unwrap_or_default());
            writeln!(failure, "{name}: {path} is\n{have}and should be\n{want}").unwrap();
        }
    }
    match fs::read_to_string(case.join("refused.txt")) {
        Ok(words) if errors == 0 => writeln!(failure, "{name}: is taken, and should be refused: {words}").unwrap(),
        Ok(words) if !said.contains(words.trim()) => {
            writeln!(failure, "{name}: nothing says {words}in:\n{said}").unwrap();
        }
        Err(_) if errors > 0 => writeln!(failure, "{name}: is refused, and should be taken:\n{said}").unwrap(),
        _ => {}
    }
    let path = case.join("findings.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        match said.is_empty() {
            true => drop(fs::remove_file(&path)),
            false => fs::write(&path, &said).unwrap(),
        }
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    if said != want {
        writeln!(failure, "{name}: findings are\n{said}and should be\n{want}").unwrap();
    }
    if failure.is_empty() { Ok(()) } else { Err(failure) }
}

fn existing(path: PathBuf, otherwise: PathBuf) -> PathBuf {
    if path.exists() { path } else { otherwise }
}

/// The files after a run, what was said, and how much of it stands against the files.
fn run(case: &Path, threads: usize) -> (Files, String, usize) {
    let sandbox = Sandbox::new();
    let root = sandbox.join("config");
    copy(&case.join("input"), &root);
    let flags = fs::read_to_string(case.join("flags")).unwrap_or_default();
    let flags: BTreeMap<&str, &str> = flags
        .lines()
        .map(|line| line.split_once(' ').unwrap_or((line, "")))
        .map(|(key, dir)| (key, dir.trim()))
        .collect();
    let directory = |key: &str| match flags.get(key).copied() {
        None => Some(root.clone()),
        Some("") => None,
        Some(below) => Some(root.join(below)),
    };
    let options = ProwConfigOptions {
        config_dir: directory("config").unwrap(),
        prow_shards: directory("prow"),
        plugin_shards: directory("plugins"),
        now: NOW,
        threads: NonZeroUsize::new(threads),
    };
    let (said, errors) = match prow_config(&options, &Unwatched) {
        Ok(outcome) => (outcome.findings.iter().map(line).collect(), outcome.errors()),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            (format!("error: {error}{}\n", cause.unwrap_or_default()), 1)
        }
    };
    let said: String = said;
    (tree(&root, |_| true), said.replace(&format!("{}/", sandbox.path().display()), ""), errors)
}

fn line(finding: &Diagnostic) -> String {
    let kind = if finding.is_error() { "" } else { "warning: " };
    let mut text =
        format!("{}:{}:{}: {kind}[{}] {}", finding.file, finding.line, finding.column, finding.rule, finding.message);
    // What every finding of the rule says is in its page.
    let rule = find(finding.rule).unwrap();
    for (name, words, of_rule) in [("because", &finding.why, rule.why), ("fix", &finding.fix, rule.fix)] {
        if let Some(words) = words.as_deref().filter(|words| *words != of_rule) {
            write!(text, "; {name}: {words}").unwrap();
        }
    }
    text + "\n"
}

/// A directory `config` with these files and empty main files.
fn config(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("config/_config.yaml", "{}\n");
    sandbox.write("config/_plugins.yaml", "{}\n");
    for (path, text) in files {
        sandbox.write(&format!("config/{path}"), text);
    }
    sandbox
}

fn options(directory: PathBuf) -> ProwConfigOptions {
    ProwConfigOptions {
        prow_shards: Some(directory.clone()),
        plugin_shards: Some(directory.clone()),
        config_dir: directory,
        now: NOW,
        threads: None,
    }
}

fn ran(sandbox: &Sandbox) -> Outcome {
    prow_config(&options(sandbox.join("config")), &Unwatched).unwrap()
}

fn program(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run("determinize-prow-config", arguments)
}

const METHODS: &str = "tide: {merge_method: {acme: squash, acme/shop: rebase}}\n";

#[test]
fn the_program_has_the_reference_s_flags_and_statuses() {
    let sandbox = config(&[("_config.yaml", METHODS)]);
    for arguments in [&[] as &[&str], &["--prow-config-dir="], &["-prow-config-dir", "nowhere"]] {
        assert_eq!(program(&sandbox, arguments).status, 1, "{arguments:?}");
    }
    assert_eq!(program(&sandbox, &["--colour"]).status, 2);
    let ran =
        program(&sandbox, &["-prow-config-dir=config", "--sharded-prow-config-base-dir", "config", "ignored", "-x"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let text = sandbox.read("config/acme/shop/_prowconfig.yaml");
    assert_eq!(text, "tide:\n  merge_method:\n    acme/shop: rebase\n");
}

#[test]
fn a_second_run_touches_nothing() {
    use std::os::unix::fs::MetadataExt;
    let sandbox = config(&[("_config.yaml", METHODS), ("acme/_pluginconfig.yaml", "approve: [{repos: [acme]}]\n")]);
    assert!(!ran(&sandbox).changes.is_empty());
    let inodes = |sandbox: &Sandbox| -> Vec<(String, u64)> {
        let files = tree(sandbox.path(), |_| true).into_keys();
        files.map(|path| (path.clone(), fs::metadata(sandbox.join(&path)).unwrap().ino())).collect()
    };
    let before = inodes(&sandbox);
    let outcome = ran(&sandbox);
    assert!(outcome.changes.is_empty(), "{:?}", outcome.changes);
    assert_eq!(outcome.counts.unchanged, before.len());
    assert_eq!(inodes(&sandbox), before);
}

#[test]
fn the_current_directory_holds_shards() {
    let sandbox = config(&[("_config.yaml", METHODS)]);
    let mut command = sandbox.command("determinize-prow-config");
    command.current_dir(sandbox.join("config"));
    command.args(["--prow-config-dir", ".", "--sharded-prow-config-base-dir", "."]);
    assert_eq!(Ran::from(command.output().unwrap()).status, 0);
    assert!(sandbox.join("config/acme/_prowconfig.yaml").exists());
}

#[test]
fn a_directory_named_by_dots_is_read() {
    let sandbox = config(&[("acme/_prowconfig.yaml", METHODS)]);
    sandbox.write("config/below/x", "");
    let mut command = sandbox.command("determinize-prow-config");
    command.current_dir(sandbox.join("config/below"));
    command.args(["--prow-config-dir", "..", "--sharded-prow-config-base-dir", ".."]);
    assert_eq!(Ran::from(command.output().unwrap()).status, 0);
    assert!(sandbox.read("config/acme/_prowconfig.yaml").contains("acme: squash"));
    assert!(sandbox.join("config/acme/shop/_prowconfig.yaml").exists());
}

#[test]
fn names_lead_nowhere_else() {
    for name in ["..", "../configuration", "acme/../../x"] {
        let sandbox = config(&[("_plugins.yaml", &format!("plugins: {{'{name}': {{plugins: [a]}}}}\n"))]);
        let before = tree(sandbox.path(), |path| path.ends_with("_plugins.yaml"));
        let outcome = ran(&sandbox);
        assert_eq!(outcome.findings[0].rule, "shard-outside", "{name}");
        assert_eq!(tree(sandbox.path(), |path| path.contains("_plugin")), before, "{name}");
    }
}

#[test]
fn two_names_for_one_file_are_refused() {
    let twice = [
        ("_config.yaml", "slack_reporter_configs: {acme/shop: {channel: c}, acme//shop: {channel: d}}\n"),
        ("_plugins.yaml", "plugins: {acme/shop: {plugins: [a]}, ./acme/shop: {plugins: [b]}}\n"),
    ];
    for file in twice {
        let outcome = ran(&config(&[file]));
        let rules: Vec<&str> = outcome.findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["shard-twice"], "{file:?}");
    }
}

#[test]
fn what_is_chance_in_the_reference_has_one_outcome() {
    // A repository's own entry counts, as it does for Tide.
    let sandbox = config(&[("_config.yaml", "tide: {merge_method: {acme: {shop: squash}, acme/shop: merge}}\n")]);
    ran(&sandbox);
    assert!(sandbox.read("config/acme/shop/_prowconfig.yaml").contains("acme/shop: merge"));
    // Rights and lenses come in the order of names.
    let rights = "deck: {rerun_auth_configs: {b: {}, a: {}, d/y: {}, c/x: {}, '*': {}}}\n";
    let sandbox = config(&[("_config.yaml", rights)]);
    ran(&sandbox);
    let text = sandbox.read("config/_config.yaml");
    let order: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("- repo: ")).collect();
    assert_eq!(order, ["'*'", "a", "b", "c/x", "d/y"]);
    let viewers = "deck: {spyglass: {viewers: {b: [x], a: [x], c: [w]}}}\npubsub_subscriptions: {q: [t], p: [t]}\n";
    let sandbox = config(&[("_config.yaml", viewers)]);
    ran(&sandbox);
    let text = sandbox.read("config/_config.yaml");
    let order = |words: [&str; 3]| words.map(|word| text.find(word).unwrap()).is_sorted();
    assert!(order(["    - c\n", "    - a\n", "    - b\n"]), "{text}");
    assert!(order(["name: w", "project: p", "project: q"]), "{text}");
}

#[test]
fn entries_with_nothing_are_findings() {
    let task = "{name: t, taskSpec: {}}";
    for text in [
        "plank: {default_decoration_config_entries: [null]}\n".to_owned(),
        "deck: {default_rerun_auth_configs: [null]}\n".to_owned(),
        "prowjob_default_entries: [null]\ntide: {queries: [{orgs: [acme]}]}\n".to_owned(),
        format!(
            "periodics: [{{name: a, interval: 1h, agent: tekton-pipeline, pipeline_run_spec: {{pipelineSpec: {{tasks: [{task}]}}}}}}]\n"
        ),
    ] {
        let sandbox = config(&[("_config.yaml", &text)]);
        let outcome = ran(&sandbox);
        assert_eq!(outcome.errors(), 1, "{text}: {:?}", outcome.findings);
        assert!(outcome.findings[0].line > 0, "{text}");
        assert_eq!(sandbox.read("config/_config.yaml"), text, "nothing is written");
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let sandbox = config(&[
        ("_config.yaml", "log_level: loud\ntide: {max_goroutines: -1}\n"),
        ("_plugins.yaml", "size: {s: 5}\n"),
        ("a/_prowconfig.yaml", "tide: {queries: [{}]}\n"),
        ("b/_prowconfig.yaml", "deck: {hidden_repos: [b]}\n"),
    ]);
    let outcome = ran(&sandbox);
    let files: Vec<&str> =
        outcome.findings.iter().map(|finding| finding.file.rsplit("config/").next().unwrap()).collect();
    assert_eq!(files, ["_plugins.yaml", "a/_prowconfig.yaml", "b/_prowconfig.yaml"]);
    assert!(outcome.changes.is_empty());
    sandbox.write("config/a/_prowconfig.yaml", "{}\n");
    sandbox.write("config/b/_prowconfig.yaml", "{}\n");
    assert_eq!(ran(&sandbox).errors(), 3, "both of _config.yaml and that of _plugins.yaml");
}

#[test]
fn what_has_no_place_in_shards_is_told() {
    let methods = "tide: {merge_method: {acme/shop@main: squash, acme: {'*': merge, cart: {main: squash}}}}\n";
    let outcome = ran(&config(&[("_config.yaml", methods), ("_plugins.yaml", "lgtm: [{store_tree_hash: true}]\n")]));
    let rules: Vec<&str> = outcome.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["lost-merge-method", "lost-merge-method", "lost-merge-method", "lost-entry"]);
    assert!(!outcome.has_errors());
}

#[test]
fn odd_texts_are_findings_and_never_a_panic() {
    let deep = format!("tide: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let aliases = format!("a: &a [x]\n{}", (0..40).map(|_| "b: [*a, *a]\n").collect::<String>());
    let texts =
        ["\u{0}", "\u{feff}", "- 1", "!!binary x", "<<: 1", "? [a]\n: b", "tide: *x", &deep, &aliases, "a: &a [*a]"];
    let names = ["_config.yaml", "_plugins.yaml", "a/_prowconfig.yaml", "a/_pluginconfig.yaml"];
    for (name, text) in names.iter().flat_map(|name| texts.iter().map(move |text| (name, text))) {
        let sandbox = config(&[(name, text)]);
        prow_config(&options(sandbox.join("config")), &Unwatched).unwrap();
    }
}
