//! What of the sources is not as git has it: files that are not committed, and files that a sparse checkout leaves out.
//!
//! git is asked by whoever makes the options; here it is seen whether an entry takes the files that it names, see [`Taking`].

use std::collections::{BTreeMap, BTreeSet};

use super::options::{Manner, UploadOptions};
use crate::catalogue::upload::{LEFT_OUT, UNCOMMITTED};
use crate::diagnostic::Diagnostic;
use crate::files::path::is_within;
use crate::updater::{Mapping, Placement, untaken};

/// So many files are named.
const NAMED: usize = 3;

/// Which files an upload takes, or removes the keys of.
pub struct Taking<'p> {
    /// What is asked for.
    pub options: &'p UploadOptions,
    /// Where files go.
    pub placement: &'p Placement,
    /// Which source each file is of, by its path.
    pub origins: &'p BTreeMap<String, usize>,
}

impl Taking<'_> {
    /// Files that are uploaded, or whose keys are removed, and that are not as the commit has them which is written with them.
    /// What cannot be read is not uploaded, and told as such.
    pub fn uncommitted(&self, unreadable: &[Diagnostic]) -> Option<Diagnostic> {
        let is_unreadable = |path: &String| unreadable.iter().any(|finding| finding.file == *path);
        let mut paths = Vec::new();
        for (number, source) in self.options.uncommitted.iter().enumerate() {
            // One that is not there was removed, and one that an earlier source has too is not uploaded from here.
            let counts = |path: &String| self.origins.get(path).is_none_or(|origin| *origin == number);
            let found: BTreeSet<&String> = source
                .iter()
                .flat_map(|path| below(path, self.origins))
                .filter(|path| counts(path) && !is_unreadable(path) && self.takes(path))
                .collect();
            paths.extend(found.into_iter().map(|path| self.shown(number, path)));
        }
        let are = match paths.len() {
            1 => "1 file is".to_owned(),
            count => format!("{count} files are"),
        };
        let message = format!("{are} here not as in the commit that is written with them: {}", some(&paths));
        Some(Diagnostic::of_rule(&UNCOMMITTED, paths.first()?.as_str(), message))
    }

    /// Files that a sparse checkout leaves out: whoever lists directories takes them for removed, and their keys with them.
    pub fn left_out(&self) -> Option<Diagnostic> {
        let trees = untaken::trees(self.placement);
        let (mut paths, mut ways) = (Vec::new(), Vec::new());
        for (number, source) in self.options.left_out.iter().enumerate() {
            let found = source.iter().filter(|path| !self.origins.contains_key(*path) && self.takes(path));
            let found: Vec<&String> = found.collect();
            if !found.is_empty() {
                let places = trees.iter().filter(|tree| found.iter().any(|path| is_within(path, tree)));
                ways.push(self.way_to_get(number, &places.map(String::as_str).collect::<Vec<_>>()));
            }
            paths.extend(found.into_iter().map(|path| self.shown(number, path)));
        }
        let are = match paths.len() {
            1 => "1 file that config_updater takes is".to_owned(),
            count => format!("{count} files that config_updater takes are"),
        };
        let message = format!("{are} left out of this sparse checkout: {}", some(&paths));
        let finding = Diagnostic::of_rule(&LEFT_OUT, paths.first()?.as_str(), message);
        let finding = finding.fix(format!("get what is missing with {}", ways.join(" and ")));
        // config-bootstrapper uploads a tree as it is.
        Some(if self.options.manner == Manner::Bootstrap { finding.warning() } else { finding })
    }

    /// What to run so that these places of a source are there.
    fn way_to_get(&self, number: usize, places: &[&str]) -> String {
        let source = self.options.sources.get(number);
        let git = source.map_or("git".to_owned(), |source| format!("git -C {}", source.display()));
        match places.contains(&"") {
            true => format!("`{git} sparse-checkout disable`"),
            false => format!("`{git} sparse-checkout add {}`", places.join(" ")),
        }
    }

    /// Whether an entry of what is asked for takes a file, for our repository.
    fn takes(&self, path: &str) -> bool {
        let UploadOptions { only, manner, .. } = self.options;
        let is_wanted = |mapping: &Mapping| only.is_empty() || mapping.names().iter().any(|name| only.contains(name));
        let counts = |mapping: &Mapping| mapping.admits(manner.source()) && is_wanted(mapping);
        self.placement.of(path).iter().any(|at| self.placement.get(*at).is_some_and(|(_, mapping)| counts(mapping)))
    }

    /// A file as people name it: below the first source by its path alone.
    fn shown(&self, number: usize, path: &str) -> String {
        let prefix = self.options.sources.get(number).filter(|_| number > 0);
        prefix.map_or(path.to_owned(), |prefix| prefix.join(path).display().to_string())
    }
}

/// A file, or the files below what ends with a slash.
fn below<'p>(path: &'p String, files: &'p BTreeMap<String, usize>) -> Vec<&'p String> {
    match path.ends_with('/') {
        true => files.range(path.clone()..).map(|(file, _)| file).take_while(|file| file.starts_with(path)).collect(),
        false => vec![path],
    }
}

/// The first few of some paths, and how many more there are.
fn some(paths: &[String]) -> String {
    let named = paths.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match paths.len().checked_sub(NAMED) {
        None | Some(0) => named,
        Some(more) => format!("{named} and {more} more"),
    }
}
