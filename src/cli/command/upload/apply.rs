//! `cutwater upload apply`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::place::{Format, Further, Place};
use super::session::{Session, ended};
use crate::cli::render::upload as render;
use crate::cli::{Ended, Error, host, terminal};
use crate::files;
use crate::run::upload::{Pace, Status, Survey, UploadOptions};
use crate::upload::{TakeOver, VersionPolicy};

/// Write what the plan says, and nothing else
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater upload apply                                       plan and carry it out
  cutwater upload apply --plan plan.json                      exactly this plan, or nothing when anything has changed since
  cutwater upload apply --take-over app.ci.yaml               a key that somebody edited by hand gets its file's content again
  cutwater upload apply --record run.json --metrics run.prom  what was done, for machines")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Carry out this saved plan; refused when files or ConfigMaps have changed since
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Write over this key although somebody else wrote it; may be repeated, `all` is every key
    #[arg(long, value_name = "KEY")]
    take_over: Vec<String>,
    /// Write although a later commit, or one that is not in this history, was written before
    #[arg(long)]
    allow_rollback: bool,
    /// Let ConfigMaps lose their last key
    #[arg(long)]
    allow_empty: bool,
    /// When the commit is written under the key VERSION
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Version::OnChange)]
    version_key: Version,
    /// Wait so many seconds between what comes and what goes: mounted ConfigMaps are read about a minute late
    #[arg(long, value_name = "SECONDS", default_value = "0", hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(0..=3600))]
    settle: u64,
    /// Write what was done to this file, as JSON and without any content
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Write metrics to this file, in the text format of Prometheus
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

/// When the commit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Version {
    /// With any other change of the ConfigMap.
    OnChange,
    /// Whenever the commit is another.
    Always,
    /// Not at all.
    Never,
}

/// Runs `cutwater upload apply`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let started = host::now();
    let began = host::unix_seconds();
    let place = &arguments.place;
    let further = Further {
        against: None,
        version: match arguments.version_key {
            Version::OnChange => VersionPolicy::OnChange,
            Version::Always => VersionPolicy::Always,
            Version::Never => VersionPolicy::Never,
        },
        take_over: take_over(&arguments.take_over),
        allow_rollback: arguments.allow_rollback,
        allow_empty: arguments.allow_empty,
        drops_former: arguments.allow_empty,
    };
    let options = place.options(further)?;
    let session = Session::start(place.ancestry()?)?;
    let survey = session.survey(&options)?;
    place.show_findings(&survey)?;
    if survey.refused != Status::Done {
        if place.format == Format::Json {
            terminal::print(&render::json::survey(&survey, &options))?;
        }
        return Ok(ended(survey.refused));
    }
    if let Some(saved) = &arguments.plan
        && let Some(difference) = differs(saved, &survey, &options)?
    {
        terminal::complain_text(&format!("error: {difference}; nothing was written\n"))?;
        return Ok(ended(Status::Conflict));
    }
    let pages = render::Pages::of(&survey, &options);
    let progress = place.progress();
    let pace = Pace { settle: Duration::from_secs(arguments.settle), is_exact: arguments.plan.is_some() };
    let record = session.carry(survey, &options, pace, &progress);
    let done = pages.with(&record, began, started.elapsed());
    match place.format {
        Format::Json => terminal::print(&done.json())?,
        Format::Text if place.quiet && record.status == Status::Done => {}
        Format::Text => terminal::print(&done.summary(terminal::stdout_style(place.color)))?,
    }
    // What was done counts, whether or not it could be written down.
    for (path, text) in [(&arguments.record, done.json()), (&arguments.metrics, done.metrics())] {
        let written = path.as_ref().map(|path| files::write_given(path, text.as_bytes()));
        if let Some(Err(error)) = written {
            terminal::complain_text(&format!("error: the upload is as told above, but {error}\n"))?;
        }
    }
    Ok(ended(record.status))
}

/// What `--take-over` names.
fn take_over(names: &[String]) -> TakeOver {
    match names {
        [] => TakeOver::Nothing,
        names if names.iter().any(|name| name == "all") => TakeOver::All,
        names => TakeOver::Keys(names.iter().cloned().collect::<BTreeSet<_>>()),
    }
}

/// What a saved plan says otherwise than the one just made, if anything.
fn differs(saved: &Path, survey: &Survey, options: &UploadOptions) -> Result<Option<String>, Error> {
    let text = files::read_given_as_it_stands(saved).map_err(|error| Error::Run(error.into()))?;
    render::json::difference(&text, survey, options)
        .map_err(|what| Error::Usage(format!("{} is no saved plan: {what}", saved.display())))
}
