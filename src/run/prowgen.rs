//! `ci-operator-prowgen`: configs to jobs, merged into the job files that are there.
//!
//! Which files are left alone is decided here: those that `--known-infra-file` names, and with `--org`, `--repo` and
//! `--only-process-changes` what they do not mean.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::config_file::LoadedConfig;
use super::inventory::{Choice, Inventory};
use super::options::{Error, Outcome, Owners, ProwgenOptions, Watch};
use super::repository::Workshop;
use super::{on_threads, plan, registry, sweep};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{Lock, Tree};
use crate::registry::Registry;

/// Runs the program. Sub-directories are done one after another, and the first with findings is the last.
pub fn prowgen(options: &ProwgenOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &ProwgenOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let config_tree = Tree::open(&options.from_dir)?;
    crate::files::make_directory(&options.to_dir)?;
    let jobs_tree = Tree::open(&options.to_dir)?;
    let _lock = Lock::exclusive(&options.to_dir, || watch.waiting())?;
    let take = |sub_dir: &String| take_inventory(options, sub_dir, &config_tree, &jobs_tree);
    let mut sub_dirs = options.sub_dirs.iter();
    let (loaded, first) = rayon::join(|| load_registry(options), || sub_dirs.next().map(take));
    let (loaded, findings) = loaded?;
    let mut outcome = Outcome { findings, ..Outcome::default() };
    // Further directories are listed when it is their turn: they may hold what an earlier one has written.
    for inventory in first.into_iter().chain(sub_dirs.map(take)) {
        if outcome.has_errors() {
            break;
        }
        let jobs_shown = options.to_dir.to_string_lossy();
        let workshop = Workshop {
            config_tree: &config_tree,
            jobs_tree: &jobs_tree,
            jobs_shown: &jobs_shown,
            registry: loaded.as_ref(),
            finish: None,
            mirror_owners: options.owners == Owners::Mirror,
            keep_old: false,
            determinize: None,
            losses: false,
            witness: None,
        };
        one_directory(inventory?, &workshop, watch, &mut outcome)?;
    }
    outcome.sort();
    Ok(outcome)
}

fn load_registry(options: &ProwgenOptions) -> Result<(Option<Registry>, Vec<Diagnostic>), Error> {
    let Some(path) = &options.registry else { return Ok((None, Vec::new())) };
    let (registry, findings) = registry::load(&Tree::open(path)?, &path.to_string_lossy())?;
    Ok((Some(registry), findings))
}

fn take_inventory(
    options: &ProwgenOptions,
    sub_dir: &str,
    config_tree: &Tree,
    jobs_tree: &Tree,
) -> Result<Inventory, Error> {
    let is_modified = |path: &str| options.modified.as_ref().is_none_or(|modified| modified.contains(path));
    let is_chosen = |org: &str, repo: &str, path: &str| options.filter.matches(org, repo) && is_modified(path);
    let is_infra = |path: &str| options.known_infra_files.contains(crate::files::path::base(path));
    let choice = Choice {
        config: &is_chosen,
        job_file: &|org, repo, path| !is_infra(path) && is_chosen(org, repo, path),
        is_known: &is_infra,
        warn_unknown: true,
        configs_may_be_missing: false,
        // The reference passes by without a word.
        linked_directory: Severity::Warning,
    };
    let sub_dirs = BTreeSet::from([sub_dir.to_owned()]);
    let shown = (&*options.from_dir.to_string_lossy(), &*options.to_dir.to_string_lossy());
    Ok(Inventory::take(config_tree, jobs_tree, &sub_dirs, &choice, shown)?)
}

fn one_directory(
    inventory: Inventory,
    workshop: &Workshop<'_>,
    watch: &dyn Watch,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    sweep(workshop.jobs_tree, &inventory.leftovers)?;
    outcome.findings.extend(inventory.findings);
    // Configs that were not asked for are refused all the same when they are wrong.
    let bystanders: Vec<_> = inventory
        .bystanders
        .par_iter()
        .flat_map_iter(|file| LoadedConfig::load(workshop.config_tree, file).err().unwrap_or_default())
        .collect();
    outcome.findings.extend(bystanders);
    let planned = workshop.work_all(&inventory.repositories, watch, outcome).jobs;
    if !outcome.has_errors() {
        plan::carry_out(workshop.jobs_tree, &planned, watch)?;
        outcome.changes.extend(planned.into_iter().map(plan::Planned::into_change));
    }
    Ok(())
}
