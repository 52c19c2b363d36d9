//! The jobs that build a config's images: on pull requests, and on merges and by the clock with promotion.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::config::{FinishedDraft, Maker, reporter};
use super::job::{ChangeMatch, ClockTrigger, GeneratedJob, JobSource, PullTrigger, Trigger};
use super::labels::{IMAGES_TARGET, LATEST_RELEASE_TARGET, PROMOTION_LABEL};
use crate::model::config::{PromotionConfiguration, PromotionTarget, ReleaseBuildConfiguration};

/// The name of the image jobs' test.
const TEST: &str = "images";

impl<'c> Maker<'c> {
    /// Adds the image jobs, where the config builds or promotes images.
    pub fn add_images(&mut self) {
        let targets = image_targets(self.config);
        if targets.is_empty() {
            return;
        }
        self.add_images_presubmit(&targets);
        if let Some(promotion) = &self.config.promotion {
            self.add_promotion(promotion, &targets);
        }
    }

    fn add_images_presubmit(&mut self, targets: &BTreeSet<&'c str>) {
        let images = &self.config.images;
        let mut draft = self.draft();
        draft.image_capabilities(&images.items);
        draft.rehearsable();
        for target in targets {
            draft.pod.target(target);
        }
        if promotes_into_release(self.config) {
            draft.pod.target(LATEST_RELEASE_TARGET);
        }
        let changes =
            ChangeMatch { run_if_changed: &images.run_if_changed, skip_if_only_changed: &images.skip_if_only_changed };
        let pipeline = ChangeMatch {
            run_if_changed: &images.pipeline_run_if_changed,
            skip_if_only_changed: &images.pipeline_skip_if_only_changed,
        };
        let pull = PullTrigger {
            short_name: Cow::Owned(self.common.identity.test_name(TEST).into_owned()),
            always_run: changes.is_empty() && pipeline.is_empty(),
            optional: images.items.iter().any(|image| image.optional),
            among_remaining_required: false,
            skip_report: false,
            has_path_alias: true,
            skip_branches: &[],
            changes,
            pipeline,
        };
        let draft = self.finish(draft, JobSource::Images);
        let job = self.job(TEST, &draft, Trigger::Pull(pull));
        self.jobs.presubmits.push(GeneratedJob { reporter: reporter(images.reporter_config.as_ref()), ..job });
    }

    fn add_promotion(&mut self, promotion: &'c PromotionConfiguration, targets: &BTreeSet<&'c str>) {
        let mut draft = self.draft();
        draft.image_capabilities(&self.config.images.items);
        draft.label(PROMOTION_LABEL, "true");
        draft.pod.promotion();
        for target in targets {
            draft.pod.target(target);
        }
        let draft = self.finish(draft, JobSource::Promotion);
        let job = self.promotion_job(&draft, Trigger::Merge(ChangeMatch::default()));
        let reporter = reporter(self.config.images.reporter_config.as_ref());
        self.jobs.postsubmits.push(GeneratedJob { reporter, ..job });
        if !promotion.cron.is_empty() {
            let clock = ClockTrigger {
                cron: Cow::Borrowed(&promotion.cron),
                interval: "",
                minimum_interval: "",
                retry: None,
                has_path_alias: false,
            };
            let mut job = self.promotion_job(&draft, Trigger::Clock(clock));
            job.spread_over_the_day();
            self.jobs.periodics.push(job);
        }
    }

    fn promotion_job(&self, draft: &FinishedDraft<'c>, trigger: Trigger<'c>) -> GeneratedJob<'c> {
        GeneratedJob { max_concurrency: 1, ..self.job(TEST, draft, trigger) }
    }
}

/// What ci-operator has to build for the config's images.
fn image_targets(config: &ReleaseBuildConfiguration) -> BTreeSet<&str> {
    let mut targets: BTreeSet<&str> = promotion_targets(config)
        .iter()
        .flat_map(|target| target.additional_images.values())
        .map(String::as_str)
        .collect();
    if !targets.is_empty() || !config.images.items.is_empty() {
        targets.insert(IMAGES_TARGET);
    }
    targets
}

fn promotion_targets(config: &ReleaseBuildConfiguration) -> &[PromotionTarget] {
    config.promotion.as_ref().map_or(&[], |promotion| promotion.to.as_slice())
}

/// Whether images become part of a release payload, OKD's included, so that a pull request should see one made.
fn promotes_into_release(config: &ReleaseBuildConfiguration) -> bool {
    promotion_targets(config)
        .iter()
        .any(|target| !target.disabled && matches!(target.namespace.as_str(), "ocp" | "origin"))
}
