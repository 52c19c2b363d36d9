//! `cutwater pre-commit`: what a hook of git does with a commit on its way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::check;
use super::common::{Common, Means};
use crate::cli::terminal;
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files::{Instead, path};
use crate::run::layout::{CONFIG, DISPATCHER, JOBS, REGISTRY};
use crate::run::options::{FmtOptions, JobsOptions, Mode, OnLoss, Outcome, Owners, Scope, Watch};
use crate::run::{self, Known};
use crate::settings;

/// What a git hook runs: generate and format what a commit touches, stage that, check it
///
/// Looks only at what the staged files reach: their repositories, those that use a changed step, all of them for a changed
/// table of clusters. What is written is staged with the rest of the commit. Refuses when files that it would read have
/// changes that are not staged, since the commit would not be what was looked at.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater pre-commit                       everything a commit needs
  cutwater pre-commit --only generate       only that job files fit their configs
  cutwater init --git                       has git run it before each commit

Exit status: 0 the commit is whole, 1 findings, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// Only this step; may be given several times [default: all of them]
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    #[command(flatten)]
    means: Means,
}

/// What is done with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Jobs, and canonical form of what they come from, as `cutwater update` does.
    Generate,
    /// Canonical form of the staged files, as `cutwater fmt` does.
    Format,
    /// What is wrong with the staged files, as `cutwater check` does.
    Check,
}

/// Runs `cutwater pre-commit`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &[])?;
    let staged = host::staged(&release_repo)?;
    // What reaches no job is none of our business, and a commit of it does not wait for us.
    let Some(scope) = scope::of_changed(&release_repo, &staged) else { return Ok(Ended::Clean) };
    let known = Known::default();
    // What is read for it is read while git answers.
    std::thread::scope(|beside| {
        beside.spawn(|| known.prepare(&release_repo, arguments.means.jobs));
        is_staged(&release_repo, &scope)
    })?;
    let is_wanted = |step| arguments.only.is_empty() || arguments.only.contains(&step);
    let ended = match (is_wanted(Step::Generate), is_wanted(Step::Format)) {
        (true, _) => generate(arguments, &release_repo, &staged, &scope, &known)?,
        (false, true) => format(arguments, &release_repo, &staged)?,
        (false, false) => Ended::Clean,
    };
    if ended == Ended::Clean && is_wanted(Step::Check) {
        let asked = check::Arguments::aside(arguments.means);
        return check::run_about(&asked, release_repo, Some(written_by_people(staged)), &known);
    }
    Ok(ended)
}

/// Without job files of repositories whose configs are among the files: what they say was just generated.
fn written_by_people(staged: BTreeSet<String>) -> BTreeSet<String> {
    let repository = |file: &str, tree: &str| {
        let rest = file.strip_prefix(tree)?.strip_prefix('/')?;
        Some(path::directory(rest).to_owned())
    };
    let with_configs: BTreeSet<String> = staged.iter().filter_map(|file| repository(file, CONFIG)).collect();
    let is_generated = |file: &String| repository(file, JOBS).is_some_and(|of| with_configs.contains(&of));
    staged.into_iter().filter(|file| !is_generated(file)).collect()
}

/// Refuses when files that are read are not as they would be committed.
fn is_staged(release_repo: &Path, scope: &Scope) -> Result<(), Error> {
    const MOST: usize = 5;
    let places = places(scope);
    sparse::refuse(release_repo, &places, "")?;
    let unstaged = host::unstaged(release_repo, &places)?;
    if unstaged.is_empty() {
        return Ok(());
    }
    let all: Vec<&str> = unstaged.iter().map(String::as_str).collect();
    let ignored = host::ignored(release_repo, &all)?;
    let mut rest: Vec<&str> = all.into_iter().filter(|file| !ignored.contains_key(*file)).collect();
    let more = format!("and {} more", rest.len().saturating_sub(MOST));
    if rest.len() > MOST {
        rest.splice(MOST.., [more.as_str()]);
    }
    let named = rest.join("\n  ");
    let mut why = Vec::new();
    if !ignored.is_empty() {
        why.push(format!(
            "what would be committed is not what is here: these files are read, but git is told to ignore them:\n{}move them \
             away, or add them with git add --force",
            ignored.into_values().collect::<String>()
        ));
    }
    if !rest.is_empty() && is_of_named_files() {
        why.push(format!(
            "a commit of named files leaves out what it would be looked at with:\n  {named}\nname these files too, or git add \
             what belongs together and commit without names"
        ));
    } else if !rest.is_empty() {
        why.push(format!(
            "what would be committed is not what is here: not staged are\n  {named}\nstage them (git add), or put them away \
             for the time being (git stash push --keep-index --include-untracked)"
        ));
    }
    Err(Error::Usage(why.join("\n")))
}

/// Whether this is `git commit PATH`, which commits from an index of its own and keeps the other as it was.
fn is_of_named_files() -> bool {
    let index = host::variable("GIT_INDEX_FILE").unwrap_or_default();
    path::base(&index).starts_with("next-index-")
}

/// Where a run reads files from, and settings for its findings.
fn places(scope: &Scope) -> Vec<String> {
    // The check that follows reads these whatever changed.
    let always = [REGISTRY, DISPATCHER, settings::FILE].map(str::to_owned);
    let rest = sparse::inputs(scope).into_iter().filter(|place| !always.contains(place)).collect::<Vec<_>>();
    always.into_iter().chain(rest).collect()
}

/// Generates, formats and stages what the staged files reach.
fn generate(
    arguments: &Arguments,
    release_repo: &Path,
    staged: &BTreeSet<String>,
    scope: &Scope,
    known: &Known,
) -> Result<Ended, Error> {
    let options = |mode| JobsOptions {
        release_repo: release_repo.to_owned(),
        scope: scope.clone(),
        mode,
        diff: false,
        keep_going: false,
        on_loss: OnLoss::Refuse,
        owners: Owners::Mirror,
        instead: Instead::default(),
        now: host::unix_seconds(),
        threads: arguments.means.jobs,
    };
    written(arguments, release_repo, staged, |mode, watch| run::update(&options(mode), known, watch))
}

/// Formats the staged files that are there, and stages them.
fn format(arguments: &Arguments, release_repo: &Path, staged: &BTreeSet<String>) -> Result<Ended, Error> {
    let paths = scope::formed(release_repo, staged);
    if paths.is_empty() {
        return Ok(Ended::Clean);
    }
    let options = |mode| FmtOptions {
        release_repo: release_repo.to_owned(),
        paths: paths.clone(),
        mode,
        diff: false,
        keep_going: false,
        on_loss: OnLoss::Refuse,
        now: host::unix_seconds(),
        threads: arguments.means.jobs,
    };
    written(arguments, release_repo, staged, |mode, watch| run::fmt(&options(mode), watch))
}

/// Runs what writes files, where nothing is lost by it, tells of it in a few lines, and stages them.
fn written(
    arguments: &Arguments,
    release_repo: &Path,
    staged: &BTreeSet<String>,
    work: impl Fn(Mode, &dyn Watch) -> Result<Outcome, run::options::Error>,
) -> Result<Ended, Error> {
    let takes_more = !is_of_named_files();
    let common = Common::aside(arguments.means);
    let watcher = common.watcher();
    let outcome = work(if takes_more { Mode::Write } else { Mode::Check }, &watcher)?;
    if !outcome.has_errors() && !outcome.held.is_empty() {
        for file in &outcome.held {
            let told = "what is said of it above would go: mend it, or write it with `cutwater update` and add it";
            terminal::complain_text(&format!("{file} stays as it is: {told}\n"))?;
        }
        return Ok(Ended::Findings);
    }
    if !takes_more && !outcome.changes.is_empty() {
        return Err(Error::Usage(
            "a commit of named files cannot take their job files along: run `cutwater update`, git add, and commit \
             without names"
                .to_owned(),
        ));
    }
    // pre-commit has put changes of staged files away, and can bring them back only over what it left there.
    let is_put_away = |file: &str| host::variable("PRE_COMMIT").is_some() && staged.contains(file);
    let (left, sure): (Vec<&str>, Vec<&str>) =
        outcome.changes.iter().map(|change| &*change.path).partition(|file| is_put_away(file));
    host::stage(release_repo, &sure)?;
    for file in &sure {
        terminal::complain_text(&format!("staged {file}\n"))?;
    }
    for file in &left {
        terminal::complain_text(&format!("{file} was written anew: git add it\n"))?;
    }
    let ended = watcher.conclude(&outcome, std::time::Duration::ZERO)?;
    Ok(if left.is_empty() { ended } else { Ended::Findings })
}
