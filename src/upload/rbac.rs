//! The rights that an upload needs, and no others, as a manifest.

use std::collections::{BTreeMap, BTreeSet};

use crate::updater::ConfigMapId;

/// The name of roles and bindings.
const NAME: &str = "cutwater-upload";

/// Who gets the rights: a service account of one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Account {
    /// Reads `NAMESPACE/NAME`; nothing for what names no account.
    pub fn parse(text: &str) -> Option<Self> {
        let (namespace, name) = text.split_once('/').filter(|(namespace, name)| is_name(namespace) && is_name(name))?;
        Some(Self { namespace: namespace.to_owned(), name: name.to_owned() })
    }
}

/// A name in YAML, in quotes where it would be a number, a date or a boolean.
fn scalar(name: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_text = is_name(name) && name.starts_with(|letter: char| letter.is_ascii_lowercase());
    if is_text && !WORDS.contains(&name) { name.to_owned() } else { serde_json::Value::from(name).to_string() }
}

/// Whether a text has the letters of names, and no others.
fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
    !text.is_empty() && text.chars().all(is_letter)
}

/// For one cluster a Role and a RoleBinding for each namespace, as YAML. The ConfigMaps are named one by one: the account
/// cannot read, write, list or remove any other. `create` limited to names works since an apply has the name in its address.
pub fn manifest<'i>(ids: impl IntoIterator<Item = &'i ConfigMapId>, account: &Account) -> String {
    let mut by_namespace: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for id in ids {
        by_namespace.entry(&id.namespace).or_default().insert(&id.name);
    }
    by_namespace.into_iter().map(|(namespace, names)| of_namespace(namespace, &names, account)).collect()
}

fn of_namespace(namespace: &str, names: &BTreeSet<&str>, account: &Account) -> String {
    let names: String = names.iter().map(|name| format!("  - {}\n", scalar(name))).collect();
    let [namespace, home, name] = [namespace, &account.namespace, &account.name].map(scalar);
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: {NAME}\n  namespace: {namespace}\nrules:\n\
         - apiGroups: [\"\"]\n  resources: [configmaps]\n  verbs: [get, patch, create]\n  resourceNames:\n{names}\
         ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: {NAME}\n  namespace: {namespace}\n\
         roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: {NAME}\nsubjects:\n- kind: ServiceAccount\n  \
         name: {name}\n  namespace: {home}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_namespace_has_a_role_for_just_its_config_maps() {
        let id = |namespace: &str, name: &str| ConfigMapId {
            cluster: "c".into(),
            namespace: namespace.into(),
            name: name.into(),
        };
        let ids = [id("ci", "b"), id("ci", "a"), id("ocp", "a")];
        let text = manifest(&ids, &Account { namespace: "home".into(), name: "uploader".into() });
        assert_eq!(text.matches("kind: Role\n").count(), 2 + 2, "two roles, and a reference to each");
        assert!(text.contains("namespace: ci\nrules:\n- apiGroups: [\"\"]\n  resources: [configmaps]\n  verbs: [get, patch, create]\n  resourceNames:\n  - a\n  - b\n"));
        let odd = manifest(&[id("n", "4.10")], &Account::parse("0/uploader").unwrap());
        assert!(
            odd.contains("namespace: \"n\"\nrules")
                && odd.contains("  - \"4.10\"\n")
                && odd.contains("namespace: \"0\"\n")
        );
        assert!(!text.contains("list") && !text.contains("delete") && !text.contains("Cluster"));
    }
}
