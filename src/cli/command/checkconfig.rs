//! `ci-operator-checkconfig`: the reference's flags, and `--format`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::shared::{self, Form};
use crate::cli::progress::Progress;
use crate::cli::render::Level;
use crate::cli::{Ended, Error, host};
use crate::run;
use crate::run::options::{CheckconfigOptions, Extent};

/// Check ci-operator configs, with the step registry and with each other.
#[derive(Debug, Parser)]
#[command(
    name = "ci-operator-checkconfig",
    args_override_self = true,
    after_help = "Flags take one dash or two; what follows them is ignored.\n\
        Exit status: 0 all is well, 1 anything wrong with arguments or files, 2 flags that do not parse."
)]
struct Arguments {
    /// Directory of ci-operator configs, ORG/REPO/ORG-REPO-BRANCH.yaml below it
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    config_dir: String,
    /// Directory of the step registry; without it, tests are not resolved and their clusters not checked
    #[arg(long, value_name = "DIR", default_value = "", hide_default_value = true)]
    registry: String,
    /// The cluster profiles and their owners (cluster-profiles/cluster-profiles-config.yaml in the step registry)
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    cluster_profiles_config: String,
    /// The owners of pools that clusters are claimed from
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    cluster_claim_owners_config: String,
    /// Only the directory of this organisation
    #[arg(long, default_value = "", hide_default_value = true)]
    org: String,
    /// Only the directory of this name, below that of --org
    #[arg(long, default_value = "", hide_default_value = true)]
    repo: String,
    /// Ask git what changed; all configs are checked all the same
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value_t = false, default_missing_value = "true", hide_default_value = true)]
    only_process_changes: bool,
    /// Least severe messages to print: panic, fatal, error, warning, info, debug or trace
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: String,
    /// Form of findings: text on standard error, or one JSON array on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[arg(hide = true)]
    ignored: Vec<String>,
}

/// Runs `ci-operator-checkconfig`.
pub fn run(arguments: Vec<OsString>) -> Result<Ended, Error> {
    let Some(arguments) = shared::parse::<Arguments>(arguments)? else { return Ok(Ended::Clean) };
    let (level, form) = (shared::level(&arguments.log_level)?, arguments.format);
    if arguments.only_process_changes {
        // As in the reference, whose run fails where git does and is not limited otherwise.
        host::modified_files()?;
    }
    let options = options(arguments)?;
    let progress = Progress::new(level == Level::Info && form == Form::Text);
    let outcome = run::checkconfig(&options, &progress)?;
    progress.finish();
    shared::conclude_in(form, &outcome, level)
}

fn options(arguments: Arguments) -> Result<CheckconfigOptions, Error> {
    let needed = [
        ("config-dir", &arguments.config_dir),
        ("cluster-profiles-config", &arguments.cluster_profiles_config),
        ("cluster-claim-owners-config", &arguments.cluster_claim_owners_config),
    ];
    if let Some((flag, _)) = needed.iter().find(|(_, value)| value.is_empty()) {
        return Err(Error::Usage(format!("--{flag} is needed")));
    }
    let named = [arguments.org, arguments.repo];
    let named: Vec<&str> = named.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    Ok(CheckconfigOptions {
        config_dir: PathBuf::from(arguments.config_dir),
        sub_dir: named.join("/"),
        registry: Some(arguments.registry).filter(|given| !given.is_empty()).map(PathBuf::from),
        cluster_profiles: PathBuf::from(arguments.cluster_profiles_config),
        claim_owners: PathBuf::from(arguments.cluster_claim_owners_config),
        extent: Extent::AsTheReference,
        threads: None,
    })
}
