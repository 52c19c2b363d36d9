//! The plan for one ConfigMap: what is done about each key, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Kind, Stored};
use super::desired::Item;
use super::live::Live;
use super::marks::LABELS;
use super::obstacle::{Ancestry, Obstacle};
use super::value::Value;
use super::writer::{TakeOver, Writer};
use crate::updater::keys::VERSION;
use crate::updater::load::{Load, Weight};

/// Which state of an object a plan is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The object.
    pub uid: String,
    /// Its state.
    pub version: String,
}

/// What is done about one ConfigMap.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPlan {
    /// What is there; nothing when it is to be made.
    pub basis: Option<Basis>,
    /// What is done, by key.
    pub changes: BTreeMap<String, Change>,
    /// How many keys stay as they are.
    pub unchanged: usize,
    /// How many keys are others' and left alone.
    pub foreign: usize,
    /// What stands in the way; nothing is written then.
    pub obstacles: Vec<Obstacle>,
    /// What it weighs now.
    pub before: Load,
    /// What it will weigh.
    pub after: Load,
    /// Every key of ours with its value, as it will be.
    pub(super) values: BTreeMap<String, Value>,
    /// The keys of ours that go, with what they hold.
    pub(super) departing: BTreeMap<String, Value>,
    /// What is there under the keys that get another value.
    pub(super) replaced: BTreeMap<String, Value>,
    /// The keys that are others'.
    pub(super) others: BTreeMap<String, Weight>,
    /// Who owns what is applied.
    pub(super) manager: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
    /// Whether keys of others are written over.
    pub(super) is_forced: bool,
    /// `metadata` as it has to be sent back, for who replaces the whole object.
    pub(super) metadata: String,
    pub(super) style: Style,
}

/// How a ConfigMap is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By server-side apply of the keys that are ours.
    Apply,
    /// As a whole: keys that no file gives are removed, whoever's they are.
    Replace,
}

impl MapPlan {
    /// What it takes to have `items` in a ConfigMap whose state is `live`, and to remove what is ours besides.
    pub fn of(items: &BTreeMap<String, Item>, live: Option<&Live>, writer: &Writer, ancestry: &Ancestry<'_>) -> Self {
        let manager = writer.manager();
        let mut plan = Self { manager: manager.clone(), ..Self::empty(live, Style::Apply) };
        let there = Live::default();
        let there = live.unwrap_or(&there);
        for (key, item) in items {
            let owners = || there.other_owners(&manager, key).into_iter().map(str::to_owned).collect::<Vec<_>>();
            match there.values.get(key) {
                None => plan.put(key, item, None, Vec::new()),
                Some(value) if item.is_in(value) => {
                    plan.values.insert(key.clone(), value.clone());
                    match there.is_applied_by(&manager, key) {
                        true => plan.unchanged += 1,
                        false => plan.claim(key, item, value, owners()),
                    }
                }
                Some(value) => {
                    let owners = owners();
                    if !owners.is_empty() && !writer.take_over.covers(key) {
                        plan.obstacles.push(Obstacle::Foreign { key: key.clone(), owners: owners.clone() });
                    } else if !owners.is_empty() && item.is_text() != matches!(value, Value::Text(_)) {
                        plan.obstacles.push(Obstacle::OtherBag { key: key.clone(), owners: owners.clone() });
                    }
                    plan.is_forced |= !owners.is_empty();
                    plan.put(key, item, Some(value), owners);
                }
            }
        }
        for key in there.applied_by(&manager) {
            let Some(value) = there.values.get(key).filter(|_| key != VERSION && !items.contains_key(key)) else {
                continue;
            };
            plan.drop_key(key, value, there.other_owners(&manager, key));
        }
        // Not only keys have owners: somebody may have written our annotation.
        plan.is_forced |= writer.take_over == TakeOver::All;
        plan.count_others(there, &manager);
        plan.let_claims_wait();
        plan.mark(live, writer, ancestry);
        plan.weigh();
        plan
    }

    /// What it takes to have `items`, and `VERSION` when there is one, in a ConfigMap and nothing else, as Prow's
    /// bootstrapper does it.
    pub fn whole(items: &BTreeMap<String, Item>, live: Option<&Live>, version: Option<&Value>) -> Self {
        // A file with this key takes its place.
        let version = version.filter(|_| !items.contains_key(VERSION));
        let mut plan = Self::empty(live, Style::Replace);
        let there = Live::default();
        let there = live.unwrap_or(&there);
        for (key, item) in items {
            match there.values.get(key) {
                Some(value) if item.is_in(value) => {
                    plan.values.insert(key.clone(), value.clone());
                    plan.unchanged += 1;
                }
                value => plan.put(key, item, value, Vec::new()),
            }
        }
        for (key, value) in &there.values {
            if !items.contains_key(key) && (key != VERSION || version.is_none()) {
                plan.drop_key(key, value, Vec::new());
            }
        }
        if let Some(version) = version {
            plan.set_version(there.values.get(VERSION), version.clone(), true);
        }
        if there.labels.is_empty() {
            plan.labels = LABELS.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        }
        if live.is_some_and(|live| live.is_immutable) && plan.is_pending() {
            plan.obstacles.push(Obstacle::Immutable);
        }
        plan.weigh();
        plan
    }

    fn empty(live: Option<&Live>, style: Style) -> Self {
        let nothing = Load::of([]);
        Self {
            basis: live.map(|live| Basis { uid: live.uid.clone(), version: live.version.clone() }),
            changes: BTreeMap::new(),
            unchanged: 0,
            foreign: 0,
            obstacles: Vec::new(),
            before: live.map_or(nothing, |live| load(&live.values)),
            after: nothing,
            values: BTreeMap::new(),
            departing: BTreeMap::new(),
            replaced: BTreeMap::new(),
            others: BTreeMap::new(),
            manager: String::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            is_forced: false,
            metadata: live.map(|live| live.metadata.clone()).unwrap_or_default(),
            style,
        }
    }

    /// The text before and after of each key whose value changes, comes or goes, packed ones unpacked; nothing for what is
    /// no text.
    pub fn texts(&self) -> Vec<(&str, (String, String))> {
        let text = |value: Option<&Value>| value.map_or(Some(String::new()), Value::text);
        let both = |(key, change): (&'_ String, &Change)| {
            let before = self.replaced.get(key).or_else(|| self.departing.get(key));
            let after = self.values.get(key).filter(|_| change.kind.brings());
            Some((text(before)?, text(after)?))
        };
        self.changes
            .iter()
            .filter(|(_, change)| !matches!(change.kind, Kind::Claim | Kind::Release))
            .filter_map(|(key, change)| Some((&**key, both((key, change))?)))
            .collect()
    }

    /// Whether there is anything to write.
    pub fn is_pending(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Whether any key gets a new value.
    pub fn brings(&self) -> bool {
        self.changes.iter().any(|(key, change)| key != VERSION && change.kind.brings())
    }

    /// Whether ours were keys and none will be.
    pub fn empties(&self) -> bool {
        !self.departing.is_empty() && !self.holds()
    }

    /// Whether ours will be any key.
    pub fn holds(&self) -> bool {
        self.values.keys().any(|key| key != VERSION)
    }

    /// Whether ours is or will be any key.
    pub fn holds_ours(&self) -> bool {
        !self.departing.is_empty() || self.holds()
    }

    /// How many keys go, and how many of them only move.
    pub fn going(&self) -> (usize, usize) {
        let moves = |key: &&String| self.changes.get(*key).is_some_and(|change| change.elsewhere.is_some());
        (self.departing.len(), self.departing.keys().filter(moves).count())
    }

    /// Says or leaves out something beside the keys.
    pub(super) fn annotate(&mut self, name: String, text: Option<&String>) {
        match text {
            Some(text) => drop(self.annotations.insert(name, text.clone())),
            None => drop(self.annotations.remove(&name)),
        }
    }

    /// The keys that go.
    pub fn departing_keys(&self) -> BTreeSet<String> {
        self.departing.keys().cloned().collect()
    }

    /// Whether there is anything to write while `kept` of the departing keys stay.
    pub fn changes_with(&self, kept: &BTreeSet<String>) -> bool {
        self.changes.iter().any(|(key, change)| change.kind != Kind::Remove || !kept.contains(key))
    }

    /// The load when `kept` of the departing keys are still there.
    pub fn load_with(&self, kept: &BTreeSet<String>) -> Load {
        let kept = self.departing.iter().filter(|(key, _)| kept.contains(*key));
        let ours = self.values.iter().chain(kept).map(|(key, value)| (&**key, weight(value)));
        Load::of(ours.chain(self.others.iter().map(|(key, weight)| (&**key, *weight))))
    }

    /// The load when everything that goes is still there.
    pub fn load_on_the_way(&self) -> Load {
        self.load_with(&self.departing_keys())
    }

    /// What there will be besides `items`, by key: what is others', and the commit.
    pub fn besides(&self, items: &BTreeMap<String, Item>) -> Vec<(String, Weight)> {
        let ours = self.values.iter().filter(|(key, _)| !items.contains_key(*key));
        let ours = ours.map(|(key, value)| (key.clone(), weight(value)));
        self.others.iter().map(|(key, weight)| (key.clone(), *weight)).chain(ours).collect()
    }

    fn put(&mut self, key: &str, item: &Item, before: Option<&Value>, owners: Vec<String>) {
        let value = item.value();
        let kind = if before.is_some() { Kind::Change } else { Kind::Add };
        self.note(key, kind, Some(&item.path), before, Some(&value), owners);
        self.replaced.extend(before.map(|before| (key.to_owned(), before.clone())));
        self.values.insert(key.to_owned(), value);
    }

    fn claim(&mut self, key: &str, item: &Item, value: &Value, owners: Vec<String>) {
        self.note(key, Kind::Claim, Some(&item.path), Some(value), Some(value), owners);
    }

    /// What is as it should be needs no write of its own to be ours: it becomes ours along with the next change.
    fn let_claims_wait(&mut self) {
        if self.changes.values().all(|change| change.kind == Kind::Claim) {
            self.unchanged += self.changes.len();
            self.changes.clear();
        }
    }

    fn drop_key(&mut self, key: &str, value: &Value, owners: Vec<&str>) {
        let kind = if owners.is_empty() { Kind::Remove } else { Kind::Release };
        let after = Some(value).filter(|_| kind == Kind::Release);
        self.note(key, kind, None, Some(value), after, owners.into_iter().map(str::to_owned).collect());
        match kind {
            Kind::Remove => drop(self.departing.insert(key.to_owned(), value.clone())),
            _ => drop(self.others.insert(key.to_owned(), weight(value))),
        }
    }

    pub(super) fn note(
        &mut self,
        key: &str,
        kind: Kind,
        path: Option<&String>,
        before: Option<&Value>,
        after: Option<&Value>,
        owners: Vec<String>,
    ) {
        let (before, after) = (before.map(Stored::of), after.map(Stored::of));
        let change = Change { kind, path: path.cloned(), before, after, elsewhere: None, owners };
        self.changes.insert(key.to_owned(), change);
    }

    /// Keys that are neither ours nor to become ours.
    fn count_others(&mut self, live: &Live, manager: &str) {
        for (key, value) in &live.values {
            let is_ours =
                self.values.contains_key(key) || self.departing.contains_key(key) || self.others.contains_key(key);
            if !is_ours && (key != VERSION || !live.is_applied_by(manager, key)) {
                self.foreign += 1;
                self.others.insert(key.clone(), weight(value));
            }
        }
    }

    fn weigh(&mut self) {
        self.after = self.load_with(&BTreeSet::new());
    }
}

/// What values weigh.
fn load(values: &BTreeMap<String, Value>) -> Load {
    Load::of(values.iter().map(|(key, value)| (&**key, weight(value))))
}

fn weight(value: &Value) -> Weight {
    Weight::stored(value.bytes(), matches!(value, Value::Text(_)))
}
