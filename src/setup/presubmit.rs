//! The presubmit that checks changes of a release repository: a job in a job file, where canonical form leaves no comments, and
//! so no mark of ours.
//!
//! Whether a job is as we wrote it is known by writing it again, with the values that it has, and comparing. What others put
//! into every job, its build cluster, is no change of it.

use std::ops::Range;

use super::entry::{after_line, inserted};
use super::{PRESUBMIT, Settled};
use crate::model::identity::{JobKind, branch_in_file_name, job_file_name};

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
    /// Where it lies in its checkout; empty for the top.
    pub below: String,
}

/// What of the job's lines is told by whoever wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Values<'v> {
    branch: &'v str,
    image: &'v str,
    below: &'v str,
}

const IMAGE: &str = "        image: ";
const BRANCH: &str = "    - ^";
const BELOW: &str = "      - --release-repo=";
const CLUSTER: &str = "    cluster: ";

impl Presubmit {
    /// The job file that it goes into, below the tree of job files.
    pub fn job_file(&self) -> String {
        let Self { org, repo, branch, .. } = self;
        format!("{org}/{repo}/{}", job_file_name(org, repo, branch, JobKind::Presubmit))
    }

    fn name(&self) -> String {
        format!("pull-ci-{}-{}-{}-cutwater", self.org, self.repo, branch_in_file_name(&self.branch))
    }

    /// The job file with nothing else in it.
    fn text(&self, Values { branch, image, below }: &Values<'_>) -> String {
        let line = |line: &'static str| match line {
            _ if line.starts_with('#') => String::new(),
            "        - --color=never\n" if !below.is_empty() => format!("{line}  {BELOW}{below}\n"),
            _ => line.to_owned(),
        };
        let text: String = PRESUBMIT.split_inclusive('\n').map(line).collect();
        let name = self.name();
        let values = [
            ("pull-ci-ORG-REPO-BRANCH-cutwater", name.as_str()),
            ("ORG", &self.org),
            ("REPO", &self.repo),
            ("BRANCH", branch),
            ("IMAGE", image),
        ];
        filled(&text, &values)
    }

    /// What becomes of the job file.
    pub fn settle(&self, there: Option<&str>) -> Settled {
        let branch = pattern(&self.branch);
        let values = Values { branch: &branch, image: &self.image, below: &self.below };
        let text = self.text(&values);
        let Some(there) = there.filter(|text| !text.trim().is_empty()) else { return Settled::Written(text) };
        let key = format!("  {}/{}:", self.org, self.repo);
        if let Some(at) = item(there, &format!("name: {}", self.name())) {
            return self.settle_job(there, at, job(&text), &values);
        }
        match after_line(there, |line| line == key) {
            Some(at) if there[at..].starts_with("  - ") => Settled::Written(inserted(there, at, job(&text), 0)),
            _ => {
                Settled::Kept(format!("it has no presubmits of {}/{}; they need\n{}", self.org, self.repo, job(&text)))
            }
        }
    }

    /// What becomes of a job of this name that is there.
    fn settle_job(&self, there: &str, at: Range<usize>, wanted: &str, values: &Values<'_>) -> Settled {
        let old = &there[at.clone()];
        let (cluster, bare): (Vec<&str>, Vec<&str>) =
            old.split_inclusive('\n').partition(|line| line.starts_with(CLUSTER));
        let bare = bare.concat();
        let has = Values::of(&bare);
        if bare == wanted || has.as_ref() == Some(values) {
            // Where people changed something else in it, that is theirs.
            return Settled::Same;
        }
        if has.is_none_or(|has| job(&self.text(&has)) != bare) {
            return Settled::Kept(format!(
                "its job {} is not what `cutwater init` wrote, or was changed since; it needs\n{wanted}",
                self.name()
            ));
        }
        let context = wanted.find("    context: ").unwrap_or(wanted.len());
        let (before, after) = wanted.split_at(context);
        Settled::Written(format!("{}{before}{}{after}{}", &there[..at.start], cluster.concat(), &there[at.end..]))
    }
}

impl<'v> Values<'v> {
    /// Those of a job that is like ours.
    fn of(job: &'v str) -> Option<Self> {
        let value = |key: &str| job.lines().find_map(|line| line.strip_prefix(key));
        let below = job.lines().find_map(|line| line.trim_start().strip_prefix(BELOW.trim_start()));
        let branch = value(BRANCH)?.strip_suffix('$')?;
        Some(Self { branch, image: value(IMAGE)?, below: below.unwrap_or_default() })
    }
}

/// A text with values for words in it. A value is not looked at again: it may hold one of the words.
fn filled(mut text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let next = |text: &str| {
        let found = values.iter().filter_map(|(word, value)| Some((text.find(word)?, *word, *value)));
        found.min_by_key(|(at, word, _)| (*at, std::cmp::Reverse(word.len())))
    };
    while let Some((at, word, value)) = next(text) {
        out.push_str(&text[..at]);
        out.push_str(value);
        text = &text[at + word.len()..];
    }
    out + text
}

/// The pattern that matches this branch and no other.
fn pattern(branch: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '/');
    branch.chars().flat_map(|char| (!is_plain(char)).then_some('\\').into_iter().chain([char])).collect()
}

/// The job in a job file that has no other.
fn job(text: &str) -> &str {
    let start = text.find("  - ").unwrap_or(text.len());
    &text[start..]
}

/// The item of a list that has this line, in the second column as lists of jobs are written.
fn item(text: &str, line: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut starts: Vec<usize> = Vec::new();
    let mut found = None;
    for (number, it) in text.split_inclusive('\n').enumerate() {
        let is_inside = it.starts_with("    ") || it.trim().is_empty();
        if let (Some(start), false) = (found, is_inside) {
            return Some(start..at);
        }
        if it.starts_with("  - ") {
            starts.push(at);
        }
        let is_it = it.trim_end().get(4..) == Some(line) && number > 0;
        if is_it {
            found = starts.last().copied();
        }
        at += it.len();
    }
    found.map(|start| start..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presubmit() -> Presubmit {
        let [org, repo, branch, image] = ["acme", "release", "main", "example.com/x:1"].map(str::to_owned);
        Presubmit { org, repo, branch, image, below: String::new() }
    }

    fn written(settled: Settled) -> String {
        let Settled::Written(text) = settled else { panic!("{settled:?}") };
        text
    }

    const OTHER: &str = "presubmits:\n  acme/release:\n  - agent: kubernetes\n    name: other\n";

    #[test]
    fn it_joins_the_others() {
        let text = written(presubmit().settle(Some(OTHER)));
        assert!(
            text.starts_with("presubmits:\n  acme/release:\n  - agent: kubernetes\n    always_run: true\n"),
            "{text}"
        );
        assert!(text.ends_with("  - agent: kubernetes\n    name: other\n"), "{text}");
        assert!(text.contains("    name: pull-ci-acme-release-main-cutwater\n"), "{text}");
        assert_eq!(presubmit().settle(Some(&text)), Settled::Same);
        assert_eq!(presubmit().job_file(), "acme/release/acme-release-main-presubmits.yaml");
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_people() {
        for there in ["presubmits: {}\n", "periodics:\n- name: x\n", "presubmits:\n  acme/release: []\n"] {
            assert!(matches!(presubmit().settle(Some(there)), Settled::Kept(_)), "{there}");
        }
    }

    #[test]
    fn another_image_takes_the_place_of_ours() {
        let text = written(presubmit().settle(Some(OTHER)));
        let newer = Presubmit { image: "example.com/x:2".into(), ..presubmit() };
        assert_eq!(written(newer.settle(Some(&text))), text.replace("x:1", "x:2"));
        // With the build cluster that it has got in the meantime.
        let placed = text.replacen("    context:", "    cluster: build01\n    context:", 1);
        assert_eq!(presubmit().settle(Some(&placed)), Settled::Same);
        assert_eq!(written(newer.settle(Some(&placed))), placed.replace("x:1", "x:2"));
        let below = Presubmit { below: "ci".into(), ..presubmit() };
        let moved = written(below.settle(Some(&placed)));
        assert!(moved.contains("        - --color=never\n        - --release-repo=ci\n"), "{moved}");
        assert_eq!(written(presubmit().settle(Some(&moved))), placed);
        // Whatever people changed is theirs.
        let changed = text.replace("memory: 1Gi", "memory: 2Gi");
        assert_eq!(presubmit().settle(Some(&changed)), Settled::Same);
        assert!(matches!(newer.settle(Some(&changed)), Settled::Kept(why) if why.contains("x:2")));
    }

    #[test]
    fn names_may_hold_the_words_of_the_template() {
        let odd = Presubmit { org: "REPO-ORG".into(), repo: "IMAGE-BRANCH".into(), ..presubmit() };
        let text = written(odd.settle(None));
        for part in ["  REPO-ORG/IMAGE-BRANCH:\n", "    name: pull-ci-REPO-ORG-IMAGE-BRANCH-main-cutwater\n"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_branch_is_matched_and_nothing_else() {
        let slash = Presubmit { branch: "feature/4.10".into(), ..presubmit() };
        assert_eq!(slash.job_file(), "acme/release/acme-release-feature4.10-presubmits.yaml");
        let text = written(slash.settle(None));
        assert!(text.contains("    - ^feature/4\\.10$\n"), "{text}");
        assert!(text.contains("    name: pull-ci-acme-release-feature4.10-cutwater\n"), "{text}");
        // As an older version wrote it.
        let older = text.replace("4\\.10$", "4.10$");
        assert_eq!(written(slash.settle(Some(&older))), text);
    }
}
