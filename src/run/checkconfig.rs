//! `ci-operator-checkconfig`: every rule over configs and step registry.
//!
//! The reference ends at the first file that is broken by itself: a config that does not load, the registry, a list of
//! owners. Here one run tells all, and the exit status is the same.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::check::{Around, CheckedConfig, LoadSteps, conclude};
use super::config_file::LoadedConfig;
use super::determinize::config_files;
use super::inventory::walk_configs;
use super::known::Steps;
use super::options::{CheckconfigOptions, Error, Outcome, Stage, Watch};
use super::{guarded, on_threads, registry};
use crate::diagnostic::Diagnostic;
use crate::files::Tree;

/// Runs the program.
pub fn checkconfig(options: &CheckconfigOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &CheckconfigOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let tree = Tree::open(&options.config_dir)?;
    let (registry, profiles, claims) = (options.registry.as_deref(), &options.cluster_profiles, &options.claim_owners);
    let steps = |root: &Path| {
        let (registry, findings) = registry::load(&Tree::open(root)?, &root.to_string_lossy())?;
        Ok(Arc::new(Steps { registry, findings }))
    };
    let load = || Around::load(registry.map(|root| (root, &steps as &LoadSteps<'_>)), Some(profiles), Some(claims));
    let (around, walked) = rayon::join(load, || walk_configs(&tree, &options.sub_dir));
    let ((around, findings), walked) = (around?, walked?);
    let shown = options.config_dir.to_string_lossy();
    let mut outcome = Outcome { findings, ..Outcome::default() };
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&shown)));
    let (files, misplaced) = config_files(walked.files, &shown);
    outcome.findings.extend(misplaced);
    outcome.counts.configs = files.len();
    watch.begin(Stage::Checking, files.len());
    let checked: Vec<Checked> = files
        .par_iter()
        .map(|file| {
            let checked = guarded(
                || file.shown.clone(),
                || match LoadedConfig::load(&tree, file) {
                    Ok(loaded) => Checked::Config(Box::new(CheckedConfig::of(&loaded, &around, options.extent))),
                    Err(findings) => Checked::Refused(findings),
                },
            );
            watch.advance(1);
            checked
        })
        .collect();
    let mut configs = Vec::with_capacity(checked.len());
    for checked in checked {
        match checked {
            Checked::Config(config) => configs.push(*config),
            Checked::Refused(findings) => outcome.findings.extend(findings),
        }
    }
    outcome.findings.extend(conclude(configs, &tree, options.extent));
    outcome.sort();
    Ok(outcome)
}

/// What came of one file.
enum Checked {
    Config(Box<CheckedConfig>),
    Refused(Vec<Diagnostic>),
}

impl From<Vec<Diagnostic>> for Checked {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Refused(findings)
    }
}
