//! Containers and what they are given.

use std::collections::BTreeMap;

use super::env::{EnvFromSource, EnvVar};
use super::probe::{ExecAction, HTTPGetAction, Probe, TCPSocketAction};
use super::security::SecurityContext;
use crate::model::scalar::Quantity;
use crate::record;

record! {
    /// A container.
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

    /// A container that is added for debugging.
    pub struct EphemeralContainer {
        pub ephemeral_container_common: EphemeralContainerCommon => embed,
        pub target_container_name: String => "targetContainerName" omit,
    }

    /// What a debugging container has in common with others.
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

    /// A port that a container listens on.
    pub struct ContainerPort {
        pub name: String => "name" omit,
        pub host_port: i32 => "hostPort" omit,
        pub container_port: i32 => "containerPort" keep,
        pub protocol: String => "protocol" omit,
        pub host_ip: String => "hostIP" omit,
    }

    /// Whether changed resources restart a container.
    pub struct ContainerResizePolicy {
        pub resource_name: String => "resourceName" keep,
        pub restart_policy: String => "restartPolicy" keep,
    }

    /// CPU, memory and other resources of a container.
    pub struct ResourceRequirements {
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
        pub claims: Vec<ResourceClaim> => "claims" omit,
    }

    /// A resource claim of the pod that a container uses.
    pub struct ResourceClaim {
        pub name: String => "name" keep,
        pub request: String => "request" omit,
    }

    /// Where a volume shows in a container.
    pub struct VolumeMount {
        pub name: String => "name" keep,
        pub read_only: bool => "readOnly" omit,
        pub recursive_read_only: Option<String> => "recursiveReadOnly" omit,
        pub mount_path: String => "mountPath" keep,
        pub sub_path: String => "subPath" omit,
        pub mount_propagation: Option<String> => "mountPropagation" omit,
        pub sub_path_expr: String => "subPathExpr" omit,
    }

    /// Where a block device shows in a container.
    pub struct VolumeDevice {
        pub name: String => "name" keep,
        pub device_path: String => "devicePath" keep,
    }

    /// What runs when a container starts and stops.
    pub struct Lifecycle {
        pub post_start: Option<Box<LifecycleHandler>> => "postStart" omit,
        pub pre_stop: Option<Box<LifecycleHandler>> => "preStop" omit,
        pub stop_signal: Option<String> => "stopSignal" omit,
    }

    /// One thing that runs then.
    pub struct LifecycleHandler {
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        pub sleep: Option<Box<SleepAction>> => "sleep" omit,
    }

    /// Waiting.
    pub struct SleepAction {
        pub seconds: i64 => "seconds" keep,
    }
}
