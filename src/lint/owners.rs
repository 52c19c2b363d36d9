//! OWNERS of the directories with configs: who approves changes of a repository's configs and jobs.
//!
//! Whether a name is a person's or an alias cannot be seen from the name. It has to be an alias where no person can be
//! called so, and it is taken for one where it ends as names of groups do.

use std::collections::BTreeMap;

use super::findings::Findings;
use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::model::config::OwnersConfig;
use crate::record;
use crate::validate::quoted;

rules! {
    CONFIGS_WITHOUT_OWNERS = warning "configs-without-owners",
        "a directory has configs, and neither it nor its organisation's has OWNERS",
        "Changes of the configs wait for the approval of people who do not know them.",
        "add an OWNERS file that names approvers";
    OWNERS_WITHOUT_APPROVERS = warning "owners-without-approvers",
        "an OWNERS file beside configs names nobody who approves",
        "It looks as if the configs had owners, and those of the directory above approve all changes.",
        "name approvers: people on GitHub, or aliases of OWNERS_ALIASES";
    UNKNOWN_OWNERS_ALIAS = warning "unknown-owners-alias",
        "an OWNERS file names an alias that OWNERS_ALIASES lacks",
        "Prow takes the name for a person's, whom nobody can ask and who never approves.",
        "correct the name, add the alias to OWNERS_ALIASES, or name the people themselves";
}

record! {
    /// An OWNERS file.
    pub struct OwnersFile {
        /// Who owns everything in the directory.
        pub owners: OwnersConfig => embed,
        /// Who owns the files whose names match a regular expression.
        pub filters: BTreeMap<String, OwnersConfig> => "filters" omit,
    }

    /// The file of aliases at the repository's root.
    pub struct OwnersAliases {
        /// The people that each alias stands for.
        pub aliases: BTreeMap<String, Vec<String>> => "aliases" omit,
    }
}

/// What names of groups end with.
const ENDINGS: [&str; 5] = ["-approvers", "-reviewers", "-maintainers", "-owners", "-team"];
/// GitHub lets nobody have a longer name.
const LONGEST_LOGIN: usize = 39;

/// Everything about the OWNERS of a directory with configs; nothing where the directory has none and its organisation's
/// has none either. Aliases are told only where they are given.
pub fn lint_owners(owners: Option<&OwnersFile>, aliases: Option<&OwnersAliases>) -> Vec<Violation> {
    let mut out = Findings::default();
    let Some(file) = owners else {
        out.add(&CONFIGS_WITHOUT_OWNERS, KeyPath::root(), "there is no OWNERS for these configs");
        return out.into_violations();
    };
    if file.owners.approvers.is_empty() && file.filters.values().all(|owners| owners.approvers.is_empty()) {
        let path = if file.filters.is_empty() { KeyPath::root() } else { KeyPath::root().key("filters") };
        let path = if file.filters.is_empty() { path.key("approvers") } else { path };
        out.add(&OWNERS_WITHOUT_APPROVERS, path, "nobody is named who approves");
    }
    if let Some(aliases) = aliases {
        check_names(&file.owners, &KeyPath::root(), aliases, &mut out);
        for (filter, owners) in &file.filters {
            check_names(owners, &KeyPath::root().key("filters").key(filter), aliases, &mut out);
        }
    }
    out.into_violations()
}

fn check_names(owners: &OwnersConfig, place: &KeyPath, aliases: &OwnersAliases, out: &mut Findings) {
    let lists = [
        ("approvers", &owners.approvers),
        ("reviewers", &owners.reviewers),
        ("required_reviewers", &owners.required_reviewers),
    ];
    for (key, names) in lists {
        for (index, name) in names.iter().enumerate() {
            let is_known = || aliases.aliases.keys().any(|alias| alias.eq_ignore_ascii_case(name));
            if is_alias(name) && !is_known() {
                let message = format!("OWNERS_ALIASES has no {}", quoted(name));
                out.add(&UNKNOWN_OWNERS_ALIAS, place.key(key).item(index), message);
            }
        }
    }
}

fn is_alias(name: &str) -> bool {
    let name = name.strip_prefix('@').unwrap_or(name);
    let is_of_login = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let cannot_be_a_login = name.len() > LONGEST_LOGIN || !name.chars().all(is_of_login);
    cannot_be_a_login || ENDINGS.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending))
}
