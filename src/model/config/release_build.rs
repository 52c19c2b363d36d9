//! What one file under `ci-operator/config` says: [`ReleaseBuildConfiguration`] is its root.
//!
//! The file's name gives org, repo, branch and variant; the content says what goes into the builds
//! ([`InputConfiguration`]), what is built, what is tested and where the images go afterwards. A `_list` field holds
//! one value per repository where several are tested together; such fields are filled by tools, not by hand.

use std::collections::BTreeMap;

use super::image::{BuildRootImageConfiguration, ExternalImage, ImageConfiguration, ImageStreamTagReference};
use super::metadata::{Metadata, ProwgenOverrides};
use super::operator::OperatorStepConfiguration;
use super::promotion::PromotionConfiguration;
use super::raw_step::StepConfiguration;
use super::release::{ReleaseTagConfiguration, UnresolvedRelease};
use super::test::TestStepConfiguration;
use crate::record;
use crate::yaml::given::Given;

record! {
    /// The whole configuration of one branch of a repository.
    pub struct ReleaseBuildConfiguration {
        /// Which repository, branch and variant this is for; tools set it from the file's path.
        pub zz_generated_metadata: Metadata => "zz_generated_metadata" keep,
        /// Switches for the generation of this file's jobs: rehearsals, privacy, how secrets are mounted.
        pub prowgen: Option<ProwgenOverrides> => "prowgen" omit,
        /// The images and releases that builds and tests start from.
        pub input_configuration: InputConfiguration => embed,
        /// Shell commands that compile the source; their result becomes the image `bin`.
        pub binary_build_commands: String => "binary_build_commands" omit,
        /// The commands for `bin` of each repository that is tested together.
        pub binary_build_commands_list: Vec<RefCommands> => "binary_build_commands_list" omit,
        /// Shell commands that compile test programs; their result becomes the image `test-bin`.
        pub test_binary_build_commands: String => "test_binary_build_commands" omit,
        /// The commands for `test-bin` of each repository that is tested together.
        pub test_binary_build_commands_list: Vec<RefCommands> => "test_binary_build_commands_list" omit,
        /// Shell commands that build RPMs, which are then served to other images.
        pub rpm_build_commands: String => "rpm_build_commands" omit,
        /// The RPM commands of each repository that is tested together.
        pub rpm_build_commands_list: Vec<RefCommands> => "rpm_build_commands_list" omit,
        /// Where the RPM commands leave their packages, relative to the repository.
        pub rpm_build_location: String => "rpm_build_location" omit,
        /// The RPM location of each repository that is tested together.
        pub rpm_build_location_list: Vec<RefLocation> => "rpm_build_location_list" omit,
        /// The Go import path under which the source is checked out.
        pub canonical_go_repository: Option<String> => "canonical_go_repository" omit,
        /// The Go import path of each repository that is tested together.
        pub canonical_go_repository_list: Vec<RefRepository> => "canonical_go_repository_list" omit,
        /// The images that are built from the source, and when.
        pub images: ImageConfiguration => "images" omitzero,
        /// Operator bundles that are built from the source.
        pub operator: Option<OperatorStepConfiguration> => "operator" omit,
        /// The tests. Each becomes a presubmit, a postsubmit or a periodic, or several of them.
        pub tests: Vec<TestStepConfiguration> => "tests" omit,
        /// Steps of the build graph that are spelt out, for what no other field can say.
        pub raw_steps: Vec<StepConfiguration> => "raw_steps" omit,
        /// Where built images are published after a merge.
        pub promotion: Option<PromotionConfiguration> => "promotion" omit,
        /// CPU and memory of builds and container tests, by the name of the image or test; `*` holds for all others.
        pub resources: BTreeMap<String, ResourceRequirements> => "resources" omit,
    }

    /// What builds and tests start from.
    pub struct InputConfiguration {
        /// Images that are imported before anything is built, by the name that builds and tests use for them.
        pub base_images: BTreeMap<String, ImageStreamTagReference> => "base_images" omit,
        /// Imported images that get the repository of built RPMs injected.
        pub base_rpm_images: Given<BTreeMap<String, ImageStreamTagReference>> => "base_rpm_images" omit,
        /// The image in which the source is compiled.
        pub build_root: Option<BuildRootImageConfiguration> => "build_root" omit,
        /// The build root of each repository that is tested together.
        pub build_roots: BTreeMap<String, BuildRootImageConfiguration> => "build_roots" omit,
        /// Images that are imported from other registries.
        pub external_images: BTreeMap<String, ExternalImage> => "external_images" omit,
        /// The image stream from which the `latest` release is put together; the older way to say it, `releases` is the
        /// newer.
        pub tag_specification: Option<ReleaseTagConfiguration> => "tag_specification" omit,
        /// Release payloads by name. The images of `latest` and `initial` are in the streams `stable` and `stable-
        /// initial`, their payloads are `release:latest` and `release:initial`. Even an empty map makes jobs ready to
        /// import one.
        pub releases: Given<BTreeMap<String, UnresolvedRelease>> => "releases" omit,
    }

    /// Commands of one of several repositories that are tested together.
    pub struct RefCommands {
        /// The repository, as `org.repo`.
        pub reference: String => "ref" keep,
        /// The shell commands.
        pub commands: String => "commands" keep,
    }

    /// A directory in one of several repositories that are tested together.
    pub struct RefLocation {
        /// The repository, as `org.repo`.
        pub reference: String => "ref" keep,
        /// The directory.
        pub location: String => "location" keep,
    }

    /// The Go import path of one of several repositories that are tested together.
    pub struct RefRepository {
        /// The repository, as `org.repo`.
        pub reference: String => "ref" keep,
        /// The import path.
        pub repository: String => "repository" keep,
    }

    /// CPU, memory and so on of a build or test, as texts that are checked later.
    pub struct ResourceRequirements {
        /// What is set aside, by resource name.
        pub requests: BTreeMap<String, String> => "requests" omit,
        /// What may not be exceeded, by resource name.
        pub limits: BTreeMap<String, String> => "limits" omit,
    }
}
