//! `determinize-prow-config`: Prow's configuration and that of its plugins.
//!
//! The two halves have nothing to do with each other and are planned side by side. As with the reference Prow's own is
//! written first, whatever then is wrong with that of the plugins; when Prow's is wrong nothing is written. Within a half
//! everything is planned before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::options::{ChangeKind, Error, Outcome, ProwConfigOptions, Stage, Watch};
use super::plan::{self, Planned};
use super::{guarded, on_threads};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Lock, Tree, Unpacked, Walked, path};
use crate::shard::prow::Surroundings;
use crate::shard::{Part, Shard, Shards, Source, plugins, prow};
use crate::yaml::codec::{Encode, write};
use crate::yaml::locate::{UNWRITABLE_TEXT, YAML_SYNTAX};

const PROW_MAIN: &str = "_config.yaml";
const PROW_SUPPLEMENT: &str = "_prowconfig.yaml";
const PLUGIN_MAIN: &str = "_plugins.yaml";
const PLUGIN_SUPPLEMENT: &str = "_pluginconfig.yaml";
const VERSION: &str = "VERSION";

/// Runs the program.
pub fn prow_config(options: &ProwConfigOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
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
    let (prow, plugins) = rayon::join(
        || guarded(|| dir.shown(PROW_MAIN), || Attempt(prow_half(options, &dir, place))),
        || guarded(|| dir.shown(PLUGIN_MAIN), || Attempt(plugin_half(options, &dir, &walked))),
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

/// A file that was read.
struct Text {
    shown: String,
    relative: String,
    path: PathBuf,
    unpacked: Unpacked,
}

impl Text {
    fn source(&self) -> Source<'_> {
        Source { file: &self.shown, text: &self.unpacked.text }
    }

    /// A file that is named by the program.
    fn main(dir: &Directory, name: &str) -> Result<Self, Error> {
        let path = dir.path.join(name);
        let unpacked = Unpacked::read_given(&path)?;
        Ok(Self { shown: dir.shown(name), relative: name.to_owned(), path, unpacked })
    }

    fn supplement(dir: &Directory, entry: &Entry) -> Result<Self, Diagnostic> {
        let shown = dir.shown(&entry.relative);
        match Unpacked::read(&dir.tree, entry) {
            Ok(unpacked) => Ok(Self { shown, relative: entry.relative.clone(), path: entry.path.clone(), unpacked }),
            Err(error) => Err(error.finding(shown)),
        }
    }
}

/// What came of one half.
#[derive(Default)]
struct Half {
    plans: Vec<(Tree, Vec<Planned>)>,
    unchanged: usize,
    findings: Vec<Diagnostic>,
}

/// A half, or why there is none.
struct Attempt(Result<Half, Error>);

impl From<Vec<Diagnostic>> for Attempt {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self(Ok(findings.into()))
    }
}

impl From<Vec<Diagnostic>> for Half {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

/// The supplemental files of one kind, and findings about those that cannot be read.
fn supplements(dir: &Directory, walked: &Walked, suffix: &str) -> (Vec<Text>, Vec<Diagnostic>) {
    let entries: Vec<&Entry> = walked.files.iter().filter(|entry| entry.relative.ends_with(suffix)).collect();
    let read: Vec<_> = entries.par_iter().map(|entry| Text::supplement(dir, entry)).collect();
    let (mut texts, mut findings) = (Vec::with_capacity(read.len()), Vec::new());
    for result in read {
        match result {
            Ok(text) => texts.push(text),
            Err(finding) => findings.push(finding),
        }
    }
    (texts, findings)
}

/// Takes every file apart, in parallel; all findings when there are any.
fn parts<'a, T: Send>(
    texts: &'a [Text],
    read: impl Fn(Source<'a>) -> Result<Part<'a, T>, Vec<Diagnostic>> + Sync,
) -> Result<Vec<Part<'a, T>>, Vec<Diagnostic>> {
    let read: Vec<_> = texts.par_iter().map(|text| read(text.source())).collect();
    let (mut parts, mut findings) = (Vec::with_capacity(read.len()), Vec::new());
    for result in read {
        match result {
            Ok(part) => parts.push(part),
            Err(found) => findings.extend(found),
        }
    }
    if findings.is_empty() { Ok(parts) } else { Err(findings) }
}

fn prow_half(
    options: &ProwConfigOptions,
    dir: &Directory,
    shards: Option<(&Directory, &Walked)>,
) -> Result<Half, Error> {
    let main = Text::main(dir, PROW_MAIN)?;
    let version_file = options.config_dir.join(VERSION);
    let version = match files::resolved(&version_file) {
        Some(_) => Some(files::read_given(&version_file)?),
        None => None,
    };
    let (texts, mut findings) =
        shards.map(|(dir, walked)| supplements(dir, walked, PROW_SUPPLEMENT)).unwrap_or_default();
    let (read, supplements) = rayon::join(|| prow::read_main(main.source()), || parts(&texts, prow::read_supplement));
    let (read, supplements) = match (read, supplements) {
        (Ok(read), Ok(supplements)) if findings.is_empty() => (read, supplements),
        (read, supplements) => {
            findings.extend(read.err().into_iter().chain(supplements.err()).flatten());
            return Ok(findings.into());
        }
    };
    let surroundings = Surroundings { version: version.as_deref(), now: options.now };
    let mut config = match prow::combine(read, supplements, surroundings) {
        Ok(config) => config,
        Err(findings) => return Ok(findings.into()),
    };
    let mut half = Half::default();
    if let Some((dir, _)) = shards {
        match prow::split(main.source(), &mut config.prow) {
            Ok(Shards { shards, warnings }) => {
                half.findings.extend(warnings);
                half.plan_shards(&dir.path, &dir.shown, &texts, &shards)?;
            }
            Err(findings) => return Ok(findings.into()),
        }
    }
    half.plan_main(dir, main, &config);
    Ok(half)
}

fn plugin_half(options: &ProwConfigOptions, dir: &Directory, walked: &Walked) -> Result<Half, Error> {
    let main = Text::main(dir, PLUGIN_MAIN)?;
    let (texts, mut findings) = supplements(dir, walked, PLUGIN_SUPPLEMENT);
    // Nothing is unpacked here.
    let packed = texts.iter().chain([&main]).filter(|text| text.unpacked.was_packed);
    findings.extend(packed.map(|text| {
        let message = "control characters are not allowed";
        Diagnostic::of_rule(&YAML_SYNTAX, &*text.shown, message).fix("unpack it: plugin configuration cannot be gzip")
    }));
    let (read, supplements) =
        rayon::join(|| plugins::read_main(main.source()), || parts(&texts, plugins::read_supplement));
    let (read, supplements) = match (read, supplements) {
        (Ok(read), Ok(supplements)) if findings.is_empty() => (read, supplements),
        (read, supplements) => {
            findings.extend(read.err().into_iter().chain(supplements.err()).flatten());
            return Ok(findings.into());
        }
    };
    let mut config = match plugins::combine(read, supplements) {
        Ok(config) => config,
        Err(findings) => return Ok(findings.into()),
    };
    let mut half = Half::default();
    if let Some(target) = &options.plugin_shards {
        match plugins::split(main.source(), &mut config) {
            Ok(Shards { shards, warnings }) => {
                half.findings.extend(warnings);
                // What was read is only of use where it is written again.
                let known = if dir.is(target) { &*texts } else { &[] };
                if !shards.is_empty() {
                    files::make_directory(target)?;
                    half.plan_shards(target, &target.to_string_lossy(), known, &shards)?;
                }
            }
            Err(findings) => return Ok(findings.into()),
        }
    }
    half.plan_main(dir, main, &config);
    Ok(half)
}

/// The canonical text of what is to be written, or why there is none.
fn canonical(value: &impl Encode, shown: &str) -> Result<String, Diagnostic> {
    write(value, 1024).map_err(|error| Diagnostic::of_rule(&UNWRITABLE_TEXT, shown, error.to_string()))
}

impl Half {
    /// Plans files of organisations and repositories; `known` are files that are there.
    fn plan_shards<T: Encode + Sync>(
        &mut self,
        dir: &Path,
        shown: &str,
        known: &[Text],
        shards: &[Shard<T>],
    ) -> Result<(), Error> {
        let tree = Tree::open(dir)?;
        let known: BTreeMap<&str, &Unpacked> =
            known.iter().map(|text| (text.relative.as_str(), &text.unpacked)).collect();
        let plan = |shard: &Shard<T>| -> Result<Option<Planned>, Result<Diagnostic, Error>> {
            let shown = path::join(shown, &shard.path);
            let text = canonical(&shard.value, &shown).map_err(Ok)?;
            let path = tree.join(&shard.path).map_err(|error| Err(error.into()))?;
            let old = match known.get(shard.path.as_str()) {
                Some(old) => Some((*old).clone()),
                None if files::is_there(&path) => Some(Unpacked::read_given(&path).map_err(|error| Err(error.into()))?),
                None => None,
            };
            Ok(planned(path, shown, text, old.as_ref()))
        };
        let planned: Vec<_> = shards.par_iter().map(plan).collect();
        let mut plans = Vec::new();
        for result in planned {
            match result {
                Ok(Some(planned)) => plans.push(planned),
                Ok(None) => self.unchanged += 1,
                Err(Ok(finding)) => self.findings.push(finding),
                Err(Err(error)) => return Err(error),
            }
        }
        self.plans.push((tree, plans));
        Ok(())
    }

    fn plan_main(&mut self, dir: &Directory, main: Text, config: &impl Encode) {
        match canonical(config, &main.shown) {
            Ok(text) => {
                let planned = planned(main.path, main.shown, text, Some(&main.unpacked));
                self.unchanged += usize::from(planned.is_none());
                self.plans.push((dir.tree.clone(), Vec::from_iter(planned)));
            }
            Err(finding) => self.findings.push(finding),
        }
    }
}

/// The change of one file, where there is one.
fn planned(path: PathBuf, shown: String, text: String, old: Option<&Unpacked>) -> Option<Planned> {
    let kind = match old {
        Some(old) if old.text == text && !old.was_packed => return None,
        Some(_) => ChangeKind::Rewritten,
        None => ChangeKind::Created,
    };
    Some(Planned { path, shown, kind, bytes: text.into_bytes(), old: None })
}
