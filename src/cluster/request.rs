//! Requests as values: method, path, headers and body, made without a connection.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request as Http};
use kube::client::Body;

use super::failure::Failure;
use super::object::{Object, RESOURCE};
use crate::upload::Edit;

/// Of a written object only who and which version is asked for: the rest is as large as what was sent.
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const WHOLE: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";

/// One request, which can be sent several times.
pub(super) struct Request {
    /// What it is about.
    pub object: Object,
    /// The verb that a role has to allow.
    pub verb: &'static str,
    /// Whether it changes anything, and what a second time does.
    pub effect: Effect,
    method: Method,
    path: String,
    accept: &'static str,
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

/// What becomes of things when a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// A write that is refused the second time.
    Guarded,
    /// A write that takes place as often as it is sent.
    Unguarded,
}

impl Request {
    /// Reads an object.
    pub(super) fn get(object: Object) -> Result<Self, Failure> {
        let path = path(&object, true)?;
        Ok(Self {
            object,
            verb: "get",
            effect: Effect::None,
            method: Method::GET,
            path,
            accept: WHOLE,
            content_type: None,
            body: Vec::new(),
        })
    }

    /// Writes an object. `manager` is whose write it is when the edit does not say so itself.
    pub(super) fn write(object: Object, edit: Edit, manager: &str) -> Result<Self, Failure> {
        let mut path = path(&object, !matches!(edit, Edit::Create { .. }))?;
        let (method, content_type) = match &edit {
            Edit::Apply { .. } => (Method::PATCH, "application/apply-patch+yaml"),
            Edit::Create { .. } => (Method::POST, "application/json"),
            Edit::Replace { .. } => (Method::PUT, "application/json"),
            Edit::Patch { .. } => (Method::PATCH, JSON_PATCH),
        };
        let (manager, force) = match &edit {
            Edit::Apply { manager, force, .. } => (manager.as_str(), *force),
            _ => (manager, false),
        };
        path.push_str("?fieldManager=");
        escape(manager, &mut path);
        path.push_str("&fieldValidation=Strict");
        if force {
            path.push_str("&force=true");
        }
        let (verb, is_guarded) = (edit.verb(), edit.is_guarded());
        let (Edit::Apply { body, .. }
        | Edit::Create { body }
        | Edit::Replace { body }
        | Edit::Patch { json_patch: body }) = edit;
        Ok(Self {
            object,
            verb,
            effect: if is_guarded { Effect::Guarded } else { Effect::Unguarded },
            method,
            path,
            accept: METADATA,
            content_type: Some(content_type),
            body,
        })
    }

    /// Whether it writes.
    pub(super) fn is_write(&self) -> bool {
        self.effect != Effect::None
    }

    /// Whether it changes single things in the object that was read.
    pub(super) fn is_json_patch(&self) -> bool {
        self.content_type == Some(JSON_PATCH)
    }

    /// Bytes of the body.
    pub(super) fn size(&self) -> usize {
        self.body.len()
    }

    /// The request as it is sent.
    pub(super) fn http(&self) -> Result<Http<Body>, http::Error> {
        let mut request = Http::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(ACCEPT, HeaderValue::from_static(self.accept));
        if let Some(content_type) = self.content_type {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        request.body(Body::from(self.body.clone()))
    }
}

/// The path of an object, or of the list that it is to be added to.
fn path(object: &Object, is_named: bool) -> Result<String, Failure> {
    for (what, name) in [("namespace", &object.namespace), ("name", &object.name)] {
        // Without a name the same address is that of all objects, and with dots that of something else.
        if name.is_empty() || name == "." || name == ".." {
            let reason = format!("its {what} is `{name}`");
            return Err(Failure::Invalid { object: object.clone(), reason });
        }
    }
    let mut path = "/api/v1/namespaces/".to_owned();
    escape(&object.namespace, &mut path);
    path.push('/');
    path.push_str(RESOURCE);
    if is_named {
        path.push('/');
        escape(&object.name, &mut path);
    }
    Ok(path)
}

fn escape(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(namespace: &str, name: &str) -> Object {
        Object { cluster: "c".into(), namespace: namespace.into(), name: name.into() }
    }

    fn sent(edit: Edit) -> Http<Body> {
        Request::write(object("ns", "cm"), edit, "me").unwrap().http().unwrap()
    }

    #[test]
    fn writes_say_whose_they_are() {
        let apply = sent(Edit::Apply { manager: "cutwater/org/repo".into(), force: true, body: b"{}".into() });
        assert_eq!(apply.method(), Method::PATCH);
        assert_eq!(
            apply.uri(),
            "/api/v1/namespaces/ns/configmaps/cm?fieldManager=cutwater%2Forg%2Frepo&fieldValidation=Strict&force=true"
        );
        assert_eq!(apply.headers()[CONTENT_TYPE], "application/apply-patch+yaml");
        let create = sent(Edit::Create { body: b"{}".into() });
        assert_eq!(create.method(), Method::POST);
        assert_eq!(create.uri(), "/api/v1/namespaces/ns/configmaps?fieldManager=me&fieldValidation=Strict");
        let replace = sent(Edit::Replace { body: b"{}".into() });
        assert_eq!(replace.method(), Method::PUT);
        assert_eq!(replace.uri(), "/api/v1/namespaces/ns/configmaps/cm?fieldManager=me&fieldValidation=Strict");
        let patch = sent(Edit::Patch { json_patch: b"[]".into() });
        assert_eq!(patch.headers()[CONTENT_TYPE], "application/json-patch+json");
    }

    #[test]
    fn odd_names_stay_within_their_place() {
        let get = Request::get(object("a/b", "c?d#é")).unwrap().http().unwrap();
        assert_eq!(get.uri(), "/api/v1/namespaces/a%2Fb/configmaps/c%3Fd%23%C3%A9");
        for (namespace, name) in [("", "a"), ("a", ""), ("..", "a"), ("a", "..")] {
            assert!(
                matches!(Request::get(object(namespace, name)), Err(Failure::Invalid { .. })),
                "{namespace}/{name}"
            );
        }
    }
}
