//! Credential plugins: programs that a kubeconfig names under `exec`, and that print a token or a client certificate.
//!
//! kube would run them as well, but twice for each client, and it panics at a token that no header can hold. Nothing that
//! a plugin prints on its standard output, nor what it is called with, gets into a message. Its standard error is ours: it
//! says there what is wrong.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use k8s_openapi::jiff::Timestamp;
use kube::Config;
use kube::config::{ExecConfig, ExecInteractiveMode};
use serde_json::{Value as Json, json};
use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::connection::plain;
use super::saved;
use super::token::header;

/// A token that ends within so many seconds is not sent any more.
const SPARE: i64 = 60;
/// How long a plugin that has failed is not run again.
const FAILED: Duration = Duration::from_secs(10);

/// A plugin, with what it has said last.
pub(super) struct Plugin {
    /// The user of the kubeconfig that it stands for.
    user: String,
    /// The context that has this user.
    context: String,
    exec: ExecConfig,
    /// What went wrong is kept for a while as well, so that it is not run in vain for each request.
    last: Mutex<Option<(Result<Issued, String>, Instant)>>,
}

/// What a plugin has said.
#[derive(Clone)]
struct Issued {
    token: Option<HeaderValue>,
    /// A client certificate and its key, in PEM.
    certificate: Option<(String, String)>,
    ends: Option<Timestamp>,
}

impl Plugin {
    pub(super) fn new(user: &str, context: &str, exec: ExecConfig) -> Self {
        Self { user: user.to_owned(), context: context.to_owned(), exec, last: Mutex::new(None) }
    }

    /// The user of the kubeconfig that it stands for.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// The header `Authorization`, for who does not show a certificate alone. The plugin is run when what it said before is
    /// about to end; it is waited for so long.
    pub(super) async fn header(&self, patience: Duration) -> Result<Option<HeaderValue>, String> {
        Ok(self.issued(patience).await?.token)
    }

    /// Puts the client certificate into a client's configuration, where the plugin gives one.
    pub(super) async fn certify(&self, config: &mut Config, patience: Duration) -> Result<(), String> {
        if let Some((certificate, key)) = self.issued(patience).await?.certificate {
            config.auth_info.client_certificate_data = Some(STANDARD.encode(certificate));
            config.auth_info.client_key_data = Some(STANDARD.encode(key).into());
        }
        Ok(())
    }

    async fn issued(&self, patience: Duration) -> Result<Issued, String> {
        // Whoever comes second waits for the first, and takes what that has got.
        let mut last = self.last.lock().await;
        match last.as_ref() {
            Some((Ok(issued), _)) if !issued.is_ending() => return Ok(issued.clone()),
            Some((Err(what), since)) if since.elapsed() < FAILED => return Err(what.clone()),
            _ => {}
        }
        // A plugin that asks somebody who is not there never ends; given up, it is killed.
        let issued = match timeout(patience, run(&self.exec)).await {
            Ok(issued) => issued,
            Err(_) => Err(format!("has not answered for {:.0} s", patience.as_secs_f64())),
        };
        let issued = issued.map_err(|what| self.failed(&what));
        *last = Some((issued.clone(), Instant::now()));
        issued
    }

    /// What is wrong, given as the end of a sentence about it, and how to find out more.
    fn failed(&self, what: &str) -> String {
        let name = self.exec.command.as_deref().unwrap_or_default();
        let (user, context) = (&self.user, &self.context);
        format!(
            "the credential plugin {name} of its user {user} {what}; run the plugin by hand, or `kubectl --context {context} \
             auth whoami`"
        )
    }
}

impl Issued {
    /// Whether a new token is needed. A certificate counts for as long as the client that shows it.
    fn is_ending(&self) -> bool {
        self.token.is_some() && self.ends.is_some_and(|ends| Timestamp::now().as_second() + SPARE >= ends.as_second())
    }
}

/// Runs a plugin. What is wrong is said as the end of a sentence about it.
async fn run(exec: &ExecConfig) -> Result<Issued, String> {
    let name = exec.command.as_deref().filter(|name| !name.is_empty()).ok_or("has no command")?;
    let mut command = Command::new(name);
    command.args(exec.args.iter().flatten()).env("KUBERNETES_EXEC_INFO", about(exec)?).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    for pair in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (pair.get("name"), pair.get("value")) {
            command.env(name, value);
        }
    }
    match is_interactive(exec) {
        true => command.stdin(Stdio::inherit()),
        // What it starts itself may outlive it, and would keep whoever reads what we say waiting.
        false => command.stderr(Stdio::piped()),
    };
    let child = command.spawn().map_err(|error| format!("cannot be started: {}{}", plain(&error), hint(exec)))?;
    let output = child.wait_with_output().await.map_err(|error| format!("could not be run: {}", plain(&error)))?;
    // It may hold anything, so that it is shown and gets into no error.
    let _ = std::io::stderr().write_all(&output.stderr);
    match output.status.code() {
        Some(0) => issued(&output.stdout),
        Some(code) => Err(format!("failed with exit status {code}")),
        None => Err("was killed".to_owned()),
    }
}

/// How to install a plugin, where the kubeconfig says it.
fn hint(exec: &ExecConfig) -> String {
    let words = exec.install_hint.iter().flat_map(|hint| hint.split_whitespace()).collect::<Vec<_>>().join(" ");
    if words.is_empty() { words } else { format!(" ({words})") }
}

fn is_interactive(exec: &ExecConfig) -> bool {
    exec.interactive_mode != Some(ExecInteractiveMode::Never)
}

/// What a plugin is told about itself and, where it asks for that, about the cluster.
fn about(exec: &ExecConfig) -> Result<String, String> {
    let mut spec = json!({ "interactive": is_interactive(exec) });
    if exec.provide_cluster_info {
        let cluster = exec.cluster.as_ref().and_then(|cluster| serde_json::to_value(cluster).ok());
        spec["cluster"] = cluster.ok_or("asks for a cluster that cannot be told")?;
    }
    Ok(json!({ "apiVersion": exec.api_version, "kind": "ExecCredential", "spec": spec }).to_string())
}

/// Reads what a plugin prints: JSON, or YAML as Kubernetes' own clients take it too.
fn issued(printed: &[u8]) -> Result<Issued, String> {
    const OTHER: &str = "answered with something else than credentials";
    let of_yaml = || saved::of_yaml(std::str::from_utf8(printed).ok()?, 0).ok();
    let whole: Json = serde_json::from_slice(printed).ok().or_else(of_yaml).ok_or(OTHER)?;
    let text = |name: &str| match &whole["status"][name] {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        _ => Err(OTHER),
    };
    let token = text("token")?.map(|token| {
        header(&token).ok_or("answered with a token that holds a line break or another control character")
    });
    let certificate = match (text("clientCertificateData")?, text("clientKeyData")?) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => return Err("answered with a client certificate without its key, or the other way round".to_owned()),
    };
    let ends = text("expirationTimestamp")?.map(|text| text.parse().map_err(|_| OTHER)).transpose()?;
    let issued = Issued { token: token.transpose()?, certificate, ends };
    match (&issued.token, &issued.certificate) {
        (None, None) => Err("answered with neither a token nor a client certificate".to_owned()),
        _ => Ok(issued),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plugin that counts its runs in a file and prints credentials of this end.
    fn plugin(directory: &std::path::Path, status: &Json) -> Plugin {
        let printed = json!({ "kind": "ExecCredential", "status": status }).to_string();
        let script = format!("echo run >>'{}'; printf '%s' \"$1\"", directory.join("runs").display());
        let args = ["-c", &script, "sh", &printed].map(str::to_owned);
        let exec = ExecConfig {
            command: Some("sh".to_owned()),
            args: Some(args.into()),
            interactive_mode: Some(ExecInteractiveMode::Never),
            ..serde_json::from_value(json!({})).unwrap()
        };
        Plugin::new("ada", "main", exec)
    }

    #[tokio::test]
    async fn a_plugin_is_run_again_when_its_token_is_about_to_end() {
        for (ends, runs) in [(json!(null), 1), (json!("2999-01-01T00:00:00Z"), 1), (json!("2020-01-01T00:00:00Z"), 3)] {
            let directory = tempfile::tempdir().unwrap();
            let plugin = plugin(directory.path(), &json!({ "token": "hunter2", "expirationTimestamp": ends }));
            for _ in 0..3 {
                let header = plugin.header(Duration::from_secs(60)).await.unwrap().unwrap();
                assert!(header == "Bearer hunter2" && header.is_sensitive());
            }
            let count = std::fs::read_to_string(directory.path().join("runs")).unwrap().lines().count();
            assert_eq!(count, runs, "{ends}");
        }
    }

    #[test]
    fn what_no_request_can_carry_is_told_without_it() {
        let of = |status: Json| issued(json!({ "status": status }).to_string().as_bytes()).err();
        for (status, words) in [
            (json!({ "token": "hunter2\n" }), "line break"),
            (json!({ "token": "hunter2\u{7f}" }), "line break"),
            (json!({ "token": ["hunter2"] }), "something else"),
            (json!({ "clientKeyData": "hunter2" }), "without its key"),
            (json!({ "token": "hunter2", "expirationTimestamp": "hunter2" }), "something else"),
            (json!({ "token": "" }), "neither a token"),
            (json!({}), "neither a token"),
        ] {
            let what = of(status.clone()).unwrap();
            assert!(what.contains(words) && !what.contains("hunter2"), "{status}: {what}");
        }
        assert!(issued(b"hunter2").err().unwrap().contains("neither a token"));
        assert!(issued(b"\xff").err().unwrap().contains("something else"));
        let of_yaml = issued(b"kind: ExecCredential\nstatus:\n  token: hunter2\n").unwrap();
        assert_eq!(of_yaml.token.unwrap(), "Bearer hunter2");
    }
}
