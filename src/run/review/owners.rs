//! Who approves changes of configs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::{Share, as_its_rule, placed};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Listings, Tree, path};
use crate::lint::{OwnersAliases, OwnersFile, lint_owners};
use crate::run::inventory::walk_configs_of;
use crate::run::layout::CONFIG;
use crate::run::options::{Error, ReviewOptions};
use crate::yaml::locate::decoded;

/// The aliases of the repository, at its root.
const ALIASES: &str = "OWNERS_ALIASES";

/// Directories of configs whose OWNERS are missing, cannot be understood or name nobody; of some of them, where not all are
/// wanted.
pub fn owners(options: &ReviewOptions, wanted: Option<&[String]>, listings: &Listings) -> Result<Share, Error> {
    let root = &options.release_repo;
    let (aliases, mut findings) = aliases(root);
    let tree = Tree::within(root.join(CONFIG), root)?.sharing(listings);
    let mut walked = walk_configs_of(&tree, wanted)?;
    let below = walked.files.len();
    let is_there = |above: &&str| files::is_there(&tree.path().join(above));
    for above in above(wanted.unwrap_or_default()).into_iter().filter(is_there) {
        walked.append(files::walk(&tree, above, &|name, kind| kind == Kind::File && name == "OWNERS")?);
    }
    let mut directories: BTreeMap<&str, Option<&Entry>> = BTreeMap::new();
    let mut not_wanted = BTreeSet::new();
    for (at, entry) in walked.files.iter().enumerate() {
        let place = directories.entry(path::directory(&entry.relative)).or_default();
        if entry.name() == "OWNERS" {
            *place = Some(entry);
            if at >= below {
                not_wanted.insert(path::directory(&entry.relative));
            }
        }
    }
    let one = |(directory, owners): (&&str, &Option<&Entry>)| {
        let shown = path::join(CONFIG, &path::join(directory, "OWNERS"));
        match owners {
            Some(entry) => of_file(&tree, entry, &shown, aliases.as_ref()).unwrap_or_else(|found| found),
            // A directory of the name is none of the files that there are.
            None if files::is_there(&root.join(&shown)) => {
                files::read_given(&root.join(&shown)).err().map(|error| error.finding(&*shown)).into_iter().collect()
            }
            // An organisation's owners are its repositories'.
            None if directories.get(path::directory(directory)).is_some_and(Option::is_some) => Vec::new(),
            None => {
                let found = lint_owners(None, None).into_iter();
                found.map(|it| as_its_rule(Diagnostic::of_file(&*shown, it.rule, it.message))).collect()
            }
        }
    };
    let wanted = directories.par_iter().filter(|(directory, _)| !not_wanted.contains(*directory));
    findings.par_extend(wanted.flat_map_iter(one));
    Ok(findings.into())
}

/// The directories above some others, whose owners may be theirs.
fn above(directories: &[String]) -> BTreeSet<&str> {
    let all_above = |directory: &'_ String| -> Vec<usize> { directory.match_indices('/').map(|(at, _)| at).collect() };
    directories.iter().flat_map(|it| all_above(it).into_iter().chain([0]).map(|end| &it[..end])).collect()
}

/// The aliases, where there are any that can be understood.
fn aliases(root: &Path) -> (Option<OwnersAliases>, Vec<Diagnostic>) {
    let path = root.join(ALIASES);
    if !files::is_there(&path) {
        return (None, Vec::new());
    }
    let text = files::read_given(&path).map_err(|error| vec![error.finding(ALIASES)]);
    match text.and_then(|text| decoded(ALIASES, &text)) {
        Ok(aliases) => (Some(aliases), Vec::new()),
        Err(findings) => (None, findings),
    }
}

fn of_file(
    tree: &Tree,
    entry: &Entry,
    shown: &str,
    aliases: Option<&OwnersAliases>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let text = files::read_text(tree, entry).map_err(|error| vec![error.finding(shown)])?;
    let owners: OwnersFile = decoded(shown, &text)?;
    Ok(placed(lint_owners(Some(&owners), aliases), shown, &text))
}
