//! A directory of its own for a while.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Error, Tree};

/// A directory where nobody else looks, gone with its value.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes one where the system keeps what is temporary.
    pub fn new() -> Result<Self, Error> {
        let made = tempfile::Builder::new().prefix("cutwater-").tempdir();
        made.map(Self).map_err(|cause| Error::Write(std::env::temp_dir(), cause))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file below it, with the directories that it needs.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = Tree::open(self.path())?.join(relative)?;
        let failed = |cause| Error::Write(path.clone(), cause);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        fs::write(&path, bytes).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_it_and_nothing_gets_out() {
        let scratch = Scratch::new().unwrap();
        scratch.write("a/b/c", b"text").unwrap();
        let path = scratch.path().to_owned();
        assert_eq!(fs::read(path.join("a/b/c")).unwrap(), b"text");
        assert!(matches!(scratch.write("../c", b""), Err(Error::Outside(_))));
        drop(scratch);
        assert!(!path.exists());
    }
}
