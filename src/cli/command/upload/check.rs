//! `cutwater upload check`.

use clap::Args;

use super::place::{Format, Further, Place};
use super::plan::against;
use super::session::{Session, ended};
use crate::cli::render::upload as render;
use crate::cli::terminal;
use crate::cli::{Ended, Error};
use crate::run::upload::Status;
use crate::upload::VersionPolicy;

/// Tell whether what is there is what the files say; exit with 3 when it is not
///
/// Reads only. `VERSION` does not count, nor do keys of others.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// What is there: `clusters`, or a directory of saved ConfigMaps (CLUSTER/*.yaml)
    #[arg(long, value_name = "WHAT", default_value = "clusters")]
    against: String,
    /// Show how the text of keys differs. This prints what ConfigMaps hold
    #[arg(long)]
    diff: bool,
}

/// Runs `cutwater upload check`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let place = &arguments.place;
    let further = Further {
        against: against(&arguments.against),
        allow_empty: true,
        allow_rollback: true,
        version: VersionPolicy::OnChange,
        ..Further::default()
    };
    let options = place.options(further)?;
    let session = Session::start(place.ancestry()?)?;
    let survey = session.survey(&options)?;
    place.show_findings(&survey)?;
    match place.format {
        Format::Json => terminal::print(&render::json::survey(&survey, &options))?,
        Format::Text => {
            let paint = terminal::stdout_style(place.color);
            terminal::print(&render::text::drift(&survey, paint, arguments.diff))?;
        }
    }
    let unread = survey.unread.values().map(Status::of);
    Ok(ended(match Status::together(unread.chain([survey.refused]), false) {
        Status::Done if !survey.is_in_sync() => Status::Drift,
        worst => worst,
    }))
}
