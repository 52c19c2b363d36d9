//! The words of API servers: what is taken from them, and nothing else of them.
//!
//! A server repeats in its messages what it was sent, so that a whole message may hold what a ConfigMap holds. Each function
//! here takes out of one kind of message what cannot: names of fields, keys, managers, webhooks, verbs, and fixed texts.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusCause;

/// The most problems of one object that are told.
const MOST: usize = 5;

/// Who refused a write, when it was neither a role nor the server's own rules.
pub(super) fn who_denied(text: &str) -> Option<String> {
    if let Some(name) = between(text, "admission webhook \"", "\" denied") {
        return Some(format!("the admission webhook {}", plain(name)?));
    }
    if let Some(name) = between(text, "ValidatingAdmissionPolicy '", "'") {
        return Some(format!("the admission policy {}", plain(name)?));
    }
    if text.contains("exceeded quota: ") {
        let name = between(text, "exceeded quota: ", ",").and_then(plain).unwrap_or("of the namespace");
        return Some(format!("the resource quota {name}"));
    }
    None
}

/// The verb in `User "u" cannot VERB resource "configmaps" in API group …`.
pub(super) fn missing_verb(text: &str) -> Option<&'static str> {
    let verb = between(text, "\" cannot ", " resource \"")?;
    ["get", "create", "update", "patch", "delete", "list"].into_iter().find(|known| *known == verb)
}

/// The field of a conflict, by its key where it is one, and the manager in `conflict with "M" using v1`.
pub(super) fn field_and_manager(cause: &StatusCause) -> (String, String) {
    let path = cause.field.as_deref().unwrap_or_default();
    let key = [".data.", ".binaryData."].into_iter().find_map(|bag| path.strip_prefix(bag));
    let message = cause.message.as_deref().unwrap_or_default();
    let manager = message.strip_prefix("conflict with \"").and_then(|rest| {
        // What follows is fixed, so that a quote within the name does not end it.
        let end = ["\" using ", "\" with subresource "].into_iter().filter_map(|end| rest.find(end)).min();
        rest.get(..end.or_else(|| rest.rfind('"'))?)
    });
    (key.unwrap_or(path).to_owned(), manager.unwrap_or("another manager").to_owned())
}

/// What is too long.
pub(super) fn too_long(causes: &[StatusCause]) -> String {
    let is_annotations =
        |cause: &StatusCause| cause.field.as_deref().is_some_and(|field| field.contains("annotations"));
    if causes.iter().any(is_annotations) {
        return "annotations may have 256 KiB together".to_owned();
    }
    "values may have 1 MiB (1048576 bytes) together".to_owned()
}

/// What is wrong with an object, field by field.
pub(super) fn of_invalid(causes: &[StatusCause]) -> String {
    let mut told: Vec<String> = causes.iter().take(MOST).map(of_cause).collect();
    if causes.len() > MOST {
        told.push(format!("and {} more", causes.len() - MOST));
    }
    if told.is_empty() { "it does not say what".to_owned() } else { told.join("; ") }
}

fn of_cause(cause: &StatusCause) -> String {
    let field = cause.field.as_deref().unwrap_or("the object");
    let message = cause.message.as_deref().unwrap_or_default();
    let (what, rest) = message.split_once(": ").unwrap_or((message, ""));
    match what {
        "Required value" | "Forbidden" | "Too long" | "Too many" if !rest.is_empty() => format!("{field}: {rest}"),
        // The value stands in quotes before the text about it.
        "Invalid value" => match rest.rfind("\": ").and_then(|end| rest.get(end + 3..)) {
            Some(about) if rest.starts_with('"') => format!("{field}: {about}"),
            _ => format!("{field} is not valid"),
        },
        "Required value" => format!("{field} is missing"),
        "Duplicate value" => format!("{field} is there twice"),
        _ => format!("{field} is not valid"),
    }
}

/// What is wrong with a request that could not be read.
pub(super) fn of_bad_request(text: &str) -> String {
    let strict = text.split_once("strict decoding error: ").map(|(_, fields)| fields);
    let fields: Vec<&str> = strict
        .into_iter()
        .flat_map(|fields| fields.split(", "))
        .filter(|part| {
            let name = part.strip_prefix("unknown field \"").or_else(|| part.strip_prefix("duplicate field \""));
            name.and_then(|rest| rest.strip_suffix('"')).and_then(plain).is_some()
        })
        .take(MOST)
        .collect();
    if fields.is_empty() { "it cannot be read as such an object".to_owned() } else { fields.join(", ") }
}

/// What a server says is broken, where that is known to be free of content.
pub(super) fn of_broken(text: &str) -> Option<String> {
    if let Some(name) = between(text, "failed calling webhook \"", "\"") {
        return Some(format!("the admission webhook {} does not work", plain(name)?));
    }
    for known in [
        "etcdserver: request timed out",
        "etcdserver: leader changed",
        "etcdserver: no leader",
        "etcdserver: mvcc: database space exceeded",
    ] {
        if text.contains(known) {
            return Some(known.to_owned());
        }
    }
    None
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after)?.0)
}

/// A name as objects and fields have it, and not anything else.
fn plain(name: &str) -> Option<&str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._/[]".contains(letter);
    (!name.is_empty() && name.len() <= 253 && name.chars().all(is_plain)).then_some(name)
}
