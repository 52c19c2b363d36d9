//! Jobs that take a ci-operator config out of a ConfigMap, by the variable `CONFIG_SPEC` or another one.
//!
//! The ConfigMap's name and key are written into the job, and both follow from the config's file name: [`references`]
//! lists what a job file says, [`check`] holds it against the configs that there are. Only where the reference looks is it an
//! error: not in init containers, and only in that variable.

use std::collections::BTreeMap;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Rule};
use crate::model::job::{JobBase, JobConfig};
use crate::model::pod::Container;
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;

rules! {
    UNKNOWN_CONFIG = "unknown-config-in-job",
        "a job takes its config from a key that no config file has",
        "The pod never starts: Kubernetes waits for the key to appear.",
        "name the file of a config that is there, ORG-REPO-BRANCH.yaml";
    WRONG_SHARD = "config-in-other-config-map",
        "a job takes its config from a ConfigMap that the config does not go to",
        "The pod never starts: the key is in another ConfigMap.",
        "name the ConfigMap that the config goes to";
    UNCHECKED_CONFIG = warning "config-of-init-container",
        "an init container takes a config from a key or ConfigMap that does not hold it",
        "The pod never starts, and config-shard-validator looks at no init containers.",
        "name the ConfigMap and the key that the config goes to";
    OTHER_VARIABLE = warning "config-in-other-variable",
        "a variable that is not CONFIG_SPEC takes a config from a key that its ConfigMap does not have",
        "The pod never starts, and config-shard-validator looks at no variable but CONFIG_SPEC.",
        "name the ConfigMap and the key that the config goes to";
    UNREADABLE = warning "unreadable-job-file",
        "a job file cannot be read",
        "Prow leaves out every job of it, and config-shard-validator passes it over.",
        "correct the file";
}

/// The variable that the reference looks at.
const VARIABLE: &str = "CONFIG_SPEC";

/// What references are written with, but for capitals.
const SELECTOR: &str = "configMapKeyRef";

/// One container that names a ConfigMap and a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The job's name.
    pub job: String,
    /// The container's position.
    pub container: usize,
    /// Whether it runs before the others, where the reference does not look.
    pub is_init: bool,
    /// Whether it is in another variable, which the reference does not look at.
    pub is_aside: bool,
    /// The key.
    pub key: String,
    /// The ConfigMap.
    pub config_map: String,
    /// Where name and key stand.
    pub path: KeyPath,
}

/// Whether a text may have references: whether it has the word for it, or spells letters in a way that may.
pub fn may_refer(text: &str) -> bool {
    text.contains(VARIABLE)
        || text.contains(SELECTOR)
        || text
            .match_indices('\\')
            .any(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'x' | b'u' | b'U' | b'\n' | b'\r')))
}

/// Whether a job file has no references.
pub fn refers_nowhere(jobs: &JobConfig) -> bool {
    let presubmits = jobs.presubmits.values().flat_map(|list| list.iter().map(|job| &job.job_base));
    let postsubmits = jobs.postsubmits.values().flat_map(|list| list.iter().map(|job| &job.job_base));
    let periodics = jobs.periodics.iter().map(|job| &job.job_base);
    let specs = presubmits.chain(postsubmits).chain(periodics).filter_map(|job| job.spec.as_ref());
    let containers = specs.flat_map(|spec| spec.containers.iter().flatten().chain(&spec.init_containers));
    containers.flat_map(named).next().is_none()
}

/// The references of a job file.
pub fn references(jobs: &JobConfig) -> Vec<Reference> {
    let mut found = Vec::new();
    for (repository, list) in &jobs.presubmits {
        let path = KeyPath::root().key("presubmits").key(repository);
        list.iter().enumerate().for_each(|(at, job)| of_job(&job.job_base, &path.item(at), &mut found));
    }
    for (repository, list) in &jobs.postsubmits {
        let path = KeyPath::root().key("postsubmits").key(repository);
        list.iter().enumerate().for_each(|(at, job)| of_job(&job.job_base, &path.item(at), &mut found));
    }
    let path = KeyPath::root().key("periodics");
    jobs.periodics.iter().enumerate().for_each(|(at, job)| of_job(&job.job_base, &path.item(at), &mut found));
    found
}

fn of_job(job: &JobBase, path: &KeyPath, found: &mut Vec<Reference>) {
    let Some(spec) = &job.spec else { return };
    let containers = spec.containers.iter().flatten().map(|container| (container, "containers"));
    let init = spec.init_containers.iter().map(|container| (container, "initContainers"));
    let all = containers.enumerate().chain(init.enumerate());
    for (at, (container, field)) in all {
        let path = path.key("spec").key(field).item(at);
        for (index, variable, name, key) in named(container) {
            found.push(Reference {
                job: job.name.clone(),
                container: at,
                is_init: field == "initContainers",
                is_aside: variable != VARIABLE,
                key: key.to_owned(),
                config_map: name.to_owned(),
                path: path.key("env").item(index).key("valueFrom").key("configMapKeyRef"),
            });
        }
    }
}

/// The ConfigMaps and keys that a container names, each with its variable.
fn named(container: &Container) -> impl Iterator<Item = (usize, &str, &str, &str)> {
    container.env.iter().enumerate().filter_map(|(at, variable)| {
        let selector = variable.value_from.as_ref()?.config_map_key_ref.as_ref()?;
        Some((at, &*variable.name, &*selector.local_object_reference.name, &*selector.key))
    })
}

/// What is wrong with the references of a job file, whose text is given; `configs` has the ConfigMap of each config by
/// its file name.
pub fn check(file: &str, text: &str, references: &[Reference], configs: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    // By another variable anything may be taken; what names a ConfigMap of configs is meant to be one.
    let is_config = |reference: &Reference| {
        let name = &reference.config_map;
        !reference.is_aside || (name.starts_with("ci-operator-") && name.ends_with("-configs"))
    };
    let wrong =
        |reference: &&Reference| configs.get(&reference.key) != Some(&reference.config_map) && is_config(reference);
    let mut wrong = references.iter().filter(wrong).peekable();
    if wrong.peek().is_none() {
        return Vec::new();
    }
    let tree = parse(text).unwrap_or_default();
    let finding = |rule: &Rule, path: &KeyPath, message: String| {
        Diagnostic::of_rule(rule, file, message).at(text, locate(&tree, path))
    };
    let one = |reference: &Reference| {
        let Reference { job, container, is_init, is_aside, key, config_map, path } = reference;
        let rule = |rule| match (is_init, is_aside) {
            (true, _) => &UNCHECKED_CONFIG,
            (_, true) => &OTHER_VARIABLE,
            _ => rule,
        };
        let fields = format!("container={container} job={job} key={key} source-file={file}");
        let (finding, said) = match configs.get(key) {
            None => {
                let message = format!("there is no config with the file name {key}");
                let said = format!("Could not find CI Operator configuration file for that key. {fields}");
                (finding(rule(&UNKNOWN_CONFIG), &path.key("key"), message), said)
            }
            Some(wanted) => {
                let message = format!("{key} is in the ConfigMap {wanted}, not in {config_map}");
                let said = format!(
                    "Invalid config map shard for injected CI-Operator config key. container={container} \
                     expected={wanted} got={config_map} job={job} key={key} source-file={file}"
                );
                (finding(rule(&WRONG_SHARD), &path.key("name"), message), said)
            }
        };
        if *is_init || *is_aside { finding } else { finding.as_reference(said) }
    };
    wrong.map(one).collect()
}
