//! The build farm: the active clusters of the inventory, each with the job files that the configuration gives it.
//!
//! The inventory decides which clusters there are and on which cloud; the configuration only says which files a cluster
//! has. Files of clusters that are gone or blocked are nobody's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::model::dispatch::AssignedFiles;

use super::inventory::{ActiveCluster, Inventory, REPEATED_CLUSTER};

rules! {
    NULL_CLUSTER = "null-cluster",
        "a cluster of the build farm has null in place of its files",
        "sanitize-prow-jobs crashes when it asks for the files of such a cluster.",
        "write {} for a cluster without files";
}

/// Who has a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileClaim {
    /// The last cluster that lists it.
    pub cluster: usize,
    /// How many have it.
    pub claims: usize,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct BuildFarm {
    /// By name.
    pub clusters: Vec<ActiveCluster>,
    /// Clusters by cloud, by name within.
    clouds: BTreeMap<String, Vec<usize>>,
    files: HashMap<String, FileClaim>,
}

impl BuildFarm {
    /// Gives the clusters of the inventory their files, and notes what is wrong with the assignment.
    pub fn new(
        inventory: Inventory,
        assignments: BTreeMap<String, BTreeMap<String, Option<AssignedFiles>>>,
        violations: &mut Vec<Violation>,
    ) -> Self {
        let mut farm = Self { clusters: inventory.active, ..Self::default() };
        for (at, cluster) in farm.clusters.iter().enumerate() {
            farm.clouds.entry(cluster.cloud.clone()).or_default().push(at);
        }
        let mut seen = BTreeSet::new();
        for (cloud, clusters) in assignments {
            for (name, assigned) in clusters {
                let path = KeyPath::root().key("buildFarm").key(&cloud).key(&name);
                if seen.contains(&name) {
                    let message =
                        format!("cluster {name:?} is assigned to more than one provider in dispatcher config");
                    violations.push(Violation { rule: REPEATED_CLUSTER.id, path: path.clone(), message });
                }
                match assigned {
                    Some(assigned) => farm.assign(&name, assigned.filenames),
                    None => {
                        let message =
                            format!("cluster {name:?} is null where an object is needed: write {{}} for no files");
                        violations.push(Violation { rule: NULL_CLUSTER.id, path, message });
                    }
                }
                seen.insert(name);
            }
        }
        farm
    }

    fn assign(&mut self, name: &str, files: Vec<String>) {
        let Ok(cluster) = self.find(name) else { return };
        self.files.reserve(files.len());
        for file in files {
            let claim = self.files.entry(file).or_insert(FileClaim { cluster, claims: 1 });
            // A file that one cluster lists twice is claimed once.
            if claim.cluster != cluster {
                *claim = FileClaim { cluster, claims: claim.claims + 1 };
            }
        }
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.clusters.binary_search_by(|cluster| cluster.name.as_str().cmp(name))
    }

    /// Whether a cluster is in the build farm.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Who has a file, by its base name.
    pub fn claim(&self, file: &str) -> Option<FileClaim> {
        self.files.get(file).copied()
    }

    /// The clusters on a cloud, by name.
    pub fn on_cloud(&self, cloud: &str) -> &[usize] {
        self.clouds.get(cloud).map_or(&[], Vec::as_slice)
    }
}
