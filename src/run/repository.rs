//! One repository: its configs and its existing job files, and what becomes of the files.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::config_file::{ConfigFile, LoadedConfig};
use super::config_form::{self, Form, Target};
use super::guarded;
use super::job_file::{JobText, WholeJobs, may_keep_jobs, outline};
use super::options::{ChangeKind, Outcome, Stage, Watch};
use super::plan::Planned;
use crate::canonical::lost;
use crate::catalogue::tree::{BLANK_JOB_FILE, DIRECTORY_FOR_FILE, MISSING_OWNERS, UNPLACEABLE_JOB};
use crate::diagnostic::{Diagnostic, Violation};
use crate::files::{self, Entry, Tree};
use crate::generate::merge::{ExistingFile, FileChange, merge};
use crate::generate::owners::{OwnersChange, mirror, nearest_owners};
use crate::generate::{CloudProfile, GeneratedJobs, ProfileLookup, generate_jobs, literal_profile};
use crate::model::job::JobConfig;
use crate::registry::Registry;
use crate::yaml::codec::write;
use crate::yaml::locate::UNWRITABLE_TEXT;
use crate::yaml::tree;

/// The files of one repository.
#[derive(Debug, Default)]
pub struct Repository {
    /// Its organisation.
    pub org: String,
    /// Its name.
    pub repo: String,
    /// The configs to generate from.
    pub configs: Vec<ConfigFile>,
    /// The job files in its jobs directory.
    pub job_files: Vec<Entry>,
    /// The OWNERS in its config directory.
    pub config_owners: Option<Entry>,
    /// The OWNERS in its jobs directory.
    pub jobs_owners: Option<Entry>,
    /// Whether some of its files could not be seen: what there is of it is checked, and nothing is written.
    pub is_partial: bool,
}

/// The last step before a job file is written: puts the jobs of the file at a path into their final form.
pub type Finish<'f> = dyn Fn(&mut JobConfig, &str) -> Result<(), Vec<Violation>> + Sync + 'f;

/// Who looks on while repositories are worked on, from any thread, so that nothing is read twice.
pub trait Witness: Sync {
    /// A config was read: `loaded` where it may be used. What was noted while it was read is for the witness to tell.
    fn config(&self, file: &ConfigFile, loaded: Option<&LoadedConfig<'_>>, notes: Vec<Diagnostic>);
    /// A job file has the right bytes already: its text, and the jobs that this says.
    fn unchanged(&self, shown: &str, text: &str, jobs: &JobConfig);
}

/// What a run works with, whichever repository it is at.
pub struct Workshop<'w> {
    /// The tree of configs.
    pub config_tree: &'w Tree,
    /// The tree of job files.
    pub jobs_tree: &'w Tree,
    /// What the jobs tree is called in findings and changes.
    pub jobs_shown: &'w str,
    /// The step registry; tests are not resolved without it.
    pub registry: Option<&'w Registry>,
    /// The last step before a job file is written, where there is one: given the jobs and the file's path as the
    /// dispatcher sees it.
    pub finish: Option<&'w Finish<'w>>,
    /// Whether OWNERS are mirrored.
    pub mirror_owners: bool,
    /// Whether old texts are kept for showing differences.
    pub keep_old: bool,
    /// What the configs' tree is called in changes, where configs are brought into canonical form.
    pub determinize: Option<&'w str>,
    /// Whether what the author of a job file wrote and its new text does not keep is told.
    pub losses: bool,
    /// See the type.
    pub witness: Option<&'w dyn Witness>,
}

/// What becomes of one job file.
struct FinishedFile {
    planned: Option<Planned>,
    jobs: usize,
    losses: Vec<Diagnostic>,
}

/// What is to be changed.
#[derive(Debug, Default)]
pub struct Plans {
    /// Among the job files.
    pub jobs: Vec<Planned>,
    /// Among the configs.
    pub configs: Vec<Planned>,
}

/// What came of one repository.
#[derive(Debug, Default)]
pub struct Finished {
    /// What is wrong with its files.
    pub findings: Vec<Diagnostic>,
    /// What will change among its job files.
    pub plan: Vec<Planned>,
    /// What will change among its configs.
    pub config_plan: Vec<Planned>,
    /// Files that have the right bytes already.
    pub unchanged: usize,
    /// Jobs in the resulting files.
    pub jobs: usize,
    /// Configs that were worked on.
    pub configs: usize,
    /// Whether jobs of a config could not be made, so that none of the repository's files can be finished.
    is_broken: bool,
}

impl From<Vec<Diagnostic>> for Finished {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl Finished {
    fn refuse(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        self.findings.extend(findings);
    }

    /// As [`refuse`](Self::refuse); what is wrong may also be told by whoever looks on.
    fn fail(&mut self, findings: Vec<Diagnostic>) {
        self.is_broken = true;
        self.refuse(findings);
    }

    fn may_not_be_written(&self) -> bool {
        self.is_broken || self.findings.iter().any(Diagnostic::is_error)
    }
}

impl Workshop<'_> {
    /// Works on all repositories, in parallel; notes findings and counts and returns what is to be changed.
    pub fn work_all(
        &self,
        repositories: &BTreeMap<String, Repository>,
        watch: &dyn Watch,
        outcome: &mut Outcome,
    ) -> Plans {
        watch.begin(Stage::Generating, repositories.len());
        // The largest first, so that no thread is left with one of them at the end.
        let mut order: Vec<&Repository> = repositories.values().collect();
        order.sort_by_key(|repository| std::cmp::Reverse(repository.configs.len() + repository.job_files.len()));
        let done: Vec<Finished> = order
            .into_par_iter()
            .with_max_len(1)
            .map(|repository| {
                let directory =
                    || files::path::join(self.jobs_shown, &format!("{}/{}", repository.org, repository.repo));
                let finished = guarded(directory, || self.work(repository));
                watch.advance(1);
                finished
            })
            .collect();
        let mut planned = Plans::default();
        for finished in done {
            outcome.findings.extend(finished.findings);
            outcome.counts.configs += finished.configs;
            outcome.counts.jobs += finished.jobs;
            outcome.counts.unchanged += finished.unchanged;
            planned.jobs.extend(finished.plan);
            planned.configs.extend(finished.config_plan);
        }
        planned
    }

    /// Generates, merges and finishes the job files of a repository. With findings there is no plan.
    pub fn work(&self, repository: &Repository) -> Finished {
        let mut finished = Finished { configs: repository.configs.len(), ..Finished::default() };
        let loaded: Vec<_> = repository.configs.par_iter().map(|file| self.load(file)).collect();
        let configs: Vec<LoadedConfig<'_>> =
            loaded.into_iter().filter_map(|loaded| loaded.map_err(|findings| finished.refuse(findings)).ok()).collect();
        let generated: Vec<_> = configs.par_iter().map(|loaded| self.generate(loaded)).collect();
        let generated: Vec<GeneratedJobs<'_>> =
            generated.into_iter().filter_map(|jobs| jobs.map_err(|findings| finished.fail(findings)).ok()).collect();
        let has_jobs = generated.iter().any(|jobs| !jobs.is_empty());
        self.merge_files(repository, generated, &mut finished);
        if has_jobs && self.mirror_owners {
            self.plan_owners(repository, &mut finished);
        }
        if let Some(shown) = self.determinize {
            self.plan_configs(repository, configs, shown, &mut finished);
        }
        self.check_places(repository, &mut finished);
        finished
    }

    fn load<'f>(&self, file: &'f ConfigFile) -> Result<LoadedConfig<'f>, Vec<Diagnostic>> {
        let Some(witness) = self.witness else { return LoadedConfig::load(self.config_tree, file) };
        let (loaded, notes) = LoadedConfig::load_noting(self.config_tree, file);
        witness.config(file, loaded.as_ref().ok(), notes);
        loaded
    }

    /// Drops the plan of a repository that is not whole, or whose files would land outside of the tree.
    fn check_places(&self, repository: &Repository, finished: &mut Finished) {
        let Repository { org, repo, .. } = repository;
        if finished.plan.iter().any(|planned| planned.kind == ChangeKind::Created) {
            let relative = format!("{org}/{repo}");
            let checked = self.jobs_tree.join(&relative).and_then(|place| self.jobs_tree.check_place(&place));
            if let Err(error) = checked {
                finished.refuse([error.finding(files::path::join(self.jobs_shown, &relative))]);
            }
        }
        if repository.is_partial || finished.may_not_be_written() {
            finished.plan.clear();
            finished.config_plan.clear();
        }
    }

    /// Brings the configs into canonical form, from what was read for generating.
    fn plan_configs(
        &self,
        repository: &Repository,
        configs: Vec<LoadedConfig<'_>>,
        shown: &str,
        finished: &mut Finished,
    ) {
        let contested = config_form::contested(&repository.configs);
        let target =
            Target { tree: self.config_tree, shown, contested: &contested, keep_old: self.keep_old, losses: true };
        let made: Vec<_> = configs.into_par_iter().map(|loaded| Form::of(loaded, &target)).collect();
        let mut forms = Vec::with_capacity(made.len());
        for result in made {
            match result {
                Ok(form) => forms.push(form),
                Err(findings) => finished.refuse(findings),
            }
        }
        let settled = config_form::settle(forms);
        finished.refuse(settled.findings);
        finished.unchanged += settled.unchanged;
        finished.config_plan = settled.plan;
    }

    fn generate<'c>(&self, loaded: &'c LoadedConfig<'_>) -> Result<GeneratedJobs<'c>, Vec<Diagnostic>>
    where
        Self: 'c,
    {
        let identity = &loaded.file.identity;
        let Some(registry) = self.registry else {
            return generate_jobs(&loaded.config, identity, &literal_profile).map_err(|found| loaded.place(found));
        };
        let facts = registry.check(&loaded.config).map_err(|violations| match self.witness {
            // Who looks on has checked the config against the registry as well, and knows more about it.
            Some(_) => Vec::new(),
            None => loaded.place(violations),
        })?;
        let profiles: &ProfileLookup<'_, 'c> = &|index, _| {
            let profile = facts.get(index).and_then(|facts| facts.cluster_profile);
            Ok(profile.map(|profile| CloudProfile { name: profile.name, cluster_type: profile.cluster_type }))
        };
        generate_jobs(&loaded.config, identity, profiles).map_err(|found| loaded.place(found))
    }

    fn merge_files(&self, repository: &Repository, generated: Vec<GeneratedJobs<'_>>, finished: &mut Finished) {
        let texts: Vec<_> = repository.job_files.par_iter().map(|entry| self.read_jobs(entry)).collect();
        let texts: Vec<JobText> =
            texts.into_iter().filter_map(|text| text.map_err(|finding| finished.refuse([finding])).ok()).collect();
        let outlined: Vec<_> = texts.par_iter().map(outline_of).collect();
        let mut existing = Vec::with_capacity(texts.len());
        let mut kept = Vec::with_capacity(texts.len());
        let mut blank = BTreeMap::new();
        for (text, result) in texts.iter().zip(outlined) {
            match result {
                Ok(Some((file, tree))) => {
                    existing.push(file);
                    kept.push((text, tree));
                }
                Ok(None) => drop(blank.insert(&*text.relative, text)),
                Err(findings) => finished.refuse(findings),
            }
        }
        if finished.may_not_be_written() {
            return;
        }
        let changes = merge(&repository.org, &repository.repo, generated, existing);
        // Existing files come first, in the order of `kept`.
        let done: Vec<_> = changes
            .into_par_iter()
            .enumerate()
            .map(|(at, change)| match kept.get(at) {
                Some((old, tree)) => self.finish_file(old.relative.clone(), change, Some(old), tree.as_ref()),
                None => {
                    let relative = format!("{}/{}/{}", repository.org, repository.repo, change.path);
                    let old = blank.get(&*relative).copied();
                    self.finish_file(relative, change, old, None)
                }
            })
            .collect();
        for result in done {
            match result {
                Ok(FinishedFile { planned, jobs, losses }) => {
                    finished.jobs += jobs;
                    finished.findings.extend(losses);
                    match planned {
                        Some(planned) => finished.plan.push(planned),
                        None => finished.unchanged += 1,
                    }
                }
                Err(findings) => finished.refuse(findings),
            }
        }
        let written: BTreeSet<&str> = finished.plan.iter().map(|planned| &*planned.shown).collect();
        blank.retain(|_, old| !written.contains(&*old.shown));
        self.finish_blank(blank.into_values(), finished);
    }

    /// What becomes of files that say nothing and get no jobs: merging leaves them, only the last step may not.
    fn finish_blank<'t>(&self, blank: impl Iterator<Item = &'t JobText>, finished: &mut Finished) {
        for old in blank {
            let nothing = Diagnostic::of_rule(&BLANK_JOB_FILE, &*old.shown, "there is nothing in this job file");
            finished.refuse([nothing]);
            if self.finish.is_none() {
                finished.unchanged += 1;
                continue;
            }
            match self
                .finish_jobs(JobConfig::default(), &old.shown)
                .and_then(|jobs| canonical_text(&jobs, &old.shown, 0))
                .and_then(|text| self.plan_file(&old.relative, old.shown.clone(), Some(old), text))
            {
                Ok(Some(planned)) => finished.plan.push(planned),
                Ok(None) => finished.unchanged += 1,
                Err(findings) => finished.refuse(findings),
            }
        }
    }

    fn read_jobs(&self, entry: &Entry) -> Result<JobText, Diagnostic> {
        let shown = files::path::join(self.jobs_shown, &entry.relative);
        match files::read_text(self.jobs_tree, entry) {
            Ok(text) => Ok(JobText { relative: entry.relative.clone(), shown, text }),
            Err(error) => Err(error.finding(shown)),
        }
    }

    /// The file's final text and how many jobs are in it; no plan when it has these bytes already.
    fn finish_file(
        &self,
        relative: String,
        change: FileChange<'_, u32>,
        old: Option<&JobText>,
        tree: Option<&tree::Tree<'_>>,
    ) -> Result<FinishedFile, Vec<Diagnostic>> {
        let shown = files::path::join(self.jobs_shown, &relative);
        let mut text = String::new();
        let mut jobs = 0;
        if !change.is_empty() {
            let config = change
                .into_job_config(&mut WholeJobs(tree))
                .map_err(|problems| old.map(|old| old.findings_of_whole(problems)).unwrap_or_default())?;
            jobs = config.jobs();
            let capacity = old.map_or(4096, |old| old.text.len() + old.text.len() / 8);
            let config = self.finish_jobs(config, &shown)?;
            text = canonical_text(&config, &shown, capacity)?;
            if let (Some(witness), Some(old)) = (self.witness, old.filter(|old| old.text == text)) {
                witness.unchanged(&shown, &old.text, &config);
            }
        }
        let losses = match old.filter(|old| self.losses && old.text != text) {
            Some(old) => lost::<JobConfig>(&shown, &old.text),
            None => Vec::new(),
        };
        Ok(FinishedFile { planned: self.plan_file(&relative, shown, old, text)?, jobs, losses })
    }

    /// Takes the last step.
    fn finish_jobs(&self, mut config: JobConfig, shown: &str) -> Result<JobConfig, Vec<Diagnostic>> {
        if let Some(finish) = self.finish {
            // Places in a file that is being made mean nothing to its reader, so these findings are about all of it.
            let refuse = |violation: Violation| Diagnostic::of_rule(&UNPLACEABLE_JOB, shown, violation.message);
            finish(&mut config, shown).map_err(|violations| violations.into_iter().map(refuse).collect::<Vec<_>>())?;
        }
        Ok(config)
    }

    fn plan_file(
        &self,
        relative: &str,
        shown: String,
        old: Option<&JobText>,
        text: String,
    ) -> Result<Option<Planned>, Vec<Diagnostic>> {
        let kind = match old {
            Some(old) if old.text == text => return Ok(None),
            Some(_) if text.is_empty() => ChangeKind::Removed,
            Some(_) => ChangeKind::Rewritten,
            None if text.is_empty() => return Ok(None),
            None => ChangeKind::Created,
        };
        let path = self.jobs_tree.join(relative).map_err(|error| vec![error.finding(&*shown)])?;
        if kind == ChangeKind::Created && files::is_directory(&path) {
            return Err(vec![Diagnostic::of_rule(
                &DIRECTORY_FOR_FILE,
                shown,
                "a directory has the name of this job file",
            )]);
        }
        let old = self.keep_old.then(|| old.map(|old| old.text.clone().into_bytes()).unwrap_or_default());
        // A copy of the right size: everything planned is held until all of it is known to be right.
        Ok(Some(Planned { path, shown, kind, bytes: text.as_bytes().to_vec(), old }))
    }

    fn plan_owners(&self, repository: &Repository, finished: &mut Finished) {
        let relative = format!("{}/{}/OWNERS", repository.org, repository.repo);
        let shown = files::path::join(self.jobs_shown, &relative);
        let read = |tree: &Tree, entry: &Option<Entry>, shown: &str| {
            let text = entry.as_ref().map(|entry| files::read_as_it_stands(tree, entry)).transpose();
            text.map_err(|error| error.finding(shown))
        };
        let beside_configs = repository.configs.first().map(|config| files::path::directory(&config.shown));
        let of_configs = beside_configs.map_or(shown.clone(), |directory| files::path::join(directory, "OWNERS"));
        let sides = read(self.config_tree, &repository.config_owners, &of_configs)
            .and_then(|config| Ok((config, read(self.jobs_tree, &repository.jobs_owners, &shown)?)));
        let (config, jobs) = match sides {
            Ok(sides) => sides,
            Err(finding) => return finished.refuse([finding]),
        };
        match mirror(config.as_deref(), jobs.as_deref()) {
            OwnersChange::Keep => {}
            OwnersChange::Write(text) => match self.jobs_tree.join(&relative) {
                Ok(path) => {
                    let kind = if jobs.is_some() { ChangeKind::Rewritten } else { ChangeKind::Created };
                    let bytes = text.to_owned();
                    finished.plan.push(Planned {
                        path,
                        shown,
                        kind,
                        bytes,
                        old: self.keep_old.then(|| jobs.unwrap_or_default()),
                    });
                }
                Err(error) => finished.refuse([error.finding(shown)]),
            },
            OwnersChange::Missing => finished.refuse([self.missing_owners(repository, &shown)]),
        }
    }

    fn missing_owners(&self, repository: &Repository, shown: &str) -> Diagnostic {
        let key = format!("{}/{}", repository.org, repository.repo);
        let is_there = |directory: &str| {
            let owners = self.jobs_tree.join(&files::path::join(directory, "OWNERS"));
            owners.is_ok_and(|path| files::is_there(&path))
        };
        let asked = match nearest_owners(&key, is_there) {
            Some(directory) => files::path::join(&files::path::join(self.jobs_shown, directory), "OWNERS"),
            None => format!("the OWNERS above {}", self.jobs_shown),
        };
        let message = format!("{key} has jobs but no OWNERS: those in {asked} approve them");
        Diagnostic::of_rule(&MISSING_OWNERS, shown, message)
    }
}

fn canonical_text(jobs: &JobConfig, shown: &str, capacity: usize) -> Result<String, Vec<Diagnostic>> {
    write(jobs, capacity).map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, shown, error.to_string())])
}

/// What merging wants of a job file, and the tree where jobs may have to be taken from it.
type Outlined<'t> = (ExistingFile<'static, u32>, Option<tree::Tree<'t>>);

/// The outline of a job file; nothing for one that says nothing.
fn outline_of(text: &JobText) -> Result<Option<Outlined<'_>>, Vec<Diagnostic>> {
    let read = |tree: &_| outline(&text.relative, tree).map_err(|problems| text.findings(problems));
    let Some(file) = read(&text.parse_outline().map_err(|finding| vec![finding])?)? else { return Ok(None) };
    if !may_keep_jobs(&file) {
        return Ok(Some((file, None)));
    }
    let tree = text.parse().map_err(|finding| vec![finding])?;
    Ok(read(&tree)?.map(|file| (file, Some(tree))))
}

#[cfg(test)]
mod tests {
    use super::super::options::Unwatched;
    use super::*;

    #[test]
    fn a_panic_is_a_finding_of_its_repository() {
        let directory = tempfile::tempdir().unwrap();
        let text = |org: &str| format!("periodics:\n- agent: kubernetes\n  interval: 1h\n  name: of-{org}\n");
        for org in ["bad", "good"] {
            let path = directory.path().join(format!("{org}/app/{org}-app-main-periodics.yaml"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text(org)).unwrap();
        }
        let tree = Tree::open(directory.path()).unwrap();
        let entries = files::walk(&tree, "", &|_, _| true).unwrap().files;
        let repository = |entry: Entry| {
            let org = entry.relative.split('/').next().unwrap().to_owned();
            let repository = Repository { org, repo: "app".into(), job_files: vec![entry], ..Repository::default() };
            (repository.org.clone(), repository)
        };
        let finish = |jobs: &mut JobConfig, path: &str| {
            assert!(!path.contains("bad"), "this is on purpose");
            jobs.periodics.iter_mut().for_each(|job| job.job_base.cluster = "build01".into());
            Ok(())
        };
        let workshop = Workshop {
            config_tree: &tree,
            jobs_tree: &tree,
            jobs_shown: "jobs",
            registry: None,
            finish: Some(&finish),
            mirror_owners: false,
            keep_old: false,
            determinize: None,
            losses: false,
            witness: None,
        };
        let mut outcome = Outcome::default();
        let planned = workshop.work_all(&entries.into_iter().map(repository).collect(), &Unwatched, &mut outcome);
        assert_eq!(outcome.findings.len(), 1, "{:?}", outcome.findings);
        assert_eq!((outcome.findings[0].file.as_str(), outcome.findings[0].rule), ("jobs/bad/app", "internal-error"));
        let changed: Vec<_> = planned.jobs.iter().map(|planned| planned.shown.as_str()).collect();
        assert_eq!(changed, ["jobs/good/app/good-app-main-periodics.yaml"]);
    }
}
