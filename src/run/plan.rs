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

/// Carries out several plans, all or none: when one cannot be finished, what was written is put back, as far as that can be
/// done. Old bytes have to be kept for it.
pub fn carry_out_all(plans: &[(Tree, Vec<Planned>)], watch: &dyn Watch) -> Result<(), Error> {
    for (done, (tree, plan)) in plans.iter().enumerate() {
        if let Err(error) = carry_out(tree, plan, watch) {
            for (tree, plan) in plans.iter().take(done + 1) {
                plan.iter().for_each(|planned| put_back(tree, planned));
            }
            return Err(error);
        }
    }
    Ok(())
}

/// Puts back a file as it was; the first error is told, and none after it.
fn put_back(tree: &Tree, planned: &Planned) {
    let _ = match (planned.kind, &planned.old) {
        (ChangeKind::Created, _) => files::remove(&planned.path),
        (ChangeKind::Rewritten | ChangeKind::Removed, Some(old)) => files::replace(tree, &planned.path, old).map(drop),
        (ChangeKind::Rewritten | ChangeKind::Removed, None) => Ok(()),
    };
}

#[cfg(test)]
mod tests {
    use super::super::options::Unwatched;
    use super::*;

    #[test]
    fn what_cannot_be_finished_is_taken_back() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for name in ["rewritten", "removed", "blocked"] {
            std::fs::write(at(name), "old").unwrap();
        }
        let planned = |name: &str, kind| Planned {
            path: at(name),
            shown: name.to_owned(),
            kind,
            bytes: b"new".to_vec(),
            old: Some(if kind == ChangeKind::Created { Vec::new() } else { b"old".to_vec() }),
        };
        let tree = Tree::open(directory.path()).unwrap();
        let first = || {
            vec![
                planned("rewritten", ChangeKind::Rewritten),
                planned("removed", ChangeKind::Removed),
                planned("made", ChangeKind::Created),
            ]
        };
        // Nothing can be made below a file.
        let blocked = vec![planned("blocked/made", ChangeKind::Created)];
        assert!(carry_out_all(&[(tree.clone(), first()), (tree.clone(), blocked)], &Unwatched).is_err());
        let text = |name: &str| std::fs::read_to_string(at(name)).ok();
        assert_eq!(
            [text("rewritten"), text("removed"), text("blocked")],
            [const { "old" }; 3].map(|it| Some(it.into()))
        );
        assert!(!at("made").exists());
        carry_out_all(&[(tree, first())], &Unwatched).unwrap();
        assert_eq!((text("rewritten"), text("removed"), text("made")), (Some("new".into()), None, Some("new".into())));
    }
}
