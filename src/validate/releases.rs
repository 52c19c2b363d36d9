//! Rules for the releases that tests run against.

use super::findings::Findings;
use super::place::Place;
use super::subject::{INITIAL, LATEST};
use crate::diagnostic::rule::rules;
use crate::model::config::{
    Candidate, InputConfiguration, Integration, Prerelease, Release, ReleaseTagConfiguration, UnresolvedRelease,
};

rules! {
    DOT_IN_RELEASE_NAME = "dot-in-release-name",
        "a release's name has a dot",
        "The name becomes part of the name of an image stream, in which a dot means something else.",
        "write a dash in place of the dot";
    RELEASE_BESIDE_TAG_SPECIFICATION = "release-beside-tag-specification",
        "latest or initial is given by releases and by tag_specification",
        "Both fill the same image streams, so tests would run with a mixture of the two.",
        "keep releases, and remove tag_specification";
    SEVERAL_RELEASE_KINDS = "several-release-kinds",
        "a release is given in more than one way",
        "Only one of them could be imported, and which is not said.",
        "keep one of integration, candidate, prerelease and release";
    EMPTY_RELEASE = "empty-release",
        "a release is given in no way",
        "There is nothing to import, so tests that use the release could not start.",
        "set integration, candidate, prerelease or release";
    INCOMPLETE_INTEGRATION = "incomplete-integration",
        "an integration stream lacks name or namespace",
        "The stream is found by both, so the release could not be imported.",
        "set name and namespace";
    MISPLACED_BUILT_IMAGES = "misplaced-built-images",
        "include_built_images is set on a release that is not latest",
        "Built images are only ever put into the latest release; here the field would have no effect.",
        "move include_built_images to the release named latest";
    UNKNOWN_REFERENCE_POLICY = "unknown-reference-policy",
        "reference_policy is neither Local nor Source",
        "Image streams know no other policy, and the import would be refused.",
        "write Local or Source, or remove it for Local";
    UNKNOWN_PRODUCT = "unknown-product",
        "a release is of a product that there is not",
        "Releases are looked up by product, so none would be found.",
        "write ocp, okd or okd-scos";
    UNKNOWN_RELEASE_ARCHITECTURE = "unknown-release-architecture",
        "a release is for an architecture that there are no releases for",
        "Releases are looked up by architecture, so none would be found.",
        "write amd64, arm64, multi, ppc64le or s390x";
    UNKNOWN_RELEASE_STREAM = "unknown-release-stream",
        "a candidate is from a stream that its product has not",
        "Candidates are looked up by stream, so none would be found.",
        "write one of the streams that the message names";
    UNKNOWN_CHANNEL = "unknown-channel",
        "a release is from a channel that there is not",
        "Releases are looked up by channel, so none would be found.",
        "write candidate, fast or stable";
    INVALID_RELEASE_VERSION = "invalid-release-version",
        "a version has no minor version in it",
        "Releases are looked up by minor version, so none would be found.",
        "write the minor version in quotes, such as \"4.20\"";
    NEGATIVE_RELATIVE = "negative-relative",
        "relative is below zero",
        "It counts releases backwards from the newest; none is newer than that.",
        "write 0 for the newest release, 1 for the one before it";
    OPEN_VERSION_BOUNDS = "open-version-bounds",
        "a prerelease lacks a version bound",
        "The newest version between both bounds is taken; with one missing there is no such range.",
        "set lower and upper";
    INCOMPLETE_TAG_SPECIFICATION = "incomplete-tag-specification",
        "tag_specification lacks namespace or name",
        "The image stream is found by both, so the release could not be imported.",
        "set name and namespace of the stream";
}

const PRODUCTS: [&str; 3] = ["ocp", "okd", "okd-scos"];
const ARCHITECTURES: [&str; 5] = ["amd64", "arm64", "multi", "ppc64le", "s390x"];
const CHANNELS: [&str; 3] = ["candidate", "fast", "stable"];
const OCP_STREAMS: [&str; 3] = ["ci", "konflux-nightly", "nightly"];
/// An empty stream is filled in for OKD.
const OKD_STREAMS: [&str; 3] = ["", "okd", "okd-scos"];

/// Checks `tag_specification`.
pub fn check_tag_specification(tag: &ReleaseTagConfiguration, out: &mut Findings) {
    let root = Place::ROOT;
    let place = root.key("tag_specification");
    if tag.namespace.is_empty() {
        out.at(&INCOMPLETE_TAG_SPECIFICATION, &place.silent("namespace"), format_args!("no namespace defined"));
    }
    if tag.name.is_empty() {
        out.at(&INCOMPLETE_TAG_SPECIFICATION, &place.silent("name"), format_args!("no name defined"));
    }
}

/// Checks `releases`.
pub fn check_releases(input: &InputConfiguration, out: &mut Findings) {
    let root = Place::ROOT;
    let releases = root.key("releases");
    for (name, release) in &input.releases {
        let place = releases.key(name);
        if name.contains('.') {
            let message = format_args!("the release name is not valid: must not contain '.'");
            out.at(&DOT_IN_RELEASE_NAME, &releases.entry(name), message);
        }
        if input.tag_specification.is_some() && (name == LATEST || name == INITIAL) {
            let message = format_args!("cannot request resolving a(n) {name} release and set tag_specification");
            out.at(&RELEASE_BESIDE_TAG_SPECIFICATION, &place, message);
        }
        check_release_kind(name, release, &place, out);
    }
}

fn check_release_kind(name: &str, release: &UnresolvedRelease, place: &Place<'_>, out: &mut Findings) {
    match (&release.integration, &release.candidate, &release.release, &release.prerelease) {
        (None, None, None, None) => {
            let message = format_args!("must set integration, candidate, prerelease or release");
            out.at(&EMPTY_RELEASE, place, message);
        }
        (Some(integration), None, None, None) => {
            check_integration(name, integration, &place.silent("integration"), out);
        }
        (None, Some(candidate), None, None) => check_candidate(candidate, &place.silent("candidate"), out),
        (None, None, Some(release), None) => check_release(release, &place.silent("release"), out),
        (None, None, None, Some(prerelease)) => check_prerelease(prerelease, &place.silent("prerelease"), out),
        _ => {
            let message = format_args!("cannot set more than one of integration, candidate, prerelease and release");
            out.at(&SEVERAL_RELEASE_KINDS, place, message);
        }
    }
}

fn check_integration(name: &str, integration: &Integration, place: &Place<'_>, out: &mut Findings) {
    for (field, value) in [("name", &integration.name), ("namespace", &integration.namespace)] {
        if value.is_empty() {
            out.at(&INCOMPLETE_INTEGRATION, &place.key(field), format_args!("must be set"));
        }
    }
    if integration.include_built_images && name != LATEST {
        let message = format_args!("only the `latest` release can set `include_built_images`");
        out.at(&MISPLACED_BUILT_IMAGES, &place.silent("include_built_images"), message);
    }
    if let Some(policy) = &integration.reference_policy
        && policy != "Local"
        && policy != "Source"
    {
        let message = format_args!("must be one of Local or Source or empty defaults to Local");
        out.at(&UNKNOWN_REFERENCE_POLICY, &place.key("reference_policy"), message);
    }
}

fn check_candidate(candidate: &Candidate, place: &Place<'_>, out: &mut Findings) {
    let descriptor = &candidate.release_descriptor;
    if !PRODUCTS.contains(&descriptor.product.as_str()) {
        return report_product(place, out);
    }
    check_architecture(&descriptor.architecture, place, out);
    let streams = if descriptor.product == "ocp" { OCP_STREAMS } else { OKD_STREAMS };
    if !streams.contains(&candidate.stream.as_str()) {
        let message = format_args!("must be one of {}", streams.join(", "));
        out.at(&UNKNOWN_RELEASE_STREAM, &place.key("stream"), message);
    }
    check_version(&candidate.version, place, out);
    if descriptor.relative < 0 {
        out.at(&NEGATIVE_RELATIVE, &place.key("relative"), format_args!("must be a positive integer"));
    }
}

fn check_release(release: &Release, place: &Place<'_>, out: &mut Findings) {
    check_architecture(&release.architecture, place, out);
    if !CHANNELS.contains(&release.channel.as_str()) {
        let message = format_args!("must be one of {}", CHANNELS.join(", "));
        return out.at(&UNKNOWN_CHANNEL, &place.key("channel"), message);
    }
    check_version(&release.version, place, out);
    if release.relative < 0 {
        out.at(&NEGATIVE_RELATIVE, &place.key("relative"), format_args!("must be a non-negative integer"));
    }
}

fn check_prerelease(prerelease: &Prerelease, place: &Place<'_>, out: &mut Findings) {
    let descriptor = &prerelease.release_descriptor;
    if !PRODUCTS.contains(&descriptor.product.as_str()) {
        return report_product(place, out);
    }
    check_architecture(&descriptor.architecture, place, out);
    let bounds = place.key("version_bounds");
    for (field, value) in [("lower", &prerelease.version_bounds.lower), ("upper", &prerelease.version_bounds.upper)] {
        if value.is_empty() {
            out.at(&OPEN_VERSION_BOUNDS, &bounds.key(field), format_args!("must be set"));
        }
    }
}

fn report_product(place: &Place<'_>, out: &mut Findings) {
    let message = format_args!("must be one of {}", PRODUCTS.join(", "));
    out.at(&UNKNOWN_PRODUCT, &place.key("product"), message);
}

/// An empty architecture is filled in later.
fn check_architecture(architecture: &str, place: &Place<'_>, out: &mut Findings) {
    if !architecture.is_empty() && !ARCHITECTURES.contains(&architecture) {
        let message = format_args!("must be one of {}", ARCHITECTURES.join(", "));
        out.at(&UNKNOWN_RELEASE_ARCHITECTURE, &place.key("architecture"), message);
    }
}

/// A digit, a point and a digit anywhere in the version are enough for the reference.
fn check_version(version: &str, place: &Place<'_>, out: &mut Findings) {
    let is_minor = version.as_bytes().windows(3).any(|bytes| match bytes {
        [major, point, minor] => major.is_ascii_digit() && *point == b'.' && minor.is_ascii_digit(),
        _ => false,
    });
    if !is_minor {
        let message = format_args!("must be a minor version in the form [0-9]\\.[0-9]+");
        out.at(&INVALID_RELEASE_VERSION, &place.key("version"), message);
    }
}
