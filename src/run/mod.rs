//! The pipelines: from a release repository on disk to job files written.
//!
//! Read [`options`] first: it says what a run is asked to do and what it answers. Then [`jobs()`], [`prowgen()`] and
//! [`sanitize()`], one program each over the same parts: [`inventory`] lists the files by repository, [`registry`] loads
//! the steps and [`dispatcher`] the build clusters, [`users`] finds who uses a step, [`repository`] takes one repository
//! from its configs ([`config_file`]) and job files ([`job_file`]) to final bytes, [`sanitize_file`] does what is left to
//! do for a file without generated jobs, [`plan`] writes. [`determinize()`], [`fmt()`] and [`update()`] are made of
//! [`part`]s: [`config_form`] for configs, [`registry_form`] and [`metadata`] for the step registry, [`mod@prow_config`] for Prow's own
//! configuration.
//! [`checkconfig()`] is [`mod@check`] over all configs.
//! [`mod@prowcheck`] is what Prow says of job files and its configuration.
//! [`shard_validator()`] is [`shards`] over all configs and job files, with what [`plugin_config`] loads.
//! [`Known`] is what runs one after another read only once.
//! [`review()`] is all of them as findings, and [`fix()`] carries out what answers them.
//! [`mod@upload`] takes files to ConfigMaps.
//! [`diff()`](diff::diff) tells what a change means in jobs.
//! [`mod@merge`] settles a job file that two branches changed.
//! [`explain()`] changes nothing and says where a file or job belongs, and why.
//! Files are touched through [`crate::files`] only, at the places that [`layout`] names.

mod check;
mod checkconfig;
mod config_file;
mod config_form;
mod determinize;
pub mod diff;
mod dispatcher;
pub mod explain;
mod fix;
mod fmt;
mod inventory;
mod job_file;
mod jobs;
mod known;
pub mod layout;
mod losses;
pub mod merge;
mod metadata;
pub mod options;
mod part;
mod plan;
pub mod plugin_config;
mod prow_config;
pub mod prowcheck;
mod prowgen;
mod registry;
mod registry_form;
mod repository;
mod review;
mod sanitize;
mod sanitize_file;
mod shard_validator;
mod shards;
mod update;
#[cfg(feature = "upload")]
pub mod upload;
mod users;

pub use checkconfig::checkconfig;
pub use determinize::determinize;
pub use explain::explain;
pub use fix::{Fixed, Written, fix};
pub use fmt::fmt;
pub use jobs::jobs;
pub use known::Known;
pub use prow_config::prow_config;
pub use prowgen::prowgen;
pub use review::review;
pub use sanitize::sanitize;
pub use shard_validator::shard_validator;
pub use update::update;

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use options::Error;

use crate::catalogue::tree::INTERNAL_ERROR;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Lock, Tree};

/// Removes what killed runs left among the job files: what a walk came across, and the spare files of
/// [`files::replace_all`], which lie in the directory itself.
fn sweep(jobs_tree: &Tree, found: &[PathBuf]) -> Result<(), Error> {
    let here = files::walk(jobs_tree, "", &|_, _| false)?;
    files::sweep(found);
    files::sweep(&here.leftovers);
    Ok(())
}

/// Runs `work`; should it panic, that is a finding about `file`, so that a file that we fail on hides no other.
fn guarded<T: From<Vec<Diagnostic>>>(file: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
    // What was being made is dropped, and nothing else is changed by working on a file.
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let finding = Diagnostic::of_rule(&INTERNAL_ERROR, file(), "cutwater fails on this");
        vec![finding.fix("report it, with the text above and the files; other files are not concerned")].into()
    })
}

/// Keeps away whoever writes below a directory, or reads there when we write.
fn lock(directory: &std::path::Path, mode: options::Mode, watch: &dyn options::Watch) -> Result<Lock, Error> {
    Ok(match mode {
        options::Mode::Write => Lock::exclusive(directory, || watch.waiting())?,
        options::Mode::Check => Lock::shared(directory, || watch.waiting())?,
    })
}

/// More threads than this are of no use on any machine, and thousands of them keep it from doing anything else.
const MOST_THREADS: usize = 256;

/// Runs `work` on as many threads as asked for.
fn on_threads<T: Send>(threads: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, |threads| threads.get().min(MOST_THREADS)))
        // Trees are walked by recursion, bounded well within this.
        .stack_size(16 << 20)
        .build()
        .map_err(|error| Error::Threads(error.to_string()))?;
    Ok(pool.install(work))
}
