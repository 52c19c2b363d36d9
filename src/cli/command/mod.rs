//! The commands, one file each: flags declared with clap and turned into the plain options of [`crate::run::options`].

pub mod check;
pub mod checkconfig;
mod common;
pub mod completions;
#[cfg(feature = "upload")]
pub mod config_uploader;
pub mod determinize;
pub mod diff;
pub mod explain;
pub mod fmt;
pub mod init;
pub mod jobs;
pub mod man;
pub mod merge_driver;
pub mod pre_commit;
pub mod prow_config;
pub mod prowgen;
pub mod sanitize;
pub mod schema;
pub mod self_check;
pub mod shard_validator;
mod shared;
#[cfg(feature = "upload")]
pub mod upload;
pub mod watch;

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use super::{Ended, Error, terminal};

/// Prow jobs of a release repository, generated and kept in canonical form.
#[derive(Debug, Parser)]
#[command(
    name = "cutwater",
    version = version(),
    disable_help_subcommand = true,
    arg_required_else_help = true,
    after_help = "Exit status: 0 clean, 1 findings or files that would change, 2 bad usage or a run that failed."
)]
struct Cutwater {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Jobs(jobs::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Update(jobs::UpdateArguments),
    Schema(schema::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    MergeDriver(merge_driver::Arguments),
    PreCommit(pre_commit::Arguments),
    Init(init::Arguments),
    #[cfg(feature = "upload")]
    Upload(Box<upload::Arguments>),
    Watch(watch::Arguments),
    SelfCheck(self_check::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs `cutwater`.
pub fn cutwater(arguments: Vec<OsString>) -> Result<Ended, Error> {
    match Cutwater::try_parse_from(arguments) {
        Ok(Cutwater { command }) => match command {
            Command::Jobs(arguments) => jobs::run(&arguments),
            Command::Check(arguments) => check::run(&arguments),
            Command::Fmt(arguments) => fmt::run(&arguments),
            Command::Update(arguments) => jobs::update(&arguments),
            Command::Schema(arguments) => schema::run(&arguments),
            Command::Explain(arguments) => explain::run(&arguments),
            Command::Diff(arguments) => diff::run(&arguments),
            Command::MergeDriver(arguments) => merge_driver::run(&arguments),
            Command::Init(arguments) => init::run(&arguments),
            Command::PreCommit(arguments) => pre_commit::run(&arguments),
            #[cfg(feature = "upload")]
            Command::Upload(arguments) => upload::run(&arguments),
            Command::Watch(arguments) => watch::run(&arguments),
            Command::SelfCheck(arguments) => self_check::run(&arguments),
            Command::Completions(arguments) => completions::run(&arguments, &mut Cutwater::command()),
            Command::Man(arguments) => man::run(&arguments, Cutwater::command()),
        },
        Err(stopped) if stopped.use_stderr() => Err(Error::Syntax(stopped.render().to_string())),
        Err(wanted) => {
            // Help and the version are what was asked for.
            terminal::print(&wanted.render().to_string())?;
            Ok(Ended::Clean)
        }
    }
}

fn version() -> String {
    format!("{} (compatible with {})", env!("CARGO_PKG_VERSION"), super::COMPATIBLE_WITH)
}
