//! What git knows of a merge that it is in the middle of.
//!
//! Git asks a merge driver about a file before it has written any of the others, and does not say which commits it merges.
//! [`operation`] finds out where that can be known, [`merged`] has git merge them once more, without the checkout, and
//! gives the files of the result that are asked for. Nothing that it makes stays in the repository.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use super::{git, objects};
use crate::files::{self, Scratch};
use crate::run::layout::JOBS;
use crate::run::merge::Needed;

/// Set where git is asked to merge on our behalf, so that a driver that it calls nevertheless does not ask again.
pub const WITHIN: &str = "CUTWATER_WITHIN_MERGE";

/// Two commits that are being merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The commit that is checked out.
    pub ours: String,
    /// The one that comes in.
    pub theirs: String,
    /// What both are held against, where that is not their common ancestor: the parent of a commit that is picked.
    pub base: Option<String>,
}

/// A file that is being merged: its path from the root of the checkout, and the states that git has put before the driver.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// See the type.
    pub path: &'a str,
    /// What both began with.
    pub base: &'a [u8],
    /// What is checked out.
    pub ours: &'a [u8],
    /// What comes in.
    pub theirs: &'a [u8],
}

/// What is being merged, as far as it is certain: a commit has to have the very bytes that git shows of it. `labels` are what
/// git calls base, ours and theirs, when it is new enough to tell.
pub fn operation(directory: &Path, asked: Asked<'_>, labels: [Option<&str>; 3]) -> Option<Operation> {
    let ours = commit(directory, "HEAD")?;
    // Asked one after the other, since each of the last two runs git.
    let candidates: [&dyn Fn() -> Option<Candidate>; 4] =
        [&of_environment, &|| of_labels(labels), &|| of_rebase(directory), &|| of_sequencer(directory)];
    candidates.into_iter().filter_map(|candidate| candidate()).find_map(|(base, theirs)| {
        let theirs = commit(directory, &theirs)?;
        let base = match base {
            Some(base) => Some(commit(directory, &base)?),
            None => None,
        };
        let has = |commit: &str, bytes| {
            is_in(directory, commit, asked.path, bytes) || is_moved_in(directory, commit, asked.path, bytes)
        };
        let is_it = has(&ours, asked.ours)
            && has(&theirs, asked.theirs)
            && base.as_ref().is_none_or(|base| has(base, asked.base));
        is_it.then(|| Operation { ours: ours.clone(), theirs, base })
    })
}

/// Base and theirs, as revisions.
type Candidate = (Option<String>, String);

/// `git merge` and `git pull` name the commit in the environment.
fn of_environment() -> Option<Candidate> {
    let named = super::environment().into_keys().filter_map(|name| name.strip_prefix("GITHEAD_").map(str::to_owned));
    match named.collect::<Vec<_>>().as_slice() {
        [theirs] => Some((None, theirs.clone())),
        _ => None,
    }
}

/// Picking and reverting name the commit in the labels: `parent of 1a2b3c4 (Add a test)`, and without `parent of`.
fn of_labels([base, _, theirs]: [Option<&str>; 3]) -> Option<Candidate> {
    Some((Some(of_label(base?)?), of_label(theirs?)?))
}

fn of_label(label: &str) -> Option<String> {
    let named = label.strip_prefix("parent of ");
    let hash = named.unwrap_or(label).split(' ').next()?;
    let is_hash = hash.len() >= 4 && hash.chars().all(|digit| digit.is_ascii_hexdigit());
    is_hash.then(|| if named.is_some() { format!("{hash}^") } else { hash.to_owned() })
}

/// A rebase notes what it does before it does it.
fn of_rebase(directory: &Path) -> Option<Candidate> {
    let done = files::read_given(&git::git_path(directory, "rebase-merge/done").ok()?).ok()?;
    of_instruction(done.lines().rfind(|line| !line.is_empty() && !line.starts_with('#'))?)
}

/// Picking several commits does too; the list begins with the one that is being picked.
fn of_sequencer(directory: &Path) -> Option<Candidate> {
    let to_do = files::read_given(&git::git_path(directory, "sequencer/todo").ok()?).ok()?;
    of_instruction(to_do.lines().find(|line| !line.is_empty() && !line.starts_with('#'))?)
}

fn of_instruction(line: &str) -> Option<Candidate> {
    if let Some(rest) = line.strip_prefix("merge ").or_else(|| line.strip_prefix("m ")) {
        return of_merge(rest);
    }
    let mut words = line.split(' ').filter(|word| !word.starts_with('-'));
    let (verb, commit) = (words.next()?, words.next()?);
    match verb {
        "pick" | "p" | "reword" | "r" | "edit" | "e" | "squash" | "s" | "fixup" | "f" => {
            Some((Some(format!("{commit}^")), commit.to_owned()))
        }
        "revert" => Some((Some(commit.to_owned()), format!("{commit}^"))),
        _ => None,
    }
}

/// A rebase makes merges of labels that it has given to commits; the commit that it takes the message from comes before.
fn of_merge(rest: &str) -> Option<Candidate> {
    let mut words = rest.split(" #").next()?.split_whitespace();
    let mut labels = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "-c" | "-C" => drop(words.next()),
            label => labels.push(label),
        }
    }
    let [label] = labels[..] else { return None };
    Some((None, format!("refs/rewritten/{label}")))
}

/// What stands for a file that is only needed to be there.
const PRESENT: &[u8] = b"#\n";

/// The files of the merged branches that are needed, by path from the root of the checkout. `places` are the directories
/// and files that all of them are in. Why not, when git cannot merge them.
pub fn merged(
    directory: &Path,
    operation: &Operation,
    places: &[String],
    needed: impl Fn(&str) -> Needed,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    let aside = Aside::new(directory).ok_or("git cannot work beside the checkout")?;
    let (tree, conflicts) = aside.merge_tree(operation)?;
    if let Some(conflict) = conflicts.iter().find(|path| needed(path) == Needed::Content) {
        return Err(format!("{conflict} conflicts as well"));
    }
    let unreadable = || "git cannot read what it has merged".to_owned();
    let mut listed = vec!["ls-tree", "-r", "-z", "--full-tree", &tree, "--"];
    listed.extend(places.iter().map(String::as_str));
    let listing = aside.git(&listed, b"").filter(|output| output.status.success()).ok_or_else(unreadable)?;
    let (mut files, mut wanted) = (Vec::new(), Vec::new());
    for entry in String::from_utf8_lossy(&listing.stdout).split('\0').filter(|entry| !entry.is_empty()) {
        let (about, path) = entry.split_once('\t').ok_or_else(unreadable)?;
        let mut about = about.split(' ');
        let (mode, hash) = (about.next().unwrap_or_default(), about.nth(1).unwrap_or_default());
        match needed(path) {
            Needed::Nothing => {}
            Needed::Presence => files.push((path.to_owned(), PRESENT.to_vec())),
            // What a link leads to is found by its path.
            Needed::Content if mode == LINK => wanted.push((path.to_owned(), format!("{tree}:{path}\n"))),
            Needed::Content => wanted.push((path.to_owned(), format!("{hash}\n"))),
        }
    }
    let objects: String = wanted.iter().map(|(_, object)| object.as_str()).collect();
    let asked = ["cat-file", "--batch", "--follow-symlinks"];
    let output = aside.git(&asked, objects.as_bytes()).ok_or_else(unreadable)?;
    let mut answer = &*output.stdout;
    for (path, _) in wanted {
        let blob = objects::next(&mut answer).filter(|(kind, _)| *kind == "blob");
        let (_, bytes) = blob.ok_or_else(|| format!("{path} leads nowhere, or cannot be read"))?;
        files.push((path, bytes));
    }
    Ok(files)
}

/// The mode of a symbolic link.
const LINK: &str = "120000";

/// Git on the repository's objects, with a checkout that is empty, so that no attributes name a driver, and with a place of
/// its own for what it makes.
struct Aside {
    scratch: Scratch,
    environment: Vec<(&'static str, OsString)>,
}

impl Aside {
    fn new(directory: &Path) -> Option<Self> {
        let scratch = Scratch::new().ok()?;
        files::make_directory(&scratch.path().join("objects")).ok()?;
        files::make_directory(&scratch.path().join("checkout")).ok()?;
        let mut alternates = git::git_path(directory, "objects").ok()?.into_os_string();
        if let Some(more) = super::variable("GIT_ALTERNATE_OBJECT_DIRECTORIES") {
            alternates.push(":");
            alternates.push(more);
        }
        let environment = vec![
            ("GIT_DIR", git::git_dir(directory).ok()?.into_os_string()),
            ("GIT_WORK_TREE", scratch.path().join("checkout").into_os_string()),
            ("GIT_INDEX_FILE", scratch.path().join("index").into_os_string()),
            ("GIT_OBJECT_DIRECTORY", scratch.path().join("objects").into_os_string()),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", alternates),
            (WITHIN, "1".into()),
        ];
        Some(Self { scratch, environment })
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Option<Output> {
        let mut command = Command::new("git");
        command.current_dir(self.scratch.path().join("checkout")).env("LC_ALL", "C");
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).args(arguments);
        // Commits that stand in for a moment have to be somebody's.
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "cutwater").env(format!("GIT_{who}_EMAIL"), "cutwater@localhost");
        }
        git::fed(command, input).ok()
    }

    /// The tree of the merge, and the paths that conflict.
    fn merge_tree(&self, operation: &Operation) -> Result<(String, Vec<String>), String> {
        let cannot = || "git cannot merge beside the checkout (it has to be 2.38 or newer)".to_owned();
        let (mut ours, mut theirs) = (operation.ours.clone(), operation.theirs.clone());
        if let Some(base) = &operation.base {
            // Older versions take no base; two commits upon it have it for their ancestor.
            ours = self.upon(base, &ours).ok_or_else(cannot)?;
            theirs = self.upon(base, &theirs).ok_or_else(cannot)?;
        }
        let arguments = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", &ours, &theirs];
        let output = self.git(&arguments, b"").ok_or_else(cannot)?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Err(cannot());
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let mut parts = said.split('\0').filter(|part| !part.is_empty()).map(str::to_owned);
        let tree = parts.next().ok_or_else(cannot)?;
        Ok((tree, parts.collect()))
    }

    /// A commit of the files of one upon another.
    fn upon(&self, parent: &str, commit: &str) -> Option<String> {
        let tree = format!("{commit}^{{tree}}");
        let output = self.git(&["commit-tree", &tree, "-p", parent, "-m", "aside"], b"")?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }
}

/// Merges texts as git does without a driver, into the file of our side; whether it came out without conflicts. `labels` are
/// those of ours, base and theirs.
pub fn merge_texts(
    directory: &Path,
    [ours, base, theirs]: [&Path; 3],
    labels: [&str; 3],
    marker_size: Option<u32>,
) -> Result<bool, super::Error> {
    let mut command = Command::new("git");
    command.current_dir(directory).arg("merge-file").arg("-q");
    command.args(marker_size.map(|size| format!("--marker-size={size}")));
    command.args(labels.iter().flat_map(|label| ["-L", label])).arg("--").args([ours, base, theirs]);
    let output = git::ran(git::fed(command, b""))?;
    Ok(output.status.success())
}

/// A commit's hash.
fn commit(directory: &Path, revision: &str) -> Option<String> {
    git::commit(directory, revision).ok()
}

/// Whether a file of a commit has these bytes.
fn is_in(directory: &Path, commit: &str, path: &str, bytes: &[u8]) -> bool {
    let object = format!("{commit}:{path}");
    let output = git::git_in(directory, &["cat-file", "blob", &object]);
    output.is_ok_and(|output| output.status.success() && output.stdout == bytes)
}

/// Whether a commit has these bytes under another path among the job files: the file may have been renamed on one side.
fn is_moved_in(directory: &Path, commit: &str, path: &str, bytes: &[u8]) -> bool {
    let Some(end) = path.find(&format!("{JOBS}/")).map(|at| at + JOBS.len()) else { return false };
    let hashed = git::git_fed(directory, &["hash-object", "-t", "blob", "--stdin"], bytes);
    let Some(hashed) = hashed.ok().filter(|output| output.status.success()) else { return false };
    let hash = git::words(&hashed);
    let listing = git::git_in(directory, &["ls-tree", "-r", "--full-tree", commit, "--", &path[..end]]);
    let Some(listing) = listing.ok().filter(|output| output.status.success()) else { return false };
    String::from_utf8_lossy(&listing.stdout).lines().any(|line| line.split([' ', '\t']).nth(2) == Some(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_instructions_name_commits() {
        let pick = |base: &str, theirs: &str| Some((Some(base.to_owned()), theirs.to_owned()));
        let labels = |base, theirs| of_labels([Some(base), Some("HEAD"), Some(theirs)]);
        assert_eq!(labels("parent of 1a2b3c4 (Add a test)", "1a2b3c4 (Add a test)"), pick("1a2b3c4^", "1a2b3c4"));
        assert_eq!(labels("1a2b3c4 (Add)", "parent of 1a2b3c4 (Add)"), pick("1a2b3c4", "1a2b3c4^"));
        for (base, theirs) in [("", ""), ("Stash base", "Stashed changes"), ("1a2b3c4", "topic")] {
            assert_eq!(labels(base, theirs), None, "{base} {theirs}");
        }
        assert_eq!(of_labels([None; 3]), None);
        assert_eq!(of_instruction("pick 1a2b Add a test"), pick("1a2b^", "1a2b"));
        assert_eq!(of_instruction("fixup -C 1a2b Add a test"), pick("1a2b^", "1a2b"));
        assert_eq!(of_instruction("revert 1a2b Add a test"), pick("1a2b", "1a2b^"));
        let merged = Some((None, "refs/rewritten/topic".to_owned()));
        assert_eq!(of_instruction("merge -C 1a2b topic # Merge branch 'topic'"), merged);
        assert_eq!(of_instruction("m topic"), merged);
        for other in ["exec make", "merge -C 1a2b one two", "label onto", "pick"] {
            assert_eq!(of_instruction(other), None, "{other}");
        }
    }
}
