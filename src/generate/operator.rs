//! The jobs that build a config's operator bundles and their indexes.

use std::borrow::Cow;

use super::config::{Draft, Maker};
use super::job::{ChangeMatch, JobSource, PullTrigger, Trigger};
use super::labels::INDEX_IMAGE;
use crate::model::config::Bundle;

impl<'c> Maker<'c> {
    /// Adds a presubmit for each named bundle, and one for all bundles without a name.
    pub fn add_bundles(&mut self) {
        let Some(operator) = &self.config.operator else { return };
        if self.config.prowgen.as_ref().is_some_and(|prowgen| prowgen.skip_operator_presubmits) {
            return;
        }
        for (index, bundle) in operator.bundles.iter().enumerate().filter(|(_, bundle)| !bundle.name.is_empty()) {
            self.add_bundle(index, bundle);
        }
        if operator.bundles.iter().any(|bundle| bundle.name.is_empty()) {
            let mut draft = self.draft();
            draft.pod.target(INDEX_IMAGE);
            self.add_bundle_job(draft, INDEX_IMAGE, false, ChangeMatch::default(), None);
        }
    }

    fn add_bundle(&mut self, index: usize, bundle: &'c Bundle) {
        let mut draft = self.draft();
        for capability in &bundle.capabilities {
            draft.capability(capability);
        }
        let changes =
            ChangeMatch { run_if_changed: &bundle.run_if_changed, skip_if_only_changed: &bundle.skip_if_only_changed };
        let name = if bundle.skip_building_index {
            draft.pod.target(&bundle.name);
            format!("ci-bundle-{}", bundle.name)
        } else {
            let name = format!("{INDEX_IMAGE}-{}", bundle.name);
            draft.pod.target(&name);
            name
        };
        self.add_bundle_job(draft, &name, bundle.optional, changes, Some(index));
    }

    fn add_bundle_job(
        &mut self,
        mut draft: Draft<'c>,
        name: &str,
        optional: bool,
        changes: ChangeMatch<'c>,
        index: Option<usize>,
    ) {
        draft.rehearsable();
        let source = index.map_or(JobSource::UnnamedBundles, JobSource::Bundle);
        let draft = self.finish(draft, source);
        let pull = PullTrigger {
            short_name: Cow::Owned(self.common.identity.test_name(name).into_owned()),
            always_run: changes.is_empty(),
            optional,
            among_remaining_required: false,
            skip_report: false,
            has_path_alias: true,
            skip_branches: &[],
            changes,
            pipeline: ChangeMatch::default(),
        };
        let job = self.job(name, &draft, Trigger::Pull(pull));
        self.jobs.presubmits.push(job);
    }
}
