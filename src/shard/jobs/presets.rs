//! Presets: settings that go into the pods of all jobs with certain labels.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::job::Preset;
use crate::model::pod::{Container, PodSpec};

use super::problem::{Place, Problem, Step, below};

rules! {
    CLASH = "preset-clash", "a pod has already what a preset brings",
        "Prow cannot decide between the two and refuses to load the job.",
        "take it out of the pod, or the label that brings the preset off the job";
    TWICE = "preset-label-twice", "two presets ask for the same label",
        "Prow wants every pair of label and value in one preset only, and refuses to load the configuration.",
        "put the two presets together, or give one of them another label";
}

/// What a pod had already when a preset came.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// The way to it, from the pod.
    path: KeyPath,
    message: String,
}

impl Problem {
    /// The problem of a job that a preset clashes with.
    pub(super) fn from_clash(clash: Clash, job: &str, place: Place<'_>) -> Self {
        let mut path = place.field("spec");
        path.0.extend(clash.path.0);
        let message = format!("job {job} failed to merge presets for podspec: {}", clash.message);
        Self { rule: CLASH, path, message }
    }
}

/// Whether a preset is for a job with these labels.
pub fn is_for(preset: &Preset, labels: &BTreeMap<String, String>) -> bool {
    preset.labels.iter().flatten().all(|(label, value)| labels.get(label).is_some_and(|has| has == value))
}

/// Puts every preset whose labels a job has into its pod.
pub fn apply(presets: &[Preset], labels: &BTreeMap<String, String>, spec: &mut PodSpec) -> Result<(), Clash> {
    presets.iter().filter(|preset| is_for(preset, labels)).try_for_each(|preset| put(preset, spec))
}

/// What several presets ask for alike: the position of the later one, the label, and what Prow says.
pub fn repeated<'p>(presets: impl IntoIterator<Item = &'p Preset>) -> Vec<(usize, String, String)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (index, preset) in presets.into_iter().enumerate() {
        for (label, value) in preset.labels.iter().flatten() {
            let pair = format!("{label}:{value}");
            if seen.contains(&pair) {
                found.push((index, label.clone(), format!("duplicated preset 'label:value' pair : {pair}")));
            }
            seen.insert(pair);
        }
    }
    found
}

fn put(preset: &Preset, spec: &mut PodSpec) -> Result<(), Clash> {
    let clash = |steps: KeyPath, what: &str, name: &str| {
        Err(Clash { path: steps, message: format!("{what} duplicated in pod spec: {name}") })
    };
    let of_container = |at: usize, list: &str, index: usize, key: &str| {
        let steps = [Step::Key("containers"), Step::Item(at), Step::Key(list), Step::Item(index), Step::Key(key)];
        below(KeyPath::root(), steps)
    };
    let containers: &mut [Container] = spec.containers.as_deref_mut().unwrap_or_default();
    for variable in preset.env.iter().flatten() {
        for (at, container) in containers.iter_mut().enumerate() {
            if let Some(index) = container.env.iter().position(|other| other.name == variable.name) {
                return clash(of_container(at, "env", index, "name"), "env var", &variable.name);
            }
            container.env.push(variable.clone());
        }
    }
    for volume in preset.volumes.iter().flatten() {
        if let Some(index) = spec.volumes.iter().position(|other| other.name == volume.name) {
            let steps = [Step::Key("volumes"), Step::Item(index), Step::Key("name")];
            return clash(below(KeyPath::root(), steps), "volume", &volume.name);
        }
        spec.volumes.push(volume.clone());
    }
    for mount in preset.volume_mounts.iter().flatten() {
        for (at, container) in containers.iter_mut().enumerate() {
            if let Some(index) = container.volume_mounts.iter().position(|other| other.name == mount.name) {
                return clash(of_container(at, "volumeMounts", index, "name"), "volume mount", &mount.name);
            }
            container.volume_mounts.push(mount.clone());
        }
    }
    for toleration in &preset.tolerations {
        if let Some(index) = spec.tolerations.iter().position(|other| other == toleration) {
            let steps = [Step::Key("tolerations"), Step::Item(index), Step::Key("key")];
            return clash(below(KeyPath::root(), steps), "toleration", &toleration.key);
        }
        spec.tolerations.push(toleration.clone());
    }
    Ok(())
}
