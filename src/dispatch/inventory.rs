//! The build clusters there are: the cluster file, checked.
//!
//! A cluster is either active or blocked; only active ones are in the build farm. A negative capacity blocks as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::model::dispatch::{BuildCluster, ClusterInventory};

use super::job::BUILD_CLOUDS;

rules! {
    UNKNOWN_CLOUD = "unknown-cloud",
        "clusters are listed under a cloud that no job can ask for",
        "Tests are matched with clusters by cloud, and none would ever match these.",
        "list the clusters under one of the clouds that the message names";
    UNNAMED_CLUSTER = "unnamed-cluster",
        "a build cluster has no name",
        "Jobs name the cluster they run on, so none could be sent there.",
        "give the cluster its name, or remove the entry";
    REPEATED_CLUSTER = "repeated-cluster",
        "a build cluster is listed more than once",
        "Its entries may contradict each other, and only one of them could count.",
        "keep one of the entries";
}

/// A cluster that jobs may run on.
#[derive(Debug)]
pub(super) struct ActiveCluster {
    pub name: String,
    pub cloud: String,
    pub capabilities: BTreeSet<String>,
}

impl ActiveCluster {
    /// Whether the cluster can do all of this.
    pub fn has_all(&self, capabilities: &[&str]) -> bool {
        capabilities.iter().all(|capability| self.capabilities.contains(*capability))
    }
}

/// All clusters of the cluster file.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// By name.
    pub active: Vec<ActiveCluster>,
    pub blocked: BTreeSet<String>,
}

impl Inventory {
    /// Takes the cluster file apart and notes what is wrong with it.
    pub fn new(file: ClusterInventory, violations: &mut Vec<Violation>) -> Self {
        let mut inventory = Self::default();
        let mut clouds: BTreeMap<String, String> = BTreeMap::new();
        for (cloud, clusters) in file {
            let path = KeyPath::root().key(&cloud);
            if !BUILD_CLOUDS.contains(&cloud.as_str()) {
                let message = format!("unsupported cloud provider {cloud:?}: known are {}", BUILD_CLOUDS.join(", "));
                violations.push(Violation { rule: UNKNOWN_CLOUD.id, path: path.clone(), message });
            }
            for (at, cluster) in clusters.into_iter().enumerate() {
                let place = path.item(at).key("name");
                if cluster.name.is_empty() {
                    let message = format!("provider {cloud:?} contains a cluster with an empty name");
                    violations.push(Violation { rule: UNNAMED_CLUSTER.id, path: place, message });
                } else if let Some(earlier) = clouds.insert(cluster.name.clone(), cloud.clone()) {
                    let message = format!(
                        "cluster {:?} is defined more than once under providers {earlier:?} and {cloud:?}",
                        cluster.name
                    );
                    violations.push(Violation { rule: REPEATED_CLUSTER.id, path: place, message });
                } else {
                    inventory.add(&cloud, cluster);
                }
            }
        }
        inventory.active.sort_by(|left, right| left.name.cmp(&right.name));
        inventory
    }

    fn add(&mut self, cloud: &str, cluster: BuildCluster) {
        if cluster.blocked || cluster.capacity < 0 {
            self.blocked.insert(cluster.name);
        } else {
            let capabilities = cluster.capabilities.unwrap_or_default().into_iter().collect();
            self.active.push(ActiveCluster { name: cluster.name, cloud: cloud.to_owned(), capabilities });
        }
    }
}
