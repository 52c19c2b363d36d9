//! Presets: settings that go into the pods of all jobs with certain labels.

use std::collections::BTreeMap;

use crate::model::job::Preset;
use crate::model::pod::{Container, PodSpec};

/// Puts every preset whose labels a job has into its pod.
pub fn apply(presets: &[Preset], labels: &BTreeMap<String, String>, spec: &mut PodSpec) -> Result<(), String> {
    let wanted = |preset: &&Preset| {
        preset.labels.iter().flatten().all(|(label, value)| labels.get(label).is_some_and(|has| has == value))
    };
    presets.iter().filter(wanted).try_for_each(|preset| put(preset, spec))
}

fn put(preset: &Preset, spec: &mut PodSpec) -> Result<(), String> {
    let containers: &mut [Container] = spec.containers.as_deref_mut().unwrap_or_default();
    for variable in preset.env.iter().flatten() {
        for container in containers.iter_mut() {
            if container.env.iter().any(|other| other.name == variable.name) {
                return Err(format!("env var duplicated in pod spec: {}", variable.name));
            }
            container.env.push(variable.clone());
        }
    }
    for volume in preset.volumes.iter().flatten() {
        if spec.volumes.iter().any(|other| other.name == volume.name) {
            return Err(format!("volume duplicated in pod spec: {}", volume.name));
        }
        spec.volumes.push(volume.clone());
    }
    for mount in preset.volume_mounts.iter().flatten() {
        for container in containers.iter_mut() {
            if container.volume_mounts.iter().any(|other| other.name == mount.name) {
                return Err(format!("volume mount duplicated in pod spec: {}", mount.name));
            }
            container.volume_mounts.push(mount.clone());
        }
    }
    for toleration in &preset.tolerations {
        if spec.tolerations.contains(toleration) {
            return Err(format!("toleration duplicated in pod spec: {}", toleration.key));
        }
        spec.tolerations.push(toleration.clone());
    }
    Ok(())
}
