//! `cutwater diff`: what a change means in jobs.
//!
//! The job files at the base are held against those that `cutwater jobs` would leave, so that an effect is seen before anything
//! is generated. Only files that differ, or would, are read. What was at the base is asked of a [`Base`]; [`compare`] decides what
//! is otherwise. Read [`diff`] first.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::explain::destinations::owners;
use super::explain::page::Approvers;
use super::jobs::{self, Configs, Given, directories_of};
use super::layout::{CONFIG, JOBS, REGISTRY};
use super::options::{ChangeKind, Error, JobsOptions, Mode, OnLoss, Owners, Scope, Watch};
use super::plan::Planned;
use super::users::configs_using_each;
use super::{on_threads, registry};
use crate::catalogue;
use crate::compare::{Comparison, FilePair, Note, Sides, StepUser, compare, job_files};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Instead, Tree, path};
use crate::model::config::Metadata;
use crate::model::identity::config_identity;
use crate::registry::{FileKind, Registry, Touched, file_kind, stem};

/// What is to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffOptions {
    /// The release repository: the directory that holds `ci-operator/config`.
    pub release_repo: PathBuf,
    /// Which repositories are looked at.
    pub scope: Scope,
    /// Whether jobs are taken as they would be generated, rather than as they stand.
    pub generates: bool,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// The state that is compared with.
pub trait Base: Sync {
    /// The files below these directories that are there on one side only, or differ.
    fn differing(&self, below: &[&str]) -> Result<BTreeSet<String>, String>;
    /// What files that differ held, in the same order; nothing for those that were not there.
    fn contents(&self, files: &[&str]) -> Result<Vec<Option<Vec<u8>>>, String>;
}

/// A repository with jobs that are otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// `org/repo`; empty for jobs that are of none.
    pub repository: String,
    /// The branches.
    pub branches: BTreeSet<String>,
    /// Who approves changes of its configs, or of its jobs where it has no configs.
    pub approvers: Option<Approvers>,
}

/// What came of comparing.
#[derive(Clone, Debug, Default)]
pub struct Diffed {
    /// What is otherwise.
    pub comparison: Comparison,
    /// Whom that concerns, by repository.
    pub affected: Vec<Affected>,
    /// Job files that are not what `cutwater jobs` would make of them.
    pub stale: Vec<String>,
    /// What keeps jobs from being generated; the files that it is about were taken as they stand.
    pub errors: Vec<Diagnostic>,
}

/// Compares.
pub fn diff(options: &DiffOptions, base: &dyn Base, watch: &dyn Watch) -> Result<Diffed, Error> {
    on_threads(options.threads, || {
        let (differing, made) = rayon::join(
            || base.differing(&[CONFIG, JOBS, REGISTRY]).map_err(Error::Base),
            || Made::make(options, watch),
        );
        let (differing, made) = (differing?, made?);
        Looking { options, base, differing: &differing }.look(made)
    })?
}

/// What `cutwater jobs` would make.
#[derive(Default)]
struct Made {
    /// Job files that would change, by path.
    plans: BTreeMap<String, Planned>,
    errors: Vec<Diagnostic>,
    /// The directories below which everything is looked at.
    directories: BTreeSet<String>,
}

impl Made {
    fn make(options: &DiffOptions, watch: &dyn Watch) -> Result<Self, Error> {
        let root = &options.release_repo;
        let config_tree = Tree::within(root.join(CONFIG), root)?;
        let has_steps = matches!(&options.scope, Scope::Touched { registry, .. } if !registry.is_empty());
        let steps = has_steps.then(|| registry::load_below(root)).transpose()?;
        let empty = Registry::default();
        let known = steps.as_ref().map_or(&empty, |(registry, _)| registry);
        let directories = directories_of(&options.scope, known, &config_tree)?;
        let mut made = Self { directories, ..Self::default() };
        if !options.generates {
            return Ok(made);
        }
        let jobs_options = JobsOptions {
            release_repo: root.clone(),
            scope: options.scope.clone(),
            mode: Mode::Check,
            diff: true,
            keep_going: true,
            on_loss: OnLoss::Write,
            owners: Owners::Leave,
            instead: Instead::default(),
            now: options.now,
            threads: None,
        };
        let (part, _lock) = jobs::part(&jobs_options, Configs::Leave, Given::default(), watch)?;
        made.errors = part.findings.into_iter().filter(Diagnostic::is_error).collect();
        catalogue::explain(&mut made.errors);
        made.errors.sort_by(|left, right| left.order().cmp(&right.order()));
        let plans = part.plans.into_iter().flat_map(|(_, plan)| plan).filter(|planned| is_job_file(&planned.shown));
        made.plans = plans.map(|planned| (planned.shown.clone(), planned)).collect();
        Ok(made)
    }
}

fn is_job_file(file: &str) -> bool {
    path::is_within(file, JOBS) && path::extension(file) == ".yaml"
}

/// What a run looks at.
struct Looking<'l> {
    options: &'l DiffOptions,
    base: &'l dyn Base,
    differing: &'l BTreeSet<String>,
}

impl Looking<'_> {
    fn look(&self, mut made: Made) -> Result<Diffed, Error> {
        let stale: Vec<String> = made.plans.keys().cloned().collect();
        let in_scope = |file: &&String| is_in_scope(file, &made.directories);
        let changed: Vec<&String> = self.differing.iter().filter(in_scope).collect();
        let mut notes = Vec::new();
        let files: BTreeSet<&str> = changed.iter().filter(|file| is_job_file(file)).map(|file| file.as_str()).collect();
        let files: BTreeSet<&str> = files.into_iter().chain(stale.iter().map(String::as_str)).collect();
        let mut job_files = self.pairs(&files, &mut made.plans, &mut notes)?;
        let is_config =
            |file: &&str| path::is_within(file, CONFIG) && matches!(path::extension(file), ".yaml" | ".yml");
        let configs: BTreeSet<&str> = changed.iter().map(|file| file.as_str()).filter(is_config).collect();
        let configs = self.pairs(&configs, &mut BTreeMap::new(), &mut notes)?;
        let identified = |pair: FilePair| Some((config_identity(&pair.file).ok()?, pair));
        let configs: Vec<_> = configs.into_iter().filter_map(identified).collect();
        let users = self.users(&made.directories, &mut notes)?;
        let concerned = configs.iter().map(|(identity, _)| identity).chain(users.iter().map(|user| &user.identity));
        job_files.extend(self.unchanged(concerned, &files, &mut notes));
        let mut comparison = compare(&Sides { job_files, configs, users });
        comparison.notes.extend(notes);
        comparison.notes.sort();
        comparison.notes.dedup();
        let affected = affected(&self.options.release_repo, &comparison);
        Ok(Diffed { comparison, affected, stale, errors: made.errors })
    }

    /// Files before and now. What is planned goes before what stands there.
    fn pairs(
        &self,
        wanted: &BTreeSet<&str>,
        plans: &mut BTreeMap<String, Planned>,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<FilePair>, Error> {
        let at_base: Vec<&str> = wanted.iter().copied().filter(|file| self.differing.contains(*file)).collect();
        let contents = self.base.contents(&at_base).map_err(Error::Base)?;
        let mut contents: BTreeMap<&str, Option<Vec<u8>>> = at_base.into_iter().zip(contents).collect();
        let taken: Vec<_> = wanted.iter().map(|file| (*file, contents.remove(file), plans.remove(*file))).collect();
        let read: Vec<_> = taken.into_par_iter().map(|(file, old, planned)| self.pair(file, old, planned)).collect();
        let mut pairs = Vec::with_capacity(read.len());
        for one in read {
            match one {
                Ok(pair) => pairs.push(pair),
                Err(note) => notes.push(note),
            }
        }
        Ok(pairs)
    }

    fn pair(&self, file: &str, old: Option<Option<Vec<u8>>>, planned: Option<Planned>) -> Result<FilePair, Note> {
        let note = |error: files::Error| Note { file: file.to_owned(), message: error.finding(file).message };
        let text = |bytes| files::text_of(Path::new(file), bytes).map_err(note);
        let old = match (old, &planned) {
            (Some(bytes), _) => bytes.map(text).transpose()?,
            (None, Some(Planned { kind: ChangeKind::Created, .. }) | None) => None,
            (None, Some(planned)) => planned.old.clone().map(text).transpose()?,
        };
        let new = match planned {
            Some(Planned { kind: ChangeKind::Removed, .. }) => None,
            Some(planned) => Some(text(planned.bytes)?),
            None => self.standing(file)?,
        };
        Ok(FilePair { file: file.to_owned(), old, new, is_unchanged: false })
    }

    /// What a file holds now, if it is there.
    fn standing(&self, file: &str) -> Result<Option<String>, Note> {
        let note = |message: String| Note { file: file.to_owned(), message };
        let root = &self.options.release_repo;
        let place = root.join(file);
        if !files::is_there(&place) {
            return Ok(None);
        }
        let is_inside =
            files::resolved(root).zip(files::resolved(&place)).is_some_and(|(root, it)| it.starts_with(root));
        if !is_inside {
            return Err(note("this is a link that leads nowhere, or out of the release repository".to_owned()));
        }
        files::read_given(&place).map(Some).map_err(|error| note(error.finding(file).message))
    }

    /// Job files that are the same as before, with jobs of what is not.
    fn unchanged<'i>(
        &self,
        of: impl Iterator<Item = &'i Metadata>,
        known: &BTreeSet<&str>,
        notes: &mut Vec<Note>,
    ) -> Vec<FilePair> {
        let files: BTreeSet<String> = of.flat_map(job_files).map(|relative| path::join(JOBS, &relative)).collect();
        let files: Vec<String> = files.into_iter().filter(|file| !known.contains(&**file)).collect();
        let read: Vec<_> = files
            .into_par_iter()
            .map(|file| self.standing(&file).map(|new| FilePair { file, old: None, new, is_unchanged: true }))
            .collect();
        let (pairs, wrong): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
        notes.extend(wrong.into_iter().filter_map(Result::err));
        pairs.into_iter().filter_map(Result::ok).filter(|pair| pair.new.is_some()).collect()
    }

    /// Tests that use parts of the step registry that differ.
    fn users(&self, directories: &BTreeSet<String>, notes: &mut Vec<Note>) -> Result<Vec<StepUser>, Error> {
        let root = &self.options.release_repo;
        let parts = self.changed_parts();
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let (registry, _) = registry::load_below(root)?;
        let touched: Vec<(String, Touched)> = named_parts(&parts)
            .into_iter()
            .map(|(name, files)| (name, registry.touched(files.iter().map(String::as_str))))
            .filter(|(name, touched)| {
                if touched.is_everything() {
                    let message = format!("{name} changed, which any test may use: jobs are not told for it");
                    notes.push(Note { file: path::join(REGISTRY, name), message });
                }
                !touched.is_everything()
            })
            .collect();
        let config_tree = Tree::within(root.join(CONFIG), root)?;
        let users = configs_using_each(&touched, directories, &config_tree)?;
        let user = |(identity, test, parts)| StepUser { identity, test, parts };
        Ok(users.into_iter().map(user).collect())
    }

    /// Files of the step registry that differ and that tests may use, below its root.
    fn changed_parts(&self) -> BTreeSet<String> {
        let named = match &self.options.scope {
            Scope::Touched { registry, .. } if !registry.is_empty() => Some(registry),
            _ => None,
        };
        let is_named = |file: &&String| named.is_none_or(|named| named.iter().any(|it| path::is_within(file, it)));
        let below = |file: &String| file.strip_prefix(REGISTRY).map(|rest| rest.trim_start_matches('/').to_owned());
        let is_passed_over =
            |kind| matches!(kind, FileKind::Metadata | FileKind::Version | FileKind::Ignored | FileKind::Unknown);
        let files = self.differing.iter().filter(is_named).filter_map(below);
        files.filter(|relative| !is_passed_over(file_kind(relative))).collect()
    }
}

/// For more parts of the step registry than this it is not told which of them a test uses.
const MOST_PARTS: usize = 100;

/// Files by the name of what they are part of.
fn named_parts(files: &BTreeSet<String>) -> BTreeMap<String, Vec<String>> {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        named.entry(stem(file).to_owned()).or_default().push(file.clone());
    }
    if named.len() <= MOST_PARTS {
        return named;
    }
    let all = format!("some of {} changed parts", named.len());
    BTreeMap::from([(all, named.into_values().flatten().collect())])
}

/// Whether a file of configs or jobs lies in one of the directories, or is of neither sort.
fn is_in_scope(file: &str, directories: &BTreeSet<String>) -> bool {
    let below = |tree: &str| file.strip_prefix(tree).and_then(|rest| rest.strip_prefix('/'));
    let Some(relative) = below(CONFIG).or_else(|| below(JOBS)) else { return true };
    directories.iter().any(|directory| directory.is_empty() || path::is_within(relative, directory))
}

fn affected(root: &Path, comparison: &Comparison) -> Vec<Affected> {
    let mut branches: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for changed in &comparison.jobs {
        let all = branches.entry(&changed.job.repository).or_default();
        if !changed.job.branch.is_empty() {
            all.insert(changed.job.branch.clone());
        }
    }
    let one = |(repository, branches): (&str, BTreeSet<String>)| {
        let places = [CONFIG, JOBS].map(|tree| path::join(tree, repository));
        let place = places.iter().find(|place| !repository.is_empty() && files::is_directory(&root.join(place)));
        let approvers = place.and_then(|place| owners(root, &path::join(place, "OWNERS")));
        Affected { repository: repository.to_owned(), branches, approvers }
    };
    branches.into_iter().collect::<Vec<_>>().into_par_iter().map(one).collect()
}
