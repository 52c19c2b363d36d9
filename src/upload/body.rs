//! The requests that carry a plan out, as the JSON that a server takes.
//!
//! Every write names the state that it was planned for: it is refused when the object has changed since, or is another one
//! by now, or is there although it was not.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use super::edit::Edit;
use super::map_plan::{Basis, MapPlan, Style};
use super::value::Value;
use crate::updater::ConfigMapId;

/// An object that is not there has no version; naming one makes the server refuse when it is there after all.
const NOT_THERE: &str = "1";

impl MapPlan {
    /// What has a ConfigMap as planned, with `kept` of what goes still in it.
    pub fn edit(&self, id: &ConfigMapId, kept: &BTreeSet<String>) -> Edit {
        let kept = self.departing.iter().filter(|(key, _)| kept.contains(*key));
        let values = self.values.iter().chain(kept);
        let body = |metadata: Json| object(metadata, values);
        match (self.style, &self.basis) {
            (Style::Apply, basis) => Edit::Apply {
                manager: self.manager.clone(),
                force: self.is_forced,
                body: body(self.applied_metadata(id, basis)),
            },
            (Style::Replace, None) => {
                Edit::Create { body: body(json!({"name": id.name, "namespace": id.namespace, "labels": self.labels})) }
            }
            (Style::Replace, Some(basis)) => Edit::Replace { body: body(self.kept_metadata(basis)) },
        }
    }

    fn applied_metadata(&self, id: &ConfigMapId, basis: &Option<Basis>) -> Json {
        let mut metadata = json!({
            "name": id.name,
            "namespace": id.namespace,
            "labels": self.labels,
            "annotations": self.annotations,
            "resourceVersion": NOT_THERE,
        });
        if let Some(Basis { uid, version }) = basis {
            metadata["uid"] = json!(uid);
            metadata["resourceVersion"] = json!(version);
        }
        metadata
    }

    /// The object's own metadata, with labels when it has none.
    fn kept_metadata(&self, basis: &Basis) -> Json {
        let mut metadata: Json = serde_json::from_str(&self.metadata).unwrap_or_else(|_| json!({}));
        if !self.labels.is_empty() {
            metadata["labels"] = json!(self.labels);
        }
        metadata["uid"] = json!(basis.uid);
        metadata["resourceVersion"] = json!(basis.version);
        metadata
    }
}

/// A ConfigMap as JSON.
fn object<'v>(metadata: Json, values: impl Iterator<Item = (&'v String, &'v Value)>) -> Vec<u8> {
    let (mut data, mut binary): (BTreeMap<&str, &str>, BTreeMap<&str, String>) = Default::default();
    for (key, value) in values {
        match value {
            Value::Text(text) => drop(data.insert(key, text)),
            Value::Binary(bytes) => drop(binary.insert(key, STANDARD.encode(bytes))),
        }
    }
    let mut whole = Map::new();
    whole.insert("apiVersion".into(), json!("v1"));
    whole.insert("kind".into(), json!("ConfigMap"));
    whole.insert("metadata".into(), metadata);
    if !data.is_empty() {
        whole.insert("data".into(), json!(data));
    }
    if !binary.is_empty() {
        whole.insert("binaryData".into(), json!(binary));
    }
    Json::Object(whole).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::{Item, Live, Writer};

    fn id() -> ConfigMapId {
        ConfigMapId { cluster: "c".into(), namespace: "n".into(), name: "m".into() }
    }

    fn json_of(edit: &Edit) -> Json {
        serde_json::from_slice(edit.body()).unwrap()
    }

    fn items() -> BTreeMap<String, Item> {
        let item = |content: &[u8]| Item { path: "p".into(), content: content.into(), is_packed: false, at: 0 };
        [("a".to_owned(), item(b"text")), ("b".to_owned(), item(b"\xff"))].into()
    }

    #[test]
    fn text_and_bytes_go_into_their_bags() {
        let plan = MapPlan::of(&items(), None, &Writer::default(), &|_| None);
        let json = json_of(&plan.edit(&id(), &BTreeSet::new()));
        assert_eq!((&json["data"]["a"], &json["binaryData"]["b"]), (&json!("text"), &json!("/w==")));
        assert_eq!(json["metadata"]["resourceVersion"], "1", "an apply must not find the object there");
        assert_eq!(json["metadata"].get("uid"), None);
    }

    #[test]
    fn every_write_names_the_state_it_is_for() {
        let live = Live {
            uid: "u".into(),
            version: "7".into(),
            metadata: r#"{"name":"m","labels":{"x":"y"},"finalizers":["f"]}"#.into(),
            labels: [("x".to_owned(), "y".to_owned())].into(),
            ..Live::default()
        };
        for plan in [
            MapPlan::of(&items(), Some(&live), &Writer::default(), &|_| None),
            MapPlan::whole(&items(), Some(&live), None),
        ] {
            let json = json_of(&plan.edit(&id(), &BTreeSet::new()));
            assert_eq!((&json["metadata"]["uid"], &json["metadata"]["resourceVersion"]), (&json!("u"), &json!("7")));
        }
        let whole = json_of(&MapPlan::whole(&items(), Some(&live), None).edit(&id(), &BTreeSet::new()));
        assert_eq!(whole["metadata"]["finalizers"], json!(["f"]), "what is not ours stays");
        assert_eq!(whole["metadata"]["labels"], json!({"x": "y"}), "labels are added where there are none only");
    }
}
