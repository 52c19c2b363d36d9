//! Claims to persistent volumes.

use std::collections::BTreeMap;

use crate::model::meta::{LabelSelector, ObjectMeta, TypeMeta};
use crate::model::scalar::{Quantity, Time};
use crate::record;

record! {
    /// A volume that was claimed before.
    pub struct PersistentVolumeClaimVolumeSource {
        pub claim_name: String => "claimName" keep,
        pub read_only: bool => "readOnly" omit,
    }

    /// A volume that is claimed for the pod alone.
    pub struct EphemeralVolumeSource {
        pub volume_claim_template: Option<Box<PersistentVolumeClaimTemplate>> => "volumeClaimTemplate" omit,
    }

    /// The claim for such a volume.
    pub struct PersistentVolumeClaimTemplate {
        pub metadata: ObjectMeta => "metadata" keep,
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
    }

    /// A claim.
    pub struct PersistentVolumeClaim {
        pub type_meta: TypeMeta => embed,
        pub metadata: ObjectMeta => "metadata" keep,
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
        pub status: PersistentVolumeClaimStatus => "status" keep,
    }

    /// What is claimed.
    pub struct PersistentVolumeClaimSpec {
        pub access_modes: Vec<String> => "accessModes" omit,
        pub selector: Option<Box<LabelSelector>> => "selector" omit,
        pub resources: VolumeResourceRequirements => "resources" keep,
        pub volume_name: String => "volumeName" omit,
        pub storage_class_name: Option<String> => "storageClassName" omit,
        pub volume_mode: Option<String> => "volumeMode" omit,
        pub data_source: Option<Box<TypedLocalObjectReference>> => "dataSource" omit,
        pub data_source_ref: Option<Box<TypedObjectReference>> => "dataSourceRef" omit,
        pub volume_attributes_class_name: Option<String> => "volumeAttributesClassName" omit,
    }

    /// What became of a claim.
    pub struct PersistentVolumeClaimStatus {
        pub phase: String => "phase" omit,
        pub access_modes: Vec<String> => "accessModes" omit,
        pub capacity: BTreeMap<String, Quantity> => "capacity" omit,
        pub conditions: Vec<PersistentVolumeClaimCondition> => "conditions" omit,
        pub allocated_resources: BTreeMap<String, Quantity> => "allocatedResources" omit,
        pub allocated_resource_statuses: BTreeMap<String, String> => "allocatedResourceStatuses" omit,
        pub current_volume_attributes_class_name: Option<String> => "currentVolumeAttributesClassName" omit,
        pub modify_volume_status: Option<Box<ModifyVolumeStatus>> => "modifyVolumeStatus" omit,
    }

    /// A condition of a claim.
    pub struct PersistentVolumeClaimCondition {
        pub kind: String => "type" keep,
        pub status: String => "status" keep,
        pub last_probe_time: Time => "lastProbeTime" keep,
        pub last_transition_time: Time => "lastTransitionTime" keep,
        pub reason: String => "reason" omit,
        pub message: String => "message" omit,
    }

    /// The progress of a change to a volume.
    pub struct ModifyVolumeStatus {
        pub target_volume_attributes_class_name: String => "targetVolumeAttributesClassName" omit,
        pub status: String => "status" keep,
    }

    /// How large the volume must be.
    pub struct VolumeResourceRequirements {
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
    }

    /// An object in the namespace, with its kind.
    pub struct TypedLocalObjectReference {
        pub api_group: Option<String> => "apiGroup" keep,
        pub kind: String => "kind" keep,
        pub name: String => "name" keep,
    }

    /// An object in any namespace, with its kind.
    pub struct TypedObjectReference {
        pub api_group: Option<String> => "apiGroup" keep,
        pub kind: String => "kind" keep,
        pub name: String => "name" keep,
        pub namespace: Option<String> => "namespace" omit,
    }
}
