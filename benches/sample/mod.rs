//! What the small benchmarks work on: the sample release repository, repeated in memory to a useful size.
//!
//! [`configs`] are the texts as they lie in `testdata/release-repo`, each as small as most configs are. [`job_file`] is
//! one large file of the jobs that these configs become, as large as the largest job files of a real repository.

#![allow(dead_code, reason = "each benchmark uses its share")]

use std::fs;

use cutwater::model::config::Metadata;
use cutwater::model::identity::config_identity;
use cutwater::model::job::JobConfig;
use cutwater::registry::Registry;
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::parse;

use crate::support::corpus::yaml_files;
use crate::support::prowgen::{self, Source};
use crate::support::testdata;

/// The size that job files are repeated to.
const USEFUL: usize = 1 << 20;

/// A config of the sample repository.
pub struct Config {
    pub identity: Metadata,
    pub text: String,
}

/// All configs of the sample repository.
pub fn configs() -> Vec<Config> {
    let files = yaml_files(&testdata("release-repo/ci-operator/config"));
    assert!(!files.is_empty(), "the sample repository has no configs");
    let config = |(path, file): (String, _)| Config {
        identity: config_identity(&path).unwrap(),
        text: fs::read_to_string(file).unwrap(),
    };
    files.into_iter().map(config).collect()
}

/// The step registry of the sample repository.
pub fn registry() -> Registry {
    prowgen::registry_below(&testdata("release-repo/ci-operator/step-registry"))
}

/// The jobs of all configs, over and over under other repositories.
pub fn job_file() -> JobConfig {
    let (configs, registry) = (configs(), registry());
    let sources: Vec<_> =
        configs.iter().map(|config| Source { identity: config.identity.clone(), text: &config.text }).collect();
    let files = prowgen::generate(&sources, &registry).unwrap();
    let rounds = USEFUL.div_ceil(files.values().map(String::len).sum());
    let mut all = JobConfig::default();
    for round in 0..rounds {
        for (number, text) in files.values().enumerate() {
            let jobs: JobConfig = read(&parse(text).unwrap(), Strictness::Lenient).unwrap();
            let renamed = |repository: String| format!("{repository}-{round}-{number}");
            all.presubmits.extend(jobs.presubmits.into_iter().map(|(repository, jobs)| (renamed(repository), jobs)));
            all.postsubmits.extend(jobs.postsubmits.into_iter().map(|(repository, jobs)| (renamed(repository), jobs)));
            all.periodics.extend(jobs.periodics);
        }
    }
    all
}

/// The canonical text of [`job_file`].
pub fn job_text(jobs: &JobConfig) -> String {
    write(jobs, 2 * USEFUL).unwrap()
}
