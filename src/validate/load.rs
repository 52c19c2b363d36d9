//! From the text of a configuration to a configuration that is known to be right, or to what is wrong with it.

use super::validate_config;
use crate::diagnostic::Diagnostic;
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::yaml::codec::{Strictness, read};
use crate::yaml::locate::{place, syntax_finding, type_finding};
use crate::yaml::parse::parse;

/// Reads a configuration that lies at `org`/`repo` and holds it against all rules. Unknown fields are no problem here.
///
/// `file` is the name findings bear. A text that is no YAML, or has values of the wrong type, is told about that only.
pub fn load_config(
    text: &str,
    file: &str,
    org: &str,
    repo: &str,
) -> Result<ReleaseBuildConfiguration, Vec<Diagnostic>> {
    let tree = parse(text).map_err(|error| vec![syntax_finding(error, file, text)])?;
    let config: ReleaseBuildConfiguration = read(&tree, Strictness::Lenient).map_err(|problems| {
        problems.into_iter().map(|problem| type_finding(problem, file, text)).collect::<Vec<_>>()
    })?;
    let violations = validate_config(&config, org, repo);
    if violations.is_empty() {
        return Ok(config);
    }
    Err(violations.into_iter().map(|violation| place(violation, file, text, &tree)).collect())
}

/// What the path of a configuration says of it: `…/ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml`.
///
/// The directories decide; a file name that does not begin as they ask is taken for the branch as a whole. Nothing when
/// there are not two directories.
pub fn metadata_of_path(path: &str) -> Option<Metadata> {
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let (file, repo, org) = (parts.next()?, parts.next()?, parts.next()?);
    let stem = file.rfind('.').and_then(|dot| file.get(..dot)).unwrap_or(file);
    let branch = stem
        .strip_prefix(org)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_prefix(repo))
        .and_then(|rest| rest.strip_prefix('-'))
        .unwrap_or(stem);
    let (branch, variant) = branch.rsplit_once("__").unwrap_or((branch, ""));
    Some(Metadata { org: org.into(), repo: repo.into(), branch: branch.into(), variant: variant.into() })
}

#[cfg(test)]
mod tests {
    use super::{load_config, metadata_of_path};

    fn said(path: &str) -> Option<[String; 4]> {
        metadata_of_path(path).map(|metadata| [metadata.org, metadata.repo, metadata.branch, metadata.variant])
    }

    #[test]
    fn paths_say_what_a_file_is_for() {
        for (path, told) in [
            ("c/o/r/o-r-main.yaml", ["o", "r", "main", ""]),
            ("c/o/r/o-r-release-4.1__x.yaml", ["o", "r", "release-4.1", "x"]),
            ("o/r/o-r-a__b__c.yml", ["o", "r", "a__b", "c"]),
            ("o/r/other.yaml", ["o", "r", "other", ""]),
            ("o-a/r/o-a-r-.yaml", ["o-a", "r", "", ""]),
        ] {
            assert_eq!(said(path), Some(told.map(str::to_owned)), "{path}");
        }
        assert_eq!(said("r/o-r-main.yaml"), None);
    }

    #[test]
    fn findings_have_places() {
        let text = "tests:\n- as: a\n  commands: x\n  container: {from: src}\n  cron: bad\nresources: {'*': {limits: {cpu: 1}}}\n";
        let findings = load_config(text, "f.yaml", "o", "r").unwrap_err();
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.line, finding.column, finding.rule), (5, 9, "invalid-cron"));
    }
}
