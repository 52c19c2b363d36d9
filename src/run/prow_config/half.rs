//! One of the two halves of Prow's configuration: its files read, put together, split and planned.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Directory, Wish};
use crate::canonical::part_losses;
use crate::catalogue::tree::{MISSING_MAIN, UNSETTLED};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Tree, Unpacked, Walked};
use crate::run::options::{ChangeKind, Error};
use crate::run::plan::Planned;
use crate::shard::prow::Surroundings;
use crate::shard::{Part, Shard, Shards, Source, plugins, prow};
use crate::yaml::codec::{Encode, write};
use crate::yaml::locate::{UNWRITABLE_TEXT, YAML_SYNTAX};
use crate::yaml::parse::parse;

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
    sources: &[Source<'a>],
    read: impl Fn(Source<'a>) -> Result<Part<'a, T>, Vec<Diagnostic>> + Sync,
) -> Result<Vec<Part<'a, T>>, Vec<Diagnostic>> {
    let read: Vec<_> = sources.par_iter().map(|source| read(*source)).collect();
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

/// What files come to.
#[derive(Debug, Default)]
struct Made {
    /// The canonical text of the main file.
    main: String,
    /// Those of organisations and repositories, by path.
    shards: Vec<(String, String)>,
    /// All of it as one text, where that is wanted.
    whole: Option<String>,
    /// What is worth a warning.
    warnings: Vec<Diagnostic>,
}

/// Makes something of a main file and supplemental ones, or says what is wrong with them.
type Make<'m> = dyn Fn(Source<'_>, &[Source<'_>]) -> Result<Made, Vec<Diagnostic>> + 'm;

/// Where files of organisations and repositories go, and those that are there.
struct Target<'t> {
    dir: &'t Directory,
    known: &'t [Text],
}

/// Prow's own half. It is split where there is a directory for supplemental files, whose files then are read, too.
pub fn prow_half(dir: &Directory, shards: Option<(&Directory, &Walked)>, wish: Wish) -> Result<Half, Error> {
    let main = Text::main(dir, PROW_MAIN)?;
    let version_file = dir.path.join(VERSION);
    let version = match files::resolved(&version_file) {
        Some(_) => Some(files::read_given(&version_file)?),
        None => None,
    };
    let (texts, unread) = shards.map(|(dir, walked)| supplements(dir, walked, PROW_SUPPLEMENT)).unwrap_or_default();
    let surroundings = Surroundings { version: version.as_deref(), now: wish.now };
    let make = |main: Source<'_>, supplements: &[Source<'_>]| {
        let unread = unread.clone();
        let (read, parts) = together(|| prow::read_main(main), || parts(supplements, prow::read_supplement), unread)?;
        let mut config = prow::combine(read, parts, surroundings)?;
        let whole = whole(&config, main, wish)?;
        let Shards { shards, warnings } = match shards {
            Some(_) => prow::split(main, &mut config.prow)?,
            None => Shards { shards: Vec::new(), warnings: Vec::new() },
        };
        Ok(Made { main: canonical(&config, main.file)?, shards: shard_texts(&shards)?, whole, warnings })
    };
    let target = shards.map(|(dir, _)| Target { dir, known: &texts });
    half(dir, &main, &texts, target, &make, wish)
}

/// The plugins' half, split where there is a directory to split it to.
pub fn plugin_half(dir: &Directory, walked: &Walked, target: Option<&Path>, wish: Wish) -> Result<Half, Error> {
    let main = Text::main(dir, PLUGIN_MAIN)?;
    let (texts, mut unread) = supplements(dir, walked, PLUGIN_SUPPLEMENT);
    // Nothing is unpacked here.
    let packed = texts.iter().chain([&main]).filter(|text| text.unpacked.was_packed);
    unread.extend(packed.map(|text| {
        let message = "control characters are not allowed";
        Diagnostic::of_rule(&YAML_SYNTAX, &*text.shown, message).fix("unpack it: plugin configuration cannot be gzip")
    }));
    let make = |main: Source<'_>, supplements: &[Source<'_>]| {
        let unread = unread.clone();
        let (read, parts) =
            together(|| plugins::read_main(main), || parts(supplements, plugins::read_supplement), unread)?;
        let mut config = plugins::combine(read, parts)?;
        let whole = whole(&config, main, wish)?;
        let Shards { shards, warnings } = match target {
            Some(_) => plugins::split(main, &mut config)?,
            None => Shards { shards: Vec::new(), warnings: Vec::new() },
        };
        Ok(Made { main: canonical(&config, main.file)?, shards: shard_texts(&shards)?, whole, warnings })
    };
    match target {
        Some(target) if !dir.is(target) => {
            files::make_directory(target)?;
            // What was read is only of use where it is written again.
            let target = Directory::open(target)?;
            half(dir, &main, &texts, Some(Target { dir: &target, known: &[] }), &make, wish)
        }
        target => half(dir, &main, &texts, target.map(|_| Target { dir, known: &texts }), &make, wish),
    }
}

/// Makes what there is into what there is to be, and plans the difference.
fn half(
    dir: &Directory,
    main: &Text,
    texts: &[Text],
    target: Option<Target<'_>>,
    make: &Make<'_>,
    wish: Wish,
) -> Result<Half, Error> {
    let sources: Vec<Source<'_>> = texts.iter().map(Text::source).collect();
    let mut made = match make(main.source(), &sources) {
        Ok(made) => made,
        Err(findings) => return Ok(findings.into()),
    };
    let mut half = Half { findings: std::mem::take(&mut made.warnings), ..Half::default() };
    if let Some(Target { dir, known }) = target {
        half.plan_shards(dir, known, &made.shards, wish);
    }
    let planned = planned(main.path.clone(), main.shown.clone(), made.main.clone(), Some(&main.unpacked), wish);
    half.unchanged += usize::from(planned.is_none());
    half.plans.push((dir.tree.clone(), Vec::from_iter(planned)));
    if wish.is_careful && half.plans.iter().any(|(_, plan)| !plan.is_empty()) {
        half.foresee(dir, main, texts, &made, make);
        half.note_losses(texts.iter().chain([main]), made.whole.as_deref());
    }
    if half.findings.iter().any(Diagnostic::is_error) {
        // What moves from one file to another is in neither when only one of them is written.
        half.plans.clear();
    }
    Ok(half)
}

/// Everything as one text, for telling what is lost.
fn whole(config: &impl Encode, main: Source<'_>, wish: Wish) -> Result<Option<String>, Vec<Diagnostic>> {
    wish.is_careful.then(|| canonical(config, main.file)).transpose()
}

/// The canonical texts of what goes to organisations and repositories, by path.
fn shard_texts<T: Encode + Sync>(shards: &[Shard<T>]) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let text = |shard: &Shard<T>| Ok((shard.path.clone(), canonical(&shard.value, &shard.path)?));
    shards.par_iter().map(text).collect()
}

/// The canonical text of what is to be written, or why there is none.
fn canonical(value: &impl Encode, shown: &str) -> Result<String, Vec<Diagnostic>> {
    write(value, 1024).map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, shown, error.to_string())])
}

impl Half {
    /// Plans files of organisations and repositories; `known` are files that are there.
    fn plan_shards(&mut self, dir: &Directory, known: &[Text], shards: &[(String, String)], wish: Wish) {
        let known: BTreeMap<&str, &Unpacked> =
            known.iter().map(|text| (text.relative.as_str(), &text.unpacked)).collect();
        let plan = |(relative, text): &(String, String)| -> Result<Option<Planned>, Diagnostic> {
            let shown = dir.shown(relative);
            let path = dir.tree.join(relative).map_err(|error| error.finding(&*shown))?;
            let old = match known.get(relative.as_str()) {
                Some(old) => Some((*old).clone()),
                None if files::is_there(&path) => {
                    Some(Unpacked::read_given(&path).map_err(|error| error.finding(&*shown))?)
                }
                None => None,
            };
            Ok(planned(path, shown, text.clone(), old.as_ref(), wish))
        };
        let planned: Vec<_> = shards.par_iter().map(plan).collect();
        let mut plans = Vec::new();
        for result in planned {
            match result {
                Ok(Some(planned)) => plans.push(planned),
                Ok(None) => self.unchanged += 1,
                Err(finding) => self.findings.push(finding),
            }
        }
        self.plans.push((dir.tree.clone(), plans));
    }

    /// Makes once more what the next run would make. A configuration that then would be refused, or change again, is not
    /// what its author thinks it is.
    fn foresee(&mut self, dir: &Directory, main: &Text, texts: &[Text], made: &Made, make: &Make<'_>) {
        let mut files: BTreeMap<Vec<&str>, (String, &str)> = BTreeMap::new();
        for Text { relative, shown, unpacked, .. } in texts {
            files.insert(relative.split('/').collect(), (shown.clone(), &unpacked.text));
        }
        for (relative, text) in &made.shards {
            files.insert(relative.split('/').collect(), (dir.shown(relative), text));
        }
        let sources: Vec<Source<'_>> = files.values().map(|(file, text)| Source { file, text }).collect();
        match make(Source { file: &main.shown, text: &made.main }, &sources) {
            Err(findings) => self.findings.extend(findings.into_iter().map(|finding| {
                let message = format!("after this run, the next would refuse it: {}", finding.message);
                Diagnostic::of_rule(&UNSETTLED, finding.file, message)
            })),
            Ok(again) => self.findings.extend(unsettled(dir, main, texts, made, &again)),
        }
    }

    /// Warns about what files that change do not keep. They are held against the canonical text of the `whole`, since what
    /// one file says may go into another.
    fn note_losses<'t>(&mut self, texts: impl Iterator<Item = &'t Text>, whole: Option<&str>) {
        let Some(whole) = whole else { return };
        let changed: BTreeSet<&str> =
            self.plans.iter().flat_map(|(_, plan)| plan).map(|it| it.shown.as_str()).collect();
        let changed: Vec<&Text> = texts.filter(|text| changed.contains(text.shown.as_str())).collect();
        let Ok(whole) = parse(whole) else { return };
        let lost = |text: &&Text| match parse(&text.unpacked.text) {
            Ok(tree) => part_losses(&text.shown, &text.unpacked.text, &tree, &whole),
            Err(_) => Vec::new(),
        };
        let found: Vec<_> = changed.par_iter().flat_map_iter(lost).collect();
        self.findings.extend(found);
    }
}

/// Findings about files that would change again, with those that stay as they are though what they say is written elsewhere.
fn unsettled(dir: &Directory, main: &Text, texts: &[Text], made: &Made, again: &Made) -> Vec<Diagnostic> {
    let settled: BTreeMap<&str, &str> = made.shards.iter().map(|(path, text)| (&**path, &**text)).collect();
    let changed = again.shards.iter().filter(|(path, text)| settled.get(&**path) != Some(&&**text));
    let mut files: Vec<String> = changed.map(|(path, _)| dir.shown(path)).collect();
    if again.main != made.main {
        files.push(main.shown.clone());
    }
    let staying = texts.iter().filter(|text| !settled.contains_key(&*text.relative));
    let staying: Vec<Diagnostic> = staying
        .map(|text| {
            Diagnostic::of_file(&*text.shown, "", "this stays as it is, and is written where it belongs as well")
        })
        .collect();
    let finding = |file: String| {
        let finding =
            Diagnostic::of_rule(&UNSETTLED, file, "each run would write this file once more, with more in it");
        staying.iter().cloned().fold(finding, Diagnostic::related)
    };
    files.into_iter().map(finding).collect()
}

/// A finding about a main file that is not there, though `orphan` supplements it.
pub fn missing_main(shown: String, orphan: &str) -> Diagnostic {
    let finding = Diagnostic::of_rule(&MISSING_MAIN, shown, "this file is missing");
    finding.related(Diagnostic::of_file(orphan, "", "this supplements it"))
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
