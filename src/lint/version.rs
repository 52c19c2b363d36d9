//! Releases of the product against the branch: a config that was copied to the next release's branch and still promotes to,
//! or is tested with, the last one.
//!
//! Only branches of the product's releases count (`release-4.19`, `openshift-4.19`), only the product's own streams, and
//! only where both have the same major version: many repositories have versions of their own.

use super::findings::Findings;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::validate::quoted;

rules! {
    FOREIGN_PROMOTION = warning "promotion-to-another-release",
        "a release branch promotes images into the stream of another release",
        "The other release's payload gets images of this branch, and this release's gets none.",
        "promote to the release of the branch, or disable the target";
    FOREIGN_RELEASE = warning "release-of-another-branch",
        "the config of a release branch lets its tests install another release",
        "What is built from the branch is tested within a product that it will never be part of, so that green tests say \
         little about the release that it is for.",
        "name the release that the branch is for";
}

/// A minor version of the product.
type Version = (u32, u32);

/// Checks where a config promotes to and which release it starts from.
pub(super) fn check_versions(config: &ReleaseBuildConfiguration, identity: &Metadata, out: &mut Findings) {
    let Some(version) = branch_version(&identity.branch) else { return };
    let differs = |text: &str| stream_version(text).is_some_and(|other| other.0 == version.0 && other != version);
    let targets = config.promotion.iter().flat_map(|promotion| promotion.to.iter().enumerate());
    for (index, target) in targets.filter(|(_, target)| !target.disabled && is_official(&target.namespace)) {
        for (key, text) in [("name", &target.name), ("tag", &target.tag)] {
            if differs(text) {
                let path = KeyPath::root().key("promotion").key("to").item(index).key(key);
                let message = format!("{} promotes to {}", quoted(&identity.branch), quoted(text));
                out.add(&FOREIGN_PROMOTION, path, message);
            }
        }
    }
    let input = &config.input_configuration;
    let tag = input.tag_specification.as_ref();
    if let Some(tag) = tag.filter(|tag| is_official(&tag.namespace) && differs(&tag.name)) {
        let message = started_from(identity, version, &tag.name);
        out.add(&FOREIGN_RELEASE, KeyPath::root().key("tag_specification").key("name"), message);
    }
    let latest = input.releases.get("latest").and_then(|release| release.integration.as_ref());
    if let Some(latest) = latest.filter(|latest| is_official(&latest.namespace) && differs(&latest.name)) {
        let path = KeyPath::root().key("releases").key("latest").key("integration").key("name");
        let message = started_from(identity, version, &latest.name);
        out.add(&FOREIGN_RELEASE, path, message);
    }
}

fn started_from(identity: &Metadata, (major, minor): Version, other: &str) -> String {
    let (branch, other) = (quoted(&identity.branch), quoted(other));
    format!("branch {branch} is for release {major}.{minor}, but what its tests install starts from release {other}")
}

fn is_official(namespace: &str) -> bool {
    matches!(namespace, "ocp" | "origin" | "ocp-private" | "ocp-priv")
}

/// The release that a branch is for.
fn branch_version(branch: &str) -> Option<Version> {
    let rest = ["release-", "openshift-", "enterprise-"].iter().find_map(|kind| branch.strip_prefix(kind))?;
    version(rest)
}

/// The release that a stream is of: `4.19`, `4.19-priv`.
fn stream_version(stream: &str) -> Option<Version> {
    version(stream.split('-').next().unwrap_or_default())
}

fn version(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    Some((number(major)?, number(minor)?))
}
