//! A program that runs beside the test and never longer than it, and a directory that never stays behind.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tempfile::TempDir;

use super::until;

type Order = (Command, Sender<io::Result<Child>>);

/// The one thread that starts programs. The kernel ends them with the thread that started them, not with the process, and
/// the thread of a test ends with the test.
static STARTER: LazyLock<Sender<Order>> = LazyLock::new(|| {
    let (orders, received) = channel::<Order>();
    thread::spawn(move || {
        for (mut command, answer) in received {
            let _ = answer.send(command.spawn());
        }
    });
    orders
});

/// A running program; killed with the value.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts a program whose output goes to the end of a file.
    pub fn start(program: &Path, arguments: &[String], log: &Path) -> Self {
        let log = File::options().create(true).append(true).open(log).unwrap();
        // Killed by the kernel when the test process is, however that ends.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program).args(arguments);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let (answer, started) = channel();
        STARTER.send((command, answer)).unwrap();
        let child = started.recv().unwrap();
        Self { child: child.unwrap_or_else(|error| panic!("setpriv, of util-linux: {error}")) }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Halts the program; all of it stands still when this returns.
    pub fn halt(&self) {
        self.signal("STOP");
        until("the program stands still", || self.is_halted().then_some(()));
    }

    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success(), "signal {name}: {sent}");
    }

    /// A signal reaches one thread, which then stops the others. The state stands after the name, which is in brackets.
    fn is_halted(&self) -> bool {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap().flatten();
        let states = threads.filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok());
        let mut states = states.map(|text| text.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T')));
        states.all(|is_halted| is_halted)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A temporary directory that goes even when the process is killed, and with statics, which are never dropped: a shell waits
/// for the end of the process and removes it.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    janitor: Child,
}

impl Directory {
    pub fn new() -> Self {
        let path = TempDir::with_prefix("cutwater-kube-").unwrap().keep();
        // Programs that are being killed may still write.
        let script = r#"trap '' HUP INT TERM; cat; until rm -rf "$1"; do sleep 0.1; done"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(&path).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { path, janitor: command.spawn().unwrap() }
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(self.janitor.stdin.take());
        let _ = self.janitor.wait();
    }
}
