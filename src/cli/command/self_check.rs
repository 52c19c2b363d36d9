//! `cutwater self-check`: what is installed, and what it finds where it stands.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{COMPATIBLE_WITH, Ended, Error, host, scope, terminal};
use crate::files;
use crate::run::layout::{CLUSTERS, CONFIG, DISPATCHER_CONFIG, JOBS, PROW_CONFIG, REGISTRY};
use crate::settings;

/// Say what is installed and what it finds here: version, compatibility, git, the release repository and its set-up
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 all that is needed is there, 1 something is missing, 2 a run that failed.")]
pub struct Arguments {
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
}

/// Lines of the report, and whether something is missing.
#[derive(Default)]
struct Report {
    text: String,
    is_lacking: bool,
}

impl Report {
    fn line(&mut self, what: &str, value: &str) {
        self.text.push_str(&format!("{what:<22}{value}\n"));
    }

    /// Something that is needed, or why it is not there.
    fn needed(&mut self, what: &str, value: Result<String, String>) {
        self.is_lacking |= value.is_err();
        self.line(what, &value.unwrap_or_else(|missing| format!("missing: {missing}")));
    }
}

/// Runs `cutwater self-check`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let mut report = Report::default();
    report.line("version", env!("CARGO_PKG_VERSION"));
    report.line("compatible with", COMPATIBLE_WITH);
    report.line("uploads", if cfg!(feature = "upload") { "built in" } else { "left out" });
    report.line("git", &host::git_version().unwrap_or_else(|| "not found: what looks at changes needs it".to_owned()));
    match scope::release_repo(&here, arguments.release_repo.as_deref(), &[]) {
        Ok(release_repo) => repository(&mut report, &release_repo),
        Err(error) => report.needed("release repository", Err(error.to_string())),
    }
    terminal::print(&report.text)?;
    Ok(if report.is_lacking { Ended::Findings } else { Ended::Clean })
}

/// What is in a release repository, and how it is set up.
fn repository(report: &mut Report, root: &Path) {
    report.line("release repository", &root.display().to_string());
    for (what, place, is_needed) in [
        ("configs", CONFIG, true),
        ("job files", JOBS, false),
        ("step registry", REGISTRY, true),
        ("Prow's configuration", PROW_CONFIG, false),
    ] {
        let counted = counted(root, place);
        match (counted, is_needed) {
            (Some(number), _) => report.line(what, &format!("{number} files in {place}")),
            (None, true) => report.needed(what, Err(place.to_owned())),
            (None, false) => report.line(what, &format!("none: there is no {place}")),
        }
    }
    for (what, place) in [("build clusters", CLUSTERS), ("dispatch of jobs", DISPATCHER_CONFIG)] {
        let is_there = files::is_there(&root.join(place));
        report.needed(what, if is_there { Ok(place.to_owned()) } else { Err(place.to_owned()) });
    }
    let set = |is_set: bool| if is_set { "set up" } else { "not set up: `cutwater init` does it" };
    let says = |file: &str, words: &str| {
        files::read_given_as_it_stands(&root.join(file)).is_ok_and(|text| text.contains(words))
    };
    report.line(
        settings::FILE,
        if files::is_there(&root.join(settings::FILE)) { "there" } else { "none: all rules as they are" },
    );
    report.line("make targets", set(says("Makefile", "cutwater.mk")));
    // pre-commit looks at the top of the checkout, which the release repository may lie below.
    let top = host::top(root).unwrap_or_else(|_| root.to_owned());
    let hooks = files::read_given_as_it_stands(&top.join(".pre-commit-config.yaml"));
    report.line("pre-commit", set(hooks.is_ok_and(|text| text.contains("cutwater"))));
    let driver = host::git_setting(root, "merge.cutwater.driver").ok().flatten();
    let is_driven = driver.is_some() && says(".gitattributes", "merge=cutwater");
    report.line("merge driver", if is_driven { "set up" } else { "not set up: `cutwater init --git` does it" });
}

/// How many files are below a directory of the release repository; nothing where there is none.
fn counted(root: &Path, place: &str) -> Option<usize> {
    let tree = files::Tree::within(root.join(place), root).ok()?;
    let walked = files::walk(&tree, "", &|_, _| true).ok()?;
    Some(walked.files.len())
}
