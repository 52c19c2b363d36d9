//! Configs held against what is around them and against each other: the part of a run that checks.
//!
//! [`Around::load`] reads what is around them. [`CheckedConfig::of`] takes one loaded config, on whichever thread;
//! [`conclude`] takes all of them, compares them with each other, and puts every finding into its file. A run that does
//! more with configs than check them gives the same loaded configs to both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::config_file::{ConfigFile, LoadedConfig};
use super::known::Steps;
use super::options::{Error, Extent};
use crate::catalogue;
use crate::check::{
    ClaimOwners, Clusters, Elsewhere, Finding, PromotedTag, Stage, Subject, Surroundings, as_the_reference,
    check_branches, check_promotions, load_claim_owners, promoted_tags,
};
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::files::{self, Tree, path};
use crate::model::config::{ClusterProfiles, Metadata};
use crate::registry::{Registry, load_profiles};
use crate::yaml::parse::parse;
use crate::yaml::{self, locate};

/// A file that is read once and kept for its findings.
#[derive(Debug, Default)]
struct Source {
    shown: String,
    text: String,
}

/// What is around configs, with the files it came from.
#[derive(Debug)]
pub struct Around {
    registry: Option<(Arc<Steps>, PathBuf)>,
    is_registry_whole: bool,
    clusters: Clusters,
    profiles: Source,
    claims: Source,
}

impl Around {
    /// Reads step registry, cluster profiles and owners of cluster claims; the findings are about these files. What a
    /// broken file would have said is not held against configs.
    pub fn load(
        registry: Option<(&Path, &LoadSteps<'_>)>,
        profiles: Option<&Path>,
        claims: Option<&Path>,
    ) -> Result<(Self, Vec<Diagnostic>), Error> {
        let registry = || registry.map(|(root, load)| Ok::<_, Error>((load(root)?, root.to_owned()))).transpose();
        let lists = || Ok::<_, Error>((load_list(profiles, load_profiles)?, load_list(claims, load_claim_owners)?));
        let (registry, lists) = rayon::join(registry, lists);
        let registry = registry?;
        let mut findings = registry.as_ref().map_or_else(Vec::new, |(steps, _)| steps.findings.clone());
        let is_registry_whole = !findings.iter().any(Diagnostic::is_error);
        let ((profiles, listed, wrong), (claims, owners, also_wrong)) = lists?;
        findings.extend(wrong);
        findings.extend(also_wrong);
        let listed: Option<ClusterProfiles> = listed;
        let owners: Option<ClaimOwners> = owners;
        let clusters = Clusters::new(listed, owners.unwrap_or_default());
        Ok((Self { registry, is_registry_whole, clusters, profiles, claims }, findings))
    }

    /// With a registry that has nothing in it where there is none, so that each use of a step is told of.
    #[must_use]
    pub fn or_empty_registry(mut self) -> Self {
        self.registry.get_or_insert_default();
        self
    }

    /// The step registry, where there is one.
    pub fn registry(&self) -> Option<&Registry> {
        self.registry.as_ref().map(|(steps, _)| &steps.registry)
    }

    /// Whether nothing is wrong with the step registry.
    pub fn is_registry_whole(&self) -> bool {
        self.is_registry_whole
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { registry: self.registry.as_ref().map(|(steps, _)| &steps.registry), clusters: &self.clusters }
    }

    /// The file that a place is in.
    fn source(&self, subject: &Subject) -> Option<Source> {
        let copy = |Source { shown, text }: &Source| Source { shown: shown.clone(), text: text.clone() };
        match subject {
            Subject::SameConfig | Subject::Config(_) => None,
            Subject::Profiles => Some(copy(&self.profiles)),
            Subject::ClaimOwners => Some(copy(&self.claims)),
            Subject::Registry(kind, name) => {
                let (steps, root) = self.registry.as_ref()?;
                let file = steps.registry.file_of(*kind, name)?;
                // It was read a moment ago; if it went since, only the further place is lost.
                let text = files::read_given(&root.join(file)).unwrap_or_default();
                Some(Source { shown: path::join(&root.to_string_lossy(), file), text })
            }
        }
    }
}

/// Reads the step registry in a directory.
pub type LoadSteps<'l> = dyn Fn(&Path) -> Result<Arc<Steps>, Error> + Sync + 'l;

/// A file that the user named, what it says, and what is wrong with it.
type List<T> = (Source, Option<T>, Vec<Diagnostic>);

fn load_list<T>(path: Option<&Path>, load: fn(&str, &str) -> Result<T, Vec<Diagnostic>>) -> Result<List<T>, Error> {
    let Some(path) = path else { return Ok((Source::default(), None, Vec::new())) };
    let shown = path.to_string_lossy().into_owned();
    let text = files::read_given_as_it_stands(path)?;
    let (list, findings) = match load(&text, &shown) {
        Ok(list) => (Some(list), Vec::new()),
        Err(findings) => (None, findings),
    };
    Ok((Source { shown, text }, list, findings))
}

/// What is left of a config when it has been checked by itself: its findings, and what it is compared by.
#[derive(Debug)]
pub struct CheckedConfig {
    file: ConfigFile,
    metadata: Metadata,
    tags: Vec<PromotedTag>,
    found: Vec<(Stage, Diagnostic)>,
}

impl CheckedConfig {
    /// Checks a config against what is around it.
    pub fn of(loaded: &LoadedConfig<'_>, around: &Around, extent: Extent) -> Self {
        let mut found = around.surroundings().check_config(&loaded.config);
        if extent == Extent::AsTheReference {
            as_the_reference(&mut found, |finding| finding.stage);
        }
        let source = || Source { shown: loaded.file.shown.clone(), text: loaded.text().to_owned() };
        let found =
            if found.is_empty() { Vec::new() } else { place(found, &source(), &|subject| around.source(subject)) };
        let metadata = loaded.config.zz_generated_metadata.clone();
        Self { file: loaded.file.clone(), metadata, tags: promoted_tags(&loaded.config), found }
    }

    /// A config that is compared with others, and not checked by itself.
    pub fn bystander(loaded: &LoadedConfig<'_>) -> Self {
        let metadata = loaded.config.zz_generated_metadata.clone();
        Self { file: loaded.file.clone(), metadata, tags: promoted_tags(&loaded.config), found: Vec::new() }
    }

    /// What it promotes.
    pub fn tags(&self) -> &[PromotedTag] {
        &self.tags
    }

    /// Its path below the tree.
    pub fn path(&self) -> &str {
        &self.file.entry.relative
    }

    /// The file, read once more: what configs have with each other is rare.
    fn source(&self, tree: &Tree) -> Source {
        let text = files::read_text(tree, &self.file.entry).unwrap_or_default();
        Source { shown: self.file.shown.clone(), text }
    }
}

/// Puts findings into a file, which is parsed once for all of them; `elsewhere` gives the others.
fn place(
    found: Vec<Finding>,
    source: &Source,
    elsewhere: &dyn Fn(&Subject) -> Option<Source>,
) -> Vec<(Stage, Diagnostic)> {
    let tree = parse(&source.text).unwrap_or_default();
    let one = |finding: Finding| {
        let Finding { stage, violation, reference, elsewhere: places } = finding;
        let rule = catalogue::find(violation.rule);
        let mut placed = Diagnostic { reference, ..locate::place(violation, &source.shown, &source.text, &tree) };
        if let Some(rule) = rule {
            placed.severity = rule.severity;
            placed = placed.explained(rule);
        }
        let places = places.into_iter().filter_map(|Elsewhere { subject, path, message }| match subject {
            Subject::SameConfig => Some(in_source(source, &tree, &path, message)),
            _ => {
                let other = elsewhere(&subject)?;
                let tree = parse(&other.text).unwrap_or_default();
                Some(in_source(&other, &tree, &path, message))
            }
        });
        (stage, places.fold(placed, Diagnostic::related))
    };
    found.into_iter().map(one).collect()
}

fn in_source(
    Source { shown, text }: &Source,
    tree: &yaml::tree::Tree<'_>,
    path: &KeyPath,
    message: String,
) -> Diagnostic {
    let place = Diagnostic::of_file(shown, "", message);
    if text.is_empty() { place } else { place.at(text, locate::locate(tree, path)) }
}

/// Compares checked configs of a tree with each other, and gives what was found in any of them.
pub fn conclude(mut all: Vec<CheckedConfig>, tree: &Tree, extent: Extent) -> Vec<Diagnostic> {
    let branches = check_branches(&all.iter().map(|config| &config.metadata).collect::<Vec<_>>());
    add(&mut all, branches, tree);
    if extent == Extent::AsTheReference {
        all.iter_mut().for_each(|config| as_the_reference(&mut config.found, |(stage, _)| *stage));
    }
    let promotions = promotions(&all, extent);
    add(&mut all, promotions, tree);
    all.into_iter().flat_map(|config| config.found).map(|(_, finding)| finding).collect()
}

/// Puts findings that are about several configs into the first of them.
fn add(all: &mut [CheckedConfig], mut found: Vec<(usize, Finding)>, tree: &Tree) {
    found.sort_by_key(|(number, _)| *number);
    let others = |subject: &Subject| match subject {
        Subject::Config(number) => all.get(*number).map(|config| config.source(tree)),
        _ => None,
    };
    let by_config: Vec<_> = found.chunk_by(|left, right| left.0 == right.0).collect();
    let placed = by_config.into_par_iter().filter_map(|chunk| {
        let number = chunk.first()?.0;
        let found = chunk.iter().map(|(_, finding)| finding.clone()).collect();
        Some((number, place(found, &all.get(number)?.source(tree), &others)))
    });
    for (number, placed) in placed.collect::<Vec<_>>() {
        if let Some(config) = all.get_mut(number) {
            config.found.extend(placed);
        }
    }
}

/// What configs promote together. The reference has noted the tags of those only that came through all stages before.
fn promotions(all: &[CheckedConfig], extent: Extent) -> Vec<(usize, Finding)> {
    let counts = |config: &CheckedConfig| {
        extent == Extent::Everything || config.found.iter().all(|(stage, _)| *stage >= Stage::RegistryOverride)
    };
    let promoters = all.iter().map(|config| (&config.metadata, if counts(config) { &*config.tags } else { &[] }));
    check_promotions(&promoters.collect::<Vec<_>>())
}
