//! Keys: two files under one, and names that Kubernetes takes for no key.

use std::collections::{BTreeMap, BTreeSet};

use super::page::Page;
use super::placement::{ConfigMapId, Contents, Placement};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    COLLISION = warning "colliding-config-map-keys",
        "two files have the same key in one ConfigMap",
        "Whichever is uploaded last is there, and the other is not.",
        "rename one of them; `use_full_path_as_key: true` tells equal names in different directories apart";
    ILLEGAL_KEY = warning "illegal-config-map-key",
        "a file's name makes no key of a ConfigMap",
        "Kubernetes refuses the whole ConfigMap, so that none of its files is updated any more.",
        "use letters, digits, dashes, dots and underscores only, at most 253 of them, and no two dots at the beginning";
    RESERVED_KEY = warning "reserved-config-map-key",
        "a file has the key VERSION",
        "Prow writes the commit under this key, and the file takes its place.",
        "rename the file, or give it another key";
}

/// The key that Prow writes.
pub const VERSION: &str = "VERSION";
/// No key is longer.
const LONGEST: usize = 253;

/// What is wrong with the keys of ConfigMaps.
pub fn check(
    placement: &Placement,
    page: &Page<'_>,
    contents: &BTreeMap<ConfigMapId, Contents<'_>>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    // A ConfigMap is the same in every cluster and namespace, and told about once.
    let mut told = BTreeSet::new();
    for (id, keys) in contents {
        for (key, files) in keys {
            let mut paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
            paths.dedup();
            let (Some((first, at)), true) = (files.first(), told.insert((&id.name, key, paths.clone()))) else {
                continue;
            };
            let pattern = placement.get(*at).map(|(glob, _)| glob.pattern()).unwrap_or_default();
            let because = |finding: Diagnostic| {
                let entry = page.entry(&ILLEGAL_KEY, pattern, "this entry takes it");
                finding.related(entry)
            };
            if !is_key(key) {
                let message = format!("{key:?} cannot be a key of the ConfigMap {}", id.name);
                findings.push(because(Diagnostic::of_rule(&ILLEGAL_KEY, *first, message)));
            }
            if key == VERSION {
                let message = format!("this is uploaded as {VERSION} of the ConfigMap {}", id.name);
                findings.push(because(Diagnostic::of_rule(&RESERVED_KEY, *first, message)));
            }
            for path in paths.iter().skip(1) {
                let message = format!("{first} has the key {key} in the ConfigMap {} as well", id.name);
                let other = Diagnostic::of_file(*first, COLLISION.id, "the other file");
                findings.push(because(Diagnostic::of_rule(&COLLISION, *path, message).related(other)));
            }
        }
    }
    findings
}

/// Whether Kubernetes takes a text for a key.
pub fn is_key(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= LONGEST && text != "." && !text.starts_with("..") && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn keys_are_what_kubernetes_takes() {
        for key in ["a", "A-b_c.9", ".a", "a..", &"k".repeat(253)] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", ".", "..", "..a", "a b", "a+b", "é", "a/b", &"k".repeat(254)] {
            assert!(!is_key(key), "{key}");
        }
    }
}
