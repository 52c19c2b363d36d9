//! Which jobs pj-rehearse can run for a change, by its rules.
//!
//! It looks at presubmits and periodics that are new, whose pod, cluster or agent is otherwise, that become required or run
//! always, or whose config or steps changed; and of those it takes what bears the label and is not hidden. The tests beside
//! hold what was read from the reference.

use super::change::{Change, Refusal, Rehearsal, Trigger};
use super::side::{Job, text_under};
use crate::model::identity::JobKind;

/// Whether it can run a job that is otherwise in this way.
pub fn rehearsal(job: Job<'_>, changes: &[Change], has_network: bool) -> Rehearsal {
    if changes.contains(&Change::Removed) {
        return Rehearsal::Refused(Refusal::Gone);
    }
    let is_pod = matches!(text_under(job.node, "agent"), "" | "kubernetes");
    if !changes.iter().any(|change| is_looked_at(change, job.kind, is_pod)) {
        return Rehearsal::Unneeded;
    }
    let refusals = [
        (job.kind == JobKind::Postsubmit, Refusal::Postsubmit),
        (text_under(job.node, "hidden") == "true", Refusal::Hidden),
        (!job.is_rehearsable(), Refusal::Unlabelled),
        (job.kind == JobKind::Presubmit && job.branches().is_empty(), Refusal::WithoutBranches),
        (has_network, Refusal::Network),
    ];
    let refusal = refusals.into_iter().find(|(applies, _)| *applies);
    refusal.map_or(Rehearsal::Possible, |(_, refusal)| Rehearsal::Refused(refusal))
}

fn is_looked_at(change: &Change, kind: JobKind, is_pod: bool) -> bool {
    match change {
        Change::Added | Change::Renamed(_) => true,
        Change::Optional(turn) => kind == JobKind::Presubmit && !turn.to,
        Change::Trigger(turn) => kind == JobKind::Presubmit && turn.to == Trigger::Always,
        Change::Cluster(_)
        | Change::Command(_)
        | Change::Target(_)
        | Change::Arguments(_)
        | Change::Image(_)
        | Change::Resources(_)
        | Change::Secrets(_)
        | Change::Environment(_)
        | Change::Commands(_)
        | Change::Test(_)
        | Change::Config(_)
        | Change::Steps(_) => is_pod,
        Change::Other(fields) => is_pod && fields.iter().any(|field| field == "agent" || is_within_spec(field)),
        Change::Removed
        | Change::Schedule(_)
        | Change::Branches(_)
        | Change::MaxConcurrency(_)
        | Change::Labels(_)
        | Change::Rehearsable(_) => false,
    }
}

fn is_within_spec(field: &str) -> bool {
    field == "spec" || field.starts_with("spec.")
}
