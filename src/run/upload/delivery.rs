//! One write, until its ConfigMap is as planned or it is enough.
//!
//! Each write is for the state that it was planned for. When a ConfigMap has changed since, or nobody knows whether a write
//! took place, it is read and planned anew; what others wrote in between is never written over. A plan that somebody has
//! looked at is not made anew: then only a lost answer is looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::carry::Session;
use super::options::Manner;
use super::record::{Entry, Outcome};
use super::survey::plan_one;
use crate::cluster::{self, Failure};
use crate::upload::map_plan::Basis;
use crate::upload::plan::Write;
use crate::upload::{MapPlan, beside};

/// A ConfigMap that others change all the time is left to them after so many requests to write it.
const MOST_ROUNDS: u32 = 5;

/// A writer whom others were ahead of waits up to so many times as long as its request and the reading took, and four times as
/// long before each further request. Dozens of writers then get out of each other's way within five requests.
const FIRST_WAIT: u32 = 8;
/// The shortest first wait, and the longest of all.
const WAITS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(10));

/// One write under way.
struct Delivery<'s> {
    session: &'s Session,
    write: &'s Write,
    plan: MapPlan,
    /// What goes, and is still there after this write.
    kept: BTreeSet<String>,
    /// What was known to go when the order of writes was made.
    departing: BTreeSet<String>,
    entry: Entry,
}

impl Session {
    /// Carries one write out, planning anew as often as it takes and is worth it.
    pub(super) async fn deliver(&self, write: &Write, entry: Entry) -> Entry {
        let Some(plan) = self.plans().remove(&write.id) else { return entry };
        let was_kept = matches!(entry.outcome, Outcome::Kept(_));
        let (kept, departing) = (write.kept.clone(), plan.departing_keys());
        let mut delivery = Delivery { session: self, write, plan, kept, departing, entry };
        let outcome = delivery.run().await;
        delivery.entry.outcome = match outcome {
            Outcome::Done | Outcome::Kept(_) => outcome,
            failed if was_kept => Outcome::Kept(Box::new(failed)),
            failed => failed,
        };
        delivery.entry
    }
}

impl Delivery<'_> {
    async fn run(&mut self) -> Outcome {
        for round in 1.. {
            let began = Instant::now();
            let edit = self.plan.edit(&self.write.id, &self.kept);
            let failure = match self.session.clusters.write(&self.write.id, edit).await {
                Ok(written) => {
                    self.entry.writes += 1;
                    self.entry.attempts += written.attempts;
                    return self.arrived(Basis { uid: written.uid, version: written.version });
                }
                Err(failure) => failure,
            };
            self.entry.attempts += failure.attempts();
            if matches!(failure, Failure::Stopped { .. }) {
                return Outcome::Pending;
            }
            let is_unknown = matches!(failure, Failure::Unknown { .. });
            // Keys of others were not there when this was planned, so that they may be gone as well.
            let is_of_others = matches!(failure, Failure::FieldConflict { .. });
            let asks_for_more = failure.asks_to_read_again() || is_of_others;
            if !asks_for_more || (self.session.is_exact && !is_unknown) {
                return Outcome::Failed(failure);
            }
            if round >= MOST_ROUNDS && !is_unknown {
                break;
            }
            if !is_unknown {
                tokio::time::sleep(wait(round, began.elapsed())).await;
            }
            if let Some(outcome) = self.look_again(&failure).await {
                return outcome;
            }
            if round >= MOST_ROUNDS {
                return Outcome::Failed(failure);
            }
        }
        Outcome::Contended
    }

    /// Reads the ConfigMap and plans it anew. The answer is how it ends when that shows that there is nothing left to send.
    async fn look_again(&mut self, failure: &Failure) -> Option<Outcome> {
        let session = self.session;
        let live = match session.clusters.get(&self.write.id).await {
            Ok(live) => live,
            Err(failure) => return Some(Outcome::Failed(failure)),
        };
        self.entry.planned_again += 1;
        let nothing = BTreeMap::new();
        let items = session.desired.get(&self.write.id).unwrap_or(&nothing);
        let mut plan = plan_one(items, live.as_ref(), &session.manner, session.version.as_ref(), &*session.ancestry);
        if let Manner::Careful { writer, .. } = &session.manner {
            beside::keep(&self.plan, &mut plan, writer);
        }
        let kept = self.still_kept(&plan);
        let is_unknown = matches!(failure, Failure::Unknown { .. });
        if plan.obstacles.is_empty() && !plan.changes_with(&kept) {
            self.entry.was_confirmed_by_read = is_unknown;
            self.entry.writes += u32::from(is_unknown);
            let basis = plan.basis.clone().unwrap_or(Basis { uid: String::new(), version: String::new() });
            (self.plan, self.kept) = (plan, kept);
            return Some(self.arrived(basis));
        }
        if session.is_exact && plan.basis != self.plan.basis {
            let object = failure.object().cloned();
            return Some(Outcome::Failed(object.map_or_else(|| failure.clone(), |object| Failure::Changed { object })));
        }
        if !plan.obstacles.is_empty() {
            return Some(Outcome::Blocked(plan.obstacles));
        }
        if matches!(failure, Failure::FieldConflict { .. }) && plan.basis == self.plan.basis {
            return Some(Outcome::Failed(failure.clone()));
        }
        (self.plan, self.kept) = (plan, kept);
        None
    }

    /// What a new plan has to keep: all that goes when more writes follow, else what nobody knew of when the order was made.
    fn still_kept(&self, plan: &MapPlan) -> BTreeSet<String> {
        let departing = plan.departing_keys();
        match (&self.session.manner, self.write.kept.is_empty()) {
            (Manner::Bootstrap, _) => BTreeSet::new(),
            (Manner::Careful { .. }, true) => departing.difference(&self.departing).cloned().collect(),
            (Manner::Careful { .. }, false) => departing,
        }
    }

    /// Notes what is there now, for the next write.
    fn arrived(&mut self, basis: Basis) -> Outcome {
        self.entry.after = Some(basis.clone());
        self.plan.basis = Some(basis);
        if self.kept.is_empty() {
            return Outcome::Done;
        }
        self.session.plans().insert(self.write.id.clone(), self.plan.clone());
        Outcome::Kept(Box::new(Outcome::Pending))
    }
}

/// How long to wait before a ConfigMap is read again that somebody else has written. Reading comes right before the next
/// request, so that as little as possible comes in between.
fn wait(round: u32, request: Duration) -> Duration {
    let (shortest, longest) = WAITS;
    let first = request.saturating_mul(FIRST_WAIT).max(shortest);
    first.saturating_mul(4_u32.saturating_pow(round - 1)).min(longest).mul_f64(cluster::chance())
}
