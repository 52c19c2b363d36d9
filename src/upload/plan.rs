//! The plan: every ConfigMap with what is done to it, and the order of writes.
//!
//! What comes is written everywhere before anything goes. Writes come in waves; those of one wave may be carried out side
//! by side, and a wave begins when the one before it is through. Mostly there are two: in the first every ConfigMap gets
//! what is new to it and keeps what goes, in the second it loses that. A ConfigMap that nothing can move out of is
//! written once. Where both would not fit into a ConfigMap it waits until what leaves it has arrived elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Kind;
use super::desired::Item;
use super::map_plan::MapPlan;
use super::value::digest;
use crate::updater::ConfigMapId;
use crate::updater::keys::VERSION;

/// What is to be done everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Every ConfigMap that was looked at.
    pub maps: BTreeMap<ConfigMapId, MapPlan>,
    /// The writes, in their order.
    pub waves: Vec<Wave>,
    /// ConfigMaps that cannot be written in any order without growing too large on the way.
    pub stuck: BTreeSet<ConfigMapId>,
    /// ConfigMaps that keep what goes, since it moves to one that cannot be written.
    pub held: BTreeSet<ConfigMapId>,
}

/// Writes that may be carried out side by side.
pub type Wave = Vec<Write>;

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The ConfigMap.
    pub id: ConfigMapId,
    /// Keys that go, and are still there after this write.
    pub kept: BTreeSet<String>,
    /// ConfigMaps that must have been written before: what this write removes has moved there.
    pub after: BTreeSet<ConfigMapId>,
}

/// Where the departing keys of a ConfigMap move.
type Moves = BTreeMap<String, BTreeSet<ConfigMapId>>;

impl Plan {
    /// Orders the writes of all ConfigMaps. `beyond` is what files give to ConfigMaps that are not in the plan: what moves there
    /// stays where it is.
    pub fn of(mut maps: BTreeMap<ConfigMapId, MapPlan>, beyond: &Beyond) -> Self {
        let moves = moves(&maps, beyond);
        for (id, keys) in &moves {
            for (key, destinations) in keys {
                name_elsewhere(&mut maps, id, key, destinations);
            }
        }
        let mut order = Order { maps: &maps, moves: &moves, written: BTreeSet::new(), waves: Vec::new() };
        let writable = |(_, map): &(&ConfigMapId, &MapPlan)| map.is_pending() && map.obstacles.is_empty();
        let pending: BTreeSet<&ConfigMapId> = maps.iter().filter(writable).map(|(id, _)| id).collect();
        let left = order.all(pending);
        let is_held = |id: &ConfigMapId| {
            let to = moves.get(id).into_iter().flatten().flat_map(|(_, destinations)| destinations);
            to.into_iter().any(|to| maps.get(to).is_none_or(|map| !map.obstacles.is_empty()))
        };
        let (held, stuck) = left.into_iter().partition(is_held);
        let waves = order.waves;
        Self { maps, waves, stuck, held }
    }

    /// All writes side by side, each once.
    pub fn at_once(maps: BTreeMap<ConfigMapId, MapPlan>) -> Self {
        let writable = |(_, map): &(&ConfigMapId, &MapPlan)| map.is_pending() && map.obstacles.is_empty();
        let write =
            |(id, _): (&ConfigMapId, &MapPlan)| Write { id: id.clone(), kept: BTreeSet::new(), after: BTreeSet::new() };
        let wave: Wave = maps.iter().filter(writable).map(write).collect();
        let waves = if wave.is_empty() { Vec::new() } else { vec![wave] };
        Self { maps, waves, ..Self::default() }
    }

    /// Leaves out ConfigMaps that nothing moves to.
    pub fn leave_out(&mut self, ids: &BTreeSet<ConfigMapId>) {
        self.maps.retain(|id, _| !ids.contains(id));
        self.waves.iter_mut().for_each(|wave| wave.retain(|write| !ids.contains(&write.id)));
        self.waves.retain(|wave| !wave.is_empty());
    }

    /// Whether nothing has to be written.
    pub fn is_done(&self) -> bool {
        !self.maps.values().any(MapPlan::is_pending)
    }
}

/// Notes at both ends of a move where the other one is.
fn name_elsewhere(
    maps: &mut BTreeMap<ConfigMapId, MapPlan>,
    id: &ConfigMapId,
    key: &str,
    destinations: &BTreeSet<ConfigMapId>,
) {
    if let Some(change) = maps.get_mut(id).and_then(|map| map.changes.get_mut(key)) {
        change.elsewhere = destinations.first().cloned();
    }
    for destination in destinations {
        let Some(map) = maps.get_mut(destination) else { continue };
        if let Some(change) = map.changes.get_mut(key).filter(|change| change.kind.brings()) {
            change.elsewhere = Some(id.clone());
        }
    }
}

/// What files give to ConfigMaps that are not in a plan.
pub type Beyond = BTreeMap<ConfigMapId, BTreeMap<String, Item>>;

/// Where keys or contents come to.
#[derive(Default)]
struct Homes<'p>(BTreeMap<String, BTreeSet<&'p ConfigMapId>>);

impl<'p> Homes<'p> {
    fn add(&mut self, what: impl Into<String>, id: &'p ConfigMapId) {
        self.0.entry(what.into()).or_default().insert(id);
    }

    /// The homes that are meant for something that leaves `id`: those in its namespace, else those in its cluster, else all.
    fn nearest(&self, what: &str, id: &ConfigMapId) -> BTreeSet<&'p ConfigMapId> {
        let all = || self.0.get(what).into_iter().flatten().copied().filter(|home| *home != id);
        let in_cluster = || all().filter(|home| home.cluster == id.cluster);
        let in_namespace: BTreeSet<_> = in_cluster().filter(|home| home.namespace == id.namespace).collect();
        if !in_namespace.is_empty() {
            return in_namespace;
        }
        let in_cluster: BTreeSet<_> = in_cluster().collect();
        if in_cluster.is_empty() { all().collect() } else { in_cluster }
    }
}

/// For each ConfigMap the keys that go because they move, with where to: the same key, or else the same content, comes to
/// another one. Where a key is already it does not move to.
fn moves(maps: &BTreeMap<ConfigMapId, MapPlan>, beyond: &Beyond) -> BTreeMap<ConfigMapId, Moves> {
    if maps.values().all(|map| map.departing.is_empty()) {
        return BTreeMap::new();
    }
    let (mut by_key, mut by_content) = (Homes::default(), Homes::default());
    for (id, map) in maps {
        map.values.keys().for_each(|key| by_key.add(key, id));
        for value in map.changes.iter().filter(|(_, it)| it.kind.brings()).filter_map(|(key, _)| map.values.get(key)) {
            by_content.add(value.content_digest(), id);
        }
    }
    for (id, keys) in beyond {
        for (key, item) in keys {
            by_key.add(key, id);
            by_content.add(digest(&item.content), id);
        }
    }
    let is_there = |home: &ConfigMapId, key: &str| {
        let brings = |map: &MapPlan| map.changes.get(key).is_some_and(|change| change.kind.brings());
        maps.get(home).is_some_and(|map| map.values.contains_key(key) && !brings(map))
    };
    let mut found: BTreeMap<ConfigMapId, Moves> = BTreeMap::new();
    for (id, map) in maps {
        for (key, value) in map.departing.iter().filter(|(key, _)| *key != VERSION) {
            let of_key = by_key.nearest(key, id);
            let homes = if of_key.is_empty() { by_content.nearest(&value.content_digest(), id) } else { of_key };
            let homes: BTreeSet<ConfigMapId> = homes.into_iter().filter(|home| !is_there(home, key)).cloned().collect();
            if !homes.is_empty() {
                found.entry(id.clone()).or_default().insert(key.clone(), homes);
            }
        }
    }
    found
}

/// Finding an order.
struct Order<'p> {
    maps: &'p BTreeMap<ConfigMapId, MapPlan>,
    moves: &'p BTreeMap<ConfigMapId, Moves>,
    /// ConfigMaps that have what is new to them.
    written: BTreeSet<&'p ConfigMapId>,
    waves: Vec<Wave>,
}

impl<'p> Order<'p> {
    /// Orders what is pending; answers with what cannot be ordered.
    fn all(&mut self, mut pending: BTreeSet<&'p ConfigMapId>) -> BTreeSet<ConfigMapId> {
        let bringing: BTreeSet<&ConfigMapId> = pending.iter().copied().filter(|id| self.brings(id)).collect();
        let mut is_first = true;
        while !pending.is_empty() {
            let wave: Vec<Write> = pending.iter().filter_map(|id| self.write(id, is_first, &bringing)).collect();
            if wave.is_empty() && !is_first {
                break;
            }
            for write in &wave {
                let Some((id, _)) = self.maps.get_key_value(&write.id) else { continue };
                self.written.insert(id);
                if write.kept.is_empty() {
                    pending.remove(id);
                }
            }
            if !wave.is_empty() {
                self.waves.push(wave);
            }
            is_first = false;
        }
        pending.into_iter().cloned().collect()
    }

    fn brings(&self, id: &ConfigMapId) -> bool {
        self.maps.get(id).is_some_and(MapPlan::brings)
    }

    /// What can be written of a ConfigMap now, if anything.
    fn write(&self, id: &'p ConfigMapId, is_first: bool, bringing: &BTreeSet<&ConfigMapId>) -> Option<Write> {
        let map = self.maps.get(id)?;
        let neighbours =
            |other: &&&ConfigMapId| **other != id && other.cluster == id.cluster && other.namespace == id.namespace;
        let waiting = self.waiting(id);
        let all: BTreeSet<String> = map.departing.keys().cloned().collect();
        let is_alone = !bringing.iter().any(|other| neighbours(&other));
        let is_new = !self.written.contains(id);
        let after = |kept: &BTreeSet<String>| self.left(id, kept);
        let written = |kept: BTreeSet<String>| Some(Write { id: id.clone(), after: after(&kept), kept });
        if is_first {
            let only_removes = map.changes.iter().all(|(key, change)| key == VERSION || change.kind == Kind::Remove);
            return match () {
                () if only_removes => None,
                () if all.is_empty() || is_alone && waiting.is_empty() => written(BTreeSet::new()),
                () if !is_alone && map.load_with(&all).fits() => written(all),
                () if waiting.is_empty() => written(BTreeSet::new()),
                () if map.load_with(&waiting).fits() => written(waiting),
                () => None,
            };
        }
        match () {
            () if waiting.is_empty() => written(BTreeSet::new()),
            () if is_new && self.brings(id) && map.load_with(&waiting).fits() => written(waiting),
            () => None,
        }
    }

    /// The keys that move and have not arrived.
    fn waiting(&self, id: &ConfigMapId) -> BTreeSet<String> {
        let has_arrived = |destinations: &BTreeSet<ConfigMapId>| destinations.iter().all(|to| self.is_through(to));
        let moves = self.moves.get(id).into_iter().flatten();
        moves.filter(|(_, destinations)| !has_arrived(destinations)).map(|(key, _)| key.clone()).collect()
    }

    /// Whether a destination has what comes to it, as far as it ever will.
    fn is_through(&self, id: &ConfigMapId) -> bool {
        self.written.contains(id)
    }

    /// Where the keys have moved that a write does not keep.
    fn left(&self, id: &ConfigMapId, kept: &BTreeSet<String>) -> BTreeSet<ConfigMapId> {
        let moves = self.moves.get(id).into_iter().flatten();
        moves.filter(|(key, _)| !kept.contains(*key)).flat_map(|(_, destinations)| destinations).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
