//! ConfigMaps that were saved as files, as `kubectl get configmap -o yaml` or `-o json` prints them.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::convert;
use crate::upload::Live;
use crate::yaml::codec::{self, Strictness};
use crate::yaml::parse::parse;
use crate::yaml::value::Value as Yaml;

/// A ConfigMap that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its namespace; empty when it does not say.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What it was.
    pub live: Live,
}

/// Why a file holds no saved ConfigMaps. It does not say what is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSaved {
    /// The line where it shows, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for NotSaved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.what),
            None => out.write_str(&self.what),
        }
    }
}

impl std::error::Error for NotSaved {}

/// The ConfigMaps of a text: one object, a List, or several documents of these.
pub fn saved(text: &str) -> Result<Vec<Saved>, NotSaved> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Vec::new();
    if text.trim_start().starts_with('{') {
        let object = serde_json::from_str(text)
            .map_err(|error| NotSaved { line: Some(error.line()), what: "this is not JSON".to_owned() })?;
        collect(object, &mut found)?;
        return Ok(found);
    }
    for (first, document) in documents(text) {
        match of_yaml(document, first)? {
            Json::Null => {}
            object => collect(object, &mut found)?,
        }
    }
    Ok(found)
}

/// Takes an object or the items of a list.
fn collect(object: Json, found: &mut Vec<Saved>) -> Result<(), NotSaved> {
    let kind = object.get("kind").and_then(Json::as_str).unwrap_or("something without a kind");
    match kind {
        "ConfigMap" => {
            found.push(one(object)?);
            Ok(())
        }
        "List" | "ConfigMapList" => {
            let is_typed = kind == "ConfigMapList";
            let Json::Object(mut list) = object else { return Ok(()) };
            let Some(Json::Array(items)) = list.remove("items") else { return Ok(()) };
            for mut item in items {
                if is_typed && let Some(item) = item.as_object_mut() {
                    // Servers leave out of a list what the list says itself.
                    item.insert("apiVersion".to_owned(), "v1".into());
                    item.insert("kind".to_owned(), "ConfigMap".into());
                }
                if item.get("kind").and_then(Json::as_str) == Some("ConfigMap") {
                    found.push(one(item)?);
                }
            }
            Ok(())
        }
        other => {
            let is_word = other.len() < 100 && other.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
            let other = if is_word { other } else { "something else" };
            Err(NotSaved { line: None, what: format!("this is no ConfigMap and no List of them, but {other}") })
        }
    }
}

fn one(object: Json) -> Result<Saved, NotSaved> {
    let text = |name| object.pointer(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    if name.is_empty() {
        return Err(NotSaved { line: None, what: "a ConfigMap has no name".to_owned() });
    }
    let Some(live) = convert::live(object) else {
        let what = format!("the ConfigMap {name} has a field that is not what it should be, such as a number in data");
        return Err(NotSaved { line: None, what });
    };
    Ok(Saved { namespace, name, live })
}

/// The documents of a text, each with the number of lines before it. What stands within a value is indented.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("---") && line.get(3..).is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(' '))
        {
            documents.push((start_line, text.get(start..at).unwrap_or_default()));
            (start, start_line) = (at, number);
        }
        at += line.len();
    }
    documents.push((start_line, text.get(start..).unwrap_or_default()));
    documents
}

pub(super) fn of_yaml(text: &str, first: usize) -> Result<Json, NotSaved> {
    let at = |offset: usize, what: String| {
        let before = text.as_bytes().get(..offset).unwrap_or_default();
        NotSaved { line: Some(first + 1 + before.iter().filter(|byte| **byte == b'\n').count()), what }
    };
    let tree = parse(text).map_err(|error| at(error.offset, format!("this is not YAML: {}", error.message)))?;
    let value: Yaml = codec::read(&tree, Strictness::Lenient).map_err(|problems| {
        let offset = problems.first().map_or(0, |problem| problem.offset);
        at(offset, "this is not what kubectl writes".to_owned())
    })?;
    Ok(json(value))
}

/// The nesting of what was read is bounded by `yaml::limits`.
fn json(value: Yaml) -> Json {
    match value {
        Yaml::Null => Json::Null,
        Yaml::Bool(value) => value.into(),
        Yaml::Int(number) => number.into(),
        Yaml::Uint(number) => number.into(),
        Yaml::Float(number) => number.into(),
        Yaml::Text(text) => text.into(),
        Yaml::List(items) => items.into_iter().map(json).collect(),
        Yaml::Map(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::{Operation, Value};

    const ONE: &str = "apiVersion: v1\nbinaryData:\n  b: /w==\ndata:\n  a.yaml: |\n    x: 1\n    ---\n    y: 2\n  on: \"1\"\nkind: ConfigMap\n\
        metadata:\n  creationTimestamp: \"2026-01-02T03:04:05Z\"\n  managedFields:\n  - apiVersion: v1\n    fieldsType: FieldsV1\n    \
        fieldsV1:\n      f:data:\n        .: {}\n        f:a.yaml: {}\n    manager: m\n    operation: Apply\n  name: config\n  \
        namespace: ci\n  resourceVersion: \"7\"\n  uid: u\n";

    #[test]
    fn one_object() {
        let [saved] = &*saved(ONE).unwrap() else { panic!() };
        assert_eq!((saved.namespace.as_str(), saved.name.as_str(), saved.live.version.as_str()), ("ci", "config", "7"));
        assert_eq!(saved.live.values["a.yaml"], Value::Text("x: 1\n---\ny: 2\n".into()));
        assert_eq!(saved.live.values["b"], Value::Binary(b"\xff"[..].into()));
        assert!(saved.live.is_applied_by("m", "a.yaml"));
        assert_eq!(saved.live.managers[0].operation, Operation::Apply);
    }

    #[test]
    fn lists_documents_and_json() {
        let indented: String = ONE.lines().map(|line| format!("  {line}\n")).collect();
        let list = format!("apiVersion: v1\nkind: List\nitems:\n-{}", &indented[1..]);
        assert_eq!(saved(&list).unwrap(), saved(ONE).unwrap());
        assert_eq!(saved(&format!("---\n{ONE}---\n{ONE}---\n")).unwrap().len(), 2);
        let json = r#"{"apiVersion":"v1","kind":"ConfigMapList","items":[{"metadata":{"name":"a"},"data":{"k":"v"}}]}"#;
        let [of_json] = &*saved(json).unwrap() else { panic!() };
        assert_eq!((of_json.name.as_str(), of_json.namespace.as_str()), ("a", ""));
        assert_eq!(saved("").unwrap(), []);
        let mixed = r#"{"kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}]}"#;
        assert_eq!(saved(mixed).unwrap(), []);
    }

    #[test]
    fn what_is_none_is_told_without_its_content() {
        for (text, expected) in [
            ("{\n\"hunter2", "line 2: this is not JSON"),
            ("kind: List\n---\nb: [hunter2\n", "line "),
            ("kind: Secret\ndata: {a: hunter2}\n", "this is no ConfigMap and no List of them, but Secret"),
            ("a: hunter2\n", "this is no ConfigMap and no List of them, but something without a kind"),
            ("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "a ConfigMap has no name"),
            ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: 1}\n", "the ConfigMap a has a field"),
        ] {
            let message = saved(text).unwrap_err().to_string();
            assert!(message.starts_with(expected) && !message.contains("hunter2"), "{text}: {message}");
        }
    }
}
