//! Tekton pipeline runs, for the few jobs that Tekton carries out. [`PipelineRunSpec`] is the root.

#![expect(missing_docs, reason = "the fields are Tekton's own")]

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
        pub pipeline_ref: Option<Box<PipelineRef>> => "pipelineRef" omit,
        pub pipeline_spec: Option<Box<PipelineSpec>> => "pipelineSpec" omit,
        pub params: Vec<Param> => "params" omit,
        pub status: String => "status" omit,
        pub timeouts: Option<Box<TimeoutFields>> => "timeouts" omit,
        pub task_run_template: PipelineTaskRunTemplate => "taskRunTemplate" keep,
        pub workspaces: Vec<WorkspaceBinding> => "workspaces" omit,
        pub task_run_specs: Vec<PipelineTaskRunSpec> => "taskRunSpecs" omit,
        pub managed_by: Option<String> => "managedBy" omit,
    }

    /// A pipeline by name or resolver.
    pub struct PipelineRef {
        pub name: String => "name" omit,
        pub api_version: String => "apiVersion" omit,
        pub resolver_ref: ResolverRef => embed,
    }

    /// A pipeline that is spelt out.
    pub struct PipelineSpec {
        pub display_name: String => "displayName" omit,
        pub description: String => "description" omit,
        pub tasks: Vec<PipelineTask> => "tasks" omit,
        pub params: Vec<ParamSpec> => "params" omit,
        pub workspaces: Vec<PipelineWorkspaceDeclaration> => "workspaces" omit,
        pub results: Vec<PipelineResult> => "results" omit,
        pub finally: Vec<PipelineTask> => "finally" omit,
    }

    /// How long a run and its parts may take.
    pub struct TimeoutFields {
        pub pipeline: Option<TextDuration> => "pipeline" omit,
        pub tasks: Option<TextDuration> => "tasks" omit,
        pub finally: Option<TextDuration> => "finally" omit,
    }

    /// Settings of all tasks of a run.
    pub struct PipelineTaskRunTemplate {
        pub pod_template: Option<Box<PodTemplate>> => "podTemplate" omit,
        pub service_account_name: String => "serviceAccountName" omit,
    }

    /// What a workspace is made of.
    pub struct WorkspaceBinding {
        pub name: String => "name" keep,
        pub sub_path: String => "subPath" omit,
        pub volume_claim_template: Option<Box<PersistentVolumeClaim>> => "volumeClaimTemplate" omit,
        pub persistent_volume_claim: Option<Box<PersistentVolumeClaimVolumeSource>> => "persistentVolumeClaim" omit,
        pub empty_dir: Option<Box<EmptyDirVolumeSource>> => "emptyDir" omit,
        pub config_map: Option<Box<ConfigMapVolumeSource>> => "configMap" omit,
        pub secret: Option<Box<SecretVolumeSource>> => "secret" omit,
        pub projected: Option<Box<ProjectedVolumeSource>> => "projected" omit,
        pub csi: Option<Box<CSIVolumeSource>> => "csi" omit,
    }

    /// Settings of one task of a run.
    pub struct PipelineTaskRunSpec {
        pub pipeline_task_name: String => "pipelineTaskName" omit,
        pub service_account_name: String => "serviceAccountName" omit,
        pub pod_template: Option<Box<PodTemplate>> => "podTemplate" omit,
        pub step_specs: Vec<TaskRunStepSpec> => "stepSpecs" omit,
        pub sidecar_specs: Vec<TaskRunSidecarSpec> => "sidecarSpecs" omit,
        pub metadata: Option<Box<PipelineTaskMetadata>> => "metadata" omit,
        pub compute_resources: Option<Box<ResourceRequirements>> => "computeResources" omit,
        pub timeout: Option<TextDuration> => "timeout" omit,
    }

    /// Something that a resolver finds.
    pub struct ResolverRef {
        pub resolver: String => "resolver" omit,
        pub params: Vec<Param> => "params" omit,
    }

    /// A task of a pipeline.
    pub struct PipelineTask {
        pub name: String => "name" omit,
        pub display_name: String => "displayName" omit,
        pub description: String => "description" omit,
        pub task_ref: Option<Box<TaskRef>> => "taskRef" omit,
        pub task_spec: Option<Box<EmbeddedTask>> => "taskSpec" omit,
        pub when: Vec<WhenExpression> => "when" omit,
        pub retries: i64 => "retries" omit,
        pub run_after: Vec<String> => "runAfter" omit,
        pub params: Vec<Param> => "params" omit,
        pub matrix: Option<Box<Matrix>> => "matrix" omit,
        pub workspaces: Vec<WorkspacePipelineTaskBinding> => "workspaces" omit,
        pub timeout: Option<TextDuration> => "timeout" omit,
        pub pipeline_ref: Option<Box<PipelineRef>> => "pipelineRef" omit,
        pub pipeline_spec: Option<Box<PipelineSpec>> => "pipelineSpec" omit,
        pub on_error: String => "onError" omit,
    }

    /// A workspace that a pipeline needs.
    pub struct PipelineWorkspaceDeclaration {
        pub name: String => "name" keep,
        pub description: String => "description" omit,
        pub optional: bool => "optional" omit,
    }

    /// A result of a pipeline.
    pub struct PipelineResult {
        pub name: String => "name" keep,
        pub kind: String => "type" omit,
        pub description: String => "description" keep,
        pub value: ParamValue => "value" keep,
    }

    /// A parameter and its value.
    pub struct Param {
        pub name: String => "name" keep,
        pub value: ParamValue => "value" keep,
    }

    /// Settings of the pods of tasks.
    pub struct PodTemplate {
        pub node_selector: BTreeMap<String, String> => "nodeSelector" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub tolerations: Vec<Toleration> => "tolerations" omit,
        pub affinity: Option<Box<Affinity>> => "affinity" omit,
        pub security_context: Option<Box<PodSecurityContext>> => "securityContext" omit,
        pub volumes: Vec<Volume> => "volumes" omit,
        pub runtime_class_name: Option<String> => "runtimeClassName" omit,
        pub automount_service_account_token: Option<bool> => "automountServiceAccountToken" omit,
        pub dns_policy: Option<String> => "dnsPolicy" omit,
        pub dns_config: Option<Box<PodDNSConfig>> => "dnsConfig" omit,
        pub enable_service_links: Option<bool> => "enableServiceLinks" omit,
        pub priority_class_name: Option<String> => "priorityClassName" omit,
        pub scheduler_name: String => "schedulerName" omit,
        pub image_pull_secrets: Vec<LocalObjectReference> => "imagePullSecrets" omit,
        pub host_aliases: Vec<HostAlias> => "hostAliases" omit,
        pub host_network: bool => "hostNetwork" omit,
        pub host_users: Option<bool> => "hostUsers" omit,
        pub topology_spread_constraints: Vec<TopologySpreadConstraint> => "topologySpreadConstraints" omit,
    }

    /// Resources of a step of a task.
    pub struct TaskRunStepSpec {
        pub name: String => "name" keep,
        pub compute_resources: ResourceRequirements => "computeResources" keep,
    }

    /// Resources of a sidecar of a task.
    pub struct TaskRunSidecarSpec {
        pub name: String => "name" keep,
        pub compute_resources: ResourceRequirements => "computeResources" keep,
    }

    /// Labels and annotations of a task.
    pub struct PipelineTaskMetadata {
        pub labels: BTreeMap<String, String> => "labels" omit,
        pub annotations: BTreeMap<String, String> => "annotations" omit,
    }

    /// A task by name or resolver.
    pub struct TaskRef {
        pub name: String => "name" omit,
        pub kind: String => "kind" omit,
        pub api_version: String => "apiVersion" omit,
        pub resolver_ref: ResolverRef => embed,
    }

    /// A task that is spelt out in a pipeline.
    pub struct EmbeddedTask {
        pub type_meta: TypeMeta => embed,
        pub spec: Raw => "spec" keep,
        pub metadata: PipelineTaskMetadata => "metadata" keep,
        pub task_spec: TaskSpec => embed,
    }

    /// Values that a task is run for in all combinations.
    pub struct Matrix {
        pub params: Vec<Param> => "params" omit,
        pub include: Vec<IncludeParams> => "include" omit,
    }

    /// The workspace of a pipeline that a task uses.
    pub struct WorkspacePipelineTaskBinding {
        pub name: String => "name" keep,
        pub workspace: String => "workspace" omit,
        pub sub_path: String => "subPath" omit,
    }

    /// A parameter that is asked for.
    pub struct ParamSpec {
        pub name: String => "name" keep,
        pub kind: String => "type" omit,
        pub description: String => "description" omit,
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        pub default: Option<ParamValue> => "default" omit,
        pub choices: Vec<String> => "enum" omit,
    }

    /// A task that is spelt out.
    pub struct TaskSpec {
        pub params: Vec<ParamSpec> => "params" omit,
        pub display_name: String => "displayName" omit,
        pub description: String => "description" omit,
        pub steps: Vec<Step> => "steps" omit,
        pub volumes: Vec<Volume> => "volumes" omit,
        pub step_template: Option<Box<StepTemplate>> => "stepTemplate" omit,
        pub sidecars: Vec<Sidecar> => "sidecars" omit,
        pub workspaces: Vec<WorkspaceDeclaration> => "workspaces" omit,
        pub results: Vec<TaskResult> => "results" omit,
    }

    /// A condition for running a task.
    pub struct WhenExpression {
        pub input: String => "input" omit,
        pub operator: String => "operator" omit,
        pub values: Vec<String> => "values" omit,
        pub cel: String => "cel" omit,
    }

    /// The type of a parameter's property.
    pub struct PropertySpec {
        pub kind: String => "type" omit,
    }

    /// A step of a task.
    pub struct Step {
        pub name: String => "name" keep,
        pub display_name: String => "displayName" omit,
        pub image: String => "image" omit,
        pub command: Vec<String> => "command" omit,
        pub args: Vec<String> => "args" omit,
        pub working_dir: String => "workingDir" omit,
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub compute_resources: ResourceRequirements => "computeResources" keep,
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        pub image_pull_policy: String => "imagePullPolicy" omit,
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
        pub script: String => "script" omit,
        pub timeout: Option<TextDuration> => "timeout" omit,
        pub workspaces: Vec<WorkspaceUsage> => "workspaces" omit,
        pub on_error: String => "onError" omit,
        pub stdout_config: Option<Box<StepOutputConfig>> => "stdoutConfig" omit,
        pub stderr_config: Option<Box<StepOutputConfig>> => "stderrConfig" omit,
        pub reference: Option<Box<Ref>> => "ref" omit,
        pub params: Vec<Param> => "params" omit,
        pub results: Vec<StepResult> => "results" omit,
        pub when: Vec<WhenExpression> => "when" omit,
    }

    /// Settings of all steps of a task.
    pub struct StepTemplate {
        pub image: String => "image" omit,
        pub command: Vec<String> => "command" omit,
        pub args: Vec<String> => "args" omit,
        pub working_dir: String => "workingDir" omit,
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub compute_resources: ResourceRequirements => "computeResources" keep,
        pub volume_mounts: Vec<VolumeMount> => "volumeMounts" omit,
        pub volume_devices: Vec<VolumeDevice> => "volumeDevices" omit,
        pub image_pull_policy: String => "imagePullPolicy" omit,
        pub security_context: Option<Box<SecurityContext>> => "securityContext" omit,
    }

    /// A container that runs beside a task's steps.
    pub struct Sidecar {
        pub name: String => "name" keep,
        pub image: String => "image" omit,
        pub command: Vec<String> => "command" omit,
        pub args: Vec<String> => "args" omit,
        pub working_dir: String => "workingDir" omit,
        pub ports: Vec<ContainerPort> => "ports" omit,
        pub env_from: Vec<EnvFromSource> => "envFrom" omit,
        pub env: Vec<EnvVar> => "env" omit,
        pub compute_resources: ResourceRequirements => "computeResources" keep,
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
        pub script: String => "script" omit,
        pub workspaces: Vec<WorkspaceUsage> => "workspaces" omit,
        pub restart_policy: Option<String> => "restartPolicy" omit,
    }

    /// A workspace that a task needs.
    pub struct WorkspaceDeclaration {
        pub name: String => "name" keep,
        pub description: String => "description" omit,
        pub mount_path: String => "mountPath" omit,
        pub read_only: bool => "readOnly" omit,
        pub optional: bool => "optional" omit,
    }

    /// A result of a task.
    pub struct TaskResult {
        pub name: String => "name" keep,
        pub kind: String => "type" omit,
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        pub description: String => "description" omit,
        pub value: Option<ParamValue> => "value" omit,
    }

    /// One combination that a matrix includes.
    pub struct IncludeParams {
        pub name: String => "name" omit,
        pub params: Vec<Param> => "params" omit,
    }

    /// A workspace that a step uses.
    pub struct WorkspaceUsage {
        pub name: String => "name" keep,
        pub mount_path: String => "mountPath" keep,
    }

    /// Where a step's output is kept.
    pub struct StepOutputConfig {
        pub path: String => "path" omit,
    }

    /// A step by name or resolver.
    pub struct Ref {
        pub name: String => "name" omit,
        pub resolver_ref: ResolverRef => embed,
    }

    /// A result of a step.
    pub struct StepResult {
        pub name: String => "name" keep,
        pub kind: String => "type" omit,
        pub properties: BTreeMap<String, PropertySpec> => "properties" omit,
        pub description: String => "description" omit,
    }
}
