//! What is in a tree, in one order.
//!
//! The order is the reference's: names compared as bytes within each directory, a directory's contents where its name
//! stands. Links to directories are not entered, at any depth; links to files are listed and checked when they are read.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::{Error, Tree};

/// Deeper than any release repository by far, and shallow enough for the stack.
const MAX_DEPTH: usize = 64;

/// One file found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its path below the directory that was walked.
    pub relative: String,
    /// Its path as the walk spells it: the directory as given, then `relative`.
    pub path: PathBuf,
    /// Whether it is a link, which is checked before it is read or written.
    pub link: bool,
}

impl Entry {
    /// The file's name.
    pub fn name(&self) -> &str {
        super::path::base(&self.relative)
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// Files and links, in order.
    pub files: Vec<Entry>,
    /// Temporary files that a killed run left, for [`super::sweep`].
    pub leftovers: Vec<PathBuf>,
    /// What could not be listed, and what is neither file nor directory though its name was wanted.
    pub problems: Vec<Error>,
}

/// Lists the files below `directory` of the tree (empty for all of it) whose name is wanted.
///
/// The name is asked for files and directories alike; a directory that is not wanted is not entered.
pub fn walk(tree: &Tree, directory: &str, wanted: &dyn Fn(&str, Kind) -> bool) -> Result<Walked, Error> {
    let start = tree.join(directory)?;
    let kind = fs::symlink_metadata(&start).map_err(|cause| Error::Walk(start.clone(), cause))?.file_type();
    let mut walked = Walked::default();
    let mut relative = super::path::clean(directory);
    if relative == "." {
        relative.clear();
    }
    if kind.is_dir() || relative.is_empty() {
        enter(&start, &mut relative, 0, wanted, &mut walked);
    } else {
        let name = super::path::base(&relative).to_owned();
        file(&start, &relative, &name, kind, wanted, &mut walked);
    }
    Ok(walked)
}

/// What a name belongs to, when a walk asks whether it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Directory,
    /// A file, a link, or anything else that is not a directory.
    File,
}

/// Lists one directory. `relative` is its path below the tree and is given back as it was.
fn enter(
    directory: &Path,
    relative: &mut String,
    depth: usize,
    wanted: &dyn Fn(&str, Kind) -> bool,
    walked: &mut Walked,
) {
    if depth > MAX_DEPTH {
        return walked.problems.push(Error::TooDeep(directory.to_owned()));
    }
    let names = match names(directory, walked) {
        Ok(names) => names,
        Err(cause) => return walked.problems.push(Error::Walk(directory.to_owned(), cause)),
    };
    for (name, kind) in names {
        let length = relative.len();
        if length > 0 {
            relative.push('/');
        }
        relative.push_str(&name);
        let path = directory.join(&name);
        if !kind.is_dir() {
            file(&path, relative, &name, kind, wanted, walked);
        } else if wanted(&name, Kind::Directory) {
            enter(&path, relative, depth + 1, wanted, walked);
        }
        relative.truncate(length);
    }
}

fn file(
    path: &Path,
    relative: &str,
    name: &str,
    kind: FileType,
    wanted: &dyn Fn(&str, Kind) -> bool,
    walked: &mut Walked,
) {
    if super::write::is_temporary(name) {
        walked.leftovers.push(path.to_owned());
    }
    if !wanted(name, Kind::File) {
        return;
    }
    if kind.is_file() || kind.is_symlink() {
        walked.files.push(Entry { relative: relative.to_owned(), path: path.to_owned(), link: kind.is_symlink() });
    } else {
        walked.problems.push(Error::NotFile(path.to_owned()));
    }
}

/// The names in a directory, sorted; those that are not text are problems.
fn names(directory: &Path, walked: &mut Walked) -> std::io::Result<Vec<(String, FileType)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) => names.push((name, entry.file_type()?)),
            Err(_) => walked.problems.push(Error::Name(entry.path())),
        }
    }
    names.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    Ok(names)
}
