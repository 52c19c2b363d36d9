//! Tekton pipeline runs, for the few jobs that Tekton carries out. [`PipelineRunSpec`] is the root.

use std::collections::BTreeMap;

use crate::model::meta::TypeMeta;
use crate::model::pod::{
    Affinity, CSIVolumeSource, ConfigMapVolumeSource, ContainerPort, EmptyDirVolumeSource, EnvFromSource, EnvVar,
    HostAlias, Lifecycle, LocalObjectReference, PersistentVolumeClaim, PersistentVolumeClaimVolumeSource, PodDNSConfig,
    PodSecurityContext, Probe, ProjectedVolumeSource, ResourceRequirements, SecretVolumeSource, SecurityContext,
    Toleration, TopologySpreadConstraint, Volume, VolumeDevice, VolumeMount,
};
use crate::model::scalar::{ParamValue, Raw, TextDuration};
use crate::record;

record! {
    /// A run of a pipeline.
    pub struct PipelineRunSpec {
        /// The pipeline, by name or by a resolver.
        pub pipeline_ref: Option<Box<PipelineRef>> => "pipelineRef" omit,
        /// The pipeline, spelt out.
        pub pipeline_spec: Option<Box<PipelineSpec>> => "pipelineSpec" omit,
        /// Values for the pipeline's parameters.
        pub params: Vec<Param> => "params" omit,
        /// Set to stop the run: `Cancelled`, `CancelledRunFinally`, `StoppedRunFinally`; or to hold it back:
        /// `PipelineRunPending`.
        pub status: String => "status" omit,
        /// How long the run and its parts may take.
        pub timeouts: Option<Box<TimeoutFields>> => "timeouts" omit,
        /// Settings of all tasks.
        pub task_run_template: PipelineTaskRunTemplate => "taskRunTemplate" keep,
        /// What the pipeline's workspaces are made of.
        pub workspaces: Vec<WorkspaceBinding> => "workspaces" omit,
        /// Settings of single tasks.
        pub task_run_specs: Vec<PipelineTaskRunSpec> => "taskRunSpecs" omit,
        /// The controller that carries it out, where it is not Tekton's own.
        pub managed_by: Option<String> => "managedBy" omit,
    }

    /// A pipeline by name or resolver.
    pub struct PipelineRef {
        /// The pipeline's name.
        pub name: String => "name" omit,
        /// The API version of its kind.
        pub api_version: String => "apiVersion" omit,
        /// Where it is found, if not in the cluster.
        pub resolver_ref: ResolverRef => embed,
    }

    /// A pipeline that is spelt out.
    pub struct PipelineSpec {
        /// A name for people.
        pub display_name: String => "displayName" omit,
        /// What it is for.
        pub description: String => "description" omit,
        /// The tasks.
        pub tasks: Vec<PipelineTask> => "tasks" omit,
        /// The pipeline's parameters.
        pub params: Vec<ParamSpec> => "params" omit,
        /// The workspaces it needs.
        pub workspaces: Vec<PipelineWorkspaceDeclaration> => "workspaces" omit,
        /// What it gives as results.
        pub results: Vec<PipelineResult> => "results" omit,
        /// Tasks that run at the end, whatever happened before.
        pub finally: Vec<PipelineTask> => "finally" omit,
    }

    /// How long a run and its parts may take.
    pub struct TimeoutFields {
        /// The whole run.
        pub pipeline: Option<TextDuration> => "pipeline" omit,
        /// Its tasks.
        pub tasks: Option<TextDuration> => "tasks" omit,
        /// The tasks at the end.
        pub finally: Option<TextDuration> => "finally" omit,
    }

    /// Settings of all tasks of a run.
    pub struct PipelineTaskRunTemplate {
        /// Settings of the pods.
        pub pod_template: Option<Box<PodTemplate>> => "podTemplate" omit,
        /// The service account that it runs as.
        pub service_account_name: String => "serviceAccountName" omit,
    }

    /// What a workspace is made of.
    pub struct WorkspaceBinding {
        /// The workspace's name.
        pub name: String => "name" keep,
        /// The directory of the volume that is used; its root when not given.
        pub sub_path: String => "subPath" omit,
        /// A claim that is made for the run.
        pub volume_claim_template: Option<Box<PersistentVolumeClaim>> => "volumeClaimTemplate" omit,
        /// A volume that was claimed before.
        pub persistent_volume_claim: Option<Box<PersistentVolumeClaimVolumeSource>> => "persistentVolumeClaim" omit,
        /// A directory that is empty at the start.
        pub empty_dir: Option<Box<EmptyDirVolumeSource>> => "emptyDir" omit,
        /// The entries of a config map.
        pub config_map: Option<Box<ConfigMapVolumeSource>> => "configMap" omit,
        /// The entries of a secret.
        pub secret: Option<Box<SecretVolumeSource>> => "secret" omit,
        /// Several sources in one directory.
        pub projected: Option<Box<ProjectedVolumeSource>> => "projected" omit,
        /// A volume that a CSI driver makes.
        pub csi: Option<Box<CSIVolumeSource>> => "csi" omit,
    }

    /// Settings of one task of a run.
    pub struct PipelineTaskRunSpec {
        /// The task's name in the pipeline.
        pub pipeline_task_name: String => "pipelineTaskName" omit,
        /// The service account that it runs as.
        pub service_account_name: String => "serviceAccountName" omit,
        /// Settings of the pods.
        pub pod_template: Option<Box<PodTemplate>> => "podTemplate" omit,
        /// Settings of its steps.
        pub step_specs: Vec<TaskRunStepSpec> => "stepSpecs" omit,
        /// Settings of its sidecars.
        pub sidecar_specs: Vec<TaskRunSidecarSpec> => "sidecarSpecs" omit,
        /// Labels and annotations.
        pub metadata: Option<Box<PipelineTaskMetadata>> => "metadata" omit,
        /// CPU, memory and other resources.
        pub compute_resources: Option<Box<ResourceRequirements>> => "computeResources" omit,
        /// How long it may take.
        pub timeout: Option<TextDuration> => "timeout" omit,
    }

    /// Something that a resolver finds.
    pub struct ResolverRef {
        /// The resolver, such as `git` or `bundles`.
        pub resolver: String => "resolver" omit,
        /// What the resolver is told.
        pub params: Vec<Param> => "params" omit,
    }

    /// A task of a pipeline.
    pub struct PipelineTask {
        /// The task's name in the pipeline.
        pub name: String => "name" omit,
        /// A name for people.
        pub display_name: String => "displayName" omit,
        /// What it is for.
        pub description: String => "description" omit,
        /// The task, by name or by a resolver.
        pub task_ref: Option<Box<TaskRef>> => "taskRef" omit,
        /// The task, spelt out.
        pub task_spec: Option<Box<EmbeddedTask>> => "taskSpec" omit,
        /// Conditions that must all hold for it to run.
        pub when: Vec<WhenExpression> => "when" omit,
        /// How often it is tried again when it fails.
        pub retries: i64 => "retries" omit,
        /// Tasks that must be done before.
        pub run_after: Vec<String> => "runAfter" omit,
        /// Parameters, each with its value.
        pub params: Vec<Param> => "params" omit,
        /// Runs it several times, with different parameters.
        pub matrix: Option<Box<Matrix>> => "matrix" omit,
        /// Which workspaces of the pipeline it gets.
        pub workspaces: Vec<WorkspacePipelineTaskBinding> => "workspaces" omit,
        /// How long it may take.
        pub timeout: Option<TextDuration> => "timeout" omit,
        /// A pipeline that runs in its place, by name or by a resolver.
        pub pipeline_ref: Option<Box<PipelineRef>> => "pipelineRef" omit,
        /// A pipeline that runs in its place, spelt out.
        pub pipeline_spec: Option<Box<PipelineSpec>> => "pipelineSpec" omit,
        /// Whether a failure ends the run (`stopAndFail`) or not (`continue`).
        pub on_error: String => "onError" omit,
    }

    /// A workspace that a pipeline needs.
    pub struct PipelineWorkspaceDeclaration {
        /// The workspace's name.
        pub name: String => "name" keep,
        /// What it is for.
        pub description: String => "description" omit,
        /// It need not be given.
        pub optional: bool => "optional" omit,
    }

    /// A result of a pipeline.
    pub struct PipelineResult {
        /// The result's name.
        pub name: String => "name" keep,
        /// Whether it is a `string`, an `array` or an `object`.
        pub kind: String => "type" omit,
        /// What it is for.
        pub description: String => "description" keep,
        /// Its value, made of results of tasks.
        pub value: ParamValue => "value" keep,
    }

    /// A parameter and its value.
    pub struct Param {
        /// The parameter.
        pub name: String => "name" keep,
        /// Its value.
        pub value: ParamValue => "value" keep,
    }

    /// Settings of the pods of tasks.
    pub struct PodTemplate {
        /// Labels that the pods' nodes must have.
        pub node_selector: BTreeMap<String, String> => "nodeSelector" omit,
        /// Environment variables of all containers.
        pub env: Vec<EnvVar> => "env" omit,
        /// Taints of nodes that do not keep the pods away.
        pub tolerations: Vec<Toleration> => "tolerations" omit,
        /// Rules about its node and other pods.
        pub affinity: Option<Box<Affinity>> => "affinity" omit,
        /// Rights and identity of all containers.
        pub security_context: Option<Box<PodSecurityContext>> => "securityContext" omit,
        /// Volumes that containers can mount.
        pub volumes: Vec<Volume> => "volumes" omit,
        /// The class of container runtime that runs it.
        pub runtime_class_name: Option<String> => "runtimeClassName" omit,
        /// Whether a token of the service account is mounted into its containers.
        pub automount_service_account_token: Option<bool> => "automountServiceAccountToken" omit,
        /// Where names are looked up: in the cluster, on the node, or as `dnsConfig` says.
        pub dns_policy: Option<String> => "dnsPolicy" omit,
        /// Settings for looking up names, in addition to `dnsPolicy`.
        pub dns_config: Option<Box<PodDNSConfig>> => "dnsConfig" omit,
        /// Whether services of the namespace show as environment variables.
        pub enable_service_links: Option<bool> => "enableServiceLinks" omit,
        /// The class of its priority, which decides what gives way when there is no room.
        pub priority_class_name: Option<String> => "priorityClassName" omit,
        /// The scheduler that places it.
        pub scheduler_name: String => "schedulerName" omit,
        /// Secrets with credentials for pulling images.
        pub image_pull_secrets: Vec<LocalObjectReference> => "imagePullSecrets" omit,
        /// Lines that are added to `/etc/hosts`.
        pub host_aliases: Vec<HostAlias> => "hostAliases" omit,
        /// It uses the network of its node.
        pub host_network: bool => "hostNetwork" omit,
        /// Whether its users are those of the node; else root in it is not root on the node.
        pub host_users: Option<bool> => "hostUsers" omit,
        /// How evenly it and its likes are spread over nodes or zones.
        pub topology_spread_constraints: Vec<TopologySpreadConstraint> => "topologySpreadConstraints" omit,
    }

    /// Resources of a step of a task.
    pub struct TaskRunStepSpec {
        /// The step's name.
        pub name: String => "name" keep,
        /// CPU, memory and other resources.
        pub compute_resources: ResourceRequirements => "computeResources" keep,
    }

    /// Resources of a sidecar of a task.
    pub struct TaskRunSidecarSpec {
        /// The sidecar's name.
        pub name: String => "name" keep,
        /// CPU, memory and other resources.
        pub compute_resources: ResourceRequirements => "computeResources" keep,
    }

    /// Labels and annotations of a task.
    pub struct PipelineTaskMetadata {
        /// Labels of its runs.
        pub labels: BTreeMap<String, String> => "labels" omit,
        /// Annotations of its runs.
        pub annotations: BTreeMap<String, String> => "annotations" omit,
    }

    /// A task by name or resolver.
    pub struct TaskRef {
        /// The task's name.
        pub name: String => "name" omit,
        /// The kind of task, `Task` when not given.
        pub kind: String => "kind" omit,
        /// The API version of its kind.
        pub api_version: String => "apiVersion" omit,
        /// Where it is found, if not in the cluster.
        pub resolver_ref: ResolverRef => embed,
    }

    /// A task that is spelt out in a pipeline.
    pub struct EmbeddedTask {
        /// The kind of a custom task.
        pub type_meta: TypeMeta => embed,
        /// The content of a custom task, which its controller reads.
        pub spec: Raw => "spec" keep,
        /// Labels and annotations.
        pub metadata: PipelineTaskMetadata => "metadata" keep,
        /// The task.
        pub task_spec: TaskSpec => embed,
    }

    /// Values that a task is run for in all combinations.
    pub struct Matrix {
        /// Parameters with lists of values, of which all combinations are run.
        pub params: Vec<Param> => "params" omit,
        /// Further combinations, or further parameters of some.
        pub include: Vec<IncludeParams> => "include" omit,
    }

    /// The workspace of a pipeline that a task uses.
    pub struct WorkspacePipelineTaskBinding {
        /// The workspace's name in the task.
        pub name: String => "name" keep,
        /// Its name in the pipeline.
        pub workspace: String => "workspace" omit,
        /// The directory of the workspace that the task gets.
        pub sub_path: String => "subPath" omit,
    }

    /// A parameter that is asked for.
    pub struct ParamSpec {
        /// The parameter.
        pub name: String => "name" keep,
        /// Whether it is a `string`, an `array` or an `object`.
        pub kind: String => "type" omit,
        /// What it is for.
        pub description: String => "description" omit,
        /// The keys of an object, each with its type.
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        /// Its value when none is given.
        pub default: Option<ParamValue> => "default" omit,
        /// The only values it can have.
        pub choices: Vec<String> => "enum" omit,
    }

    /// A task that is spelt out.
    pub struct TaskSpec {
        /// The task's parameters.
        pub params: Vec<ParamSpec> => "params" omit,
        /// A name for people.
        pub display_name: String => "displayName" omit,
        /// What it is for.
        pub description: String => "description" omit,
        /// Its steps, one after another.
        pub steps: Vec<Step> => "steps" omit,
        /// Volumes that steps and sidecars can mount.
        pub volumes: Vec<Volume> => "volumes" omit,
        /// What all steps have unless they say otherwise.
        pub step_template: Option<Box<StepTemplate>> => "stepTemplate" omit,
        /// Containers that run beside the steps.
        pub sidecars: Vec<Sidecar> => "sidecars" omit,
        /// The workspaces it needs.
        pub workspaces: Vec<WorkspaceDeclaration> => "workspaces" omit,
        /// What it gives as results.
        pub results: Vec<TaskResult> => "results" omit,
    }

    /// A condition for running a task.
    pub struct WhenExpression {
        /// What is compared.
        pub input: String => "input" omit,
        /// `in` or `notin`.
        pub operator: String => "operator" omit,
        /// What it is compared with.
        pub values: Vec<String> => "values" omit,
        /// The condition as an expression of CEL, in place of the others.
        pub cel: String => "cel" omit,
    }

    /// The type of a parameter's property.
    pub struct PropertySpec {
        /// Its type, which is `string`.
        pub kind: String => "type" omit,
    }

    /// A step of a task.
    pub struct Step {
        /// The step's name.
        pub name: String => "name" keep,
        /// A name for people.
        pub display_name: String => "displayName" omit,
        /// The address of the image that it runs.
        pub image: String => "image" omit,
        /// The program and its first arguments, in place of the image's entry point.
        pub command: Vec<String> => "command" omit,
        /// Arguments of the program, in place of the image's own.
        pub args: Vec<String> => "args" omit,
        /// The directory that the program starts in; the image's own when not given.
        pub working_dir: String => "workingDir" omit,
        /// Objects whose entries all become environment variables.
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        /// Environment variables.
        pub env: Vec<EnvVar> => "env" omit,
        /// CPU, memory and other resources.
        pub compute_resources: ResourceRequirements => "computeResources" keep,
        /// Where volumes show in it.
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        /// Where block devices show in it.
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        /// When the image is pulled.
        pub image_pull_policy: String => "imagePullPolicy" omit,
        /// Rights and identity of its processes; they win over those of the pod.
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        /// A script that runs in place of `command`.
        pub script: String => "script" omit,
        /// How long it may take.
        pub timeout: Option<TextDuration> => "timeout" omit,
        /// Which workspaces of the task it gets.
        pub workspaces: Vec<WorkspaceUsage> => "workspaces" omit,
        /// Whether a failure ends the run (`stopAndFail`) or not (`continue`).
        pub on_error: String => "onError" omit,
        /// Where its standard output goes, besides the log.
        pub stdout_config: Option<Box<StepOutputConfig>> => "stdoutConfig" omit,
        /// Where its standard error goes, besides the log.
        pub stderr_config: Option<Box<StepOutputConfig>> => "stderrConfig" omit,
        /// A step that is defined elsewhere, in place of all this.
        pub reference: Option<Box<Ref>> => "ref" omit,
        /// Parameters, each with its value.
        pub params: Vec<Param> => "params" omit,
        /// What it gives as results.
        pub results: Vec<StepResult> => "results" omit,
        /// Conditions that must all hold for it to run.
        pub when: Vec<WhenExpression> => "when" omit,
    }

    /// Settings of all steps of a task.
    pub struct StepTemplate {
        /// The address of the image that it runs.
        pub image: String => "image" omit,
        /// The program and its first arguments, in place of the image's entry point.
        pub command: Vec<String> => "command" omit,
        /// Arguments of the program, in place of the image's own.
        pub args: Vec<String> => "args" omit,
        /// The directory that the program starts in; the image's own when not given.
        pub working_dir: String => "workingDir" omit,
        /// Objects whose entries all become environment variables.
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        /// Environment variables.
        pub env: Vec<EnvVar> => "env" omit,
        /// CPU, memory and other resources.
        pub compute_resources: ResourceRequirements => "computeResources" keep,
        /// Where volumes show in it.
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        /// Where block devices show in it.
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        /// When the image is pulled.
        pub image_pull_policy: String => "imagePullPolicy" omit,
        /// Rights and identity of its processes; they win over those of the pod.
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
    }

    /// A container that runs beside a task's steps.
    pub struct Sidecar {
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
        pub compute_resources: ResourceRequirements => "computeResources" keep,
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
        /// A script that runs in place of `command`.
        pub script: String => "script" omit,
        /// Which workspaces of the task it gets.
        pub workspaces: Vec<WorkspaceUsage> => "workspaces" omit,
        /// `Always` makes it run from before the steps to after them.
        pub restart_policy: Option<String> => "restartPolicy" omit,
    }

    /// A workspace that a task needs.
    pub struct WorkspaceDeclaration {
        /// The workspace's name.
        pub name: String => "name" keep,
        /// What it is for.
        pub description: String => "description" omit,
        /// The path at which it shows.
        pub mount_path: String => "mountPath" omit,
        /// It cannot be written to.
        pub read_only: bool => "readOnly" omit,
        /// It need not be given.
        pub optional: bool => "optional" omit,
    }

    /// A result of a task.
    pub struct TaskResult {
        /// The result's name.
        pub name: String => "name" keep,
        /// Whether it is a `string`, an `array` or an `object`.
        pub kind: String => "type" omit,
        /// The keys of an object, each with its type.
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        /// What it is for.
        pub description: String => "description" omit,
        /// Its value, where it comes from a step's result.
        pub value: Option<ParamValue> => "value" omit,
    }

    /// One combination that a matrix includes.
    pub struct IncludeParams {
        /// A name for the combination.
        pub name: String => "name" omit,
        /// Parameters, each with its value.
        pub params: Vec<Param> => "params" omit,
    }

    /// A workspace that a step uses.
    pub struct WorkspaceUsage {
        /// The workspace's name.
        pub name: String => "name" keep,
        /// The path at which it shows.
        pub mount_path: String => "mountPath" keep,
    }

    /// Where a step's output is kept.
    pub struct StepOutputConfig {
        /// The file.
        pub path: String => "path" omit,
    }

    /// A step by name or resolver.
    pub struct Ref {
        /// The step's name.
        pub name: String => "name" omit,
        /// Where it is found, if not in the cluster.
        pub resolver_ref: ResolverRef => embed,
    }

    /// A result of a step.
    pub struct StepResult {
        /// The result's name.
        pub name: String => "name" keep,
        /// Whether it is a `string`, an `array` or an `object`.
        pub kind: String => "type" omit,
        /// The keys of an object, each with its type.
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        /// What it is for.
        pub description: String => "description" omit,
    }
}
