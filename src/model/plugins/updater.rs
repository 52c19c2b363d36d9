//! Which files become ConfigMaps.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// Which files become ConfigMaps.
    pub struct ConfigUpdater {
        /// Clusters with namespaces, under names that `maps` refers to.
        pub cluster_groups: BTreeMap<String, ClusterGroup> => "cluster_groups" omit,
        /// The ConfigMap of each file, by path or pattern below the repository.
        pub maps: BTreeMap<String, ConfigMapSpec> => "maps" omit,
        /// Content is packed unless an entry says otherwise.
        pub gzip: bool => "gzip" keep,
    }

    /// Clusters with the same namespaces.
    pub struct ClusterGroup {
        /// The clusters.
        pub clusters: Vec<String> => "clusters" omit,
        /// The namespaces in each.
        pub namespaces: Vec<String> => "namespaces" omit,
    }

    /// The ConfigMap that files go to.
    pub struct ConfigMapSpec {
        /// Its name. Excludes `partitioned_names`.
        pub name: String => "name" keep,
        /// The names of several ConfigMaps that the files are spread over; at most 256.
        pub partitioned_names: Vec<String> => "partitioned_names" omit,
        /// The key; the file's name unless set.
        pub key: String => "key" omit,
        /// The content is packed.
        pub gzip: Option<bool> => "gzip" omit,
        /// The namespaces it is in, by cluster. Excludes `cluster_groups`.
        pub clusters: BTreeMap<String, Given<Vec<String>>> => "clusters" omit,
        /// The groups of clusters it is in. Excludes `clusters`.
        pub cluster_groups: Vec<String> => "cluster_groups" omit,
        /// The key is the file's path with dashes for slashes.
        pub use_full_path_as_key: bool => "use_full_path_as_key" omit,
        /// Organisations and repositories that may change it; all when empty.
        pub allowed_repos: Vec<String> => "allowed_repos" omit,
        /// Organisations and repositories that may not change it.
        pub denied_repos: Vec<String> => "denied_repos" omit,
    }
}
