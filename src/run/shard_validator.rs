//! `config-shard-validator`: every config and job file in exactly one entry of `config_updater`, and the right one.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::config_file::{ConfigFile, LoadedConfig};
use super::determinize::config_files;
use super::inventory::{walk_configs, walk_jobs};
use super::layout::{CONFIG, JOBS, PLUGINS};
use super::options::{Error, Extent, Mode, Outcome, ShardValidatorOptions, Stage, Watch};
use super::plugin_config::PluginConfig;
use super::shards::{Shards, config_maps, config_path, job_path};
use super::{guarded, lock, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, Walked};
use crate::model::identity::JobFile;
use crate::updater::{Groups, Page, Placement};

/// Runs the program. The reference stops at the first part that cannot be loaded; here all parts are looked at as far as
/// they go.
pub fn shard_validator(options: &ShardValidatorOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

/// The program on the threads that there are.
pub fn run(options: &ShardValidatorOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let root = &options.release_repo;
    let repo = Tree::open(root)?;
    // Always in this order, so that two runs never wait for each other.
    let _locks = [CONFIG, JOBS]
        .map(|place| root.join(place))
        .into_iter()
        .filter(|place| files::is_directory(place))
        .map(|place| lock(&place, Mode::Check, watch))
        .collect::<Result<Vec<_>, _>>()?;
    let mut outcome = Outcome::default();
    let plugins = || guarded(|| PLUGINS.to_owned(), || PluginConfig::load(root));
    let configs = || files_below(options, CONFIG, |tree| walk_configs(tree, ""));
    let jobs = || match options.looks_at_jobs {
        true => files_below(options, JOBS, |tree| walk_jobs(tree, "")),
        false => Found::default(),
    };
    let (plugins, (configs, jobs)) = rayon::join(plugins, || rayon::join(configs, jobs));
    outcome.findings.extend(plugins.findings);
    outcome.findings.extend(configs.findings);
    // The reference logs what it cannot see among job files, and goes on.
    outcome.findings.extend(jobs.findings.into_iter().map(Diagnostic::warning));

    let (files, misplaced) = config_files(configs.files, CONFIG);
    outcome.findings.extend(misplaced);
    outcome.counts.configs = files.len();
    watch.begin(Stage::Checking, files.len() + jobs.files.len());
    let chosen: Vec<&ConfigFile> = files.iter().filter(|file| is_chosen(options, file)).collect();
    let config_maps = config_maps(chosen.iter().map(|file| &file.identity));
    let environment = |name: &str| options.environment.get(name).cloned();
    let updater = plugins.updater.unwrap_or_default();
    let placement = Placement::new(&updater, Groups::AsReference, &environment);
    let page = Page::new(PLUGINS, &plugins.text);
    let shards = Shards { placement: &placement, page: &page, configs: &config_maps };
    outcome.findings.extend(shards.entries());

    let check = Check { options, shards: &shards, watch };
    let (of_configs, of_jobs) =
        rayon::join(|| check.configs(configs.tree.as_ref(), &files), || check.jobs(jobs.tree.as_ref(), &jobs.files));
    outcome.findings.extend(of_configs);
    outcome.findings.extend(of_jobs);
    if options.extent == Extent::Everything && shards.are_placed() {
        let named = jobs.files.iter().filter(|entry| job_file(entry).is_some()).map(|entry| job_path(&entry.relative));
        let checked = chosen.iter().map(|file| config_path(&file.entry.relative)).chain(named).collect::<BTreeSet<_>>();
        outcome.findings.extend(shards.blind_spots(&repo, &checked));
    }
    outcome.sort();
    Ok(outcome)
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
    place: &str,
    walk: impl Fn(&Tree) -> Result<Walked, files::Error>,
) -> Found {
    let path = options.release_repo.join(place);
    let opened = Tree::within(&path, &options.release_repo).and_then(|tree| Ok((walk(&tree)?, tree)));
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

    fn jobs(&self, tree: Option<&Tree>, entries: &[Entry]) -> Vec<Diagnostic> {
        let Some(tree) = tree else { return Vec::new() };
        let check = |entry: &Entry| {
            let Some(identity) = job_file(entry) else { return Vec::new() };
            let shown = job_path(&entry.relative);
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
