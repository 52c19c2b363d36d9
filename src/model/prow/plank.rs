//! What runs jobs: pods (Plank), Tekton pipelines, Jenkins; and what jobs get that do not say it themselves.

use std::collections::BTreeMap;

use crate::model::decoration::{DecorationConfig, ProwJobDefault};
use crate::model::scalar::TextDuration;
use crate::record;

record! {
    /// What the controllers of all kinds of jobs have.
    pub struct Controller {
        /// The address of a job's page, as a Go template over the job.
        pub job_url_template: String => "job_url_template" omit,
        /// The comment on a pull request with failed jobs. Use `report_templates` instead.
        pub report_template: String => "report_template" omit,
        /// The comment on a pull request with failed jobs, as Go templates by `org/repo`, organisation or `*`.
        pub report_templates: BTreeMap<String, String> => "report_templates" omit,
        /// How many jobs may run at once; 0 is no limit.
        pub max_concurrency: i64 => "max_concurrency" omit,
        /// How many jobs are looked after at once; 20 unless set.
        pub max_goroutines: i64 => "max_goroutines" omit,
    }

    /// How jobs that are pods are run.
    pub struct Plank {
        /// What all controllers have.
        pub controller: Controller => embed,
        /// How long a pod may wait to start; 10 minutes unless set.
        pub pod_pending_timeout: Option<TextDuration> => "pod_pending_timeout" omit,
        /// How long a pod may run; 48 hours unless set.
        pub pod_running_timeout: Option<TextDuration> => "pod_running_timeout" omit,
        /// How long a pod may wait for a node; 5 minutes unless set.
        pub pod_unscheduled_timeout: Option<TextDuration> => "pod_unscheduled_timeout" omit,
        /// How often a job is started again when its pod was lost; 3 times unless set.
        pub max_revivals: Option<i64> => "max_revivals" omit,
        /// The decoration of jobs that do not say otherwise, by `org/repo`, organisation or `*`. Excludes
        /// `default_decoration_config_entries`.
        pub default_decoration_configs: BTreeMap<String, Option<DecorationConfig>> => "default_decoration_configs" omit,
        /// The decoration of jobs that do not say otherwise, by repository and cluster. Excludes
        /// `default_decoration_configs`.
        pub default_decoration_config_entries: Vec<Option<DefaultDecorationConfigEntry>> => "default_decoration_config_entries" omit,
        /// Where the pages of jobs are, by `org/repo`, organisation or `*`.
        pub job_url_prefix_config: BTreeMap<String, String> => "job_url_prefix_config" omit,
        /// The kind of storage is not added to those addresses.
        pub job_url_prefix_disable_append_storage_provider: bool => "jobURLPrefixDisableAppendStorageProvider" omit,
        /// Where the state of build clusters is published, such as `gs://bucket/status.json`.
        pub build_cluster_status_file: String => "build_cluster_status_file" omit,
        /// How many jobs of a queue may run at once: 0 lets none run, less is no limit.
        pub job_queue_capacities: BTreeMap<String, i64> => "job_queue_capacities" omit,
    }

    /// How jobs that are Tekton pipelines are run.
    pub struct Pipeline {
        /// A newer run of a postsubmit does not stop an older one.
        pub allow_concurrent_postsubmit_jobs: bool => "allow_concurrent_postsubmit_jobs" omit,
    }

    /// How jobs that run in Jenkins are run.
    pub struct JenkinsOperator {
        /// What all controllers have.
        pub controller: Controller => embed,
        /// The jobs it looks after, as a label selector; needed when there are several controllers and refused when
        /// there is one.
        pub label_selector: String => "label_selector" omit,
    }

    /// Defaults for the jobs that match.
    pub struct ProwJobDefaultEntry {
        /// `org/repo` or organisation that the job is for; all when empty or `*`.
        pub repo: String => "repo" omit,
        /// The build cluster of the job; all when empty or `*`.
        pub cluster: String => "cluster" omit,
        /// The defaults.
        pub config: Option<ProwJobDefault> => "config" omit,
    }

    /// Decoration of the jobs that match.
    pub struct DefaultDecorationConfigEntry {
        /// `org/repo` or organisation that the job is for; all when empty or `*`.
        pub repo: String => "repo" omit,
        /// The build cluster of the job; all when empty or `*`.
        pub cluster: String => "cluster" omit,
        /// The decoration.
        pub config: Option<DecorationConfig> => "config" omit,
    }
}
