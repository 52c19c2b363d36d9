//! One of the two halves of Prow's configuration: its files read, put together, split and planned.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Directory, Wish};
use crate::canonical::lost;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, Unpacked, Walked};
use crate::model::plugins::Configuration;
use crate::model::prow::{Config, ProwConfig};
use crate::run::options::{ChangeKind, Error};
use crate::run::plan::Planned;
use crate::shard::prow::Surroundings;
use crate::shard::{Part, Shard, Shards, Source, plugins, prow};
use crate::yaml::codec::{Decode, Encode, write};

/// The file that may hold all of Prow's configuration.
pub const PROW_MAIN: &str = "_config.yaml";
/// What files that hold some of it end with.
pub const PROW_SUPPLEMENT: &str = "_prowconfig.yaml";
/// The file that may hold all of the plugins' configuration.
pub const PLUGIN_MAIN: &str = "_plugins.yaml";
/// What files that hold some of it end with.
pub const PLUGIN_SUPPLEMENT: &str = "_pluginconfig.yaml";
const VERSION: &str = "VERSION";

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
#[derive(Debug, Default)]
pub struct Half {
    /// What is to be changed, with the tree that it lies in.
    pub plans: Vec<(Tree, Vec<Planned>)>,
    /// Files that have the right bytes already.
    pub unchanged: usize,
    /// What is wrong with it, and what is worth a warning.
    pub findings: Vec<Diagnostic>,
}

/// A half, or why there is none.
pub struct Attempt(pub Result<Half, Error>);

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

/// The main file and the supplemental ones, all that is wrong with them if anything is. `findings` are known already.
fn together<M: Send, S: Send>(
    main: impl FnOnce() -> Result<M, Vec<Diagnostic>> + Send,
    supplements: impl FnOnce() -> Result<S, Vec<Diagnostic>> + Send,
    mut findings: Vec<Diagnostic>,
) -> Result<(M, S), Vec<Diagnostic>> {
    match rayon::join(main, supplements) {
        (Ok(main), Ok(supplements)) if findings.is_empty() => Ok((main, supplements)),
        (main, supplements) => {
            findings.extend(main.err().into_iter().chain(supplements.err()).flatten());
            Err(findings)
        }
    }
}

/// Prow's own half. It is split where there is a directory for supplemental files, whose files then are read, too.
pub fn prow_half(dir: &Directory, shards: Option<(&Directory, &Walked)>, wish: Wish) -> Result<Half, Error> {
    let main = Text::main(dir, PROW_MAIN)?;
    let version_file = dir.path.join(VERSION);
    let version = match files::resolved(&version_file) {
        Some(_) => Some(files::read_given(&version_file)?),
        None => None,
    };
    let (texts, findings) = shards.map(|(dir, walked)| supplements(dir, walked, PROW_SUPPLEMENT)).unwrap_or_default();
    let read = together(|| prow::read_main(main.source()), || parts(&texts, prow::read_supplement), findings);
    let surroundings = Surroundings { version: version.as_deref(), now: wish.now };
    let mut config = match read.and_then(|(read, supplements)| prow::combine(read, supplements, surroundings)) {
        Ok(config) => config,
        Err(findings) => return Ok(findings.into()),
    };
    let mut half = Half::default();
    if let Some((dir, _)) = shards {
        match prow::split(main.source(), &mut config.prow) {
            Ok(Shards { shards, warnings }) => {
                half.findings.extend(warnings);
                half.plan_shards(dir, &texts, &shards, wish)?;
            }
            Err(findings) => return Ok(findings.into()),
        }
    }
    half.plan_main(dir, &main, &config, wish);
    if wish.losses {
        half.note_losses::<Config, ProwConfig>(&main, &texts);
    }
    Ok(half)
}

/// The plugins' half, split where there is a directory to split it to.
pub fn plugin_half(dir: &Directory, walked: &Walked, target: Option<&Path>, wish: Wish) -> Result<Half, Error> {
    let main = Text::main(dir, PLUGIN_MAIN)?;
    let (texts, mut findings) = supplements(dir, walked, PLUGIN_SUPPLEMENT);
    // Nothing is unpacked here.
    let packed = texts.iter().chain([&main]).filter(|text| text.unpacked.was_packed);
    findings.extend(packed.map(|text| {
        let message = "control characters are not allowed";
        Diagnostic::of_file(&*text.shown, "yaml-syntax", message).fix("unpack it: plugin configuration cannot be gzip")
    }));
    let read = together(|| plugins::read_main(main.source()), || parts(&texts, plugins::read_supplement), findings);
    let mut config = match read.and_then(|(read, supplements)| plugins::combine(read, supplements)) {
        Ok(config) => config,
        Err(findings) => return Ok(findings.into()),
    };
    let mut half = Half::default();
    if let Some(target) = target {
        match plugins::split(main.source(), &mut config) {
            Ok(Shards { shards, warnings }) => {
                half.findings.extend(warnings);
                if dir.is(target) {
                    half.plan_shards(dir, &texts, &shards, wish)?;
                } else if !shards.is_empty() {
                    files::make_directory(target)?;
                    // What was read is only of use where it is written again.
                    half.plan_shards(&Directory::open(target)?, &[], &shards, wish)?;
                }
            }
            Err(findings) => return Ok(findings.into()),
        }
    }
    half.plan_main(dir, &main, &config, wish);
    if wish.losses {
        half.note_losses::<Configuration, Configuration>(&main, &texts);
    }
    Ok(half)
}

/// The canonical text of what is to be written, or why there is none.
fn canonical(value: &impl Encode, shown: &str) -> Result<String, Diagnostic> {
    write(value, 1024).map_err(|error| Diagnostic::of_file(shown, "unwritable-text", error.to_string()))
}

impl Half {
    /// Plans files of organisations and repositories; `known` are files that are there.
    fn plan_shards<T: Encode + Sync>(
        &mut self,
        dir: &Directory,
        known: &[Text],
        shards: &[Shard<T>],
        wish: Wish,
    ) -> Result<(), Error> {
        let known: BTreeMap<&str, &Unpacked> =
            known.iter().map(|text| (text.relative.as_str(), &text.unpacked)).collect();
        let plan = |shard: &Shard<T>| -> Result<Option<Planned>, Result<Diagnostic, Error>> {
            let shown = dir.shown(&shard.path);
            let text = canonical(&shard.value, &shown).map_err(Ok)?;
            let path = dir.tree.join(&shard.path).map_err(|error| Err(error.into()))?;
            let old = match known.get(shard.path.as_str()) {
                Some(old) => Some((*old).clone()),
                None if files::is_there(&path) => Some(Unpacked::read_given(&path).map_err(|error| Err(error.into()))?),
                None => None,
            };
            Ok(planned(path, shown, text, old.as_ref(), wish))
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
        self.plans.push((dir.tree.clone(), plans));
        Ok(())
    }

    fn plan_main(&mut self, dir: &Directory, main: &Text, config: &impl Encode, wish: Wish) {
        match canonical(config, &main.shown) {
            Ok(text) => {
                let planned = planned(main.path.clone(), main.shown.clone(), text, Some(&main.unpacked), wish);
                self.unchanged += usize::from(planned.is_none());
                self.plans.push((dir.tree.clone(), Vec::from_iter(planned)));
            }
            Err(finding) => self.findings.push(finding),
        }
    }

    /// Warns about what files that change do not keep: the main file, which is a `Main`, and others, which are each a `Rest`.
    fn note_losses<Main: Decode, Rest: Decode>(&mut self, main: &Text, texts: &[Text]) {
        let changed: BTreeSet<&str> =
            self.plans.iter().flat_map(|(_, plan)| plan).map(|it| it.shown.as_str()).collect();
        let is_changed = |text: &&Text| changed.contains(text.shown.as_str());
        let rest = texts.par_iter().filter(is_changed);
        let mut found: Vec<_> = rest.flat_map_iter(|text| lost::<Rest>(&text.shown, &text.unpacked.text)).collect();
        if is_changed(&main) {
            found.extend(lost::<Main>(&main.shown, &main.unpacked.text));
        }
        self.findings.extend(found);
    }
}

/// The change of one file, where there is one.
fn planned(path: PathBuf, shown: String, text: String, old: Option<&Unpacked>, wish: Wish) -> Option<Planned> {
    let kind = match old {
        Some(old) if old.text == text && !old.was_packed => return None,
        Some(_) => ChangeKind::Rewritten,
        None => ChangeKind::Created,
    };
    let old = wish.keep_old.then(|| old.map(|old| old.text.clone().into_bytes()).unwrap_or_default());
    Some(Planned { path, shown, kind, bytes: text.into_bytes(), old })
}
