//! `cutwater upload plan`.

use std::path::PathBuf;

use clap::Args;

use super::place::{Format, Place};
use super::session::{Session, ended};
use super::writing::Writing;
use crate::cli::render::upload as render;
use crate::cli::terminal;
use crate::cli::{Ended, Error};
use crate::files;
use crate::run::upload::{Against, Status, Survey};

/// Show what an upload would do, without writing anything
///
/// Per cluster, namespace and ConfigMap: what is created, changed, moved and removed, why, and the size before and after.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater upload plan                          against the clusters of the kubeconfig
  cutwater upload plan --against empty          everything, without a cluster
  cutwater upload plan --against saved/         against ConfigMaps that `kubectl get configmap -o yaml` saved
  cutwater upload plan --out plan.json          to be carried out by `cutwater upload apply --plan plan.json`")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// What is there: `clusters`, `empty`, or a directory of saved ConfigMaps (CLUSTER/*.yaml)
    #[arg(long, value_name = "WHAT", default_value = "clusters")]
    against: String,
    /// Exit with 3 when something would be written
    #[arg(long)]
    exit_code: bool,
    /// Save the plan, for apply --plan
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
    /// Name every key
    #[arg(short, long)]
    verbose: bool,
}

/// Runs `cutwater upload plan`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let further = arguments.writing.further(against(&arguments.against));
    let place = &arguments.place;
    let options = place.options(further)?;
    let session = Session::start(place.ancestry()?)?;
    let survey = session.survey(&options)?;
    place.show_findings(&survey)?;
    let json = render::json::survey(&survey, &options);
    match place.format {
        Format::Json => terminal::print(&json)?,
        Format::Text => {
            let paint = terminal::stdout_style(place.color);
            terminal::print(&render::text::plan(&survey, paint, arguments.verbose))?;
        }
    }
    if let Some(out) = &arguments.out {
        files::write_given(out, json.as_bytes()).map_err(|error| Error::Run(error.into()))?;
    }
    Ok(ended(status(&survey, arguments.exit_code)))
}

fn status(survey: &Survey, tells_of_changes: bool) -> Status {
    // Refused it is refused, whatever else stands in the way: as an upload would end.
    if survey.refused != Status::Done {
        return survey.refused;
    }
    let unread = survey.unread.values().map(Status::of);
    let worst = Status::together(unread.chain([survey.blocked()]), false);
    match worst {
        Status::Done if tells_of_changes && !survey.is_in_sync() => Status::Drift,
        worst => worst,
    }
}

/// What is there, by the name that was given.
pub fn against(name: &str) -> Option<Against> {
    match name {
        "clusters" => None,
        "empty" => Some(Against::Nothing),
        directory => Some(Against::Saved(PathBuf::from(directory))),
    }
}
