//! From one config to its jobs.
//!
//! [`generate_jobs`] is the way in: it walks tests (`test.rs`), then images and promotion (`images.rs`), then operator
//! bundles (`operator.rs`). What they have in common is in [`Maker`]: the labels and pod that every job of the config
//! begins with.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::job::{Common, GeneratedJob, JobReporter, JobSource, Labels, Trigger};
use super::labels::{
    CAN_BE_REHEARSED_LABEL, GENERATOR, GENERATOR_LABEL, IN_REPO_CONFIG_FILE, JOB_RELEASE_LABEL, VARIANT_LABEL,
};
use super::pod::PodPlan;
use super::{GeneratedJobs, ProfileLookup};
use crate::diagnostic::Violation;
use crate::diagnostic::rule::rules;
use crate::model::config::{Metadata, ProjectDirectoryImageBuildStepConfiguration, ReleaseBuildConfiguration};
use crate::model::labels::NO_BUILDS_LABEL;

rules! {
    CONFLICTING_POD_PARTS = "conflicting-pod-parts",
        "two parts of a generated job want different things in one place of its pod",
        "Only one of them could be there, so no job of the file is made.",
        "rename the test, secret or volume that the message names";
}

/// Makes all jobs of a config whose tests are resolved. `identity` comes from the path of the config's file, whatever
/// the config itself says.
pub fn generate_jobs<'c>(
    config: &'c ReleaseBuildConfiguration,
    identity: &'c Metadata,
    profiles: &ProfileLookup<'_, 'c>,
) -> Result<GeneratedJobs<'c>, Vec<Violation>> {
    let mut maker = Maker::new(config, identity);
    for (index, test) in config.tests.iter().enumerate() {
        maker.add_test(index, test, profiles);
    }
    maker.add_images();
    maker.add_bundles();
    if maker.violations.is_empty() { Ok(maker.jobs) } else { Err(maker.violations) }
}

/// The config at hand, what its jobs begin with, and the jobs so far.
pub(super) struct Maker<'c> {
    pub config: &'c ReleaseBuildConfiguration,
    pub common: Arc<Common<'c>>,
    pub jobs: GeneratedJobs<'c>,
    pub violations: Vec<Violation>,
    labels: Labels<'c>,
    pod: PodPlan<'c>,
}

/// What a job is made of besides its trigger.
pub(super) struct Draft<'c> {
    pub labels: Labels<'c>,
    pub pod: PodPlan<'c>,
}

impl<'c> Draft<'c> {
    pub fn label(&mut self, key: &'static str, value: impl Into<Cow<'c, str>>) {
        self.labels.insert(Cow::Borrowed(key), value.into());
    }

    /// Marks the job as one that may be rehearsed.
    pub fn rehearsable(&mut self) {
        self.label(CAN_BE_REHEARSED_LABEL, "true");
    }

    /// Asks for a node that can do something.
    pub fn capability(&mut self, capability: &'c str) {
        self.labels.insert(Cow::Owned(format!("capability/{capability}")), Cow::Borrowed(capability));
    }

    /// Asks for nodes that can do what the images' builds need.
    pub fn image_capabilities(&mut self, images: &'c [ProjectDirectoryImageBuildStepConfiguration]) {
        for image in images {
            for capability in image.capabilities.iter().chain(&image.additional_architectures) {
                self.capability(capability);
            }
        }
    }
}

impl<'c> Maker<'c> {
    fn new(config: &'c ReleaseBuildConfiguration, identity: &'c Metadata) -> Self {
        let overrides = config.prowgen.as_ref();
        let private = overrides.is_some_and(|prowgen| prowgen.private);
        let files = needed_files(config);
        let skip_cloning = files.is_empty();
        let clones_all =
            overrides.is_some_and(|prowgen| prowgen.disable_sparse_checkout) || config.images.build_if_affected;
        let common = Common {
            path_alias: config.canonical_go_repository.as_deref().unwrap_or_default(),
            hidden: private && !overrides.is_some_and(|prowgen| prowgen.expose),
            skip_cloning,
            sparse_checkout_files: if clones_all {
                Vec::new()
            } else {
                files.into_iter().map(Cow::into_owned).collect()
            },
            clones_privately: private && !skip_cloning,
            ..Common::of(identity)
        };
        let mut pod = PodPlan::default();
        if !identity.variant.is_empty() {
            pod.arg(format!("--variant={}", identity.variant));
        }
        if private {
            pod.private_clone(!skip_cloning);
        }
        Self {
            config,
            common: Arc::new(common),
            jobs: GeneratedJobs::of(identity),
            violations: Vec::new(),
            labels: common_labels(config, identity),
            pod,
        }
    }

    /// What every job of the config begins with.
    pub fn draft(&self) -> Draft<'c> {
        Draft { labels: self.labels.clone(), pod: self.pod.clone() }
    }

    /// A job of a finished draft.
    pub fn job(&self, test: &str, draft: &FinishedDraft<'c>, trigger: Trigger<'c>) -> GeneratedJob<'c> {
        GeneratedJob {
            source: draft.source,
            name: self.common.identity.job_name(trigger.kind(), test),
            labels: draft.labels.clone(),
            cluster: Cow::Borrowed(""),
            max_concurrency: 0,
            reporter: None,
            timeout: None,
            pod: Arc::clone(&draft.pod),
            common: Arc::clone(&self.common),
            trigger,
        }
    }

    /// Closes a draft of what the config says at `source`; what does not go together in its pod becomes violations there.
    pub fn finish(&mut self, mut draft: Draft<'c>, source: JobSource) -> FinishedDraft<'c> {
        for message in draft.pod.finish() {
            self.violations.push(Violation { rule: CONFLICTING_POD_PARTS.id, path: source.path(), message });
        }
        FinishedDraft { source, labels: draft.labels, pod: Arc::new(draft.pod) }
    }
}

/// A draft that several jobs may be made of.
pub(super) struct FinishedDraft<'c> {
    pub source: JobSource,
    pub labels: Labels<'c>,
    pub pod: Arc<PodPlan<'c>>,
}

/// The reporter that a config asks for.
pub(super) fn reporter<'c>(config: Option<&'c crate::model::config::SlackReporterConfig>) -> Option<JobReporter<'c>> {
    config.map(JobReporter::Config)
}

fn common_labels<'c>(config: &'c ReleaseBuildConfiguration, identity: &'c Metadata) -> Labels<'c> {
    let mut labels = Labels::new();
    let mut label = |key, value: &'c str| labels.insert(Cow::Borrowed(key), Cow::Borrowed(value));
    label(GENERATOR_LABEL, GENERATOR);
    if !identity.variant.is_empty() {
        label(VARIANT_LABEL, &identity.variant);
    }
    let latest = config.input_configuration.releases.get("latest");
    if let Some(candidate) = latest.and_then(|release| release.candidate.as_ref())
        && !candidate.version.is_empty()
    {
        label(JOB_RELEASE_LABEL, &candidate.version);
    }
    if builds_nothing(config, identity) {
        label(NO_BUILDS_LABEL, "true");
    }
    labels
}

/// Whether the jobs build nothing at all. Only the release repository's own configs are looked at, as in the
/// reference.
fn builds_nothing(config: &ReleaseBuildConfiguration, identity: &Metadata) -> bool {
    identity.org == "openshift"
        && identity.repo == "release"
        && matches!(identity.branch.as_str(), "master" | "main")
        && config.images.items.is_empty()
        && config.input_configuration.build_root.is_none()
        && config.rpm_build_commands.is_empty()
        && config.test_binary_build_commands.is_empty()
        && config.binary_build_commands.is_empty()
}

/// The files that ci-operator reads from the repository before it clones anything itself.
fn needed_files(config: &ReleaseBuildConfiguration) -> BTreeSet<Cow<'_, str>> {
    let mut files = BTreeSet::new();
    let input = &config.input_configuration;
    if input.build_root.iter().chain(input.build_roots.values()).any(|root| root.from_repository) {
        files.insert(Cow::Borrowed(IN_REPO_CONFIG_FILE));
    }
    for image in &config.images.items {
        if let Some(file) = dockerfile(image) {
            files.insert(file);
        }
    }
    files
}

/// The Dockerfile of an image that is built from this repository.
fn dockerfile(image: &ProjectDirectoryImageBuildStepConfiguration) -> Option<Cow<'_, str>> {
    let inputs = &image.project_directory_image_build_inputs;
    if inputs.dockerfile_literal.is_some() || !image.reference.is_empty() {
        return None;
    }
    let file = if inputs.dockerfile_path.is_empty() { "Dockerfile" } else { &inputs.dockerfile_path };
    if inputs.context_dir.is_empty() {
        return Some(Cow::Borrowed(file));
    }
    Some(Cow::Owned(clean_path(&format!("{}/{file}", inputs.context_dir))))
}

/// The shortest path that means the same, with slashes between.
fn clean_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, rest) => format!("/{rest}"),
        (false, rest) if rest.is_empty() => ".".to_owned(),
        (false, rest) => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn paths_become_short() {
        let cases = [
            ("a/Dockerfile", "a/Dockerfile"),
            ("./a//b/../Dockerfile", "a/Dockerfile"),
            ("../a/x", "../a/x"),
            ("../../a", "../../a"),
            ("/a/../../x", "/x"),
            ("./.", "."),
            ("a/..", "."),
            ("/", "/"),
            ("a/../../b", "../b"),
        ];
        for (path, want) in cases {
            assert_eq!(clean_path(path), want, "{path}");
        }
    }
}
