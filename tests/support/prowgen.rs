//! The prowgen path on values: load, resolve, generate, merge into nothing, write.
//!
//! It makes the calls that the pipelines in `run` make, without their files. Read [`generate`].

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use cutwater::diagnostic::{Diagnostic, Violation};
use cutwater::generate::labels::PROMOTION_LABEL;
use cutwater::generate::merge::{Recover, merge};
use cutwater::generate::{CloudProfile, GeneratedJob, GeneratedJobs, generate_jobs};
use cutwater::model::config::{Metadata, ReleaseBuildConfiguration};
use cutwater::model::identity::config_identity;
use cutwater::model::job::{Periodic, Postsubmit, Presubmit};
use cutwater::registry::{DefinitionRules, Registry, Wanted, assemble, file_kind, parse_file};
use cutwater::validate::{load_config, validate_observer, validate_reference};
use cutwater::yaml::codec::write;
use rayon::prelude::*;

use super::corpus::files_below;

/// A config's text and what its path says.
#[derive(Debug)]
pub struct Source<'v> {
    pub identity: Metadata,
    pub text: &'v str,
}

/// Job files by path, or why there are none.
pub type Outcome = Result<BTreeMap<PathBuf, String>, Vec<String>>;

/// A step registry from its files' texts, and what is wrong with it.
pub fn registry<'f>(files: impl IntoParallelIterator<Item = (&'f str, &'f [u8])>) -> (Registry, Vec<Diagnostic>) {
    let parsed = files.into_par_iter().map(|(path, text)| parse_file(path, text, Wanted::default())).collect();
    assemble(parsed, &DefinitionRules { step: validate_reference, observer: validate_observer })
}

/// The step registry below a directory, which has to be right.
pub fn registry_below(root: &Path) -> Registry {
    let wanted = |path: &str| file_kind(path).is_read(Wanted::default());
    let read = |(path, file): (String, PathBuf)| {
        let text = if wanted(&path) { fs::read(file).unwrap() } else { Vec::new() };
        (path, text)
    };
    let files: Vec<(String, Vec<u8>)> = files_below(root, |_| true).into_par_iter().map(read).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect();
    let (registry, findings) = registry(files);
    assert!(!findings.iter().any(Diagnostic::is_error), "{}: {findings:#?}", root.display());
    registry
}

impl<'v> Source<'v> {
    /// A config at a path below the directory of configs.
    pub fn at(path: &str, text: &'v str) -> Self {
        Self { identity: config_identity(path).unwrap(), text }
    }
}

/// The job files of all configs, in an empty directory.
pub fn generate(sources: &[Source<'_>], registry: &Registry) -> Outcome {
    generate_without(sources, registry, |_| false)
}

/// The same without promotions on schedule, which the reference loses at random.
pub fn generate_losing_promotions(sources: &[Source<'_>], registry: &Registry) -> Outcome {
    generate_without(sources, registry, |periodic| periodic.labels.contains_key(PROMOTION_LABEL))
}

fn generate_without(
    sources: &[Source<'_>],
    registry: &Registry,
    is_lost: impl Fn(&GeneratedJob<'_>) -> bool,
) -> Outcome {
    let loaded: Vec<ReleaseBuildConfiguration> = sources.iter().map(load).collect::<Result<_, _>>()?;
    let mut repositories: BTreeMap<(&str, &str), Vec<GeneratedJobs<'_>>> = BTreeMap::new();
    for (Source { identity, .. }, config) in sources.iter().zip(&loaded) {
        let mut jobs = jobs_of(identity, config, registry).map_err(messages)?;
        jobs.periodics.retain(|periodic| !is_lost(periodic));
        repositories.entry((&identity.org, &identity.repo)).or_default().push(jobs);
    }
    let mut files = BTreeMap::new();
    for ((org, repo), jobs) in repositories {
        for change in merge::<Infallible>(org, repo, jobs, Vec::new()) {
            let path = Path::new(org).join(repo).join(&change.path);
            if !change.is_empty() {
                let Ok(jobs) = change.into_job_config(&mut Nothing);
                let text = write(&jobs, 0).map_err(|error| vec![error.to_string()])?;
                assert!(files.insert(path, text).is_none(), "two changes of one file");
            }
        }
    }
    Ok(files)
}

fn load(source: &Source<'_>) -> Result<ReleaseBuildConfiguration, Vec<String>> {
    let Metadata { org, repo, .. } = &source.identity;
    let told = |findings: Vec<Diagnostic>| findings.into_iter().map(|finding| finding.message).collect();
    load_config(source.text, &source.identity.file_name(), org, repo).map_err(told)
}

fn jobs_of<'c>(
    identity: &'c Metadata,
    config: &'c ReleaseBuildConfiguration,
    registry: &'c Registry,
) -> Result<GeneratedJobs<'c>, Vec<Violation>> {
    let facts = registry.check(config)?;
    let profile = |index: usize, _: &'c _| {
        let profile = facts.get(index).and_then(|facts| facts.cluster_profile);
        Ok(profile.map(|profile| CloudProfile { name: profile.name, cluster_type: profile.cluster_type }))
    };
    generate_jobs(config, identity, &profile)
}

fn messages(violations: Vec<Violation>) -> Vec<String> {
    violations.into_iter().map(|violation| violation.message).collect()
}

/// The jobs of an empty directory.
struct Nothing;

impl Recover<Infallible> for Nothing {
    type Error = Infallible;

    fn presubmit(&mut self, job: Infallible) -> Result<Presubmit, Infallible> {
        match job {}
    }

    fn postsubmit(&mut self, job: Infallible) -> Result<Postsubmit, Infallible> {
        match job {}
    }

    fn periodic(&mut self, job: Infallible) -> Result<Periodic, Infallible> {
        match job {}
    }
}
