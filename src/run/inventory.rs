//! Which files there are, by repository.
//!
//! A repository's generated jobs without a config are stale and go, so a config that is there and was not seen costs
//! jobs. Whatever hides files is therefore noted with the directory it hides ([`Inventory::take`]), and every repository
//! that may have files there is marked: nothing of it is written. Which job files are left alone altogether (infra files)
//! is not decided here but by the program, in its [`Choice`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::config_file::ConfigFile;
use super::repository::Repository;
use crate::catalogue::tree::{LINKED_DIRECTORY, UNKNOWN_JOB_FILE};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{self, Entry, Error, Kind, Tree, Walked, path, walk};
use crate::model::identity::JobFile;

/// The files of a run.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Repositories to work on, by `ORG/REPO`.
    pub repositories: BTreeMap<String, Repository>,
    /// Configs that are checked though nothing is generated from them.
    pub bystanders: Vec<ConfigFile>,
    /// Job files that belong to no repository that is worked on, with their names.
    pub loose: Vec<Entry>,
    /// Temporary files that killed runs left among the job files.
    pub leftovers: Vec<PathBuf>,
    /// What is wrong with names and directories.
    pub findings: Vec<Diagnostic>,
    /// Directories, below either tree, of whose files not all are known.
    hidden: BTreeSet<String>,
}

/// Chooses among the files of a walk.
pub struct Choice<'o> {
    /// Whether a config, by its organisation, repository and path, is generated from.
    pub config: &'o dyn Fn(&str, &str, &str) -> bool,
    /// Whether a job file brings its repository into the run.
    pub job_file: &'o dyn Fn(&str, &str, &str) -> bool,
    /// Whether a job file is known to be none of ours, by its path.
    pub is_known: &'o dyn Fn(&str) -> bool,
    /// Whether files that name no repository deserve a warning.
    pub warn_unknown: bool,
    /// Whether a sub-directory need not be among the configs.
    pub configs_may_be_missing: bool,
    /// How bad it is that a directory is a link, and so not entered.
    pub linked_directory: Severity,
}

impl Inventory {
    /// Lists configs and job files below the given sub-directories.
    pub fn take(
        config_tree: &Tree,
        jobs_tree: &Tree,
        sub_dirs: &BTreeSet<String>,
        choice: &Choice<'_>,
        shown: (&str, &str),
    ) -> Result<Self, Error> {
        let mut inventory = Self::default();
        for sub_dir in sub_dirs {
            let no_configs = choice.configs_may_be_missing && !is_there(config_tree, sub_dir);
            let configs = || if no_configs { Ok(Walked::default()) } else { walk_configs(config_tree, sub_dir) };
            let (configs, jobs) = rayon::join(configs, || walk_jobs(jobs_tree, sub_dir));
            inventory.add_configs(configs?, choice, shown.0);
            inventory.add_jobs(jobs_tree, sub_dir, jobs?, choice, shown.1)?;
        }
        let Self { repositories, hidden, .. } = &mut inventory;
        for (key, repository) in repositories {
            // Above the repository, in it, or below: each may hide files of it.
            repository.is_partial =
                hidden.iter().any(|hidden| path::is_within(key, hidden) || path::is_within(hidden, key));
        }
        Ok(inventory)
    }

    fn repository(&mut self, org: &str, repo: &str) -> &mut Repository {
        self.repositories.entry(format!("{org}/{repo}")).or_insert_with(|| Repository {
            org: org.to_owned(),
            repo: repo.to_owned(),
            ..Repository::default()
        })
    }

    fn add_configs(&mut self, walked: Walked, choice: &Choice<'_>, shown: &str) {
        self.note_hidden(&walked, choice, shown);
        let mut owners = BTreeMap::new();
        for entry in walked.files {
            if entry.name() == "OWNERS" {
                owners.insert(path::directory(&entry.relative).to_owned(), entry);
                continue;
            }
            let name = path::join(shown, &entry.relative);
            let directory = path::directory(&entry.relative).to_owned();
            match ConfigFile::of(entry, name) {
                Ok(file) => {
                    let (org, repo) = (file.identity.org.clone(), file.identity.repo.clone());
                    if (choice.config)(&org, &repo, &file.entry.path.to_string_lossy()) {
                        self.repository(&org, &repo).configs.push(file);
                    } else {
                        self.bystanders.push(file);
                    }
                }
                Err(finding) => {
                    // Nobody knows whose config it was meant to be; most likely that of a neighbour.
                    self.hidden.insert(directory);
                    self.findings.push(finding);
                }
            }
        }
        for (key, entry) in owners {
            if let Some(repository) = self.repositories.get_mut(&key) {
                repository.config_owners = Some(entry);
            }
        }
    }

    fn add_jobs(
        &mut self,
        tree: &Tree,
        sub_dir: &str,
        walked: Walked,
        choice: &Choice<'_>,
        shown: &str,
    ) -> Result<(), Error> {
        self.note_hidden(&walked, choice, shown);
        self.leftovers.extend_from_slice(&walked.leftovers);
        for entry in &walked.files {
            if entry.name() == "OWNERS" {
                continue;
            }
            let spelled = entry.path.to_string_lossy();
            match JobFile::from_path(&spelled) {
                Ok(file) if (choice.job_file)(&file.org, &file.repo, &spelled) => {
                    self.repository(&file.org, &file.repo);
                }
                Ok(_) => {}
                Err(error) if choice.warn_unknown && !(choice.is_known)(&spelled) => {
                    let name = path::join(shown, &entry.relative);
                    self.findings.push(Diagnostic::of_rule(&UNKNOWN_JOB_FILE, name, error.to_string()));
                }
                Err(_) => {}
            }
        }
        let mut rest = self.hand_out(walked.files);
        let mut elsewhere = Vec::new();
        for (key, repository) in &mut self.repositories {
            if !path::is_within(key, sub_dir) && repository.job_files.is_empty() {
                let mut walked = walk_jobs(tree, key)?;
                repository.take(std::mem::take(&mut walked.files));
                elsewhere.push(walked);
            }
        }
        for walked in elsewhere {
            self.note_hidden(&walked, choice, shown);
            self.leftovers.extend(walked.leftovers);
        }
        self.loose.append(&mut rest);
        Ok(())
    }

    /// Gives each repository the files below its directory; returns the rest.
    fn hand_out(&mut self, files: Vec<Entry>) -> Vec<Entry> {
        let mut rest = Vec::new();
        for entry in files {
            let key = entry.relative.match_indices('/').nth(1).map(|(slash, _)| &entry.relative[..slash]);
            match key.and_then(|key| self.repositories.get_mut(key)) {
                Some(repository) => rest.extend(repository.take_one(entry)),
                None if entry.name() == "OWNERS" => {}
                None => rest.push(entry),
            }
        }
        rest
    }

    /// Reports what a walk could not see, and notes what that may hide.
    fn note_hidden(&mut self, walked: &Walked, choice: &Choice<'_>, shown: &str) {
        for problem in &walked.problems {
            self.findings.push(problem.finding(shown));
            self.hidden.insert(problem.hides.clone());
        }
        for link in &walked.links {
            let finding = linked_directory(path::join(shown, link));
            self.findings.push(Diagnostic { severity: choice.linked_directory, ..finding });
            if choice.linked_directory == Severity::Error {
                self.hidden.insert(link.clone());
            }
        }
    }
}

impl Repository {
    fn take(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            // What names no job file has been warned about, and is nobody's to merge.
            let _ = self.take_one(entry);
        }
    }

    /// Takes a file of its jobs directory; gives it back when merging has nothing to do with it.
    fn take_one(&mut self, entry: Entry) -> Option<Entry> {
        if entry.name() == "OWNERS" {
            if path::directory(&entry.relative) == format!("{}/{}", self.org, self.repo) {
                self.jobs_owners = Some(entry);
            }
            return None;
        }
        if JobFile::from_path(&entry.path.to_string_lossy()).is_ok() {
            self.job_files.push(entry);
            None
        } else {
            Some(entry)
        }
    }
}

/// A finding about a directory that is not entered.
pub fn linked_directory(shown: String) -> Diagnostic {
    Diagnostic::of_rule(&LINKED_DIRECTORY, shown, "this directory is a link, and is not entered")
        .because("files in it are not seen; jobs whose config is not seen are removed as stale, and what is there is written over")
}

/// Whether a tree has a sub-directory, or a file, of this name; one that leads out of it is for the walk to refuse.
fn is_there(tree: &Tree, sub_dir: &str) -> bool {
    tree.join(sub_dir).map_or(true, |path| files::is_there(&path))
}

/// Config files and OWNERS. Names that begin with two dots are how Kubernetes mounts volumes; they are seen elsewhere.
pub(super) fn walk_configs(tree: &Tree, sub_dir: &str) -> Result<Walked, Error> {
    walk(tree, sub_dir, &|name, kind| match kind {
        _ if name.starts_with("..") => false,
        Kind::Directory => true,
        Kind::File => name == "OWNERS" || matches!(path::extension(name), ".yaml" | ".yml"),
    })
}

/// As [`walk_configs`], of these directories where not all are wanted; nothing of those that are not there.
pub(super) fn walk_configs_of(tree: &Tree, directories: Option<&[String]>) -> Result<Walked, Error> {
    let Some(directories) = directories else { return walk_configs(tree, "") };
    let mut walked = Walked::default();
    for directory in directories.iter().filter(|directory| is_there(tree, directory)) {
        walked.append(walk_configs(tree, directory)?);
    }
    Ok(walked)
}

/// Job files and OWNERS; none where there is no such directory yet.
pub(super) fn walk_jobs(tree: &Tree, sub_dir: &str) -> Result<Walked, Error> {
    if !is_there(tree, sub_dir) {
        return Ok(Walked::default());
    }
    walk(tree, sub_dir, &|name, kind| kind == Kind::Directory || name == "OWNERS" || path::extension(name) == ".yaml")
}
