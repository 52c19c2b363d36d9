//! The configuration under examination, with the look-ups that several rules share: which images it builds, imports or
//! bundles, and where a step's dependency leads.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::config::{ClusterClaim, InputConfiguration, ReleaseBuildConfiguration};

/// The image stream of what a configuration builds and imports.
pub const PIPELINE: &str = "pipeline";
/// The image stream of release payloads.
pub const PAYLOADS: &str = "release";
/// The image stream of the release called `latest`; others have their name after a dash.
pub const STABLE: &str = "stable";
/// The release that `stable` stands for.
pub const LATEST: &str = "latest";
/// The release an upgrade begins from.
pub const INITIAL: &str = "initial";
/// What names of index images begin with.
pub const INDEX: &str = "ci-index";
/// What names of bundle images begin with that have no name of their own.
pub const BUNDLE: &str = "ci-bundle";
/// The image that bundles are built from.
pub const BUNDLE_SOURCE: &str = "src-bundle";

/// A configuration and what is worth knowing once for all rules.
pub struct Subject<'a> {
    /// The configuration.
    pub config: &'a ReleaseBuildConfiguration,
    built: BTreeSet<&'a str>,
}

impl<'a> Subject<'a> {
    /// Looks a configuration over.
    pub fn new(config: &'a ReleaseBuildConfiguration) -> Self {
        Self { config, built: config.images.items.iter().map(|image| image.to.as_str()).collect() }
    }

    /// What the configuration takes in: base images, releases, build root.
    pub fn input(&self) -> &'a InputConfiguration {
        &self.config.input_configuration
    }

    /// Whether `images` builds it.
    pub fn builds(&self, image: &str) -> bool {
        self.built.contains(image)
    }

    /// Whether it is imported.
    pub fn imports(&self, image: &str) -> bool {
        let input = self.input();
        input.base_images.contains_key(image)
            || input.base_rpm_images.contains_key(image)
            || input.external_images.contains_key(image)
    }

    /// Whether it is an operator's bundle.
    pub fn bundles(&self, image: &str) -> bool {
        self.config.operator.as_ref().is_some_and(|operator| {
            image.starts_with(BUNDLE)
                || operator.bundles.iter().any(|bundle| !bundle.name.is_empty() && bundle.name == image)
        })
    }

    /// Whether a name without stream means an image of the pipeline; all others are taken to be in `stable`.
    fn is_in_pipeline(&self, image: &str) -> bool {
        const BEGINNINGS: [&str; 6] = ["root", "src", "bin", "test-bin", "rpms", INDEX];
        self.builds(image)
            || self.imports(image)
            || BEGINNINGS.iter().any(|beginning| image.starts_with(beginning))
            || self.bundles(image)
    }

    /// Where a reference of the form `tag` or `stream:tag` leads.
    pub fn image_source<'n>(&self, name: &'n str, claim: Option<Claim<'_>>) -> ImageSource<'n> {
        let mut parts = name.split(':');
        let first = parts.next().unwrap_or_default();
        let mut source = match parts.next() {
            Some(tag) => ImageSource { stream: first.into(), tag: tag.into(), certain: true },
            None if self.is_in_pipeline(name) => {
                ImageSource { stream: PIPELINE.into(), tag: name.into(), certain: true }
            }
            None => ImageSource { stream: STABLE.into(), tag: name.into(), certain: false },
        };
        if let Some(claim) = claim {
            if source.stream == PAYLOADS && source.tag == claim.name {
                source.tag = claim.release_name().into();
            } else if is_stream_of(&source.stream, claim.name) {
                source.stream = format!("{STABLE}-{}", claim.release_name()).into();
            }
        }
        source
    }
}

/// The release that a test's claimed cluster brings along.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The name steps know the release by.
    pub name: &'a str,
    test: &'a str,
}

impl<'a> Claim<'a> {
    /// The release of a claim in the test of this name.
    pub fn new(claim: &'a ClusterClaim, test: &'a str) -> Self {
        Self { name: if claim.name.is_empty() { LATEST } else { &claim.name }, test }
    }

    /// The name the release really gets, so that it cannot meet one of the configuration's.
    pub fn release_name(self) -> String {
        format!("{}-{}", self.name, self.test)
    }
}

/// An image by stream and tag.
pub struct ImageSource<'n> {
    /// The image stream.
    pub stream: Cow<'n, str>,
    /// The tag in it.
    pub tag: Cow<'n, str>,
    /// Whether the stream was given or follows from the configuration; otherwise it is a guess.
    pub certain: bool,
}

impl ImageSource<'_> {
    /// Whether the stream is of a kind that anything can be in.
    pub fn is_known(&self) -> bool {
        self.stream == PIPELINE || self.stream == PAYLOADS || self.stream.starts_with(STABLE)
    }

    /// The release that must be there for the image to be, if it is of a release.
    pub fn release(&self) -> Option<&str> {
        if self.stream.starts_with(STABLE) {
            Some(release_of_stream(&self.stream))
        } else if self.stream == PAYLOADS {
            Some(&self.tag)
        } else {
            None
        }
    }
}

/// The release that an image stream holds the images of.
pub fn release_of_stream(stream: &str) -> &str {
    match stream {
        STABLE => LATEST,
        _ => stream.strip_prefix("stable-").unwrap_or(stream),
    }
}

fn is_stream_of(stream: &str, release: &str) -> bool {
    match release {
        LATEST => stream == STABLE,
        _ => stream.strip_prefix("stable-") == Some(release),
    }
}
