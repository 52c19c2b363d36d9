//! Files that several entries take, apart from configs and job files, which [`super::membership`] looks at.
//!
//! One finding for two entries, however many files they share.

use std::collections::BTreeMap;

use super::page::{Page, entry};
use super::placement::{Placement, Taken};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    OVERLAP = warning "overlapping-entries",
        "two entries of config_updater take the same file",
        "Prow goes by any one of them, by chance, and may choose another the next time.",
        "narrow one of the globs";
}

/// The entries that share files.
pub fn check<'p>(
    placement: &Placement,
    page: &Page<'_>,
    files: impl IntoIterator<Item = &'p Taken<'p>>,
) -> Vec<Diagnostic> {
    let mut shared: BTreeMap<(u32, u32), (usize, &str)> = BTreeMap::new();
    for Taken { path, by } in files {
        for pair in by.windows(2) {
            if let [first, second] = pair {
                shared.entry((*first, *second)).or_insert((0, path)).0 += 1;
            }
        }
    }
    let finding = |((first, second), (count, path)): ((u32, u32), (usize, &str))| {
        let (glob, mapping) = placement.get(first)?;
        let (other, elsewhere) = placement.get(second)?;
        let files = if count == 1 { path.to_owned() } else { format!("{count} files, {path} among them,") };
        let (here, there) = (mapping.names().join(", "), elsewhere.names().join(", "));
        let message = format!("{files} may go to {here} by this entry and to {there} by {}", other.pattern());
        let place = entry(glob.pattern());
        Some(page.finding(&OVERLAP, &place, message).related(page.entry(&OVERLAP, other.pattern(), "the other entry")))
    };
    shared.into_iter().filter_map(finding).collect()
}
