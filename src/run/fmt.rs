//! `cutwater fmt`: everything that has a canonical form, in that form.
//!
//! Nothing is generated here: each kind of file is brought into form by itself, side by side, and [`part::settle`] writes
//! what changed.

use std::collections::BTreeSet;

use super::config_file::ConfigFile;
use super::config_form::{self, Target};
use super::determinize::{config_files, settle_all};
use super::dispatcher::load_dispatcher_below;
use super::inventory::walk_configs;
use super::layout::{CLUSTERS, CONFIG, DISPATCHER_CONFIG, JOBS, PROW_CONFIG, REGISTRY};
use super::options::{Error, FmtOptions, Mode, Outcome, Stage, Watch};
use super::part::{self, Part, Terms};
use super::prow_config::{self, Wish};
use super::sanitize_file::{SanitizedFiles, Sanitizer};
use super::{lock, on_threads, registry_form, sweep};
use crate::files::{self, Kind, Lock, Tree, Walked, path, walk};

/// Runs the command.
pub fn fmt(options: &FmtOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &FmtOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let root = &options.release_repo;
    // Always in this order, so that two runs never wait for each other.
    let _locks = [CONFIG, JOBS]
        .map(|place| root.join(place))
        .into_iter()
        .filter(|place| files::is_directory(place))
        .map(|place| lock(&place, options.mode, watch))
        .collect::<Result<Vec<_>, _>>()?;
    let ((configs, prow), (jobs, steps)) = rayon::join(
        || rayon::join(|| configs(options, watch), || prow(options, watch)),
        || rayon::join(|| jobs(options, watch), || steps(options)),
    );
    let (prow, _prow) = prow?.unzip();
    let parts = [configs, jobs, steps, Ok(prow)].into_iter().filter_map(Result::transpose);
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    part::settle(parts, &Terms::of_fmt(options), watch)
}

/// What is wanted below one of our directories.
struct Reach {
    tree: Tree,
    /// Files and directories below it, none within another; the empty name for all of it.
    below: BTreeSet<String>,
}

impl Reach {
    /// Nothing where nothing is wanted, or where there is no such directory.
    fn of(options: &FmtOptions, place: &str) -> Result<Option<Self>, Error> {
        let path = options.release_repo.join(place);
        let below = options.below(place);
        if below.is_empty() || !files::is_directory(&path) {
            return Ok(None);
        }
        Ok(Some(Self { tree: Tree::within(path, &options.release_repo)?, below }))
    }

    /// Everything that walks of what is wanted find.
    fn walk(&self, walk: impl Fn(&Tree, &str) -> Result<Walked, files::Error>) -> Result<Walked, Error> {
        let mut all = Walked::default();
        for below in &self.below {
            all.append(walk(&self.tree, below)?);
        }
        Ok(all)
    }
}

fn configs(options: &FmtOptions, watch: &dyn Watch) -> Result<Option<Part>, Error> {
    let Some(reach) = Reach::of(options, CONFIG)? else { return Ok(None) };
    let walked = reach.walk(walk_configs)?;
    if options.mode == Mode::Write {
        files::sweep(&walked.leftovers);
    }
    let mut part = Part::of_tree(&reach.tree);
    part.findings.extend(walked.problems.iter().map(|problem| problem.finding(CONFIG)));
    let (files, misplaced) = config_files(walked.files, CONFIG);
    part.findings.extend(misplaced);
    part.counts.configs = files.len();
    let contested = config_form::contested(&files);
    let target =
        Target { tree: &reach.tree, shown: CONFIG, contested: &contested, keep_old: options.diff, losses: true };
    watch.begin(Stage::Generating, files.len());
    let settled = settle_all(&files, &target, &|_: &ConfigFile| true, watch);
    part.findings.extend(settled.findings);
    part.counts.unchanged += settled.unchanged;
    settled.plan.into_iter().for_each(|planned| part.plan(Some(planned)));
    Ok(Some(part))
}

fn jobs(options: &FmtOptions, watch: &dyn Watch) -> Result<Option<Part>, Error> {
    let Some(reach) = Reach::of(options, JOBS)? else { return Ok(None) };
    let walked = reach.walk(|tree, below| {
        walk(tree, below, &|name, kind| kind == Kind::Directory || path::extension(name) == ".yaml")
    })?;
    if options.mode == Mode::Write {
        sweep(&reach.tree, &walked.leftovers)?;
    }
    let mut part = Part::of_tree(&reach.tree);
    part.findings.extend(walked.problems.iter().map(|problem| problem.finding(JOBS)));
    let dispatcher = match load_dispatcher_below(&options.release_repo, DISPATCHER_CONFIG, CLUSTERS)? {
        Ok(dispatcher) => dispatcher,
        Err(findings) => {
            part.findings.extend(findings);
            part.is_blocked = true;
            return Ok(Some(part));
        }
    };
    part.findings.extend(dispatcher.warnings().iter().cloned());
    watch.begin(Stage::Generating, walked.files.len());
    let sanitizer = Sanitizer {
        tree: &reach.tree,
        shown: JOBS,
        dispatcher: &dispatcher,
        keep_old: options.diff,
        losses: true,
        broken_too: false,
    };
    let SanitizedFiles { plan, unchanged, jobs, findings } = sanitizer.all(&walked.files, &|| watch.advance(1));
    part.counts.jobs += jobs;
    part.counts.unchanged += unchanged;
    part.findings.extend(findings);
    plan.into_iter().for_each(|planned| part.plan(Some(planned)));
    Ok(Some(part))
}

/// All of Prow's configuration where any of it is wanted: it is one whole.
fn prow(options: &FmtOptions, watch: &dyn Watch) -> Result<Option<(Part, Lock)>, Error> {
    if options.below(PROW_CONFIG).is_empty() {
        return Ok(None);
    }
    let wish = Wish { now: options.now, keep_old: options.diff, is_careful: true };
    prow_config::part(&options.release_repo, options.mode, wish, None, watch)
}

fn steps(options: &FmtOptions) -> Result<Option<Part>, Error> {
    let Some(Reach { tree, below }) = Reach::of(options, REGISTRY)? else { return Ok(None) };
    let named: Vec<String> = below.iter().map(|name| path::join(REGISTRY, name)).collect();
    registry_form::part(&tree, &named, options.diff).map(Some)
}
