//! Prow's own configuration: `core-services/prow/02_config/_config.yaml` and the `_prowconfig.yaml` files beside it.
//!
//! A main file is a [`Config`], which holds jobs as well; a supplemental file is a [`ProwConfig`] of which only branch
//! protection, merge methods, Tide queries and Slack reports may be set. One file a part: [`tide`] what merges when,
//! [`protection`] branch protection, [`plank`] what runs jobs, [`deck`] the web pages, [`reports`] GitHub and Slack,
//! [`gerrit`], [`services`] the smaller programs. Jobs are in [`super::job`].

pub mod deck;
pub mod gerrit;
pub mod merge_method;
pub mod plank;
pub mod protection;
pub mod reports;
pub mod services;
pub mod tide;

use std::collections::BTreeMap;

use crate::model::job::JobConfig;
use crate::model::scalar::TextDuration;
use crate::record;
use crate::yaml::given::Given;

use deck::Deck;
use gerrit::Gerrit;
use plank::{JenkinsOperator, Pipeline, Plank, ProwJobDefaultEntry};
use protection::BranchProtection;
use reports::{GitHubReporter, SlackReporter};
use services::{
    Gangway, GitHubOptions, Horologium, InRepoConfig, ManagedWebhooks, Moonraker, OwnersDirDenylist, PubSubTrigger,
    PushGateway, Scheduler, Sinker,
};
use tide::Tide;

record! {
    /// Prow's main configuration file: jobs and the settings of every component.
    pub struct Config {
        /// Jobs and presets; in a release repository jobs have files of their own.
        pub jobs: JobConfig => embed,
        /// Settings of the components.
        pub prow: ProwConfig => embed,
    }

    /// Settings of Prow's components.
    pub struct ProwConfig {
        /// The commit that this configuration was built from; filled in from a file `VERSION` beside it.
        pub config_version_sha: String => "config_version_sha" omit,
        /// When and how pull requests are merged.
        pub tide: Tide => "tide" keep,
        /// How jobs that are pods are run.
        pub plank: Plank => "plank" keep,
        /// How jobs that are Tekton pipelines are run.
        pub pipeline: Pipeline => "pipeline" keep,
        /// When finished jobs and pods are deleted.
        pub sinker: Sinker => "sinker" keep,
        /// The web pages.
        pub deck: Deck => "deck" keep,
        /// Branch protection on GitHub, by organisation, repository and branch.
        pub branch_protection: BranchProtection => "branch-protection" keep,
        /// How changes on Gerrit servers are watched.
        pub gerrit: Gerrit => "gerrit" keep,
        /// How results are reported on GitHub.
        pub github_reporter: GitHubReporter => "github_reporter" keep,
        /// How periodic jobs are started.
        pub horologium: Horologium => "horologium" keep,
        /// How results are reported on Slack, by `org/repo`, organisation, or `*` for all others.
        pub slack_reporter_configs: BTreeMap<String, SlackReporter> => "slack_reporter_configs" omit,
        /// Where repositories may hold jobs of their own.
        pub in_repo_config: InRepoConfig => "in_repo_config" keep,
        /// Who may start jobs through Prow's API.
        pub gangway: Gangway => "gangway" keep,
        /// How components ask for configuration kept in repositories.
        pub moonraker: Moonraker => "moonraker" keep,
        /// How jobs are assigned to clusters when they start.
        pub scheduler: Scheduler => "scheduler" keep,
        /// The controllers of jobs that run in Jenkins.
        pub jenkins_operators: Vec<JenkinsOperator> => "jenkins_operators" omit,
        /// The namespace of ProwJob objects; `default` unless set.
        pub prowjob_namespace: String => "prowjob_namespace" omit,
        /// The namespace of the pods of jobs; `default` unless set.
        pub pod_namespace: String => "pod_namespace" omit,
        /// The least severe messages that components log: debug, info, warn, error, fatal or panic; `info` unless set.
        pub log_level: String => "log_level" omit,
        /// Where components send their metrics.
        pub push_gateway: PushGateway => "push_gateway" keep,
        /// Directories that are not searched for OWNERS files.
        pub owners_dir_denylist: Option<OwnersDirDenylist> => "owners_dir_denylist" omit,
        /// Pub/Sub subscriptions to listen to, by cloud project. Use `pubsub_triggers` instead.
        pub pubsub_subscriptions: Given<BTreeMap<String, Given<Vec<String>>>> => "pubsub_subscriptions" omit,
        /// Pub/Sub subscriptions to listen to, and the build clusters that they may use.
        pub pubsub_triggers: Given<Vec<PubSubTrigger>> => "pubsub_triggers" omit,
        /// How links to GitHub look.
        pub github: GitHubOptions => "github" keep,
        /// The page that Jenkins jobs with an error link to.
        pub status_error_link: String => "status_error_link" omit,
        /// How long a job may take that does not say so itself; 24 hours unless set.
        pub default_job_timeout: Option<TextDuration> => "default_job_timeout" omit,
        /// Repositories whose webhooks have tokens of their own.
        pub managed_webhooks: ManagedWebhooks => "managed_webhooks" keep,
        /// Defaults for jobs by repository and cluster; of several that match, a later one counts over an earlier.
        pub prowjob_default_entries: Vec<Option<ProwJobDefaultEntry>> => "prowjob_default_entries" omit,
        /// Build clusters that are out of use.
        pub disabled_clusters: Vec<String> => "disabled_clusters" omit,
    }
}
