//! What Prow adds to a job: cloning, upload of logs, reports, rights. [`DecorationConfig`] is the largest part.

use std::collections::BTreeMap;

use crate::model::pod::{Affinity, ResourceRequirements, Toleration};
use crate::model::scalar::{Duration, Quantity, TextDuration};
use crate::model::tekton::PipelineRunSpec;
use crate::record;

record! {
    /// A pipeline run by API version.
    pub struct TektonPipelineRunSpec {
        /// The pipeline run by the API's version v1beta1, the only one.
        pub v1beta1: Option<PipelineRunSpec> => "v1beta1" omit,
    }

    /// How runs of a job are reported.
    pub struct ReporterConfig {
        /// Reports on Slack.
        pub slack: Option<SlackReporterConfig> => "slack" omit,
    }

    /// Slack messages about a job's runs.
    pub struct SlackReporterConfig {
        /// The Slack workspace.
        pub host: String => "host" omit,
        /// The channel.
        pub channel: String => "channel" omit,
        /// The states of a job that are reported.
        pub job_states_to_report: Vec<String> => "job_states_to_report" omit,
        /// The message's text, as a Go template.
        pub report_template: String => "report_template" omit,
        /// Whether anything is reported.
        pub report: Option<bool> => "report" omit,
    }

    /// Who may start a job again from the web page.
    pub struct RerunAuthConfig {
        /// Everyone may start the job again.
        pub allow_anyone: bool => "allow_anyone" omit,
        /// Teams on GitHub whose members may, by number.
        pub github_team_ids: Vec<i64> => "github_team_ids" omit,
        /// Teams on GitHub whose members may, by name.
        pub github_team_slugs: Vec<GitHubTeamSlug> => "github_team_slugs" omit,
        /// Users of GitHub who may.
        pub github_users: Vec<String> => "github_users" omit,
        /// Organisations on GitHub whose members may.
        pub github_orgs: Vec<String> => "github_orgs" omit,
    }

    /// A team on GitHub.
    pub struct GitHubTeamSlug {
        /// The team's name in addresses.
        pub slug: String => "slug" keep,
        /// The team's organisation.
        pub org: String => "org" keep,
    }

    /// Settings that Prow's configuration would give.
    pub struct ProwJobDefault {
        /// Upload of results to ResultStore.
        pub resultstore_config: Option<ResultStoreConfig> => "resultstore_config" omit,
        /// Whose job it is, where Prow serves several tenants.
        pub tenant_id: String => "tenant_id" omit,
    }

    /// Upload of results to ResultStore.
    pub struct ResultStoreConfig {
        /// The cloud project to upload to.
        pub project_id: String => "project_id" omit,
    }

    /// A repository to clone, and what of it.
    pub struct Refs {
        /// The organisation.
        pub org: String => "org" keep,
        /// The repository.
        pub repo: String => "repo" keep,
        /// A link to the repository.
        pub repo_link: String => "repo_link" omit,
        /// The branch.
        pub base_ref: String => "base_ref" omit,
        /// The commit of the branch.
        pub base_sha: String => "base_sha" omit,
        /// A link to the commit of the branch.
        pub base_link: String => "base_link" omit,
        /// Pull requests to merge into it.
        pub pulls: Vec<Pull> => "pulls" omit,
        /// The import path under which it is cloned.
        pub path_alias: String => "path_alias" omit,
        /// It is the working directory of the job.
        pub workdir: bool => "workdir" omit,
        /// It only lends files and does not give the version under test.
        pub auxiliary: bool => "auxiliary" omit,
        /// Where it is cloned from.
        pub clone_uri: String => "clone_uri" omit,
        /// Submodules are not cloned.
        pub skip_submodules: bool => "skip_submodules" omit,
        /// How many commits are cloned; zero is all of them.
        pub clone_depth: i64 => "clone_depth" omit,
        /// The remote's head is not fetched.
        pub skip_fetch_head: bool => "skip_fetch_head" omit,
        /// File contents are fetched only when needed.
        pub blobless_fetch: Option<bool> => "blobless_fetch" omit,
        /// The only files that are checked out.
        pub sparse_checkout_files: Vec<String> => "sparse_checkout_files" omit,
    }

    /// A pull request.
    pub struct Pull {
        /// Its number.
        pub number: i64 => "number" keep,
        /// Who opened it.
        pub author: String => "author" keep,
        /// Its last commit.
        pub sha: String => "sha" keep,
        /// Its title.
        pub title: String => "title" omit,
        /// The git reference to fetch.
        pub reference: String => "ref" omit,
        /// The branch it comes from.
        pub head_ref: String => "head_ref" omit,
        /// A link to it.
        pub link: String => "link" omit,
        /// A link to its last commit.
        pub commit_link: String => "commit_link" omit,
        /// A link to its author.
        pub author_link: String => "author_link" omit,
    }

    /// How Prow decorates a job's pod.
    pub struct DecorationConfig {
        /// How long a run may take before it is stopped.
        pub timeout: Option<Duration> => "timeout" omit,
        /// How long a run may take to stop once it was told to; then it is killed.
        pub grace_period: Option<Duration> => "grace_period" omit,
        /// Images of the containers that decoration adds.
        pub utility_images: Option<UtilityImages> => "utility_images" omit,
        /// CPU and memory of the containers that decoration adds.
        pub resources: Option<Resources> => "resources" omit,
        /// Where logs and artifacts go.
        pub gcs_configuration: Option<GCSConfiguration> => "gcs_configuration" omit,
        /// The secret for uploading to Google's storage.
        pub gcs_credentials_secret: Option<String> => "gcs_credentials_secret" omit,
        /// The secret for uploading to Amazon's storage.
        pub s3_credentials_secret: Option<String> => "s3_credentials_secret" omit,
        /// The pod's service account, unless it names one.
        pub default_service_account_name: Option<String> => "default_service_account_name" omit,
        /// Secrets with SSH keys for cloning.
        pub ssh_key_secrets: Vec<String> => "ssh_key_secrets" omit,
        /// Hosts that cloning over SSH may trust.
        pub ssh_host_fingerprints: Vec<String> => "ssh_host_fingerprints" omit,
        /// File contents are fetched only when needed.
        pub blobless_fetch: Option<bool> => "blobless_fetch" omit,
        /// The only files of the main repository that are checked out.
        pub sparse_checkout_files: Vec<String> => "sparse_checkout_files" omit,
        /// Nothing is cloned.
        pub skip_cloning: Option<bool> => "skip_cloning" omit,
        /// The secret with git's cookie file for cloning.
        pub cookiefile_secret: Option<String> => "cookiefile_secret" omit,
        /// The secret with a token for cloning.
        pub oauth_token_secret: Option<OauthTokenSecret> => "oauth_token_secret" omit,
        /// Addresses of GitHub's API.
        pub github_api_endpoints: Vec<String> => "github_api_endpoints" omit,
        /// The GitHub app that clones.
        pub github_app_id: String => "github_app_id" omit,
        /// The secret with the key of the GitHub app that clones.
        pub github_app_private_key_secret: Option<GitHubAppPrivateKeySecret> => "github_app_private_key_secret" omit,
        /// Secrets are removed from logs and artifacts.
        pub censor_secrets: Option<bool> => "censor_secrets" omit,
        /// How secrets are removed from logs and artifacts.
        pub censoring_options: Option<CensoringOptions> => "censoring_options" omit,
        /// Uploads go on when the run is interrupted.
        pub upload_ignores_interrupts: Option<bool> => "upload_ignores_interrupts" omit,
        /// The memory limit is what was requested.
        pub set_limit_equals_memory_request: Option<bool> => "set_limit_equals_memory_request" omit,
        /// The memory that is requested for the test container.
        pub default_memory_request: Option<Quantity> => "default_memory_request" omit,
        /// Which nodes the pod may run on.
        pub scheduling_options: Option<SchedulingOptions> => "scheduling_options" omit,
        /// How long the pod may wait to start.
        pub pod_pending_timeout: Option<TextDuration> => "pod_pending_timeout" omit,
        /// How long the pod may run.
        pub pod_running_timeout: Option<TextDuration> => "pod_running_timeout" omit,
        /// How long the pod may wait for a node.
        pub pod_unscheduled_timeout: Option<TextDuration> => "pod_unscheduled_timeout" omit,
        /// The user all containers run as.
        pub run_as_user: Option<i64> => "run_as_user" omit,
        /// The group all containers run as.
        pub run_as_group: Option<i64> => "run_as_group" omit,
        /// The group that owns the pod's volumes.
        pub fs_group: Option<i64> => "fs_group" omit,
    }

    /// Images of the containers that decoration adds.
    pub struct UtilityImages {
        /// The image of the container that clones the source.
        pub clonerefs: String => "clonerefs" omit,
        /// The image of the container that uploads the start of a run.
        pub initupload: String => "initupload" omit,
        /// The image that holds the wrapper of the test's command.
        pub entrypoint: String => "entrypoint" omit,
        /// The image of the container that uploads logs and artifacts.
        pub sidecar: String => "sidecar" omit,
    }

    /// CPU and memory of the containers that decoration adds.
    pub struct Resources {
        /// CPU and memory of the container that clones.
        pub clonerefs: Option<ResourceRequirements> => "clonerefs" omit,
        /// CPU and memory of the container that uploads the start of a run.
        pub initupload: Option<ResourceRequirements> => "initupload" omit,
        /// CPU and memory of the container that places the wrapper of the test's command.
        pub place_entrypoint: Option<ResourceRequirements> => "place_entrypoint" omit,
        /// CPU and memory of the container that uploads logs and artifacts.
        pub sidecar: Option<ResourceRequirements> => "sidecar" omit,
    }

    /// Where logs and artifacts go.
    pub struct GCSConfiguration {
        /// The bucket, with its kind in front (`gs://`, `s3://`).
        pub bucket: String => "bucket" omit,
        /// A directory for everything within the bucket.
        pub path_prefix: String => "path_prefix" omit,
        /// How org and repo show in paths.
        pub path_strategy: String => "path_strategy" omit,
        /// The organisation that paths leave out.
        pub default_org: String => "default_org" omit,
        /// The repository that paths leave out.
        pub default_repo: String => "default_repo" omit,
        /// Media types by file extension.
        pub media_types: BTreeMap<String, String> => "mediaTypes" omit,
        /// Where the web page with a run's results begins.
        pub job_url_prefix: String => "job_url_prefix" omit,
        /// A directory to copy to instead of uploading.
        pub local_output_dir: String => "local_output_dir" omit,
        /// Kinds of files that are compressed first.
        pub compress_file_types: Vec<String> => "compress_file_types" omit,
    }

    /// A secret with a token for cloning.
    pub struct OauthTokenSecret {
        /// The secret.
        pub name: String => "name" omit,
        /// The entry of the secret that holds the token.
        pub key: String => "key" omit,
    }

    /// A secret with a GitHub app's key.
    pub struct GitHubAppPrivateKeySecret {
        /// The secret.
        pub name: String => "name" omit,
        /// The entry of the secret that holds the key.
        pub key: String => "key" omit,
    }

    /// How secrets are removed from logs and artifacts.
    pub struct CensoringOptions {
        /// How many files are searched at once.
        pub censoring_concurrency: Option<i64> => "censoring_concurrency" omit,
        /// How many bytes of a file are searched at once.
        pub censoring_buffer_size: Option<i64> => "censoring_buffer_size" omit,
        /// The only directories that are searched, as glob patterns.
        pub include_directories: Vec<String> => "include_directories" omit,
        /// Directories that are not searched, as glob patterns.
        pub exclude_directories: Vec<String> => "exclude_directories" omit,
        /// How long a secret must be to be removed: shorter ones are left alone.
        pub minimum_secret_length: Option<i64> => "minimum_secret_length" omit,
    }

    /// Which nodes a decorated pod may run on.
    pub struct SchedulingOptions {
        /// Rules about nodes and other pods.
        pub affinity: Option<Affinity> => "affinity" omit,
        /// Taints of nodes that do not matter.
        pub tolerations: Vec<Toleration> => "tolerations" omit,
    }
}
