//! Images that are built for nothing, and registries that only look like the one that is trusted.
//!
//! An image counts as used wherever its name is given, even in the text of commands or in a step of the registry that some
//! test of the config might run: a finding here says that nothing at all names it. Where building
//! may be the check that is wanted, nothing is said.

use std::collections::BTreeSet;

use super::Linter;
use super::findings::Findings;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{
    InputConfiguration, LiteralTestStep, ProjectDirectoryImageBuildStepConfiguration, PromotionTarget,
    ReleaseBuildConfiguration, TestStepConfiguration,
};
use crate::registry::Registry;
use crate::validate::quoted;

rules! {
    UNUSED_IMAGE = warning "unused-image",
        "an image is built, and neither used nor promoted",
        "Every change waits for a build that nobody needs.",
        "use it, promote it, or remove it";
    UNUSED_OPTIONAL_IMAGE = warning "unused-optional-image",
        "an image is built only when something needs it, and nothing does",
        "It is never built, so that nobody notices when its Dockerfile breaks.",
        "use it, remove `optional`, or remove it";
    LOOKALIKE_REGISTRY = warning "lookalike-registry",
        "an external image comes from a host that only contains quay.io in its name",
        "Only quay.io is trusted, and the check for it takes any text that it is part of.",
        "write quay.io, or import the image into the central registry first";
}

/// What excludes all images from a promotion target.
const ALL_IMAGES: &str = "*";

/// The images that steps and observers of a registry name.
pub(super) fn images_of(registry: &Registry) -> BTreeSet<String> {
    let mut images = BTreeSet::new();
    for step in registry.steps() {
        images.extend([tag_of(&step.from).to_owned()]);
        images.extend(step.dependencies.iter().map(|dependency| tag_of(&dependency.name).to_owned()));
        images.extend(step.env.iter().filter_map(|entry| entry.default.clone()));
    }
    images.extend(registry.observers().map(|observer| tag_of(&observer.from).to_owned()));
    images.extend(registry.workflows().flat_map(|(_, steps)| {
        let inline = [&steps.pre, &steps.test, &steps.post].into_iter().flat_map(|steps| steps.iter());
        let inline =
            inline.filter_map(|step| step.literal_test_step.as_ref()).map(|step| tag_of(&step.from).to_owned());
        let given = steps.dependencies.values().chain(steps.env.values()).map(|image| tag_of(image).to_owned());
        given.chain(inline).collect::<Vec<_>>()
    }));
    images
}

impl Linter {
    /// Checks that every image of a config is of use.
    pub(super) fn check_images(&self, config: &ReleaseBuildConfiguration, out: &mut Findings) {
        if config.images.items.is_empty() || !config.raw_steps.is_empty() || is_in_payload(&config.input_configuration)
        {
            return;
        }
        let Some(registry) = &self.registry_images else { return };
        let uses = ImageUses::of(config);
        let is_of_use = |image: &ProjectDirectoryImageBuildStepConfiguration| {
            let name = image.to.as_str();
            uses.has(name) || (uses.has_steps && registry.contains(name)) || is_promoted(config, name, image.optional)
        };
        let items = || config.images.items.iter().enumerate();
        let unused: Vec<_> = items().filter(|(_, image)| !is_of_use(image)).collect();
        // Else they are built to see whether they can be built: where none is of use, or the config is the only one of its
        // branch and publishes nothing.
        let is_variant = !config.zz_generated_metadata.variant.is_empty();
        let is_a_check = unused.len() == items().count() || (config.promotion.is_none() && !is_variant);
        for (index, image) in unused.into_iter().filter(|(_, image)| image.optional || !is_a_check) {
            let name = image.to.as_str();
            let path = KeyPath::root().key("images").key("items").item(index).key("to");
            if image.optional {
                out.add(&UNUSED_OPTIONAL_IMAGE, path, format!("nothing uses {}, so it is never built", quoted(name)));
            } else {
                let message = format!("nothing uses {}, and it is not promoted", quoted(name));
                out.add(&UNUSED_IMAGE, path, message);
            }
        }
    }
}

/// Whether built images become part of a release payload that tests may use as a whole.
fn is_in_payload(input: &InputConfiguration) -> bool {
    input.tag_specification.as_ref().is_some_and(|tag| tag.include_built_images)
        || input
            .releases
            .values()
            .any(|release| release.integration.as_ref().is_some_and(|integration| integration.include_built_images))
}

fn is_promoted(config: &ReleaseBuildConfiguration, image: &str, is_optional: bool) -> bool {
    let takes = |target: &PromotionTarget| {
        let excludes = |excluded: &String| excluded == ALL_IMAGES || excluded == image;
        target.additional_images.values().any(|source| tag_of(source) == image)
            || (!is_optional && !target.excluded_images.iter().any(excludes))
    };
    config.promotion.iter().flat_map(|promotion| &promotion.to).any(takes)
}

/// The image in `stream:tag`.
fn tag_of(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, tag)| tag)
}

/// Where a config names images.
struct ImageUses<'c> {
    names: BTreeSet<&'c str>,
    /// Texts that may contain names.
    texts: Vec<&'c str>,
    /// Whether a test may run steps of the registry.
    has_steps: bool,
}

impl<'c> ImageUses<'c> {
    fn of(config: &'c ReleaseBuildConfiguration) -> Self {
        let mut uses = Self { names: BTreeSet::new(), texts: Vec::new(), has_steps: false };
        for image in &config.images.items {
            let inputs = image.project_directory_image_build_inputs.inputs.keys();
            let others = inputs.map(String::as_str).chain([image.from.as_str()]);
            uses.names.extend(others.filter(|other| *other != image.to));
        }
        let input = &config.input_configuration;
        for root in input.build_root.iter().chain(input.build_roots.values()) {
            uses.names.extend(root.project_image.iter().flat_map(|image| image.inputs.keys()).map(String::as_str));
        }
        if let Some(operator) = &config.operator {
            uses.names.extend(operator.substitutions.iter().map(|substitution| tag_of(&substitution.with)));
            uses.names.extend(operator.bundles.iter().map(|bundle| tag_of(&bundle.base_index)));
        }
        config.tests.iter().for_each(|test| uses.add_test(test));
        uses
    }

    fn add_test(&mut self, test: &'c TestStepConfiguration) {
        self.texts.push(&test.commands);
        self.names.extend(test.container.iter().map(|container| tag_of(&container.from)));
        if let Some(steps) = &test.steps {
            self.has_steps = true;
            let given = steps.dependencies.values().chain(steps.dependency_overrides.values());
            self.names.extend(given.map(|image| tag_of(image)));
            self.texts.extend(steps.env.values().map(String::as_str));
            let inline = [&steps.pre, &steps.test, &steps.post].into_iter().flat_map(|steps| steps.iter());
            inline.filter_map(|step| step.literal_test_step.as_deref()).for_each(|step| self.add_step(step));
        }
        if let Some(steps) = &test.literal_steps {
            self.names.extend(steps.dependencies.values().map(|image| tag_of(image)));
            self.texts.extend(steps.env.values().map(String::as_str));
            [&steps.pre, &steps.test, &steps.post].into_iter().flatten().for_each(|step| self.add_step(step));
        }
    }

    fn add_step(&mut self, step: &'c LiteralTestStep) {
        self.names.insert(tag_of(&step.from));
        self.names.extend(step.dependencies.iter().map(|dependency| tag_of(&dependency.name)));
        self.texts.push(&step.commands);
        self.texts.extend(step.env.iter().filter_map(|entry| entry.default.as_deref()));
    }

    fn has(&self, image: &str) -> bool {
        self.names.contains(image) || self.texts.iter().any(|text| text.contains(image))
    }
}

/// Checks that external images come from the registry that is trusted.
pub(super) fn check_registries(input: &InputConfiguration, out: &mut Findings) {
    for (name, image) in &input.external_images {
        let host = image.registry.split('/').next().unwrap_or_default();
        if image.registry.contains("quay.io") && host != "quay.io" && !host.ends_with(".quay.io") {
            let path = KeyPath::root().key("external_images").key(name).key("registry");
            out.add(&LOOKALIKE_REGISTRY, path, format!("{} is not quay.io", quoted(&image.registry)));
        }
    }
}
