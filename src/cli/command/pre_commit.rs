//! `cutwater pre-commit`: what a hook of git does with a commit on its way.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::check;
use super::common::Common;
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error, host, scope};
use crate::files::{Instead, path};
use crate::run;
use crate::run::layout::{CONFIG, DISPATCHER, JOBS, PROW_CONFIG, REGISTRY};
use crate::run::options::{FmtOptions, JobsOptions, Mode, Outcome, Owners, Scope};

/// What a git hook runs: generate and format what a commit touches, stage that, check it
///
/// Looks only at what the staged files reach: their repositories, those that use a changed step, all of them for a changed
/// table of clusters. What is written is staged with the rest of the commit. Refuses when files that it would read have
/// changes that are not staged, since the commit would not be what was looked at.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater pre-commit                       everything a commit needs
  cutwater pre-commit --only generate       only that job files fit their configs
  ln -s ../../integrations/release-repo/pre-commit .git/hooks/pre-commit

Exit status: 0 the commit is whole, 1 findings, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// Only this step; may be given several times [default: all of them]
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Worker threads, at most 256 [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    color: Style,
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
    is_staged(&release_repo, &scope)?;
    let is_wanted = |step| arguments.only.is_empty() || arguments.only.contains(&step);
    let ended = match (is_wanted(Step::Generate), is_wanted(Step::Format)) {
        (true, _) => generate(arguments, &release_repo, scope)?,
        (false, true) => format(arguments, &release_repo, &staged)?,
        (false, false) => Ended::Clean,
    };
    if ended == Ended::Clean && is_wanted(Step::Check) {
        let asked = check::Arguments::aside(arguments.jobs, arguments.color);
        return check::run_about(&asked, release_repo, Some(staged));
    }
    Ok(ended)
}

/// Refuses when files that are read are not as they would be committed.
fn is_staged(release_repo: &Path, scope: &Scope) -> Result<(), Error> {
    const MOST: usize = 5;
    let unstaged = host::unstaged(release_repo, &places(scope))?;
    if unstaged.is_empty() {
        return Ok(());
    }
    let mut named: Vec<&str> = unstaged.iter().take(MOST).map(String::as_str).collect();
    let more = unstaged.len().saturating_sub(MOST);
    let rest = format!("and {more} more");
    if more > 0 {
        named.push(&rest);
    }
    Err(Error::Usage(format!(
        "what would be committed is not what is here: not staged are\n  {}\nstage them (git add), or put them away for \
         the time being (git stash push --keep-index --include-untracked)",
        named.join("\n  ")
    )))
}

/// Where a run reads files from.
fn places(scope: &Scope) -> Vec<String> {
    let always = [REGISTRY, DISPATCHER].map(str::to_owned);
    let everything = || [CONFIG, JOBS, PROW_CONFIG].map(str::to_owned).to_vec();
    let rest = match scope {
        // Which repositories use a step that changed is known only when all configs have been read.
        Scope::Touched { repositories, registry, prow_config } if registry.is_empty() => {
            let trees = |named: &run::options::Repository| {
                let within = path::join(&named.org, &named.repo);
                [CONFIG, JOBS].map(|tree| path::join(tree, &within))
            };
            let prow = prow_config.then(|| PROW_CONFIG.to_owned());
            repositories.iter().flat_map(trees).chain(prow).collect()
        }
        Scope::Touched { .. } | Scope::Everything => everything(),
    };
    always.into_iter().chain(rest).collect()
}

/// Generates, formats and stages what the staged files reach.
fn generate(arguments: &Arguments, release_repo: &Path, scope: Scope) -> Result<Ended, Error> {
    let options = JobsOptions {
        release_repo: release_repo.to_owned(),
        scope,
        mode: Mode::Write,
        diff: false,
        keep_going: false,
        owners: Owners::Mirror,
        instead: Instead::default(),
        now: host::unix_seconds(),
        threads: arguments.jobs,
    };
    written(arguments, release_repo, |watch| run::update(&options, watch))
}

/// Formats the staged files that are there, and stages them.
fn format(arguments: &Arguments, release_repo: &Path, staged: &BTreeSet<String>) -> Result<Ended, Error> {
    let paths = scope::formed(release_repo, staged);
    if paths.is_empty() {
        return Ok(Ended::Clean);
    }
    let options = FmtOptions {
        release_repo: release_repo.to_owned(),
        paths,
        mode: Mode::Write,
        diff: false,
        keep_going: false,
        now: host::unix_seconds(),
        threads: arguments.jobs,
    };
    written(arguments, release_repo, |watch| run::fmt(&options, watch))
}

/// Runs what writes files, tells of it in a few lines, and stages them.
fn written(
    arguments: &Arguments,
    release_repo: &Path,
    work: impl FnOnce(&dyn run::options::Watch) -> Result<Outcome, run::options::Error>,
) -> Result<Ended, Error> {
    let common = Common::aside(arguments.color);
    let watcher = common.watcher();
    let outcome = work(&watcher)?;
    // A warning is about what canonical form does not keep: whoever commits has to see that first.
    let is_doubtful = |path: &str| outcome.findings.iter().any(|finding| finding.file == path);
    let (doubtful, sure): (Vec<&str>, Vec<&str>) =
        outcome.changes.iter().map(|change| &*change.path).partition(|path| is_doubtful(path));
    host::stage(release_repo, &sure)?;
    for file in &sure {
        terminal::complain_text(&format!("staged {file}\n"))?;
    }
    for file in &doubtful {
        let told =
            format!("not staged {file}: what is said of it above is not in it any more; git add it, or mend it\n");
        terminal::complain_text(&told)?;
    }
    let ended = watcher.conclude(&outcome, std::time::Duration::ZERO)?;
    Ok(if doubtful.is_empty() { ended } else { Ended::Findings })
}
