//! What can go wrong with a path, and which of it is a finding about the user's files.
//!
//! Each variant names the path and its own step only; the cause is the source and is printed once, in `cli`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    UNREADABLE_FILE = "unreadable-file",
        "a file cannot be read, or a directory not listed",
        "Nobody knows what is in it, so nothing is made of it and nothing that may depend on it is removed.",
        "give the file the permissions that its neighbours have, or restore it from git";
    UNWRITABLE_FILE = "unwritable-file",
        "a file cannot be written",
        "The change that it needs is not made.",
        "give the file and its directory write permission, and see that the disk is not full";
    TOO_DEEP = "too-deep",
        "directories are nested deeper than those of any release repository",
        "What lies below is not seen.",
        "remove what was copied or linked into itself";
    FILE_TOO_LARGE = "file-too-large",
        "a file is larger than any file of a release repository",
        "The file is not read, so that a mistake or an attack does not take all memory.",
        "split the file, or remove what does not belong there";
    LINK_OUT_OF_TREE = "link-out-of-tree",
        "a symbolic link, or a name, leads out of the tree",
        "What lies outside of a repository is nobody's to read or write from within it.",
        "put the file itself in the tree, or let the link point inside it";
    NOT_A_FILE = "not-a-file",
        "a pipe, socket or device has the name of a file",
        "Reading it might never end, so it is not read.",
        "remove it";
    NAME_NOT_TEXT = "name-not-text",
        "a file's name is not UTF-8",
        "The file is not seen: names say whose config or job file it is, and this one says nothing.",
        "rename the file";
    NOT_TEXT = "not-text",
        "a file is not UTF-8 text",
        "Nothing in the file can be read, so nothing is made of it.",
        "save the file as UTF-8";
}

/// Why a path could not be walked, read, written or locked.
#[derive(Debug)]
pub enum Error {
    /// A directory could not be listed.
    Walk(PathBuf, io::Error),
    /// A file could not be read.
    Read(PathBuf, io::Error),
    /// A file could not be replaced, or its directory not made.
    Write(PathBuf, io::Error),
    /// A file could not be removed.
    Remove(PathBuf, io::Error),
    /// A directory could not be opened to lock it.
    Lock(PathBuf, io::Error),
    /// Directories are nested deeper than any release repository's.
    TooDeep(PathBuf),
    /// A file, or what it unpacks to, is larger than [`super::MAX_BYTES`].
    TooLarge(PathBuf),
    /// A name or a link leads out of the tree.
    Outside(PathBuf),
    /// Not a file: a socket, a pipe, a device.
    NotFile(PathBuf),
    /// A name that is not UTF-8.
    Name(PathBuf),
    /// Neither UTF-8 nor UTF-16; the offset is the first bad byte.
    NotText(PathBuf, usize),
}

impl Error {
    /// The path it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Walk(path, _)
            | Self::Read(path, _)
            | Self::Write(path, _)
            | Self::Remove(path, _)
            | Self::Lock(path, _)
            | Self::TooDeep(path)
            | Self::TooLarge(path)
            | Self::Outside(path)
            | Self::NotFile(path)
            | Self::Name(path)
            | Self::NotText(path, _) => path,
        }
    }

    /// Whether there is nothing at the path.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Walk(_, cause) | Self::Read(_, cause) if cause.kind() == io::ErrorKind::NotFound)
    }

    /// The same as a finding in `file`, so that one bad file hides no other.
    pub fn finding(&self, file: impl Into<String>) -> Diagnostic {
        let (rule, message) = match self {
            Self::Walk(_, cause) => (UNREADABLE_FILE, format!("cannot list the directory: {}", plain(cause))),
            Self::Read(_, cause) => (UNREADABLE_FILE, format!("cannot read the file: {}", plain(cause))),
            Self::Write(_, cause) | Self::Remove(_, cause) | Self::Lock(_, cause) => {
                (UNWRITABLE_FILE, format!("cannot write the file: {}", plain(cause)))
            }
            Self::TooDeep(_) => (TOO_DEEP, "directories are nested too deeply here".to_owned()),
            Self::TooLarge(_) => (FILE_TOO_LARGE, format!("the file is larger than {} MiB", super::MAX_BYTES >> 20)),
            Self::Outside(_) => (LINK_OUT_OF_TREE, "the link leads out of the tree and is not followed".to_owned()),
            Self::NotFile(_) => (NOT_A_FILE, "this is a pipe, socket or device, not a file".to_owned()),
            Self::Name(_) => (NAME_NOT_TEXT, "the file name is not UTF-8".to_owned()),
            Self::NotText(_, offset) => {
                (NOT_TEXT, format!("the file is not UTF-8 text: byte {offset} is not part of any character"))
            }
        };
        let finding = Diagnostic::of_file(file, rule.id, message);
        match self {
            Self::Outside(_) => finding.fix("put the file itself in the tree, or let the link point inside it"),
            Self::NotText(..) => finding.fix("save the file as UTF-8"),
            Self::TooLarge(_) => finding
                .because("the largest job file known has a quarter of that; more is taken for a mistake or an attack"),
            _ => finding,
        }
    }
}

/// The words of the operating system without their number.
fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            Self::Walk(..) => write!(out, "cannot list {path}"),
            Self::Read(..) => write!(out, "cannot read {path}"),
            Self::Write(..) => write!(out, "cannot write {path}"),
            Self::Remove(..) => write!(out, "cannot remove {path}"),
            Self::Lock(..) => write!(out, "cannot lock {path}"),
            Self::TooDeep(_) => write!(out, "{path}: directories are nested too deeply"),
            Self::TooLarge(_) => write!(out, "{path} is larger than {} MiB", super::MAX_BYTES >> 20),
            Self::Outside(_) => write!(out, "{path} leads out of the tree"),
            Self::NotFile(_) => write!(out, "{path} is a pipe, socket or device, not a file"),
            Self::Name(_) => write!(out, "{path}: the name is not UTF-8"),
            Self::NotText(_, offset) => write!(out, "{path} is not UTF-8 text at byte {offset}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Walk(_, cause)
            | Self::Read(_, cause)
            | Self::Write(_, cause)
            | Self::Remove(_, cause)
            | Self::Lock(_, cause) => Some(cause),
            _ => None,
        }
    }
}
