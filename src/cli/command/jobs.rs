//! `cutwater jobs` and `cutwater update`: generate, merge and sanitize in one run.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::common::Common;
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files::Instead;
use crate::run;
use crate::run::Known;
use crate::run::layout::PROW_CONFIG;
use crate::run::options::{JobsOptions, OnLoss, Outcome, Owners, Scope, Watch};

/// Generate the Prow jobs of a release repository and bring every job file into canonical form
///
/// Loads and resolves every ci-operator config, generates its jobs, merges them into the job files that are there,
/// chooses build clusters, mirrors OWNERS, and writes what changed: what ci-operator-prowgen and sanitize-prow-jobs
/// leave behind, in one run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater jobs                                           the whole release repository
  cutwater jobs ci-operator/config/openshift/installer    one repository
  cutwater jobs --changed-since origin/main               what a branch touches
  cutwater jobs --check --diff                            what would change, without writing

Exit status: 0 clean, 1 findings or (with --check) files that would change, 2 bad usage or a run that failed.")]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

/// Generate jobs and bring everything into canonical form, as `make update` does
///
/// What `cutwater jobs` and `cutwater fmt` do, over one load: configs are read once, for their jobs and for their canonical
/// text.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater update                                           the whole release repository
  cutwater update ci-operator/config/openshift/installer    one repository
  cutwater update --changed-since origin/main               what a branch touches
  cutwater update --check --diff                            what would change, without writing

Exit status: 0 clean, 1 findings or (with --check) files that would change, 2 bad usage or a run that failed.")]
pub struct UpdateArguments {
    #[command(flatten)]
    flags: Flags,
}

/// The flags of both.
#[derive(Debug, Args)]
struct Flags {
    /// Files or directories of configs, jobs, the step registry or (`update`) Prow's configuration: only what they touch
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Only what differs from where the branch left this revision of git touches, files that git does not know among it
    #[arg(long, value_name = "REV", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "paths")]
    changed_since: Option<String>,
    #[command(flatten)]
    common: Common,
    /// Whether OWNERS of job directories mirror those of config directories
    #[arg(long, value_enum, value_name = "on|off", hide_possible_values = true, default_value_t = Switch::On)]
    owners: Switch,
}

/// A flag that is on or off by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl From<Switch> for Owners {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::On => Self::Mirror,
            Switch::Off => Self::Leave,
        }
    }
}

/// Runs `cutwater jobs`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let is_named = arguments.flags.changed_since.is_none();
    concluded(&arguments.flags, |options, watch| match &options.scope {
        Scope::Touched { prow_config: true, .. } if is_named => Err(Error::Usage(format!(
            "{PROW_CONFIG} has nothing to do with jobs; `cutwater update` and `cutwater fmt` take it"
        ))),
        scope => {
            sparse::refuse(&options.release_repo, &sparse::inputs_of_jobs(scope), sparse::NAME_PATHS)?;
            Ok(run::jobs(options, watch)?)
        }
    })
}

/// Runs `cutwater update`.
pub fn update(arguments: &UpdateArguments) -> Result<Ended, Error> {
    concluded(&arguments.flags, |options, watch| {
        sparse::refuse(&options.release_repo, &sparse::inputs(&options.scope), sparse::NAME_PATHS)?;
        Ok(run::update(options, &Known::default(), watch)?)
    })
}

/// Runs `work` with the options that the flags make, and shows what came of it.
fn concluded(
    flags: &Flags,
    work: impl FnOnce(&JobsOptions, &dyn Watch) -> Result<Outcome, Error>,
) -> Result<Ended, Error> {
    let started = host::now();
    let options = options(flags)?;
    let watcher = flags.common.watcher();
    let outcome = work(&options, &watcher)?;
    watcher.conclude(&outcome, started.elapsed())
}

fn options(arguments: &Flags) -> Result<JobsOptions, Error> {
    let here = host::current_dir()?;
    let common = &arguments.common;
    let release_repo = scope::release_repo(&here, common.release_repo.as_deref(), &arguments.paths)?;
    let scope = match &arguments.changed_since {
        Some(revision) => scope::of_changed(&release_repo, &host::changed_since(&release_repo, revision)?)
            .unwrap_or_else(Scope::nothing),
        None => scope::of_paths(&here, &release_repo, &arguments.paths)?,
    };
    Ok(JobsOptions {
        scope,
        release_repo,
        mode: common.mode(),
        diff: common.diff,
        keep_going: common.keep_going,
        on_loss: OnLoss::Write,
        owners: arguments.owners.into(),
        instead: Instead::default(),
        now: host::unix_seconds(),
        threads: common.means.jobs,
    })
}
