//! Orders of writes, small enough to see.

use super::*;
use crate::upload::value::Value;
use crate::upload::{Commit, Item, Live, Manager, Operation, Writer};

const SOURCE: &str = "o/r";

fn writer() -> Writer {
    Writer { source: SOURCE.into(), ..Writer::default() }
}

fn id(name: &str) -> ConfigMapId {
    ConfigMapId { cluster: "c".into(), namespace: "n".into(), name: name.into() }
}

fn live(values: &[(&str, &str)]) -> Live {
    let keys = values.iter().map(|(key, _)| (*key).to_owned()).collect();
    let manager = Manager { name: writer().manager(), operation: Operation::Apply, keys, raw: String::new() };
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), Value::Text((*value).into()))).collect();
    Live { uid: "u".into(), version: "1".into(), values, managers: vec![manager], ..Live::default() }
}

fn items(values: &[(&str, &str)]) -> BTreeMap<String, Item> {
    let item = |value: &str| Item { path: "p".into(), content: value.as_bytes().into(), is_packed: false, at: 0 };
    values.iter().map(|(key, value)| ((*key).to_owned(), item(value))).collect()
}

type Keys<'a> = &'a [(&'a str, &'a str)];

/// What is written in each wave: `NAME` or, while keys are kept, `NAME+KEYS`.
fn waves(maps: &[(&str, Keys<'_>, Keys<'_>)]) -> (Vec<String>, Plan) {
    let plans = maps
        .iter()
        .map(|(name, before, after)| (id(name), MapPlan::of(&items(after), Some(&live(before)), &writer(), &|_| None)));
    let plan = Plan::of(plans.collect(), &Beyond::new());
    let write = |write: &Write| {
        let kept: Vec<&str> = write.kept.iter().map(String::as_str).collect();
        if kept.is_empty() { write.id.name.clone() } else { format!("{}+{}", write.id.name, kept.join("+")) }
    };
    let waves = plan.waves.iter().map(|wave| wave.iter().map(write).collect::<Vec<_>>().join(" ")).collect();
    (waves, plan)
}

#[test]
fn a_rename_within_a_config_map_is_one_write() {
    assert_eq!(waves(&[("a", &[("old", "1")], &[("new", "1")])]).0, ["a"]);
}

#[test]
fn what_moves_arrives_before_it_leaves() {
    let (waves, plan) =
        waves(&[("a", &[("k", "1"), ("l", "2")], &[("l", "2")]), ("b", &[("x", "0")], &[("k", "1"), ("x", "0")])]);
    assert_eq!(waves, ["b", "a"]);
    assert_eq!(plan.waves[1][0].after, [id("b")].into());
    assert_eq!(plan.maps[&id("a")].changes["k"].elsewhere, Some(id("b")));
    assert_eq!(plan.maps[&id("b")].changes["k"].elsewhere, Some(id("a")));
}

#[test]
fn a_move_under_another_name_is_known_by_its_content() {
    let (waves, plan) = waves(&[("a", &[("k", "1")], &[]), ("b", &[], &[("new", "1")])]);
    assert_eq!(waves, ["b", "a"]);
    assert_eq!(plan.waves[1][0].after, [id("b")].into());
}

#[test]
fn two_that_swap_keep_both_until_both_have_arrived() {
    let both = waves(&[("a", &[("k", "1")], &[("l", "2")]), ("b", &[("l", "2")], &[("k", "1")])]).0;
    assert_eq!(both, ["a+k b+l", "a b"]);
}

#[test]
fn nothing_goes_before_everything_new_has_come() {
    let all = waves(&[("a", &[("k", "1")], &[("m", "3")]), ("b", &[], &[("x", "0")]), ("c", &[("y", "9")], &[])]).0;
    assert_eq!(all, ["a+k b", "a c"]);
}

#[test]
fn a_full_config_map_waits_until_there_is_room() {
    let (big, other) = ("x".repeat(700 << 10), "y".repeat(700 << 10));
    let (waves, plan) = waves(&[
        ("a", &[("one", &big)], &[]),
        ("b", &[("two", &other)], &[("one", &big)]),
        ("c", &[], &[("two", &other)]),
    ]);
    assert_eq!(waves, ["c", "b", "a"], "c takes, then b takes and drops at once, then a drops");
    assert!(plan.stuck.is_empty());
}

#[test]
fn two_full_ones_that_swap_are_stuck() {
    let (big, other) = ("x".repeat(700 << 10), "y".repeat(700 << 10));
    let (waves, plan) =
        waves(&[("a", &[("one", &big)], &[("two", &other)]), ("b", &[("two", &other)], &[("one", &big)])]);
    assert_eq!(waves, [""; 0]);
    assert_eq!(plan.stuck, [id("a"), id("b")].into());
}

#[test]
fn what_moves_to_a_closed_place_stays() {
    let closed = Live { is_immutable: true, ..live(&[]) };
    let mut maps = BTreeMap::new();
    maps.insert(id("a"), MapPlan::of(&items(&[]), Some(&live(&[("k", "1")])), &writer(), &|_| None));
    maps.insert(id("b"), MapPlan::of(&items(&[("k", "1")]), Some(&closed), &writer(), &|_| None));
    let plan = Plan::of(maps, &Beyond::new());
    assert!(plan.waves.is_empty());
    assert_eq!((plan.held, plan.stuck), ([id("a")].into(), BTreeSet::new()));
}

#[test]
fn a_move_to_another_namespace_waits_as_well() {
    let elsewhere = ConfigMapId { namespace: "m".into(), ..id("b") };
    let mut maps = BTreeMap::new();
    maps.insert(id("a"), MapPlan::of(&items(&[("l", "2")]), Some(&live(&[("k", "1")])), &writer(), &|_| None));
    maps.insert(elsewhere.clone(), MapPlan::of(&items(&[("k", "1")]), None, &writer(), &|_| None));
    let plan = Plan::of(maps, &Beyond::new());
    assert_eq!(plan.waves.len(), 2);
    assert_eq!(plan.waves[1][0].after, [elsewhere].into());
}

#[test]
fn what_moves_to_where_nobody_writes_stays() {
    let mut maps = BTreeMap::new();
    maps.insert(id("a"), MapPlan::of(&items(&[("l", "2")]), Some(&live(&[("k", "1")])), &writer(), &|_| None));
    let beyond = Beyond::from([(id("b"), items(&[("k", "1")]))]);
    let plan = Plan::of(maps, &beyond);
    assert_eq!(plan.waves.len(), 1);
    assert_eq!(plan.waves[0][0].kept, ["k".to_owned()].into());
    assert_eq!(plan.held, [id("a")].into());
    assert_eq!(plan.maps[&id("a")].changes["k"].elsewhere, Some(id("b")));
}

#[test]
fn what_has_arrived_already_may_go() {
    let both = [("k", "1")];
    let plan = waves(&[("a", &both, &[("l", "2")]), ("b", &both, &both)]).1;
    assert_eq!(plan.waves.len(), 1);
    assert!(plan.waves[0][0].after.is_empty() && plan.held.is_empty());
}

#[test]
fn the_version_alone_is_no_reason_to_write_twice() {
    let commit = |id: &str| Some(Commit { id: id.into(), ordinal: 1 });
    let ours = Writer { commit: commit("new"), ..writer() };
    let plan = |name: &str, before: Keys<'_>, after: Keys<'_>| {
        (id(name), MapPlan::of(&items(after), Some(&live(before)), &ours, &|_| None))
    };
    let old = ("VERSION", "old");
    let maps = [plan("a", &[("k", "1"), ("l", "2"), old], &[("l", "2")]), plan("b", &[old], &[("k", "1")])];
    let waves = Plan::of(maps.into(), &Beyond::new()).waves;
    let names: Vec<Vec<&str>> =
        waves.iter().map(|wave| wave.iter().map(|write| write.id.name.as_str()).collect()).collect();
    assert_eq!(names, [["b"], ["a"]], "it waits for what moves out of it");
}

#[test]
fn what_is_there_already_is_no_reason_to_write() {
    let theirs = Live { managers: Vec::new(), ..live(&[("k", "1")]) };
    let plan = MapPlan::of(&items(&[("k", "1")]), Some(&theirs), &writer(), &|_| None);
    assert!(!plan.is_pending() && plan.unchanged == 1, "{:?}", plan.changes);
    let plan = MapPlan::of(&items(&[("k", "1"), ("l", "2")]), Some(&theirs), &writer(), &|_| None);
    assert_eq!(plan.changes["k"].kind, Kind::Claim, "it becomes ours along with the other");
}
