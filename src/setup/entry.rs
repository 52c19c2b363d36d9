//! Entries in lists of YAML files that belong to somebody else, put in as text so that nothing around them changes.

use super::Settled;

/// The hook, for a release repository at this place in the checkout; at its top when there is no name.
fn hook(below: &str) -> String {
    format!(
        "\
- repo: local
  hooks:
  - id: cutwater
    name: cutwater
    entry: cutwater pre-commit{}
    language: system
    pass_filenames: false
    always_run: true
",
        release_repo(below)
    )
}

/// What tells the program in a shell that the release repository is not where it runs.
pub fn release_repo(below: &str) -> String {
    if below.is_empty() { String::new() } else { format!(" --release-repo '{}'", below.replace('\'', r"'\''")) }
}

/// What becomes of the configuration of pre-commit.
pub fn pre_commit_hook(below: &str, there: Option<&str>) -> Settled {
    let hook = hook(below);
    let Some(there) = there.filter(|text| !text.trim().is_empty()) else {
        return Settled::Written(format!("repos:\n{hook}"));
    };
    if there.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("cutwater")) {
        return Settled::Same;
    }
    let missing = || Settled::Kept(format!("it has no list `repos` with an item on each line; it needs\n{hook}"));
    let Some(at) = after_line(there, |line| line == "repos:") else { return missing() };
    let next = there[at..].lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let Some(indent) = next.and_then(|line| line.find("- ")) else { return missing() };
    Settled::Written(inserted(there, at, &hook, indent))
}

/// The offset after the first line that a predicate takes.
pub(super) fn after_line(text: &str, is_it: impl Fn(&str) -> bool) -> Option<usize> {
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
pub(super) fn inserted(text: &str, at: usize, lines: &str, indent: usize) -> String {
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
        let Settled::Written(text) = pre_commit_hook("", Some(there)) else { panic!() };
        assert!(text.starts_with("# ours\nrepos:\n  - repo: local\n    hooks:\n    - id: cutwater\n"), "{text}");
        assert!(text.ends_with("  - repo: https://example.com/a\n    rev: v1\n    hooks:\n      - id: a\n"), "{text}");
        assert_eq!(pre_commit_hook("", Some(&text)), Settled::Same);
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_people() {
        for there in ["repos: []\n", "repos: [{repo: local}]\n", "exclude: x\n", "repos:\n", "- a\n"] {
            assert!(matches!(pre_commit_hook("", Some(there)), Settled::Kept(_)), "{there}");
        }
    }

    #[test]
    fn a_release_repository_below_the_checkout_is_named() {
        let Settled::Written(text) = pre_commit_hook("ci/it's", None) else { panic!() };
        assert!(text.contains(r"entry: cutwater pre-commit --release-repo 'ci/it'\''s'"), "{text}");
    }
}
