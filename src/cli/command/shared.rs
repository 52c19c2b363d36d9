//! What the drop-in programs share: reading Go's flags, and saying how a run went.

use std::ffi::OsString;

use clap::{Parser, ValueEnum};

use crate::cli::go_flags::{self, Asked};
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error};
use crate::files::path;
use crate::run::options::Outcome;

/// Reads the arguments of a drop-in program; nothing when only the usage was wanted, which is then printed.
pub fn parse<A: Parser>(arguments: Vec<OsString>) -> Result<Option<A>, Error> {
    let mut command = A::command();
    match go_flags::normalise(&command, arguments) {
        Ok(Asked::Help) => {
            // The reference prints its usage on standard error, asked for or not.
            terminal::complain_text(&command.render_help().to_string())?;
            Ok(None)
        }
        Ok(Asked::Run(arguments)) => {
            A::try_parse_from(arguments).map(Some).map_err(|stopped| Error::Syntax(stopped.render().to_string()))
        }
        Err(message) => Err(Error::Syntax(format!("{message}\n{}", command.render_help()))),
    }
}

/// Prints findings for people: silent when all is well.
fn conclude(outcome: &Outcome, level: Level) -> Result<Ended, Error> {
    let style = terminal::stderr_style(Style::Automatic);
    terminal::complain_text(&render::text::findings(&outcome.findings, level, style))?;
    Ok(if outcome.has_errors() { Ended::Findings } else { Ended::Clean })
}

/// Forms of a drop-in program's findings, `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people, on standard error.
    Text,
    /// One array on standard output.
    Json,
}

/// Prints findings in the form that was asked for, and ends as the reference does.
pub fn conclude_in(form: Form, outcome: &Outcome, level: Level) -> Result<Ended, Error> {
    if form == Form::Text {
        return conclude(outcome, level);
    }
    let ended = if outcome.has_errors() { Ended::Findings } else { Ended::Clean };
    match terminal::print(&render::json::findings(&outcome.findings, level)).map_err(Error::from) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(ended),
        shown => shown.map(|()| ended),
    }
}

/// The level that `--log-level` names.
pub fn level(name: &str) -> Result<Level, Error> {
    let levels = "panic, fatal, error, warning, info, debug and trace";
    Level::named(name).ok_or_else(|| Error::Usage(format!("--log-level {name:?} is none of {levels}")))
}

/// The sub-directories to work on, below the tree whatever their first letter: the whole tree when none is named.
pub fn sub_dirs(named: &[String]) -> Vec<String> {
    if named.is_empty() {
        return vec![String::new()];
    }
    named.iter().map(|name| path::join(".", name)).map(|name| if name == "." { String::new() } else { name }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_directories_are_spelled_shortly_and_below_the_tree() {
        let named = ["openshift/", "/openshift/api", "a/../b", ".", "", "../x"].map(str::to_owned);
        assert_eq!(sub_dirs(&named), ["openshift", "openshift/api", "b", "", "", "../x"]);
        assert_eq!(sub_dirs(&[]), [""]);
    }
}
