//! Replacing thousands of files at the price of a few.
//!
//! Making an inode and freeing one costs more than writing a job file: on a file system that discards freed blocks at
//! once, replacing 13,800 files one by one takes ten times as long as generating them. So each worker keeps one
//! [`Spare`] file, which goes from target to target.

use std::path::Path;

use rayon::prelude::*;

use super::spare::Spare;
use super::{Error, Tree, replace};

/// Fewer files than this are replaced one by one: nothing is gained, and each keeps an inode of its own.
const WORTHWHILE: usize = 64;

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
            if !spare.swap(tree, file.path, file.bytes) {
                replace(tree, file.path, file.bytes)?;
            }
            done();
        }
        Ok(())
    })
}
