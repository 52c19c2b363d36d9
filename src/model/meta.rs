//! Kubernetes metadata: labels, owners, selectors. [`ObjectMeta`] is what every object has.

use std::collections::BTreeMap;

use crate::model::scalar::{Raw, Time};
use crate::record;

record! {
    /// Which objects, by their labels.
    pub struct LabelSelector {
        /// Labels and the values they must have.
        pub match_labels: BTreeMap<String, String> => "matchLabels" omit,
        /// Further requirements on labels.
        pub match_expressions: Vec<LabelSelectorRequirement> => "matchExpressions" omit,
    }

    /// A requirement on a label.
    pub struct LabelSelectorRequirement {
        /// The label.
        pub key: String => "key" keep,
        /// How it is compared with the values.
        pub operator: String => "operator" keep,
        /// What it is compared with; none for `Exists` and `DoesNotExist`.
        pub values: Vec<String> => "values" omit,
    }

    /// What every object has.
    pub struct ObjectMeta {
        /// Its name.
        pub name: String => "name" omit,
        /// The beginning of a name that the cluster makes.
        pub generate_name: String => "generateName" omit,
        /// Its namespace.
        pub namespace: String => "namespace" omit,
        /// Its address in the API; no longer set.
        pub self_link: String => "selfLink" omit,
        /// Its identifier; set by the cluster.
        pub uid: String => "uid" omit,
        /// Its version; set by the cluster.
        pub resource_version: String => "resourceVersion" omit,
        /// How often its specification has changed; set by the cluster.
        pub generation: i64 => "generation" omit,
        /// When it was made; set by the cluster.
        pub creation_timestamp: Time => "creationTimestamp" keep,
        /// When it is to be gone; set by the cluster.
        pub deletion_timestamp: Option<Time> => "deletionTimestamp" omit,
        /// How many seconds it has to stop; set by the cluster.
        pub deletion_grace_period_seconds: Option<i64> => "deletionGracePeriodSeconds" omit,
        /// Labels, by which it is found.
        pub labels: BTreeMap<String, String> => "labels" omit,
        /// Notes for programs and people.
        pub annotations: BTreeMap<String, String> => "annotations" omit,
        /// Objects that own it; it goes with the last of them.
        pub owner_references: Vec<OwnerReference> => "ownerReferences" omit,
        /// What must be done before it can be gone.
        pub finalizers: Vec<String> => "finalizers" omit,
        /// Which program manages which fields; set by the cluster.
        pub managed_fields: Vec<ManagedFieldsEntry> => "managedFields" omit,
    }

    /// The kind and API version of an object.
    pub struct TypeMeta {
        /// The kind of object.
        pub kind: String => "kind" omit,
        /// The API version of its kind.
        pub api_version: String => "apiVersion" omit,
    }

    /// The object that owns another.
    pub struct OwnerReference {
        /// The API version of the owner's kind.
        pub api_version: String => "apiVersion" keep,
        /// The owner's kind.
        pub kind: String => "kind" keep,
        /// The owner's name.
        pub name: String => "name" keep,
        /// The owner's identifier.
        pub uid: String => "uid" keep,
        /// Whether the owner is what controls it.
        pub controller: Option<bool> => "controller" omit,
        /// Whether the owner stays until it is gone.
        pub block_owner_deletion: Option<bool> => "blockOwnerDeletion" omit,
    }

    /// Which fields a program manages.
    pub struct ManagedFieldsEntry {
        /// The program.
        pub manager: String => "manager" omit,
        /// How it set them: `Apply` or `Update`.
        pub operation: String => "operation" omit,
        /// The API version that it used.
        pub api_version: String => "apiVersion" omit,
        /// When it did.
        pub time: Option<Time> => "time" omit,
        /// The format of the fields.
        pub fields_type: String => "fieldsType" omit,
        /// The fields.
        pub fields_v1: Option<Raw> => "fieldsV1" omit,
        /// The part of the object that it used.
        pub subresource: String => "subresource" omit,
    }
}
