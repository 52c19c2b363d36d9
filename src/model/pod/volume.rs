//! Volumes and what most of them are made of. [`VolumeSource`] lists all kinds; the ones of cloud providers and storage
//! systems are in `storage.rs`.

use super::claim::{EphemeralVolumeSource, PersistentVolumeClaimVolumeSource};
use super::env::{ObjectFieldSelector, ResourceFieldSelector};
use super::spec::LocalObjectReference;
use super::storage::{
    AWSElasticBlockStoreVolumeSource, AzureDiskVolumeSource, AzureFileVolumeSource, CSIVolumeSource,
    CephFSVolumeSource, CinderVolumeSource, FCVolumeSource, FlexVolumeSource, FlockerVolumeSource,
    GCEPersistentDiskVolumeSource, GlusterfsVolumeSource, ISCSIVolumeSource, NFSVolumeSource,
    PhotonPersistentDiskVolumeSource, PortworxVolumeSource, QuobyteVolumeSource, RBDVolumeSource, ScaleIOVolumeSource,
    StorageOSVolumeSource, VsphereVirtualDiskVolumeSource,
};
use crate::model::meta::LabelSelector;
use crate::model::scalar::Quantity;
use crate::record;

record! {
    /// A volume of a pod.
    pub struct Volume {
        pub name: String => "name" keep,
        pub volume_source: VolumeSource => embed,
    }

    /// What a volume is made of: one of the fields.
    pub struct VolumeSource {
        pub host_path: Option<Box<HostPathVolumeSource>> => "hostPath" omit,
        pub empty_dir: Option<Box<EmptyDirVolumeSource>> => "emptyDir" omit,
        pub gce_persistent_disk: Option<Box<GCEPersistentDiskVolumeSource>> => "gcePersistentDisk" omit,
        pub aws_elastic_block_store: Option<Box<AWSElasticBlockStoreVolumeSource>> => "awsElasticBlockStore" omit,
        pub git_repo: Option<Box<GitRepoVolumeSource>> => "gitRepo" omit,
        pub secret: Option<Box<SecretVolumeSource>> => "secret" omit,
        pub nfs: Option<Box<NFSVolumeSource>> => "nfs" omit,
        pub iscsi: Option<Box<ISCSIVolumeSource>> => "iscsi" omit,
        pub glusterfs: Option<Box<GlusterfsVolumeSource>> => "glusterfs" omit,
        pub persistent_volume_claim: Option<Box<PersistentVolumeClaimVolumeSource>> => "persistentVolumeClaim" omit,
        pub rbd: Option<Box<RBDVolumeSource>> => "rbd" omit,
        pub flex_volume: Option<Box<FlexVolumeSource>> => "flexVolume" omit,
        pub cinder: Option<Box<CinderVolumeSource>> => "cinder" omit,
        pub cephfs: Option<Box<CephFSVolumeSource>> => "cephfs" omit,
        pub flocker: Option<Box<FlockerVolumeSource>> => "flocker" omit,
        pub downward_api: Option<Box<DownwardAPIVolumeSource>> => "downwardAPI" omit,
        pub fc: Option<Box<FCVolumeSource>> => "fc" omit,
        pub azure_file: Option<Box<AzureFileVolumeSource>> => "azureFile" omit,
        pub config_map: Option<Box<ConfigMapVolumeSource>> => "configMap" omit,
        pub vsphere_volume: Option<Box<VsphereVirtualDiskVolumeSource>> => "vsphereVolume" omit,
        pub quobyte: Option<Box<QuobyteVolumeSource>> => "quobyte" omit,
        pub azure_disk: Option<Box<AzureDiskVolumeSource>> => "azureDisk" omit,
        pub photon_persistent_disk: Option<Box<PhotonPersistentDiskVolumeSource>> => "photonPersistentDisk" omit,
        pub projected: Option<Box<ProjectedVolumeSource>> => "projected" omit,
        pub portworx_volume: Option<Box<PortworxVolumeSource>> => "portworxVolume" omit,
        pub scale_io: Option<Box<ScaleIOVolumeSource>> => "scaleIO" omit,
        pub storageos: Option<Box<StorageOSVolumeSource>> => "storageos" omit,
        pub csi: Option<Box<CSIVolumeSource>> => "csi" omit,
        pub ephemeral: Option<Box<EphemeralVolumeSource>> => "ephemeral" omit,
        pub image: Option<Box<ImageVolumeSource>> => "image" omit,
    }

    /// A directory of the node.
    pub struct HostPathVolumeSource {
        pub path: String => "path" keep,
        pub kind: Option<String> => "type" omit,
    }

    /// A directory that lives as long as the pod.
    pub struct EmptyDirVolumeSource {
        pub medium: String => "medium" omit,
        pub size_limit: Option<Quantity> => "sizeLimit" omit,
    }

    /// A clone of a git repository.
    pub struct GitRepoVolumeSource {
        pub repository: String => "repository" keep,
        pub revision: String => "revision" omit,
        pub directory: String => "directory" omit,
    }

    /// A secret's entries as files.
    pub struct SecretVolumeSource {
        pub secret_name: String => "secretName" omit,
        pub items: Vec<KeyToPath> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    /// A config map's entries as files.
    pub struct ConfigMapVolumeSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    /// Fields of the pod as files.
    pub struct DownwardAPIVolumeSource {
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    /// One such file.
    pub struct DownwardAPIVolumeFile {
        pub path: String => "path" keep,
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        pub mode: Option<i32> => "mode" omit,
    }

    /// An entry and the file it goes to.
    pub struct KeyToPath {
        pub key: String => "key" keep,
        pub path: String => "path" keep,
        pub mode: Option<i32> => "mode" omit,
    }

    /// Several sources in one directory.
    pub struct ProjectedVolumeSource {
        pub sources: Option<Vec<VolumeProjection>> => "sources" keep,
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    /// One of several sources in one directory: one of the fields.
    pub struct VolumeProjection {
        pub secret: Option<Box<SecretProjection>> => "secret" omit,
        pub downward_api: Option<Box<DownwardAPIProjection>> => "downwardAPI" omit,
        pub config_map: Option<Box<ConfigMapProjection>> => "configMap" omit,
        pub service_account_token: Option<Box<ServiceAccountTokenProjection>> => "serviceAccountToken" omit,
        pub cluster_trust_bundle: Option<Box<ClusterTrustBundleProjection>> => "clusterTrustBundle" omit,
    }

    /// A secret's entries among other files.
    pub struct SecretProjection {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    /// A config map's entries among other files.
    pub struct ConfigMapProjection {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    /// Fields of the pod among other files.
    pub struct DownwardAPIProjection {
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
    }

    /// A service account's token among other files.
    pub struct ServiceAccountTokenProjection {
        pub audience: String => "audience" omit,
        pub expiration_seconds: Option<i64> => "expirationSeconds" omit,
        pub path: String => "path" keep,
    }

    /// Certificates among other files.
    pub struct ClusterTrustBundleProjection {
        pub name: Option<String> => "name" omit,
        pub signer_name: Option<String> => "signerName" omit,
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub optional: Option<bool> => "optional" omit,
        pub path: String => "path" keep,
    }

    /// The content of an image.
    pub struct ImageVolumeSource {
        pub reference: String => "reference" omit,
        pub pull_policy: String => "pullPolicy" omit,
    }
}
