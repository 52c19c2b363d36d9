//! What the process knows of the machine: arguments, environment, current directory, clock, git.
//!
//! The only file that asks for any of it, so that everything else is a function of its arguments. Files are the matter of
//! [`crate::files`].

#![expect(clippy::disallowed_methods, reason = "this is the file that asks the machine")]

pub mod merging;
pub mod objects;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
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
    let what = format!("what changed since {revision}");
    let mut changed = listed(directory, &[&["diff"], &NAMES[..], &["--merge-base", &commit, "--"]].concat(), &what)?;
    changed.extend(listed(directory, &UNKNOWN, &what)?);
    Ok(changed)
}

/// The files below a directory that differ between what would be committed and the last commit.
pub fn staged(directory: &Path) -> Result<BTreeSet<String>, Error> {
    is_repository(directory)?;
    listed(directory, &[&["diff", "--cached"], &NAMES[..], &["--"]].concat(), "what is staged")
}

/// The files below these places in a directory that are not as they would be committed, those that git does not know yet
/// among them.
pub fn unstaged(directory: &Path, places: &[String]) -> Result<BTreeSet<String>, Error> {
    let places: Vec<String> = places.iter().map(|place| format!(":(literal){place}")).collect();
    let with = |arguments: &[&str]| -> Result<BTreeSet<String>, Error> {
        let arguments: Vec<&str> = arguments.iter().copied().chain(places.iter().map(String::as_str)).collect();
        listed(directory, &arguments, "what is not staged")
    };
    // Each looks at every file, and a commit waits for both.
    let (differ, unknown) =
        rayon::join(|| with(&[&["diff"], &NAMES[..], &["--"]].concat()), || with(&[&UNKNOWN[..], &["--"]].concat()));
    let mut differ = differ?;
    differ.extend(unknown?);
    Ok(differ)
}

/// Makes files below a directory, there or not any more, part of what will be committed.
pub fn stage(directory: &Path, files: &[&str]) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    let mut command = git_command(directory);
    command.env("GIT_LITERAL_PATHSPECS", "1");
    command.args(["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"]);
    let output =
        fed(command, files.join("\0").as_bytes()).map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said: Vec<&str> = said.lines().filter(|line| !line.starts_with("hint:")).collect();
            Err(Error::Host(format!("git cannot stage what was written: {}", said.join("\n")), None))
        }
    }
}

/// Writes all files of the commit where the branch of a directory left a revision into another directory. Neither the index
/// nor the files of the repository are touched.
pub fn checkout(directory: &Path, revision: &str, into: &Path) -> Result<(), Error> {
    let named = commit(directory, revision)?;
    let failed = |why: String| Error::Host(format!("git cannot show {revision}: {why}"), None);
    let base = git_in(directory, &["merge-base", &named, "HEAD"])?;
    let base = String::from_utf8_lossy(&base.stdout).lines().next().map_or(named, str::to_owned);
    let place = git_prefix(directory)?;
    let top = git_in(directory, &["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(String::from_utf8_lossy(&top.stdout).trim_end_matches('\n'));
    let (index, prefix) = (into.join(".index"), format!("--prefix={}/", into.display()));
    let tree = format!("{base}:{place}");
    for arguments in [&["read-tree", &tree][..], &["checkout-index", "--all", "--quiet", &prefix]] {
        // From the top, or entries above the directory are passed over.
        let mut command = git_command(&top);
        command.env("GIT_INDEX_FILE", &index).args(arguments);
        let output = command.output().map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))?;
        if !output.status.success() {
            return Err(failed(first_line(&output)));
        }
    }
    Ok(())
}

/// Names of files that differ, below the directory that is asked about.
const NAMES: [&str; 4] = ["--name-only", "--no-renames", "-z", "--relative"];

/// Files that git does not know and is not told to ignore.
pub(super) const UNKNOWN: [&str; 4] = ["ls-files", "--others", "--exclude-standard", "-z"];

/// What git lists.
pub(super) fn listed(directory: &Path, arguments: &[&str], what: &str) -> Result<BTreeSet<String>, Error> {
    let listing = said(git_in(directory, arguments)?, what)?;
    Ok(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// What git says, unless it cannot tell.
pub(super) fn said(output: Output, what: &str) -> Result<String, Error> {
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Error::Host(format!("git cannot tell {what}: {}", first_line(&output)), None)),
    }
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

/// Where git keeps something of a repository, its hooks for instance.
pub fn git_path(directory: &Path, name: &str) -> Result<PathBuf, Error> {
    is_repository(directory)?;
    let output = git_in(directory, &["rev-parse", "--git-path", name])?;
    match output.status.success() {
        true => Ok(directory.join(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n'))),
        false => Err(Error::Host(format!("git does not say where its {name} are: {}", first_line(&output)), None)),
    }
}

/// The version of git, when there is one.
pub fn git_version() -> Option<String> {
    let output = git(&["--version"]).ok().filter(|output| output.status.success())?;
    Some(words(&output).trim_start_matches("git version ").to_owned())
}

/// The directory of hooks that repositories share, where the user or the machine has one.
pub fn shared_hooks(directory: &Path) -> Result<Option<String>, Error> {
    let of = |scope| git_in(directory, &["config", scope, "--get", "core.hooksPath"]);
    for output in [of("--global")?, of("--system")?] {
        if output.status.success() {
            return Ok(Some(words(&output)));
        }
    }
    Ok(None)
}

/// Where a directory lies in its checkout, with a slash at the end; nothing at its top.
pub fn git_prefix(directory: &Path) -> Result<String, Error> {
    let output = git_in(directory, &["rev-parse", "--show-prefix"])?;
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

/// Files at these places that git knows and that are left out of a sparse checkout.
pub fn left_out(directory: &Path, places: &[String]) -> Result<usize, Error> {
    if git_setting(directory, "core.sparseCheckout")?.as_deref() != Some("true") {
        return Ok(0);
    }
    let arguments: Vec<&str> =
        ["ls-files", "-t", "-z", "--"].into_iter().chain(places.iter().map(String::as_str)).collect();
    Ok(listed(directory, &arguments, "what is checked out")?.iter().filter(|entry| entry.starts_with("S ")).count())
}

/// A setting of git, when there is one.
pub fn git_setting(directory: &Path, name: &str) -> Result<Option<String>, Error> {
    let output = git_in(directory, &["config", "--get", name])?;
    let value = || String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned();
    Ok(output.status.success().then(value))
}

/// Sets a setting of this clone of git.
pub fn set_git(directory: &Path, name: &str, value: &str) -> Result<(), Error> {
    let output = git_in(directory, &["config", name, value])?;
    match output.status.success() {
        true => Ok(()),
        false => Err(Error::Host(format!("git cannot set {name}: {}", first_line(&output)), None)),
    }
}

/// Refuses a name that is no revision of a directory's repository.
pub fn revision(directory: &Path, revision: &str) -> Result<(), Error> {
    commit(directory, revision).map(drop)
}

/// Refuses a directory that git does not know.
fn is_repository(directory: &Path) -> Result<(), Error> {
    let known = git_in(directory, &["rev-parse", "--git-dir"])?;
    if known.status.success() {
        return Ok(());
    }
    let why = first_line(&known);
    Err(Error::Usage(match why.starts_with("not a git repository") {
        true => format!("{} is no git repository", directory.display()),
        false => format!("git cannot work in {}: {why}", directory.display()),
    }))
}

/// The hash of the commit that a revision names; a revision itself could be read as an option by git.
pub(super) fn commit(directory: &Path, revision: &str) -> Result<String, Error> {
    is_repository(directory)?;
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

/// Git in another directory, in words that can be told apart. In a hook git is told where the repository is, and takes the
/// directory that it is asked in for the top of it.
fn git_command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(directory).env("LC_ALL", "C");
    if let (Some(repository), None, Ok(here)) = (variable("GIT_DIR"), variable("GIT_WORK_TREE"), env::current_dir()) {
        command.env("GIT_DIR", here.join(repository)).env("GIT_WORK_TREE", here);
    }
    command
}

/// Git in another directory, in words that can be told apart.
pub(super) fn git_in(directory: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let mut command = git_command(directory);
    command.args(arguments);
    command.output().map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))
}

/// As [`git_in`], with something to read.
pub(super) fn git_fed(directory: &Path, arguments: &[&str], input: &[u8]) -> Result<Output, Error> {
    let mut command = git_command(directory);
    command.args(arguments);
    fed(command, input).map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))
}

/// Runs a program with something to read. It may answer while it is asked, so that both go on at once.
fn fed(mut command: Command, input: &[u8]) -> io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        // A program that ends early says why itself.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
}

/// What git complains of, without the usage that may follow.
pub(super) fn first_line(output: &Output) -> String {
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
