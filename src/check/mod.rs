//! What is wrong with configs that are right by themselves: with the step registry, with who may use which cluster, as a
//! build graph, and with each other.
//!
//! [`Surroundings::check_config`] looks at one config; [`check_branches`] and [`check_promotions`] at all of them
//! together. The reference goes through the same [`Stage`]s and leaves a config at the first that finds something; a
//! [`Finding`] bears its stage, so that [`as_the_reference`] can leave what the reference says and a wider check can keep
//! all. Nothing here knows files: a finding leads to a place by the key path in its own config, and to further ones by
//! what they define ([`Elsewhere`]). Read `finding.rs` first, then the file of the stage you care about; each declares its
//! rules first. [`RULES`] is the table of them all.

mod branches;
mod clusters;
mod finding;
mod graph;
mod images;
mod origin;
mod promotions;
mod resolve;

pub use branches::check_branches;
pub use clusters::{ClaimOwners, Clusters, load_claim_owners};
pub use finding::{Elsewhere, Finding, Stage, Subject, as_the_reference};
pub use promotions::{PromotedTag, check_promotions, promoted_tags};

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};
use crate::model::config::ReleaseBuildConfiguration;
use crate::registry::Registry;

const TABLES: &[&[Rule]] = &[clusters::RULES, branches::RULES, graph::RULES, images::RULES, promotions::RULES];

/// Every rule that is declared here, by file. What comes from resolving tests is the registry's, and what shows in
/// resolved tests has the rules of [`crate::validate`].
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// What is around configs.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The step registry; tests are not resolved without it.
    pub registry: Option<&'a Registry>,
    /// Who may use which clusters.
    pub clusters: &'a Clusters,
}

impl Surroundings<'_> {
    /// Everything that is wrong with a config, itself right, in these surroundings: all stages but those that look at
    /// several configs.
    pub fn check_config(&self, config: &ReleaseBuildConfiguration) -> Vec<Finding> {
        let mut found = Vec::new();
        if let Some(registry) = self.registry {
            resolve::check_tests(config, registry, self.clusters, &mut found);
        }
        let graph = graph::BuildGraph::of(config);
        graph.check(&mut found);
        promotions::check_override(config, &mut found);
        images::check_inputs(config, &graph, &mut found);
        found
    }
}
