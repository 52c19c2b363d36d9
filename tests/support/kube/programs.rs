//! Where etcd and the API server are.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The programs that make a cluster's memory and its face.
#[derive(Debug)]
pub struct Programs {
    pub etcd: PathBuf,
    pub apiserver: PathBuf,
}

/// Finds the programs, or gets them, which takes minutes the first time; nothing where the machine is to do without.
pub fn programs() -> Option<&'static Programs> {
    static FOUND: OnceLock<Option<Result<Programs, String>>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        if std::env::var_os("CUTWATER_WITHOUT_KUBE").is_some_and(|value| !value.is_empty()) {
            let line = "NOT RUN, because CUTWATER_WITHOUT_KUBE is set: tests on a real Kubernetes server";
            // Past the test runner, which swallows what a passing test prints.
            #[expect(clippy::explicit_write, reason = "the test runner swallows what the macro prints")]
            writeln!(std::io::stderr(), "{line}").unwrap();
            return None;
        }
        Some(prepare())
    });
    found.as_ref().map(|found| found.as_ref().unwrap_or_else(|error| panic!("{error}")))
}

/// Several test programs may ask at once; the script lets one of them work.
fn prepare() -> Result<Programs, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kube/prepare");
    // What the script says goes past the test runner as well: a first run is silent for minutes otherwise.
    let output = Command::new(&script)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: {error}", script.display()))?;
    let told = String::from_utf8_lossy(&output.stdout);
    let path = |name: &str| {
        let mut lines = told.lines().filter_map(|line| line.split_once(' '));
        lines.find_map(|(program, path)| (program == name).then(|| PathBuf::from(path)))
    };
    match (output.status.success(), path("etcd"), path("kube-apiserver")) {
        (true, Some(etcd), Some(apiserver)) => Ok(Programs { etcd, apiserver }),
        _ => Err(format!("{}: {}; what it said is above", script.display(), output.status)),
    }
}
