//! Single requests to a real API server, and what it says when it refuses them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::support::kube::{Kubeconfig, Server, config_map};
use cutwater::cluster::{Clusters, Failure, Settings, Written};
use cutwater::updater::ConfigMapId;
use cutwater::upload::{Edit, Live, Operation, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Clusters with one context, `main`, for the user with this token.
fn clusters(server: &Server, token: &str) -> Clusters {
    let directory = TempDir::new().unwrap();
    let kubeconfig = Kubeconfig::new().context("main", server, token).write(&directory.path().join("config"));
    let settings = Settings { kubeconfig: Some(kubeconfig), timeout: Duration::from_secs(20), ..Settings::default() };
    Clusters::load(&settings, &BTreeMap::new()).unwrap()
}

fn id(namespace: &str, name: &str) -> ConfigMapId {
    ConfigMapId { cluster: "main".into(), namespace: namespace.into(), name: name.into() }
}

fn apply(body: &Json) -> Edit {
    Edit::Apply { manager: "cutwater/test".into(), force: false, body: body.to_string().into() }
}

fn object(name: &str, live: Option<&Live>, data: &Json) -> Json {
    let mut object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": data });
    if let Some(live) = live {
        object["metadata"]["resourceVersion"] = live.version.as_str().into();
        object["metadata"]["uid"] = live.uid.as_str().into();
    }
    object
}

#[track_caller]
fn failed(result: Result<Written, Failure>, server: &Server) -> Failure {
    let failure = result.unwrap_err();
    let text = failure.to_string();
    assert!(!text.contains("hunter2") && !text.contains(server.admin_token()), "{text}");
    failure
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_map_is_read_and_written_in_every_way() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (clusters(server, server.admin_token()), server.namespace());
    let id = id(&namespace, "config");
    assert_eq!(clusters.get(&id).await.unwrap(), None);

    let mut body = object("config", None, &json!({ "a.yaml": "x: 1\n", "on": "" }));
    body["binaryData"] = json!({ "b": "/w==" });
    let created = clusters.write(&id, apply(&body)).await.unwrap();
    let live = clusters.get(&id).await.unwrap().unwrap();
    assert_eq!((&created.uid, &created.version, created.attempts), (&live.uid, &live.version, 1));
    assert_eq!(live.values["a.yaml"], Value::Text("x: 1\n".into()));
    assert_eq!(live.values["b"], Value::Binary(b"\xff"[..].into()));
    let [manager] = &*live.managers else { panic!("{:?}", live.managers) };
    assert_eq!((manager.name.as_str(), manager.operation), ("cutwater/test", Operation::Apply));
    assert_eq!(Vec::from_iter(&manager.keys), ["a.yaml", "b", "on"]);

    let again = clusters.write(&id, apply(&body)).await.unwrap();
    assert_eq!(again.version, created.version, "nothing has changed");

    let body = object("config", Some(&live), &json!({ "a.yaml": "x: 2\n" })).to_string().into();
    let replaced = clusters.write(&id, Edit::Replace { body }).await.unwrap();
    let patch = json!([
        { "op": "test", "path": "/metadata/resourceVersion", "value": replaced.version },
        { "op": "add", "path": "/data/c", "value": "1" },
    ]);
    clusters.write(&id, Edit::Patch { json_patch: patch.to_string().into() }).await.unwrap();
    let live = clusters.get(&id).await.unwrap().unwrap();
    assert_eq!(Vec::from_iter(live.values.keys()), ["a.yaml", "c"]);
    let body = object("other", None, &json!({})).to_string().into();
    let other = ConfigMapId { name: "other".into(), ..id.clone() };
    clusters.write(&other, Edit::Create { body }).await.unwrap();

    for request in server.audit_in(&namespace).into_iter().filter(|request| request.resource == "configmaps") {
        assert!(request.user_agent.starts_with("cutwater/"), "{request:?}");
        let is_owned = request.uri.contains("fieldManager=") && request.uri.contains("fieldValidation=Strict");
        assert_eq!(request.is_write(), is_owned, "{request:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_writers_lose_nothing() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (Arc::new(clusters(server, server.admin_token())), server.namespace());
    server.api().write_config_map(&namespace, "config", &[]);
    let writers = (0..40).map(|number| {
        let (clusters, id) = (Arc::clone(&clusters), id(&namespace, "config"));
        tokio::spawn(async move {
            for _ in 0..200 {
                let live = clusters.get(&id).await.unwrap().unwrap();
                let mut data: BTreeMap<String, String> = live
                    .values
                    .iter()
                    .map(|(key, value)| (key.clone(), String::from_utf8_lossy(value.bytes()).into()))
                    .collect();
                data.insert(format!("key-{number}"), "1".into());
                match clusters.write(&id, apply(&object("config", Some(&live), &json!(data)))).await {
                    Ok(_) => return,
                    Err(Failure::Changed { .. }) => {}
                    Err(failure) => panic!("{failure}"),
                }
            }
            panic!("writer {number} never had its turn");
        })
    });
    for writer in Vec::from_iter(writers) {
        writer.await.unwrap();
    }
    assert_eq!(clusters.get(&id(&namespace, "config")).await.unwrap().unwrap().values.len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn state_that_has_moved_on() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (clusters(server, server.admin_token()), server.namespace());
    let (api, id) = (server.api(), id(&namespace, "config"));
    api.write_config_map(&namespace, "config", &[("a", "1")]);
    let stale = clusters.get(&id).await.unwrap().unwrap();
    api.write_config_map(&namespace, "config", &[("a", "2")]);
    let live = clusters.get(&id).await.unwrap().unwrap();

    let body = |live: &Live| object("config", Some(live), &json!({ "k": "hunter2" }));
    let patch = json!([{ "op": "test", "path": "/metadata/resourceVersion", "value": stale.version },
        { "op": "add", "path": "/data/k", "value": "hunter2" }]);
    let another = Live { uid: "2f0e0d3c-0000-0000-0000-000000000000".into(), ..live.clone() };
    for write in [
        apply(&body(&stale)),
        Edit::Replace { body: body(&stale).to_string().into() },
        Edit::Patch { json_patch: patch.to_string().into() },
        apply(&body(&another)),
        Edit::Replace { body: body(&another).to_string().into() },
    ] {
        let failure = failed(clusters.write(&id, write.clone()).await, server);
        assert!(matches!(failure, Failure::Changed { .. }), "{} {failure:?}", write.verb());
    }
    let create = Edit::Create { body: object("config", None, &json!({})).to_string().into() };
    assert!(matches!(failed(clusters.write(&id, create).await, server), Failure::AlreadyExists { .. }));

    api.delete(&config_map(&namespace, "config"));
    for write in [apply(&body(&live)), Edit::Replace { body: body(&live).to_string().into() }] {
        let failure = failed(clusters.write(&id, write.clone()).await, server);
        assert!(matches!(failure, Failure::Changed { .. }), "{} {failure:?}", write.verb());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_others() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (clusters(server, server.admin_token()), server.namespace());
    let (path, id) = (config_map(&namespace, "config"), id(&namespace, "config"));
    server.api().apply(&path, "kubectl-edit", &object("config", None, &json!({ "a.b.yaml": "1", "c": "1" }))).success();
    let body = object("config", None, &json!({ "a.b.yaml": "hunter2", "c": "1" }));
    let failure = failed(clusters.write(&id, apply(&body)).await, server);
    let Failure::FieldConflict { fields, .. } = &failure else { panic!("{failure:?}") };
    assert_eq!(*fields, [("a.b.yaml".to_owned(), "kubectl-edit".to_owned())]);
    let forced = Edit::Apply { manager: "cutwater/test".into(), force: true, body: body.to_string().into() };
    clusters.write(&id, forced).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_that_are_too_large() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (clusters(server, server.admin_token()), server.namespace());
    let id = id(&namespace, "config");
    let full = "x".repeat(1 << 20);
    clusters.write(&id, apply(&object("config", None, &json!({ "a": full })))).await.unwrap();

    let many: BTreeMap<String, String> =
        (0..5000).map(|number| (format!("{number:075}"), "x".repeat((1 << 20) / 5000))).collect();
    for (data, limit) in [
        (json!({ "a": full, "b": "x" }), "1 MiB"),
        (json!({ "a": "\u{1}".repeat(600 << 10) }), "3 MiB"),
        (json!(many), "etcd"),
    ] {
        let failure = failed(clusters.write(&id, apply(&object("config", None, &data))).await, server);
        assert!(matches!(&failure, Failure::TooLarge { .. }) && failure.to_string().contains(limit), "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_that_are_wrong() {
    let Some(server) = Server::shared() else { return };
    let (clusters, namespace) = (clusters(server, server.admin_token()), server.namespace());
    let id = id(&namespace, "config");
    let with = |field: &str, value: Json| {
        let mut object = object("config", None, &json!({}));
        object[field] = value;
        Edit::Create { body: object.to_string().into() }
    };
    for (write, expected) in [
        (with("data", json!({ "a b": "hunter2" })), "data[a b]: a valid config key must consist of"),
        (with("dada", json!({ "a": "hunter2" })), "unknown field \"dada\""),
        (with("data", json!({ "a": ["hunter2"] })), "it cannot be read as such an object"),
        (
            with("metadata", json!({ "name": "config", "labels": { "a": "hunter2 !" } })),
            "metadata.labels: a valid label",
        ),
    ] {
        let failure = failed(clusters.write(&id, write).await, server);
        assert!(matches!(failure, Failure::Invalid { .. }) && failure.to_string().contains(expected), "{failure}");
    }
    clusters.write(&id, with("immutable", json!(true))).await.unwrap();
    assert!(clusters.get(&id).await.unwrap().unwrap().is_immutable);
    let failure = failed(clusters.write(&id, apply(&object("config", None, &json!({ "a": "1" })))).await, server);
    assert!(matches!(failure, Failure::Immutable { .. }), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_and_what_is_not_there() {
    let Some(server) = Server::shared() else { return };
    let (namespace, user) = (server.namespace(), server.user());
    let rule = json!([{ "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["mine"], "verbs": ["patch"] },
        { "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["mine"], "verbs": ["get"] }]);
    server.grant(&user, &namespace, &rule);
    let limited = clusters(server, &user.token);
    let write = |name: &str| apply(&object(name, None, &json!({ "a": "hunter2" })));
    for (name, expected) in [("mine", "create"), ("other", "patch")] {
        let failure = failed(limited.write(&id(&namespace, name), write(name)).await, server);
        assert!(matches!(&failure, Failure::Forbidden { verb, .. } if verb == expected), "{failure:?}");
        assert!(failure.to_string().contains(name) && !failure.to_string().contains(&user.token));
    }
    assert!(
        matches!(limited.get(&id(&namespace, "other")).await, Err(Failure::Forbidden { verb, .. }) if verb == "get")
    );
    let stranger = clusters(server, "nobody-has-this-token");
    let failure = stranger.get(&id(&namespace, "mine")).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Unauthorized { .. }) && !failure.to_string().contains("nobody-has"),
        "{failure}"
    );

    let admin = clusters(server, server.admin_token());
    for write in [write("a"), Edit::Create { body: object("a", None, &json!({})).to_string().into() }] {
        let failure = failed(admin.write(&id("nowhere", "a"), write).await, server);
        assert!(matches!(failure, Failure::NoNamespace { is_ending: false, .. }), "{failure:?}");
    }
    assert_eq!(admin.get(&id("nowhere", "a")).await.unwrap(), None);
    let nowhere = ConfigMapId { cluster: "elsewhere".into(), ..id(&namespace, "a") };
    assert!(matches!(admin.get(&nowhere).await, Err(Failure::NoCluster { .. })));
}
