//! Steps of the build graph that a configuration may spell out under `raw_steps`. [`StepConfiguration`] is one of them.

use super::image::{
    ExternalImage, ImageStreamTagReference, ProjectDirectoryImageBuildInputs,
    ProjectDirectoryImageBuildStepConfiguration,
};
use super::operator::PullSpecSubstitution;
use super::release::{ReleaseConfiguration, ReleaseTagConfiguration};
use super::test::TestStepConfiguration;
use crate::record;

record! {
    /// One step of the build graph: exactly one of the fields.
    pub struct StepConfiguration {
        /// Imports an image.
        pub input_image_tag_step: Option<InputImageTagStepConfiguration> => "input_image_tag_step" omit,
        /// Runs commands and keeps the result as an image.
        pub pipeline_image_cache_step: Option<PipelineImageCacheStepConfiguration> => "pipeline_image_cache_step" omit,
        /// Clones the source into an image.
        pub source_step: Option<SourceStepConfiguration> => "source_step" omit,
        /// Prepares the source for building operator bundles.
        pub bundle_source_step: Option<BundleSourceStepConfiguration> => "bundle_source_step" omit,
        /// Generates the database of an operator index.
        pub index_generator_step: Option<IndexGeneratorStepConfiguration> => "index_generator_step" omit,
        /// Builds an image from the repository.
        pub project_directory_image_build_step: Option<ProjectDirectoryImageBuildStepConfiguration> => "project_directory_image_build_step" omit,
        /// Adds the repository of built RPMs to an image.
        pub rpm_image_injection_step: Option<RPMImageInjectionStepConfiguration> => "rpm_image_injection_step" omit,
        /// Serves built RPMs.
        pub rpm_serve_step: Option<RPMServeStepConfiguration> => "rpm_serve_step" omit,
        /// Tags a built image into another stream.
        pub output_image_tag_step: Option<OutputImageTagStepConfiguration> => "output_image_tag_step" omit,
        /// Imports the images of a release.
        pub release_images_tag_step: Option<ReleaseTagConfiguration> => "release_images_tag_step" omit,
        /// Imports a release payload.
        pub resolved_release_images_step: Option<ReleaseConfiguration> => "resolved_release_images_step" omit,
        /// Runs a test.
        pub test_step: Option<TestStepConfiguration> => "test_step" omit,
        /// Builds a root image from the repository.
        pub project_directory_image_build_inputs: Option<ProjectDirectoryImageBuildInputs> => "project_directory_image_build_inputs" omit,
    }

    /// Imports an image into the pipeline.
    pub struct InputImageTagStepConfiguration {
        /// The image.
        pub input_image: InputImage => embed,
    }

    /// An image to import.
    pub struct InputImage {
        /// The image in an image stream.
        pub base_image: ImageStreamTagReference => "base_image" keep,
        /// The image in another registry.
        pub external_image: Option<ExternalImage> => "external_image" omit,
        /// The name it gets in the pipeline.
        pub to: String => "to" omit,
        /// The repository that needs it, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
    }

    /// Runs commands in one image and keeps the result as another.
    pub struct PipelineImageCacheStepConfiguration {
        /// The image to start from.
        pub from: String => "from" keep,
        /// The image that results.
        pub to: String => "to" keep,
        /// The shell commands.
        pub commands: String => "commands" keep,
        /// The repository they belong to, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
    }

    /// Clones the source into an image.
    pub struct SourceStepConfiguration {
        /// The image to start from.
        pub from: String => "from" keep,
        /// The image that results; `src` when not given.
        pub to: String => "to" omit,
        /// The image that holds the cloning tool.
        pub pull_spec: String => "pull_spec" omit,
        /// Where that image has the tool.
        pub clonerefs_path: String => "clonerefs_path" keep,
        /// The repository, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
    }

    /// Prepares the source for building operator bundles.
    pub struct BundleSourceStepConfiguration {
        /// Image addresses in the manifests that are replaced by images of this run.
        pub substitutions: Vec<PullSpecSubstitution> => "substitutions" omit,
    }

    /// Generates the database and Dockerfile of an operator index.
    pub struct IndexGeneratorStepConfiguration {
        /// The image that results.
        pub to: String => "to" omit,
        /// The bundles that the index lists.
        pub operator_index: Vec<String> => "operator_index" omit,
        /// The index that is extended.
        pub base_index: String => "base_index" omit,
        /// How the bundles enter the upgrade graph.
        pub update_graph: String => "update_graph" omit,
    }

    /// Adds the repository of built RPMs to an image.
    pub struct RPMImageInjectionStepConfiguration {
        /// The image to start from.
        pub from: String => "from" keep,
        /// The image that results.
        pub to: String => "to" omit,
    }

    /// Serves built RPMs.
    pub struct RPMServeStepConfiguration {
        /// The image that holds them.
        pub from: String => "from" keep,
        /// The repository they belong to, as `org.repo`, where several are tested together.
        pub reference: String => "ref" omit,
    }

    /// Tags a built image into another stream.
    pub struct OutputImageTagStepConfiguration {
        /// The image in the pipeline.
        pub from: String => "from" keep,
        /// The tag it gets.
        pub to: ImageStreamTagReference => "to" keep,
        /// Done only when something asks for it by name.
        pub optional: bool => "optional" keep,
    }
}
