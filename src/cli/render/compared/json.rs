//! What a change means in jobs, for programs. The form is described in `docs/diff.md`; fields are added to it and never change.

use serde_json::{Value, json};

use super::{Report, words};
use crate::cli::render::json::finding;
use crate::compare::change::{Change, ChangedJob, Names, Refusal, Rehearsal, Running, Schedule, Start, Trigger, Turn};
use crate::run::diff::Affected;

/// The number of the form.
const FORM: u32 = 1;

/// The whole document.
pub fn document(report: &Report<'_>) -> String {
    let diffed = report.diffed;
    let counts = diffed.comparison.counts();
    let document = json!({
        "form": FORM,
        "base": { "revision": report.base.revision, "commit": report.base.commit },
        "generated": report.generates,
        "counts": {
            "jobs": diffed.comparison.jobs.len(),
            "added": counts.added,
            "removed": counts.removed,
            "renamed": counts.renamed,
            "changed": counts.changed,
            "rehearsable": counts.rehearsable,
        },
        "jobs": diffed.comparison.jobs.iter().map(job).collect::<Vec<_>>(),
        "affected": diffed.affected.iter().map(affected).collect::<Vec<_>>(),
        "stale": diffed.stale,
        "notes": diffed.comparison.notes.iter().map(|note| json!({ "file": note.file, "message": note.message }))
            .collect::<Vec<_>>(),
        "errors": diffed.errors.iter().map(finding).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn affected(affected: &Affected) -> Value {
    json!({
        "repository": affected.repository,
        "branches": affected.branches,
        "owners": affected.approvers.as_ref().map(|owners| json!({ "file": owners.file, "approvers": owners.names })),
    })
}

fn job(changed: &ChangedJob) -> Value {
    let job = &changed.job;
    json!({
        "name": job.name,
        "kind": job.kind.name(),
        "repository": job.repository,
        "branch": job.branch,
        "file": job.file,
        "changes": changed.changes.iter().map(change).collect::<Vec<_>>(),
        "rehearsal": rehearsal(changed.rehearsal),
    })
}

/// Whether a job can be rehearsed, in a word.
fn rehearsal(rehearsal: Rehearsal) -> &'static str {
    match rehearsal {
        Rehearsal::Possible => "possible",
        Rehearsal::Unneeded => "unneeded",
        Rehearsal::Refused(Refusal::Gone) => "gone",
        Rehearsal::Refused(Refusal::Postsubmit) => "postsubmit",
        Rehearsal::Refused(Refusal::Hidden) => "hidden",
        Rehearsal::Refused(Refusal::Unlabelled) => "unlabelled",
        Rehearsal::Refused(Refusal::WithoutBranches) => "without-branches",
        Rehearsal::Refused(Refusal::WithoutConfig) => "without-config",
        Rehearsal::Refused(Refusal::Network) => "network",
    }
}

fn change(change: &Change) -> Value {
    let kind = words::kind(change);
    match change {
        Change::Added(it) | Change::Removed(it) => running(kind, it),
        Change::Renamed(it) | Change::Cluster(it) | Change::Target(it) | Change::Image(it) | Change::Commands(it) => {
            turn(kind, it, |text| json!(text))
        }
        Change::Optional(it) | Change::Rehearsable(it) => turn(kind, it, |is| json!(is)),
        Change::Trigger(it) => turn(kind, it, trigger),
        Change::Schedule(it) => turn(kind, it, schedule),
        Change::Branches(it) | Change::Command(it) => turn(kind, it, |list| json!(list)),
        Change::MaxConcurrency(it) => turn(kind, it, |number| json!(number)),
        Change::Arguments(it)
        | Change::Resources(it)
        | Change::Secrets(it)
        | Change::Environment(it)
        | Change::Labels(it) => names(kind, it),
        Change::Test(it) | Change::Config(it) | Change::Steps(it) | Change::Other(it) => {
            json!({ "kind": kind, "names": it })
        }
    }
}

fn running(kind: &str, Running { start, is_optional, cluster }: &Running) -> Value {
    let mut told = json!({ "kind": kind, "cluster": cluster });
    match start {
        Start::Trigger(it) => told["trigger"] = trigger(it),
        Start::Schedule(it) => told["schedule"] = schedule(it),
    }
    if let Some(is_optional) = is_optional {
        told["optional"] = json!(is_optional);
    }
    told
}

fn turn<T>(kind: &str, turn: &Turn<T>, value: impl Fn(&T) -> Value) -> Value {
    json!({ "kind": kind, "from": value(&turn.from), "to": value(&turn.to) })
}

fn names(kind: &str, names: &Names) -> Value {
    json!({ "kind": kind, "added": names.added, "removed": names.removed, "changed": names.changed })
}

fn trigger(trigger: &Trigger) -> Value {
    match trigger {
        Trigger::Always => json!({ "on": "always" }),
        Trigger::RunIfChanged(pattern) => json!({ "on": "run_if_changed", "pattern": pattern }),
        Trigger::SkipIfOnlyChanged(pattern) => json!({ "on": "skip_if_only_changed", "pattern": pattern }),
        Trigger::BeforeMerge => json!({ "on": "run_before_merge" }),
        Trigger::OnRequest => json!({ "on": "request" }),
    }
}

fn schedule(schedule: &Schedule) -> Value {
    match schedule {
        Schedule::Cron(cron) => json!({ "cron": cron }),
        Schedule::Interval(time) => json!({ "interval": time }),
        Schedule::MinimumInterval(time) => json!({ "minimum_interval": time }),
        Schedule::None => Value::Null,
    }
}
