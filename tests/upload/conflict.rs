//! Uploads of ConfigMaps that others write too: nothing of theirs is undone, nothing older comes after something newer.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, When, config_map};
use crate::support::run::{keys_of, main_context, pairs, recorded, texts, version};
use crate::support::upload::Repository;
use serde_json::json;

/// A repository with one ConfigMap `a` of two keys in a namespace of its own, and a proxy that it goes through.
fn through_proxy(server: &Server) -> (Repository, Proxy, String) {
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let repository = two_keys(&namespace, &kubeconfig);
    (repository, proxy, namespace)
}

fn two_keys(namespace: &str, kubeconfig: &Kubeconfig) -> Repository {
    let repository = Repository::of_maps(&["a"], namespace, kubeconfig);
    repository.write("a/x.yaml", "1");
    repository.write("a/y.yaml", "1");
    repository.commit();
    repository
}

/// Writes a value by update, as `kubectl edit` does.
fn edit(server: &Server, namespace: &str, name: &str, key: &str, value: &str) {
    let path = format!("{}?fieldManager=kubectl-edit", config_map(namespace, name));
    server.api().patch(&path, &json!({ "data": { key: value } }));
}

/// Case 44.
#[test]
fn a_write_after_somebody_elses_is_planned_again() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = through_proxy(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    let (api, of_other) = (server.api(), namespace.clone());
    let path = format!("{}?fieldManager=other", config_map(&of_other, "a"));
    let write = move || drop(api.patch(&path, &json!({ "data": { "of-other": "1" } })));
    proxy.rule(When::write().nth(1), Fault::before(write));
    repository.write("a/x.yaml", "2");
    repository.commit();
    let (ran, record) = repository.apply_and_record(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let wanted = pairs(&[("of-other", "1"), ("x.yaml", "2"), ("y.yaml", "1")]);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), wanted);
    let told: Vec<_> = proxy.writes().iter().map(|write| write.status).collect();
    assert_eq!(told, [Some(201), Some(409), Some(200)]);
    let map = recorded(&record, "a");
    assert_eq!((&map["outcome"], &map["attempts"], &map["planned_again"]), (&json!("done"), &json!(2), &json!(1)));
    assert_eq!(map["writes"], 1);
}

/// Case 45.
#[test]
fn a_writer_that_always_comes_first_is_left_alone_after_five_requests() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = through_proxy(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    let (api, path) = (server.api(), format!("{}?fieldManager=other", config_map(&namespace, "a")));
    let count = AtomicU32::new(0);
    let write = move || {
        let value = count.fetch_add(1, Ordering::Relaxed).to_string();
        api.patch(&path, &json!({ "data": { "of-other": value } }));
    };
    proxy.rule(When::write(), Fault::before(write));
    repository.write("a/x.yaml", "2");
    repository.commit();
    let (ran, record) = repository.apply_and_record(&[]);
    assert_eq!(ran.status, 6, "{ran:?}");
    assert!(ran.stdout.contains("others change it all the time"), "{ran:?}");
    let refused = proxy.writes().iter().filter(|write| write.status == Some(409)).count();
    assert_eq!(refused, 5);
    let map = recorded(&record, "a");
    assert_eq!((&map["outcome"], &map["attempts"], &map["writes"]), (&json!("contended"), &json!(5), &json!(0)));
    let wanted = pairs(&[("of-other", "4"), ("x.yaml", "1"), ("y.yaml", "1")]);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), wanted);
}

/// Case 46.
#[test]
fn a_key_edited_by_hand_is_drift_and_taken_over_when_asked() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repository = two_keys(&namespace, &main_context(server));
    assert_eq!(repository.upload(&["apply"]).status, 0);
    assert_eq!(repository.upload(&["check"]).status, 0);
    edit(server, &namespace, "a", "x.yaml", "by hand");

    let check = repository.upload(&["check"]);
    assert_eq!(check.status, 3, "{check:?}");
    assert!(check.stdout.contains("x.yaml") && check.stdout.contains("kubectl-edit"), "{check:?}");
    let diff = repository.upload(&["check", "--diff"]).stdout;
    assert!(diff.contains("-by hand") && diff.contains("+1"), "{diff}");

    let before = server.audit_in(&namespace).iter().filter(|request| request.is_write()).count();
    let (apply, record) = repository.apply_and_record(&[]);
    assert_eq!(apply.status, 6, "{apply:?}");
    assert!(apply.stdout.contains("kubectl-edit") && apply.stdout.contains("--take-over x.yaml"), "{apply:?}");
    assert_eq!(recorded(&record, "a")["outcome"], "blocked");
    assert_eq!(server.audit_in(&namespace).iter().filter(|request| request.is_write()).count(), before);
    assert_eq!(repository.upload(&["apply", "--take-over=y.yaml"]).status, 6, "another key is not this one");

    assert_eq!(repository.upload(&["apply", "--take-over=x.yaml"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1"), ("y.yaml", "1")]));
    assert_eq!(repository.upload(&["check"]).status, 0);
}

/// Case 47.
#[test]
fn a_key_of_another_manager_is_no_drift_and_stays() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repository = two_keys(&namespace, &main_context(server));
    assert_eq!(repository.upload(&["apply"]).status, 0);
    edit(server, &namespace, "a", "other.yaml", "theirs");
    let before = version(&server.api(), &namespace, "a");
    for command in ["check", "apply"] {
        let ran = repository.upload(&[command]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    assert_eq!(version(&server.api(), &namespace, "a"), before, "nothing was written");
    repository.remove("a/y.yaml");
    repository.commit();
    assert_eq!(repository.upload(&["apply"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("other.yaml", "theirs"), ("x.yaml", "1")]));
}

/// Case 49.
#[test]
fn an_older_commit_is_not_written_over_a_newer_one() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repository = two_keys(&namespace, &main_context(server));
    let old = repository.copy();
    repository.write("a/x.yaml", "2");
    let newer = repository.commit();
    let unrelated = repository.copy();
    assert_eq!(repository.upload(&["apply"]).status, 0);
    let before = version(&server.api(), &namespace, "a");

    // One checkout does not know the newer commit, one does, and one is of a branch that went another way.
    let known = repository.copy();
    known.check_out("HEAD~1");
    unrelated.check_out("HEAD~1");
    unrelated.write("a/x.yaml", "3");
    unrelated.commit();
    for checkout in [&old, &known, &unrelated] {
        let ran = checkout.upload(&["apply"]);
        assert_eq!(ran.status, 6, "{ran:?}");
        assert!(ran.stdout.contains(&newer) && ran.stdout.contains("--allow-rollback"), "{ran:?}");
        let plan = checkout.upload(&["plan"]);
        assert!(plan.status == 6 && plan.stdout.contains("--allow-rollback"), "a plan says so too: {plan:?}");
    }
    assert_eq!(version(&server.api(), &namespace, "a"), before);
    assert_eq!(old.upload(&["apply", "--allow-rollback"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1"), ("y.yaml", "1")]));
    assert_eq!(repository.upload(&["apply"]).status, 0, "forward again");
}

/// Case 50.
#[test]
fn an_object_deleted_in_between_is_made_again_in_full() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = through_proxy(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    let (api, path) = (server.api(), config_map(&namespace, "a"));
    proxy.rule(When::write().nth(1), Fault::before(move || drop(api.delete(&path))));
    repository.write("a/x.yaml", "2");
    let commit = repository.commit();
    let (ran, record) = repository.apply_and_record(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let told: Vec<_> = proxy.writes().iter().map(|write| write.status).collect();
    assert_eq!(told, [Some(201), Some(409), Some(201)], "{:?}", proxy.writes());
    let wanted = pairs(&[("VERSION", &commit), ("x.yaml", "2"), ("y.yaml", "1")]);
    assert_eq!(texts(&server.api(), &namespace, "a"), wanted);
    let live = server.api().get(&config_map(&namespace, "a"));
    assert_eq!(live["metadata"]["labels"]["app.kubernetes.io/name"], "prow");
    let map = recorded(&record, "a");
    assert_eq!(map["after"]["uid"], live["metadata"]["uid"]);
    assert_ne!(map["before"]["uid"], live["metadata"]["uid"]);
}

/// Beside case 50: what is planned anew says as much about what is beside it as what was planned first.
#[test]
fn a_write_that_is_planned_again_names_what_is_beside_it() {
    let Some(server) = Server::shared() else { return };
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let repository = Repository::of_maps(&["a", "b"], &namespace, &kubeconfig);
    repository.write("a/x.yaml", "1");
    repository.write("b/x.yaml", "1");
    repository.commit();
    let (api, of_other) = (server.api(), namespace.clone());
    let write = move || drop(api.write_config_map(&of_other, "a", &[("of-other", "1")]));
    proxy.rule(When::write().nth(1), Fault::before(write));
    let (ran, record) = repository.apply_and_record(&["--concurrency=1"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(recorded(&record, "a")["planned_again"], 1);
    let beside = |name: &str| {
        let live = server.api().get(&config_map(&namespace, name));
        live["metadata"]["annotations"]["beside.upload.cutwater.dev/acme.release"].clone()
    };
    assert_eq!((beside("a"), beside("b")), (json!("a b"), json!("a b")));
    // So it is found when nobody names it any more.
    repository.updater(&format!("maps:\n  b/*: {{name: b, clusters: {{main: [{namespace}]}}}}\n"));
    repository.commit();
    let check = repository.upload(&["check"]);
    assert!(check.stderr.contains("abandoned-config-map") && check.stderr.contains("/a in"), "{check:?}");
}

/// Beside case 50: of two who make it at once the second plans again.
#[test]
fn an_object_made_in_between_is_not_written_over() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = through_proxy(server);
    let (api, of_other) = (server.api(), namespace.clone());
    let write = move || drop(api.write_config_map(&of_other, "a", &[("of-other", "1"), ("x.yaml", "theirs")]));
    proxy.rule(When::write().nth(1), Fault::before(write));
    let ran = repository.upload(&["apply"]);
    assert_eq!(ran.status, 6, "{ran:?}");
    assert!(ran.stdout.contains("--take-over x.yaml"), "{ran:?}");
    assert_eq!(proxy.writes().iter().map(|write| write.status).collect::<Vec<_>>(), [Some(409)]);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("of-other", "1"), ("x.yaml", "theirs")]));
    assert_eq!(repository.upload(&["apply", "--take-over=all"]).status, 0);
    let wanted = pairs(&[("of-other", "1"), ("x.yaml", "1"), ("y.yaml", "1")]);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), wanted);
}

/// Case 52.
#[test]
fn an_immutable_object_is_left_and_the_others_are_written() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repository = Repository::of_maps(&["a", "b"], &namespace, &main_context(server));
    repository.write("a/x.yaml", "1");
    repository.write("b/x.yaml", "1");
    repository.commit();
    assert_eq!(repository.upload(&["apply"]).status, 0);
    server.api().patch(&config_map(&namespace, "a"), &json!({ "immutable": true }));
    assert_eq!(repository.upload(&["apply"]).status, 0, "as long as nothing is to be written");

    repository.write("a/x.yaml", "2");
    repository.commit();
    let alone = repository.upload(&["apply"]);
    assert_eq!(alone.status, 6, "{alone:?}");
    assert!(alone.stdout.contains("it is immutable: delete it"), "{alone:?}");
    repository.write("b/x.yaml", "2");
    repository.commit();
    let beside = repository.upload(&["apply"]);
    assert_eq!(beside.status, 5, "{beside:?}");
    assert!(beside.stdout.contains("it is immutable"), "{beside:?}");
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1")]));
    assert_eq!(keys_of(&server.api(), &namespace, "b"), pairs(&[("x.yaml", "2")]));
}
