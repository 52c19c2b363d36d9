//! What Prow's own `checkconfig` says of job files, with Prow's configuration and that of its plugins around them.
//!
//! [`gather()`] looks at the jobs of one file and keeps little of them ([`Collected`]); it is for many files side by side.
//! [`conclude()`] holds all files against each other and against the configuration. What Prow refuses to load is always
//! looked for ([`crate::shard::jobs`] has those rules); the rest are Prow's warnings, which [`Options`] switch by their
//! names. Read [`WARNINGS`] first. `reference` of a finding is what Prow would say if it were the only one: where Prow
//! puts many names into one message, each finding has its own.

mod conclude;
mod context_policy;
mod gather;
mod hierarchy;
pub mod ignore;
mod managed;
mod options;
mod places;
mod plugins;
mod protection;
mod scopes;
mod settings;
mod sheet;
mod tide;
mod unknown;

pub use conclude::{Around, Texts, conclude};
pub use gather::{Collected, gather};
pub use hierarchy::{Scope, plugin_scope, prow_scope};
pub use options::{Class, Options, WARNINGS, Warning};
pub use settings::Settings;
pub use sheet::Sheet;
pub use unknown::{unknown_in_jobs, unknown_in_main, unknown_in_plugins};

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};

const TABLES: &[&[Rule]] = &[
    conclude::RULES,
    context_policy::RULES,
    gather::RULES,
    hierarchy::RULES,
    managed::RULES,
    plugins::RULES,
    tide::RULES,
    unknown::RULES,
];

/// Every rule that is declared here; those for jobs that Prow refuses to load are in [`crate::shard::jobs::RULES`].
pub const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

#[cfg(test)]
mod table_tests {
    use super::*;

    #[test]
    fn rules_have_names_reasons_and_remedies_of_their_own() {
        let mut ids: Vec<&str> = RULES.iter().chain(crate::shard::jobs::RULES).map(|rule| rule.id).collect();
        for rule in RULES.iter().chain(crate::shard::jobs::RULES) {
            assert!(!rule.summary.ends_with('.') && rule.why.ends_with('.') && !rule.fix.is_empty(), "{}", rule.id);
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "two rules share an id");
    }

    #[test]
    fn every_rule_of_a_warning_exists() {
        for (warning, id) in WARNINGS.iter().flat_map(|warning| warning.rules.iter().map(move |id| (warning, id))) {
            assert!(RULES.iter().any(|rule| rule.id == *id), "{}: {id}", warning.name);
        }
    }
}
