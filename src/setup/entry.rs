//! Entries in lists of YAML files that belong to somebody else, put in as text so that nothing around them changes.

use super::{PRESUBMIT, Settled};

const HOOK: &str = "\
- repo: local
  hooks:
  - id: cutwater
    name: cutwater
    entry: cutwater pre-commit
    language: system
    pass_filenames: false
    always_run: true
";

/// What becomes of the configuration of pre-commit.
pub fn pre_commit_hook(there: Option<&str>) -> Settled {
    let Some(there) = there.filter(|text| !text.trim().is_empty()) else {
        return Settled::Written(format!("repos:\n{HOOK}"));
    };
    if there.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("cutwater")) {
        return Settled::Same;
    }
    let missing = || Settled::Kept(format!("it has no list `repos` with an item on each line; it needs\n{HOOK}"));
    let Some(at) = after_line(there, |line| line == "repos:") else { return missing() };
    let next = there[at..].lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let Some(indent) = next.and_then(|line| line.find("- ")) else { return missing() };
    Settled::Written(inserted(there, at, HOOK, indent))
}

/// The presubmit that checks changes of a release repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presubmit {
    /// The release repository's organisation.
    pub org: String,
    /// Its name.
    pub repo: String,
    /// The branch that changes go to.
    pub branch: String,
    /// An image with git and cutwater.
    pub image: String,
}

impl Presubmit {
    /// The job file that it goes into, below the tree of job files.
    pub fn job_file(&self) -> String {
        let Self { org, repo, branch, .. } = self;
        format!("{org}/{repo}/{org}-{repo}-{branch}-presubmits.yaml")
    }

    fn text(&self) -> String {
        let text = PRESUBMIT.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect::<String>();
        let values = [("ORG", &self.org), ("REPO", &self.repo), ("BRANCH", &self.branch), ("IMAGE", &self.image)];
        values.iter().fold(text, |text, (name, value)| text.replace(name, value))
    }

    /// What becomes of the job file.
    pub fn settle(&self, there: Option<&str>) -> Settled {
        let text = self.text();
        let Some(there) = there.filter(|text| !text.trim().is_empty()) else { return Settled::Written(text) };
        let name = format!("name: pull-ci-{}-{}-{}-cutwater", self.org, self.repo, self.branch);
        if there.lines().any(|line| line.trim_start() == name) {
            return Settled::Same;
        }
        let key = format!("  {}/{}:", self.org, self.repo);
        let job = text.split_once(&format!("{key}\n")).map_or("", |(_, job)| job);
        match after_line(there, |line| line == key) {
            Some(at) if there[at..].starts_with("  - ") => Settled::Written(inserted(there, at, job, 0)),
            _ => Settled::Kept(format!("it has no presubmits of {}/{}; they need\n{job}", self.org, self.repo)),
        }
    }
}

/// The offset after the first line that a predicate takes.
fn after_line(text: &str, is_it: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if is_it(line.trim_end()) {
            return line.ends_with('\n').then_some(at);
        }
    }
    None
}

/// A text with lines put in, so many columns further in.
fn inserted(text: &str, at: usize, lines: &str, indent: usize) -> String {
    let lines: String = lines.split_inclusive('\n').map(|line| format!("{}{line}", " ".repeat(indent))).collect();
    let (before, after) = text.split_at(at);
    format!("{before}{lines}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_stands_before_the_others() {
        let there = "# ours\nrepos:\n  - repo: https://example.com/a\n    rev: v1\n    hooks:\n      - id: a\n";
        let Settled::Written(text) = pre_commit_hook(Some(there)) else { panic!() };
        assert!(text.starts_with("# ours\nrepos:\n  - repo: local\n    hooks:\n    - id: cutwater\n"), "{text}");
        assert!(text.ends_with("  - repo: https://example.com/a\n    rev: v1\n    hooks:\n      - id: a\n"), "{text}");
        assert_eq!(pre_commit_hook(Some(&text)), Settled::Same);
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_people() {
        for there in ["repos: []\n", "repos: [{repo: local}]\n", "exclude: x\n", "repos:\n", "- a\n"] {
            assert!(matches!(pre_commit_hook(Some(there)), Settled::Kept(_)), "{there}");
        }
        let presubmit = presubmit();
        for there in ["presubmits: {}\n", "periodics:\n- name: x\n", "presubmits:\n  acme/release: []\n"] {
            assert!(matches!(presubmit.settle(Some(there)), Settled::Kept(_)), "{there}");
        }
    }

    fn presubmit() -> Presubmit {
        let [org, repo, branch, image] = ["acme", "release", "main", "example.com/x"].map(str::to_owned);
        Presubmit { org, repo, branch, image }
    }

    #[test]
    fn a_presubmit_joins_the_others() {
        let there = "presubmits:\n  acme/release:\n  - agent: kubernetes\n    name: other\n";
        let Settled::Written(text) = presubmit().settle(Some(there)) else { panic!() };
        assert!(
            text.starts_with("presubmits:\n  acme/release:\n  - agent: kubernetes\n    always_run: true\n"),
            "{text}"
        );
        assert!(text.ends_with("  - agent: kubernetes\n    name: other\n"), "{text}");
        assert!(text.contains("    name: pull-ci-acme-release-main-cutwater\n"), "{text}");
        assert_eq!(presubmit().settle(Some(&text)), Settled::Same);
        assert_eq!(presubmit().job_file(), "acme/release/acme-release-main-presubmits.yaml");
    }
}
