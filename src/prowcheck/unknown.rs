//! Fields that Prow does not know and drops without a word.

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::job::JobConfig;
use crate::model::plugins::Configuration;
use crate::model::prow::Config;
use crate::shard::Source;
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

use super::{Settings, Sheet};

rules! {
    IN_PROW = warning "unknown-prow-field", "Prow's configuration has a field that Prow does not know",
        "Prow drops it, so that the setting that somebody meant has no effect.",
        "spell it as Prow does, or remove it";
    IN_JOB = warning "unknown-job-field", "a job has a field that Prow does not know",
        "Prow drops it, so that the job runs without the setting that somebody meant.",
        "spell it as Prow does, or remove it";
}

/// Looks for unknown fields in `_config.yaml`.
pub fn unknown_in_main(settings: &Settings, source: Source<'_>) -> Vec<Diagnostic> {
    let all = settings.options.wants("unknown-fields-all");
    if !all && !settings.options.wants("unknown-fields") {
        return Vec::new();
    }
    let words = if all { "error unmarshalling" } else { "unknown fields or bad config in" };
    parse(source.text).map(|tree| unknown::<Config>(settings, &IN_PROW, words, source, &tree)).unwrap_or_default()
}

/// Looks for unknown fields in `_plugins.yaml`.
pub fn unknown_in_plugins(settings: &Settings, source: Source<'_>) -> Vec<Diagnostic> {
    if !settings.options.wants("unknown-fields-all") && !settings.options.wants("unknown-fields") {
        return Vec::new();
    }
    let words = "unknown fields or bad config in";
    parse(source.text)
        .map(|tree| unknown::<Configuration>(settings, &IN_PROW, words, source, &tree))
        .unwrap_or_default()
}

/// Looks for unknown fields in a job file.
pub fn unknown_in_jobs(settings: &Settings, sheet: &Sheet<'_>) -> Vec<Diagnostic> {
    if !settings.options.wants("unknown-fields-all") {
        return Vec::new();
    }
    unknown::<JobConfig>(settings, &IN_JOB, "error unmarshalling", sheet.source, sheet.tree())
}

fn unknown<T: Decode>(
    settings: &Settings,
    rule: &Rule,
    words: &str,
    source: Source<'_>,
    tree: &Tree<'_>,
) -> Vec<Diagnostic> {
    let Err(problems) = read::<T>(tree, Strictness::KnownFields) else { return Vec::new() };
    let mut is_first = true;
    let mut found = Vec::new();
    for problem in problems.into_iter().filter(|problem| problem.message.starts_with("unknown field")) {
        let wrong = "error unmarshaling JSON: while decoding JSON: json";
        let reference = format!("{words} {}: {wrong}: {}", source.file, problem.message);
        let finding = settings.finding(rule, source.file, reference).at(source.text, problem.offset);
        let message = match problem.path.as_str() {
            "" => problem.message,
            path => format!("{path}: {}", problem.message),
        };
        // Of several in a file Prow tells the first.
        let reference = finding.reference.filter(|_| std::mem::take(&mut is_first));
        found.push(Diagnostic { message, reference, ..finding });
    }
    found
}
