//! `cutwater watch`: generating and checking while somebody edits.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use clap::Args;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecursiveMode, Watcher as _};

use super::check;
use super::common::{Common, Means};
use crate::cli::render;
use crate::cli::terminal;
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files::{self, Instead};
use crate::run::layout::{CONFIG, DISPATCHER, JOBS, PROW_CONFIG, REGISTRY};
use crate::run::options::{JobsOptions, Mode, OnLoss, Owners, Scope};
use crate::run::{self, Known};

/// Generate, format and check what is edited, as soon as it is saved
///
/// Begins with everything, then looks at what a saved file touches. Ends with Ctrl-C. What it writes itself does not start it
/// again. On a terminal the screen is cleared before each round; elsewhere rounds follow one another.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater watch            job files follow their configs
  cutwater watch --check    nothing is written; it only tells

Exit status: 2 bad usage or a run that failed; otherwise it ends with the signal that stops it.")]
pub struct Arguments {
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Write nothing, say what would change
    #[arg(long)]
    check: bool,
    /// So many rounds, then end: for scripts and tests
    #[arg(long, value_name = "N", hide = true)]
    rounds: Option<usize>,
    #[command(flatten)]
    means: Means,
}

/// Files that are saved together are looked at together: editors write several at a time.
const SETTLE: Duration = Duration::from_millis(80);

/// Runs `cutwater watch`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let root = scope::release_repo(&here, arguments.release_repo.as_deref(), &[])?;
    // The system names files with all links resolved.
    let root = files::resolved(&here.join(&root)).unwrap_or(root);
    sparse::refuse(&root, &sparse::inputs(&Scope::Everything), "")?;
    let (sender, saved) = mpsc::channel();
    let failed = |error: notify::Error| Error::Host(format!("cannot watch {}: {error}", root.display()), None);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // When nobody listens any more, the run is over.
        let _ = sender.send(event);
    })
    .map_err(failed)?;
    for place in [CONFIG, JOBS, REGISTRY, DISPATCHER, PROW_CONFIG] {
        let directory = root.join(place);
        if files::is_directory(&directory) {
            watcher.watch(&directory, RecursiveMode::Recursive).map_err(failed)?;
        }
    }
    let mut written = round(arguments, &root, Scope::Everything, None)?;
    let mut rounds = 1;
    while arguments.rounds.is_none_or(|most| rounds < most) {
        let Some(changed) = next(&saved, &root) else { break };
        let news: BTreeSet<String> = changed.difference(&written).cloned().collect();
        // What was written is told of once; if somebody edits it after that, it is news.
        written.retain(|path| !changed.contains(path));
        let Some(scope) = scope::of_changed(&root, &news) else { continue };
        written.extend(round(arguments, &root, scope, Some(news))?);
        rounds += 1;
    }
    Ok(Ended::Clean)
}

/// Waits for files to be saved, and for a moment without any; nothing when nobody watches any more.
fn next(saved: &Receiver<notify::Result<notify::Event>>, root: &Path) -> Option<BTreeSet<String>> {
    let mut changed = BTreeSet::new();
    let mut add = |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let is_looking = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
            EventKind::Access(_) => true,
            _ => false,
        };
        let names = event.paths.iter().filter_map(|path| path.strip_prefix(root).ok()?.to_str().map(str::to_owned));
        if !is_looking {
            changed.extend(names.filter(|path| !files::path::base(path).starts_with('.')));
        }
    };
    add(saved.recv().ok()?);
    loop {
        match saved.recv_timeout(SETTLE) {
            Ok(event) => add(event),
            Err(RecvTimeoutError::Timeout) => return Some(changed),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// One look at what changed; the files that it wrote.
fn round(
    arguments: &Arguments,
    root: &Path,
    scope: Scope,
    changed: Option<BTreeSet<String>>,
) -> Result<BTreeSet<String>, Error> {
    let started = host::now();
    terminal::clear()?;
    for file in changed.iter().flatten().take(5) {
        terminal::print(&format!("{file}\n"))?;
    }
    let common = Common::aside(arguments.means);
    let options = JobsOptions {
        release_repo: root.to_owned(),
        scope,
        mode: if arguments.check { Mode::Check } else { Mode::Write },
        diff: true,
        keep_going: true,
        on_loss: OnLoss::Refuse,
        owners: Owners::Mirror,
        instead: Instead::default(),
        now: host::unix_seconds(),
        threads: arguments.means.jobs,
    };
    let known = Known::default();
    let watcher = common.watcher();
    // A file that is being moved about is there again in the next round.
    let outcome = match run::update(&options, &known, &watcher) {
        Ok(outcome) => outcome,
        Err(error) => {
            terminal::complain(&error.into())?;
            return Ok(BTreeSet::new());
        }
    };
    // What a save would cost somebody a comment is not written behind their back.
    let mode = if outcome.held.is_empty() { options.mode } else { Mode::Check };
    if !outcome.held.is_empty() {
        let files = outcome.held.join(", ");
        terminal::complain_text(&format!("nothing is written, for what is said of these files would go: {files}\n"))?;
    }
    let line = render::summary::line(&outcome, mode, true, started.elapsed());
    let written = match mode {
        Mode::Check => BTreeSet::new(),
        Mode::Write => outcome.changes.iter().map(|change| change.path.clone()).collect(),
    };
    watcher.conclude(&outcome, started.elapsed())?;
    if changed.is_some() && !outcome.has_errors() {
        let asked = check::Arguments::aside(arguments.means);
        check::run_about(&asked, root.to_owned(), changed, &known)?;
    }
    terminal::complain_text(&line)?;
    Ok(written)
}
