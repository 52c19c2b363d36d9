//! What the reference says of a registry: mostly what we say, here and there with its own words around it.

use super::FileKind;
use super::definition::file_kind;
use crate::diagnostic::Diagnostic;

/// Adds the reference's message to a finding about a registry file, where we can tell it.
pub(super) fn tell_reference(finding: Diagnostic) -> Diagnostic {
    let message = match finding.rule {
        "yaml-syntax" | "broken-registry-file" | "broken-pattern" | "deep-chain" | "endless-steps" => return finding,
        "missing-cluster-profiles" => "read file : open : no such file or directory".to_owned(),
        "yaml-type" => match unknown_field(&finding.message) {
            Some(field) => wrapped(
                &finding.file,
                &format!("error unmarshaling JSON: while decoding JSON: json: unknown field {field}"),
            ),
            None => return finding,
        },
        "nested-workflow" | "missing-script" => wrapped(&finding.file, &finding.message),
        "wrong-script-name" if file_kind(&finding.file) == FileKind::Step => wrapped(&finding.file, &finding.message),
        // It takes observers for chains there.
        "misnamed-registry-file" => finding.message.replace("name of observer;", "name of chain;"),
        _ => finding.message.clone(),
    };
    finding.as_reference(message)
}

fn wrapped(file: &str, message: &str) -> String {
    format!("failed to load registry file {file}: {message}")
}

/// The field in quotes, of a message that says it is unknown.
fn unknown_field(message: &str) -> Option<&str> {
    message.rsplit_once("unknown field ").map(|(_, field)| field)
}
