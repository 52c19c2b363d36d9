//! What makes the rules for ConfigMaps wrong.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::plugins::updater::ConfigUpdater;
use crate::shard::Source;
use crate::shard::part::keys;

use super::check::PLUGIN_CONFIG;

/// Most ConfigMaps that files are spread over.
const MOST_PARTITIONS: usize = 256;

/// Looks through the rules, which were filled in. What the reference says does not always name the entry.
pub fn check(source: Source<'_>, updater: &ConfigUpdater) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    look(updater, &mut problems);
    let finding = |(path, file, reference): (KeyPath, &String, String)| {
        let entry = format!("maps.{file}");
        let message = if reference.contains(&entry) { reference.clone() } else { format!("{entry}: {reference}") };
        source.finding(&PLUGIN_CONFIG, path, message).as_reference(reference)
    };
    problems.into_iter().map(finding).collect()
}

/// Finds the place, the entry and the reference's words of what is wrong.
fn look<'u>(updater: &'u ConfigUpdater, problems: &mut Vec<(KeyPath, &'u String, String)>) {
    let mut written = BTreeSet::new();
    for (file, map) in &updater.maps {
        let path = keys(["config_updater", "maps", file]);
        if !map.name.is_empty() && !map.partitioned_names.is_empty() {
            let message =
                "'name' and 'partitioned_names' are mutually exclusive in the config_updater plugin configuration";
            problems.push((path.key("partitioned_names"), file, message.into()));
        }
        let count = map.partitioned_names.len();
        if count > MOST_PARTITIONS {
            let message = format!(
                "the PartitionedNames field in config_updater plugin config currently supports a maximum of 256 \
                 partitions, but you have {count} defined"
            );
            problems.push((path.key("partitioned_names"), file, message));
        }
        let name = if map.name.is_empty() { map.partitioned_names.join(",") } else { map.name.clone() };
        let key = if map.key.is_empty() { base(file) } else { &map.key };
        for (cluster, namespaces) in &map.clusters {
            for namespace in namespaces {
                if !written.insert((name.clone(), namespace, cluster, key)) {
                    let message = format!("key {key} in configmap {name} updated with more than one file");
                    problems.push((path.clone(), file, message));
                }
            }
        }
        if !map.clusters.is_empty() && !map.cluster_groups.is_empty() {
            problems.push((path, file, format!("item maps.{file} contains both clusters and cluster_groups")));
            continue;
        }
        for (index, group) in map.cluster_groups.iter().enumerate() {
            if !updater.cluster_groups.contains_key(group) {
                let message = format!(
                    "item maps.{file}.cluster_groups.{index} references inexistent cluster group named {group}"
                );
                problems.push((path.key("cluster_groups").item(index), file, message));
            }
        }
    }
}

/// The last element of a path, slashes at its end left out.
fn base(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit('/').next() {
        Some("") if path.starts_with('/') => "/",
        Some("") | None => ".",
        Some(base) => base,
    }
}
