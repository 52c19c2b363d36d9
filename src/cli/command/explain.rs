//! `cutwater explain`: what a rule finds, where a file goes and which jobs it makes, where a job comes from and runs.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::common::Means;
use crate::catalogue::{self, areas, examples, similar};
use crate::cli::render::{explained, explained_json};
use crate::cli::terminal;
use crate::cli::{Ended, Error, host, scope};
use crate::files::{self, path};
use crate::run;
use crate::run::explain::page::{Explained, FilePage, What};
use crate::run::explain::{ExplainOptions, Subject};

/// Explain a rule, a file or a job; without SUBJECT, list the rules
///
/// A rule: what it finds, why it matters and what to do, with an example. A file, there or not: which jobs are made of it,
/// which ConfigMap it goes into, which build cluster its jobs run on and why, who approves changes. A job: the line of the
/// config that it comes from, where it stands, where it runs and why.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater explain                                                   all rules, by what they are about
  cutwater explain duplicate-test                                    one rule
  cutwater explain ci-operator/config/acme/web/acme-web-main.yaml    a file
  cutwater explain pull-ci-acme-web-main-unit                        a job

Exit status: 0 printed, 2 bad usage, or nothing of that name.")]
pub struct Arguments {
    /// A rule's id, as it stands in brackets before a finding; a file; or the name of a job
    #[arg(value_name = "SUBJECT")]
    subject: Option<String>,
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[command(flatten)]
    means: Means,
}

/// Forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// Runs `cutwater explain`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let text = match &arguments.subject {
        None => list(arguments.format),
        Some(subject) => match (catalogue::find(subject), examples::page_of(subject)) {
            (Some(rule), _) if arguments.format == Form::Json => document(&explained_json::rule(rule)),
            (_, Some(page)) => page,
            _ => file_or_job(arguments, subject)?,
        },
    };
    terminal::print(&text)?;
    Ok(Ended::Clean)
}

/// A file that is there, a job, or a file that may be there one day.
fn file_or_job(arguments: &Arguments, subject: &str) -> Result<String, Error> {
    if subject.is_empty() {
        return Err(unknown(subject, &[], None));
    }
    let here = host::current_dir()?;
    let given = Path::new(subject);
    let is_path = subject.contains('/') || matches!(path::extension(subject), ".yaml" | ".yml" | ".sh" | ".md");
    let paths: &[PathBuf] = if is_path { &[given.to_owned()] } else { &[] };
    let release_repo = match scope::release_repo(&here, arguments.release_repo.as_deref(), paths) {
        Err(Error::Usage(why)) if arguments.release_repo.is_none() && !is_path => {
            return Err(unknown(subject, &[], Some(&why)));
        }
        found => found?,
    };
    let file = scope::file(&here, &release_repo, given);
    let there = file.as_ref().ok().filter(|file| files::is_there(&release_repo.join(file)));
    if let Some(directory) = there.filter(|file| files::is_directory(&release_repo.join(file))) {
        return Err(Error::Usage(format!("{directory} is a directory; name a file in it")));
    }
    if let Some(file) = there {
        return told(arguments, release_repo, Subject::File(file.clone()), subject);
    }
    if is_path {
        return told(arguments, release_repo, Subject::File(file?), subject);
    }
    told(arguments, release_repo, Subject::Job(subject.to_owned()), subject)
}

fn told(arguments: &Arguments, release_repo: PathBuf, about: Subject, subject: &str) -> Result<String, Error> {
    let options = ExplainOptions {
        release_repo,
        subject: about,
        environment: host::environment(),
        threads: arguments.means.jobs,
    };
    let paint = terminal::stdout_style(arguments.means.color);
    Ok(match (run::explain(&options)?, arguments.format) {
        (Explained::File(page), _) if is_nowhere(&page) => {
            return Err(Error::Usage(format!("{subject} is not there, and nothing would look for it at that place")));
        }
        (Explained::File(page), Form::Text) => explained::file(&page, paint),
        (Explained::File(page), Form::Json) => document(&explained_json::file(&page)),
        (Explained::Jobs(jobs), Form::Text) => explained::jobs(&jobs, paint),
        (Explained::Jobs(jobs), Form::Json) => document(&explained_json::jobs(&jobs)),
        (Explained::UnknownJob(jobs), _) => return Err(unknown(subject, &jobs, None)),
    })
}

/// Whether a file is not there and would mean nothing if it were.
fn is_nowhere(page: &FilePage) -> bool {
    !page.is_there && matches!(page.what, What::Other(None)) && page.config_maps.is_empty()
}

fn document(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Says what was looked for in vain, and what may have been meant.
fn unknown(subject: &str, jobs: &[String], no_repository: Option<&str>) -> Error {
    // Of what is like a job's name, words that a rule has as well say nothing.
    let rules = if jobs.is_empty() && !subject.contains("-ci-") { similar(subject) } else { Vec::new() };
    let meant: Vec<&str> = rules.iter().copied().chain(jobs.iter().map(String::as_str)).collect();
    let hint = match meant.as_slice() {
        [] => "`cutwater explain` lists all".to_owned(),
        meant => format!("did you mean {}?", meant.join(" or ")),
    };
    Error::Usage(match no_repository {
        None => format!("there is no rule, no file and no job {subject:?}; {hint}"),
        Some(why) => format!("there is no rule {subject:?}; {hint}\nFiles and jobs were not looked for: {why}"),
    })
}

/// A line for each rule: its id and what it finds.
fn list(form: Form) -> String {
    if form == Form::Json {
        return document(&catalogue::rules().map(explained_json::rule).collect());
    }
    let width = areas().iter().flat_map(|area| &area.rules).map(|rule| rule.id.len()).max().unwrap_or_default();
    let lines = |area: &catalogue::Area| -> String {
        area.rules.iter().map(|rule| format!("  {:width$}  {}\n", rule.id, rule.summary)).collect()
    };
    areas().iter().map(|area| format!("{}\n{}\n", area.title, lines(area))).collect()
}
