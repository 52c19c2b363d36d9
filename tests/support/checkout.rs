//! Directories under git, for tests of what compares with a revision.

use std::fs;

use super::{Ran, Sandbox, tree};

impl Sandbox {
    /// Runs git here, away from what the user's configuration says, and gives what it says.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = self.command_of("git");
        command.args([
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.com",
            "-c",
            "commit.gpgsign=false",
        ]);
        let ran = Ran::from(command.args(arguments).output().unwrap());
        assert_eq!(ran.status, 0, "git {arguments:?}: {}", ran.stderr);
        ran.stdout.trim_end().to_owned()
    }

    /// A program of the machine that is to run here.
    pub fn command_of(&self, program: &str) -> std::process::Command {
        let mut command = std::process::Command::new(program);
        command.current_dir(self.path()).env("HOME", self.path());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command
    }

    /// Puts everything under git, on the branch `main`.
    pub fn commit_all(&self) -> String {
        if !self.join(".git").is_dir() {
            self.git(&["init", "--quiet", "--initial-branch=main"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=files"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Puts what one directory holds into the place of what another holds, and leaves other files.
    pub fn exchange(&self, gone: &std::path::Path, come: &std::path::Path) {
        for file in tree(gone, |_| true).keys() {
            fs::remove_file(self.join(file)).unwrap();
        }
        super::copy(come, self.path());
    }
}
