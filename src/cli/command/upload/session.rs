//! A run of `cutwater upload`: its runtime, its survey, and how it ends.

use std::sync::Arc;

use crate::cli::command::upload::place::{Format, Place};
use crate::cli::progress::Progress;
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error};
use crate::cluster::Clusters;
use crate::diagnostic::Diagnostic;
use crate::run::options::{Stage, Watch};
use crate::run::upload::survey::NoSurvey;
use crate::run::upload::{Adoption, Manner, Pace, Record, Status, Survey, UploadOptions, adopt, carry, survey};
use crate::upload::Ancestry;

/// A run.
pub struct Session {
    /// As long as the program: to drop it would be to wait for names of servers that are being looked up.
    runtime: &'static tokio::runtime::Runtime,
    ancestry: Arc<Ancestry<'static>>,
}

impl Session {
    /// Starts what requests run in.
    pub fn start(ancestry: Arc<Ancestry<'static>>) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|cause| Error::Host("cannot start worker threads".into(), Some(cause)))?;
        Ok(Self { runtime: Box::leak(Box::new(runtime)), ancestry })
    }

    /// Reads files and clusters, and plans.
    pub fn survey(&self, options: &UploadOptions) -> Result<Survey, Error> {
        survey(options, self.runtime, &*self.ancestry).map_err(failed)
    }

    /// Takes keys over.
    pub fn adopt(&self, options: &UploadOptions, from: &[String], is_confirmed: bool) -> Result<Adoption, Error> {
        let manager = match &options.manner {
            Manner::Careful { writer, .. } => writer.manager(),
            Manner::Bootstrap => String::new(),
        };
        adopt(options, self.runtime, from, &manager, is_confirmed).map_err(failed)
    }

    /// Carries a plan out. Asked to end, it lets requests end that are under way and sends no more.
    pub fn carry(&self, survey: Survey, options: &UploadOptions, pace: Pace, progress: &Progress) -> Record {
        let writes = survey.waves().iter().map(Vec::len).sum();
        progress.begin(Stage::Writing, writes);
        let clusters = survey.clusters.clone();
        let advance = || progress.advance(1);
        let record = self.runtime.block_on(async {
            tokio::select! {
                record = carry(survey, &options.manner, Arc::clone(&self.ancestry), pace, &advance) => record,
                () = asked_twice(clusters) => Record { status: Status::Partial, ..Record::default() },
            }
        });
        progress.finish();
        record
    }
}

fn failed(error: NoSurvey) -> Error {
    match error {
        NoSurvey::Run(error) => Error::Run(error),
        NoSurvey::Clusters(error) => Error::Clusters(error),
        NoSurvey::Usage(text) => Error::Usage(text),
        NoSurvey::Saved(error) => Error::Usage(error.to_string()),
    }
}

/// Stops writing at the first signal that asks for it, and comes back at the second.
async fn asked_twice(clusters: Option<Arc<Clusters>>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if let Some(clusters) = &clusters {
            clusters.stop();
        }
        // Whoever asks again does not want to wait for the requests that are under way; the next run finds out.
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        if tokio::signal::ctrl_c().await.is_err() {
            return std::future::pending().await;
        }
        if let Some(clusters) = &clusters {
            clusters.stop();
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

impl Place {
    /// A progress bar, where one is wanted.
    pub fn progress(&self) -> Progress {
        Progress::new(!self.quiet && self.format == Format::Text)
    }

    /// Shows findings for people, on standard error: standard output is for the plan.
    pub fn show_findings(&self, survey: &Survey) -> Result<(), Error> {
        if self.format == Format::Text {
            let level = if self.quiet { Level::Error } else { Level::Warning };
            show_findings(&survey.findings, level, self.color)?;
        }
        Ok(())
    }
}

/// More entries than these without any file are only counted: an old repository has a hundred, and they stand in no one's way.
const MOST_DEAD: usize = 3;

/// Shows findings for people, on standard error.
pub fn show_findings(findings: &[Diagnostic], level: Level, color: Style) -> Result<(), Error> {
    let (dead, mut shown): (Vec<Diagnostic>, Vec<Diagnostic>) =
        findings.iter().cloned().partition(|finding| finding.rule == "entry-without-files");
    let count = dead.len();
    if count <= MOST_DEAD {
        shown = findings.to_vec();
    }
    terminal::complain_text(&render::text::findings(&shown, level, terminal::stderr_style(color)))?;
    if count > MOST_DEAD && level >= Level::Warning {
        terminal::complain_text(&format!(
            "{count} entries of config_updater take no file; `cutwater check` names them\n"
        ))?;
    }
    Ok(())
}

/// The end of a run.
pub fn ended(status: Status) -> Ended {
    Ended::With(status.code())
}
