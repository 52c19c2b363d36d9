//! Handing keys over from one field manager to another, by rewriting who the server says wrote them.
//!
//! Keys that a program wrote by update stay its own for ever, even when nobody sends them any more. Made ours, the next
//! apply can remove them. Only the keys are handed over; labels and the rest stay with who wrote them.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::live::{Live, Operation};

/// The field managers of Prow's own uploaders, and of ours that does what they do.
pub const UPLOADERS: [&str; 3] = ["hook", "config-bootstrapper", "config-uploader"];

/// What of `fieldsV1` are keys.
const BAGS: [&str; 2] = ["f:data", "f:binaryData"];

/// Keys that change hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Who has them, in order, each with its keys.
    pub from: Vec<(String, BTreeSet<String>)>,
    /// The request, a JSON patch for just the state that was read.
    pub patch: Vec<u8>,
}

/// What it takes to make `manager` own, as by server-side apply, those keys of the managers of these names that are `wanted`;
/// nothing when there are none.
pub fn handover(live: &Live, names: &[String], manager: &str, wanted: &dyn Fn(&str) -> bool) -> Option<Handover> {
    let is_ours = |name: &str, operation| name == manager && operation == Operation::Apply;
    let (mut from, mut rest, mut keys) = (Vec::new(), Vec::new(), Map::new());
    let mut ours: Option<Json> = None;
    for entry in &live.managers {
        let mut raw: Json = serde_json::from_str(&entry.raw).ok()?;
        if is_ours(&entry.name, entry.operation) {
            ours = Some(raw);
            continue;
        }
        let taken: BTreeSet<String> = entry.keys.iter().filter(|key| wanted(key)).cloned().collect();
        if names.contains(&entry.name) && !taken.is_empty() {
            let fields = raw.get_mut("fieldsV1").and_then(Json::as_object_mut)?;
            for bag in BAGS {
                let Some(Json::Object(all)) = fields.remove(bag) else { continue };
                let is_taken = |field: &str| field.strip_prefix("f:").is_some_and(|key| taken.contains(key));
                let takes_all = all.keys().all(|field| field == "." || is_taken(field));
                let (ours, theirs): (Map<_, _>, Map<_, _>) =
                    all.into_iter().partition(|(field, _)| takes_all || is_taken(field));
                merge(&mut keys, bag, Json::Object(ours));
                if !theirs.is_empty() {
                    fields.insert(bag.to_owned(), Json::Object(theirs));
                }
            }
            from.push((entry.name.clone(), taken));
            if fields.is_empty() {
                continue;
            }
        }
        rest.push(raw);
    }
    if from.is_empty() {
        return None;
    }
    let mut ours = ours.unwrap_or_else(|| {
        json!({"manager": manager, "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {}})
    });
    let fields = ours.get_mut("fieldsV1").and_then(Json::as_object_mut)?;
    for (bag, taken) in keys {
        merge(fields, &bag, taken);
    }
    rest.push(ours);
    let patch = json!([
        {"op": "replace", "path": "/metadata/resourceVersion", "value": live.version},
        {"op": "replace", "path": "/metadata/managedFields", "value": rest},
    ]);
    Some(Handover { from, patch: patch.to_string().into_bytes() })
}

/// Adds what is below `name` to what is there.
fn merge(into: &mut Map<String, Json>, name: &str, taken: Json) {
    match (into.get_mut(name).and_then(Json::as_object_mut), taken) {
        (Some(there), Json::Object(taken)) => there.extend(taken),
        (_, taken) => drop(into.insert(name.to_owned(), taken)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::Manager;

    fn manager(name: &str, operation: Operation, keys: &[&str], raw: Json) -> Manager {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Manager { name: name.into(), operation, keys, raw: raw.to_string() }
    }

    #[test]
    fn keys_change_hands_and_labels_stay() {
        let hook = json!({"manager": "hook", "operation": "Update", "fieldsV1":
            {"f:data": {".": {}, "f:a": {}}, "f:binaryData": {"f:b": {}}, "f:metadata": {"f:labels": {"f:x": {}}}}});
        let ours = json!({"manager": "cutwater/o/r", "operation": "Apply", "fieldsV1": {"f:data": {"f:c": {}}}});
        let kubectl = json!({"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:data": {"f:d": {}}}});
        let live = Live {
            version: "7".into(),
            managers: vec![
                manager("hook", Operation::Update, &["a", "b"], hook),
                manager("cutwater/o/r", Operation::Apply, &["c"], ours),
                manager("kubectl", Operation::Update, &["d"], kubectl.clone()),
            ],
            ..Live::default()
        };
        let handover = handover(&live, &["hook".to_owned()], "cutwater/o/r", &|_| true).unwrap();
        let patch: Json = serde_json::from_slice(&handover.patch).unwrap();
        assert_eq!(patch[0]["value"], "7");
        let left =
            json!({"manager": "hook", "operation": "Update", "fieldsV1": {"f:metadata": {"f:labels": {"f:x": {}}}}});
        let mine = json!({"manager": "cutwater/o/r", "operation": "Apply", "fieldsV1":
            {"f:data": {".": {}, "f:a": {}, "f:c": {}}, "f:binaryData": {"f:b": {}}}});
        assert_eq!(patch[1]["value"], json!([left, kubectl, mine]));
    }

    #[test]
    fn only_wanted_keys_change_hands() {
        let fields = json!({"f:data": {".": {}, "f:a": {}, "f:b": {}}});
        let hook = json!({"manager": "hook", "operation": "Update", "fieldsV1": fields});
        let live = Live { managers: vec![manager("hook", Operation::Update, &["a", "b"], hook)], ..Live::default() };
        let handover = handover(&live, &["hook".to_owned()], "m", &|key| key == "a").unwrap();
        assert_eq!(handover.from, [("hook".to_owned(), ["a".to_owned()].into())]);
        let patch: Json = serde_json::from_slice(&handover.patch).unwrap();
        assert_eq!(patch[1]["value"][0]["fieldsV1"], json!({"f:data": {".": {}, "f:b": {}}}));
        assert_eq!(patch[1]["value"][1]["fieldsV1"], json!({"f:data": {"f:a": {}}}));
    }

    #[test]
    fn without_keys_nothing_is_handed_over() {
        let entry = manager("hook", Operation::Update, &[], json!({"fieldsV1": {}}));
        let live = Live { managers: vec![entry], ..Live::default() };
        assert_eq!(handover(&live, &["hook".to_owned()], "m", &|_| true), None);
    }
}
