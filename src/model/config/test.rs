//! Tests: what each entry of `tests` says. [`TestStepConfiguration`] is one entry.
//!
//! A test is a command in a container, or steps from the registry (`steps`, see `step.rs`), or steps that are already
//! resolved (`literal_steps`). The fields around that say when it runs and become parts of its Prow jobs.

use std::collections::BTreeMap;

use super::step::{MultiStageTestConfiguration, MultiStageTestConfigurationLiteral};
use crate::model::job::Retry;
use crate::model::scalar::Duration;
use crate::record;
use crate::yaml::given::Given;

record! {
    /// One test and when it runs.
    pub struct TestStepConfiguration {
        /// The test's name: people write it after `/test`, and it ends the names of the jobs.
        pub name: String => "as" keep,
        /// What the cluster that runs it must be able to do.
        pub capabilities: Vec<String> => "capabilities" omit,
        /// The test's container may run podman.
        pub nested_podman: bool => "nested_podman" omit,
        /// The shell commands of a container test.
        pub commands: String => "commands" omit,
        /// The build cluster that its jobs must run on.
        pub cluster: String => "cluster" omit,
        /// A secret that is mounted into the container, where there is only one.
        pub secret: Option<Secret> => "secret" omit,
        /// Secrets that are mounted into the container.
        pub secrets: Given<Vec<Option<Secret>>> => "secrets" omit,
        /// When the test runs by the clock, as a schedule (`0 6 * * 1-5`) or a word such as `@daily`. It becomes a
        /// periodic.
        pub cron: Option<String> => "cron" omit,
        /// A test that runs by the clock is offered on pull requests as well.
        pub presubmit: bool => "presubmit" omit,
        /// The test runs by the clock: the time from the start of one run to the next.
        pub interval: Option<String> => "interval" omit,
        /// The test runs by the clock: the time from the end of one run to the start of the next.
        pub minimum_interval: Option<String> => "minimum_interval" omit,
        /// The release controller starts the periodic, when there is a payload to test, and not Prow.
        pub release_controller: bool => "release_controller" omit,
        /// The test runs after merges and not on pull requests.
        pub postsubmit: bool => "postsubmit" omit,
        /// A cluster to take from a pool for the test.
        pub cluster_claim: Option<ClusterClaim> => "cluster_claim" omit,
        /// False makes a presubmit run only when someone asks for it.
        pub always_run: Option<bool> => "always_run" omit,
        /// How a failed periodic is tried again.
        pub retry: Option<Retry> => "retry" omit,
        /// The test runs only for changes to files whose paths match this regular expression.
        pub run_if_changed: String => "run_if_changed" omit,
        /// As `run_if_changed`, but decided in the second stage of a pipeline run.
        pub pipeline_run_if_changed: String => "pipeline_run_if_changed" omit,
        /// A failure does not hold up the merge of a pull request.
        pub optional: bool => "optional" omit,
        /// Tools that make new branches copy the test although it is a periodic.
        pub portable: bool => "portable" omit,
        /// The test does not run when all changed files match this regular expression.
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
        /// Branches, as regular expressions, whose changes it does not run for.
        pub skip_branches: Vec<String> => "skip_branches" omit,
        /// As `skip_if_only_changed`, but decided in the second stage of a pipeline run.
        pub pipeline_skip_if_only_changed: String => "pipeline_skip_if_only_changed" omit,
        /// How long its job may take.
        pub timeout: Option<Duration> => "timeout" omit,
        /// The architecture of the node it runs on.
        pub node_architecture: String => "node_architecture" omit,
        /// Its jobs are not tried out when this file changes.
        pub disable_rehearsal: bool => "disable_rehearsal" omit,
        /// The test's pods get the resources they ask for; they are not adjusted to what was used before.
        pub disable_pod_scaler: bool => "disable_pod_scaler" omit,
        /// Whether the test is kept from the internal network.
        pub restrict_network_access: Option<bool> => "restrict_network_access" omit,
        /// How many jobs it is split into.
        pub shard_count: Option<i64> => "shard_count" omit,
        /// How many of its jobs may run at once; zero is no limit.
        pub max_concurrency: i64 => "max_concurrency" omit,
        /// Slack messages about its jobs.
        pub reporter_config: Option<SlackReporterConfig> => "reporter_config" omit,
        /// The commands run in one container; this says in which image.
        pub container: Option<ContainerTestConfiguration> => "container" omit,
        /// The test is made of steps, in one or more pods: from the step registry or spelt out.
        pub steps: Option<MultiStageTestConfiguration> => "steps" omit,
        /// The test is made of steps that are all spelt out; what `steps` becomes when it is resolved.
        pub literal_steps: Option<MultiStageTestConfigurationLiteral> => "literal_steps" omit,
    }

    /// The container of a simple test.
    pub struct ContainerTestConfiguration {
        /// The image that the commands run in: a tag of the pipeline, such as `src` or `bin`.
        pub from: String => "from" keep,
        /// A volume in memory, at `/tmp/volume`.
        pub memory_backed_volume: Option<MemoryBackedVolume> => "memory_backed_volume" omit,
        /// Whether the source is cloned first; by default it is for base images only.
        pub clone: Option<bool> => "clone" omit,
    }

    /// A volume in memory.
    pub struct MemoryBackedVolume {
        /// How large it is, as a quantity.
        pub size: String => "size" keep,
    }

    /// A secret that is mounted into a test's container.
    pub struct Secret {
        /// The name of the file, where one field is mounted.
        pub alias: String => "as" omit,
        /// A bundle of secrets in the secret manager's configuration.
        pub bundle: String => "bundle" omit,
        /// A collection in the secret manager.
        pub collection: String => "collection" omit,
        /// One field of the group; all fields when not given.
        pub field: String => "field" omit,
        /// The group within the collection.
        pub group: String => "group" omit,
        /// A secret in the build cluster.
        pub name: String => "name" omit,
        /// The directory it is mounted at.
        pub mount_path: String => "mount_path" keep,
    }

    /// A request for a cluster from a pool.
    pub struct ClusterClaim {
        /// The name under which the cluster's release is imported; `latest` when not given.
        pub name: String => "as" omit,
        /// The product that is installed; `ocp` when not given.
        pub product: String => "product" omit,
        /// The product's version.
        pub version: String => "version" keep,
        /// The architecture; amd64 when not given.
        pub architecture: String => "architecture" omit,
        /// The cloud the cluster is in.
        pub cloud: String => "cloud" keep,
        /// Who owns the cloud account.
        pub owner: String => "owner" keep,
        /// Labels that the pool must have.
        pub labels: BTreeMap<String, String> => "labels" omit,
        /// How long to wait for the cluster; an hour when not given.
        pub timeout: Option<Duration> => "timeout" omit,
    }

    /// Slack messages about jobs.
    pub struct SlackReporterConfig {
        /// The channel.
        pub channel: String => "channel" keep,
        /// The states of a job that are reported.
        pub job_states_to_report: Vec<String> => "job_states_to_report" omit,
        /// The message's text, as a Go template.
        pub report_template: String => "report_template" omit,
        /// The presubmit that a periodic also has is reported too.
        pub report_presubmit: bool => "report_presubmit" omit,
    }
}
