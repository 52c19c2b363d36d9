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
        /// Volumes that containers can mount.
        pub volumes: Vec<Volume> => "volumes" omit,
        /// Containers that run before the others, one after another.
        pub init_containers: Vec<Container> => "initContainers" omit,
        /// The containers. A decorated job has one, unless its decoration can tell them apart.
        pub containers: Option<Vec<Container>> => "containers" keep,
        /// Containers added for debugging; not in new pods.
        pub ephemeral_containers: Vec<EphemeralContainer> => "ephemeralContainers" omit,
        /// When containers are restarted; Prow wants `Never`.
        pub restart_policy: String => "restartPolicy" omit,
        /// How many seconds the pod has to stop before it is killed; 30 when not given.
        pub termination_grace_period_seconds: Option<i64> => "terminationGracePeriodSeconds" omit,
        /// After how many seconds on its node the pod is stopped.
        pub active_deadline_seconds: Option<i64> => "activeDeadlineSeconds" omit,
        /// Where names are looked up: in the cluster, on the node, or as `dnsConfig` says.
        pub dns_policy: String => "dnsPolicy" omit,
        /// Labels that the pod's node must have.
        pub node_selector: BTreeMap<String, String> => "nodeSelector" omit,
        /// The service account that it runs as.
        pub service_account_name: String => "serviceAccountName" omit,
        /// The older name of `serviceAccountName`.
        pub service_account: String => "serviceAccount" omit,
        /// Whether a token of the service account is mounted into its containers.
        pub automount_service_account_token: Option<bool> => "automountServiceAccountToken" omit,
        /// The node that it runs on, past the scheduler.
        pub node_name: String => "nodeName" omit,
        /// It uses the network of its node.
        pub host_network: bool => "hostNetwork" omit,
        /// It sees the processes of its node.
        pub host_pid: bool => "hostPID" omit,
        /// It shares the node's means of communication between processes.
        pub host_ipc: bool => "hostIPC" omit,
        /// Whether its containers see each other's processes.
        pub share_process_namespace: Option<bool> => "shareProcessNamespace" omit,
        /// Rights and identity of all its containers.
        pub security_context: Option<Box<PodSecurityContext>> => "securityContext" omit,
        /// Secrets with credentials for pulling images.
        pub image_pull_secrets: Vec<LocalObjectReference> => "imagePullSecrets" omit,
        /// The host name that its containers see; the pod's name when not given.
        pub hostname: String => "hostname" omit,
        /// The domain of that host name within its namespace.
        pub subdomain: String => "subdomain" omit,
        /// Rules about its node and other pods.
        pub affinity: Option<Box<Affinity>> => "affinity" omit,
        /// The scheduler that places it.
        pub scheduler_name: String => "schedulerName" omit,
        /// Taints of nodes that do not keep it away.
        pub tolerations: Vec<Toleration> => "tolerations" omit,
        /// Lines that are added to `/etc/hosts`.
        pub host_aliases: Vec<HostAlias> => "hostAliases" omit,
        /// The class of its priority, which decides what gives way when there is no room.
        pub priority_class_name: String => "priorityClassName" omit,
        /// Its priority as a number; set by the cluster from the class.
        pub priority: Option<i32> => "priority" omit,
        /// Settings for looking up names, in addition to `dnsPolicy`.
        pub dns_config: Option<Box<PodDNSConfig>> => "dnsConfig" omit,
        /// Conditions that must hold, too, for it to count as ready.
        pub readiness_gates: Vec<PodReadinessGate> => "readinessGates" omit,
        /// The class of container runtime that runs it.
        pub runtime_class_name: Option<String> => "runtimeClassName" omit,
        /// Whether services of the namespace show as environment variables.
        pub enable_service_links: Option<bool> => "enableServiceLinks" omit,
        /// Whether others give way to it: `PreemptLowerPriority` or `Never`.
        pub preemption_policy: Option<String> => "preemptionPolicy" omit,
        /// What the runtime itself needs; set by the cluster from the runtime class.
        pub overhead: BTreeMap<String, Quantity> => "overhead" omit,
        /// How evenly it and its likes are spread over nodes or zones.
        pub topology_spread_constraints: Vec<TopologySpreadConstraint> => "topologySpreadConstraints" omit,
        /// Whether its host name is the full name with its domain.
        pub set_hostname_as_fqdn: Option<bool> => "setHostnameAsFQDN" omit,
        /// The operating system of its containers.
        pub os: Option<Box<PodOS>> => "os" omit,
        /// Whether its users are those of the node; else root in it is not root on the node.
        pub host_users: Option<bool> => "hostUsers" omit,
        /// Gates that must be removed before it is placed.
        pub scheduling_gates: Vec<PodSchedulingGate> => "schedulingGates" omit,
        /// Claims to devices and the like that its containers can use.
        pub resource_claims: Vec<PodResourceClaim> => "resourceClaims" omit,
        /// CPU and memory of the pod as a whole.
        pub resources: Option<Box<ResourceRequirements>> => "resources" omit,
    }

    /// Rights of all containers of a pod.
    pub struct PodSecurityContext {
        /// The SELinux labels of its processes.
        pub se_linux_options: Option<Box<SELinuxOptions>> => "seLinuxOptions" omit,
        /// Settings for containers on Windows.
        pub windows_options: Option<Box<WindowsSecurityContextOptions>> => "windowsOptions" omit,
        /// The number of the user that it runs as; the image's own when not given.
        pub run_as_user: Option<i64> => "runAsUser" omit,
        /// The number of the group that it runs as.
        pub run_as_group: Option<i64> => "runAsGroup" omit,
        /// It is refused when it would run as root.
        pub run_as_non_root: Option<bool> => "runAsNonRoot" omit,
        /// The numbers of further groups that its processes are in.
        pub supplemental_groups: Vec<i64> => "supplementalGroups" omit,
        /// Whether groups of the image count as well: `Merge` or `Strict`.
        pub supplemental_groups_policy: Option<String> => "supplementalGroupsPolicy" omit,
        /// The number of the group that owns its volumes.
        pub fs_group: Option<i64> => "fsGroup" omit,
        /// Kernel parameters of the pod.
        pub sysctls: Vec<Sysctl> => "sysctls" omit,
        /// When files of volumes are handed to that group: `Always` or `OnRootMismatch`.
        pub fs_group_change_policy: Option<String> => "fsGroupChangePolicy" omit,
        /// Which system calls its processes may make.
        pub seccomp_profile: Option<Box<SeccompProfile>> => "seccompProfile" omit,
        /// What AppArmor lets its processes do.
        pub app_armor_profile: Option<Box<AppArmorProfile>> => "appArmorProfile" omit,
        /// How volumes get its SELinux label: `Recursive` or `MountOption`.
        pub se_linux_change_policy: Option<String> => "seLinuxChangePolicy" omit,
    }

    /// Names for an address in a pod's hosts file.
    pub struct HostAlias {
        /// The address.
        pub ip: String => "ip" keep,
        /// The names of that address.
        pub hostnames: Vec<String> => "hostnames" omit,
    }

    /// DNS settings of a pod.
    pub struct PodDNSConfig {
        /// Addresses of name servers.
        pub nameservers: Vec<String> => "nameservers" omit,
        /// Domains that are searched for short names.
        pub searches: Vec<String> => "searches" omit,
        /// Options of the resolver.
        pub options: Vec<PodDNSConfigOption> => "options" omit,
    }

    /// One resolver option.
    pub struct PodDNSConfigOption {
        /// The option.
        pub name: String => "name" omit,
        /// Its value, if it takes one.
        pub value: Option<String> => "value" omit,
    }

    /// A condition that must hold before a pod is ready.
    pub struct PodReadinessGate {
        /// The condition.
        pub condition_type: String => "conditionType" keep,
    }

    /// The operating system of a pod.
    pub struct PodOS {
        /// `linux` or `windows`.
        pub name: String => "name" keep,
    }

    /// Something that must happen before a pod is scheduled.
    pub struct PodSchedulingGate {
        /// The gate.
        pub name: String => "name" keep,
    }

    /// A device or other resource that a pod claims.
    pub struct PodResourceClaim {
        /// The name by which containers call it.
        pub name: String => "name" keep,
        /// An existing claim.
        pub resource_claim_name: Option<String> => "resourceClaimName" omit,
        /// The template of a claim that is made for the pod.
        pub resource_claim_template_name: Option<String> => "resourceClaimTemplateName" omit,
    }

    /// The name of an object in the pod's namespace.
    pub struct LocalObjectReference {
        /// The object's name, in the pod's namespace.
        pub name: String => "name" omit,
    }
}
