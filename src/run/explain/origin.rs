//! Which line of which config a job comes from: by generating the jobs of the configs that may give it.
//!
//! Names do not depend on the step registry, so it is not loaded for that; a config is read leniently and once, however
//! many jobs are looked up.

use std::collections::BTreeMap;
use std::path::Path;

use super::page::{Origin, Place};
use super::places::Places;
use crate::files::{self, path};
use crate::generate::labels::{GENERATOR, GENERATOR_LABEL};
use crate::generate::merge::Origin as Maker;
use crate::generate::{GeneratedJobs, JobSource, generate_jobs};
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::model::identity::{JobKind, config_identity};
use crate::model::job::JobBase;
use crate::run::layout::CONFIG;
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;

/// A job that a config gives.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub kind: JobKind,
    /// What of the config it is made of.
    pub source: JobSource,
    /// That in words.
    pub what: String,
    /// Where that is named.
    pub place: Place,
}

/// The jobs that the text of a config gives; nothing where it cannot be understood, which others say more about.
pub fn given(shown: &str, text: &str, identity: &Metadata) -> Vec<Given> {
    let Ok(tree) = parse(text) else { return Vec::new() };
    let Ok(config) = read::<ReleaseBuildConfiguration>(&tree, Strictness::Lenient) else { return Vec::new() };
    let Ok(jobs) = generate_jobs(&config, identity, &|_, _| Ok(None)) else { return Vec::new() };
    let GeneratedJobs { presubmits, postsubmits, periodics, .. } = jobs;
    let all = presubmits.into_iter().chain(postsubmits).chain(periodics);
    let places = Places::new(shown, text);
    let mut given: Vec<Given> = all
        .map(|job| Given {
            kind: job.trigger.kind(),
            source: job.source,
            what: what(job.source, &config),
            place: places.of(&named(job.source, &config).name_path()),
            name: job.name,
        })
        .collect();
    given.sort_by_key(|job| (job.place.line, job.source, job.kind));
    given
}

/// What in the text a job is named after: a config without images may build some all the same, to promote them.
fn named(source: JobSource, config: &ReleaseBuildConfiguration) -> JobSource {
    match source {
        JobSource::Images if config.images.items.is_empty() => JobSource::Promotion,
        source => source,
    }
}

fn what(source: JobSource, config: &ReleaseBuildConfiguration) -> String {
    match source {
        JobSource::Test(index) => format!("test {}", config.tests.get(index).map_or("", |test| &test.name)),
        JobSource::Images => "images".to_owned(),
        JobSource::Promotion => "promotion of the images".to_owned(),
        JobSource::Bundle(index) => {
            let bundle = config.operator.as_ref().and_then(|operator| operator.bundles.get(index));
            format!("operator bundle {}", bundle.map_or("", |bundle| &bundle.name))
        }
        JobSource::UnnamedBundles => "operator bundles without a name".to_owned(),
    }
}

/// Looks up where jobs come from, in the configs of their repositories.
pub struct Origins<'r> {
    root: &'r Path,
    /// Configs by the repository's directory.
    configs: BTreeMap<String, Vec<Config>>,
}

struct Config {
    shown: String,
    identity: Metadata,
    /// Made when a job may come from it.
    given: Option<Vec<Given>>,
}

impl<'r> Origins<'r> {
    /// Looks in a release repository.
    pub fn new(root: &'r Path) -> Self {
        Self { root, configs: BTreeMap::new() }
    }

    /// Where a job of a repository, `ORG/REPO`, comes from.
    pub fn of(&mut self, repository: &str, kind: JobKind, job: &JobBase) -> Origin {
        let label = |key: &str| job.labels.get(key).map(String::as_str);
        if Maker::of(label(GENERATOR_LABEL), label(GENERATOR)) == Maker::Foreign {
            return Origin::ByHand;
        }
        match self.find(repository, kind, &job.name) {
            Some(given) => Origin::Config { what: given.what.clone(), place: given.place.clone() },
            None => Origin::Stale,
        }
    }

    /// The job of this kind and name that a config of a repository gives.
    pub fn find(&mut self, repository: &str, kind: JobKind, name: &str) -> Option<&Given> {
        let root = self.root;
        let configs =
            self.configs.entry(repository.to_owned()).or_insert_with(|| list(root, repository).unwrap_or_default());
        let may_give =
            |config: &&mut Config| name.starts_with(config.identity.job_name(kind, "").trim_end_matches('-'));
        configs.iter_mut().filter(may_give).find_map(|config| {
            let Config { shown, identity, given } = config;
            let given = given.get_or_insert_with(|| {
                let text = files::read_given(&root.join(&*shown)).unwrap_or_default();
                self::given(shown, &text, identity)
            });
            given.iter().find(|given| given.kind == kind && given.name == name)
        })
    }
}

/// The configs of a repository.
fn list(root: &Path, repository: &str) -> Option<Vec<Config>> {
    let tree = files::Tree::within(root.join(CONFIG), root).ok()?;
    let walked = crate::run::inventory::walk_configs(&tree, repository).ok()?;
    let config = |entry: files::Entry| {
        let identity = config_identity(&entry.relative).ok()?;
        Some(Config { shown: path::join(CONFIG, &entry.relative), identity, given: None })
    };
    Some(walked.files.into_iter().filter(|entry| entry.name() != "OWNERS").filter_map(config).collect())
}
