//! What files and entries miss of each other: files that look as if an entry should take them, and entries that take none.
//!
//! An entry with a star looks below its fixed directory, at any depth, for names that begin and end like its last segment.
//! A file that it finds this way and no entry takes is probably one that somebody forgot, or that lies one directory too
//! deep. Entries without a star are lists of files; a file beside two of them with the same ending is as suspicious. Below
//! `ci-operator` everything is there to be uploaded, so that any file with the ending counts.

use std::collections::{BTreeMap, BTreeSet};

use super::glob::Glob;
use super::page::{Page, entry};
use super::placement::{Placement, Taken};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    UNTAKEN = warning "file-in-no-entry",
        "a file lies where entries of config_updater look, and none takes it",
        "It is in no ConfigMap, so that nothing in the clusters ever sees it.",
        "add an entry or widen one, or move the file to where no entry looks";
    DEAD = warning "entry-without-files",
        "an entry of config_updater takes no file",
        "Its ConfigMap keeps what was uploaded last: nothing is ever removed from it.",
        "correct the glob, or remove the entry and the ConfigMap";
}

/// Names of files that nobody means to upload.
const NEVER: [&str; 2] = ["OWNERS", "README.md"];

/// The directories, none within another, that entries look below; the empty name for the whole repository.
pub fn trees(placement: &Placement) -> BTreeSet<String> {
    let all: BTreeSet<&str> = placement.iter().map(|(glob, _)| directory(glob)).collect();
    let is_below = |path: &str, above: &str| {
        above.is_empty() || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
    };
    let is_outermost = |path: &&&str| !all.iter().any(|above| above != *path && is_below(path, above));
    all.iter().filter(is_outermost).map(|path| (*path).to_owned()).collect()
}

/// The files that no entry takes and some entry looks for.
pub fn check<'p>(
    placement: &Placement,
    page: &Page<'_>,
    files: impl IntoIterator<Item = &'p Taken<'p>>,
) -> Vec<Diagnostic> {
    let reaches: Vec<Reach<'_>> = placement.iter().filter_map(|(glob, _)| Reach::of(glob)).collect();
    let mut lists: BTreeMap<(&str, &str), Vec<&Glob>> = BTreeMap::new();
    for (glob, _) in placement.iter().filter(|(glob, _)| !glob.is_wild()) {
        let (directory, name) = split(glob.pattern());
        lists.entry((directory, ending(name))).or_default().push(glob);
    }
    lists.retain(|_, globs| globs.len() > 1);
    let mut findings = Vec::new();
    for Taken { path, by } in files {
        let (directory, name) = split(path);
        if NEVER.contains(&name) || name.starts_with('.') || !by.is_empty() {
            continue;
        }
        let looking = reaches.iter().find(|reach| reach.finds(path, name)).map(|reach| reach.glob);
        let looking = looking.or_else(|| lists.get(&(directory, ending(name)))?.first().copied());
        let Some(glob) = looking else { continue };
        let finding = Diagnostic::of_rule(&UNTAKEN, *path, "no entry of config_updater takes this file");
        let message = if glob.is_wild() { "this entry looks nearby" } else { "this entry takes a file beside it" };
        findings.push(finding.related(page.entry(&UNTAKEN, glob.pattern(), message)));
    }
    findings
}

/// The entries that take none of the files, where all of them are given.
pub fn without_files<'p>(
    placement: &Placement,
    page: &Page<'_>,
    files: impl IntoIterator<Item = &'p Taken<'p>>,
) -> Vec<Diagnostic> {
    let used: BTreeSet<u32> = files.into_iter().flat_map(|file| file.by.iter().copied()).collect();
    let unused = (0..).zip(placement.iter()).filter(|(at, _)| !used.contains(at));
    let finding = |glob: &Glob| {
        let message = format!("no file matches {}", glob.pattern());
        page.finding(&DEAD, &entry(glob.pattern()), message)
    };
    unused.map(|(_, (glob, _))| finding(glob)).collect()
}

/// Where an entry with a star looks, and for what names.
struct Reach<'g> {
    glob: &'g Glob,
    directory: &'g str,
    start: &'g str,
    end: &'g str,
}

impl<'g> Reach<'g> {
    fn of(glob: &'g Glob) -> Option<Self> {
        let last = split(glob.pattern()).1;
        let start = last.split(['*', '{']).next().unwrap_or_default();
        let end = last.rsplit(['*', '}']).next().unwrap_or_default();
        let directory = directory(glob);
        let (start, end) = if is_all_uploaded(directory) { ("", ending(end)) } else { (start, end) };
        glob.is_wild().then_some(Self { glob, directory, start, end })
    }

    fn finds(&self, path: &str, name: &str) -> bool {
        let below =
            self.directory.is_empty() || path.strip_prefix(self.directory).is_some_and(|rest| rest.starts_with('/'));
        below && name.starts_with(self.start) && name.ends_with(self.end)
    }
}

/// The directory that all matches lie below.
fn directory(glob: &Glob) -> &str {
    split(glob.head()).0
}

/// Whether everything below a directory is there to be uploaded.
fn is_all_uploaded(directory: &str) -> bool {
    directory.split('/').next() == Some("ci-operator")
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn ending(name: &str) -> &str {
    name.rfind('.').map_or("", |dot| &name[dot..])
}
