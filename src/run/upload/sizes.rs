//! Whether ConfigMaps get too large: by their files alone before any server is asked, and once it is known what else is in
//! them. What is asked is always [`size::check`]; here is what it is asked about.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::options::{Against, Manner, UploadOptions};
use super::prepare::Prepared;
use crate::diagnostic::{Diagnostic, Severity};
use crate::updater::keys::VERSION;
use crate::updater::load::Weight;
use crate::updater::size::{self, Item as Sized, Suspect};
use crate::updater::{ConfigMapId, Page, Placement};
use crate::upload::{Item, VersionPolicy};

/// The ConfigMaps that are too large whatever is there already, so that nobody need be asked. Where no server is asked in any
/// case, or what is too large is tried all the same, the plan tells.
pub fn of_files(options: &UploadOptions, prepared: &Prepared) -> Vec<Diagnostic> {
    if !options.manner.is_strict() || !matches!(options.against, Against::Clusters(_)) {
        return Vec::new();
    }
    let page = prepared.page();
    let mut findings = Vec::new();
    // One that is the same in many clusters is weighed once.
    let mut by_name: BTreeMap<&str, Vec<&BTreeMap<String, Item>>> = BTreeMap::new();
    for (id, items) in &prepared.desired.maps {
        let same_name = by_name.entry(&id.name).or_default();
        if same_name.contains(&items) {
            continue;
        }
        same_name.push(items);
        let finding = check(id, items, version(&options.manner), &prepared.placement, &page);
        findings.extend(finding.filter(|finding| finding.rule == size::TOO_LARGE.id));
    }
    findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    findings
}

/// The commit, where every write brings it along.
fn version(manner: &Manner) -> Vec<(String, Weight)> {
    match manner {
        Manner::Careful { writer, .. } if writer.version != VersionPolicy::Never => {
            let commit = writer.commit.iter();
            commit.map(|commit| (VERSION.to_owned(), Weight::stored(commit.id.as_bytes(), true))).collect()
        }
        _ => Vec::new(),
    }
}

/// What is wrong with the size of a ConfigMap with these files and these other keys.
pub fn check(
    id: &ConfigMapId,
    items: &BTreeMap<String, Item>,
    besides: Vec<(String, Weight)>,
    placement: &Placement,
    page: &Page<'_>,
) -> Option<Diagnostic> {
    let mut sized = Vec::with_capacity(items.len());
    for (key, Item { path, content, is_packed, at }) in items {
        sized.push(Sized { key: key.clone(), path, at: *at, is_packed: *is_packed, size: content.len() as u64 });
    }
    let suspect = Suspect { id: id.clone(), items: sized, besides };
    if !suspect.may_be_large() {
        return None;
    }
    let by_path: BTreeMap<&str, &Item> = items.values().map(|item| (&*item.path, item)).collect();
    let weigh = |asked: &[(&str, bool)]| -> Vec<Weight> {
        // What is packed here is what is uploaded: it is not packed again for that.
        let one = |(path, is_packed): &(&str, bool)| match (by_path.get(path), is_packed) {
            (Some(item), true) => Weight::stored(item.content.packed().bytes(), false),
            (Some(item), false) => Weight::of(&item.content, None),
            (None, _) => Weight::default(),
        };
        asked.par_iter().map(one).collect()
    };
    size::check(&suspect, placement, page, &weigh)
}
