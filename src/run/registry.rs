//! The step registry from its directory, read and parsed in parallel.

use std::path::Path;

use rayon::prelude::*;

use super::layout::REGISTRY;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Error, Kind, Tree, walk};
use crate::registry::{DefinitionRules, FileKind, Registry, Wanted, assemble, file_kind, parse_file};
use crate::validate::{validate_observer, validate_reference};

/// Loads the registry below `tree`; findings name files below `shown`.
pub fn load(tree: &Tree, shown: &str) -> Result<(Registry, Vec<Diagnostic>), Error> {
    let wanted = Wanted::default();
    let walked = walk(tree, "", &|name, kind| kind == Kind::File || !name.starts_with(".."))?;
    let mut findings: Vec<_> = walked.problems.iter().map(|problem| problem.finding("")).collect();
    let contents: Vec<_> = walked
        .files
        .par_iter()
        .map(|entry| match file_kind(&entry.relative) {
            kind if !kind.is_read(wanted) => Ok(Vec::new()),
            FileKind::Profiles => files::read_as_it_stands(tree, entry),
            _ => files::read(tree, entry),
        })
        .collect();
    let mut readable = Vec::with_capacity(contents.len());
    for (entry, content) in walked.files.iter().zip(&contents) {
        match content {
            Ok(content) => readable.push((&*entry.relative, &**content)),
            Err(error) => findings.push(error.finding(&*entry.relative)),
        }
    }
    let (registry, found) = of_files(&readable);
    findings.extend(found);
    for finding in &mut findings {
        finding.file = files::path::join(shown, &finding.file);
    }
    Ok((registry, findings))
}

/// The registry that files make, each with its path below the registry and its bytes.
pub fn of_files(files: &[(&str, &[u8])]) -> (Registry, Vec<Diagnostic>) {
    let parsed = files.par_iter().map(|(path, content)| parse_file(path, content, Wanted::default())).collect();
    assemble(parsed, &DefinitionRules { step: validate_reference, observer: validate_observer })
}

/// What jobs depend on in a file, by its path below the registry. Of a script it is only that there is one: what it says
/// is for those who run the step.
pub fn needed(path: &str) -> Needed {
    match file_kind(path) {
        FileKind::Script => Needed::Presence,
        kind if kind.is_read(Wanted::default()) => Needed::Content,
        _ => Needed::Nothing,
    }
}

/// What is needed of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It has nothing to do with it.
    Nothing,
    /// That it is there.
    Presence,
    /// What it says.
    Content,
}

/// The registry of a release repository; an empty one where it has none, so that what uses a step is told of.
pub fn load_below(root: &Path) -> Result<(Registry, Vec<Diagnostic>), Error> {
    let place = root.join(REGISTRY);
    if !files::is_there(&place) {
        return Ok(Default::default());
    }
    load(&Tree::within(place, root)?, REGISTRY)
}
