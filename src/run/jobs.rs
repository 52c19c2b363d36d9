//! `cutwater jobs`: generate, merge and sanitize in memory over one load, then write once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::inventory::{Choice, Inventory};
use super::known::Known;
use super::layout::{CLUSTERS, CONFIG, DISPATCHER_CONFIG, JOBS, REGISTRY};
use super::options::{Error, JobsOptions, Mode, Outcome, Owners, Repository, Scope, Watch};
use super::part::{self, Part, Terms};
use super::repository::{Plans, Witness, Workshop};
use super::sanitize_file::{Sanitizer, finish};
use super::users::repositories_using;
use super::{dispatcher, known, on_threads, sweep};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dispatch::Dispatcher;
use crate::files::{self, Listings, Lock, Tree};
use crate::registry::Registry;

/// Runs the command.
pub fn jobs(options: &JobsOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || {
        let (part, _lock) = part(options, Configs::Leave, Given::default(), watch)?;
        part::settle(vec![part], &Terms::of_jobs(options), watch)
    })?
}

/// Whether configs are brought into canonical form on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configs {
    /// They are only read.
    Leave,
    /// They are.
    Determinize,
}

/// What a run need not make itself, and who looks on.
#[derive(Default)]
pub struct Given<'g> {
    /// The step registry, and whether nothing is wrong with it; if something is, whoever loaded it tells.
    pub registry: Option<(&'g Registry, bool)>,
    /// What other runs have read as well.
    pub known: Option<&'g Known>,
    /// What decides about clusters, or why there is no such thing.
    pub dispatcher: Option<Result<Dispatcher, Vec<Diagnostic>>>,
    /// See the type.
    pub witness: Option<&'g dyn Witness>,
    /// What others list as well, where nothing is written.
    pub listings: Option<&'g Listings>,
}

/// What becomes of job files, and of configs where that is wanted; with the lock to hold until it is done.
pub fn part(
    options: &JobsOptions,
    configs_are: Configs,
    given: Given<'_>,
    watch: &dyn Watch,
) -> Result<(Part, Option<Lock>), Error> {
    let root = &options.release_repo;
    let config_tree = Tree::within(root.join(CONFIG), root)?.with(&options.instead);
    let config_tree = given.listings.iter().fold(config_tree, |tree, listings| tree.sharing(listings));
    let (jobs_tree, lock) = open_jobs(root, options.mode, watch)?;
    let jobs_tree = jobs_tree.with(&options.instead);
    let jobs_tree = given.listings.iter().fold(jobs_tree, |tree, listings| tree.sharing(listings));
    let Given { registry, known, dispatcher, witness, .. } = given;
    let Loaded { registry, is_whole, findings, dispatcher, inventory } =
        Loaded::load(options, &config_tree, &jobs_tree, (registry, known, dispatcher))?;
    if options.mode == Mode::Write {
        sweep(&jobs_tree, &inventory.leftovers)?;
    }
    let mut outcome = Outcome { findings, ..Outcome::default() };
    let dispatcher = dispatcher.map_err(|findings| outcome.findings.extend(findings)).ok();
    // Without steps or clusters nothing can be made; what is wrong with configs is reported all the same.
    let dispatcher = dispatcher.filter(|_| is_whole && !outcome.has_errors());
    outcome.findings.extend(dispatcher.iter().flat_map(|dispatcher| dispatcher.warnings()).cloned());
    outcome.findings.extend(inventory.findings.iter().cloned());
    let workshop = Workshop {
        config_tree: &config_tree,
        jobs_tree: &jobs_tree,
        jobs_shown: JOBS,
        registry: Some(registry.get()),
        finish: Some(&|jobs, path| dispatcher.as_ref().map_or(Ok(()), |dispatcher| finish(jobs, path, dispatcher))),
        mirror_owners: options.owners == Owners::Mirror,
        keep_old: options.diff,
        determinize: (configs_are == Configs::Determinize).then_some(CONFIG),
        losses: configs_are == Configs::Determinize,
        witness,
    };
    let Plans { mut jobs, mut configs } = workshop.work_all(&inventory.repositories, watch, &mut outcome);
    match &dispatcher {
        Some(dispatcher) => {
            let sanitizer = Sanitizer {
                tree: &jobs_tree,
                shown: JOBS,
                dispatcher,
                keep_old: options.diff,
                losses: configs_are == Configs::Determinize,
                broken_too: false,
            };
            let loose = sanitizer.all(&inventory.loose, &|| {});
            outcome.counts.jobs += loose.jobs;
            outcome.counts.unchanged += loose.unchanged;
            outcome.findings.extend(loose.findings);
            jobs.extend(loose.plan);
        }
        None => {
            jobs.clear();
            configs.clear();
        }
    }
    for plan in [&mut jobs, &mut configs] {
        plan.sort_by(|left, right| left.shown.cmp(&right.shown));
    }
    let plans = vec![(jobs_tree, jobs), (config_tree, configs)];
    let is_blocked = dispatcher.is_none();
    Ok((Part { plans, counts: outcome.counts, findings: outcome.findings, is_blocked }, lock))
}

/// The tree of job files, and a lock that keeps away whoever writes it, or reads it when we do.
fn open_jobs(root: &Path, mode: Mode, watch: &dyn Watch) -> Result<(Tree, Option<Lock>), Error> {
    let path = root.join(JOBS);
    Ok(match mode {
        Mode::Write => {
            files::make_directory(&path)?;
            (Tree::within(&path, root)?, Some(Lock::exclusive(&path, || watch.waiting())?))
        }
        // A check makes nothing, so there is nothing to lock either.
        Mode::Check if !files::is_there(&path) => (Tree::unmade(path, root)?, None),
        Mode::Check => (Tree::within(&path, root)?, Some(Lock::shared(&path, || watch.waiting())?)),
    })
}

/// The step registry, ours or not.
enum Steps<'g> {
    Given(&'g Registry),
    Loaded(Arc<known::Steps>),
}

impl Steps<'_> {
    fn get(&self) -> &Registry {
        match self {
            Self::Given(registry) => registry,
            Self::Loaded(steps) => &steps.registry,
        }
    }
}

/// What chooses build clusters, or what is wrong with its configuration.
type Choosing = Result<Dispatcher, Vec<Diagnostic>>;

/// What is read before any repository is worked on.
struct Loaded<'g> {
    registry: Steps<'g>,
    /// Whether whoever loaded the registry found nothing wrong with it.
    is_whole: bool,
    /// What is wrong with the registry.
    findings: Vec<Diagnostic>,
    dispatcher: Choosing,
    inventory: Inventory,
}

impl<'g> Loaded<'g> {
    fn load(
        options: &JobsOptions,
        config_tree: &Tree,
        jobs_tree: &Tree,
        (registry, known, dispatcher): (Option<(&'g Registry, bool)>, Option<&Known>, Option<Choosing>),
    ) -> Result<Self, Error> {
        let root = &options.release_repo;
        let load = || -> Result<_, Error> {
            if let Some((registry, is_whole)) = registry {
                return Ok((Steps::Given(registry), is_whole, Vec::new()));
            }
            let tree = Tree::within(root.join(REGISTRY), root)?.with(&options.instead);
            let steps = known.unwrap_or(&Known::default()).steps(&tree)?;
            let findings = steps.findings.clone();
            Ok((Steps::Loaded(steps), true, findings))
        };
        let (registry, (dispatcher, inventory)) = rayon::join(load, || {
            rayon::join(
                || match dispatcher {
                    Some(dispatcher) => Ok(dispatcher),
                    None => dispatcher::load_dispatcher_below(root, DISPATCHER_CONFIG, CLUSTERS),
                },
                || match directories(&options.scope) {
                    Some(directories) => take_inventory(&directories, config_tree, jobs_tree).map(Some),
                    None => Ok(None),
                },
            )
        });
        let (registry, is_whole, findings) = registry?;
        let inventory = match inventory? {
            Some(inventory) => inventory,
            None => {
                let directories = directories_using(&options.scope, registry.get(), config_tree)?;
                take_inventory(&directories, config_tree, jobs_tree)?
            }
        };
        Ok(Self { registry, is_whole, findings, dispatcher: dispatcher?, inventory })
    }
}

/// The files of the repositories in these directories.
pub fn take_inventory(
    directories: &BTreeSet<String>,
    config_tree: &Tree,
    jobs_tree: &Tree,
) -> Result<Inventory, Error> {
    let all = |_: &str, _: &str, _: &str| true;
    // Every job file is sanitized, so a name that says nothing of a repository deserves no warning here.
    let choice = Choice {
        config: &all,
        job_file: &all,
        is_known: &|_| false,
        warn_unknown: directories.contains(""),
        configs_may_be_missing: true,
        linked_directory: Severity::Error,
    };
    Ok(Inventory::take(config_tree, jobs_tree, directories, &choice, (CONFIG, JOBS))?)
}

/// The directories below which everything is worked on, none within another; nothing where the registry has to be asked.
fn directories(scope: &Scope) -> Option<BTreeSet<String>> {
    match scope {
        Scope::Everything => Some(BTreeSet::from([String::new()])),
        Scope::Touched { repositories, registry, .. } => registry.is_empty().then(|| outermost(repositories)),
    }
}

/// As [`directories`], with those of the repositories that use what was changed in the registry.
fn directories_using(scope: &Scope, steps: &Registry, config_tree: &Tree) -> Result<BTreeSet<String>, Error> {
    let everything = || BTreeSet::from([String::new()]);
    let Scope::Touched { repositories, registry, .. } = scope else { return Ok(everything()) };
    let below =
        |path: &'_ String| path.strip_prefix(REGISTRY).map_or("", |rest| rest.trim_start_matches('/')).to_owned();
    let touched = steps.touched(registry.iter().map(below).collect::<Vec<_>>().iter().map(String::as_str));
    if touched.is_everything() {
        return Ok(everything());
    }
    let mut repositories = repositories.clone();
    repositories.extend(repositories_using(&touched, config_tree)?);
    Ok(outermost(&repositories))
}

/// The directories below which everything is worked on, whatever the scope says.
pub(super) fn directories_of(scope: &Scope, steps: &Registry, config_tree: &Tree) -> Result<BTreeSet<String>, Error> {
    match directories(scope) {
        Some(directories) => Ok(directories),
        None => directories_using(scope, steps, config_tree),
    }
}

/// The directories of repositories and organisations, without those that others hold.
fn outermost(repositories: &BTreeSet<Repository>) -> BTreeSet<String> {
    let whole = |org: &str| repositories.contains(&Repository { org: org.to_owned(), repo: String::new() });
    let all = whole("");
    let is_within = |named: &Repository| match named.repo.is_empty() {
        true => all && !named.org.is_empty(),
        false => all || whole(&named.org),
    };
    repositories
        .iter()
        .filter(|named| !is_within(named))
        .map(|named| files::path::join(&named.org, &named.repo))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_within_a_named_organisation_is_not_taken_twice() {
        let named = |org: &str, repo: &str| Repository { org: org.into(), repo: repo.into() };
        let repositories = BTreeSet::from([named("a", ""), named("a", "b"), named("ab", "b")]);
        assert_eq!(Vec::from_iter(outermost(&repositories)), ["a", "ab/b"]);
        let everything = BTreeSet::from([named("", ""), named("a", ""), named("ab", "b")]);
        assert_eq!(Vec::from_iter(outermost(&everything)), [""]);
    }
}
