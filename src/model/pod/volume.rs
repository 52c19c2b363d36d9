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
        /// The volume's name, by which containers mount it.
        pub name: String => "name" keep,
        /// What it is made of.
        pub volume_source: VolumeSource => embed,
    }

    /// What a volume is made of: one of the fields.
    pub struct VolumeSource {
        /// A file or directory of the node.
        pub host_path: Option<Box<HostPathVolumeSource>> => "hostPath" omit,
        /// A directory that is empty at the start and gone with the pod.
        pub empty_dir: Option<Box<EmptyDirVolumeSource>> => "emptyDir" omit,
        /// A disk of Google's cloud.
        pub gce_persistent_disk: Option<Box<GCEPersistentDiskVolumeSource>> => "gcePersistentDisk" omit,
        /// A volume of Amazon's cloud.
        pub aws_elastic_block_store: Option<Box<AWSElasticBlockStoreVolumeSource>> => "awsElasticBlockStore" omit,
        /// A clone of a git repository; superseded by init containers.
        pub git_repo: Option<Box<GitRepoVolumeSource>> => "gitRepo" omit,
        /// The entries of a secret, as files.
        pub secret: Option<Box<SecretVolumeSource>> => "secret" omit,
        /// A directory of an NFS server.
        pub nfs: Option<Box<NFSVolumeSource>> => "nfs" omit,
        /// A disk reached by iSCSI.
        pub iscsi: Option<Box<ISCSIVolumeSource>> => "iscsi" omit,
        /// A volume of GlusterFS.
        pub glusterfs: Option<Box<GlusterfsVolumeSource>> => "glusterfs" omit,
        /// A volume that was claimed before.
        pub persistent_volume_claim: Option<Box<PersistentVolumeClaimVolumeSource>> => "persistentVolumeClaim" omit,
        /// A block device of Ceph.
        pub rbd: Option<Box<RBDVolumeSource>> => "rbd" omit,
        /// Whatever a driver on the node makes of it.
        pub flex_volume: Option<Box<FlexVolumeSource>> => "flexVolume" omit,
        /// A volume of OpenStack.
        pub cinder: Option<Box<CinderVolumeSource>> => "cinder" omit,
        /// A directory of CephFS.
        pub cephfs: Option<Box<CephFSVolumeSource>> => "cephfs" omit,
        /// A dataset of Flocker.
        pub flocker: Option<Box<FlockerVolumeSource>> => "flocker" omit,
        /// Fields of the pod, as files.
        pub downward_api: Option<Box<DownwardAPIVolumeSource>> => "downwardAPI" omit,
        /// A disk reached by Fibre Channel.
        pub fc: Option<Box<FCVolumeSource>> => "fc" omit,
        /// A share of Microsoft's cloud.
        pub azure_file: Option<Box<AzureFileVolumeSource>> => "azureFile" omit,
        /// The entries of a config map, as files.
        pub config_map: Option<Box<ConfigMapVolumeSource>> => "configMap" omit,
        /// A disk of vSphere.
        pub vsphere_volume: Option<Box<VsphereVirtualDiskVolumeSource>> => "vsphereVolume" omit,
        /// A volume of Quobyte.
        pub quobyte: Option<Box<QuobyteVolumeSource>> => "quobyte" omit,
        /// A disk of Microsoft's cloud.
        pub azure_disk: Option<Box<AzureDiskVolumeSource>> => "azureDisk" omit,
        /// A disk of Photon.
        pub photon_persistent_disk: Option<Box<PhotonPersistentDiskVolumeSource>> => "photonPersistentDisk" omit,
        /// Several sources in one directory.
        pub projected: Option<Box<ProjectedVolumeSource>> => "projected" omit,
        /// A volume of Portworx.
        pub portworx_volume: Option<Box<PortworxVolumeSource>> => "portworxVolume" omit,
        /// A volume of ScaleIO.
        pub scale_io: Option<Box<ScaleIOVolumeSource>> => "scaleIO" omit,
        /// A volume of StorageOS.
        pub storageos: Option<Box<StorageOSVolumeSource>> => "storageos" omit,
        /// A volume that a CSI driver makes for the pod.
        pub csi: Option<Box<CSIVolumeSource>> => "csi" omit,
        /// A volume that is claimed for the pod alone.
        pub ephemeral: Option<Box<EphemeralVolumeSource>> => "ephemeral" omit,
        /// The content of an image.
        pub image: Option<Box<ImageVolumeSource>> => "image" omit,
    }

    /// A directory of the node.
    pub struct HostPathVolumeSource {
        /// The path on the node.
        pub path: String => "path" keep,
        /// What must be there, or is made: `Directory`, `DirectoryOrCreate`, `File`, `Socket` and so on.
        pub kind: Option<String> => "type" omit,
    }

    /// A directory that lives as long as the pod.
    pub struct EmptyDirVolumeSource {
        /// `Memory` keeps it in memory; the node's disk when not given.
        pub medium: String => "medium" omit,
        /// How much it may hold.
        pub size_limit: Option<Quantity> => "sizeLimit" omit,
    }

    /// A clone of a git repository.
    pub struct GitRepoVolumeSource {
        /// Where it is cloned from.
        pub repository: String => "repository" keep,
        /// The commit.
        pub revision: String => "revision" omit,
        /// The directory within the volume.
        pub directory: String => "directory" omit,
    }

    /// A secret's entries as files.
    pub struct SecretVolumeSource {
        /// The secret.
        pub secret_name: String => "secretName" omit,
        /// The entries that become files, and their paths; all entries when not given.
        pub items: Vec<KeyToPath> => "items" omit,
        /// The permissions of files that have none of their own, as a number.
        pub default_mode: Option<i32> => "defaultMode" omit,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// A config map's entries as files.
    pub struct ConfigMapVolumeSource {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// The entries that become files, and their paths; all entries when not given.
        pub items: Vec<KeyToPath> => "items" omit,
        /// The permissions of files that have none of their own, as a number.
        pub default_mode: Option<i32> => "defaultMode" omit,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// Fields of the pod as files.
    pub struct DownwardAPIVolumeSource {
        /// The fields that become files, and their paths.
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
        /// The permissions of files that have none of their own, as a number.
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    /// One such file.
    pub struct DownwardAPIVolumeFile {
        /// The file's path within the volume.
        pub path: String => "path" keep,
        /// A field of the pod.
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        /// A resource of a container.
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        /// The file's permissions, as a number.
        pub mode: Option<i32> => "mode" omit,
    }

    /// An entry and the file it goes to.
    pub struct KeyToPath {
        /// The entry.
        pub key: String => "key" keep,
        /// The file's path within the volume.
        pub path: String => "path" keep,
        /// The file's permissions, as a number.
        pub mode: Option<i32> => "mode" omit,
    }

    /// Several sources in one directory.
    pub struct ProjectedVolumeSource {
        /// The sources.
        pub sources: Option<Vec<VolumeProjection>> => "sources" keep,
        /// The permissions of files that have none of their own, as a number.
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    /// One of several sources in one directory: one of the fields.
    pub struct VolumeProjection {
        /// The entries of a secret.
        pub secret: Option<Box<SecretProjection>> => "secret" omit,
        /// Fields of the pod.
        pub downward_api: Option<Box<DownwardAPIProjection>> => "downwardAPI" omit,
        /// The entries of a config map.
        pub config_map: Option<Box<ConfigMapProjection>> => "configMap" omit,
        /// A token of the pod's service account.
        pub service_account_token: Option<Box<ServiceAccountTokenProjection>> => "serviceAccountToken" omit,
        /// Certificates that the cluster trusts.
        pub cluster_trust_bundle: Option<Box<ClusterTrustBundleProjection>> => "clusterTrustBundle" omit,
    }

    /// A secret's entries among other files.
    pub struct SecretProjection {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// The entries that become files, and their paths; all entries when not given.
        pub items: Vec<KeyToPath> => "items" omit,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// A config map's entries among other files.
    pub struct ConfigMapProjection {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// The entries that become files, and their paths; all entries when not given.
        pub items: Vec<KeyToPath> => "items" omit,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// Fields of the pod among other files.
    pub struct DownwardAPIProjection {
        /// The fields that become files, and their paths.
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
    }

    /// A service account's token among other files.
    pub struct ServiceAccountTokenProjection {
        /// Who the token is for; the cluster's API when not given.
        pub audience: String => "audience" omit,
        /// For how many seconds the token is good; an hour when not given.
        pub expiration_seconds: Option<i64> => "expirationSeconds" omit,
        /// The file's path within the volume.
        pub path: String => "path" keep,
    }

    /// Certificates among other files.
    pub struct ClusterTrustBundleProjection {
        /// The bundle.
        pub name: Option<String> => "name" omit,
        /// The signer whose bundles are taken, in place of one bundle.
        pub signer_name: Option<String> => "signerName" omit,
        /// Which of the signer's bundles, by their labels.
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
        /// The file's path within the volume.
        pub path: String => "path" keep,
    }

    /// The content of an image.
    pub struct ImageVolumeSource {
        /// The address of the image.
        pub reference: String => "reference" omit,
        /// When the image is pulled.
        pub pull_policy: String => "pullPolicy" omit,
    }
}
