//! `sanitize-prow-jobs`: every job file in canonical form, with the build cluster of each job chosen.

use super::dispatcher::load_dispatcher;
use super::options::{Error, Outcome, SanitizeOptions, Stage, Watch};
use super::sanitize_file::{SanitizedFiles, Sanitizer};
use super::{on_threads, plan, sweep};
use crate::dispatch::Dispatcher;
use crate::files::{Kind, Lock, Tree, walk};

/// Runs the program. As with the reference a file with findings hides no other, and the rest of its sub-directory is
/// written. Sub-directories are done one after another, and the first with findings is the last.
pub fn sanitize(options: &SanitizeOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

fn run(options: &SanitizeOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let tree = Tree::open(&options.jobs_dir)?;
    let _lock = Lock::exclusive(&options.jobs_dir, || watch.waiting())?;
    let mut outcome = Outcome::default();
    match load_dispatcher(&options.config, &options.clusters)? {
        Ok(dispatcher) => {
            outcome.findings.extend(dispatcher.warnings().iter().cloned());
            for sub_dir in &options.sub_dirs {
                if outcome.has_errors() {
                    break;
                }
                one_directory(&tree, sub_dir, &options.jobs_dir.to_string_lossy(), &dispatcher, watch, &mut outcome)?;
            }
        }
        Err(findings) => outcome.findings.extend(findings),
    }
    outcome.sort();
    Ok(outcome)
}

fn one_directory(
    tree: &Tree,
    sub_dir: &str,
    shown: &str,
    dispatcher: &Dispatcher,
    watch: &dyn Watch,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let walked = walk(tree, sub_dir, &|name, kind| kind == Kind::Directory || name.ends_with(".yaml"))?;
    sweep(tree, &walked.leftovers)?;
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(shown)));
    watch.begin(Stage::Generating, walked.files.len());
    let sanitizer = Sanitizer { tree, shown, dispatcher, keep_old: false, losses: false, broken_too: true };
    let SanitizedFiles { plan, unchanged, jobs, findings } = sanitizer.all(&walked.files, &|| watch.advance(1));
    outcome.counts.jobs += jobs;
    outcome.counts.unchanged += unchanged;
    outcome.findings.extend(findings);
    plan::carry_out(tree, &plan, watch)?;
    outcome.changes.extend(plan.into_iter().map(plan::Planned::into_change));
    Ok(())
}
