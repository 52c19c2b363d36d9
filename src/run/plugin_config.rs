//! The configuration of Prow's plugins as Prow would use it: the main file with the supplemental ones, checked.

use std::path::Path;

use rayon::prelude::*;

use super::layout::{PLUGINS, PROW_CONFIG};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Listings, Tree, Unpacked, path};
use crate::model::plugins::updater::ConfigUpdater;
use crate::shard::{Source, plugins};
use crate::yaml::locate::YAML_SYNTAX;

/// What supplemental files end with.
const SUPPLEMENT: &str = "_pluginconfig.yaml";

/// What came of loading it.
#[derive(Debug, Default)]
pub struct PluginConfig {
    /// Which files become ConfigMaps; nothing when the main file cannot be read.
    pub updater: Option<ConfigUpdater>,
    /// The main file's text.
    pub text: String,
    /// What is wrong with the configuration, of whichever plugin.
    pub findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for PluginConfig {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl PluginConfig {
    /// Loads the configuration of a release repository: the main file alone, or the supplemental ones as well.
    pub fn load(release_repo: &Path, listings: Option<&Listings>) -> Self {
        let mut loaded = Self::default();
        let main = Unpacked::read_given(&release_repo.join(PLUGINS)).map_err(|error| error.finding(PLUGINS));
        let main = main.and_then(|main| plain(main, PLUGINS)).map_err(|finding| loaded.findings.push(finding)).ok();
        let read = |(tree, entry): &(Tree, Entry)| {
            let shown = path::join(PROW_CONFIG, &entry.relative);
            let unpacked = Unpacked::read(tree, entry).map_err(|error| error.finding(&*shown));
            unpacked.and_then(|unpacked| plain(unpacked, &shown)).map(|text| (shown, text))
        };
        let supplements = listings.map(|listings| loaded.supplements(release_repo, listings)).unwrap_or_default();
        let texts: Vec<_> = supplements.par_iter().map(read).collect();
        let texts: Vec<(String, String)> =
            texts.into_iter().filter_map(|text| text.map_err(|finding| loaded.findings.push(finding)).ok()).collect();
        if let Some(main) = main {
            loaded.put_together(&main, &texts);
            loaded.text = main;
        }
        loaded
    }

    /// The supplemental files, in the order of a walk.
    fn supplements(&mut self, release_repo: &Path, listings: &Listings) -> Vec<(Tree, Entry)> {
        // What begins with two dots is how Kubernetes mounts ConfigMaps.
        let wanted =
            |name: &str, kind| !name.starts_with("..") && (kind == Kind::Directory || name.ends_with(SUPPLEMENT));
        let walked = Tree::within(release_repo.join(PROW_CONFIG), release_repo)
            .map(|tree| tree.sharing(listings))
            .and_then(|tree| files::walk(&tree, "", &wanted).map(|walked| (tree, walked)));
        match walked {
            Ok((tree, walked)) => {
                self.findings.extend(walked.problems.iter().map(|problem| problem.finding(PROW_CONFIG)));
                walked.files.into_iter().map(|entry| (tree.clone(), entry)).collect()
            }
            Err(error) => {
                self.findings.push(error.finding(PROW_CONFIG));
                Vec::new()
            }
        }
    }

    fn put_together(&mut self, main: &str, texts: &[(String, String)]) {
        let main = Source { file: PLUGINS, text: main };
        let sources: Vec<Source<'_>> = texts.iter().map(|(file, text)| Source { file, text }).collect();
        let parts: Vec<_> = sources.par_iter().map(|source| plugins::read_supplement(*source)).collect();
        let parts: Vec<_> =
            parts.into_iter().filter_map(|part| part.map_err(|found| self.findings.extend(found)).ok()).collect();
        let combined = plugins::read_main(main).and_then(|read| plugins::combine(read, parts));
        self.updater = match combined {
            Ok(config) => {
                let all: Vec<Source<'_>> = std::iter::once(main).chain(sources).collect();
                self.findings.extend(plugins::unknown(&all, &config));
                Some(config.config_updater.0)
            }
            Err(found) => {
                self.findings.extend(found);
                // What else is wrong does not change where files go.
                plugins::config_updater(main)
            }
        };
    }
}

/// The text of a file, which may not be packed here.
fn plain(unpacked: Unpacked, shown: &str) -> Result<String, Diagnostic> {
    let message = "control characters are not allowed";
    let packed =
        || Diagnostic::of_rule(&YAML_SYNTAX, shown, message).fix("unpack it: plugin configuration cannot be gzip");
    if unpacked.was_packed { Err(packed()) } else { Ok(unpacked.text) }
}
