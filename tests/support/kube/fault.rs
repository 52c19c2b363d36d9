//! What a proxy does to requests, and to which.

use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;
use std::time::Duration;

/// What of a request decides about its fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub method: String,
    /// Without the query.
    pub path: String,
    pub query: String,
}

impl Head {
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

type Takes = dyn Fn(&Head) -> bool + Send + Sync;
type IsDue = dyn Fn(usize) -> bool + Send + Sync;
type Run = dyn Fn() + Send + Sync;

/// Some requests: those that a predicate takes, and of these all or some by their number, counted from 1.
pub struct When {
    pub(super) takes: Box<Takes>,
    pub(super) is_due: Box<IsDue>,
}

impl fmt::Debug for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("When")
    }
}

impl When {
    /// Requests that a predicate takes.
    pub fn is(takes: impl Fn(&Head) -> bool + Send + Sync + 'static) -> Self {
        Self { takes: Box::new(takes), is_due: Box::new(|_| true) }
    }

    pub fn any() -> Self {
        Self::is(|_| true)
    }

    /// Requests that would change something.
    pub fn write() -> Self {
        Self::is(Head::is_write)
    }

    pub fn read() -> Self {
        Self::is(|head| !head.is_write())
    }

    pub fn method(method: &'static str) -> Self {
        Self::is(move |head| head.method == method)
    }

    /// Those of them whose path has this in it.
    pub fn on(self, part: impl Into<String>) -> Self {
        let (part, takes) = (part.into(), self.takes);
        Self { takes: Box::new(move |head| takes(head) && head.path.contains(&part)), ..self }
    }

    /// Only the one with this number among them.
    pub fn nth(self, number: usize) -> Self {
        self.those(number..=number)
    }

    /// Only those with these numbers, such as `1..=2` or `3..`.
    pub fn those(self, numbers: impl RangeBounds<usize> + Send + Sync + 'static) -> Self {
        Self { is_due: Box::new(move |number| numbers.contains(&number)), ..self }
    }
}

/// What happens to a request.
#[derive(Clone)]
pub enum Fault {
    /// It is answered and never reaches the server.
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    /// It reaches the server later.
    Delay(Duration),
    /// It reaches the server at once, and the answer comes later.
    DelayAnswer(Duration),
    /// The connection is reset, before the body is read; it never reaches the server.
    Reset,
    /// It reaches the server, and when that has answered the connection is reset.
    LoseAnswer,
    /// Something is run before it reaches the server, such as another writer.
    Before(Arc<Run>),
    /// Something is run when the server has answered, before the answer is passed on, such as the end of the server.
    After(Arc<Run>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { status, .. } => write!(formatter, "Answer({status})"),
            Self::Delay(duration) => write!(formatter, "Delay({duration:?})"),
            Self::DelayAnswer(duration) => write!(formatter, "DelayAnswer({duration:?})"),
            Self::Reset => formatter.write_str("Reset"),
            Self::LoseAnswer => formatter.write_str("LoseAnswer"),
            Self::Before(_) => formatter.write_str("Before"),
            Self::After(_) => formatter.write_str("After"),
        }
    }
}

impl Fault {
    /// An answer as the API server makes it, a Status object with code, reason and message.
    pub fn status(status: u16, reason: &str, message: &str) -> Self {
        let body = serde_json::json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": status,
        });
        Self::plain(status, &body.to_string()).header("Content-Type", "application/json")
    }

    /// An answer of plain text.
    pub fn plain(status: u16, body: &str) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.to_owned() }
    }

    /// The same answer with a header, which takes the place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Somebody has written in between.
    pub fn modified() -> Self {
        let message = "Operation cannot be fulfilled on configmaps: the object has been modified; please apply your \
                       changes to the latest version and try again";
        Self::status(409, "Conflict", message)
    }

    pub fn forbidden(message: &str) -> Self {
        Self::status(403, "Forbidden", message)
    }

    /// The request's body is above the server's limit.
    pub fn body_too_large() -> Self {
        Self::status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728")
    }

    /// The values are above the limit of ConfigMaps.
    pub fn values_too_long() -> Self {
        let message = "ConfigMap is invalid: []: Too long: may not be more than 1048576 bytes";
        Self::status(422, "Invalid", message)
    }

    /// The object is above etcd's limit.
    pub fn object_too_large() -> Self {
        Self::status(500, "", "etcdserver: request is too large")
    }

    /// The server has too much to do. It says so in plain text.
    pub fn too_many_requests(retry_after: u32) -> Self {
        let plain = Self::plain(429, "Too many requests, please try again later.\n");
        plain.header("Content-Type", "text/plain; charset=utf-8").header("Retry-After", &retry_after.to_string())
    }

    pub fn unavailable() -> Self {
        Self::status(503, "ServiceUnavailable", "the server is currently unable to handle the request")
    }

    pub fn before(run: impl Fn() + Send + Sync + 'static) -> Self {
        Self::Before(Arc::new(run))
    }

    pub fn after(run: impl Fn() + Send + Sync + 'static) -> Self {
        Self::After(Arc::new(run))
    }
}
