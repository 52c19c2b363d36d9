//! The proxy that makes trouble for other tests, before the real server: each fault is what it says.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::kube::{Api, Fault, Proxy, Server, When, config_map, config_maps, contents};
use serde_json::{Value as Json, json};

/// A proxy, the server as seen through it, and a namespace.
fn through(server: &Server) -> (Proxy, Api, String) {
    let proxy = Proxy::start(server);
    let api = Api::new(&proxy.url(), server.trusted(), server.admin_token());
    (proxy, api, server.namespace())
}

fn post(api: &Api, namespace: &str, name: &str) -> Result<u16, String> {
    let body = json!({ "metadata": { "name": name } }).to_string();
    api.send("POST", &config_maps(namespace), "application/json", body).map(|answer| answer.status)
}

#[test]
fn without_faults_it_changes_nothing() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    assert_eq!(post(&api, &namespace, "a"), Ok(201));
    let path = config_map(&namespace, "a");
    let big: String = (0..1 << 20).map(|number| char::from(b'a' + (number % 26) as u8)).collect();
    api.patch(&path, &json!({ "data": { "big": big } }));
    assert_eq!(contents(&api.get(&path)).get("big"), Some(&big.into_bytes()));
    assert_eq!(server.api().get(&path), api.get(&path));
    let told: Vec<_> = proxy.requests().iter().map(|one| (one.head.method.clone(), one.status)).collect();
    let wanted = [("POST", 201), ("PATCH", 200), ("GET", 200), ("GET", 200)];
    assert_eq!(told, wanted.map(|(method, status)| (method.to_owned(), Some(status))));
    let patch = &proxy.writes()[1];
    assert_eq!(
        (patch.head.path.as_str(), patch.content_type.as_str()),
        (path.as_str(), "application/merge-patch+json")
    );
    assert!(patch.reached_server && patch.took.is_some() && patch.body.len() > 1 << 20);
    assert_eq!((proxy.peak(), patch.others), (1, 0));
}

#[test]
fn it_answers_in_place_of_the_server() {
    let Some(server) = Server::shared() else { return };
    let faults: [(Fault, u16, &str); 8] = [
        (Fault::modified(), 409, "the object has been modified"),
        (Fault::forbidden("not you"), 403, "not you"),
        (Fault::body_too_large(), 413, "RequestEntityTooLarge"),
        (Fault::plain(413, ""), 413, ""),
        (Fault::values_too_long(), 422, "Too long"),
        (Fault::too_many_requests(3), 429, "Too many requests"),
        (Fault::object_too_large(), 500, "etcdserver: request is too large"),
        (Fault::unavailable(), 503, "ServiceUnavailable"),
    ];
    for (fault, status, text) in faults {
        let (proxy, api, namespace) = through(server);
        proxy.rule(When::write(), fault);
        let answer = api.send("POST", &config_maps(&namespace), "application/json", "{}").unwrap();
        assert_eq!(answer.status, status);
        assert!(answer.text().contains(text), "{}", answer.text());
        if status == 429 {
            assert_eq!(answer.headers.get("retry-after").map(String::as_str), Some("3"));
            assert!(answer.headers["content-type"].starts_with("text/plain"));
            assert!(serde_json::from_slice::<Json>(&answer.body).is_err());
        }
        assert_eq!(api.find(&config_map(&namespace, "a")), None, "reads pass");
        assert!(!proxy.requests()[0].reached_server);
        assert!(server.audit_in(&namespace).iter().all(|request| !request.is_write()));
    }
}

#[test]
fn rules_choose_by_method_path_and_number() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    proxy.rule(When::method("POST").on("/configmaps").those(2..=3), Fault::plain(503, ""));
    proxy.rule(When::is(|head| head.method == "POST" && head.query.is_empty()).nth(5), Fault::plain(500, ""));
    let told: Vec<_> = (1..=6).map(|number| post(&api, &namespace, &format!("c{number}")).unwrap()).collect();
    assert_eq!(told, [201, 503, 503, 201, 500, 201]);
    proxy.rule(When::any(), Fault::plain(418, ""));
    assert_eq!(post(&api, &namespace, "c7"), Ok(418));
    proxy.behave();
    assert_eq!(post(&api, &namespace, "c7"), Ok(201));
}

#[test]
fn requests_and_answers_are_late() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    let late = Duration::from_millis(700);
    proxy.rule(When::write().nth(1), Fault::Delay(late));
    proxy.rule(When::write().nth(2), Fault::DelayAnswer(late));
    for (name, is_there_before) in [("request", false), ("answer", true)] {
        let began = Instant::now();
        let posted = thread::spawn({
            let (api, namespace) = (api.clone(), namespace.clone());
            move || post(&api, &namespace, name)
        });
        thread::sleep(late / 2);
        let there = server.api().find(&config_map(&namespace, name)).is_some();
        // A machine so busy that the answer is there already says nothing.
        if began.elapsed() < late {
            assert_eq!(there, is_there_before, "{name}");
        }
        assert_eq!(posted.join().unwrap(), Ok(201));
        assert!(began.elapsed() >= late);
    }
    assert!(proxy.requests()[0].took >= Some(late));
}

#[test]
fn connections_are_reset_before_and_after() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    proxy.rule(When::write().nth(1), Fault::Reset);
    proxy.rule(When::write().nth(2), Fault::LoseAnswer);
    proxy.rule(When::write().nth(3), Fault::Reset);
    let names = ["never", "committed"];
    for name in names {
        let error = post(&api, &namespace, name).unwrap_err();
        assert!(error.contains("reset") || error.contains("closed"), "{error}");
    }
    let there = names.map(|name| server.api().find(&config_map(&namespace, name)).is_some());
    assert_eq!(there, [false, true]);
    let told: Vec<_> = proxy.requests().iter().map(|one| (one.reached_server, one.status)).collect();
    assert_eq!(told, [(false, None), (true, None)]);
    // One whose body is still on its way.
    let body = vec![b' '; 8 << 20];
    assert!(api.send("POST", &config_maps(&namespace), "application/json", body).is_err());
    assert_eq!(post(&api, &namespace, "never"), Ok(201));
}

#[test]
fn another_writer_comes_in_between() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    let mut live = server.api().write_config_map(&namespace, "contended", &[("a", "1")]);
    let other = server.api();
    let of_other = namespace.clone();
    proxy.rule(
        When::method("PUT").nth(1),
        Fault::before(move || {
            other.write_config_map(&of_other, "contended", &[("a", "of another")]);
        }),
    );
    live["data"]["a"] = json!("mine");
    let path = config_map(&namespace, "contended");
    let answer = api.send("PUT", &path, "application/json", live.to_string()).unwrap();
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(api.get(&path)["data"]["a"], "of another");
}

#[test]
fn the_server_ends_after_some_writes() {
    let Some(server) = Server::start() else { return };
    let server = Arc::new(server);
    let (proxy, api, namespace) = through(&server);
    let ended = Arc::clone(&server);
    proxy.rule(When::write().nth(2), Fault::after(move || ended.stop()));
    assert_eq!((post(&api, &namespace, "a"), post(&api, &namespace, "b")), (Ok(201), Ok(201)));
    assert!(post(&api, &namespace, "c").is_err());
    server.restart();
    let there = ["a", "b", "c"].map(|name| server.api().find(&config_map(&namespace, name)).is_some());
    assert_eq!(there, [true, true, false]);
    assert_eq!(post(&api, &namespace, "c"), Ok(201));
}

#[test]
fn requests_under_way_are_counted() {
    let Some(server) = Server::shared() else { return };
    let (proxy, api, namespace) = through(server);
    proxy.rule(When::write(), Fault::DelayAnswer(Duration::from_millis(500)));
    thread::scope(|scope| {
        for number in 0..6 {
            let (api, namespace) = (&api, &namespace);
            scope.spawn(move || post(api, namespace, &format!("c{number}")).unwrap());
        }
    });
    let mut others: Vec<_> = proxy.requests().iter().map(|request| request.others).collect();
    others.sort_unstable();
    assert_eq!(proxy.peak(), 1 + others.last().unwrap());
    assert!(proxy.peak() >= 3, "six at once overlap: {others:?}");
    proxy.behave();
    api.get(&config_maps(&namespace));
    assert_eq!(proxy.requests().last().unwrap().others, 0, "all have ended");
}
