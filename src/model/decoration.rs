//! Types of this part of the model.
use std::collections::BTreeMap;

use crate::record;
use super::pod::{Affinity, ResourceRequirements, Toleration};
use super::scalar::{Duration, Quantity};
use super::tekton::{PipelineRunSpec};

record! {
    pub struct TektonPipelineRunSpec {
        pub v1beta1: Option<PipelineRunSpec> => "v1beta1" omit,
    }

    pub struct ReporterConfig {
        pub slack: Option<SlackReporterConfig> => "slack" omit,
    }

    pub struct RerunAuthConfig {
        pub allow_anyone: bool => "allow_anyone" omit,
        pub github_team_ids: Vec<i64> => "github_team_ids" omit,
        pub github_team_slugs: Vec<GitHubTeamSlug> => "github_team_slugs" omit,
        pub github_users: Vec<String> => "github_users" omit,
        pub github_orgs: Vec<String> => "github_orgs" omit,
    }

    pub struct ProwJobDefault {
        pub resultstore_config: Option<ResultStoreConfig> => "resultstore_config" omit,
        pub tenant_id: String => "tenant_id" omit,
    }

    pub struct SlackReporterConfig {
        pub host: String => "host" omit,
        pub channel: String => "channel" omit,
        pub job_states_to_report: Vec<String> => "job_states_to_report" omit,
        pub report_template: String => "report_template" omit,
        pub report: Option<bool> => "report" omit,
    }

    pub struct GitHubTeamSlug {
        pub slug: String => "slug" keep,
        pub org: String => "org" keep,
    }

    pub struct ResultStoreConfig {
        pub project_id: String => "project_id" omit,
    }

    pub struct Refs {
        pub org: String => "org" keep,
        pub repo: String => "repo" keep,
        pub repo_link: String => "repo_link" omit,
        pub base_ref: String => "base_ref" omit,
        pub base_sha: String => "base_sha" omit,
        pub base_link: String => "base_link" omit,
        pub pulls: Vec<Pull> => "pulls" omit,
        pub path_alias: String => "path_alias" omit,
        pub workdir: bool => "workdir" omit,
        pub auxiliary: bool => "auxiliary" omit,
        pub clone_uri: String => "clone_uri" omit,
        pub skip_submodules: bool => "skip_submodules" omit,
        pub clone_depth: i64 => "clone_depth" omit,
        pub skip_fetch_head: bool => "skip_fetch_head" omit,
        pub blobless_fetch: Option<bool> => "blobless_fetch" omit,
        pub sparse_checkout_files: Vec<String> => "sparse_checkout_files" omit,
    }

    pub struct DecorationConfig {
        pub timeout: Option<Duration> => "timeout" omit,
        pub grace_period: Option<Duration> => "grace_period" omit,
        pub utility_images: Option<UtilityImages> => "utility_images" omit,
        pub resources: Option<Resources> => "resources" omit,
        pub gcs_configuration: Option<GCSConfiguration> => "gcs_configuration" omit,
        pub gcs_credentials_secret: Option<String> => "gcs_credentials_secret" omit,
        pub s3_credentials_secret: Option<String> => "s3_credentials_secret" omit,
        pub default_service_account_name: Option<String> => "default_service_account_name" omit,
        pub ssh_key_secrets: Vec<String> => "ssh_key_secrets" omit,
        pub ssh_host_fingerprints: Vec<String> => "ssh_host_fingerprints" omit,
        pub blobless_fetch: Option<bool> => "blobless_fetch" omit,
        pub sparse_checkout_files: Vec<String> => "sparse_checkout_files" omit,
        pub skip_cloning: Option<bool> => "skip_cloning" omit,
        pub cookiefile_secret: Option<String> => "cookiefile_secret" omit,
        pub oauth_token_secret: Option<OauthTokenSecret> => "oauth_token_secret" omit,
        pub github_api_endpoints: Vec<String> => "github_api_endpoints" omit,
        pub github_app_id: String => "github_app_id" omit,
        pub github_app_private_key_secret: Option<GitHubAppPrivateKeySecret> => "github_app_private_key_secret" omit,
        pub censor_secrets: Option<bool> => "censor_secrets" omit,
        pub censoring_options: Option<CensoringOptions> => "censoring_options" omit,
        pub upload_ignores_interrupts: Option<bool> => "upload_ignores_interrupts" omit,
        pub set_limit_equals_memory_request: Option<bool> => "set_limit_equals_memory_request" omit,
        pub default_memory_request: Option<Quantity> => "default_memory_request" omit,
        pub scheduling_options: Option<SchedulingOptions> => "scheduling_options" omit,
        pub pod_pending_timeout: Option<Duration> => "pod_pending_timeout" omit,
        pub pod_running_timeout: Option<Duration> => "pod_running_timeout" omit,
        pub pod_unscheduled_timeout: Option<Duration> => "pod_unscheduled_timeout" omit,
        pub run_as_user: Option<i64> => "run_as_user" omit,
        pub run_as_group: Option<i64> => "run_as_group" omit,
        pub fs_group: Option<i64> => "fs_group" omit,
    }

    pub struct Pull {
        pub number: i64 => "number" keep,
        pub author: String => "author" keep,
        pub sha: String => "sha" keep,
        pub title: String => "title" omit,
        pub reference: String => "ref" omit,
        pub head_ref: String => "head_ref" omit,
        pub link: String => "link" omit,
        pub commit_link: String => "commit_link" omit,
        pub author_link: String => "author_link" omit,
    }

    pub struct UtilityImages {
        pub clonerefs: String => "clonerefs" omit,
        pub initupload: String => "initupload" omit,
        pub entrypoint: String => "entrypoint" omit,
        pub sidecar: String => "sidecar" omit,
    }

    pub struct Resources {
        pub clonerefs: Option<ResourceRequirements> => "clonerefs" omit,
        pub initupload: Option<ResourceRequirements> => "initupload" omit,
        pub place_entrypoint: Option<ResourceRequirements> => "place_entrypoint" omit,
        pub sidecar: Option<ResourceRequirements> => "sidecar" omit,
    }

    pub struct GCSConfiguration {
        pub bucket: String => "bucket" omit,
        pub path_prefix: String => "path_prefix" omit,
        pub path_strategy: String => "path_strategy" omit,
        pub default_org: String => "default_org" omit,
        pub default_repo: String => "default_repo" omit,
        pub media_types: BTreeMap<String, String> => "mediaTypes" omit,
        pub job_url_prefix: String => "job_url_prefix" omit,
        pub local_output_dir: String => "local_output_dir" omit,
        pub compress_file_types: Vec<String> => "compress_file_types" omit,
    }

    pub struct OauthTokenSecret {
        pub name: String => "name" omit,
        pub key: String => "key" omit,
    }

    pub struct GitHubAppPrivateKeySecret {
        pub name: String => "name" omit,
        pub key: String => "key" omit,
    }

    pub struct CensoringOptions {
        pub censoring_concurrency: Option<i64> => "censoring_concurrency" omit,
        pub censoring_buffer_size: Option<i64> => "censoring_buffer_size" omit,
        pub include_directories: Vec<String> => "include_directories" omit,
        pub exclude_directories: Vec<String> => "exclude_directories" omit,
        pub minimum_secret_length: Option<i64> => "minimum_secret_length" omit,
    }

    pub struct SchedulingOptions {
        pub affinity: Option<Affinity> => "affinity" omit,
        pub tolerations: Vec<Toleration> => "tolerations" omit,
    }
}
