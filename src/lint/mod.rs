//! What the reference takes and nobody means: expressions that match nothing, copies that still name what they were copied
//! from, jobs that never run, images and steps that nothing uses, directories without owners.
//!
//! Each check looks at model values and gives [`Violation`]s, whose key paths lead to the very value in the document that
//! was looked at. A [`Linter`] looks at configs ([`Linter::lint_config`]) and job files ([`Linter::lint_jobs`]) on as many
//! threads as there are, and remembers what it found out about each regular expression; [`lint_registry`] and
//! [`lint_owners`] look at the rest. All rules are warnings: the reference says nothing of any of this. Read the file of the
//! noun you care about; each declares its rules first. [`RULES`] is the table of them all.

mod branches;
mod filters;
mod findings;
mod identity;
mod images;
mod jobs;
mod language;
mod owners;
mod patterns;
mod schedule;
mod steps;
mod test;
mod version;

use std::collections::BTreeSet;

pub use owners::{OwnersAliases, OwnersFile, lint_owners};
pub use steps::{RegistryFinding, lint_registry};

use crate::diagnostic::rule::{count, joined};
use crate::diagnostic::{Rule, Violation};
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::registry::Registry;

use findings::Findings;
use patterns::Patterns;

const TABLES: &[&[Rule]] = &[
    filters::RULES,
    branches::RULES,
    jobs::RULES,
    schedule::RULES,
    test::RULES,
    identity::RULES,
    version::RULES,
    images::RULES,
    steps::RULES,
    owners::RULES,
];

/// Every rule, by file.
pub const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// Looks at configs and job files, on any number of threads.
#[derive(Debug, Default)]
pub struct Linter {
    patterns: Patterns,
    /// The images that steps of the registry name.
    registry_images: Option<BTreeSet<String>>,
}

impl Linter {
    /// A linter for configs whose tests use this registry. Without one, nothing is said of images that nothing uses.
    pub fn new(registry: Option<&Registry>) -> Self {
        Self { patterns: Patterns::default(), registry_images: registry.map(images::images_of) }
    }

    /// Everything about a config, as it was read, that the reference does not see. `identity` is what its path says.
    pub fn lint_config(&self, config: &ReleaseBuildConfiguration, identity: &Metadata) -> Vec<Violation> {
        let mut out = Findings::default();
        identity::check_metadata(&config.zz_generated_metadata, identity, &mut out);
        self.check_filters(config, &mut out);
        self.check_skipped_branches(config, identity, &mut out);
        schedule::check_schedules(config, &mut out);
        test::check_tests(config, &mut out);
        version::check_versions(config, identity, &mut out);
        self.check_images(config, &mut out);
        images::check_registries(&config.input_configuration, &mut out);
        out.into_violations()
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::diagnostic::Severity;

    #[test]
    fn rules_are_warnings_with_reasons_and_remedies_of_their_own() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        for rule in RULES {
            assert_eq!(rule.severity, Severity::Warning, "{}", rule.id);
            assert!(!rule.summary.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
            assert!(!rule.fix.is_empty() && !rule.fix.ends_with('.'), "{}", rule.id);
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "two rules share an id");
    }
}
