//! Where things lie in a release repository.

/// The ci-operator configs, `ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml` below it.
pub const CONFIG: &str = "ci-operator/config";
/// The Prow job files, `ORG/REPO/ORG-REPO-BRANCH-TYPE.yaml` below it.
pub const JOBS: &str = "ci-operator/jobs";
/// The step registry.
pub const REGISTRY: &str = "ci-operator/step-registry";
/// The cluster profiles, below the step registry.
pub const PROFILES: &str = "cluster-profiles/cluster-profiles-config.yaml";
/// Who owns the pools that clusters are claimed from.
pub const CLAIM_OWNERS: &str = "core-services/cluster-pools/_config.yaml";
/// What chooses build clusters.
pub const DISPATCHER: &str = "core-services/sanitize-prow-jobs";
/// Which jobs run where.
pub const DISPATCHER_CONFIG: &str = "core-services/sanitize-prow-jobs/_config.yaml";
/// The build clusters.
pub const CLUSTERS: &str = "core-services/sanitize-prow-jobs/_clusters.yaml";
/// Prow's configuration and that of its plugins: the main files, and those of organisations and repositories below.
pub const PROW_CONFIG: &str = "core-services/prow/02_config";
/// The main file of the plugins' configuration, which says what becomes a ConfigMap.
pub const PLUGINS: &str = "core-services/prow/02_config/_plugins.yaml";
