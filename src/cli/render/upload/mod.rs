//! What `cutwater upload` shows: plans, drift, what was done. Nothing here shows what ConfigMaps hold, but for [`text::drift`]
//! when asked to.

pub mod json;
mod metrics;
mod pages;
mod record;
pub mod text;

pub use pages::{Done, Pages};

use crate::updater::ConfigMapId;

/// A ConfigMap as people name it.
fn shown(id: &ConfigMapId) -> String {
    format!("{}/{}/{}", id.cluster, id.namespace, id.name)
}

/// A number of bytes as people read it.
fn bytes(count: u64) -> String {
    match count {
        0..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{} KiB", count / 1024),
        _ => format!("{} MiB", count >> 20),
    }
}
