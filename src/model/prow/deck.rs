//! Deck, the web pages: what they show of a job's files, and who may start a job again.

use std::collections::BTreeMap;

use crate::model::decoration::RerunAuthConfig;
use crate::model::scalar::{TextDuration, Verbatim};
use crate::record;
use crate::yaml::given::Given;

record! {
    /// The web pages.
    pub struct Deck {
        /// The page of one run of a job.
        pub spyglass: Spyglass => "spyglass" keep,
        /// The time from one question to Tide to the next; 10 seconds unless set.
        pub tide_update_period: Option<TextDuration> => "tide_update_period" omit,
        /// Organisations and repositories that are not shown.
        pub hidden_repos: Vec<String> => "hidden_repos" omit,
        /// Where the logs of jobs are that something other than Kubernetes runs.
        pub external_agent_logs: Vec<ExternalAgentLog> => "external_agent_logs" omit,
        /// How the pages look.
        pub branding: Option<Branding> => "branding" omit,
        /// The tracking code for Google Analytics.
        pub google_analytics: String => "google_analytics" omit,
        /// Who may start jobs again, by `org/repo`, organisation or `*`. Excludes `default_rerun_auth_configs`, which
        /// it is turned into.
        pub rerun_auth_configs: BTreeMap<String, RerunAuthConfig> => "rerun_auth_configs" omit,
        /// Who may start jobs again, by repository and cluster; the last entry that matches counts.
        pub default_rerun_auth_configs: Vec<Option<DefaultRerunAuthConfigEntry>> => "default_rerun_auth_configs" omit,
        /// Files from any bucket may be asked for; false limits it to the known ones.
        pub skip_storage_path_validation: Option<bool> => "skip_storage_path_validation" omit,
        /// Buckets that may be asked for beside those of jobs; needs `skip_storage_path_validation: false`.
        pub additional_allowed_buckets: Vec<String> => "additional_allowed_buckets" omit,
    }

    /// The page of one run of a job: which of its files are shown how.
    pub struct Spyglass {
        /// What shows which files, from top to bottom.
        pub lenses: Vec<LensFileConfig> => "lenses" omit,
        /// The names of lenses by a regular expression for files. Use `lenses` instead.
        pub viewers: BTreeMap<String, Given<Vec<String>>> => "viewers" omit,
        /// Up to how many bytes of a file are read; 100 MB unless set.
        pub size_limit: i64 => "size_limit" omit,
        /// Where to browse a job's files; the path in the bucket is appended. Excludes `*` in the next two.
        pub gcs_browser_prefix: String => "gcs_browser_prefix" omit,
        /// Where to browse a job's files, by `org/repo`, organisation or `*`.
        pub gcs_browser_prefixes: BTreeMap<String, String> => "gcs_browser_prefixes" omit,
        /// Where to browse a job's files, by bucket or `*`, for repositories that the former does not name.
        pub gcs_browser_prefixes_by_bucket: BTreeMap<String, String> => "gcs_browser_prefixes_by_bucket" omit,
        /// A Go template of HTML for the top of the page; `.ArtifactPath` is where the job's files are.
        pub announcement: String => "announcement" omit,
        /// Where TestGrid's configuration is, a path or a `gs://` address; without it, there are no links to TestGrid.
        pub testgrid_config: String => "testgrid_config" omit,
        /// The address of TestGrid.
        pub testgrid_root: String => "testgrid_root" omit,
        /// There is no link to the history of a pull request.
        pub hide_pr_history_link: bool => "hide_pr_history_link" omit,
        /// The address of that history, as a Go template with `.Org`, `.Repo` and `.Number`.
        pub pr_history_link_template: String => "pr_history_link_template" omit,
        /// Other names of buckets in addresses, with the bucket that each stands for.
        pub bucket_aliases: BTreeMap<String, String> => "bucket_aliases" omit,
    }

    /// A lens and the files it shows.
    pub struct LensFileConfig {
        /// Files that must all be there, as regular expressions.
        pub required_files: Given<Vec<String>> => "required_files" keep,
        /// Files that are given to it when they are there, as regular expressions.
        pub optional_files: Vec<String> => "optional_files" omit,
        /// The lens.
        pub lens: LensConfig => "lens" keep,
        /// Where the lens is, when it is not built in.
        pub remote_config: Option<LensRemoteConfig> => "remote_config" omit,
    }

    /// A lens: something that shows files of a job.
    pub struct LensConfig {
        /// Its name.
        pub name: String => "name" keep,
        /// Its settings, whatever they are.
        pub config: Verbatim => "config" omit,
    }

    /// A lens that is served by another program.
    pub struct LensRemoteConfig {
        /// Its address.
        pub endpoint: String => "endpoint" keep,
        /// Where its scripts and pictures are.
        pub static_root: String => "static_root" keep,
        /// What stands above it.
        pub title: String => "title" keep,
        /// Its place on the page: least first.
        pub priority: Option<u64> => "priority" keep,
        /// The title goes once it is loaded.
        pub hide_title: Option<bool> => "hide_title" keep,
    }

    /// Where the logs of jobs are that something other than Kubernetes runs.
    pub struct ExternalAgentLog {
        /// What runs the jobs.
        pub agent: String => "agent" omit,
        /// Which of its jobs are meant, as a label selector.
        pub selector: String => "selector" omit,
        /// The address of a job's log, as a Go template over the job.
        pub url_template: String => "url_template" omit,
    }

    /// How the pages look.
    pub struct Branding {
        /// The address of the logo.
        pub logo: String => "logo" omit,
        /// The address of the small picture in the browser's tab.
        pub favicon: String => "favicon" omit,
        /// The colour of the background.
        pub background_color: String => "background_color" omit,
        /// The colour of the top.
        pub header_color: String => "header_color" omit,
    }

    /// Who may start again the jobs that match.
    pub struct DefaultRerunAuthConfigEntry {
        /// `org/repo` or organisation that the job is for; all when empty or `*`.
        pub repo: String => "repo" omit,
        /// The build cluster of the job; all when empty or `*`.
        pub cluster: String => "cluster" omit,
        /// Who may.
        pub rerun_auth_configs: Option<RerunAuthConfig> => "rerun_auth_configs" omit,
    }
}
