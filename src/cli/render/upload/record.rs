//! The record of a run: for audits as JSON, for people on one page. It never says what ConfigMaps hold.

use std::fmt::Write;

use serde_json::{Value, json};

use super::json::named;
use super::pages::Done;
use super::text::obstacle_line;
use super::{bytes, shown};
use crate::cli::render::summary::{count, seconds};
use crate::cli::terminal::Paint;
use crate::run::upload::{Entry, Outcome};
use crate::updater::ConfigMapId;
use crate::upload::map_plan::Basis;

/// The record as JSON.
pub fn json(done: &Done<'_>) -> String {
    let entries = done.record.entries.iter().map(|(id, entry)| {
        let mut page = named(id);
        let basis = |basis: &Option<Basis>| {
            basis.as_ref().map(|basis| json!({"uid": basis.uid, "resource_version": basis.version}))
        };
        let (word, why) = words(&entry.outcome);
        page["outcome"] = json!(word);
        page["error"] = if why.is_empty() { Value::Null } else { json!(why) };
        page["before"] = json!(basis(&entry.before));
        page["after"] = json!(basis(&entry.after));
        page["writes"] = json!(entry.writes);
        page["attempts"] = json!(entry.attempts);
        page["planned_again"] = json!(entry.planned_again);
        page["confirmed_by_read"] = json!(entry.was_confirmed_by_read);
        page["milliseconds"] = json!(u64::try_from(entry.took.as_millis()).unwrap_or(u64::MAX));
        if let Some(planned) = done.pages.maps.get(id) {
            page["keys"] = json!({"added": planned.added, "changed": planned.changed, "removed": planned.removed});
            page["bytes"] = json!({"before": planned.before.values, "after": planned.after.values});
        }
        page
    });
    let page = json!({
        "source": done.pages.source,
        "commit": done.pages.commit,
        "began": done.began,
        "milliseconds": u64::try_from(done.took.as_millis()).unwrap_or(u64::MAX),
        "status": done.record.status.code(),
        "config_maps_looked_at": done.pages.looked_at,
        "config_maps": entries.collect::<Vec<_>>(),
        "skipped_clusters": done.pages.skipped,
    });
    format!("{}\n", serde_json::to_string_pretty(&page).unwrap_or_default())
}

/// A word for how a ConfigMap ended, and why it is not done.
pub(super) fn words(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Done => ("done", String::new()),
        Outcome::Kept(why) => match &**why {
            Outcome::Pending => ("kept", "what goes is still there: the run ended before".to_owned()),
            why => ("kept", format!("what goes is still there: {}", words(why).1)),
        },
        Outcome::Held => ("held", "what goes stays, since it moves to a ConfigMap that was not written".to_owned()),
        Outcome::Pending => ("pending", "the run ended before".to_owned()),
        Outcome::Failed(failure) => ("failed", failure.to_string()),
        Outcome::Blocked(obstacles) => ("blocked", obstacles.iter().map(obstacle_line).collect::<Vec<_>>().join("; ")),
        Outcome::Contended => ("contended", "others change it all the time; run again".to_owned()),
    }
}

/// The record on one page.
pub fn summary(done: &Done<'_>, paint: Paint) -> String {
    let entries = &done.record.entries;
    let is_done = |entry: &&Entry| matches!(entry.outcome, Outcome::Done);
    let through = entries.values().filter(is_done).count();
    let writes: u32 = entries.values().map(|entry| entry.writes).sum();
    let mut page = String::new();
    for (id, entry) in entries.iter().filter(|(_, entry)| matches!(entry.outcome, Outcome::Done)) {
        done_line(&mut page, done, id, entry, paint);
    }
    for (id, entry) in entries.iter().filter(|(_, entry)| !matches!(entry.outcome, Outcome::Done)) {
        let (word, why) = words(&entry.outcome);
        let _ = writeln!(page, "! {} {word}: {why}", paint.strong(&shown(id)));
    }
    let took = seconds(done.took);
    let unchanged = done.pages.looked_at.saturating_sub(entries.len());
    if !done.pages.skipped.is_empty() {
        let _ =
            writeln!(page, "! left out, since no kubeconfig has a context for it: {}", done.pages.skipped.join(", "));
    }
    let _ = match entries.is_empty() {
        true => writeln!(page, "{} in sync, nothing written in {took}", count(unchanged, "ConfigMap")),
        false => writeln!(
            page,
            "{through} of {} done with {} in {took}, {unchanged} in sync before{}",
            count(entries.len(), "ConfigMap"),
            count(writes as usize, "write"),
            if through == entries.len() { "" } else { "; run again to finish" },
        ),
    };
    page
}

fn done_line(page: &mut String, done: &Done<'_>, id: &ConfigMapId, entry: &Entry, paint: Paint) {
    let Some(planned) = done.pages.maps.get(id) else { return };
    let sign = if entry.before.is_some() { '~' } else { '+' };
    let parts: Vec<String> = [("added", &planned.added), ("changed", &planned.changed), ("removed", &planned.removed)]
        .into_iter()
        .filter(|(_, keys)| !keys.is_empty())
        .map(|(what, keys)| format!("{} {what}", count(keys.len(), "key")))
        .collect();
    let again = match (entry.planned_again, entry.was_confirmed_by_read) {
        (_, true) => ", confirmed by reading".to_owned(),
        (0, false) => String::new(),
        (times, false) => format!(", planned again {}", count(times as usize, "time")),
    };
    let sizes = format!("{} -> {}", bytes(planned.before.values), bytes(planned.after.values));
    let _ = writeln!(page, "{sign} {}: {} ({sizes}{again})", paint.strong(&shown(id)), parts.join(", "));
}
