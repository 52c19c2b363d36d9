//! A kubeconfig file with contexts that work and contexts that do not.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::{Proxy, Server};

/// A kubeconfig in the making. Servers that do not answer are there as long as the value.
#[derive(Debug, Default)]
pub struct Kubeconfig {
    clusters: Vec<Json>,
    users: Vec<Json>,
    contexts: Vec<Json>,
    current: String,
    silent: Vec<TcpListener>,
}

impl Kubeconfig {
    pub fn new() -> Self {
        Self::default()
    }

    /// A context of a server and the user with this token. The first context is the current one, unless told otherwise.
    pub fn context(self, name: &str, server: &Server, token: &str) -> Self {
        let authority = server.directory().join("authority.crt");
        let cluster = json!({ "server": server.url(), "certificate-authority": authority });
        self.add(name, cluster, token)
    }

    /// The same through a proxy.
    pub fn context_through(self, name: &str, proxy: &Proxy, token: &str) -> Self {
        self.add(name, json!({ "server": proxy.url() }), token)
    }

    /// A context whose token no server knows.
    pub fn wrong_token(self, name: &str, server: &Server) -> Self {
        self.context(name, server, "nobody-has-this-token")
    }

    /// A context whose server takes connections and says nothing.
    pub fn silent(mut self, name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        self.silent.push(listener);
        self.add(name, json!({ "server": url }), "any")
    }

    /// A context at whose address nobody listens. The port is one that nobody is given by chance.
    pub fn refusing(self, name: &str) -> Self {
        self.add(name, json!({ "server": "http://127.0.0.1:1" }), "any")
    }

    pub fn current(mut self, name: &str) -> Self {
        name.clone_into(&mut self.current);
        self
    }

    /// The namespace of the context that was added last.
    pub fn namespace(mut self, namespace: &str) -> Self {
        if let Some(context) = self.contexts.last_mut() {
            context["context"]["namespace"] = json!(namespace);
        }
        self
    }

    fn add(mut self, name: &str, cluster: Json, token: &str) -> Self {
        self.clusters.push(json!({ "name": name, "cluster": cluster }));
        self.users.push(json!({ "name": name, "user": { "token": token } }));
        self.contexts.push(json!({ "name": name, "context": { "cluster": name, "user": name } }));
        if self.current.is_empty() {
            name.clone_into(&mut self.current);
        }
        self
    }

    /// The file's text: JSON, which is YAML too.
    pub fn text(&self) -> String {
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": self.current,
            "clusters": self.clusters, "users": self.users, "contexts": self.contexts,
        });
        serde_json::to_string_pretty(&config).unwrap()
    }

    pub fn write(&self, path: &Path) -> PathBuf {
        fs::write(path, self.text()).unwrap();
        path.to_owned()
    }
}
