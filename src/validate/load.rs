//! From the text of a configuration to a configuration that is known to be right, or to what is wrong with it.

use super::validate_config;
use crate::diagnostic::Diagnostic;
use crate::model::config::ReleaseBuildConfiguration;
use crate::yaml::codec::{Note, Strictness, read_noting};
use crate::yaml::locate::{decoded_tree, parsed, place, type_findings};
use crate::yaml::tree::Tree;

/// Reads a configuration that lies at `org`/`repo` and holds it against all rules. Unknown fields are no problem here.
///
/// `file` is the name findings bear. A text that is no YAML, or has values of the wrong type, is told about that only.
pub fn load_config(
    text: &str,
    file: &str,
    org: &str,
    repo: &str,
) -> Result<ReleaseBuildConfiguration, Vec<Diagnostic>> {
    let tree = parsed(file, text)?;
    let config = decoded_tree(&tree, file, text)?;
    checked(config, &tree, text, file, org, repo)
}

/// As [`load_config`], for a text that was parsed into `tree`, with what reading it noted; nothing of the latter where
/// values have the wrong types.
pub fn load_config_noting(
    tree: &Tree<'_>,
    text: &str,
    file: &str,
    org: &str,
    repo: &str,
) -> (Result<ReleaseBuildConfiguration, Vec<Diagnostic>>, Vec<Note>) {
    match read_noting(tree, Strictness::Lenient) {
        Ok((config, notes)) => (checked(config, tree, text, file, org, repo), notes),
        Err(problems) => (Err(type_findings(problems, file, text)), Vec::new()),
    }
}

fn checked(
    config: ReleaseBuildConfiguration,
    tree: &Tree<'_>,
    text: &str,
    file: &str,
    org: &str,
    repo: &str,
) -> Result<ReleaseBuildConfiguration, Vec<Diagnostic>> {
    let violations = validate_config(&config, org, repo);
    if violations.is_empty() {
        return Ok(config);
    }
    // The rules use the reference's own words.
    let placed = violations.into_iter().map(|violation| place(violation, file, text, tree));
    Err(placed.map(|finding| Diagnostic { reference: Some(finding.message.clone()), ..finding }).collect())
}

#[cfg(test)]
mod tests {
    use super::load_config;

    #[test]
    fn findings_have_places() {
        let text = "tests:\n- as: a\n  commands: x\n  container: {from: src}\n  cron: bad\nresources: {'*': {limits: {cpu: 1}}}\n";
        let findings = load_config(text, "f.yaml", "o", "r").unwrap_err();
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.line, finding.column, finding.rule), (5, 9, "invalid-cron"));
    }
}
