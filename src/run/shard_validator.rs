//! `config-shard-validator`: every config and job file in exactly one entry of `config_updater`, and the right one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::config_file::{ConfigFile, LoadedConfig};
use super::determinize::config_files;
use super::inventory::{walk_configs_of, walk_jobs};
use super::layout::{CONFIG, JOBS, PLUGINS};
use super::options::{Error, Extent, Mode, Outcome, ShardValidatorOptions, Stage, Watch};
use super::plugin_config::PluginConfig;
use super::shards::{Shards, config_maps, config_path, job_path};
use super::{guarded, lock, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Listings, Lock, Tree, Walked};
use crate::model::identity::JobFile;
use crate::model::job::JobConfig;
use crate::updater::{Groups, Page, Placement, config_spec};

/// Runs the program. The reference stops at the first part that cannot be loaded; here all parts are looked at as far as
/// they go.
pub fn shard_validator(options: &ShardValidatorOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

/// The program on the threads that there are.
fn run(options: &ShardValidatorOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let validation = Validation::load(options, None, &Listings::default(), watch)?;
    let mut findings = validation.places(watch);
    findings.extend(validation.jobs(&Harmless::default(), watch));
    let mut outcome = Outcome { findings, ..Outcome::default() };
    outcome.counts.configs = validation.files.len();
    outcome.sort();
    Ok(outcome)
}

/// Job files that somebody else has read: their jobs are what they ought to be, and name no config.
#[derive(Debug, Default)]
pub struct Harmless(Mutex<BTreeSet<String>>);

impl Harmless {
    /// Notes a job file of which it is known already that it can be read, unless a job names a config.
    pub fn note(&self, shown: &str, jobs: &JobConfig) {
        if config_spec::refers_nowhere(jobs) {
            // What panics in between holds nothing half-done.
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(shown.to_owned());
        }
    }

    fn has(&self, shown: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(shown)
    }
}

/// What the program looks at, in two steps: what is in job files may be looked at when somebody else has read most of them.
pub struct Validation<'v> {
    options: &'v ShardValidatorOptions,
    repo: Tree,
    /// Keep away whoever writes.
    _locks: Vec<Lock>,
    plugins: PluginConfig,
    placement: Placement,
    configs: Found,
    /// The configs among the files.
    files: Vec<ConfigFile>,
    /// The ConfigMap of each config that was asked for.
    config_maps: BTreeMap<String, String>,
    jobs: Found,
}

impl<'v> Validation<'v> {
    /// Finds out which files there are, and where they go; of configs, those in some directories where not all are wanted.
    /// What other files add to the configuration of plugins says nothing of where these go.
    pub fn load(
        options: &'v ShardValidatorOptions,
        directories: Option<&[String]>,
        listings: &Listings,
        watch: &dyn Watch,
    ) -> Result<Self, Error> {
        let root = &options.release_repo;
        let repo = Tree::open(root)?.sharing(listings);
        // Always in this order, so that two runs never wait for each other.
        let _locks = [CONFIG, JOBS]
            .map(|place| root.join(place))
            .into_iter()
            .filter(|place| files::is_directory(place))
            .map(|place| lock(&place, Mode::Check, watch))
            .collect::<Result<Vec<_>, _>>()?;
        let plugins =
            || guarded(|| PLUGINS.to_owned(), || PluginConfig::load(root, directories.is_none().then_some(listings)));
        let configs = || files_below(options, listings, CONFIG, |tree| walk_configs_of(tree, directories));
        let jobs = || match options.looks_at_jobs {
            true => files_below(options, listings, JOBS, |tree| walk_jobs(tree, "")),
            false => Found::default(),
        };
        let (mut plugins, (mut configs, mut jobs)) = rayon::join(plugins, || rayon::join(configs, jobs));
        let (files, misplaced) = config_files(std::mem::take(&mut configs.files), CONFIG);
        configs.findings.extend(misplaced);
        // The reference logs what it cannot see among job files, and goes on.
        jobs.findings = jobs.findings.into_iter().map(Diagnostic::warning).collect();
        let config_maps = config_maps(files.iter().filter(|file| is_chosen(options, file)).map(|file| &file.identity));
        let environment = |name: &str| options.environment.get(name).cloned();
        let updater = plugins.updater.take().unwrap_or_default();
        let placement = Placement::new(&updater, Groups::AsReference, &environment);
        Ok(Self { options, repo, _locks, plugins, placement, configs, files, config_maps, jobs })
    }

    /// What is wrong with where files go.
    pub fn places(&self, watch: &dyn Watch) -> Vec<Diagnostic> {
        let Self { options, plugins, configs, files, jobs, .. } = self;
        let mut findings = Vec::new();
        for known in [&plugins.findings, &configs.findings, &jobs.findings] {
            findings.extend_from_slice(known);
        }
        watch.begin(Stage::Checking, files.len() + jobs.files.len());
        let page = Page::new(PLUGINS, &plugins.text);
        let shards = self.shards(&page);
        findings.extend(shards.entries());
        let spots = || match options.extent == Extent::Everything && shards.are_placed() {
            true => {
                let named = jobs.files.iter().filter(|entry| job_file(entry).is_some());
                let chosen = files.iter().filter(|file| is_chosen(options, file));
                let chosen = chosen.map(|file| config_path(&file.entry.relative));
                shards.blind_spots(&self.repo, &chosen.chain(named.map(|entry| job_path(&entry.relative))).collect())
            }
            false => Vec::new(),
        };
        let check = Check { options, shards: &shards, watch };
        let (spots, of_configs) = rayon::join(spots, || check.configs(configs.tree.as_ref(), files));
        findings.extend(of_configs);
        findings.extend(spots);
        findings
    }

    /// What is wrong with job files, and with the configs that they name.
    pub fn jobs(&self, harmless: &Harmless, watch: &dyn Watch) -> Vec<Diagnostic> {
        let page = Page::new(PLUGINS, &self.plugins.text);
        let check = Check { options: self.options, shards: &self.shards(&page), watch };
        check.jobs(self.jobs.tree.as_ref(), &self.jobs.files, harmless)
    }

    fn shards<'s>(&'s self, page: &'s Page<'s>) -> Shards<'s> {
        Shards { placement: &self.placement, page, configs: &self.config_maps }
    }
}

/// One of the trees that are looked through.
#[derive(Default)]
struct Found {
    tree: Option<Tree>,
    files: Vec<Entry>,
    findings: Vec<Diagnostic>,
}

fn files_below(
    options: &ShardValidatorOptions,
    listings: &Listings,
    place: &str,
    walk: impl Fn(&Tree) -> Result<Walked, files::Error>,
) -> Found {
    let path = options.release_repo.join(place);
    let opened = Tree::within(&path, &options.release_repo)
        .map(|tree| tree.sharing(listings))
        .and_then(|tree| Ok((walk(&tree)?, tree)));
    match opened {
        Ok((walked, tree)) => Found {
            findings: walked.problems.iter().map(|problem| problem.finding(place)).collect(),
            files: walked.files,
            tree: Some(tree),
        },
        Err(error) => Found { findings: vec![error.finding(place)], ..Found::default() },
    }
}

/// Whether a config is one that was asked for; all are read.
fn is_chosen(options: &ShardValidatorOptions, file: &ConfigFile) -> bool {
    let is_modified = |modified: &BTreeSet<String>| modified.contains(&*file.entry.path.to_string_lossy());
    options.filter.matches(&file.identity.org, &file.identity.repo) && options.modified.as_ref().is_none_or(is_modified)
}

/// Whose job file it is, when its name says so.
fn job_file(entry: &Entry) -> Option<JobFile> {
    JobFile::from_path(&entry.path.to_string_lossy()).ok().filter(|_| entry.name() != "OWNERS")
}

/// Looks at files one by one, side by side.
struct Check<'c> {
    options: &'c ShardValidatorOptions,
    shards: &'c Shards<'c>,
    watch: &'c dyn Watch,
}

impl Check<'_> {
    fn configs(&self, tree: Option<&Tree>, files: &[ConfigFile]) -> Vec<Diagnostic> {
        let Some(tree) = tree else { return Vec::new() };
        let check = |file: &ConfigFile| {
            let mut findings = Vec::new();
            if self.options.loads_configs {
                findings.extend(LoadedConfig::load(tree, file).err().into_iter().flatten());
            }
            if is_chosen(self.options, file) {
                findings.extend(self.shards.config(&file.shown, &file.identity));
            }
            findings
        };
        let each = files.par_iter().map(|file| {
            let findings = guarded(|| file.shown.clone(), || check(file));
            self.watch.advance(1);
            findings
        });
        each.flatten_iter().collect()
    }

    fn jobs(&self, tree: Option<&Tree>, entries: &[Entry], harmless: &Harmless) -> Vec<Diagnostic> {
        let Some(tree) = tree else { return Vec::new() };
        let check = |entry: &Entry| {
            let Some(identity) = job_file(entry) else { return Vec::new() };
            let shown = job_path(&entry.relative);
            if harmless.has(&shown) {
                return self.shards.job_file_path(&shown, &identity);
            }
            match files::read_text(tree, entry) {
                Ok(text) => self.shards.job_file(&shown, &identity, &text),
                // The reference logs what it cannot read and goes on.
                Err(error @ (files::Error::Read(..) | files::Error::NotText(..))) => {
                    vec![error.finding(shown).warning()]
                }
                Err(error) => vec![error.finding(shown)],
            }
        };
        let each = entries.par_iter().map(|entry| {
            let findings = guarded(|| job_path(&entry.relative), || check(entry));
            self.watch.advance(1);
            findings
        });
        each.flatten_iter().collect()
    }
}
