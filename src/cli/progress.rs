//! A progress bar for runs that take long enough to see.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{host, terminal};
use crate::run::options::{Stage, Watch};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows a bar on standard error, when that is a terminal, once the run has taken half a second.
pub struct Progress {
    wanted: bool,
    started: Instant,
    bar: ProgressBar,
    shown: OnceLock<()>,
}

impl Progress {
    /// A bar that stays hidden altogether unless it is wanted.
    pub fn new(wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:40} {human_pos}/{human_len}") {
            bar.set_style(style);
        }
        Self { wanted, started: host::now(), bar, shown: OnceLock::new() }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_when_due(&self) {
        if self.wanted && self.shown.get().is_none() && self.started.elapsed() > PATIENCE {
            // Draws on a terminal only.
            self.shown.get_or_init(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}

impl Watch for Progress {
    fn begin(&self, stage: Stage, steps: usize) {
        self.bar.set_message(match stage {
            Stage::Checking => "checking",
            Stage::Generating => "generating",
            Stage::Writing => "writing",
        });
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
        self.show_when_due();
    }

    fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
        self.show_when_due();
    }

    fn waiting(&self) {
        if self.wanted {
            // A run that cannot say why it waits still waits.
            let _ = terminal::complain_text("waiting for another run over the same job files\n");
        }
    }
}
