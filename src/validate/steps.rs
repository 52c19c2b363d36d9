//! Rules for the steps of multi-stage tests: those written out in a test, and those of the registry.
//!
//! A step is checked in a [`StepContext`], which says what is around it. A step of the registry has nothing around it:
//! whether its parameters are set or its images exist depends on the tests that will use it.

use std::collections::{BTreeMap, BTreeSet};

use super::architecture;
use super::credentials::check_credentials;
use super::findings::Findings;
use super::leases::check_leases;
use super::names::{is_object_name, mentions_trap, quoted};
use super::place::Place;
use super::resources::check_requirements;
use super::subject::{Claim, PAYLOADS, PIPELINE, STABLE, release_of_stream};
use super::tags::StepSpot;
use crate::diagnostic::rule::rules;
use crate::model::config::{
    ImageStreamTagReference, LiteralTestStep, StepDependency, StepParameter, TestStep, UnresolvedRelease,
};

rules! {
    STEP_WITH_SEVERAL_KINDS = "step-with-several-kinds",
        "a step is more than one of ref, chain and a step of its own",
        "Only one of them could run, and the others would be forgotten.",
        "make one step of each";
    EMPTY_STEP = "empty-step",
        "a step is neither ref nor chain nor a step of its own",
        "There is nothing to run in its place.",
        "name a ref or a chain, or write out a step with as, from and commands";
    EMPTY_STEP_NAME = "empty-step-name",
        "ref or chain names nothing",
        "Nothing in the registry has an empty name, so the test could not be resolved.",
        "name a step or chain of the registry, or remove the item";
    DUPLICATE_STEP = "duplicate-step",
        "a step of a test has the name of one before it",
        "Pods and artifacts of the test are named after its steps, so one would overwrite the other.",
        "remove one of the two; to run it twice, give the second one a name of its own";
    UNNAMED_STEP = "unnamed-step",
        "a step has no name",
        "Its pod and its artifacts are named after it, so it could not run.",
        "set as";
    STEP_WITHOUT_COMMANDS = "step-without-commands",
        "a step has no commands",
        "Its pod would do nothing.",
        "write commands; in the registry, the script beside the step";
    STEP_WITHOUT_IMAGE = "step-without-image",
        "a step has neither from nor from_image",
        "There is no default image, so its pod could not start.",
        "set from to an image of this config or of a release, or from_image";
    STEP_WITH_SEVERAL_IMAGES = "step-with-several-images",
        "a step has both from and from_image",
        "It runs in one image; the other would be ignored.",
        "keep from or from_image";
    INCOMPLETE_STEP_IMAGE = "incomplete-step-image",
        "from_image lacks namespace, name or tag",
        "An image stream tag is found by all three, so the step's image could not be imported.",
        "set namespace, name and tag";
    INVALID_STEP_IMAGE = "invalid-step-image",
        "from is not of the form tag or stream:tag",
        "Nothing of this name can exist, so the step's pod could not start.",
        "write TAG for an image of this config, or STREAM:TAG";
    UNKNOWN_STEP_IMAGE_STREAM = "unknown-step-image-stream",
        "from names a stream of a release that is not configured",
        "The image would come with a release that nobody imports, so the step's pod could not start.",
        "add the release to releases, or take the image from a stream that is there";
    BEST_EFFORT_WITHOUT_TIMEOUT = "best-effort-without-timeout",
        "a step's failure is to be ignored, and it has no timeout",
        "A step that hangs would use up the time of the whole test, though its failure does not count.",
        "set timeout";
    TRAP_WITHOUT_GRACE_PERIOD = "trap-without-grace-period",
        "a step's commands seem to use trap, and it has no grace period",
        "The pod is killed before the trap can do its work, and what it was to clean up stays.",
        "set grace_period to what the trap needs";
    OPTIONAL_STEP_BEFORE_POST = "optional-step-before-post",
        "optional_on_success is set on a step that is not in post",
        "Only steps of post can be skipped after success; here the field has no effect.",
        "move the step to post, or remove optional_on_success";
    UNRESOLVED_PARAMETERS = "unresolved-parameters",
        "parameters of a step have no default, and the test does not set them",
        "The commands rely on their values and would run with empty ones.",
        "set them under env of the test, or give them a default";
    UNNAMED_DEPENDENCY = "unnamed-dependency",
        "a dependency has no name",
        "Nobody knows which image the step waits for.",
        "set name";
    INVALID_DEPENDENCY = "invalid-dependency",
        "a dependency is not of the form tag or stream:tag",
        "Nothing of this name can exist, so the step could not start.",
        "write TAG or STREAM:TAG";
    DEPENDENCY_WITHOUT_VARIABLE = "dependency-without-variable",
        "a dependency has no environment variable",
        "The step learns from the variable where the image is; without it the image is of no use.",
        "set env";
    DUPLICATE_DEPENDENCY_VARIABLE = "duplicate-dependency-variable",
        "two dependencies of a step share an environment variable",
        "One value would replace the other, and the step would use one image in place of both.",
        "give each dependency an env of its own";
}

/// Where in a test a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the test proper.
    Pre,
    /// The test proper.
    Test,
    /// After it, whatever it came to.
    Post,
    /// Not known: a step of the registry.
    Anywhere,
}

impl Stage {
    /// The key of the stage's steps.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Test => "test",
            Self::Post => "post",
            Self::Anywhere => "",
        }
    }
}

/// What is around a step.
pub struct StepContext<'a, 'c> {
    stage: Stage,
    claim: Option<Claim<'a>>,
    releases: Option<&'a BTreeMap<String, UnresolvedRelease>>,
    in_test: Option<InTest<'a, 'c>>,
}

/// What only steps of tests have around them.
struct InTest<'a, 'c> {
    spot: StepSpot,
    environment: Option<&'a BTreeMap<String, String>>,
    names: BTreeSet<&'a str>,
    variables: BTreeSet<&'a str>,
    images: &'c mut BTreeMap<String, StepSpot>,
}

impl<'a, 'c> StepContext<'a, 'c> {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self { stage: Stage::Anywhere, claim: None, releases: None, in_test: None }
    }

    /// A test's; `images` takes up the images that its steps name in full.
    pub fn of_test(
        environment: Option<&'a BTreeMap<String, String>>,
        releases: Option<&'a BTreeMap<String, UnresolvedRelease>>,
        claim: Option<Claim<'a>>,
        images: &'c mut BTreeMap<String, StepSpot>,
        test: usize,
        literal: bool,
    ) -> Self {
        let spot = StepSpot { test, literal, stage: "", index: 0 };
        let (names, variables) = (BTreeSet::new(), BTreeSet::new());
        let in_test = Some(InTest { spot, environment, names, variables, images });
        Self { stage: Stage::Anywhere, claim, releases, in_test }
    }

    /// Goes on to a step.
    pub fn enter(&mut self, stage: Stage, index: usize) {
        self.stage = stage;
        if let Some(test) = &mut self.in_test {
            test.spot.stage = stage.key();
            test.spot.index = index;
        }
    }

    /// The variables of leases seen so far in the test.
    pub fn lease_variables(&mut self) -> Option<&mut BTreeSet<&'a str>> {
        self.in_test.as_mut().map(|test| &mut test.variables)
    }

    /// Whether no step of the test before had this name.
    fn is_new(&mut self, name: &'a str) -> bool {
        self.in_test.as_mut().is_none_or(|test| test.names.insert(name))
    }

    fn has_release(&self, name: &str) -> bool {
        self.releases.is_some_and(|releases| releases.contains_key(name))
            || self.claim.is_some_and(|claim| claim.name == name)
    }
}

/// Checks a step as a test has it.
pub fn check_step<'a>(step: &'a TestStep, context: &mut StepContext<'a, '_>, place: &Place<'_>, out: &mut Findings) {
    let literal = step.literal_test_step.as_deref();
    let kinds = [literal.is_some(), step.reference.is_some(), step.chain.is_some()];
    match kinds.iter().filter(|kind| **kind).count() {
        0 => {
            let message = format_args!("a reference, chain, or literal test step is required");
            out.at(&EMPTY_STEP, place, message);
        }
        1 => {
            for (key, name) in [("ref", &step.reference), ("chain", &step.chain)] {
                if let Some(name) = name {
                    check_registry_name(name, context, &place.key(key), out);
                }
            }
        }
        _ => {
            let message = format_args!("only one of `ref`, `chain`, or a literal test step can be set");
            let field = if step.reference.is_some() { "ref" } else { "chain" };
            out.at(&STEP_WITH_SEVERAL_KINDS, &place.silent(field), message);
        }
    }
    if let Some(step) = literal {
        check_literal_step(step, context, place, out);
    }
}

fn check_registry_name<'a>(name: &'a str, context: &mut StepContext<'a, '_>, place: &Place<'_>, out: &mut Findings) {
    if name.is_empty() {
        out.at(&EMPTY_STEP_NAME, place, format_args!("length cannot be 0"));
    } else if !context.is_new(name) {
        out.at(&DUPLICATE_STEP, place, format_args!("duplicated name {}", quoted(name)));
    }
}

/// Checks a step that is written out.
pub fn check_literal_step<'a>(
    step: &'a LiteralTestStep,
    context: &mut StepContext<'a, '_>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    if step.name.is_empty() {
        out.at(&UNNAMED_STEP, &place.silent("as"), format_args!("`as` is required"));
    } else if !context.is_new(&step.name) {
        out.at(&DUPLICATE_STEP, &place.silent("as"), format_args!("duplicated name {}", quoted(&step.name)));
    }
    check_image(&step.from, step.from_image.as_ref(), context, place, out);
    check_script(step, place, out);
    check_requirements(&step.resources, &place.key("resources"), out);
    check_credentials(&step.credentials, place, out);
    if let Some(environment) = context.in_test.as_ref().and_then(|test| test.environment) {
        check_parameters(&step.env, environment, place, out);
    }
    check_dependencies(&step.dependencies, place, out);
    check_leases(&step.leases, &place.key("leases"), context.lease_variables(), out);
    if let Some(architecture) = &step.node_architecture {
        architecture::check_architecture(architecture, place, out);
    }
    if matches!(context.stage, Stage::Pre | Stage::Test) && step.optional_on_success.is_some() {
        say_optional(place, out);
    }
}

/// Checks what a test makes of a step that has been checked by itself: what depends on the steps around it, on the
/// releases of the configuration, and on values that the test gives. `images` are those of its dependencies.
pub fn check_running_step<'a>(
    step: &'a LiteralTestStep,
    images: impl Iterator<Item = &'a str>,
    architecture: Option<&str>,
    context: &mut StepContext<'a, '_>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    if !step.name.is_empty() && !context.is_new(&step.name) {
        out.at(&DUPLICATE_STEP, &place.silent("as"), format_args!("duplicated name {}", quoted(&step.name)));
    }
    check_image(&step.from, step.from_image.as_ref(), context, place, out);
    check_dependency_names(images, place, out);
    check_leases(&step.leases, &place.key("leases"), context.lease_variables(), out);
    if let Some(architecture) = architecture {
        architecture::check_architecture(architecture, place, out);
    }
    if matches!(context.stage, Stage::Pre | Stage::Test) && step.optional_on_success.is_some() {
        say_optional(place, out);
    }
}

fn say_optional(place: &Place<'_>, out: &mut Findings) {
    let message = format_args!("{place}: `optional_on_success` is only allowed for Post steps");
    out.says(&OPTIONAL_STEP_BEFORE_POST, &place.key("optional_on_success"), message);
}

fn check_script(step: &LiteralTestStep, place: &Place<'_>, out: &mut Findings) {
    if step.commands.is_empty() {
        out.at(&STEP_WITHOUT_COMMANDS, &place.silent("commands"), format_args!("`commands` is required"));
    } else if step.grace_period.is_none() && mentions_trap(&step.commands) {
        let message = format_args!(
            "test `{}` has `commands` containing `trap` command, but test step is missing grace_period",
            step.name
        );
        out.says(&TRAP_WITHOUT_GRACE_PERIOD, &place.key("commands"), message);
    }
    if step.best_effort == Some(true) && step.timeout.is_none() {
        let message = format_args!("test {} contains best_effort without timeout", step.name);
        out.says(&BEST_EFFORT_WITHOUT_TIMEOUT, &place.key("best_effort"), message);
    }
}

/// Checks the image that a step or an observer runs in.
pub fn check_image(
    from: &str,
    from_image: Option<&ImageStreamTagReference>,
    context: &mut StepContext<'_, '_>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    match (from.is_empty(), from_image) {
        (true, None) => {
            out.at(&STEP_WITHOUT_IMAGE, &place.silent("from"), format_args!("`from` or `from_image` is required"))
        }
        (false, Some(_)) => {
            let message = format_args!("`from` and `from_image` cannot be set together");
            out.at(&STEP_WITH_SEVERAL_IMAGES, &place.silent("from_image"), message);
        }
        (true, Some(image)) => {
            let place = place.key("from_image");
            for (field, value) in [("namespace", &image.namespace), ("name", &image.name), ("tag", &image.tag)] {
                if value.is_empty() {
                    out.at(&INCOMPLETE_STEP_IMAGE, &place.silent(field), format_args!("`{field}` is required"));
                }
            }
            if let Some(test) = &mut context.in_test {
                let tag = format!("{}-{}-{}", image.namespace, image.name, image.tag);
                test.images.entry(tag).or_insert(test.spot);
            }
        }
        (false, None) => check_image_name(from, context, &place.key("from"), out),
    }
}

fn check_image_name(from: &str, context: &StepContext<'_, '_>, place: &Place<'_>, out: &mut Findings) {
    let parts = from.split(':').count();
    if parts > 2 {
        out.at(&INVALID_STEP_IMAGE, place, format_args!("'{from}' is not a valid imagestream reference"));
    }
    for (index, part) in from.split(':').enumerate() {
        if !is_object_name(part) {
            out.at(&INVALID_STEP_IMAGE, place, format_args!("'{part}' is not a valid Kubernetes object name"));
        } else if index == 0 && parts == 2 && !is_known_stream(part, context) {
            out.at(&UNKNOWN_STEP_IMAGE_STREAM, place, format_args!("unknown imagestream '{part}'"));
        }
    }
}

fn is_known_stream(stream: &str, context: &StepContext<'_, '_>) -> bool {
    matches!(stream, PIPELINE | PAYLOADS | STABLE | "stable-initial") || context.has_release(release_of_stream(stream))
}

fn check_parameters(
    parameters: &[StepParameter],
    environment: &BTreeMap<String, String>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    let is_missing =
        |parameter: &&StepParameter| parameter.default.is_none() && !environment.contains_key(&parameter.name);
    if parameters.iter().any(|parameter| is_missing(&parameter)) {
        let names: Vec<&str> = parameters.iter().filter(is_missing).map(|parameter| parameter.name.as_str()).collect();
        let message = format_args!("unresolved parameter(s): [{}]", names.join(" "));
        out.at(&UNRESOLVED_PARAMETERS, place, message);
    }
}

fn check_dependencies(dependencies: &[StepDependency], place: &Place<'_>, out: &mut Findings) {
    check_dependency_names(dependencies.iter().map(|dependency| &*dependency.name), place, out);
    let list = place.key("dependencies");
    let mut variables = BTreeSet::new();
    for (index, dependency) in dependencies.iter().enumerate() {
        let place = list.item(index);
        let env = place.key("env");
        if dependency.env.is_empty() {
            out.says(&DEPENDENCY_WITHOUT_VARIABLE, &env, format_args!("{env} must be set"));
        } else if !variables.insert(&dependency.env) {
            let message =
                format_args!("{env} targets an environment variable that is already set by another dependency");
            out.says(&DUPLICATE_DEPENDENCY_VARIABLE, &env, message);
        }
    }
}

/// Checks the images of dependencies, which a test may have replaced.
fn check_dependency_names<'a>(images: impl Iterator<Item = &'a str>, place: &Place<'_>, out: &mut Findings) {
    let list = place.key("dependencies");
    for (index, image) in images.enumerate() {
        let item = list.item(index);
        let place = item.key("name");
        if image.is_empty() {
            out.says(&UNNAMED_DEPENDENCY, &place, format_args!("{place} must be set"));
        } else if image.matches(':').count() > 1 {
            let message = format_args!("{place} must take the `tag` or `stream:tag` form, not {}", quoted(image));
            out.says(&INVALID_DEPENDENCY, &place, message);
        }
    }
}
