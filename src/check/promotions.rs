//! Where configs promote to: no tag from two places, and never to a registry of one's own.

use std::collections::BTreeMap;

use super::finding::{Finding, MOST_PLACES, Stage, Subject};
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{Metadata, PromotionTarget, ReleaseBuildConfiguration};

rules! {
    REGISTRY_OVERRIDE = "registry-override",
        "a config chooses the registry that it promotes to",
        "The field is for local runs of ci-operator; jobs have credentials for the central registry only.",
        "remove promotion.registry_override";
    TAG_PROMOTED_TWICE = "tag-promoted-twice",
        "a tag is promoted from more than one place",
        "Whichever job ends last wins, so the image under the tag changes its origin from merge to merge.",
        "promote it from one place: use another name or tag, exclude the image, or disable one target";
}

/// What excludes all images from a promotion target.
const ALL_IMAGES: &str = "*";

/// Checks that the registry is not chosen.
pub(super) fn check_override(config: &ReleaseBuildConfiguration, found: &mut Vec<Finding>) {
    if config.promotion.as_ref().is_some_and(|promotion| !promotion.registry_override.is_empty()) {
        let path = KeyPath::root().key("promotion").key("registry_override");
        let message = "setting promotion.registry_override is not allowed";
        found.push(Finding::of_rule(Stage::RegistryOverride, &REGISTRY_OVERRIDE, path, message));
    }
}

/// A tag that a config promotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromotedTag {
    /// The tag: `NAMESPACE/STREAM:TAG`.
    pub name: String,
    /// What makes the config promote it.
    source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// A target, with all images of the config.
    Target { number: usize, key: &'static str },
    /// A target that names the image.
    Additional { number: usize, image: String },
    /// The compiled source, which is kept for later builds.
    BuildCache,
}

impl PromotedTag {
    /// Texts that each config that promotes the same tag has in it, the rarer ones first, where that is known.
    pub fn words(&self) -> Option<Vec<&str>> {
        let (namespace, rest) = self.name.split_once('/')?;
        let (left, right) = rest.split_once(':')?;
        if right.contains([':', '/']) || left.contains('/') {
            return None;
        }
        Some(match &self.source {
            // It is made of the metadata.
            Source::BuildCache => {
                let parts = left.split('-').chain(right.split('-')).filter(|part| !part.is_empty());
                std::iter::once("binary_build_commands").chain(parts).collect()
            }
            Source::Target { key: "tag", .. } => vec![left, right, namespace],
            Source::Additional { image, .. } if image == left => vec![left, right, namespace],
            Source::Target { .. } | Source::Additional { .. } => vec![right, left, namespace],
        })
    }

    /// The value in the config that makes it promote the tag.
    fn path(&self) -> KeyPath {
        let target = |number: usize| KeyPath::root().key("promotion").key("to").item(number);
        match &self.source {
            Source::Target { number, key } => target(*number).key(*key),
            Source::Additional { number, image } => target(*number).key("additional_images").name(image),
            Source::BuildCache => KeyPath::root().key("zz_generated_metadata").key("branch"),
        }
    }
}

/// The tags that a config promotes.
pub fn promoted_tags(config: &ReleaseBuildConfiguration) -> Vec<PromotedTag> {
    let Some(promotion) = &config.promotion else { return Vec::new() };
    let mut tags = Vec::new();
    for (number, target) in promotion.to.iter().enumerate().filter(|(_, target)| !target.disabled) {
        tags.extend(images_of(target, number, config).into_iter().map(|(image, source)| {
            let name = match target.name.as_str() {
                "" => format!("{}/{image}:{}", target.namespace, target.tag),
                stream => format!("{}/{stream}:{image}", target.namespace),
            };
            PromotedTag { name, source }
        }));
    }
    if !config.binary_build_commands.is_empty() && !promotion.disable_build_cache {
        let Metadata { org, repo, branch, variant } = &config.zz_generated_metadata;
        let dash = if variant.is_empty() { "" } else { "-" };
        let name = format!("build-cache/{org}-{repo}:{branch}{dash}{variant}");
        tags.push(PromotedTag { name, source: Source::BuildCache });
    }
    tags
}

/// The names that images get at a target.
fn images_of<'c>(
    target: &'c PromotionTarget,
    number: usize,
    config: &'c ReleaseBuildConfiguration,
) -> BTreeMap<&'c str, Source> {
    let key = if target.name.is_empty() { "tag" } else { "name" };
    let excludes =
        |image: &str| target.excluded_images.iter().any(|excluded| excluded == ALL_IMAGES || excluded == image);
    let built = config.images.items.iter().filter(|image| !image.optional && !excludes(&image.to));
    let mut images: BTreeMap<&str, Source> =
        built.map(|image| (image.to.as_str(), Source::Target { number, key })).collect();
    for image in target.additional_images.keys() {
        images.insert(image, Source::Additional { number, image: image.clone() });
    }
    images
}

/// Checks that no tag is promoted twice: by two configs, or by two targets of one. Takes the tags of each config with its
/// metadata; a finding is given for the config that comes first by name.
pub fn check_promotions(all: &[(&Metadata, &[PromotedTag])]) -> Vec<(usize, Finding)> {
    let mut promoters: BTreeMap<&str, Vec<(usize, &Metadata, &PromotedTag)>> = BTreeMap::new();
    for (number, (metadata, tags)) in all.iter().enumerate() {
        for tag in *tags {
            promoters.entry(&tag.name).or_default().push((number, metadata, tag));
        }
    }
    promoters
        .into_iter()
        .filter_map(|(name, mut places)| {
            places.sort_by_cached_key(|(number, metadata, tag)| (identifier(metadata), *number, (*tag).clone()));
            let (first, rest) = places.split_first()?;
            (!rest.is_empty()).then(|| (first.0, promoted_twice(name, first, rest)))
        })
        .collect()
}

fn promoted_twice(
    name: &str,
    first: &(usize, &Metadata, &PromotedTag),
    rest: &[(usize, &Metadata, &PromotedTag)],
) -> Finding {
    let identifiers: Vec<String> =
        std::iter::once(first).chain(rest).map(|(_, metadata, _)| identifier(metadata)).collect();
    let message = format!("output tag {name} is promoted from more than one place: {}", identifiers.join(", "));
    let finding = Finding::of_rule(Stage::RegistryOverride, &TAG_PROMOTED_TWICE, first.2.path(), message);
    rest.iter().take(MOST_PLACES).fold(finding, |finding, (number, _, tag)| {
        finding.and(Subject::Config(*number), tag.path(), format!("{name} is promoted from here as well"))
    })
}

/// How the reference names a config: `ORG/REPO@BRANCH [VARIANT]`.
fn identifier(Metadata { org, repo, branch, variant }: &Metadata) -> String {
    let mut name = format!("{org}/{repo}@{branch}");
    if !variant.is_empty() {
        name.push_str(&format!(" [{variant}]"));
    }
    name
}
