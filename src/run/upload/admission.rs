//! Entries of `config_updater` that take files and are not for the repository that these are of.

use crate::catalogue::upload::NOT_ADMITTED;
use crate::diagnostic::Diagnostic;
use crate::updater::glob::Glob;
use crate::updater::page::entry;
use crate::updater::placement::Taken;
use crate::updater::{Mapping, Page, Placement};

/// The entries that take files which for this repository go nowhere; nobody knows of which repository the files are when it
/// has no name.
pub fn check(placement: &Placement, page: &Page<'_>, repository: &str, files: &[Taken<'_>]) -> Vec<Diagnostic> {
    // Two entries may share a file between them, one for each repository.
    let admits = |at: &u32| placement.get(*at).is_some_and(|(_, mapping)| mapping.admits(repository));
    let lost: Vec<&Taken<'_>> = files.iter().filter(|file| !file.by.iter().any(admits)).collect();
    let left_out = (0..).zip(placement.iter()).filter(|(_, (_, mapping))| !mapping.admits(repository));
    let finding = |(at, (glob, mapping)): (u32, (&Glob, &Mapping))| {
        let mut taken = lost.iter().filter(|file| file.by.contains(&at)).map(|file| file.path);
        let first = taken.next()?;
        let what = match taken.count() {
            0 => format!("{first} is left out"),
            more => format!("{} files, {first} among them, are left out", more + 1),
        };
        let allowed = mapping.spec.allowed_repos.join(", ");
        let organisation = repository.split('/').next().unwrap_or(repository);
        let is_denied = mapping.spec.denied_repos.iter().any(|name| name == repository || name == organisation);
        let (field, why) = match repository {
            _ if is_denied => ("denied_repos", format!("is not for {repository}")),
            "" => ("allowed_repos", format!("is for {allowed} only, and nothing says whose files these are")),
            _ => ("allowed_repos", format!("is for {allowed} only, not for {repository}")),
        };
        let message = format!("{what}: the entry {why}");
        Some(page.finding(&NOT_ADMITTED, &entry(glob.pattern()).name(field), message))
    };
    left_out.filter_map(finding).collect()
}
