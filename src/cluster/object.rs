//! What a request is about, in the words of messages.

use std::fmt;

use crate::updater::ConfigMapId;

/// ConfigMaps as they are called in URLs, roles and messages of the server.
pub(super) const RESOURCE: &str = "configmaps";

/// One ConfigMap somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// The cluster's name: a context.
    pub cluster: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Object {
    /// The ConfigMap of this name.
    pub fn new(id: &ConfigMapId) -> Self {
        Self { cluster: id.cluster.clone(), namespace: id.namespace.clone(), name: id.name.clone() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ConfigMap {} in namespace {} of cluster {}", self.name, self.namespace, self.cluster)
    }
}
