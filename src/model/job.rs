//! Types of this part of the model.
use std::collections::BTreeMap;

use crate::record;
use super::decoration::{DecorationConfig, ProwJobDefault, Refs, ReporterConfig, RerunAuthConfig, TektonPipelineRunSpec};
use super::pod::{EnvVar, PodSpec, Toleration, Volume, VolumeMount};
use super::scalar::{Raw};
use super::tekton::{PipelineRunSpec};

record! {
    pub struct JobConfig {
        pub presets: Vec<Preset> => "presets" omit,
        pub presubmits: BTreeMap<String, Vec<Presubmit>> => "presubmits" omit,
        pub postsubmits: BTreeMap<String, Vec<Postsubmit>> => "postsubmits" omit,
        pub periodics: Vec<Periodic> => "periodics" omit,
        pub decorate_all_jobs: bool => "decorate_all_jobs" omit,
        pub prow_ignored: Option<Raw> => "prow_ignored" omit,
    }

    pub struct Preset {
        pub labels: Option<BTreeMap<String, String>> => "labels" keep,
        pub env: Option<Vec<EnvVar>> => "env" keep,
        pub volumes: Option<Vec<Volume>> => "volumes" keep,
        pub volume_mounts: Option<Vec<VolumeMount>> => "volumeMounts" keep,
        pub tolerations: Vec<Toleration> => "tolerations" omit,
    }

    pub struct Presubmit {
        pub job_base: JobBase => embed,
        pub always_run: bool => "always_run" keep,
        pub optional: bool => "optional" omit,
        pub trigger: String => "trigger" omit,
        pub rerun_command: String => "rerun_command" omit,
        pub run_before_merge: bool => "run_before_merge" omit,
        pub brancher: Brancher => embed,
        pub regexp_change_matcher: RegexpChangeMatcher => embed,
        pub reporter: Reporter => embed,
        pub jenkins_spec: Option<JenkinsSpec> => "jenkins_spec" omit,
    }

    pub struct Postsubmit {
        pub job_base: JobBase => embed,
        pub always_run: Option<bool> => "always_run" omit,
        pub regexp_change_matcher: RegexpChangeMatcher => embed,
        pub brancher: Brancher => embed,
        pub reporter: Reporter => embed,
        pub jenkins_spec: Option<JenkinsSpec> => "jenkins_spec" omit,
    }

    pub struct Periodic {
        pub job_base: JobBase => embed,
        pub interval: String => "interval" omit,
        pub minimum_interval: String => "minimum_interval" omit,
        pub cron: String => "cron" omit,
        pub tags: Vec<String> => "tags" omit,
        pub retry: Option<Retry> => "retry" omit,
    }

    pub struct JobBase {
        pub name: String => "name" keep,
        pub labels: BTreeMap<String, String> => "labels" omit,
        pub max_concurrency: i64 => "max_concurrency" omit,
        pub agent: String => "agent" omit,
        pub cluster: String => "cluster" omit,
        pub namespace: Option<String> => "namespace" omit,
        pub error_on_eviction: bool => "error_on_eviction" omit,
        pub spec: Option<PodSpec> => "spec" omit,
        pub pipeline_run_spec: Option<PipelineRunSpec> => "pipeline_run_spec" omit,
        pub tekton_pipeline_run_spec: Option<TektonPipelineRunSpec> => "tekton_pipeline_run_spec" omit,
        pub annotations: BTreeMap<String, String> => "annotations" omit,
        pub reporter_config: Option<ReporterConfig> => "reporter_config" omit,
        pub rerun_auth_config: Option<RerunAuthConfig> => "rerun_auth_config" omit,
        pub hidden: bool => "hidden" omit,
        pub prowjob_defaults: Option<ProwJobDefault> => "prowjob_defaults" omit,
        pub job_queue_name: String => "job_queue_name" omit,
        pub utility_config: UtilityConfig => embed,
    }

    pub struct Brancher {
        pub skip_branches: Vec<String> => "skip_branches" omit,
        pub branches: Vec<String> => "branches" omit,
    }

    pub struct RegexpChangeMatcher {
        pub run_if_changed: String => "run_if_changed" omit,
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
    }

    pub struct Reporter {
        pub context: String => "context" omit,
        pub skip_report: bool => "skip_report" omit,
    }

    pub struct JenkinsSpec {
        pub github_branch_source_job: bool => "github_branch_source_job" omit,
    }

    pub struct Retry {
        pub run_all: bool => "run_all" omit,
        pub attempts: i64 => "attempts" omit,
        pub interval: String => "interval" omit,
    }

    pub struct UtilityConfig {
        pub decorate: Option<bool> => "decorate" omit,
        pub path_alias: String => "path_alias" omit,
        pub clone_uri: String => "clone_uri" omit,
        pub skip_submodules: bool => "skip_submodules" omit,
        pub clone_depth: i64 => "clone_depth" omit,
        pub skip_fetch_head: bool => "skip_fetch_head" omit,
        pub extra_refs: Vec<Refs> => "extra_refs" omit,
        pub decoration_config: Option<DecorationConfig> => "decoration_config" omit,
    }
}
