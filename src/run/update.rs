//! `cutwater update`: jobs generated, then everything in canonical form, over one load.
//!
//! What `make update` does with one program after another. Configs are read once: their jobs come from what was read, and
//! so does their canonical text.

use super::jobs::{self, Configs, Given};
use super::known::Known;
use super::layout::{CONFIG, REGISTRY};
use super::options::{Error, JobsOptions, Outcome, Scope, Watch};
use super::part::{self, Part, Terms};
use super::prow_config::{self, Wish};
use super::{lock, on_threads, registry_form};
use crate::files::{Lock, Tree, is_directory};

/// Runs the command.
pub fn update(options: &JobsOptions, known: &Known, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, known, watch))?
}

fn run(options: &JobsOptions, known: &Known, watch: &dyn Watch) -> Result<Outcome, Error> {
    let _configs = lock(&options.release_repo.join(CONFIG), options.mode, watch)?;
    let (parts, _locks) = parts(options, known, watch)?;
    part::settle(parts, &Terms::of_jobs(options), watch)
}

/// What becomes of everything, with the locks to hold until it is done. That of the configs has to be held already.
pub(super) fn parts(options: &JobsOptions, known: &Known, watch: &dyn Watch) -> Result<(Vec<Part>, Vec<Lock>), Error> {
    let given = Given { known: Some(known), ..Given::default() };
    let ((jobs, steps), prow) = rayon::join(
        || rayon::join(|| jobs::part(options, Configs::Determinize, given, watch), || steps(options)),
        || prow(options, watch),
    );
    let (jobs, jobs_lock) = jobs?;
    let (prow, prow_lock) = prow?.unzip();
    let parts = [Some(jobs), steps?, prow].into_iter().flatten().collect();
    Ok((parts, [jobs_lock, prow_lock].into_iter().flatten().collect()))
}

/// Prow's configuration, where paths reach it.
fn prow(options: &JobsOptions, watch: &dyn Watch) -> Result<Option<(Part, Lock)>, Error> {
    if matches!(options.scope, Scope::Touched { prow_config: false, .. }) {
        return Ok(None);
    }
    let wish = Wish { now: options.now, keep_old: options.diff, is_careful: true };
    prow_config::part(&options.release_repo, options.mode, wish, None, watch)
}

/// The registry's metadata and cluster profiles, as far as paths reach them.
fn steps(options: &JobsOptions) -> Result<Option<Part>, Error> {
    let everything = [REGISTRY.to_owned()];
    let named = match &options.scope {
        Scope::Everything => &everything[..],
        Scope::Touched { registry, .. } => registry,
    };
    let root = options.release_repo.join(REGISTRY);
    if named.is_empty() || !is_directory(&root) {
        return Ok(None);
    }
    let tree = Tree::within(root, &options.release_repo)?.with(&options.instead);
    registry_form::part(&tree, named, options.diff).map(Some)
}
