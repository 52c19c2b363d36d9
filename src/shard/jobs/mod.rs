//! Jobs as Prow sees them: what is filled in, and what makes one wrong.
//!
//! A release repository keeps its jobs in files of their own. For those, a [`Frame`] holds what the rest of the
//! configuration says of every job, a [`Checker`] looks at the jobs of one file (`check.rs`, `base.rs`, `pod.rs`,
//! `patterns.rs`), and [`shared`] finds what jobs of all files may not have in common. `complete` does all of it, and
//! fills in what Prow does (`defaults.rs`, `decoration.rs`, `presets.rs`), for jobs that stand in `_config.yaml`.

mod base;
mod check;
mod decoration;
mod defaults;
mod frame;
mod patterns;
mod pod;
mod presets;
mod problem;
mod together;

pub use check::{Checker, Kind};
pub use frame::{Frame, POD, agent, cluster};
pub use patterns::compiled;
pub(crate) use presets::TWICE as PRESET_TWICE;
pub use presets::repeated as repeated_presets;
pub use problem::{Place, Problem, Problems};
pub(crate) use together::{CONTEXT_TWICE, NAME_TWICE};
pub use together::{Facts, context_twice, name_twice, periodic_twice, shared};

use std::collections::BTreeSet;

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};
use crate::model::prow::Config;

const TABLES: &[&[Rule]] = &[base::RULES, check::RULES, patterns::RULES, pod::RULES, presets::RULES, together::RULES];

/// Every rule for jobs that Prow refuses to load.
pub const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// Fills in all jobs of the main file and checks them.
pub fn complete(config: &mut Config) -> Problems {
    let mut problems = Problems::new();
    if config.jobs.jobs() == 0 {
        return problems;
    }
    let mut frame = Frame::of(&config.prow, &config.jobs);
    defaults::fill_in(config, &frame, &mut problems);
    // They are in the pods now.
    frame.presets.clear();
    let mut checker = Checker::new(&frame);
    for (repo, jobs) in &config.jobs.presubmits {
        jobs.iter().enumerate().for_each(|(index, job)| checker.presubmit(repo, job, index));
    }
    for (repo, jobs) in &config.jobs.postsubmits {
        jobs.iter().enumerate().for_each(|(index, job)| checker.postsubmit(repo, job, index));
    }
    config.jobs.periodics.iter().enumerate().for_each(|(index, job)| checker.periodic(job, index));
    problems.extend(checker.problems);
    together(config, &mut problems);
    problems
}

fn together(config: &Config, problems: &mut Problems) {
    for (repo, jobs) in &config.jobs.presubmits {
        let facts = jobs.iter().map(|job| (&job.job_base.name, &job.reporter.context, &job.brancher));
        of_repo(Kind::Presubmit, repo, facts.map(facts_of).collect(), problems);
    }
    for (repo, jobs) in &config.jobs.postsubmits {
        let facts = jobs.iter().map(|job| (&job.job_base.name, &job.reporter.context, &job.brancher));
        of_repo(Kind::Postsubmit, repo, facts.map(facts_of).collect(), problems);
    }
    let mut names = BTreeSet::new();
    for (index, job) in config.jobs.periodics.iter().enumerate() {
        let name = &job.job_base.name;
        if !names.insert(name) {
            let path = Place { list: "periodics", repo: None, index }.field("name");
            problems.push(Problem { rule: NAME_TWICE, path, message: periodic_twice(name) });
        }
    }
}

fn facts_of<'a>((name, context, brancher): (&'a String, &'a String, &'a crate::model::job::Brancher)) -> Facts<'a> {
    Facts { name, context, branches: &brancher.branches, skip_branches: &brancher.skip_branches }
}

fn of_repo(kind: Kind, repo: &str, jobs: Vec<Facts<'_>>, problems: &mut Problems) {
    let (names, contexts) = shared(&jobs);
    let place = |index| Place { list: kind.list(), repo: Some(repo), index };
    let twice: BTreeSet<usize> = names.into_iter().map(|(_, later)| later).collect();
    for index in twice {
        let Some(job) = jobs.get(index) else { continue };
        let message = name_twice(kind.word(), job.name);
        problems.push(Problem { rule: NAME_TWICE, path: place(index).field("name"), message });
    }
    for (other, index) in contexts {
        let (Some(job), Some(other)) = (jobs.get(index), jobs.get(other)) else { continue };
        let message = context_twice(other.name, job.name, job.context);
        problems.push(Problem { rule: CONTEXT_TWICE, path: place(index).field("context"), message });
    }
}
