//! Multi-stage tests: their steps, and what steps are given.
//!
//! [`MultiStageTestConfiguration`] is how people write them, with steps by reference; [`MultiStageTestConfigurationLiteral`]
//! is the same after the registry resolved it, with nothing but [`LiteralTestStep`]s.

use std::collections::BTreeMap;

use super::image::ImageStreamTagReference;
use super::release_build::ResourceRequirements;
use crate::model::scalar::Duration;
use crate::record;
use crate::yaml::given::Given;

record! {
    /// A test made of steps, some of them by reference to the registry.
    pub struct MultiStageTestConfiguration {
        /// The cloud account and settings that the test's cluster is made with.
        pub cluster_profile: String => "cluster_profile" omit,
        /// Steps that set up, one after another; when one fails, the test goes on with `post`.
        pub pre: Given<Vec<TestStep>> => "pre" omit,
        /// Steps that do the testing, one after another.
        pub test: Given<Vec<TestStep>> => "test" omit,
        /// Steps that clean up; all of them run, whatever happened before.
        pub post: Given<Vec<TestStep>> => "post" omit,
        /// The workflow of the step registry to start from: it gives the steps and settings that are not given here.
        pub workflow: Option<String> => "workflow" omit,
        /// Values for the parameters of steps, by name.
        pub env: Given<BTreeMap<String, String>> => "env" omit,
        /// Other images for the dependencies of steps, by the environment variable that gets the address.
        pub dependencies: BTreeMap<String, String> => "dependencies" omit,
        /// DNS settings of the steps' pods.
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        /// What is acquired for the whole test, such as quota in a cloud account.
        pub leases: Vec<StepLease> => "leases" omit,
        /// Whether clean-up steps with `optional_on_success` are skipped when all went well.
        pub allow_skip_on_success: Option<bool> => "allow_skip_on_success" omit,
        /// Whether clean-up steps with `best_effort` may fail without the test failing.
        pub allow_best_effort_post_steps: Option<bool> => "allow_best_effort_post_steps" omit,
        /// Which observers run beside the steps.
        pub observers: Option<Observers> => "observers" omit,
        /// Addresses of images in place of dependencies; for rehearsals.
        pub dependency_overrides: BTreeMap<String, String> => "dependency_overrides" omit,
        /// The architecture of the nodes that the steps run on.
        pub node_architecture: Option<String> => "node_architecture" omit,
        /// The architecture of the nodes for single steps, by the step's name.
        pub node_architecture_overrides: BTreeMap<String, String> => "node_architecture_overrides" omit,
    }

    /// A test made of steps that are all spelt out.
    pub struct MultiStageTestConfigurationLiteral {
        /// The cloud account and settings that the test's cluster is made with.
        pub cluster_profile_literal: Option<ClusterProfileLiteral> => "cluster_profile_literal" omit,
        /// Steps that set up.
        pub pre: Vec<LiteralTestStep> => "pre" omit,
        /// Steps that test.
        pub test: Vec<LiteralTestStep> => "test" omit,
        /// Steps that clean up; they run whatever happened before.
        pub post: Vec<LiteralTestStep> => "post" omit,
        /// Values for the parameters of steps.
        pub env: Given<BTreeMap<String, String>> => "env" omit,
        /// Images for the dependencies of steps, by environment variable.
        pub dependencies: BTreeMap<String, String> => "dependencies" omit,
        /// DNS settings of the steps' pods.
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        /// Resources to acquire for the test.
        pub leases: Vec<StepLease> => "leases" omit,
        /// Whether clean-up steps that allow it are skipped when all went well.
        pub allow_skip_on_success: Option<bool> => "allow_skip_on_success" omit,
        /// Whether clean-up steps that allow it may fail.
        pub allow_best_effort_post_steps: Option<bool> => "allow_best_effort_post_steps" omit,
        /// The observers that run beside the steps.
        pub observers: Vec<Observer> => "observers" omit,
        /// Addresses of images in place of dependencies; for rehearsals.
        pub dependency_overrides: BTreeMap<String, String> => "dependency_overrides" omit,
        /// The architecture of the nodes that the steps run on.
        pub node_architecture: Option<String> => "node_architecture" omit,
        /// The architecture of the nodes for single steps, by the step's name.
        pub node_architecture_overrides: BTreeMap<String, String> => "node_architecture_overrides" omit,
        /// How long the test may take.
        pub timeout: Option<Duration> => "timeout" omit,
    }

    /// A step that is spelt out, or the name of a step or of a chain.
    pub struct TestStep {
        /// The step itself; absent unless at least one of its fields is given.
        pub literal_test_step: Option<Box<LiteralTestStep>> => embed,
        /// The name of a step in the step registry.
        pub reference: Option<String> => "ref" omit,
        /// The name of a chain in the step registry, whose steps run here.
        pub chain: Option<String> => "chain" omit,
    }

    /// A step that is spelt out: an image and the commands that run in it.
    pub struct LiteralTestStep {
        /// The step's name.
        pub name: String => "as" omit,
        /// The image that the step runs in: a tag of the pipeline, such as `src`, or `stream:tag`.
        pub from: String => "from" omit,
        /// The image that the step runs in, where no image of this configuration will do.
        pub from_image: Option<ImageStreamTagReference> => "from_image" omit,
        /// The step's container may run podman.
        pub nested_podman: bool => "nested_podman" omit,
        /// The shell commands that the step runs; in the step registry, the name of the file that holds them.
        pub commands: String => "commands" omit,
        /// CPU and memory of the step.
        pub resources: ResourceRequirements => "resources" keep,
        /// How long the step may take; then it is stopped, and has failed.
        pub timeout: Option<Duration> => "timeout" omit,
        /// How long the step may take to stop once it was told to; then it is killed.
        pub grace_period: Option<Duration> => "grace_period" omit,
        /// Secrets that are mounted into the step.
        pub credentials: Vec<CredentialReference> => "credentials" omit,
        /// The parameters of the step: environment variables that tests can set.
        pub env: Vec<StepParameter> => "env" omit,
        /// Images that must be there before the step runs; their addresses are in environment variables.
        pub dependencies: Vec<StepDependency> => "dependencies" omit,
        /// DNS settings of the step's pod.
        pub dns_config: Option<StepDNSConfig> => "dnsConfig" omit,
        /// What is acquired before the step runs, such as quota in a cloud account.
        pub leases: Vec<StepLease> => "leases" omit,
        /// A clean-up step that may be skipped when all went well.
        pub optional_on_success: Option<bool> => "optional_on_success" omit,
        /// A clean-up step that may fail.
        pub best_effort: Option<bool> => "best_effort" omit,
        /// The step neither needs nor makes a kubeconfig.
        pub no_kubeconfig: Option<bool> => "no_kubeconfig" omit,
        /// The release from which `oc` is put into the container.
        pub cli: String => "cli" omit,
        /// Observers that must run during the step.
        pub observers: Vec<String> => "observers" omit,
        /// The commands are mounted as a script and executed.
        pub run_as_script: Option<bool> => "run_as_script" omit,
        /// The architecture of the node it runs on.
        pub node_architecture: Option<String> => "node_architecture" omit,
    }

    /// An environment variable of a step.
    pub struct StepParameter {
        /// The variable.
        pub name: String => "name" keep,
        /// The value when the test gives none. Without a default, the test must give a value.
        pub default: Option<String> => "default" omit,
        /// What the parameter is for, in Markdown.
        pub documentation: String => "documentation" omit,
    }

    /// An image that a step needs.
    pub struct StepDependency {
        /// The image, by its tag or as `stream:tag`.
        pub name: String => "name" keep,
        /// The environment variable that gets the image's address.
        pub env: String => "env" keep,
    }

    /// DNS settings of a step's pod.
    pub struct StepDNSConfig {
        /// The addresses of name servers.
        pub nameservers: Vec<String> => "nameservers" omit,
        /// The domains to search.
        pub searches: Vec<String> => "searches" omit,
    }

    /// Something to acquire before a step runs, such as quota in a cloud account.
    pub struct StepLease {
        /// What is acquired.
        pub resource_type: String => "resource_type" keep,
        /// The environment variable that gets the names of what was acquired.
        pub env: String => "env" keep,
        /// How many; zero is read as one.
        pub count: u64 => "count" omit,
    }

    /// A secret that is mounted into a step.
    pub struct CredentialReference {
        /// The name of the file, where one field is mounted.
        pub alias: String => "as" omit,
        /// A bundle of secrets in the secret manager's configuration.
        pub bundle: String => "bundle" omit,
        /// A collection in the secret manager.
        pub collection: String => "collection" omit,
        /// One field of the group; all fields when not given.
        pub field: String => "field" omit,
        /// The group within the collection.
        pub group: String => "group" omit,
        /// The directory it is mounted at.
        pub mount_path: String => "mount_path" keep,
        /// The namespace of the secret that `name` names.
        pub namespace: String => "namespace" omit,
        /// A secret in the build cluster.
        pub name: String => "name" omit,
    }

    /// Which observers run beside a test's steps.
    pub struct Observers {
        /// Observers that run.
        pub enable: Vec<String> => "enable" omit,
        /// Observers of the workflow that do not run.
        pub disable: Vec<String> => "disable" omit,
    }

    /// A program that runs beside a test's steps and watches.
    pub struct Observer {
        /// The observer's name.
        pub name: String => "name" keep,
        /// The image that the observer runs in: a tag of the pipeline, such as `src`, or `stream:tag`.
        pub from: String => "from" omit,
        /// The image that the observer runs in, where no image of the test will do.
        pub from_image: Option<ImageStreamTagReference> => "from_image" omit,
        /// The shell commands that the observer runs; in the step registry, the name of the file that holds them.
        pub commands: String => "commands" omit,
        /// CPU and memory of the observer.
        pub resources: ResourceRequirements => "resources" keep,
        /// How long the observer may take.
        pub timeout: Option<Duration> => "timeout" omit,
        /// How long the observer may take to stop once it was told to.
        pub grace_period: Option<Duration> => "grace_period" omit,
        /// The parameters of the observer: environment variables that tests can set.
        pub env: Vec<StepParameter> => "env" omit,
    }

    /// The parts of a cluster profile that a resolved test carries.
    pub struct ClusterProfileLiteral {
        /// The profile's name.
        pub name: String => "name" omit,
        /// What is leased for a test that uses it.
        pub lease_type: String => "lease_type" omit,
        /// What is leased for a test that needs addresses of its own.
        pub ip_pool_lease_type: String => "ip_pool_lease_type" omit,
        /// The kind of cluster it makes.
        pub cluster_type: String => "cluster_type" omit,
        /// The secret with the profile's credentials.
        pub secret: String => "secret" omit,
    }
}
