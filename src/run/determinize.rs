//! `determinize-ci-operator`: every config in canonical form.

use rayon::prelude::*;

use super::config_file::{ConfigFile, LoadedConfig};
use super::config_form::{self, Form, Settled, Target};
use super::inventory::walk_configs;
use super::options::{DeterminizeOptions, Error, Mode, Outcome, Stage, Watch};
use super::plan::{self, Planned};
use super::{guarded, lock, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Tree, path};

/// Runs the program. Every config is read and checked, whether it was asked for or not; with findings nothing is written.
pub fn determinize(options: &DeterminizeOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &DeterminizeOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let tree = Tree::open(&options.config_dir)?;
    let _lock = lock(&options.config_dir, options.mode, watch)?;
    let shown = options.config_dir.to_string_lossy();
    let walked = walk_configs(&tree, "")?;
    let mut outcome = Outcome::default();
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&shown)));
    let (files, misplaced) = config_files(walked.files, &shown);
    outcome.findings.extend(misplaced);
    let is_chosen = |file: &ConfigFile| {
        let is_modified =
            |modified: &std::collections::BTreeSet<_>| modified.contains(&*file.entry.path.to_string_lossy());
        options.filter.matches(&file.identity.org, &file.identity.repo)
            && options.modified.as_ref().is_none_or(is_modified)
    };
    let contested = config_form::contested(files.iter().filter(|file| is_chosen(file)));
    let target = Target { tree: &tree, shown: &shown, contested: &contested, keep_old: false, losses: false };
    watch.begin(Stage::Generating, files.len());
    let Settled { mut plan, unchanged, findings } = settle_all(&files, &target, &is_chosen, watch);
    outcome.findings.extend(findings);
    outcome.counts.configs = files.len();
    outcome.counts.unchanged = unchanged;
    if options.mode == Mode::Write {
        files::sweep(&walked.leftovers);
    }
    if !outcome.has_errors() {
        plan.sort_by(|left, right| left.shown.cmp(&right.shown));
        if options.mode == Mode::Write {
            plan::carry_out(&tree, &plan, watch)?;
        }
        outcome.changes.extend(plan.into_iter().map(Planned::into_change));
    }
    outcome.sort();
    Ok(outcome)
}

/// The configs among the files of a walk; findings about those whose path does not say whose they are.
pub fn config_files(entries: Vec<files::Entry>, shown: &str) -> (Vec<ConfigFile>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let configs = entries
        .into_iter()
        .filter(|entry| entry.name() != "OWNERS")
        .filter_map(|entry| {
            let name = path::join(shown, &entry.relative);
            ConfigFile::of(entry, name).map_err(|finding| findings.push(finding)).ok()
        })
        .collect();
    (configs, findings)
}

/// Reads and checks every config, and brings those that are chosen into canonical form.
pub fn settle_all(
    files: &[ConfigFile],
    target: &Target<'_>,
    is_chosen: &(dyn Fn(&ConfigFile) -> bool + Sync),
    watch: &dyn Watch,
) -> Settled {
    let done: Vec<Made> = files
        .par_iter()
        .map(|file| {
            let made = guarded(
                || file.shown.clone(),
                || match LoadedConfig::load(target.tree, file) {
                    Ok(loaded) if is_chosen(file) => Form::of(loaded, target).map_or_else(Made::Refused, Made::Form),
                    Ok(_) => Made::Nothing,
                    Err(findings) => Made::Refused(findings),
                },
            );
            watch.advance(1);
            made
        })
        .collect();
    let (mut forms, mut refused) = (Vec::with_capacity(done.len()), Vec::new());
    for made in done {
        match made {
            Made::Form(form) => forms.push(form),
            Made::Refused(findings) => refused.extend(findings),
            Made::Nothing => {}
        }
    }
    let mut settled = config_form::settle(forms);
    settled.findings.extend(refused);
    settled
}

/// What came of one file.
enum Made {
    Form(Form),
    Refused(Vec<Diagnostic>),
    Nothing,
}

impl From<Vec<Diagnostic>> for Made {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Refused(findings)
    }
}
