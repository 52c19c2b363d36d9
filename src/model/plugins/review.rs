//! Approval, reviews, owners, and which changes need more than that.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// Approval by owners in some repositories.
    pub struct Approve {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// A pull request must name an issue.
        pub issue_required: bool => "issue_required" omit,
        /// Owners who open a pull request do not approve it by that.
        pub require_self_approval: Option<bool> => "require_self_approval" omit,
        /// `/lgtm` approves as well.
        pub lgtm_acts_as_approve: bool => "lgtm_acts_as_approve" omit,
        /// Reviews on GitHub neither approve nor take approval back.
        pub ignore_review_state: Option<bool> => "ignore_review_state" omit,
        /// The page that lists the commands.
        pub command_help_link: String => "commandHelpLink" omit,
        /// The page that explains how pull requests get approved.
        pub pr_process_link: String => "pr_process_link" omit,
    }

    /// Approval by reviewers in some repositories.
    pub struct Lgtm {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// Reviews on GitHub add and remove the label.
        pub review_acts_as_lgtm: bool => "review_acts_as_lgtm" omit,
        /// The label stays when commits are only squashed.
        pub store_tree_hash: bool => "store_tree_hash" omit,
        /// The team whose members keep the label through any change. They can get anything merged.
        pub trusted_team_for_sticky_lgtm: String => "trusted_team_for_sticky_lgtm" omit,
    }

    /// Paths that nobody may change.
    pub struct Blockade {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// The branches, as a regular expression; all when not set.
        pub branchregexp: Option<String> => "branchregexp" omit,
        /// The paths, as regular expressions.
        pub blockregexps: Vec<String> => "blockregexps" omit,
        /// Paths among them that may be changed, as regular expressions.
        pub exceptionregexps: Vec<String> => "exceptionregexps" omit,
        /// Why, for the comment on a pull request.
        pub explanation: String => "explanation" omit,
    }

    /// Who is asked for a review.
    pub struct Blunderbuss {
        /// How many people at least; 2 unless set.
        pub request_count: Option<i64> => "request_count" omit,
        /// How many people at most; 0 is no limit.
        pub max_request_count: i64 => "max_request_count" omit,
        /// Approvers are not asked even if there are too few reviewers.
        pub exclude_approvers: bool => "exclude_approvers" omit,
        /// People whose status on GitHub is busy are not asked.
        pub use_status_availability: bool => "use_status_availability" omit,
        /// Nobody is asked about drafts.
        pub ignore_drafts: bool => "ignore_drafts" omit,
        /// Nobody is asked about pull requests of these users.
        pub ignore_authors: Vec<String> => "ignore_authors" omit,
        /// People are asked only once a status says that nothing but a review is missing.
        pub wait_for_status: Option<ContextMatch> => "wait_for_status" omit,
    }

    /// A status to wait for.
    pub struct ContextMatch {
        /// Its name; `tide` unless set.
        pub context: String => "context" omit,
        /// Its words, as a regular expression; Tide's for a missing review or label unless set.
        pub description: String => "description" omit,
        /// Its state; `pending` unless set.
        pub state: String => "state" omit,
    }

    /// How OWNERS files are read.
    pub struct Owners {
        /// Organisations and repositories whose Markdown files may name their owners at the top.
        pub mdyamlrepos: Vec<String> => "mdyamlrepos" omit,
        /// Organisations and repositories in which only OWNERS files count, not the collaborators on GitHub.
        pub skip_collaborators: Vec<String> => "skip_collaborators" omit,
        /// Labels that OWNERS files may not give; `approved` and `lgtm` unless set.
        pub labels_denylist: Given<Vec<String>> => "labels_denylist" omit,
        /// Other names of OWNERS files, by `org/repo` or organisation.
        pub filenames: BTreeMap<String, Filenames> => "filenames" omit,
    }

    /// The names of OWNERS files.
    pub struct Filenames {
        /// In place of `OWNERS`.
        pub owners: String => "owners" omit,
        /// In place of `OWNERS_ALIASES`.
        pub owners_aliases: String => "owners_aliases" omit,
    }

    /// Who may approve cherry-picks in a repository.
    pub struct CherryPickApproved {
        /// The organisation.
        pub org: String => "org" omit,
        /// The repository.
        pub repo: String => "repo" omit,
        /// The branches, as a regular expression; `^release-.*$` unless set.
        pub branchregexp: String => "branchregexp" omit,
        /// Users who may approve.
        pub approvers: Vec<String> => "approvers" omit,
        /// The label `approved` is not needed.
        pub allow_missing_approved_label: bool => "allow_missing_approved_label" omit,
        /// The label `lgtm` is not needed.
        pub allow_missing_lgtm_label: bool => "allow_missing_lgtm_label" omit,
    }

    /// Which branches need approval for cherry-picks.
    pub struct CherryPickUnapproved {
        /// The branches, as a regular expression; `^release-.*$` unless set.
        pub branchregexp: String => "branchregexp" omit,
        /// The comment on a pull request without approval.
        pub comment: String => "comment" omit,
    }

    /// Branches that are kept after a merge.
    pub struct BranchCleaner {
        /// Their names or regular expressions, by `org/repo` or organisation.
        pub preserved_branches: BTreeMap<String, Given<Vec<String>>> => "preserved_branches" omit,
    }

    /// Whose commits must be signed off.
    pub struct Dco {
        /// Members of the trusted organisation need not.
        pub skip_dco_check_for_members: bool => "skip_dco_check_for_members" omit,
        /// GitHub apps need not, by name without `[bot]`.
        pub trusted_apps: Vec<String> => "trusted_apps" omit,
        /// The trusted organisation; that of the repository unless set.
        pub trusted_org: String => "trusted_org" omit,
        /// Collaborators of the repository need not.
        pub skip_dco_check_for_collaborators: bool => "skip_dco_check_for_collaborators" omit,
        /// The repository that holds the rules for contributors.
        pub contributing_repo: String => "contributing_repo" omit,
        /// The branch of those rules.
        pub contributing_branch: String => "contributing_branch" omit,
        /// The path of those rules.
        pub contributing_path: String => "contributing_path" omit,
    }

    /// Advice on Go code.
    pub struct Golint {
        /// Advice that is less certain is left out; above 0, at most 1, and 0.8 unless set.
        pub minimum_confidence: Option<f64> => "minimum_confidence" omit,
    }
}
