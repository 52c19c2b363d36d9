//! Taking over keys that another program wrote, so that the next apply may change and remove them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::observe::of_clusters;
use super::options::{Against, UploadOptions};
use super::prepare::prepare;
use super::survey::NoSurvey;
use crate::cluster::{Clusters, Failure, Write};
use crate::run::on_threads;
use crate::updater::ConfigMapId;
use crate::upload::handover::{Handover, handover};

/// What is handed over.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// The ConfigMaps with keys that change hands, each with what became of that when it was to be done.
    pub maps: BTreeMap<ConfigMapId, (Handover, Option<Result<(), Failure>>)>,
    /// ConfigMaps that could not be read.
    pub unread: BTreeMap<ConfigMapId, Failure>,
}

impl Adoption {
    /// All that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        let written = self.maps.values().filter_map(|(_, done)| done.as_ref()?.as_ref().err());
        self.unread.values().chain(written)
    }

    /// Whether anything was written.
    pub fn was_written(&self) -> bool {
        self.maps.values().any(|(_, done)| matches!(done, Some(Ok(()))))
    }
}

/// Finds the keys that managers of these names own in the ConfigMaps of `config_updater`, and hands them over to `manager`
/// when that is confirmed.
pub fn adopt(
    options: &UploadOptions,
    runtime: &tokio::runtime::Runtime,
    names: &[String],
    manager: &str,
    is_confirmed: bool,
) -> Result<Adoption, NoSurvey> {
    let prepared = on_threads(options.threads, || prepare(options))?.map_err(|error| NoSurvey::Run(error.into()))?;
    let Against::Clusters(settings) = &options.against else { return Ok(Adoption::default()) };
    let clusters = Arc::new(Clusters::load(settings, &options.environment).map_err(NoSurvey::Clusters)?);
    let ids: BTreeSet<ConfigMapId> = prepared.desired.maps.into_keys().filter(|id| clusters.has(&id.cluster)).collect();
    Ok(runtime.block_on(async {
        let mut adoption = Adoption::default();
        for (id, live) in of_clusters(&clusters, ids).await {
            match live {
                Ok(live) => {
                    let found = live.and_then(|live| handover(&live, names, manager));
                    if let Some(found) = found {
                        adoption.maps.insert(id, (found, None));
                    }
                }
                Err(failure) => drop(adoption.unread.insert(id, failure)),
            }
        }
        if is_confirmed {
            for (id, (handover, done)) in &mut adoption.maps {
                // Nobody else may have written in between: a failure says so, and a second run begins anew.
                let written = clusters.write(id, Write::Patch { json_patch: handover.patch.clone() }).await;
                *done = Some(written.map(drop));
            }
        }
        adoption
    }))
}
