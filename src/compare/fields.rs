//! What is otherwise between two jobs, field by field.
//!
//! [`changes`] takes the fields that differ and gives each to what knows it; a field that nothing knows is told by its name, so
//! that no difference is passed over. Start there.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Names, Running, Schedule, Start, Trigger, Turn};
use super::side::{Differing, Job, differing, is_same, text_under, under};
use crate::generate::labels::CAN_BE_REHEARSED_LABEL;
use crate::model::identity::JobKind;
use crate::yaml::tree::{Kind, Node};

/// Fields that say a job's name in other words.
const OF_NAME: [&str; 4] = ["context", "name", "rerun_command", "trigger"];

/// What is otherwise; nothing where the jobs say the same. A job that has another name is renamed.
pub fn changes(old: Job<'_>, new: Job<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    let is_renamed = old.name() != new.name();
    if is_renamed {
        found.push(Change::Renamed(Turn { from: old.name().to_owned(), to: new.name().to_owned() }));
    }
    let mut others = BTreeSet::new();
    let (mut sets_off, mut clock, mut branches) = (Vec::new(), Vec::new(), false);
    for field in differing(old.node, new.node) {
        match field.key {
            name if is_renamed && OF_NAME.contains(&name) => {}
            "always_run" | "run_before_merge" | "run_if_changed" | "skip_if_only_changed" => sets_off.push(field.key),
            "cron" | "interval" | "minimum_interval" => clock.push(field.key),
            "branches" | "skip_branches" => branches = true,
            "optional" => found.push(Change::Optional(field.turn(|value| text(value) == "true"))),
            "cluster" => found.push(Change::Cluster(field.turn(text))),
            "max_concurrency" => {
                found.push(Change::MaxConcurrency(field.turn(|value| text(value).parse().unwrap_or_default())));
            }
            "labels" => labels(&field, &mut found),
            "spec" => spec(&field, &mut found, &mut others),
            name => drop(others.insert(name.to_owned())),
        }
    }
    if !sets_off.is_empty() {
        let turn = Turn { from: trigger(old), to: trigger(new) };
        push_or_name(Change::Trigger(turn.clone()), turn.from == turn.to, &sets_off, &mut found, &mut others);
    }
    if !clock.is_empty() {
        let turn = Turn { from: schedule(old), to: schedule(new) };
        push_or_name(Change::Schedule(turn.clone()), turn.from == turn.to, &clock, &mut found, &mut others);
    }
    if branches {
        found.push(Change::Branches(Turn { from: all_branches(old), to: all_branches(new) }));
    }
    if is_renamed {
        found.retain(|change| !is_of_name(change, old, new));
    }
    let is_set_off = |change: &Change| matches!(change, Change::Trigger(_) | Change::Optional(_));
    if new.is_generated() && found.iter().any(is_set_off) {
        // The comment that starts it says whether others have to wait for it, which follows from these.
        others.remove("trigger");
    }
    if !others.is_empty() {
        found.push(Change::Other(others.into_iter().collect()));
    }
    found.sort();
    found
}

/// Whether a change is the rename of a test once more: its name is what ci-operator is to do.
fn is_of_name(change: &Change, old: Job<'_>, new: Job<'_>) -> bool {
    matches!(change, Change::Target(turn) if old.name().ends_with(&*turn.from) && new.name().ends_with(&*turn.to))
}

/// Adds a change; where it says the same on both sides, the fields that differ all the same are named.
fn push_or_name(
    change: Change,
    is_none: bool,
    fields: &[&str],
    found: &mut Vec<Change>,
    others: &mut BTreeSet<String>,
) {
    if is_none {
        others.extend(fields.iter().map(|field| (*field).to_owned()));
    } else {
        found.push(change);
    }
}

impl<'a> Differing<'a> {
    fn turn<T>(&self, read: impl Fn(Option<Node<'a, 'a>>) -> T) -> Turn<T> {
        Turn { from: read(self.old), to: read(self.new) }
    }
}

fn text(value: Option<Node<'_, '_>>) -> String {
    value.map_or_else(String::new, |value| value.text().to_string())
}

fn texts(value: Option<Node<'_, '_>>) -> Vec<String> {
    value.into_iter().flat_map(Node::items).map(|item| item.resolved().text().to_string()).collect()
}

/// What sets off a job on pull requests or merges.
fn trigger(job: Job<'_>) -> Trigger {
    let says = |key: &str| text_under(job.node, key);
    let (changed, skipped) = (says("run_if_changed"), says("skip_if_only_changed"));
    let is_always = match job.kind {
        JobKind::Presubmit => says("always_run") == "true",
        _ => {
            says("always_run") == "true" || (says("always_run").is_empty() && changed.is_empty() && skipped.is_empty())
        }
    };
    match () {
        () if is_always => Trigger::Always,
        () if !changed.is_empty() => Trigger::RunIfChanged(changed.to_owned()),
        () if !skipped.is_empty() => Trigger::SkipIfOnlyChanged(skipped.to_owned()),
        () if says("run_before_merge") == "true" => Trigger::BeforeMerge,
        () => Trigger::OnRequest,
    }
}

/// What sets off a periodic.
fn schedule(job: Job<'_>) -> Schedule {
    let says = |key: &str| Some(text_under(job.node, key).to_owned()).filter(|text| !text.is_empty());
    let interval = || says("interval").map(Schedule::Interval);
    let minimum = || says("minimum_interval").map(Schedule::MinimumInterval);
    says("cron").map(Schedule::Cron).or_else(interval).or_else(minimum).unwrap_or(Schedule::None)
}

/// How a job runs.
pub fn running(job: Job<'_>) -> Running {
    let start = match job.kind {
        JobKind::Periodic => Start::Schedule(schedule(job)),
        JobKind::Presubmit | JobKind::Postsubmit => Start::Trigger(trigger(job)),
    };
    let is_optional = (job.kind == JobKind::Presubmit).then(|| text_under(job.node, "optional") == "true");
    Running { start, is_optional, cluster: text_under(job.node, "cluster").to_owned() }
}

fn all_branches(job: Job<'_>) -> Vec<String> {
    let skipped = texts(under(job.node, "skip_branches")).into_iter().map(|branch| format!("!{branch}"));
    texts(under(job.node, "branches")).into_iter().chain(skipped).collect()
}

fn labels(field: &Differing<'_>, found: &mut Vec<Change>) {
    let mut names = by_name(entries(field.old), entries(field.new));
    let allows = |labels: Option<Node<'_, '_>>| {
        labels.is_some_and(|labels| text_under(labels, CAN_BE_REHEARSED_LABEL) == "true")
    };
    let turn = Turn { from: allows(field.old), to: allows(field.new) };
    if turn.from != turn.to {
        for list in [&mut names.added, &mut names.removed, &mut names.changed] {
            list.retain(|name| name != CAN_BE_REHEARSED_LABEL);
        }
        found.push(Change::Rehearsable(turn));
    }
    push_names(names, Change::Labels, found);
}

fn push_names(names: Names, change: impl Fn(Names) -> Change, found: &mut Vec<Change>) {
    if !names.is_empty() {
        found.push(change(names));
    }
}

type Named<'a> = BTreeMap<String, Node<'a, 'a>>;

fn entries<'a>(node: Option<Node<'a, 'a>>) -> Named<'a> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.map(|(key, value)| (key.text().to_string(), value.resolved())).collect()
}

/// The items of a list by what they have under `name`; of those that have it in common the last.
fn items<'a>(node: Option<Node<'a, 'a>>) -> Named<'a> {
    let items = node.into_iter().flat_map(Node::items).map(Node::resolved);
    items.map(|item| (text_under(item, "name").to_owned(), item)).collect()
}

fn by_name(old: Named<'_>, new: Named<'_>) -> Names {
    let is_changed =
        |(name, value): &(&String, &Node<'_, '_>)| old.get(*name).is_some_and(|old| !is_same(*old, **value));
    Names {
        added: new.keys().filter(|name| !old.contains_key(*name)).cloned().collect(),
        removed: old.keys().filter(|name| !new.contains_key(*name)).cloned().collect(),
        changed: new.iter().filter(is_changed).map(|(name, _)| name.clone()).collect(),
    }
}

/// What is otherwise about the pod.
fn spec(field: &Differing<'_>, found: &mut Vec<Change>, others: &mut BTreeSet<String>) {
    let (Some(old), Some(new)) = (field.old, field.new) else {
        others.insert("spec".to_owned());
        return;
    };
    let secrets = added_and_removed(&secrets(old), &secrets(new));
    let has_secrets = !secrets.is_empty();
    push_names(secrets, Change::Secrets, found);
    for field in differing(old, new) {
        match field.key {
            "containers" => containers(&field, has_secrets, found, others),
            "volumes" if has_secrets && is_same_but_secrets(&field) => {}
            name => drop(others.insert(format!("spec.{name}"))),
        }
    }
}

/// Whether volumes differ in nothing but those of secrets.
fn is_same_but_secrets(field: &Differing<'_>) -> bool {
    let names = by_name(items(field.old), items(field.new));
    let is_secret = |side: Option<Node<'_, '_>>, name: &String| {
        let volume =
            side.into_iter().flat_map(Node::items).find(|volume| text_under(volume.resolved(), "name") == name);
        volume.is_some_and(|volume| under(volume, "secret").is_some() || under(volume, "projected").is_some())
    };
    let of_old = names.removed.iter().chain(&names.changed).all(|name| is_secret(field.old, name));
    of_old && names.added.iter().chain(&names.changed).all(|name| is_secret(field.new, name))
}

/// The names of all secrets that a pod is given.
fn secrets<'a>(spec: Node<'a, 'a>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |name: &str| {
        if !name.is_empty() {
            found.insert(name.to_owned());
        }
    };
    for volume in list(Some(spec), "volumes") {
        add(under(volume, "secret").map_or("", |secret| text_under(secret, "secretName")));
        for source in list(under(volume, "projected"), "sources") {
            add(under(source, "secret").map_or("", |secret| text_under(secret, "name")));
        }
    }
    for container in list(Some(spec), "containers").chain(list(Some(spec), "initContainers")) {
        for variable in list(Some(container), "env") {
            let key = under(variable, "valueFrom").and_then(|from| under(from, "secretKeyRef"));
            add(key.map_or("", |key| text_under(key, "name")));
        }
        for source in list(Some(container), "envFrom") {
            add(under(source, "secretRef").map_or("", |secret| text_under(secret, "name")));
        }
    }
    found
}

/// The items below a key.
fn list<'a>(node: Option<Node<'a, 'a>>, key: &str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.and_then(|node| under(node, key)).into_iter().flat_map(Node::items).map(Node::resolved)
}

fn added_and_removed(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Names {
    Names {
        added: new.difference(old).cloned().collect(),
        removed: old.difference(new).cloned().collect(),
        changed: Vec::new(),
    }
}

fn containers(field: &Differing<'_>, has_secrets: bool, found: &mut Vec<Change>, others: &mut BTreeSet<String>) {
    let list = |side: Option<Node<'_, '_>>| side.map_or(0, |side| side.items().count());
    let (Some(old), Some(new)) = (field.old, field.new) else {
        others.insert("spec.containers".to_owned());
        return;
    };
    if list(field.old) != list(field.new) {
        others.insert("spec.containers".to_owned());
        return;
    }
    for (old, new) in old.items().zip(new.items()) {
        for field in differing(old, new) {
            match field.key {
                "args" => arguments(&texts(field.old), &texts(field.new), found, others),
                "command" => found.push(Change::Command(field.turn(texts))),
                "image" => found.push(Change::Image(field.turn(text))),
                "env" => match by_name(items(field.old), items(field.new)) {
                    // Only the order is another.
                    names if names.is_empty() => drop(others.insert("spec.containers.env".to_owned())),
                    names => found.push(Change::Environment(names)),
                },
                "resources" => push_names(by_name(leaves(field.old), leaves(field.new)), Change::Resources, found),
                "volumeMounts" if has_secrets => {}
                name => drop(others.insert(format!("spec.containers.{name}"))),
            }
        }
    }
}

/// The values of a mapping of mappings by both keys.
fn leaves<'a>(node: Option<Node<'a, 'a>>) -> Named<'a> {
    let mut found = Named::new();
    for (key, value) in entries(node) {
        if value.kind() == Kind::Mapping {
            found.extend(entries(Some(value)).into_iter().map(|(inner, value)| (format!("{key}.{inner}"), value)));
        } else {
            found.insert(key, value);
        }
    }
    found
}

const TARGET: &str = "--target=";

fn arguments(old: &[String], new: &[String], found: &mut Vec<Change>, others: &mut BTreeSet<String>) {
    let target = |arguments: &[String]| arguments.iter().find_map(|it| it.strip_prefix(TARGET)).map(str::to_owned);
    let (mut removed, mut added) = (without(old, new), without(new, old));
    if let (Some(from), Some(to)) = (target(old), target(new))
        && from != to
    {
        removed.retain(|argument| *argument != format!("{TARGET}{from}"));
        added.retain(|argument| *argument != format!("{TARGET}{to}"));
        found.push(Change::Target(Turn { from, to }));
    } else if removed.is_empty() && added.is_empty() {
        others.insert("spec.containers.args".to_owned());
    }
    push_names(Names { added, removed, changed: Vec::new() }, Change::Arguments, found);
}

/// What is left of a list when what is in another is taken out, once for each time that it is there.
fn without(list: &[String], taken: &[String]) -> Vec<String> {
    let mut left = list.to_vec();
    for text in taken {
        if let Some(at) = left.iter().position(|it| it == text) {
            left.remove(at);
        }
    }
    left
}
