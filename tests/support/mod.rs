//! What test files share: here a fresh directory and the built programs, for end-to-end tests; below, one noun a file.

#![allow(dead_code, reason = "each test file uses its share")]

pub mod checkout;
pub mod corpus;
pub mod example;
pub mod json;
pub mod kube;
pub mod language_server;
pub mod mutate;
pub mod node;
pub mod page;
pub mod prowgen;
pub mod run;
pub mod tally;
pub mod upload;
pub mod vector;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Gives worker threads the stack that the programs give theirs. A thread that waits takes other work on top of its own, on a
/// busy machine many times over.
pub fn roomy_threads() {
    // Whoever is second finds it done.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(16 << 20).build_global();
}

/// A directory of one test, gone with it.
pub struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    /// An empty directory.
    pub fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    /// A copy of the sample release repository.
    pub fn sample() -> Self {
        let sandbox = Self::new();
        copy(&testdata("release-repo"), sandbox.path());
        sandbox
    }

    /// The sample with everything generated and in form.
    pub fn updated() -> Self {
        let sandbox = Self::sample();
        let ran = sandbox.run("cutwater", &["update"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        sandbox
    }

    /// Replaces the first of these words in a file, which has to have them.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1));
    }

    /// As [`Self::edit`], as editors save: who looks sees the old text or the new one, and nothing in between.
    pub fn save(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.replace(file, text.replacen(from, to, 1));
    }

    /// As [`Self::write`], in one step.
    pub fn replace(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let place = self.join(file);
        let beside = place.with_file_name(".being-saved");
        fs::write(&beside, bytes).unwrap();
        fs::rename(beside, place).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn join(&self, relative: &str) -> PathBuf {
        self.path().join(relative)
    }

    pub fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.join(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    /// Runs a program here, away from what the user's environment says.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Ran {
        Ran::from(self.command(program).args(arguments).output().unwrap())
    }

    /// A program that is to run here.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(binary(program));
        command.current_dir(self.path()).env_remove("GOPATH").env_remove("GOROOT").env("HOME", self.path());
        command
    }
}

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A program of this package.
pub fn binary(program: &str) -> &'static str {
    match program {
        "cutwater" => env!("CARGO_BIN_EXE_cutwater"),
        "ci-operator-prowgen" => env!("CARGO_BIN_EXE_ci-operator-prowgen"),
        "sanitize-prow-jobs" => env!("CARGO_BIN_EXE_sanitize-prow-jobs"),
        "determinize-prow-config" => env!("CARGO_BIN_EXE_determinize-prow-config"),
        "determinize-ci-operator" => env!("CARGO_BIN_EXE_determinize-ci-operator"),
        "ci-operator-checkconfig" => env!("CARGO_BIN_EXE_ci-operator-checkconfig"),
        "config-shard-validator" => env!("CARGO_BIN_EXE_config-shard-validator"),
        #[cfg(feature = "upload")]
        "config-uploader" => env!("CARGO_BIN_EXE_config-uploader"),
        "determinize-prow-jobs" => env!("CARGO_BIN_EXE_determinize-prow-jobs"),
        other => panic!("there is no program {other}"),
    }
}

/// A directory below `testdata`.
pub fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

/// Copies what is in a directory.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The files below a directory that a predicate takes, by relative path, with their bytes.
pub fn tree(root: &Path, wanted: impl Fn(&str) -> bool) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if wanted(&relative) {
                found.insert(relative, fs::read(&path).unwrap());
            }
        }
    }
    found
}
