//! What is around job files: Prow's configuration and that of its plugins, read and put together.

use rayon::prelude::*;

use super::ProwcheckOptions;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Kind, Listings, Tree, path};
use crate::model::job::JobConfig;
use crate::model::plugins::Configuration;
use crate::model::prow::Config;
use crate::prowcheck::{
    self, Collected, Scope, Settings, Sheet, conclude, plugin_scope, prow_scope, unknown_in_jobs, unknown_in_main,
    unknown_in_plugins,
};
use crate::run::options::Error;
use crate::shard::prow::Surroundings;
use crate::shard::{Part, Source, plugins, prow};

const PROW_SUPPLEMENT: &str = "_prowconfig.yaml";
const PLUGIN_SUPPLEMENT: &str = "_pluginconfig.yaml";

/// A file of configuration by the name that findings give it.
#[derive(Debug)]
struct Text {
    shown: String,
    text: String,
}

impl Text {
    fn source(&self) -> Source<'_> {
        Source { file: &self.shown, text: &self.text }
    }
}

/// One of the two configurations: its files, and what they come to.
#[derive(Debug)]
struct Half<T> {
    files: Vec<Text>,
    value: Option<T>,
    scopes: Vec<(String, Scope)>,
    findings: Vec<Diagnostic>,
}

impl<T> Default for Half<T> {
    fn default() -> Self {
        Self { files: Vec::new(), value: None, scopes: Vec::new(), findings: Vec::new() }
    }
}

/// What is around job files.
#[derive(Debug)]
pub struct Around {
    prow: Half<Config>,
    plugins: Half<Configuration>,
    /// Missing where Prow's configuration cannot be read at all: of its jobs nothing can be said then.
    settings: Option<Settings>,
    supplement_root: String,
}

impl Around {
    /// Loads the configuration. What is wrong with it is told in the end.
    pub fn load(options: &ProwcheckOptions, listings: &Listings) -> Result<Self, Error> {
        let supplements = Supplements::find(options, listings)?;
        let (prow, plugins) = rayon::join(
            || Half::<Config>::load(options, &supplements),
            || options.plugins.as_ref().map(|main| Half::<Configuration>::load(options, main, &supplements)),
        );
        let (prow, settings) = prow?;
        let plugins = plugins.transpose()?.unwrap_or_default();
        let supplement_root = options.supplements.clone().unwrap_or_default();
        Ok(Self { prow, plugins, settings, supplement_root })
    }

    /// Looks at the jobs of a file, which are what its text says. Nothing when Prow's configuration cannot be read.
    pub fn gather(&self, sheet: &Sheet<'_>, jobs: &JobConfig) -> Option<Collected> {
        let settings = self.settings.as_ref()?;
        let mut collected = prowcheck::gather(settings, sheet, jobs);
        collected.findings.extend(unknown_in_jobs(settings, sheet));
        Some(collected)
    }

    /// Takes presets that stand in job files into account. True when there are any: all files have to be looked at once
    /// more then. Release repositories have none.
    pub fn add_presets(&mut self, collected: &[Collected]) -> bool {
        let Some(settings) = &mut self.settings else { return false };
        let count = settings.frame.presets.len();
        settings.frame.presets.extend(collected.iter().flat_map(|file| &file.presets).cloned());
        settings.frame.presets.len() > count
    }

    /// Holds all job files, in their order, against each other and the configuration. `texts` gives a file's text by its
    /// name, and is asked only where something is found.
    pub fn conclude(&self, mut collected: Vec<Collected>, texts: &prowcheck::Texts<'_>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        found.extend(self.prow.findings.iter().chain(&self.plugins.findings).cloned());
        let Some(settings) = &self.settings else { return found };
        let main = self.prow.files.first();
        if let Some((main, config)) = main.zip(self.prow.value.as_ref()).filter(|(_, config)| has_jobs(&config.jobs)) {
            collected.insert(0, prowcheck::gather(settings, &Sheet::new(main.source()), &config.jobs));
        }
        found.extend(collected.iter_mut().flat_map(|file| std::mem::take(&mut file.findings)));
        found.extend(main.map(|main| unknown_in_main(settings, main.source())).unwrap_or_default());
        let plugins = self.plugins.files.first();
        found.extend(plugins.map(|main| unknown_in_plugins(settings, main.source())).unwrap_or_default());
        let prow_files: Vec<Source<'_>> = self.prow.files.iter().map(Text::source).collect();
        let plugin_files: Vec<Source<'_>> = self.plugins.files.iter().map(Text::source).collect();
        let supplements: Vec<_> = self.prow.scopes.iter().chain(&self.plugins.scopes).cloned().collect();
        let around = prowcheck::Around {
            prow: self.prow.value.as_ref(),
            prow_files: &prow_files,
            plugins: self.plugins.value.as_ref(),
            plugin_files: &plugin_files,
            supplements: &supplements,
            supplement_root: &self.supplement_root,
        };
        let text = |file: &str| match main.filter(|main| main.shown == file) {
            Some(main) => Some(main.text.clone()),
            None => texts(file),
        };
        found.extend(conclude(settings, &collected, &around, &text));
        found
    }
}

fn has_jobs(jobs: &JobConfig) -> bool {
    jobs.jobs() > 0 || !jobs.presets.is_empty()
}

/// The supplemental files of both kinds, and findings about those that cannot be read.
#[derive(Default)]
struct Supplements {
    texts: Vec<Result<Text, Diagnostic>>,
}

impl Supplements {
    fn find(options: &ProwcheckOptions, listings: &Listings) -> Result<Self, Error> {
        let Some(directory) = &options.supplements else { return Ok(Self::default()) };
        let tree = Tree::within(options.root.join(directory), &options.root)?.sharing(listings);
        let wanted = |name: &str, kind: Kind| {
            let ours = name.ends_with(PROW_SUPPLEMENT) || name.ends_with(PLUGIN_SUPPLEMENT);
            !name.starts_with("..") && (kind == Kind::Directory || ours)
        };
        let walked = files::walk(&tree, "", &wanted)?;
        let unseen = walked.problems.iter().map(|problem| Err(problem.finding(directory)));
        let read = |entry: &files::Entry| {
            let shown = path::join(directory, &entry.relative);
            match files::read_text(&tree, entry) {
                Ok(text) => Ok(Text { shown, text }),
                Err(error) => Err(error.finding(shown)),
            }
        };
        let mut texts: Vec<_> = walked.files.par_iter().map(read).collect();
        texts.extend(unseen);
        Ok(Self { texts })
    }

    fn of<'s>(&'s self, suffix: &'s str) -> impl Iterator<Item = &'s Text> {
        self.texts.iter().flatten().filter(move |text| text.shown.ends_with(suffix))
    }

    fn findings(&self) -> impl Iterator<Item = Diagnostic> {
        self.texts.iter().filter_map(|text| text.as_ref().err().cloned())
    }
}

fn text_of(options: &ProwcheckOptions, main: &str) -> Result<Text, Error> {
    let text = files::read_given(&options.root.join(main))?;
    Ok(Text { shown: main.to_owned(), text })
}

/// The parts of a configuration, whom each is for, and what is wrong with those that are none.
type Parts<'a, T> = (Vec<Part<'a, T>>, Vec<(String, Scope)>, Vec<Diagnostic>);

fn parts<'a, T: Send>(
    texts: &'a [Text],
    read: impl Fn(Source<'a>) -> Result<Part<'a, T>, Vec<Diagnostic>> + Sync,
    scope: impl Fn(&T) -> Scope + Sync,
) -> Parts<'a, T> {
    let read: Vec<_> = texts
        .par_iter()
        .map(|text| read(text.source()).map(|part| ((text.shown.clone(), scope(&part.value)), part)))
        .collect();
    let (mut parts, mut scopes, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for result in read {
        match result {
            Ok((scope, part)) => {
                scopes.push(scope);
                parts.push(part);
            }
            Err(found) => findings.extend(found),
        }
    }
    (parts, scopes, findings)
}

/// Texts of their own for a half, the main file first.
fn files_of(main: Text, supplements: &Supplements, suffix: &str) -> Vec<Text> {
    let own = |text: &Text| Text { shown: text.shown.clone(), text: text.text.clone() };
    std::iter::once(main).chain(supplements.of(suffix).map(own)).collect()
}

impl Half<Config> {
    fn load(options: &ProwcheckOptions, supplements: &Supplements) -> Result<(Self, Option<Settings>), Error> {
        let mut half = Self::default();
        half.findings.extend(supplements.findings());
        let Some(main) = &options.prow else { return Ok((half, None)) };
        let files = files_of(text_of(options, main)?, supplements, PROW_SUPPLEMENT);
        let Some((main, others)) = files.split_first() else { return Ok((half, None)) };
        let (parts, scopes, findings) = parts(others, prow::read_supplement, prow_scope);
        half.findings.extend(findings);
        half.scopes = scopes;
        let surroundings = Surroundings { version: None, now: options.now };
        let settings = match prow::read_main_leniently(main.source()) {
            Ok(part) => {
                let alone = part.value.clone();
                match prow::combine_components(part, parts, surroundings) {
                    Ok(config) => half.value = Some(config),
                    Err(findings) => half.findings.extend(findings),
                }
                // With half a configuration jobs are looked at all the same, and nothing is said of the rest.
                Some(Settings::new(half.value.as_ref().unwrap_or(&alone), Vec::new(), options.check.clone()))
            }
            Err(findings) => {
                half.findings.extend(findings);
                None
            }
        };
        half.files = files;
        Ok((half, settings))
    }
}

impl Half<Configuration> {
    fn load(options: &ProwcheckOptions, main: &str, supplements: &Supplements) -> Result<Self, Error> {
        let files = files_of(text_of(options, main)?, supplements, PLUGIN_SUPPLEMENT);
        let mut half = Self::default();
        let Some((main, others)) = files.split_first() else { return Ok(half) };
        let (parts, scopes, findings) = parts(others, plugins::read_supplement, plugin_scope);
        half.findings.extend(findings);
        half.scopes = scopes;
        match plugins::read_main(main.source()).and_then(|part| plugins::combine(part, parts)) {
            Ok(config) => half.value = Some(config),
            Err(findings) => half.findings.extend(findings),
        }
        half.files = files;
        Ok(half)
    }
}
