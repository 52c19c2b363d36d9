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
        /// The container's name, unique in its pod. Prow names the only container of a decorated job itself.
        pub name: String => "name" keep,
        /// The address of the image that it runs.
        pub image: String => "image" omit,
        /// The program and its first arguments, in place of the image's entry point.
        pub command: Vec<String> => "command" omit,
        /// Arguments of the program, in place of the image's own.
        pub args: Vec<String> => "args" omit,
        /// The directory that the program starts in; the image's own when not given.
        pub working_dir: String => "workingDir" omit,
        /// Ports that the container listens on; for information, all ports can be reached.
        pub ports: Vec<ContainerPort> => "ports" omit,
        /// Objects whose entries all become environment variables.
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        /// Environment variables.
        pub env: Vec<EnvVar> => "env" omit,
        /// CPU, memory and other resources.
        pub resources: ResourceRequirements => "resources" keep,
        /// Whether the container is restarted when its resources change.
        pub resize_policy: Vec<ContainerResizePolicy> => "resizePolicy" omit,
        /// `Always` makes an init container run beside the others.
        pub restart_policy: Option<String> => "restartPolicy" omit,
        /// Where volumes show in it.
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        /// Where block devices show in it.
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        /// A look at whether it still works; it is restarted when not.
        pub liveness_probe: Option<Box<Probe>> => "livenessProbe" omit,
        /// A look at whether it is ready for requests.
        pub readiness_probe: Option<Box<Probe>> => "readinessProbe" omit,
        /// A look at whether it has started; the other probes wait for it.
        pub startup_probe: Option<Box<Probe>> => "startupProbe" omit,
        /// What runs when it starts and before it stops.
        pub lifecycle: Option<Box<Lifecycle>> => "lifecycle" omit,
        /// The file with its last words; `/dev/termination-log` when not given.
        pub termination_message_path: String => "terminationMessagePath" omit,
        /// Where its last words come from: that file, or the end of the log when the file is empty.
        pub termination_message_policy: String => "terminationMessagePolicy" omit,
        /// When the image is pulled.
        pub image_pull_policy: String => "imagePullPolicy" omit,
        /// Rights and identity of its processes; they win over those of the pod.
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        /// Its standard input is kept open.
        pub stdin: bool => "stdin" omit,
        /// Its standard input is closed after the first client.
        pub stdin_once: bool => "stdinOnce" omit,
        /// It gets a terminal.
        pub tty: bool => "tty" omit,
    }

    /// A container that is added for debugging.
    pub struct EphemeralContainer {
        /// What it has in common with other containers.
        pub ephemeral_container_common: EphemeralContainerCommon => embed,
        /// The container whose processes it can see.
        pub target_container_name: String => "targetContainerName" omit,
    }

    /// What a debugging container has in common with others.
    pub struct EphemeralContainerCommon {
        /// The container's name, unique in its pod.
        pub name: String => "name" keep,
        /// The address of the image that it runs.
        pub image: String => "image" omit,
        /// The program and its first arguments, in place of the image's entry point.
        pub command: Vec<String> => "command" omit,
        /// Arguments of the program, in place of the image's own.
        pub args: Vec<String> => "args" omit,
        /// The directory that the program starts in; the image's own when not given.
        pub working_dir: String => "workingDir" omit,
        /// Ports that the container listens on; for information, all ports can be reached.
        pub ports: Vec<ContainerPort> => "ports" omit,
        /// Objects whose entries all become environment variables.
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        /// Environment variables.
        pub env: Vec<EnvVar> => "env" omit,
        /// CPU, memory and other resources.
        pub resources: ResourceRequirements => "resources" keep,
        /// Whether the container is restarted when its resources change.
        pub resize_policy: Vec<ContainerResizePolicy> => "resizePolicy" omit,
        /// Not for debugging containers.
        pub restart_policy: Option<String> => "restartPolicy" omit,
        /// Where volumes show in it.
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        /// Where block devices show in it.
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        /// A look at whether it still works; it is restarted when not.
        pub liveness_probe: Option<Box<Probe>> => "livenessProbe" omit,
        /// A look at whether it is ready for requests.
        pub readiness_probe: Option<Box<Probe>> => "readinessProbe" omit,
        /// A look at whether it has started; the other probes wait for it.
        pub startup_probe: Option<Box<Probe>> => "startupProbe" omit,
        /// What runs when it starts and before it stops.
        pub lifecycle: Option<Box<Lifecycle>> => "lifecycle" omit,
        /// The file with its last words; `/dev/termination-log` when not given.
        pub termination_message_path: String => "terminationMessagePath" omit,
        /// Where its last words come from: that file, or the end of the log when the file is empty.
        pub termination_message_policy: String => "terminationMessagePolicy" omit,
        /// When the image is pulled.
        pub image_pull_policy: String => "imagePullPolicy" omit,
        /// Rights and identity of its processes; they win over those of the pod.
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        /// Its standard input is kept open.
        pub stdin: bool => "stdin" omit,
        /// Its standard input is closed after the first client.
        pub stdin_once: bool => "stdinOnce" omit,
        /// It gets a terminal.
        pub tty: bool => "tty" omit,
    }

    /// A port that a container listens on.
    pub struct ContainerPort {
        /// The port's name, by which services and probes can call it.
        pub name: String => "name" omit,
        /// The port of the node that leads to it.
        pub host_port: i32 => "hostPort" omit,
        /// The port's number.
        pub container_port: i32 => "containerPort" keep,
        /// TCP, UDP or SCTP; TCP when not given.
        pub protocol: String => "protocol" omit,
        /// The address of the node that leads to it.
        pub host_ip: String => "hostIP" omit,
    }

    /// Whether changed resources restart a container.
    pub struct ContainerResizePolicy {
        /// The resource, `cpu` or `memory`.
        pub resource_name: String => "resourceName" keep,
        /// Whether a change of it restarts the container: `NotRequired` or `RestartContainer`.
        pub restart_policy: String => "restartPolicy" keep,
    }

    /// CPU, memory and other resources of a container.
    pub struct ResourceRequirements {
        /// What may not be exceeded, by resource name.
        pub limits: BTreeMap<String, Quantity> => "limits" omit,
        /// What is set aside, by resource name; the limits when not given.
        pub requests: BTreeMap<String, Quantity> => "requests" omit,
        /// Claims of the pod that the container uses.
        pub claims: Vec<ResourceClaim> => "claims" omit,
    }

    /// A resource claim of the pod that a container uses.
    pub struct ResourceClaim {
        /// The claim's name in `resourceClaims` of the pod.
        pub name: String => "name" keep,
        /// One request of the claim; all when not given.
        pub request: String => "request" omit,
    }

    /// Where a volume shows in a container.
    pub struct VolumeMount {
        /// The volume's name in `volumes` of the pod.
        pub name: String => "name" keep,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// Whether mounts below it are read-only as well: `Disabled`, `IfPossible` or `Enabled`.
        pub recursive_read_only: Option<String> => "recursiveReadOnly" omit,
        /// The path at which it shows.
        pub mount_path: String => "mountPath" keep,
        /// The directory or file of the volume that shows; its root when not given.
        pub sub_path: String => "subPath" omit,
        /// Whether mounts made by the node or the container show to the other.
        pub mount_propagation: Option<String> => "mountPropagation" omit,
        /// As `subPath`, with `$(VARIABLE)` replaced by the container's environment.
        pub sub_path_expr: String => "subPathExpr" omit,
    }

    /// Where a block device shows in a container.
    pub struct VolumeDevice {
        /// The claim's name in `volumes` of the pod.
        pub name: String => "name" keep,
        /// The path of the device in the container.
        pub device_path: String => "devicePath" keep,
    }

    /// What runs when a container starts and stops.
    pub struct Lifecycle {
        /// Runs right after the container was made.
        pub post_start: Option<Box<LifecycleHandler>> => "postStart" omit,
        /// Runs before the container is stopped.
        pub pre_stop: Option<Box<LifecycleHandler>> => "preStop" omit,
        /// The signal that stops it; the image's own when not given.
        pub stop_signal: Option<String> => "stopSignal" omit,
    }

    /// One thing that runs then.
    pub struct LifecycleHandler {
        /// Runs a program in the container.
        pub exec: Option<Box<ExecAction>> => "exec" omit,
        /// Sends a request by HTTP.
        pub http_get: Option<Box<HTTPGetAction>> => "httpGet" omit,
        /// Opens a connection.
        pub tcp_socket: Option<Box<TCPSocketAction>> => "tcpSocket" omit,
        /// Waits.
        pub sleep: Option<Box<SleepAction>> => "sleep" omit,
    }

    /// Waiting.
    pub struct SleepAction {
        /// For how many seconds.
        pub seconds: i64 => "seconds" keep,
    }
}
