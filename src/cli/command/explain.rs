//! `cutwater explain`: what a rule finds, why that matters and what to do, with an example.

use clap::Args;

use crate::catalogue::{areas, examples, similar};
use crate::cli::{Ended, Error, terminal};

/// Print what a rule finds, why it matters and what to do, with an example; without RULE, list the rules
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater explain                   all rules, by what they are about
  cutwater explain duplicate-test    one rule

Exit status: 0 printed, 2 bad usage.")]
pub struct Arguments {
    /// The id of a rule, as it stands in brackets before a finding
    #[arg(value_name = "RULE")]
    subject: Option<String>,
}

/// Runs `cutwater explain`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    match &arguments.subject {
        Some(subject) => terminal::print(&examples::page_of(subject).ok_or_else(|| unknown(subject))?)?,
        None => terminal::print(&list())?,
    }
    Ok(Ended::Clean)
}

fn unknown(subject: &str) -> Error {
    let hint = match similar(subject).as_slice() {
        [] => "`cutwater explain` lists all".to_owned(),
        meant => format!("did you mean {}?", meant.join(" or ")),
    };
    Error::Usage(format!("there is no rule {subject:?}; {hint}"))
}

/// A line for each rule: its id and what it finds.
fn list() -> String {
    let width = areas().iter().flat_map(|area| &area.rules).map(|rule| rule.id.len()).max().unwrap_or_default();
    let lines = |area: &crate::catalogue::Area| -> String {
        area.rules.iter().map(|rule| format!("  {:width$}  {}\n", rule.id, rule.summary)).collect()
    };
    areas().iter().map(|area| format!("{}\n{}\n", area.title, lines(area))).collect()
}
