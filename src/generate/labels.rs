//! The labels and other fixed names in generated jobs, as everything around Prow knows them. Those that other layers
//! know as well are in [`crate::model::labels`].

/// Which program owns a job; see [`GENERATOR`].
pub const GENERATOR_LABEL: &str = "ci.openshift.io/generator";
/// Our value of [`GENERATOR_LABEL`]. It is also a label of its own, see [`NEWLY_GENERATED`].
pub const GENERATOR: &str = "prowgen";
/// The value of the label [`GENERATOR`] on a job that must not be pruned. It never stays in a file.
pub const NEWLY_GENERATED: &str = "newly-generated";
/// Marks jobs that may be rehearsed.
pub const CAN_BE_REHEARSED_LABEL: &str = "pj-rehearse.openshift.io/can-be-rehearsed";
/// The config's variant.
pub const VARIANT_LABEL: &str = "ci-operator.openshift.io/variant";
/// Marks periodics that the release controller starts.
pub const RELEASE_CONTROLLER_LABEL: &str = "ci-operator.openshift.io/release-controller";
/// The OpenShift version stream that a job is a signal for.
pub const JOB_RELEASE_LABEL: &str = "job-release";
/// Marks promotion jobs; only its presence counts.
pub const PROMOTION_LABEL: &str = "ci-operator.openshift.io/is-promotion";

/// The file in a repository that says which build root it wants.
pub const IN_REPO_CONFIG_FILE: &str = ".ci-operator.yaml";
/// The secret that lets private repositories be cloned.
pub const PRIVATE_CLONER_SECRET: &str = "github-credentials-openshift-ci-robot-private-git-cloner";
/// The key within [`PRIVATE_CLONER_SECRET`].
pub const PRIVATE_CLONER_KEY: &str = "oauth";

/// The target that builds all images.
pub const IMAGES_TARGET: &str = "[images]";
/// The target that imports the latest release payload.
pub const LATEST_RELEASE_TARGET: &str = "[release:latest]";
/// The name of the index image of unnamed bundles; those of named ones begin with it and a dash.
pub const INDEX_IMAGE: &str = "ci-index";
