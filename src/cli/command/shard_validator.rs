//! `config-shard-validator`: the reference's flags, and `--format`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error, host};
use crate::run;
use crate::run::options::{Extent, RepositoryFilter, ShardValidatorOptions};

/// Check that every ci-operator config and job file goes into the right ConfigMap.
#[derive(Debug, Parser)]
#[command(
    name = "config-shard-validator",
    args_override_self = true,
    after_help = "Flags take one dash or two; what follows them is ignored.\n\
        Exit status: 0 all is well, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// The release repository
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    release_repo_dir: String,
    /// Only configs of this organisation; jobs that name others are then wrong
    #[arg(long, default_value = "", hide_default_value = true)]
    org: String,
    /// Only configs of repositories of this name
    #[arg(long, default_value = "", hide_default_value = true)]
    repo: String,
    /// Only configs that git finds modified against the upstream branch, when nothing was added, removed or renamed
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    only_process_changes: bool,
    /// Least severe messages to print: panic, fatal, error, warning, info, debug or trace
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: String,
    /// Form of findings: text on standard error, or json, one array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Not used: --release-repo-dir says where configs are
    #[arg(long, value_name = "DIR", default_value = "", hide = true)]
    config_dir: String,
    #[arg(hide = true)]
    ignored: Vec<String>,
}

/// Runs `config-shard-validator`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    if arguments.release_repo_dir.is_empty() {
        return Err(Error::Usage("--release-repo-dir is needed".into()));
    }
    let level = shared::level(&arguments.log_level)?;
    let modified = if arguments.only_process_changes { host::modified_files()? } else { None };
    let options = ShardValidatorOptions {
        loads_configs: true,
        looks_at_jobs: true,
        release_repo: PathBuf::from(arguments.release_repo_dir),
        filter: RepositoryFilter { org: arguments.org, repo: arguments.repo },
        modified,
        environment: host::environment(),
        extent: Extent::AsTheReference,
        threads: None,
    };
    let progress = Progress::new(level == Level::Info && arguments.format == Form::Text);
    let outcome = run::shard_validator(&options, &progress)?;
    progress.finish();
    shared::conclude_in(arguments.format, &outcome, level)
}
