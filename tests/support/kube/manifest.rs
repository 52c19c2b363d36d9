//! Applying manifests, as `kubectl apply --server-side` does.

use serde_json::Value as Json;

use super::Api;
use crate::support::json::from_yaml;

impl Api {
    /// Applies every document of a YAML text and gives what the server made of them. Objects of namespaces go into the
    /// given one where they name none.
    #[track_caller]
    pub fn apply_manifests(&self, yaml: &str, namespace: &str) -> Vec<Json> {
        let applied = documents(yaml).into_iter().map(|document| {
            let path = self.path_of(&document, namespace);
            self.apply(&path, "manifests", &document).success()
        });
        applied.collect()
    }

    /// The path of a manifest's object. Which kinds there are, the server tells.
    #[track_caller]
    pub fn path_of(&self, document: &Json, namespace: &str) -> String {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let (version, kind) = (text(&document["apiVersion"]), text(&document["kind"]));
        let name = text(&document["metadata"]["name"]);
        assert!(!version.is_empty() && !kind.is_empty() && !name.is_empty(), "no manifest: {document}");
        let root = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
        let resources = self.get(&root)["resources"].as_array().cloned().unwrap_or_default();
        let is_it = |resource: &&Json| resource["kind"] == kind && !text(&resource["name"]).contains('/');
        let resource = resources.iter().find(is_it).unwrap_or_else(|| panic!("the server knows no {version} {kind}"));
        let plural = text(&resource["name"]);
        match (&document["metadata"]["namespace"], resource["namespaced"] == true) {
            (_, false) => format!("{root}/{plural}/{name}"),
            (Json::String(own), true) => format!("{root}/namespaces/{own}/{plural}/{name}"),
            (_, true) => format!("{root}/namespaces/{namespace}/{plural}/{name}"),
        }
    }
}

/// The documents of a YAML text, without empty ones.
#[track_caller]
pub fn documents(yaml: &str) -> Vec<Json> {
    let mut texts = vec![String::new()];
    for line in yaml.lines() {
        if line.trim_end() == "---" {
            texts.push(String::new());
        } else if let Some(text) = texts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    let read = |text: &String| from_yaml(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    texts.iter().map(read).filter(|document| !document.is_null()).collect()
}
