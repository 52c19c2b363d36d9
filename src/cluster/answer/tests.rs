//! What servers answer, and what it is taken for. Many of the texts are what kube-apiserver 1.33 was seen to say, shortened;
//! the others are made up, after its source, other versions, and what stands before servers.

use super::super::object::Object;
use super::*;
use crate::upload::Edit;

/// What nobody may ever read in a message.
const SECRET: &str = "hunter2";

fn object() -> Object {
    Object { cluster: "build01".into(), namespace: "ci".into(), name: "config".into() }
}

fn read() -> Request {
    Request::get(object()).unwrap()
}

fn write_of(bytes: usize) -> Request {
    let body = format!(r#"{{"metadata":{{"resourceVersion":"7"}},"data":{{"a":"{SECRET}{}"}}}}"#, "x".repeat(bytes));
    Request::write(object(), Edit::Apply { manager: "m".into(), force: false, body: body.into() }, "m").unwrap()
}

fn answered(request: &Request, code: u16, body: &str) -> Verdict {
    judge(request, Sent::Answer { code, retry_after: None, body: body.into() })
}

fn status(code: u16, reason: &str, message: &str, details: &str) -> String {
    let message = serde_json::Value::from(message);
    let details = if details.is_empty() { "{}" } else { details };
    format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":{message},"reason":"{reason}",
        "details":{details},"code":{code}}}"#
    )
}

fn causes(of: &[(&str, &str, &str)]) -> String {
    let causes = of.iter().map(|(reason, field, message)| {
        let message = serde_json::Value::from(*message);
        format!(r#"{{"reason":"{reason}","field":"{field}","message":{message}}}"#)
    });
    format!(r#"{{"name":"config","kind":"configmaps","causes":[{}]}}"#, Vec::from_iter(causes).join(","))
}

#[track_caller]
fn failure(verdict: Verdict) -> Failure {
    let Verdict::Failed(failure) = verdict else { panic!("{verdict:?}") };
    let text = failure.to_string();
    assert!(!text.contains(SECRET), "{text}");
    failure
}

#[track_caller]
fn later(verdict: Verdict) -> Trouble {
    let Verdict::Later(trouble) = verdict else { panic!("{verdict:?}") };
    assert!(!trouble.cause().contains(SECRET), "{}", trouble.cause());
    trouble
}

#[track_caller]
fn limit(verdict: Verdict) -> String {
    match failure(verdict) {
        Failure::TooLarge { limit, .. } => limit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_that_are_too_long() {
    for words in ["Too long: may not be more than 1048576 bytes", "Too long: must have at most 1048576 bytes"] {
        let details = causes(&[("FieldValueTooLong", "[]", words)]);
        let body = status(422, "Invalid", &format!("ConfigMap \"config\" is invalid: []: {words}"), &details);
        assert_eq!(limit(answered(&write_of(0), 422, &body)), "values may have 1 MiB (1048576 bytes) together");
    }
    let details =
        causes(&[("FieldValueTooLong", "metadata.annotations", "Too long: may not be more than 262144 bytes")]);
    let body = status(422, "Invalid", "ConfigMap \"config\" is invalid", &details);
    assert_eq!(limit(answered(&write_of(0), 422, &body)), "annotations may have 256 KiB together");
}

#[test]
fn requests_that_are_too_large() {
    let body = status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728", "");
    for body in [body.as_str(), "", "<html>"] {
        assert!(limit(answered(&write_of(0), 413, body)).contains("3 MiB"));
    }
    let large = write_of(LARGEST_REQUEST);
    assert!(limit(judge(&large, Sent::Lost("connection reset by peer".into()))).contains("3 MiB"));
    let trouble = later(judge(&write_of(9), Sent::Lost("connection reset by peer".into())));
    assert!(trouble.is_ambiguous);
    assert!(!later(judge(&large, Sent::NoConnection("connection refused".into()))).is_ambiguous);
}

#[test]
fn objects_that_etcd_does_not_take() {
    for message in [
        "etcdserver: request is too large",
        "rpc error: code = ResourceExhausted desc = trying to send message larger than max (2297152 vs. 2097152)",
    ] {
        let body = status(500, "", message, "");
        assert!(limit(answered(&write_of(0), 500, &body)).contains("etcd"), "{message}");
    }
}

#[test]
fn the_two_conflicts() {
    let stale = "Operation cannot be fulfilled on configmaps \"config\": the object has been modified; please apply your \
                 changes to the latest version and try again";
    for message in [
        stale,
        "Operation cannot be fulfilled on configmaps \"config\": Precondition failed: UID in precondition: a, UID in object meta: b",
        "Operation cannot be fulfilled on configmaps \"config\": uid mismatch: the provided object specified uid a, and no \
         existing object was found",
    ] {
        let body = status(409, "Conflict", message, r#"{"name":"config","kind":"configmaps"}"#);
        let failure = failure(answered(&write_of(0), 409, &body));
        assert!(matches!(failure, Failure::Changed { .. }) && failure.asks_to_read_again(), "{message}");
    }
    let details = causes(&[
        ("FieldManagerConflict", ".data.a.b.yaml", "conflict with \"kubectl-edit\" using v1"),
        (
            "FieldManagerConflict",
            ".binaryData.c",
            "conflict with \"he said \\\"no\\\"\" using v1 at 2026-01-02T03:04:05Z",
        ),
        ("FieldManagerConflict", ".metadata.labels.x", "conflict with \"m\" with subresource \"status\" using v1"),
    ]);
    let body =
        status(409, "Conflict", "Apply failed with 3 conflicts: conflicts with \"kubectl-edit\" using v1:", &details);
    let failure = failure(answered(&write_of(0), 409, &body));
    let Failure::FieldConflict { fields, .. } = &failure else { panic!("{failure:?}") };
    let fields: Vec<_> = fields.iter().map(|(field, manager)| (field.as_str(), manager.as_str())).collect();
    let expected = [("a.b.yaml", "kubectl-edit"), ("c", "he said \\\"no\\\""), (".metadata.labels.x", "m")];
    assert_eq!(fields, expected);
    assert!(!failure.asks_to_read_again());
}

#[test]
fn what_is_there_already_and_what_is_immutable() {
    let body = status(409, "AlreadyExists", "configmaps \"config\" already exists", r#"{"kind":"configmaps"}"#);
    assert!(matches!(failure(answered(&write_of(0), 409, &body)), Failure::AlreadyExists { .. }));
    let words = "Forbidden: field is immutable when `immutable` is set";
    let body =
        status(422, "Invalid", "ConfigMap \"config\" is invalid", &causes(&[("FieldValueForbidden", "data", words)]));
    assert!(matches!(failure(answered(&write_of(0), 422, &body)), Failure::Immutable { .. }));
}

#[test]
fn another_object_and_a_patch_that_tests_in_vain() {
    let message = "the server rejected our request due to an error in our request";
    let body = status(422, "Invalid", message, "");
    let details = causes(&[("FieldValueInvalid", "metadata.uid", "Invalid value: \"2f\": field is immutable")]);
    let other = status(422, "Invalid", "ConfigMap \"config\" is invalid", &details);
    assert!(matches!(failure(answered(&write_of(0), 422, &other)), Failure::Changed { .. }));
    let patch = Request::write(object(), Edit::Patch { json_patch: b"[]".into() }, "m").unwrap();
    assert!(matches!(failure(answered(&patch, 422, &body)), Failure::Changed { .. }));
    assert!(matches!(failure(answered(&write_of(0), 422, &body)), Failure::Invalid { .. }));
}

#[test]
fn what_is_wrong_is_told_without_values() {
    let details = causes(&[
        (
            "FieldValueInvalid",
            "data[a b]",
            "Invalid value: \"a b\": a valid config key must consist of alphanumeric characters",
        ),
        ("FieldValueInvalid", "metadata.labels", "Invalid value: \"hunter2\\\": x\": a valid label must be short"),
        ("FieldValueInvalid", "data", "Invalid value: map[string]string{\"a\": \"hunter2\"}: no"),
        ("FieldValueNotSupported", "x", "Unsupported value: \"hunter2\": supported values: \"a\""),
        ("FieldValueRequired", "metadata.name", "Required value: name or generateName is required"),
        ("FieldValueDuplicate", "y", "Duplicate value: \"hunter2\""),
    ]);
    let body = status(422, "Invalid", "ConfigMap \"config\" is invalid: hunter2", &details);
    let Failure::Invalid { reason, .. } = failure(answered(&write_of(0), 422, &body)) else { panic!() };
    assert_eq!(
        reason,
        "data[a b]: a valid config key must consist of alphanumeric characters; metadata.labels: a valid label must be \
         short; data is not valid; x is not valid; metadata.name: name or generateName is required; and 1 more"
    );
}

#[test]
fn requests_that_cannot_be_read() {
    let strict = "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dada\", \
                  duplicate field \"metadata.name\"";
    let Failure::Invalid { reason, .. } = failure(answered(&write_of(0), 400, &status(400, "BadRequest", strict, "")))
    else {
        panic!()
    };
    assert_eq!(reason, "unknown field \"dada\", duplicate field \"metadata.name\"");
    let other = "error decoding YAML: line 3: hunter2";
    let Failure::Invalid { reason, .. } = failure(answered(&write_of(0), 400, &status(400, "BadRequest", other, "")))
    else {
        panic!()
    };
    assert_eq!(reason, "it cannot be read as such an object");
}

#[test]
fn roles_quotas_and_webhooks() {
    let forbidden = |message: &str, details: &str| {
        failure(answered(&write_of(0), 403, &status(403, "Forbidden", message, details)))
    };
    for verb in ["patch", "create"] {
        let message = format!(
            "configmaps \"config\" is forbidden: User \"u\" cannot {verb} resource \"configmaps\" in API group \"\" in the \
             namespace \"ci\""
        );
        let failure = forbidden(&message, "");
        assert_eq!(failure, Failure::Forbidden { object: object(), verb: verb.into() });
        let text = failure.to_string();
        assert!(text.contains(verb) && text.contains("config") && text.contains("ci"), "{text}");
        assert_eq!(failure.class().exit_status(), 7);
    }
    let ending = "configmaps \"config\" is forbidden: unable to create new content in namespace ci because it is being terminated";
    assert!(matches!(forbidden(ending, ""), Failure::NoNamespace { is_ending: true, .. }));
    for (message, who) in [
        (
            "configmaps \"config\" is forbidden: exceeded quota: few, requested: count/configmaps=1",
            "the resource quota few",
        ),
        ("admission webhook \"a.example.com\" denied the request: hunter2", "the admission webhook a.example.com"),
        (
            "configmaps \"config\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: hunter2",
            "the admission policy p",
        ),
    ] {
        assert_eq!(forbidden(message, ""), Failure::Denied { object: object(), by: who.into() });
    }
    let body = status(401, "Unauthorized", "Unauthorized", "");
    assert_eq!(failure(answered(&read(), 401, &body)).class().exit_status(), 7);
}

#[test]
fn what_is_not_there() {
    let gone = status(404, "NotFound", "configmaps \"config\" not found", r#"{"name":"config","kind":"configmaps"}"#);
    assert!(matches!(answered(&read(), 404, &gone), Verdict::Absent));
    assert!(matches!(failure(answered(&write_of(0), 404, &gone)), Failure::Changed { .. }));
    let namespace = status(404, "NotFound", "namespaces \"ci\" not found", r#"{"name":"ci","kind":"namespaces"}"#);
    assert!(matches!(failure(answered(&write_of(0), 404, &namespace)), Failure::NoNamespace { is_ending: false, .. }));
    // A wrong address is no empty cluster.
    for body in ["404 page not found", "", "<html>", &status(404, "NotFound", "the server could not find", "")] {
        assert!(matches!(failure(answered(&read(), 404, body)), Failure::Server { code: 404, .. }), "{body}");
    }
}

#[test]
fn what_may_pass() {
    let busy = judge(
        &write_of(0),
        Sent::Answer {
            code: 429,
            retry_after: Some(Duration::from_secs(1)),
            body: b"Too many requests, try again later.".into(),
        },
    );
    let busy = later(busy);
    assert!(matches!(busy.kind, Ill::Overloaded) && !busy.is_ambiguous);
    assert_eq!(busy.retry_after, Some(Duration::from_secs(1)));
    let in_body = status(429, "TooManyRequests", "wait", r#"{"retryAfterSeconds":3}"#);
    assert_eq!(later(answered(&read(), 429, &in_body)).retry_after, Some(Duration::from_secs(3)));
    for (code, body, is_ambiguous) in [
        (503, "upstream connect error".to_owned(), false),
        (502, "<html>hunter2</html>".to_owned(), true),
        (504, status(504, "Timeout", "Timeout: request did not complete within the allotted timeout", ""), true),
        (500, status(500, "", "etcdserver: request timed out", ""), true),
        (500, status(500, "", "etcdserver: leader changed", ""), true),
        (500, status(500, "ServerTimeout", "The POST operation against configmaps could not be completed", ""), true),
        (500, status(500, "", "rpc error: code = Unavailable desc = connection error", ""), true),
        (500, status(500, "", "context deadline exceeded", ""), true),
    ] {
        assert_eq!(later(answered(&write_of(0), code, &body)).is_ambiguous, is_ambiguous, "{code} {body}");
    }
    assert!(later(judge(&read(), Sent::TooSlow)).is_ambiguous);
}

#[test]
fn what_does_not_pass() {
    let body = status(500, "InternalError", "Internal error occurred: hunter2", "");
    let broken = failure(answered(&write_of(0), 500, &body));
    assert!(matches!(&broken, Failure::Server { code: 500, reason, .. } if reason == "InternalError"), "{broken:?}");
    for code in [301, 302, 405, 406, 415, 418, 501, 599] {
        assert!(matches!(failure(answered(&read(), code, SECRET)), Failure::Server { .. }), "{code}");
    }
}
