//! What is in directories, listed once for all walks of a run.
//!
//! Several checks walk the same directories, each for files of its own. [`Listings`] remembers the names: a
//! [`Tree`](super::Tree) that has been given them asks the disk only for directories that no other walk has come to.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is in one directory.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The names in order, with what they belong to.
    pub names: Vec<(String, FileType)>,
    /// Names that are not text.
    pub strange: Vec<OsString>,
}

impl Listing {
    /// Asks the disk.
    pub fn read(directory: &Path) -> io::Result<Self> {
        let mut listing = Self::default();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            match entry.file_name().into_string() {
                Ok(name) => listing.names.push((name, entry.file_type()?)),
                Err(name) => listing.strange.push(name),
            }
        }
        listing.names.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        Ok(listing)
    }
}

/// What is in one directory, once somebody has asked; nothing where that fails, so that whoever asks is told why.
type Place = OnceLock<Option<Arc<Listing>>>;

/// Remembers what is in directories, for as long as nobody writes.
#[derive(Clone, Debug, Default)]
pub struct Listings(Arc<Mutex<HashMap<OsString, Arc<Place>>>>);

impl Listings {
    /// What is in a directory. Whoever asks for one that another thread is just listing waits for it.
    pub(super) fn of(&self, directory: &Path) -> io::Result<Arc<Listing>> {
        let place = {
            // What panics in between holds nothing half-done.
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match places.get(directory.as_os_str()) {
                Some(place) => Arc::clone(place),
                None => Arc::clone(places.entry(directory.into()).or_default()),
            }
        };
        match place.get_or_init(|| Listing::read(directory).ok().map(Arc::new)) {
            Some(listing) => Ok(Arc::clone(listing)),
            None => Listing::read(directory).map(Arc::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Kind, Tree, walk};

    #[test]
    fn what_one_walk_listed_another_does_not_list_again() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["a/x.yaml", "a/y.json", "b/z.yaml"] {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let listings = Listings::default();
        let names = |tree: &Tree, below: &str, extension: &str| -> Vec<String> {
            let wanted = |name: &str, kind| kind == Kind::Directory || name.ends_with(extension);
            walk(tree, below, &wanted).unwrap().files.into_iter().map(|entry| entry.relative).collect()
        };
        let tree = Tree::open(directory.path()).unwrap().sharing(&listings);
        assert_eq!(names(&tree, "a", ".yaml"), ["a/x.yaml"]);
        fs::write(directory.path().join("a/late.json"), "").unwrap();
        fs::write(directory.path().join("b/early.json"), "").unwrap();
        // Another tree, another choice: the directory that was listed is as it was, the others are as they are.
        let other = Tree::open(directory.path()).unwrap().sharing(&listings);
        assert_eq!(names(&other, "", ".json"), ["a/y.json", "b/early.json"]);
        assert_eq!(names(&Tree::open(directory.path()).unwrap(), "a", ".json"), ["a/late.json", "a/y.json"]);
        let missing = directory.path().join("c");
        assert!(listings.of(&missing).is_err() && listings.of(&missing).is_err());
    }
}
