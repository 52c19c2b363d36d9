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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::change::Turn;
    use crate::compare::side::jobs;
    use crate::yaml::parse::parse;

    /// What is said of the first job of a text that is otherwise in this way.
    fn said(text: &str, change: Change, has_network: bool) -> Rehearsal {
        let tree = parse(text).unwrap();
        let jobs = jobs("f.yaml", &tree);
        rehearsal(jobs[0], &[change], has_network)
    }

    const PRESUBMIT: &str = "presubmits:\n  o/r:\n  - branches: [main]\n    labels:\n      \
        pj-rehearse.openshift.io/can-be-rehearsed: \"true\"\n    name: a\n";

    fn cluster() -> Change {
        Change::Cluster(Turn { from: "a".into(), to: "b".into() })
    }

    #[test]
    fn only_what_may_break_the_job_is_rehearsed() {
        let optional = |to: bool| Change::Optional(Turn { from: !to, to });
        let trigger = |from, to| Change::Trigger(Turn { from, to });
        for (change, expected) in [
            (Change::Added, Rehearsal::Possible),
            (cluster(), Rehearsal::Possible),
            (Change::Config(vec!["images".into()]), Rehearsal::Possible),
            (Change::Other(vec!["spec.serviceAccountName".into()]), Rehearsal::Possible),
            (optional(false), Rehearsal::Possible),
            (optional(true), Rehearsal::Unneeded),
            (trigger(Trigger::OnRequest, Trigger::Always), Rehearsal::Possible),
            (trigger(Trigger::Always, Trigger::OnRequest), Rehearsal::Unneeded),
            (Change::MaxConcurrency(Turn { from: 1, to: 2 }), Rehearsal::Unneeded),
            (Change::Other(vec!["annotations".into()]), Rehearsal::Unneeded),
            (Change::Removed, Rehearsal::Refused(Refusal::Gone)),
        ] {
            assert_eq!(said(PRESUBMIT, change.clone(), false), expected, "{change:?}");
        }
    }

    #[test]
    fn jobs_that_are_not_to_be_rehearsed_are_not() {
        for (text, expected) in [
            (PRESUBMIT.replace("\"true\"", "\"yes\""), Refusal::Unlabelled),
            (PRESUBMIT.replace("    name", "    hidden: true\n    name"), Refusal::Hidden),
            (PRESUBMIT.replace("branches: [main]", "optional: true"), Refusal::WithoutBranches),
            (PRESUBMIT.replace("presubmits", "postsubmits"), Refusal::Postsubmit),
        ] {
            assert_eq!(said(&text, cluster(), false), Rehearsal::Refused(expected));
        }
        assert_eq!(said(PRESUBMIT, cluster(), true), Rehearsal::Refused(Refusal::Network));
        let jenkins = PRESUBMIT.replace("    name", "    agent: jenkins\n    name");
        assert_eq!(said(&jenkins, cluster(), false), Rehearsal::Unneeded);
        let periodic = "periodics:\n- labels: {pj-rehearse.openshift.io/can-be-rehearsed: \"true\"}\n  name: a\n";
        assert_eq!(said(periodic, cluster(), false), Rehearsal::Possible, "a periodic needs no branches");
    }
}
