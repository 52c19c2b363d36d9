//! A directory that a run may not leave.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Error;
use super::listing::{Listing, Listings};

/// A directory given by the user. A link to it is followed; links below it are followed only as long as they stay in it.
#[derive(Clone, Debug)]
pub struct Tree {
    path: PathBuf,
    real: PathBuf,
    instead: Instead,
    listings: Option<Listings>,
}

/// Bytes that are read instead of those of files, so that a run can be made over what is not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instead(Arc<BTreeMap<PathBuf, Vec<u8>>>);

impl FromIterator<(PathBuf, Vec<u8>)> for Instead {
    fn from_iter<I: IntoIterator<Item = (PathBuf, Vec<u8>)>>(files: I) -> Self {
        Self(Arc::new(files.into_iter().collect()))
    }
}

impl Tree {
    /// Opens a directory.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        match real(&path) {
            Ok(real) => Ok(Self { path, real, instead: Instead::default(), listings: None }),
            Err(cause) => Err(Error::Walk(path, cause)),
        }
    }

    /// Opens a directory whose links may lead anywhere within `whole`, a tree around it.
    pub fn within(path: impl Into<PathBuf>, whole: &Path) -> Result<Self, Error> {
        let mut tree = Self::open(path)?;
        if let Ok(whole) = real(whole)
            && tree.real.starts_with(&whole)
        {
            tree.real = whole;
        }
        Ok(tree)
    }

    /// A directory that may not be there yet, within a tree that is.
    pub fn unmade(path: impl Into<PathBuf>, whole: &Path) -> Result<Self, Error> {
        Ok(Self { path: path.into(), ..Self::open(whole)? })
    }

    /// The same directory with other bytes in the files of these paths, spelt as the tree spells them.
    #[must_use]
    pub fn with(mut self, instead: &Instead) -> Self {
        self.instead = instead.clone();
        self
    }

    /// The same directory, whose walks share what they list with those of other trees. Only for a run that writes nothing.
    #[must_use]
    pub fn sharing(mut self, listings: &Listings) -> Self {
        self.listings = Some(listings.clone());
        self
    }

    /// What is in a directory of the tree.
    pub(super) fn listing(&self, directory: &Path) -> std::io::Result<Arc<Listing>> {
        match &self.listings {
            Some(listings) => listings.of(directory),
            None => Listing::read(directory).map(Arc::new),
        }
    }

    /// What is read instead of a file's bytes.
    pub(super) fn instead(&self, path: &Path) -> Option<&Vec<u8>> {
        self.instead.0.get(path)
    }

    /// The directory as the user spelled it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path below the directory; refuses names that would lead out of it.
    pub fn join(&self, relative: &str) -> Result<PathBuf, Error> {
        let inside =
            Path::new(relative).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let path = self.path.join(relative);
        if inside { Ok(path) } else { Err(Error::Outside(path)) }
    }

    /// Refuses a place for new files to which a link on the way would lead out of the tree.
    pub fn check_place(&self, directory: &Path) -> Result<(), Error> {
        match directory.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok()) {
            Some(there) => self.follow(there).map(drop),
            None => Ok(()),
        }
    }

    /// Where a link ends, when that is inside.
    pub(super) fn follow(&self, link: &Path) -> Result<PathBuf, Error> {
        let target = real(link).map_err(|cause| Error::Read(link.to_owned(), cause))?;
        if target.starts_with(&self.real) { Ok(target) } else { Err(Error::Outside(link.to_owned())) }
    }
}

/// Whether there is a directory, or a link to one.
pub fn is_directory(path: &Path) -> bool {
    path.is_dir()
}

/// The names of the directories in a directory, and of links, in no order; what is not text is left out.
pub fn directories(path: &Path) -> Result<Vec<String>, Error> {
    let failed = |cause| Error::Walk(path.to_owned(), cause);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().is_ok_and(|kind| !kind.is_file()) {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

/// Makes a directory and those above it, where it is not there.
pub fn make_directory(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|cause| Error::Write(path.to_owned(), cause))
}

/// Whether there is anything, or may be: what lies in a directory that cannot be searched counts as there.
pub fn is_there(path: &Path) -> bool {
    let missing = |cause: &std::io::Error| matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    path.symlink_metadata().map_or_else(|cause| !missing(&cause), |_| true)
}

/// A path with all links resolved, when it leads somewhere.
pub fn resolved(path: &Path) -> Option<PathBuf> {
    real(path).ok()
}

fn real(path: &Path) -> std::io::Result<PathBuf> {
    // An empty path means the current directory, as it does once the reference has cleaned it.
    if path.as_os_str().is_empty() { Path::new(".").canonicalize() } else { path.canonicalize() }
}
