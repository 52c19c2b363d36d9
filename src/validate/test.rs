//! Rules for tests: their names, and that each says in one way what runs.

use std::collections::{BTreeMap, BTreeSet};

use super::architecture;
use super::claims;
use super::findings::Findings;
use super::leases::check_leases;
use super::names::{has_shard_suffix, is_object_name, quoted};
use super::place::Place;
use super::quantity::parse_amount;
use super::schedule;
use super::secrets::check_secrets;
use super::steps::{self, Stage, StepContext};
use super::subject::{Claim, INDEX, Subject};
use super::tags::{Origin, StepSpot, Tags};
use crate::diagnostic::rule::rules;
use crate::model::config::{
    ContainerTestConfiguration, MultiStageTestConfiguration, MultiStageTestConfigurationLiteral, TestStep,
    TestStepConfiguration,
};

rules! {
    DUPLICATE_TEST = "duplicate-test",
        "tests have the same name",
        "Their jobs would have the same name, and Prow would refuse both.",
        "rename one of them";
    UNNAMED_TEST = "unnamed-test",
        "a test has no name",
        "Its job, its pods and its artifacts are named after it, so it could not run.",
        "set as";
    LONG_TEST_NAME = "long-test-name",
        "a test's name is too long",
        "Pods and namespaces are named after it, and Kubernetes refuses names of more than 63 letters.",
        "shorten the name";
    TEST_NAMED_LIKE_A_TARGET = "test-named-like-a-target",
        "a test has the name of an image or of a built-in target",
        "ci-operator runs targets by name, and could not be asked for one without the other.",
        "rename the test";
    INVALID_TEST_NAME = "invalid-test-name",
        "a test's name cannot be the name of a Kubernetes object",
        "Kubernetes objects are named after the test, and would be refused.",
        "use lower-case letters, digits and dashes, with a letter or digit at both ends";
    TEST_NAMED_LIKE_A_SHARD = "test-named-like-a-shard",
        "a test's name ends as names of shards do",
        "Rehearsals take the ending for that of a shard, cut it off and run another test.",
        "rename the test";
    NOTHING_TO_RUN = "nothing-to-run",
        "a test has neither commands nor steps",
        "Its pod would do nothing, and report success.",
        "add commands and a container, or steps";
    SEVERAL_WAYS_TO_RUN = "several-ways-to-run",
        "a test has more than one of commands, steps and literal_steps",
        "Only one of them could run, and the others would be forgotten.",
        "keep commands, steps or literal_steps, and make a test of each other";
    TEST_WITHOUT_TYPE = "test-without-type",
        "a test has no container and no steps",
        "Commands run in a container, and this test does not say in which.",
        "add container: with from: src, or steps";
    TEST_WITH_SEVERAL_TYPES = "test-with-several-types",
        "a test has more than one of container, steps and literal_steps",
        "Only one of them could run, and the others would be forgotten.",
        "keep container, steps or literal_steps";
    CONTAINER_WITHOUT_IMAGE = "container-without-image",
        "a container test does not say which image it runs in",
        "There is no default image, so its pod could not start.",
        "set from to an image of this config: src is the repository's source";
    INVALID_VOLUME_SIZE = "invalid-volume-size",
        "the size of a memory backed volume is not a Kubernetes quantity",
        "Kubernetes would refuse the pod.",
        "write a number and a unit, such as 512Mi";
}

const LONGEST_NAME: usize = 61;
const LONGEST_NAME_WITH_CLAIM: usize = 42;

/// Checks `tests`.
pub fn check_tests<'a>(subject: &Subject<'a>, tags: &mut Tags<'a>, out: &mut Findings) {
    let root = Place::ROOT;
    let place = root.key("tests");
    let tests = &subject.config.tests;
    check_duplicates(tests, &place, out);
    let mut images = BTreeMap::new();
    for (index, test) in tests.iter().enumerate() {
        let place = place.item(index);
        check_name(test, subject, &place, out);
        check_ways(test, &place, out);
        schedule::check_schedule(test, &place, out);
        check_reporter(test, &place, out);
        schedule::check_timeout(test, &place, out);
        check_secrets(test, &place, out);
        check_type(test, index, subject, &mut images, &place, out);
    }
    for (tag, spot) in images {
        spot.with_place(|place| tags.claim(tag, Origin::Step(spot), place, out));
    }
}

fn check_duplicates(tests: &[TestStepConfiguration], place: &Place<'_>, out: &mut Findings) {
    let mut seen = BTreeSet::new();
    let again: Vec<usize> = (0..).zip(tests).filter(|(_, test)| !seen.insert(&test.name)).map(|(at, _)| at).collect();
    if let Some(first) = again.first() {
        let names: Vec<&str> = again.iter().filter_map(|at| tests.get(*at)).map(|test| test.name.as_str()).collect();
        let message = format_args!("{place}: found duplicated test: ({})", names.join(","));
        out.says(&DUPLICATE_TEST, &place.item(*first).key("as"), message);
    }
}

/// Checks a test's name; only the first thing wrong with it is told.
fn check_name(test: &TestStepConfiguration, subject: &Subject<'_>, place: &Place<'_>, out: &mut Findings) {
    let (name, place, length) = (test.name.as_str(), place.key("as"), test.name.len());
    let has_steps = test.steps.is_some() || test.literal_steps.is_some();
    if name.is_empty() {
        out.at(&UNNAMED_TEST, &place, format_args!("is required"));
    } else if length > LONGEST_NAME {
        let message = format_args!("{length} characters long, maximum length is {LONGEST_NAME}");
        out.at(&LONG_TEST_NAME, &place, message);
    } else if length > LONGEST_NAME_WITH_CLAIM && test.cluster_claim.is_some() {
        let message =
            format_args!("{length} characters long, maximum length is {LONGEST_NAME_WITH_CLAIM} for tests with claims");
        out.at(&LONG_TEST_NAME, &place, message);
    } else if name == "images" {
        let message = format_args!("should not be called 'images' because it gets confused with '[images]' target");
        out.at(&TEST_NAMED_LIKE_A_TARGET, &place, message);
    } else if name.starts_with(INDEX) {
        let message = format_args!(
            "should not begin with '{INDEX}' because it gets confused with '{INDEX}' and `{INDEX}-...` targets"
        );
        out.at(&TEST_NAMED_LIKE_A_TARGET, &place, message);
    } else if subject.builds(name) {
        let message = format_args!("duplicated name {} already declared in 'images'", quoted(name));
        out.at(&TEST_NAMED_LIKE_A_TARGET, &place, message);
    } else if !is_object_name(name) {
        out.at(&INVALID_TEST_NAME, &place, format_args!("'{name}' is not a valid Kubernetes object name"));
    } else if has_shard_suffix(name) {
        let message = format_args!(
            "'{name}' ends with a shard suffix (e.g. -1of2) which is reserved for infrastructure use and will be \
             stripped from the test name during rehearsals"
        );
        out.at(&TEST_NAMED_LIKE_A_SHARD, &place, message);
    } else if has_steps && name.contains('.') {
        let message = format_args!("'{name}' is not a valid name, the following chars '.' are forbidden");
        out.at(&INVALID_TEST_NAME, &place, message);
    }
}

fn check_ways(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    let ways = [!test.commands.is_empty(), test.steps.is_some(), test.literal_steps.is_some()];
    match ways.iter().filter(|way| **way).count() {
        0 => {
            let message = format_args!("either `commands`, `steps`, or `literal_steps` should be set");
            out.at(&NOTHING_TO_RUN, &place.silent("commands"), message);
        }
        1 => {}
        _ => {
            let message = format_args!("`commands`, `steps`, and `literal_steps` are mutually exclusive");
            let field = if test.literal_steps.is_some() { "literal_steps" } else { "steps" };
            let place = if ways.contains(&false) { place.silent(field) } else { *place };
            out.at(&SEVERAL_WAYS_TO_RUN, &place, message);
        }
    }
}

fn check_reporter(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    let Some(reporter) = &test.reporter_config else { return };
    let place = place.key("reporter_config");
    if reporter.channel.is_empty() {
        out.at(&reporter::REPORTER_WITHOUT_CHANNEL, &place.key("channel"), format_args!("must be set"));
    }
    if reporter.report_presubmit && !test.presubmit {
        let message = format_args!("can only be set when the test has `presubmit: true`");
        out.at(&reporter::REPORT_WITHOUT_PRESUBMIT, &place.key("report_presubmit"), message);
    }
}

/// The rules for reports to Slack.
pub mod reporter {
    use crate::diagnostic::rule::rules;

    rules! {
        REPORTER_WITHOUT_CHANNEL = "reporter-without-channel",
            "reports go to no channel",
            "Results would be reported to nobody.",
            "set channel, with its #";
        REPORT_WITHOUT_PRESUBMIT = "report-without-presubmit",
            "presubmits are to be reported of a test that makes none beside its periodic",
            "Only the presubmit of a periodic test can be reported, and there is none.",
            "add presubmit: true, or remove report_presubmit";
    }
}

/// Images that steps run in, with the step that was first to name each.
pub(super) type StepImages = BTreeMap<String, StepSpot>;

fn check_type(
    test: &TestStepConfiguration,
    index: usize,
    subject: &Subject<'_>,
    images: &mut StepImages,
    place: &Place<'_>,
    out: &mut Findings,
) {
    if let Some(claim) = &test.cluster_claim {
        claims::check_claim(claim, test, place, out);
    }
    claims::check_cluster(&test.cluster, place, out);
    if let Some(container) = &test.container {
        check_container(container, place, out);
    }
    let claim = test.cluster_claim.as_ref().map(|claim| Claim::new(claim, &test.name));
    let releases = Some(&*subject.input().releases);
    if let Some(multi_stage) = &test.steps {
        let environment = multi_stage.env.as_option();
        let mut context = StepContext::of_test(environment, releases, claim, images, index, false);
        check_steps(multi_stage, &mut context, place, out);
    }
    if let Some(literal) = &test.literal_steps {
        let environment = literal.env.as_option();
        let mut context = StepContext::of_test(environment, releases, claim, images, index, true);
        check_literal_steps(literal, &mut context, &place.renamed("literal_steps", "steps"), out);
    }
    let types = [test.container.is_some(), test.steps.is_some(), test.literal_steps.is_some()];
    match types.iter().filter(|kind| **kind).count() {
        0 => {
            let message =
                format_args!("{place} has no type, you may want to specify 'container' for a container based test");
            out.says(&TEST_WITHOUT_TYPE, place, message);
        }
        1 => {}
        _ => {
            let field = if test.literal_steps.is_some() { "literal_steps" } else { "steps" };
            let told = if types.contains(&false) { place.silent(field) } else { *place };
            out.says(&TEST_WITH_SEVERAL_TYPES, &told, format_args!("{place} has more than one type"));
        }
    }
    claims::check_single_cluster(test, place, out);
}

fn check_container(container: &ContainerTestConfiguration, place: &Place<'_>, out: &mut Findings) {
    let container_place = place.silent("container");
    if let Some(volume) = &container.memory_backed_volume
        && let Err(problem) = parse_amount(&volume.size)
    {
        let place = container_place.key("memory_backed_volume");
        let message = format_args!("{place}: 'size' must be a Kubernetes quantity: {problem}");
        out.says(&INVALID_VOLUME_SIZE, &place.key("size"), message);
    }
    if container.from.is_empty() {
        out.says(&CONTAINER_WITHOUT_IMAGE, &container_place.key("from"), format_args!("{place}: 'from' is required"));
    }
}

fn check_steps<'a>(
    multi_stage: &'a MultiStageTestConfiguration,
    context: &mut StepContext<'a, '_>,
    test: &Place<'_>,
    out: &mut Findings,
) {
    let place = test.silent("steps");
    check_leases(&multi_stage.leases, &place.key("leases"), context.lease_variables(), out);
    if let Some(architecture) = &multi_stage.node_architecture {
        architecture::check_architecture(architecture, &place, out);
    }
    let stages: [(Stage, &'a [TestStep]); 3] =
        [(Stage::Pre, &multi_stage.pre), (Stage::Test, &multi_stage.test), (Stage::Post, &multi_stage.post)];
    for (stage, list) in stages {
        let place = place.key(stage.key());
        for (index, step) in list.iter().enumerate() {
            context.enter(stage, index);
            steps::check_step(step, context, &place.item(index), out);
        }
    }
}

fn check_literal_steps<'a>(
    literal: &'a MultiStageTestConfigurationLiteral,
    context: &mut StepContext<'a, '_>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    check_leases(&literal.leases, &place.key("leases"), context.lease_variables(), out);
    let stages = [(Stage::Pre, &literal.pre), (Stage::Test, &literal.test), (Stage::Post, &literal.post)];
    for (stage, list) in stages {
        let place = place.key(stage.key());
        for (index, step) in list.iter().enumerate() {
            context.enter(stage, index);
            steps::check_literal_step(step, context, &place.item(index), out);
        }
    }
}
