//! `cutwater init`: what puts Cutwater to use in a release repository, shown first and written when that is wanted.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::cli::render;
use crate::cli::terminal::{self, Style};
use crate::cli::{Ended, Error, host, scope, sparse};
use crate::files::{self, path};
use crate::merge;
use crate::run::layout::JOBS;
use crate::run::options::{Change, ChangeKind};
use crate::setup::presubmit::Presubmit;
use crate::setup::{self, Content, Piece, Settled, entry};

/// Put Cutwater to use in a release repository: make targets, pre-commit, git hooks, a presubmit
///
/// Shows as a difference what it would write, and writes it when told so: an answer at the terminal, or --yes. What it wrote
/// before is brought up to date; what people changed since, or wrote themselves, is never overwritten, and it says what is
/// missing there. A second run has nothing to do.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater init                                      what would be written, and a question
  cutwater init --yes                                make targets and the hook of pre-commit
  cutwater init --yes --git                          hooks and the merge driver of this clone besides
  cutwater init --presubmit example.com/ci/cutwater:1.0    a presubmit besides

Exit status: 0 nothing to do or written, 1 something would be written and was not, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// The release repository [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// The hooks of this clone of git, and the driver that merges job files, as well
    #[arg(long)]
    git: bool,
    /// A presubmit for changes of the release repository as well, which runs in this image
    #[arg(long, value_name = "IMAGE", value_parser = NonEmptyStringValueParser::new())]
    presubmit: Option<String>,
    /// The release repository by its name on the code host [default: that of the remote `origin`]
    #[arg(long, value_name = "ORG/REPO", requires = "presubmit")]
    source: Option<String>,
    /// The branch that changes of the release repository go to
    #[arg(long, value_name = "NAME", default_value = "master", value_parser = NonEmptyStringValueParser::new())]
    branch: String,
    /// Write without a question
    #[arg(short, long)]
    yes: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    color: Style,
}

/// What would be written.
struct Plan {
    changes: Vec<Change>,
    /// Where each change goes.
    places: Vec<PathBuf>,
    /// Files that are to be programs.
    programs: Vec<PathBuf>,
    /// Settings of git by name.
    settings: Vec<(&'static str, &'static str)>,
    /// What stays as it is, and why.
    kept: Vec<String>,
}

/// Runs `cutwater init`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let release_repo = scope::release_repo(&here, arguments.release_repo.as_deref(), &[])?;
    let plan = plan(arguments, &release_repo)?;
    render::diff::each(&plan.changes, terminal::stdout_style(arguments.color), terminal::print)?;
    for (name, value) in &plan.settings {
        terminal::print(&format!("git config {name} '{value}'\n"))?;
    }
    for kept in &plan.kept {
        terminal::complain_text(&format!("{kept}\n"))?;
    }
    if plan.changes.is_empty() && plan.settings.is_empty() {
        terminal::complain_text("nothing to do\n")?;
        return Ok(Ended::Clean);
    }
    if !arguments.yes && !terminal::agrees("write this? [y/N] ")? {
        terminal::complain_text("nothing is written; --yes writes it\n")?;
        return Ok(Ended::Findings);
    }
    carry_out(&plan, &release_repo)?;
    terminal::complain_text(&format!("{} written\n", render::summary::count(plan.changes.len(), "file")))?;
    Ok(Ended::Clean)
}

fn plan(arguments: &Arguments, release_repo: &Path) -> Result<Plan, Error> {
    let mut plan =
        Plan { changes: Vec::new(), places: Vec::new(), programs: Vec::new(), settings: Vec::new(), kept: Vec::new() };
    let below = host::git_prefix(release_repo)?.trim_end_matches('/').to_owned();
    let mut pieces = vec![
        Piece::whole("cutwater.mk", setup::MAKEFILE_FRAGMENT),
        Piece::lines("Makefile", "include cutwater.mk\n", &["include cutwater.mk"]),
        Piece::lines(".gitattributes", format!("{}\n", merge::ATTRIBUTES), &["merge=cutwater"]),
    ];
    if let Some(image) = &arguments.presubmit {
        let presubmit = presubmit(arguments, release_repo, image, &below)?;
        let path = path::join(JOBS, &presubmit.job_file());
        pieces.push(Piece { path, content: Content::Presubmit(presubmit) });
    }
    // What is not there would be written anew, over what git has.
    let paths: Vec<String> = pieces.iter().map(|piece| piece.path.clone()).collect();
    sparse::refuse(release_repo, &paths, "")?;
    for piece in &pieces {
        plan.add(piece, &release_repo.join(&piece.path), &piece.path)?;
    }
    plan.add_pre_commit(release_repo, &below)?;
    if arguments.git {
        plan.add_hooks(release_repo, &below)?;
        for (name, value) in [
            ("merge.cutwater.name", "job files from their configs"),
            ("merge.cutwater.driver", merge::DRIVER),
            ("merge.cutwater.recursive", merge::RECURSIVE),
        ] {
            match host::git_setting(release_repo, name)? {
                Some(there) if there == value => {}
                Some(there) => plan.kept.push(format!("{name} stays as it is: {there}")),
                None => plan.settings.push((name, value)),
            }
        }
    }
    Ok(plan)
}

impl Plan {
    /// Adds the hook of pre-commit, which reads its configuration at the top of a checkout.
    fn add_pre_commit(&mut self, release_repo: &Path, below: &str) -> Result<(), Error> {
        const FILE: &str = ".pre-commit-config.yaml";
        let up = if below.is_empty() { String::new() } else { "../".repeat(below.split('/').count()) };
        let top = if below.is_empty() { release_repo.to_owned() } else { host::top(release_repo)? };
        let content = Content::PreCommitHook { below: below.to_owned() };
        self.add(&Piece { path: FILE.to_owned(), content }, &top.join(FILE), &format!("{up}{FILE}")).map(drop)
    }

    /// Adds the hooks of a clone.
    fn add_hooks(&mut self, release_repo: &Path, below: &str) -> Result<(), Error> {
        if let Some(shared) = host::shared_hooks(release_repo)? {
            let own = host::own_hooks(release_repo)?;
            self.kept.push(format!(
                "hooks are not written: git takes them from {shared} (core.hooksPath), which all repositories share, and would \
                 pass over those of this clone. To have its own: git config core.hooksPath '{}' and `cutwater init --git` again; \
                 or have {shared}/pre-commit run `cutwater pre-commit{}` in this repository",
                own.display(),
                entry::release_repo(below)
            ));
            return Ok(());
        }
        let directory = host::git_path(release_repo, "hooks")?;
        for (name, text) in [("pre-commit", setup::PRE_COMMIT), ("pre-merge-commit", setup::PRE_MERGE_COMMIT)] {
            // Git runs hooks at the top of a checkout.
            let program = format!("cutwater pre-commit{}", entry::release_repo(below));
            let text = text.replace("cutwater pre-commit", &program);
            let place = directory.join(name);
            if self.add(&Piece::whole(name, &text), &place, &format!("the hook {name}"))? {
                self.programs.push(place);
            }
        }
        Ok(())
    }

    /// Adds what becomes of a piece; says whether it is written.
    fn add(&mut self, piece: &Piece, place: &Path, shown: &str) -> Result<bool, Error> {
        let there = match files::is_there(place) {
            true => Some(files::read_given_as_it_stands(place).map_err(crate::run::options::Error::from)?),
            false => None,
        };
        match piece.settle(there.as_deref()) {
            Settled::Same => return Ok(false),
            Settled::Kept(why) => {
                self.kept.push(format!("{shown} stays as it is: {why}"));
                return Ok(false);
            }
            Settled::Written(text) => {
                let kind = if there.is_some() { ChangeKind::Rewritten } else { ChangeKind::Created };
                let texts = Some((there.unwrap_or_default(), text));
                self.changes.push(Change { path: shown.to_owned(), kind, texts });
                self.places.push(place.to_owned());
            }
        }
        Ok(true)
    }
}

/// The presubmit of this repository.
fn presubmit(arguments: &Arguments, release_repo: &Path, image: &str, below: &str) -> Result<Presubmit, Error> {
    let source = arguments.source.clone().or_else(|| host::remote(release_repo)).ok_or_else(|| {
        Error::Usage(
            "git knows no remote `origin` that would say whose presubmit it is: say --source ORG/REPO".to_owned(),
        )
    })?;
    let (org, repo) = source
        .split_once('/')
        .filter(|(org, repo)| !org.is_empty() && !repo.is_empty() && !repo.contains('/'))
        .ok_or_else(|| Error::Usage(format!("{source} is not of the form ORG/REPO")))?;
    let [org, repo, branch, image, below] = [org, repo, &arguments.branch, image, below].map(str::to_owned);
    Ok(Presubmit { org, repo, branch, image, below })
}

fn carry_out(plan: &Plan, release_repo: &Path) -> Result<(), Error> {
    for (change, place) in plan.changes.iter().zip(&plan.places) {
        let text = change.texts.as_ref().map_or("", |(_, new)| new);
        files::write_given(place, text.as_bytes()).map_err(crate::run::options::Error::from)?;
    }
    for program in &plan.programs {
        files::make_executable(program).map_err(crate::run::options::Error::from)?;
    }
    plan.settings.iter().try_for_each(|(name, value)| host::set_git(release_repo, name, value))
}
