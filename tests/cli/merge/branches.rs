//! Repositories with two branches, git, and the driver in it.

use std::collections::BTreeMap;
use std::process::Command;

use super::cases::Case;
use crate::support::{Ran, Sandbox, binary, tree};
use cutwater::merge::{ATTRIBUTES, DRIVER, DRIVER_NAME, RECURSIVE};

/// A change that somebody makes on a branch, before `cutwater update`.
pub type Edit = fn(&Sandbox);

/// A repository with two branches, `ours` and `theirs`, that begin at `main`; `ours` is checked out.
pub struct Branches {
    pub sandbox: Sandbox,
}

impl Branches {
    pub fn of(case: &Case) -> Self {
        Self::new(|_| {}, case.ours, case.theirs)
    }

    /// With an edit before the branches part.
    pub fn new(base: Edit, ours: Edit, theirs: Edit) -> Self {
        let branches = Self { sandbox: Sandbox::updated() };
        base(&branches.sandbox);
        branches.update();
        branches.sandbox.write(".gitattributes", format!("{ATTRIBUTES}\n"));
        branches.sandbox.write(".gitignore", "/tmp/\n");
        branches.git(&["init", "--quiet", "--initial-branch=main"]);
        branches.commit("all there is");
        for (name, edit) in [("theirs", theirs), ("ours", ours)] {
            branches.git(&["checkout", "--quiet", "-b", name, "main"]);
            edit(&branches.sandbox);
            branches.update();
            branches.commit(name);
        }
        branches
    }

    pub fn update(&self) {
        let ran = self.sandbox.run("cutwater", &["update"]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(self.sandbox.path()).env("HOME", self.sandbox.path()).env("LC_ALL", "C");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true");
        // What is made for a while is seen if it stays.
        std::fs::create_dir_all(self.sandbox.join("tmp")).unwrap();
        command.env("TMPDIR", self.sandbox.join("tmp"));
        command.args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]).args(arguments);
        command
    }

    pub fn try_git(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let ran = self.try_git(arguments);
        assert_eq!(ran.status, 0, "git {arguments:?}: {ran:?}");
        ran.stdout.trim_end().to_owned()
    }

    /// Git with the driver.
    pub fn drive(&self, arguments: &[&str]) -> Ran {
        self.drive_with(DRIVER, arguments)
    }

    pub fn drive_with(&self, driver: &str, arguments: &[&str]) -> Ran {
        let driver = driver.replacen("cutwater", &format!("'{}'", binary("cutwater")), 1);
        let settings =
            [format!("merge.{DRIVER_NAME}.driver={driver}"), format!("merge.{DRIVER_NAME}.recursive={RECURSIVE}")];
        let mut all = vec!["-c", &settings[0], "-c", &settings[1]];
        all.extend(arguments);
        self.try_git(&all)
    }

    /// The paths that are left as conflicts.
    pub fn conflicts(&self) -> Vec<String> {
        let listing = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        listing.lines().map(str::to_owned).collect()
    }

    /// What git does on its own; puts everything back.
    #[track_caller]
    pub fn conflicts_without(&self, arguments: &[&str], back: &[&str]) -> Vec<String> {
        let ran = self.try_git(arguments);
        assert_ne!(ran.status, 0, "git settles this on its own: {ran:?}");
        let conflicts = self.conflicts();
        self.git(back);
        assert!(!conflicts.is_empty(), "{ran:?}");
        assert!(conflicts.iter().all(|path| path.starts_with("ci-operator/jobs/")), "{conflicts:?}");
        conflicts
    }

    /// The job files as a full run makes them of what is checked out.
    pub fn jobs(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.sandbox.join("ci-operator/jobs"), |_| true)
    }

    /// Nothing is left to do, and a full run over the merged tree changes nothing.
    #[track_caller]
    pub fn is_settled(&self, ran: &Ran) {
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(self.git(&["status", "--porcelain"]), "", "{ran:?}");
        assert!(tree(&self.sandbox.join("tmp"), |_| true).is_empty(), "something was left behind");
        let checked = self.sandbox.run("cutwater", &["update", "--check", "--diff"]);
        assert_eq!(checked.status, 0, "{checked:?}");
    }

    /// What a run over the merged configs makes of the job files that both began with.
    pub fn generated_anew(&self) -> BTreeMap<String, Vec<u8>> {
        self.git(&["checkout", "--quiet", "main", "--", "ci-operator/jobs"]);
        // Files that only came with the merge stay until they are taken away.
        let before = self.git(&["ls-tree", "-r", "--name-only", "main", "ci-operator/jobs"]);
        for path in self.jobs().into_keys().map(|path| format!("ci-operator/jobs/{path}")) {
            if !before.lines().any(|known| known == path) {
                std::fs::remove_file(self.sandbox.join(&path)).unwrap();
            }
        }
        self.update();
        self.jobs()
    }
}
