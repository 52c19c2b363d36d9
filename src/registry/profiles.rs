//! Cluster profiles: cluster groups put in place of their names.

use std::collections::BTreeSet;

use crate::diagnostic::{KeyPath, Violation};
use crate::model::config::ClusterProfiles;

/// Gives each owner's Konflux tenant the clusters of its groups; a violation for each group that is not defined.
pub(super) fn resolve_cluster_groups(profiles: &mut ClusterProfiles) -> Vec<Violation> {
    let mut violations = Vec::new();
    let groups = profiles.konflux.as_ref().map(|konflux| &konflux.cluster_groups);
    for (number, profile) in profiles.cluster_profiles.iter_mut().enumerate() {
        for (owner_number, owner) in profile.owners.iter_mut().enumerate() {
            let Some(konflux) = &mut owner.konflux else { continue };
            let mut clusters: BTreeSet<&String> = konflux.clusters.iter().collect();
            for (position, name) in konflux.cluster_groups.iter().enumerate() {
                match groups.and_then(|groups| groups.get(name)) {
                    Some(members) => clusters.extend(members),
                    None => {
                        let path = KeyPath::root().key("cluster_profiles").item(number).key("owners");
                        let path = path.item(owner_number).key("konflux").key("cluster_groups").item(position);
                        let message =
                            format!("profiles[{number}].owners[{owner_number}] cluster group {name} not found");
                        violations.push(Violation { rule: "unknown-cluster-group", path, message });
                    }
                }
            }
            if !clusters.is_empty() {
                konflux.clusters_resolved = clusters.into_iter().cloned().collect();
            }
        }
    }
    violations
}
