//! Configs with the registry, with who may use which cluster, and with each other, and what nobody means in them.
//!
//! [`Configs`] looks at each config while it is loaded for generating, so that it is read once, and then at all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::reach::Reach;
use super::{Share, placed};
use crate::check::PromotedTag;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Listings, Tree, Unpacked, path};
use crate::lint::{Linter, lint_registry};
use crate::registry::{Registry, Uses};
use crate::run::check::{Around, CheckedConfig, conclude};
use crate::run::config_file::{ConfigFile, LoadedConfig};
use crate::run::determinize::config_files;
use crate::run::guarded;
use crate::run::inventory::walk_configs;
use crate::run::layout::{CONFIG, REGISTRY};
use crate::run::options::{Error, Extent, ReviewOptions};
use crate::run::users::repositories_using;

/// Looks at configs, from any number of threads.
pub struct Configs<'c> {
    around: &'c Around,
    linter: Linter,
    looked: Mutex<Vec<Looked>>,
}

/// What came of one config.
#[derive(Default)]
struct Looked {
    config: Option<CheckedConfig>,
    uses: Uses,
    findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for Looked {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl<'c> Configs<'c> {
    /// Configs within what is around them.
    pub fn new(around: &'c Around) -> Self {
        Self { around, linter: Linter::new(around.registry()), looked: Mutex::default() }
    }

    /// Looks at a config; nothing is given of one that may not be used, but for what was noted while it was read.
    pub fn look(&self, file: &ConfigFile, loaded: Option<&LoadedConfig<'_>>, notes: Vec<Diagnostic>) {
        let mut looked = match loaded {
            Some(loaded) => guarded(|| file.shown.clone(), || self.at(loaded)),
            None => Looked::default(),
        };
        looked.findings.extend(notes);
        // What panics in between holds nothing half-done.
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).push(looked);
    }

    fn at(&self, loaded: &LoadedConfig<'_>) -> Looked {
        let mut uses = Uses::default();
        uses.add_config(&loaded.config);
        let found = self.linter.lint_config(&loaded.config, &loaded.file.identity);
        let findings = placed(found, &loaded.file.shown, loaded.text());
        Looked { config: Some(CheckedConfig::of(loaded, self.around, Extent::Everything)), uses, findings }
    }

    /// Holds all configs against each other, and the registry against them.
    pub fn conclude(self, options: &ReviewOptions, reach: &Reach, listings: &Listings) -> Result<Share, Error> {
        let root = &options.release_repo;
        let tree = Tree::within(root.join(CONFIG), root)?.sharing(listings);
        let mut share = Share::default();
        let looked = self.looked.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (mut checked, mut uses, mut is_whole) = (Vec::with_capacity(looked.len()), Uses::default(), true);
        for Looked { config, uses: more, findings } in looked {
            // What a config that does not load uses is not known.
            is_whole &= config.is_some();
            checked.extend(config);
            uses = uses.merged(more);
            share.findings.extend(findings);
        }
        if *reach != Reach::Everything {
            let promoters = promoters(&checked, &tree)?;
            checked.extend(promoters);
        }
        checked.sort_by(|left, right| left.path().split('/').cmp(right.path().split('/')));
        share.findings.extend(conclude(checked, &tree, Extent::Everything));
        if let Some(steps) = self.around.registry().filter(|_| *reach == Reach::Everything) {
            share.findings.extend(unused(steps, Some(&uses).filter(|_| is_whole), options));
            share.affected = affected(steps, &tree, options)?;
        }
        Ok(share)
    }
}

/// Other configs that may promote what these promote.
fn promoters(checked: &[CheckedConfig], tree: &Tree) -> Result<Vec<CheckedConfig>, Error> {
    if checked.iter().all(|config| config.tags().is_empty()) {
        return Ok(Vec::new());
    }
    let known: BTreeSet<&str> = checked.iter().map(CheckedConfig::path).collect();
    let words = Words::of(checked.iter().flat_map(CheckedConfig::tags));
    let may_promote = |text: &str| words.may_promote(text);
    let (files, _) = config_files(walk_configs(tree, "")?.files, CONFIG);
    let others = files.par_iter().filter(|file| !known.contains(&*file.entry.relative)).filter_map(|file| {
        let stored = Unpacked::read(tree, &file.entry).ok().filter(|stored| may_promote(&stored.text))?;
        let loaded = LoadedConfig::of(file, stored).ok()?;
        Some(CheckedConfig::bystander(&loaded))
    });
    Ok(others.collect())
}

/// What stands in a config that promotes one of some tags. To decode all configs for that takes much longer than to look
/// for the words.
struct Words<'t> {
    /// The words of each tag, by the first of them.
    by_first: BTreeMap<&'t str, BTreeSet<Vec<&'t str>>>,
    /// Namespaces of tags of which no more is known.
    namespaces: BTreeSet<&'t str>,
}

impl<'t> Words<'t> {
    fn of(tags: impl Iterator<Item = &'t PromotedTag>) -> Self {
        let mut words = Self { by_first: BTreeMap::new(), namespaces: BTreeSet::new() };
        for tag in tags {
            match tag.words().as_deref() {
                Some([first, rest @ ..]) => drop(words.by_first.entry(first).or_default().insert(rest.to_vec())),
                _ => words.namespaces.extend(tag.name.split('/').next()),
            }
        }
        words
    }

    fn may_promote(&self, text: &str) -> bool {
        let has = |word: &&str| text.contains(*word);
        ["promotion", "Promotion"].iter().any(has)
            && (self.namespaces.iter().any(has)
                || self.by_first.iter().any(|(first, rest)| has(first) && rest.iter().any(|rest| rest.iter().all(has))))
    }
}

/// What of the registry nothing uses, and what else nobody means in it.
fn unused(steps: &Registry, uses: Option<&Uses>, options: &ReviewOptions) -> Vec<Diagnostic> {
    let placed = lint_registry(steps, uses).into_par_iter().flat_map_iter(|found| {
        let shown = path::join(REGISTRY, &found.file);
        let text = files::read_given(&options.release_repo.join(&shown)).unwrap_or_default();
        placed(vec![found.violation], &shown, &text)
    });
    placed.collect()
}

/// The directories of repositories that what is reported reaches through the registry.
fn affected(steps: &Registry, tree: &Tree, options: &ReviewOptions) -> Result<BTreeSet<String>, Error> {
    let Some(reported) = &options.reported else { return Ok(BTreeSet::new()) };
    let changed = reported.iter().filter_map(|named| named.strip_prefix(REGISTRY));
    let changed: Vec<&str> = changed.map(|rest| rest.trim_start_matches('/')).collect();
    if changed.is_empty() {
        return Ok(BTreeSet::new());
    }
    let touched = steps.touched(changed);
    if touched.is_everything() {
        return Ok(BTreeSet::from([String::new()]));
    }
    let using = repositories_using(&touched, tree)?;
    Ok(using.into_iter().map(|named| path::join(&named.org, &named.repo)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::promoted_tags;
    use crate::yaml::locate::decoded;

    #[test]
    fn a_config_that_promotes_the_same_tag_has_its_words() {
        let config = |promotion: &str| {
            format!(
                "images:\n  items:\n  - to: shop\npromotion:\n  to:\n  - {promotion}\nbinary_build_commands: make\n\
                 zz_generated_metadata:\n  org: acme\n  repo: web-shop\n  branch: main\n"
            )
        };
        let stream = config("{namespace: ocp, name: '4.19'}");
        let tags = promoted_tags(&decoded("", &stream).unwrap());
        let words = Words::of(tags.iter());
        let of_tag = config("{namespace: ocp, tag: shop}").replace("to: shop", "to: '4.19'");
        let named = config("{namespace: ocp, name: '4.19', additional_images: {shop: src}}");
        for text in [&stream, &of_tag, &named] {
            assert!(words.may_promote(text), "{text}");
        }
        // The compiled source of the same branch is kept under the same tag, whatever is promoted.
        assert!(words.may_promote(&config("{namespace: other, name: x}").replace("to: shop", "to: desk")));
        let unbuilt = |text: &str| text.replace("binary_build_commands", "commands");
        for text in [
            config("{namespace: other, name: '4.19'}"),
            config("{namespace: ocp, name: '4.18'}"),
            stream.replace("to: shop", "to: desk").replace("web-shop", "web"),
            stream.replace("promotion", "release"),
        ] {
            assert!(!words.may_promote(&unbuilt(&text)), "{text}");
        }
    }
}
