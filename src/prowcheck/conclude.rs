//! All job files held against each other and against the configuration.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Rule};
use crate::model::job::Preset;
use crate::model::plugins::Configuration;
use crate::model::prow::Config;
use crate::shard::Source;
use crate::shard::jobs::{
    CONTEXT_TWICE, Kind, NAME_TWICE, PRESET_TWICE, Place, context_twice, name_twice, periodic_twice, repeated_presets,
    shared,
};
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;

use super::gather::{Collected, JobFacts};
use super::places::Places;
use super::scopes::Scopes;
use super::{Scope, Settings, context_policy, hierarchy, managed, plugins, tide};

rules! {
    FILE_TWICE = "job-file-name-twice", "two job files have the same name",
        "Job files go into one ConfigMap by their names, whatever their directories, so one would replace the other.",
        "rename one of the two; a generated file is named after organisation, repository and branch";
    NO_TRIGGER = warning "jobs-without-trigger", "a repository has jobs, and nothing that starts them",
        "It is the plugin trigger that starts jobs on pull requests and merges; without it they never run.",
        "enable the plugin trigger for the organisation or repository, in its _pluginconfig.yaml";
}

/// What is around job files.
#[derive(Debug, Default)]
pub struct Around<'a> {
    /// Prow's configuration, put together and filled in; nothing where it cannot be.
    pub prow: Option<&'a Config>,
    /// Its files, the main one first.
    pub prow_files: &'a [Source<'a>],
    /// The configuration of plugins, put together and filled in; nothing where it cannot be.
    pub plugins: Option<&'a Configuration>,
    /// Its files, the main one first.
    pub plugin_files: &'a [Source<'a>],
    /// The supplemental files of both, and whom each is for.
    pub supplements: &'a [(String, Scope)],
    /// The directory of supplemental files.
    pub supplement_root: &'a str,
}

/// A place in a job file, by its position among all.
type At = (usize, KeyPath);

/// A finding that has no place yet.
struct Pending {
    rule: Rule,
    at: At,
    reference: String,
    other: Option<(At, &'static str)>,
}

/// Looks at all job files for one kind of thing.
type Look<'l> = dyn Fn(&mut Vec<Pending>) + Sync + 'l;

/// The text of a job file by its name. It is asked for files only in which something is found.
pub type Texts<'t> = dyn Fn(&str) -> Option<String> + 't;

/// Holds all job files, in their order, against each other and against what is around them.
pub fn conclude(settings: &Settings, files: &[Collected], around: &Around<'_>, texts: &Texts<'_>) -> Vec<Diagnostic> {
    let looks: [&Look<'_>; 7] = [
        &|pending| names(files, Kind::Presubmit, pending),
        &|pending| names(files, Kind::Postsubmit, pending),
        &|pending| {
            if let Some(config) = around.prow.filter(|_| settings.options.wants("tide-context-policy")) {
                context_policies(files, config, pending);
            }
        },
        &|pending| periodics(files, pending),
        &|pending| file_names(files, around, pending),
        &|pending| presets(files, around, pending),
        &|pending| {
            if let Some(config) = around.plugins {
                triggers(settings, files, config, pending);
            }
        },
    ];
    // Nothing else runs by now, so that whatever is done one after the other keeps everybody waiting.
    let look = |look: &&Look<'_>| {
        let mut pending = Vec::new();
        look(&mut pending);
        pending
    };
    let all = || looks.par_iter().with_max_len(1).flat_map_iter(look).collect::<Vec<_>>();
    let (pending, of_configuration) = rayon::join(all, || of_configuration(settings, around));
    placed(settings, files, pending, texts).chain(of_configuration).collect()
}

/// What is wrong with the configuration, whatever the jobs.
fn of_configuration(settings: &Settings, around: &Around<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (prow_places, plugin_places) = (Places::new(around.prow_files), Places::new(around.plugin_files));
    if let Some(config) = around.prow {
        let prow = &config.prow;
        found.extend(tide::needs_ok_to_test(settings, prow, &prow_places));
        found.extend(tide::strict_branches(settings, prow, &prow_places));
        found.extend(managed::webhooks(settings, prow, &prow_places));
        found.extend(managed::links(settings, prow, &prow_places));
        found.extend(managed::unmanaged(settings, &prow.branch_protection, &prow_places));
        if let Some(plugins) = around.plugins {
            found.extend(tide::mismatches(settings, (prow, &prow_places), (plugins, &plugin_places)));
        }
    }
    if let Some(config) = around.plugins {
        found.extend(plugins::check(settings, config, &plugin_places));
    }
    let misplaced = |(file, scope): &(String, Scope)| hierarchy::check(settings, file, around.supplement_root, scope);
    found.extend(around.supplements.iter().filter_map(misplaced));
    found
}

fn file_names(files: &[Collected], around: &Around<'_>, pending: &mut Vec<Pending>) {
    let is_main = |file: &Collected| around.prow_files.first().is_some_and(|main| main.file == file.file);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !is_main(file)) {
        let name = file.file.rsplit('/').next().unwrap_or_default();
        match seen.get(name) {
            None => drop(seen.insert(name, index)),
            Some(first) => pending.push(Pending {
                rule: FILE_TWICE,
                at: (index, KeyPath::root()),
                reference: format!("duplicated basename is not allowed: {name}"),
                other: Some(((*first, KeyPath::root()), "the other file")),
            }),
        }
    }
}

/// A job of a repository: the file it is in, its position there, and what is known of it.
type Member<'c> = (usize, usize, &'c JobFacts);

/// The jobs of all files by repository.
fn by_repo(files: &[Collected], kind: Kind) -> BTreeMap<&str, Vec<Member<'_>>> {
    let mut repos: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let lists = if kind == Kind::Presubmit { &file.presubmits } else { &file.postsubmits };
        for (repo, jobs) in lists {
            repos.entry(repo).or_default().extend(jobs.iter().enumerate().map(|(at, job)| (index, at, job)));
        }
    }
    repos
}

fn at(kind: Kind, repo: &str, member: &Member<'_>, key: &str) -> At {
    (member.0, Place { list: kind.list(), repo: Some(repo), index: member.1 }.field(key))
}

fn names(files: &[Collected], kind: Kind, pending: &mut Vec<Pending>) {
    for (repo, members) in by_repo(files, kind) {
        let facts: Vec<_> = members.iter().map(|(_, _, job)| job.facts()).collect();
        let (names, contexts) = shared(&facts);
        let mut told = BTreeSet::new();
        for (first, second) in names {
            let (Some(other), Some(job)) = (members.get(first), members.get(second)) else { continue };
            if told.insert(second) {
                pending.push(Pending {
                    rule: NAME_TWICE,
                    at: at(kind, repo, job, "name"),
                    reference: name_twice(kind.word(), &job.2.name),
                    other: Some((at(kind, repo, other, "name"), "the other job")),
                });
            }
        }
        for (first, second) in contexts {
            let (Some(other), Some(job)) = (members.get(first), members.get(second)) else { continue };
            let key = |member: &Member<'_>| if member.2.has_context { "context" } else { "name" };
            pending.push(Pending {
                rule: CONTEXT_TWICE,
                at: at(kind, repo, job, key(job)),
                reference: context_twice(&other.2.name, &job.2.name, &other.2.context),
                other: Some((at(kind, repo, other, key(other)), "the other job")),
            });
        }
    }
}

fn periodics(files: &[Collected], pending: &mut Vec<Pending>) {
    let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let place = |(file, index): (usize, usize)| (file, Place { list: "periodics", repo: None, index }.field("name"));
    for (file, collected) in files.iter().enumerate() {
        for (index, name) in collected.periodics.iter().enumerate() {
            match seen.get(name.as_str()) {
                None => drop(seen.insert(name, (file, index))),
                Some(first) => pending.push(Pending {
                    rule: NAME_TWICE,
                    at: place((file, index)),
                    reference: periodic_twice(name),
                    other: Some((place(*first), "the other job")),
                }),
            }
        }
    }
}

/// Presets that two files have; those of the main file come first.
fn presets(files: &[Collected], around: &Around<'_>, pending: &mut Vec<Pending>) {
    let of_main = around.prow.map(|config| config.jobs.presets.as_slice()).unwrap_or_default();
    let of_files = files
        .iter()
        .enumerate()
        .flat_map(|(file, it)| it.presets.iter().enumerate().map(move |(index, preset)| (Some((file, index)), preset)));
    let main_too = files.iter().all(|file| around.prow_files.first().is_none_or(|main| main.file != file.file));
    let of_main = of_main.iter().filter(|_| main_too).map(|preset| (None, preset));
    let all: Vec<(Option<(usize, usize)>, &Preset)> = of_main.chain(of_files).collect();
    for (index, label, reference) in repeated_presets(all.iter().map(|(_, preset)| *preset)) {
        let Some((Some((file, index)), _)) = all.get(index) else { continue };
        let path = KeyPath::root().key("presets").item(*index).key("labels").key(label);
        pending.push(Pending { rule: PRESET_TWICE, at: (*file, path), reference, other: None });
    }
}

fn triggers(settings: &Settings, files: &[Collected], config: &Configuration, pending: &mut Vec<Pending>) {
    if !settings.options.wants("missing-trigger") {
        return;
    }
    let mut first: BTreeMap<&str, At> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let lists = [("presubmits", &file.presubmits), ("postsubmits", &file.postsubmits)];
        for (list, (repo, _)) in lists.into_iter().flat_map(|(list, jobs)| jobs.iter().map(move |it| (list, it))) {
            first.entry(repo).or_insert_with(|| (index, KeyPath::root().key(list).name(repo)));
        }
    }
    let configured = Scopes { orgs: BTreeMap::new(), repos: first.keys().map(|repo| (*repo).to_owned()).collect() };
    for (name, words) in configured.difference(&Scopes::of_plugin(config, "trigger")).items() {
        let Some(at) = first.get(name.as_str()) else { continue };
        let reference =
            format!("the following repos have jobs configured but do not have the trigger plugin enabled: {words}");
        pending.push(Pending { rule: NO_TRIGGER, at: at.clone(), reference, other: None });
    }
}

fn context_policies(files: &[Collected], config: &Config, pending: &mut Vec<Pending>) {
    for (repo, members) in by_repo(files, Kind::Presubmit) {
        let jobs: Vec<&JobFacts> = members.iter().map(|(_, _, job)| *job).collect();
        for clash in context_policy::check(&config.prow, repo, &jobs) {
            let mut reporting = members.iter().filter(|(_, _, job)| job.context == clash.context);
            let (first, last) = (reporting.next(), reporting.next_back());
            let Some(culprit) = last.or(first).or(members.first()) else { continue };
            let key = |member: &Member<'_>| if member.2.has_context { "context" } else { "name" };
            let other = first.filter(|_| last.is_some());
            pending.push(Pending {
                rule: context_policy::CLASH,
                at: at(Kind::Presubmit, repo, culprit, key(culprit)),
                reference: clash.reference,
                other: other.map(|it| (at(Kind::Presubmit, repo, it, key(it)), "another job that reports it")),
            });
        }
    }
}

/// Puts findings at their places; every file is parsed once.
fn placed(
    settings: &Settings,
    files: &[Collected],
    pending: Vec<Pending>,
    texts: &Texts<'_>,
) -> impl Iterator<Item = Diagnostic> {
    let mut wanted: BTreeMap<usize, Vec<&KeyPath>> = BTreeMap::new();
    for (index, path) in pending.iter().flat_map(|it| [Some(&it.at), it.other.as_ref().map(|(at, _)| at)]).flatten() {
        wanted.entry(*index).or_default().push(path);
    }
    let mut places: BTreeMap<At, Diagnostic> = BTreeMap::new();
    for (index, paths) in wanted {
        let Some(file) = files.get(index) else { continue };
        let text = texts(&file.file).unwrap_or_default();
        let Ok(tree) = parse(&text) else { continue };
        for path in paths {
            let nowhere = Diagnostic::of_file(&*file.file, "", "");
            let place = if path.0.is_empty() { nowhere } else { nowhere.at(&text, locate(&tree, path)) };
            places.insert((index, path.clone()), place);
        }
    }
    pending.into_iter().map(move |it| {
        let finding = settings.finding(&it.rule, "", it.reference);
        let Some(Diagnostic { file, line, column, snippet, .. }) = places.get(&it.at).cloned() else { return finding };
        let finding = Diagnostic { file, line, column, snippet, ..finding };
        match it.other.and_then(|(at, words)| Some((places.get(&at)?.clone(), words))) {
            Some((place, words)) => finding.related(Diagnostic { message: words.to_owned(), ..place }),
            None => finding,
        }
    })
}
