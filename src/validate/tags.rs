//! One name, one image: everything that makes a tag of the pipeline stream claims it here, and the second to come is
//! told who was first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::ReleaseBuildConfiguration;

rules! {
    DUPLICATE_IMAGE_NAME = "duplicate-image-name",
        "two fields make an image of the same name",
        "All images lie in one stream, so one would replace the other.",
        "rename one of the two";
}

/// The field that made a tag.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A field of the configuration.
    Field(&'static str),
    /// An entry of a map of the configuration.
    Entry(&'static str, &'a str),
    /// An item of a list.
    Item(&'static str, usize),
    /// The name of a bundle.
    BundleName(usize),
    /// An image that a step of a test runs in.
    Step(StepSpot),
}

/// A step within a configuration.
#[derive(Clone, Copy, Debug)]
pub struct StepSpot {
    /// Which test.
    pub test: usize,
    /// Whether under `literal_steps` and not `steps`.
    pub literal: bool,
    /// `pre`, `test` or `post`.
    pub stage: &'static str,
    /// Which step.
    pub index: usize,
}

impl StepSpot {
    /// Runs `then` with the place of the step's `from_image`.
    pub fn with_place<T>(self, then: impl FnOnce(&Place<'_>) -> T) -> T {
        let tests = Place::ROOT.key("tests");
        let test = tests.item(self.test);
        let steps = if self.literal { test.renamed("literal_steps", "steps") } else { test.silent("steps") };
        let stage = steps.key(self.stage);
        let step = stage.item(self.index);
        then(&step.key("from_image"))
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => out.write_str(field),
            Self::Entry(map, key) => write!(out, "{map}[{key}]"),
            Self::Item(list, index) => write!(out, "{list}[{index}]"),
            Self::BundleName(index) => write!(out, "operator.bundles[{index}].as"),
            Self::Step(spot) => spot.with_place(|place| write!(out, "{place}")),
        }
    }
}

/// The tags claimed so far.
#[derive(Default)]
pub struct Tags<'a> {
    claimed: BTreeMap<Cow<'a, str>, Origin<'a>>,
}

impl<'a> Tags<'a> {
    /// The tags that the build commands of a configuration make; nothing else can have been there before.
    pub fn of_commands(config: &'a ReleaseBuildConfiguration) -> Self {
        let mut tags = Self::default();
        let sources = [
            ("bin", "binary_build_commands", &config.binary_build_commands, &config.binary_build_commands_list),
            (
                "test-bin",
                "test_binary_build_commands",
                &config.test_binary_build_commands,
                &config.test_binary_build_commands_list,
            ),
            ("rpms", "rpm_build_commands", &config.rpm_build_commands, &config.rpm_build_commands_list),
        ];
        for (tag, field, commands, list) in sources {
            if !commands.is_empty() {
                tags.claimed.insert(tag.into(), Origin::Field(field));
                continue;
            }
            for item in list {
                tags.claimed.insert(format!("{tag}-{}", item.reference).into(), Origin::Field(field));
            }
        }
        tags
    }

    /// Claims a tag for the field at `place`; a violation if it is taken.
    pub fn claim(&mut self, tag: impl Into<Cow<'a, str>>, origin: Origin<'a>, place: &Place<'_>, out: &mut Findings) {
        let tag = tag.into();
        if let Some(first) = self.claimed.get(&tag) {
            let message = format_args!("duplicate image name '{tag}' (previously defined by field '{first}')");
            return out.at(&DUPLICATE_IMAGE_NAME, place, message);
        }
        self.claimed.insert(tag, origin);
    }

    /// Claims a tag that is told apart from others of its name by the repository it is built from.
    pub fn claim_for(
        &mut self,
        tag: &'a str,
        reference: &str,
        origin: Origin<'a>,
        place: &Place<'_>,
        out: &mut Findings,
    ) {
        if reference.is_empty() {
            self.claim(tag, origin, place, out);
        } else {
            self.claim(format!("{tag}-{reference}"), origin, place, out);
        }
    }
}
