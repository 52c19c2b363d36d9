//! Claims to persistent volumes.

use std::collections::BTreeMap;

use crate::model::meta::{LabelSelector, ObjectMeta, TypeMeta};
use crate::model::scalar::{Quantity, Time};
use crate::record;

record! {
    /// A volume that was claimed before.
    pub struct PersistentVolumeClaimVolumeSource {
        /// The claim, in the pod's namespace.
        pub claim_name: String => "claimName" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A volume that is claimed for the pod alone.
    pub struct EphemeralVolumeSource {
        /// The claim that is made with the pod and goes with it.
        pub volume_claim_template: Option<Box<PersistentVolumeClaimTemplate>> => "volumeClaimTemplate" omit,
    }

    /// The claim for such a volume.
    pub struct PersistentVolumeClaimTemplate {
        /// Labels and annotations of the claim.
        pub metadata: ObjectMeta => "metadata" keep,
        /// What is claimed.
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
    }

    /// A claim.
    pub struct PersistentVolumeClaim {
        /// Its kind and API version.
        pub type_meta: TypeMeta => embed,
        /// Its name, labels and so on.
        pub metadata: ObjectMeta => "metadata" keep,
        /// What is claimed.
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
        /// What became of it; set by the cluster.
        pub status: PersistentVolumeClaimStatus => "status" keep,
    }

    /// What is claimed.
    pub struct PersistentVolumeClaimSpec {
        /// How the volume can be mounted: by one node or many, for reading or writing.
        pub access_modes: Vec<String> => "accessModes" omit,
        /// The volumes that come into question, by their labels.
        pub selector: Option<Box<LabelSelector>> => "selector" omit,
        /// How large the volume must be.
        pub resources: VolumeResourceRequirements => "resources" keep,
        /// The volume that is claimed, where it must be a certain one.
        pub volume_name: String => "volumeName" omit,
        /// The class of storage that the volume is made in.
        pub storage_class_name: Option<String> => "storageClassName" omit,
        /// Whether it is a file system (`Filesystem`) or a raw device (`Block`).
        pub volume_mode: Option<String> => "volumeMode" omit,
        /// A snapshot or claim that the volume starts as a copy of.
        pub data_source: Option<Box<TypedLocalObjectReference>> => "dataSource" omit,
        /// The same, for objects of any kind.
        pub data_source_ref: Option<Box<TypedObjectReference>> => "dataSourceRef" omit,
        /// The class of attributes that can be changed while the volume is in use.
        pub volume_attributes_class_name: Option<String> => "volumeAttributesClassName" omit,
    }

    /// What became of a claim.
    pub struct PersistentVolumeClaimStatus {
        /// How far it is: `Pending`, `Bound` or `Lost`.
        pub phase: String => "phase" omit,
        /// How the volume can be mounted: by one node or many, for reading or writing.
        pub access_modes: Vec<String> => "accessModes" omit,
        /// How large the volume is.
        pub capacity: BTreeMap<String, Quantity> => "capacity" omit,
        /// What is true of the claim at present.
        pub conditions: Vec<PersistentVolumeClaimCondition> => "conditions" omit,
        /// What is set aside for it, more than its capacity while it grows.
        pub allocated_resources: BTreeMap<String, Quantity> => "allocatedResources" omit,
        /// How far growing has come, by resource.
        pub allocated_resource_statuses: BTreeMap<String, String> => "allocatedResourceStatuses" omit,
        /// The class of attributes that it has.
        pub current_volume_attributes_class_name: Option<String> => "currentVolumeAttributesClassName" omit,
        /// How far a change of that class has come.
        pub modify_volume_status: Option<Box<ModifyVolumeStatus>> => "modifyVolumeStatus" omit,
    }

    /// A condition of a claim.
    pub struct PersistentVolumeClaimCondition {
        /// What it is about.
        pub kind: String => "type" keep,
        /// Whether it holds: `True`, `False` or `Unknown`.
        pub status: String => "status" keep,
        /// When it was last looked at.
        pub last_probe_time: Time => "lastProbeTime" keep,
        /// When it last changed.
        pub last_transition_time: Time => "lastTransitionTime" keep,
        /// Why it changed, in one word.
        pub reason: String => "reason" omit,
        /// Why it changed, in words for people.
        pub message: String => "message" omit,
    }

    /// The progress of a change to a volume.
    pub struct ModifyVolumeStatus {
        /// The class of attributes that the volume is to get.
        pub target_volume_attributes_class_name: String => "targetVolumeAttributesClassName" omit,
        /// How far it is: `Pending`, `InProgress` or `Infeasible`.
        pub status: String => "status" keep,
    }

    /// How large the volume must be.
    pub struct VolumeResourceRequirements {
        /// How large it may be at most.
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        /// How large it must be at least.
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
    }

    /// An object in the namespace, with its kind.
    pub struct TypedLocalObjectReference {
        /// The API group of its kind; the core group when null.
        pub api_group: Option<String> => "apiGroup" keep,
        /// Its kind.
        pub kind: String => "kind" keep,
        /// Its name.
        pub name: String => "name" keep,
    }

    /// An object in any namespace, with its kind.
    pub struct TypedObjectReference {
        /// The API group of its kind; the core group when null.
        pub api_group: Option<String> => "apiGroup" keep,
        /// Its kind.
        pub kind: String => "kind" keep,
        /// Its name.
        pub name: String => "name" keep,
        /// Its namespace; that of the claim when not given.
        pub namespace: Option<String> => "namespace" omit,
    }
}
