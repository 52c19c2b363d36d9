//! What the process knows of the machine: arguments, environment, current directory, clock, and git.
//!
//! The only module that asks for any of it, so that everything else is a function of its arguments. [`git`] runs git,
//! [`changes`] asks it which files differ, [`merging`] what is being merged. Files are the matter of [`crate::files`].

#![expect(clippy::disallowed_methods, reason = "this is the module that asks the machine")]

pub mod changes;
pub mod git;
pub mod merging;
pub mod objects;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

pub use self::changes::{
    changed_since, checkout, differing_from, ignored, left_out, modified_files, stage, staged, unstaged,
    way_into_checkout,
};
pub use self::git::{
    commit, git_path, git_prefix, git_setting, git_version, merge_base, own_hooks, remote, revision, set_git,
    shared_hooks, top, without_merge_base,
};
#[cfg(feature = "upload")]
pub use self::git::{head, is_ancestor};
use super::Error;

/// Job files are made of millions of short strings, which this allocator makes and frees for less. Without huge pages:
/// they cost a quarter more memory, see `docs/performance.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The arguments, the program's name first.
pub fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}

/// Now.
pub fn now() -> Instant {
    Instant::now()
}

/// Now, in seconds since the beginning of 1970; 0 for a clock that is further back.
pub fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// The current directory.
pub fn current_dir() -> Result<PathBuf, Error> {
    env::current_dir().map_err(|cause| Error::Host("cannot find the current directory".into(), Some(cause)))
}

/// A variable of the environment, when it is set to something.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// All variables of the environment that are text.
pub fn environment() -> BTreeMap<String, String> {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    env::vars_os().filter_map(text).collect()
}

/// Where Go keeps sources: `$GOPATH`, else `go` in the home directory unless Go itself is installed there.
pub fn gopath() -> String {
    if let Some(path) = variable("GOPATH") {
        return path;
    }
    let Some(home) = variable("HOME") else { return String::new() };
    let default = crate::files::path::join(&home, "go");
    match variable("GOROOT") {
        Some(root) if crate::files::path::clean(&root) == default => String::new(),
        _ => default,
    }
}
