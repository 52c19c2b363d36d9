//! Uploads that are watched while they run: started, killed, counted, and what they leave.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value as Json;

use super::Ran;
use super::kube::{Api, Kubeconfig, Server, config_map, contents, until};
use super::upload::{MAIN, Repository};

impl Repository {
    /// One whose files below `NAME/` are the ConfigMap NAME in a namespace of the cluster `main`.
    pub fn of_maps(names: &[&str], namespace: &str, kubeconfig: &Kubeconfig) -> Self {
        let entry = |name: &&str| format!("  {name}/*: {{name: {name}, clusters: {{{MAIN}: [{namespace}]}}}}\n");
        let repository = Self::new(&format!("maps:\n{}", names.iter().map(entry).collect::<String>()));
        kubeconfig.write(&repository.beside("kubeconfig"));
        repository
    }

    /// Checks a commit out.
    pub fn check_out(&self, commit: &str) {
        self.git(&["checkout", "--quiet", commit]);
    }

    /// Makes it a checkout of another repository.
    pub fn set_source(&self, source: &str) {
        self.git(&["remote", "set-url", "origin", &format!("https://example.com/{source}.git")]);
    }

    /// Runs `cutwater upload apply` and gives its record as well.
    #[track_caller]
    pub fn apply_and_record(&self, arguments: &[&str]) -> (Ran, Json) {
        let ran = self.upload(&[&["apply", "--record=../record.json"], arguments].concat());
        let text = fs::read_to_string(self.beside("record.json")).unwrap();
        (ran, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
    }

    /// Starts `cutwater upload`.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command: Command = self.command("cutwater");
        let (verb, rest) = arguments.split_first().unwrap();
        command.args(["upload", verb, "--source-path", "."]).args(rest);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running { child: command.spawn().unwrap() }
    }
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

/// A kubeconfig whose only context is a server.
pub fn main_context(server: &Server) -> Kubeconfig {
    Kubeconfig::new().context(MAIN, server, server.admin_token())
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
