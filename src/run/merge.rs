//! A job file that two branches changed: settled by generating it from the merged configs where they are known, and job by job
//! where they are not.
//!
//! [`settle`] is the way in. Jobs are merged by [`crate::merge`]; a [`Finish`] then makes of the result what `cutwater update`
//! would write: with [`Inputs`] it generates from them, without it brings the jobs into canonical form. What hangs on a
//! conflict is found by doing it for either side: where both give the same bytes, there is nothing left to settle. Generated
//! jobs differ in what people set on them (a cluster, a concurrency) and in nothing else then.

use std::path::Path;

use super::jobs::{Configs, Given, part};
use super::layout::{CLUSTERS, CONFIG, DISPATCHER_CONFIG, JOBS, REGISTRY};
use super::options::{JobsOptions, Mode, OnLoss, Outcome, Owners, Scope, Unwatched};
use super::sanitize_file::finish;
use super::{dispatcher, on_threads, registry};
use crate::dispatch::{Dispatcher, Source};
use crate::files::{Instead, Scratch, path};
use crate::generate::pod_order::sort_pod_spec;
use crate::merge::{Conflict, Jobs, Side, Sides, Unreadable, merge, read};
use crate::model::job::JobConfig;
use crate::registry::Registry;
use crate::yaml::codec::{Strictness, read as decode, write};
use crate::yaml::parse::parse;

/// The three texts of a job file.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// Its path below the release repository.
    pub path: &'r str,
    /// What both began with.
    pub base: &'r str,
    /// What is checked out.
    pub ours: &'r str,
    /// What comes in.
    pub theirs: &'r str,
}

/// Files of the merged branches, with their bytes.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// By path below the release repository: configs of the file's repository, the step registry, the dispatcher's
    /// configuration.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// This, and nothing else is to be done.
    Whole(String),
    /// No job is left, so that there should be no file.
    Gone,
    /// Generated jobs conflict and nobody knows their configs, or something is set on them that no config says: our side
    /// stands for them.
    OurJobs(String, Vec<Conflict>),
    /// Hand-written jobs conflict: the texts differ in them only, to be merged as text.
    ByHand {
        /// With what both began with.
        base: String,
        /// With our side.
        ours: String,
        /// With theirs.
        theirs: String,
        /// Where.
        conflicts: Vec<Conflict>,
    },
}

/// How a file was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// See the type.
    pub settled: Settled,
    /// Why its generated jobs are not known to be what the merged configs give; nothing when they are.
    pub unsure: Option<Unsure>,
    /// Whether they are then likely not to be, see [`crate::merge::Merged`].
    pub is_entangled: bool,
}

/// Why nothing can be generated from the merged configs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsure {
    /// Nobody says which commits are merged.
    Unknown,
    /// They cannot be used as they are merged.
    Broken(String),
}

/// Whether a path below the release repository is that of an input for a job file: configs of the directory of this name
/// below [`CONFIG`], the registry, the dispatcher.
pub fn is_input(candidate: &str, repository: &str) -> bool {
    let below = |place: &str| candidate.strip_prefix(place).and_then(|rest| rest.strip_prefix('/'));
    [DISPATCHER_CONFIG, CLUSTERS].contains(&candidate)
        || below(REGISTRY).is_some_and(registry::is_wanted)
        || below(CONFIG).is_some_and(|rest| {
            !repository.is_empty()
                && path::directory(rest) == repository
                && matches!(path::extension(rest), ".yaml" | ".yml")
        })
}

/// The places that all inputs are in, below the release repository.
pub fn places_of_inputs(repository: &str) -> Vec<String> {
    let mut places = vec![REGISTRY.to_owned(), DISPATCHER_CONFIG.to_owned(), CLUSTERS.to_owned()];
    if !repository.is_empty() {
        places.push(format!("{CONFIG}/{repository}"));
    }
    places
}

/// The directory of a job file's repository, `ORG/REPO`, from its path below the release repository; empty for one that
/// belongs to none, nothing for what is no job file.
pub fn repository_of(file: &str) -> Option<&str> {
    let below = file.strip_prefix(JOBS)?.strip_prefix('/')?;
    if path::extension(below) != ".yaml" {
        return None;
    }
    Some(below.match_indices('/').nth(1).map_or("", |(slash, _)| &below[..slash]))
}

/// Settles a file. `root` is the release repository as it is checked out; `inputs` gives what the branches give together,
/// or says why that is not known. When the file cannot be settled as one of jobs, the answer is why.
pub fn settle(
    request: Request<'_>,
    root: &Path,
    inputs: impl FnOnce() -> Result<Inputs, Unsure> + Send,
) -> Result<Answer, String> {
    let work = || {
        let sides = Read::of(request).map_err(|unreadable| unreadable.to_string())?;
        let generated = inputs().and_then(|inputs| {
            let settle = |generating: Generating| sides.settle(&Finish::Generate(&generating));
            Generating::of(inputs, request.path).and_then(settle).map_err(Unsure::Broken)
        });
        let unsure = match generated {
            Ok(settled) => return Ok(Answer { settled, unsure: None, is_entangled: false }),
            Err(unsure) => sides.has_generated().then_some(unsure),
        };
        let dispatcher = dispatcher::load_dispatcher_or_tell(root).ok();
        let settled = sides.settle(&Finish::Sanitize { path: request.path, dispatcher: dispatcher.as_ref() })?;
        let is_entangled = merge(&sides.base, &sides.ours, &sides.theirs, Sides::all(Side::Ours)).is_entangled;
        Ok(Answer { settled, unsure, is_entangled })
    };
    on_threads(None, work).map_err(|error| error.to_string())?
}

/// The sides of a file.
struct Read {
    base: Jobs,
    ours: Jobs,
    theirs: Jobs,
}

impl Read {
    fn of(request: Request<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            base: read(request.base, Side::Base)?,
            ours: read(request.ours, Side::Ours)?,
            theirs: read(request.theirs, Side::Theirs)?,
        })
    }

    fn has_generated(&self) -> bool {
        self.ours.has_generated() || self.theirs.has_generated()
    }

    fn settle(&self, finish: &Finish<'_>) -> Result<Settled, String> {
        let with = |sides: Sides| {
            let merged = merge(&self.base, &self.ours, &self.theirs, sides);
            Ok::<_, String>((finish.text(&merged.jobs)?, merged.conflicts))
        };
        let sides = |generated, by_hand| Sides { generated, by_hand };
        let (ours, conflicts) = with(Sides::all(Side::Ours))?;
        if conflicts.is_empty() {
            return Ok(ours.map_or(Settled::Gone, Settled::Whole));
        }
        let (theirs, _) = with(Sides::all(Side::Theirs))?;
        if ours == theirs {
            return Ok(ours.map_or(Settled::Gone, Settled::Whole));
        }
        let (theirs, _) = with(sides(Side::Ours, Side::Theirs))?;
        if ours == theirs {
            return Ok(ours.map_or(Settled::Gone, |text| Settled::OurJobs(text, conflicts)));
        }
        let (base, _) = with(sides(Side::Ours, Side::Base))?;
        let [base, ours, theirs] = [base, ours, theirs].map(Option::unwrap_or_default);
        Ok(Settled::ByHand { base, ours, theirs, conflicts })
    }
}

/// What makes merged jobs a file.
enum Finish<'f> {
    /// Generating.
    Generate(&'f Generating),
    /// Canonical form.
    Sanitize { path: &'f str, dispatcher: Option<&'f Dispatcher> },
}

impl Finish<'_> {
    /// The text; nothing where no job is left. Why not, when it cannot be made.
    fn text(&self, jobs: &Jobs) -> Result<Option<String>, String> {
        match self {
            Self::Generate(generating) => generating.text(jobs),
            Self::Sanitize { path, dispatcher } => canonical(jobs, path, *dispatcher),
        }
    }
}

fn canonical(jobs: &Jobs, path: &str, dispatcher: Option<&Dispatcher>) -> Result<Option<String>, String> {
    let unwritable = || "the merged jobs cannot be written".to_owned();
    let text = jobs.text().ok_or_else(unwritable)?;
    let tree = parse(&text).map_err(|_| unwritable())?;
    let mut config: JobConfig = decode(&tree, Strictness::Lenient).map_err(|_| unwritable())?;
    if jobs.is_empty() {
        return Ok(None);
    }
    if jobs.has_generated() {
        sort_pods(&mut config);
    }
    if let Some(dispatcher) = dispatcher {
        // A job that has no cluster to go to is for `cutwater update` to tell of; the file is valid as it is.
        let _ = finish(&mut config, path, dispatcher);
    }
    write(&config, text.len()).map(Some).map_err(|_| unwritable())
}

/// Pods of all jobs, as they are sorted in files that hold generated jobs.
fn sort_pods(config: &mut JobConfig) {
    let presubmits = config.presubmits.values_mut().flat_map(|jobs| jobs.iter_mut()).map(|job| &mut job.job_base);
    let postsubmits = config.postsubmits.values_mut().flat_map(|jobs| jobs.iter_mut()).map(|job| &mut job.job_base);
    let periodics = config.periodics.iter_mut().map(|job| &mut job.job_base);
    presubmits.chain(postsubmits).chain(periodics).filter_map(|job| job.spec.as_mut()).for_each(sort_pod_spec);
}

/// What the branches give together, ready to generate from.
struct Generating {
    path: String,
    scratch: Scratch,
    registry: Registry,
    dispatcher: [String; 2],
}

impl Generating {
    fn of(inputs: Inputs, file: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut dispatcher = [None, None];
        let scratch = Scratch::new().map_err(|error| error.to_string())?;
        // Where a repository has no configs left there has to be a place for them all the same.
        scratch.write(&format!("{CONFIG}/OWNERS"), b"").map_err(|error| error.to_string())?;
        for (name, bytes) in &inputs.files {
            let text = || String::from_utf8(bytes.clone()).map_err(|_| format!("{name} is not text"));
            match name.strip_prefix(REGISTRY).and_then(|rest| rest.strip_prefix('/')) {
                Some(step) => steps.push((step, &**bytes)),
                None if name == DISPATCHER_CONFIG => dispatcher[0] = Some(text()?),
                None if name == CLUSTERS => dispatcher[1] = Some(text()?),
                None => scratch.write(name, bytes).map_err(|error| error.to_string())?,
            }
        }
        let [Some(config), Some(clusters)] = dispatcher else {
            return Err(format!("{DISPATCHER_CONFIG} or {CLUSTERS} is missing after the merge"));
        };
        let (registry, findings) = registry::of_files(&steps);
        if let Some(finding) = findings.iter().find(|finding| finding.is_error()) {
            return Err(format!(
                "the merged step registry is broken: {REGISTRY}/{}: {}",
                finding.file, finding.message
            ));
        }
        Ok(Self { path: file.to_owned(), scratch, registry, dispatcher: [config, clusters] })
    }

    fn text(&self, jobs: &Jobs) -> Result<Option<String>, String> {
        let there = match jobs.is_empty() {
            true => None,
            false => Some(jobs.text().ok_or("the merged jobs cannot be written")?),
        };
        match &there {
            Some(text) => self.scratch.write(&self.path, text.as_bytes()).map_err(|error| error.to_string())?,
            None => crate::files::remove(&self.scratch.path().join(&self.path)).map_err(|error| error.to_string())?,
        }
        let [config, clusters] = &self.dispatcher;
        let dispatcher = Dispatcher::new(
            Source { file: DISPATCHER_CONFIG, text: config },
            Source { file: CLUSTERS, text: clusters },
        );
        let given = Given { registry: Some((&self.registry, true)), dispatcher: Some(dispatcher), ..Given::default() };
        let (part, _lock) =
            part(&self.options(), Configs::Leave, given, &Unwatched).map_err(|error| error.to_string())?;
        let mut outcome = Outcome { findings: part.findings, ..Outcome::default() };
        outcome.sort();
        if let Some(finding) = outcome.findings.iter().find(|finding| finding.is_error()) {
            return Err(format!("the merged configs are broken: {}: {}", finding.file, finding.message));
        }
        let planned = part.plans.into_iter().flat_map(|(_, plan)| plan).find(|planned| planned.shown == self.path);
        Ok(match planned {
            // What goes has no bytes.
            Some(planned) => String::from_utf8(planned.bytes).ok().filter(|text| !text.is_empty()),
            None => there,
        })
    }

    fn options(&self) -> JobsOptions {
        JobsOptions {
            release_repo: self.scratch.path().to_owned(),
            scope: Scope::Everything,
            mode: Mode::Check,
            diff: false,
            keep_going: false,
            on_loss: OnLoss::Write,
            owners: Owners::Leave,
            instead: Instead::default(),
            now: 0,
            threads: None,
        }
    }
}
