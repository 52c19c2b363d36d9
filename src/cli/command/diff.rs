//! `cutwater diff`: what a change means in jobs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{ArgAction, Args, ValueEnum};

use super::common::Means;
use crate::cli::history::{self, Differing};
use crate::cli::progress::Progress;
use crate::cli::render::compared::{self, Report};
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Paint};
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files;
use crate::run::diff::{Base, DiffOptions, Diffed, diff};
use crate::run::layout::PROW_CONFIG;
use crate::run::options::Scope;

/// Tell what a change means in jobs: which come, go, run elsewhere or otherwise, and whom that concerns
///
/// The jobs at a revision of git are compared with those of the working tree as `cutwater jobs` would leave them, whether it
/// has run or not, those that people wrote among them. What a job does is in its config and in the step registry as well,
/// and told where that differs. Equal changes of many jobs are one line.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater diff                                               against where the branch left its upstream
  cutwater diff origin/main --format markdown                 as a comment on a pull request
  cutwater diff HEAD ci-operator/config/openshift/installer   what is not committed yet, in one repository
  cutwater diff --exit-code --quiet                           only whether there is anything

Exit status: 0 compared, 1 with --exit-code: jobs change, 2 bad usage, or jobs that cannot be made.")]
pub struct Arguments {
    /// A revision of git: compared with where the current branch left it [default: the upstream branch, or else
    /// origin/HEAD, main or master]
    #[arg(value_name = "BASE")]
    base: Option<PathBuf>,
    /// Files or directories of configs, jobs or the step registry: only jobs that they touch
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Take job files as they stand, rather than as `cutwater jobs` would leave them
    #[arg(long)]
    no_generate: bool,
    /// Exit with 1 when jobs change
    #[arg(long)]
    exit_code: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Name every job of a change that many have
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    means: Means,
    /// No progress; with --exit-code: no answer but the exit status
    #[arg(short, long, action = ArgAction::Count)]
    quiet: u8,
}

/// Forms of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people at a terminal.
    Text,
    /// For a comment on GitHub, which has an end.
    Markdown,
    /// One JSON document.
    Json,
}

/// Runs `cutwater diff`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let all_paths: Vec<PathBuf> = arguments.base.iter().chain(&arguments.paths).cloned().collect();
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &all_paths)?;
    let (revision, paths) = revision_and_paths(&here, &release_repo, arguments)?;
    let scope = scope::of_paths(&here, &release_repo, &paths)?;
    if matches!(scope, Scope::Touched { prow_config: true, .. }) {
        return Err(Error::Usage(format!("{PROW_CONFIG} has nothing to do with jobs")));
    }
    let read = if arguments.no_generate { sparse::job_files(&scope) } else { sparse::inputs_of_jobs(&scope) };
    sparse::refuse(&release_repo, &read, sparse::NAME_PATHS)?;
    let fork = history::fork_point(&release_repo, revision.as_deref())?;
    let past = Past { directory: &release_repo, commit: &fork.commit, known: OnceLock::new() };
    let options = DiffOptions {
        release_repo: release_repo.clone(),
        scope,
        generates: !arguments.no_generate,
        now: host::unix_seconds(),
        threads: arguments.means.jobs,
    };
    let progress = Progress::new(arguments.quiet == 0 && arguments.format == Form::Text);
    let diffed = diff(&options, &past, &progress)?;
    progress.finish();
    let report = Report { diffed: &diffed, base: &fork, generates: options.generates };
    show(arguments, &report)?;
    // A file that could not be compared is otherwise, too, or nobody would have looked at it.
    let is_otherwise = !diffed.comparison.jobs.is_empty() || !diffed.comparison.notes.is_empty();
    Ok(if !diffed.errors.is_empty() {
        Ended::With(2)
    } else if arguments.exit_code && is_otherwise {
        Ended::Findings
    } else {
        Ended::Clean
    })
}

/// What is to be compared with, and the paths. As with git, what is no revision may be a path.
fn revision_and_paths(
    here: &Path,
    release_repo: &Path,
    Arguments { base, paths, .. }: &Arguments,
) -> Result<(Option<String>, Vec<PathBuf>), Error> {
    let Some(base) = base else { return Ok((None, paths.clone())) };
    let is_path = files::is_there(&here.join(base)) || files::is_there(&release_repo.join(base));
    match base.to_str() {
        Some(name) if !is_path || host::revision(release_repo, name).is_ok() => {
            Ok((Some(name.to_owned()), paths.clone()))
        }
        _ => Ok((None, std::iter::once(base.clone()).chain(paths.iter().cloned()).collect())),
    }
}

fn show(arguments: &Arguments, report: &Report<'_>) -> Result<(), Error> {
    let Diffed { errors, .. } = report.diffed;
    terminal::complain_text(&render::text::findings(
        errors,
        Level::Error,
        terminal::stderr_style(arguments.means.color),
    ))?;
    if arguments.exit_code && arguments.quiet > 0 {
        return Ok(());
    }
    let paint = match arguments.format {
        Form::Text => terminal::stdout_style(arguments.means.color),
        Form::Markdown | Form::Json => Paint::Plain,
    };
    let text = match arguments.format {
        Form::Text => compared::text::page(report, arguments.verbose, paint),
        Form::Markdown => compared::markdown::page(report),
        Form::Json => compared::json::document(report),
    };
    match terminal::print(&text).map_err(Error::from) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(()),
        shown => shown,
    }
}

/// A commit, in words of what is compared.
struct Past<'p> {
    directory: &'p Path,
    commit: &'p str,
    /// What the files that differ were.
    known: OnceLock<Differing>,
}

impl Base for Past<'_> {
    fn differing(&self, below: &[&str]) -> Result<BTreeSet<String>, String> {
        let found = history::differing(self.directory, self.commit, below).map_err(|error| error.to_string())?;
        Ok(self.known.get_or_init(|| found).keys().cloned().collect())
    }

    fn contents(&self, files: &[&str]) -> Result<Vec<Option<Vec<u8>>>, String> {
        let object = |file: &&str| self.known.get().and_then(|known| known.get(*file)?.as_deref());
        let objects: Vec<Option<&str>> = files.iter().map(object).collect();
        let names: Vec<&str> = objects.iter().flatten().copied().collect();
        let mut read = history::objects(self.directory, &names).map_err(|error| error.to_string())?.into_iter();
        Ok(objects.iter().map(|object| object.and_then(|_| read.next())).collect())
    }
}
