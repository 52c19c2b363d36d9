//! A repository whose files are uploaded, and the programs that do it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value as Json;

use super::kube::{Api, Kubeconfig, Server, config_map, contents, until};
use super::{Ran, Sandbox, binary, copy};

/// The source that a repository is of, unless told otherwise.
pub const SOURCE: &str = "org/repo";
/// Where `config_updater` stands in a repository.
pub const PLUGINS: &str = "core-services/prow/02_config/_plugins.yaml";

/// A git repository in a directory of its own, with a kubeconfig beside it.
pub struct Repository {
    sandbox: Sandbox,
}

impl Repository {
    /// A repository without commits whose `config_updater` is this, and a kubeconfig.
    pub fn new(config_updater: &str, kubeconfig: &Kubeconfig) -> Self {
        let repository = Self { sandbox: Sandbox::new() };
        repository.write(PLUGINS, format!("config_updater:\n{config_updater}"));
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["remote", "add", "origin", &format!("https://example.com/{SOURCE}.git")]);
        repository.set_kubeconfig(kubeconfig);
        repository
    }

    /// One whose files below `NAME/` are the ConfigMap NAME in a namespace of the cluster `main`, which is this server.
    pub fn of(names: &[&str], namespace: &str, kubeconfig: &Kubeconfig) -> Self {
        let entry = |name: &&str| format!("    {name}/*: {{name: {name}, clusters: {{main: [{namespace}]}}}}\n");
        Self::new(&format!("  maps:\n{}", names.iter().map(entry).collect::<String>()), kubeconfig)
    }

    /// Another checkout of what is committed, with the same kubeconfig.
    pub fn copy(&self) -> Self {
        let other = Self { sandbox: Sandbox::new() };
        copy(self.sandbox.path(), other.sandbox.path());
        other
    }

    pub fn set_kubeconfig(&self, kubeconfig: &Kubeconfig) {
        kubeconfig.write(&self.sandbox.join("kubeconfig"));
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        self.sandbox.write(&format!("repository/{path}"), content);
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.sandbox.join(&format!("repository/{path}"))).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        let content = fs::read(self.sandbox.join(&format!("repository/{from}"))).unwrap();
        self.remove(from);
        self.write(to, content);
    }

    /// Commits everything; the hash. Each commit is a minute later than the one before.
    pub fn commit(&self) -> String {
        static MINUTES: AtomicU32 = AtomicU32::new(0);
        let date = format!("@{} +0000", 1_700_000_000 + 60 * MINUTES.fetch_add(1, Ordering::Relaxed));
        self.git(&["add", "--all"]);
        let mut command = self.git_command();
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        succeed(command.args(["commit", "--quiet", "--allow-empty", "--message=Change"]));
        self.git(&["rev-parse", "HEAD"])
    }

    /// Checks a commit out.
    pub fn check_out(&self, commit: &str) {
        self.git(&["checkout", "--quiet", commit]);
    }

    /// Names another source.
    pub fn set_source(&self, source: &str) {
        self.git(&["remote", "set-url", "origin", &format!("https://example.com/{source}.git")]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        succeed(self.git_command().args(arguments))
    }

    fn git_command(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(self.sandbox.join("repository")).env("HOME", self.sandbox.path());
        for (name, value) in [("user.name", "Somebody"), ("user.email", "somebody@example.com"), ("gc.auto", "0")] {
            command.args(["-c", &format!("{name}={value}")]);
        }
        command
    }

    /// `cutwater upload COMMAND` for this repository, to be run or started.
    pub fn command(&self, command: &str, arguments: &[&str]) -> Command {
        let mut program = Command::new(binary("cutwater"));
        program.current_dir(self.sandbox.join("repository")).env("HOME", self.sandbox.path()).env_remove("KUBECONFIG");
        program.args(["upload", command, "--source-path=.", "--kubeconfig=../kubeconfig"]).args(arguments);
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        program
    }

    /// Runs `cutwater upload COMMAND`.
    pub fn upload(&self, command: &str, arguments: &[&str]) -> Ran {
        Ran::from(self.command(command, arguments).output().unwrap())
    }

    /// Runs `cutwater upload apply` and gives its record as well.
    #[track_caller]
    pub fn apply(&self, arguments: &[&str]) -> (Ran, Json) {
        let ran = self.upload("apply", &[&["--record=../record.json"][..], arguments].concat());
        let record = self.record();
        (ran, record)
    }

    /// The record of the last run.
    #[track_caller]
    pub fn record(&self) -> Json {
        let text = self.sandbox.read("record.json");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Starts `cutwater upload COMMAND`.
    pub fn start(&self, command: &str, arguments: &[&str]) -> Running {
        Running { child: self.command(command, arguments).spawn().unwrap() }
    }

    /// A file beside the repository.
    pub fn beside(&self, name: &str) -> String {
        self.sandbox.join(name).display().to_string()
    }
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A run that has been started.
pub struct Running {
    child: Child,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end; the status is -1 when a signal ended it.
    pub fn end(self) -> Ran {
        Ran::from(self.child.wait_with_output().unwrap())
    }

    /// Waits for its end and says which signal ended it, if one did.
    pub fn signal(self) -> (Option<i32>, Output) {
        let output = self.child.wait_with_output().unwrap();
        (output.status.signal(), output)
    }
}

/// Which process is to get a signal from within a fault, when that is known.
#[derive(Clone, Default)]
pub struct Target(Arc<AtomicU32>);

impl Target {
    pub fn set(&self, running: &Running) {
        self.0.store(running.id(), Ordering::SeqCst);
    }

    /// Sends the signal as soon as it is known to whom.
    pub fn signal(&self, name: &str) {
        let id = until("the program has started", || Some(self.0.load(Ordering::SeqCst)).filter(|id| *id != 0));
        let _ = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status();
    }
}

/// A kubeconfig whose only context `main` is a server.
pub fn main_context(server: &Server) -> Kubeconfig {
    Kubeconfig::new().context("main", server, server.admin_token())
}

/// What a ConfigMap holds, as text.
#[track_caller]
pub fn texts(api: &Api, namespace: &str, name: &str) -> BTreeMap<String, String> {
    texts_of(&api.get(&config_map(namespace, name)))
}

/// What a ConfigMap holds, as text, without `VERSION`.
#[track_caller]
pub fn keys_of(api: &Api, namespace: &str, name: &str) -> BTreeMap<String, String> {
    let mut texts = texts(api, namespace, name);
    texts.remove("VERSION");
    texts
}

/// What a ConfigMap that was read holds, as text.
#[track_caller]
pub fn texts_of(object: &Json) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    contents(object).into_iter().map(|(key, bytes)| (key, text(bytes))).collect()
}

/// A ConfigMap's resourceVersion.
#[track_caller]
pub fn version(api: &Api, namespace: &str, name: &str) -> String {
    api.get(&config_map(namespace, name))["metadata"]["resourceVersion"].as_str().unwrap().to_owned()
}

/// Keys and values, written down.
pub fn pairs(expected: &[(&str, &str)]) -> BTreeMap<String, String> {
    expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// What a record says of the ConfigMap of this name.
#[track_caller]
pub fn recorded<'r>(record: &'r Json, name: &str) -> &'r Json {
    let maps = record["config_maps"].as_array().unwrap();
    maps.iter().find(|map| map["name"] == name).unwrap_or_else(|| panic!("{name} is not in {record:#}"))
}
