//! Operator bundles and the index images that list them.

use crate::record;

record! {
    /// The operator bundles of a repository.
    pub struct OperatorStepConfiguration {
        /// The bundles.
        pub bundles: Vec<Bundle> => "bundles" omit,
        /// Image addresses in the manifests that are replaced by images of this run.
        pub substitutions: Vec<PullSpecSubstitution> => "substitutions" omit,
    }

    /// One operator bundle.
    pub struct Bundle {
        /// The bundle's name; without one it and its index get numbered names.
        pub name: String => "as" omit,
        /// The bundle's Dockerfile, relative to `context_dir`.
        pub dockerfile_path: String => "dockerfile_path" omit,
        /// The directory of the build, relative to the repository.
        pub context_dir: String => "context_dir" omit,
        /// The index image that the bundle is added to.
        pub base_index: String => "base_index" omit,
        /// How the bundle enters the index's upgrade graph: `semver`, `semver-skippatch` or `replaces`.
        pub update_graph: String => "update_graph" omit,
        /// No index image is built for the bundle.
        pub skip_building_index: bool => "skip_building_index" omit,
        /// The bundle's presubmit is not needed for a merge.
        pub optional: bool => "optional" omit,
        /// What the cluster that builds it must be able to do.
        pub capabilities: Vec<String> => "capabilities" omit,
        /// The bundle's presubmit runs only for changes to files that match this regular expression.
        pub run_if_changed: String => "run_if_changed" omit,
        /// The bundle's presubmit does not run for changes to only such files.
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
    }

    /// A replacement of one image address in the operator's manifests.
    pub struct PullSpecSubstitution {
        /// The address to look for.
        pub pullspec: String => "pullspec" omit,
        /// The image of this run that replaces it.
        pub with: String => "with" omit,
    }
}
