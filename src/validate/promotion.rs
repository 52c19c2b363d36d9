//! Rules for where images are promoted to.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::place::Place;
use super::subject::LATEST;
use crate::diagnostic::rule::rules;
use crate::model::config::{PromotionConfiguration, PromotionTarget, ReleaseBuildConfiguration};

rules! {
    PROMOTION_WITHOUT_NAMESPACE = "promotion-without-namespace",
        "a promotion target has no namespace",
        "Nobody knows where the images are to go, so they would not be promoted.",
        "set namespace";
    RESERVED_PROMOTION_NAMESPACE = "reserved-promotion-namespace",
        "images are promoted into a namespace that belongs to the cluster",
        "Namespaces with these names belong to the cluster, and promotion would be refused.",
        "promote into a namespace of your own";
    PROMOTION_WITHOUT_NAME = "promotion-without-name",
        "a promotion target has neither name nor tag",
        "Images go all into the stream `name`, or each into its own under `tag`; without either they go nowhere.",
        "set name or tag";
    PROMOTION_WITH_NAME_AND_TAG = "promotion-with-name-and-tag",
        "a promotion target has both name and tag",
        "Images go all into the stream `name`, or each into its own under `tag`; both at once has no meaning.",
        "keep name or tag";
    OFFICIAL_PROMOTION_WITHOUT_RELEASE = "official-promotion-without-release",
        "images of the product are promoted that were not tried with the rest of it",
        "Images that were never tried with the rest of the product would become part of it.",
        "import the release under releases.latest or by tag_specification, and test with it";
    DUPLICATE_PROMOTION_TARGET = "duplicate-promotion-target",
        "two promotion targets are the same",
        "The images would be promoted to one place twice, and settings that differ would compete.",
        "keep one of the targets";
}

/// Checks `promotion`.
pub fn check_promotion(promotion: &PromotionConfiguration, config: &ReleaseBuildConfiguration, out: &mut Findings) {
    let root = Place::ROOT;
    let (promotion_place, unreleased) = (root.key("promotion"), promotes_unreleased(promotion, config));
    let targets = promotion_place.key("to");
    let mut same: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, target) in promotion.to.iter().enumerate() {
        same.entry((&target.namespace, &target.name, &target.tag)).or_default().push(index);
    }
    for (index, target) in promotion.to.iter().enumerate() {
        let place = targets.item(index);
        check_target(target, &place, out);
        if unreleased {
            let message = format_args!(
                "importing the release stream is required to ensure the promoted images to the namespace {} can be \
                 integrated properly. Although it can be achieved by tag_specification or releases[\"latest\"], adding \
                 an e2e test is strongly suggested",
                target.namespace
            );
            out.says(&OFFICIAL_PROMOTION_WITHOUT_RELEASE, &place.silent("namespace"), message);
        }
        let equals = same.get(&(&target.namespace, &target.name, &target.tag));
        for other in equals.into_iter().flatten().filter(|other| **other != index) {
            let message = format_args!("promotes to the same target as {}", targets.item(*other));
            let key = if target.name.is_empty() { "tag" } else { "name" };
            out.at(&DUPLICATE_PROMOTION_TARGET, &place.silent(key), message);
        }
    }
}

fn check_target(target: &PromotionTarget, place: &Place<'_>, out: &mut Findings) {
    let namespace = target.namespace.as_str();
    if namespace.is_empty() {
        out.at(&PROMOTION_WITHOUT_NAMESPACE, &place.silent("namespace"), format_args!("no namespace defined"));
    }
    let is_reserved = namespace == "default"
        || ["kube", "openshift", "redhat"].iter().any(|beginning| namespace.starts_with(beginning));
    if is_reserved && namespace != "openshift" {
        let message = format_args!(
            "cannot promote to namespace {namespace} matching this regular expression: \
             (^kube.*|^openshift.*|^default$|^redhat.*)"
        );
        out.at(&RESERVED_PROMOTION_NAMESPACE, &place.silent("namespace"), message);
    }
    match (target.name.is_empty(), target.tag.is_empty()) {
        (true, true) => out.at(&PROMOTION_WITHOUT_NAME, &place.silent("name"), format_args!("no name or tag defined")),
        (false, false) => {
            out.at(&PROMOTION_WITH_NAME_AND_TAG, &place.silent("tag"), format_args!("both name and tag defined"))
        }
        _ => {}
    }
}

/// Whether something is built and promoted into a namespace of the product, without the release being imported.
fn promotes_unreleased(promotion: &PromotionConfiguration, config: &ReleaseBuildConfiguration) -> bool {
    let input = &config.input_configuration;
    let is_official = |target: &PromotionTarget| !target.disabled && matches!(&*target.namespace, "ocp" | "origin");
    let promotes_something =
        !config.images.items.is_empty() || promotion.to.iter().any(|target| !target.additional_images.is_empty());
    promotion.to.iter().any(is_official)
        && promotes_something
        && input.tag_specification.is_none()
        && !input.releases.contains_key(LATEST)
}
