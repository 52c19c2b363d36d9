//! Git, run in a directory: what it says of the repository there, of its commits and of its settings.
//!
//! Read [`git_command`] first. What differs from what is in [`super::changes`].

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::variable;
use crate::cli::Error;
use crate::files;

/// Git in the current directory, in whatever language the user reads.
pub fn git(arguments: &[&str]) -> Result<Output, Error> {
    ran(Command::new("git").args(arguments).output())
}

/// What git tells a hook of the repository that it runs for, and itself where it is set.
const OF_REPOSITORY: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// Git in another directory, in words that can be told apart.
///
/// A hook may be told where the repository is, and git then takes the directory that it is asked in for the top of it. So it
/// is told only where it would not find that repository itself, and not when it is asked about another one.
pub fn git_command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    // A file that was only touched is as it was.
    command.current_dir(directory).env("LC_ALL", "C").args(["-c", "diff.autoRefreshIndex=true"]);
    let (told, index) = (variable("GIT_DIR"), variable("GIT_INDEX_FILE"));
    let Some(Ok(here)) = told.as_ref().or(index.as_ref()).map(|_| env::current_dir()) else { return command };
    let whole = |path: &Path| files::resolved(&here.join(path)).unwrap_or_else(|| here.join(path));
    let directory = whole(directory);
    let found = repository_around(&directory);
    let told = told.map(|told| here.join(told));
    let tree = variable("GIT_WORK_TREE").map(|tree| whole(Path::new(&tree)));
    let is_ours = match (&told, &tree) {
        (Some(_), Some(tree)) => directory.starts_with(tree) && found == repository_around(tree),
        (Some(told), None) if found.is_some() => files::resolved(told) == found,
        (Some(_), None) => directory.starts_with(&here),
        // The index alone is told where git finds the repository by itself.
        (None, _) => found == repository_around(&here),
    };
    match told {
        _ if !is_ours => OF_REPOSITORY.iter().for_each(|name| {
            command.env_remove(name);
        }),
        Some(_) if tree.is_none() && found.is_some() => {
            command.env_remove("GIT_DIR");
        }
        Some(told) => {
            command.env("GIT_DIR", told).env("GIT_WORK_TREE", tree.unwrap_or(here));
        }
        None => {}
    }
    command
}

/// Where the files of git are for the checkout that a directory is in, as git finds it.
fn repository_around(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find_map(|above| {
        let place = above.join(".git");
        if files::is_directory(&place) {
            return files::resolved(&place);
        }
        // In a linked checkout, and in a submodule, it is a file.
        let said = files::read_given(&place).ok()?;
        files::resolved(&above.join(said.strip_prefix("gitdir: ")?.trim_end_matches(['\n', '\r'])))
    })
}

/// Git in another directory, in words that can be told apart.
pub fn git_in(directory: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let mut command = git_command(directory);
    command.args(arguments);
    ran(command.output())
}

/// As [`git_in`], with something to read.
pub fn git_fed(directory: &Path, arguments: &[&str], input: &[u8]) -> Result<Output, Error> {
    let mut command = git_command(directory);
    command.args(arguments);
    ran(fed(command, input))
}

/// What git answered, if it could be run.
pub fn ran(output: io::Result<Output>) -> Result<Output, Error> {
    output.map_err(|cause| Error::Host("cannot run git".into(), Some(cause)))
}

/// Runs a program with something to read. It may answer while it is asked, so that both go on at once.
pub fn fed(mut command: Command, input: &[u8]) -> io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        // A program that ends early says why itself.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
}

/// What git lists.
pub fn listed(directory: &Path, arguments: &[&str], what: &str) -> Result<BTreeSet<String>, Error> {
    let listing = said(git_in(directory, arguments)?, what)?;
    Ok(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// What git says, unless it cannot tell.
pub fn said(output: Output, what: &str) -> Result<String, Error> {
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Error::Host(format!("git cannot tell {what}: {}", first_line(&output)), None)),
    }
}

/// What git complains of, without the usage that may follow.
pub fn first_line(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned()
}

/// What git said, on either stream.
pub fn words(output: &Output) -> String {
    let said = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
    String::from_utf8_lossy(said).trim_end().to_owned()
}

/// The version of git, when there is one.
pub fn git_version() -> Option<String> {
    let output = git(&["--version"]).ok().filter(|output| output.status.success())?;
    Some(words(&output).trim_start_matches("git version ").to_owned())
}

/// Refuses a directory that git does not know.
pub fn is_repository(directory: &Path) -> Result<(), Error> {
    let known = git_in(directory, &["rev-parse", "--git-dir"])?;
    if known.status.success() {
        return Ok(());
    }
    let why = first_line(&known);
    let shown = directory.display();
    Err(Error::Usage(match why.strip_prefix("detected dubious ownership in repository at ") {
        _ if is_outside(&known) => format!("{shown} is no git repository"),
        Some(place) => format!(
            "git does not work in {shown}, which belongs to another user; if it is to be trusted: git config --global --add \
             safe.directory {place}"
        ),
        None => format!("git cannot work in {shown}: {why}"),
    }))
}

/// Whether git says that a directory is in no repository.
fn is_outside(output: &Output) -> bool {
    first_line(output).starts_with("not a git repository")
}

/// The commit where the branch of a directory left another commit, as far as the history that is there tells.
pub fn merge_base(directory: &Path, commit: &str) -> Result<Option<String>, Error> {
    let output = git_in(directory, &["merge-base", "HEAD", commit])?;
    let said = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned();
    match (output.status.code(), said.is_empty()) {
        (Some(0), false) => Ok(Some(said)),
        (Some(1), _) => Ok(None),
        _ if self::commit(directory, "HEAD").is_err() => {
            Err(Error::Usage("the current branch has no commit yet, so that it has not left any other".to_owned()))
        }
        _ => Err(Error::Host(format!("git cannot compare with {commit}: {}", first_line(&output)), None)),
    }
}

/// Why there is no merge base with a revision, and how to get one.
pub fn without_merge_base(directory: &Path, revision: &str) -> String {
    let why = format!("HEAD and {revision} have no commit in common");
    match is_shallow(directory) {
        true => format!(
            "{why} here, because this clone is shallow: get more of its history with `git fetch --deepen=100`, or all of it \
             with `git fetch --unshallow`"
        ),
        false => why,
    }
}

/// The hash of the commit that a revision names; a revision itself could be read as an option by git.
pub fn commit(directory: &Path, revision: &str) -> Result<String, Error> {
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

/// Refuses a name that is no revision of a directory's repository.
pub fn revision(directory: &Path, revision: &str) -> Result<(), Error> {
    commit(directory, revision).map(drop)
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
        // It may be in the part of the history that is not there.
        Some(1) => (!is_shallow(directory)).then_some(false),
        _ => None,
    }
}

/// Whether a clone has only the last part of its history.
fn is_shallow(directory: &Path) -> bool {
    git_in(directory, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|output| words(&output) == "true")
}

/// Where a directory lies in its checkout, with a slash at the end; nothing at its top.
pub fn git_prefix(directory: &Path) -> Result<String, Error> {
    let output = git_in(directory, &["rev-parse", "--show-prefix"])?;
    if !output.status.success() && !is_outside(&output) {
        is_repository(directory)?;
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

/// Where git keeps something of a repository, its hooks for instance, wherever that is.
pub fn git_path(directory: &Path, name: &str) -> Result<PathBuf, Error> {
    asked_for(directory, &["--path-format=absolute", "--git-path", name])
}

/// The directory of git's own files; of a linked checkout that which is its own.
pub fn git_dir(directory: &Path) -> Result<PathBuf, Error> {
    asked_for(directory, &["--absolute-git-dir"])
}

/// Where git looks for the hooks of a clone that does not say where they are, whichever of its checkouts this is.
pub fn own_hooks(directory: &Path) -> Result<PathBuf, Error> {
    Ok(asked_for(directory, &["--path-format=absolute", "--git-common-dir"])?.join("hooks"))
}

/// The top of a checkout.
pub fn top(directory: &Path) -> Result<PathBuf, Error> {
    asked_for(directory, &["--show-toplevel"])
}

/// A path that `git rev-parse` tells.
fn asked_for(directory: &Path, arguments: &[&str]) -> Result<PathBuf, Error> {
    is_repository(directory)?;
    let output = git_in(directory, &[&["rev-parse"], arguments].concat())?;
    let said = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => Ok(PathBuf::from(said.trim_end_matches('\n'))),
        false => Err(Error::Host(format!("git does not say where it keeps its files: {}", first_line(&output)), None)),
    }
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

/// The directory of hooks that repositories share, where the user or the machine has one and this clone none of its own. A path
/// that does not begin at the root is another directory in each of them.
pub fn shared_hooks(directory: &Path) -> Result<Option<String>, Error> {
    let output = git_in(directory, &["config", "--show-scope", "--get", "core.hooksPath"])?;
    let said = words(&output);
    // What counts is the last word on it, which a clone may have.
    let (scope, place) = said.split_once('\t').filter(|_| output.status.success()).unwrap_or(("local", ""));
    let is_shared = !matches!(scope, "local" | "worktree") && place.starts_with(['/', '~', '%']);
    Ok(is_shared.then(|| place.to_owned()))
}
