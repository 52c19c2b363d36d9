//! Who a file belongs to: org, repo, branch, variant, and the names that say so.
//!
//! A ci-operator config lies at `ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml`, a job file at
//! `ORG/REPO/ORG-REPO-BRANCH-{presubmits,postsubmits,periodics}.yaml`. [`config_identity`] and [`JobFile::from_path`]
//! read such names, the methods of [`Metadata`] and [`job_file_name`] write them. Names of jobs and the branch patterns
//! made from a branch are here as well, because every part of the program has to agree on them.

use std::borrow::Cow;
use std::fmt;

use super::config::Metadata;

/// Why a path does not say whose file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// There is no directory to take the repo from.
    NoRepo(String),
    /// There is no directory to take the org from.
    NoOrg(String),
    /// A job file whose name does not begin with `ORG-REPO-`.
    ForeignPrefix {
        /// What the name should begin with.
        prefix: String,
        /// The name without its ending.
        stem: String,
    },
    /// A job file whose name does not end in a kind of job.
    NoKind(String),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepo(path) => write!(out, "no repository directory in {path:?} (expected …/ORG/REPO/FILE)"),
            Self::NoOrg(path) => write!(out, "no organization directory in {path:?} (expected …/ORG/REPO/FILE)"),
            Self::ForeignPrefix { prefix, stem } => write!(out, "file name does not begin with {prefix:?}: {stem:?}"),
            Self::NoKind(stem) => write!(out, "file name does not say a type of job: {stem:?}"),
        }
    }
}

impl std::error::Error for IdentityError {}

/// The org, the repo and the file name's stem of a path `…/ORG/REPO/FILE`.
fn split_path(path: &str) -> Result<(&str, &str, &str), IdentityError> {
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty() && *part != ".");
    let file = parts.next().unwrap_or_default();
    let repo = parts.next().ok_or_else(|| IdentityError::NoRepo(path.to_owned()))?;
    let org = parts.next().ok_or_else(|| IdentityError::NoOrg(path.to_owned()))?;
    let stem = file.rfind('.').map_or(file, |dot| &file[..dot]);
    Ok((org, repo, stem))
}

/// Whose ci-operator config lies at `path`. A name without the `ORG-REPO-` prefix is taken for the branch as it is.
pub fn config_identity(path: &str) -> Result<Metadata, IdentityError> {
    let (org, repo, stem) = split_path(path)?;
    let rest = strip_owner(stem, org, repo).unwrap_or(stem);
    let (branch, variant) = rest.rsplit_once("__").unwrap_or((rest, ""));
    Ok(Metadata { org: org.to_owned(), repo: repo.to_owned(), branch: branch.to_owned(), variant: variant.to_owned() })
}

/// What follows `ORG-REPO-`.
fn strip_owner<'a>(stem: &'a str, org: &str, repo: &str) -> Option<&'a str> {
    stem.strip_prefix(org)?.strip_prefix('-')?.strip_prefix(repo)?.strip_prefix('-')
}

impl Metadata {
    /// A test's short name: its own, after the variant where there is one.
    pub fn test_name<'a>(&self, test: &'a str) -> Cow<'a, str> {
        if self.variant.is_empty() { Cow::Borrowed(test) } else { Cow::Owned(format!("{}-{test}", self.variant)) }
    }

    /// The full name of the job that runs a test.
    pub fn job_name(&self, kind: JobKind, test: &str) -> String {
        let parts = [kind.name_prefix(), "ci", &self.org, &self.repo, &self.branch, &self.variant, test];
        let mut name = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
        for (at, part) in parts.into_iter().enumerate() {
            if at == 5 && part.is_empty() {
                continue;
            }
            if at > 0 {
                name.push('-');
            }
            name.push_str(part);
        }
        name
    }

    /// The config's file name.
    pub fn file_name(&self) -> String {
        let Self { org, repo, branch, variant } = self;
        match variant.as_str() {
            "" => format!("{org}-{repo}-{branch}.yaml"),
            variant => format!("{org}-{repo}-{branch}__{variant}.yaml"),
        }
    }

    /// The config's path below the config directory.
    pub fn relative_path(&self) -> String {
        format!("{}/{}/{}", self.org, self.repo, self.file_name())
    }

    /// The key of the repository's jobs in a job file.
    pub fn org_repo(&self) -> String {
        format!("{}/{}", self.org, self.repo)
    }
}

/// The kinds of job, each with a file of its own per branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Runs on pull requests.
    Presubmit,
    /// Runs on merges.
    Postsubmit,
    /// Runs by the clock.
    Periodic,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Presubmit, Self::Postsubmit, Self::Periodic];

    /// What such a job is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmit",
            Self::Postsubmit => "postsubmit",
            Self::Periodic => "periodic",
        }
    }

    /// What the names of such jobs begin with.
    pub fn name_prefix(self) -> &'static str {
        match self {
            Self::Presubmit => "pull",
            Self::Postsubmit => "branch",
            Self::Periodic => "periodic",
        }
    }

    /// What the names of files with such jobs end with, and their key in a job file.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmits",
            Self::Postsubmit => "postsubmits",
            Self::Periodic => "periodics",
        }
    }
}

/// Whose job file it is, from its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFile {
    /// The organization: the directory above the repo's.
    pub org: String,
    /// The repository: the directory the file is in.
    pub repo: String,
    /// The branch as the file name gives it; empty for `ORG-REPO-periodics.yaml`.
    pub branch: String,
    /// What follows the last dash. Only the names in [`JobKind::plural`] are usual; the reference takes any.
    pub kind: String,
}

impl JobFile {
    /// Reads a path `…/ORG/REPO/ORG-REPO-BRANCH-KIND.yaml`.
    pub fn from_path(path: &str) -> Result<Self, IdentityError> {
        let (org, repo, stem) = split_path(path)?;
        let Some(rest) = strip_owner(stem, org, repo) else {
            return Err(IdentityError::ForeignPrefix { prefix: format!("{org}-{repo}-"), stem: stem.to_owned() });
        };
        let (branch, kind) = match rest.rsplit_once('-') {
            Some(parts) => parts,
            None if rest == "periodics" => ("", rest),
            None => return Err(IdentityError::NoKind(stem.to_owned())),
        };
        let [org, repo, branch, kind] = [org, repo, branch, kind].map(str::to_owned);
        Ok(Self { org, repo, branch, kind })
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        let Self { org, repo, branch, kind } = self;
        if branch.is_empty() && kind == "periodics" {
            return format!("{org}-{repo}-{kind}.yaml");
        }
        format!("{org}-{repo}-{branch}-{kind}.yaml")
    }
}

/// The name of the file that jobs of one branch and kind go to.
pub fn job_file_name(org: &str, repo: &str, branch: &str, kind: JobKind) -> String {
    format!("{org}-{repo}-{}-{}.yaml", branch_in_file_name(branch), kind.plural())
}

/// A branch, or a pattern of branches, as it appears in job file names: without the characters that only patterns
/// have and without punctuation at its ends; `main` when nothing is left.
pub fn branch_in_file_name(branch: &str) -> Cow<'_, str> {
    let kept = if branch.chars().all(is_plain) {
        Cow::Borrowed(branch)
    } else {
        Cow::Owned(branch.chars().filter(|char| is_plain(*char)).collect())
    };
    let ends = ['-', '.', '_'];
    let label = match kept {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(ends)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(ends).to_owned()),
    };
    if label.is_empty() { Cow::Borrowed("main") } else { label }
}

/// The pattern that matches exactly this branch. What looks like a pattern already stays as it is.
pub fn exactly_branch(branch: &str) -> String {
    if is_simple_branch(branch) { format!("^{}$", quote_dots(branch)) } else { branch.to_owned() }
}

/// The pattern that matches the feature branches of this branch. What looks like a pattern already stays as it is.
pub fn feature_branch(branch: &str) -> String {
    if is_simple_branch(branch) { format!("^{}-", quote_dots(branch)) } else { branch.to_owned() }
}

/// Whether a branch cannot be a pattern.
pub fn is_simple_branch(branch: &str) -> bool {
    !branch.is_empty() && branch.chars().all(is_plain)
}

fn is_plain(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.')
}

/// Of the characters in a simple branch only the dot means something in a pattern.
fn quote_dots(branch: &str) -> Cow<'_, str> {
    if branch.contains('.') { Cow::Owned(branch.replace('.', "\\.")) } else { Cow::Borrowed(branch) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(org: &str, repo: &str, branch: &str, variant: &str) -> Metadata {
        Metadata { org: org.into(), repo: repo.into(), branch: branch.into(), variant: variant.into() }
    }

    #[test]
    fn config_paths_say_whose_they_are() {
        let cases = [
            ("config/acme/web/acme-web-main.yaml", metadata("acme", "web", "main", "")),
            ("acme/web/acme-web-release-4.10__nightly.yaml", metadata("acme", "web", "release-4.10", "nightly")),
            ("acme/web/acme-web-a__b__c.yaml", metadata("acme", "web", "a__b", "c")),
            ("acme/web/other.yml", metadata("acme", "web", "other", "")),
            ("acme/web/acme-web-.yaml", metadata("acme", "web", "", "")),
        ];
        for (path, want) in cases {
            assert_eq!(config_identity(path), Ok(want), "{path}");
        }
        assert!(matches!(config_identity("a.yaml"), Err(IdentityError::NoRepo(_))));
        assert!(matches!(config_identity("/web/a.yaml"), Err(IdentityError::NoOrg(_))));
    }

    #[test]
    fn config_names_read_back() {
        for path in ["acme/web/acme-web-main.yaml", "acme/web/acme-web-release-4.1__v.yaml"] {
            assert_eq!(config_identity(path).map(|identity| identity.relative_path()), Ok(path.to_owned()));
        }
    }

    #[test]
    fn job_files_say_whose_they_are() {
        let file =
            |path| JobFile::from_path(path).map(|file| (file.branch.clone(), file.kind.clone(), file.file_name()));
        let ok = |branch: &str, kind: &str, name: &str| Ok((branch.to_owned(), kind.to_owned(), name.to_owned()));
        assert_eq!(
            file("jobs/acme/web/acme-web-release-4.1-presubmits.yaml"),
            ok("release-4.1", "presubmits", "acme-web-release-4.1-presubmits.yaml")
        );
        assert_eq!(file("acme/web/acme-web-periodics.yaml"), ok("", "periodics", "acme-web-periodics.yaml"));
        assert_eq!(file("acme/web/acme-web-main-odd.yaml"), ok("main", "odd", "acme-web-main-odd.yaml"));
        assert!(matches!(file("acme/web/acme-web-presubmits.yaml"), Err(IdentityError::NoKind(_))));
        assert!(matches!(file("acme/web/infra-periodics.yaml"), Err(IdentityError::ForeignPrefix { .. })));
        assert!(matches!(file("x-periodics.yaml"), Err(IdentityError::NoRepo(_))));
    }

    #[test]
    fn branches_become_patterns_and_file_names() {
        assert_eq!(exactly_branch("release-4.10"), r"^release-4\.10$");
        assert_eq!(feature_branch("main"), "^main-");
        assert_eq!(exactly_branch("release-.*"), "release-.*");
        assert_eq!(exactly_branch(""), "");
        assert_eq!(branch_in_file_name(r"^release-4\.10$"), "release-4.10");
        assert_eq!(branch_in_file_name("release-.*"), "release");
        assert_eq!(branch_in_file_name("^_$"), "main");
        assert_eq!(job_file_name("acme", "web", "main", JobKind::Periodic), "acme-web-main-periodics.yaml");
    }

    #[test]
    fn job_names_carry_the_variant() {
        assert_eq!(metadata("a", "b", "c", "").job_name(JobKind::Presubmit, "t"), "pull-ci-a-b-c-t");
        assert_eq!(metadata("a", "b", "c", "v").job_name(JobKind::Periodic, "t"), "periodic-ci-a-b-c-v-t");
        assert_eq!(metadata("a", "b", "", "").job_name(JobKind::Postsubmit, ""), "branch-ci-a-b--");
        assert_eq!(metadata("a", "b", "c", "v").test_name("t"), "v-t");
    }
}
