//! What an answer means: done, not there, worth another try, or a [`Failure`].
//!
//! [`judge`] goes by the HTTP status first and then by what API servers are known to say. It has to look at texts, since
//! servers give different things the same status and reason: a field of another manager and a stale resourceVersion are
//! both 409 `Conflict`, a full etcd is 500 like any defect. The texts themselves stay here; see [`super::words`].

use std::time::Duration;

use http::StatusCode;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusCause};

use super::failure::Failure;
use super::object::RESOURCE;
use super::request::{Effect, Request};
use super::words;

/// What came back for one attempt.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    /// An answer.
    Answer {
        /// The HTTP status.
        code: u16,
        /// What the header `Retry-After` says.
        retry_after: Option<Duration>,
        /// The body.
        body: Vec<u8>,
    },
    /// Nothing was sent, since there was no connection.
    NoConnection(String),
    /// The connection broke after something was sent.
    Lost(String),
    /// No answer within the time for one request.
    TooSlow,
    /// Nothing was sent, since the server has done nothing for so long.
    GivenUp(Duration),
    /// Nothing was sent, since the run is ending.
    Stopped,
    /// There are no credentials to send.
    NoCredentials(String),
}

/// What it means.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is done; the body of the answer.
    Done(Vec<u8>),
    /// There is no such object.
    Absent,
    /// It may pass.
    Later(Trouble),
    /// It will not pass.
    Failed(Failure),
}

/// Trouble that may pass.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// What it is.
    pub kind: Ill,
    /// What the server asked for.
    pub retry_after: Option<Duration>,
    /// Whether a write may have taken place all the same.
    pub is_ambiguous: bool,
}

/// Kinds of trouble that may pass.
#[derive(Clone, Debug)]
pub(super) enum Ill {
    /// 429.
    Overloaded,
    /// Other answers: status and reason.
    Unwell(u16, String),
    /// No connection, or a lost one.
    Unreachable(String),
    /// No answer in time.
    TooSlow,
}

impl Trouble {
    /// What is left to say when it did not pass.
    pub(super) fn into_failure(self, request: &Request, attempts: u32, waited: Duration) -> Failure {
        let cluster = request.object.cluster.clone();
        match self.kind {
            Ill::Overloaded => Failure::Overloaded { cluster, waited, attempts },
            Ill::Unwell(code, reason) => Failure::Server { cluster, code, reason, attempts },
            Ill::Unreachable(cause) => Failure::Unreachable { cluster, cause, attempts },
            Ill::TooSlow => Failure::TimedOut { cluster, waited, attempts },
        }
    }

    /// What happened to the answer, in a few words.
    pub(super) fn cause(&self) -> String {
        match &self.kind {
            Ill::Overloaded => "the server is overloaded".to_owned(),
            Ill::Unwell(code, reason) => format!("the server answered with status {code}, {reason}"),
            Ill::Unreachable(cause) => format!("the connection was lost ({cause})"),
            Ill::TooSlow => "there was no answer in time".to_owned(),
        }
    }
}

/// Requests larger than this are refused, at times by closing the connection (`LIMITS` of `crate::updater::size`).
const LARGEST_REQUEST: usize = 3 << 20;

/// What came back, understood.
pub(super) fn judge(request: &Request, sent: Sent) -> Verdict {
    let later = |kind, is_ambiguous| Verdict::Later(Trouble { kind, retry_after: None, is_ambiguous });
    match sent {
        Sent::Answer { code: 200..=299, body, .. } => Verdict::Done(body),
        Sent::Answer { code, retry_after, body } => Answer::new(request, code, retry_after, &body).judge(),
        Sent::NoCredentials(cause) => {
            Verdict::Failed(Failure::Unauthorized { cluster: request.object.cluster.clone(), cause: Some(cause) })
        }
        Sent::GivenUp(time) => {
            let cause = format!("no request has come to anything for {:.0} s", time.as_secs_f64());
            let cluster = request.object.cluster.clone();
            Verdict::Failed(Failure::Unreachable { cluster, cause, attempts: 0 })
        }
        Sent::Stopped => Verdict::Failed(Failure::Stopped { object: request.object.clone() }),
        Sent::Lost(_) if request.size() > LARGEST_REQUEST => Verdict::Failed(too_large_request(request)),
        Sent::NoConnection(cause) => later(Ill::Unreachable(cause), false),
        Sent::Lost(cause) => later(Ill::Unreachable(cause), true),
        Sent::TooSlow => later(Ill::TooSlow, true),
    }
}

fn too_large_request(request: &Request) -> Failure {
    let limit = format!("a request may have 3 MiB, this one has {} bytes", request.size());
    Failure::TooLarge { object: request.object.clone(), limit }
}

/// An answer that is no success.
struct Answer<'a> {
    request: &'a Request,
    code: u16,
    retry_after: Option<Duration>,
    /// What API servers answer with; others do not.
    status: Option<Status>,
    /// What it says. May hold anything, so it is looked at and not passed on.
    text: String,
}

impl<'a> Answer<'a> {
    fn new(request: &'a Request, code: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let status: Option<Status> = serde_json::from_slice(body).ok();
        let text = match status.as_ref().and_then(|status| status.message.clone()) {
            Some(message) => message,
            None => String::from_utf8_lossy(body.get(..4096).unwrap_or(body)).into_owned(),
        };
        let in_body = status.as_ref().and_then(|status| status.details.as_ref()?.retry_after_seconds);
        let in_body = in_body.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
        Self { request, code, retry_after: retry_after.or(in_body.map(Duration::from_secs)), status, text }
    }

    fn judge(self) -> Verdict {
        if let Some(by) = words::who_denied(&self.text)
            && (400..500).contains(&self.code)
        {
            return Verdict::Failed(Failure::Denied { object: self.request.object.clone(), by });
        }
        match self.code {
            401 => Verdict::Failed(Failure::Unauthorized { cluster: self.request.object.cluster.clone(), cause: None }),
            403 => Verdict::Failed(self.forbidden()),
            404 => self.not_found(),
            409 => Verdict::Failed(self.conflict()),
            400 => Verdict::Failed(self.invalid(words::of_bad_request(&self.text))),
            413 => Verdict::Failed(too_large_request(self.request)),
            422 => Verdict::Failed(self.unprocessable()),
            429 => self.later(Ill::Overloaded, false),
            500 => self.broken(),
            408 | 502 | 504 => self.unwell(true),
            // It says that nothing was done.
            503 => self.unwell(false),
            _ => Verdict::Failed(self.server()),
        }
    }

    fn later(&self, kind: Ill, is_ambiguous: bool) -> Verdict {
        Verdict::Later(Trouble { kind, retry_after: self.retry_after, is_ambiguous })
    }

    fn unwell(&self, is_ambiguous: bool) -> Verdict {
        self.later(Ill::Unwell(self.code, self.reason()), is_ambiguous)
    }

    fn server(&self) -> Failure {
        let cluster = self.request.object.cluster.clone();
        Failure::Server { cluster, code: self.code, reason: self.reason(), attempts: 1 }
    }

    fn invalid(&self, reason: String) -> Failure {
        Failure::Invalid { object: self.request.object.clone(), reason }
    }

    /// The server's reason where it is one word, else what the status means.
    fn reason(&self) -> String {
        let given = self.status.as_ref().and_then(|status| status.reason.as_deref());
        let is_word = |reason: &&str| !reason.is_empty() && reason.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let usual = StatusCode::from_u16(self.code).ok().and_then(|code| code.canonical_reason());
        words::of_broken(&self.text)
            .or_else(|| given.filter(is_word).map(str::to_owned))
            .unwrap_or_else(|| usual.unwrap_or("not what an API server says").to_owned())
    }

    fn causes(&self) -> &[StatusCause] {
        let details = self.status.as_ref().and_then(|status| status.details.as_ref());
        details.and_then(|details| details.causes.as_deref()).unwrap_or(&[])
    }

    fn has_cause(&self, reason: &str) -> bool {
        self.causes().iter().any(|cause| cause.reason.as_deref() == Some(reason))
    }

    fn forbidden(&self) -> Failure {
        let object = self.request.object.clone();
        if self.has_cause("NamespaceTerminating") || self.text.contains("because it is being terminated") {
            return Failure::NoNamespace { object, is_ending: true };
        }
        // An apply to what is not there needs `create` too; only the server knows which of the two is missing.
        let verb = words::missing_verb(&self.text).unwrap_or(self.request.verb).to_owned();
        Failure::Forbidden { object, verb }
    }

    fn not_found(&self) -> Verdict {
        let object = self.request.object.clone();
        let kind = self.status.as_ref().and_then(|status| status.details.as_ref()?.kind.as_deref());
        match kind {
            Some("namespaces") => Verdict::Failed(Failure::NoNamespace { object, is_ending: false }),
            Some(kind) if kind == RESOURCE => match self.request.effect {
                Effect::None => Verdict::Absent,
                Effect::Guarded | Effect::Unguarded => Verdict::Failed(Failure::Changed { object }),
            },
            // Anything may say 404, and a wrong address must not look like an empty cluster.
            _ => Verdict::Failed(self.server()),
        }
    }

    fn conflict(&self) -> Failure {
        let object = self.request.object.clone();
        if self.has_cause("FieldManagerConflict") {
            let fields = self.causes().iter().filter(|cause| cause.reason.as_deref() == Some("FieldManagerConflict"));
            return Failure::FieldConflict { object, fields: fields.map(words::field_and_manager).collect() };
        }
        match self.status.as_ref().and_then(|status| status.reason.as_deref()) {
            Some("AlreadyExists") => Failure::AlreadyExists { object },
            _ => Failure::Changed { object },
        }
    }

    fn unprocessable(&self) -> Failure {
        let object = self.request.object.clone();
        let says = |part: &str| {
            self.text.contains(part)
                || self.causes().iter().any(|cause| cause.message.as_deref().is_some_and(|text| text.contains(part)))
        };
        if says("field is immutable when `immutable` is set") {
            return Failure::Immutable { object };
        }
        if says("Too long: ") || says("must have at most ") {
            return Failure::TooLarge { object, limit: words::too_long(self.causes()) };
        }
        // An object of the same name that is another one.
        if self.causes().iter().any(|cause| cause.field.as_deref() == Some("metadata.uid")) {
            return Failure::Changed { object };
        }
        // Of a JSON patch that tests in vain, or removes what is not there, servers do not say more than this.
        if self.request.is_json_patch() && self.causes().is_empty() && says("due to an error in our request") {
            return Failure::Changed { object };
        }
        self.invalid(words::of_invalid(self.causes()))
    }

    fn broken(&self) -> Verdict {
        const TOO_LARGE: &[&str] = &["request is too large", "ResourceExhausted", "larger than max"];
        const PASSING: &[&str] = &[
            "etcdserver: request timed out",
            "etcdserver: leader changed",
            "etcdserver: no leader",
            "etcdserver: too many requests",
            "etcdserver: server stopped",
            "connection refused",
            "context deadline exceeded",
            "error reading from server",
            "transport is closing",
            "code = Unavailable",
            "code = DeadlineExceeded",
            "timed out",
            "unexpected EOF",
        ];
        let says = |texts: &[&str]| texts.iter().any(|part| self.text.contains(part));
        if says(TOO_LARGE) {
            let limit = "etcd takes 1.5 MiB, and keys, their owners and annotations count as well as values".to_owned();
            return Verdict::Failed(Failure::TooLarge { object: self.request.object.clone(), limit });
        }
        let reason = self.status.as_ref().and_then(|status| status.reason.as_deref());
        if reason == Some("ServerTimeout") || self.retry_after.is_some() || says(PASSING) {
            return self.unwell(true);
        }
        Verdict::Failed(self.server())
    }
}

#[cfg(test)]
mod tests;
