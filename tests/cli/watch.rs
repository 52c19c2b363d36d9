//! `cutwater watch`: what is saved is generated and checked, and what it writes itself does not start it again.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crate::support::Sandbox;

const CONFIG: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
const PRESUBMITS: &str = "ci-operator/jobs/acme/payments/acme-payments-main-presubmits.yaml";

/// A run and the lines that it writes to standard error.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let mut command = sandbox.command("cutwater");
        command.arg("watch").args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        Self { child, lines }
    }

    /// Waits for the end of a round, which is its summary.
    fn round(&self) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60)).expect("a round within a minute");
            if line.contains(" configs, ") || line.contains(" config, ") {
                return line;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_saved_is_generated() {
    let sandbox = Sandbox::updated();
    let watching = Watching::start(&sandbox, &[]);
    assert!(watching.round().starts_with("13 configs, "));
    sandbox.save(CONFIG, "- as: unit\n", "- as: unit-two\n");
    let told = watching.round();
    assert!(told.starts_with("1 config, ") && told.contains("1 file written"), "{told}");
    assert!(sandbox.read(PRESUBMITS).contains("pull-ci-acme-payments-main-unit-two\n"));
    // Nothing follows from what it wrote.
    assert!(watching.lines.recv_timeout(Duration::from_secs(2)).is_err());
    // What somebody does to the same file after that is news.
    sandbox.save(PRESUBMITS, "    context: ci/prow/unit-two\n", "    context: ci/prow/by-hand\n");
    let told = watching.round();
    assert!(told.contains("1 file written"), "{told}");
    assert!(sandbox.read(PRESUBMITS).contains("    context: ci/prow/unit-two\n"));
}

#[test]
fn with_check_nothing_is_written() {
    let sandbox = Sandbox::updated();
    let watching = Watching::start(&sandbox, &["--check"]);
    watching.round();
    let before = sandbox.read(PRESUBMITS);
    sandbox.save(CONFIG, "- as: unit\n", "- as: unit-two\n");
    let told = watching.round();
    assert!(told.contains("1 file would be written"), "{told}");
    assert_eq!(sandbox.read(PRESUBMITS), before);
}

#[test]
fn a_broken_file_does_not_end_it() {
    let sandbox = Sandbox::updated();
    let watching = Watching::start(&sandbox, &[]);
    watching.round();
    let whole = sandbox.read(CONFIG);
    sandbox.replace(CONFIG, "tests: [\n");
    watching.round();
    sandbox.replace(CONFIG, whole.replace("- as: unit\n", "- as: unit-two\n"));
    watching.round();
    assert!(sandbox.read(PRESUBMITS).contains("pull-ci-acme-payments-main-unit-two\n"));
}

#[test]
fn a_comment_is_not_written_away() {
    let sandbox = Sandbox::updated();
    let watching = Watching::start(&sandbox, &[]);
    watching.round();
    let before = sandbox.read(PRESUBMITS);
    sandbox.save(CONFIG, "- as: unit\n", "# soon\n- as: unit-two\n");
    let told = watching.round();
    assert!(told.contains("2 files would be written"), "{told}");
    assert!(sandbox.read(CONFIG).contains("# soon\n"));
    assert_eq!(sandbox.read(PRESUBMITS), before);
}
