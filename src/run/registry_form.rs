//! What of the step registry has a canonical form: metadata beside its files, and the file of cluster profiles.

use super::layout::{PROFILES, REGISTRY};
use super::metadata::metadata;
use super::options::{ChangeKind, Error};
use super::part::Part;
use super::plan::Planned;
use crate::canonical::{lost, sort_owners};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, path, walk};
use crate::model::config::ClusterProfiles;
use crate::registry::check_groups_and_patterns;
use crate::validate::validate_profiles;
use crate::yaml::codec::write;
use crate::yaml::locate::{UNWRITABLE_TEXT, decoded_tree, parsed, place};

/// Plans what of the registry is not in canonical form, as far as `named` paths of the release repository reach.
pub fn part(tree: &Tree, named: &[String], keep_old: bool) -> Result<Part, Error> {
    let is_wanted = &|shown: &str| named.iter().any(|named| reaches(named, shown));
    let mut part = metadata(tree, REGISTRY, is_wanted, keep_old)?;
    let shown = path::join(REGISTRY, PROFILES);
    if !is_wanted(&shown) || !files::is_there(&tree.join(PROFILES)?) {
        return Ok(part);
    }
    for entry in walk(tree, PROFILES, &|_, _| true)?.files {
        match profiles(tree, &entry, &shown, keep_old) {
            Ok((planned, losses)) => {
                part.plan(planned);
                part.findings.extend(losses);
            }
            Err(findings) => part.findings.extend(findings),
        }
    }
    Ok(part)
}

/// Whether a path that was named reaches a file of the registry: it, its metadata, or the OWNERS that these are made of.
fn reaches(named: &str, shown: &str) -> bool {
    let stem = named.strip_suffix(".metadata.json").unwrap_or(named);
    let beside = named.strip_suffix("/OWNERS").is_some_and(|directory| path::directory(shown) == directory);
    path::is_within(shown, named) || shown.strip_suffix(".yaml") == Some(stem) || beside
}

/// The change of the file of cluster profiles, where there is one, and what it loses by it.
fn profiles(
    tree: &Tree,
    entry: &Entry,
    shown: &str,
    keep_old: bool,
) -> Result<(Option<Planned>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let old = files::read_text_as_it_stands(tree, entry).map_err(|error| vec![error.finding(shown)])?;
    let text = canonical(&old, shown)?;
    if text == old {
        return Ok((None, Vec::new()));
    }
    let losses = lost::<ClusterProfiles>(shown, &old);
    let old = keep_old.then(|| old.into_bytes());
    let (path, kind) = (entry.path.clone(), ChangeKind::Rewritten);
    Ok((Some(Planned { path, shown: shown.to_owned(), kind, bytes: text.into_bytes(), old }), losses))
}

fn canonical(old: &str, shown: &str) -> Result<String, Vec<Diagnostic>> {
    let tree = parsed(shown, old)?;
    let mut profiles: ClusterProfiles = decoded_tree(&tree, shown, old)?;
    let mut violations = check_groups_and_patterns(&mut profiles);
    violations.extend(validate_profiles(&profiles));
    if !violations.is_empty() {
        return Err(violations.into_iter().map(|violation| place(violation, shown, old, &tree)).collect());
    }
    sort_owners(&mut profiles);
    write(&profiles, old.len() + 64)
        .map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, shown, error.to_string())])
}
