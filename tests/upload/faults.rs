//! Uploads whose requests meet trouble on the way: lost answers, a server with too much to do, a slow one.

use std::time::{Duration, Instant};

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, When, config_map};
use crate::support::run::{keys_of, pairs, recorded, version};
use crate::support::upload::Repository;
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

/// A repository with a key in each of some ConfigMaps `m0`, `m1`, …, a proxy that it goes through, and its namespace.
fn some_maps(server: &Server, count: usize) -> (Repository, Proxy, String) {
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let names: Vec<String> = (0..count).map(|number| format!("m{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let repository = Repository::of_maps(&names, &namespace, &kubeconfig);
    for name in names {
        repository.write(&format!("{name}/x.yaml"), "1");
    }
    repository.commit();
    (repository, proxy, namespace)
}

/// Case 56.
#[test]
fn a_lost_answer_is_looked_for_and_nothing_is_written_twice() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = some_maps(server, 2);
    let run = |value: &str| {
        proxy.behave();
        proxy.rule(When::write().on("/configmaps/m0").nth(1), Fault::LoseAnswer);
        let before = proxy.writes().len();
        let (ran, record) = repository.apply_and_record(&[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stdout.contains("confirmed by reading"), "{ran:?}");
        let writes = proxy.writes().split_off(before);
        assert_eq!(writes.len(), 2, "one for each ConfigMap: {writes:?}");
        assert!(writes.iter().all(|write| write.reached_server));
        for (name, is_confirmed) in [("m0", true), ("m1", false)] {
            let map = recorded(&record, name);
            assert_eq!((&map["outcome"], &map["confirmed_by_read"]), (&json!("done"), &json!(is_confirmed)), "{map}");
            assert_eq!((&map["writes"], &map["attempts"]), (&json!(1), &json!(1)), "{map}");
            assert_eq!(map["after"]["resource_version"], version(&server.api(), &namespace, name));
            assert_eq!(keys_of(&server.api(), &namespace, name), pairs(&[("x.yaml", value)]));
        }
    };
    run("1");
    repository.write("m0/x.yaml", "2");
    repository.write("m1/x.yaml", "2");
    repository.commit();
    run("2");
}

/// Beside case 56: a write that never arrived is sent again.
#[test]
fn a_connection_that_is_reset_is_tried_again() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = some_maps(server, 2);
    proxy.rule(When::read().those(1..=3), Fault::Reset);
    proxy.rule(When::write().those(1..=3), Fault::Reset);
    let (ran, record) = repository.apply_and_record(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for name in ["m0", "m1"] {
        assert_eq!(recorded(&record, name)["confirmed_by_read"], false);
        assert_eq!(keys_of(&server.api(), &namespace, name), pairs(&[("x.yaml", "1")]));
    }
    assert_eq!(proxy.writes().iter().filter(|write| write.reached_server).count(), 2);
}

/// Case 57.
#[test]
fn a_server_with_too_much_to_do_is_given_the_time_it_asks_for() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = some_maps(server, 1);
    proxy.rule(When::write().those(1..=2), Fault::too_many_requests(3));
    let (ran, record) = repository.apply_and_record(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let writes = proxy.writes();
    assert_eq!(writes.iter().map(|write| write.status).collect::<Vec<_>>(), [Some(429), Some(429), Some(201)]);
    for pair in writes.windows(2) {
        assert!(pair[1].at - pair[0].at >= SECOND * 3, "{writes:?}");
    }
    assert_eq!(recorded(&record, "m0")["attempts"], 3);
    assert_eq!(keys_of(&server.api(), &namespace, "m0"), pairs(&[("x.yaml", "1")]));
}

/// Case 57, its second half.
#[test]
fn a_server_with_too_much_to_do_gets_fewer_requests_at_once() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, _) = some_maps(server, 14);
    proxy.rule(When::write().those(1..=4), Fault::too_many_requests(1));
    proxy.rule(When::any(), Fault::DelayAnswer(Duration::from_millis(150)));
    let ran = repository.upload(&["apply", "--concurrency=4"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!((3..=4).contains(&proxy.peak()), "as many as are allowed until it complains: {}", proxy.peak());
    let others: Vec<_> = proxy.writes().iter().skip(8).map(|write| write.others).collect();
    assert!(others.len() >= 10 && others.iter().all(|others| *others < 2), "{others:?}");
}

/// Case 58.
#[test]
fn a_server_that_always_has_too_much_to_do_is_given_up() {
    let Some(server) = Server::shared() else { return };
    for when in [When::write(), When::any()] {
        let (repository, proxy, namespace) = some_maps(server, 2);
        proxy.rule(when, Fault::too_many_requests(1));
        let began = Instant::now();
        let ran = repository.upload(&["apply", "--timeout=4"]);
        assert_eq!(ran.status, 8, "{ran:?}");
        assert!(ran.stdout.contains("is overloaded"), "{ran:?}");
        assert!(began.elapsed() < SECOND * 30, "{:?}", began.elapsed());
        let asked = proxy.requests().iter().filter(|request| request.status == Some(429)).count();
        assert!((4..=12).contains(&asked), "about one in a second for each ConfigMap: {asked}");
        assert_eq!(server.api().find(&config_map(&namespace, "m0")), None);
        proxy.behave();
        assert_eq!(repository.upload(&["apply"]).status, 0);
    }
}

/// Case 59.
#[test]
fn never_more_requests_are_under_way_than_allowed() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, _) = some_maps(server, 100);
    proxy.rule(When::any(), Fault::DelayAnswer(Duration::from_millis(200)));
    let ran = repository.upload(&["apply", "--concurrency=8"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(proxy.requests().len(), 200);
    assert!((6..=8).contains(&proxy.peak()), "{}", proxy.peak());
}

/// Case 59, its second half.
#[test]
fn a_request_without_an_answer_in_time_is_not_waited_for() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = some_maps(server, 3);
    proxy.rule(When::read().on("/configmaps/m1").nth(1), Fault::DelayAnswer(SECOND * 20));
    proxy.rule(When::write().on("/configmaps/m0").nth(1), Fault::DelayAnswer(SECOND * 20));
    let began = Instant::now();
    let (ran, record) = repository.apply_and_record(&["--request-timeout=1"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(began.elapsed() < SECOND * 15, "{:?}", began.elapsed());
    assert_eq!(recorded(&record, "m0")["confirmed_by_read"], true);
    assert_eq!(proxy.writes().len(), 3);
    assert_eq!(keys_of(&server.api(), &namespace, "m0"), pairs(&[("x.yaml", "1")]));
}

/// Beside case 59: a server that says nothing does not hold a run up for each ConfigMap anew.
#[test]
fn a_silent_server_is_given_up_once_and_for_all() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, _) = some_maps(server, 40);
    proxy.rule(When::any(), Fault::DelayAnswer(SECOND * 60));
    let began = Instant::now();
    let ran = repository.upload(&["apply", "--request-timeout=1", "--timeout=3", "--concurrency=2"]);
    assert_eq!(ran.status, 8, "{ran:?}");
    assert!(ran.stdout.contains("no request has come to anything for"), "{ran:?}");
    assert!(began.elapsed() < SECOND * 15, "{:?}", began.elapsed());
}
