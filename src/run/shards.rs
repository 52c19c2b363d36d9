//! Whether every file goes into the right ConfigMap, for whoever has walked a release repository.
//!
//! [`Shards`] holds what an answer needs: where files go, by plugins.yaml, and which configs there are. The drop-in
//! program is in [`mod@super::shard_validator`]; what it does not see is in [`Shards::blind_spots`].

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::layout::{CONFIG, JOBS};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Entry, Kind, Tree, path};
use crate::model::config::Metadata;
use crate::model::identity::JobFile;
use crate::model::job::JobConfig;
use crate::updater::load::Weight;
use crate::updater::packer::{PACKED_AT_ONCE, Packer};
use crate::updater::placement::Taken;
use crate::updater::size;
use crate::updater::{Page, Placement, config_spec, entry, keys, membership, misread, overlap, shard_name, untaken};
use crate::yaml::locate::decoded;

/// What is known of a release repository.
pub struct Shards<'s> {
    /// Where files go.
    pub placement: &'s Placement,
    /// The file that says so.
    pub page: &'s Page<'s>,
    /// The ConfigMap of each config, by the config's file name.
    pub configs: &'s BTreeMap<String, String>,
}

impl Shards<'_> {
    /// Whether it is known where files go.
    pub fn are_placed(&self) -> bool {
        !self.placement.is_empty()
    }

    /// What is wrong with the entries of `config_updater` themselves.
    pub fn entries(&self) -> Vec<Diagnostic> {
        entry::check(self.placement, self.page)
    }

    /// What is wrong with where a config goes, which lies at a path below the release repository.
    pub fn config(&self, path: &str, identity: &Metadata) -> Vec<Diagnostic> {
        membership::check(self.placement, self.page, path, &shard_name::of_config(identity))
    }

    /// What is wrong with where a job file goes.
    pub fn job_file_path(&self, path: &str, identity: &JobFile) -> Vec<Diagnostic> {
        membership::check(self.placement, self.page, path, &shard_name::of_job_file(identity))
    }

    /// What is wrong with where a job file goes, and with the configs that its jobs name. One that cannot be read is
    /// passed over with a warning, as nobody knows whose it is. It is read only when there is something to find in it.
    pub fn job_file(&self, path: &str, identity: &JobFile, text: &str) -> Vec<Diagnostic> {
        let mut findings = self.job_file_path(path, identity);
        if findings.is_empty() && !config_spec::may_refer(text) {
            return findings;
        }
        match read_jobs(path, text) {
            Ok(jobs) => findings.extend(self.references(path, text, &jobs)),
            Err(unreadable) => findings = unreadable,
        }
        findings
    }

    /// What is wrong with the configs that jobs name.
    pub fn references(&self, path: &str, text: &str, jobs: &JobConfig) -> Vec<Diagnostic> {
        config_spec::check(path, text, &config_spec::references(jobs), self.configs)
    }

    /// What config-shard-validator does not see; `checked` are the configs and job files that it looks at.
    pub fn blind_spots(&self, release_repo: &Tree, checked: &BTreeSet<String>) -> Vec<Diagnostic> {
        let Self { placement, page, .. } = self;
        let mut findings = misread::check(placement, page);
        let mut found: Vec<Entry> = Vec::new();
        let wanted = |name: &str, kind| kind == Kind::File || name != ".git";
        for place in untaken::trees(placement) {
            let there = release_repo.join(&place).is_ok_and(|path| files::is_directory(&path));
            match files::walk(release_repo, &place, &wanted) {
                Ok(walked) => found.extend(walked.files),
                // An entry may be for another repository.
                Err(_) if !there => {}
                Err(error) => findings.push(error.finding(&*place)),
            }
        }
        let all: BTreeMap<&str, &Entry> = found.iter().map(|entry| (&*entry.relative, entry)).collect();
        let taken: Vec<Taken<'_>> = all.par_iter().map(|(path, _)| placement.taken(path)).collect();
        let rest = || taken.iter().filter(|file| !checked.contains(file.path));
        findings.extend(overlap::check(placement, page, rest()));
        findings.extend(untaken::check(placement, page, rest()));
        findings.extend(untaken::without_files(placement, page, &taken));
        let contents = placement.contents(&taken);
        findings.extend(keys::check(placement, page, &contents));
        let content = |path: &str| all.get(path).and_then(|entry| files::read_as_it_stands(release_repo, entry).ok());
        let sizes = |path: &str| all.get(path).map_or(0, |entry| files::size(entry));
        let weigh = |asked: &[(&str, bool)]| -> Vec<Weight> {
            let weight = |packer: &mut Packer, (path, is_packed): &(&str, bool)| match content(path) {
                Some(content) => Weight::of(&content, is_packed.then_some(packer)),
                // What cannot be read, or is too large for that, weighs what it weighs.
                None => Weight { value: sizes(path), request: sizes(path) },
            };
            asked.par_iter().with_min_len(PACKED_AT_ONCE).map_init(Packer::default, weight).collect()
        };
        let suspects = size::suspects(placement, &contents, &sizes);
        let large: Vec<_> =
            suspects.par_iter().filter_map(|suspect| size::check(suspect, placement, page, &weigh)).collect();
        findings.extend(large);
        findings
    }
}

/// The ConfigMap of each config by its file name.
pub fn config_maps<'i>(identities: impl IntoIterator<Item = &'i Metadata>) -> BTreeMap<String, String> {
    identities.into_iter().map(|identity| (identity.file_name(), shard_name::of_config(identity))).collect()
}

/// A config's path below the release repository.
pub fn config_path(relative: &str) -> String {
    path::join(CONFIG, relative)
}

/// A job file's path below the release repository.
pub fn job_path(relative: &str) -> String {
    path::join(JOBS, relative)
}

/// The jobs of a file; warnings where the reference cannot read it and goes on.
fn read_jobs(path: &str, text: &str) -> Result<JobConfig, Vec<Diagnostic>> {
    let warning = |finding: Diagnostic| {
        Diagnostic {
            rule: config_spec::UNREADABLE.id,
            severity: config_spec::UNREADABLE.severity,
            ..finding.explained(&config_spec::UNREADABLE)
        }
        .as_reference("Failed to read Prow job config")
    };
    let jobs: Option<JobConfig> =
        decoded(path, text).map_err(|found| found.into_iter().map(warning).collect::<Vec<_>>())?;
    jobs.ok_or_else(|| {
        vec![warning(Diagnostic::of_file(path, config_spec::UNREADABLE.id, "there is nothing in this job file"))]
    })
}
