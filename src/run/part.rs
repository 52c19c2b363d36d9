//! One kind of file's share of a run, and putting the shares together.
//!
//! `cutwater fmt` and `cutwater update` do several kinds of file in one run. Each kind answers with a [`Part`]: what it
//! would change, in which trees, and what it found. [`settle`] decides over all of them whether anything is written.

use std::collections::BTreeSet;

use super::options::{Counts, Error, FmtOptions, JobsOptions, Mode, OnLoss, Outcome, Watch};
use super::plan::{self, Planned};
use crate::diagnostic::Diagnostic;
use crate::files::Tree;
use crate::fix::LOSSES;

/// Rules about what Prow's configuration loses where it is split.
const LOST_IN_SPLITTING: [&str; 2] = ["lost-entry", "lost-merge-method"];

/// What one kind of file would change.
#[derive(Debug, Default)]
pub struct Part {
    /// Changes, with the tree that each lies in.
    pub plans: Vec<(Tree, Vec<Planned>)>,
    /// How much there was.
    pub counts: Counts,
    /// What is wrong, and what is worth a warning.
    pub findings: Vec<Diagnostic>,
    /// Whether something is wrong that all of it needs.
    pub is_blocked: bool,
}

impl Part {
    /// A part that changes files of one tree.
    pub fn of_tree(tree: &Tree) -> Self {
        Self { plans: vec![(tree.clone(), Vec::new())], ..Self::default() }
    }

    /// Adds a change in the last tree, or counts a file that has none.
    pub fn plan(&mut self, planned: Option<Planned>) {
        match (planned, self.plans.last_mut()) {
            (Some(planned), Some((_, plan))) => plan.push(planned),
            _ => self.counts.unchanged += 1,
        }
    }
}

/// What has to be well before anything is written.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    mode: Mode,
    keep_going: bool,
    on_loss: OnLoss,
}

impl Terms {
    /// Those of a run that generates.
    pub fn of_jobs(&JobsOptions { mode, keep_going, on_loss, .. }: &JobsOptions) -> Self {
        Self { mode, keep_going, on_loss }
    }

    /// Those of a run that brings into form.
    pub fn of_fmt(&FmtOptions { mode, keep_going, on_loss, .. }: &FmtOptions) -> Self {
        Self { mode, keep_going, on_loss }
    }
}

/// Writes what all parts change, unless that is not wanted, or there are errors and no word to keep going, or something
/// would be lost that is not to be. What was found is told before anything is written.
pub fn settle(parts: Vec<Part>, terms: &Terms, watch: &dyn Watch) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let mut plans = Vec::new();
    for part in parts {
        outcome.findings.extend(part.findings);
        outcome.counts.configs += part.counts.configs;
        outcome.counts.jobs += part.counts.jobs;
        outcome.counts.unchanged += part.counts.unchanged;
        outcome.is_blocked |= part.is_blocked;
        plans.extend(part.plans);
    }
    outcome.sort();
    if terms.on_loss == OnLoss::Refuse {
        outcome.held = doubtful(&plans, &outcome.findings);
    }
    watch.found(&outcome.findings);
    if terms.keep_going || !outcome.has_errors() {
        for (tree, plan) in plans {
            if terms.mode == Mode::Write && outcome.held.is_empty() && !plan.is_empty() {
                plan::carry_out(&tree, &plan, watch)?;
            }
            outcome.changes.extend(plan.into_iter().map(Planned::into_change));
        }
    }
    outcome.sort();
    Ok(outcome)
}

/// Files that would change and lose something: canonical form does not keep all that is in them.
fn doubtful(plans: &[(Tree, Vec<Planned>)], findings: &[Diagnostic]) -> Vec<String> {
    let losses =
        findings.iter().filter(|finding| LOSSES.iter().chain(&LOST_IN_SPLITTING).any(|rule| *rule == finding.rule));
    let told: BTreeSet<&str> = losses.map(|finding| &*finding.file).collect();
    let planned = plans.iter().flat_map(|(_, plan)| plan).map(|planned| &planned.shown);
    let doubtful: BTreeSet<&String> = planned.filter(|shown| told.contains(&***shown)).collect();
    doubtful.into_iter().cloned().collect()
}
