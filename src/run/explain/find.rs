//! A job by its name: in the directory that the name spells, then anywhere.
//!
//! The name of a generated job is `KIND-ci-ORG-REPO-BRANCH-…`, and organisations and repositories have dashes of their own, so
//! several directories may be meant. Texts are searched for the name first; only a file that has it is parsed.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::config;
use super::job_file;
use super::origin::Origins;
use super::page::Job;
use crate::catalogue::slips;
use crate::dispatch::Dispatcher;
use crate::files::{self, Entry, Tree, path};
use crate::model::identity::{JobKind, config_identity};
use crate::run::inventory::walk_jobs;
use crate::run::job_file::outline;
use crate::run::layout::{CONFIG, JOBS};
use crate::run::options::Error;
use crate::yaml::parse::parse;

/// So many names are suggested.
const MOST_SUGGESTED: usize = 5;

/// The jobs of a name, or names that may have been meant.
pub fn find(root: &Path, name: &str, dispatcher: Option<&Dispatcher>) -> Result<Result<Vec<Job>, Vec<String>>, Error> {
    let mut origins = Origins::new(root);
    let jobs_tree = Some(root.join(JOBS)).filter(|path| files::is_directory(path));
    let jobs_tree = jobs_tree.map(|path| Tree::within(path, root)).transpose()?;
    let repositories = spelled(root, name)?;
    if let Some(tree) = &jobs_tree {
        for directory in repositories.iter().map(String::as_str).chain([""]) {
            let found = below(tree, directory, name, &mut origins, dispatcher)?;
            if !found.is_empty() {
                return Ok(Ok(found));
            }
        }
    }
    for repository in &repositories {
        if let Some(job) = unwritten(root, repository, name, &mut origins, dispatcher)? {
            return Ok(Ok(vec![job]));
        }
    }
    Ok(Err(jobs_tree.map_or(Ok(Vec::new()), |tree| suggestions(&tree, name))?))
}

/// The repositories that a job's name may speak of, the longest first.
fn spelled(root: &Path, name: &str) -> Result<Vec<String>, Error> {
    let rest = JobKind::ALL.iter().find_map(|kind| name.strip_prefix(kind.name_prefix())?.strip_prefix("-ci-"));
    let Some(rest) = rest else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for place in [JOBS, CONFIG] {
        let place = root.join(place);
        if !files::is_directory(&place) {
            continue;
        }
        for org in files::directories(&place)? {
            let Some(rest) = rest.strip_prefix(&*org).and_then(|rest| rest.strip_prefix('-')) else { continue };
            let is_meant = |repo: &String| rest.strip_prefix(&**repo).is_some_and(|rest| rest.starts_with('-'));
            let repos = files::directories(&place.join(&org))?;
            found.extend(repos.into_iter().filter(is_meant).map(|repo| format!("{org}/{repo}")));
        }
    }
    found.sort_by_key(|repository| std::cmp::Reverse(repository.len()));
    found.dedup();
    Ok(found)
}

/// The jobs of a name in the files below a directory.
fn below(
    tree: &Tree,
    directory: &str,
    name: &str,
    origins: &mut Origins<'_>,
    dispatcher: Option<&Dispatcher>,
) -> Result<Vec<Job>, Error> {
    let walked = walk_jobs(tree, directory)?;
    let having = |entry: &Entry| {
        let text = files::read_text(tree, entry).ok()?;
        text.contains(name).then(|| (path::join(JOBS, &entry.relative), text))
    };
    let files: Vec<_> = walked.files.par_iter().filter(|entry| entry.name() != "OWNERS").filter_map(having).collect();
    let of_file = |(file, text): &(String, String)| {
        job_file::jobs(file, text, &|named| named == name, origins, dispatcher).unwrap_or_default()
    };
    Ok(files.iter().flat_map(of_file).collect())
}

/// A job that a config gives and that is in no file yet.
fn unwritten(
    root: &Path,
    repository: &str,
    name: &str,
    origins: &mut Origins<'_>,
    dispatcher: Option<&Dispatcher>,
) -> Result<Option<Job>, Error> {
    let Some(file) =
        JobKind::ALL.iter().find_map(|kind| Some(origins.find(repository, *kind, name)?.place.file.clone()))
    else {
        return Ok(None);
    };
    let Ok(identity) = config_identity(&file) else { return Ok(None) };
    let (sources, _) = config::sources(root, &file, &identity, dispatcher)?;
    Ok(sources.into_iter().flat_map(|source| source.jobs).find(|job| job.name == name))
}

/// Names of jobs that may have been meant: those with the text in them, else those that a few slips make of it.
fn suggestions(tree: &Tree, name: &str) -> Result<Vec<String>, Error> {
    let walked = walk_jobs(tree, "")?;
    let files: Vec<&Entry> = walked.files.iter().filter(|entry| entry.name() != "OWNERS").collect();
    let near = |entry: &&Entry| near(&files::read_text(tree, entry).unwrap_or_default(), name);
    let found: BTreeMap<String, usize> = files.par_iter().flat_map_iter(near).collect();
    let mut found: Vec<(usize, String)> = found.into_iter().map(|(name, distance)| (distance, name)).collect();
    found.sort();
    Ok(found.into_iter().take(MOST_SUGGESTED).map(|(_, name)| name).collect())
}

/// The jobs of a file whose names are like another, with how far they are from it.
fn near(text: &str, wanted: &str) -> Vec<(String, usize)> {
    // A job's name stands at its start or under its key; what is not near as a text is not worth parsing for.
    let may_be_near = |line: &str| {
        let value = line.trim_start_matches([' ', '-']).strip_prefix("name:");
        value.is_some_and(|value| distance(value.trim().trim_matches(['"', '\'']), wanted).is_some())
    };
    if !text.lines().any(may_be_near) {
        return Vec::new();
    }
    let outlined = parse(text).ok().and_then(|tree| outline("", &tree).ok().flatten());
    let Some(file) = outlined else { return Vec::new() };
    let lists = file.presubmits.into_values().chain(file.postsubmits.into_values()).chain([file.periodics]);
    let names = lists.flatten().map(|job| job.facts.name.into_owned());
    names.filter_map(|name| distance(&name, wanted).map(|distance| (name, distance))).collect()
}

/// How far a name is from the one wanted, when it may have been meant.
fn distance(name: &str, wanted: &str) -> Option<usize> {
    if wanted.len() > 3 && name.contains(wanted) {
        // The shorter the rest, the nearer.
        return Some((name.len() - wanted.len()) / 16);
    }
    let most = (wanted.len() / 8).clamp(1, 6);
    (name.len().abs_diff(wanted.len()) <= most).then(|| slips(name, wanted)).filter(|slips| *slips <= most)
}
