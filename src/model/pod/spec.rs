//! The pod of a job: its containers, its volumes and where it may run.

use std::collections::BTreeMap;

use super::affinity::{Affinity, Toleration, TopologySpreadConstraint};
use super::container::{Container, EphemeralContainer, ResourceRequirements};
use super::security::{AppArmorProfile, SELinuxOptions, SeccompProfile, Sysctl, WindowsSecurityContextOptions};
use super::volume::Volume;
use crate::model::scalar::Quantity;
use crate::record;

record! {
    /// A pod.
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

    /// Rights of all containers of a pod.
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

    /// Names for an address in a pod's hosts file.
    pub struct HostAlias {
        pub ip: String => "ip" keep,
        pub hostnames: Vec<String> => "hostnames" omit,
    }

    /// DNS settings of a pod.
    pub struct PodDNSConfig {
        pub nameservers: Vec<String> => "nameservers" omit,
        pub searches: Vec<String> => "searches" omit,
        pub options: Vec<PodDNSConfigOption> => "options" omit,
    }

    /// One resolver option.
    pub struct PodDNSConfigOption {
        pub name: String => "name" omit,
        pub value: Option<String> => "value" omit,
    }

    /// A condition that must hold before a pod is ready.
    pub struct PodReadinessGate {
        pub condition_type: String => "conditionType" keep,
    }

    /// The operating system of a pod.
    pub struct PodOS {
        pub name: String => "name" keep,
    }

    /// Something that must happen before a pod is scheduled.
    pub struct PodSchedulingGate {
        pub name: String => "name" keep,
    }

    /// A device or other resource that a pod claims.
    pub struct PodResourceClaim {
        pub name: String => "name" keep,
        pub resource_claim_name: Option<String> => "resourceClaimName" omit,
        pub resource_claim_template_name: Option<String> => "resourceClaimTemplateName" omit,
    }

    /// The name of an object in the pod's namespace.
    pub struct LocalObjectReference {
        pub name: String => "name" omit,
    }
}
