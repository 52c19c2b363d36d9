//! `cutwater schema`: print a JSON Schema, or list them.

use clap::Args;

use crate::cli::{Ended, Error, terminal};
use crate::schema::{SCHEMAS, Schema};

/// Print the JSON Schema of a kind of file, for editors; without NAME, list the schemas
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater schema                                                  names, files and titles
  cutwater schema ci-operator-config > ci-operator-config.json     one schema

Exit status: 0 printed, 2 bad usage.")]
pub struct Arguments {
    /// Which schema
    #[arg(value_name = "NAME", value_parser = names())]
    name: Option<String>,
}

fn names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(SCHEMAS.iter().map(|schema| schema.name))
}

/// Runs `cutwater schema`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    match arguments.name.as_deref().and_then(Schema::find) {
        Some(schema) => terminal::print(&schema.text())?,
        None => terminal::print(&list())?,
    }
    Ok(Ended::Clean)
}

/// A line for each schema: its name and the files it is for.
fn list() -> String {
    let width = SCHEMAS.iter().map(|schema| schema.name.len()).max().unwrap_or_default();
    SCHEMAS.iter().map(|schema| format!("{:width$}  {}\n", schema.name, schema.files.join(" "))).collect()
}
