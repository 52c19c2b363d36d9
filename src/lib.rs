//! Prow jobs of a release repository: generated from ci-operator configs, merged into the job files that are there, and
//! kept in canonical form, byte for byte as the reference (openshift/ci-tools) does it, in a fraction of its time.
//!
//! # Layers
//!
//! Arrows point one way: a module uses only what stands above it here. `tests/layers.rs` holds them.
//!
//! | module | what lives there |
//! |---|---|
//! | [`diagnostic`] | findings about the user's files, as values |
//! | [`pattern`] | Go's regular expressions |
//! | [`yaml`] | text to tree to typed values and back, by the reference's rules |
//! | [`model`] | the types: ci-operator configs, step registry, Prow jobs, pod specs |
//! | [`validate`] | what makes a config wrong |
//! | [`registry`] | the step registry: load, check, resolve tests to steps |
//! | [`check`] | what makes configs wrong with the registry, as a build graph, and together |
//! | [`lint`] | what the reference takes and nobody means |
//! | [`generate`], [`dispatch`], [`sanitize`] | configs to jobs; jobs to build clusters; job files to canonical form |
//! | [`schema`] | JSON Schemas, made from the model |
//! | [`shard`] | Prow and plugin configuration: merged, checked, filled in, split by organisation and repository |
//! | [`prowcheck`] | what Prow says of job files and of its configuration: refusals and warnings |
//! | [`updater`] | which file goes into which key of which ConfigMap, and what is wrong with it |
//! | [`upload`] | files to ConfigMaps: what should be there, what is, and the plan between them |
//! | [`canonical`] | configs in canonical form, and what canonical form does not keep |
//! | [`drift`] | job files that are not what their configs give, job by job |
//! | [`compare`] | two states of a release repository, compared in jobs |
//! | [`merge`] | two changes of one job file put together, job by job: git's merge driver |
//! | [`fix`] | the one safe answer to a finding, and carrying answers out in a text |
//! | [`settings`] | `cutwater.toml`: which rules a repository holds how bad |
//! | [`setup`] | what puts Cutwater to use in a release repository: pieces, and how they get along with what is there |
//! | [`files`] | every touch of the file system: walk, read, replace, lock |
//! | [`catalogue`] | all rules by id: what each finds, why, what to do, with examples |
//! | [`run`] | the pipelines, from a tree on disk to files written |
//! | [`cluster`] | API servers: the clusters of kubeconfigs, and single requests to them; with the feature `upload` |
//! | [`cli`] | flags, scope, output, exit status |
//!
//! Programs are in `src/bin`, a few lines each over [`cli::run`]. Only [`files`] opens paths (`cluster` those of kubeconfigs
//! and tokens), and only `cli::host` asks for arguments, environment and clock; everything else takes values and gives
//! values.
//!
//! # Files read and written
//!
//! | below the release repository | read as | written |
//! |---|---|---|
//! | `ci-operator/config/ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml` | configs | when their bytes change, by `fmt`, `update` and determinize-ci-operator |
//! | `ci-operator/config/ORG/REPO/OWNERS` | owners | never |
//! | `ci-operator/step-registry/**` | steps, chains, workflows, observers, cluster profiles | never, but for cluster profiles: when their bytes change, by `fmt` and `update` |
//! | `ci-operator/step-registry/**/*.metadata.json` | | when their bytes change, by `fmt` and `update` |
//! | `core-services/sanitize-prow-jobs/_config.yaml`, `_clusters.yaml` | which build cluster runs what | never |
//! | `ci-operator/jobs/ORG/REPO/ORG-REPO-BRANCH-TYPE.yaml` | job files | when their bytes change |
//! | `core-services/prow/02_config/_config.yaml`, `_plugins.yaml` | Prow and plugin configuration | when their bytes change, by `fmt`, `update` and determinize-prow-config |
//! | `core-services/prow/02_config/**/_prowconfig.yaml`, `_pluginconfig.yaml` | their parts by org and repo | likewise |
//! | `ci-operator/jobs/ORG/REPO/OWNERS` | owners | when their bytes change |

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read their cases"))]

pub mod canonical;
pub mod catalogue;
pub mod check;
pub mod cli;
#[cfg(feature = "upload")]
pub mod cluster;
pub mod compare;
pub mod diagnostic;
pub mod dispatch;
pub mod drift;
pub mod files;
pub mod fix;
pub mod generate;
pub mod lint;
pub mod merge;
pub mod model;
pub mod pattern;
pub mod prowcheck;
pub mod registry;
pub mod run;
pub mod sanitize;
pub mod schema;
pub mod settings;
pub mod setup;
pub mod shard;
pub mod updater;
pub mod upload;
pub mod validate;
pub mod yaml;
