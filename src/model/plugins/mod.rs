//! The configuration of Prow's plugins: `core-services/prow/02_config/_plugins.yaml` and the `_pluginconfig.yaml` files
//! beside it.
//!
//! Both are a [`Configuration`]; of a supplemental file only plugins, external plugins, approve, lgtm, triggers, welcome,
//! Bugzilla and restricted labels may be set. One file a group of plugins: [`enabled`] which run where, [`review`] approval
//! and owners, [`comment`] what answers comments and welcomes people, [`labels`], [`bugzilla`], [`updater`]
//! ConfigMaps, [`projects`] boards and milestones.

pub mod bugzilla;
pub mod comment;
pub mod enabled;
pub mod labels;
pub mod projects;
pub mod review;
pub mod updater;

use std::collections::BTreeMap;

use crate::record;
use crate::yaml::container::Uncoerced;
use crate::yaml::given::Given;

use bugzilla::{Bugzilla, Jira};
use comment::{Cat, Goose, Heart, Help, InvalidCommitMsg, Override, Retitle, SigMention, Slack, Trigger, Welcome};
use enabled::{ExternalPlugin, Plugins};
use labels::{Label, ReleaseNote, RequireMatchingLabel, Size};
use projects::{Milestone, ProjectConfig, ProjectManager};
use review::{
    Approve, Blockade, Blunderbuss, BranchCleaner, CherryPickApproved, CherryPickUnapproved, Dco, Golint, Lgtm, Owners,
};
use updater::ConfigUpdater;

record! {
    /// What Prow does on events from GitHub, and where.
    pub struct Configuration {
        /// The plugins that run, by `org/repo` or organisation.
        pub plugins: Plugins => "plugins" omit,
        /// Programs that get events, by `org/repo` or organisation.
        pub external_plugins: BTreeMap<String, Given<Vec<ExternalPlugin>>> => "external_plugins" omit,
        /// How OWNERS files are read.
        pub owners: Owners => "owners" keep,
        /// Approval by owners: the plugin `approve`.
        pub approve: Vec<Approve> => "approve" omit,
        /// Paths that nobody may change: the plugin `blockade`.
        pub blockades: Vec<Blockade> => "blockades" omit,
        /// Who is asked for a review: the plugin `blunderbuss`.
        pub blunderbuss: Blunderbuss => "blunderbuss" keep,
        /// What a bug must look like that a pull request names: the plugin `bugzilla`.
        pub bugzilla: Bugzilla => "bugzilla" keep,
        /// Branches that are kept after a merge: the plugin `branchcleaner`.
        pub branch_cleaner: BranchCleaner => "branch_cleaner" keep,
        /// Pictures of cats: the plugin `cat`.
        pub cat: Cat => "cat" keep,
        /// Who may approve cherry-picks: the plugin `cherrypickapproved`.
        pub cherry_pick_approved: Vec<CherryPickApproved> => "cherry_pick_approved" omit,
        /// Which branches need approval for cherry-picks: the plugin `cherrypickunapproved`.
        pub cherry_pick_unapproved: CherryPickUnapproved => "cherry_pick_unapproved" keep,
        /// Which files become ConfigMaps: the plugin `config-updater`.
        pub config_updater: Uncoerced<ConfigUpdater> => "config_updater" keep,
        /// Signed-off commits: the plugin `dco`, by `org/repo`, organisation or `*`.
        pub dco: BTreeMap<String, Option<Dco>> => "dco" omit,
        /// Advice on Go code: the plugin `golint`.
        pub golint: Golint => "golint" keep,
        /// Pictures of geese: the plugin `goose`.
        pub goose: Goose => "goose" keep,
        /// Hearts under comments: the plugin `heart`.
        pub heart: Heart => "heart" keep,
        /// Which labels may be set, by whom: the plugin `label`.
        pub label: Label => "label" keep,
        /// Approval by reviewers: the plugin `lgtm`.
        pub lgtm: Vec<Lgtm> => "lgtm" omit,
        /// Links to Jira issues: the plugin `jira`.
        pub jira: Option<Jira> => "jira" omit,
        /// The milestone of pull requests by `org/repo` and branch: the plugin `milestoneapplier`.
        pub milestone_applier: BTreeMap<String, Option<BTreeMap<String, String>>> => "milestone_applier" omit,
        /// Release notes: the plugin `release-note`.
        pub release_note: ReleaseNote => "release_note" keep,
        /// Who may set milestones, by `org/repo` or empty for all others: the plugin `milestone`.
        pub repo_milestone: BTreeMap<String, Milestone> => "repo_milestone" omit,
        /// Who may put issues on project boards: the plugin `project`.
        pub project_config: ProjectConfig => "project_config" keep,
        /// Which issues are put on project boards: the plugin `project-manager`.
        pub project_manager: ProjectManager => "project_manager" keep,
        /// Labels that must be there: the plugin `require-matching-label`.
        pub require_matching_label: Vec<RequireMatchingLabel> => "require_matching_label" omit,
        /// Changing titles: the plugin `retitle`.
        pub retitle: Retitle => "retitle" keep,
        /// Messages on Slack about pushes and mentions: the plugin `slackevents`.
        pub slack: Slack => "slack" keep,
        /// Labels for mentioned groups: the plugin `sigmention`.
        pub sigmention: SigMention => "sigmention" keep,
        /// Labels for the size of a change: the plugin `size`.
        pub size: Size => "size" keep,
        /// Who starts jobs: the plugin `trigger`.
        pub triggers: Vec<Trigger> => "triggers" omit,
        /// Words for newcomers: the plugin `welcome`.
        pub welcome: Vec<Welcome> => "welcome" omit,
        /// Who may declare a failed status good: the plugin `override`.
        pub override_: Override => "override" keep,
        /// Asking for help with issues: the plugin `help`.
        pub help: Help => "help" keep,
        /// What commit messages may not say: the plugin `invalidcommitmsg`.
        pub invalid_commit_msg: Vec<InvalidCommitMsg> => "invalid_commit_msg" omit,
    }
}
