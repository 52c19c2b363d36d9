//! Uploads to a server that ends in the middle, with and without coming back; each test has one of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::kube::{Fault, Kubeconfig, Options, Proxy, Server, When};
use crate::support::run::{keys_of, pairs, recorded};
use crate::support::upload::Repository;

const SECOND: Duration = Duration::from_secs(1);
const NAMES: [&str; 6] = ["m0", "m1", "m2", "m3", "m4", "m5"];

/// A repository with a key in each ConfigMap, a proxy that it goes through, and its namespace.
fn through_proxy(server: &Server) -> (Repository, Proxy, String) {
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let repository = Repository::of_maps(&NAMES, &namespace, &kubeconfig);
    for name in NAMES {
        repository.write(&format!("{name}/{name}.yaml"), "1");
    }
    repository.commit();
    (repository, proxy, namespace)
}

/// Every key moves to the next ConfigMap.
fn move_all(repository: &Repository) {
    for (at, name) in NAMES.iter().enumerate() {
        let next = NAMES[(at + 1) % NAMES.len()];
        repository.rename(&format!("{name}/{name}.yaml"), &format!("{next}/{name}.yaml"));
    }
    repository.commit();
}

fn all(server: &Server, namespace: &str) -> Vec<BTreeMap<String, String>> {
    NAMES.iter().map(|name| keys_of(&server.api(), namespace, name)).collect()
}

fn moved() -> Vec<BTreeMap<String, String>> {
    let previous = |at: usize| NAMES[(at + NAMES.len() - 1) % NAMES.len()];
    (0..NAMES.len()).map(|at| pairs(&[(&format!("{}.yaml", previous(at)), "1")])).collect()
}

/// Case 53.
#[test]
fn a_server_that_comes_back_is_waited_for() {
    let Some(server) = Server::start().map(Arc::new) else { return };
    for killed_after in [1, 4, 8] {
        let (repository, proxy, namespace) = through_proxy(&server);
        assert_eq!(repository.upload(&["apply"]).status, 0);
        move_all(&repository);
        let ended = Arc::clone(&server);
        let end = move || {
            ended.stop();
            let ended = Arc::clone(&ended);
            thread::spawn(move || {
                thread::sleep(SECOND * 3);
                ended.restart();
            });
        };
        proxy.rule(When::write().nth(killed_after), Fault::after(end));
        let began = Instant::now();
        let (ran, record) = repository.apply_and_record(&["--timeout=60", "--concurrency=2"]);
        assert_eq!(ran.status, 0, "after {killed_after}: {ran:?}");
        assert!(began.elapsed() > SECOND * 3 && began.elapsed() < SECOND * 60, "{:?}", began.elapsed());
        assert_eq!(all(&server, &namespace), moved(), "after {killed_after}");
        assert!(record["config_maps"].as_array().unwrap().iter().all(|map| map["outcome"] == "done"), "{record:#}");
        let check = repository.upload(&["check"]);
        assert_eq!(check.status, 0, "{check:?}");
    }
}

/// Case 54.
#[test]
fn a_server_that_does_not_come_back_is_given_up() {
    let Some(server) = Server::start().map(Arc::new) else { return };
    for (killed, status) in [(true, 5), (false, 8)] {
        let (repository, proxy, namespace) = through_proxy(&server);
        let ended = Arc::clone(&server);
        let end = move || ended.stop();
        proxy.rule(When::write().nth(2), if killed { Fault::after(end) } else { Fault::Reset });
        let end = Arc::clone(&server);
        if !killed {
            proxy.behave();
            proxy.rule(When::write().nth(1), Fault::before(move || end.stop()));
        }
        let began = Instant::now();
        let (ran, record) = repository.apply_and_record(&["--timeout=4", "--concurrency=1"]);
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(began.elapsed() < SECOND * 30, "{:?}", began.elapsed());
        let done = if killed { 2 } else { 0 };
        let is_done = |map: &&serde_json::Value| map["outcome"] == "done";
        assert_eq!(record["config_maps"].as_array().unwrap().iter().filter(is_done).count(), done, "{record:#}");
        for name in NAMES {
            let is_done = recorded(&record, name)["outcome"] == "done";
            let line = ran.stdout.lines().find(|line| line.contains(&format!("main/{namespace}/{name}"))).unwrap();
            let says = if is_done { line.starts_with('+') } else { line.contains("cannot be reached") };
            assert!(says, "{line}");
        }
        assert!(ran.stdout.contains(&format!("{done} of 6 ConfigMaps done")), "{ran:?}");
        let survey = repository.upload(&["apply", "--timeout=2"]);
        assert_eq!(survey.status, 8, "the server is still away: {survey:?}");
        server.restart();
        proxy.behave();
        assert_eq!(repository.upload(&["apply"]).status, 0);
        assert_eq!(repository.upload(&["check"]).status, 0);
    }
}

/// Case 60.
#[test]
fn a_server_without_its_memory_is_waited_for_and_given_up() {
    let flags = vec!["--request-timeout=2s".to_owned()];
    let Some(server) = Server::start_with(Options { flags, ..Options::default() }).map(Arc::new) else { return };
    let (repository, proxy, namespace) = through_proxy(&server);
    assert_eq!(repository.upload(&["apply"]).status, 0);

    // Away before anything is read, and after.
    server.stop_etcd();
    let reads = proxy.requests().len();
    let ran = repository.upload(&["apply", "--timeout=6"]);
    assert_eq!(ran.status, 8, "{ran:?}");
    let asked = proxy.requests().len() - reads;
    assert!((6..=36).contains(&asked), "bounded: {asked}");
    server.start_etcd();
    move_all(&repository);
    let ended = Arc::clone(&server);
    proxy.rule(When::write().nth(1), Fault::before(move || ended.stop_etcd()));
    let ran = repository.upload(&["apply", "--timeout=6", "--concurrency=1"]);
    assert_eq!(ran.status, 8, "{ran:?}");
    server.start_etcd();

    // Away for a while.
    proxy.behave();
    let ended = Arc::clone(&server);
    let end = move || {
        ended.stop_etcd();
        let ended = Arc::clone(&ended);
        thread::spawn(move || {
            thread::sleep(SECOND * 4);
            ended.start_etcd();
        });
    };
    proxy.rule(When::write().nth(3), Fault::before(end));
    let ran = repository.upload(&["apply", "--timeout=60"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(all(&server, &namespace), moved());
    assert_eq!(repository.upload(&["check"]).status, 0);
}
