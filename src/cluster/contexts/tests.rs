//! Kubeconfigs below `testdata/cluster/contexts`, each with what Prow's own loader makes of it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::*;

/// The servers by name, with `default`, or the message.
fn ours(settings: &Settings, environment: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, String> {
    let found = find(settings, environment).map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        format!("{error}{cause}")
    })?;
    let server = |access: &Access| access.config.cluster_url.to_string().trim_end_matches('/').to_owned();
    let mut servers: BTreeMap<_, _> = found.named.iter().map(|(name, access)| (name.clone(), server(access))).collect();
    let default = match found.default {
        Some(Default::Pod(access)) => Some(server(&access)),
        Some(Default::Context(name)) => Some(servers[&name].clone()),
        None => None,
    };
    servers.extend(default.map(|server| (DEFAULT.to_owned(), server)));
    Ok(servers)
}

/// What the reference says. Its updater goes to the cluster without a name when it is told `default`.
fn reference(case: &Value) -> Option<BTreeMap<String, String>> {
    let servers = case["reference"]["clusters"].as_object()?;
    let with_scheme = |server: &str| match server {
        server if server.contains("://") => server.to_owned(),
        server => format!("{}{server}", if server.starts_with('b') { "https://" } else { "http://" }),
    };
    let mut servers: BTreeMap<String, String> =
        servers.iter().map(|(name, server)| (name.clone(), with_scheme(server.as_str().unwrap()))).collect();
    if let Some(default) = servers.remove("") {
        servers.insert(DEFAULT.to_owned(), default);
    }
    Some(servers)
}

fn settings(flags: &Value, directory: &Path) -> Settings {
    let text = |name: &str| Some(flags.get(name)?.as_str()?.replace("{dir}", directory.to_str()?));
    Settings {
        kubeconfig: text("kubeconfig").map(PathBuf::from),
        kubeconfig_dir: text("kubeconfig-dir").map(PathBuf::from),
        kubeconfig_suffix: text("kubeconfig-suffix").unwrap_or_default(),
        no_in_cluster_config: flags.get("no-in-cluster-config").is_some(),
        ..Settings::default()
    }
}

#[test]
fn clusters_are_those_of_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cluster/contexts");
    let (mut cases, mut problems) = (0, Vec::new());
    for entry in fs::read_dir(root).unwrap() {
        let directory = entry.unwrap().path();
        let name = directory.file_name().unwrap().to_str().unwrap().to_owned();
        let case: Value = serde_json::from_str(&fs::read_to_string(directory.join("case.json")).unwrap()).unwrap();
        let mut environment = BTreeMap::from([("HOME".to_owned(), directory.to_str().unwrap().to_owned())]);
        for (name, value) in case["environment"].as_object().unwrap() {
            let value = value.as_str().unwrap().replace("{dir}", directory.to_str().unwrap());
            environment.insert(name.clone(), value);
        }
        let ours = ours(&settings(&case["flags"], &directory), &environment);
        if let Err(message) = &ours {
            assert!(!message.contains("hunter2") && !message.contains("token-of-"), "{name}: {message}");
        }
        let message = ours.as_ref().err().map(|message| message.replace(directory.to_str().unwrap(), "{dir}"));
        if message.as_deref() != case.get("message").and_then(Value::as_str) {
            problems.push(format!("{name}: {message:?}"));
        }
        // Where it differs, `because` says why.
        if (ours.ok() == reference(&case)) == case.get("because").is_some() {
            problems.push(format!("{name}: the reference says {}", case["reference"]));
        }
        cases += 1;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(cases > 40, "{cases}");
}

/// A pod's service account below a directory of its own.
fn pod(directory: &Path) -> (Settings, BTreeMap<String, String>) {
    let environment =
        [("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("KUBERNETES_SERVICE_PORT", "443"), ("HOME", "/nonexistent")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (Settings { service_account: directory.to_owned(), ..Settings::default() }, BTreeMap::from(environment))
}

#[test]
fn in_a_pod_default_is_its_own_cluster() {
    let directory = tempfile::tempdir().unwrap();
    let (mut settings, environment) = pod(directory.path());
    assert!(ours(&settings, &environment).unwrap_err().contains("token"), "there is no token yet");
    fs::write(directory.path().join("token"), "of-pod\n").unwrap();
    fs::write(directory.path().join("ca.crt"), "").unwrap();
    let pod = "https://10.0.0.1:443".to_owned();
    assert_eq!(ours(&settings, &environment).unwrap(), BTreeMap::from([(DEFAULT.to_owned(), pod.clone())]));

    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cluster/contexts/one-file/one.yaml");
    settings.kubeconfig = Some(case);
    let servers = ours(&settings, &environment).unwrap();
    assert_eq!((servers.len(), &servers[DEFAULT]), (3, &pod), "it goes before a current context");
    settings.no_in_cluster_config = true;
    assert!(!ours(&settings, &environment).unwrap().contains_key(DEFAULT));
}

#[test]
fn a_pods_authority_that_does_not_count_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let (mut settings, environment) = pod(directory.path());
    fs::write(directory.path().join("token"), "of-pod").unwrap();
    let why = |settings: &Settings| find(settings, &environment).unwrap().without_authority;
    assert!(why(&settings).unwrap().ends_with("ca.crt cannot be read: no such file or directory"));
    let authority = rcgen::generate_simple_self_signed(["authority".to_owned()]).unwrap().cert.pem();
    let none = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
    for text in ["no certificate", none, &format!("{authority}{none}")] {
        fs::write(directory.path().join("ca.crt"), text).unwrap();
        assert!(why(&settings).unwrap().contains("certificate"), "{text}");
    }
    fs::write(directory.path().join("ca.crt"), authority).unwrap();
    assert_eq!(why(&settings), None);
    fs::remove_file(directory.path().join("ca.crt")).unwrap();
    settings.kubeconfig =
        Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cluster/contexts/one-file/one.yaml"));
    settings.no_in_cluster_config = true;
    assert_eq!(why(&settings), None, "nobody asks the pod's own cluster");
}

#[test]
fn a_projected_token_takes_the_place_of_the_service_accounts() {
    let directory = tempfile::tempdir().unwrap();
    let (mut settings, environment) = pod(directory.path());
    fs::write(directory.path().join("token"), "of-pod").unwrap();
    let header = |settings: &Settings| match find(settings, &environment).unwrap().default {
        Some(Default::Pod(access)) => access.token.unwrap().header().unwrap(),
        _ => panic!(),
    };
    assert_eq!(header(&settings), "Bearer of-pod");
    let projected = directory.path().join("projected");
    fs::write(&projected, "projected\n").unwrap();
    settings.projected_token_file = Some(projected);
    assert_eq!(header(&settings), "Bearer projected");
}
