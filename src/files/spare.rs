//! One spare file a worker, so that replacing a file needs no new inode.
//!
//! The new text is written into the spare, spare and target are swapped by one atomic rename, and the target's old inode
//! is the next spare. A target is old or new at every moment, as with [`super::replace`]; a killed run leaves one spare a
//! worker, under the same name as other temporary files. An inode is recycled only when nobody else can see it change:
//! one link, same owner, same permissions. See `docs/decisions/0004-recycled-inodes.md`. Only Linux has such a rename
//! that we have tried; `no_spare.rs` stands in elsewhere.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::Tree;

/// A temporary file that goes from target to target.
#[derive(Default)]
pub struct Spare {
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
    pub fn swap(&mut self, tree: &Tree, target: &Path, bytes: &[u8]) -> bool {
        if self.useless {
            return false;
        }
        let Ok(about) = fs::symlink_metadata(target) else { return false };
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
        match held.exchange(target, bytes, about) {
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
        let named = super::write::temporary(tree.path(), None)?;
        named.as_file().set_permissions(like.permissions())?;
        let (file, path) = named.keep().map_err(|error| error.error)?;
        let about = file.metadata()?;
        Ok(Self { path, file, about })
    }

    /// Writes, swaps, and gives back the target's old file as the next spare, unless it cannot be one.
    fn exchange(self, target: &Path, bytes: &[u8], about: Metadata) -> io::Result<Option<Self>> {
        let swapped = (|| {
            self.file.write_all_at(bytes, 0)?;
            let length = bytes.len() as u64;
            if self.about.len() > length {
                self.file.set_len(length)?;
            }
            Ok(renameat_with(CWD, &self.path, CWD, target, RenameFlags::EXCHANGE)?)
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
                // Like every temporary file: see `sweep`.
                let _ = file.try_lock();
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
