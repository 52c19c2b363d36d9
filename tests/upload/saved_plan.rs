//! What only reads, and plans that are saved and carried out later: exactly those, or not at all.

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, When, config_map};
use crate::support::run::{keys_of, pairs, recorded};
use crate::support::upload::Repository;
use serde_json::json;

/// A repository with the ConfigMaps `a` and `b`, a proxy that it goes through, and its namespace.
fn two_maps(server: &Server) -> (Repository, Proxy, String) {
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let repository = Repository::of_maps(&["a", "b"], &namespace, &kubeconfig);
    repository.write("a/x.yaml", "1");
    repository.write("b/y.yaml", "1");
    repository.commit();
    (repository, proxy, namespace)
}

fn edit(server: &Server, namespace: &str, name: &str, key: &str, value: &str) {
    let path = format!("{}?fieldManager=kubectl-edit", config_map(namespace, name));
    server.api().patch(&path, &json!({ "data": { key: value } }));
}

/// Case 61.
#[test]
fn plan_diff_and_check_never_write() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = two_maps(server);
    let writes = || server.audit_in(&namespace).iter().filter(|request| request.is_write()).count();
    let look_at = |state: &str, drift: i32, planned: i32| {
        let before = writes();
        let plan = ["plan", "--exit-code", "--out=../plan.json"];
        let runs: [&[&str]; 5] = [&plan, &["check"], &["check", "--diff"], &["check", "--format=json"], &["adopt"]];
        for run in runs {
            let ran = repository.upload(run);
            let wanted = match run[0] {
                "adopt" => 0,
                "plan" => planned,
                _ => drift,
            };
            assert_eq!(ran.status, wanted, "{state}: {run:?}: {ran:?}");
        }
        assert_eq!(writes(), before, "{state}");
    };
    let look = |state: &str, drift: i32| look_at(state, drift, drift);
    look("nothing is there", 3);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    look("in sync", 0);
    repository.write("a/x.yaml", "2");
    repository.rename("b/y.yaml", "a/y.yaml");
    repository.write("b/z.yaml", "1");
    repository.commit();
    look("a key has moved", 3);
    edit(server, &namespace, "a", "x.yaml", "by hand");
    look("edited by hand", 3);
    server.api().patch(&config_map(&namespace, "b"), &json!({ "immutable": true }));
    look_at("immutable", 3, 6);
    repository.check_out("HEAD~1");
    look_at("an older commit", 3, 6);
    assert!(proxy.writes().iter().all(|write| write.status == Some(201)), "only apply writes: {:?}", proxy.writes());
}

/// Case 62.
#[test]
fn a_saved_plan_is_refused_when_what_is_there_has_changed() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = two_maps(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    repository.write("a/x.yaml", "2");
    repository.write("b/y.yaml", "2");
    repository.commit();
    assert_eq!(repository.upload(&["plan", "--out=../plan.json"]).status, 0);
    let before = proxy.writes().len();

    // Another key, which is not even ours: it is another state than the one that somebody has looked at.
    edit(server, &namespace, "b", "of-other", "1");
    let ran = repository.upload(&["apply", "--plan=../plan.json"]);
    assert_eq!(ran.status, 6, "{ran:?}");
    assert!(
        ran.stderr.contains(&format!("main/{namespace}/b")) && ran.stderr.contains("nothing was written"),
        "{ran:?}"
    );
    assert_eq!(proxy.writes().len(), before);

    // So are other files.
    assert_eq!(repository.upload(&["plan", "--out=../plan.json"]).status, 0);
    repository.write("a/x.yaml", "3");
    assert_eq!(repository.upload(&["apply", "--plan=../plan.json"]).status, 6);
    assert_eq!(proxy.writes().len(), before);
    repository.write("a/x.yaml", "2");
    assert_eq!(repository.upload(&["apply", "--plan=../plan.json"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "2")]));
    assert_eq!(keys_of(&server.api(), &namespace, "b"), pairs(&[("of-other", "1"), ("y.yaml", "2")]));
}

/// Beside case 62: how far writing may go is a part of the plan.
#[test]
fn a_saved_plan_is_carried_out_with_the_flags_that_it_was_made_with() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = two_maps(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    edit(server, &namespace, "a", "x.yaml", "by hand");
    repository.write("later", "x");
    repository.write("b/y.yaml", "2");
    repository.commit();
    assert_eq!(repository.upload(&["apply"]).status, 5, "b is written");
    repository.check_out("HEAD~1");
    let before = proxy.writes().len();
    let flags = ["--take-over=x.yaml", "--allow-rollback", "--version-key=always"];
    let saved = [&["plan", "--out=../plan.json"], &flags[..]].concat();
    assert_eq!(repository.upload(&saved).status, 0);
    for (left_out, flag) in ["take-over", "allow-rollback", "version-key"].into_iter().enumerate() {
        let mut others = vec!["apply", "--plan=../plan.json"];
        others.extend(flags.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, flag)| *flag));
        let ran = repository.upload(&others);
        // Without some of them the plan is already another one.
        assert!([2, 6].contains(&ran.status), "{flag}: {ran:?}");
        assert!(
            ran.stderr.contains(&format!("it was made with another --{flag}: say the same here")),
            "{flag}: {ran:?}"
        );
    }
    let more = [&["apply", "--plan=../plan.json", "--allow-empty"], &flags[..]].concat();
    assert_eq!(repository.upload(&more).status, 2);
    assert_eq!(proxy.writes().len(), before);
    let ran = repository.upload(&[&["apply", "--plan=../plan.json"], &flags[..]].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1")]));
    assert_eq!(keys_of(&server.api(), &namespace, "b"), pairs(&[("y.yaml", "1")]));
}

/// Beside case 62.
#[test]
fn what_is_no_saved_plan_is_refused() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, _) = two_maps(server);
    for text in [
        r#"{"form":1}"#,
        r#"{"form":1,"source":"acme/release"}"#,
        r#"{"form":1,"config_maps":[]}"#,
        r#"{"form":2,"source":"acme/release","config_maps":[]}"#,
        "{}",
        "[]",
        "",
        "form: 1\n",
    ] {
        repository.write("../plan.json", text);
        let ran = repository.upload(&["apply", "--plan=../plan.json"]);
        assert_eq!(ran.status, 2, "{text}: {ran:?}");
        assert!(ran.stderr.contains("../plan.json is no saved plan: "), "{text}: {ran:?}");
    }
    assert!(proxy.writes().is_empty());
}

/// Beside case 62: nor is it made anew when it is under way.
#[test]
fn a_saved_plan_is_not_made_anew_when_somebody_else_writes_meanwhile() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = two_maps(server);
    assert_eq!(repository.upload(&["apply"]).status, 0);
    repository.write("a/x.yaml", "2");
    repository.write("b/y.yaml", "2");
    repository.commit();
    assert_eq!(repository.upload(&["plan", "--out=../plan.json"]).status, 0);
    let (api, path) = (server.api(), format!("{}?fieldManager=other", config_map(&namespace, "a")));
    let write = move || drop(api.patch(&path, &json!({ "data": { "of-other": "1" } })));
    proxy.rule(When::write().on("/configmaps/a").nth(1), Fault::before(write));
    let (ran, record) = repository.apply_and_record(&["--plan=../plan.json"]);
    assert_eq!(ran.status, 5, "b was written: {ran:?}");
    let map = recorded(&record, "a");
    assert_eq!((&map["outcome"], &map["attempts"], &map["planned_again"]), (&json!("failed"), &json!(1), &json!(0)));
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("of-other", "1"), ("x.yaml", "1")]));
    assert_eq!(repository.upload(&["apply"]).status, 0);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("of-other", "1"), ("x.yaml", "2")]));
}

/// Beside case 62: an answer that is lost is looked for with a saved plan too.
#[test]
fn a_saved_plan_goes_on_after_a_lost_answer() {
    let Some(server) = Server::shared() else { return };
    let (repository, proxy, namespace) = two_maps(server);
    assert_eq!(repository.upload(&["plan", "--out=../plan.json"]).status, 0);
    proxy.rule(When::write().on("/configmaps/a").nth(1), Fault::LoseAnswer);
    proxy.rule(When::write().on("/configmaps/b").nth(1), Fault::Reset);
    let (ran, record) = repository.apply_and_record(&["--plan=../plan.json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(recorded(&record, "a")["confirmed_by_read"], true);
    assert_eq!(recorded(&record, "b")["attempts"], 2);
    assert_eq!(keys_of(&server.api(), &namespace, "a"), pairs(&[("x.yaml", "1")]));
    assert_eq!(keys_of(&server.api(), &namespace, "b"), pairs(&[("y.yaml", "1")]));
}
