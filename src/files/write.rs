//! Replacing and removing files as a whole.
//!
//! A new text goes into a temporary file in the same directory, which is then renamed over the old one: whatever happens,
//! a reader sees the old bytes or the new ones. The temporary name starts with a dot and ends in `.tmp`, so that neither
//! a later run nor Prow takes what a killed run leaves for a job file; the next run that writes removes it ([`sweep`]).
//! Nothing waits for the disk (no fsync): a crash of the program cannot tear a file, and a release repository is a
//! checkout that git can restore after a crash of the machine.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Error, Tree};

const PREFIX: &str = ".cutwater-";
const SUFFIX: &str = ".tmp";

/// Whether a name is one that only an unfinished write has.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was not there.
    Created,
    /// Its bytes differed.
    Replaced,
}

/// Writes a file that the user named, as a whole; makes its directory when needed.
pub fn write_given(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause| Error::Write(path.to_owned(), cause);
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let permissions = fs::metadata(&target).ok().map(|about| about.permissions());
    fs::create_dir_all(parent(&target)).map_err(failed)?;
    put(&target, bytes, permissions).map(drop).map_err(failed)
}

/// Makes a file a program that all who may read it may run.
pub fn make_executable(path: &Path) -> Result<(), Error> {
    let failed = |cause| Error::Write(path.to_owned(), cause);
    let mut permissions = fs::metadata(path).map_err(failed)?.permissions();
    let mode = permissions.mode();
    permissions.set_mode(mode | ((mode & 0o444) >> 2));
    fs::set_permissions(path, permissions).map_err(failed)
}

/// Writes a file below the tree, keeping the permissions of the one that is there; makes its directory when needed.
pub fn replace(tree: &Tree, path: &Path, bytes: &[u8]) -> Result<Written, Error> {
    let failed = |cause| Error::Write(path.to_owned(), cause);
    let old = match fs::symlink_metadata(path) {
        Ok(about) => Some(about),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
        Err(cause) => return Err(failed(cause)),
    };
    let Some(old) = old else {
        let directory = parent(path);
        tree.check_place(directory)?;
        fs::create_dir_all(directory).map_err(failed)?;
        put(path, bytes, None).map_err(failed)?;
        return Ok(Written::Created);
    };
    if old.is_symlink() {
        let target = tree.follow(path)?;
        let about = fs::metadata(&target).map_err(failed)?;
        put(&target, bytes, Some(about.permissions())).map_err(failed)?;
    } else {
        put(path, bytes, Some(old.permissions())).map_err(failed)?;
    }
    Ok(Written::Replaced)
}

/// Removes a file; one that is gone already is fine. A link is removed, not what it points to.
pub fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::Remove(path.to_owned(), cause)),
        _ => Ok(()),
    }
}

/// The bytes beside the path, then in its place.
fn put(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    // What the reference asks for; the umask takes its share.
    let mut file = temporary(parent(path), Some(Permissions::from_mode(0o664)))?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// Removes temporary files that killed runs left. One that is still being written is locked by its run, and stays; on a
/// file system without locks all stay.
pub fn sweep(leftovers: &[PathBuf]) {
    for path in leftovers {
        let is_left = File::options().write(true).open(path).is_ok_and(|file| file.try_lock().is_ok());
        if is_left {
            // Litter that cannot be removed harms nobody.
            let _ = fs::remove_file(path);
        }
    }
}

/// A fresh temporary file, locked as long as it is open, so that nobody takes it for a leftover.
pub(super) fn temporary(directory: &Path, permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(directory)?;
    // Without locks nothing is swept either.
    let _ = file.as_file().try_lock();
    Ok(file)
}
