//! `cutwater check --fix`: the one safe answer to each finding that has one, carried out.
//!
//! [`answer`] says of findings what can be done about them. [`fix()`] does it: edits are made in the texts of files first,
//! nothing written; over these texts jobs are generated and files brought into canonical form as by `cutwater update`; of
//! what would change so, those files are chosen that findings are about, or that the edits change; only then all of it is
//! written, each file as a whole. Files that are broken stay as they are, and so does what their repository needs whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::known::Known;
use super::layout::{CONFIG, PROW_CONFIG};
use super::losses::{Losses, whole};
use super::options::{
    Change, ChangeKind, Error, FixOptions, JobsOptions, Mode, OnLoss, Outcome, Owners, Scope, Unwatched, Watch,
};
use super::part::Part;
use super::plan::{self, Planned};
use super::review::of_plan;
use super::{lock, on_threads, update};
use crate::diagnostic::{Answer, Diagnostic, Edit};
use crate::files::{self, Instead, Lock, Tree, path};
use crate::fix::{Answers, Kind, apply, is_sound, remedy};

/// So often files are looked at again to see whether edits let something else come to light.
const MOST_ROUNDS: usize = 8;

/// What was done.
#[derive(Debug, Default)]
pub struct Fixed {
    /// Files that changed, or would change.
    pub changes: Vec<Change>,
    /// Of each finding that was given whether it is answered now.
    pub is_answered: Vec<bool>,
    /// Files that are not edited though findings ask for it, and why.
    pub refused: BTreeMap<String, String>,
}

/// Says of findings how they are answered, where they are. All findings of the files have to be given.
pub fn answer(root: &Path, findings: &mut [Diagnostic]) {
    edits(root, findings);
    rewrites(findings);
}

/// Answers by edits of the text.
fn edits(root: &Path, findings: &mut [Diagnostic]) {
    let is_edit = |finding: &Diagnostic| remedy(finding.rule).is_some_and(|remedy| remedy.kind == Kind::Edit);
    let mut by_file: BTreeMap<String, Vec<&mut Diagnostic>> = BTreeMap::new();
    for finding in findings.iter_mut().filter(|finding| is_edit(finding)) {
        // Prow's configuration is split and put together as one whole, from files as they are on the disk.
        if !path::is_within(&finding.file, PROW_CONFIG) {
            by_file.entry(finding.file.clone()).or_default().push(finding);
        }
    }
    for (file, findings) in by_file {
        let Ok(Some(text)) = files::read_plain(&root.join(file)) else { continue };
        let Some(answers) = Answers::of(&text) else { continue };
        findings.into_iter().for_each(|finding| finding.answer = answers.to(finding));
    }
}

/// Answers by writing the file anew, but where something would be lost that no edit keeps.
fn rewrites(findings: &mut [Diagnostic]) {
    let all = Losses::of(findings.iter());
    let losses = Losses::of(findings.iter().filter(|finding| finding.answer.is_none()));
    // A config under another name than its path asks for gets a second file, which nobody wants.
    let is_second = |finding: &Diagnostic| finding.line == 0 && path::is_within(&finding.file, CONFIG);
    let is_meant = |finding: &Diagnostic| {
        remedy(finding.rule).is_some_and(|remedy| remedy.kind == Kind::Rewrite) && !is_second(finding)
    };
    let is_rewritten = |finding: &Diagnostic| is_meant(finding) && losses.behind(&finding.file).is_none();
    let changed: BTreeSet<String> = findings
        .iter()
        .filter(|finding| is_rewritten(finding) && finding.rule != "copied-metadata")
        .map(|finding| finding.file.clone())
        .collect();
    for finding in findings.iter_mut().filter(|finding| is_meant(finding)) {
        // Whatever a finding says, only a file that would change can be written.
        if is_rewritten(finding) && changed.contains(&finding.file) {
            finding.answer = Some(Answer::Rewrite);
        }
        finding.held = losses.config_behind(&finding.file).map(held_by);
        // Other programs write a file as it is, be there edits that would keep something or not.
        if let Some(lossy) = all.behind(&finding.file) {
            finding.fix = Some(after_losses(finding, lossy));
        }
    }
}

/// Why a job file stays.
fn held_by(config: &str) -> String {
    format!("something of {config}, which its jobs come from, would be lost; first see to the warnings of that")
}

/// What to do about a finding where another file, or the same, would lose something.
fn after_losses(finding: &Diagnostic, lossy: &str) -> String {
    let lossy = if lossy == finding.file { "this file" } else { lossy };
    let first = format!("first see to the warnings of {lossy}");
    match &finding.fix {
        Some(fix) => format!("{first}, then {fix}"),
        None => first,
    }
}

/// How many findings of each file are answered by writing it anew.
#[derive(Debug)]
pub struct Written(BTreeMap<String, usize>);

impl Written {
    /// Counts them.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let mut counts = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.answer == Some(Answer::Rewrite)) {
            *counts.entry(whole(&finding.file).to_owned()).or_insert(0) += 1;
        }
        Self(counts)
    }

    /// Takes this answer from the findings that are left of a file when some have been sorted out since: a file is written
    /// as a whole, and what is put up with is to stay.
    pub fn keep_whole(&self, findings: &mut [Diagnostic]) {
        let left = Self::of(findings);
        let is_partial = |file: &str| left.0.get(whole(file)) != self.0.get(whole(file));
        for finding in findings {
            if finding.answer == Some(Answer::Rewrite) && is_partial(&finding.file) {
                finding.answer = None;
            }
        }
    }
}

/// Leaves of findings those that are not put up with.
pub type Sieve<'s> = dyn Fn(Vec<Diagnostic>) -> Vec<Diagnostic> + Sync + 's;

/// Runs the command on findings that are shown. What comes to light on the way is treated likewise, as far as `sieve`
/// leaves it.
pub fn fix(
    options: &FixOptions,
    findings: &[Diagnostic],
    sieve: &Sieve<'_>,
    watch: &dyn Watch,
) -> Result<Fixed, Error> {
    if findings.iter().all(|finding| finding.answer.is_none()) {
        return Ok(Fixed { is_answered: vec![false; findings.len()], ..Fixed::default() });
    }
    on_threads(options.threads, || run(options, findings, sieve, watch))?
}

fn run(options: &FixOptions, findings: &[Diagnostic], sieve: &Sieve<'_>, watch: &dyn Watch) -> Result<Fixed, Error> {
    let root = &options.release_repo;
    let _configs = lock(&root.join(CONFIG), options.mode, watch)?;
    let (mut edited, mut refused) = edit_all(root, findings);
    let before = if edited.is_empty() { None } else { Some(Outlook::over(options, &BTreeMap::new(), &Unwatched)?) };
    let before = before.map(|outlook| (outlook.files(), outlook.errors()));
    let mut outlook = Outlook::over(options, &edited, watch)?;
    if let Some((_, known)) = &before {
        for _ in 0..MOST_ROUNDS {
            let broken = outlook.broken(&edited, known);
            edited.retain(|file, _| !broken.contains_key(file));
            let has_more = edit_more(&mut edited, &outlook, sieve);
            if broken.is_empty() && !has_more {
                break;
            }
            refused.extend(broken);
            // Its locks are in the way of the next.
            drop(outlook);
            outlook = Outlook::over(options, &edited, watch)?;
        }
    }
    let old_files = before.map(|(files, _)| files);
    let (plans, held) = outlook.choose(findings, &edited, old_files.as_ref(), sieve);
    refused.extend(held);
    let plans = with_edited(root, plans, &edited)?;
    if options.mode == Mode::Write {
        plan::carry_out_all(&plans, watch)?;
    }
    let mut outcome = Outcome::default();
    outcome.changes.extend(plans.into_iter().flat_map(|(_, plan)| plan).map(Planned::into_change));
    outcome.sort();
    let changed: BTreeSet<&str> = outcome.changes.iter().map(|change| &*change.path).collect();
    let is_answered = |(at, finding): (usize, &Diagnostic)| match &finding.answer {
        None => false,
        Some(Answer::Rewrite) => changed.contains(&*finding.file),
        Some(Answer::Edits(_)) => edited.get(&finding.file).is_some_and(|edited| edited.answered.contains(&at)),
    };
    let is_answered = findings.iter().enumerate().map(is_answered).collect();
    Ok(Fixed { changes: outcome.changes, is_answered, refused })
}

/// A file whose text is edited.
struct Edited {
    path: PathBuf,
    old: String,
    new: String,
    /// The findings that this answers, by number.
    answered: BTreeSet<usize>,
}

/// A finding with its number and the edits that answer it.
type Wanted<'f> = (usize, &'f Diagnostic, &'f [Edit]);

/// Makes all edits. A file whose text is not what it was when it was looked at stays, and so does one that would not be
/// the document that was meant: these come second, with the reason.
fn edit_all(root: &Path, findings: &[Diagnostic]) -> (BTreeMap<String, Edited>, BTreeMap<String, String>) {
    let mut by_file: BTreeMap<&str, Vec<Wanted<'_>>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(Answer::Edits(edits)) = &finding.answer {
            by_file.entry(&finding.file).or_default().push((at, finding, edits));
        }
    }
    let (mut edited, mut refused) = (BTreeMap::new(), BTreeMap::new());
    for (file, wanted) in by_file {
        match edit_one(root.join(file), &wanted) {
            Ok(one) => drop(edited.insert(file.to_owned(), one)),
            Err(why) => drop(refused.insert(file.to_owned(), why.to_owned())),
        }
    }
    (edited, refused)
}

fn edit_one(path: PathBuf, wanted: &[Wanted<'_>]) -> Result<Edited, &'static str> {
    let changed = "it has changed since it was looked at";
    let old = files::read_plain(&path).ok().flatten().ok_or(changed)?;
    let answers = Answers::of(&old).ok_or(changed)?;
    if wanted.iter().any(|(_, finding, _)| answers.to(finding) != finding.answer) {
        return Err(changed);
    }
    let groups: Vec<&[Edit]> = wanted.iter().map(|(_, _, edits)| *edits).collect();
    let applied = apply(&old, &groups);
    let taken = || wanted.iter().zip(&applied.taken).filter(|(_, taken)| **taken).map(|(wanted, _)| wanted);
    let made: Vec<&Edit> = taken().flat_map(|(_, _, edits)| *edits).collect();
    if !is_sound(&old, &applied.text, &made) {
        return Err("it would then be another document than was meant");
    }
    let answered = taken().map(|(at, ..)| *at).collect();
    Ok(Edited { path, old, new: applied.text, answered })
}

/// Makes the edits that answer what came to light when the files could be read, over the texts that they have by now.
/// Whether there are any.
fn edit_more(edited: &mut BTreeMap<String, Edited>, outlook: &Outlook, sieve: &Sieve<'_>) -> bool {
    let mut has_more = false;
    for (file, edited) in edited {
        let Some(answers) = Answers::of(&edited.new) else { continue };
        let found = outlook.findings().filter(|finding| finding.file == *file && !finding.is_error());
        let found = sieve(found.cloned().collect());
        let edits: Vec<Edit> = found
            .iter()
            .filter_map(|finding| answers.to(finding))
            .flat_map(|answer| match answer {
                Answer::Edits(edits) => edits,
                Answer::Rewrite => Vec::new(),
            })
            .collect();
        let groups: Vec<&[Edit]> = edits.iter().map(std::slice::from_ref).collect();
        let applied = apply(&edited.new, &groups);
        let made: Vec<&Edit> = edits.iter().zip(&applied.taken).filter(|(_, taken)| **taken).map(|it| it.0).collect();
        if !made.is_empty() && is_sound(&edited.new, &applied.text, &made) {
            edited.new = applied.text;
            has_more = true;
        }
    }
    has_more
}

/// What is to be written, by the tree that it is in.
type Plans = Vec<(Tree, Vec<Planned>)>;

/// What stands against a file: its name, the rule, and what it says.
type Complaint = (String, &'static str, String);

/// What `cutwater update` would do.
struct Outlook {
    parts: Vec<Part>,
    /// Held until it is done.
    _locks: Vec<Lock>,
}

impl Outlook {
    /// What it would do over texts that are not written yet.
    fn over(options: &FixOptions, edited: &BTreeMap<String, Edited>, watch: &dyn Watch) -> Result<Self, Error> {
        let bytes = |edited: &Edited| (edited.path.clone(), edited.new.clone().into_bytes());
        let update_options = JobsOptions {
            release_repo: options.release_repo.clone(),
            scope: Scope::Everything,
            mode: options.mode,
            // To show differences, or to put back what cannot be finished.
            diff: true,
            keep_going: true,
            on_loss: OnLoss::Write,
            owners: Owners::Mirror,
            instead: edited.values().map(bytes).collect::<Instead>(),
            now: options.now,
            threads: None,
        };
        let (parts, locks) = update::parts(&update_options, &Known::default(), watch)?;
        Ok(Self { parts, _locks: locks })
    }

    fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.parts.iter().flat_map(|part| &part.findings)
    }

    /// Edited files against which there stands what did not before, and what that is.
    fn broken(&self, edited: &BTreeMap<String, Edited>, known: &BTreeSet<Complaint>) -> BTreeMap<String, String> {
        let errors = self.errors();
        let new = errors.difference(known).filter(|(file, ..)| edited.contains_key(file));
        new.map(|(file, rule, message)| (file.clone(), format!("it would then be wrong: {message} [{rule}]"))).collect()
    }

    /// What stands against files.
    fn errors(&self) -> BTreeSet<Complaint> {
        let errors = self.findings().filter(|finding| finding.is_error());
        errors.map(|finding| (finding.file.clone(), finding.rule, finding.message.clone())).collect()
    }

    /// The files that would change.
    fn files(&self) -> BTreeSet<String> {
        let plans = self.parts.iter().flat_map(|part| &part.plans).flat_map(|(_, plan)| plan);
        plans.map(|planned| planned.shown.clone()).collect()
    }

    /// The changes that answer findings, and those that come of edits: of files that would not change without them. Then
    /// the job files that stay though they are wanted, and why.
    fn choose(
        self,
        findings: &[Diagnostic],
        edited: &BTreeMap<String, Edited>,
        old: Option<&BTreeSet<String>>,
        sieve: &Sieve<'_>,
    ) -> (Plans, BTreeMap<String, String>) {
        let losses = Losses::of(self.findings());
        let is_rewrite = |finding: &&Diagnostic| finding.answer == Some(Answer::Rewrite);
        let answered: BTreeSet<&str> = findings.iter().filter(is_rewrite).map(|finding| &*finding.file).collect();
        let comes_of_edits = |planned: &Planned| {
            let found: Vec<Diagnostic> = of_plan(planned).into_iter().map(|(finding, _)| finding).collect();
            let count = found.len();
            old.is_some_and(|old| !old.contains(&planned.shown)) && sieve(found).len() == count
        };
        let is_asked_for = |planned: &Planned| answered.contains(&*planned.shown) || comes_of_edits(planned);
        let is_wanted = |planned: &Planned| losses.behind(&planned.shown).is_none() && is_asked_for(planned);
        let is_prow = |planned: &Planned| path::is_within(&planned.shown, PROW_CONFIG);
        let all = || self.parts.iter().flat_map(|part| &part.plans).flat_map(|(_, plan)| plan);
        let takes_prow = all().filter(|planned| is_prow(planned)).all(is_wanted);
        let is_change =
            |planned: &Planned| edited.get(&planned.shown).is_none_or(|it| it.old.as_bytes() != planned.bytes);
        let is_chosen =
            |planned: &Planned| is_wanted(planned) && is_change(planned) && (takes_prow || !is_prow(planned));
        let held = all().filter_map(|planned| {
            let config = losses.config_behind(&planned.shown)?;
            is_asked_for(planned).then(|| (planned.shown.clone(), held_by(config)))
        });
        let held = held.collect();
        let plans = self.parts.into_iter().flat_map(|part| part.plans);
        (plans.map(|(tree, plan)| (tree, plan.into_iter().filter(is_chosen).collect())).collect(), held)
    }
}

/// The plans with edited files: their old text is what is on the disk, and those that nothing else changes are written as
/// they were edited.
fn with_edited(root: &Path, mut plans: Plans, edited: &BTreeMap<String, Edited>) -> Result<Plans, Error> {
    let keep = |old: &str| Some(old.as_bytes().to_vec());
    let mut planned_for = BTreeSet::new();
    for planned in plans.iter_mut().flat_map(|(_, plan)| plan) {
        if let Some(edited) = edited.get(&planned.shown) {
            planned.old = keep(&edited.old);
            planned_for.insert(planned.shown.clone());
        }
    }
    let rest = edited.iter().filter(|(file, _)| !planned_for.contains(*file)).map(|(file, edited)| Planned {
        path: edited.path.clone(),
        shown: file.clone(),
        kind: ChangeKind::Rewritten,
        bytes: edited.new.clone().into_bytes(),
        old: keep(&edited.old),
    });
    let rest: Vec<Planned> = rest.collect();
    if !rest.is_empty() {
        plans.push((Tree::open(root)?, rest));
    }
    Ok(plans)
}
