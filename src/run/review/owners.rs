//! Who approves changes of configs.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Share, as_its_rule, placed};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, path};
use crate::lint::{OwnersAliases, OwnersFile, lint_owners};
use crate::run::inventory::walk_configs;
use crate::run::layout::CONFIG;
use crate::run::options::{Error, ReviewOptions};
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::parse::parse;

/// Directories of configs whose OWNERS are missing or name nobody.
pub fn owners(options: &ReviewOptions) -> Result<Share, Error> {
    let root = &options.release_repo;
    let aliases = files::read_given(&root.join("OWNERS_ALIASES")).ok();
    let aliases = aliases.and_then(|text| decoded::<OwnersAliases>(&text));
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
            Some(entry) => {
                let text = files::read_text(&tree, entry).unwrap_or_default();
                placed(lint_owners(decoded::<OwnersFile>(&text).as_ref(), aliases.as_ref()), &shown, &text)
            }
            // An organisation's owners are its repositories'.
            None if directories.get(path::directory(directory)).is_some_and(Option::is_some) => Vec::new(),
            None => {
                let found = lint_owners(None, None).into_iter();
                found.map(|it| as_its_rule(Diagnostic::of_file(&*shown, it.rule, it.message))).collect()
            }
        }
    };
    Ok(directories.par_iter().flat_map_iter(one).collect::<Vec<_>>().into())
}

fn decoded<T: Decode>(text: &str) -> Option<T> {
    read(&parse(text).ok()?, Strictness::Lenient).ok()
}
