//! `cutwater update`: jobs generated, then everything in canonical form, over one load.
//!
//! What `make update` does with one program after another. Configs are read once: their jobs come from what was read, and
//! so does their canonical text. Prow's and the plugins' configuration would be one more part.

use super::jobs::{self, Configs};
use super::metadata::metadata;

use super::layout::{CONFIG, REGISTRY};
use super::options::{Error, JobsOptions, Outcome, Scope, Watch};
use super::part::{self, Part};
use super::{lock, on_threads};
use crate::files::{Tree, is_directory, path};

/// Runs the command.
pub fn update(options: &JobsOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &JobsOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let _configs = lock(&options.release_repo.join(CONFIG), options.mode, watch)?;
    let (jobs, steps) = rayon::join(|| jobs::part(options, Configs::Determinize, watch), || steps(options));
    let (jobs, _jobs) = jobs?;
    part::settle([Some(jobs), steps?].into_iter().flatten().collect(), options.mode, options.keep_going, watch)
}

/// The registry's metadata, as far as paths reach them.
fn steps(options: &JobsOptions) -> Result<Option<Part>, Error> {
    let root = options.release_repo.join(REGISTRY);
    let is_wanted = |shown: &str| match &options.scope {
        Scope::Everything => true,
        Scope::Touched { registry, .. } => registry.iter().any(|named| {
            let named = if path::base(named) == "OWNERS" { path::directory(named) } else { named };
            path::is_within(shown, named)
        }),
    };
    let nothing = matches!(&options.scope, Scope::Touched { registry, .. } if registry.is_empty());
    if nothing || !is_directory(&root) {
        return Ok(None);
    }
    let tree = Tree::within(root, &options.release_repo)?;
    metadata(&tree, REGISTRY, &is_wanted, options.diff).map(Some)
}
