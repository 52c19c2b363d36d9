//! Labels: which may be set, which must be there, which Prow sets.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// Which labels may be set, by whom.
    pub struct Label {
        /// Labels that commands may set beside those of kind, priority and area.
        pub additional_labels: Vec<String> => "additional_labels" omit,
        /// Labels that only some people may set or remove, by `org/repo`, organisation or `*`.
        pub restricted_labels: BTreeMap<String, Given<Vec<RestrictedLabel>>> => "restricted_labels" omit,
    }

    /// A label that only some people may set or remove.
    pub struct RestrictedLabel {
        /// Its name.
        pub label: String => "label" keep,
        /// Members of these teams may.
        pub allowed_teams: Vec<String> => "allowed_teams" omit,
        /// These users may.
        pub allowed_users: Vec<String> => "allowed_users" omit,
        /// Labels that make Prow assign the pull request to those users.
        pub assign_on: Vec<AssignOnLabel> => "assign_on" omit,
    }

    /// A label that makes Prow assign the pull request.
    pub struct AssignOnLabel {
        /// Its name.
        pub label: String => "label" keep,
    }

    /// Labels that must be there, in an organisation or repository.
    pub struct RequireMatchingLabel {
        /// The organisation.
        pub org: String => "org" omit,
        /// The repository, without the organisation; all of them when empty.
        pub repo: String => "repo" omit,
        /// The branch of pull requests; all of them when empty. Needs `prs`.
        pub branch: String => "branch" omit,
        /// It is for pull requests.
        pub prs: bool => "prs" omit,
        /// It is for issues.
        pub issues: bool => "issues" omit,
        /// The label, as a regular expression.
        pub regexp: String => "regexp" omit,
        /// The label that is set where none matches; must not match itself.
        pub missing_label: String => "missing_label" omit,
        /// The comment that is written with it.
        pub missing_comment: String => "missing_comment" omit,
        /// How long something new is left alone; 5 seconds unless set.
        pub grace_period: String => "grace_period" omit,
    }

    /// The least number of changed lines for each label of size; less than `s` is extra small.
    pub struct Size {
        /// Small.
        pub s: i64 => "s" keep,
        /// Medium.
        pub m: i64 => "m" keep,
        /// Large.
        pub l: i64 => "l" keep,
        /// Extra large.
        pub xl: i64 => "xl" keep,
        /// Extra extra large.
        pub xxl: i64 => "xxl" keep,
    }

    /// Release notes.
    pub struct ReleaseNote {
        /// The page that explains them.
        pub guidelines_url: String => "guidelines_url" omit,
    }
}
