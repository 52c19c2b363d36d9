//! The smaller programs and settings: cleaning up, the clock, metrics, webhooks, the API, scheduling.

use std::collections::BTreeMap;

use crate::model::scalar::{TextDuration, Timestamp};
use crate::record;
use crate::yaml::given::Given;

record! {
    /// When finished jobs and pods are deleted.
    pub struct Sinker {
        /// The time from one round to the next; one hour unless set.
        pub resync_period: Option<TextDuration> => "resync_period" omit,
        /// How long a finished job is kept; a week unless set.
        pub max_prowjob_age: Option<TextDuration> => "max_prowjob_age" omit,
        /// How long a pod is kept; a day unless set.
        pub max_pod_age: Option<TextDuration> => "max_pod_age" omit,
        /// How long a pod is kept after its end; `max_pod_age` unless set.
        pub terminated_pod_ttl: Option<TextDuration> => "terminated_pod_ttl" omit,
        /// Build clusters that are left alone.
        pub exclude_clusters: Vec<String> => "exclude_clusters" omit,
    }

    /// How periodic jobs are started.
    pub struct Horologium {
        /// The time from one look at the clock to the next; one minute unless set.
        pub tick_interval: Option<TextDuration> => "tick_interval" omit,
    }

    /// Where components send their metrics.
    pub struct PushGateway {
        /// The address of a Prometheus push gateway.
        pub endpoint: String => "endpoint" omit,
        /// The time from one sending to the next; one minute unless set.
        pub interval: Option<TextDuration> => "interval" omit,
        /// Components answer requests for metrics.
        pub serve_metrics: bool => "serve_metrics" keep,
    }

    /// Directories that are not searched for OWNERS files, as regular expressions.
    pub struct OwnersDirDenylist {
        /// By repository or organisation.
        pub repos: BTreeMap<String, Given<Vec<String>>> => "repos" omit,
        /// In all repositories.
        pub default: Vec<String> => "default" omit,
        /// `.git`, `_output` and below `vendor` are searched unless they are listed.
        pub ignore_preconfigured_defaults: bool => "ignore_preconfigured_defaults" omit,
    }

    /// Pub/Sub subscriptions of a cloud project that start jobs.
    pub struct PubSubTrigger {
        /// The cloud project.
        pub project: String => "project" keep,
        /// The subscriptions.
        pub topics: Given<Vec<String>> => "topics" keep,
        /// The build clusters that their jobs may use; `*` is all.
        pub allowed_clusters: Given<Vec<String>> => "allowed_clusters" keep,
        /// How many messages are worked on at once; 10 unless set.
        pub max_outstanding_messages: i64 => "max_outstanding_messages" keep,
    }

    /// How links to GitHub look.
    pub struct GitHubOptions {
        /// The address that links start with; `https://github.com` unless set.
        pub link_url: String => "link_url" omit,
    }

    /// Repositories whose webhooks have tokens of their own.
    pub struct ManagedWebhooks {
        /// The token of all webhooks stays valid.
        pub respect_legacy_global_token: bool => "respect_legacy_global_token" keep,
        /// Invitations to the organisations and repositories below are accepted.
        pub auto_accept_invitation: bool => "auto_accept_invitation" keep,
        /// The organisations and repositories.
        pub org_repo_config: BTreeMap<String, ManagedWebhookInfo> => "org_repo_config" omit,
    }

    /// The token of one webhook.
    pub struct ManagedWebhookInfo {
        /// A token that is older is replaced; cannot be in the future.
        pub token_created_after: Timestamp => "token_created_after" keep,
    }

    /// Where repositories may hold jobs of their own.
    pub struct InRepoConfig {
        /// Whether they may, by `org/repo`, organisation or `*`.
        pub enabled: BTreeMap<String, Option<bool>> => "enabled" omit,
        /// The build clusters that such jobs may use, by `org/repo`, organisation or `*`; `default` unless `*` is set.
        pub allowed_clusters: BTreeMap<String, Given<Vec<String>>> => "allowed_clusters" omit,
    }

    /// Who may start jobs through Prow's API.
    pub struct Gangway {
        /// The programs that may.
        pub allowed_api_clients: Vec<AllowedApiClient> => "allowed_api_clients" omit,
    }

    /// A program that may start jobs.
    pub struct AllowedApiClient {
        /// Its identity in Google's cloud; needed.
        pub gcp: Option<ApiClientGcp> => "gcp" omit,
        /// The jobs it may start; at least one.
        pub allowed_jobs_filters: Vec<AllowedJobsFilter> => "allowed_jobs_filters" omit,
    }

    /// The identity of a program in Google's cloud, as its requests carry it.
    pub struct ApiClientGcp {
        /// `PROJECT`.
        pub endpoint_api_consumer_type: String => "endpoint_api_consumer_type" omit,
        /// The number of the cloud project.
        pub endpoint_api_consumer_number: String => "endpoint_api_consumer_number" omit,
    }

    /// Jobs that a program may start.
    pub struct AllowedJobsFilter {
        /// The tenant that the jobs belong to.
        pub tenant_id: String => "tenant_id" omit,
    }

    /// How components ask for configuration kept in repositories.
    pub struct Moonraker {
        /// How long they wait for an answer; 10 minutes unless set.
        pub client_timeout: Option<TextDuration> => "client_timeout" omit,
    }

    /// How jobs are assigned to clusters when they start.
    pub struct Scheduler {
        /// Whether they are.
        pub enabled: bool => "enabled" omit,
        /// Jobs of one cluster go to another.
        pub failover: Option<FailoverScheduling> => "failover" omit,
        /// Another program says where a job goes.
        pub external: Option<ExternalScheduling> => "external" omit,
    }

    /// Jobs of one cluster go to another.
    pub struct FailoverScheduling {
        /// The other cluster, by the one it stands in for.
        pub mappings: BTreeMap<String, String> => "mappings" omit,
    }

    /// Another program says where a job goes.
    pub struct ExternalScheduling {
        /// The program's address.
        pub url: String => "url" omit,
        /// How long its answers are kept.
        pub cache: ExternalSchedulingCache => "cache" keep,
    }

    /// How long answers of a scheduling program are kept.
    pub struct ExternalSchedulingCache {
        /// How long one answer counts.
        pub entry_timeout_interval: Option<TextDuration> => "entry_timeout_interval" omit,
        /// The time from one clearing of old answers to the next.
        pub cleanup_interval: Option<TextDuration> => "cleanup_interval" omit,
    }
}
