//! A file of the step registry: what it defines, what that is part of, and which configs use it.

use std::collections::BTreeSet;
use std::path::Path;

use super::page::RegistryFile;
use crate::diagnostic::Diagnostic;
use crate::files::{Tree, path};
use crate::registry::{FileKind, file_kind, stem};
use crate::run::layout::{CONFIG, REGISTRY};
use crate::run::options::Error;
use crate::run::registry;
use crate::run::users::configs_using;

/// What there is to tell about a path below the registry's root.
pub fn file(root: &Path, relative: &str) -> Result<(RegistryFile, Vec<Diagnostic>), Error> {
    let kind = file_kind(relative);
    let name = stem(relative).to_owned();
    let mut told = RegistryFile {
        kind: noun(kind),
        name: name.clone(),
        by_all: false,
        definitions: Vec::new(),
        configs: Vec::new(),
        repositories: 0,
    };
    if matches!(kind, FileKind::Metadata | FileKind::Version | FileKind::Ignored | FileKind::Unknown) {
        return Ok((told, Vec::new()));
    }
    let (registry, mut findings) = registry::load_below(root)?;
    findings.retain(|finding| finding.is_error() && finding.file == path::join(REGISTRY, relative));
    let touched = registry.touched([relative]);
    told.by_all = touched.is_everything();
    if told.by_all {
        return Ok((told, findings));
    }
    // A script may be of a step or of an observer, and its name alone does not say which.
    let is_itself = |of: FileKind, named: &str| *named == name && (of == kind || registry.file_of(of, named).is_none());
    let is_known = |of: FileKind, named: &str| registry.file_of(of, named).is_some();
    let definitions = touched.definitions().filter(|(of, named)| !is_itself(*of, named) && is_known(*of, named));
    told.definitions = definitions.map(|(of, named)| (noun(of), named.to_owned())).collect();
    let users = configs_using(&touched, &Tree::within(root.join(CONFIG), root)?)?;
    told.repositories = users.iter().map(|user| user.identity.org_repo()).collect::<BTreeSet<_>>().len();
    told.configs = users.into_iter().map(|user| (path::join(CONFIG, &user.relative), user.tests)).collect();
    Ok((told, findings))
}

fn noun(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Step => "step",
        FileKind::Chain => "chain",
        FileKind::Workflow => "workflow",
        FileKind::Observer => "observer",
        FileKind::Script => "script",
        FileKind::Profiles => "cluster profiles",
        FileKind::Metadata => "metadata",
        FileKind::Version => "version",
        FileKind::Ignored => "file that is passed over",
        FileKind::Unknown => "file that is refused, as its name is of no kind:",
    }
}
