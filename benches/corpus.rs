//! `cutwater jobs` on a whole release repository: wall time, files and bytes a second, and how time grows with size.
//!
//! The repository is `release-2023` from the folder that `CUTWATER_CORPORA` names, by default `../shared/corpora` beside
//! the package; without it the benchmark fails. Each run starts from a fresh tree, because in a tree that is done there
//! is nothing to write. Trees of twice and four times the size hold each organisation under other names, too (see
//! [`grow`]). Not criterion: a run takes longer than its statistics are worth, and every run needs its own tree.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use support::corpus::{Corpus, files_below};
use support::{Ran, binary};
use tempfile::TempDir;

const CORPUS: &str = "release-2023";
const CONFIG: &str = "ci-operator/config";
const JOBS: &str = "ci-operator/jobs";
/// One repository, as somebody who changed its configs would name it.
const ONE_REPOSITORY: &str = "ci-operator/config/openshift/installer";
/// Sizes of the tree, as multiples of the corpus.
const SIZES: [usize; 3] = [1, 2, 4];
/// Runs of each kind, each on a tree of its own; the median counts.
const RUNS: usize = 3;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("the corpus benchmark runs under cargo bench only");
        return;
    }
    let corpus = Corpus::unpack(CORPUS);
    println!("cutwater jobs on {CORPUS}, median of {RUNS} runs, each on a fresh tree");
    for size in SIZES {
        measure(&corpus, &format!("{size}x"), size, &[]);
    }
    measure(&corpus, "one repository", 1, &[ONE_REPOSITORY]);
}

/// Runs the program on fresh trees and prints one line.
fn measure(corpus: &Corpus, what: &str, size: usize, paths: &[&str]) {
    let mut files = Size::default();
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let tree = corpus.copy_input();
        grow(tree.path(), size);
        files = Size::of(&tree);
        runs.push(run(&tree, paths));
    }
    runs.sort_unstable();
    let [fastest, median, slowest] = [0, RUNS / 2, RUNS - 1].map(|at| runs[at].0.as_secs_f64());
    let rates = match paths {
        // A run on one repository reads next to nothing of the tree.
        [_, ..] => String::new(),
        [] => format!("{:7.0} files/s {:6.1} MB/s  ", files.count / median, files.bytes / 1e6 / median),
    };
    println!("{what:>14}: {median:6.3} s ({fastest:.3} to {slowest:.3})  {rates}{}", runs[RUNS / 2].1);
}

/// One run: how long it took and what it did.
fn run(tree: &TempDir, paths: &[&str]) -> (Duration, String) {
    let mut command = Command::new(binary("cutwater"));
    command.current_dir(tree.path()).arg("jobs").args(paths);
    let began = Instant::now();
    let output = command.output().unwrap();
    let took = began.elapsed();
    let ran = Ran::from(output);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let summary = format!("{}{}", ran.stdout, ran.stderr);
    // Its own time leaves out the start of the process, and would only confuse.
    let line = summary.lines().last().unwrap_or_default();
    (took, line.split_once(", in ").map_or(line, |(counts, _)| counts).to_owned())
}

/// How many files a tree has and how many bytes are in them, before a run.
#[derive(Default)]
struct Size {
    count: f64,
    bytes: f64,
}

impl Size {
    fn of(tree: &TempDir) -> Self {
        let files = files_below(tree.path(), |_| true);
        let bytes: u64 = files.par_iter().map(|(_, file)| fs::metadata(file).unwrap().len()).sum();
        Self { count: files.len() as f64, bytes: bytes as f64 }
    }
}

/// Makes a tree `size` times as large: every organisation's configs and job files again under the names ORG-x2, ORG-x3, …
///
/// The organisation is renamed in paths, file names, and in the text wherever it stands as one, so that each copy is as
/// much work as the original. The step registry stays as it is: a larger company has more configs, not more steps.
fn grow(tree: &Path, size: usize) {
    for part in [CONFIG, JOBS] {
        let root = tree.join(part);
        let files: Vec<PathBuf> = files_below(&root, |path| path.contains('/')).into_values().collect();
        files.par_iter().for_each(|file| {
            let relative = file.strip_prefix(&root).unwrap().to_str().unwrap();
            let (org, rest) = relative.split_once('/').unwrap();
            let text = fs::read_to_string(file).unwrap();
            for copy in 2..=size {
                let renamed = format!("{org}-x{copy}");
                let target = root.join(&renamed).join(rename_file(rest, org, &renamed));
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::write(target, rename_text(&text, org, &renamed)).unwrap();
            }
        });
    }
}

/// `REPO/ORG-REPO-BRANCH.yaml` under the other name.
fn rename_file(rest: &str, org: &str, renamed: &str) -> String {
    let (directory, name) = rest.rsplit_once('/').map_or(("", rest), |(directory, name)| (directory, name));
    match name.strip_prefix(org).filter(|tail| tail.starts_with('-')) {
        Some(tail) => format!("{directory}/{renamed}{tail}"),
        None => format!("{directory}/{name}"),
    }
}

/// The text with the organisation renamed as the key of a repository, in names of jobs, and in metadata.
fn rename_text(text: &str, org: &str, renamed: &str) -> String {
    let mut out = text.to_owned();
    for (before, after) in [("  ", "/"), ("-ci-", "-"), ("org: ", "\n"), ("--org=", "\n")] {
        out = out.replace(&format!("{before}{org}{after}"), &format!("{before}{renamed}{after}"));
    }
    out
}
