//! `cutwater upload adopt`.

use clap::Args;

use super::place::{Format, Further, Place};
use super::session::{Session, ended, show_findings};
use crate::cli::render::{Level, upload as render};
use crate::cli::{Ended, Error, terminal};
use crate::run::upload::Status;
use crate::upload::handover::UPLOADERS;

/// Take over the keys of ConfigMaps that another program wrote, Prow's updater say
///
/// Only who owns the keys is changed, not what they hold: the next apply then changes and removes them. What is handed over
/// is printed; nothing is done without --confirm.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// A field manager whose keys are taken over; may be repeated
    #[arg(long, value_name = "MANAGER", default_values = UPLOADERS)]
    from: Vec<String>,
    /// Do it
    #[arg(long)]
    confirm: bool,
}

/// Runs `cutwater upload adopt`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let place = &arguments.place;
    let further = Further { allow_empty: true, allow_rollback: true, ..Further::default() };
    let options = place.options(further)?;
    let session = Session::start(place.ancestry()?)?;
    let adoption = session.adopt(&options, &arguments.from, arguments.confirm)?;
    show_findings(&adoption.findings, if place.quiet { Level::Error } else { Level::Warning }, place.color)?;
    if adoption.refused != Status::Done {
        return Ok(ended(adoption.refused));
    }
    match place.format {
        Format::Json => terminal::print(&render::json::adoption(&adoption))?,
        Format::Text => terminal::print(&render::text::adoption(&adoption, arguments.confirm))?,
    }
    let worst = adoption.failures().map(Status::of);
    Ok(ended(Status::together(worst, adoption.was_written())))
}
