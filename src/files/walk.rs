//! What is in a tree, in one order.
//!
//! The order is the reference's: names compared as bytes within each directory, a directory's contents where its name
//! stands. Links to directories are not entered, at any depth, but named; links to files are listed and checked when they
//! are read. What cannot be seen is named too ([`Obstacle`]), so that nobody takes a part of a tree for the whole.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::listing::Listing;
use super::{Error, Tree};
use crate::diagnostic::Diagnostic;

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
    /// Temporary files, left by a killed run or being written by another; for [`super::sweep`].
    pub leftovers: Vec<PathBuf>,
    /// Links to directories whose name was wanted, by their paths below the tree.
    pub links: Vec<String>,
    /// What could not be listed, and what is neither file nor directory though its name was wanted.
    pub problems: Vec<Obstacle>,
}

/// Something that a walk could not see.
#[derive(Debug)]
pub struct Obstacle {
    /// Where, below the tree.
    pub relative: String,
    /// The directory, below the tree, whose contents are not all known because of it.
    pub hides: String,
    /// Why.
    pub error: Error,
}

impl Obstacle {
    /// As a finding, with the name it has below what the tree is called.
    pub fn finding(&self, shown: &str) -> Diagnostic {
        self.error.finding(super::path::join(shown, &self.relative))
    }
}

impl Walked {
    /// Adds what a further walk found.
    pub fn append(&mut self, further: Self) {
        let Self { files, leftovers, links, problems } = further;
        self.files.extend(files);
        self.leftovers.extend(leftovers);
        self.links.extend(links);
        self.problems.extend(problems);
    }

    fn refuse(&mut self, relative: &str, hides: &str, error: Error) {
        self.problems.push(Obstacle { relative: relative.to_owned(), hides: hides.to_owned(), error });
    }
}

/// Lists the files below `directory` of the tree (empty for all of it) whose name is wanted.
///
/// The name is asked for files and directories alike; a directory that is not wanted is not entered. Directories are
/// listed side by side, and what is in them stands in order all the same.
pub fn walk(tree: &Tree, directory: &str, wanted: &Wanted<'_>) -> Result<Walked, Error> {
    let start = tree.join(directory)?;
    // Only the last part is known not to lead elsewhere; a link to the tree itself is the user's word.
    let is_below = |above: &&Path| above.starts_with(tree.path()) && *above != tree.path();
    if let Some(above) = start.parent().filter(is_below)
        && let Err(outside @ Error::Outside(_)) = tree.follow(above)
    {
        return Err(outside);
    }
    let kind = fs::symlink_metadata(&start).map_err(|cause| Error::Walk(start.clone(), cause))?.file_type();
    let mut walked = Walked::default();
    let mut relative = super::path::clean(directory);
    if relative == "." {
        relative.clear();
    }
    if kind.is_dir() || relative.is_empty() {
        walked = enter(tree, &start, &relative, 0, wanted);
    } else {
        let name = super::path::base(&relative).to_owned();
        file(&start, &relative, &name, kind, wanted, &mut walked);
    }
    Ok(walked)
}

/// Whether the contents of a directory, or a file, are wanted, by its name.
pub type Wanted<'w> = dyn Fn(&str, Kind) -> bool + Sync + 'w;

/// What a name belongs to, when a walk asks whether it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Directory,
    /// A file, a link, or anything else that is not a directory.
    File,
}

/// What is in a directory, whose path below the tree is `relative`.
fn enter(tree: &Tree, directory: &Path, relative: &str, depth: usize, wanted: &Wanted<'_>) -> Walked {
    let mut walked = Walked::default();
    if depth > MAX_DEPTH {
        walked.refuse(relative, relative, Error::TooDeep(directory.to_owned()));
        return walked;
    }
    let listing = match listing(tree, directory, relative, &mut walked) {
        Ok(listing) => listing,
        Err(cause) => {
            walked.refuse(relative, relative, Error::Walk(directory.to_owned(), cause));
            return walked;
        }
    };
    let below = |name: &str| if relative.is_empty() { name.to_owned() } else { format!("{relative}/{name}") };
    let is_entered = |(name, kind): &&(String, FileType)| kind.is_dir() && wanted(name, Kind::Directory);
    let entered: Vec<&(String, FileType)> = listing.names.iter().filter(is_entered).collect();
    let contents: Vec<(&str, Walked)> = entered
        .into_par_iter()
        .map(|(name, _)| (&**name, enter(tree, &directory.join(name), &below(name), depth + 1, wanted)))
        .collect();
    let mut contents = contents.into_iter().peekable();
    for (name, kind) in &listing.names {
        if !kind.is_dir() {
            file(&directory.join(name), &below(name), name, *kind, wanted, &mut walked);
        } else if let Some((_, content)) = contents.next_if(|(entered, _)| entered == name) {
            walked.append(content);
        }
    }
    walked
}

fn file(path: &Path, relative: &str, name: &str, kind: FileType, wanted: &Wanted<'_>, walked: &mut Walked) {
    if kind.is_file() && super::write::is_temporary(name) {
        walked.leftovers.push(path.to_owned());
    }
    if !wanted(name, Kind::File) {
        if kind.is_symlink() && wanted(name, Kind::Directory) && super::is_directory(path) {
            walked.links.push(relative.to_owned());
        }
        return;
    }
    if kind.is_file() || kind.is_symlink() {
        walked.files.push(Entry { relative: relative.to_owned(), path: path.to_owned(), link: kind.is_symlink() });
    } else {
        walked.refuse(relative, super::path::directory(relative), Error::NotFile(path.to_owned()));
    }
}

/// What is in a directory; names that are not text are problems.
fn listing(tree: &Tree, directory: &Path, relative: &str, walked: &mut Walked) -> std::io::Result<Arc<Listing>> {
    let listing = tree.listing(directory)?;
    for name in &listing.strange {
        let shown = super::path::join(relative, &name.to_string_lossy());
        walked.refuse(&shown, relative, Error::Name(directory.join(name)));
    }
    Ok(listing)
}
