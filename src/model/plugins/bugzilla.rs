//! What a bug must look like that a pull request names, and what becomes of it.
//!
//! Options stand under a branch; those of a repository count over those of its organisation, and these over the general.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// Bugs in Bugzilla.
    pub struct Bugzilla {
        /// Options by branch, everywhere; `*` is all branches.
        pub default: Given<BTreeMap<String, BugzillaBranchOptions>> => "default" omit,
        /// Options by organisation.
        pub orgs: BTreeMap<String, BugzillaOrgOptions> => "orgs" omit,
    }

    /// Bugs for an organisation.
    pub struct BugzillaOrgOptions {
        /// Options by branch in the whole organisation; `*` is all branches.
        pub default: Given<BTreeMap<String, BugzillaBranchOptions>> => "default" omit,
        /// Options by repository.
        pub repos: BTreeMap<String, BugzillaRepoOptions> => "repos" omit,
    }

    /// Bugs for a repository.
    pub struct BugzillaRepoOptions {
        /// Options by branch; `*` is all branches.
        pub branches: BTreeMap<String, BugzillaBranchOptions> => "branches" omit,
    }

    /// What a bug must look like that a pull request on a branch names, and what becomes of it.
    pub struct BugzillaBranchOptions {
        /// More general options do not count.
        pub exclude_defaults: Option<bool> => "exclude_defaults" omit,
        /// Cherry-picks get bugs of their own.
        pub enable_backporting: Option<bool> => "enable_backporting" omit,
        /// All pull requests are checked, not only those that name a bug.
        pub validate_by_default: Option<bool> => "validate_by_default" omit,
        /// Whether the bug must be open, or closed.
        pub is_open: Option<bool> => "is_open" omit,
        /// The release that it must be planned for.
        pub target_release: Option<String> => "target_release" omit,
        /// Statuses that it may have. Use `valid_states` instead.
        pub statuses: Option<Vec<String>> => "statuses" omit,
        /// States that it may be in.
        pub valid_states: Option<Vec<BugzillaBugState>> => "valid_states" omit,
        /// Statuses that the bugs it depends on may have. Use `dependent_bug_states` instead.
        pub dependent_bug_statuses: Option<Vec<String>> => "dependent_bug_statuses" omit,
        /// States that the bugs it depends on may be in.
        pub dependent_bug_states: Option<Vec<BugzillaBugState>> => "dependent_bug_states" omit,
        /// Releases that the bugs it depends on may be planned for.
        pub dependent_bug_target_releases: Option<Vec<String>> => "dependent_bug_target_releases" omit,
        /// The same for one release. Use `dependent_bug_target_releases` instead.
        pub dependent_bug_target_release: Option<String> => "dependent_bug_target_release" omit,
        /// The status it gets when it is found right. Use `state_after_validation` instead.
        pub status_after_validation: Option<String> => "status_after_validation" omit,
        /// The state it gets when it is found right.
        pub state_after_validation: Option<BugzillaBugState> => "state_after_validation" omit,
        /// The bug gets a link to the pull request.
        pub add_external_link: Option<bool> => "add_external_link" omit,
        /// The status it gets when all its pull requests are merged. Use `state_after_merge` instead.
        pub status_after_merge: Option<String> => "status_after_merge" omit,
        /// The state it gets when all its pull requests are merged.
        pub state_after_merge: Option<BugzillaBugState> => "state_after_merge" omit,
        /// The state it gets when its pull requests are closed unmerged.
        pub state_after_close: Option<BugzillaBugState> => "state_after_close" omit,
        /// Groups that may see bugs which Prow speaks about; others are kept secret.
        pub allowed_groups: Vec<String> => "allowed_groups" omit,
    }

    /// A state of a bug.
    pub struct BugzillaBugState {
        /// The status, such as `CLOSED`.
        pub status: String => "status" omit,
        /// The resolution, such as `ERRATA`.
        pub resolution: String => "resolution" omit,
    }

    /// Links to Jira issues.
    pub struct Jira {
        /// Projects whose issues get no links, such as `enterprise` for `ENTERPRISE-4`.
        pub disabled_jira_projects: Vec<String> => "disabled_jira_projects" omit,
    }
}
