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
        "Images are promoted into a namespace.";
    RESERVED_PROMOTION_NAMESPACE = "reserved-promotion-namespace",
        "images are promoted into a namespace that belongs to the cluster",
        "The cluster refuses to create namespaces with these names.";
    PROMOTION_WITHOUT_NAME = "promotion-without-name",
        "a promotion target has neither name nor tag",
        "One of them says where the images go: all into one stream, or each into its own.";
    PROMOTION_WITH_NAME_AND_TAG = "promotion-with-name-and-tag",
        "a promotion target has both name and tag",
        "The images go all into one stream, or each into its own.";
    OFFICIAL_PROMOTION_WITHOUT_RELEASE = "official-promotion-without-release",
        "images of the product are promoted that were not tried with the rest of it",
        "Importing the release and testing with it shows that the images fit.";
    DUPLICATE_PROMOTION_TARGET = "duplicate-promotion-target",
        "two promotion targets are the same",
        "The images would go to the same place twice.";
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
            out.says(&OFFICIAL_PROMOTION_WITHOUT_RELEASE, &place, message);
        }
        let equals = same.get(&(&target.namespace, &target.name, &target.tag));
        for other in equals.into_iter().flatten().filter(|other| **other != index) {
            let message = format_args!("promotes to the same target as {}", targets.item(*other));
            out.at(&DUPLICATE_PROMOTION_TARGET, &place, message);
        }
    }
}

fn check_target(target: &PromotionTarget, place: &Place<'_>, out: &mut Findings) {
    let namespace = target.namespace.as_str();
    if namespace.is_empty() {
        out.at(&PROMOTION_WITHOUT_NAMESPACE, place, format_args!("no namespace defined"));
    }
    let is_reserved = namespace == "default"
        || ["kube", "openshift", "redhat"].iter().any(|beginning| namespace.starts_with(beginning));
    if is_reserved && namespace != "openshift" {
        let message = format_args!(
            "cannot promote to namespace {namespace} matching this regular expression: \
             (^kube.*|^openshift.*|^default$|^redhat.*)"
        );
        out.at(&RESERVED_PROMOTION_NAMESPACE, place, message);
    }
    match (target.name.is_empty(), target.tag.is_empty()) {
        (true, true) => out.at(&PROMOTION_WITHOUT_NAME, place, format_args!("no name or tag defined")),
        (false, false) => out.at(&PROMOTION_WITH_NAME_AND_TAG, place, format_args!("both name and tag defined")),
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
