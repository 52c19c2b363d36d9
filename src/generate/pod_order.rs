//! The order of the lists in a pod, for files that hold generated jobs.
//!
//! Lists are sorted by name and keep the order of equal names, as the reference does for up to twelve items; its order
//! of more items with equal names among them depends on its sorting algorithm.

use crate::model::pod::{Container, PodSpec};

/// Sorts volumes and containers by name, and within a container the mounts and environment. The arguments of
/// ci-operator are sorted too; those of other programs mean something by their order.
pub fn sort_pod_spec(spec: &mut PodSpec) {
    spec.volumes.sort_by(|left, right| left.name.cmp(&right.name));
    if let Some(containers) = &mut spec.containers {
        containers.sort_by(|left, right| left.name.cmp(&right.name));
        containers.iter_mut().for_each(sort_container);
    }
}

fn sort_container(container: &mut Container) {
    container.volume_mounts.sort_by(|left, right| left.name.cmp(&right.name));
    if container.command == ["ci-operator"] {
        container.args.sort_unstable();
    }
    container.env.sort_by(|left, right| left.name.cmp(&right.name));
}
