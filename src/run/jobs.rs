//! `cutwater jobs`: generate, merge and normalise in memory over one load, then write once.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::inventory::{Choice, Inventory};
use super::normalising::{self, finish, normalise};
use super::options::{Error, JobsOptions, Mode, Outcome, Owners, Scope, Watch};
use super::repository::Workshop;
use super::{on_threads, plan, registry};
use crate::files::{Lock, Tree};

const CONFIG: &str = "ci-operator/config";
const JOBS: &str = "ci-operator/jobs";
const REGISTRY: &str = "ci-operator/step-registry";
const DISPATCH_CONFIG: &str = "core-services/sanitize-prow-jobs/_config.yaml";
const CLUSTERS: &str = "core-services/sanitize-prow-jobs/_clusters.yaml";

/// Runs the command.
pub fn jobs(options: &JobsOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &JobsOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let root = &options.release_repo;
    let config_tree = Tree::within(root.join(CONFIG), root)?;
    crate::files::make_directory(&root.join(JOBS))?;
    let jobs_tree = Tree::within(root.join(JOBS), root)?;
    let _lock = Lock::exclusive(&root.join(JOBS), || watch.waiting())?;
    let (registry, rest) = rayon::join(
        || registry::load(&Tree::within(root.join(REGISTRY), root)?, REGISTRY),
        || {
            rayon::join(
                || normalising::load_dispatcher_below(root, DISPATCH_CONFIG, CLUSTERS),
                || take_inventory(options, &config_tree, &jobs_tree),
            )
        },
    );
    let ((registry, findings), (dispatcher, inventory)) = (registry?, (rest.0?, rest.1?));
    let mut outcome = Outcome { findings, ..Outcome::default() };
    let dispatcher = dispatcher.map_err(|findings| outcome.findings.extend(findings)).ok();
    // Without steps or clusters nothing can be made; what is wrong with configs is reported all the same.
    let dispatcher = dispatcher.filter(|_| !outcome.has_errors());
    outcome.findings.extend(dispatcher.iter().flat_map(|dispatcher| dispatcher.warnings()).cloned());
    outcome.findings.extend(inventory.findings.iter().cloned());
    let workshop = Workshop {
        config_tree: &config_tree,
        jobs_tree: &jobs_tree,
        jobs_shown: JOBS,
        registry: Some(&registry),
        finish: Some(&|jobs, path| dispatcher.as_ref().map_or(Ok(()), |dispatcher| finish(jobs, path, dispatcher))),
        mirror_owners: options.owners == Owners::Mirror,
        keep_old: options.diff,
    };
    let mut planned = workshop.work_all(&inventory.repositories, watch, &mut outcome);
    if let Some(dispatcher) = &dispatcher {
        let loose: Vec<_> = inventory
            .loose
            .par_iter()
            .map(|entry| normalise(&jobs_tree, entry, JOBS, dispatcher, options.diff))
            .collect();
        for result in loose {
            outcome.counts.jobs += result.jobs;
            let whole = result.findings.is_empty();
            outcome.findings.extend(result.findings);
            match result.planned {
                Some(change) if whole => planned.push(change),
                _ => outcome.counts.unchanged += 1,
            }
        }
    }
    outcome.sort();
    planned.sort_by(|left, right| left.shown.cmp(&right.shown));
    let may_write = dispatcher.is_some() && (options.keep_going || !outcome.has_errors());
    if may_write {
        if options.mode == Mode::Write {
            plan::carry_out(&jobs_tree, &planned, watch)?;
        }
        outcome.changes.extend(planned.into_iter().map(plan::Planned::into_change));
    }
    Ok(outcome)
}

fn take_inventory(options: &JobsOptions, config_tree: &Tree, jobs_tree: &Tree) -> Result<Inventory, Error> {
    let (sub_dirs, everything) = match &options.scope {
        // Which tests use a step is known only once all are resolved.
        Scope::Touched { repositories, registry } if registry.is_empty() => {
            let directory = |named: &super::options::Repository| crate::files::path::join(&named.org, &named.repo);
            (repositories.iter().map(directory).collect(), false)
        }
        _ => (BTreeSet::from([String::new()]), true),
    };
    let all = |_: &str, _: &str, _: &str| true;
    // Every job file is normalised, so a name that says nothing of a repository deserves no warning here.
    let choice = Choice {
        config: &all,
        job_file: &all,
        is_known: &|_| false,
        warn_unknown: everything,
        configs_may_be_missing: true,
    };
    Ok(Inventory::take(config_tree, jobs_tree, &sub_dirs, &choice, (CONFIG, JOBS))?)
}
