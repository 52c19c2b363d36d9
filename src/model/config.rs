//! Types of this part of the model.
use std::collections::BTreeMap;

use crate::record;
use super::job::Retry;
use super::scalar::{Duration};

record! {
    pub struct ReleaseBuildConfiguration {
        pub zz_generated_metadata: Metadata => "zz_generated_metadata" keep,
        pub prowgen: Option<ProwgenOverrides> => "prowgen" omit,
        pub input_configuration: InputConfiguration => embed,
        pub binary_build_commands: String => "binary_build_commands" omit,
        pub binary_build_commands_list: Vec<RefCommands> => "binary_build_commands_list" omit,
        pub test_binary_build_commands: String => "test_binary_build_commands" omit,
        pub test_binary_build_commands_list: Vec<RefCommands> => "test_binary_build_commands_list" omit,
        pub rpm_build_commands: String => "rpm_build_commands" omit,
        pub rpm_build_commands_list: Vec<RefCommands> => "rpm_build_commands_list" omit,
        pub rpm_build_location: String => "rpm_build_location" omit,
        pub rpm_build_location_list: Vec<RefLocation> => "rpm_build_location_list" omit,
        pub canonical_go_repository: Option<String> => "canonical_go_repository" omit,
        pub canonical_go_repository_list: Vec<RefRepository> => "canonical_go_repository_list" omit,
        pub images: ImageConfiguration => "images" omitzero,
        pub operator: Option<OperatorStepConfiguration> => "operator" omit,
        pub tests: Vec<TestStepConfiguration> => "tests" omit,
        pub raw_steps: Vec<StepConfiguration> => "raw_steps" omit,
        pub promotion: Option<PromotionConfiguration> => "promotion" omit,
        pub resources: BTreeMap<String, ResourceRequirements> => "resources" omit,
    }

    pub struct RegistryReferenceConfig {
        pub reference: RegistryReference => "ref" keep,
    }

    pub struct RegistryChainConfig {
        pub chain: RegistryChain => "chain" keep,
    }

    pub struct RegistryWorkflowConfig {
        pub workflow: RegistryWorkflow => "workflow" keep,
    }

    pub struct RegistryObserverConfig {
        pub observer: RegistryObserver => "observer" keep,
    }

    pub struct ClusterProfiles {
        pub cluster_profiles: Vec<ClusterProfile> => "cluster_profiles" omit,
        pub konflux: Option<ClusterProfileKonfluxConfig> => "konflux" omit,
        pub cluster_profile_sets_config: Option<ClusterProfileSetsConfig> => "cluster_profile_sets_config" omit,
    }

    pub struct Metadata {
        pub org: String => "org" keep,
        pub repo: String => "repo" keep,
        pub branch: String => "branch" keep,
        pub variant: String => "variant" omit,
    }

    pub struct ProwgenOverrides {
        pub disable_rehearsals: bool => "disable_rehearsals" omit,
        pub skip_operator_presubmits: bool => "skip_operator_presubmits" omit,
        pub enable_secrets_store_csi_driver: bool => "enable_secrets_store_csi_driver" omit,
        pub private: bool => "private" omit,
        pub expose: bool => "expose" omit,
        pub disable_sparse_checkout: bool => "disable_sparse_checkout" omit,
    }

    pub struct InputConfiguration {
        pub base_images: BTreeMap<String, ImageStreamTagReference> => "base_images" omit,
        pub base_rpm_images: BTreeMap<String, ImageStreamTagReference> => "base_rpm_images" omit,
        pub build_root: Option<BuildRootImageConfiguration> => "build_root" omit,
        pub build_roots: BTreeMap<String, BuildRootImageConfiguration> => "build_roots" omit,
        pub external_images: BTreeMap<String, ExternalImage> => "external_images" omit,
        pub tag_specification: Option<ReleaseTagConfiguration> => "tag_specification" omit,
        pub releases: BTreeMap<String, UnresolvedRelease> => "releases" omit,
    }

    pub struct RefCommands {
        pub reference: String => "ref" keep,
        pub commands: String => "commands" keep,
    }

    pub struct RefLocation {
        pub reference: String => "ref" keep,
        pub location: String => "location" keep,
    }

    pub struct RefRepository {
        pub reference: String => "ref" keep,
        pub repository: String => "repository" keep,
    }

    pub struct ImageConfiguration {
        pub run_if_changed: String => "run_if_changed" omit,
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
        pub pipeline_run_if_changed: String => "pipeline_run_if_changed" omit,
        pub pipeline_skip_if_only_changed: String => "pipeline_skip_if_only_changed" omit,
        pub build_if_affected: bool => "build_if_affected" omit,
        pub reporter_config: Option<SlackReporterConfig> => "reporter_config" omit,
        pub items: Vec<ProjectDirectoryImageBuildStepConfiguration> => "items" omit,
    }

    pub struct OperatorStepConfiguration {
        pub bundles: Vec<Bundle> => "bundles" omit,
        pub substitutions: Vec<PullSpecSubstitution> => "substitutions" omit,
    }

    pub struct TestStepConfiguration {
        pub name: String => "as" keep,
        pub capabilities: Vec<String> => "capabilities" omit,
        pub nested_podman: bool => "nested_podman" omit,
        pub commands: String => "commands" omit,
        pub cluster: String => "cluster" omit,
        pub secret: Option<Secret> => "secret" omit,
        pub secrets: Vec<Option<Secret>> => "secrets" omit,
        pub cron: Option<String> => "cron" omit,
        pub presubmit: bool => "presubmit" omit,
        pub interval: Option<String> => "interval" omit,
        pub minimum_interval: Option<String> => "minimum_interval" omit,
        pub release_controller: bool => "release_controller" omit,
        pub postsubmit: bool => "postsubmit" omit,
        pub cluster_claim: Option<ClusterClaim> => "cluster_claim" omit,
        pub always_run: Option<bool> => "always_run" omit,
        pub retry: Option<Retry> => "retry" omit,
        pub run_if_changed: String => "run_if_changed" omit,
        pub pipeline_run_if_changed: String => "pipeline_run_if_changed" omit,
        pub optional: bool => "optional" omit,
        pub portable: bool => "portable" omit,
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
        pub skip_branches: Vec<String> => "skip_branches" omit,
        pub pipeline_skip_if_only_changed: String => "pipeline_skip_if_only_changed" omit,
        pub timeout: Option<Duration> => "timeout" omit,
        pub node_architecture: String => "node_architecture" omit,
        pub disable_rehearsal: bool => "disable_rehearsal" omit,
        pub disable_pod_scaler: bool => "disable_pod_scaler" omit,
        pub restrict_network_access: Option<bool> => "restrict_network_access" omit,
        pub shard_count: Option<i64> => "shard_count" omit,
        pub max_concurrency: i64 => "max_concurrency" omit,
        pub reporter_config: Option<SlackReporterConfig> => "reporter_config" omit,
        pub container: Option<ContainerTestConfiguration> => "container" omit,
        pub steps: Option<MultiStageTestConfiguration> => "steps" omit,
        pub literal_steps: Option<MultiStageTestConfigurationLiteral> => "literal_steps" omit,
    }

    pub struct StepConfiguration {
        pub input_image_tag_step: Option<InputImageTagStepConfiguration> => "input_image_tag_step" omit,
        pub pipeline_image_cache_step: Option<PipelineImageCacheStepConfiguration> => "pipeline_image_cache_step" omit,
        pub source_step: Option<SourceStepConfiguration> => "source_step" omit,
        pub bundle_source_step: Option<BundleSourceStepConfiguration> => "bundle_source_step" omit,
        pub index_generator_step: Option<IndexGeneratorStepConfiguration> => "index_generator_step" omit,
        pub project_directory_image_build_step: Option<ProjectDirectoryImageBuildStepConfiguration> => "project_directory_image_build_step" omit,
        pub rpm_image_injection_step: Option<RPMImageInjectionStepConfiguration> => "rpm_image_injection_step" omit,
        pub rpm_serve_step: Option<RPMServeStepConfiguration> => "rpm_serve_step" omit,
        pub output_image_tag_step: Option<OutputImageTagStepConfiguration> => "output_image_tag_step" omit,
        pub release_images_tag_step: Option<ReleaseTagConfiguration> => "release_images_tag_step" omit,
        pub resolved_release_images_step: Option<ReleaseConfiguration> => "resolved_release_images_step" omit,
        pub test_step: Option<TestStepConfiguration> => "test_step" omit,
        pub project_directory_image_build_inputs: Option<ProjectDirectoryImageBuildInputs> => "project_directory_image_build_inputs" omit,
    }

    pub struct PromotionConfiguration {
        pub to: Vec<PromotionTarget> => "to" omit,
        pub registry_override: String => "registry_override" omit,
        pub disable_build_cache: bool => "disable_build_cache" omit,
        pub cron: String => "cron" omit,
    }

    pub struct RegistryReference {
        pub literal_test_step: LiteralTestStep => embed,
        pub documentation: String => "documentation" omit,
    }

    pub struct RegistryChain {
        pub name: String => "as" omit,
        pub steps: Option<Vec<TestStep>> => "steps" keep,
        pub documentation: String => "documentation" omit,
        pub env: Vec<StepParameter> => "env" omit,
        pub leases: Vec<StepLease> => "leases" omit,
    }

    pub struct RegistryWorkflow {
        pub name: String => "as" omit,
        pub steps: MultiStageTestConfiguration => "steps" keep,
        pub documentation: String => "documentation" omit,
    }

    pub struct RegistryObserver {
        pub observer: Observer => embed,
        pub documentation: String => "documentation" omit,
    }

    pub struct RegistryInfo {
        pub path: String => "path" omit,
        pub owners: OwnersConfig => "owners" keep,
    }

    pub struct ClusterProfile {
        pub name: String => "name" omit,
        pub owners: Vec<ClusterProfileOwners> => "owners" omit,
        pub cluster_type: String => "cluster_type" omit,
        pub lease_type: String => "lease_type" omit,
        pub ip_pool_lease_type: String => "ip_pool_lease_type" omit,
        pub secret: String => "secret" omit,
        pub config_map: String => "config_map" omit,
        pub set_members: Vec<String> => "set_members" omit,
    }

    pub struct ClusterProfileKonfluxConfig {
        pub cluster_groups: BTreeMap<String, Vec<String>> => "cluster_groups" omit,
    }

    pub struct ClusterProfileSetsConfig {
        pub tests_exceptions: BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>> => "tests_exceptions" omit,
    }

    pub struct ImageStreamTagReference {
        pub namespace: String => "namespace" keep,
        pub name: String => "name" keep,
        pub tag: String => "tag" keep,
        pub alias: String => "as" omit,
    }

    pub struct BuildRootImageConfiguration {
        pub image_stream_tag: Option<ImageStreamTagReference> => "image_stream_tag" omit,
        pub project_image: Option<ProjectDirectoryImageBuildInputs> => "project_image" omit,
        pub from_repository: bool => "from_repository" omit,
        pub use_build_cache: bool => "use_build_cache" omit,
    }

    pub struct ExternalImage {
        pub registry: String => "registry" keep,
        pub image_stream_tag_reference: ImageStreamTagReference => embed,
        pub pull_secret: String => "pull_secret" omit,
        pub pull_spec: String => "pull_spec" omit,
    }

    pub struct ReleaseTagConfiguration {
        pub namespace: String => "namespace" keep,
        pub name: String => "name" keep,
        pub include_built_images: bool => "include_built_images" omit,
        pub reference_policy: Option<String> => "reference_policy" omit,
    }

    pub struct UnresolvedRelease {
        pub integration: Option<Integration> => "integration" omit,
        pub candidate: Option<Candidate> => "candidate" omit,
        pub prerelease: Option<Prerelease> => "prerelease" omit,
        pub release: Option<Release> => "release" omit,
    }

    pub struct SlackReporterConfig {
        pub channel: String => "channel" keep,
        pub job_states_to_report: Vec<String> => "job_states_to_report" omit,
        pub report_template: String => "report_template" omit,
        pub report_presubmit: bool => "report_presubmit" omit,
    }

    pub struct ProjectDirectoryImageBuildStepConfiguration {
        pub from: String => "from" omit,
        pub to: String => "to" keep,
        pub project_directory_image_build_inputs: ProjectDirectoryImageBuildInputs => embed,
        pub optional: bool => "optional" omit,
        pub multi_arch: bool => "multi_arch" omit,
        pub additional_architectures: Vec<String> => "additional_architectures" omit,
        pub reference: String => "ref" omit,
        pub capabilities: Vec<String> => "capabilities" omit,
    }

    pub struct Bundle {
        pub name: String => "as" omit,
        pub dockerfile_path: String => "dockerfile_path" omit,
        pub context_dir: String => "context_dir" omit,
        pub base_index: String => "base_index" omit,
        pub update_graph: String => "update_graph" omit,
        pub skip_building_index: bool => "skip_building_index" omit,
        pub optional: bool => "optional" omit,
        pub capabilities: Vec<String> => "capabilities" omit,
        pub run_if_changed: String => "run_if_changed" omit,
        pub skip_if_only_changed: String => "skip_if_only_changed" omit,
    }

    pub struct PullSpecSubstitution {
        pub pullspec: String => "pullspec" omit,
        pub with: String => "with" omit,
    }

    pub struct Secret {
        pub alias: String => "as" omit,
        pub bundle: String => "bundle" omit,
        pub collection: String => "collection" omit,
        pub field: String => "field" omit,
        pub group: String => "group" omit,
        pub name: String => "name" omit,
        pub mount_path: String => "mount_path" keep,
    }

    pub struct ClusterClaim {
        pub name: String => "as" omit,
        pub product: String => "product" omit,
        pub version: String => "version" keep,
        pub architecture: String => "architecture" omit,
        pub cloud: String => "cloud" keep,
        pub owner: String => "owner" keep,
        pub labels: BTreeMap<String, String> => "labels" omit,
        pub timeout: Option<Duration> => "timeout" omit,
    }

    pub struct ContainerTestConfiguration {
        pub from: String => "from" keep,
        pub memory_backed_volume: Option<MemoryBackedVolume> => "memory_backed_volume" omit,
        pub clone: Option<bool> => "clone" omit,
    }

    pub struct MultiStageTestConfiguration {
        pub cluster_profile: String => "cluster_profile" omit,
        pub pre: Vec<TestStep> => "pre" omit,
        pub test: Vec<TestStep> => "test" omit,
        pub post: Vec<TestStep> => "post" omit,
        pub workflow: Option<String> => "workflow" omit,
        pub env: BTreeMap<String, String> => "env" omit,
        pub dependencies: BTreeMap<String, String> => "dependencies" omit,
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        pub leases: Vec<StepLease> => "leases" omit,
        pub allow_skip_on_success: Option<bool> => "allow_skip_on_success" omit,
        pub allow_best_effort_post_steps: Option<bool> => "allow_best_effort_post_steps" omit,
        pub observers: Option<Observers> => "observers" omit,
        pub dependency_overrides: BTreeMap<String, String> => "dependency_overrides" omit,
        pub node_architecture: Option<String> => "node_architecture" omit,
        pub node_architecture_overrides: BTreeMap<String, String> => "node_architecture_overrides" omit,
    }

    pub struct MultiStageTestConfigurationLiteral {
        pub cluster_profile_literal: Option<ClusterProfileLiteral> => "cluster_profile_literal" omit,
        pub pre: Vec<LiteralTestStep> => "pre" omit,
        pub test: Vec<LiteralTestStep> => "test" omit,
        pub post: Vec<LiteralTestStep> => "post" omit,
        pub env: BTreeMap<String, String> => "env" omit,
        pub dependencies: BTreeMap<String, String> => "dependencies" omit,
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        pub leases: Vec<StepLease> => "leases" omit,
        pub allow_skip_on_success: Option<bool> => "allow_skip_on_success" omit,
        pub allow_best_effort_post_steps: Option<bool> => "allow_best_effort_post_steps" omit,
        pub observers: Vec<Observer> => "observers" omit,
        pub dependency_overrides: BTreeMap<String, String> => "dependency_overrides" omit,
        pub node_architecture: Option<String> => "node_architecture" omit,
        pub node_architecture_overrides: BTreeMap<String, String> => "node_architecture_overrides" omit,
        pub timeout: Option<Duration> => "timeout" omit,
    }

    pub struct InputImageTagStepConfiguration {
        pub input_image: InputImage => embed,
    }

    pub struct PipelineImageCacheStepConfiguration {
        pub from: String => "from" keep,
        pub to: String => "to" keep,
        pub commands: String => "commands" keep,
        pub reference: String => "ref" omit,
    }

    pub struct SourceStepConfiguration {
        pub from: String => "from" keep,
        pub to: String => "to" omit,
        pub pull_spec: String => "pull_spec" omit,
        pub clonerefs_path: String => "clonerefs_path" keep,
        pub reference: String => "ref" omit,
    }

    pub struct BundleSourceStepConfiguration {
        pub substitutions: Vec<PullSpecSubstitution> => "substitutions" omit,
    }

    pub struct IndexGeneratorStepConfiguration {
        pub to: String => "to" omit,
        pub operator_index: Vec<String> => "operator_index" omit,
        pub base_index: String => "base_index" omit,
        pub update_graph: String => "update_graph" omit,
    }

    pub struct RPMImageInjectionStepConfiguration {
        pub from: String => "from" keep,
        pub to: String => "to" omit,
    }

    pub struct RPMServeStepConfiguration {
        pub from: String => "from" keep,
        pub reference: String => "ref" omit,
    }

    pub struct OutputImageTagStepConfiguration {
        pub from: String => "from" keep,
        pub to: ImageStreamTagReference => "to" keep,
        pub optional: bool => "optional" keep,
    }

    pub struct ReleaseConfiguration {
        pub name: String => "name" keep,
        pub unresolved_release: UnresolvedRelease => embed,
    }

    pub struct ProjectDirectoryImageBuildInputs {
        pub context_dir: String => "context_dir" omit,
        pub dockerfile_path: String => "dockerfile_path" omit,
        pub dockerfile_literal: Option<String> => "dockerfile_literal" omit,
        pub inputs: BTreeMap<String, ImageBuildInputs> => "inputs" omit,
        pub build_args: Vec<BuildArg> => "build_args" omit,
        pub reference: String => "ref" omit,
    }

    pub struct PromotionTarget {
        pub namespace: String => "namespace" keep,
        pub name: String => "name" omit,
        pub tag: String => "tag" omit,
        pub tag_by_commit: bool => "tag_by_commit" omit,
        pub excluded_images: Vec<String> => "excluded_images" omit,
        pub additional_images: BTreeMap<String, String> => "additional_images" omit,
        pub disabled: bool => "disabled" omit,
    }

    pub struct ResourceRequirements {
        pub requests: BTreeMap<String, String> => "requests" omit,
        pub limits: BTreeMap<String, String> => "limits" omit,
    }

    pub struct LiteralTestStep {
        pub name: String => "as" omit,
        pub from: String => "from" omit,
        pub from_image: Option<ImageStreamTagReference> => "from_image" omit,
        pub nested_podman: bool => "nested_podman" omit,
        pub commands: String => "commands" omit,
        pub resources: ResourceRequirements => "resources" keep,
        pub timeout: Option<Duration> => "timeout" omit,
        pub grace_period: Option<Duration> => "grace_period" omit,
        pub credentials: Vec<CredentialReference> => "credentials" omit,
        pub env: Vec<StepParameter> => "env" omit,
        pub dependencies: Vec<StepDependency> => "dependencies" omit,
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        pub leases: Vec<StepLease> => "leases" omit,
        pub optional_on_success: Option<bool> => "optional_on_success" omit,
        pub best_effort: Option<bool> => "best_effort" omit,
        pub no_kubeconfig: Option<bool> => "no_kubeconfig" omit,
        pub cli: String => "cli" omit,
        pub observers: Vec<String> => "observers" omit,
        pub run_as_script: Option<bool> => "run_as_script" omit,
        pub node_architecture: Option<String> => "node_architecture" omit,
    }

    pub struct TestStep {
        pub literal_test_step: Option<Box<LiteralTestStep>> => embed,
        pub reference: Option<String> => "ref" omit,
        pub chain: Option<String> => "chain" omit,
    }

    pub struct StepParameter {
        pub name: String => "name" keep,
        pub default: Option<String> => "default" omit,
        pub documentation: String => "documentation" omit,
    }

    pub struct StepLease {
        pub resource_type: String => "resource_type" keep,
        pub env: String => "env" keep,
        pub count: u64 => "count" omit,
    }

    pub struct Observer {
        pub name: String => "name" keep,
        pub from: String => "from" omit,
        pub from_image: Option<ImageStreamTagReference> => "from_image" omit,
        pub commands: String => "commands" omit,
        pub resources: ResourceRequirements => "resources" keep,
        pub timeout: Option<Duration> => "timeout" omit,
        pub grace_period: Option<Duration> => "grace_period" omit,
        pub env: Vec<StepParameter> => "env" omit,
    }

    pub struct ClusterProfileOwners {
        pub org: String => "org" omit,
        pub repos: Vec<String> => "repos" omit,
        pub konflux: Option<ClusterProfileKonfluxOwner> => "konflux" omit,
    }

    pub struct Integration {
        pub namespace: String => "namespace" keep,
        pub name: String => "name" keep,
        pub include_built_images: bool => "include_built_images" omit,
        pub reference_policy: Option<String> => "reference_policy" omit,
    }

    pub struct Candidate {
        pub release_descriptor: ReleaseDescriptor => embed,
        pub stream: String => "stream" keep,
        pub version: String => "version" keep,
    }

    pub struct Prerelease {
        pub release_descriptor: ReleaseDescriptor => embed,
        pub version_bounds: VersionBounds => "version_bounds" keep,
    }

    pub struct Release {
        pub version: String => "version" keep,
        pub channel: String => "channel" keep,
        pub architecture: String => "architecture" omit,
        pub relative: i64 => "relative" omit,
    }

    pub struct MemoryBackedVolume {
        pub size: String => "size" keep,
    }

    pub struct StepDNSConfig {
        pub nameservers: Vec<String> => "nameservers" omit,
        pub searches: Vec<String> => "searches" omit,
    }

    pub struct Observers {
        pub enable: Vec<String> => "enable" omit,
        pub disable: Vec<String> => "disable" omit,
    }

    pub struct ClusterProfileLiteral {
        pub name: String => "name" omit,
        pub lease_type: String => "lease_type" omit,
        pub ip_pool_lease_type: String => "ip_pool_lease_type" omit,
        pub cluster_type: String => "cluster_type" omit,
        pub secret: String => "secret" omit,
    }

    pub struct InputImage {
        pub base_image: ImageStreamTagReference => "base_image" keep,
        pub external_image: Option<ExternalImage> => "external_image" omit,
        pub to: String => "to" omit,
        pub reference: String => "ref" omit,
    }

    pub struct ImageBuildInputs {
        pub paths: Vec<ImageSourcePath> => "paths" omit,
        pub name: Vec<String> => "as" omit,
    }

    pub struct BuildArg {
        pub name: String => "name" omit,
        pub value: String => "value" omit,
    }

    pub struct CredentialReference {
        pub alias: String => "as" omit,
        pub bundle: String => "bundle" omit,
        pub collection: String => "collection" omit,
        pub field: String => "field" omit,
        pub group: String => "group" omit,
        pub mount_path: String => "mount_path" keep,
        pub namespace: String => "namespace" omit,
        pub name: String => "name" omit,
    }

    pub struct StepDependency {
        pub name: String => "name" keep,
        pub env: String => "env" keep,
    }

    pub struct ClusterProfileKonfluxOwner {
        pub tenant: String => "tenant" omit,
        pub clusters: Vec<String> => "clusters" omit,
        pub cluster_groups: Vec<String> => "cluster_groups" omit,
        pub clusters_resolved: Vec<String> => "clusters_resolved" omit,
    }

    pub struct ReleaseDescriptor {
        pub product: String => "product" keep,
        pub architecture: String => "architecture" omit,
        pub relative: i64 => "relative" omit,
    }

    pub struct VersionBounds {
        pub lower: String => "lower" keep,
        pub upper: String => "upper" keep,
        pub stream: String => "stream" omit,
    }

    pub struct ImageSourcePath {
        pub source_path: String => "source_path" keep,
        pub destination_dir: String => "destination_dir" keep,
    }

    pub struct OwnersConfig {
        pub approvers: Vec<String> => "approvers" omit,
        pub reviewers: Vec<String> => "reviewers" omit,
        pub required_reviewers: Vec<String> => "required_reviewers" omit,
        pub labels: Vec<String> => "labels" omit,
    }
}
