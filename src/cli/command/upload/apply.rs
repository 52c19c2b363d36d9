//! `cutwater upload apply`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::place::{Format, Place};
use super::session::{Session, ended};
use super::writing::Writing;
use crate::cli::render::upload as render;
use crate::cli::{Ended, Error, host, terminal};
use crate::files;
use crate::run::upload::{Pace, Record, Status, Survey, UploadOptions};

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
    #[command(flatten)]
    writing: Writing,
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

/// Runs `cutwater upload apply`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let started = host::now();
    let began = host::unix_seconds();
    let place = &arguments.place;
    let further = arguments.writing.further(None);
    let options = place.options(further)?;
    let session = Session::start(place.ancestry()?)?;
    let survey = session.survey(&options)?;
    place.show_findings(&survey)?;
    if survey.refused != Status::Done {
        if place.format == Format::Json {
            terminal::print(&render::json::survey(&survey, &options))?;
        }
        let record = Record { status: survey.refused, ..Record::default() };
        arguments.write_down(&render::Pages::of(&survey, &options).with(&record, began, started.elapsed()))?;
        return Ok(ended(survey.refused));
    }
    if let Some(saved) = &arguments.plan
        && let Some(difference) = differs(saved, &survey, &options)?
    {
        terminal::complain_text(&format!("error: {difference}; nothing was written\n"))?;
        let record = Record { status: Status::Conflict, ..Record::default() };
        arguments.write_down(&render::Pages::of(&survey, &options).with(&record, began, started.elapsed()))?;
        return Ok(ended(Status::Conflict));
    }
    let pages = render::Pages::of(&survey, &options);
    let progress = place.progress();
    let pace = Pace {
        settle: Duration::from_secs(arguments.settle),
        is_exact: arguments.plan.is_some(),
        is_ordered: place.concurrency == 1,
    };
    let record = session.carry(survey, &options, pace, &progress);
    let done = pages.with(&record, began, started.elapsed());
    match place.format {
        Format::Json => terminal::print(&done.json())?,
        Format::Text if place.quiet && record.status == Status::Done => {}
        Format::Text => terminal::print(&done.summary(terminal::stdout_style(place.color)))?,
    }
    arguments.write_down(&done)?;
    Ok(ended(record.status))
}

impl Arguments {
    /// Writes the record and the metrics where they are wanted. What was done counts, whether or not it could be written down.
    fn write_down(&self, done: &render::Done<'_>) -> Result<(), Error> {
        for (path, text) in [(&self.record, done.json()), (&self.metrics, done.metrics())] {
            let written = path.as_ref().map(|path| files::write_given(path, text.as_bytes()));
            if let Some(Err(error)) = written {
                terminal::complain_text(&format!("error: what is told above stands, but {error}\n"))?;
            }
        }
        Ok(())
    }
}

/// What a saved plan says otherwise than the one just made, if anything.
fn differs(saved: &Path, survey: &Survey, options: &UploadOptions) -> Result<Option<String>, Error> {
    let text = files::read_given_as_it_stands(saved).map_err(|error| Error::Run(error.into()))?;
    render::json::difference(&text, survey, options)
        .map_err(|what| Error::Usage(format!("{} is no saved plan: {what}", saved.display())))
}
