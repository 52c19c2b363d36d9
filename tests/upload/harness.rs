//! The real server that other tests run against: each thing that tests ask of it works on it.
//!
//! Faults, and what a proxy keeps account of, are in `harness_proxy.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Sandbox;
use crate::support::kube::{
    Kubeconfig, Options, Server, User, Watch, config_map, config_maps, contents, lease, role, role_binding, until,
};
use serde_json::{Value as Json, json};

const CONFIG_MAPS: &str = "configmaps";

#[test]
fn objects_are_made_read_changed_and_deleted() {
    let Some(server) = Server::shared() else { return };
    let (api, namespace) = (server.api(), server.namespace());
    let path = config_map(&namespace, "plain");
    assert_eq!(api.find(&path), None);
    api.create(&config_maps(&namespace), &json!({ "metadata": { "name": "plain" }, "data": { "a": "1", "b": "2" } }));
    api.patch(&path, &json!({ "data": { "a": null }, "binaryData": { "c": "/wAB" } }));
    let live = api.get(&path);
    assert_eq!(contents(&live), [("b".to_owned(), b"2".to_vec()), ("c".to_owned(), vec![0xff, 0, 1])].into());

    let applied =
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "plain" }, "data": { "b": "3" } });
    let refused = api.apply(&path, "somebody", &applied);
    assert_eq!((refused.status, refused.json()["details"]["causes"][0]["field"].clone()), (409, json!(".data.b")));

    let written = api.write_config_map(&namespace, "plain", &[("only", "this")]);
    assert_eq!(written["data"], json!({ "only": "this" }));
    api.delete(&path);
    assert_eq!(api.find(&path), None);
}

#[test]
fn a_user_may_do_what_is_granted_and_nothing_else() {
    let Some(server) = Server::shared() else { return };
    let (user, namespace) = (server.user(), server.namespace());
    let api = server.api_as(&user.token);
    let get = |name: &str| api.send("GET", &config_map(&namespace, name), "", "").unwrap().status;
    assert_eq!(get("mine"), 403);
    let rule = json!({ "apiGroups": [""], "resources": [CONFIG_MAPS], "resourceNames": ["mine"], "verbs": ["get"] });
    server.grant(&user, &namespace, &json!([rule]));
    assert_eq!((get("mine"), get("other")), (404, 403));
    assert!(server.api().find(&role(&namespace, &user.name)).is_some());
    assert!(server.api().find(&role_binding(&namespace, &user.name)).is_some());
    let stranger = server.api_as("no such token").send("GET", &config_map(&namespace, "mine"), "", "").unwrap();
    assert_eq!(stranger.status, 401);
}

#[test]
fn service_accounts_have_tokens() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let token = server.service_account_token(&namespace, "uploader");
    let refused = server.api_as(&token).send("GET", &config_maps(&namespace), "", "").unwrap();
    assert_eq!(refused.status, 403);
    let user = format!("system:serviceaccount:{namespace}:uploader");
    assert!(refused.text().contains(&user), "{}", refused.text());
}

#[test]
fn manifests_are_applied() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let manifests = "\
# Two objects, one of which says where it belongs.
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: held
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: upload
  namespace: default
spec:
  schedule: '*/5 * * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: upload
            image: example.org/cutwater
---
";
    let applied = server.api().apply_manifests(manifests, &namespace);
    let made: Vec<_> = applied.iter().map(|object| (&object["kind"], &object["metadata"]["namespace"])).collect();
    assert_eq!(made, [(&json!("Lease"), &json!(namespace)), (&json!("CronJob"), &json!("default"))]);
    assert!(server.api().find(&lease(&namespace, "held")).is_some());
}

#[test]
fn the_audit_has_every_request() {
    let Some(server) = Server::shared() else { return };
    let (user, namespace) = (server.user(), server.namespace());
    let _watch = Watch::start(server, &namespace);
    let path = config_map(&namespace, "seen");
    server.api_as(&user.token).send("PATCH", &path, "application/merge-patch+json", "{}").unwrap();
    for _ in 0..20 {
        server.api().write_config_map(&namespace, "seen", &[("a", "1")]);
    }
    let mut audit = server.audit_in(&namespace);
    // The namespace itself is of the namespace, too.
    audit.retain(|request| request.resource == CONFIG_MAPS);
    let writes: Vec<_> = audit.iter().filter(|request| request.is_write()).collect();
    let told: BTreeSet<_> = writes.iter().map(|one| (one.verb.as_str(), one.user.as_str(), one.code)).collect();
    let wanted =
        [("create", "admin", Some(201)), ("patch", user.name.as_str(), Some(403)), ("update", "admin", Some(200))];
    assert_eq!(told, wanted.into(), "{audit:#?}");
    assert_eq!(writes.len(), 21);
    assert!(writes.iter().all(|one| (one.name == "seen") == (one.verb != "create")));
    assert!(writes.iter().all(|one| one.user_agent == "harness" && !one.at.is_empty()));
    assert_eq!(audit.iter().filter(|request| request.verb == "get").count(), 20);
    assert!(audit.iter().any(|request| request.verb == "watch"));
}

#[test]
fn servers_are_apart_and_know_their_users() {
    let Some(server) = Server::shared() else { return };
    let users = vec![User { groups: vec!["system:masters".to_owned()], ..User::new("release-bot") }];
    let flags = vec!["--max-requests-inflight=400".to_owned()];
    let Some(second) = Server::start_with(Options { users, flags }) else { return };
    let namespace = server.namespace();
    server.api().write_config_map(&namespace, "here", &[]);
    let bot = second.api_as("token-of-release-bot");
    assert_eq!(bot.find(&config_map(&namespace, "here")), None);
    bot.ensure_namespace("theirs");
    assert!(server.api().find("/api/v1/namespaces/theirs").is_none());
    let stranger = server.api_as("token-of-release-bot").send("GET", "/api/v1/namespaces", "", "").unwrap();
    assert_eq!(stranger.status, 401);
    // Neither trusts the other's certificate.
    assert!(
        crate::support::kube::Api::new(&second.url(), server.trusted(), "").send("GET", "/version", "", "").is_err()
    );
}

#[test]
fn a_server_comes_back_with_its_data() {
    // Without etcd a request waits this long for its refusal.
    let flags = vec!["--request-timeout=5s".to_owned()];
    let Some(server) = Server::start_with(Options { flags, ..Options::default() }) else { return };
    let (api, namespace) = (server.api(), server.namespace());
    let watch = Watch::start(&server, &namespace);
    api.write_config_map(&namespace, "kept", &[("a", "1")]);
    let version = api.get("/version");
    assert_eq!(version["gitVersion"], "v1.33.13");

    server.stop();
    assert!(api.send("GET", "/version", "", "").is_err());
    let began = Instant::now();
    server.restart();
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!(api.get(&config_map(&namespace, "kept"))["data"], json!({ "a": "1" }));

    server.stop_etcd();
    let path = config_map(&namespace, "kept");
    let down = api.send("GET", &path, "", "").map(|answer| answer.status);
    assert!(down.as_ref().map_or(true, |status| *status >= 500), "{down:?}");
    server.start_etcd();
    until("the server finds its etcd again", || {
        api.send("GET", &path, "", "").ok().filter(|answer| answer.status == 200)
    });

    server.halt();
    let waiting = std::thread::spawn({
        let (api, path) = (api.clone(), path.clone());
        move || api.get(&path)
    });
    std::thread::sleep(Duration::from_millis(500));
    assert!(!waiting.is_finished());
    server.resume();
    assert_eq!(waiting.join().unwrap()["data"], json!({ "a": "1" }));

    api.write_config_map(&namespace, "kept", &[("a", "2")]);
    let states = watch.finish();
    let seen: Vec<_> = states.iter().map(|state| state.get("kept").map(|one| one["data"]["a"].clone())).collect();
    assert_eq!(seen, [None, Some(json!("1")), Some(json!("2"))]);
    assert!(server.audit().iter().any(|request| request.is_write() && request.code == Some(201)));
}

#[test]
fn a_watch_has_every_state() {
    let Some(server) = Server::shared() else { return };
    let (api, namespace) = (server.api(), server.namespace());
    api.write_config_map(&namespace, "left", &[("moved", "1"), ("stays", "1")]);
    let watch = Watch::start(server, &namespace);
    api.write_config_map(&namespace, "right", &[("moved", "1")]);
    api.write_config_map(&namespace, "left", &[("stays", "1")]);
    api.delete(&config_map(&namespace, "right"));
    let states = watch.finish();
    let keys = |name: &str, config_map: &Json| {
        let keys = contents(config_map).into_keys().map(|key| format!("{name}/{key}"));
        keys.collect::<Vec<_>>()
    };
    let told: Vec<Vec<String>> =
        states.iter().map(|state| state.iter().flat_map(|(name, one)| keys(name, one)).collect()).collect();
    let wanted: [&[&str]; 4] = [
        &["left/moved", "left/stays"],
        &["left/moved", "left/stays", "right/moved"],
        &["left/stays", "right/moved"],
        &["left/stays"],
    ];
    assert_eq!(told, wanted);
}

#[test]
fn a_kubeconfig_has_contexts_that_work_and_that_do_not() {
    let Some(server) = Server::shared() else { return };
    let sandbox = Sandbox::new();
    let kubeconfig = Kubeconfig::new()
        .context("default", server, server.admin_token())
        .namespace("ci")
        .wrong_token("stranger", server)
        .refusing("gone")
        .silent("mute");
    let path = kubeconfig.write(&sandbox.join("kubeconfig"));
    let written: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(written["current-context"], "default");
    assert_eq!(written["contexts"][0]["context"]["namespace"], "ci");
    let address = |index: usize| written["clusters"][index]["cluster"]["server"].as_str().unwrap().to_owned();
    let token = |index: usize| written["users"][index]["user"]["token"].as_str().unwrap().to_owned();
    let api = |index: usize| crate::support::kube::Api::new(&address(index), server.trusted(), &token(index));
    let status = |index: usize| api(index).send("GET", "/api/v1/namespaces", "", "").map(|answer| answer.status);
    assert_eq!((status(0), status(1)), (Ok(200), Ok(401)));
    let refused = status(2).unwrap_err();
    assert!(refused.to_lowercase().contains("refused"), "{refused}");
    let waiting = std::thread::spawn({
        let mute = api(3);
        move || mute.send("GET", "/version", "", "").map(|answer| answer.status)
    });
    std::thread::sleep(Duration::from_millis(300));
    assert!(!waiting.is_finished());
    drop(kubeconfig);
    assert!(waiting.join().unwrap().is_err());
}

/// What kube-rs makes of the file, for servers and for proxies.
#[cfg(feature = "upload")]
#[test]
fn kube_reads_a_kubeconfig() {
    use ::kube::config::{KubeConfigOptions, Kubeconfig as Read};
    use ::kube::{Api, Client, Config};
    use k8s_openapi::api::core::v1::ConfigMap;

    let Some(server) = Server::shared() else { return };
    let (sandbox, namespace, proxy) = (Sandbox::new(), server.namespace(), crate::support::kube::Proxy::start(server));
    server.api().write_config_map(&namespace, "read", &[("a", "1")]);
    let kubeconfig = Kubeconfig::new()
        .context("straight", server, server.admin_token())
        .context_through("through", &proxy, server.admin_token())
        .wrong_token("stranger", server);
    let read = Read::read_from(kubeconfig.write(&sandbox.join("kubeconfig"))).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let keys = |context: &str| {
        let options = KubeConfigOptions { context: Some(context.to_owned()), ..KubeConfigOptions::default() };
        runtime.block_on(async {
            let config = Config::from_custom_kubeconfig(read.clone(), &options).await.unwrap();
            let config_maps = Api::<ConfigMap>::namespaced(Client::try_from(config).unwrap(), &namespace);
            config_maps.get("read").await.map(|read| read.data.unwrap_or_default().into_keys().collect::<Vec<_>>())
        })
    };
    for context in ["straight", "through"] {
        assert_eq!(keys(context).unwrap(), ["a"]);
    }
    assert!(matches!(keys("stranger"), Err(::kube::Error::Api(status)) if status.code == 401));
    assert_eq!(proxy.requests().len(), 1);
}

/// The other end of [`nothing_outlives_a_test_process`]: it does nothing unless that test starts it.
#[test]
fn a_server_for_as_long_as_it_may_run() {
    if std::env::var_os("CUTWATER_HARNESS_TO_BE_KILLED").is_none() {
        return;
    }
    let server = Server::start().unwrap();
    println!("directory {}", server.directory().join("").display());
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn nothing_outlives_a_test_process() {
    use std::io::{BufRead, BufReader};

    let Some(_) = Server::shared() else { return };
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["harness::a_server_for_as_long_as_it_may_run", "--exact", "--nocapture"]);
    command.env("CUTWATER_HARNESS_TO_BE_KILLED", "1").stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // The name of the test may stand before it on the line.
    let directory = lines.find_map(|line| line.split_once("directory ").map(|(_, path)| path.to_owned())).unwrap();
    let running = || {
        let processes =
            fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        let ours = processes.filter(|line| String::from_utf8_lossy(line).contains(directory.trim_end_matches('/')));
        ours.count()
    };
    assert!(running() >= 2, "etcd and the server run");
    child.kill().unwrap();
    child.wait().unwrap();
    until("its programs and its directory are gone", || {
        (running() == 0 && !fs::exists(&directory).unwrap()).then_some(())
    });
}
