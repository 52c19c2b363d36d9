//! Configs held against what is around them and against each other: the part of a run that checks.
//!
//! [`Around::load`] reads what is around them. [`CheckedConfig::of`] takes one loaded config, on whichever thread;
//! [`conclude`] takes all of them, compares them with each other, and puts every finding into its file. A run that does
//! more with configs than check them gives the same loaded configs to both.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::config_file::LoadedConfig;
use super::options::{Error, Extent};
use super::registry;
use crate::check::{
    self, ClaimOwners, Clusters, Elsewhere, Finding, Stage, Subject, Surroundings, as_the_reference, check_branches,
    check_promotions, load_claim_owners, promoted_tags,
};
use crate::diagnostic::{Diagnostic, KeyPath, Rule, Violation};
use crate::files::{self, Tree, path};
use crate::model::config::ClusterProfiles;
use crate::registry::{Registry, load_profiles};
use crate::validate;
use crate::yaml::locate;
use crate::yaml::parse::parse;

/// A file that is read once and kept for its findings.
#[derive(Debug, Default)]
struct Source {
    shown: String,
    text: String,
}

/// What is around configs, with the files it came from.
#[derive(Debug)]
pub struct Around {
    registry: Option<(Registry, PathBuf)>,
    clusters: Clusters,
    profiles: Source,
    claims: Source,
}

impl Around {
    /// Reads step registry, cluster profiles and owners of cluster claims; the findings are about these files. What a
    /// broken file would have said is not held against configs.
    pub fn load(registry: Option<&Path>, profiles: &Path, claims: &Path) -> Result<(Self, Vec<Diagnostic>), Error> {
        let registry = || registry.map(load_registry).transpose();
        let lists = || Ok::<_, Error>((load_list(profiles, load_profiles)?, load_list(claims, load_claim_owners)?));
        let (registry, lists) = rayon::join(registry, lists);
        let (registry, mut findings) = registry?.map_or((None, Vec::new()), |(loaded, found)| (Some(loaded), found));
        let ((profiles, listed, wrong), (claims, owners, also_wrong)) = lists?;
        findings.extend(wrong);
        findings.extend(also_wrong);
        let listed: Option<ClusterProfiles> = listed;
        let owners: Option<ClaimOwners> = owners;
        let clusters = Clusters::new(listed, owners.unwrap_or_default());
        Ok((Self { registry, clusters, profiles, claims }, findings))
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { registry: self.registry.as_ref().map(|(registry, _)| registry), clusters: &self.clusters }
    }

    /// The file that a place is in.
    fn source(&self, subject: &Subject) -> Option<Source> {
        let copy = |Source { shown, text }: &Source| Source { shown: shown.clone(), text: text.clone() };
        match subject {
            Subject::SameConfig | Subject::Config(_) => None,
            Subject::Profiles => Some(copy(&self.profiles)),
            Subject::ClaimOwners => Some(copy(&self.claims)),
            Subject::Registry(kind, name) => {
                let (registry, root) = self.registry.as_ref()?;
                let file = registry.file_of(*kind, name)?;
                // It was read a moment ago; if it went since, only the further place is lost.
                let text = files::read_given(&root.join(file)).unwrap_or_default();
                Some(Source { shown: path::join(&root.to_string_lossy(), file), text })
            }
        }
    }
}

fn load_registry(root: &Path) -> Result<((Registry, PathBuf), Vec<Diagnostic>), Error> {
    let (registry, findings) = registry::load(&Tree::open(root)?, &root.to_string_lossy())?;
    Ok(((registry, root.to_owned()), findings))
}

/// A file that the user named, what it says, and what is wrong with it.
type List<T> = (Source, Option<T>, Vec<Diagnostic>);

fn load_list<T>(path: &Path, load: fn(&str, &str) -> Result<T, Vec<Diagnostic>>) -> Result<List<T>, Error> {
    let shown = path.to_string_lossy().into_owned();
    let text = files::read_given_as_it_stands(path)?;
    let (list, findings) = match load(&text, &shown) {
        Ok(list) => (Some(list), Vec::new()),
        Err(findings) => (None, findings),
    };
    Ok((Source { shown, text }, list, findings))
}

/// A config that has been checked by itself.
#[derive(Debug)]
pub struct CheckedConfig<'w> {
    loaded: LoadedConfig<'w>,
    found: Vec<Finding>,
}

impl<'w> CheckedConfig<'w> {
    /// Checks a config against what is around it.
    pub fn of(loaded: LoadedConfig<'w>, around: &Around) -> Self {
        let found = around.surroundings().check_config(&loaded.config);
        Self { loaded, found }
    }

    /// Puts findings into the file, which is parsed once for all of them.
    fn place(&self, found: Vec<Finding>, all: &[Self], around: &Around) -> Vec<Diagnostic> {
        let mut violations = Vec::with_capacity(found.len());
        let mut rest = Vec::with_capacity(found.len());
        for Finding { violation, reference, elsewhere, .. } in found {
            rest.push((rule(violation.rule), reference, elsewhere));
            violations.push(violation);
        }
        let placed = self.loaded.place(violations).into_iter().zip(rest);
        let complete =
            |(mut finding, (rule, reference, elsewhere)): (Diagnostic, (Option<&Rule>, _, Vec<Elsewhere>))| {
                finding.reference = reference;
                if let Some(rule) = rule {
                    finding.severity = rule.severity;
                    finding = finding.explained(rule);
                }
                elsewhere.into_iter().fold(finding, |finding, place| match self.find(place, all, around) {
                    Some(place) => finding.related(place),
                    None => finding,
                })
            };
        placed.map(complete).collect()
    }

    fn find(&self, place: Elsewhere, all: &[Self], around: &Around) -> Option<Diagnostic> {
        let Elsewhere { subject, path, message } = place;
        let in_config = |config: &Self, path, message| {
            config.loaded.place(vec![Violation { rule: "", path, message }]).into_iter().next()
        };
        match subject {
            Subject::SameConfig => in_config(self, path, message),
            Subject::Config(number) => in_config(all.get(number)?, path, message),
            _ => around.source(&subject).map(|source| in_source(&source, &path, message)),
        }
    }
}

fn in_source(Source { shown, text }: &Source, path: &KeyPath, message: String) -> Diagnostic {
    let place = Diagnostic::of_file(shown, "", message);
    match parse(text) {
        Ok(tree) if !text.is_empty() => place.at(text, locate::locate(&tree, path)),
        _ => place,
    }
}

/// The rule of a violation, where it is declared as one.
fn rule(id: &str) -> Option<&'static Rule> {
    check::RULES.iter().chain(validate::RULES).find(|rule| rule.id == id)
}

/// Compares checked configs with each other, and puts all findings into their files.
pub fn conclude(mut all: Vec<CheckedConfig<'_>>, around: &Around, extent: Extent) -> Vec<Diagnostic> {
    let metadata: Vec<_> = all.iter().map(|config| &config.loaded.config.zz_generated_metadata).collect();
    let branches = check_branches(&metadata);
    add(&mut all, branches);
    if extent == Extent::AsTheReference {
        all.iter_mut().for_each(|config| as_the_reference(&mut config.found));
    }
    let promotions = promotions(&all, extent);
    add(&mut all, promotions);
    let found: Vec<_> = all.iter_mut().map(|config| std::mem::take(&mut config.found)).collect();
    let wrong = found.into_par_iter().enumerate().filter(|(_, found)| !found.is_empty());
    wrong
        .flat_map_iter(|(number, found)| all.get(number).map(|config| config.place(found, &all, around)))
        .flatten_iter()
        .collect()
}

fn add(all: &mut [CheckedConfig<'_>], found: Vec<(usize, Finding)>) {
    for (number, finding) in found {
        if let Some(config) = all.get_mut(number) {
            config.found.push(finding);
        }
    }
}

/// What configs promote together. The reference has noted the tags of those only that came through all stages before.
fn promotions(all: &[CheckedConfig<'_>], extent: Extent) -> Vec<(usize, Finding)> {
    let counts = |config: &CheckedConfig<'_>| {
        extent == Extent::Everything || config.found.iter().all(|finding| finding.stage >= Stage::RegistryOverride)
    };
    let tags = |config: &CheckedConfig<'_>| {
        if counts(config) { promoted_tags(&config.loaded.config) } else { Vec::new() }
    };
    let metadata = all.par_iter().map(|config| &config.loaded.config.zz_generated_metadata);
    check_promotions(&metadata.zip(all.par_iter().map(tags)).collect::<Vec<_>>())
}
