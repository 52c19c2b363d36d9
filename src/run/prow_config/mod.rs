//! Prow's configuration and that of its plugins: `determinize-prow-config`, and a part of `cutwater fmt` and `update`.
//!
//! There are two halves that have nothing to do with each other ([`half`]) and are planned side by side. In the program,
//! as with the reference, Prow's own is written first, whatever then is wrong with that of the plugins; when Prow's is
//! wrong nothing is written. Within a half everything is planned before anything is written. For `fmt` and `update` the
//! two are one [`Part`] among others.

mod half;

use std::path::{Path, PathBuf};

use super::inventory::linked_directory;
use super::layout::PROW_CONFIG;
use super::options::{Error, Mode, Outcome, ProwConfigOptions, Stage, Watch};
use super::part::Part;
use super::plan::{self, Planned};
use super::{guarded, lock, on_threads};
use crate::files::{self, Kind, Listings, Lock, Tree, Walked, path};
use half::{
    Attempt, Half, PLUGIN_MAIN, PLUGIN_SUPPLEMENT, PROW_MAIN, PROW_SUPPLEMENT, missing_main, plugin_half, prow_half,
};

/// Runs the program.
pub fn prow_config(options: &ProwConfigOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

/// What is wanted of both halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
    /// Whether old texts are kept for showing differences.
    pub keep_old: bool,
    /// Whether more is told than the reference tells: what canonical form does not keep, and what the next run would do.
    pub is_careful: bool,
}

fn run(options: &ProwConfigOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let dir = Directory::open(&options.config_dir)?;
    let _lock = Lock::exclusive(&options.config_dir, || watch.waiting())?;
    let shards = match &options.prow_shards {
        Some(path) => Some(Directory::open(path)?),
        None => None,
    };
    // Mostly it is one directory for everything, which is then walked once.
    let walked = dir.walk()?;
    files::sweep(&walked.leftovers);
    let elsewhere = match &shards {
        Some(shards) if !shards.is(&dir.path) => Some(shards.walk()?),
        _ => None,
    };
    watch.begin(Stage::Generating, walked.files.len());
    let place = shards.as_ref().map(|shards| (shards, elsewhere.as_ref().unwrap_or(&walked)));
    let wish = Wish { now: options.now, keep_old: false, is_careful: false };
    let (prow, plugins) = rayon::join(
        || guarded(|| dir.shown(PROW_MAIN), || Attempt(prow_half(&dir, place, wish))),
        || {
            let half = || Attempt(plugin_half(&dir, &walked, options.plugin_shards.as_deref(), wish));
            guarded(|| dir.shown(PLUGIN_MAIN), half)
        },
    );
    let mut outcome = Outcome::default();
    outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&dir.shown)));
    if let (Some(walked), Some(shards)) = (&elsewhere, &shards) {
        outcome.findings.extend(walked.problems.iter().map(|problem| problem.finding(&shards.shown)));
    }
    for Attempt(half) in [prow, plugins] {
        // What went wrong with the plugins does not keep the first half from being written.
        let half = half?;
        outcome.findings.extend(half.findings);
        if outcome.has_errors() {
            // Findings of the second half are told all the same.
            continue;
        }
        for (tree, plan) in &half.plans {
            plan::carry_out(tree, plan, watch)?;
        }
        outcome.counts.unchanged += half.unchanged;
        outcome.changes.extend(half.plans.into_iter().flat_map(|(_, plan)| plan).map(Planned::into_change));
    }
    outcome.sort();
    Ok(outcome)
}

/// Prow's configuration in a release repository, with the lock to hold until it is done; nothing where there is none.
///
/// It is one whole: what an organisation's file says may come from the main file, and the other way round. A run that
/// writes nothing may have listed directories already.
pub fn part(
    release_repo: &Path,
    mode: Mode,
    wish: Wish,
    listings: Option<&Listings>,
    watch: &dyn Watch,
) -> Result<Option<(Part, Lock)>, Error> {
    let path = release_repo.join(PROW_CONFIG);
    if !files::is_directory(&path) {
        return Ok(None);
    }
    let tree = Tree::within(&path, release_repo)?;
    let tree = listings.iter().fold(tree, |tree, listings| tree.sharing(listings));
    let dir = Directory { path, shown: PROW_CONFIG.to_owned(), tree };
    let lock = lock(&dir.path, mode, watch)?;
    let walked = dir.walk()?;
    if mode == Mode::Write {
        files::sweep(&walked.leftovers);
    }
    let half = |main: &str, supplement: &str, half: &(dyn Fn() -> Result<Half, Error> + Sync)| {
        if files::is_there(&dir.path.join(main)) {
            return guarded(|| dir.shown(main), || Attempt(half()));
        }
        let orphan = walked.files.iter().find(|entry| entry.relative.ends_with(supplement));
        let findings = orphan.map(|entry| missing_main(dir.shown(main), &dir.shown(&entry.relative)));
        Attempt(Ok(Vec::from_iter(findings).into()))
    };
    let (Attempt(prow), Attempt(plugins)) = rayon::join(
        || half(PROW_MAIN, PROW_SUPPLEMENT, &|| prow_half(&dir, Some((&dir, &walked)), wish)),
        || half(PLUGIN_MAIN, PLUGIN_SUPPLEMENT, &|| plugin_half(&dir, &walked, Some(&dir.path), wish)),
    );
    let mut part = Part::default();
    part.findings.extend(walked.problems.iter().map(|problem| problem.finding(PROW_CONFIG)));
    part.findings.extend(walked.links.iter().map(|link| linked_directory(dir.shown(link))));
    for half in [prow?, plugins?] {
        part.findings.extend(half.findings);
        part.counts.unchanged += half.unchanged;
        part.plans.extend(half.plans);
    }
    if !walked.links.is_empty() {
        // What is in there would be written over unread.
        part.plans.clear();
    }
    Ok(Some((part, lock)))
}

/// What begins with two dots is how Kubernetes mounts ConfigMaps.
fn wanted(name: &str, kind: Kind) -> bool {
    let ours = [PROW_SUPPLEMENT, PLUGIN_SUPPLEMENT].iter().any(|suffix| name.ends_with(suffix));
    !name.starts_with("..") && (kind == Kind::Directory || ours)
}

/// A directory of configuration.
struct Directory {
    path: PathBuf,
    shown: String,
    tree: Tree,
}

impl Directory {
    fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.to_string_lossy().into_owned();
        Ok(Self { path: path.to_owned(), shown, tree: Tree::open(path)? })
    }

    /// Whether a path leads here.
    fn is(&self, path: &Path) -> bool {
        self.path == path || files::resolved(&self.path) == files::resolved(path)
    }

    /// Supplemental files of both kinds, in the order of a walk.
    fn walk(&self) -> Result<Walked, Error> {
        Ok(files::walk(&self.tree, "", &wanted)?)
    }

    fn shown(&self, relative: &str) -> String {
        path::join(&self.shown, relative)
    }
}
