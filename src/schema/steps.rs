//! Rules for tests and steps.

use super::config::{ARCHITECTURES, FILTERS, ONE_FILTER};
use super::forms::{
    CLAIM_LABEL, CLUSTER, COLLECTION, CRON, DEPENDENCY, FILE_NAME, GROUP, IMAGE, JOB_TIMEOUT, LABEL_VALUE, MOUNT_PATH,
    NO_DOT, NO_TRAP, OBJECT_NAME, SIZE, SPAN, TEST_NAME,
};
use super::rules::Constraint::{
    AlsoForm, AtLeast, Choice, Examples, Forbid, Form, Longest, NotEmpty, OrNull, OrScalar, Require, Unique,
};
use super::rules::{Constraint, RecordRules, Rules};

/// The states a job can be in.
pub const JOB_STATES: Constraint = Choice(&[
    ("scheduling", "it waits for a cluster"),
    ("triggered", "it was asked for"),
    ("pending", "it runs"),
    ("success", "it passed"),
    ("failure", "it failed"),
    ("aborted", "it was stopped"),
    ("error", "it could not be run"),
]);

/// What becomes of a number or boolean where a text is wanted.
const QUOTE: &str = "Put it in quotes: it is wanted as text, and a number may change on the way (4.10 becomes 4.1).";

/// Adds the rules.
pub fn add(rules: &mut Rules) {
    tests(rules.of("config.TestStepConfiguration"));
    containers(rules);
    multi_stage(rules);
    steps(rules);
    secrets(rules);
}

fn tests(test: &mut RecordRules) {
    const TYPES: &str = "A test is one of container (with commands), steps and literal_steps.";
    const CLOCKS: &[&str] = &["cron", "interval", "minimum_interval"];
    const PERIODIC: &str =
        "A periodic test looks at no change: these fields are for presubmits. Set presubmit: true to have both jobs.";
    const ONE_CLUSTER: &str = "Steps are given one cluster: by cluster_claim or by a cluster profile.";
    test.require(&["as"])
        .field("as", Form(&TEST_NAME))
        .field("as", Longest(61))
        .one_of(&["container", "steps", "literal_steps"], TYPES)
        .needs("container", &["commands"], "The container has no commands to run.")
        .excludes(
            "commands",
            &["steps", "literal_steps"],
            "Commands run in a container; steps have commands of their own.",
        )
        .at_most_one(CLOCKS, "A job has one schedule: cron, interval or minimum_interval.")
        .at_most_one(FILTERS, ONE_FILTER)
        .needs_one_of(
            "presubmit",
            &["cron", "interval", "minimum_interval", "release_controller"],
            "presubmit makes a presubmit of a periodic test; other tests are presubmits anyway.",
        )
        .excludes("postsubmit", CLOCKS, "A postsubmit runs after merges, not by the clock.")
        .excludes("postsubmit", &["optional"], "A postsubmit holds nothing up, so it cannot be optional.")
        .excludes("release_controller", CLOCKS, "The release controller starts the job, not the clock.");
    for clock in CLOCKS {
        test.excludes_unless(clock, "presubmit", &["run_if_changed", "skip_if_only_changed", "optional"], PERIODIC);
    }
    test.excludes("secret", &["secrets"], "Either secret or secrets.")
        .excludes("secret", &["steps", "literal_steps"], "Steps have credentials of their own.")
        .excludes("secrets", &["steps", "literal_steps"], "Steps have credentials of their own.")
        .excludes("cluster_claim", &["container"], "Only tests made of steps are given a claimed cluster.")
        .within("steps", "as", AlsoForm(&NO_DOT))
        .within("literal_steps", "as", AlsoForm(&NO_DOT))
        .within("cluster_claim", "as", Longest(42))
        .within("cluster_claim", "steps", Forbid(&["cluster_profile"], ONE_CLUSTER))
        .within("cluster_claim", "literal_steps", Forbid(&["cluster_profile_literal"], ONE_CLUSTER))
        .within_unless(
            "presubmit",
            "reporter_config",
            Forbid(&["report_presubmit"], "Only the presubmit of a periodic test (presubmit: true) can be reported."),
        )
        .field("timeout", AlsoForm(&JOB_TIMEOUT))
        .field("cron", Form(&CRON))
        .each(&["interval", "minimum_interval"], Form(&SPAN))
        .field("cluster", Form(&CLUSTER))
        .field(
            "node_architecture",
            Choice(&[("amd64", ""), ("arm64", ""), ("ppc64le", ""), ("s390x", ""), ("multi", "any of them")]),
        )
        .field("shard_count", AtLeast(1))
        .field("max_concurrency", AtLeast(0))
        .items("capabilities", Form(&LABEL_VALUE));
}

fn containers(rules: &mut Rules) {
    rules
        .of("config.ContainerTestConfiguration")
        .require(&["from"])
        .field("from", Examples(&["src", "bin", "test-bin"]));
    rules.of("config.MemoryBackedVolume").require(&["size"]).field("size", Form(&SIZE));
    rules
        .of("config.ClusterClaim")
        .require(&["version", "cloud", "owner"])
        .field("cloud", Examples(&["aws", "gcp", "azure"]))
        .field("product", Examples(&["ocp"]))
        .field("architecture", Examples(&["amd64"]))
        .keys("labels", Form(&CLAIM_LABEL));
    rules.of("config.SlackReporterConfig").require(&["channel"]).items("job_states_to_report", JOB_STATES);
}

fn multi_stage(rules: &mut Rules) {
    rules
        .of("config.MultiStageTestConfiguration")
        .field("workflow", NotEmpty)
        .values("env", OrScalar(QUOTE))
        .each(&["pre", "test", "post", "leases"], Unique)
        .field("node_architecture", ARCHITECTURES)
        .values("node_architecture_overrides", ARCHITECTURES);
    rules
        .of("config.MultiStageTestConfigurationLiteral")
        .each(&["pre", "test", "post", "leases"], Unique)
        .field("node_architecture", ARCHITECTURES)
        .values("node_architecture_overrides", ARCHITECTURES);
    rules.of("config.TestStep").each(&["ref", "chain"], NotEmpty).one_of(&["ref", "chain", "as"], KINDS).within_unless(
        "grace_period",
        "commands",
        AlsoForm(&NO_TRAP),
    );
}

const KINDS: &str = "A step is one of ref, chain and a step of its own (as, from, commands, resources).";
const BEST_EFFORT: &str = "A step that may fail must have a timeout, or it uses up the test's time.";

/// Adds what holds of steps in tests alone: what else stands beside a `ref` in workflows and chains is not looked at.
pub fn add_for_tests(rules: &mut Rules) {
    const OWN: &[&str] = &[
        "as",
        "from",
        "from_image",
        "commands",
        "resources",
        "timeout",
        "grace_period",
        "credentials",
        "env",
        "dependencies",
        "dnsConfig",
        "leases",
        "optional_on_success",
        "best_effort",
        "no_kubeconfig",
        "cli",
        "observers",
        "run_as_script",
        "node_architecture",
        "nested_podman",
    ];
    rules.of("config.TestStep").excludes("ref", OWN, KINDS).excludes("chain", OWN, KINDS);
    rules.of("config.LiteralTestStep").needs("best_effort", &["timeout"], BEST_EFFORT).within_unless(
        "grace_period",
        "commands",
        AlsoForm(&NO_TRAP),
    );
    for steps in ["config.MultiStageTestConfiguration", "config.MultiStageTestConfigurationLiteral"] {
        let skipped = Forbid(&["optional_on_success"], "Only steps of post can be skipped.");
        rules.of(steps).items("pre", skipped).items("test", skipped);
    }
}

/// Adds what holds of the steps in chains and workflows.
pub fn add_for_chains(rules: &mut Rules) {
    rules.of("config.TestStep").within_unless("grace_period", "commands", AlsoForm(&NO_TRAP));
}

/// Adds what holds of the steps of the registry.
pub fn add_for_registry(rules: &mut Rules) {
    rules.of("config.RegistryReference").needs("best_effort", &["timeout"], BEST_EFFORT);
}

fn steps(rules: &mut Rules) {
    const IMAGES: &str = "A step runs in one image: from, or from_image where it is not one of the test's.";
    rules
        .of("config.LiteralTestStep")
        .require(&["as", "commands", "resources"])
        .field("from", Form(&IMAGE))
        .field("from", OrNull)
        .field("from_image", Require(&["namespace", "name", "tag"]))
        .each(&["credentials", "dependencies", "leases"], Unique)
        .field("node_architecture", ARCHITECTURES)
        .field("cli", Examples(&["latest", "initial"]))
        .needs("as", &["commands", "resources"], "A step has commands and says what resources they need.")
        .needs_one_of("as", &["from", "from_image"], IMAGES)
        .at_most_one(&["from", "from_image"], IMAGES);
    rules
        .of("config.Observer")
        .require(&["name", "commands", "resources"])
        .field("name", Form(&OBJECT_NAME))
        .field("from", Form(&IMAGE))
        .field("from_image", Require(&["namespace", "name", "tag"]))
        .one_of(&["from", "from_image"], IMAGES);
    rules.of("config.StepParameter").require(&["name"]);
    rules.of("config.StepDependency").require(&["name", "env"]).field("name", Form(&DEPENDENCY));
    rules.of("config.StepLease").require(&["resource_type", "env"]);
}

fn secrets(rules: &mut Rules) {
    const SOURCES: &str =
        "A secret is given by name, by bundle, or by collection and group (and field, for a part of the group).";
    const BUNDLE: &str = "A bundle says itself what is in it.";
    const MANAGED: &str = "A secret of the secret manager has no name: use bundle, or collection and group.";
    const GROUPED: &str = "collection and group name a secret together.";
    for record in ["config.Secret", "config.CredentialReference"] {
        let secret = rules.of(record);
        secret
            .any_of(&["name", "bundle", "collection"], SOURCES)
            .excludes("name", &["bundle", "collection", "group", "field"], MANAGED)
            .excludes("bundle", &["collection", "group", "field"], BUNDLE)
            .needs("collection", &["group"], GROUPED)
            .needs("group", &["collection"], GROUPED)
            .needs("field", &["collection", "group"], GROUPED)
            .needs("as", &["field"], "`as` renames the file of one field, which is not given.")
            .each(&["field", "as"], Form(&FILE_NAME))
            .field("collection", Form(&COLLECTION))
            .field("group", Form(&GROUP));
    }
    rules.of("config.Secret").field("name", Form(&OBJECT_NAME)).field("mount_path", Form(&MOUNT_PATH));
    rules
        .of("config.CredentialReference")
        .require(&["mount_path"])
        .field("mount_path", Form(&super::forms::ABSOLUTE_PATH))
        .needs("name", &["namespace"], "A secret of a cluster is found by name and namespace.")
        .excludes("namespace", &["collection", "group", "field"], MANAGED);
}
