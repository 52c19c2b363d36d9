//! What becomes of requests when the way to the server, or the server itself, fails.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, When};
use cutwater::cluster::{Clusters, Failure, Settings};
use cutwater::updater::ConfigMapId;
use cutwater::upload::Edit;
use serde_json::json;
use tempfile::TempDir;

const SECOND: Duration = Duration::from_secs(1);

fn loaded(kubeconfig: &str, settings: Settings) -> Clusters {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("config");
    fs::write(&file, kubeconfig).unwrap();
    Clusters::load(&Settings { kubeconfig: Some(file), ..settings }, &BTreeMap::new()).unwrap()
}

fn quick() -> Settings {
    Settings { timeout: SECOND * 20, request_timeout: SECOND * 10, ..Settings::default() }
}

/// A proxy before the shared server, and clusters whose context `main` leads through it.
fn through_proxy(server: &Server, settings: Settings) -> (Proxy, Clusters) {
    let proxy = Proxy::start(server);
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token()).text();
    (proxy, loaded(&kubeconfig, settings))
}

fn id(namespace: &str) -> ConfigMapId {
    ConfigMapId { cluster: "main".into(), namespace: namespace.into(), name: "config".into() }
}

fn apply(value: &str) -> Edit {
    let body =
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "config" }, "data": { "a": value } });
    Edit::Apply { manager: "cutwater/test".into(), force: false, body: body.to_string().into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_when_the_server_has_too_much_to_do() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, quick());
    proxy.rule(When::write().those(1..=2), Fault::too_many_requests(2));
    let written = clusters.write(&id(&server.namespace()), apply("1")).await.unwrap();
    assert_eq!(written.attempts, 3);
    assert!(written.waited >= SECOND * 4, "{:?}", written.waited);
    let times: Vec<_> = proxy.writes().iter().map(|request| request.at).collect();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= SECOND * 2), "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gives_up_on_a_server_that_always_has_too_much_to_do() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, Settings { timeout: SECOND * 4, ..quick() });
    proxy.rule(When::any(), Fault::too_many_requests(1));
    let failure = clusters.write(&id(&server.namespace()), apply("1")).await.unwrap_err();
    assert!(matches!(failure, Failure::Overloaded { .. }) && failure.class().exit_status() == 8, "{failure:?}");
    assert!((3..=5).contains(&proxy.requests().len()), "{:?}", proxy.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_over_trouble_that_passes() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, quick());
    let id = id(&server.namespace());
    proxy.rule(When::write().nth(1), Fault::unavailable());
    assert_eq!(clusters.write(&id, apply("1")).await.unwrap().attempts, 2);
    proxy.rule(When::read().nth(1), Fault::Reset);
    proxy.rule(When::read().nth(1), Fault::LoseAnswer);
    proxy.rule(When::read().nth(1), Fault::plain(502, "<html>"));
    assert!(clusters.get(&id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pass_is_asked_once() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    for fault in [
        Fault::modified(),
        Fault::forbidden("no"),
        Fault::body_too_large(),
        Fault::values_too_long(),
        Fault::object_too_large(),
        Fault::plain(401, ""),
        Fault::plain(500, "broken"),
        Fault::plain(302, "").header("Location", "http://127.0.0.1:1/"),
    ] {
        let (proxy, clusters) = through_proxy(server, quick());
        proxy.rule(When::any(), fault.clone());
        clusters.write(&id(&namespace), apply("1")).await.unwrap_err();
        assert_eq!(proxy.requests().len(), 1, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_is_left_to_the_caller() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, Settings { request_timeout: SECOND, ..quick() });
    let id = id(&server.namespace());
    for (number, fault) in [Fault::LoseAnswer, Fault::DelayAnswer(SECOND * 3)].into_iter().enumerate() {
        proxy.behave();
        proxy.rule(When::write(), fault.clone());
        let value = number.to_string();
        let failure = clusters.write(&id, apply(&value)).await.unwrap_err();
        assert!(matches!(failure, Failure::Unknown { .. }) && failure.asks_to_read_again(), "{fault:?} {failure:?}");
        let live = clusters.get(&id).await.unwrap().unwrap();
        assert_eq!(live.values["a"].bytes(), value.as_bytes(), "it took place");
    }
    assert_eq!(proxy.writes().len(), 2);
    proxy.behave();
    proxy.rule(When::read(), Fault::DelayAnswer(SECOND * 3));
    let patient = Settings { request_timeout: SECOND, timeout: SECOND * 3, ..quick() };
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token()).text();
    let failure = loaded(&kubeconfig, patient).get(&id).await.unwrap_err();
    assert!(matches!(failure, Failure::TimedOut { attempts: 2.., .. }), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_there() {
    let kubeconfig = Kubeconfig::new().refusing("main").silent("silent");
    let clusters = loaded(&kubeconfig.text(), Settings { request_timeout: SECOND, timeout: SECOND * 2, ..quick() });
    let failure = clusters.write(&id("a"), apply("1")).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Unreachable { cause, attempts: 2.., .. } if cause == "connection refused"),
        "{failure:?}"
    );
    let silent = ConfigMapId { cluster: "silent".into(), ..id("a") };
    assert!(matches!(clusters.get(&silent).await.unwrap_err(), Failure::TimedOut { .. }));
    // A cluster that has done nothing for so long is given up; another run begins anew.
    let clusters = loaded(&kubeconfig.text(), Settings { request_timeout: SECOND, timeout: SECOND * 2, ..quick() });
    assert!(matches!(clusters.write(&silent, apply("1")).await.unwrap_err(), Failure::Unknown { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn never_more_requests_at_once_than_allowed() {
    let Some(server) = Server::shared() else { return };
    for (per_cluster, overall, expected) in [(4, 16, 4), (8, 2, 2)] {
        let (proxy, clusters) = through_proxy(server, Settings { per_cluster, overall, ..quick() });
        proxy.rule(When::any(), Fault::DelayAnswer(Duration::from_millis(50)));
        let (clusters, namespace) = (Arc::new(clusters), server.namespace());
        let readers = (0..40).map(|_| {
            let (clusters, id) = (Arc::clone(&clusters), id(&namespace));
            tokio::spawn(async move { clusters.get(&id).await.unwrap() })
        });
        for reader in Vec::from_iter(readers) {
            reader.await.unwrap();
        }
        assert_eq!((proxy.peak(), proxy.requests().len()), (expected, 40));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_too_much_to_do_gets_fewer_requests_at_once() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, quick());
    proxy.rule(When::any().those(1..=4), Fault::too_many_requests(1));
    proxy.rule(When::any(), Fault::DelayAnswer(Duration::from_millis(100)));
    let (clusters, namespace) = (Arc::new(clusters), server.namespace());
    let readers = (0..16).map(|_| {
        let (clusters, id) = (Arc::clone(&clusters), id(&namespace));
        tokio::spawn(async move { clusters.get(&id).await.unwrap() })
    });
    for reader in Vec::from_iter(readers) {
        reader.await.unwrap();
    }
    // The first four came together; what comes after them does not.
    let most = proxy.requests().iter().skip(4).map(|request| request.others + 1).max();
    assert!(most <= Some(3), "{most:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_stopped_what_is_under_way_ends_and_nothing_more_is_written() {
    let Some(server) = Server::shared() else { return };
    let (proxy, clusters) = through_proxy(server, quick());
    proxy.rule(When::write(), Fault::DelayAnswer(SECOND));
    let (clusters, id) = (Arc::new(clusters), id(&server.namespace()));
    let under_way = tokio::spawn({
        let (clusters, id) = (Arc::clone(&clusters), id.clone());
        async move { clusters.write(&id, apply("1")).await }
    });
    while proxy.writes().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    clusters.stop();
    assert!(matches!(clusters.write(&id, apply("2")).await.unwrap_err(), Failure::Stopped { .. }));
    under_way.await.unwrap().unwrap();
    assert_eq!(clusters.get(&id).await.unwrap().unwrap().values["a"].bytes(), b"1");
    assert_eq!(proxy.writes().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_is_waited_for() {
    let Some(server) = Server::start() else { return };
    let server = Arc::new(server);
    let kubeconfig = Kubeconfig::new().context("main", &server, server.admin_token()).text();
    let clusters = loaded(&kubeconfig, Settings { timeout: SECOND * 90, request_timeout: SECOND * 5, ..quick() });
    let id = id(&server.namespace());
    clusters.write(&id, apply("1")).await.unwrap();

    server.stop();
    let restart = tokio::task::spawn_blocking({
        let server = Arc::clone(&server);
        move || server.restart()
    });
    let live = clusters.get(&id).await.unwrap().unwrap();
    assert_eq!(live.values["a"].bytes(), b"1");
    restart.await.unwrap();

    // Without etcd it says so, by one status or another, or says nothing.
    server.stop_etcd();
    let hasty = loaded(&kubeconfig, Settings { timeout: SECOND * 5, request_timeout: SECOND * 3, ..quick() });
    let failure = hasty.get(&id).await.unwrap_err();
    assert_eq!(failure.class().exit_status(), 8, "{failure:?}");
    let failure = hasty.write(&id, apply("2")).await.unwrap_err();
    assert_eq!(failure.class().exit_status(), 8, "{failure:?}");
    server.start_etcd();
    assert!(clusters.get(&id).await.unwrap().is_some());
}

/// A kubeconfig of one context, with a user given as JSON.
fn with_user(server: &Server, user: &serde_json::Value) -> String {
    let authority = server.directory().join("authority.crt");
    json!({
        "clusters": [{ "name": "c", "cluster": { "server": server.url(), "certificate-authority": authority } }],
        "users": [{ "name": "u", "user": user }],
        "contexts": [{ "name": "main", "context": { "cluster": "c", "user": "u" } }],
        "current-context": "main",
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn token_files_and_credential_plugins() {
    let Some(server) = Server::shared() else { return };
    let (directory, id) = (TempDir::new().unwrap(), id(&server.namespace()));
    let token = directory.path().join("token");
    fs::write(&token, format!("{}\n", server.admin_token())).unwrap();
    let clusters = loaded(&with_user(server, &json!({ "tokenFile": token })), quick());
    assert!(clusters.get(&id).await.unwrap().is_none());

    let plugin = directory.path().join("plugin");
    let exec = |script: &str| {
        fs::write(&plugin, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
        let exec = json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": plugin, "interactiveMode": "Never",
            "args": ["--client-secret=hunter2"] });
        loaded(&with_user(server, &json!({ "exec": exec })), quick())
    };
    let answer = json!({ "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": { "token": server.admin_token() } });
    let clusters = exec(&format!("echo '{answer}'"));
    assert!(clusters.get(&id).await.unwrap().is_none());
    for script in ["echo hunter2 >&2; echo hunter2; exit 3", "echo hunter2", "kill $$"] {
        let failure = exec(script).get(&id).await.unwrap_err();
        let text = failure.to_string();
        assert!(matches!(failure, Failure::Unauthorized { cause: Some(_), .. }), "{script}: {failure:?}");
        assert!(!text.contains("hunter2") && text.contains("plugin"), "{script}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_do_not_tell_what_is_before_the_host() {
    let start = Instant::now();
    let config = |server: &str| {
        json!({
            "clusters": [{ "name": "c", "cluster": { "server": server } }],
            "contexts": [{ "name": "main", "context": { "cluster": "c" } }],
            "current-context": "main",
        })
        .to_string()
    };
    for server in ["http://user:hunter2@127.0.0.1:1", "https://user:hunter2@nowhere.invalid:6443/"] {
        let clusters = loaded(&config(server), Settings { timeout: SECOND, request_timeout: SECOND * 2, ..quick() });
        let failure = clusters.get(&id("a")).await.unwrap_err();
        assert!(!failure.to_string().contains("hunter2") && !format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }
    assert!(start.elapsed() < SECOND * 30);
}
