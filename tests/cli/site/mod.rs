//! What is read before and beside the programs: the pages of the site and what they show, and the files that install them.

mod from_ci_tools;
mod image;
mod links;
mod markdown;
mod places;
mod shell;
mod summary;
// It ends with an upload.
#[cfg(feature = "upload")]
mod tour;
mod watch;
mod workflows;

use std::path::{Path, PathBuf};

use super::support;

/// The root of the sources.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the sources, as text.
fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The files below a directory whose name ends so, by their path from the root, sorted; none of one that is not there.
fn files(directory: &str, end: &str) -> Vec<String> {
    if !root().join(directory).is_dir() {
        return Vec::new();
    }
    let wanted = |path: &str| path.ends_with(end);
    let found = support::tree(&root().join(directory), wanted).into_keys();
    found.map(|name| PathBuf::from(directory).join(name).to_str().unwrap().to_owned()).collect()
}

/// The names of the programs.
fn programs() -> Vec<String> {
    let name = |path: &String| Path::new(path).file_stem().unwrap().to_str().unwrap().to_owned();
    files("src/bin", ".rs").iter().map(name).collect()
}
