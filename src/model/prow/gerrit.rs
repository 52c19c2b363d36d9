//! Gerrit servers: which of their repositories are watched.

use crate::model::scalar::TextDuration;
use crate::record;

record! {
    /// How changes on Gerrit servers are watched.
    pub struct Gerrit {
        /// The time from one look to the next; one minute unless set.
        pub tick_interval: Option<TextDuration> => "tick_interval" omit,
        /// How many changes are asked for at once; 5 unless set.
        pub ratelimit: i64 => "ratelimit" omit,
        /// The address of the web pages, for links to jobs.
        pub deck_url: String => "deck_url" omit,
        /// The servers and their repositories.
        pub org_repos_config: Option<Vec<GerritOrgRepoConfig>> => "org_repos_config" omit,
        /// The comments that may start jobs, as a regular expression.
        pub allowed_presubmit_trigger_re: String => "allowed_presubmit_trigger_re" omit,
    }

    /// Repositories of one Gerrit server.
    pub struct GerritOrgRepoConfig {
        /// The server, with `https://` or `http://`.
        pub org: String => "org" omit,
        /// The repositories.
        pub repos: Vec<String> => "repos" omit,
        /// No comments explain which jobs can be started.
        pub opt_out_help: bool => "opt_out_help" omit,
        /// Which changes are looked at.
        pub filters: Option<GerritQueryFilter> => "filters" omit,
    }

    /// Which changes of a Gerrit repository are looked at.
    pub struct GerritQueryFilter {
        /// Only those on these branches.
        pub branches: Vec<String> => "branches" omit,
        /// None on these branches.
        pub excluded_branches: Vec<String> => "excluded_branches" omit,
        /// All changes may be merged unless a vote says otherwise.
        pub opt_in_by_default: bool => "opt_in_by_default" omit,
    }
}
