//! `cutwater fmt`: canonical form for everything that has one.

use std::path::PathBuf;

use clap::Args;

use super::common::Common;
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files;
use crate::run;
use crate::run::layout::{DISPATCHER, PROW_CONFIG};
use crate::run::options::{FmtOptions, Mode, OnLoss};

/// Bring configs, job files, Prow's configuration, cluster profiles and registry metadata into canonical form
///
/// What determinize-ci-operator, sanitize-prow-jobs, determinize-prow-config, check-cluster-profiles-config with --normalize and
/// generate-registry-metadata leave behind, in one run. Nothing is generated from configs. Prow's configuration is one whole: a path in it stands for all of it. What canonical form does not keep of what somebody wrote (a comment, a field that nothing reads,
/// `4.10` without quotes) is a warning, shown before anything is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater fmt                                             the whole release repository
  cutwater fmt ci-operator/config/openshift/installer      one directory
  cutwater fmt --check --diff                              what would change, without writing

Exit status: 0 clean, 1 findings or (with --check) files that would change, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// Files or directories of configs, jobs, the step registry or Prow's configuration: only what lies there
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Runs `cutwater fmt`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let started = host::now();
    let here = host::current_dir()?;
    let common = &arguments.common;
    let release_repo = scope::release_repo(&here, common.release_repo.as_deref(), &arguments.paths)?;
    let paths = scope::files(&here, &release_repo, &arguments.paths)?;
    if let Some(path) = paths.iter().find(|path| files::path::is_within(path, DISPATCHER)) {
        return Err(Error::Usage(format!("{path} has no canonical form")));
    }
    let options = FmtOptions {
        paths,
        release_repo,
        mode: common.mode(),
        diff: common.diff,
        keep_going: common.keep_going,
        on_loss: OnLoss::Write,
        now: host::unix_seconds(),
        threads: common.means.jobs,
    };
    // Prow's configuration is one whole, and what of it is not there would be written over; none of it is another matter.
    let is_begun = files::is_directory(&options.release_repo.join(PROW_CONFIG));
    if is_begun && !options.below(PROW_CONFIG).is_empty() {
        match options.mode {
            Mode::Write => sparse::refuse(&options.release_repo, &[PROW_CONFIG.to_owned()], sparse::NAME_PATHS)?,
            Mode::Check => sparse::note(&options.release_repo, &[PROW_CONFIG.to_owned()])?,
        }
    }
    let watcher = common.watcher();
    let outcome = run::fmt(&options, &watcher)?;
    watcher.conclude(&outcome, started.elapsed())
}
