//! One ci-operator config from its file: read, decoded, checked.

use crate::canonical;
use crate::catalogue::tree::MISPLACED_CONFIG;
use crate::diagnostic::{Diagnostic, Violation};
use crate::files::{Entry, Tree, Unpacked};
use crate::model::config::{Metadata, ReleaseBuildConfiguration};
use crate::model::identity::config_identity;
use crate::validate::{load_config, load_config_noting};
use crate::yaml::locate;
use crate::yaml::parse::parse;

/// A config file that a walk found, and what its path says.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// The file.
    pub entry: Entry,
    /// The name that findings give it.
    pub shown: String,
    /// Organisation, repository, branch, variant.
    pub identity: Metadata,
}

impl ConfigFile {
    /// A file that a walk found; a finding where its path does not say whose it is.
    pub fn of(entry: Entry, shown: String) -> Result<Self, Diagnostic> {
        match config_identity(&entry.path.to_string_lossy()) {
            Ok(identity) => Ok(Self { entry, shown, identity }),
            Err(error) => Err(Diagnostic::of_rule(&MISPLACED_CONFIG, shown, error.to_string())),
        }
    }
}

/// A config that may be used, with the text to place later findings in.
#[derive(Debug)]
pub struct LoadedConfig<'w> {
    /// Where it came from.
    pub file: &'w ConfigFile,
    /// What it says.
    pub config: ReleaseBuildConfiguration,
    stored: Unpacked,
}

impl<'w> LoadedConfig<'w> {
    /// Reads and checks a config. Everything that is wrong with it is reported at once.
    pub fn load(tree: &Tree, file: &'w ConfigFile) -> Result<Self, Vec<Diagnostic>> {
        Self::of(file, Unpacked::read(tree, &file.entry).map_err(|error| vec![error.finding(&*file.shown)])?)
    }

    /// Checks a config that was read.
    pub fn of(file: &'w ConfigFile, stored: Unpacked) -> Result<Self, Vec<Diagnostic>> {
        let config = load_config(&stored.text, &file.shown, &file.identity.org, &file.identity.repo)?;
        Ok(Self { file, config, stored })
    }

    /// As [`load`](Self::load), with what canonical form would drop or change of it, which is told of a config that may
    /// not be used as well: a misspelt field is often why.
    pub fn load_noting(tree: &Tree, file: &'w ConfigFile) -> (Result<Self, Vec<Diagnostic>>, Vec<Diagnostic>) {
        let stored = match Unpacked::read(tree, &file.entry) {
            Ok(stored) => stored,
            Err(error) => return (Err(vec![error.finding(&*file.shown)]), Vec::new()),
        };
        let (text, shown, Metadata { org, repo, .. }) = (&stored.text, &file.shown, &file.identity);
        let parsed = match parse(text) {
            Ok(parsed) => parsed,
            Err(error) => return (Err(vec![locate::syntax_finding(error, shown, text)]), Vec::new()),
        };
        let (config, notes) = load_config_noting(&parsed, text, shown, org, repo);
        let notes = canonical::findings(shown, text, &parsed, &notes);
        (config.map(|config| Self { file, config, stored }), notes)
    }

    /// The text as it was read.
    pub fn text(&self) -> &str {
        &self.stored.text
    }

    /// The file, what it says, and its text as it was read.
    pub fn into_parts(self) -> (&'w ConfigFile, ReleaseBuildConfiguration, Unpacked) {
        (self.file, self.config, self.stored)
    }

    /// Puts violations into the file. The tree is made again for that: findings are rare.
    pub fn place(&self, violations: Vec<Violation>) -> Vec<Diagnostic> {
        let text = &self.stored.text;
        let tree = parse(text).unwrap_or_default();
        violations.into_iter().map(|violation| locate::place(violation, &self.file.shown, text, &tree)).collect()
    }
}
