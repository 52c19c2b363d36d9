//! Rules for the files of the step registry.

use super::forms::SCRIPT;
use super::rules::Constraint::{Examples, Forbid, Form, OrScalarUnder};
use super::rules::Rules;

/// Adds the rules.
pub fn add(rules: &mut Rules) {
    rules.of("config.RegistryReferenceConfig").require(&["ref"]);
    rules.of("config.RegistryReference").require(&["as", "commands", "resources"]).field("commands", Form(&SCRIPT));
    rules.of("config.RegistryChainConfig").require(&["chain"]);
    rules.of("config.RegistryChain").require(&["as"]).keep(&["steps"]).items("env", OrScalarUnder("default"));
    rules.of("config.RegistryWorkflowConfig").require(&["workflow"]);
    rules
        .of("config.RegistryWorkflow")
        .require(&["as"])
        .field("steps", Forbid(&["workflow"], "A workflow cannot start from another one."));
    rules.of("config.RegistryObserverConfig").require(&["observer"]);
    rules.of("config.RegistryObserver").require(&["name", "commands", "resources"]).field("commands", Form(&SCRIPT));
    rules.of("config.RegistryInfo").require(&["path"]);
    rules.of("config.ClusterProfile").require(&["name"]).field("cluster_type", Examples(&["aws", "gcp", "azure4"]));
}
