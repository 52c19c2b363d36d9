//! The pipelines: from a release repository on disk to job files written.
//!
//! Read [`options`] first: it says what a run is asked to do and what it answers. Then [`jobs()`], [`prowgen()`] and
//! [`sanitize()`], one program each over the same parts: [`inventory`] lists the files by repository, [`registry`] loads
//! the steps, [`users`] finds who uses them, [`repository`] takes one repository from its configs to the final bytes of its job files, [`normalising`]
//! does what is left to do for a file without generated jobs, [`plan`] writes. Files are touched through
//! [`crate::files`] only.

mod config_file;
mod inventory;
mod job_file;
mod jobs;
mod normalising;
pub mod options;
mod plan;
mod prowgen;
mod registry;
mod repository;
mod sanitize;
mod users;

pub use jobs::jobs;
pub use prowgen::prowgen;
pub use sanitize::sanitize;

use std::num::NonZeroUsize;

use options::Error;

/// Runs `work` on as many threads as asked for.
fn on_threads<T: Send>(threads: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        // Trees are walked by recursion, bounded well within this.
        .stack_size(16 << 20)
        .build()
        .map_err(|error| Error::Threads(error.to_string()))?;
    Ok(pool.install(work))
}
