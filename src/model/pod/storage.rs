//! Volumes of cloud providers and storage systems.

use std::collections::BTreeMap;

use super::spec::LocalObjectReference;
use crate::record;

record! {
    /// A disk in Google's cloud.
    pub struct GCEPersistentDiskVolumeSource {
        pub pd_name: String => "pdName" keep,
        pub fs_type: String => "fsType" omit,
        pub partition: i32 => "partition" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// A disk in Amazon's cloud.
    pub struct AWSElasticBlockStoreVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub partition: i32 => "partition" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// An NFS share.
    pub struct NFSVolumeSource {
        pub server: String => "server" keep,
        pub path: String => "path" keep,
        pub read_only: bool => "readOnly" omit,
    }

    /// An iSCSI disk.
    pub struct ISCSIVolumeSource {
        pub target_portal: String => "targetPortal" keep,
        pub iqn: String => "iqn" keep,
        pub lun: i32 => "lun" keep,
        pub iscsi_interface: String => "iscsiInterface" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub portals: Vec<String> => "portals" omit,
        pub chap_auth_discovery: bool => "chapAuthDiscovery" omit,
        pub chap_auth_session: bool => "chapAuthSession" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub initiator_name: Option<String> => "initiatorName" omit,
    }

    /// A Gluster volume.
    pub struct GlusterfsVolumeSource {
        pub endpoints: String => "endpoints" keep,
        pub path: String => "path" keep,
        pub read_only: bool => "readOnly" omit,
    }

    /// A Ceph block device.
    pub struct RBDVolumeSource {
        pub monitors: Option<Vec<String>> => "monitors" keep,
        pub image: String => "image" keep,
        pub fs_type: String => "fsType" omit,
        pub pool: String => "pool" omit,
        pub user: String => "user" omit,
        pub keyring: String => "keyring" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// A volume of a FlexVolume driver.
    pub struct FlexVolumeSource {
        pub driver: String => "driver" keep,
        pub fs_type: String => "fsType" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub read_only: bool => "readOnly" omit,
        pub options: BTreeMap<String, String> => "options" omit,
    }

    /// A Cinder volume.
    pub struct CinderVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    /// A Ceph file system.
    pub struct CephFSVolumeSource {
        pub monitors: Option<Vec<String>> => "monitors" keep,
        pub path: String => "path" omit,
        pub user: String => "user" omit,
        pub secret_file: String => "secretFile" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// A Flocker volume.
    pub struct FlockerVolumeSource {
        pub dataset_name: String => "datasetName" omit,
        pub dataset_uuid: String => "datasetUUID" omit,
    }

    /// A fibre channel disk.
    pub struct FCVolumeSource {
        pub target_wwns: Vec<String> => "targetWWNs" omit,
        pub lun: Option<i32> => "lun" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub wwids: Vec<String> => "wwids" omit,
    }

    /// A file share in Azure.
    pub struct AzureFileVolumeSource {
        pub secret_name: String => "secretName" keep,
        pub share_name: String => "shareName" keep,
        pub read_only: bool => "readOnly" omit,
    }

    /// A vSphere disk.
    pub struct VsphereVirtualDiskVolumeSource {
        pub volume_path: String => "volumePath" keep,
        pub fs_type: String => "fsType" omit,
        pub storage_policy_name: String => "storagePolicyName" omit,
        pub storage_policy_id: String => "storagePolicyID" omit,
    }

    /// A Quobyte volume.
    pub struct QuobyteVolumeSource {
        pub registry: String => "registry" keep,
        pub volume: String => "volume" keep,
        pub read_only: bool => "readOnly" omit,
        pub user: String => "user" omit,
        pub group: String => "group" omit,
        pub tenant: String => "tenant" omit,
    }

    /// A disk in Azure.
    pub struct AzureDiskVolumeSource {
        pub disk_name: String => "diskName" keep,
        pub disk_uri: String => "diskURI" keep,
        pub caching_mode: Option<String> => "cachingMode" omit,
        pub fs_type: Option<String> => "fsType" omit,
        pub read_only: Option<bool> => "readOnly" omit,
        pub kind: Option<String> => "kind" omit,
    }

    /// A Photon disk.
    pub struct PhotonPersistentDiskVolumeSource {
        pub pd_id: String => "pdID" keep,
        pub fs_type: String => "fsType" omit,
    }

    /// A Portworx volume.
    pub struct PortworxVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// A ScaleIO volume.
    pub struct ScaleIOVolumeSource {
        pub gateway: String => "gateway" keep,
        pub system: String => "system" keep,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" keep,
        pub ssl_enabled: bool => "sslEnabled" omit,
        pub protection_domain: String => "protectionDomain" omit,
        pub storage_pool: String => "storagePool" omit,
        pub storage_mode: String => "storageMode" omit,
        pub volume_name: String => "volumeName" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
    }

    /// A StorageOS volume.
    pub struct StorageOSVolumeSource {
        pub volume_name: String => "volumeName" omit,
        pub volume_namespace: String => "volumeNamespace" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    /// A volume of a CSI driver.
    pub struct CSIVolumeSource {
        pub driver: String => "driver" keep,
        pub read_only: Option<bool> => "readOnly" omit,
        pub fs_type: Option<String> => "fsType" omit,
        pub volume_attributes: BTreeMap<String, String> => "volumeAttributes" omit,
        pub node_publish_secret_ref: Option<Box<LocalObjectReference>> => "nodePublishSecretRef" omit,
    }
}
