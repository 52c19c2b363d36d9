//! What was done, in three forms: a summary for people, a record for audits, metrics for Prometheus.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{metrics, record};
use crate::cli::terminal::Paint;
use crate::run::upload::{Manner, Record, Survey, UploadOptions};
use crate::updater::ConfigMapId;
use crate::updater::load::Load;

/// What is known of a run before it writes.
pub struct Pages {
    pub(super) source: String,
    pub(super) commit: Option<String>,
    pub(super) maps: BTreeMap<ConfigMapId, Planned>,
    /// ConfigMaps that were looked at.
    pub(super) looked_at: usize,
    /// Clusters that were left out.
    pub(super) skipped: Vec<String>,
}

/// What was planned for a ConfigMap.
#[derive(Clone, Debug)]
pub struct Planned {
    pub(super) before: Load,
    pub(super) after: Load,
    pub(super) added: Vec<String>,
    pub(super) changed: Vec<String>,
    pub(super) removed: Vec<String>,
}

/// What is known of a run that is over.
pub struct Done<'d> {
    pub(super) pages: Pages,
    pub(super) record: &'d Record,
    /// When it began, in seconds since the beginning of 1970.
    pub(super) began: i64,
    pub(super) took: Duration,
}

impl Pages {
    /// What is to be remembered of a survey.
    pub fn of(survey: &Survey, options: &UploadOptions) -> Self {
        let (source, commit) = match &options.manner {
            Manner::Careful { writer, .. } => {
                (writer.source.clone(), writer.commit.as_ref().map(|commit| commit.id.clone()))
            }
            Manner::Bootstrap => Default::default(),
        };
        let planned = survey.plan.maps.iter().map(|(id, map)| {
            let keys = |wanted: &[&str]| {
                let keys = map.changes.iter().filter(|(_, change)| wanted.contains(&change.kind.word()));
                keys.map(|(key, _)| key.clone()).collect()
            };
            let planned = Planned {
                before: map.before,
                after: map.after,
                added: keys(&["add"]),
                changed: keys(&["change", "claim"]),
                removed: keys(&["remove", "release"]),
            };
            (id.clone(), planned)
        });
        let looked_at = survey.plan.maps.len() + survey.unread.len();
        Self { source, commit, maps: planned.collect(), looked_at, skipped: survey.skipped.iter().cloned().collect() }
    }

    /// With what came of it.
    pub fn with(self, record: &Record, began: i64, took: Duration) -> Done<'_> {
        Done { pages: self, record, began, took }
    }
}

impl Done<'_> {
    /// For people, fit for a comment on a pull request.
    pub fn summary(&self, paint: Paint) -> String {
        record::summary(self, paint)
    }

    /// For audits.
    pub fn json(&self) -> String {
        record::json(self)
    }

    /// For Prometheus.
    pub fn metrics(&self) -> String {
        metrics::text(self)
    }
}
