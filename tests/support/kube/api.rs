//! A small blocking client of an API server: JSON in and out.
//!
//! It shares nothing with the clients under test, and retries nothing.

use std::collections::BTreeMap;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value as Json, json};

use super::{config_map, namespace, until, wait};

/// What sends requests, here and in the proxy.
pub type Sender = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// One that trusts an authority. It opens a connection for each request: a kept one may be to a server that is gone.
pub fn sender(trusted: &str) -> Sender {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap()).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let tls = rustls::ClientConfig::builder_with_provider(provider.into()).with_safe_default_protocol_versions();
    let tls = tls.unwrap().with_root_certificates(roots).with_no_client_auth();
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector)
}

/// A server as one user sees it.
#[derive(Clone, Debug)]
pub struct Api {
    sender: Sender,
    url: String,
    token: String,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

impl Answer {
    /// The body, for what has to succeed.
    #[track_caller]
    pub fn success(self) -> Json {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text());
        self.json()
    }

    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Api {
    /// A server or proxy at an address such as `https://127.0.0.1:6443`.
    pub fn new(url: &str, trusted: &str, token: &str) -> Self {
        Self { sender: sender(trusted), url: url.to_owned(), token: token.to_owned() }
    }

    /// Sends a request; the error says why there is no answer.
    pub fn send(&self, method: &str, path: &str, content_type: &str, body: impl Into<Bytes>) -> Result<Answer, String> {
        let request = self.request(method, path, content_type, body.into());
        let sender = self.sender.clone();
        wait(async move {
            let response = sender.request(request).await.map_err(|error| chain(&error))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| chain(&error))?.to_bytes();
            let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            Ok(Answer { status: head.status.as_u16(), headers, body })
        })
    }

    fn request(&self, method: &str, path: &str, content_type: &str, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        request = request.header("user-agent", "harness").header("authorization", format!("Bearer {}", self.token));
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        request.body(Full::new(body)).unwrap()
    }

    /// Starts a request whose answer never ends.
    pub(super) async fn stream(&self, path: &str) -> Result<Response<Incoming>, String> {
        self.sender.request(self.request("GET", path, "", Bytes::new())).await.map_err(|error| chain(&error))
    }

    #[track_caller]
    fn sure(&self, method: &str, path: &str, content_type: &str, body: &Json) -> Answer {
        let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        self.send(method, path, content_type, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// An object, if it is there.
    #[track_caller]
    pub fn find(&self, path: &str) -> Option<Json> {
        let answer = self.sure("GET", path, "", &Json::Null);
        (answer.status != 404).then(|| answer.success())
    }

    /// An object that is there, or a list.
    #[track_caller]
    pub fn get(&self, path: &str) -> Json {
        self.sure("GET", path, "", &Json::Null).success()
    }

    /// Creates an object in a collection; the path is the collection's.
    #[track_caller]
    pub fn create(&self, path: &str, object: &Json) -> Json {
        self.sure("POST", path, "application/json", object).success()
    }

    /// Replaces an object.
    #[track_caller]
    pub fn put(&self, path: &str, object: &Json) -> Json {
        self.sure("PUT", path, "application/json", object).success()
    }

    /// Changes an object by a merge patch.
    #[track_caller]
    pub fn patch(&self, path: &str, patch: &Json) -> Json {
        self.sure("PATCH", path, "application/merge-patch+json", patch).success()
    }

    /// Server-side apply without force. The answer may be a refusal.
    #[track_caller]
    pub fn apply(&self, path: &str, manager: &str, object: &Json) -> Answer {
        let path = format!("{path}?fieldManager={manager}");
        self.sure("PATCH", &path, "application/apply-patch+yaml", object)
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Json {
        self.sure("DELETE", path, "", &Json::Null).success()
    }

    /// Writes a ConfigMap of text values as any other writer would: made anew, or its values replaced.
    #[track_caller]
    pub fn write_config_map(&self, namespace: &str, name: &str, data: &[(&str, &str)]) -> Json {
        let data: BTreeMap<_, _> = data.iter().copied().collect();
        let path = config_map(namespace, name);
        match self.find(&path) {
            Some(mut live) => {
                live["data"] = json!(data);
                self.put(&path, &live)
            }
            None => self.create(&super::config_maps(namespace), &json!({ "metadata": { "name": name }, "data": data })),
        }
    }

    /// Makes a namespace unless it is there.
    #[track_caller]
    pub fn ensure_namespace(&self, name: &str) {
        if self.find(&namespace(name)).is_none() {
            self.create("/api/v1/namespaces", &json!({ "metadata": { "name": name } }));
        }
    }

    /// Whether the user may do something to an object (any, with an empty name).
    #[track_caller]
    pub fn may(&self, verb: &str, group: &str, resource: &str, namespace: &str, name: &str) -> bool {
        let asked = json!({ "verb": verb, "group": group, "resource": resource, "namespace": namespace, "name": name });
        let review = json!({ "spec": { "resourceAttributes": asked } });
        self.create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review)["status"]["allowed"] == true
    }

    /// Waits until the server has learnt that the user may do something: roles take a moment.
    #[track_caller]
    pub fn until_may(&self, verb: &str, group: &str, resource: &str, namespace: &str, name: &str) {
        let what = format!("{verb} {resource} {namespace}/{name} is allowed");
        until(&what, || self.may(verb, group, resource, namespace, name).then_some(()));
    }
}

/// An error with all that led to it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
