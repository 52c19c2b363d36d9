//! `cutwater jobs`: generate, merge and sanitize in one run.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::cli::progress::Progress;
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error, host, scope};
use crate::run;
use crate::run::options::{JobsOptions, Mode, Outcome, Owners};

/// Generate the Prow jobs of a release repository and bring every job file into canonical form
///
/// Loads and resolves every ci-operator config, generates its jobs, merges them into the job files that are there,
/// chooses build clusters, mirrors OWNERS, and writes what changed: what ci-operator-prowgen and sanitize-prow-jobs
/// leave behind, in one run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater jobs                                           the whole release repository
  cutwater jobs ci-operator/config/openshift/installer    one repository
  cutwater jobs --check --diff                            what would change, without writing

Exit status: 0 clean, 1 findings or (with --check) files that would change, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// Files or directories of configs, jobs or the step registry: only the repositories they touch
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Write nothing; exit with 1 when something would change
    #[arg(long)]
    check: bool,
    /// Show what changed (with --check: what would change) as a unified diff
    #[arg(long)]
    diff: bool,
    /// Write the repositories that are whole when others have findings
    #[arg(long)]
    keep_going: bool,
    /// Whether OWNERS of job directories mirror those of config directories
    #[arg(long, value_enum, value_name = "on|off", hide_possible_values = true, default_value_t = Switch::On)]
    owners: Switch,
    /// Worker threads [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    color: Style,
    /// Form of findings, differences and counts on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// No summary, no progress; twice: no warnings
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "verbose")]
    quiet: u8,
    /// Name every file that changed
    #[arg(short, long)]
    verbose: bool,
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

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// Runs `cutwater jobs`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let started = host::now();
    let options = options(arguments)?;
    let progress = Progress::new(arguments.quiet == 0 && arguments.format == Format::Text);
    let outcome = run::jobs(&options, &progress)?;
    progress.finish();
    let would_change = options.mode == Mode::Check && !outcome.changes.is_empty();
    let ended = if outcome.has_errors() || would_change { Ended::Findings } else { Ended::Clean };
    match show(arguments, &options, &outcome, started.elapsed()) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(ended),
        shown => shown.map(|()| ended),
    }
}

fn options(arguments: &Arguments) -> Result<JobsOptions, Error> {
    let here = host::current_dir()?;
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &arguments.paths)?;
    Ok(JobsOptions {
        scope: scope::of_paths(&here, &release_repo, &arguments.paths)?,
        release_repo,
        mode: if arguments.check { Mode::Check } else { Mode::Write },
        diff: arguments.diff,
        keep_going: arguments.keep_going,
        owners: arguments.owners.into(),
        threads: arguments.jobs,
    })
}

/// Findings and differences are the answer and go to standard output; the summary is about the run and does not.
fn show(
    arguments: &Arguments,
    options: &JobsOptions,
    outcome: &Outcome,
    took: std::time::Duration,
) -> Result<(), Error> {
    let level = if arguments.quiet > 1 { Level::Error } else { Level::Warning };
    if arguments.format == Format::Json {
        return Ok(terminal::print(&render::json::outcome(outcome, options.mode, level))?);
    }
    let style = terminal::stdout_style(arguments.color);
    terminal::print(&render::text::findings(&outcome.findings, level, style))?;
    render::diff::each(&outcome.changes, style, terminal::print)?;
    if arguments.verbose {
        terminal::complain_text(&render::summary::files(outcome))?;
    }
    if arguments.quiet == 0 {
        terminal::complain_text(&render::summary::line(outcome, options, took))?;
    }
    Ok(())
}
