//! `determinize-prow-config`: the reference's flags, and `--format`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error, host};
use crate::run;
use crate::run::options::ProwConfigOptions;

/// Bring Prow's configuration and that of its plugins into canonical form, and split them by organisation and repository.
#[derive(Debug, Parser)]
#[command(
    name = "determinize-prow-config",
    args_override_self = true,
    after_help = "Flags take one dash or two; what follows them is ignored.\n\
        Exit status: 0 done, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// Directory of _config.yaml and _plugins.yaml (core-services/prow/02_config)
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    prow_config_dir: String,
    /// Directory of _prowconfig.yaml files: those there are merged, and what belongs to an organisation or repository is
    /// written there
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    sharded_prow_config_base_dir: String,
    /// Directory that _pluginconfig.yaml files are written to; those below --prow-config-dir are always merged
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    sharded_plugin_config_base_dir: String,
    /// Form of findings: text on standard error, or json, one array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[arg(hide = true)]
    ignored: Vec<String>,
}

/// Runs `determinize-prow-config`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    if arguments.prow_config_dir.is_empty() {
        return Err(Error::Usage("--prow-config-dir is required".into()));
    }
    let given = |dir: String| Some(PathBuf::from(dir)).filter(|dir| !dir.as_os_str().is_empty());
    let options = ProwConfigOptions {
        config_dir: PathBuf::from(arguments.prow_config_dir),
        prow_shards: given(arguments.sharded_prow_config_base_dir),
        plugin_shards: given(arguments.sharded_plugin_config_base_dir),
        now: host::unix_seconds(),
        threads: None,
    };
    let progress = Progress::new(arguments.format == Form::Text);
    let outcome = run::prow_config(&options, &progress)?;
    progress.finish();
    shared::conclude_in(arguments.format, &outcome, Level::Info)
}
