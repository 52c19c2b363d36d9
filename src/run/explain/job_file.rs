//! The jobs of a job file as it stands, each with the line that it comes from and the cluster that it goes to.

use super::cluster::Clusters;
use super::origin::Origins;
use super::page::{Job, Place};
use super::places::Places;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::dispatch::Dispatcher;
use crate::files::path;
use crate::model::identity::JobKind;
use crate::model::job::{JobBase, JobConfig};
use crate::run::layout::JOBS;
use crate::yaml::locate::decoded;

/// A job of a file, undecided.
pub struct Standing<'j> {
    /// When it runs.
    pub kind: JobKind,
    /// Whose it is, `ORG/REPO`.
    pub repository: String,
    /// The job.
    pub job: &'j JobBase,
    /// Where its name stands.
    pub path: KeyPath,
}

/// The jobs of a file, in the order of kinds.
pub fn standing<'j>(file: &str, jobs: &'j JobConfig) -> Vec<Standing<'j>> {
    let root = KeyPath::root();
    let mut all = Vec::with_capacity(jobs.jobs());
    for (repository, list) in &jobs.presubmits {
        all.extend(list.iter().enumerate().map(|(at, job)| Standing {
            kind: JobKind::Presubmit,
            repository: repository.clone(),
            job: &job.job_base,
            path: root.key("presubmits").key(repository).item(at).key("name"),
        }));
    }
    for (repository, list) in &jobs.postsubmits {
        all.extend(list.iter().enumerate().map(|(at, job)| Standing {
            kind: JobKind::Postsubmit,
            repository: repository.clone(),
            job: &job.job_base,
            path: root.key("postsubmits").key(repository).item(at).key("name"),
        }));
    }
    // Periodics are nobody's but the directory's.
    let directory = file.strip_prefix(JOBS).map(|rest| path::directory(rest.trim_start_matches('/')));
    all.extend(jobs.periodics.iter().enumerate().map(|(at, job)| Standing {
        kind: JobKind::Periodic,
        repository: directory.unwrap_or_default().to_owned(),
        job: &job.job_base,
        path: root.key("periodics").item(at).key("name"),
    }));
    all
}

/// What the text of a job file says.
pub fn decode(file: &str, text: &str) -> Result<JobConfig, Vec<Diagnostic>> {
    decoded(file, text)
}

/// The jobs of a file whose names are wanted.
pub fn jobs(
    file: &str,
    text: &str,
    wanted: &dyn Fn(&str) -> bool,
    origins: &mut Origins<'_>,
    dispatcher: Option<&Dispatcher>,
) -> Result<Vec<Job>, Vec<Diagnostic>> {
    let jobs = decode(file, text)?;
    let places = Places::new(file, text);
    let clusters = dispatcher.map(|dispatcher| Clusters::new(dispatcher, file, &jobs));
    let told = standing(file, &jobs).into_iter().filter(|standing| wanted(&standing.job.name)).map(|standing| Job {
        name: standing.job.name.clone(),
        kind: standing.kind,
        file: file.to_owned(),
        place: Some(places.of(&standing.path)),
        origin: origins.of(&standing.repository, standing.kind, standing.job),
        placement: clusters.as_ref().map(|clusters| clusters.of(standing.job)),
    });
    let mut told: Vec<Job> = told.collect();
    told.sort_by_key(|job| job.place.as_ref().map_or(0, |place| place.line));
    Ok(told)
}

/// Where the jobs of a file stand, by kind and name.
pub fn places(file: &str, text: &str) -> Vec<((JobKind, String), Place)> {
    let Ok(jobs) = decode(file, text) else { return Vec::new() };
    let places = Places::new(file, text);
    let one = |standing: Standing<'_>| ((standing.kind, standing.job.name.clone()), places.of(&standing.path));
    standing(file, &jobs).into_iter().map(one).collect()
}
