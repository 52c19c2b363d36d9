//! Prow jobs: what the files under `ci-operator/jobs` say.
//!
//! A file is a [`JobConfig`]. Its presubmits run before a merge, its postsubmits after it, its periodics by the clock; all
//! three share [`JobBase`]. What Prow adds to a job's pod is in `decoration.rs`, the pod itself in `pod`.

use std::collections::BTreeMap;

use crate::model::decoration::{
    DecorationConfig, ProwJobDefault, Refs, ReporterConfig, RerunAuthConfig, TektonPipelineRunSpec,
};
use crate::model::pod::{EnvVar, PodSpec, Toleration, Volume, VolumeMount};
use crate::model::scalar::Raw;
use crate::model::tekton::PipelineRunSpec;
use crate::record;
use crate::yaml::given::Given;

record! {
    /// A file of jobs.
    pub struct JobConfig {
        /// Settings that are added to jobs by label.
        pub presets: Vec<Preset> => "presets" omit,
        /// Jobs that run on pull requests, by repository (`org/repo`).
        pub presubmits: BTreeMap<String, Given<Vec<Presubmit>>> => "presubmits" omit,
        /// Jobs that run after merges, by repository (`org/repo`).
        pub postsubmits: BTreeMap<String, Given<Vec<Postsubmit>>> => "postsubmits" omit,
        /// Jobs that run by the clock.
        pub periodics: Vec<Periodic> => "periodics" omit,
        /// Jobs are decorated unless they say otherwise.
        pub decorate_all_jobs: bool => "decorate_all_jobs" omit,
        /// Anything; Prow does not look at it.
        pub prow_ignored: Option<Raw> => "prow_ignored" omit,
    }

    /// Settings that are added to every job that has the labels.
    pub struct Preset {
        /// The labels a job must have.
        pub labels: Option<BTreeMap<String, String>> => "labels" keep,
        /// Environment variables that are added.
        pub env: Option<Vec<EnvVar>> => "env" keep,
        /// Volumes that are added.
        pub volumes: Option<Vec<Volume>> => "volumes" keep,
        /// Mounts that are added.
        pub volume_mounts: Option<Vec<VolumeMount>> => "volumeMounts" keep,
        /// Tolerations that are added.
        pub tolerations: Vec<Toleration> => "tolerations" omit,
    }

    /// A job that runs on pull requests.
    pub struct Presubmit {
        /// What all jobs have.
        pub job_base: JobBase => embed,
        /// It runs on every pull request, not only on request.
        pub always_run: bool => "always_run" keep,
        /// A failure does not hold up the merge of a pull request.
        pub optional: bool => "optional" omit,
        /// The comment that starts it, as a regular expression.
        pub trigger: String => "trigger" omit,
        /// The comment that people are told to write to start it again.
        pub rerun_command: String => "rerun_command" omit,
        /// It always runs before a merge, even if not on every push.
        pub run_before_merge: bool => "run_before_merge" omit,
        /// Which branches it is for.
        pub brancher: Brancher => embed,
        /// Which changes it is for.
        pub regexp_change_matcher: RegexpChangeMatcher => embed,
        /// How its result shows on GitHub.
        pub reporter: Reporter => embed,
        /// Settings for Jenkins.
        pub jenkins_spec: Option<JenkinsSpec> => "jenkins_spec" omit,
    }

    /// A job that runs after merges.
    pub struct Postsubmit {
        /// What all jobs have.
        pub job_base: JobBase => embed,
        /// False makes it depend on the changed files, or never run.
        pub always_run: Option<bool> => "always_run" omit,
        /// Which changes it is for.
        pub regexp_change_matcher: RegexpChangeMatcher => embed,
        /// Which branches it is for.
        pub brancher: Brancher => embed,
        /// How its result shows on GitHub.
        pub reporter: Reporter => embed,
        /// Settings for Jenkins.
        pub jenkins_spec: Option<JenkinsSpec> => "jenkins_spec" omit,
    }

    /// A job that runs by the clock.
    pub struct Periodic {
        /// What all jobs have.
        pub job_base: JobBase => embed,
        /// The time from the start of one run to the start of the next.
        pub interval: String => "interval" omit,
        /// The time from the end of one run to the start of the next.
        pub minimum_interval: String => "minimum_interval" omit,
        /// When the job runs, as a schedule (`0 6 * * 1-5`) or a word such as `@daily`.
        pub cron: String => "cron" omit,
        /// Free words about the job.
        pub tags: Vec<String> => "tags" omit,
        /// How it is tried again when it fails.
        pub retry: Option<Retry> => "retry" omit,
    }

    /// What all jobs have.
    pub struct JobBase {
        /// The job's name.
        pub name: String => "name" keep,
        /// Labels of its runs and pods.
        pub labels: BTreeMap<String, String> => "labels" omit,
        /// How many of its runs may go on at once; zero is no limit.
        pub max_concurrency: i64 => "max_concurrency" omit,
        /// What carries the job out; a pod in Kubernetes unless said otherwise.
        pub agent: String => "agent" omit,
        /// The build cluster it runs on.
        pub cluster: String => "cluster" omit,
        /// The namespace of its pods.
        pub namespace: Option<String> => "namespace" omit,
        /// A run whose pod is evicted ends as an error and is not started again.
        pub error_on_eviction: bool => "error_on_eviction" omit,
        /// The pod that carries the job out, where Kubernetes does.
        pub spec: Option<PodSpec> => "spec" omit,
        /// The pipeline run that carries the job out, where Tekton does.
        pub pipeline_run_spec: Option<PipelineRunSpec> => "pipeline_run_spec" omit,
        /// The pipeline run that carries the job out, by API version, where Tekton does.
        pub tekton_pipeline_run_spec: Option<TektonPipelineRunSpec> => "tekton_pipeline_run_spec" omit,
        /// Notes for other tools.
        pub annotations: BTreeMap<String, String> => "annotations" omit,
        /// Slack messages about its runs.
        pub reporter_config: Option<ReporterConfig> => "reporter_config" omit,
        /// Who may start it again from the web page.
        pub rerun_auth_config: Option<RerunAuthConfig> => "rerun_auth_config" omit,
        /// It shows only on pages for hidden jobs.
        pub hidden: bool => "hidden" omit,
        /// Settings that Prow's configuration would give.
        pub prowjob_defaults: Option<ProwJobDefault> => "prowjob_defaults" omit,
        /// A queue with a limit of its own that its runs count against.
        pub job_queue_name: String => "job_queue_name" omit,
        /// How the source gets into its pods, and their decoration.
        pub utility_config: UtilityConfig => embed,
    }

    /// Which branches a job is for.
    pub struct Brancher {
        /// Branches, as regular expressions, that the job is not for.
        pub skip_branches: Vec<String> => "skip_branches" omit,
        /// Branches, as regular expressions, that the job is for; all when empty.
        pub branches: Vec<String> => "branches" omit,
    }

    /// Which changes a job is for.
    pub struct RegexpChangeMatcher {
        /// The job runs only for changes to files whose paths match this regular expression.
        pub run_if_changed: String => "run_if_changed" omit,
        /// The job does not run when all changed files match this regular expression.
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
    }

    /// How a job's result shows on GitHub.
    pub struct Reporter {
        /// The name of the status on GitHub; the job's name when not given.
        pub context: String => "context" omit,
        /// The job sets no status on GitHub.
        pub skip_report: bool => "skip_report" omit,
    }

    /// Settings for a job in Jenkins.
    pub struct JenkinsSpec {
        /// The job is made by the GitHub branch source plugin.
        pub github_branch_source_job: bool => "github_branch_source_job" omit,
    }

    /// How a failed periodic is tried again.
    pub struct Retry {
        /// All attempts are made, whatever the result of earlier ones.
        pub run_all: bool => "run_all" omit,
        /// How often it is tried again at most.
        pub attempts: i64 => "attempts" omit,
        /// The time between attempts.
        pub interval: String => "interval" omit,
    }

    /// How the source gets into a job's pods, and their decoration.
    pub struct UtilityConfig {
        /// Whether Prow adds its containers to the pod.
        pub decorate: Option<bool> => "decorate" omit,
        /// The import path under which the repository is cloned.
        pub path_alias: String => "path_alias" omit,
        /// Where the repository is cloned from.
        pub clone_uri: String => "clone_uri" omit,
        /// Submodules are not cloned.
        pub skip_submodules: bool => "skip_submodules" omit,
        /// How many commits are cloned; zero is all of them.
        pub clone_depth: i64 => "clone_depth" omit,
        /// The remote's head is not fetched.
        pub skip_fetch_head: bool => "skip_fetch_head" omit,
        /// Further repositories to clone.
        pub extra_refs: Vec<Refs> => "extra_refs" omit,
        /// How the pod is decorated.
        pub decoration_config: Option<DecorationConfig> => "decoration_config" omit,
    }
}

impl JobConfig {
    /// How many jobs there are.
    pub fn jobs(&self) -> usize {
        let presubmits: usize = self.presubmits.values().map(|jobs| jobs.len()).sum();
        let postsubmits: usize = self.postsubmits.values().map(|jobs| jobs.len()).sum();
        presubmits + postsubmits + self.periodics.len()
    }

    /// Whether there is a job in the file, or at least a repository that could have one. A file without is deleted.
    pub fn has_jobs(&self) -> bool {
        !(self.presubmits.is_empty() && self.postsubmits.is_empty() && self.periodics.is_empty())
    }
}
