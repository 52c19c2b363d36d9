//! `sanitize-prow-jobs` and `determinize-prow-jobs`: the reference's flags, and `--format`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error};
use crate::run;
use crate::run::layout;
use crate::run::options::SanitizeOptions;

/// Bring Prow job files into canonical form and choose the build cluster of each job.
#[derive(Debug, Parser)]
#[command(
    name = "sanitize-prow-jobs",
    args_override_self = true,
    after_help = "Also installed as determinize-prow-jobs. Flags take one dash or two and end at the first SUBDIR.\n\
        Exit status: 0 done, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// Directory of Prow job files (ci-operator/jobs)
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    prow_jobs_dir: String,
    /// Which jobs run where (core-services/sanitize-prow-jobs/_config.yaml)
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    config_path: String,
    /// The build clusters
    #[arg(long, value_name = "FILE", default_value = layout::CLUSTERS)]
    cluster_config_path: String,
    /// Form of findings: text on standard error, or json, one array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Sub-directories to work on, one after another
    #[arg(value_name = "SUBDIR")]
    sub_dirs: Vec<String>,
}

/// Runs `sanitize-prow-jobs`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    let format = arguments.format;
    let options = options(arguments)?;
    let progress = Progress::new(format == Form::Text);
    let outcome = run::sanitize(&options, &progress)?;
    progress.finish();
    shared::conclude_in(format, &outcome, Level::Info)
}

fn options(arguments: Arguments) -> Result<SanitizeOptions, Error> {
    if arguments.prow_jobs_dir.is_empty() {
        return Err(Error::Usage("--prow-jobs-dir is needed".into()));
    }
    if arguments.config_path.is_empty() {
        return Err(Error::Usage("--config-path is needed".into()));
    }
    Ok(SanitizeOptions {
        jobs_dir: PathBuf::from(arguments.prow_jobs_dir),
        config: PathBuf::from(arguments.config_path),
        clusters: PathBuf::from(arguments.cluster_config_path),
        sub_dirs: shared::sub_dirs(&arguments.sub_dirs),
        threads: None,
    })
}
