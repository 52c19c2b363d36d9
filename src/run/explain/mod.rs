//! `cutwater explain FILE` and `cutwater explain JOB`: which jobs, which ConfigMap, which build cluster, and why.
//!
//! [`explain`] answers with a [`page`]. A file is told by where it lies: [`config`] for configs, [`job_file`] for job files,
//! [`steps`] for the step registry; [`destinations`] says where each goes. [`find`] looks a job up by its name. What a job is
//! made of is in [`origin`], where it runs in [`cluster`]. Nothing is decided here: jobs are generated, merged and placed by
//! the code that does so for `cutwater jobs`.

mod cluster;
mod config;
pub(super) mod destinations;
mod find;
mod job_file;
mod origin;
pub mod page;
mod places;
mod steps;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

pub(super) use origin::Origins;
use page::{Explained, FilePage, What};

use super::dispatcher::load_dispatcher_or_tell;
use super::layout::{CLAIM_OWNERS, CLUSTERS, CONFIG, DISPATCHER_CONFIG, JOBS, PLUGINS, PROW_CONFIG, REGISTRY};
use super::on_threads;
use super::options::Error;
use crate::diagnostic::Diagnostic;
use crate::dispatch::Dispatcher;
pub use crate::dispatch::QUESTIONS;
use crate::files::{self, path};
use crate::model::identity::config_identity;
use crate::registry::{FileKind, file_kind};

/// What is to be explained.
#[derive(Clone, Debug)]
pub struct ExplainOptions {
    /// The release repository.
    pub release_repo: PathBuf,
    /// A file or a job in it.
    pub subject: Subject,
    /// Variables that patterns of `config_updater` may use.
    pub environment: BTreeMap<String, String>,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// A file or a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A file by its path below the release repository, there or not.
    File(String),
    /// A job by its name.
    Job(String),
}

/// Explains it.
pub fn explain(options: &ExplainOptions) -> Result<Explained, Error> {
    on_threads(options.threads, || match &options.subject {
        Subject::File(file) => self::file(options, file).map(|page| Explained::File(Box::new(page))),
        Subject::Job(name) => job(&options.release_repo, name),
    })?
}

fn job(root: &Path, name: &str) -> Result<Explained, Error> {
    let dispatcher = dispatcher(root, &mut Vec::new());
    Ok(match find::find(root, name, dispatcher.as_ref())? {
        Ok(jobs) => Explained::Jobs(jobs),
        Err(similar) => Explained::UnknownJob(similar),
    })
}

/// What decides about clusters; nothing, and findings, where that cannot be known.
fn dispatcher(root: &Path, findings: &mut Vec<Diagnostic>) -> Option<Dispatcher> {
    load_dispatcher_or_tell(root).map_err(|found| findings.extend(found)).ok()
}

fn file(options: &ExplainOptions, file: &str) -> Result<FilePage, Error> {
    let root = &options.release_repo;
    let mut findings = Vec::new();
    let is_there = files::is_there(&root.join(file));
    let what = what(root, file, is_there, &mut findings)?;
    let config_maps = destinations::config_maps(root, file, &options.environment);
    let config_maps = config_maps.map_err(|finding| findings.push(finding)).unwrap_or_default();
    let owners = destinations::owners(root, file);
    Ok(FilePage { file: file.to_owned(), is_there, what, config_maps, owners, findings })
}

fn what(root: &Path, file: &str, is_there: bool, findings: &mut Vec<Diagnostic>) -> Result<What, Error> {
    let below = |place: &str| file.strip_prefix(place).and_then(|rest| rest.strip_prefix('/'));
    let extension = path::extension(file);
    if let Some(rest) = below(CONFIG).filter(|_| matches!(extension, ".yaml" | ".yml"))
        && let Ok(identity) = config_identity(rest)
    {
        let mut sources = Vec::new();
        if is_there {
            let dispatcher = dispatcher(root, findings);
            let (found, wrong) = config::sources(root, file, &identity, dispatcher.as_ref())?;
            sources = found;
            findings.extend(wrong);
        }
        return Ok(What::Config { identity, sources });
    }
    if below(JOBS).is_some() && extension == ".yaml" {
        return Ok(What::Jobs(if is_there { jobs_of(root, file, findings) } else { Vec::new() }));
    }
    if let Some(rest) = below(REGISTRY).filter(|rest| file_kind(rest) != FileKind::Ignored) {
        let (told, wrong) = steps::file(root, rest)?;
        findings.extend(wrong);
        return Ok(What::Registry(told));
    }
    Ok(What::Other(purpose(file)))
}

fn jobs_of(root: &Path, file: &str, findings: &mut Vec<Diagnostic>) -> Vec<page::Job> {
    let text = match files::read_given(&root.join(file)) {
        Ok(text) => text,
        Err(error) => {
            findings.push(error.finding(file));
            return Vec::new();
        }
    };
    let dispatcher = dispatcher(root, findings);
    job_file::jobs(file, &text, &|_| true, &mut Origins::new(root), dispatcher.as_ref()).unwrap_or_else(|found| {
        findings.extend(found);
        Vec::new()
    })
}

/// What files of one name are for.
fn purpose(file: &str) -> Option<&'static str> {
    Some(match file {
        DISPATCHER_CONFIG => "which jobs run on which build cluster",
        CLUSTERS => "the build clusters, with their clouds and capabilities",
        CLAIM_OWNERS => "who owns the pools that clusters are claimed from",
        PLUGINS => "the plugins of Prow, and which files become ConfigMaps",
        _ if path::is_within(file, PROW_CONFIG) => "configuration of Prow",
        _ => match path::base(file) {
            "OWNERS" => "who reviews and approves changes of this directory",
            "OWNERS_ALIASES" => "groups of people that OWNERS name",
            _ => return None,
        },
    })
}
