//! What canonical form would drop or change of whole repositories: how often each rule speaks, by kind of file.
//!
//! The numbers are what was found, and each kind was looked at when it was written down. A number that moves is a false
//! warning more or less, or a true one: look before changing it. All findings: `CUTWATER_LIST=1 cargo test --test reference losses::`.

use std::collections::BTreeMap;
use std::fs;

use crate::support::corpus::{Corpus, yaml_files};
use cutwater::canonical::losses;
use cutwater::diagnostic::Diagnostic;
use cutwater::model::config::{
    ClusterProfiles, RegistryChainConfig, RegistryObserverConfig, RegistryReferenceConfig, RegistryWorkflowConfig,
    ReleaseBuildConfiguration,
};
use cutwater::model::job::JobConfig;
use cutwater::model::plugins::Configuration;
use cutwater::model::prow::{Config, ProwConfig};
use cutwater::yaml::codec::{Decode, Strictness, read};
use cutwater::yaml::parse::parse;
use rayon::prelude::*;

type Tell = fn(&str, &str) -> Vec<Diagnostic>;

/// Losses, and with them that the file was read at all.
fn tell<T: Decode>(file: &str, text: &str) -> Vec<Diagnostic> {
    let Ok(tree) = parse(text) else { return vec![Diagnostic::of_file(file, "unread", "it has no syntax")] };
    match read::<T>(&tree, Strictness::Lenient) {
        Ok(_) => losses::<T>(file, text, &tree),
        Err(problems) => vec![Diagnostic::of_file(file, "unread", format!("{:?}", problems.first()))],
    }
}

/// What a file is, by its path.
const KINDS: [(&str, &str, &str, Tell); 12] = [
    ("config", "ci-operator/config/", ".yaml", tell::<ReleaseBuildConfiguration>),
    ("jobs", "ci-operator/jobs/", ".yaml", tell::<JobConfig>),
    ("jobs", "config/jobs/", ".yaml", tell::<JobConfig>),
    ("profiles", "ci-operator/step-registry/cluster-profiles/", "-config.yaml", tell::<ClusterProfiles>),
    ("step", "ci-operator/step-registry/", "-ref.yaml", tell::<RegistryReferenceConfig>),
    ("chain", "ci-operator/step-registry/", "-chain.yaml", tell::<RegistryChainConfig>),
    ("workflow", "ci-operator/step-registry/", "-workflow.yaml", tell::<RegistryWorkflowConfig>),
    ("observer", "ci-operator/step-registry/", "-observer.yaml", tell::<RegistryObserverConfig>),
    ("prow", "core-services/prow/02_config/_config.yaml", "", tell::<Config>),
    ("prow part", "core-services/prow/02_config/", "_prowconfig.yaml", tell::<ProwConfig>),
    ("plugins", "core-services/prow/02_config/", "_plugins.yaml", tell::<Configuration>),
    ("plugins part", "core-services/prow/02_config/", "_pluginconfig.yaml", tell::<Configuration>),
];

/// The same for test-infra, where Prow's own lie elsewhere.
const ELSEWHERE: [(&str, &str, &str, Tell); 2] = [
    ("prow", "config/prow/config.yaml", "", tell::<Config>),
    ("plugins", "config/prow/plugins.yaml", "", tell::<Configuration>),
];

/// How often each rule speaks in the files of each kind, a kind and rule a line.
fn told(name: &str) -> String {
    let corpus = Corpus::unpack(name);
    let files: Vec<_> = yaml_files(&corpus.join("input")).into_iter().collect();
    let of_file = |(file, path): &(String, std::path::PathBuf)| {
        let is_it = |(_, start, end, _): &&(&str, &str, &str, Tell)| file.starts_with(start) && file.ends_with(end);
        let Some((kind, _, _, tell)) = KINDS.iter().chain(&ELSEWHERE).find(is_it) else { return Vec::new() };
        let text = fs::read_to_string(path).unwrap();
        tell(file, &text).into_iter().map(|finding| (*kind, finding)).collect()
    };
    let found: Vec<(&str, Diagnostic)> = files.par_iter().flat_map_iter(of_file).collect();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (kind, finding) in &found {
        *counts.entry((kind, finding.rule)).or_default() += 1;
        if std::env::var_os("CUTWATER_LIST").is_some() {
            let Diagnostic { rule, file, line, column, message, fix, .. } = finding;
            println!("{kind} {rule} {file}:{line}:{column}: {message}; {}", fix.as_deref().unwrap_or_default());
        }
    }
    counts.into_iter().map(|((kind, rule), count)| format!("{kind} {rule} {count}\n")).collect()
}

/// Both have the same registry, and all else in it is in canonical form or comes through tools. The three spans of time are
/// timeouts of `600`.
const RELEASE: &str = "chain lost-comment 6\nstep lost-comment 24\nstep nanoseconds 3\nworkflow lost-comment 27\n";

#[test]
fn release_of_2023() {
    assert_eq!(told("release-2023"), RELEASE);
}

#[test]
fn release_of_today() {
    assert_eq!(told("release-today"), RELEASE);
}

#[test]
fn test_infra_of_2026() {
    // The fields are those of a file of another program among the jobs.
    assert_eq!(
        told("test-infra-2026"),
        "jobs dropped-field 11\njobs lost-comment 452\nplugins lost-comment 1\nprow lost-comment 1\n"
    );
}
