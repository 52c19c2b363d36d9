//! Tide: which pull requests are merged, when and how.
//!
//! [`TideQuery`] says what a pull request needs; queries are what supplemental files mostly hold. Merge methods have
//! rules of their own, see [`super::merge_method`].

use std::collections::BTreeMap;

use crate::model::scalar::TextDuration;
use crate::record;
use crate::yaml::given::Given;

use super::gerrit::GerritOrgRepoConfig;
use super::merge_method::OrgMergeMethod;

record! {
    /// When and how pull requests are merged.
    pub struct Tide {
        /// Changes on Gerrit servers.
        pub gerrit: Option<TideGerritConfig> => "gerrit" omit,
        /// The time from one look at GitHub to the next; one minute unless set.
        pub sync_period: Option<TextDuration> => "sync_period" omit,
        /// How many branches are worked on at once; 20 unless set.
        pub max_goroutines: i64 => "max_goroutines" omit,
        /// How many pull requests are tested together at most, by `org/repo`, organisation or `*`. 0 is no limit, -1 no
        /// batches.
        pub batch_size_limit: BTreeMap<String, i64> => "batch_size_limit" omit,
        /// Whether a batch that is being tested goes on when more pull requests become ready, by `org/repo`,
        /// organisation or `*`; true unless set.
        pub prioritize_existing_batches: BTreeMap<String, bool> => "prioritize_existing_batches" omit,
        /// What to do when GitHub says that a merge is blocked, by `org/repo`, organisation or `*`: `ignore` it,
        /// `permit` merging with a warning, or `block`.
        pub github_merge_blocks_policy: BTreeMap<String, String> => "github_merge_blocks_policy" omit,
        /// Pull requests on GitHub.
        pub github: TideGitHubConfig => embed,
    }

    /// When and how pull requests on GitHub are merged.
    pub struct TideGitHubConfig {
        /// The time from one update of the statuses to the next; `sync_period` unless set.
        pub status_update_period: Option<TextDuration> => "status_update_period" omit,
        /// What pull requests need to be merged. One that any of the queries finds is ready.
        pub queries: Vec<TideQuery> => "queries" omit,
        /// How pull requests are merged: `merge`, `squash` or `rebase`, by `org`, `org/repo` or `org/repo@branch`, or by
        /// organisation, repository and a regular expression for branches.
        pub merge_method: BTreeMap<String, OrgMergeMethod> => "merge_method" omit,
        /// The title and message of merge commits, by `org` or `org/repo`.
        pub merge_commit_template: BTreeMap<String, TideMergeCommitTemplate> => "merge_commit_template" omit,
        /// The page that statuses link to. Excludes `target_urls`.
        pub target_url: String => "target_url" omit,
        /// The page that statuses link to, by `org/repo`, organisation or `*`. Excludes `target_url`.
        pub target_urls: BTreeMap<String, String> => "target_urls" omit,
        /// The page that shows what a pull request lacks. Use `pr_status_base_urls` instead.
        pub pr_status_base_url: String => "pr_status_base_url" omit,
        /// The page that shows what a pull request lacks, by `org/repo`, organisation or `*`, which must be there.
        pub pr_status_base_urls: BTreeMap<String, String> => "pr_status_base_urls" omit,
        /// The label of issues that stop all merges of a repository or branch.
        pub blocker_label: String => "blocker_label" omit,
        /// The label of pull requests that are squashed whatever the method.
        pub squash_label: String => "squash_label" omit,
        /// The label of pull requests that are rebased whatever the method.
        pub rebase_label: String => "rebase_label" omit,
        /// The label of pull requests that are merged with all their commits whatever the method.
        pub merge_label: String => "merge_label" omit,
        /// Which statuses a pull request needs, where that is not taken from its jobs.
        pub context_options: TideContextPolicyOptions => "context_options" keep,
        /// Sets of labels; pull requests with all labels of an earlier set are merged first.
        pub priority: Vec<TidePriority> => "priority" omit,
        /// A status shows every query that is not met, not only the closest.
        pub display_all_tide_queries_in_status: bool => "display_all_tide_queries_in_status" omit,
    }

    /// A query: pull requests of these repositories with all of this are ready to merge.
    pub struct TideQuery {
        /// Who has opened the pull request.
        pub author: String => "author" omit,
        /// Labels it must have; names separated by commas in one entry are alternatives.
        pub labels: Given<Vec<String>> => "labels" omit,
        /// Labels it must not have.
        pub missing_labels: Given<Vec<String>> => "missingLabels" omit,
        /// Branches that the query is not for. Excludes `includedBranches`.
        pub excluded_branches: Given<Vec<String>> => "excludedBranches" omit,
        /// The only branches that the query is for. Excludes `excludedBranches`.
        pub included_branches: Given<Vec<String>> => "includedBranches" omit,
        /// The milestone it must have.
        pub milestone: String => "milestone" omit,
        /// A review on GitHub must approve it.
        pub review_approved_required: bool => "reviewApprovedRequired" omit,
        /// Organisations with all of their repositories.
        pub orgs: Vec<String> => "orgs" omit,
        /// Single repositories, as `org/repo`.
        pub repos: Vec<String> => "repos" omit,
        /// Repositories of the organisations that the query is not for, as `org/repo`.
        pub excluded_repos: Vec<String> => "excludedRepos" omit,
    }

    /// The title and message of merge commits, as Go templates over the pull request.
    pub struct TideMergeCommitTemplate {
        /// The first line.
        pub title: String => "title" omit,
        /// The rest.
        pub body: String => "body" omit,
    }

    /// Labels that let a pull request go first.
    pub struct TidePriority {
        /// It needs all of them.
        pub labels: Vec<String> => "labels" omit,
    }

    /// Which statuses pull requests need, in general and by organisation.
    pub struct TideContextPolicyOptions {
        /// The general rules.
        pub policy: TideContextPolicy => embed,
        /// Rules of an organisation, over the general ones.
        pub orgs: BTreeMap<String, TideOrgContextPolicy> => "orgs" omit,
    }

    /// Which statuses pull requests of an organisation need.
    pub struct TideOrgContextPolicy {
        /// The organisation's rules.
        pub policy: TideContextPolicy => embed,
        /// Rules of a repository, over those of the organisation.
        pub repos: BTreeMap<String, TideRepoContextPolicy> => "repos" omit,
    }

    /// Which statuses pull requests of a repository need.
    pub struct TideRepoContextPolicy {
        /// The repository's rules.
        pub policy: TideContextPolicy => embed,
        /// Rules of a branch, over those of the repository.
        pub branches: BTreeMap<String, TideContextPolicy> => "branches" omit,
    }

    /// Which statuses pull requests need.
    pub struct TideContextPolicy {
        /// Statuses that nobody names are optional.
        pub skip_unknown_contexts: Option<bool> => "skip-unknown-contexts" omit,
        /// Statuses that must be there and be green.
        pub required_contexts: Vec<String> => "required-contexts" omit,
        /// Statuses that must be green when they are there.
        pub required_if_present_contexts: Vec<String> => "required-if-present-contexts" omit,
        /// Statuses that do not matter.
        pub optional_contexts: Vec<String> => "optional-contexts" omit,
        /// Statuses that do not matter, as regular expressions.
        pub optional_regex_contexts: Vec<String> => "optional-regex-contexts" omit,
        /// What branch protection requires is required here as well.
        pub from_branch_protection: Option<bool> => "from-branch-protection" omit,
        /// Pending statuses are set to success when a batch is merged, so that branch protection does not stop it.
        pub overwrite_pending_contexts: Option<bool> => "overwrite-pending-contexts" omit,
    }

    /// Changes on Gerrit servers that Tide merges.
    pub struct TideGerritConfig {
        /// The servers and their repositories.
        pub queries: Given<Vec<GerritOrgRepoConfig>> => "queries" keep,
        /// How many changes are asked for at once; 5 unless set.
        pub ratelimit: i64 => "ratelimit" omit,
    }
}
