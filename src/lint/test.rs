//! Fields of tests whose values are taken and do not do what they say: counts of shards, timeouts, architectures.

use super::filters::raw_tests;
use super::findings::Findings;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{LiteralTestStep, ReleaseBuildConfiguration, TestStepConfiguration};
use crate::model::scalar::Duration;
use crate::validate::quoted;

rules! {
    NO_SHARDS = warning "no-shards",
        "a test of registry steps is split into no jobs at all",
        "The test vanishes without a word: no job is made of it.",
        "remove shard_count, or make it two or more";
    MINUTE_TIMEOUT = warning "timeout-under-a-second",
        "a timeout is shorter than a second",
        "A number without a unit counts nanoseconds, so whatever it is for is over before it begins.",
        "write the unit that is meant: 4h, 30m";
    UNCHECKED_ARCHITECTURE = warning "unchecked-architecture",
        "a container test is to run on an architecture that there is no machine of",
        "Nothing checks it, and the pod is never scheduled.",
        "write amd64, arm64, ppc64le or s390x";
}

/// The architectures of machines.
const ARCHITECTURES: [&str; 4] = ["amd64", "arm64", "ppc64le", "s390x"];
const SECOND: i64 = 1_000_000_000;

/// Checks the tests of a config.
pub(super) fn check_tests(config: &ReleaseBuildConfiguration, out: &mut Findings) {
    for (index, test) in config.tests.iter().enumerate() {
        check_test(test, &|| KeyPath::root().key("tests").item(index), out);
    }
    for (index, test) in raw_tests(config) {
        check_test(test, &|| KeyPath::root().key("raw_steps").item(index).key("test_step"), out);
    }
}

fn check_test(test: &TestStepConfiguration, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
    if let Some(count) = test.shard_count.filter(|count| *count < 1)
        && test.steps.is_some()
    {
        let message = format!("{} is split into {count} jobs, so there is none", quoted(&test.name));
        out.add(&NO_SHARDS, place().key("shard_count"), message);
    }
    let architecture = test.node_architecture.as_str();
    if test.container.is_some() && !architecture.is_empty() && !ARCHITECTURES.contains(&architecture) {
        let message = format!("there is no machine of architecture {}", quoted(architecture));
        out.add(&UNCHECKED_ARCHITECTURE, place().key("node_architecture"), message);
    }
    check_timeout(test.timeout, &|| place().key("timeout"), out);
    let claim = test.cluster_claim.as_ref().and_then(|claim| claim.timeout);
    check_timeout(claim, &|| place().key("cluster_claim").key("timeout"), out);
    if let Some(steps) = &test.steps {
        let place = || place().key("steps");
        for (key, steps) in [("pre", &steps.pre), ("test", &steps.test), ("post", &steps.post)] {
            for (index, step) in steps.iter().enumerate() {
                if let Some(step) = &step.literal_test_step {
                    check_step(step, &|| place().key(key).item(index), out);
                }
            }
        }
    }
    if let Some(steps) = &test.literal_steps {
        let place = || place().key("literal_steps");
        check_timeout(steps.timeout, &|| place().key("timeout"), out);
        for (key, steps) in [("pre", &steps.pre), ("test", &steps.test), ("post", &steps.post)] {
            for (index, step) in steps.iter().enumerate() {
                check_step(step, &|| place().key(key).item(index), out);
            }
        }
    }
}

/// Checks a step that is spelt out, here or in the registry.
pub(super) fn check_step(step: &LiteralTestStep, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
    check_timeout(step.timeout, &|| place().key("timeout"), out);
    check_timeout(step.grace_period, &|| place().key("grace_period"), out);
}

fn check_timeout(timeout: Option<Duration>, place: &dyn Fn() -> KeyPath, out: &mut Findings) {
    if let Some(timeout) = timeout.filter(|timeout| (1..SECOND).contains(&timeout.nanoseconds())) {
        out.add(&MINUTE_TIMEOUT, place(), format!("{} is over before anything begins", timeout.text()));
    }
}
