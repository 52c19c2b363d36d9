//! Who approves changes of configs.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::{Share, as_its_rule, placed};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, path};
use crate::lint::{OwnersAliases, OwnersFile, lint_owners};
use crate::run::inventory::walk_configs;
use crate::run::layout::CONFIG;
use crate::run::options::{Error, ReviewOptions};
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::locate::{syntax_finding, type_finding};
use crate::yaml::parse::parse;

/// The aliases of the repository, at its root.
const ALIASES: &str = "OWNERS_ALIASES";

/// Directories of configs whose OWNERS are missing, cannot be understood or name nobody.
pub fn owners(options: &ReviewOptions) -> Result<Share, Error> {
    let root = &options.release_repo;
    let (aliases, mut findings) = aliases(root);
    let tree = Tree::within(root.join(CONFIG), root)?;
    let walked = walk_configs(&tree, "")?;
    let mut directories: BTreeMap<&str, Option<&Entry>> = BTreeMap::new();
    for entry in &walked.files {
        let place = directories.entry(path::directory(&entry.relative)).or_default();
        if entry.name() == "OWNERS" {
            *place = Some(entry);
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
    findings.par_extend(directories.par_iter().flat_map_iter(one));
    Ok(findings.into())
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

fn decoded<T: Decode>(shown: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    let tree = parse(text).map_err(|error| vec![syntax_finding(error, shown, text)])?;
    read(&tree, Strictness::Lenient)
        .map_err(|problems| problems.into_iter().map(|problem| type_finding(problem, shown, text)).collect())
}
