//! Uploads from within a cluster, as the service account that `deploy/` makes: no kubeconfig, but what a pod has.
//!
//! A pod's directory cannot be put where pods have it, so that this runs the library: all that differs from a pod is where
//! the directory is.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::support::Sandbox;
use crate::support::kube::{Server, config_map, contents, role_binding, until};
use cutwater::cluster::Settings;
use cutwater::run::plugin_config::PluginFiles;
use cutwater::run::upload::{Against, Manner, Pace, Record, Status, UploadOptions, carry, survey};
use cutwater::upload::{Commit, Writer};

/// What the sample repository fills.
const NAMES: [&str; 3] = ["ci-operator-main-configs", "job-config-main-postsubmits", "job-config-main-presubmits"];
const ACCOUNT: &str = "system:serviceaccount:ci:cutwater-upload";

/// A pod: the directory of its service account, and its environment.
struct Pod {
    directory: TempDir,
    environment: BTreeMap<String, String>,
    /// Whether the last upload has said that its certificate authority does not count.
    is_warned: Cell<bool>,
}

impl Pod {
    fn new(server: &Server, token: &str) -> Self {
        let directory = TempDir::new().unwrap();
        // As kubelet mounts it: the files are links into a directory that is swapped when they are renewed.
        let data = directory.path().join("..data");
        fs::create_dir(&data).unwrap();
        for (name, text) in [("token", token), ("ca.crt", server.trusted()), ("namespace", "ci")] {
            fs::write(data.join(name), text).unwrap();
            std::os::unix::fs::symlink(format!("..data/{name}"), directory.path().join(name)).unwrap();
        }
        let url = server.url();
        let (host, port) = url.strip_prefix("https://").unwrap().rsplit_once(':').unwrap();
        let environment =
            [("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", port), ("HOME", "/nonexistent")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { directory, environment, is_warned: Cell::new(false) }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.path().join("..data").join(name), text).unwrap();
    }

    /// Uploads the sample from this pod.
    fn upload(&self, root: &Path) -> Record {
        self.upload_with(root, Settings::default())
    }

    fn upload_with(&self, root: &Path, settings: Settings) -> Record {
        let commit = Commit { id: "0123456789abcdef0123456789abcdef01234567".to_owned(), ordinal: 1 };
        let writer = Writer { source: "acme/release".to_owned(), commit: Some(commit), ..Writer::default() };
        let settings =
            Settings { service_account: self.directory.path().to_owned(), field_manager: writer.manager(), ..settings };
        let options = UploadOptions {
            sources: vec![root.to_owned()],
            plugins: PluginFiles::of_release_repo(root),
            namespace: "ci".to_owned(),
            environment: self.environment.clone(),
            manner: Manner::Careful { writer, is_lenient: false, allow_empty: false, drops_former: false },
            only: Default::default(),
            skip_unknown_clusters: false,
            against: Against::Clusters(settings),
            uncommitted: Vec::new(),
            left_out: Vec::new(),
            threads: None,
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let surveyed = survey(&options, &runtime, &|_| None).map_err(|_| "no survey").unwrap();
        assert_eq!(surveyed.refused, Status::Done, "{:?}", surveyed.findings);
        self.is_warned.set(surveyed.findings.iter().any(|finding| finding.rule == "pod-without-authority"));
        runtime.block_on(carry(surveyed, &options.manner, Arc::new(|_| None), Pace::default(), &|| {}))
    }
}

fn deploy(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "deploy", name].iter().collect();
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_service_account_of_a_pod_is_enough() {
    let Some(server) = Server::start() else { return };
    let api = server.api();
    api.apply_manifests(&deploy("account.yaml"), "default");
    api.apply_manifests(&deploy("rbac.yaml"), "default");
    let token = server.service_account_token("ci", "cutwater-upload");
    server.api_as(&token).until_may("create", "", "configmaps", "ci", NAMES[0]);
    let (pod, sandbox) = (Pod::new(&server, &token), Sandbox::sample());

    let record = pod.upload(sandbox.path());
    assert_eq!(record.status, Status::Done, "{record:?}");
    for name in NAMES {
        assert!(contents(&api.get(&config_map("ci", name))).len() > 1, "{name}");
    }
    let asked = || server.audit().into_iter().filter(|request| request.user_agent.starts_with("cutwater"));
    assert!(
        asked().all(|request| request.user == ACCOUNT && request.code.is_some_and(|code| code < 300 || code == 404))
    );
    assert_eq!(asked().filter(|request| request.is_write()).count(), NAMES.len());
    // A second run writes nothing, with a token that was renewed in between.
    let renewed = server.service_account_token("ci", "cutwater-upload");
    assert_ne!(renewed, token);
    pod.write("token", &format!("{renewed}\n"));
    let record = pod.upload(sandbox.path());
    assert_eq!((record.status, record.entries.len()), (Status::Done, 0), "{record:?}");

    refusals(&server, &pod, &sandbox, &renewed);
}

/// What of a pod's account does not do ends with the status that says so, and without the token.
fn refusals(server: &Server, pod: &Pod, sandbox: &Sandbox, token: &str) {
    let ends = |record: &Record, status: Status, words: &str| {
        let said = format!("{record:?}");
        assert_eq!(record.status, status, "{said}");
        assert!(said.contains(words) && !said.contains(token), "{words}: {said}");
    };
    let api = server.api();
    // A projected token is sent in place of the account's, here one that may do nothing.
    let other = server.service_account_token("ci", "somebody");
    pod.write("other", &other);
    let projected_token_file = Some(pod.directory.path().join("..data/other"));
    let record = pod.upload_with(sandbox.path(), Settings { projected_token_file, ..Settings::default() });
    assert_eq!(record.status, Status::Denied, "{record:?}");
    // A certificate authority that is another one, and one that is none.
    let stranger = rcgen::generate_simple_self_signed(["stranger".to_owned()]).unwrap().cert.pem();
    for (authority, is_told) in [(stranger.as_str(), false), ("no certificate", true)] {
        pod.write("ca.crt", authority);
        // Nobody wants to wait as long for what does not come.
        let settings = Settings { timeout: std::time::Duration::from_secs(5), ..Settings::default() };
        ends(&pod.upload_with(sandbox.path(), settings), Status::Unreachable, "invalid peer certificate");
        assert_eq!(pod.is_warned.get(), is_told, "{authority}");
    }
    pod.write("ca.crt", server.trusted());
    // Rights that are gone, and then the account.
    api.delete(&role_binding("ci", "cutwater-upload"));
    // The server remembers for some seconds what it has allowed.
    let answers = |status: u16| {
        let account = server.api_as(token);
        until("the server knows", || {
            let answer = account.send("GET", &config_map("ci", NAMES[0]), "", "").unwrap();
            (answer.status == status).then_some(())
        });
    };
    answers(403);
    ends(&pod.upload(sandbox.path()), Status::Denied, "Forbidden");
    api.delete("/api/v1/namespaces/ci/serviceaccounts/cutwater-upload");
    answers(401);
    ends(&pod.upload(sandbox.path()), Status::Denied, "Unauthorized");
}
