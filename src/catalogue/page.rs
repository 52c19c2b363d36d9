//! The page of a rule, and the list of all: Markdown that reads well on a terminal too.
//!
//! `docs/rules` holds them, `make rules` writes them, and `cutwater explain` prints one.

use std::fmt::Write;

use super::example::{Content, Example, File};
use super::{areas, upload};
use crate::diagnostic::{Rule, Severity};
use crate::fix::remedy;
use crate::prowcheck::{Class, WARNINGS};

/// How a rule is shown.
pub enum Shown<'e> {
    /// By an example.
    Example(&'e Example),
    /// Not at all, for this reason.
    Not(&'e str),
}

/// The page of a rule.
pub fn page(rule: &Rule, shown: &Shown<'_>) -> String {
    let severity = match rule.severity {
        Severity::Warning if upload::RULES.iter().any(|other| other.id == rule.id) => {
            "The reference takes it; `cutwater upload` tells of it before it writes anything."
        }
        Severity::Error if upload::RULES.iter().any(|other| other.id == rule.id) => {
            "`cutwater upload` refuses it before it writes anything; the reference goes on, or fails on the way."
        }
        Severity::Error => "An error: the reference refuses it as well, or crashes, or leaves the outcome to chance.",
        Severity::Warning => "A warning: the reference takes it.",
    };
    let mut out = format!("# {}\n\n{}.\n\n{severity}\n\n", rule.id, sentence(rule.summary));
    out.push_str(&switch(rule));
    if let Shown::Example(Example { remark, .. }) = shown
        && !remark.is_empty()
    {
        out.push_str(&format!("{remark}\n\n"));
    }
    out.push_str(&format!("## Why\n\n{}\n\n## What to do\n\n{}.\n", rule.why, sentence(rule.fix)));
    if let Some(remedy) = remedy(rule.id) {
        out.push_str(&format!("\n`cutwater check --fix` {}.\n", remedy.how));
    }
    match shown {
        Shown::Not(reason) => out.push_str(&format!("\n## Example\n\nThere is none: {reason}.\n")),
        Shown::Example(example) => add_example(&mut out, example),
    }
    out
}

/// How a finding of Prow's own is asked for, or not; nothing for other rules.
fn switch(rule: &Rule) -> String {
    let named: Vec<_> = WARNINGS.iter().filter(|warning| warning.rules.contains(&rule.id)).collect();
    if named.is_empty() {
        return String::new();
    }
    let names: Vec<String> = named.iter().map(|warning| format!("`{}`", warning.name)).collect();
    let names = names.join(" and ");
    let told = match named.iter().all(|it| it.class == Class::Optional) {
        true => format!(" It is told only when `--warnings` names {names}."),
        false => String::new(),
    };
    format!(
        "Prow's `checkconfig` calls it {names}, and so do `--warnings` and `--exclude-warning` of `cutwater check`.{told}\n\n"
    )
}

fn add_example(out: &mut String, example: &Example) {
    out.push_str("\n## Wrong\n");
    if let Some(without) = &example.without {
        out.push_str(&format!("\nThere is no `{without}`.\n"));
    }
    add_files(out, &example.wrong);
    if example.wrong.is_empty() && example.without.is_none() {
        out.push_str("\nNothing but the files below.\n");
    }
    let before = example.before.as_ref().map(|command| format!("After `{command}`, ")).unwrap_or_default();
    out.push_str(&format!("\n{before}`{}` says:\n\n```text\n{}\n```\n", example.command, example.said));
    if !example.reference.is_empty() {
        out.push_str(&format!("\nThe reference says:\n\n```text\n{}\n```\n", example.reference));
    }
    out.push_str("\n## Right\n");
    add_files(out, &example.right);
    if example.right.is_empty() {
        out.push_str("\nWithout these files.\n");
    }
    if !example.both.is_empty() {
        out.push_str("\n## On both sides\n");
        add_files(out, &example.both);
    }
}

fn add_files(out: &mut String, files: &[File]) {
    for File { path, content, sections, .. } in files {
        if let Some(sections) = sections {
            out.push_str(&format!("\n`{path}`, with this in it:\n\n```{}\n{sections}```\n", language(path)));
            continue;
        }
        match content {
            Content::Link(target) => out.push_str(&format!("\n`{path}`, a link to `{target}`\n")),
            Content::Text(text) if text.is_empty() => out.push_str(&format!("\n`{path}`, empty\n")),
            Content::Text(text) => out.push_str(&format!("\n`{path}`:\n\n```{}\n{text}```\n", language(path))),
        }
    }
}

fn language(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "yaml" | "yml")) => "yaml",
        Some((_, "json")) => "json",
        Some((_, "sh")) => "sh",
        _ if path.ends_with("OWNERS") => "yaml",
        _ => "text",
    }
}

/// The list of all rules, by area.
pub fn index() -> String {
    let mut out =
        "# Rules\n\nWhat Cutwater finds, by the id that a finding bears. `cutwater explain RULE` prints a page. Findings of rules \
         with `--fix` are fixed by `cutwater check --fix`, where there is one safe answer.\n"
            .to_owned();
    for area in areas() {
        out.push_str(&format!("\n## {}\n\n| rule | finds | |\n|---|---|---|\n", area.title));
        for rule in &area.rules {
            let severity = match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let fixed = if remedy(rule.id).is_some() { ", `--fix`" } else { "" };
            let summary = rule.summary.replace('|', "\\|");
            // Writing to a string does not fail.
            let _ = writeln!(out, "| [{0}]({0}.md) | {summary} | {severity}{fixed} |", rule.id);
        }
    }
    out
}

/// The text with a capital at its beginning, unless it begins with the name of a field or a value.
fn sentence(text: &str) -> String {
    let word: String = text.chars().take_while(|letter| !letter.is_whitespace()).collect();
    if word.contains(['_', '`', '.', '=', '(']) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital_and_names_stay() {
        assert_eq!(sentence("a test"), "A test");
        assert_eq!(sentence("build_roots is set"), "build_roots is set");
        assert_eq!(sentence("`as` is set"), "`as` is set");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn pages_name_the_warnings_of_prow() {
        let text = |id: &str| page(crate::catalogue::find(id).unwrap(), &Shown::Not(""));
        assert!(text("undecorated-job").contains("\n\nProw's `checkconfig` calls it `non-decorated-jobs`, "));
        assert!(text("unknown-job-field").contains("only when `--warnings` names `unknown-fields-all`.\n"));
        assert!(!text("job-name-twice").contains("checkconfig"));
    }

    #[test]
    fn a_page_without_an_example_says_why() {
        let rule = Rule::warning("a-b", "something is odd", "It hurts.", "stop it");
        let text = page(&rule, &Shown::Not("nobody can show it"));
        assert!(text.contains("Something is odd.\n") && text.contains("Stop it.\n"), "{text}");
        assert!(text.ends_with("There is none: nobody can show it.\n"), "{text}");
    }
}
