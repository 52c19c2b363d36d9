//! Rules for ci-operator configurations, tests aside: images, releases, promotion, resources, operators.

use super::forms::{
    AMOUNT, BASE_IMAGE_NAME, CRON, LABEL_VALUE, MINOR_VERSION, ONE, PROMOTION_NAMESPACE, RELEASE_NAME, SHARED_MEMORY,
};
use super::rules::Constraint::{AtLeast, Choice, Entries, Examples, Forbid, Form, Require, Unique};
use super::rules::{Constraint, Entry, Rules};

/// The filters on changed files, of which one may be used.
pub const FILTERS: &[&str] =
    &["run_if_changed", "skip_if_only_changed", "pipeline_run_if_changed", "pipeline_skip_if_only_changed"];
/// What to say when there is more than one.
pub const ONE_FILTER: &str =
    "A job either runs for some changed files or is skipped for some: use one of these fields.";

/// The architectures of machines.
pub const ARCHITECTURES: Constraint = Choice(&[("amd64", ""), ("arm64", ""), ("ppc64le", ""), ("s390x", "")]);
const RELEASE_ARCHITECTURES: Constraint = Choice(&[
    ("amd64", "x86, the default"),
    ("arm64", "64-bit ARM"),
    ("multi", "images for all architectures"),
    ("ppc64le", "IBM Power"),
    ("s390x", "IBM Z"),
]);
const PRODUCTS: Constraint = Choice(&[
    ("ocp", "OpenShift Container Platform"),
    ("okd", "OKD on Fedora CoreOS"),
    ("okd-scos", "OKD on CentOS Stream CoreOS"),
]);
const POLICIES: Constraint = Choice(&[
    ("Local", "images are pulled through the cluster's registry"),
    ("Source", "images are pulled from where they come from"),
]);

const RESOURCES: Constraint = Entries(&[
    Entry { key: "cpu", doc: "Processor time: cores, or thousandths of one with `m`.", value: Form(&AMOUNT) },
    Entry { key: "memory", doc: "Memory, in bytes.", value: Form(&AMOUNT) },
    Entry { key: "ephemeral-storage", doc: "Disk space of the pod, in bytes.", value: Form(&AMOUNT) },
    Entry { key: "nvidia.com/gpu", doc: "GPUs made by NVIDIA.", value: Form(&AMOUNT) },
    Entry { key: "devices.kubevirt.io/kvm", doc: "The device for virtual machines.", value: Form(&ONE) },
    Entry {
        key: "ci-operator.openshift.io/shm",
        doc: "Shared memory, in bytes; 2G at most.",
        value: Form(&SHARED_MEMORY),
    },
]);

/// Adds the rules.
pub fn add(rules: &mut Rules) {
    root(rules);
    images(rules);
    operators(rules);
    releases(rules);
    promotion(rules);
}

fn root(rules: &mut Rules) {
    const MERGED: &str = "Tools fill this field when they merge the configurations of several repositories.";
    let root = rules.of("config.ReleaseBuildConfiguration");
    root.require(&["resources"])
        .field("tests", Unique)
        .field("resources", Require(&["*"]))
        .any_of(&["tests", "images", "promotion"], "There has to be a test, an image or something to promote.")
        .needs("rpm_build_location", &["rpm_build_commands"], "Without rpm_build_commands nothing would lie there.")
        .needs(
            "base_rpm_images",
            &["rpm_build_commands"],
            "The RPMs for base_rpm_images come from rpm_build_commands.",
        );
    for list in [
        "binary_build_commands_list",
        "test_binary_build_commands_list",
        "rpm_build_commands_list",
        "rpm_build_location_list",
        "build_roots",
    ] {
        root.forbid(list, MERGED);
    }
    let requirements = rules.of("config.ResourceRequirements");
    requirements
        .each(&["requests", "limits"], RESOURCES)
        .any_of(&["requests", "limits"], "There has to be a request or a limit.");
    let input = rules.of("config.InputConfiguration");
    input
        .keys("base_images", Form(&BASE_IMAGE_NAME))
        .keys("base_rpm_images", Form(&BASE_IMAGE_NAME))
        .keys("external_images", Form(&BASE_IMAGE_NAME))
        .keys("releases", Form(&RELEASE_NAME))
        .values("base_images", Require(&["tag"]))
        .values("base_rpm_images", Require(&["tag"]))
        .within(
            "tag_specification",
            "releases",
            Forbid(&["initial", "latest"], "These releases come from tag_specification already."),
        );
}

fn images(rules: &mut Rules) {
    const ROOTS: &str = "The build root is one of image_stream_tag, project_image and from_repository: true.";
    rules
        .of("config.BuildRootImageConfiguration")
        .field("image_stream_tag", Require(&["namespace", "name", "tag"]))
        .one_of(&["image_stream_tag", "project_image", "from_repository"], ROOTS);
    rules
        .of("config.ExternalImage")
        .require(&["registry", "namespace", "name", "tag"])
        .field("registry", Examples(&["quay.io"]))
        .forbid("pull_spec", "The address is made of registry, namespace, name and tag.");
    rules.of("config.ImageConfiguration").field("items", Unique).at_most_one(FILTERS, ONE_FILTER);
    rules
        .of("config.ProjectDirectoryImageBuildStepConfiguration")
        .require(&["to"])
        .items("additional_architectures", ARCHITECTURES)
        .items("capabilities", Form(&LABEL_VALUE))
        .excludes(
            "dockerfile_literal",
            &["context_dir", "dockerfile_path"],
            "The Dockerfile is either spelt out in dockerfile_literal or a file.",
        );
}

fn operators(rules: &mut Rules) {
    const NAMED: &str = "Only a bundle with a name (as) can have base_index, skip_building_index and filters.";
    let bundle = rules.of("config.Bundle");
    for option in ["base_index", "skip_building_index", "run_if_changed", "skip_if_only_changed"] {
        bundle.needs(option, &["as"], NAMED);
    }
    bundle
        .field(
            "update_graph",
            Choice(&[
                ("semver", "every version of the bundle's channel can be updated to it"),
                ("semver-skippatch", "as semver, but only the newest patch of each minor version stays"),
                ("replaces", "what the bundle's manifests say"),
            ]),
        )
        .items("capabilities", Form(&LABEL_VALUE))
        .needs(
            "update_graph",
            &["base_index"],
            "update_graph says how the bundle enters base_index, which is not given.",
        )
        .at_most_one(&["run_if_changed", "skip_if_only_changed"], ONE_FILTER);
    rules.of("config.PullSpecSubstitution").require(&["pullspec", "with"]);
}

fn releases(rules: &mut Rules) {
    rules.of("config.UnresolvedRelease").one_of(
        &["integration", "candidate", "prerelease", "release"],
        "A release is one of integration, candidate, prerelease and release.",
    );
    rules.of("config.Integration").require(&["namespace", "name"]).field("reference_policy", POLICIES);
    rules.of("config.ReleaseTagConfiguration").require(&["namespace", "name"]).field("reference_policy", POLICIES);
    rules.of("config.ReleaseDescriptor").field("product", PRODUCTS).field("architecture", RELEASE_ARCHITECTURES);
    rules
        .of("config.Candidate")
        .require(&["product", "version"])
        .field("version", Form(&MINOR_VERSION))
        .field("relative", AtLeast(0))
        .field("stream", Examples(&["nightly", "ci", "konflux-nightly", "okd", "okd-scos"]))
        .choice(
            ("product", "ocp"),
            "stream",
            &["ci", "konflux-nightly", "nightly"],
            "Streams of ocp are ci, konflux-nightly and nightly.",
        )
        .choice(("product", "okd"), "stream", &["", "okd", "okd-scos"], "Streams of okd are okd and okd-scos.")
        .choice(
            ("product", "okd-scos"),
            "stream",
            &["", "okd", "okd-scos"],
            "Streams of okd-scos are okd and okd-scos.",
        );
    rules
        .of("config.Release")
        .require(&["channel", "version"])
        .field("channel", Choice(&[("candidate", ""), ("fast", ""), ("stable", "")]))
        .field("architecture", RELEASE_ARCHITECTURES)
        .field("version", Form(&MINOR_VERSION))
        .field("relative", AtLeast(0));
    rules.of("config.Prerelease").require(&["product", "version_bounds"]);
    rules.of("config.VersionBounds").require(&["lower", "upper"]);
}

fn promotion(rules: &mut Rules) {
    const NAMED: &str = "Images go either into one image stream (name) or under one tag of many (tag).";
    rules
        .of("config.PromotionConfiguration")
        .field("to", Unique)
        .field("cron", Form(&CRON))
        .forbid("registry_override", "The registry is not for configurations to choose.");
    rules
        .of("config.PromotionTarget")
        .require(&["namespace"])
        .field("namespace", Form(&PROMOTION_NAMESPACE))
        .one_of(&["name", "tag"], NAMED);
}
