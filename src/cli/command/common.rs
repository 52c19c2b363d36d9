//! What the commands of `cutwater` share: flags for how a run goes and what it shows, and showing it.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};

use crate::cli::progress::Progress;
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error};
use crate::diagnostic::Diagnostic;
use crate::run::options::{Mode, Outcome, Stage, Watch};

/// What a run works and shows with.
#[derive(Clone, Copy, Debug, Args)]
pub struct Means {
    /// Worker threads, at most 256 [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    pub color: Style,
}

/// Flags of every command that writes a release repository.
#[derive(Debug, Args)]
pub struct Common {
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    pub release_repo: Option<PathBuf>,
    /// Write nothing; exit with 1 when something would change
    #[arg(long)]
    check: bool,
    /// Show what changed (with --check: what would change) as a unified diff
    #[arg(long)]
    pub diff: bool,
    /// Write what is whole when other files have findings
    #[arg(long)]
    pub keep_going: bool,
    #[command(flatten)]
    pub means: Means,
    /// Form of findings, differences and counts on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// No summary, no progress; twice: no warnings
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "verbose")]
    quiet: u8,
    /// Name every file that changed
    #[arg(short, long)]
    verbose: bool,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

impl Common {
    /// Those of a run that somebody else asked for, on its way: findings are shown and nothing else.
    pub fn aside(means: Means) -> Self {
        Self {
            release_repo: None,
            check: false,
            diff: false,
            keep_going: false,
            means,
            format: Format::Text,
            quiet: 1,
            verbose: false,
        }
    }

    /// Whether files may be written.
    pub fn mode(&self) -> Mode {
        if self.check { Mode::Check } else { Mode::Write }
    }

    fn level(&self) -> Level {
        if self.quiet > 1 { Level::Error } else { Level::Warning }
    }

    /// Someone to tell how the run goes.
    pub fn watcher(&self) -> Watcher<'_> {
        let progress = Progress::new(self.quiet == 0 && self.format == Format::Text);
        Watcher { flags: self, progress, failed: Mutex::new(None) }
    }
}

/// Shows how far a run is, and what it found before it writes anything.
pub struct Watcher<'f> {
    flags: &'f Common,
    progress: Progress,
    failed: Mutex<Option<io::Error>>,
}

impl Watch for Watcher<'_> {
    fn begin(&self, stage: Stage, steps: usize) {
        self.progress.begin(stage, steps);
    }

    fn advance(&self, steps: usize) {
        self.progress.advance(steps);
    }

    fn waiting(&self) {
        self.progress.waiting();
    }

    fn found(&self, findings: &[Diagnostic]) {
        let Common { format: Format::Text, means, .. } = self.flags else { return };
        self.progress.finish();
        let text = render::text::findings(findings, self.flags.level(), terminal::stdout_style(means.color));
        if let (Err(error), Ok(mut failed)) = (terminal::print(&text), self.failed.lock()) {
            *failed = Some(error);
        }
    }
}

impl Watcher<'_> {
    /// Shows what a run did, and gives its verdict. Findings, shown already, and differences are the answer and go to
    /// standard output; the summary is about the run and does not.
    pub fn conclude(self, outcome: &Outcome, took: Duration) -> Result<Ended, Error> {
        let would_change = self.flags.mode() == Mode::Check && !outcome.changes.is_empty();
        let ended = if outcome.has_errors() || would_change { Ended::Findings } else { Ended::Clean };
        match self.show(outcome, took) {
            // Whoever reads our output has seen enough; the verdict stands.
            Err(error) if error.is_broken_pipe() => Ok(ended),
            shown => shown.map(|()| ended),
        }
    }

    fn show(self, outcome: &Outcome, took: Duration) -> Result<(), Error> {
        let Self { flags, progress, failed } = self;
        progress.finish();
        if let Ok(Some(error)) = failed.into_inner() {
            return Err(error.into());
        }
        let mode = flags.mode();
        if flags.format == Format::Json {
            return Ok(terminal::print(&render::json::outcome(outcome, mode, flags.level()))?);
        }
        render::diff::each(&outcome.changes, terminal::stdout_style(flags.means.color), terminal::print)?;
        if flags.verbose {
            terminal::complain_text(&render::summary::files(outcome))?;
        }
        if flags.quiet == 0 {
            terminal::complain_text(&render::summary::line(outcome, mode, flags.keep_going, took))?;
        }
        Ok(())
    }
}
