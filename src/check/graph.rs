//! The build graph as a config gives it: every target has a name of its own, and what runs in an image that the config
//! should make finds it.
//!
//! [`BuildGraph::of`] lists the targets and the images of the pipeline in the order in which the reference makes steps of
//! them. Tests take part that run in a container or spell out their steps; those that the registry resolves do not, so
//! that their shard count, for one, is not looked at here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Stage, Subject};
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{
    BuildRootImageConfiguration, LiteralTestStep, OperatorStepConfiguration, ReleaseBuildConfiguration,
    StepConfiguration, TestStepConfiguration,
};

rules! {
    DUPLICATE_TARGET = "duplicate-target",
        "two steps of the build graph have the same name",
        "ci-operator is told by name what to do, so one could not be asked for without the other.",
        "rename one: no test may be called like an image, a bundle, bin, test-bin, rpms or src";
    SHARDED_POSTSUBMIT = "sharded-postsubmit",
        "a postsubmit has a shard count",
        "Only presubmits and periodics are split.",
        "remove shard_count, or make the test a presubmit or periodic";
    TOO_FEW_SHARDS = "too-few-shards",
        "a test is split into fewer than two jobs",
        "One job is no split, and with none the test has no jobs at all.",
        "remove shard_count, or make it two or more";
    UNKNOWN_TEST_IMAGE = "unknown-test-image",
        "a test or step runs in an image that the config does not make",
        "The image will not be there when the test is to run.",
        "name an image of base_images, images or operator, or add the field that makes it";
}

/// What `images`, tests and so on come to.
#[derive(Debug, Default)]
pub(super) struct BuildGraph<'c> {
    /// Targets by name, in order, with the field that makes each.
    targets: Vec<(Cow<'c, str>, At<'c>)>,
    /// The images in the pipeline.
    pub images: BTreeSet<Cow<'c, str>>,
    tests: Vec<GraphTest<'c>>,
}

/// A test that is in the graph.
#[derive(Debug)]
struct GraphTest<'c> {
    test: &'c TestStepConfiguration,
    at: At<'c>,
}

/// The field that makes a step of the graph.
#[derive(Clone, Copy, Debug)]
enum At<'c> {
    Field(&'static str),
    Entry(&'static str, &'c str),
    Image(usize),
    Bundle(usize, &'static str),
    Test(usize),
    /// A field of a step that is spelt out; empty for the step as such.
    Raw(usize, &'static str, &'static str),
    /// The name that a tag which is spelt out has in the pipeline.
    RawAlias(usize),
}

impl At<'_> {
    fn path(self) -> KeyPath {
        let root = KeyPath::root();
        match self {
            Self::Field(field) => root.key(field),
            Self::Entry(map, key) => root.key(map).name(key),
            Self::Image(index) => root.key("images").key("items").item(index).key("to"),
            Self::Bundle(index, key) => root.key("operator").key("bundles").item(index).key(key),
            Self::Test(index) => root.key("tests").item(index).key("as"),
            Self::RawAlias(index) => root.key("raw_steps").item(index).key("output_image_tag_step").key("to").key("as"),
            Self::Raw(index, kind, "") => root.key("raw_steps").item(index).key(kind),
            Self::Raw(index, kind, key) => root.key("raw_steps").item(index).key(kind).key(key),
        }
    }

    /// The test itself, where the field is a test's name.
    fn test_path(self) -> KeyPath {
        match self {
            Self::Test(index) => KeyPath::root().key("tests").item(index),
            Self::Raw(index, kind, _) => KeyPath::root().key("raw_steps").item(index).key(kind),
            other => other.path(),
        }
    }
}

impl<'c> BuildGraph<'c> {
    /// The graph of a config.
    pub(super) fn of(config: &'c ReleaseBuildConfiguration) -> Self {
        let mut graph = Self::default();
        // Made when ci-operator runs, from what it is to test.
        graph.images.insert("src".into());
        graph.add_inputs(config);
        graph.add_commands(config);
        for (index, image) in config.images.items.iter().enumerate() {
            graph.add(&*image.to, At::Image(index));
            graph.images.insert((&*image.to).into());
            let tag = match image.reference.as_str() {
                "" => &*image.to,
                reference => image.to.strip_suffix(reference).and_then(|to| to.strip_suffix('-')).unwrap_or(&image.to),
            };
            graph.add(format!("[output:stable:{tag}]"), At::Image(index));
        }
        if let Some(operator) = &config.operator {
            graph.add_bundles(operator);
        }
        for (index, test) in config.tests.iter().enumerate() {
            if test.container.is_some() || test.literal_steps.is_some() {
                graph.add_test(test, At::Test(index));
            }
        }
        if config.input_configuration.tag_specification.is_some() {
            graph.add_release_images(At::Field("tag_specification"));
        }
        for name in config.input_configuration.releases.keys() {
            graph.add(format!("[release:{name}]"), At::Entry("releases", name));
        }
        for (index, step) in config.raw_steps.iter().enumerate() {
            graph.add_raw(step, index);
        }
        graph
    }

    /// Checks the names of targets, and the tests.
    pub(super) fn check(&self, found: &mut Vec<Finding>) {
        check_names(self, found);
        for test in &self.tests {
            check_shards(test, found);
            check_images(test, self, found);
        }
    }

    fn add(&mut self, name: impl Into<Cow<'c, str>>, at: At<'c>) {
        self.targets.push((name.into(), at));
    }

    /// A target that has the name of the image it makes.
    fn add_image(&mut self, image: impl Into<Cow<'c, str>>, at: At<'c>) {
        let image = image.into();
        self.add(image.clone(), at);
        self.images.insert(image);
    }

    fn add_import(&mut self, image: impl Into<Cow<'c, str>>, at: At<'c>) {
        let image = image.into();
        self.add(format!("[input:{image}]"), at);
        self.images.insert(image);
    }

    fn add_inputs(&mut self, config: &'c ReleaseBuildConfiguration) {
        let input = &config.input_configuration;
        for name in input.external_images.keys() {
            self.add_import(&**name, At::Entry("external_images", name));
        }
        for (repository, root) in &input.build_roots {
            if !repository.is_empty() {
                self.add_root(root, format!("root-{repository}").into(), At::Entry("build_roots", repository));
            } else if input.build_root.is_none() {
                self.add_root(root, "root".into(), At::Entry("build_roots", repository));
            }
        }
        if let Some(root) = &input.build_root {
            self.add_root(root, "root".into(), At::Field("build_root"));
        }
        for name in input.base_images.keys() {
            self.add_import(&**name, At::Entry("base_images", name));
        }
        for name in input.base_rpm_images.keys() {
            let at = At::Entry("base_rpm_images", name);
            self.add_import(format!("{name}-without-rpms"), at);
            self.add_image(&**name, at);
        }
    }

    fn add_root(&mut self, root: &BuildRootImageConfiguration, name: Cow<'c, str>, at: At<'c>) {
        if root.from_repository || root.image_stream_tag.is_some() {
            self.add_import(name, at);
        } else if root.project_image.is_some() {
            self.add_image("root", at);
        }
    }

    fn add_commands(&mut self, config: &'c ReleaseBuildConfiguration) {
        let commands = [
            ("bin", "binary_build_commands", &config.binary_build_commands, &config.binary_build_commands_list),
            (
                "test-bin",
                "test_binary_build_commands",
                &config.test_binary_build_commands,
                &config.test_binary_build_commands_list,
            ),
            ("rpms", "rpm_build_commands", &config.rpm_build_commands, &config.rpm_build_commands_list),
        ];
        for (image, field, commands, list) in commands {
            let own = (!commands.is_empty()).then_some("");
            let at = At::Field(field);
            for reference in list.iter().map(|item| item.reference.as_str()).chain(own) {
                let dash = if reference.is_empty() { "" } else { "-" };
                self.add_image(format!("{image}{dash}{reference}"), at);
                if image == "rpms" {
                    self.add(format!("[serve:rpms{dash}{reference}]"), at);
                }
            }
        }
    }

    fn add_bundles(&mut self, operator: &'c OperatorStepConfiguration) {
        self.add_image("src-bundle", At::Field("operator"));
        let bundles = || operator.bundles.iter().enumerate();
        for (index, bundle) in bundles().filter(|(_, bundle)| !bundle.name.is_empty()) {
            let at = At::Bundle(index, "as");
            self.add_image(&*bundle.name, at);
            self.add_image(format!("ci-index-{}-gen", bundle.name), at);
            self.images.insert("ci-index-gen".into());
            self.add_image(format!("ci-index-{}", bundle.name), at);
        }
        let mut unnamed = bundles().filter(|(_, bundle)| bundle.name.is_empty()).peekable();
        let has_unnamed = unnamed.peek().is_some();
        for (index, _) in unnamed {
            self.add_image(format!("ci-bundle{index}"), At::Bundle(index, "dockerfile_path"));
        }
        if has_unnamed {
            self.add_image("ci-index-gen", At::Field("operator"));
            self.add_image("ci-index", At::Field("operator"));
        }
    }

    fn add_test(&mut self, test: &'c TestStepConfiguration, at: At<'c>) {
        self.add(&*test.name, at);
        self.tests.push(GraphTest { test, at });
    }

    fn add_release_images(&mut self, at: At<'c>) {
        for name in ["[release-inputs]", "[release:initial]", "[release:latest]"] {
            self.add(name, at);
        }
    }

    /// A step that is spelt out. One that says several things is taken for the first.
    fn add_raw(&mut self, step: &'c StepConfiguration, index: usize) {
        let at = |kind, key| At::Raw(index, kind, key);
        if let Some(step) = &step.input_image_tag_step {
            self.add_import(&*step.input_image.to, at("input_image_tag_step", "to"));
        } else if let Some(step) = &step.pipeline_image_cache_step {
            self.add_image(&*step.to, at("pipeline_image_cache_step", "to"));
        } else if let Some(step) = &step.source_step {
            self.add_image(&*step.to, at("source_step", "to"));
        } else if step.bundle_source_step.is_some() {
            self.add_image("src-bundle", at("bundle_source_step", ""));
        } else if let Some(step) = &step.index_generator_step {
            self.add_image(&*step.to, at("index_generator_step", "to"));
            self.images.insert("ci-index-gen".into());
        } else if let Some(step) = &step.project_directory_image_build_step {
            self.add_image(&*step.to, at("project_directory_image_build_step", "to"));
        } else if let Some(step) = &step.rpm_image_injection_step {
            self.add_image(&*step.to, at("rpm_image_injection_step", "to"));
        } else if let Some(step) = &step.rpm_serve_step {
            let dash = if step.reference.is_empty() { "" } else { "-" };
            self.add(format!("[serve:rpms{dash}{}]", step.reference), at("rpm_serve_step", ""));
        } else if let Some(step) = &step.output_image_tag_step {
            match step.to.alias.as_str() {
                "" => self.add(format!("[output:{}:{}]", step.to.name, step.to.tag), at("output_image_tag_step", "to")),
                alias => self.add(alias, At::RawAlias(index)),
            }
        } else if step.release_images_tag_step.is_some() {
            self.add_release_images(at("release_images_tag_step", ""));
        } else if let Some(step) = &step.resolved_release_images_step {
            self.add(format!("[release:{}]", step.name), at("resolved_release_images_step", "name"));
        } else if let Some(test) = &step.test_step {
            self.add_test(test, at("test_step", "as"));
        } else if step.project_directory_image_build_inputs.is_some() {
            self.add_image("root", at("project_directory_image_build_inputs", ""));
        }
    }
}

fn check_names(graph: &BuildGraph<'_>, found: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, At<'_>> = BTreeMap::new();
    for (name, at) in &graph.targets {
        if let Some(other) = first.get(&**name) {
            let message = format!("configuration contains duplicate target: {name}");
            let finding = Finding::of_rule(Stage::Graph, &DUPLICATE_TARGET, at.path(), message);
            found.push(finding.and(Subject::SameConfig, other.path(), format!("{name} is a target already")));
        } else {
            first.insert(name, *at);
        }
    }
}

fn check_shards(test: &GraphTest<'_>, found: &mut Vec<Finding>) {
    let Some(count) = test.test.shard_count else { return };
    let path = test.at.test_path().key("shard_count");
    let name = &test.test.name;
    if test.test.postsubmit {
        let message = format!("tests[{name}].shard_count is not valid for a postsubmit");
        found.push(Finding::of_rule(Stage::Graph, &SHARDED_POSTSUBMIT, path.clone(), message));
    }
    if count <= 1 {
        let message = format!("tests[{name}].shard_count must be greater than 1 if provided");
        found.push(Finding::of_rule(Stage::Graph, &TOO_FEW_SHARDS, path, message));
    }
}

/// The field that makes an image of the pipeline which every config knows.
fn maker(image: &str) -> Option<&'static str> {
    match image {
        "root" => Some("build_root"),
        "bin" => Some("binary_build_commands"),
        "test-bin" => Some("test_binary_build_commands"),
        "rpms" => Some("rpm_build_commands"),
        _ => None,
    }
}

fn check_images(test: &GraphTest<'_>, graph: &BuildGraph<'_>, found: &mut Vec<Finding>) {
    let (name, path) = (&test.test.name, test.at.test_path());
    if let Some(container) = &test.test.container {
        let image = container.from.as_str();
        if !graph.images.contains(image) {
            let place = format!("tests[{name}].from");
            let path = path.key("container").key("from");
            found.push(unknown_image(&place, image, maker(image), path));
        }
    } else if let Some(steps) = &test.test.literal_steps {
        for (phase, steps) in [("pre", &steps.pre), ("test", &steps.test), ("post", &steps.post)] {
            for (index, step) in steps.iter().enumerate() {
                let place = || format!("tests[{name}].steps.{phase}[{index}].from");
                let path = || path.key("literal_steps").key(phase).item(index).key("from");
                found.extend(check_step(step, graph, &place, &path));
            }
        }
    }
}

/// Other names than the four need not be of the pipeline.
fn check_step(
    step: &LiteralTestStep,
    graph: &BuildGraph<'_>,
    place: &dyn Fn() -> String,
    path: &dyn Fn() -> KeyPath,
) -> Option<Finding> {
    let maker = maker(&step.from)?;
    (!graph.images.contains(step.from.as_str())).then(|| unknown_image(&place(), &step.from, Some(maker), path()))
}

fn unknown_image(place: &str, image: &str, maker: Option<&str>, path: KeyPath) -> Finding {
    let missing = maker.map(|field| format!(" (configuration is missing `{field}`)")).unwrap_or_default();
    let message = format!("{place}: unknown image {}{missing}", crate::validate::quoted(image));
    Finding::of_rule(Stage::Graph, &UNKNOWN_TEST_IMAGE, path, message)
}
