//! `cutwater merge-driver`: what git calls for a job file that two branches changed.
//!
//! The driver answers by its exit status, and by what it leaves in the file of our side. It prints only where something is
//! left to do. Whatever cannot be settled as jobs is merged as git merges texts.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::host::merging::{self, Asked};
use crate::cli::{Ended, Error, host, terminal};
use crate::files::{self, Scratch};
use crate::merge::{ATTRIBUTES, Conflict, DRIVER, DRIVER_NAME, RECURSIVE};
use crate::run::layout::{CONFIG, JOBS};
use crate::run::merge::{self, Answer, Inputs, Needed, Request, Settled, Unsure};

/// Merge a job file that two branches changed; git calls it
///
/// Where git says which commits it merges (merge, pull, rebase), generated jobs are made anew from the merged configs.
/// Otherwise, and with hand-written jobs, files are merged job by job. What nobody can know is left as a conflict, without
/// markers in generated jobs.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub struct Arguments {
    /// The file as both branches had it (%O)
    #[arg(value_name = "BASE")]
    base: PathBuf,
    /// The file as it is checked out (%A); gets the result
    #[arg(value_name = "OURS")]
    ours: PathBuf,
    /// The file as it comes in (%B)
    #[arg(value_name = "THEIRS")]
    theirs: PathBuf,
    /// Its path in the repository (%P)
    #[arg(value_name = "PATH")]
    path: String,
    /// The length of conflict markers (%L)
    #[arg(value_name = "SIZE", allow_hyphen_values = true)]
    marker_size: Option<String>,
    /// What git calls BASE (%S); git tells from 2.44 on
    #[arg(value_name = "BASE-LABEL", allow_hyphen_values = true)]
    base_label: Option<String>,
    /// What git calls OURS (%X)
    #[arg(value_name = "OUR-LABEL", allow_hyphen_values = true)]
    our_label: Option<String>,
    /// What git calls THEIRS (%Y)
    #[arg(value_name = "THEIR-LABEL", allow_hyphen_values = true)]
    their_label: Option<String>,
}

fn after_help() -> String {
    format!(
        "Set-up:
  a line in .gitattributes      {ATTRIBUTES}
  and once in every clone       git config merge.{DRIVER_NAME}.driver '{DRIVER}'
                                git config merge.{DRIVER_NAME}.recursive {RECURSIVE}

Exit status: 0 settled, 1 a conflict is left, 2 bad usage or a run that failed; git takes both for a conflict."
    )
}

/// Runs `cutwater merge-driver`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let here = host::current_dir()?;
    let driven = Driven { arguments, here: &here };
    // Asked while we have git merge: what it makes of job files then is of no use to anybody.
    if host::variable(merging::WITHIN).is_some() {
        return driven.as_text();
    }
    match driven.settle() {
        Ok(Some(answer)) => driven.conclude(answer),
        Ok(None) => driven.as_text(),
        Err(why) => {
            terminal::complain_text(&format!("cutwater: {}: merged as text: {why}\n", arguments.path))?;
            driven.as_text()
        }
    }
}

/// A call with where it happens: git calls drivers at the root of the checkout.
struct Driven<'d> {
    arguments: &'d Arguments,
    here: &'d Path,
}

impl Driven<'_> {
    /// The file's path, cut into the release repository's place in the checkout and the rest.
    fn cut(&self) -> (&str, &str) {
        let path = self.arguments.path.as_str();
        match path.find(&format!("/{JOBS}/")) {
            Some(slash) if !path.starts_with(&format!("{JOBS}/")) => path.split_at(slash + 1),
            _ => ("", path),
        }
    }

    /// What git calls base, ours and theirs. A git that does not know these letters leaves them as they are.
    fn labels(&self) -> [Option<&str>; 3] {
        let Arguments { base_label, our_label, their_label, .. } = self.arguments;
        let told = |label: &&str| !label.is_empty() && !label.starts_with('%');
        [base_label, our_label, their_label].map(|label| label.as_deref().filter(told))
    }

    /// What becomes of the file; nothing for one that holds no jobs.
    fn settle(&self) -> Result<Option<Answer>, String> {
        let (above, path) = self.cut();
        let Some(repository) = merge::repository_of(path) else { return Ok(None) };
        let Arguments { base, ours, theirs, .. } = self.arguments;
        let text = |path: &Path| {
            let text = files::read_plain(&self.here.join(path)).map_err(|error| error.to_string())?;
            text.ok_or_else(|| "it is not text".to_owned())
        };
        let [base, ours, theirs] = [text(base)?, text(ours)?, text(theirs)?];
        let asked = Asked {
            path: &self.arguments.path,
            base: base.as_bytes(),
            ours: ours.as_bytes(),
            theirs: theirs.as_bytes(),
        };
        let inputs = || {
            let operation = merging::operation(self.here, asked, self.labels()).ok_or(Unsure::Unknown)?;
            let places: Vec<_> =
                merge::places_of_inputs(repository).iter().map(|place| format!("{above}{place}")).collect();
            let needed =
                |path: &str| path.strip_prefix(above).map_or(Needed::Nothing, |path| merge::needed(path, repository));
            let files = merging::merged(self.here, &operation, &places, needed).map_err(Unsure::Broken)?;
            let below =
                |(path, bytes): (String, Vec<u8>)| (path.get(above.len()..).unwrap_or_default().to_owned(), bytes);
            Ok(Inputs { files: files.into_iter().map(below).collect() })
        };
        let request = Request { path, base: &base, ours: &ours, theirs: &theirs };
        merge::settle(request, &self.here.join(above), inputs).map(Some)
    }

    /// Writes the answer and says what is left to do.
    fn conclude(&self, Answer { settled, unsure, is_entangled }: Answer) -> Result<Ended, Error> {
        let named = &self.arguments.path;
        let add = format!("`git add {named}`");
        let update = self.update();
        let is_likely_wrong = is_entangled || matches!(unsure, Some(Unsure::Broken(_)));
        let why = unsure.map(|unsure| match unsure {
            Unsure::Unknown => "git does not say which commits are merged".to_owned(),
            Unsure::Broken(why) => why,
        });
        let (ended, said) = match (settled, why) {
            (Settled::Whole(text), why) => {
                self.write(&text)?;
                match why {
                    None => return Ok(Ended::Clean),
                    Some(why) if is_likely_wrong => {
                        (Ended::Findings, format!("merged job by job only, because {why}; now run {update} and {add}"))
                    }
                    Some(why) => (Ended::Clean, format!("merged job by job, because {why}; {update} makes sure")),
                }
            }
            (Settled::Gone, _) => (Ended::Findings, format!("no job is left; `git rm {named}` takes the file away")),
            (Settled::OurJobs(text, conflicts), why) => {
                self.write(&text)?;
                let (jobs, fields) = (jobs(&conflicts, true), fields(&conflicts));
                let said = match why {
                    Some(why) => {
                        format!("both sides changed {jobs}, and {why}; ours are kept: now run {update} and {add}")
                    }
                    None => {
                        format!(
                            "both sides set what no config says on {jobs} ({fields}); ours is kept: look at it and {add}"
                        )
                    }
                };
                (Ended::Findings, said)
            }
            (Settled::ByHand { base, ours, theirs, conflicts }, why) => {
                let ended = self.merged_texts([&ours, &base, &theirs])?;
                if ended == Ended::Clean && why.is_none() {
                    return Ok(ended);
                }
                let then = if why.is_some() { format!("run {update} and {add}") } else { add };
                let jobs = jobs(&conflicts, false);
                match ended {
                    Ended::Clean => (Ended::Findings, format!("both sides changed {jobs}; look at it, then {then}")),
                    ended => (ended, format!("both sides changed {jobs}; settle it between the markers, then {then}")),
                }
            }
        };
        terminal::complain_text(&format!("cutwater: {named}: {said}\n"))?;
        Ok(ended)
    }

    /// The command that generates the file.
    fn update(&self) -> String {
        let (above, path) = self.cut();
        match merge::repository_of(path) {
            Some(repository) if !repository.is_empty() => format!("`cutwater update {above}{CONFIG}/{repository}`"),
            _ => "`cutwater update`".to_owned(),
        }
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        let ours = self.here.join(&self.arguments.ours);
        files::write_given(&ours, text.as_bytes()).map_err(|error| Error::Run(error.into()))
    }

    /// Merges these texts as texts into the file of our side.
    fn merged_texts(&self, [ours, base, theirs]: [&str; 3]) -> Result<Ended, Error> {
        self.write(ours)?;
        let failed = |error: files::Error| Error::Run(error.into());
        let scratch = Scratch::new().map_err(failed)?;
        scratch.write("base", base.as_bytes()).map_err(failed)?;
        scratch.write("theirs", theirs.as_bytes()).map_err(failed)?;
        self.as_text_of(&scratch.path().join("base"), &scratch.path().join("theirs"))
    }

    /// Merges the file as git does without a driver.
    fn as_text(&self) -> Result<Ended, Error> {
        self.as_text_of(&self.here.join(&self.arguments.base), &self.here.join(&self.arguments.theirs))
    }

    fn as_text_of(&self, base: &Path, theirs: &Path) -> Result<Ended, Error> {
        let size = self.arguments.marker_size.as_deref().and_then(|size| size.parse().ok());
        let [base_label, our_label, their_label] = self.labels();
        let labels = [our_label.unwrap_or("ours"), base_label.unwrap_or("base"), their_label.unwrap_or("theirs")];
        let ours = self.here.join(&self.arguments.ours);
        let is_clean = merging::merge_texts(self.here, [&ours, base, theirs], labels, size)?;
        Ok(if is_clean { Ended::Clean } else { Ended::Findings })
    }
}

/// The jobs of conflicts, a few of them by name.
fn jobs(conflicts: &[Conflict], is_generated: bool) -> String {
    const SHOWN: usize = 3;
    let mut names: Vec<&str> =
        conflicts.iter().filter(|it| it.is_generated == is_generated).map(|it| it.job.as_str()).collect();
    names.dedup();
    let shown = names.iter().take(SHOWN).map(|name| if name.is_empty() { "what is in no job" } else { name });
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// The fields of conflicts, each once.
fn fields(conflicts: &[Conflict]) -> String {
    let fields: std::collections::BTreeSet<&str> = conflicts.iter().map(|conflict| conflict.field.as_str()).collect();
    fields
        .into_iter()
        .map(|field| if field.is_empty() { "the whole job" } else { field })
        .collect::<Vec<_>>()
        .join(", ")
}
