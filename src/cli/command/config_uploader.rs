//! `config-uploader`: config-bootstrapper's flags, and what it leaves behind.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgAction, Parser};

use super::shared;
use super::upload::place::{left_out, namespace};
use super::upload::session::{Session, show_findings};
use crate::cli::progress::Progress;
use crate::cli::render::{Level, upload as pages};
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error, host};
use crate::cluster::Settings;
use crate::files;
use crate::run::plugin_config::{PluginFiles, SUPPLEMENT};
use crate::run::upload::{Against, Manner, Pace, Status, UploadOptions};

/// Make the ConfigMaps that config_updater names anew from the files of a directory, as config-bootstrapper does.
///
/// Keys that no file gives are removed, whoever wrote them; `cutwater upload` is for everyday use.
#[derive(Debug, Parser)]
#[command(
    name = "config-uploader",
    args_override_self = true,
    after_help = "Flags take one dash or two.\n\
        Exit status: 0 all is as the files say, 1 anything wrong, 2 flags that do not parse."
)]
struct Arguments {
    /// The root of a directory to upload from; may be repeated
    #[arg(long, value_name = "DIR")]
    source_path: Vec<PathBuf>,
    /// Only show what would be written
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = true, default_missing_value = "true")]
    dry_run: bool,
    /// Prow's configuration, for the namespace of entries that name none
    #[arg(long, value_name = "FILE", default_value = "/etc/config/config.yaml")]
    config_path: PathBuf,
    /// Where config_updater stands
    #[arg(long, value_name = "FILE", default_value = "/etc/plugins/plugins.yaml")]
    plugin_config: PathBuf,
    /// A directory with further plugin configuration; may be repeated
    #[arg(long, value_name = "DIR")]
    supplemental_plugin_config_dir: Vec<PathBuf>,
    /// How names of files in these directories end
    #[arg(long, value_name = "SUFFIX", default_value = SUPPLEMENT)]
    supplemental_plugin_configs_filename_suffix: String,
    /// A kubeconfig file; clusters are its contexts
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    kubeconfig: String,
    /// A directory of kubeconfig files
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    kubeconfig_dir: String,
    /// How names of files in that directory end
    #[arg(long, value_name = "SUFFIX", default_value = "", hide_default_value = true)]
    kubeconfig_suffix: String,
    /// A file with the token for the cluster that this runs in
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    projected_token_file: String,
    /// Do not take the cluster that this runs in for `default`
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    no_in_cluster_config: bool,
    #[command(flatten)]
    unused: Unused,
    #[arg(hide = true)]
    ignored: Vec<String>,
}

/// Flags of the reference that change nothing about what is uploaded: of Prow's configuration only its namespace counts.
#[derive(Debug, clap::Args)]
struct Unused {
    /// Not used: jobs are not looked at
    #[arg(long, hide = true)]
    job_config_path: Option<String>,
    /// Not used: the namespace stands in the main file
    #[arg(long, hide = true)]
    supplemental_prow_config_dir: Vec<String>,
    /// Not used
    #[arg(long, hide = true)]
    supplemental_prow_configs_filename_suffix: Option<String>,
    /// Not used
    #[arg(long, hide = true)]
    supplemental_prow_configs_filename: Option<String>,
    /// Not used
    #[arg(long, hide = true)]
    cache_dir_base: Option<String>,
    /// Not used
    #[arg(long, hide = true)]
    in_repo_config_cache_size: Option<String>,
    /// Not used
    #[arg(long, hide = true)]
    moonraker_address: Option<String>,
}

/// Runs `config-uploader`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let started = host::now();
    let began = host::unix_seconds();
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    if arguments.source_path.is_empty() {
        return Err(Error::Usage("--source-path must be provided at least once".into()));
    }
    let is_dry = arguments.dry_run;
    let options = options(arguments)?;
    let session = Session::start(Arc::new(|_: &str| None))?;
    let survey = session.survey(&options)?;
    show_findings(&survey.findings, Level::Warning, Style::Automatic)?;
    let paint = terminal::stdout_style(Style::Automatic);
    if is_dry || survey.refused != Status::Done {
        terminal::print(&pages::text::plan(&survey, paint, false))?;
        if is_dry {
            terminal::complain_text("nothing was written; say --dry-run=false to do it\n")?;
        }
        let is_well = survey.refused == Status::Done && survey.unread.is_empty() && survey.skipped.is_empty();
        return Ok(if is_well { Ended::Clean } else { Ended::Findings });
    }
    let before = pages::Pages::of(&survey, &options);
    let record = session.carry(survey, &options, Pace::default(), &Progress::new(true));
    let done = before.with(&record, began, started.elapsed());
    terminal::print(&done.summary(paint))?;
    Ok(if record.status == Status::Done { Ended::Clean } else { Ended::Findings })
}

fn options(arguments: Arguments) -> Result<UploadOptions, Error> {
    let given = |path: String| Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty());
    let directory = |path: PathBuf| (path.clone(), path.display().to_string(), path);
    if let Some(missing) = arguments.source_path.iter().find(|source| !files::is_directory(source)) {
        return Err(Error::Usage(format!("--source-path {} is no directory", missing.display())));
    }
    let settings = Settings {
        kubeconfig: given(arguments.kubeconfig),
        kubeconfig_dir: given(arguments.kubeconfig_dir),
        kubeconfig_suffix: arguments.kubeconfig_suffix,
        projected_token_file: given(arguments.projected_token_file),
        no_in_cluster_config: arguments.no_in_cluster_config,
        field_manager: "config-uploader".to_owned(),
        ..Settings::default()
    };
    Ok(UploadOptions {
        namespace: namespace(Some(&arguments.config_path))?,
        left_out: left_out(&arguments.source_path),
        sources: arguments.source_path,
        plugins: PluginFiles {
            shown: arguments.plugin_config.display().to_string(),
            main: arguments.plugin_config,
            directories: arguments.supplemental_plugin_config_dir.into_iter().map(directory).collect(),
            suffix: arguments.supplemental_plugin_configs_filename_suffix,
        },
        environment: host::environment(),
        manner: Manner::Bootstrap,
        only: Default::default(),
        skip_unknown_clusters: true,
        against: Against::Clusters(settings),
        uncommitted: Default::default(),
        threads: None,
    })
}
