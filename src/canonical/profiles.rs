//! Cluster profiles in canonical form.

use crate::model::config::ClusterProfiles;

/// Sorts the owners of each profile by organisation, and their repositories; leaves out what tools fill in. Tenants, which
/// have no organisation, come first in the order that they have.
pub fn sort_owners(profiles: &mut ClusterProfiles) {
    for profile in &mut profiles.cluster_profiles {
        for owner in &mut profile.owners {
            owner.repos.sort();
            if let Some(konflux) = &mut owner.konflux {
                konflux.clusters_resolved.clear();
            }
        }
        profile.owners.sort_by(|left, right| left.org.cmp(&right.org));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::{ClusterProfile, ClusterProfileKonfluxOwner, ClusterProfileOwners};

    #[test]
    fn tenants_keep_their_order() {
        let tenant = |name: &str| ClusterProfileOwners {
            konflux: Some(ClusterProfileKonfluxOwner { tenant: name.to_owned(), ..Default::default() }),
            ..Default::default()
        };
        let mut owners: Vec<_> = ('a'..='z').rev().map(|name| tenant(&name.to_string())).collect();
        owners.insert(3, ClusterProfileOwners { org: "acme".into(), ..Default::default() });
        let expected: Vec<_> = owners.iter().filter(|owner| owner.org.is_empty()).cloned().collect();
        let profile = ClusterProfile { owners, ..Default::default() };
        let mut profiles = ClusterProfiles { cluster_profiles: vec![profile], ..Default::default() };
        sort_owners(&mut profiles);
        let sorted = &profiles.cluster_profiles[0].owners;
        assert_eq!((&sorted[..26], sorted[26].org.as_str()), (&expected[..], "acme"));
    }
}
