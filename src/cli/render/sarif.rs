//! Findings as SARIF 2.1.0, which code hosts and editors read
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Level;
use crate::diagnostic::{Answer, Diagnostic, Edit, Related, Rule, Severity, Snippet};

/// Finds a rule by its id.
pub type RuleOf<'r> = dyn Fn(&str) -> Option<&'static Rule> + 'r;

/// One run with the findings that the level shows, and the rules that they bear.
pub fn log(findings: &[Diagnostic], level: Level, rule_of: &RuleOf<'_>) -> String {
    let shown: Vec<&Diagnostic> = findings.iter().filter(|finding| level.shows(finding)).collect();
    let mut rules = BTreeMap::new();
    for finding in &shown {
        rules.entry(finding.rule).or_insert_with(|| described(finding.rule, rule_of(finding.rule)));
    }
    let indices: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cutwater",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().collect::<Vec<_>>(),
            } },
            // Columns count characters.
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { ROOT: { "description": { "text": "the release repository" } } },
            "results": shown.iter().map(|finding| result(finding, &indices)).collect::<Vec<_>>(),
        }],
    });
    format!("{document:#}\n")
}

const ROOT: &str = "RELEASEREPO";

fn described(id: &str, rule: Option<&Rule>) -> Value {
    let Some(rule) = rule else { return json!({ "id": id }) };
    let mut described = json!({
        "id": id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if !rule.fix.is_empty() {
        described["help"] = json!({ "text": rule.fix });
    }
    described
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(finding: &Diagnostic, indices: &BTreeMap<&str, usize>) -> Value {
    let Diagnostic { file, line, column, snippet, .. } = finding;
    let text = [Some(&finding.message), finding.why.as_ref(), finding.fix.as_ref()];
    let text: Vec<&str> = text.into_iter().flatten().map(String::as_str).collect();
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": indices.get(finding.rule),
        "level": level(finding.severity),
        "message": { "text": text.join("\n") },
        "locations": [{ "physicalLocation": place(file, *line, *column, snippet.as_ref()) }],
        // Lines move with every edit; what is said of a file does not.
        "partialFingerprints": { "ruleFileMessage/v1": format!("{}|{file}|{}", finding.rule, finding.message) },
    });
    if let Some(Answer::Edits(edits)) = &finding.answer {
        result["fixes"] = json!([fix(file, edits)]);
    }
    if !finding.related.is_empty() {
        result["relatedLocations"] = finding.related.iter().map(related).collect();
    }
    result
}

/// What editors offer to do about it.
fn fix(file: &str, edits: &[Edit]) -> Value {
    let replacement = |edit: &Edit| {
        let ((line, column), (end_line, end_column)) = (edit.from, edit.to);
        let mut replacement = json!({ "deletedRegion": {
            "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        } });
        if !edit.text.is_empty() {
            replacement["insertedContent"] = json!({ "text": edit.text });
        }
        replacement
    };
    json!({
        "description": { "text": "as `cutwater check --fix` does it" },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(file), "uriBaseId": ROOT },
            "replacements": edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

fn related(related: &Related) -> Value {
    let Related { file, line, column, message, snippet } = related;
    json!({
        "message": { "text": message },
        "physicalLocation": place(file, *line, *column, snippet.as_ref()),
    })
}

fn place(file: &str, line: usize, column: usize, snippet: Option<&Snippet>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(file), "uriBaseId": ROOT } });
    if line > 0 {
        place["region"] = json!({ "startLine": line, "startColumn": column });
        if let Some(snippet) = snippet {
            let end = column + snippet.text.get(snippet.start..snippet.end).map_or(1, |text| text.chars().count());
            place["region"]["endColumn"] = json!(end);
            place["region"]["snippet"] = json!({ "text": snippet.text });
        }
    }
    place
}

/// A path as a relative URI.
fn uri(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    file.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
