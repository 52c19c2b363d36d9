//! What is there: read from clusters, or from objects that were saved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::cluster::{self, Clusters, Failure, Object};
use crate::files::{self, Kind, Tree};
use crate::updater::ConfigMapId;
use crate::upload::Live;

/// What was found out about each ConfigMap.
pub type Observed = BTreeMap<ConfigMapId, Result<Option<Live>, Failure>>;

/// Asks clusters for ConfigMaps, side by side.
pub async fn of_clusters(clusters: &Arc<Clusters>, ids: impl IntoIterator<Item = ConfigMapId>) -> Observed {
    let get = |id: ConfigMapId| {
        let clusters = Arc::clone(clusters);
        async move { clusters.get(&id).await }
    };
    side_by_side(ids, get).await
}

/// Asks for each ConfigMap in a task of its own. Each has an answer: of one that a task left without, nobody may think that
/// it is not there.
async fn side_by_side<F>(ids: impl IntoIterator<Item = ConfigMapId>, get: impl Fn(ConfigMapId) -> F) -> Observed
where
    F: Future<Output = Result<Option<Live>, Failure>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut observed = Observed::new();
    for id in ids {
        tasks.spawn({
            let (id, live) = (id.clone(), get(id.clone()));
            async move { (id, live.await) }
        });
        observed.insert(id.clone(), Err(Failure::Broken { object: Object::new(&id) }));
    }
    while let Some(done) = tasks.join_next().await {
        if let Ok((id, live)) = done {
            observed.insert(id, live);
        }
    }
    observed
}

/// Why saved objects cannot be used.
#[derive(Debug)]
pub enum NotObserved {
    /// A file cannot be read.
    Files(files::Error),
    /// A file holds something else.
    Not(String, cluster::NotSaved),
}

impl fmt::Display for NotObserved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(error) => error.fmt(out),
            Self::Not(file, what) => write!(out, "{file}: {what}"),
        }
    }
}

/// Reads saved ConfigMaps. Where a directory has the name of a cluster each directory is one, of clusters that are not asked
/// for as well; all others are of every cluster. One that does not say its namespace is in every namespace.
pub fn of_saved(directory: &Path, ids: &BTreeSet<ConfigMapId>) -> Result<Observed, NotObserved> {
    let tree = Tree::open(directory).map_err(NotObserved::Files)?;
    let is_saved = |name: &str| [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
    let wanted = |name: &str, kind| kind == Kind::Directory || is_saved(name);
    let walked = files::walk(&tree, "", &wanted).map_err(NotObserved::Files)?;
    let above = |relative: &str| relative.split_once('/').map(|(above, _)| above.to_owned());
    let is_cluster = |above: String| ids.iter().any(|id| id.cluster == above);
    let has_clusters = walked.files.iter().filter_map(|entry| above(&entry.relative)).any(is_cluster);
    let mut observed: Observed = ids.iter().map(|id| (id.clone(), Ok(None))).collect();
    for entry in &walked.files {
        let text = files::read_text_as_it_stands(&tree, entry).map_err(NotObserved::Files)?;
        let saved = cluster::saved(&text).map_err(|error| NotObserved::Not(entry.relative.clone(), error))?;
        let cluster = above(&entry.relative).filter(|_| has_clusters);
        for one in saved {
            for (id, live) in &mut observed {
                let is_it = id.name == one.name
                    && (one.namespace.is_empty() || id.namespace == one.namespace)
                    && cluster.as_ref().is_none_or(|cluster| *cluster == id.cluster);
                if is_it {
                    *live = Ok(Some(one.live.clone()));
                }
            }
        }
    }
    Ok(observed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_fails_is_a_failure_of_its_config_map() {
        let id = |name: &str| ConfigMapId { cluster: "c".into(), namespace: "n".into(), name: name.into() };
        let get = |id: ConfigMapId| async move {
            assert_ne!(id.name, "broken");
            Ok(Some(Live::default()))
        };
        let observed = side_by_side(["a", "broken", "z"].map(id), get).await;
        assert_eq!(Vec::from_iter(observed.keys().map(|id| id.name.as_str())), ["a", "broken", "z"]);
        let failure = observed[&id("broken")].as_ref().unwrap_err();
        assert!(matches!(failure, Failure::Broken { .. }), "{failure}");
        assert_eq!(crate::run::upload::Status::of(failure).code(), 1);
        assert!(observed[&id("a")].is_ok() && observed[&id("z")].is_ok());
    }
}
