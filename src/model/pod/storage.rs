//! Volumes of cloud providers and storage systems.

use std::collections::BTreeMap;

use super::spec::LocalObjectReference;
use crate::record;

record! {
    /// A disk in Google's cloud.
    pub struct GCEPersistentDiskVolumeSource {
        /// The disk.
        pub pd_name: String => "pdName" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// The partition that is mounted; zero is the whole disk.
        pub partition: i32 => "partition" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A disk in Amazon's cloud.
    pub struct AWSElasticBlockStoreVolumeSource {
        /// The volume's identifier.
        pub volume_id: String => "volumeID" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// The partition that is mounted; zero is the whole disk.
        pub partition: i32 => "partition" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// An NFS share.
    pub struct NFSVolumeSource {
        /// The server.
        pub server: String => "server" keep,
        /// The directory that the server exports.
        pub path: String => "path" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// An iSCSI disk.
    pub struct ISCSIVolumeSource {
        /// The address of the target, with its port unless that is the usual one.
        pub target_portal: String => "targetPortal" keep,
        /// The target's qualified name.
        pub iqn: String => "iqn" keep,
        /// The number of the logical unit.
        pub lun: i32 => "lun" keep,
        /// The interface that is used.
        pub iscsi_interface: String => "iscsiInterface" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// Further addresses of the target.
        pub portals: Vec<String> => "portals" omit,
        /// Whether finding the target needs authentication by CHAP.
        pub chap_auth_discovery: bool => "chapAuthDiscovery" omit,
        /// Whether sessions need authentication by CHAP.
        pub chap_auth_session: bool => "chapAuthSession" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        /// The name that the node gives itself.
        pub initiator_name: Option<String> => "initiatorName" omit,
    }

    /// A Gluster volume.
    pub struct GlusterfsVolumeSource {
        /// The endpoints object with the servers' addresses.
        pub endpoints: String => "endpoints" keep,
        /// The volume.
        pub path: String => "path" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A Ceph block device.
    pub struct RBDVolumeSource {
        /// The addresses of Ceph's monitors.
        pub monitors: Option<Vec<String>> => "monitors" keep,
        /// The image.
        pub image: String => "image" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// Its pool; `rbd` when not given.
        pub pool: String => "pool" omit,
        /// The user; `admin` when not given.
        pub user: String => "user" omit,
        /// The file with the user's key on the node.
        pub keyring: String => "keyring" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A volume of a FlexVolume driver.
    pub struct FlexVolumeSource {
        /// The driver.
        pub driver: String => "driver" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// Options for the driver.
        pub options: BTreeMap<String, String> => "options" omit,
    }

    /// A Cinder volume.
    pub struct CinderVolumeSource {
        /// The volume's identifier.
        pub volume_id: String => "volumeID" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    /// A Ceph file system.
    pub struct CephFSVolumeSource {
        /// The addresses of Ceph's monitors.
        pub monitors: Option<Vec<String>> => "monitors" keep,
        /// The directory that is mounted; the root when not given.
        pub path: String => "path" omit,
        /// The user; `admin` when not given.
        pub user: String => "user" omit,
        /// The file with the user's key on the node.
        pub secret_file: String => "secretFile" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A Flocker volume.
    pub struct FlockerVolumeSource {
        /// The dataset's name.
        pub dataset_name: String => "datasetName" omit,
        /// The dataset's identifier.
        pub dataset_uuid: String => "datasetUUID" omit,
    }

    /// A fibre channel disk.
    pub struct FCVolumeSource {
        /// World wide names of the target.
        pub target_wwns: Vec<String> => "targetWWNs" omit,
        /// The number of the logical unit.
        pub lun: Option<i32> => "lun" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// World wide identifiers of the volume, in place of names and number.
        pub wwids: Vec<String> => "wwids" omit,
    }

    /// A file share in Azure.
    pub struct AzureFileVolumeSource {
        /// The secret with the storage account's name and key.
        pub secret_name: String => "secretName" keep,
        /// The share.
        pub share_name: String => "shareName" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A vSphere disk.
    pub struct VsphereVirtualDiskVolumeSource {
        /// The path of the disk.
        pub volume_path: String => "volumePath" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// The name of its storage policy.
        pub storage_policy_name: String => "storagePolicyName" omit,
        /// The identifier of its storage policy.
        pub storage_policy_id: String => "storagePolicyID" omit,
    }

    /// A Quobyte volume.
    pub struct QuobyteVolumeSource {
        /// The addresses of the registry service.
        pub registry: String => "registry" keep,
        /// The volume.
        pub volume: String => "volume" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// The user who mounts it.
        pub user: String => "user" omit,
        /// The group who mounts it.
        pub group: String => "group" omit,
        /// The tenant that owns it.
        pub tenant: String => "tenant" omit,
    }

    /// A disk in Azure.
    pub struct AzureDiskVolumeSource {
        /// The disk.
        pub disk_name: String => "diskName" keep,
        /// The disk's address.
        pub disk_uri: String => "diskURI" keep,
        /// How it is cached: `None`, `ReadOnly` or `ReadWrite`.
        pub caching_mode: Option<String> => "cachingMode" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: Option<String> => "fsType" omit,
        /// It cannot be written to.
        pub read_only: Option<bool> => "readOnly" omit,
        /// Whose disk it is: `Shared`, `Dedicated` or `Managed`.
        pub kind: Option<String> => "kind" omit,
    }

    /// A Photon disk.
    pub struct PhotonPersistentDiskVolumeSource {
        /// The disk's identifier.
        pub pd_id: String => "pdID" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
    }

    /// A Portworx volume.
    pub struct PortworxVolumeSource {
        /// The volume's identifier.
        pub volume_id: String => "volumeID" keep,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A ScaleIO volume.
    pub struct ScaleIOVolumeSource {
        /// The address of the gateway.
        pub gateway: String => "gateway" keep,
        /// The storage system.
        pub system: String => "system" keep,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" keep,
        /// The gateway is spoken to over TLS.
        pub ssl_enabled: bool => "sslEnabled" omit,
        /// The protection domain.
        pub protection_domain: String => "protectionDomain" omit,
        /// The pool.
        pub storage_pool: String => "storagePool" omit,
        /// How space is set aside: `ThickProvisioned` or `ThinProvisioned`.
        pub storage_mode: String => "storageMode" omit,
        /// The volume.
        pub volume_name: String => "volumeName" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
    }

    /// A StorageOS volume.
    pub struct StorageOSVolumeSource {
        /// The volume.
        pub volume_name: String => "volumeName" omit,
        /// The volume's namespace; the pod's own when not given.
        pub volume_namespace: String => "volumeNamespace" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: String => "fsType" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// The secret with the credentials for it.
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    /// A volume of a CSI driver.
    pub struct CSIVolumeSource {
        /// The driver.
        pub driver: String => "driver" keep,
        /// Whether it cannot be written to.
        pub read_only: Option<bool> => "readOnly" omit,
        /// The type of its file system, such as `ext4`; the node's default when not given.
        pub fs_type: Option<String> => "fsType" omit,
        /// What the driver is told about the volume.
        pub volume_attributes: BTreeMap<String, String> => "volumeAttributes" omit,
        /// The secret that the driver gets for mounting it.
        pub node_publish_secret_ref: Option<Box<LocalObjectReference>> => "nodePublishSecretRef" omit,
    }
}
