//! Defaults that the reference fills in after reading a configuration and before checking it.

use super::{
    ClusterClaim, MultiStageTestConfigurationLiteral, ReleaseBuildConfiguration, StepLease, TestStepConfiguration,
};
use crate::model::scalar::Duration;

/// The product that a claimed cluster gets when none is named.
pub const DEFAULT_PRODUCT: &str = "ocp";
/// The architecture that a claimed cluster gets when none is named.
pub const DEFAULT_ARCHITECTURE: &str = "amd64";
/// How long to wait for a claimed cluster when nothing is said.
pub const DEFAULT_CLAIM_TIMEOUT: Duration = Duration::from_seconds(3_600);

impl ReleaseBuildConfiguration {
    /// Fills in what the tests leave open: one of each lease in literal steps, and the kind of claimed clusters.
    /// Steps that are not resolved yet (`steps`) stay as they are.
    pub fn default_values(&mut self) {
        let raw_tests = self.raw_steps.iter_mut().filter_map(|step| step.test_step.as_mut());
        for test in raw_tests.chain(&mut self.tests) {
            default_test(test);
        }
    }
}

fn default_test(test: &mut TestStepConfiguration) {
    if let Some(claim) = &mut test.cluster_claim {
        default_claim(claim);
    }
    if let Some(steps) = &mut test.literal_steps {
        default_literal_steps(steps);
    }
}

fn default_claim(claim: &mut ClusterClaim) {
    if claim.product.is_empty() {
        claim.product = DEFAULT_PRODUCT.into();
    }
    if claim.architecture.is_empty() {
        claim.architecture = DEFAULT_ARCHITECTURE.into();
    }
    claim.timeout.get_or_insert(DEFAULT_CLAIM_TIMEOUT);
}

fn default_literal_steps(steps: &mut MultiStageTestConfigurationLiteral) {
    default_leases(&mut steps.leases);
    for step in steps.pre.iter_mut().chain(&mut steps.test).chain(&mut steps.post) {
        default_leases(&mut step.leases);
    }
}

fn default_leases(leases: &mut [StepLease]) {
    for lease in leases {
        lease.count = lease.count.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::{LiteralTestStep, StepConfiguration};

    #[test]
    fn claims_and_leases_get_defaults() {
        let claim = ClusterClaim { version: "4.19".into(), ..ClusterClaim::default() };
        let step = LiteralTestStep { leases: vec![StepLease::default()], ..LiteralTestStep::default() };
        let steps =
            MultiStageTestConfigurationLiteral { pre: vec![step], ..MultiStageTestConfigurationLiteral::default() };
        let test = TestStepConfiguration {
            cluster_claim: Some(claim),
            literal_steps: Some(steps),
            ..TestStepConfiguration::default()
        };
        let raw = StepConfiguration { test_step: Some(test.clone()), ..StepConfiguration::default() };
        let mut config = ReleaseBuildConfiguration {
            tests: vec![test],
            raw_steps: vec![raw],
            ..ReleaseBuildConfiguration::default()
        };
        config.default_values();
        assert_eq!(config.raw_steps[0].test_step.as_ref(), Some(&config.tests[0]));
        let claim = config.tests[0].cluster_claim.as_ref().unwrap();
        assert_eq!((claim.product.as_str(), claim.architecture.as_str()), ("ocp", "amd64"));
        assert_eq!(claim.timeout, Some(DEFAULT_CLAIM_TIMEOUT));
        assert_eq!(config.tests[0].literal_steps.as_ref().unwrap().pre[0].leases[0].count, 1);
    }
}
