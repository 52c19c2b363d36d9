//! What several runs over the same files need to read only once.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::layout::REGISTRY;
use super::options::Error;
use super::{on_threads, registry};
use crate::diagnostic::Diagnostic;
use crate::files::Tree;
use crate::registry::Registry;

/// A step registry, and what is wrong with it: findings name files as they are called in the release repository.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub registry: Registry,
    pub findings: Vec<Diagnostic>,
}

/// What was read of a release repository. It holds for runs between which nobody changes what was read: of the step registry
/// our own runs write metadata only, which no job depends on.
#[derive(Debug, Default)]
pub struct Known {
    steps: OnceLock<Arc<Steps>>,
}

impl Known {
    /// Reads what most runs need, while whoever is going to run them is still busy with something else. What goes wrong is
    /// left to the run, which meets it again.
    pub fn prepare(&self, release_repo: &Path, threads: Option<NonZeroUsize>) {
        let _ = on_threads(threads, || self.steps(&Tree::within(release_repo.join(REGISTRY), release_repo)?));
    }

    /// The step registry in a tree.
    pub(super) fn steps(&self, tree: &Tree) -> Result<Arc<Steps>, Error> {
        if let Some(steps) = self.steps.get() {
            return Ok(Arc::clone(steps));
        }
        // Not while others wait: a thread of the pool that waits for its like would wait for itself.
        let (registry, findings) = registry::load(tree, REGISTRY)?;
        Ok(Arc::clone(self.steps.get_or_init(|| Arc::new(Steps { registry, findings }))))
    }
}
