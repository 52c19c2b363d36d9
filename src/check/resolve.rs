//! A config with the registry: its tests resolve, and are right when they have.

use super::clusters::Clusters;
use super::finding::{Finding, Stage};
use super::origin::{Resolution, place_fault, with};
use crate::diagnostic::{KeyPath, Segment};
use crate::model::config::ReleaseBuildConfiguration;
use crate::registry::{Registry, ResolvedStep};
use crate::validate::{RunningStep, RunningTest, validate_resolved};

/// Resolves the tests of a config and checks what comes out. A test that does not resolve hides no other.
pub(super) fn check_tests(
    config: &ReleaseBuildConfiguration,
    registry: &Registry,
    clusters: &Clusters,
    found: &mut Vec<Finding>,
) {
    let mut resolutions = Vec::new();
    for (index, test) in config.tests.iter().enumerate() {
        let Some(steps) = &test.steps else { continue };
        match registry.resolve_test(index, test) {
            Ok(Some(resolved)) => resolutions.push(Resolution { index, test, steps, resolved }),
            Ok(None) => {}
            Err(faults) => {
                let faults = faults.into_iter().map(|fault| Finding::new(Stage::Resolve(index), fault));
                found.extend(faults.map(|fault| place_fault(fault, steps)));
            }
        }
    }
    check_steps(config, &resolutions, found);
    check_profiles(config, &resolutions, clusters, found);
    check_claims(config, clusters, found);
}

fn check_steps(config: &ReleaseBuildConfiguration, resolutions: &[Resolution<'_>], found: &mut Vec<Finding>) {
    if resolutions.is_empty() {
        return;
    }
    let running: Vec<RunningTest<'_>> = resolutions.iter().map(running).collect();
    for violation in validate_resolved(config, &running) {
        let finding = Finding::new(Stage::Resolved, violation);
        let test = match finding.violation.path.0.get(1) {
            Some(Segment::Item(index)) => resolutions.iter().find(|resolution| resolution.index == *index),
            _ => None,
        };
        found.push(match test {
            Some(test) => test.place(finding),
            None => finding,
        });
    }
}

fn running<'a>(resolution: &'a Resolution<'_>) -> RunningTest<'a> {
    let resolved = &resolution.resolved;
    let [pre, test, post] = &resolved.phases;
    let steps = |phase: &'a [ResolvedStep<'_>]| phase.iter().map(running_step).collect();
    RunningTest {
        index: resolution.index,
        has_profile: resolved.cluster_profile.is_some(),
        leases: &resolved.leases,
        phases: [steps(pre), steps(test), steps(post)],
        dependency_overrides: &resolved.dependency_overrides,
    }
}

fn running_step<'a>(step: &'a ResolvedStep<'_>) -> RunningStep<'a> {
    let ResolvedStep { step, dependencies, node_architecture, .. } = step;
    RunningStep { step, dependencies, node_architecture: *node_architecture }
}

/// Checks the profiles of tests, those that are spelt out included.
fn check_profiles(
    config: &ReleaseBuildConfiguration,
    resolutions: &[Resolution<'_>],
    clusters: &Clusters,
    found: &mut Vec<Finding>,
) {
    let metadata = &config.zz_generated_metadata;
    for resolution in resolutions {
        let Some(profile) = resolution.resolved.cluster_profile else { continue };
        let (test, path) = (&resolution.test.name, &|| resolution.profile_path().0);
        let finding = clusters.check_profile(&profile.name, test, resolution.index, metadata, path);
        found.extend(finding.map(|finding| with(finding, resolution.profile_path().1)));
    }
    for (index, test) in config.tests.iter().enumerate() {
        let literal = test.literal_steps.as_ref().and_then(|steps| steps.cluster_profile_literal.as_ref());
        let Some(profile) = literal else { continue };
        let path = &|| {
            let path = KeyPath::root().key("tests").item(index).key("literal_steps");
            path.key("cluster_profile_literal").key("name")
        };
        found.extend(clusters.check_profile(&profile.name, &test.name, index, metadata, path));
    }
}

fn check_claims(config: &ReleaseBuildConfiguration, clusters: &Clusters, found: &mut Vec<Finding>) {
    for (index, test) in config.tests.iter().enumerate() {
        let Some(claim) = &test.cluster_claim else { continue };
        let path = KeyPath::root().key("tests").item(index).key("cluster_claim").key("owner");
        found.extend(clusters.check_claim(&claim.owner, &config.zz_generated_metadata, &path));
    }
}
