//! Paths of objects in the API, and what is in a ConfigMap.

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub fn namespace(name: &str) -> String {
    format!("/api/v1/namespaces/{name}")
}

pub fn config_maps(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/configmaps")
}

pub fn config_map(namespace: &str, name: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/configmaps/{name}")
}

pub fn role(namespace: &str, name: &str) -> String {
    format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles/{name}")
}

pub fn role_binding(namespace: &str, name: &str) -> String {
    format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings/{name}")
}

pub fn lease(namespace: &str, name: &str) -> String {
    format!("/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}")
}

/// The bytes under each key of a ConfigMap, text and binary. A key that is in both bags is a failure.
#[track_caller]
pub fn contents(config_map: &Json) -> BTreeMap<String, Vec<u8>> {
    let entries = |bag: &str| {
        let entries = config_map[bag].as_object().cloned().unwrap_or_default().into_iter();
        entries.map(|(key, value)| (key, value.as_str().expect("values are text").to_owned()))
    };
    let mut contents: BTreeMap<_, _> = entries("data").map(|(key, text)| (key, text.into_bytes())).collect();
    for (key, text) in entries("binaryData") {
        let bytes = decoded(&text).unwrap_or_else(|| panic!("{key}: not base64: {text}"));
        assert!(contents.insert(key.clone(), bytes).is_none(), "{key} is in data and in binaryData");
    }
    contents
}

/// Reads base64 with padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for character in text.trim_end_matches('=').bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        (held, bits) = (held << 6 | u32::from(value), bits + 6);
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}
