//! `cutwater completions`: what a shell needs to complete commands and flags.

use clap::Args;
use clap_complete::Shell;

use crate::cli::{Ended, Error, terminal};

/// Print what a shell needs to complete commands and flags
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater completions bash > ~/.local/share/bash-completion/completions/cutwater
  cutwater completions zsh > \"${fpath[1]}/_cutwater\"
  cutwater completions fish > ~/.config/fish/completions/cutwater.fish

Exit status: 0 printed, 2 bad usage.")]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Runs `cutwater completions` over the program's own description.
pub fn run(arguments: &Arguments, program: &mut clap::Command) -> Result<Ended, Error> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, program, "cutwater", &mut text);
    terminal::print(&String::from_utf8_lossy(&text))?;
    Ok(Ended::Clean)
}
