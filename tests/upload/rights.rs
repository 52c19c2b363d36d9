//! What a server does not let us do, and the roles that let us do just enough.

use crate::support::kube::{Api, Kubeconfig, Proxy, config_map, config_maps};
use crate::support::upload::{MAIN, Site};
use serde_json::{Value as Json, json};

const TWO: &str = "\
maps:
  etc/a/*: {name: first, clusters: {main: [NS]}}
  etc/b/*: {name: second, clusters: {main: [NS]}}
";

fn rule(verbs: &[&str], names: &[&str]) -> Json {
    json!({ "apiGroups": [""], "resources": ["configmaps"], "verbs": verbs, "resourceNames": names })
}

/// Asks as this user from now on.
fn as_user(site: &Site, token: &str) {
    Kubeconfig::new().context(MAIN, site.server, token).write(&site.beside("kubeconfig"));
}

/// Lets a new user do things, and asks as this one from now on.
fn with_rights(site: &Site, rules: &[Json]) {
    let user = site.server.user();
    site.server.grant(&user, &site.namespace, &json!(rules));
    as_user(site, &user.token);
}

/// Case 40.
#[test]
fn a_namespace_that_is_not_there_keeps_nothing_else_from_being_written() {
    let Some(site) =
        Site::new(&TWO.replace("second, clusters: {main: [NS]}", "second, clusters: {main: [NS, not-NS]}"))
    else {
        return;
    };
    let gone = format!("not-{}", site.namespace);
    site.write_all(["etc/a/x", "etc/b/y"]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 5, "{ran:?}");
    let said =
        format!("second in namespace {gone} of cluster main cannot be written because the namespace does not exist");
    assert!(ran.stdout.contains(&said), "{}", ran.stdout);
    assert!(site.is_there("first") && site.is_there("second"));
    let asked = site.server.audit_in(&gone);
    let verbs: Vec<_> = asked.iter().map(|request| (request.verb.as_str(), request.code)).collect();
    assert_eq!(verbs, [("get", Some(404)), ("patch", Some(404))], "nothing is tried again");
    // Where there is nothing else to do nothing is written.
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
}

/// Case 41: a role that lacks a name.
#[test]
fn a_config_map_that_no_role_names_is_told_with_what_it_takes() {
    let Some(site) = Site::new(TWO) else { return };
    site.write_all(["etc/a/x", "etc/b/y"]);
    with_rights(&site, &[rule(&["get", "create", "patch"], &["first"])]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 5, "{ran:?}");
    let said = format!(
        "not allowed to get ConfigMap second in namespace {} of cluster main; a Role there has to have `get` on configmaps with \
         resourceName second",
        site.namespace
    );
    assert!(ran.stdout.contains(&said), "{}", ran.stdout);
    assert!(site.is_there("first") && !site.is_there("second"));
    let denied: Vec<_> = site.asked().into_iter().filter(|request| request.code == Some(403)).collect();
    assert_eq!(denied.len(), 1, "{denied:#?}");
    assert_eq!(site.upload(&["apply"]).status, 7, "the other one is done");
}

/// Case 41: a role that lacks the verb.
#[test]
fn a_write_that_no_role_allows_is_sent_once() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a"]);
    for (verbs, lacks) in [(&["get"][..], "patch"), (&["get", "patch"], "create")] {
        with_rights(&site, &[rule(verbs, &["config"])]);
        let before = site.writes().len();
        let ran = site.apply(&[]);
        assert_eq!(ran.status, 7, "{ran:?}");
        let object = format!("not allowed to {lacks} ConfigMap config in namespace {} of cluster main", site.namespace);
        let role = format!("has to have `{lacks}` on configmaps with resourceName config");
        assert!(ran.stdout.contains(&object) && ran.stdout.contains(&role), "{}", ran.stdout);
        assert_eq!(site.writes().len(), before + 1);
    }
    with_rights(&site, &[rule(&["get", "patch", "create"], &["config"])]);
    site.applied();
}

/// Case 42.
#[test]
fn a_token_that_is_not_valid_is_sent_once() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a"]);
    site.commit();
    let expired = site.server.service_account_token(&site.namespace, "gone");
    site.server.api().delete(&format!("/api/v1/namespaces/{}/serviceaccounts/gone", site.namespace));
    for token in ["nobody-has-this-token", expired.as_str()] {
        for verb in ["apply", "plan", "check", "adopt"] {
            let proxy = Proxy::start(site.server);
            Kubeconfig::new().context_through(MAIN, &proxy, token).write(&site.beside("kubeconfig"));
            let ran = site.upload(&[verb]);
            assert_eq!(ran.status, 7, "{ran:?}");
            let all = format!("{}{}", ran.stdout, ran.stderr);
            assert!(all.contains("cluster main does not accept the credentials of its context"), "{all}");
            assert!(!all.contains(token), "{all}");
            let answers: Vec<_> = proxy.requests().iter().map(|request| request.status).collect();
            assert_eq!(answers, [Some(401)]);
        }
    }
}

/// The status of a request.
fn status(api: &Api, method: &str, path: &str, content_type: &str) -> u16 {
    let body = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": path.rsplit('/').next() } });
    let body = if content_type.is_empty() { String::new() } else { body.to_string() };
    api.send(method, path, content_type, body).unwrap().status
}

/// Case 43.
#[test]
fn the_printed_role_is_enough_and_no_more() {
    const PARTS: &str = "\
maps:
  etc/a/*: {name: first, clusters: {main: [NS, OTHER]}}
  etc/b/*: {partitioned_names: [part-0, part-1], clusters: {main: [NS], elsewhere: [NS]}}
";
    let Some(site) = Site::new("maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n") else { return };
    let other = site.server.namespace();
    site.updater(&PARTS.replace("OTHER", &other));
    site.write_all(["etc/a/x", "etc/b/y", "etc/b/z", "etc/b/v", "etc/b/w"]);
    site.commit();
    let account = format!("{}/uploader", site.namespace);
    let printed = site.upload(&["rbac", "--cluster", MAIN, "--service-account", &account]);
    assert_eq!(printed.status, 0, "{printed:?}");
    let token = site.server.service_account_token(&site.namespace, "uploader");
    site.server.api().apply_manifests(&printed.stdout, "default");
    let api = site.server.api_as(&token);
    for (namespace, name) in [(&site.namespace, "part-1"), (&other, "first")] {
        api.until_may("create", "", "configmaps", namespace, name);
    }
    as_user(&site, &token);

    // A whole life: first upload, nothing to do, change, removal, drift, taking over.
    let upload = |arguments: &[&str]| {
        site.commit();
        site.upload(&[arguments, &["--skip-unknown-clusters"]].concat())
    };
    // The other cluster is left out, hence 5; the same with 3.
    assert_eq!(upload(&["apply"]).status, 5);
    assert_eq!(site.held("part-0").len() + site.held("part-1").len(), 4);
    let only = |arguments: &[&str]| {
        site.updater(&PARTS.replace(", elsewhere: [NS]", "").replace("OTHER", &other));
        let ran = upload(arguments);
        assert_eq!(ran.status, 0, "{ran:?}");
    };
    only(&["apply"]);
    site.write("etc/a/x", "changed\n");
    site.remove("etc/b/z");
    only(&["apply"]);
    only(&["check"]);
    assert_eq!(site.texts("first")["x"], "changed\n");
    site.server.api().write_config_map(&site.namespace, "first", &[("stale", "1"), ("x", "changed\n")]);
    only(&["adopt", "--from=harness", "--confirm"]);
    only(&["apply"]);
    assert!(!site.held("first").contains_key("stale"));

    // And nothing else.
    let (all, secrets) = (config_maps(&site.namespace), format!("/api/v1/namespaces/{}/secrets", site.namespace));
    for (method, path, content_type) in [
        ("GET", config_map(&site.namespace, "elsewhere"), ""),
        ("GET", config_map(&other, "part-0"), ""),
        ("GET", config_map("default", "first"), ""),
        ("GET", all.clone(), ""),
        ("GET", format!("{all}?watch=1"), ""),
        ("GET", format!("{secrets}/any"), ""),
        ("GET", secrets, ""),
        ("POST", all.clone(), "application/json"),
        (
            "PATCH",
            format!("{}?fieldManager=x", config_map(&site.namespace, "elsewhere")),
            "application/apply-patch+yaml",
        ),
        ("PUT", config_map(&site.namespace, "first"), "application/json"),
        ("DELETE", config_map(&site.namespace, "first"), ""),
        ("DELETE", all, ""),
        ("GET", format!("/api/v1/namespaces/{}", site.namespace), ""),
    ] {
        assert_eq!(status(&api, method, &path, content_type), 403, "{method} {path}");
    }
    assert!(site.is_there("first"));
}

/// Case 43: what is asked makes no sense.
#[test]
fn a_role_for_nothing_or_nobody_is_not_printed() {
    let Some(site) = Site::simple() else { return };
    let ran = site.upload(&["rbac", "--cluster", "ghost", "--service-account", "ci/uploader"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("no ConfigMap in ghost; it names main") && ran.stdout.is_empty(), "{ran:?}");
    for account in ["uploader", "ci/", "/uploader", "ci/up loader", "ci/a/b", "ci/a\n- kind: Group"] {
        let ran = site.upload(&["rbac", "--cluster", MAIN, "--service-account", account]);
        assert_eq!(ran.status, 2, "{account}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{ran:?}");
    }
}
