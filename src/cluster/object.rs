//! What a request is about, in the words of messages.

use std::fmt;

use crate::updater::ConfigMapId;

/// The kinds of objects that are spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A ConfigMap.
    ConfigMap,
    /// A Lease, by which uploaders wait for one another.
    Lease,
}

impl Kind {
    /// As it stands in URLs, roles and messages of the server.
    pub fn resource(self) -> &'static str {
        match self {
            Self::ConfigMap => "configmaps",
            Self::Lease => "leases",
        }
    }

    /// The start of its URLs.
    pub(super) fn root(self) -> &'static str {
        match self {
            Self::ConfigMap => "/api/v1",
            Self::Lease => "/apis/coordination.k8s.io/v1",
        }
    }
}

/// One object somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// The cluster's name: a context.
    pub cluster: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Object {
    pub(super) fn new(kind: Kind, id: &ConfigMapId) -> Self {
        Self { kind, cluster: id.cluster.clone(), namespace: id.namespace.clone(), name: id.name.clone() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::ConfigMap => "ConfigMap",
            Kind::Lease => "Lease",
        };
        write!(out, "{kind} {} in namespace {} of cluster {}", self.name, self.namespace, self.cluster)
    }
}
