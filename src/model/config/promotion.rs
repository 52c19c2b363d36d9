//! Promotion: where built images are published after a merge.

use std::collections::BTreeMap;

use crate::record;

record! {
    /// Where images go after a merge.
    pub struct PromotionConfiguration {
        /// The places they go to.
        pub to: Vec<PromotionTarget> => "to" omit,
        /// The registry to publish to in place of the usual one.
        pub registry_override: String => "registry_override" omit,
        /// The `bin` image is not kept for later builds.
        pub disable_build_cache: bool => "disable_build_cache" omit,
        /// Images are also published at these times, whether or not there was a merge.
        pub cron: String => "cron" omit,
    }

    /// One place to publish images to.
    pub struct PromotionTarget {
        /// The namespace of the image streams.
        pub namespace: String => "namespace" keep,
        /// The image stream that all images go to, one tag each.
        pub name: String => "name" omit,
        /// The tag in one image stream for each image.
        pub tag: String => "tag" omit,
        /// Images are also tagged with the commit they were built from.
        pub tag_by_commit: bool => "tag_by_commit" omit,
        /// Images that are not published; `*` is all of them.
        pub excluded_images: Vec<String> => "excluded_images" omit,
        /// Further images to publish, by the name they get.
        pub additional_images: BTreeMap<String, String> => "additional_images" omit,
        /// Nothing is published to this place; its jobs are generated all the same.
        pub disabled: bool => "disabled" omit,
    }
}
