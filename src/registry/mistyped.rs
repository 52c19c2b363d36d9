//! What the reference says of values of the wrong type in the lists of cluster profiles and of owners of cluster claims.
//!
//! Its message names the Go type that the value has no place in, so the types of these two lists stand here.

use crate::diagnostic::Diagnostic;
use crate::yaml::codec::Problem;
use crate::yaml::locate::{syntax_finding, type_finding};
use crate::yaml::parse::SyntaxError;

/// A list that the reference reads by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Cluster profiles.
    Profiles,
    /// Who may claim clusters.
    ClaimOwners,
}

/// A value of a list: its keys, the struct that it is in, the path to it, and its type, as Go has them.
type Place = (&'static str, &'static str, &'static str, &'static str);

const PROFILES: [Place; 19] = [
    ("cluster_profiles", "ClusterProfiles", "cluster_profiles", "[]api.ClusterProfile"),
    ("cluster_profiles.name", "ClusterProfile", "cluster_profiles.name", "string"),
    ("cluster_profiles.owners", "ClusterProfile", "cluster_profiles.owners", "[]api.ClusterProfileOwners"),
    ("cluster_profiles.owners.org", "ClusterProfileOwners", "cluster_profiles.owners.org", "string"),
    ("cluster_profiles.owners.repos", "ClusterProfileOwners", "cluster_profiles.owners.repos", "[]string"),
    (
        "cluster_profiles.owners.konflux",
        "ClusterProfileOwners",
        "cluster_profiles.owners.konflux",
        "api.ClusterProfileKonfluxOwner",
    ),
    (
        "cluster_profiles.owners.konflux.tenant",
        "ClusterProfileKonfluxOwner",
        "cluster_profiles.owners.konflux.tenant",
        "string",
    ),
    (
        "cluster_profiles.owners.konflux.clusters",
        "ClusterProfileKonfluxOwner",
        "cluster_profiles.owners.konflux.clusters",
        "[]string",
    ),
    (
        "cluster_profiles.owners.konflux.cluster_groups",
        "ClusterProfileKonfluxOwner",
        "cluster_profiles.owners.konflux.cluster_groups",
        "[]string",
    ),
    ("cluster_profiles.cluster_type", "ClusterProfile", "cluster_profiles.cluster_type", "string"),
    ("cluster_profiles.lease_type", "ClusterProfile", "cluster_profiles.lease_type", "string"),
    ("cluster_profiles.ip_pool_lease_type", "ClusterProfile", "cluster_profiles.ip_pool_lease_type", "string"),
    ("cluster_profiles.secret", "ClusterProfile", "cluster_profiles.secret", "string"),
    ("cluster_profiles.config_map", "ClusterProfile", "cluster_profiles.config_map", "string"),
    ("cluster_profiles.set_members", "ClusterProfile", "cluster_profiles.set_members", "[]string"),
    ("konflux", "ClusterProfiles", "konflux", "api.ClusterProfileKonfluxConfig"),
    ("cluster_profile_sets_config", "ClusterProfiles", "cluster_profile_sets_config", "api.ClusterProfileSetsConfig"),
    ("", "", "", "api.ClusterProfiles"),
    ("konflux.cluster_groups", "ClusterProfileKonfluxConfig", "konflux.cluster_groups", "map[string][]string"),
];

const CLAIM_OWNERS: [Place; 5] = [
    ("", "", "", "[]api.ClusterClaimDetails"),
    ("claim", "ClusterClaimDetails", "Claim", "string"),
    ("owners", "ClusterClaimDetails", "Owners", "[]api.ClusterClaimOwnerDetails"),
    ("owners.org", "ClusterClaimOwnerDetails", "Owners.Org", "string"),
    ("owners.repos", "ClusterClaimOwnerDetails", "Owners.Repos", "[]string"),
];

impl List {
    /// A text that is not YAML.
    pub fn syntax(self, error: SyntaxError, file: &str, text: &str) -> Diagnostic {
        let finding = syntax_finding(error, file, text);
        let said = format!("error converting YAML to JSON: yaml: line {}: {}", finding.line, finding.message);
        let is_known = finding.message.starts_with("did not find expected");
        if is_known { finding.as_reference(self.introduced(file, &said)) } else { finding }
    }

    /// A value of the wrong type.
    pub fn mistyped(self, problem: Problem, file: &str, text: &str) -> Diagnostic {
        let said = self.said(&problem.path, &problem.message);
        let finding = type_finding(problem, file, text);
        match said {
            Some(said) => finding.as_reference(self.introduced(file, &said)),
            None => finding,
        }
    }

    fn introduced(self, file: &str, said: &str) -> String {
        match self {
            Self::Profiles => format!("unmarshal file {file}: {said}"),
            Self::ClaimOwners => format!("failed to unmarshall cluster claim config: {said}"),
        }
    }

    /// What Go says of a value at a path of ours that is none of what it ought to be.
    fn said(self, path: &str, message: &str) -> Option<String> {
        let found = message.strip_prefix("cannot unmarshal ")?.split_once(" into ")?.0;
        let (keys, last_is_item) = keys(path);
        let places: &[Place] = match self {
            Self::Profiles => &PROFILES,
            Self::ClaimOwners => &CLAIM_OWNERS,
        };
        let (_, frame, go_path, go_type) = places.iter().find(|place| place.0 == keys)?;
        let go_type = if last_is_item { go_type.strip_prefix("[]")? } else { go_type };
        let place = match frame.is_empty() {
            true => "value".to_owned(),
            false => format!("struct field {frame}.{go_path}"),
        };
        let introduction = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
        Some(format!("{introduction} {found} into Go {place} of type {go_type}"))
    }
}

/// The keys of a path without positions, and whether it ends in a position.
fn keys(path: &str) -> (String, bool) {
    let without = |part: &str| part.split('[').next().unwrap_or_default().to_owned();
    let keys: Vec<String> = path.split('.').map(without).filter(|key| !key.is_empty()).collect();
    (keys.join("."), path.ends_with(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of the reference.
    #[test]
    fn types_are_those_of_the_reference() {
        let said = |list: List, path: &str, found: &str| list.said(path, &format!("cannot unmarshal {found} into x"));
        for (list, path, found, expected) in [
            (
                List::Profiles,
                "cluster_profiles[0].name",
                "array",
                "array into Go struct field ClusterProfile.cluster_profiles.name of type string",
            ),
            (
                List::Profiles,
                "cluster_profiles[0].owners",
                "string",
                "string into Go struct field ClusterProfile.cluster_profiles.owners of type []api.ClusterProfileOwners",
            ),
            (
                List::ClaimOwners,
                "[0].claim",
                "array",
                "array into Go struct field ClusterClaimDetails.Claim of type string",
            ),
            (
                List::ClaimOwners,
                "[0].owners[0].repos",
                "string",
                "string into Go struct field ClusterClaimOwnerDetails.Owners.Repos of type []string",
            ),
            (List::ClaimOwners, "", "object", "object into Go value of type []api.ClusterClaimDetails"),
        ] {
            let said = said(list, path, found).unwrap();
            assert_eq!(said.rsplit_once("cannot unmarshal ").unwrap().1, expected, "{path}");
        }
        assert_eq!(said(List::Profiles, "cluster_profile_sets_config.tests_exceptions", "string"), None);
    }
}
