//! Taking over ConfigMaps that Prow's own programs have written.

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, When, config_map, config_maps};
use crate::support::run::{keys_of, main_context, pairs, version};
use crate::support::upload::Repository;
use serde_json::{Value as Json, json};

/// Makes the ConfigMap `a` as a program does that knows nothing of server-side apply: created, then replaced.
fn written_by(manager: &str, server: &Server, namespace: &str) {
    let api = server.api();
    let labels = json!({ "app.kubernetes.io/name": "prow", "app.kubernetes.io/component": "updateconfig-plugin" });
    let object = json!({ "metadata": { "name": "a", "labels": labels }, "data": { "x.yaml": "1", "VERSION": "old" } });
    let mut live = api.create(&format!("{}?fieldManager={manager}", config_maps(namespace)), &object);
    live["data"] = json!({ "x.yaml": "1", "y.yaml": "old", "stale.yaml": "1", "VERSION": "older" });
    live["binaryData"] = json!({ "stale.gz": "AP8=" });
    api.put(&format!("{}?fieldManager={manager}", config_map(namespace, "a")), &live);
}

fn repository(namespace: &str, kubeconfig: &Kubeconfig) -> Repository {
    let repository = Repository::of_maps(&["a"], namespace, kubeconfig);
    repository.write("a/x.yaml", "1");
    repository.write("a/y.yaml", "new");
    repository.commit();
    repository
}

/// Case 51.
#[test]
fn keys_of_prows_updater_are_reported_then_adopted_then_pruned() {
    let Some(server) = Server::shared() else { return };
    for manager in ["hook", "config-bootstrapper"] {
        let namespace = server.namespace();
        let repository = repository(&namespace, &main_context(server));
        written_by(manager, server, &namespace);
        let before = server.api().get(&config_map(&namespace, "a"));

        let plan = repository.upload(&["plan"]);
        assert_eq!(plan.status, 6, "{plan:?}");
        assert!(plan.stdout.contains(&format!("written by {manager}")), "{plan:?}");
        assert!(plan.stdout.contains("cutwater upload adopt"), "it says what to do: {plan:?}");
        assert!(plan.stdout.contains("2 of others"), "the stale ones: {plan:?}");
        let apply = repository.upload(&["apply"]);
        assert_eq!(apply.status, 6, "{apply:?}");

        let shown = repository.upload(&["adopt"]);
        assert_eq!(shown.status, 0, "{shown:?}");
        for part in ["5 keys of", manager, "stale.yaml", "stale.gz", "y.yaml", "--confirm"] {
            assert!(shown.stdout.contains(part), "{part}: {shown:?}");
        }
        assert_eq!(server.api().get(&config_map(&namespace, "a")), before, "nothing was done");

        let adopted = repository.upload(&["adopt", "--confirm"]);
        assert_eq!(adopted.status, 0, "{adopted:?}");
        let after = server.api().get(&config_map(&namespace, "a"));
        assert_eq!((&after["data"], &after["binaryData"]), (&before["data"], &before["binaryData"]));
        assert_eq!(owners(&after), ["cutwater/acme/release"]);
        assert!(repository.upload(&["adopt", "--confirm"]).stdout.contains("nothing to take over"));
        assert_eq!(server.api().get(&config_map(&namespace, "a")), after);

        let check = repository.upload(&["check"]);
        assert!(check.status == 3 && check.stdout.contains("- stale.yaml"), "{check:?}");
        assert_eq!(repository.upload(&["apply"]).status, 0);
        assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1"), ("y.yaml", "new")]));
        let live = server.api().get(&config_map(&namespace, "a"));
        assert_eq!(live["metadata"]["labels"], before["metadata"]["labels"]);
        assert_eq!(live["metadata"]["uid"], before["metadata"]["uid"]);
    }
}

/// The managers that own any key of a ConfigMap.
fn owners(object: &Json) -> Vec<&str> {
    let owns_keys =
        |entry: &&Json| !entry["fieldsV1"]["f:data"].is_null() || !entry["fieldsV1"]["f:binaryData"].is_null();
    let entries = object["metadata"]["managedFields"].as_array().unwrap().iter().filter(owns_keys);
    entries.map(|entry| entry["manager"].as_str().unwrap()).collect()
}

/// Beside case 51: nobody's write is undone.
#[test]
fn an_object_that_changes_meanwhile_is_not_adopted() {
    let Some(server) = Server::shared() else { return };
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let repository = repository(&namespace, &Kubeconfig::new().context_through("main", &proxy, server.admin_token()));
    written_by("hook", server, &namespace);
    let (api, path) = (server.api(), config_map(&namespace, "a"));
    let write = move || drop(api.patch(&format!("{path}?fieldManager=hook"), &json!({ "data": { "z.yaml": "1" } })));
    proxy.rule(When::write().nth(1), Fault::before(write));
    let ran = repository.upload(&["adopt", "--confirm"]);
    assert_eq!(ran.status, 6, "{ran:?}");
    assert!(ran.stdout.contains("was changed or removed by someone else"), "{ran:?}");
    assert_eq!(repository.upload(&["adopt", "--confirm"]).status, 0);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1"), ("y.yaml", "new")]));
}

/// Beside case 51: an object from before servers noted who writes what. They give all of it to a manager of their own as
/// soon as anybody applies.
#[test]
fn keys_of_nobody_are_taken_over_when_asked() {
    let Some(server) = Server::shared() else { return };
    for adopts in [true, false] {
        let namespace = server.namespace();
        let repository = repository(&namespace, &main_context(server));
        written_by("hook", server, &namespace);
        server.api().patch(&config_map(&namespace, "a"), &json!({ "metadata": { "managedFields": [{}] } }));
        let ran = repository.upload(&["apply"]);
        assert!(ran.status == 6 && ran.stdout.contains("before-first-apply"), "{ran:?}");
        let before = version(&server.api(), &namespace, "a");
        let stale: &[(&str, &str)] = if adopts {
            let adopted = repository.upload(&["adopt", "--from=before-first-apply", "--confirm"]);
            assert_eq!(adopted.status, 0, "{adopted:?}");
            assert_eq!(repository.upload(&["apply"]).status, 0);
            &[]
        } else {
            assert_eq!(repository.upload(&["apply", "--take-over=y.yaml"]).status, 0);
            &[("stale.gz", "\0\u{fffd}"), ("stale.yaml", "1")]
        };
        let wanted = [stale, &[("x.yaml", "1"), ("y.yaml", "new")]].concat();
        assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&wanted));
        assert_ne!(version(&server.api(), &namespace, "a"), before);
    }
}
