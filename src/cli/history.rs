//! What git keeps of earlier states: where a branch left another, which files differ from then, and what they held.
//!
//! Read [`fork_point`] first. git itself is run by [`git`].

use std::collections::BTreeMap;
#[cfg(feature = "upload")]
use std::collections::BTreeSet;
use std::path::Path;

use super::Error;
use super::host::changes::UNKNOWN;
#[cfg(feature = "upload")]
use super::host::git::said;
use super::host::git::{self, commit, first_line, git_in, listed};
use super::host::objects as answers;

/// Files below a directory, each with the name of the object that it was; nothing for a file that was not there.
pub type Differing = BTreeMap<String, Option<String>>;

/// The files that differ from a commit, below some directories of a directory, those that git does not know yet among them.
pub fn differing(directory: &Path, commit: &str, below: &[&str]) -> Result<Differing, Error> {
    let differ = ["diff", "--raw", "--no-abbrev", "--no-renames", "-z", "--relative", commit, "--"];
    let differ: Vec<&str> = [&differ[..], below].concat();
    let unknown: Vec<&str> = [&UNKNOWN[..], &["--"], below].concat();
    // Each looks at every file for itself.
    let (differ, unknown) =
        rayon::join(|| git_in(directory, &differ), || listed(directory, &unknown, "which files are new"));
    let (differ, unknown) = (differ?, unknown?);
    if !differ.status.success() {
        return Err(Error::Host(format!("git cannot tell what changed since {commit}: {}", first_line(&differ)), None));
    }
    let mut found = raw_listing(&String::from_utf8_lossy(&differ.stdout));
    for path in unknown {
        found.entry(path).or_insert(None);
    }
    Ok(found)
}

/// The files below a directory whose contents are not those of the last commit, those that git does not know and those that it
/// is told to ignore among them. What ends with a slash is another repository, and all that is below it.
#[cfg(feature = "upload")]
pub fn uncommitted(directory: &Path) -> Result<BTreeSet<String>, Error> {
    let last = commit(directory, "HEAD")?;
    // Contents are what is uploaded, so that modes do not count, nor files that were touched.
    let settings = ["-c", "core.fileMode=false"];
    let differ = ["diff", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", "-z", "--relative"];
    let differ = [&settings[..], &differ, &[&*last, "--"]].concat();
    let what = "what is not committed";
    let (differ, unknown) = rayon::join(
        || git_in(directory, &differ).and_then(|output| said(output, what)),
        || listed(directory, &["ls-files", "--others", "-z"], what),
    );
    let (differ, mut found) = (differ?, unknown?);
    found.extend(raw(&differ).filter_map(|change| change.other_contents()));
    Ok(found)
}

/// Reads what files were.
fn raw_listing(listing: &str) -> Differing {
    let mut found = Differing::new();
    for change in raw(listing) {
        let known = found.entry(change.path.to_owned()).or_insert(None);
        // A file in conflict has several records, and not all of them say what it was.
        *known = known.take().or(change.old.map(str::to_owned));
    }
    found
}

/// A file that `git diff --raw` lists. It names no object that is not there, nor one that git has not made yet: that of a file
/// which is not staged as it is.
struct Change<'l> {
    path: &'l str,
    old: Option<&'l str>,
    #[cfg_attr(not(feature = "upload"), expect(dead_code))]
    new: Option<&'l str>,
    /// Whether it is the checkout of another repository.
    #[cfg_attr(not(feature = "upload"), expect(dead_code))]
    is_submodule: bool,
}

/// Reads `git diff --raw -z`: of each file a record `:MODE MODE OBJECT OBJECT STATUS`, and its path.
fn raw(listing: &str) -> impl Iterator<Item = Change<'_>> {
    let mut parts = listing.split('\0');
    std::iter::from_fn(move || {
        let (record, path) = (parts.next()?, parts.next()?);
        let fields: Vec<&str> = record.split(' ').collect();
        let object = |at: usize| fields.get(at).copied().filter(|object| object.chars().any(|digit| digit != '0'));
        Some(Change { path, old: object(2), new: object(3), is_submodule: fields.get(1) == Some(&SUBMODULE) })
    })
}

/// The mode of a submodule.
const SUBMODULE: &str = "160000";

#[cfg(feature = "upload")]
impl Change<'_> {
    /// The path, where what is there now is not what was: with a slash at the end where that is a submodule.
    fn other_contents(&self) -> Option<String> {
        match self.is_submodule {
            // Listed with the same commit twice, something in it is not committed.
            true => Some(format!("{}/", self.path)),
            // Neither name is known of a file that is new and not staged as it is, or in conflict.
            false => (self.old.is_none() || self.old != self.new).then(|| self.path.to_owned()),
        }
    }
}

/// A commit to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkPoint {
    /// Its hash.
    pub commit: String,
    /// What the current branch left there.
    pub revision: String,
    /// Whether that has gone on since.
    pub has_moved: bool,
}

/// The commit that a diff compares with: where the current branch left a revision, or without one its upstream or the main
/// branch.
pub fn fork_point(directory: &Path, revision: Option<&str>) -> Result<ForkPoint, Error> {
    let (name, tip) = match revision {
        Some(revision) => (revision.to_owned(), commit(directory, revision)?),
        None => main_branch(directory)?,
    };
    let commit = git::merge_base(directory, &tip)?;
    let commit = commit.ok_or_else(|| Error::Host(git::without_merge_base(directory, &name), None))?;
    Ok(ForkPoint { has_moved: commit != tip, commit, revision: name })
}

/// The branch that the current one is to go into, as far as git knows, with its commit.
fn main_branch(directory: &Path) -> Result<(String, String), Error> {
    let upstream = git_in(directory, &["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"])?;
    let upstream = Some(&upstream).filter(|output| output.status.success());
    let upstream = upstream.map(|output| String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    let usual = ["origin/HEAD", "origin/main", "origin/master", "main", "master"].map(str::to_owned);
    for name in upstream.into_iter().chain(usual) {
        match commit(directory, &name) {
            Ok(tip) => return Ok((name, tip)),
            Err(Error::Usage(why)) if why.starts_with("there is no revision") => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Usage("there is no branch to compare with; name a revision, as in `cutwater diff HEAD`".to_owned()))
}

/// The contents of objects, in their order.
pub fn objects(directory: &Path, names: &[&str]) -> Result<Vec<Vec<u8>>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: String = names.iter().map(|name| format!("{name}\n")).collect();
    let output = git::git_fed(directory, &["cat-file", "--batch"], wanted.as_bytes())?;
    batch(&output.stdout, names).map_err(|why| Error::Host(why, None))
}

/// Takes the answer about these objects apart.
fn batch(said: &[u8], names: &[&str]) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = said;
    let missing =
        |name| format!("git has no object {name}, which the base needs; in a partial clone `git fetch` gets it");
    names.iter().map(|name| answers::next(&mut rest).map(|(_, bytes)| bytes).ok_or_else(|| missing(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_were_is_read_from_raw_listings() {
        let (zero, one) = ("0".repeat(40), "1".repeat(40));
        let listing = format!(
            ":100644 100644 {one} {zero} M\0a b.yaml\0:000000 100644 {zero} {zero} A\0new\0\
             :000000 100644 {zero} {zero} U\0both\0:100644 100644 {one} {zero} M\0both\0"
        );
        let expected = [("a b.yaml", Some(one.clone())), ("new", None), ("both", Some(one))];
        assert_eq!(raw_listing(&listing), expected.map(|(path, object)| (path.to_owned(), object)).into());
        assert_eq!(raw_listing(""), Differing::new());
    }

    #[test]
    fn objects_are_cut_by_their_size() {
        let said = b"1 blob 3\na\nb\n2 blob 0\n\n";
        assert_eq!(batch(said, &["1", "2"]), Ok(vec![b"a\nb".to_vec(), Vec::new()]));
        assert!(batch(b"1 missing\n", &["1"]).is_err());
        assert!(batch(b"1 blob 9\nabc\n", &["1"]).is_err(), "what is cut short is not the object");
    }
}
