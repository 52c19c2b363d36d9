//! Replacing thousands of files at the price of a few.
//!
//! Making an inode and freeing one costs more than writing a job file: on a file system that discards freed blocks at
//! once, replacing 13,800 files one by one takes ten times as long as generating them. So each worker keeps one spare
//! file. It writes the new text into the spare, swaps spare and target by one atomic rename, and has in its hands the
//! target's old inode: the next spare. A target is old or new at every moment, as with [`super::replace`]; a killed run
//! leaves one spare a worker, under the same name as other temporary files. An inode is recycled only when nobody else
//! can see it change: one link, same owner, same permissions. See `docs/decisions/0004-recycled-inodes.md`.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{Error, Tree, replace};

/// Fewer files than this are replaced one by one: nothing is gained, and each keeps an inode of its own.
const WORTHWHILE: usize = 512;

/// A file and its new bytes.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// An existing file, or one to be made.
    pub path: &'a Path,
    /// All of its new content.
    pub bytes: &'a [u8],
}

/// Replaces files below the tree, in parallel; `done` is called after each. Stops at the first that cannot be written,
/// with every file old or new.
pub fn replace_all(tree: &Tree, files: &[Replacement<'_>], done: &(dyn Fn() + Sync)) -> Result<(), Error> {
    if files.len() < WORTHWHILE {
        return files.par_iter().try_for_each(|file| {
            replace(tree, file.path, file.bytes)?;
            done();
            Ok(())
        });
    }
    // Ascending sizes: an old inode is seldom larger than the next text, so that hardly any blocks are freed.
    let mut order: Vec<&Replacement<'_>> = files.iter().collect();
    order.sort_by_key(|file| file.bytes.len());
    let lanes = rayon::current_num_threads();
    (0..lanes).into_par_iter().try_for_each(|lane| {
        let mut spare = Spare::default();
        for file in order.iter().skip(lane).step_by(lanes) {
            if !spare.swap(tree, file) {
                replace(tree, file.path, file.bytes)?;
            }
            done();
        }
        Ok(())
    })
}

/// A temporary file that goes from target to target.
#[derive(Default)]
struct Spare {
    held: Option<Held>,
    /// Set when the file system has no atomic exchange.
    useless: bool,
}

struct Held {
    path: PathBuf,
    file: File,
    about: Metadata,
}

impl Spare {
    /// Puts the new text in the target's place; false when that has to be done in the ordinary way.
    fn swap(&mut self, tree: &Tree, target: &Replacement<'_>) -> bool {
        if self.useless {
            return false;
        }
        let Ok(about) = fs::symlink_metadata(target.path) else { return false };
        if !about.is_file() || about.nlink() != 1 {
            return false;
        }
        if !self.held.as_ref().is_some_and(|held| alike(&held.about, &about)) {
            self.drop_held();
            match Held::make(tree, &about) {
                Ok(held) if alike(&held.about, &about) => self.held = Some(held),
                Ok(held) => {
                    held.remove();
                    return false;
                }
                Err(_) => return false,
            }
        }
        let Some(held) = self.held.take() else { return false };
        match held.exchange(target, about) {
            Ok(next) => {
                self.held = next;
                true
            }
            Err(_) => {
                self.useless = true;
                false
            }
        }
    }

    fn drop_held(&mut self) {
        if let Some(held) = self.held.take() {
            held.remove();
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.drop_held();
    }
}

impl Held {
    /// A fresh temporary file with the permissions of the first target.
    fn make(tree: &Tree, like: &Metadata) -> io::Result<Self> {
        let named = tempfile::Builder::new().prefix(".cutwater-").suffix(".tmp").tempfile_in(tree.path())?;
        named.as_file().set_permissions(like.permissions())?;
        let (file, path) = named.keep().map_err(|error| error.error)?;
        let about = file.metadata()?;
        Ok(Self { path, file, about })
    }

    /// Writes, swaps, and gives back the target's old file as the next spare, unless it cannot be one.
    fn exchange(self, target: &Replacement<'_>, about: Metadata) -> io::Result<Option<Self>> {
        let swapped = (|| {
            self.file.write_all_at(target.bytes, 0)?;
            let length = target.bytes.len() as u64;
            if self.about.len() > length {
                self.file.set_len(length)?;
            }
            Ok(renameat_with(CWD, &self.path, CWD, target.path, RenameFlags::EXCHANGE)?)
        })();
        if let Err(error) = swapped {
            self.remove();
            return Err(error);
        }
        // Checked again behind the exchange: what is recycled must be the very file that was looked at.
        let next = OpenOptions::new()
            .write(true)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
            .open(&self.path)
            .and_then(|file| file.metadata().map(|now| (file, now)));
        match next {
            Ok((file, now)) if now.ino() == about.ino() && now.nlink() == 1 && alike(&now, &about) => {
                Ok(Some(Self { path: self.path, file, about: now }))
            }
            _ => {
                self.remove();
                Ok(None)
            }
        }
    }

    fn remove(self) {
        // The name is ours; a leftover is swept by a later run.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether one file can take another's place without anybody noticing.
fn alike(left: &Metadata, right: &Metadata) -> bool {
    (left.mode(), left.uid(), left.gid(), left.dev()) == (right.mode(), right.uid(), right.gid(), right.dev())
}
