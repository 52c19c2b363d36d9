//! Where `cutwater upload` puts files: clusters, namespaces, groups, partitions, and what stands in for what is not said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::support::kube::{Api, Kubeconfig, Server, Watch, config_map, contents};
use crate::support::upload::{MAIN, MANAGER, PLUGINS, Repository, Site, findings, keys};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// A second cluster.
fn second() -> Option<&'static Server> {
    static SECOND: OnceLock<Option<Server>> = OnceLock::new();
    SECOND.get_or_init(Server::start).as_ref()
}

fn held(api: &Api, namespace: &str, name: &str) -> BTreeMap<String, Vec<u8>> {
    contents(&api.get(&config_map(namespace, name)))
}

/// The names of partitions.
fn partitions(count: usize) -> String {
    (0..count).map(|at| format!("part-{at:03}")).collect::<Vec<_>>().join(", ")
}

fn spread_over(count: usize) -> String {
    format!("maps:\n  etc/*.yaml: {{partitioned_names: [{}], clusters: {{main: [NS]}}}}\n", partitions(count))
}

/// The names of so many files.
fn files(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("etc/file-{at:04}.yaml")).collect()
}

/// Case 11.
#[test]
fn two_clusters_with_two_namespaces_each_have_the_same_object() {
    let updater = "maps:\n  etc/*: {name: config, clusters: {main: [NS, NS-b], other: [NS, NS-b]}}\n";
    let Some(site) = Site::new(updater) else { return };
    let Some(second) = second() else { return };
    let namespaces = [site.namespace.clone(), format!("{}-b", site.namespace)];
    for (server, namespace) in [site.server, second].iter().flat_map(|it| namespaces.iter().map(move |ns| (it, ns))) {
        server.api().ensure_namespace(namespace);
    }
    let kubeconfig = Kubeconfig::new().context(MAIN, site.server, site.server.admin_token());
    kubeconfig.context("other", second, second.admin_token()).write(&site.beside("kubeconfig"));
    site.write_all(["etc/a.yaml"]);
    site.write("etc/b.bin", b"\xff\x00");
    site.applied();
    let strip = |mut live: Json| {
        for field in ["uid", "resourceVersion", "creationTimestamp", "namespace", "managedFields"] {
            live["metadata"].as_object_mut().unwrap().remove(field);
        }
        live
    };
    let all: Vec<Json> = [site.server, second]
        .iter()
        .flat_map(|server| namespaces.iter().map(move |namespace| server.api().get(&config_map(namespace, "config"))))
        .map(strip)
        .collect();
    assert_eq!(all.len(), 4);
    assert_eq!((&all[0]["data"]["a.yaml"], &all[0]["binaryData"]["b.bin"]), (&json!("etc/a.yaml\n"), &json!("/wA=")));
    assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
}

/// Case 12.
#[test]
fn groups_that_overlap_give_each_target_once_and_keep_what_the_entry_says() {
    let updater = "\
cluster_groups:
  one: {clusters: [main], namespaces: [NS]}
  two: {clusters: [main], namespaces: [NS-b, NS]}
maps:
  etc/**/*.yaml: {name: config, cluster_groups: [one, two], use_full_path_as_key: true}
  doc/*.yaml: {name: theirs, cluster_groups: [one], allowed_repos: [acme/other]}
  bin/*.yaml: {name: refused, cluster_groups: [one], denied_repos: [acme]}
";
    let Some(site) = Site::new(updater) else { return };
    let other = format!("{}-b", site.namespace);
    site.server.api().ensure_namespace(&other);
    site.write_all(["etc/a/x.yaml", "etc/b/x.yaml", "doc/d.yaml", "bin/b.yaml"]);
    site.applied();
    for namespace in [&site.namespace, &other] {
        let mut held = held(&site.server.api(), namespace, "config");
        held.remove("VERSION");
        assert_eq!(Vec::from_iter(held.into_keys()), ["etc-a-x.yaml", "etc-b-x.yaml"]);
        let audit = site.server.audit_in(namespace).into_iter();
        let ours: Vec<_> = audit.filter(|it| it.is_write() && it.user_agent.starts_with("cutwater")).collect();
        assert_eq!(ours.len(), 1, "{ours:#?}");
    }
    // Entries for other repositories stay theirs although they name groups.
    assert!(!site.is_there("theirs") && !site.is_there("refused"));
    let ran = site.upload(&["check", "--source", "acme/other"]);
    assert!(ran.status == 3 && ran.stdout.contains("theirs"), "{ran:?}");
}

/// Case 13.
#[test]
fn an_entry_without_clusters_goes_to_prow_itself() {
    let Some(site) = Site::new("maps:\n  etc/*: {name: config}\n") else { return };
    site.write("core-services/prow/02_config/_config.yaml", format!("prowjob_namespace: {}\n", site.namespace));
    site.write_all(["etc/a.yaml"]);
    let plan = site.planned(&[]);
    assert_eq!(Vec::from_iter(keys(&plan).into_keys()), [format!("default/{}/config", site.namespace)]);
    // `default` is the current context, here the only one.
    site.applied();
    assert_eq!(site.texts("config")["a.yaml"], "etc/a.yaml\n");
    assert_eq!(site.upload(&["check"]).status, 0);
}

/// Case 14.
#[test]
fn no_entries_are_the_two_for_prows_own_configuration() {
    for updater in ["maps: {}", "gzip: false"] {
        let Some(site) = Site::new(updater) else { return };
        site.write("etc/config.yaml", format!("prowjob_namespace: {}\n", site.namespace));
        site.write_all(["config/prow/config.yaml", "config/prow/plugins.yaml", "config/prow/other.yaml"]);
        let ran = site.apply(&["--config-path", "etc/config.yaml"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        for name in ["config", "plugins"] {
            let path = format!("config/prow/{name}.yaml\n");
            assert_eq!(site.texts(name), [(format!("{name}.yaml"), path)].into());
        }
    }
}

/// Case 20: partitions.
#[test]
fn files_are_spread_over_256_partitions_as_prow_does_it() {
    // What `FilterChanges` of Prow's updater answers for these files, as lines `NAME KEY`, sorted, and their SHA-256.
    let answers = [
        (256, "213e34a896269d986a92a0e3e5aec4363f4b20470a7a55a4ace4d1072c39fa66"),
        (5, "b25040a1a3109afeea23035188cac91f4edc4b7b7b27f1b8110a4240fd40d280"),
    ];
    for (count, answer) in answers {
        let repository = Repository::new(&spread_over(count));
        repository.write_all(files(1000).iter().map(String::as_str));
        let plan = keys(&repository.planned(&["--source=acme/release"]));
        let line = |name: &str, key: &str| format!("{} {key}\n", name.rsplit('/').next().unwrap());
        let lines: BTreeSet<String> = plan
            .iter()
            .flat_map(|(name, keys)| keys.keys().filter(|key| *key != "VERSION").map(|key| line(name, key)))
            .collect();
        assert_eq!(lines.len(), 1000);
        let digest = Sha256::digest(lines.into_iter().collect::<String>());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, answer, "{count} partitions");
    }
}

/// Case 20: too many.
#[test]
fn more_than_256_partitions_are_refused() {
    let repository = Repository::new(&spread_over(257));
    repository.write_all(["etc/a.yaml"]);
    let ran = repository.plan(&["--source=acme/release", "--compat"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("maximum of 256 partitions, but you have 257 defined"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{PLUGINS}:3:18")), "{}", ran.stderr);
}

/// Case 21.
#[test]
fn fewer_partitions_have_every_key_once_and_never_not_at_all() {
    let Some(site) = Site::new(&spread_over(5)) else { return };
    let files = files(40);
    site.write_all(files.iter().map(String::as_str));
    site.applied();
    let watch = Watch::start(site.server, &site.namespace);
    site.updater(&spread_over(3));
    site.applied();
    let states = watch.finish();
    let keys: BTreeSet<String> = files.iter().map(|path| path.replace("etc/", "")).collect();
    for state in &states {
        let there: BTreeSet<String> = state.values().flat_map(|map| contents(map).into_keys()).collect();
        assert!(there.is_superset(&keys), "{:?} are nowhere", keys.difference(&there));
    }
    let mut count: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, map) in states.last().unwrap() {
        for key in contents(map).into_keys().filter(|key| key != "VERSION") {
            count.entry(key).or_default().push(name);
        }
    }
    assert_eq!(count.len(), 40);
    let wrong: Vec<_> = count.iter().filter(|(_, names)| names.len() != 1 || names[0] > "part-002").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    // What no entry names any more is found only by what is beside it; then there is nothing left to do.
    let writes = site.writes().len();
    site.applied();
    assert_eq!((site.writes().len(), site.upload(&["check"]).status), (writes, 0));
    assert_eq!(site.held("part-004"), BTreeMap::new());
}

/// An entry that is gone says nothing of what is to become of its ConfigMap, one that has another name does.
#[test]
fn a_config_map_that_no_entry_names_is_left_unless_its_keys_move() {
    let updater = |name: &str| {
        format!(
            "maps:\n  etc/*: {{name: {name}, clusters: {{main: [NS]}}}}\n  doc/*: {{name: doc, clusters: {{main: [NS]}}}}\n"
        )
    };
    let Some(site) = Site::new(&updater("old")) else { return };
    site.write_all(["etc/a.yaml", "doc/d.md"]);
    site.applied();
    site.updater(&updater("new"));
    site.applied();
    assert_eq!((site.held("old").len(), site.held("new").len()), (0, 1));
    // The entry goes, and nothing says where its files should be.
    site.updater("maps:\n  doc/*: {name: doc, clusters: {main: [NS]}}\n");
    site.write_all(["doc/e.md"]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let said = format!(
        "warning[abandoned-config-map]: no entry names the ConfigMap {}/new in the cluster main any more; keys of ours that are in it: 1",
        site.namespace
    );
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    assert_eq!((site.held("new").len(), site.held("doc").len()), (1, 2));
    let ran = site.apply(&["--allow-empty"]);
    assert_eq!((ran.status, site.held("new").len()), (0, 0), "{ran:?}");
}

/// The first files of a directory take the place of the whole only when two entries for this repository want them.
#[test]
fn entries_for_other_repositories_take_no_part_in_overlaps() {
    let updater = "\
maps:
  etc/*: {name: ours, clusters: {main: [ci]}, allowed_repos: [acme/release]}
  etc/**/*: {name: theirs, clusters: {main: [ci]}, allowed_repos: [acme/other]}
";
    let repository = Repository::new(updater);
    repository.write_all(["etc/a.yaml"]);
    for (source, name) in [("acme/release", "ours"), ("acme/other", "theirs")] {
        let plan = repository.planned(&["--source", source]);
        assert_eq!(findings(&plan), []);
        assert_eq!(Vec::from_iter(keys(&plan).into_keys()), [format!("main/ci/{name}")]);
    }
}

/// What a cluster has is saved in a directory of its name: what stands in another one is not there.
#[test]
fn saved_objects_are_those_of_their_cluster() {
    let updater = "maps:\n  etc/*: {name: config, clusters: {main: [ci], other: [ci]}}\n";
    let repository = Repository::new(updater);
    repository.write_all(["etc/a.yaml"]);
    repository.commit();
    let object = |value: &str| {
        let managers = json!([{
            "manager": MANAGER, "operation": "Apply", "fieldsV1": { "f:data": { "f:a.yaml": {}, "f:gone": {} } },
        }]);
        let metadata = json!({ "name": "config", "namespace": "ci", "uid": "u", "resourceVersion": "1", "managedFields": managers });
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": { "a.yaml": value, "gone": "x" } })
    };
    // What is done where: the words for keys of each cluster, `VERSION` left out.
    let done = || {
        let ran = repository.upload(&["plan", "--against=../saved", "--format=json"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let plan: Json = serde_json::from_str(&ran.stdout).unwrap();
        let of = |map: &Json| {
            let key = |key: &Json| format!("{} {}", key["action"].as_str().unwrap(), key["key"].as_str().unwrap());
            let keys = map["keys"].as_array().unwrap().iter().map(key).filter(|key| !key.ends_with("VERSION"));
            (map["cluster"].as_str().unwrap().to_owned(), keys.collect::<Vec<_>>().join(", "))
        };
        plan["config_maps"].as_array().unwrap().iter().map(of).collect::<BTreeMap<_, _>>()
    };
    let expect = |main: &str, other: &str| {
        let wanted = [("main", main), ("other", other)].map(|(cluster, keys)| (cluster.to_owned(), keys.to_owned()));
        assert_eq!(done(), BTreeMap::from(wanted));
    };
    let (old, new) = ("change a.yaml, remove gone", "add a.yaml");
    repository.write("../saved/main/config.yaml", object("old").to_string());
    expect(old, new);
    // Nor is it that of a cluster which no entry names.
    repository.write("../saved/third/config.yaml", object("of another").to_string());
    expect(old, new);
    repository.write("../saved/other/deep/config.json", object("older").to_string());
    expect(old, old);
    std::fs::remove_dir_all(repository.beside("saved/main")).unwrap();
    expect(new, old);
    // Without a directory of a cluster's name they are those of any cluster.
    std::fs::remove_dir_all(repository.beside("saved")).unwrap();
    repository.write("../saved/today/config.yaml", object("old").to_string());
    expect(old, old);
}
