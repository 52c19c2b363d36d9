//! ci-operator configs in canonical form: what is not in the text but belongs there.

use crate::model::config::{Metadata, ReleaseBuildConfiguration};

/// Fills in the defaults that the reference fills in, and whose config it is: the path knows, whatever the text says.
pub fn determinize(config: &mut ReleaseBuildConfiguration, identity: &Metadata) {
    config.default_values();
    config.zz_generated_metadata.clone_from(identity);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::{ClusterClaim, TestStepConfiguration};

    #[test]
    fn metadata_come_from_the_path_and_claims_are_filled_in() {
        let identity = Metadata { org: "o".into(), repo: "r".into(), branch: "main".into(), variant: "v".into() };
        let claim = ClusterClaim { version: "4.19".into(), ..ClusterClaim::default() };
        let test = TestStepConfiguration { cluster_claim: Some(claim), ..TestStepConfiguration::default() };
        let mut config = ReleaseBuildConfiguration { tests: vec![test], ..ReleaseBuildConfiguration::default() };
        config.zz_generated_metadata.org = "elsewhere".into();
        determinize(&mut config, &identity);
        assert_eq!(config.zz_generated_metadata, identity);
        let product = config.tests[0].cluster_claim.as_ref().map(|claim| claim.product.as_str());
        assert_eq!(product, Some("ocp"));
    }
}
