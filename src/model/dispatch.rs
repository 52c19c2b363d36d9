//! The two files that say which build cluster runs what.
//!
//! [`DispatchConfig`] is `core-services/sanitize-prow-jobs/_config.yaml`: groups of jobs and paths, job files by build
//! cluster, clusters for special needs. [`ClusterInventory`] is `_clusters.yaml` beside it: the build clusters there
//! are, by cloud. Both are read leniently, as the reference reads them; what they must hold is checked in `dispatch`.

use std::collections::BTreeMap;

use crate::record;

/// The build clusters of each cloud.
pub type ClusterInventory = BTreeMap<String, Vec<BuildCluster>>;

record! {
    /// Which jobs run on which cluster.
    pub struct DispatchConfig {
        /// Whether a job runs on the cloud that its test uses.
        pub determine_e2e_by_job: bool => "determineE2EByJob" omit,
        /// The cloud to run on, by the cloud that the test uses, where they should differ.
        pub cloud_mapping: BTreeMap<String, String> => "cloudMapping" omit,
        /// The cluster of jobs that nothing else places.
        pub default: String => "default" keep,
        /// The cluster of jobs that need an SSH bastion.
        pub ssh_bastion: String => "sshBastion" keep,
        /// The clusters with KVM devices.
        pub kvm: Option<Vec<String>> => "kvm" keep,
        /// The clusters of jobs that build nothing.
        pub no_builds: Vec<String> => "noBuilds" omit,
        /// Clusters that only people assign jobs to.
        pub manual_clusters: Vec<String> => "manualClusters" omit,
        /// Jobs and paths by cluster.
        pub groups: Option<BTreeMap<String, JobGroup>> => "groups" keep,
        /// Job files by cloud and build cluster.
        pub build_farm: BTreeMap<String, BTreeMap<String, Option<AssignedFiles>>> => "buildFarm" omit,
    }

    /// Jobs that run on one cluster.
    pub struct JobGroup {
        /// Names of jobs.
        pub jobs: Vec<String> => "jobs" omit,
        /// Patterns of the paths of job files.
        pub paths: Vec<String> => "paths" omit,
    }

    /// The job files of a build cluster.
    pub struct AssignedFiles {
        /// Base names of job files.
        pub filenames: Vec<String> => "filenames" omit,
    }

    /// A build cluster.
    pub struct BuildCluster {
        /// Its name, as jobs give it.
        pub name: String => "name" keep,
        /// How much of its share it takes, in percent; a negative one blocks it.
        pub capacity: i64 => "capacity" keep,
        /// What it can do that jobs may ask for.
        pub capabilities: Option<Vec<String>> => "capabilities" keep,
        /// Whether no job may run on it.
        pub blocked: bool => "blocked" keep,
    }
}
