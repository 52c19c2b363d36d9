//! A repository whose files are uploaded, and the namespace of a real server that they are uploaded to.
//!
//! A [`Repository`] is a checkout with `_plugins.yaml`, git and a remote `origin`; commits are a minute apart, so that their
//! order is known. A [`Site`] is a repository with a namespace of its own on the shared server, named `NS` in
//! `config_updater`, and a kubeconfig whose only context is `main`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::kube::{Audited, Kubeconfig, Server, config_map, contents};
use super::{Ran, Sandbox, copy};

/// Where `config_updater` stands.
pub const PLUGINS: &str = "core-services/prow/02_config/_plugins.yaml";
/// What [`Site`]s call the cluster.
pub const MAIN: &str = "main";
/// Who owns what is uploaded: the remote is `acme/release`.
pub const MANAGER: &str = "cutwater/acme/release";
/// What `config-uploader` and what is uploaded say of themselves in the audit log begins with this.
const AGENT: &str = "cutwater";

/// A checkout.
pub struct Repository {
    sandbox: Sandbox,
    commits: Cell<u64>,
}

impl Repository {
    /// A repository with this `config_updater` and nothing else, not committed.
    pub fn new(updater: &str) -> Self {
        let repository = Self { sandbox: Sandbox::new(), commits: Cell::new(0) };
        fs::create_dir_all(repository.root()).unwrap();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["remote", "add", "origin", "git@github.com:acme/release.git"]);
        repository.updater(updater);
        repository
    }

    /// Another checkout of the same, with what stands beside it.
    pub fn copy(&self) -> Self {
        let other = Self { sandbox: Sandbox::new(), commits: self.commits.clone() };
        copy(self.sandbox.path(), other.sandbox.path());
        other
    }

    /// Its root.
    pub fn root(&self) -> PathBuf {
        self.sandbox.join("release")
    }

    /// A path beside the checkout.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.sandbox.join(name)
    }

    /// Makes this `config_updater`, given without indentation.
    pub fn updater(&self, text: &str) {
        let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
        self.write(PLUGINS, format!("config_updater:\n{lines}"));
    }

    /// Writes a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        self.sandbox.write(&format!("release/{path}"), bytes);
    }

    /// Writes files that hold their own names.
    pub fn write_all<'p>(&self, paths: impl IntoIterator<Item = &'p str>) {
        paths.into_iter().for_each(|path| self.write(path, format!("{path}\n")));
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.root().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.root().join(from), to).unwrap();
    }

    /// Commits everything and gives the commit's hash.
    pub fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.commits.set(self.commits.get() + 1);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=files"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git here, and gives what it says.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let time = format!("{} +0000", 1_700_000_000 + 60 * self.commits.get());
        let mut command = Command::new("git");
        command.current_dir(self.root()).args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]);
        command.args(["-c", "commit.gpgsign=false"]).args(arguments).env("HOME", self.sandbox.path());
        command.env("GIT_COMMITTER_DATE", &time).env("GIT_AUTHOR_DATE", &time).env("GIT_CONFIG_NOSYSTEM", "1");
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.status, 0, "git {arguments:?}: {}", ran.stderr);
        ran.stdout.trim_end().to_owned()
    }

    /// A program that runs here and knows of no cluster but those of the kubeconfig beside the checkout.
    pub fn command(&self, program: &str) -> Command {
        let mut command = self.sandbox.command(program);
        command.current_dir(self.root()).env("KUBECONFIG", self.beside("kubeconfig"));
        command.env_remove("KUBERNETES_SERVICE_HOST").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Runs `cutwater upload` for this checkout.
    pub fn upload(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command("cutwater");
        let (verb, rest) = arguments.split_first().unwrap();
        Ran::from(command.args(["upload", verb, "--source-path", ".", "--color=never"]).args(rest).output().unwrap())
    }

    /// Plans for clusters where nothing is.
    pub fn plan(&self, arguments: &[&str]) -> Ran {
        self.upload(&[&["plan", "--against", "empty"], arguments].concat())
    }

    /// The plan for clusters where nothing is, as JSON.
    #[track_caller]
    pub fn planned(&self, arguments: &[&str]) -> Json {
        let ran = self.plan(&[&["--format=json"], arguments].concat());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }
}

/// What a plan says of findings: rule, place and message of each.
pub fn findings(plan: &Json) -> Vec<(String, String, String)> {
    let text = |finding: &Json, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let one = |finding: &Json| {
        let place = format!("{}:{}:{}", text(finding, "file"), finding["line"], finding["column"]);
        (text(finding, "rule"), place, text(finding, "message"))
    };
    plan["findings"].as_array().unwrap().iter().map(one).collect()
}

/// What a plan puts where: by ConfigMap and key the file, or the word for what is done where there is none.
pub fn keys(plan: &Json) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let name = |map: &Json| format!("{}/{}/{}", text(&map["cluster"]), text(&map["namespace"]), text(&map["name"]));
    let of = |map: &Json| -> BTreeMap<String, String> {
        let says = |key: &Json| text(key["file"].as_str().map_or(&key["action"], |_| &key["file"]));
        map["keys"].as_array().unwrap().iter().map(|key| (text(&key["key"]), says(key))).collect()
    };
    plan["config_maps"].as_array().unwrap().iter().map(|map| (name(map), of(map))).collect()
}

/// A repository and a namespace.
pub struct Site {
    pub repository: Repository,
    pub server: &'static Server,
    pub namespace: String,
}

impl std::ops::Deref for Site {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}

impl Site {
    /// A repository with this `config_updater`, in which `NS` is the namespace. Nothing where tests do without a server.
    pub fn new(updater: &str) -> Option<Self> {
        let server = Server::shared()?;
        let namespace = server.namespace();
        let repository = Repository::new(&updater.replace("NS", &namespace));
        Kubeconfig::new().context(MAIN, server, server.admin_token()).write(&repository.beside("kubeconfig"));
        Some(Self { repository, server, namespace })
    }

    /// One with a ConfigMap `config` of all files in `etc`.
    pub fn simple() -> Option<Self> {
        Self::new("maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n")
    }

    /// Makes this `config_updater`, in which `NS` is the namespace.
    pub fn updater(&self, text: &str) {
        self.repository.updater(&text.replace("NS", &self.namespace));
    }

    /// Commits, applies, and gives what the command said.
    pub fn apply(&self, arguments: &[&str]) -> Ran {
        self.commit();
        self.upload(&[&["apply"], arguments].concat())
    }

    /// Commits and applies; has to succeed.
    #[track_caller]
    pub fn applied(&self) {
        let ran = self.apply(&[]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }

    /// A ConfigMap as it is there.
    #[track_caller]
    pub fn live(&self, name: &str) -> Json {
        self.server.api().get(&config_map(&self.namespace, name))
    }

    /// Whether a ConfigMap is there.
    pub fn is_there(&self, name: &str) -> bool {
        self.server.api().find(&config_map(&self.namespace, name)).is_some()
    }

    /// The bytes under each key of a ConfigMap but `VERSION`.
    #[track_caller]
    pub fn held(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut held = contents(&self.live(name));
        held.remove("VERSION");
        held
    }

    /// The text under each key of a ConfigMap but `VERSION`.
    #[track_caller]
    pub fn texts(&self, name: &str) -> BTreeMap<String, String> {
        self.held(name).into_iter().map(|(key, bytes)| (key, String::from_utf8(bytes).unwrap())).collect()
    }

    /// What the program has asked for in this namespace so far.
    pub fn asked(&self) -> Vec<Audited> {
        let mut asked = self.server.audit_in(&self.namespace);
        asked.retain(|request| request.user_agent.starts_with(AGENT));
        asked
    }

    /// What of it was to change something.
    pub fn writes(&self) -> Vec<Audited> {
        let mut writes = self.asked();
        writes.retain(Audited::is_write);
        writes
    }

    /// Somebody else's write: keys with their values, by server-side apply.
    #[track_caller]
    pub fn write_as(&self, manager: &str, name: &str, data: &Json) {
        let object =
            json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": data.clone() });
        self.server.api().apply(&config_map(&self.namespace, name), manager, &object).success();
    }
}
