//! Keeping two runs over the same job files apart.
//!
//! Each file is replaced atomically, so two runs cannot tear one; but one that generates and one that sanitizes could
//! undo each other's work between reading and writing. So a run holds an advisory lock on the directory of job files
//! from before it reads them until it is done. The lock is on the directory itself: nothing is left behind, and a killed
//! run frees it. Where the file system has no locks the run goes on without.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::Error;

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    _directory: File,
}

impl Lock {
    /// Waits for other writers of this directory; `waiting` is called when there is one.
    pub fn exclusive(directory: &Path, waiting: impl FnOnce()) -> Result<Self, Error> {
        Self::take(directory, File::try_lock, File::lock, waiting)
    }

    /// Waits for writers of this directory, not for other readers.
    pub fn shared(directory: &Path, waiting: impl FnOnce()) -> Result<Self, Error> {
        Self::take(directory, File::try_lock_shared, File::lock_shared, waiting)
    }

    fn take(
        directory: &Path,
        attempt: fn(&File) -> Result<(), TryLockError>,
        wait: fn(&File) -> std::io::Result<()>,
        waiting: impl FnOnce(),
    ) -> Result<Self, Error> {
        let opened = File::open(directory).map_err(|cause| Error::Lock(directory.to_owned(), cause))?;
        if let Err(TryLockError::WouldBlock) = attempt(&opened) {
            waiting();
            // An interrupted wait is no better than none: go on, as without locks.
            let _ = wait(&opened);
        }
        Ok(Self { _directory: opened })
    }
}
