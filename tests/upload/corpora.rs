//! Whole repositories uploaded by `config-uploader` to a real server, against what config-bootstrapper leaves there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::support::corpus::Corpus;
use crate::support::kube::{Kubeconfig, Server, config_map, config_maps, contents};
use crate::support::tally::Tally;
use crate::support::{Ran, Sandbox};
use cutwater::run::plugin_config::{PluginConfig, PluginFiles};
use cutwater::updater::{Groups, Placement};
use flate2::read::GzDecoder;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Where a repository's configuration is.
struct Layout {
    plugins: &'static str,
    supplements: Option<&'static str>,
    config: &'static str,
}

/// A key as the reference's answer has it: how it is stored, and size and SHA-256 of the content.
type Stored = (String, usize, String);

/// By namespace and name.
type ConfigMaps = BTreeMap<(String, String), BTreeMap<String, Stored>>;

/// The files that become the configuration of plugins.
fn plugin_files(root: &Path, layout: &Layout) -> PluginFiles {
    let directory = layout.supplements.map(|place| (root.join(place), place.to_owned(), root.to_owned()));
    PluginFiles {
        main: root.join(layout.plugins),
        shown: layout.plugins.to_owned(),
        directories: directory.into_iter().collect(),
        suffix: "_pluginconfig.yaml".to_owned(),
    }
}

/// The clusters and namespaces that files go to.
fn targets(root: &Path, layout: &Layout) -> BTreeSet<(String, String)> {
    let updater = PluginConfig::of(&plugin_files(root, layout)).updater.unwrap();
    let placement = Placement::new(&updater, Groups::AsReference, &|_| None);
    placement.iter().flat_map(|(_, mapping)| mapping.targets.clone()).collect()
}

fn upload(root: &Path, layout: &Layout, kubeconfig: &Path) -> Ran {
    let mut command = Sandbox::new().command("config-uploader");
    command.current_dir(root).args(["--source-path=.", "--dry-run=false", "--plugin-config", layout.plugins]);
    command.args(["--config-path", layout.config]).arg("--kubeconfig").arg(kubeconfig);
    command.args(layout.supplements.map(|place| format!("--supplemental-plugin-config-dir={place}")));
    Ran::from(command.env_remove("KUBECONFIG").output().unwrap())
}

/// What the reference left.
fn expected(corpus: &Corpus) -> ConfigMaps {
    let text = fs::read_to_string(corpus.join("expected/configmaps.json")).unwrap();
    let all: Vec<Json> = serde_json::from_str(&text).unwrap();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let stored =
        |key: &Json| (text(&key["as"]), usize::try_from(key["bytes"].as_u64().unwrap()).unwrap(), text(&key["sha256"]));
    let keys =
        |map: &Json| map["keys"].as_object().unwrap().iter().map(|(key, value)| (key.clone(), stored(value))).collect();
    all.iter().map(|map| ((text(&map["namespace"]), text(&map["name"])), keys(map))).collect()
}

/// What is there of a ConfigMap.
fn stored(live: &Json) -> BTreeMap<String, Stored> {
    let one = |(key, bytes): (String, Vec<u8>)| {
        let is_text = live["data"].get(&key).is_some();
        let mut unpacked = Vec::new();
        let is_packed = !is_text && GzDecoder::new(&*bytes).read_to_end(&mut unpacked).is_ok();
        let (kind, content) = match (is_text, is_packed) {
            (true, _) => ("data", bytes),
            (false, true) => ("gzip", unpacked),
            (false, false) => ("binaryData", bytes),
        };
        let digest = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        (key, (kind.to_owned(), content.len(), digest))
    };
    contents(live).into_iter().map(one).collect()
}

fn is_as_the_reference_leaves_it(name: &str, layout: &Layout) {
    let Some(server) = Server::start() else { return };
    let (corpus, sandbox, api) = (Corpus::unpack(name), Sandbox::new(), server.api());
    let root = corpus.join("input");
    let targets = targets(&root, layout);
    let mut kubeconfig = Kubeconfig::new();
    for cluster in targets.iter().map(|(cluster, _)| cluster).collect::<BTreeSet<_>>() {
        kubeconfig = kubeconfig.context(cluster, &server, server.admin_token());
    }
    let kubeconfig = kubeconfig.write(&sandbox.join("kubeconfig"));
    let want = expected(&corpus);
    for namespace in want.keys().map(|(namespace, _)| namespace).collect::<BTreeSet<_>>() {
        api.ensure_namespace(namespace);
    }
    let ran = upload(&root, layout, &kubeconfig);
    assert_eq!(ran.status, 0, "{}\n{}", ran.stdout, ran.stderr);

    let mut tally = Tally::of(corpus.what("keys of ConfigMaps"));
    for ((namespace, name), want) in &want {
        let there = api.find(&config_map(namespace, name)).map(|live| stored(&live)).unwrap_or_default();
        let keys: BTreeSet<&String> = want.keys().chain(there.keys()).collect();
        let differ = |key: &&String| want.get(*key) != there.get(*key);
        let line = |key: &String| format!("{namespace}/{name}/{key}: {:?}, not {:?}", there.get(key), want.get(key));
        tally.extend(keys.into_iter().map(|key| differ(&key).then(|| line(key))));
    }
    let there: BTreeSet<(String, String)> = want
        .keys()
        .map(|(namespace, _)| namespace)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .flat_map(|namespace| {
            let list = api.get(&config_maps(namespace));
            let names = list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap());
            let names: Vec<_> = names.map(|name| (namespace.clone(), name.to_owned())).collect();
            names
        })
        .filter(|(_, name)| name != "kube-root-ca.crt")
        .collect();
    assert_eq!(there, want.keys().cloned().collect(), "no other ConfigMap is made");
    tally.conclude();

    let writes = || {
        let ours = |it: &crate::support::kube::Audited| it.is_write() && it.user_agent.starts_with("cutwater");
        server.audit().into_iter().filter(ours).count()
    };
    let before = writes();
    assert!(before >= want.len());
    let ran = upload(&root, layout, &kubeconfig);
    assert_eq!(ran.status, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(writes(), before, "the second run writes nothing");
}

#[test]
fn release_2023_is_uploaded_as_by_the_reference() {
    let place = "core-services/prow/02_config";
    let layout = Layout {
        plugins: "core-services/prow/02_config/_plugins.yaml",
        supplements: Some(place),
        config: "core-services/prow/02_config/_config.yaml",
    };
    is_as_the_reference_leaves_it("release-2023", &layout);
}

#[test]
fn test_infra_2026_is_uploaded_as_by_the_reference() {
    let layout = Layout { plugins: "config/prow/plugins.yaml", supplements: None, config: "config/prow/config.yaml" };
    is_as_the_reference_leaves_it("test-infra-2026", &layout);
}
