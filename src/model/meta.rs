//! Kubernetes metadata: labels, owners, selectors. [`ObjectMeta`] is what every object has.

#![expect(missing_docs, reason = "the fields are Kubernetes' own")]

use std::collections::BTreeMap;

use crate::model::scalar::{Raw, Time};
use crate::record;

record! {
    /// Which objects, by their labels.
    pub struct LabelSelector {
        pub match_labels: BTreeMap<String, String> => "matchLabels" omit,
        pub match_expressions: Vec<LabelSelectorRequirement> => "matchExpressions" omit,
    }

    /// A requirement on a label.
    pub struct LabelSelectorRequirement {
        pub key: String => "key" keep,
        pub operator: String => "operator" keep,
        pub values: Vec<String> => "values" omit,
    }

    /// What every object has.
    pub struct ObjectMeta {
        pub name: String => "name" omit,
        pub generate_name: String => "generateName" omit,
        pub namespace: String => "namespace" omit,
        pub self_link: String => "selfLink" omit,
        pub uid: String => "uid" omit,
        pub resource_version: String => "resourceVersion" omit,
        pub generation: i64 => "generation" omit,
        pub creation_timestamp: Time => "creationTimestamp" keep,
        pub deletion_timestamp: Option<Time> => "deletionTimestamp" omit,
        pub deletion_grace_period_seconds: Option<i64> => "deletionGracePeriodSeconds" omit,
        pub labels: BTreeMap<String, String> => "labels" omit,
        pub annotations: BTreeMap<String, String> => "annotations" omit,
        pub owner_references: Vec<OwnerReference> => "ownerReferences" omit,
        pub finalizers: Vec<String> => "finalizers" omit,
        pub managed_fields: Vec<ManagedFieldsEntry> => "managedFields" omit,
    }

    /// The kind and API version of an object.
    pub struct TypeMeta {
        pub kind: String => "kind" omit,
        pub api_version: String => "apiVersion" omit,
    }

    /// The object that owns another.
    pub struct OwnerReference {
        pub api_version: String => "apiVersion" keep,
        pub kind: String => "kind" keep,
        pub name: String => "name" keep,
        pub uid: String => "uid" keep,
        pub controller: Option<bool> => "controller" omit,
        pub block_owner_deletion: Option<bool> => "blockOwnerDeletion" omit,
    }

    /// Which fields a program manages.
    pub struct ManagedFieldsEntry {
        pub manager: String => "manager" omit,
        pub operation: String => "operation" omit,
        pub api_version: String => "apiVersion" omit,
        pub time: Option<Time> => "time" omit,
        pub fields_type: String => "fieldsType" omit,
        pub fields_v1: Option<Raw> => "fieldsV1" omit,
        pub subresource: String => "subresource" omit,
    }
}
