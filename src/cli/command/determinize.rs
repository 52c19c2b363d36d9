//! `determinize-ci-operator`: the reference's flags, and `--format`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error, host, terminal};
use crate::run;
use crate::run::options::{DeterminizeOptions, Mode, RepositoryFilter};

/// Bring ci-operator configs into canonical form.
#[derive(Debug, Parser)]
#[command(
    name = "determinize-ci-operator",
    args_override_self = true,
    after_help = "Flags take one dash or two; what follows them is ignored.\n\
        Exit status: 0 done, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// Directory of ci-operator configs, ORG/REPO/ORG-REPO-BRANCH.yaml below it
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    config_dir: String,
    /// Write; without it configs are checked, and those that would change named
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    confirm: bool,
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
    /// Form of findings: text on standard error, or json, one array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[arg(hide = true)]
    ignored: Vec<String>,
}

/// Runs `determinize-ci-operator`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    if arguments.config_dir.is_empty() {
        return Err(Error::Usage("--config-dir is needed".into()));
    }
    let level = shared::level(&arguments.log_level)?;
    let modified = if arguments.only_process_changes { host::modified_files()? } else { None };
    let options = DeterminizeOptions {
        config_dir: PathBuf::from(arguments.config_dir),
        filter: RepositoryFilter { org: arguments.org, repo: arguments.repo },
        modified,
        mode: if arguments.confirm { Mode::Write } else { Mode::Check },
        threads: None,
    };
    let progress = Progress::new(level == Level::Info && arguments.format == Form::Text);
    let outcome = run::determinize(&options, &progress)?;
    progress.finish();
    if options.mode == Mode::Check && level == Level::Info {
        let would: String = outcome.changes.iter().map(|change| format!("would write {}\n", change.path)).collect();
        terminal::complain_text(&would)?;
    }
    shared::conclude_in(arguments.format, &outcome, level)
}
