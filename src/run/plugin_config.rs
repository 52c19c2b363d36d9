//! The configuration of Prow's plugins as Prow would use it: the main file with the supplemental ones, checked.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::layout::{PLUGINS, PROW_CONFIG};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Listings, Tree, Unpacked, path};
use crate::model::plugins::updater::ConfigUpdater;
use crate::shard::{Source, plugins};
use crate::yaml::locate::YAML_SYNTAX;

/// What supplemental files end with, unless somebody says otherwise.
pub const SUPPLEMENT: &str = "_pluginconfig.yaml";

/// The files of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginFiles {
    /// The main file.
    pub main: PathBuf,
    /// The main file as findings name it.
    pub shown: String,
    /// Directories of supplemental files, as findings name them, each with the directory that links must stay in.
    pub directories: Vec<(PathBuf, String, PathBuf)>,
    /// What names of supplemental files end with.
    pub suffix: String,
}

impl PluginFiles {
    /// Those of a release repository.
    pub fn of_release_repo(release_repo: &Path) -> Self {
        let directory = (release_repo.join(PROW_CONFIG), PROW_CONFIG.to_owned(), release_repo.to_owned());
        Self {
            main: release_repo.join(PLUGINS),
            shown: PLUGINS.to_owned(),
            directories: vec![directory],
            suffix: SUPPLEMENT.to_owned(),
        }
    }
}

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
        let mut files = PluginFiles::of_release_repo(release_repo);
        if listings.is_none() {
            files.directories.clear();
        }
        Self::sharing(&files, listings.unwrap_or(&Listings::default()))
    }

    /// Loads the configuration.
    pub fn of(files: &PluginFiles) -> Self {
        Self::sharing(files, &Listings::default())
    }

    fn sharing(files: &PluginFiles, listings: &Listings) -> Self {
        let mut loaded = Self::default();
        let shown = &*files.shown;
        let main = Unpacked::read_given(&files.main).map_err(|error| error.finding(shown));
        let main = main.and_then(|main| plain(main, shown)).map_err(|finding| loaded.findings.push(finding)).ok();
        let read = |(tree, entry, directory): &(Tree, Entry, &str)| {
            let shown = path::join(directory, &entry.relative);
            let unpacked = Unpacked::read(tree, entry).map_err(|error| error.finding(&*shown));
            unpacked.and_then(|unpacked| plain(unpacked, &shown)).map(|text| (shown, text))
        };
        let texts: Vec<_> = loaded.supplements(files, listings).par_iter().map(read).collect();
        let texts: Vec<(String, String)> =
            texts.into_iter().filter_map(|text| text.map_err(|finding| loaded.findings.push(finding)).ok()).collect();
        if let Some(main) = main {
            loaded.put_together(shown, &main, &texts);
            loaded.text = main;
        }
        loaded
    }

    /// The supplemental files, in the order of a walk.
    fn supplements<'f>(&mut self, files: &'f PluginFiles, listings: &Listings) -> Vec<(Tree, Entry, &'f str)> {
        // What begins with two dots is how Kubernetes mounts ConfigMaps.
        let wanted =
            |name: &str, kind| !name.starts_with("..") && (kind == Kind::Directory || name.ends_with(&files.suffix));
        let mut found = Vec::new();
        for (directory, shown, whole) in &files.directories {
            let walked = Tree::within(directory, whole)
                .map(|tree| tree.sharing(listings))
                .and_then(|tree| files::walk(&tree, "", &wanted).map(|walked| (tree, walked)));
            match walked {
                Ok((tree, walked)) => {
                    self.findings.extend(walked.problems.iter().map(|problem| problem.finding(shown)));
                    found.extend(walked.files.into_iter().map(|entry| (tree.clone(), entry, &**shown)));
                }
                Err(error) => self.findings.push(error.finding(&**shown)),
            }
        }
        found
    }

    fn put_together(&mut self, shown: &str, main: &str, texts: &[(String, String)]) {
        let main = Source { file: shown, text: main };
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
