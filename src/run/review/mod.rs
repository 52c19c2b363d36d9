//! `cutwater check`: everything that can be wrong with a release repository, in one run.
//!
//! The run is made of shares that know nothing of each other and run side by side: what generation and canonical form say
//! and would change ([`mod@generated`]), configs with what is around them ([`configs`]), job files, owners, where files go, the
//! configuration of Prow, the step registry. What a share would change is a finding here, never a change. Findings that
//! several shares come to are told once.

mod configs;
mod generated;
mod once;
mod origins;
mod owners;
mod reach;
mod registry;
mod reported;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use rayon::prelude::*;

use self::configs::Configs;
use self::generated::generated;
pub(super) use self::generated::of_plan;
use self::once::tell_once;
use self::origins::trace;
use self::owners::owners;
use self::reach::Reach;
use self::registry::registry;
use self::reported::Reported;
use super::check::{Around, LoadSteps};
use super::config_file::{ConfigFile, LoadedConfig};
use super::dispatcher::load_dispatcher_or_tell;
use super::jobs::Given;
use super::known::Known;
use super::layout::{CLAIM_OWNERS, PLUGINS, PROFILES, REGISTRY};
use super::options::{
    Counts, Error, Extent, Mode, Outcome, RepositoryFilter, ReviewOptions, ShardValidatorOptions, Stage, Unwatched,
    Watch,
};
use super::prow_config::{self, Wish};
use super::prowcheck::{Prowcheck, ProwcheckOptions};
use super::repository::Witness;
use super::shard_validator::{Harmless, Validation};
use super::{fix, on_threads};
use crate::canonical;
use crate::catalogue;
use crate::diagnostic::{Diagnostic, Violation};
use crate::files::{self, Listings, Tree, path};
use crate::lint::Linter;
use crate::model::job::JobConfig;
use crate::prowcheck::Sheet;
use crate::registry::Registry;
use crate::shard::Source;
use crate::yaml::codec::Note;
use crate::yaml::locate::place;
use crate::yaml::parse::parse;

/// What Prow refuses jobs for, and is told of them with the words of Prow where its configuration is there.
const SEEN_BY_PROW: [&str; 4] =
    ["broken-trigger", "broken-branch-pattern", "broken-change-pattern", "rerun-command-mismatch"];

/// Runs the command.
pub fn review(options: &ReviewOptions, known: &Known, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, known, watch))?
}

/// What came of a share.
#[derive(Default)]
struct Share {
    findings: Vec<Diagnostic>,
    counts: Counts,
    /// Directories of repositories that what is reported reaches through the step registry.
    affected: BTreeSet<String>,
}

impl From<Vec<Diagnostic>> for Share {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

type Work<'w> = Box<dyn Fn() -> Result<Share, Error> + Send + Sync + 'w>;

/// What shares know of each other, so that nothing is listed or read twice.
#[derive(Default)]
struct Shared {
    listings: Listings,
    harmless: Harmless,
}

fn run(options: &ReviewOptions, known: &Known, watch: &dyn Watch) -> Result<Outcome, Error> {
    let reach = Reach::of(options.reported.as_ref());
    let (shared, directories) = (Shared::default(), reach.directories());
    let (validated, validation) = (validated(options, &reach), OnceLock::new());
    let mut shares: Vec<Work<'_>> = vec![
        Box::new(|| repositories(options, known, &reach, &shared)),
        Box::new(|| places(&validated, &validation, directories.as_deref(), &shared)),
        Box::new(|| owners(options, directories.as_deref(), &shared.listings)),
    ];
    if reach == Reach::Everything {
        shares.push(Box::new(|| prow(options, &shared.listings)));
        shares.push(Box::new(|| registry(options, &shared.listings)));
    }
    watch.begin(Stage::Checking, shares.len());
    let done = shares.par_iter().with_max_len(1).map(|share| {
        let done = share();
        watch.advance(1);
        done
    });
    let mut outcome = Outcome::default();
    let mut affected = BTreeSet::new();
    for share in done.collect::<Result<Vec<_>, _>>()? {
        outcome.findings.extend(share.findings);
        outcome.counts.configs = outcome.counts.configs.max(share.counts.configs);
        outcome.counts.jobs += share.counts.jobs;
        affected.extend(share.affected);
    }
    outcome.findings.extend(validation.get().into_iter().flat_map(|it| it.jobs(&shared.harmless, &Unwatched)));
    let root = format!("{}/", options.release_repo.to_string_lossy().trim_end_matches('/'));
    outcome.findings.iter_mut().for_each(|finding| below(&root, finding));
    trace(&options.release_repo, &mut outcome.findings);
    fix::answer(&options.release_repo, &mut outcome.findings);
    tell_once(&mut outcome.findings);
    let reported = Reported::new(options.reported.as_ref());
    outcome.findings.retain(|finding| reported.has(finding, &affected));
    outcome.sort();
    Ok(outcome)
}

/// Names files as they are called in the release repository.
fn below(root: &str, finding: &mut Diagnostic) {
    let files = finding.related.iter_mut().map(|place| &mut place.file).chain([&mut finding.file]);
    for file in files {
        if let Some(relative) = file.strip_prefix(root) {
            *file = relative.to_owned();
        }
    }
}

/// A finding that is as bad as its rule has it: violations do not say.
fn as_its_rule(finding: Diagnostic) -> Diagnostic {
    match catalogue::find(finding.rule) {
        Some(rule) => Diagnostic { severity: rule.severity, ..finding },
        None => finding,
    }
}

fn placed(violations: Vec<Violation>, shown: &str, text: &str) -> Vec<Diagnostic> {
    if violations.is_empty() {
        return Vec::new();
    }
    let tree = parse(text).unwrap_or_default();
    violations.into_iter().map(|violation| as_its_rule(place(violation, shown, text, &tree))).collect()
}

/// What is around configs, as far as it is there, and what is wrong with it.
fn around(options: &ReviewOptions, known: &Known, listings: &Listings) -> Result<(Around, Vec<Diagnostic>), Error> {
    let mut wrong = Vec::new();
    let mut usable = |place: &str, open: &dyn Fn(&Path) -> Result<(), files::Error>| {
        let path = Some(options.release_repo.join(place)).filter(|path| files::is_there(path))?;
        open(&path).map_err(|error| wrong.push(error.finding(place))).ok().map(|()| path)
    };
    let read = |path: &Path| files::read_given_as_it_stands(path).map(drop);
    let steps = usable(REGISTRY, &|path| files::directories(path).map(drop));
    let profiles = usable(&path::join(REGISTRY, PROFILES), &read);
    let claims = usable(CLAIM_OWNERS, &read);
    let load = |root: &Path| known.steps(&Tree::within(root, &options.release_repo)?.sharing(listings));
    let steps = steps.as_deref().map(|root| (root, &load as &LoadSteps<'_>));
    let (around, mut findings) = Around::load(steps, profiles.as_deref(), claims.as_deref())?;
    findings.extend(wrong);
    let is_registry_there = files::is_there(&options.release_repo.join(REGISTRY));
    Ok((if is_registry_there { around } else { around.or_empty_registry() }, findings))
}

/// Who looks on while jobs are generated, so that no file is read twice.
struct Onlookers<'o> {
    configs: Configs<'o>,
    /// Where there are job files.
    prow: Option<Prowcheck<'o>>,
    harmless: &'o Harmless,
}

impl Witness for Onlookers<'_> {
    fn config(&self, file: &ConfigFile, loaded: Option<&LoadedConfig<'_>>, notes: Vec<Diagnostic>) {
        self.configs.look(file, loaded, notes);
    }

    fn unchanged(&self, shown: &str, text: &str, jobs: &JobConfig) {
        self.harmless.note(shown, jobs);
        if let Some(prow) = &self.prow {
            prow.look(Source { file: shown, text }, jobs);
        }
    }
}

/// Configs, the jobs that they give, the registry that they use, and what Prow and we say of job files.
fn repositories(options: &ReviewOptions, known: &Known, reach: &Reach, shared: &Shared) -> Result<Share, Error> {
    let prow = ProwcheckOptions::of_release_repo(&options.release_repo, options.prow_warnings.clone(), options.now);
    let linter = Linter::new(None);
    let is_new = |rule: &str| prow.prow.is_none() || !SEEN_BY_PROW.contains(&rule);
    let besides = |sheet: &Sheet<'_>, jobs: &JobConfig, notes: &[Note]| {
        let Source { file, text } = sheet.source;
        let linted = linter.lint_jobs(jobs).into_iter().filter(|it| is_new(it.rule));
        let linted = linted.map(|it| as_its_rule(place(it, file, text, sheet.tree())));
        let noted = if notes.is_empty() { Vec::new() } else { canonical::findings(file, text, sheet.tree(), notes) };
        noted.into_iter().chain(linted).collect()
    };
    let looks_at_jobs = *reach == Reach::Everything;
    let load = || looks_at_jobs.then(|| Prowcheck::load(&prow, &shared.listings, &besides)).transpose();
    let load_dispatcher = || load_dispatcher_or_tell(&options.release_repo);
    let ((around, dispatcher), prow) =
        rayon::join(|| rayon::join(|| around(options, known, &shared.listings), load_dispatcher), load);
    let (around, findings) = around?;
    let onlookers = Onlookers { configs: Configs::new(&around), prow: prow?, harmless: &shared.harmless };
    // Nothing is held against a registry that cannot be read.
    let unread = Registry::default();
    let steps = around.registry().map_or((&unread, false), |steps| (steps, around.is_registry_whole()));
    let given = Given {
        registry: Some(steps),
        dispatcher: Some(dispatcher),
        witness: Some(&onlookers),
        listings: Some(&shared.listings),
        known: None,
    };
    let mut share = generated(options, reach, given)?;
    share.findings.extend(findings);
    let Onlookers { configs, prow, .. } = onlookers;
    let (of_configs, of_jobs) = rayon::join(
        || configs.conclude(options, reach, &shared.listings),
        || prow.map(|prow| prow.conclude(&Unwatched)).transpose(),
    );
    let Share { findings, affected, .. } = of_configs?;
    share.findings.extend(findings);
    share.findings.extend(of_jobs?.into_iter().flat_map(|outcome| outcome.findings));
    share.affected.extend(affected);
    Ok(share)
}

/// What is to be known of where files go.
fn validated(options: &ReviewOptions, reach: &Reach) -> ShardValidatorOptions {
    let is_everything = *reach == Reach::Everything;
    ShardValidatorOptions {
        release_repo: options.release_repo.clone(),
        filter: RepositoryFilter::default(),
        modified: None,
        environment: options.environment.clone(),
        loads_configs: false,
        looks_at_jobs: is_everything,
        extent: if is_everything { Extent::Everything } else { Extent::AsTheReference },
        threads: None,
    }
}

/// Where configs and job files go, where the repository says so. What is in job files is looked at later, when most of them
/// have been read.
fn places<'p>(
    options: &'p ShardValidatorOptions,
    validation: &OnceLock<Validation<'p>>,
    directories: Option<&[String]>,
    shared: &Shared,
) -> Result<Share, Error> {
    if !files::is_there(&options.release_repo.join(PLUGINS)) {
        return Ok(Share::default());
    }
    let loaded = Validation::load(options, directories, &shared.listings, &Unwatched)?;
    Ok(validation.get_or_init(|| loaded).places(&Unwatched).into())
}

/// The configuration of Prow and its plugins.
fn prow(options: &ReviewOptions, listings: &Listings) -> Result<Share, Error> {
    let wish = Wish { now: options.now, keep_old: true, is_careful: true };
    let part = prow_config::part(&options.release_repo, Mode::Check, wish, Some(listings), &Unwatched)?;
    Ok(part.map(|(part, _lock)| unformed_part(part)).unwrap_or_default())
}

fn unformed_part(part: super::part::Part) -> Share {
    let mut share = Share::from(part.findings);
    let plans = part.plans.iter().flat_map(|(_, plan)| plan);
    share.findings.extend(plans.flat_map(of_plan).map(|(finding, _)| finding));
    share
}
