//! The flag syntax of Go, for the programs that have an upstream name.
//!
//! Go takes `-flag` and `--flag` alike, `-flag=value` and `-flag value`, booleans only with `=`, and stops at the first
//! argument that is no flag. [`normalise`] checks that syntax against a clap command and rewrites the arguments into one
//! spelling that clap reads without further thought: `--flag=value …`, `--`, then the rest.

use std::ffi::OsString;

use clap::{Arg, Command};

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// To run, with these arguments for clap.
    Run(Vec<String>),
    /// For the usage.
    Help,
}

/// Rewrites the arguments of a program (its name first) for clap. The error is one line, without the usage.
pub fn normalise(command: &Command, arguments: Vec<OsString>) -> Result<Asked, String> {
    let mut arguments = arguments.into_iter().map(text).collect::<Result<Vec<_>, _>>()?.into_iter();
    let mut out: Vec<String> = arguments.next().into_iter().collect();
    let mut help = false;
    let mut rest = Vec::new();
    while let Some(argument) = arguments.next() {
        let Some(flag) = flag(&argument) else {
            rest.push(argument);
            break;
        };
        if flag.is_empty() {
            break;
        }
        if flag.starts_with(['-', '=']) {
            return Err(format!("bad flag syntax: {argument}"));
        }
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (flag, None),
        };
        match name {
            // `-h` is a flag of its own in the reference, so what follows is still checked; `-help` is not.
            "h" => help = boolean(name, value)?,
            "help" => return Ok(Asked::Help),
            _ => {
                let known = command.get_arguments().find(|known| known.get_long() == Some(name));
                let value = match known {
                    None => return Err(format!("flag provided but not defined: -{name}")),
                    Some(known) if is_boolean(known) => boolean(name, value)?.to_string(),
                    Some(_) => {
                        value.or_else(|| arguments.next()).ok_or_else(|| format!("flag needs an argument: -{name}"))?
                    }
                };
                out.push(format!("--{name}={value}"));
            }
        }
    }
    out.push("--".into());
    out.extend(rest);
    out.extend(arguments);
    Ok(if help { Asked::Help } else { Asked::Run(out) })
}

fn text(argument: OsString) -> Result<String, String> {
    argument.into_string().map_err(|argument| format!("argument is not UTF-8: {}", argument.display()))
}

/// A flag without its dashes; empty for the end of flags, nothing for an argument that is no flag.
fn flag(argument: &str) -> Option<&str> {
    let rest = argument.strip_prefix('-').filter(|rest| !rest.is_empty())?;
    Some(rest.strip_prefix('-').unwrap_or(rest))
}

/// Booleans are declared to clap as flags whose value may be left out.
fn is_boolean(argument: &Arg) -> bool {
    argument.get_num_args().is_some_and(|values| values.min_values() == 0)
}

fn boolean(name: &str, value: Option<String>) -> Result<bool, String> {
    let Some(value) = value else { return Ok(true) };
    match value.as_str() {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("invalid boolean value {value:?} for -{name}: parse error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(arguments: &[&str]) -> Result<Asked, String> {
        let command = Command::new("program")
            .arg(Arg::new("dir").long("dir"))
            .arg(Arg::new("on").long("on").num_args(0..=1))
            .arg(Arg::new("rest").num_args(0..));
        normalise(&command, [&["program"], arguments].concat().into_iter().map(OsString::from).collect())
    }

    fn runs(arguments: &[&str], expected: &[&str]) {
        let expected = [&["program"], expected].concat().into_iter().map(str::to_owned).collect();
        assert_eq!(normalised(arguments), Ok(Asked::Run(expected)), "{arguments:?}");
    }

    #[test]
    fn every_spelling_of_a_flag_is_one() {
        for spelling in [["-dir", "x"], ["--dir", "x"]] {
            runs(&spelling, &["--dir=x", "--"]);
        }
        runs(&["-dir=x", "--dir=y=z"], &["--dir=x", "--dir=y=z", "--"]);
        runs(&["--dir="], &["--dir=", "--"]);
        runs(&["--dir", "--on"], &["--dir=--on", "--"]);
    }

    #[test]
    fn booleans_take_a_value_only_with_a_sign() {
        runs(&["-on"], &["--on=true", "--"]);
        runs(&["-on", "false"], &["--on=true", "--", "false"]);
        for value in ["1", "t", "T", "true", "TRUE", "True"] {
            runs(&[&format!("-on={value}")], &["--on=true", "--"]);
        }
        for value in ["0", "f", "F", "false", "FALSE", "False"] {
            runs(&[&format!("--on={value}")], &["--on=false", "--"]);
        }
        assert_eq!(normalised(&["-on=yes"]), Err(r#"invalid boolean value "yes" for -on: parse error"#.into()));
        assert_eq!(normalised(&["-on="]), Err(r#"invalid boolean value "" for -on: parse error"#.into()));
    }

    #[test]
    fn flags_end_at_the_first_other_argument() {
        runs(&["a", "--dir", "x"], &["--", "a", "--dir", "x"]);
        runs(&["-on", "-", "-on"], &["--on=true", "--", "-", "-on"]);
        runs(&["--", "--nope"], &["--", "--nope"]);
        runs(&["", "-on"], &["--", "", "-on"]);
    }

    #[test]
    fn help_is_asked_for_in_two_ways() {
        assert_eq!(normalised(&["-h"]), Ok(Asked::Help));
        assert_eq!(normalised(&["--help=1", "--nope"]), Ok(Asked::Help));
        assert_eq!(normalised(&["-h", "--nope"]), Err("flag provided but not defined: -nope".into()));
        runs(&["-h=false"], &["--"]);
    }

    #[test]
    fn what_is_no_flag_is_refused() {
        assert_eq!(normalised(&["---dir"]), Err("bad flag syntax: ---dir".into()));
        assert_eq!(normalised(&["-=x"]), Err("bad flag syntax: -=x".into()));
        assert_eq!(normalised(&["--dir"]), Err("flag needs an argument: -dir".into()));
        assert_eq!(normalised(&["-d", "x"]), Err("flag provided but not defined: -d".into()));
    }
}
