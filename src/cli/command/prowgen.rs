//! `ci-operator-prowgen`: the reference's flags, `--owners` and `--format`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Parser};

use super::jobs::Switch;
use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error, host};
use crate::files::path;
use crate::run;
use crate::run::layout;
use crate::run::options::{ProwgenOptions, RepositoryFilter};

/// Generate Prow jobs from ci-operator configs and merge them into the job files that are there.
#[derive(Debug, Parser)]
#[command(
    name = "ci-operator-prowgen",
    args_override_self = true,
    after_help = "Flags take one dash or two and end at the first SUBDIR.\n\
        Exit status: 0 done, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// Directory of ci-operator configs, ORG/REPO/ORG-REPO-BRANCH.yaml below it
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    from_dir: String,
    /// Like --from-dir=$GOPATH/src/github.com/openshift/release/ci-operator/config
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    from_release_repo: bool,
    /// Directory of Prow job files
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    to_dir: String,
    /// Like --to-dir=$GOPATH/src/github.com/openshift/release/ci-operator/jobs
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    to_release_repo: bool,
    /// Directory of the step registry; without it, tests are not resolved
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    registry: String,
    /// Base name of a job file to leave alone; may be repeated
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    known_infra_file: Vec<String>,
    /// Only repositories of this organisation
    #[arg(long, default_value = "", hide_default_value = true)]
    org: String,
    /// Only repositories of this name
    #[arg(long, default_value = "", hide_default_value = true)]
    repo: String,
    /// Only files that git finds modified against the upstream branch, when nothing was added, removed or renamed
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    only_process_changes: bool,
    /// Least severe messages to print: panic, fatal, error, warning, info, debug or trace
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: String,
    /// Not used: --from-dir takes its place
    #[arg(long, value_name = "DIR", default_value = "", hide = true)]
    config_dir: String,
    /// Whether OWNERS of job directories mirror those of config directories
    #[arg(long, value_enum, default_value_t = Switch::On)]
    owners: Switch,
    /// Form of findings: text on standard error, or json, one array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Sub-directories of both trees to work on, one after another
    #[arg(value_name = "SUBDIR")]
    sub_dirs: Vec<String>,
}

/// Runs `ci-operator-prowgen`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    let format = arguments.format;
    let (options, level) = options(arguments)?;
    let progress = Progress::new(level == Level::Info && format == Form::Text);
    let outcome = run::prowgen(&options, &progress)?;
    progress.finish();
    shared::conclude_in(format, &outcome, level)
}

/// What was typed, as options; complains in the reference's order.
fn options(arguments: Arguments) -> Result<(ProwgenOptions, Level), Error> {
    let from_dir = directory("from", arguments.from_dir, arguments.from_release_repo, layout::CONFIG)?;
    let to_dir = directory("to", arguments.to_dir, arguments.to_release_repo, layout::JOBS)?;
    if from_dir.is_empty() {
        return Err(Error::Usage("one of --from-dir and --from-release-repo is needed".into()));
    }
    if to_dir.is_empty() {
        return Err(Error::Usage("one of --to-dir and --to-release-repo is needed".into()));
    }
    let level = shared::level(&arguments.log_level)?;
    let modified = if arguments.only_process_changes { host::modified_files()? } else { None };
    let options = ProwgenOptions {
        from_dir: PathBuf::from(from_dir),
        to_dir: PathBuf::from(to_dir),
        registry: Some(arguments.registry).filter(|given| !given.is_empty()).map(PathBuf::from),
        known_infra_files: arguments.known_infra_file.into_iter().collect(),
        filter: RepositoryFilter { org: arguments.org, repo: arguments.repo },
        modified,
        sub_dirs: shared::sub_dirs(&arguments.sub_dirs),
        owners: arguments.owners.into(),
        threads: None,
    };
    Ok((options, level))
}

/// A directory as given, or the one in the release repository below `$GOPATH`, which wins and must be there.
fn directory(side: &str, given: String, in_release_repo: bool, name: &str) -> Result<String, Error> {
    if !in_release_repo {
        return Ok(given);
    }
    let path = path::join(&path::join(&host::gopath(), "src/github.com/openshift/release"), name);
    if crate::files::is_directory(Path::new(&path)) {
        Ok(path)
    } else {
        Err(Error::Usage(format!("--{side}-release-repo: {path} is not a directory")))
    }
}
