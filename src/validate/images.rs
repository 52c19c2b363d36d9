//! Rules for the images that are built and for those that are imported.

use std::collections::BTreeMap;

use super::changes;
use super::findings::Findings;
use super::names::{label_value_problems, quoted};
use super::place::Place;
use super::subject::{BUNDLE, BUNDLE_SOURCE, INDEX};
use super::tags::{Origin, Tags};
use crate::diagnostic::rule::rules;
use crate::model::config::{
    ExternalImage, ImageConfiguration, ImageStreamTagReference, InputConfiguration,
    ProjectDirectoryImageBuildStepConfiguration,
};

rules! {
    UNNAMED_IMAGE = "unnamed-image",
        "an image has no `to`",
        "`to` is the name of the image; without it nothing can use or promote it.",
        "set to";
    TWO_DOCKERFILES = "two-dockerfiles",
        "an image has a literal Dockerfile and the place of another",
        "Only one of them could be built, and the other would be ignored.",
        "keep dockerfile_literal or dockerfile_path";
    UNKNOWN_IMAGE_ARCHITECTURE = "unknown-image-architecture",
        "an image is to be built for an architecture that there is no cluster for",
        "There is no cluster of that architecture, so the build would never find a machine.",
        "write amd64, arm64, ppc64le or s390x";
    INVALID_CAPABILITY = "invalid-capability",
        "a capability cannot be the value of a label",
        "Jobs carry capabilities as labels, and Kubernetes would refuse the label.",
        "use letters, digits, dashes, dots and underscores, 63 at most, with a letter or digit at both ends";
    MISSING_IMAGE_TAG = "missing-image-tag",
        "an imported image has no tag",
        "An image stream holds many images; without a tag nobody knows which one to import.",
        "set tag";
    RESERVED_IMAGE_NAME = "reserved-image-name",
        "an imported image has a name that is made for other images",
        "The build root, the bundle source, bundles and indices get these names; one would replace the other.",
        "choose another name for the image";
    EXTERNAL_PULL_SPEC_SET = "external-pull-spec-set",
        "an external image sets pull_spec",
        "The pull spec is made from registry, namespace, name and tag, and what is set here is lost.",
        "remove pull_spec and set registry, namespace, name and tag";
    INCOMPLETE_EXTERNAL_IMAGE = "incomplete-external-image",
        "an external image lacks registry, name or namespace",
        "The image is pulled from the place that these name, so it could not be found.",
        "set registry, namespace and name";
    UNKNOWN_EXTERNAL_REGISTRY = "unknown-external-registry",
        "an external image is not from quay.io",
        "No other registry is trusted, so the image would not be imported.",
        "mirror the image to quay.io and use it from there";
    EXTERNAL_IMAGE_HIDES_BASE_IMAGE = "external-image-hides-base-image",
        "an external image has the name of a base image",
        "All images lie in one stream, so one would replace the other.",
        "rename one of the two";
}

/// The architectures images can be built for.
const ARCHITECTURES: [&str; 4] = ["amd64", "arm64", "ppc64le", "s390x"];

/// Checks `images`.
pub fn check_images<'a>(images: &'a ImageConfiguration, tags: &mut Tags<'a>, out: &mut Findings) {
    let root = Place::ROOT;
    let place = root.key("images");
    let filters = [
        images.run_if_changed.as_str(),
        &images.skip_if_only_changed,
        &images.pipeline_run_if_changed,
        &images.pipeline_skip_if_only_changed,
    ];
    changes::check_filters(&changes::ALL, &filters, &place, out);
    let items = place.silent("items");
    for (index, image) in images.items.iter().enumerate() {
        check_image(image, index, &items.item(index), tags, out);
    }
}

fn check_image<'a>(
    image: &'a ProjectDirectoryImageBuildStepConfiguration,
    index: usize,
    place: &Place<'_>,
    tags: &mut Tags<'a>,
    out: &mut Findings,
) {
    if image.to.is_empty() {
        out.at(&UNNAMED_IMAGE, &place.silent("to"), format_args!("`to` must be set"));
    }
    tags.claim_for(&image.to, &image.reference, Origin::Item("images", index), &place.silent("to"), out);
    let inputs = &image.project_directory_image_build_inputs;
    if inputs.dockerfile_literal.is_some() && (!inputs.context_dir.is_empty() || !inputs.dockerfile_path.is_empty()) {
        let message = format_args!("dockerfile_literal is mutually exclusive with context_dir and dockerfile_path");
        out.at(&TWO_DOCKERFILES, &place.silent("dockerfile_literal"), message);
    }
    for (number, architecture) in image.additional_architectures.iter().enumerate() {
        if !ARCHITECTURES.contains(&architecture.as_str()) {
            let message = format_args!("invalid architecture: {architecture}. Use one of {}", ARCHITECTURES.join(", "));
            out.at(&UNKNOWN_IMAGE_ARCHITECTURE, &place.silent("additional_architectures").silent_item(number), message);
        }
    }
    for (number, capability) in image.capabilities.iter().enumerate() {
        if let Some(problem) = label_value_problems(capability) {
            let message = format_args!("invalid capability {}: {problem}", quoted(capability));
            out.at(&INVALID_CAPABILITY, &place.silent("capabilities").silent_item(number), message);
        }
    }
}

/// Checks `base_images`, `base_rpm_images` and `external_images`.
pub fn check_imports<'a>(input: &'a InputConfiguration, tags: &mut Tags<'a>, out: &mut Findings) {
    let root = Place::ROOT;
    let base = root.key("base_images");
    check_references(&input.base_images, &base, out);
    for name in input.base_images.keys() {
        tags.claim(name.as_str(), Origin::Entry("base_images", name), &base.entry(name), out);
    }
    let rpm = root.key("base_rpm_images");
    check_references(&input.base_rpm_images, &rpm, out);
    for name in input.base_rpm_images.keys() {
        let (place, origin) = (rpm.entry(name), Origin::Entry("base_rpm_images", name));
        tags.claim(format!("{name}-without-rpms"), origin, &place, out);
        tags.claim(name.as_str(), origin, &place, out);
    }
    let external = root.key("external_images");
    for (name, image) in &input.external_images {
        check_external(name, image, &external, out);
    }
    for (name, image) in &input.external_images {
        check_reference(name, &image.image_stream_tag_reference, &external, out);
    }
    for name in input.external_images.keys() {
        if input.base_images.contains_key(name) {
            let message = format_args!("external_image {name} collides with base_image {name}");
            out.says(&EXTERNAL_IMAGE_HIDES_BASE_IMAGE, &external.entry(name), message);
        }
    }
}

fn check_references(images: &BTreeMap<String, ImageStreamTagReference>, place: &Place<'_>, out: &mut Findings) {
    for (name, image) in images {
        check_reference(name, image, place, out);
    }
}

fn check_reference(name: &str, image: &ImageStreamTagReference, images: &Place<'_>, out: &mut Findings) {
    let place = images.key(name);
    if name == "root" {
        out.says(&RESERVED_IMAGE_NAME, &place, format_args!("{place} can't be named 'root'"));
    }
    if name == BUNDLE_SOURCE {
        out.at(&RESERVED_IMAGE_NAME, &place, format_args!("cannot be named {BUNDLE_SOURCE}"));
    }
    if name.starts_with(BUNDLE) {
        out.at(&RESERVED_IMAGE_NAME, &place, format_args!("cannot begin with `{BUNDLE}`"));
    }
    if name.starts_with(INDEX) {
        out.at(&RESERVED_IMAGE_NAME, &place, format_args!("cannot begin with {INDEX}"));
    }
    if image.tag.is_empty() {
        out.at(&MISSING_IMAGE_TAG, &place.key("tag"), format_args!("value required but not provided"));
    }
}

fn check_external(name: &str, image: &ExternalImage, images: &Place<'_>, out: &mut Findings) {
    let place = images.silent(name);
    if !image.pull_spec.is_empty() {
        let message = format_args!("{name}.pull_spec is not valid to be set directly in the config");
        out.at(&EXTERNAL_PULL_SPEC_SET, &place.silent("pull_spec"), message);
    }
    if image.registry.is_empty() {
        let message = format_args!("{name}.registry value required but not provided");
        out.at(&INCOMPLETE_EXTERNAL_IMAGE, &place.silent("registry"), message);
    } else if !names_quay(&image.registry) {
        out.at(&UNKNOWN_EXTERNAL_REGISTRY, &place.silent("registry"), format_args!("{name}.registry is not quay.io/*"));
    }
    let reference = &image.image_stream_tag_reference;
    for (field, value) in [("name", &reference.name), ("namespace", &reference.namespace)] {
        if value.is_empty() {
            let message = format_args!("{name}.{field} value required but not provided");
            out.at(&INCOMPLETE_EXTERNAL_IMAGE, &place.silent(field), message);
        }
    }
}

/// Whether the text has `quay`, any one letter and `io` in it: the reference looks no closer.
fn names_quay(registry: &str) -> bool {
    registry.match_indices("quay").any(|(at, found)| {
        let mut rest = registry.get(at + found.len()..).unwrap_or_default().chars();
        rest.next().is_some_and(|letter| letter != '\n') && rest.as_str().starts_with("io")
    })
}
