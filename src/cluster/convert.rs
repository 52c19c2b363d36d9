//! From a ConfigMap as API servers write it to [`Live`]: values, and who wrote which of them.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use serde_json::{Value as Json, json};

use crate::upload::{Live, Manager, Operation, Value};

/// A ConfigMap as it was read; nothing when it is none.
pub(super) fn live(mut object: Json) -> Option<Live> {
    if object.get("kind").and_then(Json::as_str) != Some("ConfigMap") {
        return None;
    }
    let managers = match object.get_mut("metadata")?.as_object_mut()?.remove("managedFields") {
        Some(Json::Array(entries)) => entries.iter().map(manager).collect(),
        _ => Vec::new(),
    };
    let given_metadata = object.get("metadata")?.to_string();
    let ConfigMap { binary_data, data, immutable, metadata } = serde_json::from_value(object).ok()?;
    let text = data.unwrap_or_default().into_iter().map(|(key, text)| (key, Value::Text(text.into())));
    let binary = binary_data.unwrap_or_default().into_iter().map(|(key, bytes)| (key, Value::Binary(bytes.0.into())));
    Some(Live {
        uid: metadata.uid.unwrap_or_default(),
        version: metadata.resource_version.unwrap_or_default(),
        is_immutable: immutable.unwrap_or_default(),
        values: text.chain(binary).collect(),
        labels: metadata.labels.unwrap_or_default(),
        annotations: metadata.annotations.unwrap_or_default(),
        managers,
        metadata: given_metadata,
    })
}

/// Whom a server gives everything to when somebody applies to an object of which it does not know who wrote it.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// With the owner that the server will name when it knows none.
pub(super) fn with_owners(mut live: Live) -> Live {
    if live.managers.is_empty() && !live.values.is_empty() {
        let bag = |is_text: bool| -> Json {
            let keys = live.values.iter().filter(|(_, value)| matches!(value, Value::Text(_)) == is_text);
            Json::Object(keys.map(|(key, _)| (format!("f:{key}"), json!({}))).collect())
        };
        let entry = json!({
            "manager": BEFORE_FIRST_APPLY, "operation": "Update", "apiVersion": "v1",
            "fieldsType": "FieldsV1", "fieldsV1": { "f:data": bag(true), "f:binaryData": bag(false) },
        });
        live.managers.push(manager(&entry));
    }
    live
}

/// An entry of `metadata.managedFields`.
fn manager(entry: &Json) -> Manager {
    let text = |name| entry.get(name).and_then(Json::as_str).unwrap_or_default();
    let operation = match text("operation") {
        "Apply" => Operation::Apply,
        _ => Operation::Update,
    };
    Manager { name: text("manager").to_owned(), operation, keys: keys(entry), raw: entry.to_string() }
}

/// The keys of `f:data` and `f:binaryData`. Beside them stands `.`, which is the ownership of the map itself.
fn keys(entry: &Json) -> BTreeSet<String> {
    let fields = entry.get("fieldsV1");
    let bags = ["f:data", "f:binaryData"].into_iter().filter_map(|bag| fields?.get(bag)?.as_object());
    bags.flat_map(|bag| bag.keys()).filter_map(|key| key.strip_prefix("f:")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bags_and_their_owners() {
        let text = r#"{"apiVersion":"v1","kind":"ConfigMap","immutable":true,"data":{"a.yaml":"x"},"binaryData":{"b":"/w=="},
            "metadata":{"uid":"u","resourceVersion":"7","labels":{"l":"1"},"annotations":{"n":"2"},"new":[1],"managedFields":[
              {"apiVersion":"v1","fieldsType":"FieldsV1","manager":"m","operation":"Apply","time":"2026-01-02T03:04:05Z",
               "fieldsV1":{"f:data":{".":{},"f:a.yaml":{},"f:f:c":{}},"f:binaryData":{"f:b":{}}}},
              {"manager":"kubectl","operation":"Update","fieldsV1":{"f:metadata":{"f:labels":{"f:l":{}}}}}]}}"#;
        let live = live(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!((live.uid.as_str(), live.version.as_str(), live.is_immutable), ("u", "7", true));
        assert_eq!(live.values["a.yaml"], Value::Text("x".into()));
        assert_eq!(live.values["b"], Value::Binary(b"\xff"[..].into()));
        assert_eq!((live.labels["l"].as_str(), live.annotations["n"].as_str()), ("1", "2"));
        assert!(
            live.metadata.contains(r#""new":[1]"#) && !live.metadata.contains("managedFields"),
            "{}",
            live.metadata
        );
        let [applied, updated] = live.managers.as_slice() else { panic!() };
        assert_eq!((applied.name.as_str(), applied.operation), ("m", Operation::Apply));
        assert_eq!(Vec::from_iter(&applied.keys), ["a.yaml", "b", "f:c"]);
        assert!(applied.raw.contains("2026-01-02T03:04:05Z") && applied.raw.contains("f:a.yaml"), "{}", applied.raw);
        assert_eq!((updated.operation, updated.keys.len()), (Operation::Update, 0));
    }

    #[test]
    fn what_nobody_owns_is_owned_by_the_name_that_servers_use() {
        let text = r#"{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"x"},"binaryData":{"b":"/w=="},"metadata":{}}"#;
        let live = with_owners(live(serde_json::from_str(text).unwrap()).unwrap());
        assert_eq!(live.other_owners("me", "a"), ["before-first-apply"]);
        assert_eq!(live.other_owners("me", "b"), ["before-first-apply"]);
        assert_eq!(with_owners(live.clone()), live, "only when there are none");
    }

    #[test]
    fn other_objects_are_none() {
        for text in [r#"{"apiVersion":"v1","kind":"Secret","metadata":{}}"#, "{}", "[]", r#"{"metadata":{}}"#] {
            assert_eq!(live(serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }
}
