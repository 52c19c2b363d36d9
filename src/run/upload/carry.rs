//! Carrying a plan out: wave by wave, each write for the state that it was planned for.
//!
//! When a ConfigMap has changed since, or nobody knows whether a write took place, it is read and planned anew; what others
//! wrote in between is never written over. What goes is removed only when everything that moved has arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::options::Manner;
use super::record::{Entry, Outcome, Record};
use super::status::Status;
use super::survey::{Survey, plan_one};
use crate::cluster::{self, Clusters, Failure};
use crate::updater::ConfigMapId;
use crate::upload::body::Request;
use crate::upload::map_plan::Basis;
use crate::upload::plan::Write;
use crate::upload::{Item, MapPlan, Value};

/// A ConfigMap that others change all the time is left to them after so many plans.
const MOST_PLANS: u32 = 5;

/// Whether a commit is in our history, when that is known.
pub type Ancestry = dyn Fn(&str) -> Option<bool> + Send + Sync;

/// What tasks share.
struct Session {
    clusters: Arc<Clusters>,
    manner: Manner,
    desired: BTreeMap<ConfigMapId, BTreeMap<String, Item>>,
    version: Option<Value>,
    ancestry: Arc<Ancestry>,
    plans: Mutex<BTreeMap<ConfigMapId, MapPlan>>,
}

/// Carries out what was surveyed. `settle` is waited between what comes and what goes, for those who read ConfigMaps late;
/// `progress` is told of each ConfigMap that is through.
pub async fn carry(
    survey: Survey,
    manner: &Manner,
    ancestry: Arc<Ancestry>,
    settle: Duration,
    progress: &(dyn Fn() + Sync),
) -> Record {
    let mut record = Record::default();
    let Survey { plan, unread, desired, clusters, version, skipped, .. } = survey;
    for (id, failure) in unread {
        record.entries.insert(id, Entry { outcome: Outcome::Failed(failure), ..Entry::default() });
    }
    for (id, map) in plan.maps.iter().filter(|(_, map)| map.is_pending()) {
        let outcome = match map.obstacles.as_slice() {
            [] if plan.held.contains(id) => Outcome::Held,
            [] => Outcome::Pending,
            obstacles => Outcome::Blocked(obstacles.to_vec()),
        };
        record.entries.insert(id.clone(), Entry { before: map.basis.clone(), outcome, ..Entry::default() });
    }
    if let Some(clusters) = clusters {
        let session = Arc::new(Session {
            clusters,
            manner: manner.clone(),
            desired: desired.maps,
            version,
            ancestry,
            plans: Mutex::new(plan.maps),
        });
        for (number, wave) in plan.waves.iter().enumerate() {
            if session.clusters.is_stopped() {
                break;
            }
            if number == 1 && !settle.is_zero() {
                session.pause(settle).await;
            }
            session.carry_wave(wave, &mut record, progress).await;
        }
    }
    let was_written = record.entries.values().any(|entry| entry.writes > 0);
    let left_out = (!skipped.is_empty()).then_some(Status::Partial);
    let all = record.entries.values().map(|entry| entry.outcome.status()).chain(left_out);
    record.status = Status::together(all, was_written);
    record
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
        let mut tasks = JoinSet::new();
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
            tasks.spawn(async move {
                let began = Instant::now();
                let mut entry = session.carry_write(&write, entry).await;
                entry.took += began.elapsed();
                (write.id, entry)
            });
        }
        while let Some(done) = tasks.join_next().await {
            if let Ok((id, entry)) = done {
                record.entries.insert(id, entry);
                progress();
            }
        }
    }

    /// Carries one write out, planning anew as often as it takes and is worth it.
    async fn carry_write(&self, write: &Write, mut entry: Entry) -> Entry {
        let Some(mut plan) = self.plans().remove(&write.id) else { return entry };
        let keeps = !write.kept.is_empty();
        let mut kept: BTreeSet<String> = write.kept.clone();
        let was_kept = matches!(entry.outcome, Outcome::Kept(_));
        let fail = |outcome: Outcome| if was_kept { Outcome::Kept(Box::new(outcome)) } else { outcome };
        for round in 0..MOST_PLANS {
            let sent = self.send(&write.id, plan.request(&write.id, &kept)).await;
            let failure = match sent {
                Ok(written) => {
                    let basis = Basis { uid: written.uid, version: written.version };
                    entry.writes += 1;
                    entry.attempts += written.attempts;
                    return self.settled(write, plan, entry, basis, keeps);
                }
                Err(failure) => failure,
            };
            entry.attempts += 1;
            if !failure.asks_to_read_again() {
                entry.outcome = fail(Outcome::Failed(failure));
                return entry;
            }
            let live = match self.clusters.get(&write.id).await {
                Ok(live) => live,
                Err(failure) => {
                    entry.outcome = fail(Outcome::Failed(failure));
                    return entry;
                }
            };
            entry.planned_again += 1;
            let nothing = BTreeMap::new();
            let items = self.desired.get(&write.id).unwrap_or(&nothing);
            plan = plan_one(items, live.as_ref(), &self.manner, self.version.as_ref(), &*self.ancestry);
            if !plan.obstacles.is_empty() {
                entry.outcome = fail(Outcome::Blocked(plan.obstacles));
                return entry;
            }
            if keeps {
                kept = plan.departing_keys();
            }
            if !plan.changes_with(&kept) {
                entry.was_confirmed_by_read = matches!(failure, Failure::Unknown { .. });
                entry.writes += u32::from(entry.was_confirmed_by_read);
                let basis = plan.basis.clone().unwrap_or(Basis { uid: String::new(), version: String::new() });
                return self.settled(write, plan, entry, basis, keeps);
            }
            // Whoever else writes may need a moment.
            tokio::time::sleep(Duration::from_millis((10_u64 << round) + spread(&write.id, round))).await;
        }
        entry.outcome = fail(Outcome::Contended);
        entry
    }

    /// Notes what is there now, for the next write.
    fn settled(&self, write: &Write, mut plan: MapPlan, mut entry: Entry, basis: Basis, keeps: bool) -> Entry {
        entry.after = Some(basis.clone());
        plan.basis = Some(basis);
        entry.outcome = if keeps { Outcome::Kept(Box::new(Outcome::Pending)) } else { Outcome::Done };
        if keeps {
            self.plans().insert(write.id.clone(), plan);
        }
        entry
    }

    async fn send(&self, id: &ConfigMapId, request: Request) -> Result<cluster::Written, Failure> {
        let write = match request {
            Request::Apply { force, body } => {
                let manager = match &self.manner {
                    Manner::Careful { writer, .. } => writer.manager(),
                    Manner::Bootstrap => "config-uploader".to_owned(),
                };
                cluster::Write::Apply { manager, force, body }
            }
            Request::Create { body } => cluster::Write::Create { body },
            Request::Replace { body } => cluster::Write::Replace { body },
        };
        self.clusters.write(id, write).await
    }

    fn plans(&self) -> std::sync::MutexGuard<'_, BTreeMap<ConfigMapId, MapPlan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Some milliseconds that differ between writers, so that two do not go on in step.
fn spread(id: &ConfigMapId, round: u32) -> u64 {
    let mut seed = u64::from(std::process::id()) ^ u64::from(round);
    for byte in id.name.bytes() {
        seed = seed.wrapping_mul(31).wrapping_add(u64::from(byte));
    }
    seed % (20 << round)
}
