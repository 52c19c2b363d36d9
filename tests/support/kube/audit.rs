//! The requests that a server has had, from its audit log.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::{Server, until};

/// Metadata of every request except those that the server makes of itself.
pub const POLICY: &str = "\
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: None
  users: [system:apiserver]
- level: None
  nonResourceURLs: [/readyz*, /livez*]
- level: Metadata
";

/// A request with how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, …
    pub verb: String,
    pub user: String,
    /// Plural, such as `configmaps`.
    pub resource: String,
    pub namespace: String,
    /// Nothing for a POST, whose path has no name.
    pub name: String,
    /// Path and query.
    pub uri: String,
    pub user_agent: String,
    /// When it came, as RFC 3339 with microseconds.
    pub at: String,
    /// The status of the answer; none when the server was killed before.
    pub code: Option<u16>,
}

impl Audited {
    /// Whether it would change something, had it succeeded.
    pub fn is_write(&self) -> bool {
        !matches!(self.verb.as_str(), "get" | "list" | "watch")
    }
}

impl Server {
    /// All requests so far, in the order in which they came. Each request that was answered is there, with its status.
    pub fn audit(&self) -> Vec<Audited> {
        // The server notes the end of a request after it has answered; its beginning, before.
        let log = self.audit_log();
        until("every request ends", || read(&log, self.audit_lost(), ""))
    }

    /// The requests about objects of a namespace. What other tests ask of the server meanwhile is not waited for.
    pub fn audit_in(&self, namespace: &str) -> Vec<Audited> {
        let (log, mark) = (self.audit_log(), format!("\"namespace\":\"{namespace}\""));
        let mut requests = until("every request in the namespace ends", || read(&log, self.audit_lost(), &mark));
        requests.retain(|request| request.namespace == namespace);
        requests
    }
}

/// The requests in a log whose lines have `mark`; nothing while some of them have not ended. Those that began before `lost`
/// bytes ended with a server that was killed.
fn read(log: &Path, lost: usize, mark: &str) -> Option<Vec<Audited>> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let mut requests: Vec<Audited> = Vec::new();
    let mut open: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        offset += line.len();
        // To parse all that hundreds of tests have asked would take longer than the tests.
        if !line.contains(mark) {
            continue;
        }
        // A server that is killed leaves half a line, and a server that writes has it for a moment.
        let Ok(event) = serde_json::from_str::<Json>(line) else { continue };
        let id = event["auditID"].as_str().unwrap_or_default();
        let stage = event["stage"].as_str().unwrap_or_default();
        let known = open.get(id).map(|(index, _)| *index);
        let index = known.unwrap_or_else(|| {
            requests.push(request(&event));
            requests.len() - 1
        });
        let code = event["responseStatus"]["code"].as_u64().and_then(|code| u16::try_from(code).ok());
        let Some(request) = requests.get_mut(index) else { continue };
        request.code = code.or(request.code);
        match stage {
            "RequestReceived" => {
                open.insert(id.to_owned(), (index, offset));
            }
            // A watch has no end, and a refused login no beginning.
            "ResponseStarted" if request.verb != "watch" => {}
            _ if request.verb == "watch" => {
                open.insert(id.to_owned(), (index, 0));
            }
            _ => {
                open.remove(id);
            }
        }
    }
    open.values().all(|(_, began)| *began <= lost).then_some(requests)
}

fn request(event: &Json) -> Audited {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let object = &event["objectRef"];
    Audited {
        verb: text(&event["verb"]),
        user: text(&event["user"]["username"]),
        resource: text(&object["resource"]),
        namespace: text(&object["namespace"]),
        name: text(&object["name"]),
        uri: text(&event["requestURI"]),
        user_agent: text(&event["userAgent"]),
        at: text(&event["requestReceivedTimestamp"]),
        code: None,
    }
}
