//! Two states of a release repository, compared in jobs rather than in lines.
//!
//! [`compare`] takes job files before and now, and the configs that differ, and answers with a [`Comparison`]: which jobs came,
//! went, or are otherwise, and how ([`change`]). Files are brought into one form first, so that spelling is no difference
//! ([`side`]); jobs are paired by repository, kind and name, what is left by what it says ([`rename`]); pairs are compared field
//! by field ([`fields`]), and by what their tests say in the config ([`config`]). [`rehearsal`] and [`choice`] have pj-rehearse's
//! rules, [`group`] puts equal changes together for people. Nothing here opens files or knows git.

pub mod change;
mod choice;
mod config;
mod fields;
pub mod group;
mod rehearsal;
mod rename;
mod side;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

pub use change::{Change, ChangedJob, Comparison, Counts, JobRef, Note, Refusal, Rehearsal};
pub use config::job_files;
use config::{ConfigChange, ConfigPair, Configs, When};
use rename::Lone;
use side::{Job, canonical, canonical_jobs, jobs};

use crate::diagnostic::Diagnostic;
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::model::identity::JobKind;
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

/// A file before and now; nothing where it is not there.
#[derive(Clone, Debug, Default)]
pub struct FilePair {
    /// Its path below the release repository.
    pub file: String,
    /// What it said.
    pub old: Option<String>,
    /// What it says, or will say.
    pub new: Option<String>,
    /// Whether it said the same before, so that `old` need not be given.
    pub is_unchanged: bool,
}

/// A test that uses parts of the step registry that changed.
#[derive(Clone, Debug)]
pub struct StepUser {
    /// Whose config it is in.
    pub identity: Metadata,
    /// Its name.
    pub test: String,
    /// The parts.
    pub parts: Vec<String>,
    /// The kind of its jobs: periodic for one that runs by the clock, whether it runs on pull requests as well or not.
    pub kind: JobKind,
}

/// What is to be compared.
#[derive(Debug, Default)]
pub struct Sides {
    /// Job files that differ, and those with jobs of what is below.
    pub job_files: Vec<FilePair>,
    /// Configs that differ.
    pub configs: Vec<(Metadata, FilePair)>,
    /// Tests whose steps changed.
    pub users: Vec<StepUser>,
}

/// A file whose texts are in one form.
#[derive(Debug, Default)]
struct Formed<'s> {
    file: &'s str,
    old: Option<String>,
    new: Option<String>,
    is_unchanged: bool,
    notes: Vec<Note>,
}

/// Compares.
pub fn compare(sides: &Sides) -> Comparison {
    let formed: Vec<Formed<'_>> = sides.job_files.par_iter().map(|pair| formed(pair, &canonical_jobs)).collect();
    let trees: Vec<[Option<Tree<'_>>; 2]> =
        formed.par_iter().map(|formed| [&formed.old, &formed.new].map(|text| tree(text.as_deref()))).collect();
    let form: &Form = &canonical::<ReleaseBuildConfiguration>;
    let config_texts: Vec<_> = sides.configs.par_iter().map(|(_, pair)| self::formed(pair, form)).collect();
    let configs = changed_configs(sides, &config_texts);
    let (mut olds, mut news) = (Index::default(), Index::default());
    for (Formed { file, is_unchanged, .. }, [old, new]) in formed.iter().zip(&trees) {
        let old = if *is_unchanged { new } else { old };
        olds.add(old.iter().flat_map(|tree| jobs(file, tree)));
        news.add(new.iter().flat_map(|tree| jobs(file, tree)));
    }
    let mut comparison = Comparison { jobs: changed_jobs(olds, news, &configs), notes: Vec::new() };
    comparison.notes = formed.into_iter().chain(config_texts).flat_map(|formed| formed.notes).collect();
    comparison.jobs.sort();
    comparison.notes.sort();
    comparison
}

/// Brings a text into canonical form.
type Form = dyn Fn(&str, &str) -> Result<String, Vec<Diagnostic>> + Sync;

fn tree(text: Option<&str>) -> Option<Tree<'_>> {
    text.and_then(|text| parse(text).ok())
}

/// Brings both texts into one form. Where one cannot be understood the file is left out and noted, rather than that all its
/// jobs were new or gone.
fn formed<'s>(pair: &'s FilePair, form: &Form) -> Formed<'s> {
    let mut formed = Formed { file: &pair.file, is_unchanged: pair.is_unchanged, ..Formed::default() };
    let mut one = |text: &Option<String>, side: &str| {
        let text = text.as_deref()?;
        let found = match form(&pair.file, text) {
            Ok(text) => return Some(text),
            Err(found) => found,
        };
        let why = found.first().map_or_else(String::new, |first| match first.line {
            0 => format!(": {}", first.message),
            line => format!(": line {line}: {}", first.message),
        });
        let message = format!("{side} cannot be read{why}");
        formed.notes.push(Note { file: pair.file.clone(), message });
        None
    };
    let (old, new) = (one(&pair.old, "what it said at the base"), one(&pair.new, "what it says now"));
    if formed.notes.is_empty() {
        (formed.old, formed.new) = (old, new);
    }
    formed
}

fn changed_configs(sides: &Sides, texts: &[Formed<'_>]) -> Configs {
    let between = |((identity, _), formed): (&(Metadata, FilePair), &Formed<'_>)| {
        let (old, new) = (tree(formed.old.as_deref()), tree(formed.new.as_deref()));
        let pair = ConfigPair { identity, old: old.as_ref(), new: new.as_ref() };
        (pair.identity.clone(), ConfigChange::between(&pair))
    };
    let found: Vec<_> = sides.configs.par_iter().zip(texts).map(between).collect();
    let mut configs = Configs::default();
    for (identity, change) in found {
        configs.add(&identity, change);
    }
    for user in &sides.users {
        configs.add_steps(user);
    }
    configs
}

/// The jobs of one side by what they are paired by. Periodics have names of their own in all of a repository.
#[derive(Default)]
struct Index<'a>(BTreeMap<(JobKind, &'a str, &'a str), Vec<Job<'a>>>);

impl<'a> Index<'a> {
    fn add(&mut self, jobs: impl Iterator<Item = Job<'a>>) {
        for job in jobs {
            self.0.entry((job.kind, job.listed_under, job.name())).or_default().push(job);
        }
    }
}

/// A job on both sides.
type Pair<'a> = (Job<'a>, Job<'a>);

fn changed_jobs<'a>(olds: Index<'a>, mut news: Index<'a>, configs: &Configs) -> Vec<ChangedJob> {
    let (mut pairs, mut gone, mut come): (Vec<Pair<'a>>, Vec<Job<'a>>, Vec<Job<'a>>) = Default::default();
    for (key, olds) in olds.0 {
        let (paired, old, new) = same_name(olds, news.0.remove(&key).unwrap_or_default());
        pairs.extend(paired);
        gone.extend(old);
        come.extend(new);
    }
    come.extend(news.0.into_values().flatten());
    let lone = |jobs: &[Job<'a>], when| -> Vec<_> {
        jobs.iter().map(|job| Lone { job: *job, test: configs.content(*job, when) }).collect()
    };
    let renamed = rename::pairs(&lone(&gone, When::Old), &lone(&come, When::New));
    let mut is_renamed = [vec![false; gone.len()], vec![false; come.len()]];
    for (old, new) in renamed {
        if let (Some(one), Some(two)) = (gone.get(old), come.get(new)) {
            pairs.push((*one, *two));
        }
        let [olds, news] = &mut is_renamed;
        olds.get_mut(old).into_iter().chain(news.get_mut(new)).for_each(|is_renamed| *is_renamed = true);
    }
    let [old_renamed, new_renamed] = is_renamed;
    let left = |jobs: Vec<Job<'a>>, renamed: Vec<bool>| {
        jobs.into_iter().zip(renamed).filter(|(_, is)| !is).map(|(job, _)| job)
    };
    let mut found: Vec<ChangedJob> = pairs.par_iter().filter_map(|pair| changed(*pair, configs)).collect();
    found.extend(left(gone, old_renamed).map(|job| told(job, vec![Change::Removed(fields::running(job))], configs)));
    found.extend(left(come, new_renamed).map(|job| told(job, vec![Change::Added(fields::running(job))], configs)));
    found
}

/// Pairs jobs of one name: those for the same branches first, the others in order.
fn same_name<'a>(mut olds: Vec<Job<'a>>, news: Vec<Job<'a>>) -> (Vec<Pair<'a>>, Vec<Job<'a>>, Vec<Job<'a>>) {
    if let ([old], [new]) = (&olds[..], &news[..]) {
        return (vec![(*old, *new)], Vec::new(), Vec::new());
    }
    let (mut pairs, mut come) = (Vec::new(), Vec::new());
    for new in news {
        match olds.iter().position(|old| old.branches() == new.branches()) {
            Some(at) => pairs.push((olds.remove(at), new)),
            None => come.push(new),
        }
    }
    let both = olds.len().min(come.len());
    pairs.extend(olds.drain(..both).zip(come.drain(..both)));
    (pairs, olds, come)
}

fn changed((old, new): Pair<'_>, configs: &Configs) -> Option<ChangedJob> {
    let mut changes = fields::changes(old, new);
    changes.extend(configs.changes_of(new));
    if changes.is_empty() {
        changes.extend(configs.changes_without_effect(new));
    }
    (!changes.is_empty()).then(|| {
        changes.sort();
        told(new, changes, configs)
    })
}

fn told(job: Job<'_>, changes: Vec<Change>, configs: &Configs) -> ChangedJob {
    let rehearsal = rehearsal::rehearsal(job, &changes, configs.standing(job));
    ChangedJob { job: job.reference(), changes, rehearsal }
}
