//! `cutwater upload`: files to ConfigMaps on clusters, with a plan first.

mod adopt;
mod apply;
mod check;
pub mod place;
mod plan;
mod rbac;
pub mod session;
mod writing;

use clap::{Args, Subcommand};

use crate::cli::{Ended, Error};

/// How `cutwater upload` ends.
const EXIT_STATUS: &str = "Exit status:
  0  done, or in sync
  1  a defect of the program
  2  bad usage, bad configuration, of Prow or of a kubeconfig, or a cluster that no kubeconfig
     has; nothing was written
  3  check: what is there differs; plan --exit-code: something would be written
  4  refused before writing, or by the server; nothing was written
  5  something was written and something was not, or waits for what --only or
     --skip-unknown-clusters leaves out: run it again, with all of it; plan: all that is left
     to do waits for that
  6  somebody else's keys, a later commit, a saved plan for another state, or an object that
     others change all the time; plan: all that differs is kept from being written by these
  7  the server does not know who is asking, or does not let them, or a credential plugin gives
     nothing to ask with
  8  a server is not there, or did not answer in time";

/// Sync files into the ConfigMaps that config_updater in plugins.yaml names
///
/// What is written is planned first. Only keys that this source owns are changed and removed; what comes is written everywhere
/// before anything goes; a second run writes nothing, and a run that was killed is finished by the next.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Check(check::Arguments),
    Adopt(adopt::Arguments),
    Rbac(rbac::Arguments),
}

/// Runs `cutwater upload`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    match &arguments.command {
        Command::Plan(arguments) => plan::run(arguments),
        Command::Apply(arguments) => apply::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Adopt(arguments) => adopt::run(arguments),
        Command::Rbac(arguments) => rbac::run(arguments),
    }
}
