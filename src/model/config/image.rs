//! Images: how they are named, imported and built.
//! [`ImageConfiguration`] is the `images` section; [`ImageStreamTagReference`] names an image wherever one is needed.

use std::collections::BTreeMap;

use super::test::SlackReporterConfig;
use crate::record;
use crate::yaml::given::Given;

record! {
    /// An image in an image stream on the central cluster.
    pub struct ImageStreamTagReference {
        /// The namespace of the stream.
        pub namespace: String => "namespace" keep,
        /// The name of the stream.
        pub name: String => "name" keep,
        /// The tag within the stream.
        pub tag: String => "tag" keep,
        /// The name under which the image is imported.
        pub alias: String => "as" omit,
    }

    /// Where the build root image comes from: one of the first three.
    pub struct BuildRootImageConfiguration {
        /// The build root is this image, which is imported.
        pub image_stream_tag: Option<ImageStreamTagReference> => "image_stream_tag" omit,
        /// The build root is built from a Dockerfile in the repository.
        pub project_image: Option<ProjectDirectoryImageBuildInputs> => "project_image" omit,
        /// The build root is what the file `.ci-operator.yaml` in the repository names.
        pub from_repository: bool => "from_repository" omit,
        /// Start from the published `bin` image of an earlier build, if its root is still the same.
        pub use_build_cache: bool => "use_build_cache" omit,
    }

    /// An image of another registry.
    pub struct ExternalImage {
        /// The registry's host name.
        pub registry: String => "registry" keep,
        /// The image within the registry.
        pub image_stream_tag_reference: ImageStreamTagReference => embed,
        /// The secret with credentials for the registry.
        pub pull_secret: String => "pull_secret" omit,
        /// The whole address of the image, which then wins over the rest; set by tools.
        pub pull_spec: String => "pull_spec" omit,
    }

    /// The images that are built, and when the job that builds them runs.
    pub struct ImageConfiguration {
        /// The job runs only for changes to files that match this regular expression.
        pub run_if_changed: String => "run_if_changed" omit,
        /// The job does not run for changes to only such files.
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
        /// As `run_if_changed`, but decided in the second stage of a pipeline run.
        pub pipeline_run_if_changed: String => "pipeline_run_if_changed" omit,
        /// As `skip_if_only_changed`, but decided in the second stage of a pipeline run.
        pub pipeline_skip_if_only_changed: String => "pipeline_skip_if_only_changed" omit,
        /// Only images whose program is affected by a change are built.
        pub build_if_affected: bool => "build_if_affected" omit,
        /// Slack messages about the jobs that build images.
        pub reporter_config: Option<SlackReporterConfig> => "reporter_config" omit,
        /// The images that are built from the repository.
        pub items: Given<Vec<ProjectDirectoryImageBuildStepConfiguration>> => "items" omit,
    }

    /// One image that is built from the repository.
    pub struct ProjectDirectoryImageBuildStepConfiguration {
        /// The image to build on: it takes the place of the last `FROM` of the Dockerfile.
        pub from: String => "from" omit,
        /// The name of the image that is built, for tests, other images and promotion to use.
        pub to: String => "to" keep,
        // Before the inputs, which have a `ref` too, because this one is meant.
        /// The repository it is built from, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
        /// The build's context and inputs.
        pub project_directory_image_build_inputs: ProjectDirectoryImageBuildInputs => embed,
        /// Built only when something asks for it by name.
        pub optional: bool => "optional" omit,
        /// Built for all architectures; superseded by `capabilities`.
        pub multi_arch: bool => "multi_arch" omit,
        /// Further architectures to build for; superseded by `capabilities`.
        pub additional_architectures: Vec<String> => "additional_architectures" omit,
        /// What the cluster that builds it must be able to do, architectures among it.
        pub capabilities: Vec<String> => "capabilities" omit,
    }

    /// What an image build is given.
    pub struct ProjectDirectoryImageBuildInputs {
        /// The directory of the build, relative to the repository.
        pub context_dir: String => "context_dir" omit,
        /// The Dockerfile, relative to `context_dir`.
        pub dockerfile_path: String => "dockerfile_path" omit,
        /// The Dockerfile's text, in place of a file.
        pub dockerfile_literal: Option<String> => "dockerfile_literal" omit,
        /// Images that the build takes files from or names in its Dockerfile, by their name in this configuration.
        pub inputs: BTreeMap<String, ImageBuildInputs> => "inputs" omit,
        /// Values for the Dockerfile's `ARG` instructions.
        pub build_args: Vec<BuildArg> => "build_args" omit,
        /// The repository it is built from, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
    }

    /// How an image build uses another image.
    pub struct ImageBuildInputs {
        /// Files that are copied out of the image into the build's directory.
        pub paths: Vec<ImageSourcePath> => "paths" omit,
        /// Names in the Dockerfile that stand for the image.
        pub name: Vec<String> => "as" omit,
    }

    /// Something to copy out of an image.
    pub struct ImageSourcePath {
        /// The file or directory in the image.
        pub source_path: String => "source_path" keep,
        /// The directory it goes to, relative to the build's directory.
        pub destination_dir: String => "destination_dir" keep,
    }

    /// A value for an `ARG` instruction.
    pub struct BuildArg {
        /// The argument.
        pub name: String => "name" omit,
        /// Its value.
        pub value: String => "value" omit,
    }
}
