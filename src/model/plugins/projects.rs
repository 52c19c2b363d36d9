//! Boards and milestones.

use std::collections::BTreeMap;

use crate::record;

record! {
    /// Who may put issues on project boards.
    pub struct ProjectConfig {
        /// By organisation.
        pub project_org_configs: BTreeMap<String, ProjectOrgConfig> => "project_org_configs" omit,
    }

    /// Who may put issues on the project boards of an organisation.
    pub struct ProjectOrgConfig {
        /// The number of the team that may.
        pub org_maintainers_team_id: i64 => "org_maintainers_team_id" omit,
        /// The column that is used when none is named, by board.
        pub org_default_column_map: BTreeMap<String, String> => "org_default_column_map" omit,
        /// What differs, by repository.
        pub project_repo_configs: BTreeMap<String, ProjectRepoConfig> => "project_repo_configs" omit,
    }

    /// Who may put issues on the project boards of a repository.
    pub struct ProjectRepoConfig {
        /// The number of the team that may.
        pub repo_maintainers_team_id: i64 => "repo_maintainers_team_id" omit,
        /// The column that is used when none is named, by board.
        pub repo_default_column_map: BTreeMap<String, String> => "repo_default_column_map" omit,
    }

    /// Which issues are put on project boards.
    pub struct ProjectManager {
        /// By `org/repo` or organisation.
        pub orgs_repos: BTreeMap<String, ManagedOrgRepo> => "orgsRepos" omit,
    }

    /// The project boards of an organisation or repository.
    pub struct ManagedOrgRepo {
        /// By name; at least one.
        pub projects: BTreeMap<String, ManagedProject> => "projects" omit,
    }

    /// A project board.
    pub struct ManagedProject {
        /// Its columns; at least one.
        pub columns: Vec<ManagedColumn> => "columns" omit,
    }

    /// A column of a project board, and which issues are put there.
    pub struct ManagedColumn {
        /// Its number; this or the name is needed.
        pub id: Option<i64> => "id" omit,
        /// Its name.
        pub name: String => "name" omit,
        /// The state of the issues: `open`, `closed` or `all`.
        pub state: String => "state" omit,
        /// Labels that an issue must have; at least one, and not the same as for another column.
        pub labels: Vec<String> => "labels" omit,
        /// The organisation of the issues.
        pub org: String => "org" omit,
    }

    /// Who may set milestones.
    pub struct Milestone {
        /// The number of the team that may. Use `maintainers_team` instead.
        pub maintainers_id: i64 => "maintainers_id" omit,
        /// The team that may.
        pub maintainers_team: String => "maintainers_team" omit,
        /// What that team is called in comments.
        pub maintainers_friendly_name: String => "maintainers_friendly_name" omit,
    }
}
