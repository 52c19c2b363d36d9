//! `config-uploader` leaves what config-bootstrapper leaves: the answers here are those of that program on the same files and
//! objects. Where it does not, on purpose, a test says so.

use std::collections::BTreeMap;

use crate::support::Ran;
use crate::support::kube::{config_maps, contents};
use crate::support::upload::{PLUGINS, Site};
use serde_json::json;

fn bootstrap(site: &Site) -> Ran {
    let mut command = site.command("config-uploader");
    command.args(["--source-path=.", "--dry-run=false", "--plugin-config", PLUGINS, "--config-path", "prow.yaml"]);
    command.arg("--kubeconfig").arg(site.beside("kubeconfig"));
    Ran::from(command.output().unwrap())
}

#[track_caller]
fn bootstrapped(site: &Site) {
    let ran = bootstrap(site);
    assert_eq!(ran.status, 0, "{ran:?}");
}

/// A site with Prow's configuration.
fn site(updater: &str) -> Option<Site> {
    let site = Site::new(updater)?;
    site.write("prow.yaml", format!("prowjob_namespace: {}\n", site.namespace));
    Some(site)
}

/// The text under each key, `VERSION` included.
#[track_caller]
fn all(site: &Site, name: &str) -> BTreeMap<String, String> {
    contents(&site.live(name)).into_iter().map(|(key, bytes)| (key, String::from_utf8(bytes).unwrap())).collect()
}

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_config_map_is_made_anew_whoever_wrote_it() {
    let Some(site) = site("maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n") else { return };
    let theirs = json!({
        "metadata": { "name": "config", "labels": { "x": "y" }, "annotations": { "q": "z" } },
        "data": { "theirs": "1", "a": "old", "VERSION": "old" }, "binaryData": { "b": "/w==" },
    });
    site.server.api().create(&config_maps(&site.namespace), &theirs);
    site.write_all(["etc/a", "etc/b"]);
    bootstrapped(&site);
    assert_eq!(all(&site, "config"), texts(&[("a", "etc/a\n"), ("b", "etc/b\n")]));
    let metadata = &site.live("config")["metadata"];
    assert_eq!((&metadata["labels"], &metadata["annotations"]), (&json!({ "x": "y" }), &json!({ "q": "z" })));
    let writes = site.writes().len();
    bootstrapped(&site);
    assert_eq!(site.writes().len(), writes, "the second run writes nothing");
}

#[test]
fn emptied_partitions_are_wiped_and_the_last_key_of_others_stays() {
    let updater = "\
maps:
  part/*: {partitioned_names: [p0, p1, p2], clusters: {main: [NS]}}
  etc/*: {name: config, clusters: {main: [NS]}}
";
    let Some(site) = site(updater) else { return };
    let paths: Vec<String> = (0..9).map(|at| format!("part/{at}")).collect();
    site.write_all(paths.iter().map(String::as_str).chain(["etc/a"]));
    bootstrapped(&site);
    let count = |site: &Site| ["p0", "p1", "p2"].map(|name| site.held(name).len());
    assert_eq!(count(&site).iter().sum::<usize>(), 9);
    paths[1..].iter().for_each(|path| site.remove(path));
    site.remove("etc/a");
    bootstrapped(&site);
    assert_eq!((count(&site).iter().sum::<usize>(), all(&site, "config")), (1, texts(&[("a", "etc/a\n")])));
}

#[test]
fn entries_with_groups_lose_what_they_say_of_keys_and_those_for_some_repositories_are_skipped() {
    let updater = "\
cluster_groups:
  g: {clusters: [main], namespaces: [NS]}
maps:
  grp/**/*.yaml: {name: grouped, use_full_path_as_key: true, cluster_groups: [g]}
  acl/*: {name: allowed, clusters: {main: [NS]}, allowed_repos: [acme/release]}
  den/*: {name: denied, clusters: {main: [NS]}, denied_repos: [acme/release]}
  def/*: {name: default}
";
    let Some(site) = site(updater) else { return };
    site.write_all(["grp/a/x.yaml", "grp/b/y.yaml", "acl/a", "den/a", "def/a"]);
    bootstrapped(&site);
    assert_eq!(all(&site, "grouped"), texts(&[("x.yaml", "grp/a/x.yaml\n"), ("y.yaml", "grp/b/y.yaml\n")]));
    assert!(!site.is_there("allowed"));
    assert_eq!((all(&site, "denied").len(), all(&site, "default").len()), (1, 1));
}

#[test]
fn of_two_files_with_one_key_the_last_of_a_walk_is_there() {
    let Some(site) = site("maps:\n  dep/**/*.yaml: {name: deep, clusters: {main: [NS]}}\n") else { return };
    site.write_all(["dep/q/y.yaml", "dep/a/y.yaml", "dep/a.b/y.yaml"]);
    let ran = bootstrap(&site);
    assert_eq!((ran.status, all(&site, "deep")), (0, texts(&[("y.yaml", "dep/q/y.yaml\n")])));
    assert!(ran.stderr.contains("warning[colliding-config-map-keys]"), "{}", ran.stderr);
}

/// config-bootstrapper removes `VERSION` with every second run.
#[test]
fn the_version_stays() {
    let Some(site) = site("maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n") else { return };
    site.write_all(["etc/a"]);
    site.write("VERSION", "abc\n");
    for _ in 0..3 {
        bootstrapped(&site);
        assert_eq!(all(&site, "config"), texts(&[("VERSION", "abc\n"), ("a", "etc/a\n")]));
    }
    assert_eq!(site.writes().len(), 1);
    // A file with that key takes its place, as with the reference.
    site.write("etc/VERSION", "tracked");
    bootstrapped(&site);
    assert_eq!(all(&site, "config")["VERSION"], "tracked");
    site.remove("etc/VERSION");
    site.remove("VERSION");
    bootstrapped(&site);
    assert_eq!(all(&site, "config"), texts(&[("a", "etc/a\n")]));
}

#[test]
fn what_a_server_refuses_is_one_failure_among_others_done() {
    let updater =
        "maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n  doc/*: {name: doc, clusters: {main: [NS]}}\n";
    let Some(site) = site(updater) else { return };
    site.write_all(["etc/a b", "doc/d"]);
    let ran = bootstrap(&site);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(!site.is_there("config") && site.is_there("doc"));
}
