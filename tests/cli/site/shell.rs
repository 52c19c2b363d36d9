//! Command lines as a person types them: run by a shell, with the built programs first on the path.

use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::support::{Ran, Sandbox, binary};

/// Runs a line in a directory. What git notes of people and times is always the same.
pub fn run(sandbox: &Sandbox, line: &str) -> Ran {
    let programs = Path::new(binary("cutwater")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(programs.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(sandbox.path());
    command.env("PATH", path.unwrap()).env("HOME", sandbox.path()).env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        command.env(format!("GIT_{who}_DATE"), "1700000000 +0000");
    }
    for variable in
        ["ARTIFACTS", "GOPATH", "GOROOT", "KUBECONFIG", "KUBERNETES_SERVICE_HOST", "NO_COLOR", "MAKEFLAGS", "MAKELEVEL"]
    {
        command.env_remove(variable);
    }
    command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "commit.gpgsign").env("GIT_CONFIG_VALUE_0", "false");
    Ran::from(command.output().unwrap())
}

/// What was said, on whichever way, with a time that is the same everywhere.
pub fn said(ran: &Ran) -> String {
    let time = Regex::new(r"in \d+\.\d\d s\b").unwrap();
    time.replace_all(&format!("{}{}", ran.stdout, ran.stderr), "in 0.01 s").into_owned()
}
