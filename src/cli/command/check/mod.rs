//! `cutwater check`: everything that can be wrong, in every form that somebody reads.

mod base;
mod form;
mod remedies;
mod show;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args};

use self::form::{Form, output_file};
use self::show::{show, summary};
use self::verdict::{Verdict, judge, look};
use super::common::Means;
use crate::cli::progress::Progress;
use crate::cli::render;
use crate::cli::terminal;
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::run::options::{Change, FixOptions, Mode, ProwWarnings, ReviewOptions, Scope};
use crate::run::{self, Known};
use crate::settings::{self, Settings};

/// Check everything of a release repository: configs, jobs, the step registry, Prow's configuration
///
/// Every rule of ci-operator-checkconfig and config-shard-validator, generated jobs that are not what their configs give,
/// and what no tool of the reference sees. All files are looked at in one run, and one that is broken hides nothing. How
/// bad findings of a rule are, and which are put up with, is said in cutwater.toml; `cutwater explain RULE` says what a rule
/// is about.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater check                                          the whole release repository
  cutwater check ci-operator/config/openshift/installer   all of it, told as far as these files are concerned
  cutwater check --changed-since origin/main              told as far as a change is concerned
  cutwater check --base origin/main                       told apart: what a change did, what was there before
  cutwater check --format github --output-file sarif=check.sarif
  cutwater check --fix                                    fix what has one safe answer
  cutwater check --fix --diff                             what that would change, without writing

Exit status: 0 clean or warnings only, 1 findings or (with --diff) files that would change, 2 bad usage or a run that
failed.")]
pub struct Arguments {
    /// Files or directories that findings are to be about
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Findings only about what differs from this revision of git, and about configs that a changed step reaches
    #[arg(long, value_name = "REV", value_parser = NonEmptyStringValueParser::new())]
    changed_since: Option<String>,
    /// Only what is not so already where the branch left this revision of git; what is, is told in short and does not count
    #[arg(long, value_name = "REV", value_parser = NonEmptyStringValueParser::new())]
    #[arg(conflicts_with_all = ["baseline", "fix"])]
    base: Option<String>,
    /// Form of findings on standard output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// A further form, into a file; may be given several times
    #[arg(long, value_name = "FORM=FILE", value_parser = output_file)]
    output_file: Vec<(Form, PathBuf)>,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found now into the file of --baseline
    #[arg(long, requires = "baseline", conflicts_with_all = ["paths", "changed_since"])]
    update_baseline: bool,
    /// Fix what has one safe answer, then tell what is left; findings that are not told stay
    #[arg(long, conflicts_with = "update_baseline")]
    fix: bool,
    /// With --fix: write nothing, show what would change as a unified diff
    #[arg(long, requires = "fix")]
    diff: bool,
    /// Warnings count as findings
    #[arg(long)]
    strict: bool,
    /// Only these of the warnings of Prow's checkconfig, by its names; may be given several times [default: those of
    /// checkconfig, but long-job-names for jobs that people wrote only]
    #[arg(long, value_name = "NAME")]
    warnings: Vec<String>,
    /// Without this one of the warnings of Prow's checkconfig; may be given several times
    #[arg(long, value_name = "NAME")]
    exclude_warning: Vec<String>,
    #[command(flatten)]
    means: Means,
    /// No summary, no progress; twice: no warnings
    #[arg(short, long, action = ArgAction::Count)]
    quiet: u8,
}

impl Arguments {
    /// Those of a check that somebody else asked for, on its way.
    pub fn aside(means: Means) -> Self {
        Self {
            paths: Vec::new(),
            release_repo: None,
            changed_since: None,
            base: None,
            format: Form::Text,
            output_file: Vec::new(),
            baseline: None,
            update_baseline: false,
            fix: false,
            diff: false,
            strict: false,
            warnings: Vec::new(),
            exclude_warning: Vec::new(),
            means,
            quiet: 1,
        }
    }

    /// Whether findings are told to people, who also want to see how far the run is.
    fn shows_text(&self) -> bool {
        self.format == Form::Text
    }
}

/// So often is fixed what can be.
const MOST_ROUNDS: usize = 4;

/// Runs `cutwater check`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &arguments.paths)?;
    can_be_written(arguments)?;
    let changed = match &arguments.changed_since {
        Some(revision) => Some(host::changed_since(&release_repo, revision)?),
        None => None,
    };
    let named = scope::reported(&here, &release_repo, &arguments.paths)?;
    let reported = match (&changed, named.is_empty()) {
        (None, true) => None,
        (None, false) => Some(named),
        (Some(changed), true) => Some(changed.clone()),
        (Some(changed), false) => Some(changed.iter().filter(|path| is_below(path, &named)).cloned().collect()),
    };
    if arguments.diff && arguments.format != Form::Text {
        return Err(Error::Usage(
            "--diff is text; for findings in another form use --output-file FORM=FILE".to_owned(),
        ));
    }
    is_whole(arguments, &release_repo, reported.as_ref())?;
    run_about(arguments, release_repo, reported, &Known::default())
}

/// Looks whether the checkout is sparse where this is about; what would write files then refuses.
fn is_whole(arguments: &Arguments, release_repo: &Path, reported: Option<&BTreeSet<String>>) -> Result<(), Error> {
    let scope = match reported {
        None => Some(Scope::Everything),
        Some(reported) => scope::of_changed(release_repo, reported),
    };
    let places = scope.as_ref().map(sparse::inputs).unwrap_or_default();
    match (arguments.fix, arguments.quiet) {
        (true, _) => sparse::refuse(release_repo, &places, sparse::NAME_PATHS),
        (false, 0) => sparse::note(release_repo, &places),
        (false, _) => Ok(()),
    }
}

/// Checks a release repository and tells what is found of these paths below it; of all where there are none. What is known
/// of it need not be read again.
pub fn run_about(
    arguments: &Arguments,
    release_repo: PathBuf,
    reported: Option<BTreeSet<String>>,
    known: &Known,
) -> Result<Ended, Error> {
    let started = host::now();
    let (settings, broken) = verdict::settings(&release_repo)?;
    let options = ReviewOptions {
        release_repo,
        reported,
        now: host::unix_seconds(),
        environment: host::environment(),
        prow_warnings: prow_warnings(arguments)?,
        threads: arguments.means.jobs,
    };
    let (mut outcome, mut verdict) = look(arguments, &options, (&settings, &broken), known)?;
    let (mut changes, mut stays) = (Vec::new(), BTreeMap::new());
    // Without settings it is not known what is to stay.
    if arguments.fix && broken.is_empty() {
        // Mostly one round is enough; what was out of sight of the first is left to another.
        for _ in 0..MOST_ROUNDS {
            (changes, stays) = fix(arguments, &options, &settings, &mut verdict)?;
            if arguments.diff || changes.is_empty() {
                break;
            }
            let before = verdict.fixed;
            (outcome, verdict) = look(arguments, &options, (&settings, &broken), &Known::default())?;
            verdict.fixed = before;
        }
    }
    if let Some(revision) = &arguments.base {
        base::tell_apart(arguments, revision, &options, &settings, &mut verdict)?;
    }
    for (file, why) in &stays {
        terminal::complain_text(&format!("{file} stays as it is: {why}\n"))?;
    }
    if arguments.update_baseline && !broken.is_empty() {
        let refused = format!("the baseline is left as it is: {} cannot be understood\n", settings::FILE);
        terminal::complain_text(&refused)?;
    }
    if arguments.diff {
        show_changes(arguments, &changes)?;
    }
    let is_changed = |file: &str| options.reported.as_ref().is_some_and(|named| is_below(file, named));
    show(arguments, &verdict, &is_changed)?;
    if arguments.quiet == 0 {
        terminal::complain_text(&summary(arguments, &outcome, &verdict, started.elapsed()))?;
        terminal::complain_text(&remedies::text(&verdict.findings))?;
    }
    let counts = |finding: &&Diagnostic| arguments.strict || finding.is_error();
    let would_change = arguments.diff && !changes.is_empty();
    let is_clean = !would_change && !verdict.findings.iter().any(|finding| counts(&finding));
    Ok(if is_clean { Ended::Clean } else { Ended::Findings })
}

/// Refuses files to write in directories that are not there, before anything is looked at.
fn can_be_written(Arguments { output_file, baseline, update_baseline, .. }: &Arguments) -> Result<(), Error> {
    let baseline = baseline.iter().filter(|_| *update_baseline);
    for path in output_file.iter().map(|(_, path)| path).chain(baseline) {
        let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
        if let Some(directory) = directory.filter(|directory| !files::is_directory(directory)) {
            let (path, directory) = (path.display(), directory.display());
            return Err(Error::Usage(format!("cannot write {path}: there is no directory {directory}")));
        }
    }
    Ok(())
}

/// Files that stay though findings ask for a change, and why.
type Stays = BTreeMap<String, String>;

/// Fixes what has one safe answer, or says what would change; leaves the findings that this does not answer.
fn fix(
    arguments: &Arguments,
    options: &ReviewOptions,
    settings: &Settings,
    verdict: &mut Verdict,
) -> Result<(Vec<Change>, Stays), Error> {
    let fix_options = FixOptions {
        release_repo: options.release_repo.clone(),
        mode: if arguments.diff { Mode::Check } else { Mode::Write },
        now: options.now,
        threads: options.threads,
    };
    let progress = Progress::new(arguments.quiet == 0 && arguments.shows_text());
    let sieve =
        |found| judge(arguments, settings, found, false).map_or_else(|_| Vec::new(), |verdict| verdict.findings);
    let fixed = run::fix(&fix_options, &verdict.findings, &sieve, &progress)?;
    progress.finish();
    let held = verdict.findings.iter().filter_map(|it| Some((it.file.clone(), it.held.clone()?)));
    let stays = held.chain(fixed.refused).collect();
    verdict.fixed += fixed.is_answered.iter().filter(|is_answered| **is_answered).count();
    let mut is_answered = fixed.is_answered.into_iter();
    verdict.findings.retain(|_| !is_answered.next().unwrap_or(false));
    Ok((fixed.changes, stays))
}

fn show_changes(arguments: &Arguments, changes: &[Change]) -> Result<(), Error> {
    match render::diff::each(changes, terminal::stdout_style(arguments.means.color), terminal::print)
        .map_err(Error::from)
    {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(()),
        shown => shown,
    }
}

/// Whether a file lies at or below one of these paths.
fn is_below(file: &str, named: &BTreeSet<String>) -> bool {
    named.iter().any(|named| named == "." || files::path::is_within(file, named))
}

/// Which of Prow's warnings are wanted.
fn prow_warnings(Arguments { warnings, exclude_warning, .. }: &Arguments) -> Result<ProwWarnings, Error> {
    let options = ProwWarnings::new(warnings, exclude_warning).map_err(Error::Usage)?;
    Ok(if warnings.is_empty() { options.sparing_generated() } else { options })
}
