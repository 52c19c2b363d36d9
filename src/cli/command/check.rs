//! `cutwater check`: everything that can be wrong, in every form that somebody reads.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args, ValueEnum};

use crate::catalogue;
use crate::cli::progress::Progress;
use crate::cli::render::{self, Level};
use crate::cli::terminal::{self, Paint, Style};
use crate::cli::{Ended, Error, host, scope};
use crate::diagnostic::Diagnostic;
use crate::files;

use crate::run;
use crate::run::options::{Change, FixOptions, Mode, Outcome, ProwWarnings, ReviewOptions};
use crate::settings::{self, Baseline, KnownRule, Settings};

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
    /// Worker threads, at most 256 [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    color: Style,
    /// No summary, no progress; twice: no warnings
    #[arg(short, long, action = ArgAction::Count)]
    quiet: u8,
}

/// Forms of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// One JSON array.
    Json,
    /// Annotations of GitHub Actions, ten errors and ten warnings.
    Github,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// JUnit, for pages of test results.
    Junit,
}

fn output_file(given: &str) -> Result<(Form, PathBuf), String> {
    let (form, path) = given.split_once('=').ok_or("write FORM=FILE, as in sarif=check.sarif")?;
    let form = Form::from_str(form, false)?;
    if path.is_empty() { Err("there is no file after the =".to_owned()) } else { Ok((form, PathBuf::from(path))) }
}

/// So often is fixed what can be.
const MOST_ROUNDS: usize = 4;

/// What is left of what was found.
struct Verdict {
    findings: Vec<Diagnostic>,
    ignored: usize,
    known: usize,
    gone: usize,
    /// How many were fixed, or would be.
    fixed: usize,
}

/// Runs `cutwater check`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let started = host::now();
    let here = host::current_dir()?;
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &arguments.paths)?;
    can_be_written(arguments)?;
    let (settings, broken) = settings(&release_repo)?;
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
    let options = ReviewOptions {
        release_repo,
        reported,
        now: host::unix_seconds(),
        environment: host::environment(),
        prow_warnings: prow_warnings(arguments)?,
        threads: arguments.jobs,
    };
    if arguments.diff && arguments.format != Form::Text {
        return Err(Error::Usage(
            "--diff is text; for findings in another form use --output-file FORM=FILE".to_owned(),
        ));
    }
    let (mut outcome, mut verdict) = look(arguments, &options, &settings, &broken)?;
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
            (outcome, verdict) = look(arguments, &options, &settings, &broken)?;
            verdict.fixed = before;
        }
    }
    for (file, why) in &stays {
        terminal::complain_text(&format!("{file} stays as it is: {why}\n"))?;
    }
    if arguments.update_baseline && !broken.is_empty() {
        let refused = format!("the baseline is left as it is: {} cannot be understood\n", settings::FILE);
        terminal::complain_text(&refused)?;
    }
    let is_changed = |file: &str| options.reported.as_ref().is_some_and(|named| is_below(file, named));
    if arguments.diff {
        show_changes(arguments, &changes)?;
    }
    show(arguments, &verdict, &is_changed)?;
    if arguments.quiet == 0 {
        terminal::complain_text(&summary(arguments, &outcome, &verdict, started.elapsed()))?;
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

/// Looks at everything, and sorts out what is found.
fn look(
    arguments: &Arguments,
    options: &ReviewOptions,
    settings: &Settings,
    broken: &[Diagnostic],
) -> Result<(Outcome, Verdict), Error> {
    let progress = Progress::new(arguments.quiet == 0 && arguments.format == Form::Text);
    let mut outcome = run::review(options, &progress)?;
    progress.finish();
    outcome.findings.extend_from_slice(broken);
    outcome.sort();
    let found = std::mem::take(&mut outcome.findings);
    let written = run::Written::of(&found);
    let mut verdict = judge(arguments, settings, found, options.reported.is_none())?;
    written.keep_whole(&mut verdict.findings);
    Ok((outcome, verdict))
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
    let progress = Progress::new(arguments.quiet == 0 && arguments.format == Form::Text);
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
    match render::diff::each(changes, terminal::stdout_style(arguments.color), terminal::print).map_err(Error::from) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(()),
        shown => shown,
    }
}

/// Which of Prow's warnings are wanted.
fn prow_warnings(Arguments { warnings, exclude_warning, .. }: &Arguments) -> Result<ProwWarnings, Error> {
    let options = ProwWarnings::new(warnings, exclude_warning).map_err(Error::Usage)?;
    Ok(if warnings.is_empty() { options.sparing_generated() } else { options })
}

fn is_below(file: &str, named: &BTreeSet<String>) -> bool {
    named.iter().any(|named| named == "." || files::path::is_within(file, named))
}

/// The repository's settings; with findings about them where they cannot be understood.
fn settings(release_repo: &Path) -> Result<(Settings, Vec<Diagnostic>), Error> {
    let path = release_repo.join(settings::FILE);
    if !files::is_there(&path) {
        return Ok(Default::default());
    }
    let known = |id: &str| match catalogue::find(id) {
        Some(_) => KnownRule::Yes,
        None => KnownRule::No(catalogue::similar(id).first().map(|rule| (*rule).to_owned())),
    };
    let text = match files::read_given_as_it_stands(&path) {
        Ok(text) => text,
        Err(error) => return Ok((Settings::default(), vec![settings::unreadable(&error.finding(settings::FILE))])),
    };
    Ok(match settings::read(&text, settings::FILE, &known) {
        Ok(settings) => (settings, Vec::new()),
        Err(findings) => (Settings::default(), findings),
    })
}

/// Sorts out what was found by the settings and by the baseline, which is written anew where that is wanted.
fn judge(arguments: &Arguments, settings: &Settings, found: Vec<Diagnostic>, is_whole: bool) -> Result<Verdict, Error> {
    let settings::Applied { mut findings, ignored } = settings.apply(found, is_whole);
    findings.sort_by(|left, right| left.order().cmp(&right.order()));
    let Some(path) = &arguments.baseline else {
        return Ok(Verdict { findings, ignored, known: 0, gone: 0, fixed: 0 });
    };
    let baseline = if arguments.update_baseline && findings.iter().any(Baseline::is_beyond) {
        // With other settings there would be other findings to put into it.
        files::read_given(path).ok().and_then(|text| Baseline::read(&text).ok()).unwrap_or_default()
    } else if arguments.update_baseline {
        let baseline = Baseline::of(&findings);
        files::write_given(path, baseline.text().as_bytes()).map_err(run::options::Error::from)?;
        baseline
    } else {
        let text = files::read_given(path).map_err(run::options::Error::from)?;
        Baseline::read(&text).map_err(|why| Error::Usage(format!("{} is no baseline: {why}", path.display())))?
    };
    let settings::Remaining { findings, known, gone } = baseline.apply(findings);
    Ok(Verdict { findings, ignored, known, gone: if is_whole { gone } else { 0 }, fixed: 0 })
}

/// Shows findings in every form that is wanted; a directory for artifacts gets JUnit, which Prow's pages show.
fn show(arguments: &Arguments, verdict: &Verdict, is_changed: &dyn Fn(&str) -> bool) -> Result<(), Error> {
    let level = if arguments.quiet > 1 { Level::Error } else { Level::Warning };
    let write = |path: &Path, text: String| {
        files::write_given(path, text.as_bytes()).map_err(|error| Error::from(run::options::Error::from(error)))
    };
    let plain = Paint::Plain;
    for (form, path) in &arguments.output_file {
        write(path, rendered(*form, &verdict.findings, level, plain, is_changed)?)?;
    }
    if let Some(artifacts) = host::environment().get("ARTIFACTS").filter(|path| !path.is_empty()) {
        let path = Path::new(artifacts).join("junit_cutwater.xml");
        write(&path, rendered(Form::Junit, &verdict.findings, level, plain, is_changed)?)?;
    }
    let paint = terminal::stdout_style(arguments.color);
    let text = rendered(arguments.format, &verdict.findings, level, paint, is_changed)?;
    match terminal::print(&text).map_err(Error::from) {
        // Whoever reads our output has seen enough; the verdict stands.
        Err(error) if error.is_broken_pipe() => Ok(()),
        shown => shown,
    }
}

fn rendered(
    form: Form,
    findings: &[Diagnostic],
    level: Level,
    paint: Paint,
    is_changed: &dyn Fn(&str) -> bool,
) -> Result<String, Error> {
    Ok(match form {
        Form::Text => render::text::findings(findings, level, paint),
        Form::Json => render::json::findings(findings, level),
        Form::Github => render::github::annotations(findings, level, is_changed),
        Form::Sarif => render::sarif::log(findings, level, &catalogue::find),
        Form::Junit => render::junit::report("cutwater check", findings, level)
            .map_err(|error| Error::Host(format!("cannot write JUnit: {error}"), None))?,
    })
}

fn summary(arguments: &Arguments, outcome: &Outcome, verdict: &Verdict, took: Duration) -> String {
    let errors = verdict.findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = verdict.findings.len() - errors;
    let mut line = format!(
        "{} checked: {}, {}",
        render::summary::count(outcome.counts.configs, "config"),
        render::summary::count(errors, "error"),
        render::summary::count(warnings, "warning"),
    );
    for (number, what) in [(verdict.ignored, "ignored by cutwater.toml"), (verdict.known, "known to the baseline")] {
        if number > 0 {
            line.push_str(&format!(", {number} {what}"));
        }
    }
    if verdict.gone > 0 {
        line.push_str(&format!(", {} of the baseline gone (--update-baseline drops them)", verdict.gone));
    }
    let fixable = verdict.findings.iter().filter(|finding| finding.answer.is_some()).count();
    line.push_str(&match (arguments.fix, arguments.diff) {
        (false, _) if fixable == 0 => String::new(),
        (false, _) => format!(", {fixable} of them can be fixed with --fix"),
        (true, false) => format!(", {} fixed", verdict.fixed),
        (true, true) => format!(", {} more would be fixed", verdict.fixed),
    });
    format!("{line}, in {}\n", render::summary::seconds(took))
}
