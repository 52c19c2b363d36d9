//! Types of this part of the model.
use std::collections::BTreeMap;

use crate::record;
use super::meta::{LabelSelector, ObjectMeta, TypeMeta};
use super::scalar::{IntOrString, Quantity, Time};

record! {
    pub struct EnvVar {
        pub name: String => "name" keep,
        pub value: String => "value" omit,
        pub value_from: Option<Box<EnvVarSource>> => "valueFrom" omit,
    }

    pub struct Volume {
        pub name: String => "name" keep,
        pub volume_source: VolumeSource => embed,
    }

    pub struct VolumeMount {
        pub name: String => "name" keep,
        pub read_only: bool => "readOnly" omit,
        pub recursive_read_only: Option<String> => "recursiveReadOnly" omit,
        pub mount_path: String => "mountPath" keep,
        pub sub_path: String => "subPath" omit,
        pub mount_propagation: Option<String> => "mountPropagation" omit,
        pub sub_path_expr: String => "subPathExpr" omit,
    }

    pub struct Toleration {
        pub key: String => "key" omit,
        pub operator: String => "operator" omit,
        pub value: String => "value" omit,
        pub effect: String => "effect" omit,
        pub toleration_seconds: Option<i64> => "tolerationSeconds" omit,
    }

    pub struct EnvVarSource {
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        pub config_map_key_ref: Option<Box<ConfigMapKeySelector>> => "configMapKeyRef" omit,
        pub secret_key_ref: Option<Box<SecretKeySelector>> => "secretKeyRef" omit,
    }

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

    pub struct PodSpec {
        pub volumes: Vec<Volume> => "volumes" omit,
        pub init_containers: Vec<Container> => "initContainers" omit,
        pub containers: Option<Vec<Container>> => "containers" keep,
        pub ephemeral_containers: Vec<EphemeralContainer> => "ephemeralContainers" omit,
        pub restart_policy: String => "restartPolicy" omit,
        pub termination_grace_period_seconds: Option<i64> => "terminationGracePeriodSeconds" omit,
        pub active_deadline_seconds: Option<i64> => "activeDeadlineSeconds" omit,
        pub dns_policy: String => "dnsPolicy" omit,
        pub node_selector: BTreeMap<String, String> => "nodeSelector" omit,
        pub service_account_name: String => "serviceAccountName" omit,
        pub service_account: String => "serviceAccount" omit,
        pub automount_service_account_token: Option<bool> => "automountServiceAccountToken" omit,
        pub node_name: String => "nodeName" omit,
        pub host_network: bool => "hostNetwork" omit,
        pub host_pid: bool => "hostPID" omit,
        pub host_ipc: bool => "hostIPC" omit,
        pub share_process_namespace: Option<bool> => "shareProcessNamespace" omit,
        pub security_context: Option<Box<PodSecurityContext>> => "securityContext" omit,
        pub image_pull_secrets: Vec<LocalObjectReference> => "imagePullSecrets" omit,
        pub hostname: String => "hostname" omit,
        pub subdomain: String => "subdomain" omit,
        pub affinity: Option<Box<Affinity>> => "affinity" omit,
        pub scheduler_name: String => "schedulerName" omit,
        pub tolerations: Vec<Toleration> => "tolerations" omit,
        pub host_aliases: Vec<HostAlias> => "hostAliases" omit,
        pub priority_class_name: String => "priorityClassName" omit,
        pub priority: Option<i32> => "priority" omit,
        pub dns_config: Option<Box<PodDNSConfig>> => "dnsConfig" omit,
        pub readiness_gates: Vec<PodReadinessGate> => "readinessGates" omit,
        pub runtime_class_name: Option<String> => "runtimeClassName" omit,
        pub enable_service_links: Option<bool> => "enableServiceLinks" omit,
        pub preemption_policy: Option<String> => "preemptionPolicy" omit,
        pub overhead: BTreeMap<String, Quantity> => "overhead" omit,
        pub topology_spread_constraints: Vec<TopologySpreadConstraint> => "topologySpreadConstraints" omit,
        pub set_hostname_as_fqdn: Option<bool> => "setHostnameAsFQDN" omit,
        pub os: Option<Box<PodOS>> => "os" omit,
        pub host_users: Option<bool> => "hostUsers" omit,
        pub scheduling_gates: Vec<PodSchedulingGate> => "schedulingGates" omit,
        pub resource_claims: Vec<PodResourceClaim> => "resourceClaims" omit,
        pub resources: Option<Box<ResourceRequirements>> => "resources" omit,
    }

    pub struct ObjectFieldSelector {
        pub api_version: String => "apiVersion" omit,
        pub field_path: String => "fieldPath" keep,
    }

    pub struct ResourceFieldSelector {
        pub container_name: String => "containerName" omit,
        pub resource: String => "resource" keep,
        pub divisor: Quantity => "divisor" keep,
    }

    pub struct ConfigMapKeySelector {
        pub local_object_reference: LocalObjectReference => embed,
        pub key: String => "key" keep,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct SecretKeySelector {
        pub local_object_reference: LocalObjectReference => embed,
        pub key: String => "key" keep,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct HostPathVolumeSource {
        pub path: String => "path" keep,
        pub kind: Option<String> => "type" omit,
    }

    pub struct EmptyDirVolumeSource {
        pub medium: String => "medium" omit,
        pub size_limit: Option<Quantity> => "sizeLimit" omit,
    }

    pub struct GCEPersistentDiskVolumeSource {
        pub pd_name: String => "pdName" keep,
        pub fs_type: String => "fsType" omit,
        pub partition: i32 => "partition" omit,
        pub read_only: bool => "readOnly" omit,
    }

    pub struct AWSElasticBlockStoreVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub partition: i32 => "partition" omit,
        pub read_only: bool => "readOnly" omit,
    }

    pub struct GitRepoVolumeSource {
        pub repository: String => "repository" keep,
        pub revision: String => "revision" omit,
        pub directory: String => "directory" omit,
    }

    pub struct SecretVolumeSource {
        pub secret_name: String => "secretName" omit,
        pub items: Vec<KeyToPath> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct NFSVolumeSource {
        pub server: String => "server" keep,
        pub path: String => "path" keep,
        pub read_only: bool => "readOnly" omit,
    }

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

    pub struct GlusterfsVolumeSource {
        pub endpoints: String => "endpoints" keep,
        pub path: String => "path" keep,
        pub read_only: bool => "readOnly" omit,
    }

    pub struct PersistentVolumeClaimVolumeSource {
        pub claim_name: String => "claimName" keep,
        pub read_only: bool => "readOnly" omit,
    }

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

    pub struct FlexVolumeSource {
        pub driver: String => "driver" keep,
        pub fs_type: String => "fsType" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub read_only: bool => "readOnly" omit,
        pub options: BTreeMap<String, String> => "options" omit,
    }

    pub struct CinderVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    pub struct CephFSVolumeSource {
        pub monitors: Option<Vec<String>> => "monitors" keep,
        pub path: String => "path" omit,
        pub user: String => "user" omit,
        pub secret_file: String => "secretFile" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
        pub read_only: bool => "readOnly" omit,
    }

    pub struct FlockerVolumeSource {
        pub dataset_name: String => "datasetName" omit,
        pub dataset_uuid: String => "datasetUUID" omit,
    }

    pub struct DownwardAPIVolumeSource {
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    pub struct FCVolumeSource {
        pub target_wwns: Vec<String> => "targetWWNs" omit,
        pub lun: Option<i32> => "lun" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub wwids: Vec<String> => "wwids" omit,
    }

    pub struct AzureFileVolumeSource {
        pub secret_name: String => "secretName" keep,
        pub share_name: String => "shareName" keep,
        pub read_only: bool => "readOnly" omit,
    }

    pub struct ConfigMapVolumeSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub default_mode: Option<i32> => "defaultMode" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct VsphereVirtualDiskVolumeSource {
        pub volume_path: String => "volumePath" keep,
        pub fs_type: String => "fsType" omit,
        pub storage_policy_name: String => "storagePolicyName" omit,
        pub storage_policy_id: String => "storagePolicyID" omit,
    }

    pub struct QuobyteVolumeSource {
        pub registry: String => "registry" keep,
        pub volume: String => "volume" keep,
        pub read_only: bool => "readOnly" omit,
        pub user: String => "user" omit,
        pub group: String => "group" omit,
        pub tenant: String => "tenant" omit,
    }

    pub struct AzureDiskVolumeSource {
        pub disk_name: String => "diskName" keep,
        pub disk_uri: String => "diskURI" keep,
        pub caching_mode: Option<String> => "cachingMode" omit,
        pub fs_type: Option<String> => "fsType" omit,
        pub read_only: Option<bool> => "readOnly" omit,
        pub kind: Option<String> => "kind" omit,
    }

    pub struct PhotonPersistentDiskVolumeSource {
        pub pd_id: String => "pdID" keep,
        pub fs_type: String => "fsType" omit,
    }

    pub struct ProjectedVolumeSource {
        pub sources: Option<Vec<VolumeProjection>> => "sources" keep,
        pub default_mode: Option<i32> => "defaultMode" omit,
    }

    pub struct PortworxVolumeSource {
        pub volume_id: String => "volumeID" keep,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
    }

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

    pub struct StorageOSVolumeSource {
        pub volume_name: String => "volumeName" omit,
        pub volume_namespace: String => "volumeNamespace" omit,
        pub fs_type: String => "fsType" omit,
        pub read_only: bool => "readOnly" omit,
        pub secret_ref: Option<Box<LocalObjectReference>> => "secretRef" omit,
    }

    pub struct CSIVolumeSource {
        pub driver: String => "driver" keep,
        pub read_only: Option<bool> => "readOnly" omit,
        pub fs_type: Option<String> => "fsType" omit,
        pub volume_attributes: BTreeMap<String, String> => "volumeAttributes" omit,
        pub node_publish_secret_ref: Option<Box<LocalObjectReference>> => "nodePublishSecretRef" omit,
    }

    pub struct EphemeralVolumeSource {
        pub volume_claim_template: Option<Box<PersistentVolumeClaimTemplate>> => "volumeClaimTemplate" omit,
    }

    pub struct ImageVolumeSource {
        pub reference: String => "reference" omit,
        pub pull_policy: String => "pullPolicy" omit,
    }

    pub struct Container {
        pub name: String => "name" keep,
        pub image: String => "image" omit,
        pub command: Vec<String> => "command" omit,
        pub args: Vec<String> => "args" omit,
        pub working_dir: String => "workingDir" omit,
        pub ports: Vec<ContainerPort> => "ports" omit,
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub resources: ResourceRequirements => "resources" keep,
        pub resize_policy: Vec<ContainerResizePolicy> => "resizePolicy" omit,
        pub restart_policy: Option<String> => "restartPolicy" omit,
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        pub liveness_probe: Option<Box<Probe>> => "livenessProbe" omit,
        pub readiness_probe: Option<Box<Probe>> => "readinessProbe" omit,
        pub startup_probe: Option<Box<Probe>> => "startupProbe" omit,
        pub lifecycle: Option<Box<Lifecycle>> => "lifecycle" omit,
        pub termination_message_path: String => "terminationMessagePath" omit,
        pub termination_message_policy: String => "terminationMessagePolicy" omit,
        pub image_pull_policy: String => "imagePullPolicy" omit,
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        pub stdin: bool => "stdin" omit,
        pub stdin_once: bool => "stdinOnce" omit,
        pub tty: bool => "tty" omit,
    }

    pub struct EphemeralContainer {
        pub ephemeral_container_common: EphemeralContainerCommon => embed,
        pub target_container_name: String => "targetContainerName" omit,
    }

    pub struct PodSecurityContext {
        pub se_linux_options: Option<Box<SELinuxOptions>> => "seLinuxOptions" omit,
        pub windows_options: Option<Box<WindowsSecurityContextOptions>> => "windowsOptions" omit,
        pub run_as_user: Option<i64> => "runAsUser" omit,
        pub run_as_group: Option<i64> => "runAsGroup" omit,
        pub run_as_non_root: Option<bool> => "runAsNonRoot" omit,
        pub supplemental_groups: Vec<i64> => "supplementalGroups" omit,
        pub supplemental_groups_policy: Option<String> => "supplementalGroupsPolicy" omit,
        pub fs_group: Option<i64> => "fsGroup" omit,
        pub sysctls: Vec<Sysctl> => "sysctls" omit,
        pub fs_group_change_policy: Option<String> => "fsGroupChangePolicy" omit,
        pub seccomp_profile: Option<Box<SeccompProfile>> => "seccompProfile" omit,
        pub app_armor_profile: Option<Box<AppArmorProfile>> => "appArmorProfile" omit,
        pub se_linux_change_policy: Option<String> => "seLinuxChangePolicy" omit,
    }

    pub struct LocalObjectReference {
        pub name: String => "name" omit,
    }

    pub struct Affinity {
        pub node_affinity: Option<Box<NodeAffinity>> => "nodeAffinity" omit,
        pub pod_affinity: Option<Box<PodAffinity>> => "podAffinity" omit,
        pub pod_anti_affinity: Option<Box<PodAntiAffinity>> => "podAntiAffinity" omit,
    }

    pub struct HostAlias {
        pub ip: String => "ip" keep,
        pub hostnames: Vec<String> => "hostnames" omit,
    }

    pub struct PodDNSConfig {
        pub nameservers: Vec<String> => "nameservers" omit,
        pub searches: Vec<String> => "searches" omit,
        pub options: Vec<PodDNSConfigOption> => "options" omit,
    }

    pub struct PodReadinessGate {
        pub condition_type: String => "conditionType" keep,
    }

    pub struct TopologySpreadConstraint {
        pub max_skew: i32 => "maxSkew" keep,
        pub topology_key: String => "topologyKey" keep,
        pub when_unsatisfiable: String => "whenUnsatisfiable" keep,
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub min_domains: Option<i32> => "minDomains" omit,
        pub node_affinity_policy: Option<String> => "nodeAffinityPolicy" omit,
        pub node_taints_policy: Option<String> => "nodeTaintsPolicy" omit,
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
    }

    pub struct PodOS {
        pub name: String => "name" keep,
    }

    pub struct PodSchedulingGate {
        pub name: String => "name" keep,
    }

    pub struct PodResourceClaim {
        pub name: String => "name" keep,
        pub resource_claim_name: Option<String> => "resourceClaimName" omit,
        pub resource_claim_template_name: Option<String> => "resourceClaimTemplateName" omit,
    }

    pub struct ResourceRequirements {
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
        pub claims: Vec<ResourceClaim> => "claims" omit,
    }

    pub struct KeyToPath {
        pub key: String => "key" keep,
        pub path: String => "path" keep,
        pub mode: Option<i32> => "mode" omit,
    }

    pub struct DownwardAPIVolumeFile {
        pub path: String => "path" keep,
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        pub mode: Option<i32> => "mode" omit,
    }

    pub struct VolumeProjection {
        pub secret: Option<Box<SecretProjection>> => "secret" omit,
        pub downward_api: Option<Box<DownwardAPIProjection>> => "downwardAPI" omit,
        pub config_map: Option<Box<ConfigMapProjection>> => "configMap" omit,
        pub service_account_token: Option<Box<ServiceAccountTokenProjection>> => "serviceAccountToken" omit,
        pub cluster_trust_bundle: Option<Box<ClusterTrustBundleProjection>> => "clusterTrustBundle" omit,
    }

    pub struct PersistentVolumeClaimTemplate {
        pub metadata: ObjectMeta => "metadata" keep,
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
    }

    pub struct ContainerPort {
        pub name: String => "name" omit,
        pub host_port: i32 => "hostPort" omit,
        pub container_port: i32 => "containerPort" keep,
        pub protocol: String => "protocol" omit,
        pub host_ip: String => "hostIP" omit,
    }

    pub struct EnvFromSource {
        pub prefix: String => "prefix" omit,
        pub config_map_ref: Option<Box<ConfigMapEnvSource>> => "configMapRef" omit,
        pub secret_ref: Option<Box<SecretEnvSource>> => "secretRef" omit,
    }

    pub struct ContainerResizePolicy {
        pub resource_name: String => "resourceName" keep,
        pub restart_policy: String => "restartPolicy" keep,
    }

    pub struct VolumeDevice {
        pub name: String => "name" keep,
        pub device_path: String => "devicePath" keep,
    }

    pub struct Probe {
        pub probe_handler: ProbeHandler => embed,
        pub initial_delay_seconds: i32 => "initialDelaySeconds" omit,
        pub timeout_seconds: i32 => "timeoutSeconds" omit,
        pub period_seconds: i32 => "periodSeconds" omit,
        pub success_threshold: i32 => "successThreshold" omit,
        pub failure_threshold: i32 => "failureThreshold" omit,
        pub termination_grace_period_seconds: Option<i64> => "terminationGracePeriodSeconds" omit,
    }

    pub struct Lifecycle {
        pub post_start: Option<Box<LifecycleHandler>> => "postStart" omit,
        pub pre_stop: Option<Box<LifecycleHandler>> => "preStop" omit,
        pub stop_signal: Option<String> => "stopSignal" omit,
    }

    pub struct SecurityContext {
        pub capabilities: Option<Box<Capabilities>> => "capabilities" omit,
        pub privileged: Option<bool> => "privileged" omit,
        pub se_linux_options: Option<Box<SELinuxOptions>> => "seLinuxOptions" omit,
        pub windows_options: Option<Box<WindowsSecurityContextOptions>> => "windowsOptions" omit,
        pub run_as_user: Option<i64> => "runAsUser" omit,
        pub run_as_group: Option<i64> => "runAsGroup" omit,
        pub run_as_non_root: Option<bool> => "runAsNonRoot" omit,
        pub read_only_root_filesystem: Option<bool> => "readOnlyRootFilesystem" omit,
        pub allow_privilege_escalation: Option<bool> => "allowPrivilegeEscalation" omit,
        pub proc_mount: Option<String> => "procMount" omit,
        pub seccomp_profile: Option<Box<SeccompProfile>> => "seccompProfile" omit,
        pub app_armor_profile: Option<Box<AppArmorProfile>> => "appArmorProfile" omit,
    }

    pub struct EphemeralContainerCommon {
        pub name: String => "name" keep,
        pub image: String => "image" omit,
        pub command: Vec<String> => "command" omit,
        pub args: Vec<String> => "args" omit,
        pub working_dir: String => "workingDir" omit,
        pub ports: Vec<ContainerPort> => "ports" omit,
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub resources: ResourceRequirements => "resources" keep,
        pub resize_policy: Vec<ContainerResizePolicy> => "resizePolicy" omit,
        pub restart_policy: Option<String> => "restartPolicy" omit,
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        pub liveness_probe: Option<Box<Probe>> => "livenessProbe" omit,
        pub readiness_probe: Option<Box<Probe>> => "readinessProbe" omit,
        pub startup_probe: Option<Box<Probe>> => "startupProbe" omit,
        pub lifecycle: Option<Box<Lifecycle>> => "lifecycle" omit,
        pub termination_message_path: String => "terminationMessagePath" omit,
        pub termination_message_policy: String => "terminationMessagePolicy" omit,
        pub image_pull_policy: String => "imagePullPolicy" omit,
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        pub stdin: bool => "stdin" omit,
        pub stdin_once: bool => "stdinOnce" omit,
        pub tty: bool => "tty" omit,
    }

    pub struct SELinuxOptions {
        pub user: String => "user" omit,
        pub role: String => "role" omit,
        pub kind: String => "type" omit,
        pub level: String => "level" omit,
    }

    pub struct WindowsSecurityContextOptions {
        pub gmsa_credential_spec_name: Option<String> => "gmsaCredentialSpecName" omit,
        pub gmsa_credential_spec: Option<String> => "gmsaCredentialSpec" omit,
        pub run_as_user_name: Option<String> => "runAsUserName" omit,
        pub host_process: Option<bool> => "hostProcess" omit,
    }

    pub struct Sysctl {
        pub name: String => "name" keep,
        pub value: String => "value" keep,
    }

    pub struct SeccompProfile {
        pub kind: String => "type" keep,
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    pub struct AppArmorProfile {
        pub kind: String => "type" keep,
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    pub struct NodeAffinity {
        pub required_during_scheduling_ignored_during_execution: Option<Box<NodeSelector>> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<PreferredSchedulingTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    pub struct PodAffinity {
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    pub struct PodAntiAffinity {
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    pub struct PodDNSConfigOption {
        pub name: String => "name" omit,
        pub value: Option<String> => "value" omit,
    }

    pub struct ResourceClaim {
        pub name: String => "name" keep,
        pub request: String => "request" omit,
    }

    pub struct PersistentVolumeClaim {
        pub type_meta: TypeMeta => embed,
        pub metadata: ObjectMeta => "metadata" keep,
        pub spec: PersistentVolumeClaimSpec => "spec" keep,
        pub status: PersistentVolumeClaimStatus => "status" keep,
    }

    pub struct SecretProjection {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct DownwardAPIProjection {
        pub items: Vec<DownwardAPIVolumeFile> => "items" omit,
    }

    pub struct ConfigMapProjection {
        pub local_object_reference: LocalObjectReference => embed,
        pub items: Vec<KeyToPath> => "items" omit,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct ServiceAccountTokenProjection {
        pub audience: String => "audience" omit,
        pub expiration_seconds: Option<i64> => "expirationSeconds" omit,
        pub path: String => "path" keep,
    }

    pub struct ClusterTrustBundleProjection {
        pub name: Option<String> => "name" omit,
        pub signer_name: Option<String> => "signerName" omit,
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub optional: Option<bool> => "optional" omit,
        pub path: String => "path" keep,
    }

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

    pub struct ConfigMapEnvSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct SecretEnvSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub optional: Option<bool> => "optional" omit,
    }

    pub struct ProbeHandler {
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        pub grpc: Option<Box<GRPCAction>> => "grpc" omit,
    }

    pub struct LifecycleHandler {
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        pub sleep: Option<Box<SleepAction>> => "sleep" omit,
    }

    pub struct Capabilities {
        pub add: Vec<String> => "add" omit,
        pub drop: Vec<String> => "drop" omit,
    }

    pub struct NodeSelector {
        pub node_selector_terms: Option<Vec<NodeSelectorTerm>> => "nodeSelectorTerms" keep,
    }

    pub struct PreferredSchedulingTerm {
        pub weight: i32 => "weight" keep,
        pub preference: NodeSelectorTerm => "preference" keep,
    }

    pub struct PodAffinityTerm {
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub namespaces: Vec<String> => "namespaces" omit,
        pub topology_key: String => "topologyKey" keep,
        pub namespace_selector: Option<Box<LabelSelector>> => "namespaceSelector" omit,
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
        pub mismatch_label_keys: Vec<String> => "mismatchLabelKeys" omit,
    }

    pub struct WeightedPodAffinityTerm {
        pub weight: i32 => "weight" keep,
        pub pod_affinity_term: PodAffinityTerm => "podAffinityTerm" keep,
    }

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

    pub struct VolumeResourceRequirements {
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
    }

    pub struct TypedLocalObjectReference {
        pub api_group: Option<String> => "apiGroup" keep,
        pub kind: String => "kind" keep,
        pub name: String => "name" keep,
    }

    pub struct TypedObjectReference {
        pub api_group: Option<String> => "apiGroup" keep,
        pub kind: String => "kind" keep,
        pub name: String => "name" keep,
        pub namespace: Option<String> => "namespace" omit,
    }

    pub struct ExecAction {
        pub command: Vec<String> => "command" omit,
    }

    pub struct HTTPGetAction {
        pub path: String => "path" omit,
        pub port: IntOrString => "port" keep,
        pub host: String => "host" omit,
        pub scheme: String => "scheme" omit,
        pub http_headers: Vec<HTTPHeader> => "httpHeaders" omit,
    }

    pub struct TCPSocketAction {
        pub port: IntOrString => "port" keep,
        pub host: String => "host" omit,
    }

    pub struct GRPCAction {
        pub port: i32 => "port" keep,
        pub service: Option<String> => "service" keep,
    }

    pub struct SleepAction {
        pub seconds: i64 => "seconds" keep,
    }

    pub struct NodeSelectorTerm {
        pub match_expressions: Vec<NodeSelectorRequirement> => "matchExpressions" omit,
        pub match_fields: Vec<NodeSelectorRequirement> => "matchFields" omit,
    }

    pub struct PersistentVolumeClaimCondition {
        pub kind: String => "type" keep,
        pub status: String => "status" keep,
        pub last_probe_time: Time => "lastProbeTime" keep,
        pub last_transition_time: Time => "lastTransitionTime" keep,
        pub reason: String => "reason" omit,
        pub message: String => "message" omit,
    }

    pub struct ModifyVolumeStatus {
        pub target_volume_attributes_class_name: String => "targetVolumeAttributesClassName" omit,
        pub status: String => "status" keep,
    }

    pub struct HTTPHeader {
        pub name: String => "name" keep,
        pub value: String => "value" keep,
    }

    pub struct NodeSelectorRequirement {
        pub key: String => "key" keep,
        pub operator: String => "operator" keep,
        pub values: Vec<String> => "values" omit,
    }
}
