//! Rules for the machines that tests and their steps run on.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;

rules! {
    UNKNOWN_NODE_ARCHITECTURE = "unknown-node-architecture",
        "an architecture is none of the four that machines have",
        "No machine has it, so the pod would wait for one until the test times out.",
        "write amd64, arm64, ppc64le or s390x";
}

fn is_known(architecture: &str) -> bool {
    matches!(architecture, "amd64" | "arm64" | "s390x" | "ppc64le")
}

/// Checks `node_architecture` of the test or step at `place`.
pub fn check_architecture(architecture: &str, place: &Place<'_>, out: &mut Findings) {
    if !is_known(architecture) {
        let message = format_args!(
            "{place}.nodeArchitecture: invalid node architecture {architecture}, expected one of amd64, arm64, s390x \
             or ppc64le"
        );
        out.says(&UNKNOWN_NODE_ARCHITECTURE, &place.key("node_architecture"), message);
    }
}

/// Checks the architectures given to steps by name; the first unknown one is told.
pub fn check_overrides(overrides: &BTreeMap<String, String>, test: &str, place: &Place<'_>, out: &mut Findings) {
    if let Some((step, architecture)) = overrides.iter().find(|(_, architecture)| !is_known(architecture)) {
        let message = format_args!(
            "{test}.node_architecture_overrides.{step}: invalid node architecture {architecture}, expected one of \
             amd64, arm64, s390x or ppc64le"
        );
        out.says(&UNKNOWN_NODE_ARCHITECTURE, &place.key("node_architecture_overrides").key(step), message);
    }
}
