//! The jobs of a config as they will be after the next `cutwater jobs`: generated with the step registry and merged with the
//! job files that are there, by the very code that does so, and asked for their clusters just before they would be written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::cluster::Clusters;
use super::job_file;
use super::origin::{Given, given};
use super::page::{Job, Origin, Place, Placement, Source};
use crate::diagnostic::Diagnostic;
use crate::dispatch::Dispatcher;
use crate::files::{self, Tree, path};
use crate::model::config::Metadata;
use crate::model::identity::{JobKind, job_file_name};
use crate::model::job::JobConfig;
use crate::run::guarded;
use crate::run::jobs::take_inventory;
use crate::run::layout::{CONFIG, JOBS};
use crate::run::options::Error;
use crate::run::registry;
use crate::run::repository::{Repository, Workshop};

/// A job by its file, kind and name.
type Key = (String, JobKind, String);
type Placements = BTreeMap<Key, Placement>;

/// What jobs are made of a config, and what keeps more from being known.
pub fn sources(
    root: &Path,
    file: &str,
    identity: &Metadata,
    dispatcher: Option<&Dispatcher>,
) -> Result<(Vec<Source>, Vec<Diagnostic>), Error> {
    let text = match files::read_given(&root.join(file)) {
        Ok(text) => text,
        Err(error) => return Ok((Vec::new(), vec![error.finding(file)])),
    };
    let given = given(file, &text, identity);
    let (placements, findings) = match dispatcher {
        Some(dispatcher) => placements(root, file, identity, dispatcher)?,
        None => Default::default(),
    };
    let standing = standing(root, identity);
    let mut sources: Vec<Source> = Vec::new();
    for made in given {
        let job = job(&made, identity, &standing, &placements);
        match sources.last_mut().filter(|last| last.place == made.place && last.what == made.what) {
            Some(last) => last.jobs.push(job),
            None => sources.push(Source { what: made.what, place: made.place, jobs: vec![job] }),
        }
    }
    Ok((sources, findings))
}

fn job(made: &Given, identity: &Metadata, standing: &BTreeMap<Key, Place>, placements: &Placements) -> Job {
    let file = file_of(identity, made.kind);
    let key = (file, made.kind, made.name.clone());
    let placement = placements.get(&key).cloned();
    Job {
        place: standing.get(&key).cloned(),
        origin: Origin::Config { what: made.what.clone(), place: made.place.clone() },
        placement,
        name: key.2,
        kind: made.kind,
        file: key.0,
    }
}

/// The job file that jobs of a config go to.
fn file_of(identity: &Metadata, kind: JobKind) -> String {
    let Metadata { org, repo, branch, .. } = identity;
    path::join(JOBS, &format!("{org}/{repo}/{}", job_file_name(org, repo, branch, kind)))
}

/// Where the jobs of a branch stand now.
fn standing(root: &Path, identity: &Metadata) -> BTreeMap<Key, Place> {
    let of_kind = |kind: JobKind| {
        let file = file_of(identity, kind);
        let text = files::read_given(&root.join(&file)).unwrap_or_default();
        let places = job_file::places(&file, &text).into_iter();
        places.map(|((kind, name), place)| ((file.clone(), kind, name), place)).collect::<Vec<_>>()
    };
    JobKind::ALL.into_iter().flat_map(of_kind).collect()
}

/// Where the jobs of a repository will run. Where other configs of it are broken, this one is worked on alone.
fn placements(
    root: &Path,
    file: &str,
    identity: &Metadata,
    dispatcher: &Dispatcher,
) -> Result<(Placements, Vec<Diagnostic>), Error> {
    let config_tree = Tree::within(root.join(CONFIG), root)?;
    let jobs = root.join(JOBS);
    let jobs_tree = if files::is_there(&jobs) { Tree::within(jobs, root)? } else { Tree::unmade(jobs, root)? };
    let directory = BTreeSet::from([identity.org_repo()]);
    let (registry, inventory) =
        rayon::join(|| registry::load_below(root), || take_inventory(&directory, &config_tree, &jobs_tree));
    let ((registry, mut findings), mut inventory) = (registry?, inventory?);
    let Some(repository) = inventory.repositories.get_mut(&identity.org_repo()) else {
        return Ok((Placements::new(), inventory.findings));
    };
    let seen = Mutex::new(Placements::new());
    let note = |jobs: &mut JobConfig, path: &str| {
        let clusters = Clusters::new(dispatcher, path, jobs);
        let told = job_file::standing(path, jobs);
        let told = told.iter().map(|it| ((path.to_owned(), it.kind, it.job.name.clone()), clusters.of(it.job)));
        seen.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
        Ok(())
    };
    let workshop = Workshop {
        config_tree: &config_tree,
        jobs_tree: &jobs_tree,
        jobs_shown: JOBS,
        registry: Some(&registry),
        finish: Some(&note),
        mirror_owners: false,
        keep_old: false,
        determinize: None,
        losses: false,
        witness: None,
    };
    let errors = |repository: &Repository| {
        let mut found = guarded(|| file.to_owned(), || workshop.work(repository)).findings;
        found.retain(Diagnostic::is_error);
        found
    };
    let mut found = errors(repository);
    if !found.is_empty() {
        repository.configs.retain(|config| config.shown == file);
        found = errors(repository);
    }
    findings.retain(Diagnostic::is_error);
    findings.extend(found);
    Ok((seen.into_inner().unwrap_or_else(PoisonError::into_inner), findings))
}
