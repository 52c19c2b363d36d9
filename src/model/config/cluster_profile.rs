//! Cluster profiles: which cloud accounts exist, and who may use them.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// The file that lists the cluster profiles.
    pub struct ClusterProfiles {
        /// The profiles.
        pub cluster_profiles: Vec<ClusterProfile> => "cluster_profiles" omit,
        /// Settings for owners that come from Konflux.
        pub konflux: Option<ClusterProfileKonfluxConfig> => "konflux" omit,
        /// Settings for sets of profiles.
        pub cluster_profile_sets_config: Option<ClusterProfileSetsConfig> => "cluster_profile_sets_config" omit,
    }

    /// One cluster profile: an account and what goes with it.
    pub struct ClusterProfile {
        /// The profile's name.
        pub name: String => "name" omit,
        /// Who may use the profile; everyone when empty.
        pub owners: Vec<ClusterProfileOwners> => "owners" omit,
        /// The kind of cluster it makes.
        pub cluster_type: String => "cluster_type" omit,
        /// What is leased for a test that uses it.
        pub lease_type: String => "lease_type" omit,
        /// What is leased for a test that needs addresses of its own.
        pub ip_pool_lease_type: String => "ip_pool_lease_type" omit,
        /// The secret with the profile's credentials.
        pub secret: String => "secret" omit,
        /// The config map with the profile's settings.
        pub config_map: String => "config_map" omit,
        /// The profiles that it stands for, if it is a set.
        pub set_members: Vec<String> => "set_members" omit,
    }

    /// An organisation, or some of its repositories, that may use a profile.
    pub struct ClusterProfileOwners {
        /// The organisation.
        pub org: String => "org" omit,
        /// Its repositories; all when not given. An empty list is none of them.
        pub repos: Given<Vec<String>> => "repos" omit,
        /// A tenant of Konflux, in place of an organisation.
        pub konflux: Option<ClusterProfileKonfluxOwner> => "konflux" omit,
    }

    /// A tenant of Konflux that may use a profile.
    pub struct ClusterProfileKonfluxOwner {
        /// The tenant.
        pub tenant: String => "tenant" omit,
        /// Clusters it may come from.
        pub clusters: Vec<String> => "clusters" omit,
        /// Groups of clusters it may come from.
        pub cluster_groups: Vec<String> => "cluster_groups" omit,
        /// All clusters, groups included; filled by tools.
        pub clusters_resolved: Vec<String> => "clusters_resolved" omit,
    }

    /// The groups of Konflux clusters.
    pub struct ClusterProfileKonfluxConfig {
        /// The clusters of each group.
        pub cluster_groups: BTreeMap<String, Vec<String>> => "cluster_groups" omit,
    }

    /// A cluster pool that belongs to somebody: an item of the file that lists the owners of cluster claims.
    pub struct ClusterClaimDetails {
        /// The pool, by the owner that claims name.
        pub claim: String => "claim" keep,
        /// Who may use it; everyone when empty.
        pub owners: Vec<ClusterClaimOwnerDetails> => "owners" keep,
    }

    /// An organisation, or some of its repositories, that may use a cluster pool.
    pub struct ClusterClaimOwnerDetails {
        /// The organisation.
        pub org: String => "org" keep,
        /// Its repositories; all when not given. An empty list is none of them.
        pub repos: Given<Vec<String>> => "repos" keep,
    }

    /// Settings for sets of profiles.
    pub struct ClusterProfileSetsConfig {
        /// Tests that may use a member directly: regular expressions for `org/repo`, branch, variant and test.
        pub tests_exceptions: BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>> => "tests_exceptions" omit,
    }
}
