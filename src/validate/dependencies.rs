//! Rules for where the images come from that steps depend on.
//!
//! They need all of a configuration at once: its images, its releases, the test's claim and overrides.

use std::collections::BTreeMap;

use super::architecture;
use super::findings::Findings;
use super::names::quoted;
use super::place::Place;
use super::steps::Stage;
use super::subject::{Claim, INDEX, INITIAL, ImageSource, LATEST, PIPELINE, Subject};
use crate::diagnostic::rule::rules;
use crate::model::config::{LiteralTestStep, TestStepConfiguration};

rules! {
    UNKNOWN_DEPENDENCY_STREAM = "unknown-dependency-stream",
        "a dependency is in a stream that there is not",
        "The image would never be there, so the test would wait in vain.",
        "write pipeline:, stable:, stable-RELEASE: or release: before the tag";
    DEPENDENCY_ON_MISSING_RELEASE = "dependency-on-missing-release",
        "a dependency is of a release that is not configured",
        "The image would come with a release that nobody imports, so the test could not start.",
        "add the release to releases, or remove the dependency";
    DEPENDENCY_ON_MISSING_IMAGE = "dependency-on-missing-image",
        "a dependency is an image that nothing makes",
        "Nobody makes the image, so the test could not start.",
        "correct the name, or add what makes the image: an item of images, binary_build_commands, a base image";
}

/// Checks the dependencies of all steps that are written out in tests.
pub fn check_dependencies(subject: &Subject<'_>, out: &mut Findings) {
    let root = Place::ROOT;
    let tests = root.key("tests");
    for (index, test) in subject.config.tests.iter().enumerate() {
        check_test(test, subject, &tests.item(index), out);
    }
}

fn check_test(test: &TestStepConfiguration, subject: &Subject<'_>, place: &Place<'_>, out: &mut Findings) {
    let claim = test.cluster_claim.as_ref().map(|claim| Claim::new(claim, &test.name));
    let overrides = match (&test.literal_steps, &test.steps) {
        (Some(steps), _) => Some(&steps.dependency_overrides),
        (None, Some(steps)) => Some(&steps.dependency_overrides),
        (None, None) => None,
    };
    let wanted = Wanted { subject, overrides, is_literal: test.literal_steps.is_some(), claim };
    if let Some(steps) = &test.steps {
        let place = place.key("steps");
        architecture::check_overrides(&steps.node_architecture_overrides, &test.name, &place, out);
        for (stage, list) in [(Stage::Pre, &steps.pre), (Stage::Test, &steps.test), (Stage::Post, &steps.post)] {
            let place = place.key(stage.key());
            for (index, step) in list.iter().enumerate() {
                if let Some(step) = &step.literal_test_step {
                    wanted.check_step(step, &place.item(index), out);
                }
            }
        }
    }
    if let Some(steps) = &test.literal_steps {
        let place = place.key("literal_steps");
        architecture::check_overrides(&steps.node_architecture_overrides, &test.name, &place, out);
        for (stage, list) in [(Stage::Pre, &steps.pre), (Stage::Test, &steps.test), (Stage::Post, &steps.post)] {
            let place = place.key(stage.key());
            for (index, step) in list.iter().enumerate() {
                wanted.check_step(step, &place.item(index), out);
            }
        }
    }
}

/// What the dependencies of a test are looked for in.
pub struct Wanted<'a> {
    /// The configuration.
    pub subject: &'a Subject<'a>,
    /// The test's pull specs in place of dependencies, by environment variable.
    pub overrides: Option<&'a BTreeMap<String, String>>,
    /// Whether all of the test's steps are spelt out, in the file or by now.
    pub is_literal: bool,
    /// The release of the test's claimed cluster.
    pub claim: Option<Claim<'a>>,
}

impl Wanted<'_> {
    fn check_step(&self, step: &LiteralTestStep, place: &Place<'_>, out: &mut Findings) {
        for (index, dependency) in step.dependencies.iter().enumerate() {
            self.check_dependency(&dependency.name, &dependency.env, &place.key("dependencies").item(index), out);
        }
    }

    /// Checks the dependency at `place`: an image by name, and the variable that its address goes to.
    pub fn check_dependency(&self, image: &str, env: &str, place: &Place<'_>, out: &mut Findings) {
        let source = self.subject.image_source(image, self.claim);
        if source.is_known() && !source.certain {
            return;
        }
        let name = quoted(image);
        if !source.is_known() {
            let message = format_args!(
                "cannot determine source for dependency {name} - ensure the correct ImageStream name was provided"
            );
            out.at(&UNKNOWN_DEPENDENCY_STREAM, &place.silent("name"), message);
        }
        if !source.certain {
            return;
        }
        if let Some(release) = source.release()
            && !release.is_empty()
            && !self.has_release(release)
        {
            let message = format_args!(
                "cannot determine source for dependency {name} - this dependency requires a {} release, which is not \
                 configured",
                quoted(release)
            );
            out.at(&DEPENDENCY_ON_MISSING_RELEASE, &place.silent("name"), message);
        }
        if let Some(missing) = self.missing_image(&source, env) {
            let message = format_args!("cannot determine source for dependency {name} - {missing}");
            out.at(&DEPENDENCY_ON_MISSING_IMAGE, &place.silent("name"), message);
        }
    }

    fn has_release(&self, release: &str) -> bool {
        let input = self.subject.input();
        input.releases.contains_key(release)
            || (input.tag_specification.is_some() && matches!(release, INITIAL | LATEST))
            || self.claim.is_some_and(|claim| claim.release_name() == release)
    }

    /// What the configuration would need for an image of the pipeline to be there.
    fn missing_image(&self, source: &ImageSource<'_>, env: &str) -> Option<String> {
        if source.stream != PIPELINE {
            return None;
        }
        let (config, subject) = (self.subject.config, self.subject);
        let image = source.tag.as_ref();
        let (is_there, needed) = match image {
            "root" => (subject.input().build_root.is_some(), "a build root, which is not configured"),
            "src" => return None,
            "bin" => (!config.binary_build_commands.is_empty(), "built binaries, which are not configured"),
            "test-bin" => {
                (!config.test_binary_build_commands.is_empty(), "built test binaries, which are not configured")
            }
            "rpms" => (!config.rpm_build_commands.is_empty(), "built RPMs, which are not configured"),
            INDEX => (config.operator.is_some(), "an operator bundle configuration, which is not configured"),
            _ if image.starts_with(INDEX) => return self.missing_index(image, env),
            _ => {
                let is_there = subject.imports(image) || subject.builds(image) || subject.bundles(image);
                let message = "no base image import, project image build, or bundle image build is configured to \
                               provide this dependency";
                return (!is_there).then(|| message.to_owned());
            }
        };
        (!is_there && !self.is_overridden(env)).then(|| format!("this dependency requires {needed}"))
    }

    /// As [`Self::missing_image`], for an index that has a name.
    fn missing_index(&self, image: &str, env: &str) -> Option<String> {
        let name = image.strip_prefix(INDEX).unwrap_or_default();
        let overrides = self.overrides.filter(|overrides| self.is_literal && !overrides.is_empty());
        let overridden = match (&self.subject.config.operator, overrides) {
            (Some(operator), _) => {
                let is_of = |bundle: &str| name.strip_prefix('-') == Some(bundle);
                if operator.bundles.iter().any(|bundle| is_of(&bundle.name)) {
                    return None;
                }
                self.is_overridden(env)
            }
            (None, Some(_)) => self.is_overridden(env),
            // The reference crashes on a test with `steps`, whatever it overrides.
            _ => {
                let needed = "an operator bundle configuration, which is not configured";
                return Some(format!("this dependency requires {needed}"));
            }
        };
        (!overridden)
            .then(|| format!("this dependency requires an operator bundle named {name}, which is not configured"))
    }

    fn is_overridden(&self, env: &str) -> bool {
        self.overrides.is_some_and(|overrides| overrides.contains_key(env))
    }
}
