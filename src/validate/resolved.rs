//! What only shows when the registry has made steps of a test: names that meet, images of releases that the configuration
//! does not have, variables of leases and dependencies that a workflow or chain brings along.
//!
//! Steps of the registry have been checked by themselves, and so has the configuration ([`super::validate_config`]); here
//! is what neither could show. Nothing is copied for it: a [`RunningTest`] borrows the steps. The key paths of violations
//! lead into the resolved form of the configuration, as if `literal_steps` had been written there.

use std::collections::BTreeMap;

use super::dependencies::Wanted;
use super::findings::Findings;
use super::leases::check_leases;
use super::place::Place;
use super::steps::{Stage, StepContext, check_running_step};
use super::subject::{Claim, Subject};
use super::tags::{Origin, Tags};
use super::test::StepImages;
use super::{build_root, claims, images, operator};
use crate::diagnostic::Violation;
use crate::model::config::{LiteralTestStep, ReleaseBuildConfiguration, StepLease, TestStepConfiguration};

/// A step as a test runs it.
#[derive(Clone, Copy, Debug)]
pub struct RunningStep<'a> {
    /// The step as it is defined.
    pub step: &'a LiteralTestStep,
    /// For each of its dependencies, the image that replaces the named one.
    pub dependencies: &'a [Option<&'a str>],
    /// The architecture of the node it runs on.
    pub node_architecture: Option<&'a str>,
}

impl<'a> RunningStep<'a> {
    /// The images of its dependencies.
    fn images(&self) -> impl Iterator<Item = &'a str> {
        let given = self.dependencies.iter().copied().chain(std::iter::repeat(None));
        self.step.dependencies.iter().zip(given).map(|(own, given)| given.unwrap_or(&own.name))
    }
}

/// A test with all its steps.
#[derive(Clone, Debug)]
pub struct RunningTest<'a> {
    /// Its place among the tests.
    pub index: usize,
    /// Whether it installs a cluster.
    pub has_profile: bool,
    /// Its leases, those of its workflow first.
    pub leases: &'a [&'a StepLease],
    /// Its steps, by phase: pre, test, post.
    pub phases: [Vec<RunningStep<'a>>; 3],
    /// Pull specs in place of dependencies, by environment variable.
    pub dependency_overrides: &'a BTreeMap<String, String>,
}

/// Every violation in the tests of a configuration that shows in their resolved form only.
pub fn validate_resolved(config: &ReleaseBuildConfiguration, running: &[RunningTest<'_>]) -> Vec<Violation> {
    let mut out = Findings::default();
    let subject = Subject::new(config);
    let root = Place::ROOT.key("tests");
    let mut step_images = StepImages::new();
    for test in running {
        let Some(given) = config.tests.get(test.index) else { continue };
        check_test(test, given, &subject, &mut step_images, &root.item(test.index), &mut out);
    }
    if !step_images.is_empty() {
        check_images(&subject, step_images, &mut out);
    }
    out.into_violations()
}

fn check_test<'a>(
    test: &'a RunningTest<'a>,
    given: &'a TestStepConfiguration,
    subject: &Subject<'a>,
    images: &mut StepImages,
    place: &Place<'_>,
    out: &mut Findings,
) {
    if test.has_profile && given.cluster_claim.is_some() {
        claims::say_several(place, place, out);
    }
    let claim = given.cluster_claim.as_ref().map(|claim| Claim::new(claim, &given.name));
    let releases = Some(&*subject.input().releases);
    let mut context = StepContext::of_test(None, releases, claim, images, test.index, true);
    let (steps_place, literal_place) = (place.renamed("literal_steps", "steps"), place.key("literal_steps"));
    check_leases(test.leases.iter().copied(), &steps_place.key("leases"), context.lease_variables(), out);
    let wanted = Wanted { subject, overrides: Some(test.dependency_overrides), is_literal: true, claim };
    for (stage, steps) in [Stage::Pre, Stage::Test, Stage::Post].into_iter().zip(&test.phases) {
        let (place, literal_place) = (steps_place.key(stage.key()), literal_place.key(stage.key()));
        for (index, step) in steps.iter().enumerate() {
            context.enter(stage, index);
            let place = place.item(index);
            check_running_step(step.step, step.images(), step.node_architecture, &mut context, &place, out);
            let step_place = literal_place.item(index);
            for (number, (dependency, image)) in step.step.dependencies.iter().zip(step.images()).enumerate() {
                let list = step_place.key("dependencies");
                wanted.check_dependency(image, &dependency.env, &list.item(number), out);
            }
        }
    }
}

/// Checks that no image a step runs in has the name of one that the configuration makes.
fn check_images(subject: &Subject<'_>, step_images: StepImages, out: &mut Findings) {
    // What is wrong with these has been told.
    let mut told = Findings::default();
    let (config, mut tags) = (subject.config, Tags::of_commands(subject.config));
    build_root::check_build_roots(subject.input(), &mut tags, &mut told);
    if let Some(given) = &config.operator {
        operator::check_operator(given, subject, &mut tags, &mut told);
    }
    images::check_imports(subject.input(), &mut tags, &mut told);
    images::check_images(&config.images, &mut tags, &mut told);
    for (tag, spot) in step_images {
        spot.with_place(|place| tags.claim(tag, Origin::Step(spot), place, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::{StepDependency, TestStepConfiguration};

    fn messages(steps: Vec<RunningStep<'_>>) -> Vec<String> {
        let config = ReleaseBuildConfiguration {
            tests: vec![TestStepConfiguration { name: "t".into(), ..TestStepConfiguration::default() }],
            ..ReleaseBuildConfiguration::default()
        };
        let overrides = BTreeMap::new();
        let test = RunningTest {
            index: 0,
            has_profile: false,
            leases: &[],
            phases: [steps, Vec::new(), Vec::new()],
            dependency_overrides: &overrides,
        };
        validate_resolved(&config, &[test]).into_iter().map(|violation| violation.message).collect()
    }

    #[test]
    fn images_that_a_test_gives_count() {
        let dependency = StepDependency { name: "pipeline:src".into(), env: "A".into() };
        let step = LiteralTestStep { from: "src".into(), dependencies: vec![dependency], ..LiteralTestStep::default() };
        let running = |dependencies| RunningStep { step: &step, dependencies, node_architecture: None };
        assert_eq!(messages(vec![running(&[None])]), Vec::<String>::new());
        let wanted = "tests[0].literal_steps.pre[0].dependencies[0]: cannot determine source for dependency \"stable:x\" \
                      - this dependency requires a \"latest\" release, which is not configured";
        assert_eq!(messages(vec![running(&[Some("stable:x")])]), [wanted]);
    }

    #[test]
    fn steps_from_two_chains_may_meet() {
        let step = LiteralTestStep { name: "s".into(), from: "src".into(), ..LiteralTestStep::default() };
        let running = RunningStep { step: &step, dependencies: &[], node_architecture: Some("vax") };
        let found = messages(vec![running, running]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[1], "tests[0].steps.pre[1]: duplicated name \"s\"");
    }
}
