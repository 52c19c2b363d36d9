//! Checkouts that are not whole: to whoever lists directories, what git leaves out of a sparse checkout is removed, and the jobs
//! of a removed config are removed with it.
//!
//! What writes files, and what tells of jobs that come and go, refuses where something that it reads is left out ([`refuse`]);
//! what only looks says so ([`note`]).

use std::collections::BTreeSet;
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

/// As [`inputs`], of a run that is about jobs only.
pub fn inputs_of_jobs(scope: &Scope) -> Vec<String> {
    inputs(scope).into_iter().filter(|place| place != PROW_CONFIG).collect()
}

/// As [`inputs`], of a run over job files as they stand.
pub fn job_files(scope: &Scope) -> Vec<String> {
    let needs_steps = matches!(scope, Scope::Touched { registry, .. } if !registry.is_empty());
    let is_read = |place: &String| needs_steps || path::is_within(place, JOBS);
    inputs_of_jobs(scope).into_iter().filter(is_read).collect()
}

/// Refuses when files at these places are left out; says what else can be done, where that is something.
pub fn refuse(release_repo: &Path, places: &[String], otherwise: &str) -> Result<(), Error> {
    let Some(Missing { told, remedy }) = Missing::at(release_repo, places)? else { return Ok(()) };
    Err(Error::Usage(format!("{told}, and would be taken for removed: get them with `{remedy}`{otherwise}")))
}

/// Says when files at these places are left out.
pub fn note(release_repo: &Path, places: &[String]) -> Result<(), Error> {
    let Some(Missing { told, .. }) = Missing::at(release_repo, places)? else { return Ok(()) };
    Ok(terminal::complain_text(&format!(
        "note: {told}: what is said to be missing may be there; `git sparse-checkout disable` gets everything\n"
    ))?)
}

/// Files that are not there.
struct Missing {
    told: String,
    /// The command that gets them.
    remedy: String,
}

impl Missing {
    fn at(release_repo: &Path, places: &[String]) -> Result<Option<Self>, Error> {
        // To git no place at all is every place.
        let left_out = if places.is_empty() { BTreeSet::new() } else { host::left_out(release_repo, places)? };
        let told = match left_out.len() {
            0 => return Ok(None),
            1 => "a file that is needed here is left out of this sparse checkout".to_owned(),
            count => format!("{count} files that are needed here are left out of this sparse checkout"),
        };
        let lacks = |place: &&String| left_out.iter().any(|file| path::is_within(file, place));
        // Only directories can be added.
        let directory = |place: &String| match left_out.contains(place) {
            true => path::directory(place).to_owned(),
            false => place.clone(),
        };
        let directories: BTreeSet<String> = places.iter().filter(lacks).map(directory).collect();
        let remedy =
            host::way_into_checkout(release_repo, &directories.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(Some(Self { told, remedy }))
    }
}
