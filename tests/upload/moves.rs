//! Keys that move to where nothing is written stay where they are: wherever that is, and whatever the reason.

use crate::support::kube::{Kubeconfig, config_map};
use crate::support::upload::{MAIN, Site};
use serde_json::json;

/// Two ConfigMaps, `a` with two keys, one of which then moves to `b`.
fn moved(updater: &str) -> Option<Site> {
    let site = Site::new(updater)?;
    site.write("a/x", "moves\n");
    site.write("a/y", "stays\n");
    site.write("b/z", "other\n");
    Some(site)
}

const BOTH: &str = "maps:\n  a/*: {name: a, clusters: {main: [NS]}}\n  b/*: {name: b, clusters: {main: [NS]}}\n";

#[track_caller]
fn keys(site: &Site, name: &str) -> Vec<String> {
    site.texts(name).into_keys().collect()
}

#[test]
fn what_moves_to_a_config_map_that_was_not_asked_for_stays() {
    let Some(site) = moved(BOTH) else { return };
    site.applied();
    site.rename("a/x", "b/x");
    let ran = site.apply(&["--only", "a"]);
    assert_eq!(keys(&site, "a"), ["x", "y"], "{ran:?}");
    assert_eq!(ran.status, 5, "{ran:?}");
    // A plan says so, and whoever writes asks for the rest with the next run.
    for arguments in [&["plan", "--only", "a"][..], &["plan", "--exit-code", "--only", "a"]] {
        let plan = site.upload(arguments);
        assert_eq!(plan.status, 5, "{plan:?}");
    }
    assert_eq!(site.upload(&["check", "--only", "a"]).status, 3);
    assert_eq!(site.upload(&["plan", "--exit-code"]).status, 3);
    assert!(ran.stdout.contains("moves to a ConfigMap that was not written"), "{ran:?}");
    site.applied();
    assert_eq!((keys(&site, "a"), keys(&site, "b")), (vec!["y".to_owned()], vec!["x".to_owned(), "z".to_owned()]));
}

#[test]
fn what_moves_stays_though_something_else_is_written() {
    for (arguments, is_foreign) in [(&["--only", "a"][..], false), (&[], true)] {
        let Some(site) = moved(BOTH) else { return };
        site.applied();
        if is_foreign {
            site.write_as("somebody", "b", &json!({"x": "of somebody"}));
        }
        site.rename("a/x", "b/x");
        site.write("a/y", "changed\n");
        let ran = site.apply(arguments);
        assert_eq!(keys(&site, "a"), ["x", "y"], "{arguments:?}: {ran:?}");
        assert_eq!(site.texts("a")["y"], "changed\n");
        assert_ne!(ran.status, 0, "{arguments:?}: {ran:?}");
    }
}

#[test]
fn what_moves_to_a_config_map_that_cannot_be_read_stays() {
    let Some(site) = moved(BOTH) else { return };
    site.applied();
    site.rename("a/x", "b/x");
    let user = site.server.user();
    let rules =
        json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "patch"], "resourceNames": ["a"]}]);
    site.server.grant(&user, &site.namespace, &rules);
    Kubeconfig::new().context(MAIN, site.server, &user.token).write(&site.beside("kubeconfig"));
    let ran = site.apply(&[]);
    assert_eq!(keys(&site, "a"), ["x", "y"], "{ran:?}");
    assert_ne!(ran.status, 0, "{ran:?}");
}

#[test]
fn what_moves_to_another_namespace_arrives_before_it_leaves() {
    let updater =
        "maps:\n  a/*: {name: a, clusters: {main: [NS]}}\n  b/*: {name: b, clusters: {main: [nowhere-at-all]}}\n";
    let Some(site) = moved(updater) else { return };
    site.apply(&[]);
    assert_eq!(keys(&site, "a"), ["x", "y"]);
    site.rename("a/x", "b/x");
    let ran = site.apply(&[]);
    assert_eq!(keys(&site, "a"), ["x", "y"], "{ran:?}");
    assert!(ran.status == 4 || ran.status == 5, "{ran:?}");
    site.updater(BOTH);
    site.applied();
    assert_eq!((keys(&site, "a"), keys(&site, "b")), (vec!["y".to_owned()], vec!["x".to_owned(), "z".to_owned()]));
}

#[test]
fn what_moves_to_a_cluster_that_is_left_out_stays() {
    let updater = "maps:\n  a/*: {name: a, clusters: {main: [NS]}}\n  b/*: {name: b, clusters: {unknown: [NS]}}\n";
    let Some(site) = moved(updater) else { return };
    let ran = site.apply(&["--skip-unknown-clusters"]);
    assert_eq!(ran.status, 5, "{ran:?}");
    site.rename("a/x", "b/x");
    let ran = site.apply(&["--skip-unknown-clusters"]);
    assert_eq!((keys(&site, "a"), ran.status), (vec!["x".to_owned(), "y".to_owned()], 5), "{ran:?}");
}

#[test]
fn a_config_map_that_is_no_longer_named_is_emptied_only_when_all_of_it_has_moved() {
    let Some(site) = moved(BOTH) else { return };
    site.applied();
    site.updater("maps:\n  b/*: {name: b, clusters: {main: [NS]}}\n");
    // By chance the same bytes as one that is going.
    site.write("b/unrelated", "moves\n");
    let ran = site.apply(&[]);
    assert_eq!((keys(&site, "a"), ran.status), (vec!["x".to_owned(), "y".to_owned()], 0), "{ran:?}");
    assert!(ran.stderr.contains("abandoned-config-map"), "{ran:?}");
    let check = site.upload(&["check"]);
    assert_eq!(check.status, 0, "what apply leaves alone is no drift: {check:?}");
}

#[test]
fn names_that_no_entry_has_are_refused() {
    let Some(site) = moved(BOTH) else { return };
    let ran = site.apply(&["--only", "c"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("config-map-that-no-entry-names"), "{ran:?}");
    assert!(site.server.api().find(&config_map(&site.namespace, "a")).is_none());
}

/// Of keys that an entry for another repository may have filled, only those that our files give are adopted.
#[test]
fn keys_of_other_repositories_are_not_adopted() {
    let updater = "maps:\n  a/o*: {name: shared, clusters: {main: [NS]}, allowed_repos: [acme/release]}\n  \
        b/t*: {name: shared, clusters: {main: [NS]}, allowed_repos: [acme/other]}\n";
    let Some(site) = Site::new(updater) else { return };
    site.write("a/ours", "new\n");
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared"},
        "data": {"ours": "old\n", "theirs": "theirs\n"}});
    let list = crate::support::kube::config_maps(&site.namespace);
    site.server.api().create(&format!("{list}?fieldManager=hook"), &object);
    site.commit();
    let adopt = site.upload(&["adopt", "--confirm"]);
    assert_eq!(adopt.status, 0, "{adopt:?}");
    assert!(adopt.stdout.contains("ours") && !adopt.stdout.contains("theirs"), "{adopt:?}");
    site.applied();
    assert_eq!(
        site.texts("shared"),
        [("ours", "new\n"), ("theirs", "theirs\n")].map(|(k, v)| (k.into(), v.into())).into()
    );
}
