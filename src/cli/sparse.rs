//! Checkouts that are not whole: to whoever lists directories, what git leaves out of a sparse checkout is removed, and the jobs
//! of a removed config are removed with it.
//!
//! What writes files refuses where something that it reads is left out ([`refuse`]); what only looks says so ([`note`]).

use std::path::Path;

use super::{Error, host, terminal};
use crate::files::path;
use crate::run::layout::{CONFIG, DISPATCHER, JOBS, PROW_CONFIG, REGISTRY};
use crate::run::options::{Repository, Scope};

/// Where a run over this reads files from.
pub fn inputs(scope: &Scope) -> Vec<String> {
    let steps = || [REGISTRY, DISPATCHER].map(str::to_owned);
    let (repositories, prow_config) = match scope {
        // Which repositories use a step that changed is known only when all configs have been read.
        Scope::Touched { repositories, registry, prow_config } if registry.is_empty() => (repositories, *prow_config),
        Scope::Touched { .. } | Scope::Everything => {
            return steps().into_iter().chain([CONFIG, JOBS, PROW_CONFIG].map(str::to_owned)).collect();
        }
    };
    let trees = |named: &Repository| {
        let within = path::join(&named.org, &named.repo);
        [CONFIG, JOBS].map(|tree| path::join(tree, &within))
    };
    let steps = if repositories.is_empty() { Vec::new() } else { steps().to_vec() };
    let prow = prow_config.then(|| PROW_CONFIG.to_owned());
    steps.into_iter().chain(repositories.iter().flat_map(trees)).chain(prow).collect()
}

/// What else somebody can do who chose what to run over.
pub const NAME_PATHS: &str = ", or name paths that need less";

/// Refuses when files at these places are left out; says what else can be done, where that is something.
pub fn refuse(release_repo: &Path, places: &[String], otherwise: &str) -> Result<(), Error> {
    match told(release_repo, places)? {
        None => Ok(()),
        Some(told) => Err(Error::Usage(format!(
            "{told}, and would be taken for removed: get them with `git sparse-checkout add {}`{otherwise}",
            places.join(" ")
        ))),
    }
}

/// Says when files at these places are left out.
pub fn note(release_repo: &Path, places: &[String]) -> Result<(), Error> {
    match told(release_repo, places)? {
        None => Ok(()),
        Some(told) => Ok(terminal::complain_text(&format!(
            "note: {told}: what is said to be missing may be there; `git sparse-checkout disable` gets everything\n"
        ))?),
    }
}

fn told(release_repo: &Path, places: &[String]) -> Result<Option<String>, Error> {
    // To git no place at all is every place.
    let left_out = if places.is_empty() { 0 } else { host::left_out(release_repo, places)? };
    Ok(match left_out {
        0 => None,
        1 => Some("a file that is needed here is left out of this sparse checkout".to_owned()),
        count => Some(format!("{count} files that are needed here are left out of this sparse checkout")),
    })
}
