//! Branch protection on GitHub: one policy for everything, and others over it by organisation, repository and branch.

use std::collections::BTreeMap;

use crate::record;

record! {
    /// Branch protection everywhere.
    pub struct BranchProtection {
        /// The policy that all others start from.
        pub policy: Policy => embed,
        /// Repositories with jobs are protected even if they are not named here.
        pub protect_tested_repos: Option<bool> => "protect-tested-repos" omit,
        /// What differs, by organisation.
        pub orgs: BTreeMap<String, Org> => "orgs" omit,
        /// A branch may be left unprotected although a policy above it asks for something.
        pub allow_disabled_policies: Option<bool> => "allow_disabled_policies" omit,
        /// A branch may be left unprotected although it has required jobs.
        pub allow_disabled_job_policies: Option<bool> => "allow_disabled_job_policies" omit,
        /// Required statuses are managed even where all jobs are optional.
        pub protect_repos_with_optional_jobs: Option<bool> => "protect_repos_with_optional_jobs" omit,
    }

    /// Branch protection in an organisation.
    pub struct Org {
        /// The organisation's policy.
        pub policy: Policy => embed,
        /// What differs, by repository.
        pub repos: BTreeMap<String, Repo> => "repos" omit,
    }

    /// Branch protection in a repository.
    pub struct Repo {
        /// The repository's policy.
        pub policy: Policy => embed,
        /// What differs, by branch.
        pub branches: BTreeMap<String, Branch> => "branches" omit,
    }

    /// Branch protection of a branch.
    pub struct Branch {
        /// The branch's policy.
        pub policy: Policy => embed,
    }

    /// A policy. What is not set comes from the policy above; lists are added to those above.
    pub struct Policy {
        /// Branch protection is left as it is on GitHub.
        pub unmanaged: Option<bool> => "unmanaged" omit,
        /// Whether branches are protected.
        pub protect: Option<bool> => "protect" omit,
        /// Statuses that must be green.
        pub required_status_checks: Option<ContextPolicy> => "required_status_checks" omit,
        /// Administrators are held to the rules as well.
        pub enforce_admins: Option<bool> => "enforce_admins" omit,
        /// Who may push.
        pub restrictions: Option<Restrictions> => "restrictions" omit,
        /// Jobs that are started by hand and are not optional are required.
        pub require_manually_triggered_jobs: Option<bool> => "require_manually_triggered_jobs" omit,
        /// Reviews that a pull request needs.
        pub required_pull_request_reviews: Option<ReviewPolicy> => "required_pull_request_reviews" omit,
        /// Merge commits are not allowed.
        pub required_linear_history: Option<bool> => "required_linear_history" omit,
        /// Whoever may push may also push by force.
        pub allow_force_pushes: Option<bool> => "allow_force_pushes" omit,
        /// Whoever may push may also delete the branch.
        pub allow_deletions: Option<bool> => "allow_deletions" omit,
        /// Branches that the policy is not for, as regular expressions. Excludes `include`.
        pub exclude: Vec<String> => "exclude" omit,
        /// The only branches that the policy is for, as regular expressions. Excludes `exclude`.
        pub include: Vec<String> => "include" omit,
    }

    /// Statuses that must be green before a merge.
    pub struct ContextPolicy {
        /// Their names, beside those of required jobs.
        pub contexts: Vec<String> => "contexts" omit,
        /// A pull request must be up to date with its branch.
        pub strict: Option<bool> => "strict" omit,
    }

    /// Reviews that a pull request needs.
    pub struct ReviewPolicy {
        /// Who may dismiss reviews.
        pub dismissal_restrictions: Option<DismissalRestrictions> => "dismissal_restrictions" omit,
        /// New commits dismiss old approvals.
        pub dismiss_stale_reviews: Option<bool> => "dismiss_stale_reviews" omit,
        /// Owners of the changed code must approve.
        pub require_code_owner_reviews: Option<bool> => "require_code_owner_reviews" omit,
        /// How many approvals are needed.
        pub required_approving_review_count: Option<i64> => "required_approving_review_count" omit,
        /// Who may merge without.
        pub bypass_pull_request_allowances: Option<BypassRestrictions> => "bypass_pull_request_allowances" omit,
    }

    /// Who may dismiss reviews.
    pub struct DismissalRestrictions {
        /// Users, by name.
        pub users: Vec<String> => "users" omit,
        /// Teams, by name.
        pub teams: Vec<String> => "teams" omit,
    }

    /// Who may merge without the reviews.
    pub struct BypassRestrictions {
        /// Users, by name.
        pub users: Vec<String> => "users" omit,
        /// Teams, by name.
        pub teams: Vec<String> => "teams" omit,
    }

    /// Who may push to a branch.
    pub struct Restrictions {
        /// GitHub apps, by name.
        pub apps: Vec<String> => "apps" omit,
        /// Users, by name.
        pub users: Vec<String> => "users" omit,
        /// Teams, by name.
        pub teams: Vec<String> => "teams" omit,
    }
}
