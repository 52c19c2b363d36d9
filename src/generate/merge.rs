//! One repository's generated jobs and its existing job files: what becomes of each file.
//!
//! [`merge`] is the way in. Of an existing job it needs only [`Facts`]; the job itself is a `J` of the caller's choice
//! that is handed back where the job stays, so that the many jobs that are replaced or pruned are never decoded.
//! [`FileChange`] lists what a file holds afterwards. How generated and existing jobs go together:
//! what people may set on a generated job (cluster, concurrency, silence, a periodic's reporter) survives,
//! hand-written jobs stay, generated jobs that no config asks for any more go.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::GeneratedJobs;
use super::job::{GeneratedJob, JobReporter, Trigger};
use super::labels::{GENERATOR, GENERATOR_LABEL, NEWLY_GENERATED, PROMOTION_LABEL};
use crate::model::decoration::ReporterConfig;
use crate::model::identity::{JobKind, job_file_name};
use crate::model::job::{JobBase, JobConfig, Periodic, Postsubmit, Presubmit};
use crate::model::labels::CLUSTER_LABEL;

/// What merging has to know about an existing job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts<'t> {
    /// The job's name.
    pub name: Cow<'t, str>,
    /// Whose job it is, by its labels.
    pub origin: Origin,
    /// The build cluster it is bound to.
    pub cluster: Cow<'t, str>,
    /// How many may run at a time.
    pub max_concurrency: i64,
    /// Whether it is silent on pull requests; counts for presubmits only.
    pub skip_report: bool,
    /// Where its results are told; counts for periodics only.
    pub reporter: Option<Box<ReporterConfig>>,
}

/// Who made an existing job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A person, or another program.
    #[default]
    Foreign,
    /// We did: the job goes unless it is generated again.
    Generated,
    /// We did, and it is marked as new: it stays, without the mark.
    Fresh,
}

impl Origin {
    /// Reads the origin from the two labels that say it.
    pub fn of(generator: Option<&str>, mark: Option<&str>) -> Self {
        match (generator, mark) {
            (Some(GENERATOR), Some(NEWLY_GENERATED)) => Self::Fresh,
            (Some(GENERATOR), _) => Self::Generated,
            _ => Self::Foreign,
        }
    }
}

impl<'t> Facts<'t> {
    /// The facts of a complete job.
    pub fn of(job: &'t JobBase, skip_report: bool) -> Self {
        let label = |key: &str| job.labels.get(key).map(String::as_str);
        Self {
            name: Cow::Borrowed(&job.name),
            origin: Origin::of(label(GENERATOR_LABEL), label(GENERATOR)),
            cluster: Cow::Borrowed(&job.cluster),
            max_concurrency: job.max_concurrency,
            skip_report,
            reporter: job.reporter_config.clone().map(Box::new),
        }
    }
}

/// An existing job.
#[derive(Clone, Debug)]
pub struct ExistingJob<'t, J> {
    /// What merging looks at.
    pub facts: Facts<'t>,
    /// The job itself.
    pub job: J,
}

/// An existing job file. Files whose name does not say whose they are never come here.
#[derive(Clone, Debug)]
pub struct ExistingFile<'t, J> {
    /// The file's path below the repository's jobs directory.
    pub path: String,
    /// Its presubmits by repository.
    pub presubmits: BTreeMap<String, Vec<ExistingJob<'t, J>>>,
    /// Its postsubmits by repository.
    pub postsubmits: BTreeMap<String, Vec<ExistingJob<'t, J>>>,
    /// Its periodics.
    pub periodics: Vec<ExistingJob<'t, J>>,
}

/// One job of a merged file.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are the large one, and they are moved once")]
pub enum MergedJob<'c, J> {
    /// Made from a config.
    Generated(GeneratedJob<'c>),
    /// Was there before.
    Kept(J),
    /// Was there before and is marked as new; the mark goes, see [`remove_mark`].
    KeptUnmarked(J),
}

/// What a job file holds from now on.
#[derive(Clone, Debug)]
pub struct FileChange<'c, J> {
    /// The file's path below the repository's jobs directory.
    pub path: String,
    /// Whether the file holds generated jobs. Then the lists in the pods of its other jobs are sorted as well, see
    /// [`super::pod_order::sort_pod_spec`].
    pub has_generated: bool,
    /// Presubmits by repository.
    pub presubmits: BTreeMap<String, Vec<MergedJob<'c, J>>>,
    /// Postsubmits by repository.
    pub postsubmits: BTreeMap<String, Vec<MergedJob<'c, J>>>,
    /// Periodics.
    pub periodics: Vec<MergedJob<'c, J>>,
}

impl<'c, J> FileChange<'c, J> {
    fn of_path(path: String) -> Self {
        Self {
            path,
            has_generated: false,
            presubmits: BTreeMap::new(),
            postsubmits: BTreeMap::new(),
            periodics: Vec::new(),
        }
    }

    /// Whether no job is left, so that the file goes.
    pub fn is_empty(&self) -> bool {
        self.presubmits.is_empty() && self.postsubmits.is_empty() && self.periodics.is_empty()
    }

    /// The complete file. `recover` gives the kept jobs.
    pub fn into_job_config<R: Recover<J>>(self, recover: &mut R) -> Result<JobConfig, R::Error> {
        let sorted = self.has_generated;
        let mut config = JobConfig::default();
        for (repo, jobs) in self.presubmits {
            let complete =
                |job| complete(job, sorted, GeneratedJob::to_presubmit, |job| recover.presubmit(job), presubmit_base);
            config.presubmits.insert(repo, jobs.into_iter().map(complete).collect::<Result<_, _>>()?);
        }
        for (repo, jobs) in self.postsubmits {
            let complete = |job| {
                complete(job, sorted, GeneratedJob::to_postsubmit, |job| recover.postsubmit(job), postsubmit_base)
            };
            config.postsubmits.insert(repo, jobs.into_iter().map(complete).collect::<Result<_, _>>()?);
        }
        let complete =
            |job| complete(job, sorted, GeneratedJob::to_periodic, |job| recover.periodic(job), periodic_base);
        config.periodics = self.periodics.into_iter().map(complete).collect::<Result<_, _>>()?;
        Ok(config)
    }
}

/// Gives the complete jobs behind the `J`s of a merge.
pub trait Recover<J> {
    /// Why a job cannot be given.
    type Error;
    /// A presubmit.
    fn presubmit(&mut self, job: J) -> Result<Presubmit, Self::Error>;
    /// A postsubmit.
    fn postsubmit(&mut self, job: J) -> Result<Postsubmit, Self::Error>;
    /// A periodic.
    fn periodic(&mut self, job: J) -> Result<Periodic, Self::Error>;
}

fn presubmit_base(job: &mut Presubmit) -> &mut JobBase {
    &mut job.job_base
}

fn postsubmit_base(job: &mut Postsubmit) -> &mut JobBase {
    &mut job.job_base
}

fn periodic_base(job: &mut Periodic) -> &mut JobBase {
    &mut job.job_base
}

fn complete<'c, J, T, E>(
    job: MergedJob<'c, J>,
    sorted: bool,
    generated: fn(&GeneratedJob<'c>) -> T,
    recover: impl FnOnce(J) -> Result<T, E>,
    base: fn(&mut T) -> &mut JobBase,
) -> Result<T, E> {
    let (mut job, marked) = match job {
        MergedJob::Generated(job) => return Ok(generated(&job)),
        MergedJob::Kept(job) => (recover(job)?, false),
        MergedJob::KeptUnmarked(job) => (recover(job)?, true),
    };
    let base = base(&mut job);
    if marked {
        remove_mark(base);
    }
    if let Some(spec) = base.spec.as_mut().filter(|_| sorted) {
        super::pod_order::sort_pod_spec(spec);
    }
    Ok(job)
}

/// Takes away the mark of a newly generated job.
pub fn remove_mark(job: &mut JobBase) {
    job.labels.remove(GENERATOR);
}

/// Merges the generated jobs of one repository with the files in its jobs directory. Every existing file is among the
/// changes, in the given order, followed by new files in order of their names.
pub fn merge<'c, J>(
    org: &str,
    repo: &str,
    generated: Vec<GeneratedJobs<'c>>,
    existing: Vec<ExistingFile<'_, J>>,
) -> Vec<FileChange<'c, J>> {
    let key = format!("{org}/{repo}");
    let names = if existing.is_empty() { HashSet::new() } else { all_names(&generated) };
    let mut new_files = group_by_file(org, repo, generated);
    let mut changes = Vec::with_capacity(existing.len() + new_files.len());
    for file in existing {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        changes.push(match new_files.remove(name) {
            Some(jobs) => merge_file(file, jobs, &key, &names),
            None => prune_file(file),
        });
    }
    for (path, mut jobs) in new_files {
        jobs.jobs.sort_by(|left, right| left.name.cmp(&right.name));
        let mut change = FileChange { has_generated: true, ..FileChange::of_path(path) };
        change.put(jobs.kind, &key, jobs.jobs.into_iter().map(MergedJob::Generated).collect());
        changes.push(change);
    }
    changes
}

/// The generated jobs that go to one file.
struct FileJobs<'c> {
    kind: JobKind,
    jobs: Vec<GeneratedJob<'c>>,
}

/// The names of all generated jobs: an existing job of such a name in another file has moved.
fn all_names(generated: &[GeneratedJobs<'_>]) -> HashSet<String> {
    let jobs = |jobs: &GeneratedJobs<'_>| {
        let names: Vec<String> = [&jobs.presubmits, &jobs.postsubmits, &jobs.periodics]
            .into_iter()
            .flatten()
            .map(|job| job.name.clone())
            .collect();
        names
    };
    generated.iter().flat_map(jobs).collect()
}

fn group_by_file<'c>(org: &str, repo: &str, generated: Vec<GeneratedJobs<'c>>) -> BTreeMap<String, FileJobs<'c>> {
    let mut files: BTreeMap<String, FileJobs<'c>> = BTreeMap::new();
    for GeneratedJobs { identity, presubmits, postsubmits, periodics } in generated {
        for (kind, jobs) in JobKind::ALL.into_iter().zip([presubmits, postsubmits, periodics]) {
            if !jobs.is_empty() {
                let name = job_file_name(org, repo, &identity.branch, kind);
                files.entry(name).or_insert_with(|| FileJobs { kind, jobs: Vec::new() }).jobs.extend(jobs);
            }
        }
    }
    files
}

impl<'c, J> FileChange<'c, J> {
    /// Puts the repository's jobs of a kind into the file.
    fn put(&mut self, kind: JobKind, repo: &str, jobs: Vec<MergedJob<'c, J>>) {
        if jobs.is_empty() {
            return;
        }
        match kind {
            JobKind::Presubmit => drop(self.presubmits.insert(repo.to_owned(), jobs)),
            JobKind::Postsubmit => drop(self.postsubmits.insert(repo.to_owned(), jobs)),
            JobKind::Periodic => self.periodics = jobs,
        }
    }
}

/// A file that gets generated jobs: the repository's jobs of their kind are merged by name, all others are sorted by
/// name and pruned.
fn merge_file<'c, J>(
    file: ExistingFile<'_, J>,
    new: FileJobs<'c>,
    key: &str,
    names: &HashSet<String>,
) -> FileChange<'c, J> {
    let ExistingFile { path, mut presubmits, mut postsubmits, mut periodics } = file;
    let mut change = FileChange { has_generated: true, ..FileChange::of_path(path) };
    let old = match new.kind {
        JobKind::Presubmit => presubmits.remove(key).unwrap_or_default(),
        JobKind::Postsubmit => postsubmits.remove(key).unwrap_or_default(),
        JobKind::Periodic => std::mem::take(&mut periodics),
    };
    change.put(new.kind, key, merge_jobs(new.jobs, old, names));
    for jobs in presubmits.values_mut().chain(postsubmits.values_mut()).chain([&mut periodics]) {
        sort_by_name(jobs);
    }
    change.put_pruned(presubmits, postsubmits, periodics);
    change
}

/// A file that gets no generated jobs only loses those that were generated before; nothing in it moves.
fn prune_file<'c, J>(file: ExistingFile<'_, J>) -> FileChange<'c, J> {
    let mut change = FileChange::of_path(file.path);
    change.put_pruned(file.presubmits, file.postsubmits, file.periodics);
    change
}

impl<J> FileChange<'_, J> {
    fn put_pruned(
        &mut self,
        presubmits: BTreeMap<String, Vec<ExistingJob<'_, J>>>,
        postsubmits: BTreeMap<String, Vec<ExistingJob<'_, J>>>,
        periodics: Vec<ExistingJob<'_, J>>,
    ) {
        for (repo, jobs) in presubmits {
            self.put(JobKind::Presubmit, &repo, prune(jobs));
        }
        for (repo, jobs) in postsubmits {
            self.put(JobKind::Postsubmit, &repo, prune(jobs));
        }
        if !periodics.is_empty() {
            self.put(JobKind::Periodic, "", prune(periodics));
        }
    }
}

fn prune<'c, J>(jobs: Vec<ExistingJob<'_, J>>) -> Vec<MergedJob<'c, J>> {
    jobs.into_iter().filter_map(keep).collect()
}

fn keep<'c, J>(job: ExistingJob<'_, J>) -> Option<MergedJob<'c, J>> {
    match job.facts.origin {
        Origin::Foreign => Some(MergedJob::Kept(job.job)),
        Origin::Fresh => Some(MergedJob::KeptUnmarked(job.job)),
        Origin::Generated => None,
    }
}

fn sort_by_name<J>(jobs: &mut [ExistingJob<'_, J>]) {
    jobs.sort_by(|left, right| left.facts.name.cmp(&right.facts.name));
}

/// Merges by name. Of several jobs with one name, new or old, the last counts.
fn merge_jobs<'c, J>(
    mut new: Vec<GeneratedJob<'c>>,
    old: Vec<ExistingJob<'_, J>>,
    names: &HashSet<String>,
) -> Vec<MergedJob<'c, J>> {
    new.sort_by(|left, right| left.name.cmp(&right.name));
    keep_last(&mut new, |left, right| left.name == right.name);
    let mut kept = Vec::new();
    let mut matches: Vec<Option<Facts<'_>>> = new.iter().map(|_| None).collect();
    for ExistingJob { facts, job } in old {
        match new.binary_search_by(|job| job.name.as_str().cmp(&facts.name)) {
            Ok(at) => matches[at] = Some(facts),
            Err(_) if names.contains(&*facts.name) => {}
            Err(_) => kept.push(ExistingJob { facts, job }),
        }
    }
    for (job, facts) in new.iter_mut().zip(matches) {
        if let Some(facts) = facts {
            job.keep_settings(facts);
        }
    }
    sort_by_name(&mut kept);
    keep_last(&mut kept, |left, right| left.facts.name == right.facts.name);
    interleave(new, kept)
}

/// Of neighbours that are the same, keeps the last.
fn keep_last<T>(items: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    items.reverse();
    items.dedup_by(|later, earlier| same(later, earlier));
    items.reverse();
}

/// Two lists that are sorted by name and have no name in common, as one.
fn interleave<'c, J>(new: Vec<GeneratedJob<'c>>, kept: Vec<ExistingJob<'_, J>>) -> Vec<MergedJob<'c, J>> {
    let mut merged = Vec::with_capacity(new.len() + kept.len());
    let mut kept = kept.into_iter().peekable();
    for job in new {
        while let Some(before) = kept.next_if(|other| *other.facts.name < *job.name) {
            merged.extend(keep(before));
        }
        merged.push(MergedJob::Generated(job));
    }
    merged.extend(kept.filter_map(keep));
    merged
}

impl GeneratedJob<'_> {
    /// Takes over what people may set on a generated job and no config says.
    fn keep_settings(&mut self, old: Facts<'_>) {
        let old_cluster = |cluster: &mut Cow<'_, str>| {
            if !old.cluster.is_empty() {
                *cluster = Cow::Owned(old.cluster.clone().into_owned());
            }
        };
        match &mut self.trigger {
            Trigger::Pull(pull) => {
                self.max_concurrency = old.max_concurrency;
                pull.skip_report = old.skip_report;
                if !self.labels.contains_key(CLUSTER_LABEL) {
                    old_cluster(&mut self.cluster);
                }
            }
            Trigger::Merge(_) => {
                if !self.labels.contains_key(PROMOTION_LABEL) {
                    self.max_concurrency = old.max_concurrency;
                }
                old_cluster(&mut self.cluster);
            }
            Trigger::Clock(_) => {
                self.max_concurrency = old.max_concurrency;
                old_cluster(&mut self.cluster);
                if self.reporter.is_none() {
                    self.reporter = old.reporter.map(JobReporter::Kept);
                }
            }
        }
    }
}
