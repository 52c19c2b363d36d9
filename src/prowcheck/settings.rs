//! What every job file is looked at with.

use regex::Regex;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::job::Preset;
use crate::model::prow::Config;
use crate::shard::jobs::{Frame, compiled};

use super::Options;

/// What every job file is looked at with.
#[derive(Debug)]
pub struct Settings {
    /// What the configuration says of every job.
    pub frame: Frame,
    /// What is wanted.
    pub options: Options,
    /// The comments that may start jobs on Gerrit, and the pattern as it was written.
    pub(super) allowed_trigger: Option<(Regex, String)>,
}

impl Settings {
    /// Settings from the configuration, put together and filled in, and from presets that stand in job files: a preset of
    /// any file is for the jobs of all.
    pub fn new(config: &Config, presets_of_files: Vec<Preset>, options: Options) -> Self {
        let mut frame = Frame::of(&config.prow, &config.jobs);
        frame.presets.extend(presets_of_files);
        frame.fill_in();
        let pattern = &config.prow.gerrit.allowed_presubmit_trigger_re;
        let allowed_trigger = Some(pattern.clone()).filter(|pattern| !pattern.is_empty());
        let allowed_trigger = allowed_trigger.and_then(|pattern| Some((compiled(&pattern)?, pattern)));
        Self { frame, options, allowed_trigger }
    }

    /// A finding as bad as it is with these options.
    pub(super) fn finding(&self, rule: &Rule, file: &str, reference: String) -> Diagnostic {
        let finding = Diagnostic::of_rule(rule, file, reference.clone()).as_reference(reference);
        self.severe(finding)
    }

    /// A finding with warnings made errors where that is wanted.
    pub(super) fn severe(&self, finding: Diagnostic) -> Diagnostic {
        match self.options.strict {
            true => Diagnostic { severity: crate::diagnostic::Severity::Error, ..finding },
            false => finding,
        }
    }
}
