//! A change in words: what sort it is, and from what to what.

use crate::compare::change::{Change, Names, Running, Schedule, Start, Trigger, Turn};

/// Longer values are cut.
const LONGEST: usize = 120;

/// A word for the sort of a change, as in JSON.
pub fn kind(change: &Change) -> &'static str {
    match change {
        Change::Added(_) => "added",
        Change::Removed(_) => "removed",
        Change::Renamed(_) => "renamed",
        Change::Optional(_) => "optional",
        Change::Trigger(_) => "trigger",
        Change::Schedule(_) => "schedule",
        Change::Cluster(_) => "cluster",
        Change::Branches(_) => "branches",
        Change::MaxConcurrency(_) => "max_concurrency",
        Change::Command(_) => "command",
        Change::Target(_) => "target",
        Change::Arguments(_) => "arguments",
        Change::Image(_) => "image",
        Change::Resources(_) => "resources",
        Change::Secrets(_) => "secrets",
        Change::Environment(_) => "environment",
        Change::Labels(_) => "labels",
        Change::Rehearsable(_) => "rehearsable",
        Change::Commands(_) => "commands",
        Change::Test(_) => "test",
        Change::Config(_) => "config",
        Change::Steps(_) => "steps",
        Change::Other(_) => "other",
    }
}

/// A sort of change for people.
pub fn title(change: &Change) -> &'static str {
    match change {
        Change::Optional(Turn { to: true, .. }) => "now optional",
        Change::Optional(_) => "now required",
        Change::Rehearsable(Turn { to: true, .. }) => "may be rehearsed",
        Change::Rehearsable(_) => "not rehearsable",
        Change::MaxConcurrency(_) => "concurrency",
        Change::Trigger(_) => "runs",
        Change::Other(_) => "other fields",
        other => kind(other),
    }
}

/// From what to what; empty where the sort says it all. Values are given to `quote`, which makes them fit where they go.
pub fn said(change: &Change, arrow: &str, quote: &dyn Fn(&str) -> String) -> String {
    let turn = |from: &str, to: &str| format!("{} {arrow} {}", value(from, quote), value(to, quote));
    let turned = |turned: &Turn<Vec<String>>| turn(&turned.from.join(" "), &turned.to.join(" "));
    let listed = |names: &[String]| names.iter().map(|name| value(name, quote)).collect::<Vec<_>>().join(", ");
    match change {
        Change::Optional(_) | Change::Rehearsable(_) => String::new(),
        Change::Added(it) | Change::Removed(it) => running(it, quote),
        Change::Renamed(it) | Change::Cluster(it) | Change::Target(it) | Change::Image(it) | Change::Commands(it) => {
            turn(&it.from, &it.to)
        }
        Change::Trigger(it) => format!("{} {arrow} {}", trigger(&it.from, quote), trigger(&it.to, quote)),
        Change::Schedule(it) => format!("{} {arrow} {}", schedule(&it.from, quote), schedule(&it.to, quote)),
        Change::Branches(it) | Change::Command(it) => turned(it),
        Change::MaxConcurrency(it) => format!("{} {arrow} {}", limit(it.from), limit(it.to)),
        Change::Arguments(it)
        | Change::Resources(it)
        | Change::Secrets(it)
        | Change::Environment(it)
        | Change::Labels(it) => names(it, quote),
        Change::Test(it) | Change::Config(it) | Change::Steps(it) | Change::Other(it) => listed(it),
    }
}

/// How a job runs, in words: when, whether merges wait for it, and where.
fn running(Running { start, is_optional, cluster }: &Running, quote: &dyn Fn(&str) -> String) -> String {
    let mut told = vec![match start {
        Start::Trigger(it) => trigger(it, quote),
        Start::Schedule(it) => schedule(it, quote),
    }];
    told.extend(is_optional.map(|is_optional| if is_optional { "optional" } else { "required" }.to_owned()));
    if !cluster.is_empty() {
        told.push(format!("on {}", value(cluster, quote)));
    }
    told.join(", ")
}

fn limit(runs: i64) -> String {
    if runs == 0 { "no limit".to_owned() } else { runs.to_string() }
}

/// What sets off a job on pull requests or merges, in words.
fn trigger(trigger: &Trigger, quote: &dyn Fn(&str) -> String) -> String {
    match trigger {
        Trigger::Always => "always".to_owned(),
        Trigger::RunIfChanged(pattern) => format!("if changed {}", value(pattern, quote)),
        Trigger::SkipIfOnlyChanged(pattern) => format!("unless only changed {}", value(pattern, quote)),
        Trigger::BeforeMerge => "before merges".to_owned(),
        Trigger::OnRequest => "on request".to_owned(),
    }
}

/// What sets off a periodic, in words.
fn schedule(schedule: &Schedule, quote: &dyn Fn(&str) -> String) -> String {
    match schedule {
        Schedule::Cron(cron) => format!("cron {}", value(cron, quote)),
        Schedule::Interval(time) => format!("every {}", value(time, quote)),
        Schedule::MinimumInterval(time) => format!("{} after the last run", value(time, quote)),
        Schedule::None => "never".to_owned(),
    }
}

fn names(names: &Names, quote: &dyn Fn(&str) -> String) -> String {
    let signed = |sign: char, names: &[String]| -> Vec<String> {
        let one = |name: String| if name.starts_with('-') { format!("{sign} {name}") } else { format!("{sign}{name}") };
        names.iter().map(|name| one(value(name, quote))).collect()
    };
    let all = [signed('+', &names.added), signed('-', &names.removed), signed('~', &names.changed)];
    all.concat().join(", ")
}

/// A value that fits into a line: what would move the cursor, or end the line, is a space.
fn value(text: &str, quote: &dyn Fn(&str) -> String) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    quote(&shortened(text, LONGEST))
}

/// A message that fits into a line, and is not the only thing on a page.
pub fn cut(message: &str) -> String {
    const LONGEST_MESSAGE: usize = 500;
    shortened(message, LONGEST_MESSAGE)
}

fn shortened(text: &str, most: usize) -> String {
    let mut plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if let Some((at, _)) = plain.char_indices().nth(most) {
        plain.truncate(at);
        plain.push('…');
    }
    plain
}
