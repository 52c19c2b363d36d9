//! Carrying a plan out, wave by wave: what comes is written everywhere before what goes is removed.
//!
//! The writes of a wave go side by side, each as a [`delivery`](super::delivery) that sees to one ConfigMap. A write that
//! removes what has moved takes place only when all that moved has arrived. What becomes of each ConfigMap is noted in the
//! [`Record`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::options::Manner;
use super::record::{Entry, Outcome, Record};
use super::status::Status;
use super::survey::Survey;
use crate::cluster::{Clusters, Failure, Object};
use crate::updater::ConfigMapId;
use crate::upload::plan::Write;
use crate::upload::{Ancestry, Item, MapPlan, Plan, Value};

/// How a plan is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// What is waited between what comes and what goes, for those who read ConfigMaps late.
    pub settle: Duration,
    /// Whether somebody has looked at the plan: it is carried out as it is or not at all, and never made anew.
    pub is_exact: bool,
    /// Whether writes follow each other, in the plan's order.
    pub is_ordered: bool,
}

/// What tasks share.
pub(super) struct Session {
    pub(super) clusters: Arc<Clusters>,
    pub(super) manner: Manner,
    pub(super) desired: BTreeMap<ConfigMapId, BTreeMap<String, Item>>,
    pub(super) version: Option<Value>,
    pub(super) ancestry: Arc<Ancestry<'static>>,
    pub(super) is_exact: bool,
    is_ordered: bool,
    plans: Mutex<BTreeMap<ConfigMapId, MapPlan>>,
}

/// Carries out what was surveyed. `progress` is told of each write that is through.
pub async fn carry(
    survey: Survey,
    manner: &Manner,
    ancestry: Arc<Ancestry<'static>>,
    pace: Pace,
    progress: &(dyn Fn() + Sync),
) -> Record {
    let mut record = Record::default();
    let Survey { plan, unread, desired, clusters, version, skipped, .. } = survey;
    for (id, failure) in unread {
        record.entries.insert(id, Entry { outcome: Outcome::Failed(failure), ..Entry::default() });
    }
    record.entries.extend(begun(&plan));
    if let Some(clusters) = clusters {
        let session = Arc::new(Session {
            clusters,
            manner: manner.clone(),
            desired: desired.maps,
            version,
            ancestry,
            is_exact: pace.is_exact,
            is_ordered: pace.is_ordered,
            plans: Mutex::new(plan.maps),
        });
        for (number, wave) in plan.waves.iter().enumerate() {
            if number > 0 {
                session.pause(pace.settle).await;
            }
            session.carry_wave(wave, &mut record, progress).await;
        }
        // What the plan holds back waits for something that does not come in this run.
        for id in &plan.held {
            if let Some(entry) = record.entries.get_mut(id)
                && is_kept(&entry.outcome)
            {
                entry.outcome = Outcome::Kept(Box::new(Outcome::Held));
            }
        }
        let late = late(&plan.waves, &record);
        if !late.is_empty() {
            session.pause(pace.settle).await;
            session.carry_wave(&late, &mut record, progress).await;
        }
    }
    let was_written = record.entries.values().any(|entry| entry.writes > 0);
    let left_out = (!skipped.is_empty()).then_some(Status::Partial);
    let all = record.entries.values().map(|entry| entry.outcome.status()).chain(left_out);
    record.status = Status::together(all, was_written);
    record
}

/// What there is to say of each ConfigMap before anything is written.
pub(super) fn begun(plan: &Plan) -> impl Iterator<Item = (ConfigMapId, Entry)> {
    plan.maps.iter().filter(|(_, map)| map.is_pending()).map(|(id, map)| {
        let outcome = match map.obstacles.as_slice() {
            [] if plan.held.contains(id) => Outcome::Held,
            [] => Outcome::Pending,
            obstacles => Outcome::Blocked(obstacles.to_vec()),
        };
        (id.clone(), Entry { before: map.basis.clone(), outcome, ..Entry::default() })
    })
}

/// The writes that nobody planned: ConfigMaps were found with more to remove than there was when the plan was made. That is
/// removed after everything else, since it may have moved to any of the others: also to one that cannot be written or read.
fn late(waves: &[Vec<Write>], record: &Record) -> Vec<Write> {
    let written: BTreeSet<&ConfigMapId> = waves.iter().flatten().map(|write| &write.id).collect();
    let all: BTreeSet<ConfigMapId> = written.iter().copied().chain(record.entries.keys()).cloned().collect();
    let has_more = |id: &&ConfigMapId| record.entries.get(id).is_some_and(|entry| is_kept(&entry.outcome));
    let write = |id: &ConfigMapId| Write { id: id.clone(), kept: BTreeSet::new(), after: all.clone() };
    written.into_iter().filter(has_more).map(write).collect()
}

/// Whether something is left to be removed, for which nothing that is known stands in the way.
fn is_kept(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Kept(why) if matches!(**why, Outcome::Pending))
}

/// Writes under way, and what they are about.
#[derive(Default)]
struct Writes {
    tasks: JoinSet<(ConfigMapId, Entry)>,
    open: BTreeSet<ConfigMapId>,
}

impl Writes {
    fn begin(&mut self, id: ConfigMapId, write: impl Future<Output = Entry> + Send + 'static) {
        self.open.insert(id.clone());
        self.tasks.spawn(async move { (id, write.await) });
    }

    /// Waits for all, and notes what became of them. Of one whose task did not come to its end nothing is known.
    async fn note_all(&mut self, record: &mut Record, progress: &(dyn Fn() + Sync)) {
        while let Some(done) = self.tasks.join_next().await {
            if let Ok((id, entry)) = done {
                self.open.remove(&id);
                record.entries.insert(id, entry);
                progress();
            }
        }
        for id in std::mem::take(&mut self.open) {
            let outcome = Outcome::Failed(Failure::Broken { object: Object::new(&id) });
            record.entries.entry(id).or_default().outcome = outcome;
        }
    }
}

impl Session {
    /// Waits, but not when the run is to end.
    async fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && !self.clusters.is_stopped() {
            tokio::time::sleep(Duration::from_millis(50).min(time)).await;
        }
    }

    async fn carry_wave(self: &Arc<Self>, wave: &[Write], record: &mut Record, progress: &(dyn Fn() + Sync)) {
        if self.clusters.is_stopped() {
            return;
        }
        let mut writes = Writes::default();
        for write in wave {
            let has_arrived = |id: &ConfigMapId| {
                record.entries.get(id).is_none_or(|entry| matches!(entry.outcome, Outcome::Done | Outcome::Kept(_)))
            };
            let has_all_arrived = write.after.iter().all(has_arrived);
            let entry = record.entries.entry(write.id.clone()).or_default();
            let is_open = matches!(entry.outcome, Outcome::Pending | Outcome::Kept(_) | Outcome::Held);
            if !is_open {
                continue;
            }
            if !has_all_arrived {
                entry.outcome = match entry.outcome {
                    Outcome::Kept(_) => Outcome::Kept(Box::new(Outcome::Held)),
                    _ => Outcome::Held,
                };
                continue;
            }
            let (session, write, entry) = (Arc::clone(self), write.clone(), entry.clone());
            writes.begin(write.id.clone(), async move {
                let began = Instant::now();
                let mut entry = session.deliver(&write, entry).await;
                entry.took += began.elapsed();
                entry
            });
            if self.is_ordered {
                writes.note_all(record, progress).await;
            }
        }
        writes.note_all(record, progress).await;
    }

    /// The plans for ConfigMaps that have writes before them.
    pub(super) fn plans(&self) -> MutexGuard<'_, BTreeMap<ConfigMapId, MapPlan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_that_fails_within_is_noted() {
        let id = |name: &str| ConfigMapId { cluster: "c".into(), namespace: "n".into(), name: name.into() };
        let done = || Entry { outcome: Outcome::Done, writes: 1, ..Entry::default() };
        let (mut writes, mut record) = (Writes::default(), Record::default());
        writes.begin(id("a"), async move { done() });
        writes.begin(id("broken"), async { panic!("for a test") });
        writes.note_all(&mut record, &|| {}).await;
        assert_eq!(record.entries[&id("a")].outcome.status(), Status::Done);
        let broken = &record.entries[&id("broken")].outcome;
        assert!(matches!(broken, Outcome::Failed(Failure::Broken { .. })), "{broken:?}");
        assert_eq!(broken.status(), Status::Defect);
    }
}
