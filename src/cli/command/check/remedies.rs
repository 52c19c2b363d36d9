//! The commands that do something about findings, for whoever reads the end of a log.

use std::collections::BTreeSet;

use crate::diagnostic::{Answer, Diagnostic};
use crate::files::path;
use crate::run::layout::{CONFIG, JOBS};

/// The rule about generated jobs that somebody edited: no answer to it is safe, for what was edited may be meant.
const EDITED_JOB: &str = "edited-job";

/// With more paths than this a command is about everything.
const MOST_PATHS: usize = 6;

/// One line for each command; nothing where a person has to do it all.
pub fn text(findings: &[Diagnostic]) -> String {
    let of = |wanted: &dyn Fn(&Diagnostic) -> bool| findings.iter().filter(|it| wanted(it)).collect::<Vec<_>>();
    let edits = of(&|it| matches!(it.answer, Some(Answer::Edits(_))));
    let rewrites = of(&|it| it.answer == Some(Answer::Rewrite));
    let by_hand = of(&|it| it.rule == EDITED_JOB && it.answer.is_none());
    let line = |command: &str, paths: BTreeSet<String>, what: &str| match paths.len() {
        0 => String::new(),
        1..=MOST_PATHS => format!("{what}: {command} {}\n", Vec::from_iter(paths).join(" ")),
        _ => format!("{what}: {command}\n"),
    };
    let files = |findings: &[&Diagnostic]| findings.iter().map(|it| it.file.clone()).collect::<BTreeSet<_>>();
    let sources = |findings: &[&Diagnostic]| findings.iter().map(|it| source(&it.file)).collect::<BTreeSet<_>>();
    let edited = match by_hand.is_empty() {
        true => "to write generated files anew",
        false => "to write generated files anew, edits by hand go",
    };
    let generated = sources(&rewrites).into_iter().chain(sources(&by_hand)).collect();
    [
        line("cutwater check --fix", files(&edits), "to fix what has one safe answer"),
        line("cutwater update", generated, edited),
    ]
    .concat()
}

/// Where what makes a file is: the configs of a repository for its jobs, else the file itself.
fn source(file: &str) -> String {
    let repository = |rest: &str| match rest.split('/').collect::<Vec<_>>().as_slice() {
        [org, repo, _, ..] => Some(path::join(CONFIG, &path::join(org, repo))),
        _ => None,
    };
    let rest = file.strip_prefix(JOBS).and_then(|rest| rest.strip_prefix('/'));
    rest.and_then(repository).unwrap_or_else(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(file: &str, rule: &'static str, answer: Option<Answer>) -> Diagnostic {
        Diagnostic { answer, ..Diagnostic::of_file(file, rule, "") }
    }

    #[test]
    fn each_kind_of_answer_has_its_command() {
        let edits = || Some(Answer::Edits(Vec::new()));
        let told = text(&[
            finding("ci-operator/config/a/b/a-b-main.yaml", "odd", edits()),
            finding("ci-operator/jobs/a/b/a-b-main-presubmits.yaml", "stale-job", Some(Answer::Rewrite)),
            finding("ci-operator/jobs/a/b/a-b-main-periodics.yaml", "missing-job", Some(Answer::Rewrite)),
            finding("README.md", "odd", None),
        ]);
        let expected = "to fix what has one safe answer: cutwater check --fix ci-operator/config/a/b/a-b-main.yaml\n\
                        to write generated files anew: cutwater update ci-operator/config/a/b\n";
        assert_eq!(told, expected);
        let edited = finding("ci-operator/jobs/a/c/a-c-main-presubmits.yaml", EDITED_JOB, None);
        let expected = "to write generated files anew, edits by hand go: cutwater update ci-operator/config/a/c\n";
        assert_eq!(text(&[edited]), expected);
        assert_eq!(text(&[finding("README.md", "odd", None)]), "");
    }

    #[test]
    fn many_paths_are_everything() {
        let name = |at| format!("ci-operator/config/a/b{at}/a-b{at}-main.yaml");
        let many: Vec<_> = (0..9).map(|at| finding(&name(at), "odd", Some(Answer::Rewrite))).collect();
        assert_eq!(text(&many), "to write generated files anew: cutwater update\n");
    }
}
