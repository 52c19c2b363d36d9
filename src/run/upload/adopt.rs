//! Taking over keys that another program wrote, so that the next apply may change and remove them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::observe::of_clusters;
use super::options::{Against, UploadOptions};
use super::prepare::prepare;
use super::status::Status;
use super::survey::{NoSurvey, without_authority};
use crate::cluster::{Clusters, Failure};
use crate::diagnostic::Diagnostic;
use crate::run::on_threads;
use crate::updater::ConfigMapId;
use crate::updater::keys::VERSION;
use crate::upload::Edit;
use crate::upload::handover::{Handover, handover};

/// What is handed over.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// The ConfigMaps with keys that change hands, each with what became of that when it was to be done.
    pub maps: BTreeMap<ConfigMapId, (Handover, Option<Result<(), Failure>>)>,
    /// ConfigMaps that could not be read.
    pub unread: BTreeMap<ConfigMapId, Failure>,
    /// What is wrong with configuration and files.
    pub findings: Vec<Diagnostic>,
    /// Whether that is why nobody was asked.
    pub refused: Status,
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
/// when that is confirmed. Where an entry for other repositories names the same ConfigMap only keys that our files give are
/// handed over: the others may be theirs. Configuration that is wrong is told, and nothing is asked.
pub fn adopt(
    options: &UploadOptions,
    runtime: &tokio::runtime::Runtime,
    names: &[String],
    manager: &str,
    is_confirmed: bool,
) -> Result<Adoption, NoSurvey> {
    let prepared = on_threads(options.threads, || prepare(options))?.map_err(|error| NoSurvey::Run(error.into()))?;
    let mut adoption = Adoption { findings: prepared.findings.clone(), ..Adoption::default() };
    let Against::Clusters(settings) = &options.against else { return Ok(adoption) };
    if prepared.status == Status::Usage {
        adoption.refused = Status::Usage;
        return Ok(adoption);
    }
    let clusters = Arc::new(Clusters::load(settings, &options.environment).map_err(NoSurvey::Clusters)?);
    let unknown: BTreeSet<&str> =
        prepared.desired.maps.keys().map(|id| &*id.cluster).filter(|name| !clusters.has(name)).collect();
    if !unknown.is_empty() && !options.skip_unknown_clusters {
        let all = unknown.into_iter().collect::<Vec<_>>().join(", ");
        return Err(NoSurvey::Usage(format!(
            "no kubeconfig has a context {all}; add it, or say --skip-unknown-clusters"
        )));
    }
    let shared: BTreeSet<String> = prepared
        .placement
        .iter()
        .filter(|(glob, _)| prepared.desired.denied.contains(glob.pattern()))
        .flat_map(|(_, mapping)| mapping.names().iter().cloned())
        .collect();
    let ids: BTreeSet<ConfigMapId> =
        prepared.desired.maps.keys().filter(|id| clusters.has(&id.cluster)).cloned().collect();
    clusters.can_be_asked(ids.iter().map(|id| &*id.cluster)).map_err(NoSurvey::Clusters)?;
    adoption.findings.extend(without_authority(&clusters));
    Ok(runtime.block_on(async {
        for (id, live) in of_clusters(&clusters, ids).await {
            match live {
                Ok(live) => {
                    let given = prepared.desired.maps.get(&id);
                    let wanted = |key: &str| {
                        !shared.contains(&id.name) || key == VERSION || given.is_some_and(|keys| keys.contains_key(key))
                    };
                    let found = live.and_then(|live| handover(&live, names, manager, &wanted));
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
                let written = clusters.write(id, Edit::Patch { json_patch: handover.patch.clone() }).await;
                *done = Some(written.map(drop));
            }
        }
        adoption
    }))
}
