//! Metadata of the step registry: for each of its YAML files one of JSON with its path and its owners.
//!
//! Files are known by their names alone, so that of two with one name in different directories only the last has metadata.
//! One without OWNERS beside it is passed over with a warning; the reference then writes no metadata at all.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::options::{ChangeKind, Error};
use super::part::Part;
use super::plan::Planned;
use crate::catalogue::tree::OWNERLESS_REGISTRY_FILE;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Tree, path, walk};
use crate::model::config::{OwnersConfig, RegistryInfo};
use crate::registry::metadata_text;
use crate::yaml::locate::decoded;

/// Plans the metadata of the registry's files whose path, below `shown`, is wanted. All files are looked at.
pub fn metadata(
    tree: &Tree,
    shown: &str,
    is_wanted: &(dyn Fn(&str) -> bool + Sync),
    keep_old: bool,
) -> Result<Part, Error> {
    let walked = walk(tree, "", &|name, kind| {
        kind == Kind::Directory
            || name == "OWNERS"
            || path::extension(name) == ".yaml"
            || name.ends_with(".metadata.json")
    })?;
    let mut part = Part::of_tree(tree);
    part.findings.extend(walked.problems.iter().map(|problem| problem.finding(shown)));
    let mut sources: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in walked.files.iter().filter(|entry| path::extension(entry.name()) == ".yaml") {
        sources.insert(entry.name(), entry);
    }
    let there: BTreeMap<&str, &Entry> = walked.files.iter().map(|entry| (&*entry.relative, entry)).collect();
    let work = Work { tree, shown, there: &there, keep_old };
    let wanted: Vec<&Entry> =
        sources.into_values().filter(|entry| is_wanted(&path::join(shown, &entry.relative))).collect();
    let done: Vec<_> = wanted.par_iter().map(|entry| work.one(entry)).collect();
    for result in done {
        match result {
            Ok(planned) => part.plan(planned),
            Err(findings) => part.findings.extend(findings),
        }
    }
    Ok(part)
}

struct Work<'w> {
    tree: &'w Tree,
    shown: &'w str,
    /// OWNERS, YAML and metadata, by path.
    there: &'w BTreeMap<&'w str, &'w Entry>,
    keep_old: bool,
}

impl Work<'_> {
    fn one(&self, source: &Entry) -> Result<Option<Planned>, Vec<Diagnostic>> {
        let info = RegistryInfo { path: source.relative.clone(), owners: self.owners(source)? };
        let text = metadata_text(&info);
        let stem = source.relative.strip_suffix(".yaml").unwrap_or(&source.relative);
        let relative = format!("{stem}.metadata.json");
        let shown = path::join(self.shown, &relative);
        let fail = |error: files::Error| vec![error.finding(&*shown)];
        let (path, old) = match self.there.get(&*relative) {
            Some(entry) => (entry.path.clone(), Some(files::read_as_it_stands(self.tree, entry).map_err(fail)?)),
            None => (self.tree.join(&relative).map_err(fail)?, None),
        };
        let kind = match &old {
            Some(old) if *old == text.as_bytes() => return Ok(None),
            Some(_) => ChangeKind::Rewritten,
            None => ChangeKind::Created,
        };
        let old = self.keep_old.then(|| old.unwrap_or_default());
        Ok(Some(Planned { path, shown, kind, bytes: text.into_bytes(), old }))
    }

    /// The owners beside a file of the registry.
    fn owners(&self, source: &Entry) -> Result<OwnersConfig, Vec<Diagnostic>> {
        let relative = path::join(path::directory(&source.relative), "OWNERS");
        let Some(entry) = self.there.get(&*relative) else {
            let shown = path::join(self.shown, &source.relative);
            let finding = Diagnostic::of_rule(&OWNERLESS_REGISTRY_FILE, shown, "there is no OWNERS beside this file");
            let why = "its metadata name its owners, so that it has none";
            return Err(vec![finding.because(why)]);
        };
        let shown = path::join(self.shown, &relative);
        let text = files::read_text(self.tree, entry).map_err(|error| vec![error.finding(&*shown)])?;
        decoded(&shown, &text)
    }
}
