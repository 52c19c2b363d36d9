//! Generation and merging on small repositories: `testdata/generate/CASE/config` and `…/jobs` against `…/expected`.
//!
//! A case is found by walking. Its configs are generated from without a step registry, its job files are merged with,
//! and what comes of both has to be `expected` to the byte, no file more and none less.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cutwater::generate::merge::{ExistingFile, ExistingJob, Facts, Recover, merge};
use cutwater::generate::{GeneratedJobs, generate_jobs, literal_profile};
use cutwater::model::config::{Metadata, ReleaseBuildConfiguration};
use cutwater::model::identity::{JobFile, config_identity};
use cutwater::model::job::{JobConfig, Periodic, Postsubmit, Presubmit};
use cutwater::yaml::codec::{Decode, Strictness, read, write};
use cutwater::yaml::parse::parse;

type Files = BTreeMap<String, String>;

fn files_below(root: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn decode<T: Decode>(path: &str, text: &str) -> T {
    let tree = parse(text).unwrap_or_else(|error| panic!("{path}: {error:?}"));
    read(&tree, Strictness::Lenient).unwrap_or_else(|problems| panic!("{path}: {problems:?}"))
}

/// The decoded jobs of existing files, and which of them a merge stands for by number.
#[derive(Default)]
struct Jobs {
    presubmits: Vec<Presubmit>,
    postsubmits: Vec<Postsubmit>,
    periodics: Vec<Periodic>,
}

impl Jobs {
    fn outline(&mut self, path: &str, config: JobConfig) -> ExistingFile<'static, usize> {
        fn put<T>(store: &mut Vec<T>, job: T, facts: impl Fn(&T) -> Facts<'_>) -> ExistingJob<'static, usize> {
            let Facts { name, origin, cluster, max_concurrency, skip_report, reporter } = facts(&job);
            let [name, cluster] = [name, cluster].map(|text| text.into_owned().into());
            let facts = Facts { name, origin, cluster, max_concurrency, skip_report, reporter };
            store.push(job);
            ExistingJob { facts, job: store.len() - 1 }
        }
        let mut presubmit =
            |job| put(&mut self.presubmits, job, |job| Facts::of(&job.job_base, job.reporter.skip_report));
        let presubmits = config.presubmits.into_iter();
        let presubmits =
            presubmits.map(|(repo, jobs)| (repo, jobs.into_iter().map(&mut presubmit).collect())).collect();
        let mut postsubmit =
            |job| put(&mut self.postsubmits, job, |job| Facts::of(&job.job_base, job.reporter.skip_report));
        let postsubmits = config.postsubmits.into_iter();
        let postsubmits =
            postsubmits.map(|(repo, jobs)| (repo, jobs.into_iter().map(&mut postsubmit).collect())).collect();
        let periodic = |job| put(&mut self.periodics, job, |job| Facts::of(&job.job_base, false));
        ExistingFile {
            path: path.to_owned(),
            presubmits,
            postsubmits,
            periodics: config.periodics.into_iter().map(periodic).collect(),
        }
    }
}

impl Recover<usize> for Jobs {
    type Error = std::convert::Infallible;

    fn presubmit(&mut self, job: usize) -> Result<Presubmit, Self::Error> {
        Ok(std::mem::take(&mut self.presubmits[job]))
    }

    fn postsubmit(&mut self, job: usize) -> Result<Postsubmit, Self::Error> {
        Ok(std::mem::take(&mut self.postsubmits[job]))
    }

    fn periodic(&mut self, job: usize) -> Result<Periodic, Self::Error> {
        Ok(std::mem::take(&mut self.periodics[job]))
    }
}

fn configs_of(files: &Files) -> Vec<(Metadata, ReleaseBuildConfiguration)> {
    files.iter().map(|(path, text)| (config_identity(path).unwrap(), decode(path, text))).collect()
}

/// The job files after generation; those whose names say nothing of a repository stay as they are.
fn generate(config: &Files, mut jobs: Files) -> Files {
    let mut repositories: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let configs = configs_of(config);
    for (identity, _) in &configs {
        repositories.entry((identity.org.clone(), identity.repo.clone())).or_default();
    }
    for path in jobs.keys() {
        if let Ok(file) = JobFile::from_path(path) {
            repositories.entry((file.org, file.repo)).or_default().push(path.clone());
        }
    }
    for ((org, repo), paths) in repositories {
        let of_repository = configs.iter().filter(|(identity, _)| identity.org == org && identity.repo == repo);
        let generated: Vec<GeneratedJobs<'_>> = of_repository
            .map(|(identity, config)| generate_jobs(config, identity, &literal_profile).unwrap())
            .collect();
        let mut store = Jobs::default();
        let existing = paths.iter().map(|path| store.outline(path, decode(path, &jobs[path]))).collect();
        for change in merge(&org, &repo, generated, existing) {
            let path =
                if change.path.contains('/') { change.path.clone() } else { format!("{org}/{repo}/{}", change.path) };
            jobs.remove(&path);
            if !change.is_empty() {
                let Ok(whole) = change.into_job_config(&mut store);
                jobs.insert(path, write(&whole, 0).unwrap());
            }
        }
    }
    jobs
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/generate");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases");
    let mut failures = Vec::new();
    for case in &cases {
        let [config, jobs, want] = ["config", "jobs", "expected"].map(|part| files_below(&case.join(part)));
        assert!(!config.is_empty(), "{}: no config", case.display());
        let got = generate(&config, jobs);
        let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
        if names(&got) != names(&want) {
            failures.push(format!("{}: files {:?}, not {:?}", case.display(), names(&got), names(&want)));
            continue;
        }
        for (path, want) in &want {
            let got = &got[path];
            if got != want {
                let diff = similar::TextDiff::from_lines(want, got);
                failures.push(format!("{}/{path}\n{}", case.display(), diff.unified_diff().context_radius(3)));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {} cases\n{}", failures.len(), cases.len(), failures.join("\n"));
}
