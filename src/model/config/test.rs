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
        /// The test's name, which ends the names of its jobs.
        pub name: String => "as" keep,
        /// What the cluster that runs it must be able to do.
        pub capabilities: Vec<String> => "capabilities" omit,
        /// The test's container may run podman.
        pub nested_podman: bool => "nested_podman" omit,
        /// The shell commands of a container test.
        pub commands: String => "commands" omit,
        /// The build cluster that its jobs must run on.
        pub cluster: String => "cluster" omit,
        /// A secret to mount; for one only.
        pub secret: Option<Secret> => "secret" omit,
        /// Secrets to mount.
        pub secrets: Given<Vec<Option<Secret>>> => "secrets" omit,
        /// When it runs as a periodic; a schedule or a word such as `@daily`.
        pub cron: Option<String> => "cron" omit,
        /// A periodic that is also offered as a presubmit.
        pub presubmit: bool => "presubmit" omit,
        /// The time from the start of one periodic run to the next.
        pub interval: Option<String> => "interval" omit,
        /// The time from the end of one periodic run to the next.
        pub minimum_interval: Option<String> => "minimum_interval" omit,
        /// A periodic that is started by the release controller and not by Prow.
        pub release_controller: bool => "release_controller" omit,
        /// It runs after merges and not before.
        pub postsubmit: bool => "postsubmit" omit,
        /// A cluster to take from a pool for the test.
        pub cluster_claim: Option<ClusterClaim> => "cluster_claim" omit,
        /// False makes it run only on request.
        pub always_run: Option<bool> => "always_run" omit,
        /// How a failed periodic is tried again.
        pub retry: Option<Retry> => "retry" omit,
        /// It runs only for changes to files that match this regular expression.
        pub run_if_changed: String => "run_if_changed" omit,
        /// As `run_if_changed`, but decided in the second stage of a pipeline run.
        pub pipeline_run_if_changed: String => "pipeline_run_if_changed" omit,
        /// It is not needed for a merge.
        pub optional: bool => "optional" omit,
        /// Branching tools copy it to new branches although it is a periodic.
        pub portable: bool => "portable" omit,
        /// It does not run for changes to only such files.
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
        /// Its pods keep the resources they ask for.
        pub disable_pod_scaler: bool => "disable_pod_scaler" omit,
        /// Whether it is kept from the internal network.
        pub restrict_network_access: Option<bool> => "restrict_network_access" omit,
        /// How many jobs it is split into.
        pub shard_count: Option<i64> => "shard_count" omit,
        /// How many of its jobs may run at once; zero is no limit.
        pub max_concurrency: i64 => "max_concurrency" omit,
        /// Slack messages about its jobs.
        pub reporter_config: Option<SlackReporterConfig> => "reporter_config" omit,
        /// It is a command in a container of this image.
        pub container: Option<ContainerTestConfiguration> => "container" omit,
        /// It is made of steps from the registry.
        pub steps: Option<MultiStageTestConfiguration> => "steps" omit,
        /// It is made of steps that are spelt out; the result of resolving `steps`.
        pub literal_steps: Option<MultiStageTestConfigurationLiteral> => "literal_steps" omit,
    }

    /// The container of a simple test.
    pub struct ContainerTestConfiguration {
        /// The image of the pipeline in which the commands run.
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
        /// The file's name for a single field.
        pub alias: String => "as" omit,
        /// A bundle of secrets in the secret manager's configuration.
        pub bundle: String => "bundle" omit,
        /// A collection in the secret manager.
        pub collection: String => "collection" omit,
        /// One field of the group; all of them when not given.
        pub field: String => "field" omit,
        /// The group within the collection.
        pub group: String => "group" omit,
        /// A secret in the cluster.
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
        /// The results that are reported.
        pub job_states_to_report: Vec<String> => "job_states_to_report" omit,
        /// The message's text, as a Go template.
        pub report_template: String => "report_template" omit,
        /// The presubmit that a periodic also has is reported too.
        pub report_presubmit: bool => "report_presubmit" omit,
    }
}
