//! What answers comments, pushes and newcomers.

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::given::Given;

record! {
    /// Who starts jobs in some repositories.
    pub struct Trigger {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// GitHub apps whose pull requests are trusted, by name without `[bot]`.
        pub trusted_apps: Vec<String> => "trusted_apps" omit,
        /// The organisation whose members are trusted; that of the repository unless set. Out of use.
        pub trusted_org: String => "trusted_org" omit,
        /// The page that says how to become a member.
        pub join_org_url: String => "join_org_url" omit,
        /// Only members are trusted, not the collaborators of the repository.
        pub only_org_members: bool => "only_org_members" omit,
        /// `/ok-to-test` does nothing.
        pub ignore_ok_to_test: bool => "ignore_ok_to_test" omit,
        /// Workflows on GitHub are started as well.
        pub trigger_github_workflows: bool => "trigger_github_workflows" omit,
        /// What people are told who are no members.
        pub org_invite: OrgInviteConfig => "org_invite" omitzero,
    }

    /// What people are told who are no members.
    pub struct OrgInviteConfig {
        /// To those with several merged pull requests.
        pub prominent: ProminentOrgInviteConfig => "prominent" omitzero,
    }

    /// What people are told who are no members and have several merged pull requests.
    pub struct ProminentOrgInviteConfig {
        /// They are told no more than others.
        pub disabled: bool => "disabled" omit,
        /// How many merged pull requests it takes; 3 unless set.
        pub merged_pr_threshold: Option<i64> => "merged_pr_threshold" omit,
        /// The words; `{join_org_url}` stands for the page that says how to become a member.
        pub message: String => "message" omit,
    }

    /// Words for newcomers in some repositories.
    pub struct Welcome {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// The words, as a Go template over the pull request.
        pub message_template: String => "message_template" omit,
        /// Everyone is welcomed, not only newcomers.
        pub always_post: bool => "always_post" omit,
    }

    /// What commit messages may not say in some repositories.
    pub struct InvalidCommitMsg {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// Which checks are done.
        pub checks: Vec<InvalidCommitMsgCheck> => "checks" omit,
    }

    /// A check of commit messages.
    pub struct InvalidCommitMsgCheck {
        /// `fixupPrefix` or `issueClosingKeywords`.
        pub name: String => "name" keep,
        /// It is not done.
        pub disabled: bool => "disabled" omit,
    }

    /// Asking for help with issues.
    pub struct Help {
        /// The page that explains it.
        pub help_guidelines_url: String => "help_guidelines_url" omit,
        /// What that page says in short.
        pub help_guidelines_summary: String => "help_guidelines_summary" omit,
    }

    /// Who may declare a failed status good.
    pub struct Override {
        /// Approvers of the top of the repository may.
        pub allow_top_level_owners: bool => "allow_top_level_owners" omit,
        /// Members of teams may, by `org/repo` or organisation.
        pub allowed_github_teams: BTreeMap<String, Given<Vec<String>>> => "allowed_github_teams" omit,
    }

    /// Changing titles.
    pub struct Retitle {
        /// Titles of closed issues and pull requests may be changed.
        pub allow_closed_issues: bool => "allow_closed_issues" omit,
    }

    /// Labels for mentioned groups.
    pub struct SigMention {
        /// Which mentions count, as a regular expression with the group's name in the first parentheses and the kind in
        /// the second.
        pub regexp: String => "regexp" omit,
    }

    /// Hearts under comments.
    pub struct Heart {
        /// Users who get them.
        pub adorees: Vec<String> => "adorees" omit,
        /// Which comments get them, as a regular expression.
        pub commentregexp: String => "commentregexp" omit,
    }

    /// Pictures of cats.
    pub struct Cat {
        /// The file with the key for thecatapi.com.
        pub key_path: String => "key_path" omit,
    }

    /// Pictures of geese.
    pub struct Goose {
        /// The file with the key for unsplash.com.
        pub key_path: String => "key_path" omit,
    }

    /// Messages on Slack about pushes and mentions.
    pub struct Slack {
        /// Channels that hear of mentioned groups.
        pub mentionchannels: Vec<String> => "mentionchannels" omit,
        /// Who hears of merges by hand.
        pub mergewarnings: Vec<MergeWarning> => "mergewarnings" omit,
    }

    /// Who hears of merges by hand in some repositories.
    pub struct MergeWarning {
        /// Organisations and repositories that this is for.
        pub repos: Vec<String> => "repos" omit,
        /// The channels.
        pub channels: Vec<String> => "channels" omit,
        /// Users who may merge by hand.
        pub exempt_users: Vec<String> => "exempt_users" omit,
        /// Branches that may be merged into by hand, by `org/repo` or organisation.
        pub exempt_branches: BTreeMap<String, Given<Vec<String>>> => "exempt_branches" omit,
    }
}
