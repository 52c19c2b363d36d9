//! The types of a release repository's files, and the words for them.
//!
//! Every type here is plain data that reads and writes itself (see `yaml::record`); none knows where in a file it
//! stood. Field names are the keys in the files, except `name` for a key `as`, `kind` for `type` and `reference`
//! for `ref`; where a type has both `as` and `name`, the former is `alias`. Text is `String` and never absent; a key
//! whose absence means something is an `Option`.
//!
//! # Glossary
//!
//! | word | meaning | where |
//! |---|---|---|
//! | configuration | a file `ci-operator/config/ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml`: what is built and tested | [`config::ReleaseBuildConfiguration`] |
//! | metadata | org, repo, branch and variant that a configuration is for | [`config::Metadata`] |
//! | variant | tells apart several configurations of one branch | [`config::Metadata`] |
//! | test | an entry of `tests`; becomes one job or several | [`config::TestStepConfiguration`] |
//! | multi-stage test | a test made of steps | [`config::MultiStageTestConfiguration`] |
//! | literal | spelt out, with every reference to the registry resolved | [`config::MultiStageTestConfigurationLiteral`] |
//! | step registry | steps, chains, workflows and observers for all to use | [`config::RegistryReferenceConfig`] and its siblings |
//! | step (ref) | an image and commands that run in it | [`config::LiteralTestStep`] |
//! | chain | steps that are used together | [`config::RegistryChain`] |
//! | workflow | a whole multi-stage test to start from | [`config::RegistryWorkflow`] |
//! | observer | a program that runs beside a test's steps | [`config::Observer`] |
//! | lease | something acquired for a test, such as quota in a cloud account | [`config::StepLease`] |
//! | cluster profile | a cloud account and its settings, and who may use it | [`config::ClusterProfile`] |
//! | cluster claim | a ready cluster taken from a pool for a test | [`config::ClusterClaim`] |
//! | release | a payload or image stream of the product that a test uses | [`config::UnresolvedRelease`] |
//! | promotion | publishing built images after a merge | [`config::PromotionConfiguration`] |
//! | bundle, index | an operator's manifests as an image, and the image that lists bundles | [`config::Bundle`] |
//! | job file | a file `ci-operator/jobs/ORG/REPO/ORG-REPO-BRANCH-{presubmits,postsubmits,periodics}.yaml` | [`job::JobConfig`] |
//! | presubmit | a job that runs on pull requests | [`job::Presubmit`] |
//! | postsubmit | a job that runs after merges | [`job::Postsubmit`] |
//! | periodic | a job that runs by the clock | [`job::Periodic`] |
//! | decoration | what Prow adds to a job's pod: cloning, upload of logs | [`decoration::DecorationConfig`] |
//! | refs | a repository at a commit, with the pull requests to merge into it | [`decoration::Refs`] |
//! | Prow configuration | the settings of Prow's components | [`prow::Config`] |
//! | query | what a pull request needs so that Tide merges it | [`prow::tide::TideQuery`] |
//! | plugin configuration | what Prow does on events from GitHub, and where | [`plugins::Configuration`] |
//! | shard, supplemental file | the part of either that is for one organisation or repository | `crate::shard` |
//! | build cluster | where a job's pod runs | [`job::JobBase`] |

pub mod config;
pub mod decoration;
pub mod dispatch;
pub mod identity;
pub mod job;
pub mod labels;
pub mod meta;
pub mod plugins;
pub mod pod;
pub mod prow;
pub mod scalar;
pub mod tekton;

#[cfg(test)]
mod tests;
