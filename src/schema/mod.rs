//! JSON Schemas of the files of a release repository, for editors and other tools.
//!
//! A schema is made of two things: what the types say of themselves (`yaml::describe`, by way of `record!`), and tables
//! of [`mod@rules`] that say what the types cannot. [`SCHEMAS`] lists them; [`Schema::text`] makes one. The texts are
//! checked in under `schemas/`, where a test compares them. Adding a type is a line in [`SCHEMAS`], and rules where there
//! is something to say beyond its fields.
//!
//! Dialect and strictness: docs/decisions/0006-schemas-from-the-model.md. Use in editors: docs/schemas.md.

pub mod build;
mod config;
mod constraint;
mod forms;
mod jobs;
pub mod json;
mod plugins;
mod pods;
mod prow;
mod registry;
pub mod rules;
mod steps;
mod together;
mod words;

use build::Builder;
use json::Object;
use rules::Rules;

use crate::model::config::{
    ClusterProfiles, RegistryChainConfig, RegistryInfo, RegistryObserverConfig, RegistryReferenceConfig,
    RegistryWorkflowConfig, ReleaseBuildConfiguration,
};
use crate::model::job::JobConfig;
use crate::model::plugins::Configuration;
use crate::model::prow::{Config, ProwConfig};
use crate::yaml::describe::{Describe, Lazy, RecordType, Type};

/// The dialect, which every editor's language server knows.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";
/// Where the identifiers of schemas begin. They name schemas; nothing need be served there.
const IDENTIFIERS: &str = "https://cutwater.dev/schemas/";

/// A schema that can be made.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// What it is called on the command line; its file is of this name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What files it is for.
    pub description: &'static str,
    /// The files, as patterns below the release repository.
    pub files: &'static [&'static str],
    root: Lazy,
    /// Adds rules for these files alone.
    own_rules: fn(&mut Rules),
}

/// All schemas.
pub const SCHEMAS: &[Schema] = &[
    Schema {
        name: "ci-operator-config",
        title: "ci-operator configuration",
        description: "What is built, tested and promoted for one branch of a repository: a file \
                      `ci-operator/config/ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml`.",
        files: &["ci-operator/config/*/*/*.yaml"],
        root: ReleaseBuildConfiguration::describe,
        own_rules: steps::add_for_tests,
    },
    Schema {
        name: "registry-ref",
        title: "Step of the step registry",
        description: "An image and commands that run in it, for tests to refer to: a file `*-ref.yaml`.",
        files: &["ci-operator/step-registry/**/*-ref.yaml"],
        root: RegistryReferenceConfig::describe,
        own_rules: steps::add_for_registry,
    },
    Schema {
        name: "registry-chain",
        title: "Chain of the step registry",
        description: "Steps that are used together: a file `*-chain.yaml`.",
        files: &["ci-operator/step-registry/**/*-chain.yaml"],
        root: RegistryChainConfig::describe,
        own_rules: steps::add_for_chains,
    },
    Schema {
        name: "registry-workflow",
        title: "Workflow of the step registry",
        description: "A whole multi-stage test for others to start from: a file `*-workflow.yaml`.",
        files: &["ci-operator/step-registry/**/*-workflow.yaml"],
        root: RegistryWorkflowConfig::describe,
        own_rules: steps::add_for_chains,
    },
    Schema {
        name: "registry-observer",
        title: "Observer of the step registry",
        description: "A program that runs beside the steps of a test: a file `*-observer.yaml`.",
        files: &["ci-operator/step-registry/**/*-observer.yaml"],
        root: RegistryObserverConfig::describe,
        own_rules: no_more,
    },
    Schema {
        name: "registry-metadata",
        title: "Metadata of a file of the step registry",
        description: "Where a definition of the step registry lies and who owns it: a file `*.metadata.json`, made by tools.",
        files: &["ci-operator/step-registry/**/*.metadata.json"],
        root: RegistryInfo::describe,
        own_rules: no_more,
    },
    Schema {
        name: "cluster-profiles",
        title: "Cluster profiles",
        description: "The cloud accounts that tests may use, and who may: the file `cluster-profiles-config.yaml`.",
        files: &["ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml"],
        root: ClusterProfiles::describe,
        own_rules: no_more,
    },
    Schema {
        name: "prow-jobs",
        title: "Prow jobs",
        description: "Presubmits, postsubmits and periodics: a file of Prow's job configuration.",
        files: &["ci-operator/jobs/**/*.yaml"],
        root: JobConfig::describe,
        own_rules: no_more,
    },
    Schema {
        name: "prow-config",
        title: "Prow configuration",
        description: "Settings of Prow's components: the file `_config.yaml`.",
        files: &["core-services/prow/02_config/_config.yaml"],
        root: Config::describe,
        own_rules: prow::add_for_main,
    },
    Schema {
        name: "prow-config-shard",
        title: "Prow configuration of an organisation or repository",
        description: "Branch protection, merge methods and queries of Tide, and Slack reports: a file `_prowconfig.yaml`.",
        files: &["core-services/prow/02_config/**/_prowconfig.yaml"],
        root: ProwConfig::describe,
        own_rules: prow::add_for_shards,
    },
    Schema {
        name: "plugin-config",
        title: "Plugin configuration",
        description: "What Prow does on events from GitHub, and where: the file `_plugins.yaml`.",
        files: &["core-services/prow/02_config/_plugins.yaml"],
        root: Configuration::describe,
        own_rules: no_more,
    },
    Schema {
        name: "plugin-config-shard",
        title: "Plugin configuration of an organisation or repository",
        description: "Plugins and external plugins, and how some of them work there: a file `_pluginconfig.yaml`.",
        files: &["core-services/prow/02_config/**/_pluginconfig.yaml"],
        root: Configuration::describe,
        own_rules: plugins::add_for_shards,
    },
];

impl Schema {
    /// The schema with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SCHEMAS.iter().find(|schema| schema.name == name)
    }

    /// The identifier.
    pub fn identifier(&self) -> String {
        format!("{IDENTIFIERS}{}.json", self.name)
    }

    /// The text of the schema, the same at every call.
    pub fn text(&self) -> String {
        self.build().0
    }

    /// The records that it leads to, embedded ones included.
    pub fn records(&self) -> Vec<&'static RecordType> {
        build::records((self.root)())
    }

    /// The text, and what is wrong with types and rules that went into it: fields without description, rules about
    /// what does not exist.
    pub fn build(&self) -> (String, Vec<String>) {
        let mut rules = rules();
        (self.own_rules)(&mut rules);
        let head = Object::of("$schema", DIALECT)
            .with("$id", self.identifier())
            .with("title", self.title)
            .with("description", self.description);
        match (self.root)() {
            Type::Record(root) => {
                let (schema, defects) = Builder::new(&rules).schema(root, head);
                (json::text(&schema), defects)
            }
            _ => (json::text(&head.into()), vec![format!("the root of {} is no record", self.name)]),
        }
    }
}

fn no_more(_: &mut Rules) {}

/// All rules, of every area.
pub fn rules() -> Rules {
    let mut rules = Rules::default();
    config::add(&mut rules);
    steps::add(&mut rules);
    registry::add(&mut rules);
    jobs::add(&mut rules);
    pods::add(&mut rules);
    prow::add(&mut rules);
    plugins::add(&mut rules);
    rules
}
