//! What a run will change, and doing it.
//!
//! Everything is planned before anything is written, so that a finding in the last file still leaves the first as it was.

use std::path::PathBuf;

use rayon::prelude::*;

use super::options::{Change, ChangeKind, Error, Stage, Watch};
use crate::files::{self, Replacement, Tree};

/// One file that will change.
#[derive(Debug)]
pub struct Planned {
    /// Where it is.
    pub path: PathBuf,
    /// The name that the outcome gives it.
    pub shown: String,
    /// What happens to it.
    pub kind: ChangeKind,
    /// All of its new bytes; none when it goes.
    pub bytes: Vec<u8>,
    /// Its bytes so far, where differences are wanted.
    pub old: Option<Vec<u8>>,
}

impl Planned {
    /// What the outcome says of it.
    pub fn into_change(self) -> Change {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Change { path: self.shown, kind: self.kind, texts: self.old.map(|old| (text(old), text(self.bytes))) }
    }
}

/// Carries out a plan. Files are replaced, made and removed in that order, each as a whole.
pub fn carry_out(tree: &Tree, plan: &[Planned], watch: &dyn Watch) -> Result<(), Error> {
    watch.begin(Stage::Writing, plan.len());
    let replaced: Vec<_> = plan
        .iter()
        .filter(|planned| planned.kind == ChangeKind::Rewritten)
        .map(|planned| Replacement { path: &planned.path, bytes: &planned.bytes })
        .collect();
    files::replace_all(tree, &replaced, &|| watch.advance(1))?;
    plan.par_iter().try_for_each(|planned| {
        match planned.kind {
            ChangeKind::Rewritten => return Ok(()),
            ChangeKind::Created => drop(files::replace(tree, &planned.path, &planned.bytes)?),
            ChangeKind::Removed => files::remove(&planned.path)?,
        }
        watch.advance(1);
        Ok(())
    })
}
