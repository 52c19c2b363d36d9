//! The ConfigMaps that one source fills in one namespace: each names the others in an annotation.
//!
//! Nobody may list ConfigMaps just to upload some. So one that `config_updater` no longer names, since its entry has another
//! name now or fewer partitions, is found by what those beside it say, and what has moved out of it can be removed there.
//! The annotation is written along with other changes only.

use std::collections::{BTreeMap, BTreeSet};

use super::live::Live;
use super::map_plan::MapPlan;
use super::writer::Writer;
use crate::updater::ConfigMapId;

/// Kubernetes takes 256 KiB of annotations; nobody has that many ConfigMaps in one namespace.
const LONGEST: usize = 64 << 10;

/// The ConfigMaps that one that is there names beside it.
pub fn named(id: &ConfigMapId, live: &Live, writer: &Writer) -> BTreeSet<ConfigMapId> {
    let names = live.annotations.get(&writer.annotation_of_others()).map(String::as_str).unwrap_or_default();
    names.split_whitespace().map(|name| ConfigMapId { name: name.to_owned(), ..id.clone() }).collect()
}

/// Has each plan name what is beside it: `all` and, of those that `all` leaves out, the ones that still hold keys of ours.
pub fn note(maps: &mut BTreeMap<ConfigMapId, MapPlan>, all: &BTreeSet<ConfigMapId>, writer: &Writer) {
    let mut names: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let holding = maps.iter().filter(|(_, map)| map.holds_ours()).map(|(id, _)| id);
    for ConfigMapId { cluster, namespace, name } in all.iter().chain(holding) {
        names.entry((cluster.clone(), namespace.clone())).or_default().insert(name.clone());
    }
    let texts: BTreeMap<_, String> =
        names.into_iter().map(|(place, names)| (place, Vec::from_iter(names).join(" "))).collect();
    for (id, map) in maps {
        let text = texts.get(&(id.cluster.clone(), id.namespace.clone())).filter(|text| text.len() <= LONGEST);
        map.annotate(writer.annotation_of_others(), text.filter(|text| **text != id.name));
    }
}

/// Has a plan that takes the place of another name what that one named. It takes all plans to know what is beside a
/// ConfigMap, and none but this one is made anew.
pub fn keep(from: &MapPlan, to: &mut MapPlan, writer: &Writer) {
    let name = writer.annotation_of_others();
    let text = from.annotations.get(&name).cloned();
    to.annotate(name, text.as_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(namespace: &str, name: &str) -> ConfigMapId {
        ConfigMapId { cluster: "c".into(), namespace: namespace.into(), name: name.into() }
    }

    #[test]
    fn what_is_beside_is_named_and_found_again() {
        let writer = Writer { source: "o/r".into(), ..Writer::default() };
        let plan = || MapPlan::of(&BTreeMap::new(), None, &writer, &|_| None);
        let mut maps: BTreeMap<_, _> =
            [("n", "a"), ("n", "b"), ("m", "c")].map(|(namespace, name)| (id(namespace, name), plan())).into();
        let all: BTreeSet<ConfigMapId> = maps.keys().cloned().collect();
        note(&mut maps, &all, &writer);
        let live = |id: &ConfigMapId| Live { annotations: maps[id].annotations.clone(), ..Live::default() };
        let found = named(&id("n", "a"), &live(&id("n", "a")), &writer);
        assert_eq!(found, [id("n", "a"), id("n", "b")].into());
        assert_eq!(named(&id("m", "c"), &live(&id("m", "c")), &writer), [].into(), "it is alone");
        let other = Writer { source: "o/s".into(), ..Writer::default() };
        assert_eq!(named(&id("n", "a"), &live(&id("n", "a")), &other), [].into(), "sources are apart");
    }
}
