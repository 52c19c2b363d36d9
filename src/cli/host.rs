//! What the process knows of the machine: arguments, environment, current directory, clock, git.
//!
//! The only file that asks for any of it, so that everything else is a function of its arguments. Files are the matter of
//! [`crate::files`].

#![expect(clippy::disallowed_methods, reason = "this is the file that asks the machine")]

pub mod merging;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Instant, SystemTime};

use super::Error;

/// Job files are made of millions of short strings, which this allocator makes and frees for less. Without huge pages:
/// they cost a quarter more memory, see `docs/performance.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The arguments, the program's name first.
pub fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}

/// Now.
pub fn now() -> Instant {
    Instant::now()
}

/// Now, in seconds since the beginning of 1970; 0 for a clock that is further back.
pub fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// The current directory.
pub fn current_dir() -> Result<PathBuf, Error> {
    env::current_dir().map_err(|cause| Error::Host("cannot find the current directory".into(), Some(cause)))
}

/// A variable of the environment, when it is set to something.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// All variables of the environment that are text.
pub fn environment() -> BTreeMap<String, String> {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    env::vars_os().filter_map(text).collect()
}

/// Where Go keeps sources: `$GOPATH`, else `go` in the home directory unless Go itself is installed there.
pub fn gopath() -> String {
    if let Some(path) = variable("GOPATH") {
        return path;
    }
    let Some(home) = variable("HOME") else { return String::new() };
    let default = crate::files::path::join(&home, "go");
    match variable("GOROOT") {
        Some(root) if crate::files::path::clean(&root) == default => String::new(),
        _ => default,
    }
}

/// The files that differ from the upstream branch, when all differences are modifications; nothing when there is
/// another kind of difference, or none, because then everything is worked on.
pub fn modified_files() -> Result<Option<BTreeSet<String>>, Error> {
    let branch = upstream_branch()?;
    let output = git(&["diff", "--name-status", &branch])?;
    if !output.status.success() {
        return Err(Error::Host(format!("git cannot compare with {branch}: {}", words(&output)), None));
    }
    Ok(only_modified(&String::from_utf8_lossy(&output.stdout)))
}

/// The files below a directory that differ from where its branch left a revision, those that git does not know yet among
/// them.
pub fn changed_since(directory: &Path, revision: &str) -> Result<BTreeSet<String>, Error> {
    let commit = commit(directory, revision)?;
    let differ = ["diff", "--name-only", "--no-renames", "-z", "--relative", "--merge-base", &commit, "--"];
    let unknown = ["ls-files", "--others", "--exclude-standard", "-z"];
    let mut changed = BTreeSet::new();
    for arguments in [&differ[..], &unknown] {
        let output = git_in(directory, arguments)?;
        if !output.status.success() {
            let why = first_line(&output);
            return Err(Error::Host(format!("git cannot tell what changed since {revision}: {why}"), None));
        }
        let listing = String::from_utf8_lossy(&output.stdout);
        changed.extend(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned));
    }
    Ok(changed)
}

/// The commit of a checkout, with the time that it was made; nothing where git knows none.
#[cfg(feature = "upload")]
pub fn head(directory: &Path) -> Option<(String, u64)> {
    let output = git_in(directory, &["log", "-1", "--format=%H %ct"]).ok().filter(|output| output.status.success())?;
    let said = String::from_utf8(output.stdout).ok()?;
    let (hash, time) = said.trim_end().split_once(' ')?;
    Some((hash.to_owned(), time.parse().ok()?))
}

/// The repository that a checkout is of, `org/repo`, as its remote `origin` says.
#[cfg(feature = "upload")]
pub fn remote(directory: &Path) -> Option<String> {
    let output = git_in(directory, &["remote", "get-url", "origin"]).ok().filter(|output| output.status.success())?;
    let address = String::from_utf8(output.stdout).ok()?;
    let mut parts = address.trim_end().trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']);
    let (repo, org) = (parts.next()?, parts.next()?);
    Some(format!("{org}/{repo}"))
}

/// Whether `commit` is in the history of `of`; nothing when git does not know.
#[cfg(feature = "upload")]
pub fn is_ancestor(directory: &Path, commit: &str, of: &str) -> Option<bool> {
    let is_hash = |text: &str| !text.is_empty() && text.chars().all(|digit| digit.is_ascii_hexdigit());
    if !is_hash(commit) || (of != "HEAD" && !is_hash(of)) {
        return None;
    }
    let output = git_in(directory, &["merge-base", "--is-ancestor", commit, of]).ok()?;
    match output.status.code() {
        Some(0) => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}

/// The hash of the commit that a revision names; a revision itself could be read as an option by git.
fn commit(directory: &Path, revision: &str) -> Result<String, Error> {
    let known = git_in(directory, &["rev-parse", "--git-dir"])?;
    if !known.status.success() {
        let why = first_line(&known);
        return Err(Error::Usage(match why.starts_with("not a git repository") {
            true => format!("{} is no git repository", directory.display()),
            false => format!("git cannot work in {}: {why}", directory.display()),
        }));
    }
    let object = format!("{revision}^{{commit}}");
    let output = git_in(directory, &["rev-parse", "--verify", "--quiet", "--end-of-options", &object])?;
    let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    // What git answers to `^main` is no hash: it is what to leave out.
    let is_hash = !said.is_empty() && said.chars().all(|digit| digit.is_ascii_hexdigit());
    if output.status.success() && is_hash {
        Ok(said)
    } else {
        Err(Error::Usage(format!("there is no revision {revision}")))
    }
}

/// The upstream of the current branch; `main` when it has none.
fn upstream_branch() -> Result<String, Error> {
    let output = git(&["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"])?;
    let said = words(&output);
    match output.status.success() {
        true if !said.is_empty() => Ok(said),
        true => Ok("main".into()),
        false if said.starts_with("fatal: no upstream configured for branch") => Ok("main".into()),
        false => Err(Error::Host(format!("git cannot name the upstream branch: {said}"), None)),
    }
}

/// Reads `git diff --name-status`.
fn only_modified(listing: &str) -> Option<BTreeSet<String>> {
    let listing = listing.strip_suffix('\n').unwrap_or(listing);
    listing
        .split('\n')
        .map(|line| {
            let mut fields = line.split_whitespace();
            match (fields.next(), fields.next()) {
                (Some("M"), Some(file)) => Some(file.to_owned()),
                _ => None,
            }
        })
        .collect()
}

fn git(arguments: &[&str]) -> Result<Output, Error> {
    Command::new("git").args(arguments).output().map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))
}

/// Git in another directory, in words that can be told apart.
fn git_in(directory: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let mut command = Command::new("git");
    command.current_dir(directory).env("LC_ALL", "C").args(arguments);
    command.output().map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))
}

/// What git complains of, without the usage that may follow.
fn first_line(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned()
}

/// What git said, on either stream.
fn words(output: &Output) -> String {
    let said = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
    String::from_utf8_lossy(said).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_limits_only_when_everything_is_a_modification() {
        let both = BTreeSet::from(["a/b.yaml".to_owned(), "c.yaml".to_owned()]);
        assert_eq!(only_modified("M\ta/b.yaml\nM\tc.yaml\n"), Some(both));
        assert_eq!(only_modified("M\ta/b.yaml\nD\tc.yaml\n"), None);
        assert_eq!(only_modified("R100\told.yaml\tnew.yaml\n"), None);
        assert_eq!(only_modified(""), None, "nothing changed: everything is worked on");
    }

    #[test]
    fn a_name_with_a_space_is_cut_as_the_reference_cuts_it() {
        assert_eq!(only_modified("M\ta b.yaml\n"), Some(BTreeSet::from(["a".to_owned()])));
    }
}
