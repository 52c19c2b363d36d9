//! The step registry: steps, chains, workflows and observers, each in a file of its own, and the summary of their owners.

use super::step::{LiteralTestStep, MultiStageTestConfiguration, Observer, StepLease, StepParameter, TestStep};
use crate::record;

record! {
    /// A file `*-ref.yaml`.
    pub struct RegistryReferenceConfig {
        /// The step.
        pub reference: RegistryReference => "ref" keep,
    }

    /// A step of the registry.
    pub struct RegistryReference {
        /// The step.
        pub literal_test_step: LiteralTestStep => embed,
        /// What the step does and needs, for those who use it, in Markdown.
        pub documentation: String => "documentation" omit,
    }

    /// A file `*-chain.yaml`.
    pub struct RegistryChainConfig {
        /// The chain.
        pub chain: RegistryChain => "chain" keep,
    }

    /// Steps that are used together.
    pub struct RegistryChain {
        /// The chain's name.
        pub name: String => "as" omit,
        /// Its steps, which may be chains again.
        pub steps: Option<Vec<TestStep>> => "steps" keep,
        /// What the chain does and needs, for those who use it, in Markdown.
        pub documentation: String => "documentation" omit,
        /// Parameters of the chain's steps with the values that hold in this chain.
        pub env: Vec<StepParameter> => "env" omit,
        /// What is acquired for the chain, such as quota in a cloud account.
        pub leases: Vec<StepLease> => "leases" omit,
    }

    /// A file `*-workflow.yaml`.
    pub struct RegistryWorkflowConfig {
        /// The workflow.
        pub workflow: RegistryWorkflow => "workflow" keep,
    }

    /// A whole test for others to use and adjust.
    pub struct RegistryWorkflow {
        /// The workflow's name.
        pub name: String => "as" omit,
        /// Its steps and settings.
        pub steps: MultiStageTestConfiguration => "steps" keep,
        /// What the workflow does and needs, for those who use it, in Markdown.
        pub documentation: String => "documentation" omit,
    }

    /// A file `*-observer.yaml`.
    pub struct RegistryObserverConfig {
        /// The observer.
        pub observer: RegistryObserver => "observer" keep,
    }

    /// An observer of the registry.
    pub struct RegistryObserver {
        /// The observer.
        pub observer: Observer => embed,
        /// What the observer does and needs, for those who use it, in Markdown.
        pub documentation: String => "documentation" omit,
    }

    /// What the registry's summary says of one file.
    pub struct RegistryInfo {
        /// The file, relative to the registry.
        pub path: String => "path" omit,
        /// Who owns it.
        pub owners: OwnersConfig => "owners" keep,
    }

    /// The owners of a directory, as its OWNERS file says.
    pub struct OwnersConfig {
        /// Who may approve changes.
        pub approvers: Vec<String> => "approvers" omit,
        /// Who may review changes.
        pub reviewers: Vec<String> => "reviewers" omit,
        /// Who must review changes.
        pub required_reviewers: Vec<String> => "required_reviewers" omit,
        /// Labels that changes get.
        pub labels: Vec<String> => "labels" omit,
    }
}
