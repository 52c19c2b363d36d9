//! Labels of jobs that more than one layer knows: generation sets them, the choice of a build cluster reads them.
//!
//! Labels that only generation knows are in `generate/labels.rs`, those that only the choice knows in `dispatch/job.rs`.

/// The build cluster that a test asks for.
pub const CLUSTER_LABEL: &str = "ci-operator.openshift.io/cluster";
/// The cloud of a test's cluster profile.
pub const CLOUD_LABEL: &str = "ci-operator.openshift.io/cloud";
/// A test's cluster profile.
pub const CLUSTER_PROFILE_LABEL: &str = "ci-operator.openshift.io/cloud-cluster-profile";
/// The device that a job needs on its node; also the name of the resource that a test requests.
pub const KVM_LABEL: &str = "devices.kubevirt.io/kvm";
/// Marks jobs that build nothing.
pub const NO_BUILDS_LABEL: &str = "ci.openshift.io/no-builds";
