//! The files of the step registry by themselves.

use rayon::prelude::*;

use super::{Share, unformed_part};
use crate::canonical::notes;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Listings, Tree, path};
use crate::model::config::{
    ClusterProfiles, RegistryChainConfig, RegistryObserverConfig, RegistryReferenceConfig, RegistryWorkflowConfig,
};
use crate::registry::{FileKind, file_kind};
use crate::run::layout::REGISTRY;
use crate::run::options::{Error, ReviewOptions};
use crate::run::registry_form;
use crate::yaml::parse::parse;

/// What of the step registry has a canonical form, and what nobody reads of it or not as it was written.
pub fn registry(options: &ReviewOptions, listings: &Listings) -> Result<Share, Error> {
    let root = options.release_repo.join(REGISTRY);
    if !files::is_directory(&root) {
        return Ok(Share::default());
    }
    let tree = Tree::within(root, &options.release_repo)?.sharing(listings);
    let mut share = unformed_part(registry_form::part(&tree, &[REGISTRY.to_owned()], true)?);
    let walked = files::walk(&tree, "", &|name, kind| kind == Kind::Directory || path::extension(name) == ".yaml")?;
    share.findings.extend(walked.files.par_iter().flat_map_iter(|entry| noted(&tree, entry)).collect::<Vec<_>>());
    Ok(share)
}

/// What nobody reads of a file of the registry, or not as it was written.
fn noted(tree: &Tree, entry: &Entry) -> Vec<Diagnostic> {
    let tell = match file_kind(&entry.relative) {
        FileKind::Step => notes::<RegistryReferenceConfig>,
        FileKind::Chain => notes::<RegistryChainConfig>,
        FileKind::Workflow => notes::<RegistryWorkflowConfig>,
        FileKind::Observer => notes::<RegistryObserverConfig>,
        FileKind::Profiles => notes::<ClusterProfiles>,
        _ => return Vec::new(),
    };
    // What keeps a file from being read is told by who loads the registry.
    let Ok(text) = files::read_text(tree, entry) else { return Vec::new() };
    parse(&text).map(|parsed| tell(&path::join(REGISTRY, &entry.relative), &text, &parsed)).unwrap_or_default()
}
